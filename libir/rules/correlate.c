/*
 * The windows.
 */
#include "rules/correlate.h"

#include <stdlib.h>

static bool one_condition(enum ir_corr_op op, double v, double limit)
{
    switch (op) {
    case IR_COP_GT: return v > limit;
    case IR_COP_GTE: return v >= limit;
    case IR_COP_LT: return v < limit;
    case IR_COP_LTE: return v <= limit;
    case IR_COP_EQ: return !(v < limit) && !(v > limit);
    case IR_COP_NEQ: return v < limit || v > limit;
    }
    return false;
}

static bool fulfils(const struct ir_corr *c, double v)
{
    for (uint32_t i = 0; i < c->ncond; i++)
        if (!one_condition(c->cond[i].op, v, c->cond[i].value)) return false;
    return true;
}

/* Only lower bounds: once fulfilled, more events cannot undo it. */
static bool monotone(const struct ir_corr *c)
{
    for (uint32_t i = 0; i < c->ncond; i++)
        if (c->cond[i].op != IR_COP_GT && c->cond[i].op != IR_COP_GTE) return false;
    return true;
}

static uint64_t weigh(const struct ir_corr_event *ev, size_t first, size_t last)
{
    uint64_t n = 0;
    for (size_t i = first; i <= last; i++)
        n += ev[i].weight;
    return n;
}

/* Distinct values of a window that slides: a counting table over value hashes. */
struct distinct {
    struct cell {
        uint64_t value;
        uint32_t n;
        bool used;
    } *cell;
    size_t mask, live;
};

static bool distinct_open(struct distinct *d, size_t n)
{
    size_t cap = 16;
    while (cap < n * 2)
        cap *= 2;
    d->cell = calloc(cap, sizeof *d->cell);
    d->mask = cap - 1;
    d->live = 0;
    return d->cell != NULL;
}

/* Cells are never given back, so there is room for every value of the burst. */
static void distinct_add(struct distinct *d, uint64_t value, int by)
{
    size_t at = (size_t)(value * UINT64_C(0x9e3779b97f4a7c15) >> 20) & d->mask;
    while (d->cell[at].used && d->cell[at].value != value)
        at = (at + 1) & d->mask;
    d->cell[at].used = true;
    d->cell[at].value = value;
    uint32_t before = d->cell[at].n;
    d->cell[at].n = (uint32_t)((int64_t)before + by);
    if (before == 0) d->live++;
    if (d->cell[at].n == 0) d->live--;
}

/* One burst ev[0..n): the fullest window and the first that fulfils a lower bound. */
static bool burst_count(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                        struct ir_corr_fired *f)
{
    struct distinct d = {0};
    bool values = c->type == IR_CORR_VALUE_COUNT, found = false;
    if (values && !distinct_open(&d, n)) return false;
    double peak = 0;
    uint64_t weight = 0;
    size_t from = 0, start = 0, when = 0;
    for (size_t to = 0; to < n; to++) {
        weight += ev[to].weight;
        if (values) distinct_add(&d, ev[to].value, 1);
        for (; ev[to].time - ev[from].time > c->timespan; from++) {
            weight -= ev[from].weight;
            if (values) distinct_add(&d, ev[from].value, -1);
        }
        double v = values ? (double)d.live : (double)weight;
        if (v > peak) peak = v;
        if (!found && fulfils(c, v)) {
            found = true;
            start = from;
            when = to;
        }
    }
    free(d.cell);
    *f = (struct ir_corr_fired){monotone(c) ? start : 0, n - 1, monotone(c) ? when : n - 1, 0, peak};
    return fulfils(c, peak);
}

static int cmp_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double number_of(const struct ir_corr_event *e)
{
    double v;
    memcpy(&v, &e->value, sizeof v);
    return v;
}

/* Linear interpolation between the closest ranks. */
static double percentile(const struct ir_corr_event *ev, size_t n, double p, double *work)
{
    for (size_t i = 0; i < n; i++)
        work[i] = number_of(&ev[i]);
    qsort(work, n, sizeof *work, cmp_double);
    double rank = p / 100 * (double)(n - 1);
    size_t lo = (size_t)rank;
    double part = rank - (double)lo;
    return lo + 1 < n ? work[lo] + part * (work[lo + 1] - work[lo]) : work[n - 1];
}

static bool burst_numbers(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                          struct ir_corr_fired *f)
{
    double sum = 0, *work = NULL;
    bool ranked = c->type == IR_CORR_VALUE_PERCENTILE || c->type == IR_CORR_VALUE_MEDIAN, found = false;
    if (ranked && (work = malloc(n * sizeof *work)) == NULL) return false;
    size_t from = 0;
    for (size_t to = 0; to < n && !found; to++) {
        sum += number_of(&ev[to]);
        for (; ev[to].time - ev[from].time > c->timespan; from++)
            sum -= number_of(&ev[from]);
        size_t k = to - from + 1;
        double v = sum;
        if (c->type == IR_CORR_VALUE_AVG) v = sum / (double)k;
        if (ranked) v = percentile(ev + from, k, c->type == IR_CORR_VALUE_MEDIAN ? 50 : c->percentile, work);
        found = fulfils(c, v);
        if (found) *f = (struct ir_corr_fired){from, n - 1, to, 0, v};
    }
    free(work);
    return found;
}

