/*
 * Sigma's field names for events of the Windows Security and PowerShell logs, whose own fields are
 * called otherwise than Sysmon's: process creation (4688), permitted connections (5156), registry
 * values (4657), files (4663), antivirus findings and the text of PowerShell 400, 600 and 800. Each
 * field is made only when somebody asks for its name and the record has none of it. Not for the
 * choice of log sources: see windows.c.
 */
#include <inttypes.h>
#include <stdio.h>

#include "format/windows.h"

/* a, a separator and b in the arena. */
static struct ir_str join(struct ir_event *ev, struct ir_str a, char sep, struct ir_str b)
{
    char *out = ir_arena_alloc(ev->arena, a.n + b.n + 1);
    if (out == NULL || a.n == 0 || b.n == 0) return a.n ? a : b;
    memcpy(out, a.p, a.n);
    out[a.n] = sep;
    memcpy(out + a.n + 1, b.p, b.n);
    return ir_str_n(out, a.n + b.n + 1);
}

static bool wanted(const struct ir_event *ev, struct ir_str name)
{
    return ev->want_all || ir_names_find(ev->names, name) != IR_F_NONE;
}

static void copy(struct ir_windows *w, struct ir_event *ev, enum ir_win_slot slot,
                 struct ir_str name)
{
    if ((w->set & UINT64_C(1) << slot) == 0 || !wanted(ev, name)) return;
    ir_windows_add(ev, name, ir_windows_get(w, slot, ev));
}

static void subject_as_user(struct ir_windows *w, struct ir_event *ev)
{
    if (ir_event_first(ev, IR_F_SG_USER, 0) != IR_NOFIELD) return;
    struct ir_str user = ir_windows_get(w, IR_WIN_SUBJECT_USER, ev);
    struct ir_str domain = ir_windows_get(w, IR_WIN_SUBJECT_DOMAIN, ev);
    if (user.n > 0) ir_windows_add(ev, IR_S("User"), join(ev, domain, '\\', user));
}

