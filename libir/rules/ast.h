/*
 * A detection as a tree, between loader, compiler, matcher and explainer (internal to rules/).
 *
 *     node AND/OR/NOT ── kids …
 *     node ITEM ── field names, values (OR, or AND with |all)
 *
 * Everything lives in the rule set's arena and is immutable after ir_rules_finish.
 */
#ifndef IR_RULES_AST_H
#define IR_RULES_AST_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/ip.h"
#include "rules/number.h"
#include "rules/pattern.h"
#include "rules/rules.h"

enum ir_value_kind {
    IR_VAL_PATTERN, /* string, wildcards */
    IR_VAL_NUMBER,  /* plain number: equal as text or as number */
    IR_VAL_NULL,    /* field absent or null */
    IR_VAL_EXISTS,  /* field present: `yes` */
    IR_VAL_REGEX,
    IR_VAL_CIDR,
    IR_VAL_COMPARE,  /* lt lte gt gte against a number */
    IR_VAL_FIELDREF, /* equal to (or contains, …) another field */
    IR_VAL_NEVER,    /* stands for a placeholder with an empty list of values */
};

enum ir_compare_op { IR_CMP_EQ, IR_CMP_LT, IR_CMP_LTE, IR_CMP_GT, IR_CMP_GTE };

/* A part of a date taken from the field's text before comparing. */
enum ir_date_part {
    IR_DATE_NONE,
    IR_DATE_MINUTE,
    IR_DATE_HOUR,
    IR_DATE_DAY,
    IR_DATE_WEEK,
    IR_DATE_MONTH,
    IR_DATE_YEAR
};

struct ir_val {
    enum ir_value_kind kind;
    uint32_t
        lit; /* literal (prefilter.h) without which the value cannot hold; 0: none is watched */
    bool lit_is_all; /* … and with which a keyword does: it is looked for, and nothing else */
    uint32_t line;
    struct ir_str text;        /* as the rule wrote it, for explain */
    struct ir_pattern pattern; /* PATTERN; NUMBER: its text; FIELDREF: only op counts */
    struct ir_number number;   /* NUMBER, COMPARE */
    enum ir_compare_op compare;
    bool yes;  /* EXISTS */
    bool more; /* the next value stands for the same written one: with |all either will do */
    struct ir_cidr cidr;
    pcre2_code *regex;
    const uint32_t *ref_fields; /* FIELDREF: ids, 0-terminated */
};

struct ir_item {
    struct ir_str key;   /* as written: "CommandLine|contains|all"; empty for keywords */
    struct ir_str field; /* the name alone */
    const uint32_t
        *fields; /* ids that stand for it, any of them fits; 0-terminated. NULL: keyword */
    bool all;    /* every value must fit */
    bool negate; /* |neq */
    bool plain;  /* a field, and no value asks whether it is there at all */
    enum ir_date_part date;
    struct ir_val *vals;
    uint32_t nvals;
    uint32_t line;
    /* Many exact values: their folded texts sorted, for a binary search instead of a walk. */
    struct ir_str *exact;
    uint32_t nexact;
    int64_t *whole; /* [nvals] all values are whole numbers: these, sorted; NULL: they are not */
    uint32_t twin;  /* a number for all items that say the same, in several rules; 0: none does */
};

enum ir_node_op { IR_NODE_AND, IR_NODE_OR, IR_NODE_NOT, IR_NODE_ITEM };

struct ir_node {
    enum ir_node_op op;
    uint32_t nkids;
    struct ir_node **kids;
    struct ir_item *item;
    struct ir_str label; /* of a selection: its name in the rule */
    bool used;           /* while loading: the condition reaches it */
};

/* A named selection of a detection or filter. */
struct ir_selection {
    struct ir_str name;
    struct ir_node *node;
};

enum ir_corr_type {
    IR_CORR_EVENT_COUNT,
    IR_CORR_VALUE_COUNT,
    IR_CORR_TEMPORAL,
    IR_CORR_TEMPORAL_ORDERED,
    IR_CORR_VALUE_SUM,
    IR_CORR_VALUE_AVG,
    IR_CORR_VALUE_PERCENTILE,
    IR_CORR_VALUE_MEDIAN,
};

#define IR_CORR_CONDITIONS_MAX 4u
#define IR_CORR_RULES_MAX      64u
#define IR_CORR_GROUP_MAX      8u

enum ir_corr_op { IR_COP_GT, IR_COP_GTE, IR_COP_LT, IR_COP_LTE, IR_COP_EQ, IR_COP_NEQ };

struct ir_corr_alias { /* alias → the field to take for one referenced rule */
    struct ir_str alias, rule, field;
    uint32_t line;
};

struct ir_corr {
    enum ir_corr_type type;
    struct ir_str *refs; /* ids or names as written */
    uint32_t nrefs;
    uint32_t *rules; /* rule numbers, parallel to refs, after resolving */
    struct ir_str group_by[IR_CORR_GROUP_MAX];
    uint32_t ngroup;
    struct ir_corr_alias *aliases;
    uint32_t naliases;
    int64_t timespan; /* ns */
    struct {
        enum ir_corr_op op;
        double value;
    } cond[IR_CORR_CONDITIONS_MAX];
    uint32_t ncond;
    struct ir_str cond_field[IR_CORR_GROUP_MAX]; /* value_*: whose values; several are combined */
    uint32_t ncond_field;
    struct ir_node *expr; /* extended temporal condition over refs (item: label = ref), or NULL */
    double percentile;
    bool generate;
    uint32_t depth; /* 1: refers to detections only */
    /* Per referenced rule, the field ids of each group-by and value field: [ref][k], 0-terminated
     * lists */
    const uint32_t *(*group_ids)[IR_CORR_GROUP_MAX];
    const uint32_t *(*value_ids)[IR_CORR_GROUP_MAX];
};

struct ir_yaml;

struct ir_rule {
    struct ir_rule_info info;
    struct ir_selection *sel;
    uint32_t nsel;
    struct ir_node *root;    /* NULL: never fires (waits for values) */
    struct ir_str condition; /* text, for explain */
    struct ir_corr *corr;
    const struct ir_yaml *filter_doc; /* filter: its body, built anew for each rule it joins */
    const struct ir_str *filter_refs; /* filter: rule ids or names; none: all that fit */
    uint32_t nfilter_refs;
    uint32_t number; /* in the rule set */
    uint32_t asks;   /* computed fields that it, or a correlation of it, reads (event/extra.h) */
};

#endif
