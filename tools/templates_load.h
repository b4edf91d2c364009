/*
 * The templates of reports for the commands that need them.
 */
#ifndef IR_TOOLS_TEMPLATES_LOAD_H
#define IR_TOOLS_TEMPLATES_LOAD_H

#include "casedb/template.h"
#include "cmd.h"

/* Those of casefiles/ and of the workspace. IR_EXIT_OK, or a status after having said why; free
 * *ret_t in any case. */
int templates_load(const struct cmd *cmd, const struct env *env, struct ir_templates **ret_t);
/* Also those of another directory of casefiles/: the forms that are of no case. */
int templates_load_with(const struct cmd *cmd, const struct env *env, const char *more,
                        struct ir_templates **ret_t);
/* Says why: a fault in a template has file and line. */
int templates_failed(const struct cmd *cmd, const struct ir_err *err);

#endif
