/*
 * One mapper's state, shared by map.c (records of a block), map_stream.c (streams that are read
 * whole) and map_hits.c (what a hit becomes).
 */
#ifndef IR_RUN_MAP_INT_H
#define IR_RUN_MAP_INT_H

#include "rules/set.h"
#include "run/alike.h"

#define IR_MAP_KINDS 1024u

struct ir_chain { /* whole streams that share a parser: one, or a rotated set's */
    struct ir_parser p;
    bool open;
    uint32_t input;          /* the current one */
    struct ir_result *older; /* for hits whose record lies in an input before it; else NULL */
    ir_part_fn part;         /* who takes it over */
    void *part_user;
};

struct ir_mapper {
    const struct ir_scan *s;
    struct ir_matcher *matcher;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_result *r;
    struct ir_buf key, why;
    struct ir_alike *alike;
    uint64_t group_sources[IR_SOURCE_WORDS];
    uint64_t kinds[IR_MAP_KINDS]; /* seen in this block; a set by hash, 0 = free */
    uint64_t regex_limits;        /* of the matcher, as told so far */
    uint32_t last_format;         /* number of the one that the last record was of */
    struct ir_chain chain;
};

struct ir_walk { /* over a block's records */
    const struct ir_stream *st;
    struct ir_parser *parser;
    const struct ir_group *group;
    const struct ir_literal_hit *hit;
    size_t nhits, at;
    bool searched, parse_all;
    bool alike; /* records that are alike are looked for */
    const struct ir_block *blk;
    struct ir_str data;
    uint64_t base,
        line0; /* place of data[0] in what the result is about: the block, or the whole input */
};

/* map.c. Counts go to r from here on. */
void ir_map_begin(struct ir_mapper *m, const struct ir_stream *st, const struct ir_block *blk,
                  struct ir_result *r);
void ir_map_walk(struct ir_mapper *m, struct ir_walk *w);
/* Counts a parsed event and matches it; `g` with its hits when the block was searched by g. */
void ir_map_event(struct ir_mapper *m, const struct ir_format *fmt, const struct ir_group *g,
                  const struct ir_literal_hit *hits, size_t nhits);
void ir_map_finish(struct ir_mapper *m, struct ir_result *r);

/* map_stream.c: where hits go whose record lies so many inputs before the current one; never NULL
 */
struct ir_result *ir_map_result_of(struct ir_mapper *m, uint32_t back);

/* ir_hit_fn, user is the mapper: the current event hit this rule. */
void ir_map_hit(void *user, uint32_t rule, uint32_t view);
/* False: --since or --until leaves the current event out. */
bool ir_map_in_time(const struct ir_mapper *m);
/* The current record is alike an earlier one of the block: adds its place wherever that one's went.
 */
void ir_map_again(struct ir_mapper *m, const struct ir_alike_record *e);
/* Runs of correlations lose what cannot change a finding, before they are kept in memory. */
void ir_map_thin(struct ir_mapper *m, struct ir_result *r);

#endif
