/*
 * One mapper's state, shared by map.c (records) and map_hits.c (what a hit becomes).
 */
#ifndef IR_RUN_MAP_INT_H
#define IR_RUN_MAP_INT_H

#include "rules/set.h"
#include "run/scan_int.h"

#define IR_MAP_KINDS 1024u

struct ir_mapper {
    const struct ir_scan *s;
    struct ir_matcher *matcher;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_result *r;
    struct ir_buf key, why;
    const struct ir_group *group; /* of the format, when its raw bytes are searched */
    uint64_t group_sources[IR_SOURCE_WORDS];
    uint64_t kinds[IR_MAP_KINDS]; /* seen in this block; a set by hash, 0 = free */
    uint64_t regex_limits;        /* of the matcher, as told so far */
};

/* ir_hit_fn, user is the mapper: the current event hit this rule. */
void ir_map_hit(void *user, uint32_t rule, uint32_t view);
/* Runs of correlations lose what cannot change a finding, before they are kept in memory. */
void ir_map_thin(struct ir_mapper *m, struct ir_result *r);

#endif
