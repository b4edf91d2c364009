/*
 * ir rules coverage: which rules could have fired on what was read, and why the others could not.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "base/wrap.h"
#include "interrupt.h"
#include "progress.h"
#include "reading.h"
#include "report/json_out.h"
#include "report/navigator.h"
#include "report/page.h"
#include "report/words.h"
#include "rules_load.h"
#include "run/scan.h"
#include "scan_rules.h"
#include "sink.h"

#define LEVEL_COLUMNS 14u

struct coverage_options {
    struct rules_options rules;
    struct reading_options in;
    struct opt_list only_rule;
    bool no_progress;
    uint64_t threads;
    int min_level;
    const char *output;
};

static const char *choice_report(size_t i)
{
    static const char *const words[] = {"table", "jsonl", "navigator", NULL};
    return words[i];
}

#define AT(member) offsetof(struct coverage_options, member)
static const struct opt coverage_opts[] = {
#define BY(member) offsetof(struct coverage_options, rules.member)
#include "rules.def"
#define IN(member) offsetof(struct coverage_options, in.member)
#include "reading.def"
    {"output", 'o', OPT_CHOICE, AT(output), "FORMAT", N_("how the rules are written"),
     choice_report},
    {"min-level", 0, OPT_LEVEL, AT(min_level), "LEVEL", N_("leave out rules below this level"),
     NULL},
    {"rule", 0, OPT_LIST, AT(only_rule), "TEXT",
     N_("only rules with this id or this text in the title (may be repeated)"), NULL},
    {"threads", 'j', OPT_NUMBER, AT(threads), "N", N_("worker threads (default: one a processor)"),
     NULL},
    {"no-progress", 0, OPT_FLAG, AT(no_progress), NULL,
     N_("no progress line on a terminal's stderr"), NULL},
    OPT_END,
};

static void coverage_defaults(void *options, const struct env *env)
{
    (void)env;
    struct coverage_options *o = options;
    o->output = "table";
    reading_defaults(&o->in);
}

/* In the order of the table: what can be done something about comes before what cannot. */
static const struct verdict {
    enum ir_coverage coverage;
    const char *word, *one, *many;
    const char *colour; /* in a layer, where no better verdict is; NULL: by the score */
    enum ir_word label;
} verdicts[] = {
    {IR_COVER_CAN_FIRE, "can_fire", N_("%s rule can fire"), N_("%s rules can fire"), NULL,
     IR_W_LAYER_CAN_FIRE},
    {IR_COVER_FIELD_MISSING, "field_never_seen",
     N_("%s rule needs a field that no record here has"),
     N_("%s rules need a field that no record here has"), "#fdd0a2", IR_W_LAYER_NO_FIELD},
    {IR_COVER_WAITING, "waiting", N_("%s rule waits for values (see --values)"),
     N_("%s rules wait for values (see --values)"), "#cab2d6", IR_W_LAYER_WAITING},
    {IR_COVER_NO_LOG_SOURCE, "no_log_source", N_("%s rule is for a kind of log that is not here"),
     N_("%s rules are for kinds of logs that are not here"), "#d9d9d9", IR_W_LAYER_NO_LOG},
};
#define VERDICTS (sizeof verdicts / sizeof *verdicts)

static bool wanted(const struct coverage_options *o, const struct ir_rule_info *r)
{
    if (r->level < o->min_level && !(r->level < 0 && o->min_level == 0)) return false;
    for (size_t i = 0; i < o->only_rule.n; i++)
        if (ir_rule_named(r, ir_str_z(o->only_rule.v[i]))) return true;
    return o->only_rule.n == 0;
}

static void source_text(const struct ir_rule_info *r, char *text, size_t cap)
{
    ir_logsource_text(r->logsource, text, cap);
}

static void row(struct ir_buf *b, const struct ir_rule_info *r, enum ir_coverage c,
                struct ir_str field)
{
    char source[128];
    const char *level = r->level >= 0 ? ir_word_level((enum ir_level)r->level) : "-";
    if (r->kind == IR_RULE_DETECTION)
        source_text(r, source, sizeof source);
    else
        snprintf(source, sizeof source, "%s", _("correlation"));
    ir_buf_add(b, "  ", 2);
    ir_pad(b, ir_str_z(level), LEVEL_COLUMNS);
    ir_visible(b, ir_rule_title(r), 0);
    ir_buf_str(b, IR_S(" ("));
    ir_visible(b, ir_str_z(source), 0);
    ir_buf_chr(b, ')');
    if (c == IR_COVER_FIELD_MISSING || c == IR_COVER_WAITING) {
        struct ir_buf what = IR_BUF(1 << 16);
        ir_visible(&what, field, 0);
        ir_buf_fmt(b, c == IR_COVER_WAITING ? _(": waits for %s") : _(": needs %s"),
                   what.p != NULL ? what.p : "");
        ir_buf_free(&what);
    }
    ir_buf_chr(b, '\n');
}

