/*
 * Microsoft Defender's support log (MPLog-….log), after its UTF-16 was decoded. Document: none of
 * Microsoft's; what it writes about threats is stable.
 *
 *     2026-11-22T01:02:03.123Z DETECTIONEVENT MPSOURCE_REALTIME Virus:DOS/EICAR_Test_File
 * file:C:\a; 2026-11-22T01:02:03.123Z DETECTION_ADD Trojan:Win32/X file:C:\a
 *     2026-11-22T01:02:03.123Z DETECTION_CLEANEVENT MPSOURCE_USER MP_THREAT_ACTION_QUARANTINE 0x0 …
 *     2026-11-22T01:02:03.123Z ProcessImageName: a.exe, Pid: 7, TotalTime: 1, …
 *     Begin Resource Scan                      a block of lines without stamps
 *     Threat Name:Virus:DOS/EICAR_Test_File
 *     Resource Path:C:\a
 *     End Scan
 *
 * File names are an attacker's; a name is read to the end of its line.
 */
#include "base/map.h"
#include "format/stamp.h"
#include "format/web_url.h"

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct ir_str *ret_text)
{
    if (rec.n < 26 || rec.p[10] != 'T' || rec.p[19] != '.' || !ir_isdigit(rec.p[0])) return false;
    size_t n = ir_stamp_iso(rec, clock, ev);
    if (n != 24 || rec.p[23] != 'Z' || (rec.p[24] != ' ' && rec.p[24] != '\t')) return false;
    *ret_text = ir_str_skip(rec, 25);
    return true;
}

/* Words that only Defender writes right behind its stamp. */
static bool is_certain(struct ir_str text)
{
    static const struct ir_str starts[] = {IR_S("DETECTION"),
                                           IR_S("ProcessImageName: "),
                                           IR_S("MpEngine"),
                                           IR_S("Engine:"),
                                           IR_S("[RTP] "),
                                           IR_S("SDN:"),
                                           IR_S("EmsEngine"),
                                           IR_S("EMS scan"),
                                           IR_S("Task(SignatureUpdate"),
                                           IR_S("Service launched"),
                                           IR_S("Dynamic signature"),
                                           IR_S("ENGINE:"),
                                           IR_S("ESTIMATED IMPACT"),
                                           IR_S("BM telemetry"),
                                           IR_S("Verifying signature")};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (ir_str_starts(text, starts[i])) return true;
    return false;
}

/* "Virus:DOS/EICAR file:C:\a b;" behind an optional source and action. */
static void detection(struct ir_str word, struct ir_str rest, struct ir_event *ev)
{
    struct ir_str action = word, threat = ir_str_cut(&rest, ' ');
    if (ir_str_starts(threat, IR_S("MPSOURCE_"))) threat = ir_str_cut(&rest, ' ');
    if (ir_str_starts(threat, IR_S("MP_THREAT_ACTION_"))) {
        action = threat;
        ir_str_cut(&rest, ' '); /* a code */
        threat = ir_str_cut(&rest, ' ');
    }
    ir_event_set(ev, IR_F_EVENT_ACTION, action);
    if (ir_str_chr(threat, ':') != IR_NPOS) ir_event_set(ev, IR_F_RULE_NAME, threat);
    size_t at = ir_str_find(rest, IR_S("file:"));
    if (at == IR_NPOS) return;
    struct ir_str path = ir_str_skip(rest, at + 5);
    while (path.n > 0 && (path.p[path.n - 1] == ';' || path.p[path.n - 1] == ' '))
        path.n--;
    if (ir_str_starts(path, IR_S("_"))) path = ir_str_skip(path, 1);
    ir_web_set(ev, IR_F_FILE_PATH, path);
    ir_event_source(ev, IR_LS_ANTIVIRUS);
}

