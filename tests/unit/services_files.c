/*
 * Logs that servers write themselves: BIND, unbound and NSD, xferlog, Samba, lighttpd, Exim.
 * Fields, each prefix of a record, and names that look like the rest of the record.
 */
#include "syslog_test.h"

static struct lines t;

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  %s", want ? want : "nothing");
}

static bool agrees(struct ir_str rec)
{
    const struct ir_format *fmt = t.parser.fmt;
    const struct ir_clock clock = t.parser.clock;
    ir_arena_reset(&t.arena);
    ir_event_begin(t.ev, rec, 0, 1);
    int quick = fmt->stamp(&t.parser, rec, t.ev);
    int64_t time = t.ev->time;
    t.parser.clock = clock;
    ir_event_begin(t.ev, rec, 0, 1);
    int rc = fmt->parse(&t.parser, rec, t.ev);
    t.parser.clock = clock;
    return rc == quick && (rc != IR_OK || time == t.ev->time) &&
           (rc != IR_OK || t.ev->verbatim || ir_format_must_parse(fmt, rec));
}

/* One record by its format, and each prefix of it; leaves the whole one's fields. */
static void record(const char *format, const char *text)
{
    bool good = true;
    lines_open(&t, format, INT64_C(1795392000));
    for (size_t n = 0; n <= strlen(text); n++) {
        char *copy = malloc(n + 1);
        memcpy(copy, text, n);
        good = good && agrees(ir_str_n(copy, n));
        free(copy);
    }
    ok(good, "%s: each prefix of %.50s", format, text);
    line(&t, text);
    is_str(ir_str_z(t.took->name), format, "%s takes it", format);
}

static void test_dns(void)
{
    char buf[IR_TIME_TEXT];
    record("bind",
           "22-Nov-2026 01:02:03.123 queries: info: client @0x7f 192.0.2.7#1036 (a.example): "
           "query: a.example IN TXT +E(0)K (198.51.100.53)");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03.123Z", "  time");
    has(IR_F_DNS_QUERY, "a.example");
    has(IR_F_DNS_TYPE, "TXT");
    has(IR_F_LOG_LEVEL, "info");
    ok(has_source(&t, IR_LS_DNS), "  is a dns event");
    lines_close(&t);
    record("bind", "2026-11-22T01:02:03.123 client 192.0.2.7#1036 (a.example): query: a.example IN "
                   "A +E(0)K (198.51.100.53)");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03.123Z", "  ISO, of the local zone");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    lines_close(&t);
    record("bind", "2026-11-22T01:02:03.123Z security: error: client @0x7f 192.0.2.7#1036: update "
                   "'a.example/IN' denied");
    has(IR_F_EVENT_ACTION, "dns_update");
    has(IR_F_LOG_LEVEL, "error");
    lines_close(&t);
    static const char *const others[] = {
        "2026-11-22T01:02:03.123Z client connected\n", "2026-11-22T01:02:03.123Z info: started\n",
        "2026-11-22T01:02:03.123Z web: client 192.0.2.7#1: query: a IN A\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        is_int(ir_format_by_name(IR_S("bind"))->bid(ir_str_z(others[i])), 0, "not BIND's");
    record("unbound",
           "[1795309323] unbound[12:0] info: 192.0.2.7 a.example. A IN SERVFAIL 0.1 0 45");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03Z", "  time");
    has(IR_F_DNS_QUERY, "a.example");
    has(IR_F_DNS_RCODE, "SERVFAIL");
    has(IR_F_PROCESS_PID, "12");
    lines_close(&t);
    record("unbound", "[2026-11-22 01:02:03.562] nsd[9]: info: axfr for a.example. from 192.0.2.7 "
                      "refused, no acl matches");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_EVENT_OUTCOME, "failure");
    lines_close(&t);
}

static void test_xferlog(void)
{
    record("xferlog",
           "Sun Nov 22 01:02:03 2026 1 192.0.2.7 12 /a b _ o r eve ftp 0 * c b _ i r bob "
           "ftp 0 * c");
    has(IR_F_EVENT_ACTION, "ftp_upload");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_FILE_PATH, "/a b _ o r eve ftp 0 * c");
    lines_close(&t);
}

