/*
 * ir audit: whether the controls are in operation (5.24 to 5.28, 6.8, 8.15 to 8.17), by the records
 * that show it, and the forms of ISO/IEC 27001 9.1 to 9.3 filled in from them: ISMS有効性評価表,
 * 内部監査チェックリスト, and the management review's input. What is asked is data
 * (casefiles/controls/), and so are the forms (casefiles/audits/).
 */
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "case.h"
#include "casedb/control.h"
#include "casefiles.h"
#include "duties_load.h"
#include "report/casedoc.h"
#include "templates_load.h"

#define OUT_MAX ((size_t)64 << 20)

struct audit_options {
    struct case_options c; /* c.output: the format */
    const char *kind, *out;
    int64_t from, to;
    bool bom;
};

static const char *choice_audit_format(size_t i)
{
    static const char *const words[] = {"table", "html", "md", "csv", "jsonl", NULL};
    return words[i];
}

/* The lists that each form is of, and the one that a terminal shows of it. */
static const struct {
    const char *name, *shown, *list[7];
} kinds[] = {
    {"overview", "checks", {"checks"}},
    {"effectiveness", "objectives", {"objectives"}},
    {"checklist", "checks", {"checks"}},
    {"management-review",
     "objectives",
     {"corrective", "kinds", "causes", "alerts", "times", "audits", "objectives"}},
};
#define NKINDS (sizeof kinds / sizeof *kinds)

static const char *choice_audit_kind(size_t i)
{
    return i < NKINDS ? kinds[i].name : NULL;
}

#define AT(member) offsetof(struct audit_options, member)
static const struct opt audit_opts[] = {
    {"kind", 'k', OPT_CHOICE, AT(kind), "KIND",
     N_("overview (default), effectiveness, checklist or management-review"), choice_audit_kind},
    {"output", 'o', OPT_CHOICE, AT(c.output), "FORMAT",
     N_("table (default), html, md, csv or jsonl"), choice_audit_format},
    {"from", 0, OPT_TIME, AT(from), "TIME",
     N_("begin of the period (default: a year before its "
        "end)"),
     NULL},
    {"to", 0, OPT_TIME, AT(to), "TIME", N_("its end (default: now)"), NULL},
    {"out", 0, OPT_TEXT, AT(out), "FILE", N_("write to FILE (default: stdout)"), NULL},
    {"bom", 0, OPT_FLAG, AT(bom), NULL,
     N_("begin CSV with a byte order mark, which Excel needs for Japanese"), NULL},
    OPT_END,
};

static void not_given(void *options, const struct env *env)
{
    struct audit_options *o = options;
    (void)env;
    o->from = o->to = INT64_MIN;
}

struct audit {
    struct case_job j;
    const struct audit_options *o;
    struct ir_controls *controls;
    struct ir_control_lists lists;
    struct ir_period period;
    const char *lang;
    size_t kind;
};

static int take_control(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    (void)path;
    return ir_controls_add(user, text, err);
}

static const struct ir_doc_rows *list_of(const struct audit *a, const char *name)
{
    for (size_t i = 0; i < a->lists.n; i++)
        if (ir_str_eq(a->lists.list[i].name, ir_str_z(name))) return &a->lists.list[i].rows;
    return NULL;
}

static struct ir_str cell(const struct ir_doc_rows *r, size_t row, const char *column)
{
    for (unsigned i = 0; i < r->ncolumns; i++)
        if (ir_str_eq(r->name[i], ir_str_z(column))) return r->value[row * r->ncolumns + i];
    return ir_str_n(NULL, 0);
}

