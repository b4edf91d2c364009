/*
 * One parser and one event for the syslog tests: a line in, fields out. Not for other tests.
 */
#ifndef IR_TESTS_SYSLOG_TEST_H
#define IR_TESTS_SYSLOG_TEST_H

#include "base/time.h"
#include "format/format.h"
#include "tap.h"

struct lines {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser parser;
    const struct ir_format *took;
};

static inline void lines_open(struct lines *t, const char *format, int64_t anchor_s)
{
    t->arena = IR_ARENA(1 << 24);
    t->names = ir_names_new();
    t->ev = ir_event_new(t->names, &t->arena);
    t->ev->want_all = true;
    ir_parser_open(&t->parser, ir_format_by_name(ir_str_z(format)), t->names);
    t->parser.clock.anchor = anchor_s * IR_NS;
}

static inline void lines_close(struct lines *t)
{
    ir_parser_close(&t->parser);
    ir_event_free(t->ev);
    ir_names_free(t->names);
    ir_arena_free(&t->arena);
}

/* Parses one line (without line end) by the fallback chain. */
static inline void line(struct lines *t, const char *text)
{
    struct ir_str rec = ir_str_z(text);
    ir_arena_reset(&t->arena);
    ir_event_begin(t->ev, rec, 0, 1);
    ir_parser_record(&t->parser, rec, t->ev, &t->took);
}

static inline struct ir_str field(const struct lines *t, uint32_t id)
{
    return ir_event_get(t->ev, id, 0);
}

/* By name, also of fields that have no number. */
static inline struct ir_str field_named(const struct lines *t, const char *name)
{
    for (uint32_t i = 0; i < t->ev->nfields; i++) {
        const struct ir_field *f = &t->ev->fields[i];
        struct ir_str n = f->id != IR_F_NONE ? ir_names_text(t->names, f->id) : f->name;
        if (ir_str_eq(n, ir_str_z(name))) return f->val;
    }
    return ir_str_n(NULL, 0);
}

static inline bool has_source(const struct lines *t, enum ir_logsource_id ls)
{
    for (uint32_t v = 0; v < t->ev->nviews; v++)
        for (unsigned i = 0; i < t->ev->views[v].nsources; i++)
            if (t->ev->views[v].sources[i] == ls) return true;
    return false;
}

/* What keeps a scan from missing the event: its values stand in the record and its log sources are
 * the format's, or the record is always parsed. */
static inline bool is_searchable(const struct lines *t)
{
    if (ir_format_must_parse(t->took, t->ev->raw)) return true;
    for (uint32_t v = 0; v < t->ev->nviews; v++)
        for (unsigned i = 0; i < t->ev->views[v].nsources; i++)
            if (!ir_format_may_be(t->took, t->ev->raw, t->ev->views[v].sources[i])) return false;
    return t->ev->verbatim;
}

/* "user|ip|outcome|action" of `tag: msg`; "-" for what is not there. */
static inline void says(struct lines *t, const char *tag, const char *msg, const char *want)
{
    static const uint32_t ids[] = {IR_F_USER_NAME, IR_F_SOURCE_IP, IR_F_EVENT_OUTCOME,
                                   IR_F_EVENT_ACTION};
    static char text[2048]; /* the fields are views of it, read after this returns */
    char got[1024];
    size_t n = 0;
    snprintf(text, sizeof text, "Nov  2 01:02:03 web %s: %s", tag, msg);
    line(t, text);
    for (size_t i = 0; i < 4; i++) {
        struct ir_str v = field(t, ids[i]);
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", i ? "|" : "", (int)(v.p ? v.n : 1),
                              v.p ? v.p : "-");
    }
    is_str(ir_str_z(got), want, "%s: %s", tag, msg);
    ok(is_searchable(t), "  a scan cannot miss it");
}

/* The event's time as RFC 3339, or "-". */
static inline const char *when(const struct lines *t, char buf[IR_TIME_TEXT])
{
    if (!(t->ev->flags & IR_EV_TIME)) return "-";
    ir_time_rfc3339(t->ev->time, buf);
    return buf;
}

#endif
