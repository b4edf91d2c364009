/*
 * ir rules check: which rules do not load, and why; which load but deserve a word.
 */
#include "report/page.h"
#include "report/words.h"
#include "rules_load.h"
#include "sink.h"

struct check_options {
    bool quiet;
    const char *values;
};

static const struct opt check_opts[] = {
    {"quiet", 'q', OPT_FLAG, offsetof(struct check_options, quiet), NULL,
     N_("only what is wrong, no count at the end"), NULL},
    {"values", 0, OPT_TEXT, offsetof(struct check_options, values), "FILE",
     N_("values for the placeholders of rules (YAML)"), NULL},
    OPT_END,
};

static void count(struct ir_buf *out, const struct rules_loaded *l)
{
    ir_page_plural(out, l->files, "%s file", "%s files");
    ir_buf_str(out, IR_S(": "));
    ir_page_plural(out, ir_rules_count(l->rules), "%s rule loads", "%s rules load");
    ir_buf_str(out, ir_str_z(ir_word(IR_W_LIST_COMMA)));
    ir_page_plural(out, ir_rules_nfailures(l->rules), "%s does not", "%s do not");
    ir_buf_str(out, ir_str_z(ir_word(IR_W_LIST_COMMA)));
    ir_page_plural(out, ir_rules_nwarnings(l->rules), "%s warning", "%s warnings");
    size_t waiting = 0;
    for (size_t i = 0; i < ir_rules_count(l->rules); i++)
        waiting += ir_rules_info(l->rules, i)->waits.n > 0;
    if (waiting > 0) {
        ir_buf_str(out, ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_page_plural(out, waiting, "%s rule waits for values (--values)",
                       "%s rules wait for values (--values)");
    }
    ir_buf_chr(out, '\n');
}

static int check_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct check_options *o = options;
    struct rules_loaded l;
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    int status = rules_load(&l, cmd, operands, operands->n == 0, o->values, env, NULL);
    if (l.rules != NULL) {
        for (size_t i = 0; i < ir_rules_nfailures(l.rules) && sink_drain(&out); i++)
            rules_note(&out.buf, ir_rules_failure(l.rules, i), _("error"));
        for (size_t i = 0; i < ir_rules_nwarnings(l.rules) && sink_drain(&out); i++)
            rules_note(&out.buf, ir_rules_warning(l.rules, i), _("warning"));
        if (!o->quiet) count(&out.buf, &l);
        if (status == IR_EXIT_OK && ir_rules_nfailures(l.rules) > 0) status = IR_EXIT_DAMAGED;
    }
    rules_unload(&l);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_check = {
    .name = "rules check",
    .operands = "[PATH…]",
    .brief = N_("Say which rules do not load, and why"),
    .about = N_("PATH is a rule file or a directory of them; without any, all that a scan uses.\n\n"
                "Exit status: 0, or 3 when some rule does not load. Warnings do not change it."),
    .opts = check_opts,
    .size = sizeof(struct check_options),
    .max_operands = SIZE_MAX,
    .run = check_run,
};
