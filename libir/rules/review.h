/*
 * What loads but deserves a word (internal to rules/): things that the Sigma specification forbids
 * or leaves open, and things that have no effect where they stand. A warning never changes what a
 * rule means here: it tells that another engine may read it otherwise, or that its author slipped.
 */
#ifndef IR_RULES_REVIEW_H
#define IR_RULES_REVIEW_H

#include "rules/set.h"

struct ir_review {
    struct ir_rules *rs; /* whose warnings grow */
    const char *path;
};

/* A document that has been built; r->root still as the condition says. */
void ir_review_rule(const struct ir_review *v, const struct ir_yaml *doc, const struct ir_rule *r);
/* The keys and values of one selection. */
void ir_review_selection(const struct ir_review *v, const struct ir_yaml *sel);
/* The body of a correlation. */
void ir_review_correlation(const struct ir_review *v, const struct ir_yaml *map,
                           const struct ir_corr *c);

#define IR_REVIEW_NOTE(v, line, ...)                                                               \
    ir_rules_note((v)->rs, &(v)->rs->warnings, (v)->path, line, __VA_ARGS__)

#endif
