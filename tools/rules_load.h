/*
 * Rule files for the `ir rules` commands, without a scan.
 */
#ifndef IR_TOOLS_RULES_LOAD_H
#define IR_TOOLS_RULES_LOAD_H

#include "format/format.h"
#include "opt.h"
#include "rules/rules.h"

struct rules_loaded {
    struct ir_names *names;
    struct ir_rules *rules;
    size_t files;
};

/* Loads the rules of the paths (files, directories or names of imported sets), and with
 * `defaults` first those that come with ir and those of the workspace. values (may be NULL): a file
 * of placeholder values. Returns IR_EXIT_OK, or a status after having said why; rules that do not
 * load are in the rule set's failures. Free with rules_unload in any case.
 * formats: of the records that the rules will see; NULL: of none. */
int rules_load(struct rules_loaded *l, const struct cmd *cmd, const struct opt_list *paths,
               bool defaults, const char *values, const struct env *env,
               const struct ir_formats *formats);
void rules_unload(struct rules_loaded *l);

/* "path:line: error: reason", as compilers write, so that editors can follow. */
void rules_note(struct ir_buf *out, const struct ir_rules_failure *f, const char *kind);

#endif
