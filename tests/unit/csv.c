/*
 * The formats csv, logfmt and kv: records and cells, times of spreadsheets, fields by common names;
 * and quotes and sentences that look like more.
 */
#include "device_test.h"

#include "format/csv.h"

/* The records of a text, '/' between them; line ends inside as '~'. Cut in any two parts they are
 * the same. */
static void records(const char *text, const char *want)
{
    const struct ir_format *f = &ir_format_csv;
    struct ir_str all = ir_str_z(text);
    for (size_t at = 0; at <= all.n; at++) {
        char got[512] = "";
        size_t n = 0, done = f->cut(ir_str_head(all, at), false);
        struct ir_str rec, part = ir_str_head(all, done);
        for (int half = 0; half < 2; half++, part = ir_str_skip(all, done))
            while (f->next(&part, &rec))
                n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", n ? "/" : "", IR_FMT(rec));
        for (size_t i = 0; i < n; i++)
            if (got[i] == '\n') got[i] = '~';
        if (strcmp(got, want) != 0 || at == all.n)
            is_str(ir_str_z(got), want, "cut at %zu: %s", at, text);
    }
    is_int((long long)f->cut(all, true), (long long)all.n, "the last part is cut whole");
}

static void test_records(void)
{
    records("a,b\n1,2\n", "a,b/1,2");
    records("a,b\r\n1,2", "a,b/1,2");
    records("a,b\n\"x\ny\",2\n3,4\n", "a,b/\"x~y\",2/3,4");
    records("a;\"x;\"\"\n\"\"y\";c\nd\n", "a;\"x;\"\"~\"\"y\";c/d");
    records("a,b\n5\",2\n3,\"4\n5,6\n", "a,b/5\",2/3,\"4/5,6");
    records("a,\"b\" c\nd,e\n", "a,\"b\" c/d,e");
}

static void timed(const char *text, const char *want)
{
    char buf[IR_TIME_TEXT];
    struct ir_clock clock = {.anchor = INT64_C(1795309300000000000)};
    ir_event_begin(t.ev, ir_str_z(text), 0, 1);
    ir_csv_time(t.ev, ir_str_z(text), &clock);
    is_str(ir_str_z(when(&t, buf)), want, "%s", text);
}

static void test_times(void)
{
    timed("2026-11-22T10:02:03+09:00", "2026-11-22T01:02:03Z");
    timed("2026/11/22 1:02", "2026-11-22T01:02:00Z");
    timed("2026/1/2 1:02:03.5", "2026-01-02T01:02:03.500Z");
    timed("11/22/2026 12:02:03 AM", "2026-11-22T00:02:03Z");
    timed("3/4/2026 1:02:03 PM", "2026-03-04T13:02:03Z");
    timed("22.11.2026 01:02:03", "2026-11-22T01:02:03Z");
    timed("22/11/2026 01:02", "2026-11-22T01:02:00Z");
    timed("03/04/2026 01:02", "-");
    timed("2026/02/30 01:02", "-");
    timed("1795309323", "2026-11-22T01:02:03Z");
    timed("words", "-");
    timed("1/2", "-");
}

static void header(const char *text)
{
    ir_parser_close(&t.parser);
    ir_parser_open(&t.parser, &ir_format_csv, t.names);
    gives(text, "csv_header|-|-|-|-|-");
}

/* Exports of Synology's Log Center: the sentence knows the user better than the column does. */
static void test_synology(void)
{
    header("Level,Log,Time,User,Event");
    gives("Warning,Connection,2026/11/22 01:02:03,SYSTEM,User [bob] from [192.0.2.7] failed to log "
          "in via [DSM] due to authorization failure.",
          "user_login|failure|bob|192.0.2.7|-|2026-11-22T01:02:03Z");
    ok(has_source(&t, IR_LS_SYNOLOGY_DSM) && has_source(&t, IR_LS_AUTHENTICATION), "log sources");
    gives("Info,System,2026/11/22 01:02:03,SYSTEM,Local UPS was plugged in.",
          "-|-|SYSTEM|-|-|2026-11-22T01:02:03Z");
    header("Log\tTime\tIP address\tUser\tEvent\tFile/Folder\tFile size\tFile name");
    gives("Windows file service\t2026/11/22 01:02:03\t192.0.2.7\tbob\tdelete\tFile\t1 KB\t/a/b.txt",
          "file_delete|-|bob|192.0.2.7|-|2026-11-22T01:02:03Z");
    ok(has_source(&t, IR_LS_SYNOLOGY_DSM), "log source");
    header("レベル,ログ,時間,ユーザー,イベント");
    gives("情報,接続,2026/11/22 01:02:03,bob,文", "-|-|bob|-|-|2026-11-22T01:02:03Z");
    header("日時,ユーザー名,送信元IPアドレス,結果");
    gives("2026/11/22 01:02:03,山田,192.0.2.7,失敗", "-|-|山田|192.0.2.7|-|2026-11-22T01:02:03Z");
    header("Time,User,Event");
    gives("2026/11/22 01:02:03,bob,User [x] from [192.0.2.7] logged in successfully via [DSM].",
          "-|-|bob|-|-|2026-11-22T01:02:03Z");
}