static bool expr_holds(const struct ir_node *n, const struct ir_corr *c, const uint32_t *near,
                       const uint32_t *wide, bool negated)
{
    if (n->op == IR_NODE_ITEM) {
        for (uint32_t i = 0; i < c->nrefs; i++)
            if (ir_str_eq(c->refs[i], n->label)) return (negated ? wide : near)[i] > 0;
        return false;
    }
    if (n->op == IR_NODE_NOT) return !expr_holds(n->kids[0], c, near, wide, !negated);
    for (uint32_t i = 0; i < n->nkids; i++)
        if (expr_holds(n->kids[i], c, near, wide, negated) == (n->op == IR_NODE_OR))
            return n->op == IR_NODE_OR;
    return n->op == IR_NODE_AND;
}

/* The rules seen between two times (both included) of a burst's neighbourhood. */
static void count_refs(const struct ir_corr_event *ev, size_t n, int64_t from, int64_t to, uint32_t *seen)
{
    memset(seen, 0, IR_CORR_RULES_MAX * sizeof *seen);
    for (size_t i = 0; i < n; i++)
        if (ev[i].time >= from && ev[i].time <= to) seen[ev[i].ref]++;
}

static bool burst_temporal(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                           struct ir_corr_fired *f)
{
    uint32_t seen[IR_CORR_RULES_MAX] = {0}, wide[IR_CORR_RULES_MAX], kinds = 0;
    size_t from = 0;
    for (size_t to = 0; to < n; to++) {
        kinds += seen[ev[to].ref]++ == 0;
        for (; ev[to].time - ev[from].time > c->timespan; from++)
            kinds -= --seen[ev[from].ref] == 0;
        bool holds = c->ncond > 0 ? fulfils(c, kinds) : kinds >= c->nrefs;
        if (c->expr != NULL) {
            count_refs(ev, n, ev[to].time - c->timespan, ev[from].time + c->timespan, wide);
            holds = expr_holds(c->expr, c, seen, wide, false);
        }
        if (!holds) continue;
        *f = (struct ir_corr_fired){from, n - 1, to, 0, kinds};
        return true;
    }
    return false;
}

/* best[k]: the chain of the first k + 1 rules that began latest. */
static bool burst_ordered(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                          struct ir_corr_fired *f)
{
    size_t best[IR_CORR_RULES_MAX];
    bool have[IR_CORR_RULES_MAX] = {false};
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = c->nrefs; k-- > 0;) {
            if (c->rules[k] != c->rules[ev[i].ref]) continue;
            if (k > 0 && (!have[k - 1] || ev[i].time - ev[best[k - 1]].time > c->timespan)) continue;
            size_t start = k > 0 ? best[k - 1] : i;
            if (!have[k] || ev[start].time >= ev[best[k]].time) best[k] = start;
            have[k] = true;
            bool holds = c->ncond > 0 ? fulfils(c, k + 1) : k + 1 == c->nrefs;
            if (!holds) continue;
            *f = (struct ir_corr_fired){start, n - 1, i, 0, k + 1};
            return true;
        }
    }
    return false;
}

static bool burst(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n, struct ir_corr_fired *f)
{
    switch (c->type) {
    case IR_CORR_EVENT_COUNT:
    case IR_CORR_VALUE_COUNT: return burst_count(c, ev, n, f);
    case IR_CORR_TEMPORAL: return burst_temporal(c, ev, n, f);
    case IR_CORR_TEMPORAL_ORDERED: return burst_ordered(c, ev, n, f);
    default: return burst_numbers(c, ev, n, f);
    }
}

void ir_correlate(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n, ir_corr_fn fire,
                  void *user)
{
    for (size_t from = 0; from < n;) {
        size_t to = from + 1;
        while (to < n && ev[to].time - ev[to - 1].time <= c->timespan)
            to++;
        struct ir_corr_fired f;
        if (burst(c, ev + from, to - from, &f)) {
            f.first += from;
            f.last += from;
            f.at += from;
            f.count = weigh(ev, f.first, f.last);
            fire(user, &f);
        }
        from = to;
    }
}

/* Once a burst has fulfilled a lower bound, what follows in it only adds to the count; more events from other
 * inputs can only make it fulfilled earlier. So later events may be folded into the one before, as long as
 * the times that stay leave no gap that the burst did not have. */
size_t ir_corr_thin(const struct ir_corr *c, struct ir_corr_event *ev, size_t n, size_t keep,
                    void (*move)(void *user, size_t to, size_t from), void *user)
{
    if (c->type != IR_CORR_EVENT_COUNT || c->ncond == 0 || !monotone(c)) return n;
    size_t out = 0, from = 0, after = 0; /* after: events kept since the burst fulfilled */
    uint64_t weight = 0;
    int64_t previous = 0;
    for (size_t i = 0; i < n; i++) {
        const struct ir_corr_event e = ev[i];
        if (i == 0 || e.time - previous > c->timespan) {
            weight = after = 0;
            from = out;
        }
        previous = e.time;
        bool inside = i + 1 < n && ev[i + 1].time - e.time <= c->timespan;
        if (after > keep && inside && ev[i + 1].time - ev[out - 1].time <= c->timespan) {
            ev[out - 1].weight += e.weight;
            continue;
        }
        ev[out] = e;
        if (out != i) move(user, out, i);
        weight += e.weight;
        for (; after == 0 && e.time - ev[from].time > c->timespan; from++)
            weight -= ev[from].weight;
        if (after > 0 || fulfils(c, (double)weight)) after++;
        out++;
    }
    return out;
}
