/*
 * Records of a described format at run time: bids, cutting, parsing. See described.h.
 *
 * A record is given to the patterns in the file's order; the first that fits and whose values are
 * of the types that the file asks for makes the event. What no pattern fits is refused, so that the
 * next format and at last plain text takes it. A pattern that gives up (too many steps: somebody
 * wrote a line against it) leaves the record as damaged, with its text.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "base/ip.h"
#include "base/map.h"
#include "format/described_int.h"

#define BID_LINES 32u

struct state { /* one parser's */
    struct ir_regex_room room;
    uint32_t id[IR_DESCRIBED_NAMES_MAX]; /* of d->names in this run's table */
};

/* What became of a record. */
struct fit {
    const struct ir_described_pattern *pattern;
    bool gave_up;
    uint64_t groups; /* bit set of p->group that have a value */
};

static int open_state(struct ir_parser *p)
{
    const struct ir_described *d = p->fmt->described;
    struct state *st = calloc(1, sizeof *st);
    if (st == NULL) return IR_FATAL;
    if (!ir_regex_room_open(&st->room, d->most_groups)) {
        ir_regex_room_close(&st->room);
        free(st);
        return IR_FATAL;
    }
    for (uint32_t i = 0; i < d->nnames; i++)
        st->id[i] = ir_names_find(p->names, d->names[i]);
    p->state = st;
    return IR_OK;
}

static void close_state(struct ir_parser *p)
{
    struct state *st = p->state;
    if (st == NULL) return;
    ir_regex_room_close(&st->room);
    free(st);
    p->state = NULL;
}

/* ---- fitting a record */

static bool is_number(struct ir_str s)
{
    bool point = false, digit = false;
    for (size_t i = s.n > 0 && s.p[0] == '-'; i < s.n; i++) {
        if (s.p[i] == '.' && !point)
            point = true;
        else if (ir_isdigit(s.p[i]))
            digit = true;
        else
            return false;
    }
    return digit;
}

static bool is_of_type(struct ir_str s, enum ir_described_type type)
{
    struct ir_ip ip;
    int64_t i;
    uint64_t u;
    switch (type) {
    case IR_DESCRIBED_INT: return ir_str_i64(s, &i);
    case IR_DESCRIBED_NUMBER: return is_number(s);
    case IR_DESCRIBED_IP: return ir_ip_parse(s, &ip);
    case IR_DESCRIBED_PORT: return ir_str_u64(s, &u) && u <= 65535;
    case IR_DESCRIBED_TEXT: break;
    }
    return true;
}

static bool is_empty(const struct ir_described *d, struct ir_str s)
{
    if (s.n == 0) return true;
    for (uint32_t i = 0; i < d->nempty; i++)
        if (ir_str_eq(s, d->empty[i])) return true;
    return false;
}

static bool values_fit(const struct ir_described *d, const struct ir_described_pattern *p,
                       const struct ir_regex_room *room, struct ir_str rec, uint64_t *ret_groups)
{
    *ret_groups = 0;
    for (uint32_t i = 0; i < p->ngroups; i++) {
        struct ir_str s = ir_regex_group(room, rec, p->group[i].number);
        if (is_empty(d, s)) continue;
        if (p->group[i].type != IR_DESCRIBED_TEXT && !is_of_type(s, p->group[i].type)) return false;
        *ret_groups |= UINT64_C(1) << i;
    }
    return true;
}

static void fit(const struct ir_described *d, struct ir_regex_room *room, struct ir_str rec,
                struct fit *ret_f)
{
    *ret_f = (struct fit){.pattern = NULL};
    for (uint32_t i = 0; i < d->npatterns; i++) {
        const struct ir_described_pattern *p = &d->pattern[i];
        enum ir_regex_answer a = ir_regex_match(&p->re, room, rec);
        if (a == IR_REGEX_GAVE_UP) ret_f->gave_up = true;
        if (a != IR_REGEX_FITS || !values_fit(d, p, room, rec, &ret_f->groups)) continue;
        ret_f->pattern = p;
        return;
    }
}

/* ---- the event */

