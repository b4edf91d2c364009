/*
 * The head of syslog lines in all their shapes: time, host, tag, pid, message, PRI, structured
 * data; and that `stamp` accepts what `parse` accepts.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1763812800) /* 2025-11-22T12:00:00Z */

static struct lines t;

static void head(const char *text, const char *time, const char *host, const char *tag,
                 const char *pid, const char *msg)
{
    char buf[IR_TIME_TEXT];
    line(&t, text);
    is_str(ir_str_z(t.took->name), "syslog", "format of '%s'", text);
    is_str(ir_str_z(when(&t, buf)), time, "time of '%s'", text);
    is_str(field(&t, IR_F_HOST_NAME), host, "host of '%s'", text);
    is_str(field(&t, IR_F_PROCESS_NAME), tag, "tag of '%s'", text);
    is_str(field(&t, IR_F_PROCESS_PID), pid, "pid of '%s'", text);
    is_str(field(&t, IR_F_MESSAGE), msg, "message of '%s'", text);
}

static void test_rfc3164(void)
{
    const char *at = "2025-11-02T01:02:03Z";
    head("Nov  2 01:02:03 web sshd[7]: a: b", at, "web", "sshd", "7", "a: b");
    head("Nov 2 01:02:03 web cron: x", at, "web", "cron", NULL, "x");
    head("Nov  2 01:02:03 2024 web cron: x", "2024-11-02T01:02:03Z", "web", "cron", NULL, "x");
    head("2024 Nov  2 01:02:03 web cron: x", "2024-11-02T01:02:03Z", "web", "cron", NULL, "x");
    head("Nov  2 01:02:03.250 web cron: x", "2025-11-02T01:02:03.250Z", "web", "cron", NULL, "x");
    head("Nov  2 01:02:03 [sshd]: hello", at, NULL, "sshd", NULL, "hello");
    head("Nov  2 01:02:03 [sshd] hello", at, NULL, "sshd", NULL, "hello");
    head("Nov  2 01:02:03 sshd[7]: hello", at, NULL, "sshd", "7", "hello");
    head("Nov  2 01:02:03 kernel: hello", at, NULL, "kernel", NULL, "hello");
    head("Nov  2 01:02:03 fe80::1 su: hello", at, "fe80::1", "su", NULL, "hello");
    head("Nov  2 01:02:03 fe80:: su: hello", at, "fe80::", "su", NULL, "hello");
    head("Nov  2 01:02:03 web su(pam_unix)[7]: x", at, "web", "su(pam_unix)", "7", "x");
    head("Nov  2 01:02:03 web rsyslogd 8.2.1: x", at, "web", "rsyslogd 8.2.1", NULL, "x");
    head("Nov  2 01:02:03 web  -- admin[7]: x", at, "web", "-- admin", "7", "x");
    head("Nov  2 01:02:03 web postfix/smtpd[7]: x", at, "web", "postfix/smtpd", "7", "x");
    head("Nov  2 01:02:03 web wpa[wlan0]: x", at, "web", "wpa[wlan0]", NULL, "x");
    head("Nov  2 01:02:03 mac xpc.launchd[1] (a.b[9]): x", at, "mac", "xpc.launchd", "1", "x");
    head("Nov  2 01:02:03 web last message repeated 2 times", at, "web", NULL, NULL,
         "last message repeated 2 times");
    head("Nov  2 01:02:03 web a b from ::1: no tag", at, "web", NULL, NULL, "a b from ::1: no tag");
    head("Nov  2 01:02:03 web su:", at, "web", "su", NULL, "");
    head("Nov  2 01:02:03 web", at, "web", NULL, NULL, "");
    head("Nov  2 01:02:03 web web nginx: x", at, "web", "nginx", NULL, "x");
    head("Nov  2 01:02:03 web web.example.org nginx: x", at, "web", "nginx", NULL, "x");
    head("Nov  2 01:02:03 web web2 nginx: x", at, "web", NULL, NULL, "web2 nginx: x");
    head("Nov  2 01:02:03 - app[7] x", at, NULL, "app", "7", "x");
    head("\xef\xbb\xbfNov  2 01:02:03 web su: x", at, "web", "su", NULL, "x");
    head("Nov  2 01:02:03 web kernel: [ 12.345678] x", at, "web", "kernel", NULL, "[ 12.345678] x");
}