/* On the terminal: each question, and what to do where the answer is no. */
static void write_table(struct audit *a)
{
    static const struct {
        const char *result, *mark;
    } marks[] = {{"good", N_("yes")}, {"bad", N_("NO")}, {"none", "-"}};
    const bool objectives = strcmp(kinds[a->kind].shown, "objectives") == 0;
    const struct ir_doc_rows *r = list_of(a, kinds[a->kind].shown);
    for (size_t i = 0; i < r->n; i++) {
        size_t m = 0;
        while (m < 2 && !ir_str_eq(cell(r, i, "result"), ir_str_z(marks[m].result)))
            m++;
        const struct case_cell row[] = {
            {.key = "control", .label = N_("control"), .columns = 7, .text = cell(r, i, "control")},
            {.key = "result", .label = N_("met"), .columns = 4, .text = ir_str_z(_(marks[m].mark))},
            {.key = "shown",
             .label = N_("records"),
             .columns = 28,
             .text = cell(r, i, objectives ? "note" : "shown")},
            {.key = "ask",
             .label = N_("what is asked"),
             .text = cell(r, i, objectives ? "indicator" : "ask")},
        };
        case_row(&a->j, row, 4);
    }
    const struct ir_doc_rows *missing = list_of(a, "missing");
    if (objectives || missing->n == 0) return;
    ir_buf_fmt(&a->j.out.buf, "\n%s\n", _("What to do:"));
    for (size_t i = 0; i < missing->n; i++) {
        ir_buf_str(&a->j.out.buf, cell(missing, i, "control"));
        ir_buf_str(&a->j.out.buf, IR_S("  "));
        ir_buf_str(&a->j.out.buf, cell(missing, i, "todo"));
        ir_buf_chr(&a->j.out.buf, '\n');
    }
}

static bool is_number(struct ir_str column)
{
    static const char *const names[] = {"value",    "of",   "cases",  "open",   "persons",
                                        "assets",   "cost", "ever",   "alerts", "percent",
                                        "reasoned", "n",    "checks", "good"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(column, ir_str_z(names[i]))) return true;
    return false;
}

static void write_lines(struct audit *a, struct ir_buf *out)
{
    for (size_t l = 0; l < 7 && kinds[a->kind].list[l] != NULL; l++) {
        const struct ir_doc_rows *r = list_of(a, kinds[a->kind].list[l]);
        for (size_t row = 0; row < r->n; row++) {
            bool first = true;
            ir_buf_chr(out, '{');
            ir_json_write_key(out, &first, IR_S("ir.kind"));
            ir_json_write_str(out, IR_S("audit"));
            ir_json_write_key(out, &first, IR_S("list"));
            ir_json_write_str(out, ir_str_z(kinds[a->kind].list[l]));
            for (unsigned i = 0; i < r->ncolumns; i++) {
                const struct ir_str v = r->value[row * r->ncolumns + i];
                int64_t n;
                ir_json_write_key(out, &first, r->name[i]);
                if (v.p == NULL)
                    ir_buf_str(out, IR_S("null"));
                else if (is_number(r->name[i]) && ir_str_i64(v, &n))
                    ir_json_write_i64(out, n);
                else
                    ir_json_write_str(out, v);
            }
            ir_buf_str(out, IR_S("}\n"));
        }
    }
}

static int write_form(struct audit *a, const char *format, struct ir_buf *out)
{
    struct ir_templates *t = NULL;
    struct ir_casedoc doc = {0};
    char kind[40];
    const struct cmd *cmd = a->j.cmd;
    struct ir_casedoc_ask ask = {.lang = a->lang,
                                 .as_of = a->o->to != INT64_MIN ? a->o->to : a->j.env->now,
                                 .zone_s = a->j.zone_s,
                                 .given = a->lists.list,
                                 .ngiven = a->lists.n};
    snprintf(kind, sizeof kind, "audit-%s", kinds[a->kind].name);
    ask.kind = ir_str_z(kind);
    int status = templates_load_with(cmd, a->j.env, "audits", &t);
    ask.templates = t;
    if (status == IR_EXIT_OK && ir_casedoc_make(a->j.db, &ask, &doc, &a->j.err) != IR_OK)
        status = a->j.err.line > 0 ? templates_failed(cmd, &a->j.err) : case_failed(&a->j);
    if (status == IR_EXIT_OK && strcmp(format, "html") == 0)
        ir_casedoc_html(out, &doc);
    else if (status == IR_EXIT_OK && strcmp(format, "md") == 0)
        ir_casedoc_md(out, &doc);
    else if (status == IR_EXIT_OK)
        ir_casedoc_csv(out, &doc);
    ir_casedoc_free(&doc);
    ir_templates_free(t);
    return status;
}

