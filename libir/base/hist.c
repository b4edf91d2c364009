/*
 * Counts by time. See hist.h.
 */
#include "base/hist.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH_MIN INT64_C(60000000000)

static int64_t bucket_start(int64_t ns, int64_t width)
{
    int64_t rest = ns % width;
    if (rest < 0) rest += width;
    return ns >= INT64_MIN + rest ? ns - rest : INT64_MIN;
}

/* The first bucket that does not begin before `at`. */
static uint32_t find(const struct ir_hist *h, int64_t at)
{
    uint32_t lo = 0, hi = h->n;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (h->b[mid].at < at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void widen(struct ir_hist *h)
{
    uint32_t n = 0;
    h->width *= 2;
    for (uint32_t i = 0; i < h->n; i++) {
        int64_t at = bucket_start(h->b[i].at, h->width);
        if (n > 0 && h->b[n - 1].at == at)
            h->b[n - 1].n += h->b[i].n;
        else
            h->b[n++] = (struct ir_hist_bucket){at, h->b[i].n};
    }
    h->n = n;
    h->last = 0;
}

static bool room(struct ir_hist *h)
{
    if (h->n < h->cap) return true;
    uint32_t cap = h->cap > 0 ? h->cap * 2 : 16;
    struct ir_hist_bucket *b = realloc(h->b, cap * sizeof *b);
    if (b == NULL) return false;
    h->b = b;
    h->cap = cap;
    return true;
}

void ir_hist_add_slow(struct ir_hist *h, int64_t ns, uint64_t n)
{
    if (h->width == 0) h->width = WIDTH_MIN;
    for (;;) {
        int64_t at = bucket_start(ns, h->width);
        uint32_t i = find(h, at);
        if (i < h->n && h->b[i].at == at) {
            h->b[i].n += n;
            h->last = i;
            return;
        }
        if (h->n >= IR_HIST_MAX && h->width < INT64_MAX / 4) {
            widen(h);
            continue;
        }
        if (!room(h)) {
            h->lost = true;
            return;
        }
        memmove(h->b + i + 1, h->b + i, (h->n - i) * sizeof *h->b);
        h->b[i] = (struct ir_hist_bucket){at, n};
        h->n++;
        h->last = i;
        return;
    }
}

void ir_hist_merge(struct ir_hist *h, const struct ir_hist *from)
{
    if (from->n == 0) return;
    if (h->width == 0) h->width = from->width;
    while (h->width < from->width)
        widen(h);
    for (uint32_t i = 0; i < from->n; i++)
        ir_hist_add(h, from->b[i].at, from->b[i].n);
    h->lost |= from->lost;
}

void ir_hist_free(struct ir_hist *h)
{
    free(h->b);
    *h = (struct ir_hist){0};
}