static void impact(struct ir_str text, struct ir_event *ev)
{
    struct ir_str name = ir_str_skip(text, sizeof "ProcessImageName: " - 1);
    size_t end = ir_str_find(name, IR_S(", Pid: "));
    if (end == IR_NPOS) return;
    ir_event_set(ev, IR_F_PROCESS_NAME, ir_str_head(name, end));
    struct ir_str pid = ir_str_skip(name, end + 7);
    ir_web_number(ev, IR_F_PROCESS_PID, ir_str_cut(&pid, ','));
    size_t max = ir_str_find(pid, IR_S(", MaxTimeFile: "));
    if (max == IR_NPOS) return;
    struct ir_str path = ir_str_skip(pid, max + 15);
    size_t stop = ir_str_find(path, IR_S(", EstimatedImpact"));
    ir_web_set(ev, IR_F_FILE_PATH, stop == IR_NPOS ? path : ir_str_head(path, stop));
}

/* A line of a scan's block: only in Defender's own file, since it has no time and no name. */
static int block_line(struct ir_str rec, struct ir_event *ev)
{
    static const struct {
        struct ir_str start;
        uint32_t id;
    } keys[] = {{IR_S("Threat Name:"), IR_F_RULE_NAME},
                {IR_S("Resource Path:"), IR_F_FILE_PATH},
                {IR_S("Scan Source:"), IR_F_NONE},
                {IR_S("Scan ID:"), IR_F_NONE},
                {IR_S("Begin Resource Scan"), IR_F_NONE},
                {IR_S("End Scan"), IR_F_NONE},
                {IR_S("Start Time:"), IR_F_NONE},
                {IR_S("End Time:"), IR_F_NONE},
                {IR_S("Explicit resource to scan"), IR_F_NONE},
                {IR_S("Resource Schema:"), IR_F_NONE},
                {IR_S("Result Count:"), IR_F_NONE},
                {IR_S("Known File Count:"), IR_F_NONE},
                {IR_S("Unknown File Count:"), IR_F_NONE},
                {IR_S("Number of Resources:"), IR_F_NONE},
                {IR_S("Severity:"), IR_F_EVENT_SEVERITY},
                {IR_S("Extended Info:"), IR_F_NONE},
                {IR_S("ID:"), IR_F_NONE}};
    while (rec.n > 0 && (rec.p[rec.n - 1] == '\r' || rec.p[rec.n - 1] == ' '))
        rec.n--;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!ir_str_starts(rec, keys[i].start)) continue;
        ir_event_set(ev, IR_F_MESSAGE, rec);
        ir_event_source(ev, IR_LS_WIN_DEFENDER_TEXT);
        if (keys[i].id == IR_F_NONE) return IR_OK;
        ir_web_set(ev, keys[i].id, ir_str_skip(rec, keys[i].start.n));
        if (keys[i].id != IR_F_RULE_NAME) return IR_OK;
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("threat_found"));
        ir_event_source(ev, IR_LS_ANTIVIRUS);
        return IR_OK;
    }
    return IR_BAD;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str text, rest;
    bool own = p->fmt != NULL && ir_str_eq(ir_str_z(p->fmt->name), IR_S("mplog"));
    if (!accept(rec, &p->clock, ev, &text)) return own ? block_line(rec, ev) : IR_BAD;
    if (!own && !is_certain(text)) return IR_BAD;
    ir_event_set(ev, IR_F_MESSAGE, text);
    ir_event_source(ev, IR_LS_WIN_DEFENDER_TEXT);
    rest = text;
    struct ir_str word = ir_str_cut(&rest, ' ');
    if (ir_str_starts(word, IR_S("DETECTION")) && rest.p != NULL) detection(word, rest, ev);
    if (ir_str_starts(text, IR_S("ProcessImageName: "))) impact(text, ev);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    struct ir_str rest = head;
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    int certain = 0, stamped = 0;
    for (int i = 0; i < 64 && rest.p != NULL; i++) {
        struct ir_str text, line = ir_str_cut(&rest, '\n');
        bool good = accept(line, &clock, &scratch, &text);
        stamped += good;
        certain += good && is_certain(text);
    }
    return certain == 0 ? 0 : certain * 2 >= stamped ? 94 : 88;
}

const struct ir_format ir_format_mplog = {
    .name = "mplog",
    .title = N_("Microsoft Defender's support log (MPLog)"),
    .flags = IR_FMT_STRAYS,
    .bid = bid,
    .parse = parse,
};
