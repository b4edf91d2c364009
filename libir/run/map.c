/*
 * The map stage: a block's records to counts and runs of hits. No state crosses a block.
 *
 * Formats whose raw bytes can be searched get one search a block; a record without a literal hit is
 * parsed only when it is the first of its kind in the block (so that the log sources and fields
 * present are known), otherwise only its stamp is read.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "rules/why.h"
#include "run/map_int.h"
#include "run/sandbox.h"

#define ARENA_MAX ((size_t)64 << 20)

struct ir_mapper *ir_mapper_new(const struct ir_scan *s)
{
    struct ir_mapper *m = calloc(1, sizeof *m);
    if (m == NULL) return NULL;
    m->s = s;
    m->arena = IR_ARENA(ARENA_MAX);
    m->key = IR_BUF(1 << 20);
    m->why = IR_BUF(IR_WHY_MAX);
    m->matcher = ir_matcher_new(s->rules, s->o.no_prefilter);
    m->ev = ir_event_new(s->names, &m->arena);
    m->alike = ir_alike_new(s);
    if (m->matcher != NULL && m->ev != NULL && m->alike != NULL) {
        m->ev->want_all = s->keep_all_fields;
        return m;
    }
    ir_mapper_free(m);
    return NULL;
}

void ir_mapper_free(struct ir_mapper *m)
{
    if (m == NULL) return;
    ir_matcher_free(m->matcher);
    ir_event_free(m->ev);
    ir_alike_free(m->alike);
    ir_arena_free(&m->arena);
    ir_buf_free(&m->key);
    ir_buf_free(&m->why);
    free(m);
}

static void count_time(struct ir_result *r, const struct ir_event *ev)
{
    if (!(ev->flags & IR_EV_TIME)) return;
    if (!r->has_time || ev->time < r->first) r->first = ev->time;
    if (!r->has_time || ev->time > r->last) r->last = ev->time;
    r->has_time = true;
    r->zoneless += (ev->flags & IR_EV_ZONE_KNOWN) == 0;
    ir_hist_add(&r->hist, ev->time, 1);
}

static uint32_t format_number(struct ir_mapper *m, const struct ir_format *fmt)
{
    const struct ir_formats *fs = m->s->o.formats;
    uint32_t i = m->last_format;
    if (i < fs->n && fs->list[i] == fmt) return i; /* as the record before */
    for (i = 0; i < fs->n && fs->list[i] != fmt;)
        i++;
    return m->last_format = i;
}

/* A hit belongs to the input in which the view's record lies. */
static void on_hit(void *user, uint32_t rule, uint32_t view)
{
    struct ir_mapper *m = user;
    struct ir_result *home = m->r;
    m->r = ir_map_result_of(m, m->ev->views[view].back);
    ir_map_hit(m, rule, view);
    m->r = home;
}

void ir_map_event(struct ir_mapper *m, const struct ir_format *fmt, const struct ir_group *g,
                  const struct ir_literal_hit *hits, size_t nhits)
{
    struct ir_event *ev = m->ev;
    struct ir_result *r = ir_map_result_of(m, ev->views[0].back);
    count_time(r, ev);
    if (ev->flags & IR_EV_UNRECOGNISED)
        r->unrecognised++;
    else
        r->records[format_number(m, fmt)]++;
    if (ev->flags & IR_EV_DAMAGED)
        ir_result_damage(r, ev->damage ? ev->damage : N_("a damaged record"), ev->views[0].offset);
    if (ev->flags & IR_EV_TRUNCATED) r->truncated++;
    ir_result_seen(r, ev);
    for (uint32_t v = 0; g != NULL && v < ev->nviews; v++)
        for (unsigned i = 0; i < ev->views[v].nsources; i++) {
            uint16_t s = ev->views[v].sources[i];
            if (!(m->group_sources[s / 64] >> (s % 64) & 1)) g = NULL; /* another format's record */
            if (g == NULL) break;
        }
    if (g != NULL)
        ir_match_record(m->matcher, g, ev, hits, nhits, on_hit, m);
    else
        ir_match_event(m->matcher, ev, on_hit, m);
}

static bool new_kind(struct ir_mapper *m, uint64_t kind)
{
    uint32_t at = (uint32_t)(kind * UINT64_C(0x9e3779b97f4a7c15) >> 40) % IR_MAP_KINDS;
    if (kind == 0) kind = 1;
    for (uint32_t i = 0; i < 8; i++, at = (at + 1) % IR_MAP_KINDS) {
        if (m->kinds[at] == kind) return false;
        if (m->kinds[at] != 0) continue;
        m->kinds[at] = kind;
        return true;
    }
    return false; /* crowded: a sample is enough */
}

