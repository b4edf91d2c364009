/*
 * One event as a line of `ir parse`: a flat JSON object, ECS names first, then what the record
 * itself calls its fields. The contract is in the README.
 *
 * An event can be several things at once (views) and a record can repeat names, also those that we
 * print ourselves; a JSON object must not. So fields are grouped by name first: the base view wins,
 * then the first view that has the name; several values in that view become an array. A record's
 * own field that is named like one of ours moves to "ir.record.NAME".
 */
#include "event/event.h"
#include "base/json.h"
#include "base/map.h"
#include "base/utf8.h"
#include "report/json_out.h"
#include "report/writer.h"

#define NONE       UINT16_MAX
#define TABLE_MAX  (2 * IR_EVENT_FIELDS_MAX) /* a power of two, at most half full */
#define NUMBER_MAX 15u                       /* digits that every JSON reader keeps exactly */

_Static_assert((TABLE_MAX & (TABLE_MAX - 1)) == 0 && IR_EVENT_FIELDS_MAX < NONE,
               "see struct groups");

struct group {
    struct ir_str name;
    uint32_t id;
    uint16_t view;
    uint16_t first, last; /* fields of the view that won */
};

struct groups {
    const struct ir_event *ev;
    uint32_t n;
    struct group g[IR_EVENT_FIELDS_MAX];
    uint16_t next[IR_EVENT_FIELDS_MAX]; /* field → next field of its group */
    uint16_t by_id[IR_F_STATIC_MAX];    /* static field → group */
    uint16_t table[TABLE_MAX];          /* open addressing; only the first mask + 1 are in use */
    uint32_t mask;
};

/* A name that is not UTF-8 as the JSON writer will print it, so that "a\xff" and "a\xfe" are found
 * to be one key before they become one in the output. */
static struct ir_str printable_name(const struct ir_event *ev, struct ir_str name)
{
    char *p = name.n < SIZE_MAX / 3 ? ir_arena_alloc(ev->arena, 3 * name.n) : NULL;
    if (p == NULL) return IR_S("ir.unnamed");
    size_t n = 0;
    while (name.n > 0) {
        int32_t cp;
        size_t len = ir_utf8_decode(name, &cp);
        n += ir_utf8_encode(cp < 0 ? 0xfffd : (uint32_t)cp, p + n);
        name = ir_str_skip(name, len);
    }
    return ir_str_n(p, n);
}

static struct ir_str field_name(const struct ir_event *ev, const struct ir_field *f)
{
    struct ir_str name = f->id == IR_F_NONE ? f->name : ir_names_text(ev->names, f->id);
    return ir_utf8_valid(name) ? name : printable_name(ev, name);
}

/* The group of that name, made when it is new (then first is NONE). */
static struct group *group_of(struct groups *gs, struct ir_str name)
{
    uint32_t at = (uint32_t)ir_hash(name, 0) & gs->mask;
    for (; gs->table[at] != NONE; at = (at + 1) & gs->mask)
        if (ir_str_eq(gs->g[gs->table[at]].name, name)) return &gs->g[gs->table[at]];
    gs->table[at] = (uint16_t)gs->n;
    struct group *g = &gs->g[gs->n++];
    *g = (struct group){.name = name, .first = NONE, .last = NONE};
    return g;
}

static void add_field(struct groups *gs, uint32_t i)
{
    const struct ir_field *f = &gs->ev->fields[i];
    struct ir_str name = field_name(gs->ev, f);
    if (name.n == 0 && f->id != IR_F_NONE) return;
    struct group *g = group_of(gs, name);
    gs->next[i] = NONE;
    if (g->first == NONE || (f->view == 0 && g->view != 0)) {
        g->first = g->last = (uint16_t)i;
        g->view = f->view;
        g->id = f->id;
    } else if (f->view == g->view) {
        gs->next[g->last] = (uint16_t)i;
        g->last = (uint16_t)i;
    }
    if (f->id < IR_F_STATIC_MAX) gs->by_id[f->id] = (uint16_t)(g - gs->g);
}