static void test_fields(void)
{
    ir_parser_close(&t.parser);
    ir_parser_open(&t.parser, &ir_format_csv, t.names);
    gives("Date,Time,User Name,Source IP,Destination IP,Action,Result,Note",
          "csv_header|-|-|-|-|-");
    gives("2026/11/22,10:02:03,\"bob, x\",192.0.2.7,198.51.100.2,deny,failed,\"say \"\"hi\"\"\"",
          "block|failure|bob, x|192.0.2.7|true|2026-11-22T10:02:03Z");
    is_str(field_named(&t, "Note"), "say \"hi\"", "doubled quotes");
    is_str(field_named(&t, "Source IP"), "192.0.2.7", "the column's own name");
    gives("x,y,z,words,-,,,", "-|-|z|-|-|-");
    is_str(field(&t, IR_F_SOURCE_ADDRESS), "words", "what is no address");
    gives("2026/11/22,10:02:03,bob", "-|-|bob|-|-|2026-11-22T10:02:03Z");
    ok(t.ev->flags & IR_EV_DAMAGED, "cells are missing");
    ok(ir_format_csv.bid(IR_S("time,a,b\n2026-11-22 10:02:03,1,2\n")) >= 70, "a bid");
    is_int(ir_format_csv.bid(IR_S("Well, yes\nI said, no\nbut, perhaps\n")), 0, "prose");
    is_int(ir_format_csv.bid(IR_S("1,2,3\n4,5,6\n")), 0, "no header");
}

static void use(const char *format)
{
    ir_parser_close(&t.parser);
    ir_parser_open(&t.parser, ir_format_by_name(ir_str_z(format)), t.names);
    t.parser.clock.anchor = INT64_C(1795309300000000000);
}

static void took(const char *text, const char *want)
{
    line(&t, text);
    is_str(ir_str_z(t.took->name), want, "who takes %s", text);
}

static void test_pairs(void)
{
    use("logfmt");
    gives("time=2026-11-22T10:02:03Z level=info msg=\"user=root remote_ip=10.0.0.1\" user=bob "
          "remote_ip=192.0.2.7 outcome=success",
          "-|success|bob|192.0.2.7|-|2026-11-22T10:02:03Z");
    took("time=2026-11-22T10:02:03Z level=info failed for user=root ip=10.0.0.1", "text");
    prefixes("ts=1795309323.5 level=warn msg=\"a b\" user=bob ip=192.0.2.7 url=/a%20b");
    use("kv");
    gives(
        "2026-11-22 10:02:03 fw1 action=deny src=192.0.2.7 dst=198.51.100.2 dport=22 user=\"x y\"",
        "block|-|x y|192.0.2.7|true|2026-11-22T10:02:03Z");
    gives("2026-11-22 10:02:03|user=a b|client-ip=192.0.2.7|result=failed",
          "-|failure|a b|192.0.2.7|-|2026-11-22T10:02:03Z");
    gives("time=1795309323, user=bob, ip=192.0.2.7", "-|-|bob|192.0.2.7|-|2026-11-22T01:02:03Z");
    took("2026-11-22 10:02:03 ERROR no route for user=bob ip=192.0.2.7 x=1", "text");
    took("2026-11-22 10:02:03 INFO user=bob ip=192.0.2.7 x=1 logged in", "text");
    prefixes("[2026-11-22 10:02:03] a b user=bob|ip=192.0.2.7|x=\"y|z\"");
    use("syslog");
    gives("Nov 22 10:02:03 web myapp[7]: user=bob client_ip=192.0.2.7 took=5ms",
          "-|-|bob|192.0.2.7|-|2026-11-22T10:02:03Z");
    gives("Nov 22 10:02:03 web myapp[7]: hello user=bob client_ip=192.0.2.7 took=5ms",
          "-|-|-|-|-|2026-11-22T10:02:03Z");
}

int main(void)
{
    lines_open(&t, "csv", 1795309300);
    test_records();
    test_times();
    test_fields();
    test_synology();
    test_pairs();
    lines_close(&t);
    return done();
}
