/*
 * The reduce stage: results in input order to groups; at the end correlations, level by level, and
 * findings. State is bounded: beyond IR_GROUPS_MAX entities of all rules a rule's further entities
 * share one group, and beyond CORR_EVENTS_MAX events correlations keep what they have; both are
 * said in the summary.
 */
#include "run/reduce_int.h"

#include <stdlib.h>

/* Origins that all groups together may keep: full lists first, then short ones, then one each. */
#define PLACES_FULL  200000u
#define PLACES_SHORT 400000u
#define SHORT_LIST   8u

struct ir_reduce *ir_reduce_new(struct ir_scan *s)
{
    struct ir_reduce *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->s = s;
    for (unsigned i = 0; i < IR_SPILL_SHARDS; i++)
        d->file[i].fd = s->spill_fd[i];
    pthread_mutex_init(&d->feed_lock, NULL);
    return d;
}

static void group_free(struct ir_group_state *g)
{
    free(g->ev);
    free(g->place);
    free(g->why.p ? (void *)(uintptr_t)g->why.p : NULL);
}

void ir_reduce_free(struct ir_reduce *d)
{
    if (d == NULL) return;
    for (uint32_t i = 0; i < d->ngroups; i++)
        group_free(&d->group[i]);
    for (uint32_t i = 0; i < IR_CORR_LEVELS; i++)
        for (unsigned k = 0; k < IR_SPILL_SHARDS; k++)
            ir_spill_free(d->level[i][k]);
    for (unsigned i = 0; i < IR_SPILL_SHARDS; i++)
        ir_buf_free(&d->file[i].out);
    pthread_mutex_destroy(&d->feed_lock);
    ir_findings_free(d);
    ir_map_free(&d->index);
    free(d->group);
    free(d);
}

uint64_t ir_reduce_hits(const struct ir_reduce *d)
{
    return d->hits;
}

static struct ir_str copy(struct ir_str s)
{
    char *p = malloc(s.n + 1);
    if (p == NULL) return ir_str_n(NULL, 0);
    memcpy(p, s.p, s.n);
    return ir_str_n(p, s.n);
}

struct ir_group_state *ir_reduce_group(struct ir_reduce *d, enum ir_run_kind kind, uint32_t rule,
                                       struct ir_str key)
{
    struct ir_buf b = IR_BUF(1 << 21);
    uint32_t head[2] = {(uint32_t)kind, rule};
    bool fresh = false;
    if (d->ngroups >= IR_GROUPS_MAX) {
        ir_buf_add(&b, head, sizeof head);
        ir_buf_str(&b, key);
        if (ir_map_find(&d->index, ir_buf_view(&b)) == UINT32_MAX) {
            key = ir_str_n("", 0);
            d->crowded = true;
        }
        ir_buf_clear(&b);
    }
    ir_buf_add(&b, head, sizeof head);
    ir_buf_str(&b, key);
    uint32_t *at = ir_map_put(&d->index, ir_buf_view(&b), &fresh);
    ir_buf_free(&b);
    if (at == NULL) return NULL;
    if (!fresh) return &d->group[*at];
    if (d->ngroups == d->capgroups) {
        uint32_t cap = d->capgroups ? d->capgroups * 2 : 256;
        struct ir_group_state *p = realloc(d->group, cap * sizeof *p);
        if (p == NULL) return NULL;
        d->group = p;
        d->capgroups = cap;
    }
    *at = d->ngroups;
    struct ir_str whole =
        d->index.items[ir_map_find(&d->index, d->index.items[d->index.n - 1].key)].key;
    d->group[d->ngroups] =
        (struct ir_group_state){.kind = kind, .rule = rule, .key = ir_str_skip(whole, sizeof head)};
    return &d->group[d->ngroups++];
}

bool ir_group_add(struct ir_group_state *g, const struct ir_corr_event *ev,
                  const struct ir_place *place)
{
    if (g->n == g->cap) {
        uint32_t cap = g->cap ? g->cap * 2 : 4;
        struct ir_corr_event *e = realloc(g->ev, cap * sizeof *e);
        if (e != NULL) g->ev = e;
        struct ir_place *p = realloc(g->place, cap * sizeof *p);
        if (p != NULL) g->place = p;
        if (e == NULL || p == NULL) return false;
        g->cap = cap;
    }
    g->ev[g->n] = *ev;
    g->place[g->n++] = *place;
    return true;
}

