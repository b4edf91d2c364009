/*
 * Rule files from disk into a rule set: a file, or a directory with everything below it that ends
 * in .yml or .yaml. A file named settings.yml gives placeholder values instead of rules.
 */
#ifndef IR_RUN_RULEFILES_H
#define IR_RUN_RULEFILES_H

#include "rules/rules.h"

#define IR_RULE_FILE_MAX ((size_t)4 << 20) /* bytes; the largest public rule has 300 KB */

/* IR_OK; IR_BAD when the path names nothing that can be read; single files that cannot be read
 * become failures of the rule set. *ret_files (may be NULL) is increased by the number of rule
 * files read. */
int ir_rulefiles_load(struct ir_rules *rs, const char *path, size_t *ret_files, struct ir_err *err);
/* Placeholder values from one file (--values). */
int ir_rulefiles_values(struct ir_rules *rs, const char *path, struct ir_err *err);

#endif
