/*
 * Rule files for the `ir rules` commands. See rules_load.h; reading them is run/rulefiles.h.
 */
#include "rules_load.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "run/rulefiles.h"
#include "scan_rules.h"
#include "sink.h"
#include "where.h"
#include "workspace.h"

static int load_path(struct rules_loaded *l, const struct cmd *cmd, const char *path)
{
    struct ir_err err = {0};
    size_t before = ir_rules_size(l->rules);
    if (ir_rulefiles_load(l->rules, path, &l->files, &err) == IR_OK) {
        if (ir_rules_size(l->rules) == before) say_no_rules(cmd, path);
        return IR_EXIT_OK;
    }
    say(cmd, _("cannot read rules: %s: %s"), path, ir_local(err.msg));
    return IR_EXIT_FAILED;
}

/* All settings before the first rule; what the user names now counts most. */
static int load_settings(struct rules_loaded *l, const struct cmd *cmd, bool defaults,
                         const struct opt_list *paths, const char *values)
{
    struct ir_buf own = IR_BUF(1 << 16);
    struct ir_err err = {0};
    if (defaults && default_rules(&own)) ir_rulefiles_settings(l->rules, own.p);
    ir_buf_free(&own);
    for (size_t i = 0; i < paths->n; i++)
        ir_rulefiles_settings(l->rules, paths->v[i]);
    if (values == NULL || ir_rulefiles_values(l->rules, values, &err) == IR_OK) return IR_EXIT_OK;
    say_error(cmd, _("cannot read values"), values, &err, _("name a YAML file with --values"));
    return IR_EXIT_FAILED;
}

static int load_set(struct rules_loaded *l, const struct cmd *cmd, const struct env *env,
                    struct ir_ruleset *set)
{
    if (ir_ruleset_load(l->rules, env->home, set, &l->files) == IR_OK) return IR_EXIT_OK;
    say(cmd, _("cannot read rules: %s: %s"), set->name, _("out of memory"));
    return IR_EXIT_FAILED;
}

static int load_defaults(struct rules_loaded *l, const struct cmd *cmd, const struct env *env)
{
    struct ir_buf path = IR_BUF(1 << 16);
    struct ir_ruleset *v = NULL;
    size_t n = 0;
    int status = IR_EXIT_FAILED;
    if (!default_rules(&path))
        say(cmd,
            _("no default rules: share/ir/rules is not there: reinstall ir, or name a directory "
              "of rules"));
    else
        status = load_path(l, cmd, path.p);
    if (status == IR_EXIT_OK) status = workspace_sets(cmd, env, &v, &n);
    for (size_t i = 0; i < n && status == IR_EXIT_OK; i++)
        status = load_set(l, cmd, env, &v[i]);
    if (status == IR_EXIT_OK && workspace_filters(env, &path)) status = load_path(l, cmd, path.p);
    free(v);
    ir_buf_free(&path);
    return status;
}

static int load_all(struct rules_loaded *l, const struct cmd *cmd, const struct opt_list *paths,
                    bool defaults, const char *values, const struct env *env)
{
    struct ir_ruleset set;
    int status = load_settings(l, cmd, defaults, paths, values);
    if (status != IR_EXIT_OK) return status;
    if (defaults) status = load_defaults(l, cmd, env);
    for (size_t i = 0; i < paths->n; i++) {
        int rc = workspace_set(env, paths->v[i], &set) ? load_set(l, cmd, env, &set)
                                                       : load_path(l, cmd, paths->v[i]);
        if (rc != IR_EXIT_OK) status = rc;
    }
    return status;
}

int rules_load(struct rules_loaded *l, const struct cmd *cmd, const struct opt_list *paths,
               bool defaults, const char *values, const struct env *env,
               const struct ir_formats *formats)
{
    struct ir_err err = {0};
    *l = (struct rules_loaded){.names = ir_names_new()};
    if (l->names != NULL) l->rules = ir_rules_new(l->names);
    if (l->names != NULL && formats != NULL)
        ir_names_own_sources(l->names, formats->own, formats->nown);
    if (l->rules == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    int status = load_all(l, cmd, paths, defaults, values, env);
    if (ir_rules_finish(l->rules, &err) == IR_OK) return status;
    say(cmd, _("cannot load rules: %s"), ir_local(err.msg[0] ? err.msg : N_("unknown reason")));
    rules_unload(l);
    return IR_EXIT_FAILED;
}

void rules_unload(struct rules_loaded *l)
{
    ir_rules_free(l->rules);
    ir_names_free(l->names);
    *l = (struct rules_loaded){0};
}

void rules_note(struct ir_buf *out, const struct ir_rules_failure *f, const char *kind)
{
    ir_visible(out, ir_str_z(f->path ? f->path : "?"), 0);
    if (f->line > 0) ir_buf_fmt(out, ":%llu", (unsigned long long)f->line);
    ir_buf_fmt(out, ": %s: ", kind);
    ir_visible(out, ir_str_z(ir_local(f->reason ? f->reason : N_("unknown reason"))), 0);
    ir_buf_chr(out, '\n');
}