static uint32_t places_limit(const struct ir_reduce *d)
{
    if (d->places < PLACES_FULL) return IR_RUN_ORIGINS_MAX;
    return d->places < PLACES_SHORT ? SHORT_LIST : 1;
}

/* From places in the block to places in the input. */
static void make_absolute(const struct ir_result *r, struct ir_run *run, uint64_t line_base)
{
    for (uint32_t i = 0; i < run->nhits; i++) {
        run->place[i].input = r->input;
        run->place[i].offset += r->offset;
        run->place[i].line += line_base + 1;
    }
}

static void merge_hits(struct ir_reduce *d, const struct ir_run *run)
{
    struct ir_group_state *g = ir_reduce_group(d, run->kind, run->rule, run->key);
    if (g == NULL) {
        d->out_of_memory = true;
        return;
    }
    if (g->why.p == NULL && run->why.p != NULL) g->why = copy(run->why);
    g->count += run->count;
    d->hits += run->count;
    if (run->has_time) {
        if (!g->has_time || run->first < g->first) g->first = run->first;
        if (!g->has_time || run->last > g->last) g->last = run->last;
        g->has_time = true;
    }
    const uint32_t limit = places_limit(d);
    for (uint32_t i = 0; i < run->nhits && g->n < limit; i++, d->places++)
        if (!ir_group_add(g, &run->ev[i], &run->place[i])) d->out_of_memory = true;
}

static void merge_run(struct ir_reduce *d, const struct ir_result *r, struct ir_run *run,
                      uint64_t line_base)
{
    make_absolute(r, run, line_base);
    if (run->kind == IR_RUN_RULE)
        merge_hits(d, run);
    else if (!ir_reduce_feed(d, run->rule, run->key, run->hash, run->ev, run->place, run->nhits))
        d->out_of_memory = true;
}

static void merge_damage(struct ir_scan *s, const struct ir_result *r)
{
    struct ir_input_state *in = &s->input[r->input];
    s->damaged += r->damaged;
    in->damaged += r->damaged;
    if (in->reason == NULL && r->damage[0].reason != NULL) {
        in->reason = r->damage[0].reason;
        in->first_damage = r->offset + r->damage[0].offset;
    }
}

static void merge_times(struct ir_scan *s, const struct ir_result *r)
{
    struct ir_input_state *in = &s->input[r->input];
    in->bytes += r->bytes;
    in->unrecognised += r->unrecognised;
    for (size_t i = 0; i <= s->o.formats->n; i++)
        in->records += r->records[i];
    if (!r->has_time) return;
    ir_hist_merge(&s->hist, &r->hist);
    if (!s->has_time || r->first < s->first) s->first = r->first;
    if (!s->has_time || r->last > s->last) s->last = r->last;
    s->has_time = true;
    if (!in->has_time || r->first < in->first) in->first = r->first;
    if (!in->has_time || r->last > in->last) in->last = r->last;
    in->has_time = true;
}

void ir_reduce_merge(struct ir_reduce *d, struct ir_result *r)
{
    struct ir_scan *s = d->s;
    uint64_t base = r->absolute ? 0 : s->input[r->input].lines;
    for (uint32_t i = 0; i < r->nruns; i++)
        merge_run(d, r, &r->run[i], base);
    s->input[r->input].lines += r->lines;
    s->bytes += r->bytes;
    s->unrecognised += r->unrecognised;
    s->truncated += r->truncated;
    s->zoneless += r->zoneless;
    s->regex_limits += r->regex_limits;
    for (size_t i = 0; i <= s->o.formats->n; i++)
        s->records[i] += r->records[i];
    for (size_t i = 0; i < IR_SOURCE_WORDS; i++)
        s->sources_seen[i] |= r->sources_seen[i];
    for (size_t i = 0; i <= r->nfields / 64; i++)
        s->fields_seen[i] |= r->fields_seen[i];
    s->input[r->input].not_utf8.text += r->not_utf8.text;
    s->input[r->input].not_utf8.binary += r->not_utf8.binary;
    merge_times(s, r);
    merge_damage(s, r);
    d->out_of_memory |= r->out_of_memory;
}

int ir_reduce_finish(struct ir_reduce *d, struct ir_err *err)
{
    if (d->out_of_memory) return ir_fail(err, IR_FATAL, "out of memory while merging results");
    int rc = ir_reduce_correlate(d, err);
    return rc == IR_OK ? ir_findings_make(d, err) : rc;
}
