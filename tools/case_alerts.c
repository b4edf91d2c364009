/*
 * ir case alerts: what scans and reviews found. It is filed from `ir scan --output jsonl`, each
 * finding once, and stays until somebody decides on it (ir case decide).
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/alert.h"
#include "casedb/query.h"
#include "report/finding.h"
#include "rule_titles.h"

#define INPUT_BYTES ((size_t)1 << 30)

struct alerts_options {
    struct case_options c;
    const char *rule, *state;
    int min_level, alert_level;
};

static const char *choice_state(size_t i)
{
    static const char *const words[] = {"undecided", "event",          "near_miss",
                                        "incident",  "false_positive", NULL};
    return words[i];
}

#define AT(member) offsetof(struct alerts_options, member)
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct alerts_options),
    {"rule", 0, OPT_TEXT, AT(rule), "ID", N_("only those of this rule"), NULL},
    {"state", 's', OPT_CHOICE, AT(state), "STATE",
     N_("only undecided ones, or those of this outcome: event, near_miss, incident, "
        "false_positive"),
     choice_state},
    {"min-level", 0, OPT_LEVEL, AT(min_level), "LEVEL", N_("only from this level on"), NULL},
    {"alert-level", 0, OPT_LEVEL, AT(alert_level), "LEVEL",
     N_("exit status 1 when an undecided one has this level or a higher one (default medium)"),
     NULL},
    OPT_END,
};
static const struct opt file_opts[] = {CASE_WRITE_OPTS(struct alerts_options), OPT_END};
static const struct opt stats_opts[] = {CASE_READ_OPTS(struct alerts_options), OPT_END};

static void list_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct alerts_options *)options)->alert_level = IR_LEVEL_MEDIUM;
}

static void print_alert(struct case_job *j, const struct ir_query *q,
                        const struct ir_doc_given *titles)
{
    char when[40];
    const struct case_cell row[] = {
        {"no", N_("number"), 14, ir_query_text(q, 0), 0, false, false},
        {"level", N_("level"), 13, ir_query_text(q, 1), 0, false, false},
        {"state", N_("assessed as"), 14, ir_query_text(q, 2), 0, false, false},
        {"count", N_("count"), 6, {NULL, 0}, ir_query_int(q, 3), true, false},
        {"last_seen", N_("last seen"), 25, case_time(j, ir_query_text(q, 4), when), 0, false,
         false},
        {"title", N_("what"), 40, rule_title(titles, ir_query_text(q, 8), ir_query_text(q, 5)), 0,
         false, false},
        {"entity", N_("who or where"), 0, ir_query_text(q, j->json ? 7 : 6), 0, false, false},
        {"rule_id", "", 0, ir_query_text(q, 8), 0, false, true},
        {"first_seen", "", 0, ir_query_text(q, 9), 0, false, true},
        {"filed_at", "", 0, ir_query_text(q, 10), 0, false, true},
        {"reason", "", 0, ir_query_text(q, 11), 0, false, true},
        {"id", "", 0, ir_query_text(q, 12), 0, false, true},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct alerts_options *o = options;
    struct case_job j;
    struct ir_query q;
    bool due = false;
    struct ir_arena arena = IR_ARENA((size_t)16 << 20);
    struct ir_doc_given titles = {.name = {NULL, 0}};
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    if (!j.json && ir_intl_is_ja()) titles = rule_titles(&arena, cmd, env);
    int rc = ir_query_open(
        &q, j.db,
        "SELECT a.no, a.level, coalesce(s.outcome, 'undecided'), a.count, a.last_seen, a.title,"
        " (SELECT group_concat(key || '=' || value, ' ') FROM json_each(a.entity)), a.entity,"
        " a.rule_id, a.first_seen, a.filed_at, s.reason, a.id"
        " FROM assessment s JOIN alert a ON a.id = s.row WHERE s.tbl = 'alert'"
        " AND (?1 IS NULL OR a.rule_id = ?1)"
        " AND (?2 IS NULL OR coalesce(s.outcome, 'undecided') = ?2) ORDER BY a.rowid",
        &j.err);
    if (rc == IR_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(o->rule));
        ir_query_text_arg(&q, 2, ir_str_z(o->state));
    }
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        const int level = ir_alert_level(ir_query_text(&q, 1));
        if (level < o->min_level) continue;
        print_alert(&j, &q, &titles);
        if (ir_str_eq(ir_query_text(&q, 2), IR_S("undecided")) && level >= o->alert_level)
            due = true;
    }
    ir_query_close(&q);
    if (rc < 0)
        status = case_failed(&j);
    else
        case_tell_empty(&j);
    status = case_close(&j, status);
    ir_arena_free(&arena);
    return status == IR_EXIT_OK && due ? IR_EXIT_FINDINGS : status;
}

static int file_lines(struct case_job *j, struct ir_str text, struct ir_alert_filing *f)
{
    struct ir_str line;
    bool ended;
    int rc = ir_alert_filing_open(j->db, f, &j->err);
    while (rc == IR_OK && ir_str_line(&text, &line, &ended))
        rc = ir_alert_file(j->db, f, line, &j->err);
    return rc == IR_OK ? IR_EXIT_OK : case_failed(j);
}

static void tell_filing(struct case_job *j, const struct ir_alert_filing *f)
{
    const struct case_cell row[] = {
        {"filed", N_("new"), 8, {NULL, 0}, (int64_t)f->filed, true, false},
        {"grown", N_("seen again, grown"), 8, {NULL, 0}, (int64_t)f->grown, true, false},
        {"same", N_("known already"), 8, {NULL, 0}, (int64_t)f->same, true, false},
        {"bad", N_("no findings"), 0, {NULL, 0}, (int64_t)f->bad, true, false},
    };
    case_row(j, row, sizeof row / sizeof *row);
    if (f->bad > 0)
        say(j->cmd, _("%llu lines are no findings, the first is line %llu"),
            (unsigned long long)f->bad, (unsigned long long)f->bad_line);
}

static int file_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct alerts_options *o = options;
    struct ir_buf text = IR_BUF(INPUT_BYTES);
    struct ir_alert_filing f = {.bad = 0};
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    /* All of it before the transaction: a scan that takes an hour must not hold the database. */
    if (status == IR_EXIT_OK) status = case_read(&j, operands->n > 0 ? operands->v[0] : "-", &text);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK) status = file_lines(&j, ir_buf_view(&text), &f);
    if (status == IR_EXIT_OK) tell_filing(&j, &f);
    if (status == IR_EXIT_OK) case_tell_marks(&j, ir_buf_view(&text), ir_buf_view(&text));
    ir_buf_free(&text);
    status = case_close(&j, status);
    return status == IR_EXIT_OK && f.bad > 0 ? IR_EXIT_DAMAGED : status;
}