static void set_time(const struct ir_described_pattern *p, const struct ir_regex_room *room,
                     struct ir_str rec, struct ir_clock *clock, struct ir_event *ev)
{
    char joined[IR_LAYOUT_MAX * 2];
    if (p->ntime == 0) return;
    struct ir_str s = ir_regex_group(room, rec, p->time[0]);
    if (s.n == 0) return;
    if (p->ntime > 1) {
        size_t n = 0;
        for (uint32_t i = 0; i < p->ntime; i++) {
            s = ir_regex_group(room, rec, p->time[i]);
            if (s.n + 1 >= sizeof joined - n) break;
            if (i > 0) joined[n++] = ' ';
            if (s.n > 0) memcpy(joined + n, s.p, s.n);
            n += s.n;
        }
        s = ir_str_n(joined, n);
    }
    if (!ir_layout_read(&p->layout, s, clock, ev))
        ir_event_damage(ev, N_("a time that does not fit its format's layout"));
}

/* The fingerprint of what log sources and fields depend on. */
static uint64_t kind_of(const struct ir_described *d, const struct fit *f)
{
    return (f->groups + 1) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(f->pattern - d->pattern);
}

/* 1: f says how; 0: it is not ours; -1: kept as damaged. */
static int accept(struct ir_parser *p, struct ir_str rec, struct ir_event *ev, struct fit *ret_f)
{
    const struct ir_described *d = p->fmt->described;
    struct state *st = p->state;
    fit(d, &st->room, rec, ret_f);
    if (ret_f->pattern == NULL) {
        if (ret_f->gave_up)
            ir_event_damage(ev, N_("a line that its format's pattern takes too many steps for"));
        return ret_f->gave_up ? -1 : 0;
    }
    set_time(ret_f->pattern, &st->room, rec, &p->clock, ev);
    ev->kind = kind_of(d, ret_f);
    return 1;
}

static void put(const struct ir_described *d, const struct state *st, struct ir_event *ev,
                uint32_t name, enum ir_value_type type, struct ir_str val)
{
    if (st->id[name] != IR_F_NONE)
        ir_event_add(ev, st->id[name], type, val);
    else if (ev->want_all)
        ir_event_add_named(ev, d->names[name], type, val);
}

static void put_consts(const struct ir_described *d, const struct state *st, struct ir_event *ev,
                       const struct ir_described_const *c)
{
    for (; c != NULL; c = c->next) {
        if (st->id[c->name] != IR_F_NONE)
            ir_event_derive(ev, st->id[c->name], c->text);
        else if (ev->want_all)
            ir_event_add_named(ev, d->names[c->name], IR_V_STRING, c->text);
    }
}

static void put_group(const struct ir_described *d, const struct state *st, struct ir_event *ev,
                      const struct ir_described_group *g, struct ir_str val)
{
    const bool number = g->type == IR_DESCRIBED_INT || g->type == IR_DESCRIBED_NUMBER ||
                        g->type == IR_DESCRIBED_PORT;
    for (uint32_t i = 0; i < g->nnames; i++)
        put(d, st, ev, g->names[i], number ? IR_V_NUMBER : IR_V_STRING, val);
    for (const struct ir_described_value *v = g->values; v != NULL; v = v->next) {
        if (!ir_str_eq(v->text, val) && !ir_str_eq(v->text, IR_S("*"))) continue;
        put_consts(d, st, ev, v->consts);
        return;
    }
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    const struct ir_described *d = p->fmt->described;
    const struct state *st = p->state;
    struct fit f;
    int rc = accept(p, rec, ev, &f);
    if (rc == 0) return IR_BAD;
    if (rc < 0) {
        ir_event_set(ev, IR_F_MESSAGE, rec);
        return IR_OK;
    }
    for (uint32_t i = 0; i < f.pattern->nsources; i++)
        ir_event_source(ev, (enum ir_logsource_id)f.pattern->sources[i]);
    for (uint32_t i = 0; i < f.pattern->ngroups; i++) {
        const struct ir_described_group *g = &f.pattern->group[i];
        if (f.groups >> i & 1) put_group(d, st, ev, g, ir_regex_group(&st->room, rec, g->number));
    }
    put_consts(d, st, ev, f.pattern->consts);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct fit f;
    return accept(p, rec, ev, &f) != 0 ? IR_OK : IR_BAD;
}

