/*
 * Windows events in JSON: the same record in every wrapping (windows_wrap.h) gives the same event,
 * log sources follow channel and event id, and Security and PowerShell events carry Sigma's names.
 */
#include "format/format.h"
#include "tap.h"
#include "windows_wrap.h"

extern const struct ir_format ir_format_json;

struct bench {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser p;
};

static void bench_open(struct bench *b)
{
    static const char *const asked[] = {"Execution_ProcessID",
                                        "Execution_ThreadID",
                                        "EventRecordID",
                                        "Security_UserID",
                                        "Image",
                                        "CommandLine",
                                        "Hashes",
                                        "ParentImage",
                                        "TargetObject",
                                        "Details",
                                        "EventType",
                                        "PipeName",
                                        "ProcessId",
                                        "Data",
                                        "ThreatName",
                                        "Signature",
                                        "Filename",
                                        "Action",
                                        "HostApplication",
                                        "EngineVersion",
                                        "HostName",
                                        "SourceIp",
                                        "DestinationIp",
                                        "DestinationPort",
                                        "BackupPath",
                                        "SubjectUserName",
                                        "TargetUserName",
                                        "NewProcessName",
                                        "IpAddress",
                                        "Correlation_ActivityID",
                                        "Provider_Guid",
                                        "TargetFilename",
                                        "ImageLoaded",
                                        "RuleName",
                                        "Task"};
    *b = (struct bench){.names = ir_names_new(), .arena = IR_ARENA(16 << 20)};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        ir_names_add(b->names, ir_str_z(asked[i]));
    b->ev = ir_event_new(b->names, &b->arena);
    b->p = (struct ir_parser){.fmt = &ir_format_json, .names = b->names};
}

static void bench_close(struct bench *b)
{
    ir_event_free(b->ev);
    ir_arena_free(&b->arena);
    ir_names_free(b->names);
}

static int parse(struct bench *b, struct ir_str text)
{
    ir_event_begin(b->ev, text, 0, 1);
    return ir_format_json.parse(&b->p, text, b->ev);
}

static struct ir_str value(const struct bench *b, const char *name)
{
    uint32_t id = ir_names_find(b->names, ir_str_z(name));
    return id == IR_F_NONE ? ir_str_n(NULL, 0) : ir_event_get(b->ev, id, 0);
}

static struct ir_str sources(const struct ir_event *ev, char *buf, size_t cap)
{
    size_t n = 0;
    for (unsigned i = 0; i < ev->views[0].nsources && n + 64 < cap; i++) {
        if (i > 0) buf[n++] = ' ';
        ir_logsource_text(ir_logsource_get(ev->views[0].sources[i]), buf + n, cap - n);
        n += strlen(buf + n);
    }
    return ir_str_n(buf, n);
}

static const struct record sample = {"1",
                                     "Microsoft-Windows-Sysmon/Operational",
                                     "Microsoft-Windows-Sysmon",
                                     "pc7.example.test",
                                     "4711",
                                     "1200",
                                     "1300",
                                     "2026-11-22T01:02:03.456789Z",
                                     {{"RuleName", "-"},
                                      {"UtcTime", "2026-11-22 01:02:03.450"},
                                      {"ProcessId", "5512"},
                                      {"Image", "C:\\Windows\\System32\\where.exe"},
                                      {"CommandLine", "where \"a b\" \t\xe6\x97\xa5\xe6\x9c\xac"},
                                      {"User", "EXAMPLE\\kato"},
                                      {"ParentImage", "C:\\Windows\\explorer.exe"}}};