#ifdef IR_TESTING
static void probe(struct ir_str rec)
{
    if (ir_str_starts(rec, IR_S("ir-sandbox-probe"))) ir_sandbox_probe();
}
#endif

static void full_parse(struct ir_mapper *m, struct ir_walk *w, struct ir_str rec, uint64_t line,
                       size_t first_hit)
{
    const struct ir_format *fmt;
    ir_arena_reset(&m->arena); /* a record at a time: the same few pages all over */
    ir_event_begin(m->ev, rec, w->base + ir_block_place(w->blk, (size_t)(rec.p - w->data.p)),
                   w->line0 + line);
#ifdef IR_TESTING
    probe(rec);
#endif
    ir_parser_record(w->parser, rec, m->ev, &fmt);
    ir_map_event(m, fmt, w->searched ? w->group : NULL, w->hit + first_hit, w->at - first_hit);
}

/* Goes on behind the hits that end there or before. */
static void take_hits(struct ir_walk *w, size_t end)
{
    while (w->at < w->nhits && w->hit[w->at].end <= end)
        w->at++;
}

/* The stamp alone, when that can be enough: of a line without hits whose kind was seen, or of one
 * that is alike an earlier one. False: the line must be parsed; *ret_alike is its fingerprint then.
 */
static bool quick_line(struct ir_mapper *m, struct ir_walk *w, struct ir_str rec, uint64_t line,
                       size_t first, uint64_t *ret_alike)
{
    const struct ir_format *fmt = w->st->fmt;
    const struct ir_alike_record *e = NULL;
    struct ir_event *ev = m->ev;
    uint32_t hint = 0;
    const bool must =
        w->parse_all ||
        (w->at > first && ir_match_wanted(w->group, w->hit + first, w->at - first, &hint)) ||
        (fmt->derived != NULL && fmt->derived(rec));
    if (must && w->alike) w->alike = ir_alike_pays(m->alike);
    if (must && !w->alike) return false;
    ir_event_begin(ev, rec, w->base + ir_block_place(w->blk, (size_t)(rec.p - w->data.p)),
                   w->line0 + line);
    if (fmt->stamp(w->parser, rec, ev) != IR_OK || (ev->flags & IR_EV_DAMAGED)) return false;
    if (!must) {
        if (new_kind(m, ev->kind + hint)) return false;
    } else {
        if (!w->alike || ev->body == 0 || !(ev->flags & IR_EV_TIME) ||
            !ir_alike_blind(m->alike, w->hit + first, w->at - first))
            return false;
        const struct ir_str body = ir_str_skip(rec, ev->body);
        *ret_alike = fmt->alike(body);
        e = ir_alike_find(m->alike, *ret_alike, body);
        if (e == NULL) return false;
    }
    count_time(m->r, ev);
    m->r->records[format_number(m, fmt)]++;
    if (e != NULL) ir_map_again(m, e);
    return true;
}

static void one_line(struct ir_mapper *m, struct ir_walk *w, struct ir_str rec, uint64_t line)
{
    const size_t first = w->at;
    uint64_t alike = 0;
    take_hits(w, (size_t)(rec.p - w->data.p) + rec.n);
    if (!w->searched || w->st->fmt->stamp == NULL || (w->parse_all && !w->alike)) {
        full_parse(m, w, rec, line, first);
        return;
    }
    const struct ir_clock clock = w->parser->clock;
    if (quick_line(m, w, rec, line, first, &alike)) return;
    const struct ir_str body = ir_str_skip(rec, m->ev->body);
    w->parser->clock = clock;
    const uint64_t limits = ir_matcher_regex_limits(m->matcher);
    const int64_t time = m->ev->time;
    if (alike != 0) ir_alike_open(m->alike);
    full_parse(m, w, rec, line, first);
    bool keep =
        ir_map_in_time(m) && time == m->ev->time && limits == ir_matcher_regex_limits(m->matcher);
    if (alike != 0) ir_alike_close(m->alike, m->ev, alike, body, keep);
}

static void walk_lines(struct ir_mapper *m, struct ir_walk *w)
{
    struct ir_str rest = w->data, rec;
    uint64_t line = 0;
    for (bool ended; ir_str_line(&rest, &rec, &ended); line += ended)
        if (rec.n > 0) one_line(m, w, rec, line);
    m->r->lines += line;
}

