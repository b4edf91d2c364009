/*
 * Counts by value in bounded memory. Exact up to IR_TALLY_MAX distinct values; then the rarer half
 * is let go, and each value that comes (back) later says how many it may have missed. So a flood of
 * values that an attacker makes up cannot push out what is frequent, nor take all memory.
 *
 *     struct ir_tally t = {0};
 *     struct ir_tally_entry *e = ir_tally_add(&t, value);   // e->n is counted already
 *     ir_tally_sort(&t);                                    // most frequent first; then only read
 *     for (i = 0; i < t.n; i++) t.entry[i] …
 *     ir_tally_free(&t);
 */
#ifndef IR_RUN_TALLY_H
#define IR_RUN_TALLY_H

#include "base/map.h"

#ifdef IR_TINY
#define IR_TALLY_MAX 256u
#else
#define IR_TALLY_MAX 32768u
#endif
#define IR_TALLY_KEY_MAX 256u /* longer values are one when so many bytes are alike */

struct ir_tally_entry {
    struct ir_str key; /* good until the next add */
    uint64_t n;        /* at least so many; n + missed at most */
    uint64_t missed;
    uint64_t success, failure, bytes; /* the caller's */
    int64_t first, last;              /* the caller's; ns UTC when timed */
    bool timed;
};

struct ir_tally {
    struct ir_map map;
    struct ir_tally_entry *entry; /* [map item] until sorted */
    uint32_t n, cap;
    uint64_t floor;  /* a value that was let go had at most so many */
    uint64_t let_go; /* how often a value was */
};

/* NULL when memory is out. */
struct ir_tally_entry *ir_tally_add(struct ir_tally *t, struct ir_str key);
void ir_tally_sort(struct ir_tally *t);
void ir_tally_free(struct ir_tally *t);

#endif