/* The record in every wrapping has the same fields. */
static void check_record(struct bench *b, const struct record *r, const char *want_sources,
                         int64_t time)
{
    for (int k = 0; k < NKINDS; k++) {
        char buf[512];
        struct ir_buf json = IR_BUF(1 << 20);
        wrap(&json, k, r);
        is_int(parse(b, ir_buf_view(&json)), IR_OK, "%s parses", kinds[k]);
        is_int(b->ev->flags, IR_EV_TIME | IR_EV_ZONE_KNOWN, "%s: flags", kinds[k]);
        is_int(b->ev->time, time, "%s: time", kinds[k]);
        is_str(b->ev->record, r->number, "%s: record number", kinds[k]);
        is_str(sources(b->ev, buf, sizeof buf), want_sources, "%s: log sources", kinds[k]);
        const struct pair attributes[] = {{"EventID", r->id},
                                          {"Channel", r->channel},
                                          {"Computer", r->computer},
                                          {"Provider_Name", r->provider},
                                          {"EventRecordID", r->number},
                                          {"Execution_ProcessID", r->pid},
                                          {"Execution_ThreadID", r->tid},
                                          {"host.name", r->computer},
                                          {"event.code", r->id}};
        for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
            is_str(value(b, attributes[i].name), attributes[i].value, "%s: %s", kinds[k],
                   attributes[i].name);
        for (size_t i = 0; i < RECORD_DATA_MAX && r->data[i].name; i++)
            if (ir_names_find(b->names, ir_str_z(r->data[i].name)) != IR_F_NONE)
                is_str(value(b, r->data[i].name), r->data[i].value, "%s: %s", kinds[k],
                       r->data[i].name);
        is_str(value(b, "user.name"), "kato", "%s: user.name", kinds[k]);
        is_str(value(b, "process.name"), "where.exe", "%s: process.name", kinds[k]);
        ir_buf_free(&json);
        ir_arena_reset(&b->arena);
    }
}

static void test_wrappings(void)
{
    struct bench b;
    bench_open(&b);
    check_record(&b, &sample, "windows/sysmon windows/process_creation windows",
                 1795309323456789000);
    bench_close(&b);
}

static void test_sources(void)
{
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{\"EventID\":12,\"Channel\":\"Microsoft-Windows-Sysmon/"
         "Operational\",\"EventType\":\"CreateKey\"}",
         "windows/sysmon windows/registry_event windows/registry_add windows"},
        {"{\"EventID\":12,\"Channel\":\"Microsoft-Windows-Sysmon/"
         "Operational\",\"EventType\":\"DeleteValue\"}",
         "windows/sysmon windows/registry_event windows/registry_delete windows"},
        {"{\"EventID\":12,\"Channel\":\"Microsoft-Windows-Sysmon/"
         "Operational\",\"EventType\":\"INFO\"}",
         "windows/sysmon windows/registry_event windows/registry_add windows/registry_delete "
         "windows"},
        {"{\"EventID\":\"26\",\"Provider_Name\":\"Microsoft-Windows-Sysmon\"}",
         "windows/sysmon windows/file_delete windows/file_delete_detected windows"},
        {"{\"EventID\":4624,\"Channel\":\"security\"}", "windows/security windows"},
        {"{\"EventCode\":\"4624\",\"source\":\"x\",\"LogName\":\"Security\"}",
         "windows/security windows"},
        {"{\"EventID\":4104,\"Channel\":\"PowerShellCore/Operational\"}",
         "windows/powershell windows/ps_script windows"},
        {"{\"EventID\":400,\"Channel\":\"Windows PowerShell\"}",
         "windows/powershell-classic windows/ps_classic_start windows"},
        {"{\"EventID\":400,\"Channel\":\"Application\"}", "windows/application windows"},
        {"{\"EventID\":1,\"Channel\":\"Application\"}", "windows/application windows"},
        {"{\"EventID\":1116,\"Channel\":\"Microsoft-Windows-Windows Defender/Operational\"}",
         "windows/windefend antivirus windows"},
        {"{\"EventID\":12,\"Channel\":\"x\",\"Provider_Name\":\"Microsoft-Windows-Kernel-File\"}",
         "windows/file_access windows"},
        {"{\"EventID\":1102,\"SourceName\":\"Microsoft-Windows-Eventlog\"}",
         "windows/security windows"},
        {"{\"EventID\":8004,\"Channel\":\"Microsoft-Windows-NTLM/Operational\"}",
         "windows/ntlm windows"},
        {"{\"EventID\":7,\"Channel\":\"Unknown-Vendor/Admin\"}", "windows"},
        {"{\"EventID\":7,\"note\":\"no channel\"}", ""},
        {"{\"event\":{\"code\":7,\"provider\":\"nginx\"},\"Channel\":\"red\"}", ""},
        {"{\"EventID\":\"x7\",\"Channel\":\"Security\"}", ""},
        {"{\"Event\":{\"Type\":\"concert\"},\"EventData\":{\"x\":1}}", ""},
    };
    struct bench b;
    char buf[512];
    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse(&b, ir_str_z(rows[i].json));
        is_str(sources(b.ev, buf, sizeof buf), rows[i].want, "sources of %s", rows[i].json);
    }
    bench_close(&b);
}

