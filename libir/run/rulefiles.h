/*
 * Rule files from disk into a rule set: a file, or a directory with everything below it that ends
 * in .yml or .yaml, but for its formats/. Files named settings.yml hold settings instead, and those
 * named NAME.settings.yml the settings for the samples of NAME.yml (samples.h).
 *
 *     for each path: ir_rulefiles_settings(rs, path);   // all of them before the first rule
 *     ir_rulefiles_values(rs, values, &err);            // what is read last wins
 *     for each path: ir_rulefiles_load(rs, path, &files, &err);
 */
#ifndef IR_RUN_RULEFILES_H
#define IR_RUN_RULEFILES_H

#include "rules/rules.h"
#include "source/input.h"

#define IR_RULE_FILE_MAX ((size_t)4 << 20) /* bytes; the largest public rule has 300 KB */

/* IR_OK; IR_BAD when the path names nothing that can be read; single files that cannot be read
 * become failures of the rule set. *ret_files (may be NULL) is increased by the number of rule
 * files read. */
int ir_rulefiles_load(struct ir_rules *rs, const char *path, size_t *ret_files, struct ir_err *err);
/* By its name. */
bool ir_rulefiles_is_rules(struct ir_str path);
/* The bytes of one such file: a regular file, no larger than IR_RULE_FILE_MAX, into text (cleared
 * first; born with a maximum of IR_RULE_FILE_MAX + 2). IR_OK, IR_BAD, or IR_FATAL: memory. */
int ir_rulefiles_read(const char *path, struct ir_buf *text, struct ir_err *err);
/* The settings.yml files that lie there. IR_OK, or IR_FATAL: memory; a file that is wrong becomes a
 * failure of the rule set, and a path that cannot be read is left to ir_rulefiles_load. */
int ir_rulefiles_settings(struct ir_rules *rs, const char *path);
/* The settings of one file, whatever its name (--values). */
int ir_rulefiles_values(struct ir_rules *rs, const char *path, struct ir_err *err);
/* By its name: a file of settings and not of rules. */
bool ir_rulefiles_is_settings(const char *path);
/* By its place, formats/ of the directory `root`: a log format and not rules (formatfiles.h). */
bool ir_rulefiles_is_format(const char *root, const char *path);
/* What lies below a path; NULL: it cannot be listed, err says why. Free with ir_inputs_free. */
struct ir_inputs *ir_rulefiles_list(const char *path, struct ir_err *err);

#endif