static void group_fields(struct groups *gs, const struct ir_event *ev)
{
    uint32_t size = 16;
    while (size < 2 * ev->nfields)
        size *= 2;
    gs->ev = ev;
    gs->n = 0;
    gs->mask = size - 1;
    memset(gs->table, 0xff, size * sizeof *gs->table);
    memset(gs->by_id, 0xff, sizeof gs->by_id);
    for (uint32_t i = 0; i < ev->nfields; i++)
        if (ev->fields[i].type != IR_V_CONTAINER) add_field(gs, i);
}

/* Steps *i over digits; false when there was none. */
static bool digits(struct ir_str s, size_t *i)
{
    size_t start = *i;
    while (*i < s.n && ir_isdigit(s.p[*i]))
        (*i)++;
    return *i > start;
}

/* RFC 8259 number, and nothing else. */
static bool is_json_number(struct ir_str s)
{
    size_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    size_t start = i;
    if (!digits(s, &i) || (s.p[start] == '0' && i > start + 1)) return false;
    if (i < s.n && s.p[i] == '.') {
        i++;
        if (!digits(s, &i)) return false;
    }
    if (i < s.n && ir_lower(s.p[i]) == 'e') {
        i++;
        if (i < s.n && (s.p[i] == '+' || s.p[i] == '-')) i++;
        if (!digits(s, &i)) return false;
    }
    return i == s.n;
}

/* Names that ECS types as numbers, whatever type the parser gave the value. */
static bool wants_number(struct ir_str name)
{
    static const struct ir_str ends[] = {
        {".port", 5},
        {".pid", 4},
        {".bytes", 6},
        {".status_code", 12},
        {".exit_code", 10},
        {"process.thread.id", 17},
        {"log.syslog.priority", 19},
        {"event.duration", 14},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ir_str_ends(name, ends[i])) return true;
    return false;
}

static bool is_plain_number(struct ir_str s)
{
    if (s.n == 0 || s.n > NUMBER_MAX || (s.p[0] == '0' && s.n > 1)) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i])) return false;
    return true;
}

static void value(struct ir_buf *out, struct ir_str name, const struct ir_field *f)
{
    bool bare = false;
    switch (f->type) {
    case IR_V_NULL: ir_buf_str(out, IR_S("null")); return;
    case IR_V_NUMBER: bare = is_json_number(f->val); break;
    case IR_V_BOOL:
        bare = ir_str_eq(f->val, IR_S("true")) || ir_str_eq(f->val, IR_S("false"));
        break;
    default: bare = wants_number(name) && is_plain_number(f->val); break;
    }
    if (bare)
        ir_buf_str(out, f->val);
    else
        ir_json_write_str(out, f->val);
}

static void values(struct ir_buf *out, const struct groups *gs, const struct group *g)
{
    bool list = gs->next[g->first] != NONE;
    if (list) ir_buf_chr(out, '[');
    for (uint32_t i = g->first; i != NONE; i = gs->next[i]) {
        if (i != g->first) ir_buf_chr(out, ',');
        value(out, g->name, &gs->ev->fields[i]);
    }
    if (list) ir_buf_chr(out, ']');
}

/* ECS names have a dot; native names of records ("type", "EventID") stand at the end. */
static bool is_ecs(const struct group *g)
{
    return g->id != IR_F_NONE && g->id < IR_F_STATIC_MAX && g->id != IR_F_MESSAGE &&
           ir_str_chr(g->name, '.') != IR_NPOS;
}

/* Keys that this file prints itself, and the prefix under which such keys of records go. */
static bool is_ours(struct ir_str name)
{
    static const char *const keys[] = {
        "@timestamp",   "log.file.path",         "log.offset",         "log.line",   "ir.format",
        "ir.record",    "ir.time.year_inferred", "ir.time.zone_known", "ir.damaged", "ir.damage",
        "ir.truncated", "ir.unrecognised",       "ir.logsources",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ir_str_eq(name, ir_str_z(keys[i]))) return true;
    return ir_str_starts(name, IR_S("ir.record."));
}

