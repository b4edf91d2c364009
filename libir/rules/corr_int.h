/*
 * Between the parts of the correlation windows (internal to rules/): see correlate.h.
 */
#ifndef IR_RULES_CORR_INT_H
#define IR_RULES_CORR_INT_H

#include "rules/correlate.h"

bool ir_corr_fulfils(const struct ir_corr *c, double v);
/* Only lower bounds: once fulfilled, more events cannot undo it. */
bool ir_corr_monotone(const struct ir_corr *c);

/* More than the time span lies between two events, a not later than b. Unsigned: logs hold times
 * from which a signed difference would overflow. */
static inline bool ir_corr_apart(const struct ir_corr *c, const struct ir_corr_event *a,
                                 const struct ir_corr_event *b)
{
    return (uint64_t)b->time - (uint64_t)a->time > (uint64_t)c->timespan;
}

/* Who is told where a burst's condition holds; `base`: the burst's first event. */
struct ir_corr_holds {
    ir_corr_hold_fn fn; /* may be NULL */
    void *user;
    size_t base;
};

static inline void ir_corr_hold(const struct ir_corr_holds *h, size_t event)
{
    if (h->fn != NULL) h->fn(h->user, h->base + event);
}

/* value_sum, _avg, _percentile, _median of one burst. *ret_found: it fires. False: memory. */
bool ir_corr_numbers(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                     const struct ir_corr_holds *h, struct ir_corr_fired *f, bool *ret_found);

#endif
