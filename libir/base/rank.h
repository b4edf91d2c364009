/*
 * Sorting many numbers, each with the place that it belongs to, in time linear in them:
 *
 *     struct ir_rank v[N], scratch[N];
 *     const struct ir_rank *sorted = ir_rank_sort(v, scratch, N);
 *
 * Equal ranks stay in the order in which they were. For a few hundred and more: qsort() is the
 * better one for less.
 */
#ifndef IR_BASE_RANK_H
#define IR_BASE_RANK_H

#include <stddef.h>
#include <stdint.h>

struct ir_rank {
    uint64_t rank;
    uint32_t at;
};

/* Both arrays are written; returns the one of them that is sorted. n is below 2^32. */
struct ir_rank *ir_rank_sort(struct ir_rank *v, struct ir_rank *scratch, size_t n);

#endif
