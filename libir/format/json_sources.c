/*
 * Log sources of JSON records that are no Windows events: the audit records of cloud services,
 * Kubernetes, Zeek and others, told apart by the leaves that json_sources.def names. Not for
 * Windows: see windows.c.
 */
#include "format/json_sources.h"

enum ir_json_mark ir_json_mark(struct ir_str path)
{
    switch (path.n) {
#define LEN(n) case n:
#define MARK(id, text)                                                                             \
    if (path.n == sizeof text - 1 && memcmp(path.p, text, sizeof text - 1) == 0)                   \
        return IR_JSON_MARK_##id;
#define END break;
#include "format/json_sources.def"
#undef LEN
#undef MARK
#undef END
    default: break;
    }
    return IR_JSON_MARK_NONE;
}

static bool has(const struct ir_json_marks *m, enum ir_json_mark id)
{
    return (m->set >> id & 1) != 0;
}

static bool fits(struct ir_str pattern, struct ir_str value)
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
    if (m->set == 0) return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!has(m, rows[i].mark) || !fits(rows[i].value, m->value[rows[i].mark])) continue;
        if (rows[i].also == IR_JSON_MARK_NONE || has(m, rows[i].also))
            ir_event_source(ev, rows[i].ls);
    }
}
