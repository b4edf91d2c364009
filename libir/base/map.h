/*
 * Hash map from byte strings to uint32, insertion ordered, open addressing. Meant for names
 * and keys whose number is bounded by the caller.
 *
 *     struct ir_map m = {0};
 *     uint32_t *v = ir_map_put(&m, key, &is_new);   // key bytes are copied into the map's arena
 *     for (uint32_t i = 0; i < m.n; i++) m.items[i].key … m.items[i].value
 *
 * Pointers into items are good until the next put. Not for threads.
 */
#ifndef IR_BASE_MAP_H
#define IR_BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct ir_map_item {
    struct ir_str key; /* NUL-terminated copy */
    uint64_t hash;
    uint32_t value;
};

struct ir_map {
    struct ir_map_item *items;
    uint32_t n, cap;
    uint32_t *index; /* item number + 1, or 0; size mask + 1 */
    uint32_t mask;
    struct ir_arena keys; /* zero-initialised: no limit but memory */
};

/* 64-bit hash of bytes, keyed by seed (wyhash-like; not for evidence). Same result on every run. */
uint64_t ir_hash(struct ir_str s, uint64_t seed);

/* The value's place, made with value 0 when the key is new. NULL when memory is out. */
uint32_t *ir_map_put(struct ir_map *m, struct ir_str key, bool *ret_new);
/* Item number or UINT32_MAX. */
uint32_t ir_map_find(const struct ir_map *m, struct ir_str key);
void ir_map_free(struct ir_map *m);

#endif
