/*
 * ir rules list: one line a rule: level, log source, id, title, place.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "report/page.h"
#include "report/words.h"
#include "rules_load.h"
#include "sink.h"
#include "workspace.h"

#define LEVEL_COLUMNS  13u
#define SOURCE_COLUMNS 26u
#define ID_COLUMNS     36u
#define WIDE_TERMINAL  120u /* columns from which on the id has room */

struct list_options {
    int min_level;
    const char *values;
    bool sets;
};

static const struct opt list_opts[] = {
    {"min-level", 0, OPT_LEVEL, offsetof(struct list_options, min_level), "LEVEL",
     N_("leave out rules below this level"), NULL},
    {"values", 0, OPT_TEXT, offsetof(struct list_options, values), "FILE",
     N_("values for the placeholders of rules (YAML)"), NULL},
    {"sets", 0, OPT_FLAG, offsetof(struct list_options, sets), NULL,
     N_("only the imported rule sets"), NULL},
    OPT_END,
};

static void source_of(const struct ir_rule_info *r, char *text, size_t cap)
{
    if (r->kind == IR_RULE_DETECTION)
        ir_logsource_text(r->logsource, text, cap);
    else
        snprintf(text, cap, "correlation");
}

static const char *level_of(const struct ir_rule_info *r)
{
    return r->level >= 0 ? ir_level_name((enum ir_level)r->level) : "-";
}

static void field(struct ir_buf *out, struct ir_str s)
{
    ir_visible(out, s.n > 0 ? s : IR_S("-"), 0);
    ir_buf_chr(out, '\t');
}

/* before, after: what stands around the names. */
static void waiting(struct ir_buf *out, const struct ir_rule_info *r, const char *before,
                    const char *after)
{
    if (r->waits.n == 0) return;
    ir_buf_str(out, ir_str_z(before));
    ir_visible(out, r->waits, 0);
    ir_buf_str(out, ir_str_z(after));
}

/* For programs: all of it, between tabs. */
static void show(struct ir_buf *out, const struct ir_rule_info *r)
{
    char source[128];
    source_of(r, source, sizeof source);
    ir_buf_fmt(out, "%s\t", level_of(r));
    field(out, ir_str_z(source));
    field(out, r->id.n > 0 ? r->id : r->name);
    field(out, r->title);
    ir_visible(out, ir_str_z(r->path), 0);
    ir_buf_fmt(out, ":%llu", (unsigned long long)r->line);
    waiting(out, r, " (waits for values: ", ")");
    ir_buf_chr(out, '\n');
}

/* s in so many columns, and blanks up to the end of the last. */
static void cell(struct ir_buf *out, struct ir_str s, size_t columns)
{
    size_t before = out->n;
    ir_visible(out, s, columns);
    size_t used = ir_columns(ir_str_n(out->p + before, out->n - before));
    ir_buf_fmt(out, "%*s", used < columns ? (int)(columns - used) + 1 : 1, "");
}

/* For a terminal: what fits into a line, the title last. A path would not. */
static void show_short(struct ir_buf *out, const struct ir_rule_info *r, unsigned columns)
{
    char source[128];
    struct ir_buf rest = IR_BUF(1 << 16);
    bool wide = columns >= WIDE_TERMINAL;
    size_t left = columns > 60 ? columns - 1 - LEVEL_COLUMNS - SOURCE_COLUMNS - 2 : 20;
    source_of(r, source, sizeof source);
    if (r->kind != IR_RULE_DETECTION) snprintf(source, sizeof source, "%s", _("correlation"));
    const char *level = r->level >= 0 ? ir_word_level((enum ir_level)r->level) : "-";
    cell(out, ir_str_z(level), LEVEL_COLUMNS);
    cell(out, ir_str_z(source), SOURCE_COLUMNS);
    if (wide) cell(out, r->id.n > 0 ? r->id : r->name, ID_COLUMNS);
    ir_buf_str(&rest, ir_rule_title(r));
    waiting(&rest, r, _(" (waits for values: "), _(")"));
    ir_visible(out, ir_buf_view(&rest), wide ? left - ID_COLUMNS - 1 : left);
    ir_buf_chr(out, '\n');
    ir_buf_free(&rest);
}

/* A row of its own kind before the rules: set, name, version, digest, where it came from. */
static int show_sets(struct sink *out, const struct cmd *cmd, const struct env *env)
{
    struct ir_buf from = IR_BUF(1 << 14);
    struct ir_ruleset *v;
    size_t n;
    int status = workspace_sets(cmd, env, &v, &n);
    for (size_t i = 0; i < n; i++) {
        ir_buf_str(&out->buf, IR_S("set\t"));
        field(&out->buf, ir_str_z(v[i].name));
        field(&out->buf, ir_str_z(v[i].version));
        field(&out->buf, ir_str_z(v[i].tree_sha256));
        if (v[i].problem[0] != '\0') {
            ir_visible(&out->buf, ir_str_z(ir_local(v[i].problem)), 0);
            status = IR_EXIT_DAMAGED;
        } else {
            ir_page_plural(&out->buf, v[i].rules, "%s rule", "%s rules");
            ir_visible(&from, ir_str_z(v[i].by), 0);
            ir_buf_chr(&from, '\0');
            const size_t source = from.n;
            ir_visible(&from, ir_str_z(v[i].source), 0);
            ir_buf_fmt(&out->buf, _(", imported %s by %s from %s"), v[i].imported, from.p,
                       from.p + source);
            ir_buf_clear(&from);
        }
        ir_buf_chr(&out->buf, '\n');
    }
    free(v);
    ir_buf_free(&from);
    return status;
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct list_options *o = options;
    struct rules_loaded l;
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    int status = operands->n == 0 ? show_sets(&out, cmd, env) : IR_EXIT_OK;
    if (o->sets) return sink_close(&out, status);
    status = rules_load(&l, cmd, operands, operands->n == 0, o->values, env, NULL);
    for (size_t i = 0; l.rules != NULL && i < ir_rules_count(l.rules) && sink_drain(&out); i++) {
        const struct ir_rule_info *r = ir_rules_info(l.rules, i);
        if (r->level < o->min_level && !(r->level < 0 && o->min_level == 0)) continue;
        if (env->out_tty)
            show_short(&out.buf, r, env->columns);
        else
            show(&out.buf, r);
    }
    if (l.rules != NULL && ir_rules_nfailures(l.rules) > 0) {
        sink_flush(&out);
        say(cmd, _("rules that do not load: %zu: see ir rules check"), ir_rules_nfailures(l.rules));
        if (status == IR_EXIT_OK) status = IR_EXIT_DAMAGED;
    }
    rules_unload(&l);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_list = {
    .name = "rules list",
    .operands = "[PATH…]",
    .brief = N_("List rules: level, log source, id, title, place"),
    .about =
        N_("PATH is a rule file or a directory of them; without any, the rules that come with ir\n"
           "and those of the workspace, after a line for each imported set.\n"
           "To a terminal what fits into a line; otherwise all columns, separated by tabs.\n\n"
           "Exit status: 0, or 3 when some rule does not load."),
    .opts = list_opts,
    .size = sizeof(struct list_options),
    .max_operands = SIZE_MAX,
    .run = list_run,
};
