/*
 * One search for a group's literals, and where they stand.
 */
#ifndef IR_RULES_HITS_H
#define IR_RULES_HITS_H

#include <hs/hs.h>

#include "base/str.h"

struct ir_literal_hit {
    uint32_t end; /* offset behind the last byte, in the searched bytes */
    uint32_t lit; /* literal number in the group */
};

struct ir_hits { /* zero-initialised */
    struct ir_literal_hit *v;
    size_t n, cap, max; /* max: of one search; more, and it is given up. 0: about a million */
    bool too_many, unsorted;
};

/* Sorted by end. db NULL: no literals. False: too many hits (h has the first), or libhs failed. */
bool ir_hits_search(struct ir_hits *h, const hs_database_t *db, hs_scratch_t *scratch,
                    struct ir_str bytes);
void ir_hits_free(struct ir_hits *h);

#endif
