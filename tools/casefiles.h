/*
 * The data of the casework: files below casefiles/ that come with ir, and those of the workspace.
 *
 *     status = casefiles_each(cmd, env, "duties", ".yml", take_file, &rules);
 *
 * Files are read as they are found: whoever loads one checks it. A workspace's own file is read
 * after those that come with ir, so that what it says can replace theirs.
 */
#ifndef IR_TOOLS_CASEFILES_H
#define IR_TOOLS_CASEFILES_H

#include "base/err.h"
#include "base/str.h"
#include "cmd.h"

#define CASEFILE_MAX ((size_t)1 << 20) /* bytes */

/* Takes one file. Other than IR_OK: *err says why, and nothing more is read. text lasts until the
 * call returns. */
typedef int casefile_take(void *user, const char *path, struct ir_str text, struct ir_err *err);

/* Each regular file of casefiles/KIND (no directories below it) whose name ends in `suffix`, by
 * name. Returns IR_EXIT_OK, IR_EXIT_USAGE when a file is wrong, or IR_EXIT_FAILED, after having
 * said why. */
int casefiles_each(const struct cmd *cmd, const struct env *env, const char *kind,
                   const char *suffix, casefile_take *take, void *user);
/* There is such a directory, of ir or of the workspace: a program that was copied alone has none.
 */
bool casefiles_there(const struct env *env, const char *kind);
/* Says that there are none, where they were looked for and what to do. */
void casefiles_missing(const struct cmd *cmd, const struct env *env);
/* One file that the user named; the same results. */
int casefiles_file(const struct cmd *cmd, const char *path, casefile_take *take, void *user);

#endif