static void others(struct ir_buf *out, bool *first, const struct groups *gs)
{
    for (uint32_t i = 0; i < gs->n; i++) {
        const struct group *g = &gs->g[i];
        if (is_ecs(g) || g->id == IR_F_MESSAGE || ir_str_eq(g->name, IR_S("message"))) continue;
        if (!is_ours(g->name)) {
            ir_json_write_key(out, first, g->name);
        } else {
            struct ir_buf name = IR_BUF(256 + g->name.n);
            ir_buf_str(&name, IR_S("ir.record."));
            ir_buf_str(&name, g->name);
            if (name.full) out->full = true;
            ir_json_write_key(out, first, ir_buf_view(&name));
            ir_buf_free(&name);
        }
        values(out, gs, g);
    }
}

static void logsources(struct ir_buf *out, bool *first, const struct ir_event *ev)
{
    bool seen[IR_LS_LIMIT] = {false};
    bool any = false;
    char text[128];
    for (uint32_t v = 0; v < ev->nviews; v++) {
        for (unsigned i = 0; i < ev->views[v].nsources; i++) {
            unsigned id = ev->views[v].sources[i];
            if (id == IR_LS_NONE || id >= IR_LS_LIMIT || seen[id]) continue;
            seen[id] = true;
            if (!any) ir_json_write_key(out, first, IR_S("ir.logsources"));
            ir_buf_chr(out, any ? ',' : '[');
            any = true;
            ir_logsource_text(ir_names_source(ev->names, (uint16_t)id), text, sizeof text);
            ir_json_write_str(out, ir_str_z(text));
        }
    }
    if (any) ir_buf_chr(out, ']');
}

static void about_record(struct ir_buf *out, bool *first, const struct ir_event *ev,
                         const char *path, const char *format)
{
    ir_out_text(out, first, "log.file.path", ir_str_z(path));
    ir_out_u64(out, first, "log.offset", ev->nviews > 0 ? ev->views[0].offset : 0);
    ir_out_u64(out, first, "log.line", ev->nviews > 0 ? ev->views[0].line : 0);
    ir_out_text(out, first, "ir.format", ir_str_z(format));
    if (ev->record.n > 0) ir_out_text(out, first, "ir.record", ev->record);
    if (ev->flags & IR_EV_YEAR_INFERRED) ir_out_raw(out, first, "ir.time.year_inferred", "true");
    if ((ev->flags & IR_EV_TIME) && !(ev->flags & IR_EV_ZONE_KNOWN))
        ir_out_raw(out, first, "ir.time.zone_known", "false");
    if (ev->flags & IR_EV_DAMAGED) {
        ir_out_raw(out, first, "ir.damaged", "true");
        if (ev->damage != NULL) ir_out_text(out, first, "ir.damage", ir_str_z(ev->damage));
    }
    if (ev->flags & IR_EV_TRUNCATED) ir_out_raw(out, first, "ir.truncated", "true");
    if (ev->flags & IR_EV_UNRECOGNISED) ir_out_raw(out, first, "ir.unrecognised", "true");
    logsources(out, first, ev);
}

void ir_write_event(struct ir_buf *out, const struct ir_event *ev, const char *path,
                    const char *format)
{
    struct groups gs;
    bool first = true;
    group_fields(&gs, ev);
    ir_buf_chr(out, '{');
    ir_out_time(out, &first, "@timestamp", (ev->flags & IR_EV_TIME) != 0, ev->time);
    for (uint32_t id = 1; id < IR_F_STATIC_MAX; id++) {
        if (gs.by_id[id] == NONE || !is_ecs(&gs.g[gs.by_id[id]])) continue;
        ir_json_write_key(out, &first, gs.g[gs.by_id[id]].name);
        values(out, &gs, &gs.g[gs.by_id[id]]);
    }
    ir_json_write_key(out, &first, IR_S("message"));
    if (gs.by_id[IR_F_MESSAGE] != NONE)
        values(out, &gs, &gs.g[gs.by_id[IR_F_MESSAGE]]);
    else /* nothing is nearer to a message than the record itself */
        ir_json_write_str(out, ev->raw);
    about_record(out, &first, ev, path, format);
    others(out, &first, &gs);
    ir_buf_add(out, "}\n", 2);
}
