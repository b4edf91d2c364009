/*
 * Searching a block once more for the literals of events that its format could not name before:
 * a web server's lines inside syslog's, firewalls', tables'. A search for each of them costs more
 * than one of the whole block, as soon as they are many.
 *
 *     ir_aside_begin(&a, block);                            // records come in order from now on
 *     if (ir_aside_hits(&a, group, scratch, ev->raw, &hits, &n)) …
 *     ir_aside_begin(&a, none);                             // the block's memory goes
 *
 * Hits are the same as those of a search in the record alone: a literal holds no end of line.
 */
#ifndef IR_RULES_ASIDE_H
#define IR_RULES_ASIDE_H

#include "rules/hits.h"
#include "rules/prefilter.h"

#define IR_ASIDE_GROUPS 4u

struct ir_aside { /* one thread's; zero-initialised */
    struct ir_str block;
    struct ir_aside_group {
        const struct ir_group *group;
        const char *since;   /* its first event in the block; searched: where that began */
        const char *upto;    /* behind the last record that was asked for */
        size_t bytes;        /* of its events */
        size_t at;           /* hits before are of earlier records */
        bool searched, over; /* over: not for this block */
        struct ir_hits hits;
    } group[IR_ASIDE_GROUPS];
};

void ir_aside_begin(struct ir_aside *a, struct ir_str block);
/* The hits in the record; their ends mean nothing. False: search it by itself. The group's index is
 * built and scratch fits it. */
bool ir_aside_hits(struct ir_aside *a, const struct ir_group *g, hs_scratch_t *scratch,
                   struct ir_str record, const struct ir_literal_hit **ret_hits, size_t *ret_n);
void ir_aside_free(struct ir_aside *a);

#endif