static void test_other_stamps(void)
{
    head("2025-11-02T01:02:03.5+09:00 web su[7]: x", "2025-11-01T16:02:03.500Z", "web", "su", "7",
         "x");
    head("2025-11-02T01:02:03+0900 web su: x", "2025-11-01T16:02:03Z", "web", "su", NULL, "x");
    head("2025-11-02T01:02:03Z web web nginx: x", "2025-11-02T01:02:03Z", "web", "nginx", NULL,
         "x");
    head("2025-11-02T01:02:03Z - app[7] x: y", "2025-11-02T01:02:03Z", NULL, "app", "7", "x: y");
    head("2025-11-02T01:02:03Z su[7]: x", "2025-11-02T01:02:03Z", NULL, "su", "7", "x");
    head("Sun 2025-11-02 01:02:03 JST web su[7]: x", "2025-11-01T16:02:03Z", "web", "su", "7", "x");
    ok(t.ev->flags & IR_EV_ZONE_KNOWN, "JST is a known zone");
    head("Sun 2025-11-02 01:02:03 XYZT web su[7]: x", "2025-11-02T01:02:03Z", "web", "su", "7",
         "x");
    ok(!(t.ev->flags & IR_EV_ZONE_KNOWN), "XYZT is none");
    head("Sun 2025-11-02 01:02:03 -03 web su[7]: x", "2025-11-02T04:02:03Z", "web", "su", "7", "x");
    head("web sshd[7]: x", "-", "web", "sshd", "7", "x");
    head("sshd[7]: x", "-", NULL, "sshd", "7", "x");
    head("[   12.345678] usb 1-1: x", "-", NULL, "kernel", NULL, "[   12.345678] usb 1-1: x");
    head("Sun Nov  2 01:02:03 2025 [pid 7] CONNECT: Client \"192.0.2.1\"", "2025-11-02T01:02:03Z",
         NULL, "vsftpd", "7", "CONNECT: Client \"192.0.2.1\"");
}

static void test_pri_and_solaris(void)
{
    head("<38>Nov  2 01:02:03 web su: x", "2025-11-02T01:02:03Z", "web", "su", NULL, "x");
    is_str(field(&t, IR_F_LOG_PRIORITY), "38", "PRI");
    is_str(field(&t, IR_F_LOG_FACILITY), "auth", "facility of 38");
    is_str(field(&t, IR_F_LOG_SEVERITY), "info", "severity of 38");
    ok(has_source(&t, IR_LS_LINUX_AUTH), "facility auth is linux/auth");
    line(&t, "<30>Nov  2 01:02:03 web sshd[1]: x");
    ok(!has_source(&t, IR_LS_LINUX_AUTH), "facility daemon is not");
    ok(has_source(&t, IR_LS_LINUX_SSHD), "but sshd is sshd");
    line(&t, "<192>Nov  2 01:02:03 web su: x");
    ok(field(&t, IR_F_LOG_PRIORITY).p == NULL, "192 is no PRI");
    head("Nov  2 01:02:03 web su: [ID 12345 auth.notice] x", "2025-11-02T01:02:03Z", "web", "su",
         NULL, "x");
    is_str(field(&t, IR_F_LOG_MSGID), "12345", "Solaris number");
    is_str(field(&t, IR_F_LOG_SEVERITY), "notice", "Solaris severity");
}

