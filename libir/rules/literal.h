/*
 * Required literals: a small set of texts of which at least one must stand in any event that a rule
 * can match. They make the prefilter; whatever cannot be proven to be required is left out.
 */
#ifndef IR_RULES_LITERAL_H
#define IR_RULES_LITERAL_H

#include "rules/ast.h"

#define IR_LITERAL_MIN 2u
#define IR_LITERAL_MAX 24u

struct ir_literal {
    struct ir_str text; /* folded, IR_LITERAL_MIN..IR_LITERAL_MAX bytes; arena */
    struct ir_val *val; /* the value that cannot hold without it; NULL: one of an exact table */
};

struct ir_literals {
    struct ir_literal *lit;
    uint32_t n;
    double cost; /* how often we expect one of them: the smaller the better */
};

/* False: the rule has no required literal. */
bool ir_literals_required(struct ir_arena *a, const struct ir_node *root,
                          struct ir_literals *ret_l);
/* Texts that any match of a regular expression holds, one after the other, separated by NUL. False:
 * nothing can be said (alternatives at the top, flags or escapes that are not read here). */
bool ir_regex_runs(struct ir_str re, struct ir_buf *out);
/* True: the steps of the expression (PCRE2's `flags`) can double with every letter of a text;
 * *ret_group is the part of it that repeats what repeats. See regex_nested.c. */
bool ir_regex_nested(struct ir_str re, uint32_t flags, struct ir_str *ret_group);
/* The numbers of which `field` must be one for the rule to match (EventID): false when not
 * required. */
bool ir_numbers_required(const struct ir_node *root, uint32_t field, double *ret_v, uint32_t cap,
                         uint32_t *ret_n);
/* The same of whole words (folded). */
bool ir_words_required(const struct ir_node *root, uint32_t field, struct ir_str *ret_v,
                       uint32_t cap, uint32_t *ret_n);

#endif