static int evaluate(struct audit *a)
{
    const struct audit_options *o = a->o;
    char lang[8] = "";
    const int64_t to = o->to != INT64_MIN ? o->to : a->j.env->now;
    const int64_t from = o->from != INT64_MIN ? o->from : to - 365 * IR_DAY_S * IR_NS;
    if (from >= to) {
        say(a->j.cmd, "%s", _("the period ends before it begins"));
        return IR_EXIT_USAGE;
    }
    ir_setting_get(a->j.db, "language", lang, sizeof lang, NULL);
    /* A form is in the organisation's language, what is shown here in the reader's. */
    if (o->c.output == NULL || strcmp(o->c.output, "table") == 0)
        snprintf(lang, sizeof lang, "%s", ir_intl_is_ja() ? "ja" : "en");
    a->lang = strcmp(a->j.env->lang != NULL ? a->j.env->lang : lang, "en") == 0 ? "en" : "ja";
    a->period = ir_period_between(from, to, a->j.zone_s);
    a->controls = ir_controls_new();
    if (a->controls == NULL) return IR_EXIT_FAILED;
    struct ir_duties *duties = NULL;
    int status = casefiles_each(a->j.cmd, a->j.env, "controls", ".yml", take_control, a->controls);
    if (status == IR_EXIT_OK) status = duties_load(a->j.cmd, a->j.env, NULL, &duties);
    if (status == IR_EXIT_OK)
        status = case_status(&a->j, ir_controls_evaluate(a->j.db, a->controls, duties, &a->period,
                                                         strcmp(a->lang, "ja") == 0, &a->lists,
                                                         &a->j.err));
    ir_duties_free(duties);
    return status;
}

static int put_out(struct audit *a)
{
    struct ir_buf text = IR_BUF(OUT_MAX);
    struct sink file;
    const char *format = a->o->c.output != NULL ? a->o->c.output : "table";
    int status = IR_EXIT_OK;
    if (a->o->bom && strcmp(format, "csv") == 0) ir_buf_str(&text, IR_S("\xef\xbb\xbf"));
    if (strcmp(format, "jsonl") == 0)
        write_lines(a, &text);
    else if (strcmp(format, "table") != 0)
        status = write_form(a, format, &text);
    else
        write_table(a);
    if (status == IR_EXIT_OK) status = sink_open(&file, a->j.cmd, a->o->out, NULL);
    if (status == IR_EXIT_OK) {
        if (strcmp(format, "table") == 0) {
            ir_buf_str(&file.buf, ir_buf_view(&a->j.out.buf));
            ir_buf_clear(&a->j.out.buf);
        }
        ir_buf_str(&file.buf, ir_buf_view(&text));
        status = sink_close(&file, status);
    }
    ir_buf_free(&text);
    return status;
}

static int audit_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    struct audit a = {.o = options};
    (void)operands;
    for (size_t i = 0; a.o->kind != NULL && i < NKINDS; i++)
        if (strcmp(kinds[i].name, a.o->kind) == 0) a.kind = i;
    int status = case_open(&a.j, cmd, &a.o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = evaluate(&a);
    a.j.json = false;
    if (status == IR_EXIT_OK) status = put_out(&a);
    const bool bad = a.lists.bad > 0;
    ir_control_lists_free(&a.lists);
    ir_controls_free(a.controls);
    status = case_close(&a.j, status);
    return status == IR_EXIT_OK && bad ? IR_EXIT_FINDINGS : status;
}

extern const struct cmd cmd_audit;
const struct cmd cmd_audit = {
    .name = "audit",
    .operands = "",
    .brief = N_("Show which controls are in operation, and fill in the forms of an ISMS audit"),
    .about = N_("Exit status 1 when something is missing. Forms are in the language of the\n"
                "workspace; --lang ja or en gives the other."),
    .opts = audit_opts,
    .size = sizeof(struct audit_options),
    .home_zone = true,
    .defaults = not_given,
    .run = audit_run,
};