static void test_busybox(void)
{
    const char *at = "2025-11-20T10:00:01Z";
    head("Nov 20 10:00:01 alpine auth.info sshd[2233]: Accepted password for root from 192.0.2.9 "
         "port 50000 ssh2",
         at, "alpine", "sshd", "2233", "Accepted password for root from 192.0.2.9 port 50000 ssh2");
    is_str(field(&t, IR_F_LOG_FACILITY), "auth", "facility");
    is_str(field(&t, IR_F_LOG_SEVERITY), "info", "severity");
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.9", "sshd's client");
    ok(has_source(&t, IR_LS_LINUX_SSHD) && has_source(&t, IR_LS_LINUX_AUTH), "sshd and auth");
    ok(t.ev->verbatim || ir_format_must_parse(ir_format_by_name(IR_S("syslog")), t.ev->raw),
       "the names are bytes of the record");
    head("Nov 20 10:00:01 alpine local7.panic  su: x", at, "alpine", "su", NULL, "x");
    is_str(field(&t, IR_F_LOG_SEVERITY), "panic", "last of the names");
    head("Nov 20 10:00:01 alpine daemon.warn x y", at, "alpine", NULL, NULL, "x y");
    is_str(field(&t, IR_F_LOG_FACILITY), "daemon", "a line without tag");
    head("Nov 20 10:00:01 alpine auth.info: text", at, "alpine", "auth.info", NULL, "text");
    ok(field(&t, IR_F_LOG_FACILITY).p == NULL, "a tag of that name");
    head("Nov 20 10:00:01 alpine auth.info[1]: text", at, "alpine", "auth.info", "1", "text");
    ok(field(&t, IR_F_LOG_FACILITY).p == NULL, "a tag with pid");
    head("<30>Nov 20 10:00:01 alpine auth.info su: x", at, "alpine", NULL, NULL, "auth.info su: x");
    is_str(field(&t, IR_F_LOG_FACILITY), "daemon", "the PRI says it");
    head("Nov 20 10:00:01 alpine auth.inf su: x", at, "alpine", NULL, NULL, "auth.inf su: x");
    head("Nov 20 10:00:01 alpine local8.info su: x", at, "alpine", NULL, NULL, "local8.info su: x");
}

static void test_rfc5424(void)
{
    head("<165>1 2025-11-02T01:02:03.003Z web app 12 ID47 [x@1 a=\"b\" c=\"d\\\"e\\]f\"][y k=\"\"] "
         "hi",
         "2025-11-02T01:02:03.003Z", "web", "app", "12", "hi");
    is_str(field(&t, IR_F_LOG_MSGID), "ID47", "MSGID");
    is_str(field_named(&t, "x@1.a"), "b", "SD parameter");
    is_str(field_named(&t, "x@1.c"), "d\"e]f", "escaped SD parameter");
    is_str(field_named(&t, "y.k"), "", "empty SD parameter");
    head("<165>1 - - - - - -", "-", NULL, NULL, NULL, "");
    head("<165>1 - web app - - - \xef\xbb\xbfhi", "-", "web", "app", NULL, "hi");
    head("<165>1 - web app word - - hi", "-", "web", "app", "word", "hi");
    line(&t, "<165>1 - web app - - [x a=\"] hi");
    ok(t.ev->flags & IR_EV_DAMAGED, "structured data without end is damage");
    is_str(field(&t, IR_F_MESSAGE), "[x a=\"] hi", "and stays in the message");
    line(&t, "<165>1 - web app - - [x a= b=\"1\" =\"2\" c d=\"3\"] hi");
    is_str(field_named(&t, "x.d"), "3", "strange structured data is read as far as it goes");
}

static void refused(const char *text)
{
    line(&t, text);
    ok(!ir_str_eq(ir_str_z(t.took->name), IR_S("syslog")), "no syslog: '%s'", text);
}

static void test_refused(void)
{
    refused("");
    refused("Nov  2 01:02:03");
    refused("Nov 31 01:02:03");
    refused("Nov 3x 01:02:03 web su: x");
    refused("2025-11-02 01:02:03 INFO main: x");
    refused("2025-11-02 01:02:03,123 [main] x");
    refused("2025-11-02T01:02:03Z hello world");
    refused("2025-11-02T01:02:03Z web web2 nginx hello");
    refused("2025-11-02T01:02:03Z INFO main[7] hello");
    refused("2025-11-02T01:02:03Z main INFO[7] hello");
    refused("hello world: x");
    refused("hello world[12] x");
    refused("[2025-11-02 01:02:03] su[7]: x");
    refused("<38>");
    refused("<38>hello world");
    refused("2025/11/02 01:02:03 [error] 12#12: x");
}

