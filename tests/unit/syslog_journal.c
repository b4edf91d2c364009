/*
 * Syslog lines whose date does not exist, the stamps that only journalctl writes, its lines between
 * entries, and lines without a head inside a syslog file: nothing gets lost, nothing gets a time
 * that is not its own.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1763812800) /* 2025-11-22T12:00:00Z */
#define SAID   "Failed password for bob from 192.0.2.1 port 22 ssh2"

static struct lines t;

/* A line of sshd[7] on web with SAID behind `stamp`. */
static void head(const char *stamp, const char *time, bool damaged)
{
    char buf[IR_TIME_TEXT];
    static char text[512];
    snprintf(text, sizeof text, "%s web sshd[7]: " SAID, stamp);
    line(&t, text);
    is_str(ir_str_z(t.took->name), "syslog", "format of '%s'", text);
    is_str(ir_str_z(when(&t, buf)), time, "time");
    is_str(field(&t, IR_F_HOST_NAME), "web", "host");
    is_str(field(&t, IR_F_PROCESS_NAME), "sshd", "program");
    is_str(field(&t, IR_F_PROCESS_PID), "7", "pid");
    is_str(field(&t, IR_F_USER_NAME), "bob", "user");
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "address");
    is_int((t.ev->flags & IR_EV_DAMAGED) != 0, damaged, "damaged");
    is_int(t.ev->damage != NULL, damaged, "and a reason for it");
    ok(has_source(&t, IR_LS_LINUX_SSHD), "a line of sshd");
}

static void test_no_date(void)
{
    static const char *const stamps[] = {"Feb 30 12:00:00",
                                         "Jan 99 12:00:00",
                                         "Nov  0 12:00:00",
                                         "Jan 10 25:61:00",
                                         "Feb 29 2025 12:00:00",
                                         "Feb 30 12:00:00.123456",
                                         "2025 Feb 30 12:00:00",
                                         "2025-02-30T12:00:00Z",
                                         "2025-13-01T12:00:00.123456+09:00",
                                         "2025-11-02 24:61:00",
                                         "Sun 2025-02-30 12:00:00 JST",
                                         "<38>Feb 30 12:00:00"};
    const struct ir_clock before = t.parser.clock;
    for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++)
        head(stamps[i], "-", true);
    ok(memcmp(&before, &t.parser.clock, sizeof before) == 0, "the clock of the file stood still");
    line(&t, "<38>1 2025-02-30T12:00:00Z web sshd 7 - - " SAID);
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "RFC 5424 too");
    ok(t.ev->damage != NULL && !(t.ev->flags & IR_EV_TIME), "with damage and without a time");
    is_str(ir_str_z(t.ev->damage), "a time stamp with an impossible date", "which has a name");
    line(&t, "Feb 30 12:00:00 web last message repeated 2 times");
    is_str(field(&t, IR_F_HOST_NAME), "web", "a line without a tag has its host");
    head("Feb 28 12:00:00", "2025-02-28T12:00:00Z", false);
}

static void test_stamps(void)
{
    head("1700000000.123456", "2023-11-14T22:13:20.123456Z", false);
    ok(t.ev->flags & IR_EV_ZONE_KNOWN, "short-unix is UTC");
    head("2023-11-15T01:02:03.123456+0100", "2023-11-15T00:02:03.123456Z", false);
    head("2023-11-15T01:02:03.123456+01:00", "2023-11-15T00:02:03.123456Z", false);
    head("Wed 2023-11-15 01:02:03 CET", "2023-11-15T00:02:03Z", false);
    head("Nov 15 01:02:03.123456", "2025-11-15T01:02:03.123456Z", false);
    head("[    5.123456]", "-", false);
    head("[    5.123456 <                >]", "-", false);
    head("[12345.123456 <    0.000012*>]", "-", false);
    line(&t, "[    5.123456] web kernel: Linux version 6");
    is_str(field(&t, IR_F_HOST_NAME), "web", "the kernel has no pid");
    is_str(field(&t, IR_F_MESSAGE), "Linux version 6", "its message");
    line(&t, "[    5.123456] usb 1-1: new device");
    is_str(field(&t, IR_F_HOST_NAME), NULL, "dmesg has no host");
    is_str(field(&t, IR_F_PROCESS_NAME), "kernel", "it is the kernel's");
    line(&t, "[    5.123456] sshd[7]: segfault at 0 ip 0 sp 0 error 4");
    is_str(field(&t, IR_F_PROCESS_NAME), "kernel", "the kernel speaks of a process");
    line(&t, "Wed 2023-11-15 01:02:03 UTC web user@1000.service/ssh.service[7]: " SAID);
    is_str(field(&t, IR_F_SOURCE_IP), "192.0.2.1", "with-unit");
    line(&t, "1700000000.123    45 192.0.2.1 TCP_MISS/200 5 GET http://a/ - x y");
    ok(!ir_str_eq(ir_str_z(t.took->name), IR_S("syslog")), "squid's log is not syslog");
}

