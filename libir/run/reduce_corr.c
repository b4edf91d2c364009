/*
 * Correlations over the groups that the map stage fed: sort by time, slide the window, and let what
 * fires feed the correlations that refer to it, level by level.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "run/reduce_int.h"

#define CORR_ORIGINS 16u

static int cmp_place(const struct ir_corr_event *x, const struct ir_place *p,
                     const struct ir_corr_event *y, const struct ir_place *q)
{
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (p->input != q->input) return p->input < q->input ? -1 : 1;
    return p->offset < q->offset ? -1 : p->offset > q->offset;
}

struct pair {
    struct ir_corr_event ev;
    struct ir_place place;
};

static int cmp_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int c = cmp_place(&x->ev, &x->place, &y->ev, &y->place);
    return c != 0 ? c : (x->ev.ref > y->ev.ref) - (x->ev.ref < y->ev.ref);
}

static bool sort_group(struct ir_group_state *g)
{
    uint32_t i = 1;
    while (i < g->n && cmp_place(&g->ev[i - 1], &g->place[i - 1], &g->ev[i], &g->place[i]) <= 0)
        i++;
    if (i >= g->n) return true;
    struct pair *p = malloc(g->n * sizeof *p);
    if (p == NULL) return false;
    for (i = 0; i < g->n; i++)
        p[i] = (struct pair){g->ev[i], g->place[i]};
    qsort(p, g->n, sizeof *p, cmp_pair);
    for (i = 0; i < g->n; i++) {
        g->ev[i] = p[i].ev;
        g->place[i] = p[i].place;
    }
    free(p);
    return true;
}

struct firing {
    struct ir_reduce *d;
    uint32_t group;
    bool failed;
};

static void span_text(int64_t ns, char *buf, size_t cap)
{
    int64_t s = ns / IR_NS;
    if (s % 86400 == 0 && s > 0)
        snprintf(buf, cap, "%lldd", (long long)(s / 86400));
    else if (s % 3600 == 0 && s > 0)
        snprintf(buf, cap, "%lldh", (long long)(s / 3600));
    else if (s % 60 == 0 && s > 0)
        snprintf(buf, cap, "%lldm", (long long)(s / 60));
    else
        snprintf(buf, cap, "%llds", (long long)s);
}

static void reason(const struct ir_reduce *d, const struct ir_corr *c,
                   const struct ir_corr_fired *f, struct ir_buf *b)
{
    static const char *const ops[] = {"more than", "at least", "less than",
                                      "at most",   "exactly",  "not"};
    char span[32];
    span_text(c->timespan, span, sizeof span);
    if (c->type == IR_CORR_EVENT_COUNT)
        ir_buf_fmt(b, "%llu events", (unsigned long long)f->count);
    else if (c->type == IR_CORR_VALUE_COUNT)
        ir_buf_fmt(b, "%.0f different values of %.*s", f->measure, IR_FMT(c->cond_field[0]));
    else if (c->type == IR_CORR_TEMPORAL || c->type == IR_CORR_TEMPORAL_ORDERED)
        ir_buf_str(b,
                   c->type == IR_CORR_TEMPORAL ? IR_S("together:") : IR_S("one after the other:"));
    else
        ir_buf_fmt(b, "%.*s comes to %g", IR_FMT(c->cond_field[0]), f->measure);
    for (uint32_t i = 0; i < c->nrefs && i < 4; i++) {
        ir_buf_str(b, i                                ? IR_S(", '")
                      : c->type == IR_CORR_EVENT_COUNT ? IR_S(" of '")
                                                       : IR_S(" '"));
        ir_buf_str(b, d->s->rules->rule[c->rules[i]]->info.title);
        ir_buf_chr(b, '\'');
    }
    ir_buf_fmt(b, " within %s", span);
    for (uint32_t i = 0; i < c->ncond; i++)
        ir_buf_fmt(b, "%s %s %g", i ? " and" : " (the rule asks for", ops[c->cond[i].op],
                   c->cond[i].value);
    if (c->ncond > 0) ir_buf_chr(b, ')');
}

static bool add_finding(struct firing *fi, const struct ir_corr *c, const struct ir_corr_fired *f)
{
    const struct ir_group_state *g = &fi->d->group[fi->group];
    struct ir_finding_state *x = ir_finding_add(fi->d);
    struct ir_buf why = IR_BUF(4096);
    if (x == NULL) return false;
    size_t n = f->last - f->first + 1;
    if (n > CORR_ORIGINS) n = CORR_ORIGINS;
    x->group = fi->group;
    x->count = f->count;
    x->has_time = true;
    x->first = g->ev[f->first].time;
    x->last = g->ev[f->last].time;
    x->place = malloc(n * sizeof *x->place);
    reason(fi->d, c, f, &why);
    x->why = ir_buf_view(&why); /* taken over */
    x->owns_why = true;
    if (x->place == NULL) return false;
    memcpy(x->place, g->place + f->first, n * sizeof *x->place);
    x->nplaces = (uint32_t)n;
    return true;
}

