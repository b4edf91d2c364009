/*
 * Counts by value. See tally.h.
 */
#include "run/tally.h"

#include <stdlib.h>

void ir_tally_free(struct ir_tally *t)
{
    ir_map_free(&t->map);
    free(t->entry);
    *t = (struct ir_tally){0};
}

/* Most frequent first; the key decides, so that the result depends on nothing else. */
static int cmp_entry(const void *a, const void *b)
{
    const struct ir_tally_entry *x = a, *y = b;
    if (x->n + x->missed != y->n + y->missed) return x->n + x->missed > y->n + y->missed ? -1 : 1;
    return ir_str_cmp(x->key, y->key);
}

void ir_tally_sort(struct ir_tally *t)
{
    if (t->n > 1) qsort(t->entry, t->n, sizeof *t->entry, cmp_entry);
}

/* Lets the rarer half go. */
static bool trim(struct ir_tally *t)
{
    struct ir_map map = {0};
    const uint32_t keep = IR_TALLY_MAX / 2;
    ir_tally_sort(t);
    for (uint32_t i = 0; i < keep; i++) {
        bool fresh;
        uint32_t *v = ir_map_put(&map, t->entry[i].key, &fresh);
        if (v == NULL) {
            ir_map_free(&map);
            return false;
        }
        *v = i;
    }
    if (t->entry[keep].n + t->entry[keep].missed > t->floor)
        t->floor = t->entry[keep].n + t->entry[keep].missed;
    t->let_go += t->n - keep;
    t->n = keep;
    ir_map_free(&t->map);
    t->map = map;
    for (uint32_t i = 0; i < keep; i++)
        t->entry[i].key = map.items[i].key;
    return true;
}

struct ir_tally_entry *ir_tally_add(struct ir_tally *t, struct ir_str key)
{
    bool fresh;
    key = ir_str_head(key, IR_TALLY_KEY_MAX);
    uint32_t at = ir_map_find(&t->map, key);
    if (at != UINT32_MAX) {
        struct ir_tally_entry *e = &t->entry[t->map.items[at].value];
        e->n++;
        return e;
    }
    if (t->n == IR_TALLY_MAX && !trim(t)) return NULL;
    if (t->n == t->cap) {
        uint32_t cap = t->cap ? t->cap * 2 : 64;
        struct ir_tally_entry *v = realloc(t->entry, cap * sizeof *v);
        if (v == NULL) return NULL;
        t->entry = v;
        t->cap = cap;
    }
    uint32_t *v = ir_map_put(&t->map, key, &fresh);
    if (v == NULL) return NULL;
    *v = t->n;
    struct ir_tally_entry *e = &t->entry[t->n++];
    *e = (struct ir_tally_entry){.n = 1, .missed = t->floor};
    e->key = t->map.items[ir_map_find(&t->map, key)].key;
    return e;
}
