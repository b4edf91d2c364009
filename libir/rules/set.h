/*
 * The rule set (internal to rules/): what ir_rules_add collects and ir_rules_finish freezes.
 */
#ifndef IR_RULES_SET_H
#define IR_RULES_SET_H

#include "event/extra.h"
#include "rules/load.h"
#include "rules/settings.h"

struct ir_rules_note {
    struct ir_rules_failure f;
    struct ir_rules_note *next;
};

struct ir_note_list {
    struct ir_rules_note *first, **tail;
    struct ir_rules_failure **index; /* made by finish */
    size_t n;
};

struct ir_rules {
    struct ir_arena arena;
    struct ir_names *names;
    struct ir_rule **rule; /* detections and correlations, in load order */
    size_t nrules, caprules;
    struct ir_rule **filter;
    size_t nfilters, capfilters;
    struct ir_note_list failures, warnings;
    struct ir_map by_ref; /* id and name → rule number */
    struct ir_map placeholders;
    struct ir_yaml **placeholder_values;
    size_t nplaceholders;
    struct ir_settings settings;
    struct ir_extras extras; /* for the fields that rules ask to be computed */
    struct ir_regex_link *regexes;
    uint32_t ntwins;          /* one more than the largest `twin` of an item */
    struct ir_groups *groups; /* rules by log source, with their literal databases */
    bool finished;
};

void ir_rules_note(struct ir_rules *rs, struct ir_note_list *list, const char *path, uint64_t line,
                   const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A warning that every scan repeats: about a filter or a setting. */
void ir_rules_doubt(struct ir_rules *rs, const char *path, uint64_t line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* A build context for this rule set (waits may be NULL). */
struct ir_build ir_rules_build(struct ir_rules *rs, struct ir_logsource ls, struct ir_buf *waits,
                               struct ir_err *err);
/* finish's parts */
int ir_rules_apply_filters(struct ir_rules *rs);
int ir_rules_link_correlations(struct ir_rules *rs);
int ir_rules_find_twins(struct ir_rules *rs);

#endif