static void services(const char *tag, enum ir_logsource_id ls, bool auth)
{
    static char text[256];
    snprintf(text, sizeof text, "Nov  2 01:02:03 web %s: hello", tag);
    line(&t, text);
    ok(ls == IR_LS_NONE || has_source(&t, ls), "service of %s", tag);
    is_int(has_source(&t, IR_LS_LINUX_AUTH), auth, "%s and linux/auth", tag);
    ok(has_source(&t, IR_LS_LINUX_SYSLOG) && has_source(&t, IR_LS_LINUX), "%s is linux/syslog",
       tag);
}

static void test_sources(void)
{
    services("sshd[1]", IR_LS_LINUX_SSHD, true);
    services("sshd-session[1]", IR_LS_LINUX_SSHD, true);
    services("/usr/sbin/sshd[1]", IR_LS_LINUX_SSHD, true);
    services("ssh.service[1]", IR_LS_LINUX_SSHD, true);
    services("sshd@3-10.service[1]", IR_LS_LINUX_SSHD, true);
    services("SUDO", IR_LS_LINUX_SUDO, true);
    services("/USR/SBIN/CRON[1]", IR_LS_LINUX_CRON, false);
    services("vsftpd", IR_LS_LINUX_VSFTPD, false);
    services("clamd[1]", IR_LS_LINUX_CLAMAV, false);
    services("guacd[1]", IR_LS_LINUX_GUACAMOLE, false);
    services("gdm(pam_unix)[1]", IR_LS_NONE, true);
    services("sshdx[1]", IR_LS_NONE, false);
    services("named", IR_LS_NONE, false);
}

/* stamp must say what parse says, for every prefix of every shape, with the same time. */
static void test_stamp_equals_parse(void)
{
    static const char *const shapes[] = {
        "<38>1 2025-11-02T01:02:03Z web app 1 - [x a=\"b\"] hi",
        "<38>1 2025-11-02T01:02:03Z web app 1 - [x a=\"b\\\"c\"] hi",
        "<38>2024 Nov  2 01:02:03 web su[7]: x",
        "Nov  2 01:02:03.25 2024 web su[7]: x",
        "2025-11-02T01:02:03.5+09:00 web su[7]: x",
        "Sun 2025-11-02 01:02:03 JST web su[7]: x",
        "Sun Nov  2 01:02:03 2025 [pid 7] [bob] OK LOGIN: Client \"192.0.2.1\"",
        "[   12.345678] usb 1-1: x",
        "web sshd[7]: x",
        "Nov 20 10:00:01 alpine auth.info sshd[7]: x",
        "Feb 30 12:00:00.5 2024 web sshd[7]: x",
        "<38>1 2025-02-30T25:02:03Z web app 1 - [x a=\"b\"] hi",
        "Sun 2025-11-32 01:02:03 JST web su[7]: x",
        "1763812800.123456 web sshd[7]: x",
        "[    5.123456] web sshd[7]: x",
        "[    5.123456 <    0.000001*>] web kernel: x",
        "-- Boot 0123456789abcdef0123456789abcdef --",
        "lines 1-23/23 (END)",
    };
    const struct ir_format *f = ir_format_by_name(IR_S("syslog"));
    int wrong = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (size_t n = 0; n <= strlen(shapes[i]); n++) {
            char *p = malloc(n ? n : 1);
            if (p == NULL) return;
            memcpy(p, shapes[i], n);
            struct ir_str rec = ir_str_n(p, n);
            ir_arena_reset(&t.arena);
            ir_event_begin(t.ev, rec, 0, 1);
            int a = f->parse(&t.parser, rec, t.ev);
            int64_t time = t.ev->time;
            uint32_t flags = t.ev->flags;
            bool derived = !t.ev->verbatim;
            ir_event_begin(t.ev, rec, 0, 1);
            int b = f->stamp(&t.parser, rec, t.ev);
            wrong += a != b || (a == IR_OK && (time != t.ev->time || flags != t.ev->flags));
            wrong += a == IR_OK && derived && !ir_format_must_parse(f, rec);
            free(p);
        }
    }
    is_int(wrong, 0, "prefixes where stamp, derived and parse disagree");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_rfc3164();
    test_other_stamps();
    test_pri_and_solaris();
    test_busybox();
    test_rfc5424();
    test_refused();
    test_sources();
    test_stamp_equals_parse();
    lines_close(&t);
    return done();
}
