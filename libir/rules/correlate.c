/*
 * The windows.
 */
#include <stdlib.h>

#include "base/map.h"
#include "rules/corr_int.h"

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

bool ir_corr_fulfils(const struct ir_corr *c, double v)
{
    for (uint32_t i = 0; i < c->ncond; i++)
        if (!one_condition(c->cond[i].op, v, c->cond[i].value)) return false;
    return true;
}

bool ir_corr_monotone(const struct ir_corr *c)
{
    for (uint32_t i = 0; i < c->ncond; i++)
        if (c->cond[i].op != IR_COP_GT && c->cond[i].op != IR_COP_GTE) return false;
    return true;
}

bool ir_corr_value(const struct ir_corr *c, uint32_t k, struct ir_str value, uint64_t *v)
{
    struct ir_number number; /* not what strtod takes besides: "nan" would spoil every sum */
    if (value.p == NULL) return false;
    *v = ir_hash(value, *v + k + 1);
    if (c->type == IR_CORR_VALUE_COUNT) return true;
    if (!ir_number_parse(value, &number)) return false;
    memcpy(v, &number.d, sizeof *v);
    return true;
}

static uint64_t weigh(const struct ir_corr_event *ev, size_t first, size_t last)
{
    uint64_t n = ev[first].weight == 0;
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
    } * cell;
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
                        const struct ir_corr_holds *h, struct ir_corr_fired *f, bool *ret_found)
{
    struct distinct d = {0};
    bool values = c->type == IR_CORR_VALUE_COUNT, found = false, grows = ir_corr_monotone(c);
    if (values && !distinct_open(&d, n)) return false;
    double peak = 0;
    uint64_t weight = 0;
    size_t from = 0, start = 0, when = 0;
    for (size_t to = 0; to < n; to++) {
        weight += ev[to].weight;
        if (values) distinct_add(&d, ev[to].value, 1);
        for (; ir_corr_apart(c, &ev[from], &ev[to]); from++) {
            weight -= ev[from].weight;
            if (values) distinct_add(&d, ev[from].value, -1);
        }
        double v = values ? (double)d.live : (double)weight;
        if (v > peak) peak = v;
        if (!ir_corr_fulfils(c, v)) continue;
        if (grows) ir_corr_hold(h, to);
        if (found) continue;
        found = true;
        start = from;
        when = to;
    }
    free(d.cell);
    *f = (struct ir_corr_fired){grows ? start : 0, n - 1, grows ? when : n - 1, 0, peak};
    *ret_found = ir_corr_fulfils(c, peak);
    if (*ret_found && !grows) ir_corr_hold(h, n - 1);
    return true;
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

/* near: the rules seen in the window; wide: those seen up to one time span behind its beginning. */
static bool burst_temporal(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                           const struct ir_corr_holds *h, struct ir_corr_fired *f)
{
    uint32_t near[IR_CORR_RULES_MAX] = {0}, wide[IR_CORR_RULES_MAX] = {0}, kinds = 0;
    size_t from = 0, behind = 0;
    bool found = false;
    for (size_t to = 0; to < n && (!found || h->fn != NULL); to++) {
        kinds += near[ev[to].ref]++ == 0;
        for (; ir_corr_apart(c, &ev[from], &ev[to]); from++) {
            kinds -= --near[ev[from].ref] == 0;
            wide[ev[from].ref]--;
        }
        for (; behind < n && !ir_corr_apart(c, &ev[from], &ev[behind]); behind++)
            wide[ev[behind].ref]++;
        bool holds = c->expr != NULL ? expr_holds(c->expr, c, near, wide, false)
                     : c->ncond > 0  ? ir_corr_fulfils(c, kinds)
                                     : kinds >= c->nrefs;
        if (!holds) continue;
        if (!found) *f = (struct ir_corr_fired){from, n - 1, to, 0, kinds};
        found = true;
        ir_corr_hold(h, to);
    }
    return found;
}

/* Of all chains of `len` rules in order whose last is rule k or one before it: the one that began
 * latest. */
struct chains {
    size_t start[IR_CORR_RULES_MAX][IR_CORR_RULES_MAX]; /* [len - 1][k]: event number + 1, 0 none */
};

/* Takes event i into the chains; true when one of a wanted length is complete. */
static bool chain_event(const struct ir_corr *c, const struct ir_corr_event *ev, size_t i,
                        struct chains *ch, size_t *ret_start, uint32_t *ret_len)
{
    uint32_t k = ev[i].ref;
    for (uint32_t len = k + 1; len > 0; len--) {
        size_t start = len == 1 ? i + 1 : ch->start[len - 2][k - 1];
        if (start == 0 || ir_corr_apart(c, &ev[start - 1], &ev[i])) continue;
        for (uint32_t j = k; j < c->nrefs && ch->start[len - 1][j] < start; j++)
            ch->start[len - 1][j] = start;
        if (c->ncond > 0 ? !ir_corr_fulfils(c, len) : len < c->nrefs) continue;
        *ret_start = start - 1;
        *ret_len = len;
        return true;
    }
    return false;
}

/* A chain that starts with something that went on starts where that began, inside the window. */
static size_t chain_start(const struct ir_corr *c, const struct ir_corr_event *ev, size_t start,
                          size_t at)
{
    for (size_t i = start; ev[start].weight == 0 && i-- > 0 && !ir_corr_apart(c, &ev[i], &ev[at]);)
        if (ev[i].ref == ev[start].ref && ev[i].weight > 0) return i;
    return start;
}

static bool burst_ordered(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                          const struct ir_corr_holds *h, struct ir_corr_fired *f)
{
    struct chains ch;
    bool found = false;
    for (uint32_t len = 0; len < c->nrefs; len++)
        memset(ch.start[len], 0, c->nrefs * sizeof ch.start[len][0]);
    for (size_t i = 0; i < n && (!found || h->fn != NULL); i++) {
        size_t start;
        uint32_t len;
        if (!chain_event(c, ev, i, &ch, &start, &len)) continue;
        if (!found) *f = (struct ir_corr_fired){chain_start(c, ev, start, i), n - 1, i, 0, len};
        found = true;
        ir_corr_hold(h, i);
    }
    return found;
}

/* False: memory. */
static bool burst(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                  const struct ir_corr_holds *h, struct ir_corr_fired *f, bool *ret_found)
{
    switch (c->type) {
    case IR_CORR_EVENT_COUNT:
    case IR_CORR_VALUE_COUNT: return burst_count(c, ev, n, h, f, ret_found);
    case IR_CORR_TEMPORAL: *ret_found = burst_temporal(c, ev, n, h, f); return true;
    case IR_CORR_TEMPORAL_ORDERED: *ret_found = burst_ordered(c, ev, n, h, f); return true;
    default: return ir_corr_numbers(c, ev, n, h, f, ret_found);
    }
}

bool ir_correlate(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                  ir_corr_fn fire, ir_corr_hold_fn hold, void *user)
{
    for (size_t from = 0; from < n;) {
        const struct ir_corr_holds h = {hold, user, from};
        size_t to = from + 1;
        while (to < n && !ir_corr_apart(c, &ev[to - 1], &ev[to]))
            to++;
        struct ir_corr_fired f;
        bool found;
        if (!burst(c, ev + from, to - from, &h, &f, &found)) return false;
        if (found) {
            f.first += from;
            f.last += from;
            f.at += from;
            f.count = weigh(ev, f.first, f.last);
            fire(user, &f);
        }
        from = to;
    }
    return true;
}

/* Once a burst has fulfilled a lower bound, what follows in it only adds to the count; more events
 * from other inputs can only make it fulfilled earlier. So later events may be folded into the one
 * before, as long as the times that stay leave no gap that the burst did not have. */
size_t ir_corr_thin(const struct ir_corr *c, struct ir_corr_event *ev, size_t n, size_t keep,
                    int64_t gap, void (*move)(void *user, size_t to, size_t from), void *user)
{
    if (c->type != IR_CORR_EVENT_COUNT || c->ncond == 0 || !ir_corr_monotone(c)) return n;
    size_t out = 0, from = 0, after = 0; /* after: events kept since the burst fulfilled */
    uint64_t weight = 0;
    struct ir_corr_event previous = {0};
    for (size_t i = 0; i < n; i++) {
        const struct ir_corr_event e = ev[i];
        if (i == 0 || ir_corr_apart(c, &previous, &e)) {
            weight = after = 0;
            from = out;
        }
        previous = e;
        bool inside = i + 1 < n && !ir_corr_apart(c, &e, &ev[i + 1]);
        if (after > keep && inside && !ir_corr_apart(c, &ev[out - 1], &ev[i + 1]) &&
            (uint64_t)ev[i + 1].time - (uint64_t)ev[out - 1].time <= (uint64_t)gap) {
            ev[out - 1].weight += e.weight;
            continue;
        }
        ev[out] = e;
        if (out != i) move(user, out, i);
        weight += e.weight;
        for (; after == 0 && ir_corr_apart(c, &ev[from], &e); from++)
            weight -= ev[from].weight;
        if (after > 0 || ir_corr_fulfils(c, (double)weight)) after++;
        out++;
    }
    return out;
}
