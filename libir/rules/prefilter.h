/*
 * Rules by log source, and the literal database that finds an event's candidate rules.
 *
 * A group is made, when first needed, for a set of log sources: the rules that fit any of them. Its
 * index (a libhs database of their required literals, the numbers that rules hang on, the rules
 * that have neither) is built on request only, because compiling a large one costs as much as
 * trying all its rules on some tens of events. Groups are shared by threads; making and building is
 * under a lock, and nothing changes once built.
 *
 * The prefilter only ever says "this rule cannot match": with and without it results are the same.
 */
#ifndef IR_RULES_PREFILTER_H
#define IR_RULES_PREFILTER_H

#include <hs/hs.h>
#include <stdatomic.h>

#include "rules/always.h"
#include "rules/ast.h"

#define IR_GROUP_SOURCES_MAX 64u

/* What a group is for. */
struct ir_group_key {
    const uint16_t *sources; /* sorted */
    uint32_t n;
    /* static lists, ended by 0 and NULL; each may be NULL */
    const uint16_t *more;        /* log sources that only records with a hint can be of besides */
    const struct ir_hint *hints; /* texts that are searched along with the literals */
    const char *const *triggers; /* the same; records with one are always parsed */
};

/* What a hit of the search says. */
enum ir_group_hit {
    IR_HIT_RULE = 1, /* a rule that any record can be of may match */
    IR_HIT_MORE = 2, /* the same of a rule that only records with a hint can be of */
    IR_HIT_HINT = 4,
    IR_HIT_TRIGGER = 8,
    IR_HIT_MUST = 16, /* of a hint: a rule without a literal is of its log source */
};

struct ir_group {
    uint16_t sources[IR_GROUP_SOURCES_MAX]; /* sorted */
    uint32_t nsources;
    const uint16_t *more; /* this and the texts as in the key */
    const struct ir_hint *hints;
    const char *const *triggers;
    uint32_t *rules; /* all that fit, by number */
    uint32_t nrules;
    bool *base; /* [rule] fits `sources`, not only `more` */
    struct ir_group *next;
    atomic_uint tried; /* events on which all rules were tried, for want of the index */
    /* the index: to be read after ir_groups_build said so */
    atomic_bool built;
    bool failed;
    uint32_t *always; /* rules that neither a literal nor a number tells of */
    uint32_t nalways;
    struct ir_always unsearched; /* the same, by what else they need */
    struct ir_number_key {       /* rules that need EventID to be this number; sorted by number */
        double number;
        uint32_t rule;
    } * by_number;
    uint32_t nby_number;
    hs_database_t *db; /* NULL: no literals */
    uint32_t *owners;  /* rules of literal i: owners[first[i] .. first[i + 1]) */
    uint32_t *first;
    uint32_t *rule_lit; /* literal i as struct ir_val's `lit` counts them: over all groups */
    uint32_t nlits;     /* literal ids nlits, nlits + 1: a letter that folds to ASCII; all rules are
                         * candidates. Ids above: hints, then triggers; they are no rule's */
    uint8_t *says;      /* [literal id] enum ir_group_hit */
    bool must;          /* a rule without a literal is of `sources` */
};

struct ir_rules;
struct ir_groups;

/* NULL when memory is out. */
struct ir_groups *ir_groups_new(struct ir_rules *rs);
void ir_groups_free(struct ir_groups *g);
/* The group for a key, perhaps without its index; NULL when memory is out. */
struct ir_group *ir_groups_get(struct ir_groups *g, const struct ir_group_key *key);
bool ir_group_is(const struct ir_group *gr, const struct ir_group_key *key);
/* Builds the index where it is not there yet. False: it cannot be built, so every rule of the group
 * is a candidate. */
bool ir_groups_build(struct ir_groups *g, struct ir_group *gr);
/* Literals of all groups: one more than the largest `lit` of a value. */
uint32_t ir_groups_nlits(const struct ir_groups *g);
/* True when the rule fits the log source. */
bool ir_groups_fits(const struct ir_groups *g, uint32_t rule, uint16_t source);

#endif
