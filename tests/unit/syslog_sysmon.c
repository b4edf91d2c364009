/*
 * Sysmon for Linux in syslog: its fields under Sigma's names, its log sources and its time; and
 * that no command line, cut line or foreign message becomes a field of its own.
 */
#include "syslog_test.h"

#define ANCHOR INT64_C(1795392000)
#define HEAD(id)                                                                                   \
    "<Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{ff}\"/><EventID>" id                   \
    "</EventID><Version>5</Version><TimeCreated SystemTime=\"2026-11-22T22:03:04.5Z\"/>"           \
    "<EventRecordID>17</EventRecordID><Correlation/><Execution ProcessID=\"8\" ThreadID=\"9\"/>"   \
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer>"                        \
    "<Security UserId=\"0\"/></System><EventData>"
#define DATA(name, value) "<Data Name=\"" name "\">" value "</Data>"
#define TAIL              "</EventData></Event>"
#define SYSLOG            "Nov 23 07:03:04 web01 sysmon[812]: "

static struct lines t;

static void named(const char *name, const char *want)
{
    is_str(field_named(&t, name), want, "  %s", name);
}

static void test_process(void)
{
    char buf[IR_TIME_TEXT];
    line(&t, SYSLOG HEAD("1") DATA("Image", "/bin/sh") DATA("ProcessId", "4711")
                 DATA("CommandLine", "sh -c &quot;a &gt; b &amp;&amp; c&quot; &#60;&#x3e;&#39;")
                     DATA("User", "hana") TAIL);
    is_str(ir_str_z(t.took->name), "syslog", "a process starts");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T22:03:04.500Z", "  its own time, which is UTC");
    ok((t.ev->flags & (IR_EV_ZONE_KNOWN | IR_EV_YEAR_INFERRED)) == IR_EV_ZONE_KNOWN, "  surely");
    ok(has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "  a process creation");
    ok(!has_source(&t, IR_LS_LINUX_FILE_EVENT), "  and nothing else");
    ok(is_searchable(&t), "  a scan cannot miss it");
    named("CommandLine", "sh -c \"a > b && c\" <>'");
    named("Image", "/bin/sh");
    named("EventID", "1");
    named("Execution_ProcessID", "8");
    named("Security_UserID", "0");
    is_str(field(&t, IR_F_PROCESS_EXECUTABLE), "/bin/sh", "  the program that was started");
    is_str(field(&t, IR_F_PROCESS_PID), "4711", "  its number, not Sysmon's");
    is_str(field(&t, IR_F_HOST_NAME), "web01", "  the host");
    is_str(field(&t, IR_F_USER_NAME), "hana", "  the user");
}

static void test_others(void)
{
    line(&t, SYSLOG HEAD("3") DATA("DestinationIp", "203.0.113.9") DATA("Initiated", "true")
                 DATA("DestinationHostname", "a.example") DATA("SourceHostname", "") TAIL);
    ok(has_source(&t, IR_LS_LINUX_NETWORK_CONNECTION), "a connection");
    named("DestinationHostname", "a.example");
    named("SourceHostname", "");
    is_str(field(&t, IR_F_DESTINATION_IP), "203.0.113.9", "  where to");
    line(&t, SYSLOG HEAD("11") DATA("TargetFilename", "/tmp/x y") TAIL);
    ok(has_source(&t, IR_LS_LINUX_FILE_EVENT), "a created file");
    named("TargetFilename", "/tmp/x y");
    line(&t, SYSLOG HEAD("5") TAIL);
    ok(has_source(&t, IR_LS_LINUX_SYSLOG) && !has_source(&t, IR_LS_LINUX_PROCESS_CREATION),
       "another event is a message of syslog");
}

/* What an attacker chooses stands escaped, so it opens no tag; what looks like System in the data
 * answers for nothing. */
static void test_hostile(void)
{
    line(&t, SYSLOG HEAD("1")
                 DATA("CommandLine", "x&lt;/Data&gt;&lt;Data Name=&quot;User&quot;&gt;root")
                     DATA("EventID", "3") DATA("User", "hana") TAIL);
    named("User", "hana");
    named("EventID", "1");
    ok(!has_source(&t, IR_LS_LINUX_NETWORK_CONNECTION), "  no connection");
    line(&t, SYSLOG HEAD("1") DATA("CommandLine", "&bogus; &#999; &; & &#xfff;") TAIL);
    named("CommandLine", "&bogus; &#999; &; & &#xfff;");
    line(&t, "Nov 23 07:03:04 web01 mallory[812]: " HEAD("1") DATA("Image", "/bin/sh") TAIL);
    ok(!has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "another program's message is none");
    named("Image", NULL);
    line(&t, SYSLOG "<Event><System><EventID>1</EventID></System></Event>");
    ok(!has_source(&t, IR_LS_LINUX_PROCESS_CREATION), "no provider, no process");
    line(&t, SYSLOG "Starting");
    is_str(field(&t, IR_F_PROCESS_NAME), "sysmon", "what Sysmon says of itself");
}

static void test_cut(void)
{
    char text[] = SYSLOG HEAD("1") DATA("Image", "/bin/sh") DATA("CommandLine", "sh &lt;x") TAIL;
    size_t n = strlen(text), head = strlen(SYSLOG "<Event><System>");
    unsigned whole = 0;
    while (n-- > head) {
        text[n] = '\0';
        line(&t, text);
        whole += !(t.ev->flags & IR_EV_DAMAGED);
    }
    is_int(whole, 0, "a cut event is damaged, and kept");
}

int main(void)
{
    lines_open(&t, "syslog", ANCHOR);
    test_process();
    test_others();
    test_hostile();
    test_cut();
    lines_close(&t);
    return done();
}
