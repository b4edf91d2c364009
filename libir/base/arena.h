/*
 * A bump allocator for things that live as long as one batch (a block's events) or one rule set.
 *
 *     struct ir_arena a = IR_ARENA(IR_ARENA_BATCH_MAX);
 *     char *p = ir_arena_alloc(&a, n);
 *     ir_arena_reset(&a);      // keeps the first chunk for reuse
 *     ir_arena_free(&a);
 *
 * Returns NULL when the maximum is reached or memory is out; the caller then gives up the record.
 * One thread. Allocations are aligned to 16 bytes and not zeroed.
 */
#ifndef IR_BASE_ARENA_H
#define IR_BASE_ARENA_H

#include "base/str.h"

struct ir_arena_chunk;

struct ir_arena {
    struct ir_arena_chunk *head; /* current chunk */
    char *cur, *end;
    size_t used, max; /* bytes in all chunks; the limit */
};

#define IR_ARENA(maximum) ((struct ir_arena){.max = (maximum)})

void *ir_arena_alloc_slow(struct ir_arena *a, size_t n);

static inline void *ir_arena_alloc(struct ir_arena *a, size_t n)
{
    if (n == 0) n = 1; /* an address of its own, so that NULL always means failure */
    size_t need = (n + 15) & ~(size_t)15;
    if (need < n) return NULL;
    if ((size_t)(a->end - a->cur) < need) return ir_arena_alloc_slow(a, need);
    void *p = a->cur;
    a->cur += need;
    return p;
}

/* Zeroed. */
void *ir_arena_zalloc(struct ir_arena *a, size_t n);
/* A copy of s followed by a NUL; p is NULL when memory is out. */
struct ir_str ir_arena_dup(struct ir_arena *a, struct ir_str s);
void ir_arena_reset(struct ir_arena *a);
void ir_arena_free(struct ir_arena *a);

#endif
