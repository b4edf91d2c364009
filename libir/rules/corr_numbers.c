/*
 * Windows over numbers: sum, average, percentile. An attacker chooses the numbers and how many
 * there are, so that a sum never takes away what it added (a huge number would leave its rounding
 * behind), and a percentile costs a logarithm an event, not a sort.
 */
#include <stdlib.h>

#include "rules/corr_int.h"

struct window {
    const struct ir_corr_event *ev;
    size_t from, to; /* both inside */
    /* sum: of [i, mid) for each i, and of [mid, to] */
    double *back, front;
    size_t mid;
    /* ranked: the burst's values sorted, and how many of each are in the window (a Fenwick tree) */
    double *sorted;
    uint32_t *tree;
    size_t n, top;
};

static double number_of(const struct ir_corr_event *e)
{
    double v;
    memcpy(&v, &e->value, sizeof v);
    return v;
}

static int cmp_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool open_window(struct window *w, const struct ir_corr_event *ev, size_t n, bool ranked)
{
    *w = (struct window){.ev = ev, .n = n, .top = 1};
    if (!ranked) return (w->back = malloc(n * sizeof *w->back)) != NULL;
    w->sorted = malloc(n * sizeof *w->sorted);
    w->tree = calloc(n + 1, sizeof *w->tree);
    if (w->sorted == NULL || w->tree == NULL) return false;
    for (size_t i = 0; i < n; i++)
        w->sorted[i] = number_of(&ev[i]);
    qsort(w->sorted, n, sizeof *w->sorted, cmp_double);
    while (w->top * 2 <= n)
        w->top *= 2;
    return true;
}

static void close_window(struct window *w)
{
    free(w->back);
    free(w->sorted);
    free(w->tree);
}

static void rank_add(struct window *w, double v, uint32_t by)
{
    size_t lo = 0, hi = w->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (w->sorted[mid] < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (size_t i = lo + 1; i <= w->n; i += i & -i)
        w->tree[i] += by; /* by may be -1: unsigned arithmetic */
}

/* The value with k others before it. */
static double rank_get(const struct window *w, size_t k)
{
    size_t at = 0;
    for (size_t step = w->top; step > 0; step /= 2)
        if (at + step <= w->n && w->tree[at + step] <= k) {
            at += step;
            k -= w->tree[at];
        }
    return w->sorted[at < w->n ? at : w->n - 1];
}

static void slide(const struct ir_corr *c, struct window *w)
{
    size_t old = w->from;
    double v = number_of(&w->ev[w->to]);
    if (w->tree != NULL)
        rank_add(w, v, 1);
    else
        w->front += v;
    for (; ir_corr_apart(c, &w->ev[w->from], &w->ev[w->to]); w->from++)
        if (w->tree != NULL) rank_add(w, number_of(&w->ev[w->from]), (uint32_t)-1);
    if (w->tree != NULL || w->from == old || w->from < w->mid) return;
    double sum = 0;
    for (size_t i = w->to + 1; i-- > w->from;)
        w->back[i] = sum += number_of(&w->ev[i]);
    w->mid = w->to + 1;
    w->front = 0;
}

/* Percentiles: linear interpolation between the closest ranks. */
static double measure(const struct ir_corr *c, const struct window *w)
{
    size_t k = w->to - w->from + 1;
    if (w->tree == NULL) {
        double sum = (w->from < w->mid ? w->back[w->from] : 0) + w->front;
        return c->type == IR_CORR_VALUE_AVG ? sum / (double)k : sum;
    }
    double p = c->type == IR_CORR_VALUE_MEDIAN ? 50 : c->percentile;
    double rank = p / 100 * (double)(k - 1);
    size_t lo = (size_t)rank;
    double low = rank_get(w, lo), part = rank - (double)lo;
    return lo + 1 < k && part > 0 ? low + part * (rank_get(w, lo + 1) - low) : low;
}

bool ir_corr_numbers(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                     const struct ir_corr_holds *h, struct ir_corr_fired *f, bool *ret_found)
{
    struct window w;
    bool ranked = c->type == IR_CORR_VALUE_PERCENTILE || c->type == IR_CORR_VALUE_MEDIAN;
    bool whole = !ir_corr_monotone(c);
    *ret_found = false;
    if (!open_window(&w, ev, n, ranked)) {
        close_window(&w);
        return false;
    }
    for (; w.to < n && (!*ret_found || h->fn != NULL); w.to++) {
        slide(c, &w);
        bool full = w.to + 1 == n || ir_corr_apart(c, &ev[w.from], &ev[w.to + 1]);
        if (whole && !full) continue;
        double v = measure(c, &w);
        if (!ir_corr_fulfils(c, v)) continue;
        if (!*ret_found) *f = (struct ir_corr_fired){w.from, n - 1, w.to, 0, v};
        *ret_found = true;
        ir_corr_hold(h, w.to);
    }
    close_window(&w);
    return true;
}
