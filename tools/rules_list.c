/*
 * ir rules list: one line a rule: level, log source, id, title, place.
 */
#include "base/utf8.h"
#include "report/finding.h"
#include "rules_load.h"
#include "sink.h"

struct list_options {
    int min_level;
    const char *values;
};

static const struct opt list_opts[] = {
    {"min-level", 0, OPT_LEVEL, offsetof(struct list_options, min_level), "LEVEL",
     "leave out rules below this level", NULL},
    {"values", 0, OPT_TEXT, offsetof(struct list_options, values), "FILE",
     "values for the %placeholders% of rules (YAML)", NULL},
    OPT_END,
};

static void field(struct ir_buf *out, struct ir_str s)
{
    ir_visible(out, s.n > 0 ? s : IR_S("-"), 0);
    ir_buf_chr(out, '\t');
}

static void show(struct ir_buf *out, const struct ir_rule_info *r)
{
    char source[128] = "correlation";
    const char *level = r->level >= 0 ? ir_level_name((enum ir_level)r->level) : "-";
    if (r->kind == IR_RULE_DETECTION) ir_logsource_text(r->logsource, source, sizeof source);
    ir_buf_fmt(out, "%s\t", level);
    field(out, ir_str_z(source));
    field(out, r->id.n > 0 ? r->id : r->name);
    field(out, r->title);
    ir_visible(out, ir_str_z(r->path), 0);
    ir_buf_fmt(out, ":%llu", (unsigned long long)r->line);
    if (r->waits.n > 0) {
        ir_buf_str(out, IR_S(" (waits for values: "));
        ir_visible(out, r->waits, 0);
        ir_buf_chr(out, ')');
    }
    ir_buf_chr(out, '\n');
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct list_options *o = options;
    (void)env;
    struct rules_loaded l;
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    int status = rules_load(&l, cmd, operands, operands->n == 0, o->values);
    for (size_t i = 0; l.rules != NULL && i < ir_rules_count(l.rules) && sink_drain(&out); i++) {
        const struct ir_rule_info *r = ir_rules_info(l.rules, i);
        if (r->level >= o->min_level || (r->level < 0 && o->min_level == 0)) show(&out.buf, r);
    }
    if (l.rules != NULL && ir_rules_nfailures(l.rules) > 0) {
        sink_flush(&out);
        say(cmd, "rules that do not load: %zu: see ir rules check", ir_rules_nfailures(l.rules));
        if (status == IR_EXIT_OK) status = IR_EXIT_DAMAGED;
    }
    rules_unload(&l);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_list = {
    .name = "rules list",
    .operands = "[PATH…]",
    .brief = "List rules: level, log source, id, title, place",
    .about =
        "PATH is a rule file or a directory of them; without any, the rules that come with ir.\n"
        "Columns are separated by tabs.\n\n"
        "Exit status: 0, or 3 when some rule does not load.",
    .opts = list_opts,
    .size = sizeof(struct list_options),
    .max_operands = SIZE_MAX,
    .run = list_run,
};
