/*
 * The search for literals, with a limit: hostile bytes can be nothing but hits.
 */
#include "rules/hits.h"

#include <stdlib.h>

#define HITS_MAX ((size_t)1 << 20)

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                      void *user)
{
    struct ir_hits *h = user;
    (void)from;
    (void)flags;
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 4096;
        struct ir_literal_hit *p =
            cap <= (h->max ? h->max : HITS_MAX) ? realloc(h->v, cap * sizeof *p) : NULL;
        if (p == NULL) {
            h->too_many = true;
            return 1;
        }
        h->v = p;
        h->cap = cap;
    }
    if (h->n > 0 && to < h->v[h->n - 1].end) h->unsorted = true;
    h->v[h->n++] = (struct ir_literal_hit){(uint32_t)to, id};
    return 0;
}

static int cmp_hit(const void *a, const void *b)
{
    const struct ir_literal_hit *x = a, *y = b;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return (x->lit > y->lit) - (x->lit < y->lit);
}

bool ir_hits_search(struct ir_hits *h, const hs_database_t *db, hs_scratch_t *scratch,
                    struct ir_str bytes)
{
    h->n = 0;
    h->too_many = h->unsorted = false;
    if (db == NULL || bytes.n == 0) return true;
    if (bytes.n > UINT32_MAX) return false;
    hs_error_t rc = hs_scan(db, bytes.p, (unsigned)bytes.n, 0, scratch, on_literal, h);
    if (rc != HS_SUCCESS || h->too_many) return false;
    if (h->unsorted) qsort(h->v, h->n, sizeof *h->v, cmp_hit);
    return true;
}

void ir_hits_free(struct ir_hits *h)
{
    free(h->v);
    *h = (struct ir_hits){0};
}