/* The rules of one level (-1: of none) and verdict. */
static void rows(struct sink *out, const struct ir_scan *scan, const struct coverage_options *o,
                 enum ir_coverage c, int level)
{
    const struct ir_rules *rs = ir_scan_rules(scan);
    for (size_t i = 0; i < ir_rules_count(rs) && sink_drain(out); i++) {
        struct ir_str field = {NULL, 0};
        const struct ir_rule_info *r = ir_rules_info(rs, i);
        if (r->level == level && wanted(o, r) && ir_scan_coverage(scan, i, &field) == c)
            row(&out->buf, r, c, field);
    }
}

static void table(struct sink *out, const struct ir_scan *scan, const struct coverage_options *o)
{
    const struct ir_rules *rs = ir_scan_rules(scan);
    uint64_t n[VERDICTS] = {0};
    for (size_t v = 0; v < VERDICTS; v++) {
        for (size_t i = 0; i < ir_rules_count(rs); i++)
            n[v] += wanted(o, ir_rules_info(rs, i)) &&
                    ir_scan_coverage(scan, i, NULL) == verdicts[v].coverage;
        ir_buf_str(&out->buf, IR_S("  "));
        ir_page_plural(&out->buf, n[v], verdicts[v].one, verdicts[v].many);
        ir_buf_chr(&out->buf, '\n');
    }
    for (size_t v = 0; v < VERDICTS; v++) {
        if (n[v] == 0) continue;
        ir_buf_chr(&out->buf, '\n');
        ir_page_plural(&out->buf, n[v], verdicts[v].one, verdicts[v].many);
        ir_buf_str(&out->buf, IR_S(":\n"));
        for (int level = IR_LEVEL_MAX - 1; level >= -1; level--)
            rows(out, scan, o, verdicts[v].coverage, level);
    }
}

static size_t verdict_of(enum ir_coverage c)
{
    size_t v = 0;
    while (v + 1 < VERDICTS && verdicts[v].coverage != c)
        v++;
    return v;
}

static void json_row(struct ir_buf *b, const struct ir_rule_info *r, enum ir_coverage c,
                     struct ir_str field)
{
    bool first = true, inner = true;
    ir_buf_chr(b, '{');
    ir_out_text(b, &first, "ir.kind", IR_S("coverage"));
    ir_buf_str(b, IR_S(",\"rule\":{"));
    ir_out_text(b, &inner, "id", r->id);
    ir_out_text(b, &inner, "title", r->title);
    ir_out_text(b, &inner, "path", ir_str_z(r->path));
    if (r->level >= 0)
        ir_out_text(b, &inner, "level", ir_str_z(ir_level_name((enum ir_level)r->level)));
    else
        ir_out_raw(b, &inner, "level", "null");
    ir_buf_chr(b, '}');
    ir_out_text(b, &first, "coverage", ir_str_z(verdicts[verdict_of(c)].word));
    if (c == IR_COVER_FIELD_MISSING) ir_out_text(b, &first, "field", field);
    if (c == IR_COVER_WAITING) ir_out_text(b, &first, "values", field);
    ir_buf_add(b, "}\n", 2);
}

/* A rule that only feeds a correlation is not counted: the correlation is. */
static void layer_rule(struct ir_layer *l, const struct ir_rule_info *r, enum ir_coverage c,
                       uint64_t n[3])
{
    struct ir_buf text = IR_BUF((size_t)1 << 22), arg[2] = {IR_BUF((size_t)1 << 22), IR_BUF(64)};
    if (r->silent) return;
    ir_buf_str(&arg[0], ir_rule_title(r));
    ir_buf_str(&arg[1], ir_str_z(r->level >= 0 ? ir_word_level((enum ir_level)r->level) : "-"));
    ir_word_fill(&text, IR_W_LAYER_RULE, arg, 2);
    const struct ir_layer_mark m = {.key = (unsigned)(VERDICTS - 1 - verdict_of(c)),
                                    .score = c == IR_COVER_CAN_FIRE,
                                    .text = ir_buf_view(&text)};
    n[0]++;
    n[1] += m.score;
    n[2] += !ir_layer_add(l, r->tags, r->ntags, &m);
    ir_buf_free(&text);
    ir_buf_free(&arg[0]);
    ir_buf_free(&arg[1]);
}