static uint64_t count_lines(const char *from, const char *to)
{
    uint64_t n = 0;
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

static void walk_documents(struct ir_mapper *m, struct ir_walk *w)
{
    struct ir_str rest = w->data, rec;
    const char *counted = w->data.p;
    uint64_t line = 0;
    while (ir_parser_next(w->parser, &rest, &rec)) {
        line += count_lines(counted, rec.p);
        counted = rec.p;
        take_hits(w, (size_t)(rec.p - w->data.p)); /* of what stands between records */
        const size_t first = w->at;
        take_hits(w, (size_t)(rec.p - w->data.p) + rec.n);
        full_parse(m, w, rec, line, first);
    }
    m->r->lines += line + count_lines(counted, w->data.p + w->data.n);
}

static void add_sources(struct ir_mapper *m, const uint16_t *s)
{
    for (; s != NULL && *s != 0; s++)
        m->group_sources[*s / 64] |= UINT64_C(1) << (*s % 64);
}

void ir_map_begin(struct ir_mapper *m, const struct ir_stream *st, const struct ir_block *blk,
                  struct ir_result *r)
{
    m->r = r;
    memset(m->kinds, 0, sizeof m->kinds);
    memset(m->group_sources, 0, sizeof m->group_sources);
    add_sources(m, st->fmt->sources);
    add_sources(m, st->fmt->more);
    r->input = st->index;
    r->offset = blk->offset;
    r->bytes += blk->raw_n;
    for (uint32_t i = 0; i < blk->cut_records; i++)
        ir_result_damage(r, N_("a record longer than the limit was cut"), 0);
}

/* The group of everything that the format can emit, and the block searched for its literals. */
static void search(struct ir_mapper *m, struct ir_walk *w)
{
    const struct ir_format *fmt = w->st->fmt;
    uint32_t n = 0;
    if (!(fmt->flags & IR_FMT_VERBATIM) || fmt->sources == NULL) return;
    uint16_t sorted[IR_GROUP_SOURCES_MAX];
    for (const uint16_t *s = fmt->sources; *s != 0 && n < IR_GROUP_SOURCES_MAX; s++) {
        uint32_t at = n++;
        for (; at > 0 && sorted[at - 1] > *s; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = *s;
    }
    const struct ir_group_key key = {sorted, n, fmt->more, fmt->hints, fmt->triggers};
    w->group = ir_matcher_group(m->matcher, &key);
    if (w->group == NULL) return;
    w->parse_all = ir_matcher_must_parse(m->matcher, w->group);
    w->searched =
        m->s->o.no_prefilter || ir_match_scan(m->matcher, w->group, w->data, &w->hit, &w->nhits);
    if (m->s->o.no_prefilter || m->s->o.parse_all) w->parse_all = true;
    w->alike = w->searched && !m->s->o.no_prefilter && ir_alike_begin(m->alike, fmt, w->group);
}

void ir_map_walk(struct ir_mapper *m, struct ir_walk *w)
{
    search(m, w);
    ir_match_block(m->matcher, w->data);
    if (ir_format_cuts(w->st->fmt))
        walk_documents(m, w);
    else
        walk_lines(m, w);
    ir_match_block(m->matcher, ir_str_n(NULL, 0));
}

void ir_map_finish(struct ir_mapper *m, struct ir_result *r)
{
    ir_arena_reset(&m->arena);
    ir_map_thin(m, r);
    uint64_t limits = ir_matcher_regex_limits(m->matcher);
    r->regex_limits += limits - m->regex_limits;
    m->regex_limits = limits;
}

void ir_map_block(struct ir_mapper *m, const struct ir_stream *st, const struct ir_block *blk,
                  struct ir_result *r)
{
    struct ir_parser p;
    struct ir_peers peers = {0};
    struct ir_walk w = {.st = st, .parser = &p, .blk = blk, .data = ir_str_n(blk->data, blk->n)};
    ir_map_begin(m, st, blk, r);
    if (ir_parser_open(&p, st->fmt, m->s->names) != IR_OK) {
        r->out_of_memory = true;
        return;
    }
    p.formats = m->s->o.formats;
    p.clock = ir_years_clock(&st->years, blk->offset);
    p.peers = &peers;
    if (blk->invalid > 0)
        ir_result_damages(r, ir_stream_invalid(st), blk->invalid_at, blk->invalid);
    ir_stream_not_utf8(st, m->s->o.encoding, w.data, &r->not_utf8);
    ir_map_walk(m, &w);
    ir_parser_close(&p);
    ir_map_finish(m, r);
}
