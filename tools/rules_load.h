/*
 * Rule files for the `ir rules` commands: the same directories as a scan takes, without a scan.
 */
#ifndef IR_TOOLS_RULES_LOAD_H
#define IR_TOOLS_RULES_LOAD_H

#include "opt.h"
#include "rules/rules.h"

struct rules_loaded {
    struct ir_names *names;
    struct ir_rules *rules;
    uint64_t files;
};

/* Loads every .yml and .yaml of the paths, or of the default rules when there are none. Returns
 * IR_EXIT_OK, or a status after having said why. Free with rules_unload in any case. */
int rules_load(struct rules_loaded *l, const struct cmd *cmd, const struct opt_list *paths);
void rules_unload(struct rules_loaded *l);

#endif