/* The outer correlation groups by the inner one's group-by values, by name (or alias). */
static bool outer_key(const struct ir_reduce *d, const struct ir_corr *outer, uint32_t ref,
                      const struct ir_group_state *g, struct ir_buf *key)
{
    const struct ir_rule *inner = d->s->rules->rule[g->rule];
    for (uint32_t k = 0; k < outer->ngroup; k++) {
        struct ir_str rest = g->key, v, found = {NULL, 0};
        for (uint32_t i = 0; ir_key_next(&rest, &v); i++) {
            uint32_t id = ir_names_find(d->s->names, inner->corr->group_by[i]);
            for (const uint32_t *want = outer->group_ids[ref][k]; *want != 0; want++)
                if (*want == id) found = v;
        }
        if (found.p == NULL) return false;
        ir_key_put(key, found);
    }
    return true;
}

static bool feed_outer(struct firing *fi, const struct ir_corr_fired *f)
{
    struct ir_reduce *d = fi->d;
    const struct ir_feeds *fs = &d->s->feeds[d->group[fi->group].rule];
    bool ok = true;
    for (uint32_t i = 0; ok && i < fs->n; i++) {
        const struct ir_corr *outer = d->s->rules->rule[fs->feed[i].corr]->corr;
        struct ir_buf key = IR_BUF(1 << 20);
        if (outer_key(d, outer, fs->feed[i].ref, &d->group[fi->group], &key)) {
            struct ir_corr_event e = {
                .time = d->group[fi->group].ev[f->at].time, .ref = fs->feed[i].ref, .weight = 1};
            const struct ir_place p = d->group[fi->group].place[f->at];
            e.value = ir_hash(d->group[fi->group].key, 1);
            struct ir_group_state *to =
                ir_reduce_group(d, IR_RUN_CORR, fs->feed[i].corr, ir_buf_view(&key));
            ok = to != NULL && ir_group_add(to, &e, &p);
        }
        ir_buf_free(&key);
    }
    return ok;
}

static void on_fire(void *user, const struct ir_corr_fired *f)
{
    struct firing *fi = user;
    const struct ir_rule *r = fi->d->s->rules->rule[fi->d->group[fi->group].rule];
    if (!r->info.silent && ir_finding_wanted(fi->d, &fi->d->group[fi->group]) &&
        !add_finding(fi, r->corr, f))
        fi->failed = true;
    if (!feed_outer(fi, f)) fi->failed = true;
}

int ir_reduce_correlate(struct ir_reduce *d, struct ir_err *err)
{
    uint32_t deepest = 0;
    for (size_t i = 0; i < d->s->rules->nrules; i++) {
        const struct ir_corr *c = d->s->rules->rule[i]->corr;
        if (c != NULL && c->depth > deepest) deepest = c->depth;
    }
    for (uint32_t depth = 1; depth <= deepest; depth++)
        for (uint32_t i = 0; i < d->ngroups; i++) {
            const struct ir_corr *c = d->s->rules->rule[d->group[i].rule]->corr;
            struct firing fi = {.d = d, .group = i};
            if (d->group[i].kind != IR_RUN_CORR || c->depth != depth) continue;
            if (!sort_group(&d->group[i]))
                fi.failed = true;
            else
                ir_correlate(c, d->group[i].ev, d->group[i].n, on_fire, &fi);
            if (fi.failed) return ir_fail(err, IR_FATAL, "out of memory in correlations");
        }
    return IR_OK;
}
