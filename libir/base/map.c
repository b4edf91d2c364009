/*
 * The insertion-ordered hash map and its hash (folded 64x64→128 multiplications, after wyhash's
 * idea).
 */
#include "base/map.h"

#include <stdlib.h>

#define SEED UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 m = (unsigned __int128)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

/* 1..16 bytes as two words. Loads overlap where that saves a copy of odd length. */
static void load_short(const char *p, size_t n, uint64_t *a, uint64_t *b)
{
    uint32_t lo, hi;
    if (n >= 8) {
        *a = load64(p);
        *b = load64(p + n - 8);
    } else if (n >= 4) {
        memcpy(&lo, p, 4);
        memcpy(&hi, p + n - 4, 4);
        *a = lo;
        *b = hi;
    } else {
        *a = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
             (unsigned char)p[n - 1];
        *b = 0;
    }
}

uint64_t ir_hash(struct ir_str s, uint64_t seed)
{
    const uint64_t k0 = UINT64_C(0xa0761d6478bd642f), k1 = UINT64_C(0xe7037ed1a0b428db);
    uint64_t h = seed ^ mix(seed ^ k0, s.n ^ k1), a = 0, b = 0;
    const char *p = s.p;
    size_t n = s.n;
    for (; n > 16; p += 16, n -= 16)
        h = mix(load64(p) ^ k0 ^ h, load64(p + 8) ^ k1 ^ (h >> 1));
    if (n > 0) load_short(p, n, &a, &b);
    return mix(mix(a ^ k0 ^ h, b ^ k1), UINT64_C(0x8ebc6af09c88c6e3) ^ h);
}

static bool grow(struct ir_map *m)
{
    uint32_t cap = m->cap ? m->cap * 2 : 64;
    if (cap > UINT32_MAX / 4) return false;
    struct ir_map_item *items = realloc(m->items, cap * sizeof *items);
    if (items == NULL) return false;
    m->items = items;
    uint32_t *index = calloc((size_t)cap * 2, sizeof *index);
    if (index == NULL) return false;
    free(m->index);
    m->index = index;
    m->cap = cap;
    m->mask = cap * 2 - 1;
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t at = (uint32_t)m->items[i].hash & m->mask;
        while (m->index[at] != 0)
            at = (at + 1) & m->mask;
        m->index[at] = i + 1;
    }
    return true;
}

/* The index cell that holds the key, or the free one where it belongs. */
static uint32_t cell(const struct ir_map *m, struct ir_str key, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & m->mask;
    while (m->index[at] != 0) {
        const struct ir_map_item *it = &m->items[m->index[at] - 1];
        if (it->hash == hash && ir_str_eq(it->key, key)) break;
        at = (at + 1) & m->mask;
    }
    return at;
}

uint32_t *ir_map_put(struct ir_map *m, struct ir_str key, bool *ret_new)
{
    if (ret_new) *ret_new = false;
    if (m->n == m->cap && !grow(m)) return NULL;
    uint64_t hash = ir_hash(key, SEED);
    uint32_t at = cell(m, key, hash);
    if (m->index[at] == 0) {
        struct ir_str copy = ir_arena_dup(&m->keys, key);
        if (copy.p == NULL) return NULL;
        m->items[m->n] = (struct ir_map_item){.key = copy, .hash = hash};
        m->index[at] = ++m->n;
        if (ret_new) *ret_new = true;
    }
    return &m->items[m->index[at] - 1].value;
}

uint32_t ir_map_find(const struct ir_map *m, struct ir_str key)
{
    if (m->n == 0) return UINT32_MAX;
    uint32_t at = cell(m, key, ir_hash(key, SEED));
    return m->index[at] - 1; /* a free cell (0) wraps to UINT32_MAX */
}

void ir_map_free(struct ir_map *m)
{
    free(m->items);
    free(m->index);
    ir_arena_free(&m->keys);
    *m = (struct ir_map){0};
}