static void layer(struct sink *out, const struct ir_scan *scan, const struct coverage_options *o)
{
    const struct ir_rules *rs = ir_scan_rules(scan);
    struct ir_layer_key keys[VERDICTS];
    struct ir_layer l = {.key = keys, .nkeys = VERDICTS, .arena = IR_ARENA(IR_LAYER_MEMORY_MAX)};
    struct ir_buf about = IR_BUF(4096), arg[2] = {IR_BUF(64), IR_BUF(64)};
    uint64_t n[3] = {0}; /* rules, those that can fire, those without a technique */
    for (size_t v = 0; v < VERDICTS; v++)
        keys[VERDICTS - 1 - v] =
            (struct ir_layer_key){verdicts[v].colour, ir_word(verdicts[v].label)};
    for (size_t i = 0; i < ir_rules_count(rs); i++)
        if (wanted(o, ir_rules_info(rs, i)))
            layer_rule(&l, ir_rules_info(rs, i), ir_scan_coverage(scan, i, NULL), n);
    ir_word_count(&arg[0], IR_W_N_RULES_1, IR_W_N_RULES, n[0]);
    ir_page_number(&arg[1], n[1]);
    ir_word_fill(&about, IR_W_LAYER_COVER_ABOUT, arg, 2);
    if (n[2] > 0) {
        ir_buf_str(&about, ir_str_z(ir_word(IR_W_SENTENCE_GAP)));
        ir_word_count(&about, IR_W_LAYER_COVER_ELSEWHERE_1, IR_W_LAYER_COVER_ELSEWHERE, n[2]);
    }
    ir_layer_write(&l, &out->buf, ir_word(IR_W_LAYER_COVER), ir_buf_view(&about));
    ir_layer_free(&l);
    ir_buf_free(&about);
    ir_buf_free(&arg[0]);
    ir_buf_free(&arg[1]);
}

static int write_report(const struct cmd *cmd, struct sink *out, struct ir_scan *scan,
                        const struct coverage_options *o, const struct env *env)
{
    const struct ir_rules *rs = ir_scan_rules(scan);
    struct ir_write_options wo = {.zone_s = env->zone_s};
    struct ir_summary s;
    ir_scan_summary(scan, &s);
    if (strcmp(o->output, "table") == 0) {
        table(out, scan, o);
    } else if (strcmp(o->output, "navigator") == 0) {
        layer(out, scan, o);
    } else {
        for (size_t i = 0; i < ir_rules_count(rs) && sink_drain(out); i++) {
            struct ir_str field = {NULL, 0};
            enum ir_coverage c = ir_scan_coverage(scan, i, &field);
            if (wanted(o, ir_rules_info(rs, i)))
                json_row(&out->buf, ir_rules_info(rs, i), c, field);
        }
        ir_writer_by_name(IR_S("jsonl"))->summary(&out->buf, &s, &wo);
    }
    sink_flush(out);
    for (size_t i = 0; i < s.nproblems; i++)
        if (s.problems[i].unreadable)
            say(cmd, _("cannot read: %s: %s"), s.problems[i].path, ir_local(s.problems[i].reason));
    if (s.nfailed > 0) say(cmd, _("rules that do not load: %zu: see ir rules check"), s.nfailed);
    return s.unreadable > 0 || s.damaged > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK;
}

static int coverage_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                        const struct env *env)
{
    const struct coverage_options *o = options;
    struct progress progress = {.columns = env->columns};
    struct ir_scan_options so = ir_scan_defaults();
    struct ir_err err = {0};
    struct reading in;
    struct sink out;
    if (o->threads > SCAN_THREADS_MAX) return too_many_threads(cmd, o->threads);
    sink_open(&out, cmd, NULL, NULL);
    int status = reading_open(&in, cmd, &o->in, &o->rules.paths, env);
    reading_to_scan(&in, &o->in, env, &so);
    so.parse_all = true;
    so.threads = (unsigned)o->threads;
    so.output_fd = out.fd;
    so.no_sandbox = env->no_sandbox;
    if (env->progress && !o->no_progress) {
        so.progress = progress_show;
        so.user = &progress;
    }
    struct ir_scan *scan = status == IR_EXIT_OK ? ir_scan_new(&so) : NULL;
    if (scan == NULL) {
        if (status == IR_EXIT_OK) say(cmd, _("out of memory"));
        reading_close(&in);
        return sink_close(&out, status == IR_EXIT_OK ? IR_EXIT_FAILED : status);
    }
    status = add_rules(cmd, env, scan, &o->rules, &o->only_rule);
    for (size_t i = 0; i < operands->n; i++)
        ir_scan_add_input(scan, operands->v[i], NULL); /* what cannot be taken is in the summary */
    if (status == IR_EXIT_OK) {
        interrupt_begin();
        int rc = ir_scan_run(scan, &err);
        interrupt_end();
        progress_erase(&progress);
        if (rc < 0 && rc != IR_WARN) {
            say_error(cmd, _("cannot scan"), "", &err, _("nothing was reported"));
            status = IR_EXIT_FAILED;
        } else {
            say_filters(cmd, scan);
            status = write_report(cmd, &out, scan, o, env);
        }
    }
    ir_scan_free(scan);
    reading_close(&in);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_coverage = {
    .name = "rules coverage",
    .operands = "PATH…",
    .brief = N_("Say which rules could fire on logs, and what the others lack"),
    .about =
        N_("PATH is what ir scan takes: a file, a directory, a quoted glob, or - for stdin.\n\n"
           "Exit status: 0, or 3 when some input was unreadable or damaged."),
    .opts = coverage_opts,
    .size = sizeof(struct coverage_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = coverage_defaults,
    .run = coverage_run,
};