static struct ir_str integrity_level(struct ir_str label)
{
    static const struct {
        struct ir_str sid, level;
    } rows[] = {
        {IR_S("S-1-16-0"), IR_S("Untrusted")},  {IR_S("S-1-16-4096"), IR_S("Low")},
        {IR_S("S-1-16-8192"), IR_S("Medium")},  {IR_S("S-1-16-8448"), IR_S("Medium")},
        {IR_S("S-1-16-12288"), IR_S("High")},   {IR_S("S-1-16-16384"), IR_S("System")},
        {IR_S("S-1-16-20480"), IR_S("System")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ir_str_eq(rows[i].sid, label)) return rows[i].level;
    return ir_str_n(NULL, 0);
}

static void process_created(struct ir_windows *w, struct ir_event *ev)
{
    copy(w, ev, IR_WIN_NEW_IMAGE, IR_S("Image"));
    copy(w, ev, IR_WIN_PARENT_NAME, IR_S("ParentImage"));
    copy(w, ev, IR_WIN_PID, IR_S("ParentProcessId")); /* 4688 calls the creator ProcessId */
    copy(w, ev, IR_WIN_SUBJECT_LOGON, IR_S("LogonId"));
    subject_as_user(w, ev);
    ir_windows_add(ev, IR_S("IntegrityLevel"),
                   integrity_level(ir_windows_get(w, IR_WIN_MANDATORY_LABEL, ev)));
}

static void connection(struct ir_windows *w, struct ir_event *ev)
{
    struct ir_str direction = ir_windows_get(w, IR_WIN_DIRECTION, ev);
    copy(w, ev, IR_WIN_APPLICATION, IR_S("Image"));
    copy(w, ev, IR_WIN_SOURCE_IP, IR_S("SourceIp"));
    copy(w, ev, IR_WIN_DEST_IP, IR_S("DestinationIp"));
    copy(w, ev, IR_WIN_DEST_PORT, IR_S("DestinationPort"));
    if (ir_str_eq(direction, IR_S("%%14593")))
        ir_windows_add(ev, IR_S("Initiated"), IR_S("true"));
    else if (ir_str_eq(direction, IR_S("%%14592")))
        ir_windows_add(ev, IR_S("Initiated"), IR_S("false"));
}

/* \REGISTRY\MACHINE\… → HKLM\…, as Sysmon writes it. */
static struct ir_str registry_path(struct ir_event *ev, struct ir_str path)
{
    static const struct {
        struct ir_str native, hive;
    } rows[] = {{IR_S("\\REGISTRY\\MACHINE\\"), IR_S("HKLM")},
                {IR_S("\\REGISTRY\\USER\\"), IR_S("HKU")}};
    for (size_t i = 0; i < 2; i++)
        if (ir_str_istarts(path, rows[i].native))
            return join(ev, rows[i].hive, '\\', ir_str_skip(path, rows[i].native.n));
    return path;
}

/* Sysmon writes "DWORD (0x00000001)" where 4657 writes the number and its type. */
static struct ir_str registry_value(struct ir_event *ev, struct ir_str value, struct ir_str type)
{
    bool dword = ir_str_eq(type, IR_S("%%1876")), qword = ir_str_eq(type, IR_S("%%1883"));
    uint64_t v;
    char *out = NULL;
    if ((!dword && !qword) || !ir_str_u64(value, &v)) return value;
    if ((out = ir_arena_alloc(ev->arena, 40)) == NULL) return value;
    int n = dword ? snprintf(out, 40, "DWORD (0x%08" PRIx64 ")", v)
                  : snprintf(out, 40, "QWORD (0x%08" PRIx64 "-0x%08" PRIx64 ")", v >> 32,
                             v & UINT32_MAX);
    return ir_str_n(out, n > 0 ? (size_t)n : 0);
}

static void registry_value_set(struct ir_windows *w, struct ir_event *ev)
{
    struct ir_str path = registry_path(ev, ir_windows_get(w, IR_WIN_OBJECT_NAME, ev));
    struct ir_str name = ir_windows_get(w, IR_WIN_OBJECT_VALUE, ev);
    bool deleted = ir_str_eq(ir_windows_get(w, IR_WIN_OPERATION, ev), IR_S("%%1906"));
    if (path.n > 0) ir_windows_add(ev, IR_S("TargetObject"), join(ev, path, '\\', name));
    ir_windows_add(ev, IR_S("Details"),
                   registry_value(ev, ir_windows_get(w, IR_WIN_NEW_VALUE, ev),
                                  ir_windows_get(w, IR_WIN_NEW_VALUE_TYPE, ev)));
    ir_windows_add(ev, IR_S("EventType"), deleted ? IR_S("DeleteValue") : IR_S("SetValue"));
    copy(w, ev, IR_WIN_PROCESS_NAME, IR_S("Image"));
    subject_as_user(w, ev);
}

const char *ir_windows_file_access(struct ir_windows *w, struct ir_event *ev)
{
    static const struct {
        uint32_t right;
        const char *action;
    } rows[] = {
        {0x10000, "file_delete"},       /* DELETE */
        {0x6, "file_write"},            /* WriteData, AppendData */
        {0x40, "file_delete"},          /* DeleteChild, of a directory */
        {0xC0000, "permission_change"}, /* WRITE_DAC, WRITE_OWNER */
        {0x1, "file_read"},
    };
    struct ir_str mask = ir_windows_get(w, IR_WIN_ACCESS_MASK, ev);
    uint32_t v = 0;
    if (!ir_str_ieq(ir_windows_get(w, IR_WIN_OBJECT_TYPE, ev), IR_S("File"))) return NULL;
    if (ir_str_istarts(mask, IR_S("0x"))) mask = ir_str_skip(mask, 2);
    if (mask.n == 0 || mask.n > 8) return NULL;
    for (size_t i = 0; i < mask.n; i++) {
        int h = ir_hexval(mask.p[i]);
        if (h < 0) return NULL;
        v = v << 4 | (uint32_t)h;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (v & rows[i].right) return rows[i].action;
    return NULL;
}

/* 4663 of a file under Sysmon's names. */
static void file_accessed(struct ir_windows *w, struct ir_event *ev)
{
    if (ir_windows_file_access(w, ev) == NULL) return;
    copy(w, ev, IR_WIN_OBJECT_NAME, IR_S("TargetFilename"));
    copy(w, ev, IR_WIN_PROCESS_NAME, IR_S("Image"));
    subject_as_user(w, ev);
}

/* The length of a "Key=" of PowerShell's details at the start of a line, or 0. Only names that
 * PowerShell writes: a command line over several lines may hold other words before a '='. */
static size_t detail_key(struct ir_str line)
{
    static const struct ir_str keys[] = {
        IR_S("HostApplication"), IR_S("HostName"),
        IR_S("HostVersion"),     IR_S("HostId"),
        IR_S("EngineVersion"),   IR_S("RunspaceId"),
        IR_S("PipelineId"),      IR_S("CommandName"),
        IR_S("CommandType"),     IR_S("CommandPath"),
        IR_S("CommandLine"),     IR_S("ScriptName"),
        IR_S("NewEngineState"),  IR_S("PreviousEngineState"),
        IR_S("ProviderName"),    IR_S("NewProviderState"),
        IR_S("SequenceNumber"),  IR_S("UserId"),
        IR_S("DetailSequence"),  IR_S("DetailTotal"),
    };
    size_t at = ir_str_chr(ir_str_head(line, 20), '=');
    if (at == IR_NPOS) return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ir_str_eq(keys[i], ir_str_head(line, at))) return at;
    return 0;
}

static struct ir_str strip(struct ir_str s)
{
    while (s.n > 0 && (unsigned char)s.p[0] <= ' ')
        s = ir_str_skip(s, 1);
    while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
        s.n--;
    return s;
}

static void add_detail(struct ir_event *ev, struct ir_str pair)
{
    size_t at = ir_str_chr(pair, '=');
    if (at == IR_NPOS) return;
    struct ir_str value = strip(ir_str_skip(pair, at + 1));
    if (value.n > 0) ir_windows_add(ev, ir_str_head(pair, at), value);
}

static void powershell_details(struct ir_event *ev, struct ir_str text)
{
    struct ir_str pair = ir_str_n(NULL, 0); /* "Key=value", its value may go over lines */
    while (text.p != NULL) {
        const char *start = text.p;
        struct ir_str line = ir_str_cut(&text, '\n');
        const char *end = line.p + line.n;
        bool section = ir_str_starts(line, IR_S("Details:")); /* 800: what follows is free text */
        while (line.n > 0 && (unsigned char)line.p[0] <= ' ')
            line = ir_str_skip(line, 1);
        if (detail_key(line) == 0 && !section) continue;
        if (pair.p != NULL) add_detail(ev, ir_str_n(pair.p, (size_t)(start - pair.p)));
        pair = section ? ir_str_n(NULL, 0) : ir_str_n(line.p, (size_t)(end - line.p));
    }
    if (pair.p == NULL) return;
    add_detail(ev, pair);
}

static void powershell_classic(struct ir_windows *w, struct ir_event *ev)
{
    struct ir_str text = ir_windows_get(w, IR_WIN_DATA, ev);
    if (text.p == NULL) {
        /* shippers that render the message drop the values it was made of */
        text = ir_windows_get(w, IR_WIN_MESSAGE, ev);
        ir_windows_add(ev, IR_S("Data"), text);
    }
    powershell_details(ev, text);
}

static void antivirus(struct ir_windows *w, struct ir_event *ev)
{
    copy(w, ev, IR_WIN_THREAT_NAME, IR_S("Signature"));
    copy(w, ev, IR_WIN_THREAT_PATH, IR_S("Filename"));
    copy(w, ev, IR_WIN_THREAT_ACTION, IR_S("Action"));
}

void ir_windows_derive(struct ir_windows *w, struct ir_event *ev, enum ir_logsource_id service)
{
    if (service == IR_LS_WIN_SECURITY) {
        if (w->event_id == 4688) process_created(w, ev);
        if (w->event_id == 5156) connection(w, ev);
        if (w->event_id == 4663) file_accessed(w, ev);
        if (w->event_id == 4657) registry_value_set(w, ev);
    } else if (service == IR_LS_WIN_POWERSHELL_CLASSIC) {
        powershell_classic(w, ev);
    } else if (service == IR_LS_WIN_WINDEFEND) {
        antivirus(w, ev);
    } else if (service == IR_LS_RPC_FIREWALL) {
        copy(w, ev, IR_WIN_CHANNEL, IR_S("EventLog"));
    }
}
