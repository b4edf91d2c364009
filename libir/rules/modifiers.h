/*
 * Value modifiers: the chain of one item ("CommandLine|wide|base64offset|contains") and what it
 * does to a value's text. Source: Sigma modifiers appendix 2.1.0; the unclear points as written in
 * the .c.
 */
#ifndef IR_RULES_MODIFIERS_H
#define IR_RULES_MODIFIERS_H

#include "rules/load.h"

enum ir_modifier {
    IR_MOD_CONTAINS,
    IR_MOD_STARTSWITH,
    IR_MOD_ENDSWITH,
    IR_MOD_ALL,
    IR_MOD_CASED,
    IR_MOD_EXISTS,
    IR_MOD_NEQ,
    IR_MOD_RE,
    IR_MOD_RE_I,
    IR_MOD_RE_M,
    IR_MOD_RE_S,
    IR_MOD_BASE64,
    IR_MOD_BASE64OFFSET,
    IR_MOD_UTF16LE, /* also spelled wide: so the list of names is longer than this one */
    IR_MOD_UTF16BE,
    IR_MOD_UTF16,
    IR_MOD_WINDASH,
    IR_MOD_CIDR,
    IR_MOD_LT,
    IR_MOD_LTE,
    IR_MOD_GT,
    IR_MOD_GTE,
    IR_MOD_FIELDREF,
    IR_MOD_EXPAND,
    IR_MOD_MINUTE,
    IR_MOD_HOUR,
    IR_MOD_DAY,
    IR_MOD_WEEK,
    IR_MOD_MONTH,
    IR_MOD_YEAR,
    IR_MOD_MAX
};

#define IR_CHAIN_MAX 12u

struct ir_chain {
    enum ir_modifier mod[IR_CHAIN_MAX]; /* only those that transform text, in order */
    uint32_t nmod;
    bool contains, startswith, endswith, all, cased, exists, neq, re, cidr, fieldref, expand;
    bool re_i, re_m, re_s;
    bool compare, clash; /* clash: two of lt, lte, gt, gte, or two parts of a date */
    enum ir_compare_op op;
    enum ir_date_part date;
};

/* Splits the key at '|': the field name and the chain. */
int ir_chain_parse(struct ir_build *b, struct ir_str key, uint32_t line, struct ir_str *ret_field,
                   struct ir_chain *ret_c);
/* Values are taken as they are written: no wildcards, no escapes. */
bool ir_chain_is_raw(const struct ir_chain *c);
/* PCRE2's flags for the values of `re`. */
uint32_t ir_chain_regex_flags(const struct ir_chain *c);
/* Runs the transforming modifiers over one value; *ret_n results in *ret_g (base64offset makes
 * three). `in` may be changed. */
int ir_chain_transform(struct ir_build *b, const struct ir_chain *c, struct ir_glob *in,
                       uint32_t line, struct ir_glob **ret_g, uint32_t *ret_n);

#endif