static void border(const char *text, const char *action)
{
    line(&t, text);
    is_str(ir_str_z(t.took->name), "syslog", "format of '%s'", text);
    is_str(field(&t, IR_F_EVENT_ACTION), action, "action");
    is_str(field(&t, IR_F_MESSAGE), text, "message");
    is_str(field(&t, IR_F_PROCESS_NAME), NULL, "no program");
    is_int(t.ev->flags, 0, "recognised, whole, without a time");
    is_int(t.ev->views[0].nsources, 0, "of no log source");
}

static void test_borders(void)
{
    border("-- Boot 0123456789abcdef0123456789abcdef --", "journal_boot");
    border("-- Reboot --", "journal_boot");
    border("-- Journal begins at Mon 2021-08-16 10:00:00 UTC, ends at Tue 2021-08-17 10:00:00 UTC. "
           "--",
           "journal_begin");
    border("-- Logs begin at Mon 2017-05-22 10:00:00 UTC, end at Tue 2017-05-23 10:00:00 UTC. --",
           "journal_begin");
    border("-- No entries --", "journal_border");
    border("-- cursor: s=abc;i=1;b=2", "journal_border");
    border("lines 1-23/23 (END)", "journal_border");
    border("Lines 1-2 ...", "journal_border");
    line(&t, "lines 1-23 of my text");
    ok(t.ev->flags & IR_EV_UNRECOGNISED, "words are not less's");
    line(&t, "-- Boot into something");
    ok(t.ev->flags & IR_EV_UNRECOGNISED, "nor journalctl's");
    struct ir_str file = IR_S("-- Logs begin at Mon 2017-05-22 10:00:00 UTC, end at x. --\n"
                              "-- No entries --\n");
    ok(ir_format_by_name(IR_S("syslog"))->bid(file) > 50, "a file of them is journalctl's");
}

static void rest_of_message(const char *text, const char *time)
{
    char buf[IR_TIME_TEXT];
    const struct ir_clock before = t.parser.clock;
    line(&t, text);
    is_str(ir_str_z(t.took->name), "text", "format of '%s'", text);
    is_str(ir_str_z(when(&t, buf)), time, "time");
    ok(memcmp(&before, &t.parser.clock, sizeof before) == 0, "the clock stood still");
}

static void test_continued(void)
{
    rest_of_message("    at foo.bar(2025-11-01 10:00:00)", "-");
    rest_of_message("\tNov 15 01:02:03 evil sshd[1]: x", "-");
    rest_of_message("Traceback 2025-11-01T10:00:00Z x", "-");
    rest_of_message("said: Nov  2 01:02:03 web", "-");
    rest_of_message("1234567890 bytes written", "-");
    rest_of_message("1700000000.5 x", "-");
    rest_of_message("2025-11-01 10:00:00 worker: started", "2025-11-01T10:00:00Z");
    rest_of_message("Nov 15 01:02:03", "2025-11-15T01:02:03Z");
    struct lines text;
    char buf[IR_TIME_TEXT];
    lines_open(&text, "text", ANCHOR);
    line(&text, "job=1 ts=2025-11-01T10:00:00Z x");
    is_str(ir_str_z(when(&text, buf)), "2025-11-01T10:00:00Z", "a text file's own lines have one");
    lines_close(&text);
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    t.parser.clock.year = 2025;
    test_no_date();
    test_stamps();
    test_borders();
    test_continued();
    lines_close(&t);
    return done();
}
