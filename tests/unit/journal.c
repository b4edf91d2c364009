/*
 * Journal entries: format/journal.c through JSON and the export format.
 */
#include "rows.h"

extern const struct ir_format ir_format_journal_export;

#define HEAD "__REALTIME_TIMESTAMP=1795309323123456\n_BOOT_ID=0a\n_HOSTNAME=web\n"

static void test_json(void)
{
    struct lines t;
    lines_open(&t, "json", 1795400000);
    gives(
        &t,
        IR_S("{\"__REALTIME_TIMESTAMP\":\"1795309323123456\",\"_HOSTNAME\":\"web\",\"_PID\":\"7\","
             "\"SYSLOG_IDENTIFIER\":\"sshd\",\"_COMM\":\"sshd\",\"_UID\":\"0\",\"PRIORITY\":\"6\","
             "\"SYSLOG_FACILITY\":\"10\","
             "\"MESSAGE\":\"Failed password for bob from 192.0.2.7 port 4711 ssh2\"}"),
        "time=2026-11-22T01:02:03.123456Z|host.name=web|process.name=sshd|process.pid=7|"
        "user.name=bob|source.ip=192.0.2.7|source.port=4711|event.outcome=failure|"
        "log.syslog.severity.name=info|log.syslog.facility.name=authpriv|user.id=-");
    ok(has_source(&t, IR_LS_LINUX_SSHD) && has_source(&t, IR_LS_LINUX_AUTH), "sshd's log source");
    gives(&t,
          IR_S("{\"_BOOT_ID\":\"0a\",\"__REALTIME_TIMESTAMP\":\"1795309323000000\",\"_COMM\":\"x\","
               "\"_UID\":\"1000\",\"MESSAGE\":[104,105, 27,91,109,10]}"),
          "message=hi\033[m|process.name=x|user.id=1000|time=2026-11-22T01:02:03Z");
    gives(&t, IR_S("{\"MESSAGE\":[22,80],\"n\":1}"), "message=-|MESSAGE=22");
    gives(&t, IR_S("{\"_BOOT_ID\":\"a\",\"MESSAGE\":[1,256]}"), "process.name=-");
    gives(&t, IR_S("{\"_BOOT_ID\":\"a\",\"MESSAGE\":null,\"__REALTIME_TIMESTAMP\":\"1\"}"),
          "message=");
    gives(&t,
          IR_S("{\"_BOOT_ID\":\"a\",\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"sudo\","
               "\"MESSAGE\":\"  bob : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/\\u0073h\"}"),
          "user.name=bob|user.effective.name=root");
    ok(has_source(&t, IR_LS_LINUX_SUDO), "sudo's log source");
    /* a program says what it likes, but only the journal sets a time */
    gives(&t, IR_S("{\"MESSAGE\":\"sshd\",\"SYSLOG_IDENTIFIER\":\"sshd\"}"), "process.name=-");
    prefixes(&t, IR_S("{\"_BOOT_ID\":\"0a\",\"_COMM\":\"x\",\"MESSAGE\":[104,105]}"));
    lines_close(&t);
}

/* Who connected stands in an earlier record, whose decoded text is gone by then. */
static void test_peers(void)
{
    struct lines t;
    struct ir_peers peers = {0};
    lines_open(&t, "json", 1795400000);
    t.parser.peers = &peers;
    line(&t, "{\"_HOSTNAME\":\"web\",\"__REALTIME_TIMESTAMP\":\"1795309323000000\",\"SYSLOG_"
             "IDENTIFIER\":"
             "\"sshd\",\"_PID\":\"7\",\"MESSAGE\":\"Connection from 192.0.2.1 port 4711 on "
             "192.0.2.2 port 22 rdomain \\\"\\\"\"}");
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "a connection");
    line(&t,
         "{\"_HOSTNAME\":\"web\",\"__REALTIME_TIMESTAMP\":\"1795309324000000\",\"SYSLOG_"
         "IDENTIFIER\":"
         "\"sshd\",\"_PID\":\"7\",\"MESSAGE\":\"error: kex_exchange_identification: client sent "
         "invalid protocol identifier \\\"GET / HTTP/1.0\\\"\"}");
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "its address where the line has none");
    is_str(field(&t, IR_F_SOURCE_PORT), "4711", "and its port");
    memset(&peers, 'x', sizeof peers);
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "which the event keeps");
    lines_close(&t);
}

static void test_export(void)
{
    static const char last[] = HEAD "SYSLOG_IDENTIFIER=sshd\n_PID=5\nMESSAGE\n\x3\0\0\0\0\0\0\0one";
    static const char binary[] = HEAD "SYSLOG_IDENTIFIER=sshd\nMESSAGE\n"
                                      "\x10\0\0\0\0\0\0\0one\n\nMESSAGE=two\n_PID=5\n";
    struct lines t;
    lines_open(&t, "journal_export", 1795400000);
    gives(&t,
          IR_S(HEAD "SYSLOG_IDENTIFIER=sshd\n_PID=7\n"
                    "MESSAGE=Accepted publickey for bob from 2001:db8::7 port 4711 ssh2: x"),
          "time=2026-11-22T01:02:03.123456Z|host.name=web|process.name=sshd|user.name=bob|"
          "source.ip=2001:db8::7|event.outcome=success");
    struct ir_str rec = ir_str_n(binary, sizeof binary - 2);
    gives(&t, rec, "message=one\n\nMESSAGE=two|process.pid=5");
    is_int(documents(&ir_format_journal_export, IR_S("A=1\nB=2\n\nA=1\n\n\nA=3\n")), 3, "entries");
    is_int(documents(&ir_format_journal_export, ir_str_n(binary, sizeof binary - 1)), 1,
           "a blank line inside a value ends no entry");
    gives(&t, ir_str_n(last, sizeof last - 1), "message=one|process.pid=5");
    ok(!(t.ev->flags & IR_EV_DAMAGED), "a binary value may be the last");
    static const char huge[] = "A\n\xff\xff\xff\xff\xff\0\0\0x\n\nB=1\n\nC=2\n";
    is_int(documents(&ir_format_journal_export, ir_str_n(huge, sizeof huge - 1)), 3,
           "a huge length swallows nothing");
    gives(&t, IR_S(HEAD "not a field\nMESSAGE=x"), "message=x");
    ok(t.ev->flags & IR_EV_DAMAGED, "a broken line is told");
    refuses(&t, IR_S("A=1\nB=2"));
    refuses(&t, IR_S(""));
    prefixes(&t, rec);
    is_int(ir_format_journal_export.bid(rec), 95, "bid");
    is_int(ir_format_journal_export.bid(IR_S("A=1\nB=2\n")), 0, "no bid for other assignments");
    lines_close(&t);
}

int main(void)
{
    test_json();
    test_peers();
    test_export();
    return done();
}
