/*
 * The rules of a scan. See scan_rules.h.
 */
#include "scan_rules.h"

#include <stdlib.h>

#include "sink.h"
#include "where.h"
#include "workspace.h"

int too_many_threads(const struct cmd *cmd, uint64_t threads)
{
    say(cmd, _("--threads: %llu: too many: use at most %d"), (unsigned long long)threads,
        SCAN_THREADS_MAX);
    return IR_EXIT_USAGE;
}

void say_error(const struct cmd *cmd, const char *what, const char *path, const struct ir_err *err,
               const char *advice)
{
    const char *input = err->input[0] ? err->input : path;
    const char *msg = ir_local(err->msg[0] ? err->msg : N_("unknown reason"));
    if (err->line > 0)
        say(cmd, "%s: %s:%lld: %s: %s", what, input, (long long)err->line, msg, advice);
    else
        say(cmd, "%s: %s: %s: %s", what, input, msg, advice);
}

void say_no_rules(const struct cmd *cmd, const char *path)
{
    say(cmd, _("no rules in %s: their names end in .yml or .yaml"), path);
}

struct adding {
    const struct cmd *cmd;
    const struct env *env;
    struct ir_scan *scan;
};

static int add_path(const struct adding *a, const char *path, const char *advice)
{
    struct ir_err err = {0};
    size_t before = ir_rules_size(ir_scan_rules(a->scan));
    if (ir_scan_add_rules(a->scan, path, &err) >= 0) {
        if (ir_rules_size(ir_scan_rules(a->scan)) == before) say_no_rules(a->cmd, path);
        return IR_EXIT_OK;
    }
    say_error(a->cmd, _("cannot read rules"), path, &err, advice);
    return IR_EXIT_FAILED;
}

static int add_set(const struct adding *a, const struct ir_ruleset *set)
{
    struct ir_err err = {0};
    if (ir_scan_add_set(a->scan, a->env->home, set, &err) >= 0) return IR_EXIT_OK;
    say_error(a->cmd, _("cannot read rules"), set->name, &err, _("import the rule set again"));
    return IR_EXIT_FAILED;
}

static int add_workspace(const struct adding *a)
{
    struct ir_buf filters = IR_BUF(1 << 16);
    struct ir_ruleset *v;
    size_t n;
    int status = workspace_sets(a->cmd, a->env, &v, &n);
    for (size_t i = 0; i < n && status == IR_EXIT_OK; i++)
        status = add_set(a, &v[i]);
    if (status == IR_EXIT_OK && workspace_filters(a->env, &filters))
        status = add_path(a, filters.p, _("see which file of the workspace cannot be read"));
    free(v);
    ir_buf_free(&filters);
    return status;
}

/* Of all rules before the first rule; what the user names now counts most. */
static int add_settings(const struct cmd *cmd, struct ir_scan *scan, const char *own,
                        const struct opt_list *paths, const char *values)
{
    struct ir_err err = {0};
    if (own != NULL) ir_scan_add_settings(scan, own);
    for (size_t i = 0; i < paths->n; i++)
        ir_scan_add_settings(scan, paths->v[i]);
    if (values == NULL || ir_scan_add_values(scan, values, &err) == IR_OK) return IR_EXIT_OK;
    say_error(cmd, _("cannot read values"), values, &err, _("name a YAML file with --values"));
    return IR_EXIT_FAILED;
}

static bool named(const struct ir_rules *rs, struct ir_str want)
{
    for (size_t i = 0; i < ir_rules_count(rs); i++)
        if (ir_rule_named(ir_rules_info(rs, i), want)) return true;
    return false;
}

static int check_only(const struct cmd *cmd, const struct ir_scan *scan,
                      const struct opt_list *only)
{
    for (size_t i = 0; only != NULL && i < only->n; i++) {
        if (named(ir_scan_rules(scan), ir_str_z(only->v[i]))) continue;
        say(cmd, _("--rule: %s: no rule has this id or this text in its title: see ir rules list"),
            only->v[i]);
        return IR_EXIT_USAGE;
    }
    return IR_EXIT_OK;
}

void say_filters(const struct cmd *cmd, const struct ir_scan *scan)
{
    const struct ir_rules *rs = ir_scan_rules(scan);
    for (size_t i = 0; i < ir_rules_nwarnings(rs); i++) {
        const struct ir_rules_failure *w = ir_rules_warning(rs, i);
        if (w->always)
            say(cmd, _("warning: %s:%llu: %s"), w->path, (unsigned long long)w->line,
                ir_local(w->reason));
    }
}

int add_rules(const struct cmd *cmd, const struct env *env, struct ir_scan *scan,
              const struct rules_options *o, const struct opt_list *only)
{
    const struct opt_list *paths = &o->paths;
    const bool defaults = !o->no_defaults;
    const struct adding a = {cmd, env, scan};
    struct ir_buf own = IR_BUF(1 << 16);
    struct ir_ruleset set;
    const bool found = defaults && default_rules(&own);
    int status = add_settings(cmd, scan, found ? own.p : NULL, paths, o->values);
    if (status == IR_EXIT_OK && found) {
        status = add_path(&a, own.p, _("reinstall ir, or use --no-default-rules and --rules DIR"));
    } else if (status == IR_EXIT_OK && defaults) {
        say(cmd, _("no default rules: share/ir/rules is not there: reinstall ir, or use "
                   "--no-default-rules and --rules DIR"));
        status = paths->n > 0 ? IR_EXIT_OK : IR_EXIT_FAILED;
    }
    ir_buf_free(&own);
    if (defaults && status == IR_EXIT_OK) status = add_workspace(&a);
    for (size_t i = 0; i < paths->n && status == IR_EXIT_OK; i++)
        status = workspace_set(env, paths->v[i], &set)
                     ? add_set(&a, &set)
                     : add_path(&a, paths->v[i], _("name a directory of Sigma rules with --rules"));
    return status == IR_EXIT_OK ? check_only(cmd, scan, only) : status;
}