static void expect(struct bench *b, const char *json, const struct pair *want)
{
    is_int(parse(b, ir_str_z(json)), IR_OK, "%s", json);
    for (; want->name; want++)
        is_str(value(b, want->name), want->value, "has %s", want->name);
}

static void test_security(void)
{
    struct bench b;
    bench_open(&b);
    expect(&b,
           "{\"EventID\":4688,\"Channel\":\"Security\",\"SubjectUserName\":\"kato\","
           "\"SubjectDomainName\":"
           "\"EXAMPLE\",\"NewProcessName\":\"C:\\\\a\\\\b.exe\",\"NewProcessId\":\"0x1a\","
           "\"ProcessId\":"
           "\"0x10\",\"MandatoryLabel\":\"S-1-16-12288\",\"ParentProcessName\":\"C:\\\\p.exe\","
           "\"TargetUserName\":\"-\"}",
           (struct pair[]){{"User", "EXAMPLE\\kato"},
                           {"Image", "C:\\a\\b.exe"},
                           {"ParentImage", "C:\\p.exe"},
                           {"IntegrityLevel", "High"},
                           {"user.name", "kato"},
                           {"user.domain", "EXAMPLE"},
                           {"process.pid", "26"},
                           {"process.parent.pid", "16"},
                           {"process.name", "b.exe"},
                           {"NewProcessName", "C:\\a\\b.exe"},
                           {NULL, NULL}});
    expect(
        &b,
        "{\"EventID\":5156,\"Channel\":\"Security\",\"Application\":\"\\\\device\\\\x\\\\s.exe\","
        "\"Direction\":\"%%14593\",\"SourceAddress\":\"192.0.2.1\",\"DestAddress\":\"192.0.2.2\","
        "\"DestPort\":\"53\",\"SourcePort\":\"999\"}",
        (struct pair[]){{"Image", "\\device\\x\\s.exe"},
                        {"Initiated", "true"},
                        {"SourceIp", "192.0.2.1"},
                        {"DestinationIp", "192.0.2.2"},
                        {"DestinationPort", "53"},
                        {"source.ip", "192.0.2.1"},
                        {"destination.ip", "192.0.2.2"},
                        {"source.port", "999"},
                        {NULL, NULL}});
    expect(&b,
           "{\"EventID\":4657,\"Channel\":\"Security\",\"ObjectName\":"
           "\"\\\\REGISTRY\\\\MACHINE\\\\SW\","
           "\"ObjectValueName\":\"Run\",\"NewValue\":\"1\",\"NewValueType\":\"%%1876\","
           "\"OperationType\":\"%%1905\",\"ProcessName\":\"C:\\\\r.exe\"}",
           (struct pair[]){{"TargetObject", "HKLM\\SW\\Run"},
                           {"Details", "DWORD (0x00000001)"},
                           {"EventType", "SetValue"},
                           {"Image", "C:\\r.exe"},
                           {NULL, NULL}});
    expect(&b,
           "{\"EventID\":4663,\"Channel\":\"Security\",\"ObjectType\":\"File\","
           "\"ObjectName\":\"D:\\\\s\\\\a.locked\",\"AccessMask\":\"0x2\","
           "\"SubjectUserName\":\"bob\",\"ProcessName\":\"C:\\\\x.exe\"}",
           (struct pair[]){{"event.action", "file_write"},
                           {"TargetFilename", "D:\\s\\a.locked"},
                           {"file.path", "D:\\s\\a.locked"},
                           {"file.name", "a.locked"},
                           {"Image", "C:\\x.exe"},
                           {"User", "bob"},
                           {NULL, NULL}});
    char text[512];
    ok(ir_str_find(sources(b.ev, text, sizeof text), IR_S("file_event")) != IR_NPOS,
       "4663 that writes is a file event");
    expect(&b,
           "{\"EventID\":4663,\"Channel\":\"Security\",\"ObjectType\":\"File\","
           "\"ObjectName\":\"D:\\\\a\",\"AccessMask\":\"0x10000\"}",
           (struct pair[]){{"event.action", "file_delete"}, {NULL, NULL}});
    expect(&b,
           "{\"EventID\":4663,\"Channel\":\"Security\",\"ObjectType\":\"Key\","
           "\"ObjectName\":\"x\",\"AccessMask\":\"0x2\"}",
           (struct pair[]){{"event.action", NULL}, {"TargetFilename", NULL}, {NULL, NULL}});
    expect(&b,
           "{\"EventID\":11,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\","
           "\"TargetFilename\":\"C:\\\\t\\\\x.ps1\",\"Image\":\"C:\\\\w.exe\"}",
           (struct pair[]){
               {"event.action", "file_create"}, {"file.path", "C:\\t\\x.ps1"}, {NULL, NULL}});
    bench_close(&b);
}

