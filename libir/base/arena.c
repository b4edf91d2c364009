/*
 * The bump allocator: chunks that double up to a megabyte, the first one kept over resets.
 */
#include "base/arena.h"

#include <stdlib.h>

#define FIRST_CHUNK ((size_t)16 << 10)
#define LARGE_CHUNK ((size_t)1 << 20)

struct ir_arena_chunk {
    struct ir_arena_chunk *older;
    size_t size; /* bytes of data */
    _Alignas(16) char data[];
};

void *ir_arena_alloc_slow(struct ir_arena *a, size_t n)
{
    size_t size = a->head ? a->head->size * 2 : FIRST_CHUNK;
    if (size > LARGE_CHUNK) size = LARGE_CHUNK;
    if (size < n) size = n;
    if (a->max != 0 && (a->used > a->max || size > a->max - a->used)) {
        size = n; /* the last allocations before the limit get exactly what they need */
        if (a->used > a->max || size > a->max - a->used) return NULL;
    }
    struct ir_arena_chunk *c = malloc(sizeof *c + size);
    if (c == NULL) return NULL;
    c->older = a->head;
    c->size = size;
    a->head = c;
    a->used += size;
    a->cur = c->data + n;
    a->end = c->data + size;
    return c->data;
}

void *ir_arena_zalloc(struct ir_arena *a, size_t n)
{
    void *p = ir_arena_alloc(a, n);
    if (p != NULL) memset(p, 0, n);
    return p;
}

struct ir_str ir_arena_dup(struct ir_arena *a, struct ir_str s)
{
    if (s.n == SIZE_MAX) return ir_str_n(NULL, 0);
    char *p = ir_arena_alloc(a, s.n + 1);
    if (p == NULL) return ir_str_n(NULL, 0);
    if (s.n > 0) memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return ir_str_n(p, s.n);
}

void ir_arena_reset(struct ir_arena *a)
{
    if (a->head == NULL) return;
    while (a->head->older != NULL) {
        struct ir_arena_chunk *c = a->head;
        a->head = c->older;
        a->used -= c->size;
        free(c);
    }
    a->cur = a->head->data;
    a->end = a->head->data + a->head->size;
}

void ir_arena_free(struct ir_arena *a)
{
    while (a->head != NULL) {
        struct ir_arena_chunk *c = a->head;
        a->head = c->older;
        free(c);
    }
    a->cur = a->end = NULL;
    a->used = 0;
}