/* ---- records of several lines */

static bool starts(const struct ir_described *d, struct ir_regex_room *room, struct ir_str line)
{
    return ir_regex_match(&d->start, room, line) == IR_REGEX_FITS;
}

static struct ir_str line_at(struct ir_str data, size_t at)
{
    struct ir_str rest = ir_str_skip(data, at), line;
    bool ended;
    return ir_str_line(&rest, &line, &ended) ? line : ir_str_n(rest.p, 0);
}

/* The last line of data that begins a record, looked for from the end; the line that is not
 * complete may yet be any. */
size_t ir_described_cut(const struct ir_described *d, struct ir_str data, bool last)
{
    struct ir_regex_room room;
    size_t end = ir_str_rchr(data, '\n'), found = 0;
    if (last) return data.n;
    if (!ir_regex_room_open(&room, d->start.groups)) end = IR_NPOS;
    for (uint32_t i = 0; end != IR_NPOS && found == 0 && i < IR_DESCRIBED_LINES_MAX; i++) {
        size_t before = ir_str_rchr(ir_str_head(data, end), '\n');
        const size_t from = before == IR_NPOS ? 0 : before + 1;
        if (starts(d, &room, line_at(data, from))) found = from;
        end = before;
    }
    /* a record this long is over in any case: next would end it, too */
    if (found == 0 && end != IR_NPOS && end > 0) found = end + 1;
    ir_regex_room_close(&room);
    return found;
}

static bool next_record(const struct ir_described *d, struct ir_regex_room *room,
                        struct ir_str *rest, struct ir_str *ret_rec)
{
    struct ir_str at, line;
    bool ended;
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
        *rest = ir_str_skip(*rest, 1);
    at = *rest;
    if (!ir_str_line(&at, &line, &ended)) return false;
    *ret_rec = line;
    for (uint32_t i = 1; i < IR_DESCRIBED_LINES_MAX; i++) {
        struct ir_str ahead = at;
        if (!ir_str_line(&ahead, &line, &ended) || starts(d, room, line)) break;
        if (line.n > 0) ret_rec->n = (size_t)(line.p + line.n - ret_rec->p);
        at = ahead;
    }
    *rest = at;
    return true;
}

bool ir_described_next(struct ir_parser *p, struct ir_str *rest, struct ir_str *ret_rec)
{
    struct state *st = p->state;
    return next_record(p->fmt->described, &st->room, rest, ret_rec);
}

/* ---- bids */

static struct ir_str first_record(const struct ir_described *d, struct ir_regex_room *room,
                                  struct ir_str *head)
{
    struct ir_str rec = {NULL, 0};
    bool ended;
    if (d->start.code != NULL)
        next_record(d, room, head, &rec);
    else
        ir_str_line(head, &rec, &ended);
    return rec;
}

/* A time that the layout cannot read is another program's. */
static bool time_fits(const struct fit *f, const struct ir_regex_room *room, struct ir_str rec)
{
    struct ir_event scratch = {0};
    struct ir_clock clock = {0};
    set_time(f->pattern, room, rec, &clock, &scratch);
    return scratch.damage == NULL;
}

int ir_described_bid(const struct ir_described *d, struct ir_str head)
{
    struct ir_regex_room room;
    int good = 0, all = 0;
    if (!ir_regex_room_open(&room, d->most_groups)) head.n = 0;
    while (head.n > 0 && all < (int)BID_LINES) {
        struct fit f;
        struct ir_str rec = first_record(d, &room, &head);
        if (rec.n == 0) continue;
        /* the first bytes may end inside a record */
        if (head.n == 0 && all > 0) break;
        fit(d, &room, rec, &f);
        good += f.pattern != NULL && time_fits(&f, &room, rec);
        all++;
    }
    ir_regex_room_close(&room);
    if (good * 2 <= all) return 0;
    return d->greedy ? 1 : d->bid * good / all;
}

void ir_described_arm(struct ir_described *d)
{
    struct ir_format *f = &d->format;
    f->described = d;
    f->open = open_state;
    f->close = close_state;
    f->parse = parse;
    f->stamp = stamp;
    if (d->start.code != NULL) f->flags |= IR_FMT_DOCUMENTS;
}