static void test_powershell(void)
{
    struct bench b;
    bench_open(&b);
    expect(&b,
           "{\"EventID\":400,\"Channel\":\"Windows PowerShell\",\"Message\":\"Engine "
           "state.\\r\\n\\r\\n"
           "Details: \\r\\n\\tHostName=ConsoleHost\\r\\n\\tHostApplication=powershell -c "
           "x=1\\r\\ny\\r\\n"
           "\\tEngineVersion=5.1\\r\\n\\tCommandPath=\\r\\n\"}",
           (struct pair[]){{"HostName", "ConsoleHost"},
                           {"HostApplication", "powershell -c x=1\r\ny"},
                           {"EngineVersion", "5.1"},
                           {NULL, NULL}});
    expect(&b,
           "{\"Event\":{\"System\":{\"EventID\":600,\"Channel\":\"Windows "
           "PowerShell\"},\"EventData\":{"
           "\"Data\":{\"#text\":[\"Registry\",\"Started\",\"\\tHostApplication=a.exe\\n\"]}}}}",
           (struct pair[]){{"Data", "Registry\nStarted\n\tHostApplication=a.exe\n"},
                           {"HostApplication", "a.exe"},
                           {NULL, NULL}});
    bench_close(&b);
}

static void test_shapes(void)
{
    struct bench b;
    bench_open(&b);
    expect(&b,
           "{\"Event\":{\"System\":{\"EventID\":1116,\"Channel\":\"Microsoft-Windows-Windows "
           "Defender/Operational\"},\"EventData\":{\"Threat "
           "Name\":\"Evil\",\"Path\":\"file:_C:\\\\x\","
           "\"Action Name\":\"Quarantine\"}}}",
           (struct pair[]){{"ThreatName", "Evil"},
                           {"Signature", "Evil"},
                           {"Filename", "file:_C:\\x"},
                           {"Action", "Quarantine"},
                           {NULL, NULL}});
    expect(
        &b,
        "{\"Event\":{\"System\":{\"EventID\":104,\"Channel\":\"System\",\"Computer\":\"h\"},"
        "\"UserData\":{\"LogFileCleared\":{\"#attributes\":{\"xmlns\":\"u\"},\"SubjectUserName\":"
        "\"kato\",\"Channel\":\"Security\",\"BackupPath\":\"\"}}}}",
        (struct pair[]){{"SubjectUserName", "kato"},
                        {"Channel", "System"},
                        {"BackupPath", ""},
                        {"user.name", "kato"},
                        {NULL, NULL}});
    expect(
        &b,
        "{\"EventID\":4625,\"Channel\":\"Security\",\"SubjectUserName\":\"PC$\",\"TargetUserName\":"
        "\"mori\",\"IpAddress\":\"::ffff:198.51.100.7\"}",
        (struct pair[]){{"user.name", "mori"},
                        {"source.ip", "198.51.100.7"},
                        {"event.outcome", "failure"},
                        {NULL, NULL}});
    expect(
        &b,
        "{\"Event_attributes\":{\"xmlns\":\"u\"},\"Event\":{\"System\":{\"Provider_attributes\":{"
        "\"Name\":\"Microsoft-Windows-Sysmon\"},\"EventID\":5,\"TimeCreated_attributes\":{"
        "\"SystemTime\":\"2026-11-22T01:02:03Z\"},\"Execution_attributes\":{\"ProcessID\":7},"
        "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\"},\"EventData\":{\"ProcessId\":9}}}",
        (struct pair[]){{"Provider_Name", "Microsoft-Windows-Sysmon"},
                        {"Execution_ProcessID", "7"},
                        {"ProcessId", "9"},
                        {"process.pid", "9"},
                        {NULL, NULL}});
    is_int(b.ev->time, 1795309323000000000, "time of attributes that stand apart");
    expect(
        &b,
        "{\"Channel\":\"Security\",\"Provider\":\"Microsoft-Windows-Security-Auditing\","
        "\"EventId\":4688,"
        "\"Payload\":\"{\\\"EventData\\\":{\\\"Data\\\":[{\\\"@Name\\\":\\\"NewProcessName\\\","
        "\\\"#text\\\":\\\"C:\\\\\\\\a.exe\\\"}]}}\",\"EventRecordId\":\"77\",\"RecordNumber\":1,"
        "\"Computer\":\"pc\"}",
        (struct pair[]){{"Image", "C:\\a.exe"},
                        {"EventID", "4688"},
                        {"Computer", "pc"},
                        {"EventRecordID", "77"},
                        {NULL, NULL}});
    expect(&b, "{\"EventID\":4624,\"Channel\":\"Security\",\"IpAddress\":\"LOCAL\"}",
           (struct pair[]){{"source.ip", NULL}, {"user.name", NULL}, {NULL, NULL}});
    bench_close(&b);
}

