/*
 * Loading the templates of reports. See templates_load.h.
 */
#include "templates_load.h"

#include "base/intl.h"
#include "casefiles.h"
#include "sink.h"

static int take_template(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    return ir_templates_add(user, path, text, err);
}

int templates_failed(const struct cmd *cmd, const struct ir_err *err)
{
    say(cmd, "%s:%lld: %s", err->input, (long long)err->line, ir_local(err->msg));
    return err->code == IR_BAD ? IR_EXIT_USAGE : IR_EXIT_FAILED;
}

int templates_load_with(const struct cmd *cmd, const struct env *env, const char *more,
                        struct ir_templates **ret_t)
{
    struct ir_err err = {0};
    *ret_t = ir_templates_new();
    if (*ret_t == NULL) {
        say(cmd, "%s", _("out of memory"));
        return IR_EXIT_FAILED;
    }
    int status = casefiles_each(cmd, env, "templates", ".yml", take_template, *ret_t);
    if (status == IR_EXIT_OK && more != NULL)
        status = casefiles_each(cmd, env, more, ".yml", take_template, *ret_t);
    if (status != IR_EXIT_OK) return status;
    return ir_templates_finish(*ret_t, &err) == IR_OK ? IR_EXIT_OK : templates_failed(cmd, &err);
}

int templates_load(const struct cmd *cmd, const struct env *env, struct ir_templates **ret_t)
{
    return templates_load_with(cmd, env, NULL, ret_t);
}
