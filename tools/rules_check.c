/*
 * ir rules check: which rules do not load, and why; which load but deserve a word.
 */
#include "base/utf8.h"
#include "report/page.h"
#include "rules_load.h"
#include "sink.h"

struct check_options {
    bool quiet;
};

static const struct opt check_opts[] = {
    {"quiet", 'q', OPT_FLAG, offsetof(struct check_options, quiet), NULL,
     "only what is wrong, no count at the end", NULL},
    OPT_END,
};

/* "path:line: error: reason", as compilers write, so that editors can follow. */
static void show(struct ir_buf *out, const struct ir_rules_failure *f, const char *kind)
{
    ir_visible(out, ir_str_z(f->path ? f->path : "?"), 0);
    if (f->line > 0) ir_buf_fmt(out, ":%llu", (unsigned long long)f->line);
    ir_buf_fmt(out, ": %s: ", kind);
    ir_visible(out, ir_str_z(f->reason ? f->reason : "unknown reason"), 0);
    ir_buf_chr(out, '\n');
}

static void count(struct ir_buf *out, const struct rules_loaded *l)
{
    ir_page_plural(out, l->files, "file", "files");
    ir_buf_str(out, IR_S(": "));
    ir_page_plural(out, ir_rules_count(l->rules), "rule loads", "rules load");
    ir_buf_add(out, ", ", 2);
    ir_page_plural(out, ir_rules_nfailures(l->rules), "does not", "do not");
    ir_buf_add(out, ", ", 2);
    ir_page_plural(out, ir_rules_nwarnings(l->rules), "warning", "warnings");
    ir_buf_chr(out, '\n');
}

static int check_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct check_options *o = options;
    (void)env;
    struct rules_loaded l;
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    int status = rules_load(&l, cmd, operands);
    if (l.rules != NULL) {
        for (size_t i = 0; i < ir_rules_nfailures(l.rules) && sink_drain(&out); i++)
            show(&out.buf, ir_rules_failure(l.rules, i), "error");
        for (size_t i = 0; i < ir_rules_nwarnings(l.rules) && sink_drain(&out); i++)
            show(&out.buf, ir_rules_warning(l.rules, i), "warning");
        if (!o->quiet) count(&out.buf, &l);
        if (status == IR_EXIT_OK && ir_rules_nfailures(l.rules) > 0) status = IR_EXIT_DAMAGED;
    }
    rules_unload(&l);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_check = {
    .name = "rules check",
    .operands = "[PATH…]",
    .brief = "Say which rules do not load, and why",
    .about =
        "PATH is a rule file or a directory of them; without any, the rules that come with ir.\n\n"
        "Exit status: 0, or 3 when some rule does not load. Warnings do not change it.",
    .opts = check_opts,
    .size = sizeof(struct check_options),
    .max_operands = SIZE_MAX,
    .run = check_run,
};