static unsigned count(const struct bench *b, const char *name)
{
    unsigned n = 0;
    for (uint32_t i = 0; i < b->ev->nfields; i++)
        n += b->ev->fields[i].id == ir_names_find(b->names, ir_str_z(name));
    return n;
}

/* Who writes an event may call its data as he likes; it must not answer for System. */
static void test_forged(void)
{
    static const char *const names[] = {"EventID",
                                        "Channel",
                                        "Provider_Name",
                                        "Computer",
                                        "EventRecordID",
                                        "Level",
                                        "Task",
                                        "Opcode",
                                        "Keywords",
                                        "Version",
                                        "EventID",
                                        "Provider_Guid",
                                        "Execution_ProcessID",
                                        "Execution_ThreadID",
                                        "Security_UserID",
                                        "Event ID",
                                        "TimeCreated"};
    struct record r = sample;
    struct bench b;
    memset(r.data, 0, sizeof r.data);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        r.data[i] = (struct pair){names[i], "forged"};
    bench_open(&b);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ir_names_add(b.names, ir_str_z(names[i]));
    ir_names_add(b.names, IR_S("EventData.EventID"));
    ir_names_add(b.names, IR_S("UserData.EventID"));
    ir_event_free(b.ev);
    b.ev = ir_event_new(b.names, &b.arena);
    for (int k = 0; k < NKINDS; k++) {
        if (strcmp(kinds[k], "nxlog") == 0 || strcmp(kinds[k], "Splunk") == 0) continue;
        struct ir_buf json = IR_BUF(1 << 20);
        wrap(&json, k, &r);
        is_int(parse(&b, ir_buf_view(&json)), IR_OK, "%s parses", kinds[k]);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            unsigned n = count(&b, names[i]);
            ok(n <= 1, "%s: %s once, not %u times", kinds[k], names[i], n);
            ok(!ir_str_eq(value(&b, names[i]), IR_S("forged")), "%s: true %s", kinds[k], names[i]);
        }
        is_str(value(&b, "EventID"), "1", "%s: EventID", kinds[k]);
        is_str(value(&b, "EventData.EventID"), "forged", "%s: kept by its path", kinds[k]);
        ir_buf_free(&json);
        ir_arena_reset(&b.arena);
    }
    expect(
        &b,
        "{\"Event\":{\"UserData\":{\"X\":{\"EventID\":1102,\"Computer\":{\"#text\":\"forged\"}}},"
        "\"System\":{\"EventID\":7,\"Channel\":\"Application\",\"Computer\":\"pc\"}}}",
        (struct pair[]){
            {"EventID", "7"}, {"UserData.EventID", "1102"}, {"Computer", "pc"}, {NULL, NULL}});
    expect(&b, "{\"EventID\":7,\"Channel\":\"Application\",\"Level\":\"x\",\"Task\":\"3\"}",
           (struct pair[]){{"Level", "x"}, {"Task", "3"}, {NULL, NULL}});
    bench_close(&b);
}

int main(void)
{
    test_wrappings();
    test_forged();
    test_sources();
    test_security();
    test_powershell();
    test_shapes();
    return done();
}
