/*
 * Full text over all tables: words of three letters or more by the trigram index, shorter ones by
 * looking at the same rows. All words must be there; the newest rows come first.
 */
#ifndef IR_CASEDB_SEARCH_H
#define IR_CASEDB_SEARCH_H

#include "casedb/incident.h"

struct ir_search_hit {
    const char *table;
    char id[IR_ID_TEXT];
    char incident[IR_NO_TEXT]; /* number of its case; empty: none */
    char no[IR_NO_TEXT];       /* its own number; empty: it has none */
    struct ir_str snippet;     /* lasts until the call returns */
};

/* Words are text, whatever stands in them. hit: other than IR_OK ends it. */
int ir_search(struct ir_casedb *db, const char *const *word, size_t n,
              int (*hit)(void *user, const struct ir_search_hit *h), void *user,
              struct ir_err *err);

#endif
