/*
 * Between the parts of the rule loader (internal to rules/).
 */
#ifndef IR_RULES_LOAD_H
#define IR_RULES_LOAD_H

#include "base/map.h"
#include "base/yaml.h"
#include "rules/ast.h"

#define IR_RULES_VALUES_MAX 100000u /* values of one item, placeholders expanded */

/* Compiled regular expressions of a rule set: not arena memory, so they are listed to be freed. */
struct ir_regex_link {
    pcre2_code *code;
    struct ir_regex_link *next;
};

/* Where a detection is being built: the rule's arena, its log source (for aliases), and
 * placeholders. */
struct ir_build {
    struct ir_arena *arena;
    struct ir_names *names;
    struct ir_logsource logsource;
    const struct ir_map *placeholders; /* name → index into placeholder_values */
    struct ir_yaml *const *placeholder_values;
    struct ir_buf *waits; /* names without values are added, comma separated */
    struct ir_regex_link **regexes;
    struct ir_err *err; /* line and reason */
};

/* The ids that stand for a Sigma field name in a rule of this log source; 0-terminated, in the
 * arena. */
const uint32_t *ir_alias_fields(struct ir_build *b, struct ir_str field);
/* A field of ours that stands for this name somewhere, whatever its case; NULL: none. */
const char *ir_alias_meaning(struct ir_str field);

/* One `key: value` of a map, or a keyword list (key empty, node a list or scalar). */
int ir_item_build(struct ir_build *b, struct ir_str key, const struct ir_yaml *node,
                  struct ir_item **ret_item);
/* All selections below a `detection:` or `filter:` map, leaving out the keys of `skip`
 * (NULL-ended). */
int ir_selections_build(struct ir_build *b, const struct ir_yaml *map, const char *const *skip,
                        struct ir_selection **ret_sel, uint32_t *ret_n);
/* condition: text or a list of texts (OR of all). */
int ir_condition_build(struct ir_build *b, const struct ir_yaml *node,
                       const struct ir_selection *sel, uint32_t nsel, struct ir_node **ret_root,
                       struct ir_str *ret_text);
/* The selections and condition of a detection's or filter's body. */
int ir_body_build(struct ir_build *b, const struct ir_yaml *map, const char *const *skip,
                  struct ir_rule *r);
int ir_corr_build(struct ir_build *b, const struct ir_yaml *map, struct ir_corr **ret_c);

/* 0 informational … 4 critical; -1: no such word. */
int ir_level_of(struct ir_str s);
/* Sets err's line and message; returns IR_BAD. */
int ir_load_fail(struct ir_build *b, uint32_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
