/*
 * Audit records inside syslog lines, as audisp's plugin, journald, the kernel and file forwarders
 * write them: each is an audit event by itself, for the rules of auditd and for what it means. All
 * lines are invented.
 */
#include "tests/unit/syslog_test.h"

#define AT   "Nov 18 00:00:01 web01 "
#define WHEN "audit(1794961262.120:3110): "

static bool is_from(const struct lines *t, enum ir_logsource_id ls)
{
    for (uint32_t v = 0; v < t->ev->nviews; v++)
        for (uint16_t i = 0; i < t->ev->views[v].nsources; i++)
            if (t->ev->views[v].sources[i] == ls) return true;
    return false;
}

static void is_field(const struct lines *t, const char *name, const char *want)
{
    is_str(field_named(t, name), want, "%s", name);
}

static void test_stamped(struct lines *t)
{
    static const char *const tags[] = {
        "audispd: node=web01 ", "audisp-syslog[12]: ", "auditd: ",
        "tag_audit_log: ",      "audit_log: ",         "audit: audit: "};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char text[400];
        snprintf(text, sizeof text, AT "%stype=EXECVE msg=" WHEN "argc=3 a0=\"sh\" a1=\"-c\" a2=%s",
                 tags[i], "6964202D75");
        line(t, text);
        ok(is_from(t, IR_LS_LINUX_AUDITD), "%s: an audit record", tags[i]);
        ok(is_from(t, IR_LS_LINUX_SYSLOG), "and a line of syslog");
        ok(is_from(t, IR_LS_LINUX_PROCESS_CREATION), "and a new process");
        is_field(t, "type", "EXECVE");
        is_str(field(t, IR_F_PROCESS_COMMAND_LINE), "sh -c id -u", "its command");
        is_str(t->ev->record, "3110", "its serial");
        is_int(t->ev->time, INT64_C(1794961262120000000), "the record's own time");
        is_str(field(t, IR_F_HOST_NAME), "web01", "one host");
    }
    line(t, AT "audispd: type=USER_LOGIN msg=" WHEN
               "pid=7 uid=0 auid=1000 ses=3 msg='op=login acct=\"eve\" exe=\"/usr/sbin/sshd\" "
               "hostname=192.0.2.1 addr=192.0.2.1 terminal=ssh res=failed'");
    ok(is_from(t, IR_LS_LINUX_AUDITD), "USER_LOGIN");
    is_str(field(t, IR_F_USER_NAME), "eve", "who");
    is_str(field(t, IR_F_SOURCE_IP), "192.0.2.1", "from where");
    is_str(field(t, IR_F_EVENT_OUTCOME), "failure", "in vain");
}

static void test_kernel(struct lines *t)
{
    line(t, AT "kernel: [   12.345678] audit: type=1400 " WHEN
               "apparmor=\"DENIED\" operation=\"open\" name=\"/etc/shadow\" pid=6 comm=\"mysqld\"");
    ok(is_from(t, IR_LS_LINUX_AUDITD), "AppArmor in the kernel's log");
    is_field(t, "type", "AVC");
    is_field(t, "name", "/etc/shadow");
    is_str(field(t, IR_F_EVENT_OUTCOME), "failure", "denied");
    line(t, AT "kernel: type=1400 " WHEN "avc:  denied  { read } for  pid=9 comm=\"httpd\"");
    is_field(t, "type", "AVC");
    is_field(t, "seperms", "read");
    line(t, AT "kernel: audit: type=1326 " WHEN "auid=4294967295 uid=33 pid=5 comm=\"x\" sig=31");
    is_field(t, "type", "SECCOMP");
    is_str(field(t, IR_F_USER_AUDIT_ID), NULL, "nobody logged in");
    line(t, AT "kernel: audit: backlog limit exceeded");
    ok(!is_from(t, IR_LS_LINUX_AUDITD), "what the kernel says of audit is no record");
    line(t, AT "kernel: [12.3] FW IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=5 DPT=22 "
               "audit(");
    ok(is_from(t, IR_LS_FIREWALL), "a firewall line is one still");
    line(t, AT "kernel: eth0: type=1300 audit(1.1:1): pid=1");
    ok(!is_from(t, IR_LS_LINUX_AUDITD), "a driver's message is no record");
}

/* journald: the stamp is the line's. */
static void test_bare(struct lines *t)
{
    line(t, AT "audit[123]: SYSCALL arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=123 "
               "uid=0 comm=\"sh\" exe=\"/bin/sh\"");
    ok(is_from(t, IR_LS_LINUX_PROCESS_CREATION), "a new process");
    is_str(field(t, IR_F_USER_NAME), "root", "of uid 0");
    is_str(field(t, IR_F_PROCESS_EXECUTABLE), "/bin/sh", "its program");
    line(t, AT "audit[123]: ADD_USER pid=123 uid=0 auid=1000 ses=3 msg='op=adding user "
               "acct=\"mallory\" exe=\"/usr/sbin/useradd\" res=success'");
    is_field(t, "type", "ADD_USER");
    is_str(field(t, IR_F_USER_TARGET_NAME), "mallory", "the new account");
    line(t, AT "audit: PATH item=1 name=\"/etc/cron.d/x\" mode=0100644 nametype=CREATE");
    ok(is_from(t, IR_LS_LINUX_FILE_EVENT), "a new file");
    line(t, AT "audit[1]: UNKNOWN[1334] prog-id=3 op=LOAD");
    is_field(t, "type", "BPF");
    line(t, AT "audit[1]: 1334 prog-id=3 op=LOAD");
    ok(!is_from(t, IR_LS_LINUX_AUDITD), "a number alone names no type");
    line(t, AT "myapp[1]: EXECVE argc=1 a0=\"sh\"");
    ok(!is_from(t, IR_LS_LINUX_AUDITD), "not from any program");
    line(t, AT "myapp[1]: type=EXECVE msg=" WHEN "argc=1 a0=\"sh\"");
    ok(!is_from(t, IR_LS_LINUX_AUDITD), "not even with a stamp");
}

int main(void)
{
    struct lines t = {0};
    lines_open(&t, "syslog", 1795000000);
    test_stamped(&t);
    test_kernel(&t);
    test_bare(&t);
    lines_close(&t);
    return done();
}