#define HEAD "[2026/11/22 01:02:03.123456,  3] ../../auth/auth_log.c:653(log)\n  "
static void test_samba(void)
{
    record("samba", HEAD "Auth: [SMB2,(null)] user [EX]\\[bob] at [Sun, 22 Nov 2026 01:02:03 UTC] "
                         "with [NTLMv2] status [NT_STATUS_WRONG_PASSWORD] workstation [PC1] remote "
                         "host [ipv4:192.0.2.7:4021] mapped to [EX]\\[bob]. local host "
                         "[ipv4:198.51.100.2:445]");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_USER_DOMAIN, "EX");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_EVENT_OUTCOME, "failure");
    has(IR_F_ERROR_CODE, "NT_STATUS_WRONG_PASSWORD");
    lines_close(&t);
    record("samba",
           HEAD "Auth: [SMB2,(null)] user [EX]\\[x] status [NT_STATUS_OK] ] at [Sun] "
                "with [NTLMv2] status [NT_STATUS_NO_SUCH_USER] workstation [P] remote host "
                "[ipv4:192.0.2.7:4021] x");
    has(IR_F_EVENT_OUTCOME, NULL);
    has(IR_F_USER_NAME, NULL);
    has(IR_F_TAGS, "log_injection");
    lines_close(&t);
    record("samba", HEAD "Auth: [SMB2,(null)] user [EX]\\[x] at [y] at [Sun] with [NTLMv2] status "
                         "[NT_STATUS_NO_SUCH_USER] workstation [P] remote host "
                         "[ipv4:192.0.2.7:4021] x");
    has(IR_F_USER_NAME, NULL);
    has(IR_F_TAGS, "log_injection");
    lines_close(&t);
    record("samba", HEAD "check_ntlm_password:  Authentication for user [bob] -> [bob] FAILED with "
                         "error NT_STATUS_NO_SUCH_USER");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_EVENT_OUTCOME, "failure");
    lines_close(&t);
    const struct ir_format *f = ir_format_by_name(IR_S("samba"));
    is_int(
        f->bid(IR_S("  added interface lo ip=192.0.2.1\n  added interface lo ip=::1\n" HEAD "x\n")),
        95, "lines before the first head");
    is_int(f->bid(IR_S("  added interface lo ip=192.0.2.1\n")), 0, "nothing but such lines");
    struct ir_str rest = IR_S(HEAD "one\n  more\n\n[2026/11/22 01:02:04,  0] b.c:1(f)\n  two\nx\n"),
                  rec;
    const char *want[] = {HEAD "one\n  more", "[2026/11/22 01:02:04,  0] b.c:1(f)\n  two", "x"};
    is_int((long long)f->cut(rest, true), (long long)rest.n, "the last cut takes all");
    for (size_t i = 0; i < 3; i++)
        ok(f->next(&rest, &rec) && ir_str_eq(rec, ir_str_z(want[i])), "record %zu", i);
    ok(!f->next(&rest, &rec), "no more");
}

static void test_others(void)
{
    record("lighttpd_error", "2026-11-22 01:02:03: (mod_auth.c.853) password doesn't match for /x "
                             "username: bob, IP: 192.0.2.9, IP: 192.0.2.7");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_USER_NAME, "bob, IP: 192.0.2.9");
    lines_close(&t);
    record("lighttpd_error", "2026-11-22 01:02:03: (mod_auth.c.853) password doesn't match for /x "
                             "username: eve username: bob IP: 192.0.2.7");
    has(IR_F_USER_NAME, NULL);
    lines_close(&t);
    record("lighttpd_error", "2026-11-22 01:02:03: (connections.c.714) invalid request-line -> "
                             "sending Status 400 (192.0.2.7)");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_EVENT_ACTION, "bad_request");
    lines_close(&t);
    record("lighttpd_error", "2026-11-22 01:02:03: (mod_x.c.7) some file (192.0.2.7)");
    has(IR_F_SOURCE_IP, NULL);
    lines_close(&t);
    record("exim",
           "2026-11-22 01:02:03.5 +0900 [12] login authenticator failed for (H=[192.0.2.9]) "
           "[192.0.2.7]: 535 Incorrect authentication data (set_id=bob)");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_PROCESS_PID, "12");
    lines_close(&t);
    lines_open(&t, "syslog", INT64_C(1795392000));
    says(&t, "lighttpd[7]",
         "(mod_auth.c.853) password doesn't match for / username: bob IP: "
         "192.0.2.7",
         "bob|192.0.2.7|failure|http_auth_failed");
    says(&t, "squid[7]",
         "1795309323.1 5 192.0.2.7 TCP_DENIED/403 9 GET http://a.example/ - X_X/- -",
         "-|192.0.2.7|failure|http_request");
    ok(has_source(&t, IR_LS_PROXY), "  is a proxy's");
    lines_close(&t);
}

int main(void)
{
    test_dns();
    test_xferlog();
    test_samba();
    test_others();
    return done();
}
