/*
 * Log sources of JSON records that are no Windows events: the audit records of cloud services,
 * Kubernetes, Zeek and others, told apart by the leaves that json_marks.def names. Not for
 * Windows: see windows.c.
 */
#include "format/json_sources.h"

#include "format/zeek.h"

enum ir_json_mark ir_json_mark(struct ir_str path)
{
    switch (path.n) {
#define LEN(n) case n:
#define MARK(id, text)                                                                             \
    if (memcmp(path.p, text, sizeof text - 1) == 0) return IR_JSON_MARK_##id;
#define END break;
#include "format/json_marks.def"
#undef LEN
#undef MARK
#undef END
    default: break;
    }
    return IR_JSON_MARK_NONE;
}

bool ir_json_fits(struct ir_str pattern, struct ir_str value)
{
    if (pattern.n == 0) return true;
    if (pattern.p[0] == '*') {
        size_t n = pattern.n - 1;
        return value.n >= n && ir_str_ieq(ir_str_skip(value, value.n - n), ir_str_skip(pattern, 1));
    }
    if (pattern.p[pattern.n - 1] == '*')
        return ir_str_istarts(value, ir_str_head(pattern, pattern.n - 1));
    return ir_str_ieq(pattern, value);
}

/* Zeek writes no "_path" unless it is told to: the columns that only one log has. */
static struct ir_str zeek_path(const struct ir_json_marks *m)
{
    static const struct {
        enum ir_json_mark mark;
        struct ir_str path;
    } shapes[] = {{IR_JSON_MARK_ZEEK_SHAPE_CONN, IR_S("conn")},
                  {IR_JSON_MARK_ZEEK_SHAPE_HTTP, IR_S("http")},
                  {IR_JSON_MARK_ZEEK_SHAPE_DNS, IR_S("dns")},
                  {IR_JSON_MARK_ZEEK_SHAPE_KERBEROS, IR_S("kerberos")},
                  {IR_JSON_MARK_ZEEK_SHAPE_DCE, IR_S("dce_rpc")},
                  {IR_JSON_MARK_ZEEK_SHAPE_RDP, IR_S("rdp")},
                  {IR_JSON_MARK_ZEEK_SHAPE_SSH, IR_S("ssh")},
                  {IR_JSON_MARK_ZEEK_SHAPE_NTLM, IR_S("ntlm")},
                  {IR_JSON_MARK_ZEEK_SHAPE_SMB, IR_S("smb_files")},
                  {IR_JSON_MARK_ZEEK_SHAPE_SSL, IR_S("ssl")},
                  {IR_JSON_MARK_ZEEK_NOTE, IR_S("notice")}};
    if (ir_json_marks_has(m, IR_JSON_MARK_ZEEK_PATH)) return m->value[IR_JSON_MARK_ZEEK_PATH];
    if (ir_json_marks_has(m, IR_JSON_MARK_ZEEK_SHAPE_X509)) return IR_S("x509");
    if (!ir_json_marks_has(m, IR_JSON_MARK_ZEEK_UID) ||
        !ir_json_marks_has(m, IR_JSON_MARK_ZEEK_SRC))
        return ir_str_n(NULL, 0);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (ir_json_marks_has(m, shapes[i].mark)) return shapes[i].path;
    return ir_str_n("", 0);
}

void ir_json_sources(const struct ir_json_marks *m, struct ir_event *ev)
{
    static const struct {
        enum ir_logsource_id ls;
        enum ir_json_mark mark, also;
        struct ir_str value;
    } rows[] = {
#define SOURCE(ls, mark, value, also)                                                              \
    {IR_LS_##ls, IR_JSON_MARK_##mark, IR_JSON_MARK_##also, {value, sizeof value - 1}},
#include "format/json_sources.def"
#undef SOURCE
    };
    uint64_t any = 0;
    for (unsigned i = 0; i < IR_JSON_MARK_WORDS; i++)
        any |= m->set[i];
    if (any == 0) return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!ir_json_marks_has(m, rows[i].mark)) continue;
        if (!ir_json_fits(rows[i].value, m->value[rows[i].mark])) continue;
        if (rows[i].also == IR_JSON_MARK_NONE || ir_json_marks_has(m, rows[i].also))
            ir_event_source(ev, rows[i].ls);
    }
    struct ir_str path = zeek_path(m);
    if (path.p != NULL) ir_zeek_sources(path, ev);
    if (ev->views[0].nsources > 0) ir_json_ecs(m, ev);
}
