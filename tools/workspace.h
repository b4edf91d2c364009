/*
 * The workspace (env->home): imported rule sets and filters of the user's own.
 */
#ifndef IR_TOOLS_WORKSPACE_H
#define IR_TOOLS_WORKSPACE_H

#include "base/buf.h"
#include "cmd.h"
#include "run/ruleset.h"

/* The workspace, or says that there is no place for one and returns NULL. */
const char *workspace_home(const struct cmd *cmd, const struct env *env);
/* The zone of the organisation, seconds east of UTC; that of ir init's default when there is no
 * workspace yet. Not that of the machine, which may be a server in UTC. */
#define WORKSPACE_ZONE "+09:00"
int32_t workspace_zone(const struct env *env);
/* The directory of filters. False: none is there. */
bool workspace_filters(const struct env *env, struct ir_buf *ret_path);
/* What --rules names: true when it is no path but an imported set. */
bool workspace_set(const struct env *env, const char *named, struct ir_ruleset *ret_set);
/* All imported sets, in the order of their names; free(*ret_v). IR_EXIT_OK, or a status after
 * having said why. */
int workspace_sets(const struct cmd *cmd, const struct env *env, struct ir_ruleset **ret_v,
                   size_t *ret_n);

#endif
