/*
 * What lies in the workspace, for the commands that use rules. See workspace.h.
 */
#include "workspace.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/zone.h"
#include "casedb/setting.h"
#include "sink.h"

const char *workspace_home(const struct cmd *cmd, const struct env *env)
{
    if (env->home == NULL)
        say(cmd, _("no workspace: name a directory for it in the environment variable IR_HOME"));
    return env->home;
}

int32_t workspace_zone(const struct env *env)
{
    char path[4096], text[64] = "";
    struct ir_casedb *db;
    int32_t zone_s = 0;
    ir_zone_from_text(IR_S(WORKSPACE_ZONE), &zone_s);
    if (env->home == NULL ||
        (size_t)snprintf(path, sizeof path, "%s/ir.db", env->home) >= sizeof path ||
        ir_casedb_open(path, IR_CASEDB_READ, &db, NULL) != IR_OK)
        return zone_s;
    if (ir_setting_get(db, "zone", text, sizeof text, NULL) == IR_OK)
        ir_zone_from_text(ir_str_z(text), &zone_s);
    ir_casedb_close(db);
    return zone_s;
}

bool workspace_filters(const struct env *env, struct ir_buf *ret_path)
{
    struct stat st;
    ir_buf_clear(ret_path);
    if (env->home == NULL) return false;
    ir_buf_fmt(ret_path, "%s/filters", env->home);
    return !ret_path->full && stat(ret_path->p, &st) == 0 && S_ISDIR(st.st_mode);
}

bool workspace_set(const struct env *env, const char *named, struct ir_ruleset *ret_set)
{
    return env->home != NULL && access(named, F_OK) != 0 &&
           ir_ruleset_open(env->home, named, ret_set) == IR_OK;
}

int workspace_sets(const struct cmd *cmd, const struct env *env, struct ir_ruleset **ret_v,
                   size_t *ret_n)
{
    struct ir_err err = {0};
    *ret_v = NULL;
    *ret_n = 0;
    if (env->home == NULL || ir_rulesets_list(env->home, ret_v, ret_n, &err) == IR_OK)
        return IR_EXIT_OK;
    say(cmd, "%s: %s", err.input, ir_local(err.msg));
    return IR_EXIT_FAILED;
}
