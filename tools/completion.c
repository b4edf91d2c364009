/*
 * ir completion: texts made from the option tables, for packagers and tests. Hidden: nobody under
 * attack needs it.
 */
#include "sink.h"

static const struct opt no_opts[] = {OPT_END};

static const struct cmd *by_name(const struct cmd *const *c, const char *name)
{
    for (; c != NULL && *c != NULL; c++) {
        const struct cmd *below = by_name((*c)->subs, name);
        if (strcmp((*c)->name, name) == 0) return *c;
        if (below != NULL) return below;
    }
    return NULL;
}

/* Every name that has options: "scan", "rules list", "case event add", … */
static void names(struct ir_buf *out, const struct cmd *const *c)
{
    for (; c != NULL && *c != NULL; c++) {
        if ((*c)->hidden) continue;
        if ((*c)->run != NULL) ir_buf_fmt(out, "%s\n", (*c)->name);
        names(out, (*c)->subs);
    }
}

static int completion_run(const struct cmd *cmd, const void *options,
                          const struct opt_list *operands, const struct env *env)
{
    (void)options;
    (void)env;
    struct sink out;
    const char *what = operands->v[0];
    const struct cmd *about = operands->n > 1 ? by_name(ir_commands, operands->v[1]) : NULL;
    sink_open(&out, cmd, NULL, NULL);
    if (strcmp(what, "bash") == 0) {
        opt_bash(&out.buf, ir_commands);
    } else if (strcmp(what, "commands") == 0) {
        names(&out.buf, ir_commands);
    } else if (about != NULL && about->run != NULL && strcmp(what, "options") == 0) {
        opt_names(&out.buf, about);
    } else if (about != NULL && about->run != NULL && strcmp(what, "mdoc") == 0) {
        opt_mdoc(&out.buf, about);
    } else {
        say(cmd, _("cannot print: %s: use bash, commands, options COMMAND or mdoc COMMAND"), what);
        return sink_close(&out, IR_EXIT_USAGE);
    }
    return sink_close(&out, IR_EXIT_OK);
}

const struct cmd cmd_completion = {
    .name = "completion",
    .operands = "bash",
    .brief = N_("Print a completion script for bash"),
    .opts = no_opts,
    .min_operands = 1,
    .max_operands = 2,
    .hidden = true,
    .run = completion_run,
};
