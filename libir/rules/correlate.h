/*
 * Correlation over one group's events: sliding windows on the log's own time, never cut at
 * boundaries. Source: Sigma correlation rules specification 2.1.0.
 *
 * A window holds events whose times lie within `timespan` (max - min <= timespan). A burst is a run
 * of events with no gap longer than timespan: the window never empties in it. A group fires once a
 * burst:
 *   counts: the condition holds for the burst's fullest window
 *   sums, averages, percentiles: with only lower bounds (gt, gte) the condition holds at some
 *     moment; with any other, for some window that no further event would fit into
 *   temporal: some window holds all rules (or fulfils the count or the expression)
 *   temporal_ordered: some chain of events in the order of `rules` lies within one window; with a
 *     count a chain of that many of the rules. Equal times: the order of the events given, which is
 * that of the records in one input, and whichever fits between inputs
 *
 * `not` in an expression: the rule must not fit into one window with the others, before or after.
 */
#ifndef IR_RULES_CORRELATE_H
#define IR_RULES_CORRELATE_H

#include "rules/ast.h"

struct ir_corr_event {
    int64_t time;    /* ns UTC */
    uint32_t ref;    /* which of the correlation's rules */
    uint32_t weight; /* events that this one stands for (see ir_corr_thin); 0: one that began before
                      * goes on (an inner correlation's burst) */
    uint64_t value;  /* value_count: hash of the value; value_sum, …: the bits of a double */
};

struct ir_corr_fired {
    size_t first, last; /* indexes: the events that the finding is about */
    size_t at;          /* index of the event with which the condition was first fulfilled */
    uint64_t count;     /* events, weights added */
    double measure;     /* of the fullest (or first fitting) window */
};

/* Takes the value of condition.field number k into *v, which begins as 0: value_count: one hash
 * over all fields; value_sum and kin: the number. False: absent (p == NULL), or no number. */
bool ir_corr_value(const struct ir_corr *c, uint32_t k, struct ir_str value, uint64_t *v);

typedef void (*ir_corr_fn)(void *user, const struct ir_corr_fired *f);
/* An event (its index) with which the condition is fulfilled: that of the firing, and those behind
 * it in the burst, in order. A correlation of correlations must know how long a burst goes on. */
typedef void (*ir_corr_hold_fn)(void *user, size_t event);

/* ev is sorted by time; hold may be NULL. False: memory is out, and some firing may be missing. */
bool ir_correlate(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                  ir_corr_fn fire, ir_corr_hold_fn hold, void *user);

/* Thins one group's events (sorted by time, of one input) without changing any finding: for
 * event_count with only lower bounds, what follows in a burst that fired already is folded into the
 * weight of the event before; `keep` events after that stay, for the finding's list of origins, and
 * one at least every `gap` ns. Returns the new length; `move` lets the caller move parallel data.
 */
size_t ir_corr_thin(const struct ir_corr *c, struct ir_corr_event *ev, size_t n, size_t keep,
                    int64_t gap, void (*move)(void *user, size_t to, size_t from), void *user);

#endif
