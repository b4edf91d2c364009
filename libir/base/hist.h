/*
 * How many events there were when: counts by time, in as many buckets as a chart can use.
 *
 *     struct ir_hist h = {0};
 *     ir_hist_add(&h, ns, 1); …   h.b[i].at (ns UTC, a multiple of h.width), h.b[i].n
 *     ir_hist_free(&h);
 *
 * Buckets are as wide as they must be so that IR_HIST_MAX of them hold all times that came: they
 * begin with a minute and are joined in pairs. What a histogram holds depends on the times alone,
 * not on their order, as long as parts are merged into one that saw them all. One thread.
 */
#ifndef IR_BASE_HIST_H
#define IR_BASE_HIST_H

#include <stdbool.h>
#include <stdint.h>

#ifdef IR_TINY
#define IR_HIST_MAX 16u
#else
#define IR_HIST_MAX 1024u
#endif

struct ir_hist_bucket {
    int64_t at; /* ns UTC: the bucket's start */
    uint64_t n;
};

struct ir_hist {
    struct ir_hist_bucket *b; /* by time, none empty */
    uint32_t n, cap, last;    /* last: where the event before went */
    int64_t width;            /* ns; 0: nothing was added yet */
    bool lost;                /* memory was out: counts are too low */
};

void ir_hist_add_slow(struct ir_hist *h, int64_t ns, uint64_t n);
/* h gets at least the width of `from`, and its counts. */
void ir_hist_merge(struct ir_hist *h, const struct ir_hist *from);
void ir_hist_free(struct ir_hist *h);

static inline void ir_hist_add(struct ir_hist *h, int64_t ns, uint64_t n)
{
    /* unsigned: logs hold times from which a signed difference would overflow */
    if (h->n > 0 && ns >= h->b[h->last].at &&
        (uint64_t)ns - (uint64_t)h->b[h->last].at < (uint64_t)h->width)
        h->b[h->last].n += n;
    else
        ir_hist_add_slow(h, ns, n);
}

#endif