static int stats_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct alerts_options *o = options;
    struct case_job j;
    struct ir_query q;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_query_open(
        &q, j.db,
        "SELECT tbl, coalesce(outcome, 'undecided'), count(*),"
        " round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY tbl), 1), count(reason)"
        " FROM assessment GROUP BY 1, 2 ORDER BY 1, 2",
        &j.err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        const struct case_cell row[] = {
            {"kind", N_("kind"), 6, ir_query_text(&q, 0), 0, false, false},
            {"outcome", N_("assessed as"), 14, ir_query_text(&q, 1), 0, false, false},
            {"count", N_("count"), 8, {NULL, 0}, ir_query_int(&q, 2), true, false},
            {"percent", N_("percent"), 8, ir_query_text(&q, 3), 0, false, false},
            {"with_reason", N_("with a reason"), 0, {NULL, 0}, ir_query_int(&q, 4), true, false},
        };
        case_row(&j, row, sizeof row / sizeof *row);
    }
    ir_query_close(&q);
    if (rc < 0) status = case_failed(&j);
    return case_close(&j, status);
}

static const struct cmd cmd_file = {
    .name = "case alerts file",
    .operands = "[FILE]",
    .brief = N_("File the findings of a scan, each once"),
    .about = N_("FILE is what ir scan --output jsonl wrote; - or nothing reads it from stdin."),
    .opts = file_opts,
    .size = sizeof(struct alerts_options),
    .max_operands = 1,
    .run = file_run,
};

static const struct cmd cmd_stats = {
    .name = "case alerts stats",
    .operands = "",
    .brief = N_("How many alerts and reports were assessed, as what, and with a reason"),
    .opts = stats_opts,
    .size = sizeof(struct alerts_options),
    .run = stats_run,
};

static const struct cmd *const subs[] = {&cmd_file, &cmd_stats, NULL};

extern const struct cmd cmd_case_alerts;
const struct cmd cmd_case_alerts = {
    .name = "case alerts",
    .operands = "",
    .brief = N_("List what scans found, and how it was assessed"),
    .opts = list_opts,
    .size = sizeof(struct alerts_options),
    .subs = subs,
    .defaults = list_defaults,
    .run = list_run,
};
