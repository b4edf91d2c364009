/*
 * Radix sort, a byte at a time from the last one on. Bytes that are the same in all ranks cost
 * nothing but the counting.
 */
#include "base/rank.h"

#include <string.h>

#define BYTES 8u

struct ir_rank *ir_rank_sort(struct ir_rank *v, struct ir_rank *scratch, size_t n)
{
    uint32_t count[BYTES][256];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++)
        for (unsigned b = 0; b < BYTES; b++)
            count[b][v[i].rank >> (8 * b) & 255]++;
    for (unsigned b = 0; b < BYTES && n > 0; b++) {
        if (count[b][v[0].rank >> (8 * b) & 255] == n) continue;
        uint32_t at[256], sum = 0;
        for (unsigned k = 0; k < 256; sum += count[b][k++])
            at[k] = sum;
        for (size_t i = 0; i < n; i++)
            scratch[at[v[i].rank >> (8 * b) & 255]++] = v[i];
        struct ir_rank *swap = v;
        v = scratch;
        scratch = swap;
    }
    return v;
}
