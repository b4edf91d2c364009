/*
 * ir case review: the record that logs were reviewed, by whom, for which time, with which result,
 * and when the next review is due (8.15 to 8.17). A nightly job files its own:
 *
 *     ir scan /var/log --output jsonl > night.jsonl
 *     ir case review add --source web01 --scan night.jsonl --every 1d
 *
 * Also for what else is looked at again and again: clocks, exercises, audits.
 */
#include "casedb/review.h"

#include <math.h>
#include <stdlib.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/zone.h"
#include "case.h"
#include "casedb/query.h"

#define SCAN_MAX ((size_t)256 << 20)

struct review_options {
    struct case_options c;
    const char *kind, *source, *result, *scan, *records, *findings, *every, *offset, *uncertainty,
        *zone;
    int64_t from, to, next;
};

#define AT(member) offsetof(struct review_options, member)
#define WHICH_OPTS                                                                                 \
    {"kind",        'k', OPT_CHOICE, AT(kind), "KIND", N_("what was reviewed (default log)"),      \
     ir_review_kind},                                                                              \
    {                                                                                              \
        "source", 's', OPT_TEXT, AT(source), "NAME", N_("the host or log it is of"), NULL          \
    }
#define PERIOD_OPTS                                                                                \
    {"from", 0, OPT_TIME, AT(from), "TIME", N_("the period's begin"), NULL},                       \
    {                                                                                              \
        "to", 0, OPT_TIME, AT(to), "TIME", N_("its end"), NULL                                     \
    }
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct review_options),
    WHICH_OPTS,
    PERIOD_OPTS,
    {"scan", 0, OPT_TEXT, AT(scan), "FILE",
     N_("what ir scan --output jsonl wrote (- for stdin): period, records and findings"), NULL},
    {"records", 0, OPT_TEXT, AT(records), "N", N_("how many records were read"), NULL},
    {"findings", 0, OPT_TEXT, AT(findings), "N", N_("how many findings there were"), NULL},
    {"result", 0, OPT_TEXT, AT(result), "TEXT", N_("what came out"), NULL},
    {"every", 0, OPT_TEXT, AT(every), "SPAN",
     N_("the next one is due after 1d, 7d, 1M; 0d: none (default: as the last)"), NULL},
    {"next", 0, OPT_TIME, AT(next), "TIME", N_("the next one is due by then"), NULL},
    {"offset", 0, OPT_TEXT, AT(offset), "SECONDS",
     N_("how far the source's clock is ahead (negative: behind)"), NULL},
    {"uncertainty", 0, OPT_TEXT, AT(uncertainty), "SECONDS", N_("of that measurement"), NULL},
    {"zone", 0, OPT_TEXT, AT(zone), "ZONE", N_("in which the source writes its times"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct review_options), WHICH_OPTS, OPT_END};
static const struct opt due_opts[] = {
    CASE_READ_OPTS(struct review_options),
    {"within", 'w', OPT_TEXT, AT(every), "SPAN", N_("also what is due within 1d, 7d …"), NULL},
    OPT_END,
};
static const struct opt work_opts[] = {CASE_READ_OPTS(struct review_options), PERIOD_OPTS, OPT_END};

static void not_given(void *options, const struct env *env)
{
    struct review_options *o = options;
    (void)env;
    o->from = o->to = o->next = IR_REVIEW_UNSET;
}

static bool wrong(const struct cmd *cmd, const char *option, const char *said)
{
    say(cmd, _("--%s: no number: '%.60s'"), option, said);
    return false;
}

static bool take_count(const struct cmd *cmd, const char *option, const char *said, int64_t *ret_n)
{
    if (said == NULL) return true;
    if (ir_str_i64(ir_str_z(said), ret_n) && *ret_n >= 0) return true;
    return wrong(cmd, option, said);
}

/* "-2.5" seconds as milliseconds, within ten years. */
static bool take_ms(const struct cmd *cmd, const char *option, const char *said, int64_t *ret_ms)
{
    char *end;
    if (said == NULL) return true;
    const double s = strtod(said, &end);
    if (*said == '\0' || *end != '\0' || !isfinite(s) || fabs(s) > 3.2e8)
        return wrong(cmd, option, said);
    *ret_ms = (int64_t)llround(s * 1000);
    return true;
}

static bool take_span(const struct cmd *cmd, const char *option, const char *said, int64_t *ret_s)
{
    if (said == NULL) return true;
    if (ir_duration_parse(ir_str_z(said), ret_s) && *ret_s >= 0 && *ret_s < 100 * 366 * IR_DAY_S)
        return true;
    say(cmd, _("--%s: %s: write 1d, 7d or 12h"), option, said);
    return false;
}

static bool take_options(const struct cmd *cmd, const struct review_options *o, int64_t now,
                         struct ir_review *r)
{
    int64_t every = 0;
    int32_t zone_s;
    *r = ir_review_begin();
    r->kind = ir_str_z(o->kind != NULL ? o->kind : "log");
    r->source = ir_str_z(o->source);
    r->result = ir_str_z(o->result);
    r->zone = ir_str_z(o->zone);
    r->from = o->from;
    r->to = o->to;
    r->next_due = o->next;
    if (o->zone != NULL && !ir_zone_from_text(r->zone, &zone_s)) {
        say(cmd, _("--zone: %s: write +09:00, UTC or JST"), o->zone);
        return false;
    }
    if (!take_count(cmd, "records", o->records, &r->records) ||
        !take_count(cmd, "findings", o->findings, &r->findings) ||
        !take_ms(cmd, "offset", o->offset, &r->offset_ms) ||
        !take_ms(cmd, "uncertainty", o->uncertainty, &r->uncertainty_ms) ||
        !take_span(cmd, "every", o->every, &every))
        return false;
    if (o->every != NULL && o->next == IR_REVIEW_UNSET)
        r->next_due = every > 0 ? now + every * IR_NS : IR_REVIEW_NEVER;
    return true;
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct review_options *o = options;
    struct ir_buf scan = IR_BUF(SCAN_MAX);
    char id[IR_ID_TEXT] = "";
    struct ir_review r;
    struct case_job j;
    (void)operands;
    if (!take_options(cmd, o, env->now, &r)) return IR_EXIT_USAGE;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK && o->scan != NULL) status = case_read(&j, o->scan, &scan);
    if (status == IR_EXIT_OK && o->scan != NULL) {
        ir_err_at(&j.err, o->scan, -1, 0);
        status = case_status(&j, ir_review_scan(j.db, ir_buf_view(&scan), &r, &j.err));
    }
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK) status = case_status(&j, ir_review_add(j.db, &r, id, &j.err));
    if (status == IR_EXIT_OK && j.json) {
        const struct case_cell row[] = {{.key = "id", .text = ir_str_z(id)}};
        case_row(&j, row, 1);
    } else if (status == IR_EXIT_OK) {
        ir_buf_fmt(&j.out.buf, "%s\n", _("the review is recorded"));
    }
    ir_buf_free(&scan);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"at", N_("reviewed"), 25, CASE_TIME},
    {"kind", N_("kind"), 10, CASE_REVIEW},
    {"source", N_("what was reviewed"), 14, CASE_TEXT},
    {"reviewer", N_("reviewed by"), 12, CASE_TEXT},
    {"from", N_("from"), 25, CASE_TIME},
    {"to", N_("to"), 25, CASE_TIME},
    {"gap_s", N_("gap before"), 10, CASE_SPAN},
    {"records", N_("records"), 9, CASE_NUMBER},
    {"findings", N_("findings"), 8, CASE_NUMBER},
    {"offset_s", N_("clock off (s)"), 8, CASE_TEXT},
    {"zone", N_("zone"), 6, CASE_TEXT},
    {"next_due", N_("next due"), 25, CASE_TIME},
    {"result", N_("result"), 0, CASE_TEXT},
    {"summary", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
/* ?1 kind, ?2 source (null: all), ?3 due by (null: all). */
static const char list_sql[] =
    "SELECT at, kind, source, reviewer, from_at, to_at, nullif(max(0, strftime('%s', from_at) - "
    "strftime('%s', before)), 0) AS gap, records, findings, "
    "CASE WHEN offset_ms IS NOT NULL THEN printf('%+.3f', offset_ms / 1000.0) || "
    "coalesce(printf(' ± %.3f', uncertainty_ms / 1000.0), '') END, zone, next_due, result, "
    "summary, id FROM (SELECT *, rowid AS n, " IR_REVIEW_BEFORE " AS before FROM review) WHERE "
    "(?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR (next_due <= ?3 "
    "AND n IN (SELECT max(rowid) FROM review GROUP BY kind, source))) ORDER BY at DESC, n DESC";

static int print_reviews(struct case_job *j, const struct review_options *o, const char *due)
{
    struct ir_query q;
    if (ir_query_open(&q, j->db, list_sql, &j->err) != IR_OK) return case_failed(j);
    const struct ir_str none = {NULL, 0};
    ir_query_text_arg(&q, 1, o->kind != NULL ? ir_str_z(o->kind) : none);
    ir_query_text_arg(&q, 2, o->source != NULL ? ir_str_z(o->source) : none);
    ir_query_text_arg(&q, 3, due != NULL ? ir_str_z(due) : none);
    const int status = case_print_rows(j, &q, columns, sizeof columns / sizeof *columns);
    ir_query_close(&q);
    return status;
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct review_options *o = options;
    struct case_job j;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = print_reviews(&j, o, NULL);
    return case_close(&j, status);
}

static int due_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct review_options *o = options;
    char until[IR_CASEDB_TIME];
    int64_t within = 0;
    struct case_job j;
    (void)operands;
    if (!take_span(cmd, "within", o->every, &within)) return IR_EXIT_USAGE;
    ir_casedb_time(env->now + within * IR_NS, until);
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = print_reviews(&j, o, until);
    const bool some = j.rows > 0;
    status = case_close(&j, status);
    return status == IR_EXIT_OK && some ? IR_EXIT_FINDINGS : status;
}

static const struct case_column work[] = {
    {"actor", N_("done by"), 20, CASE_TEXT}, {"changes", N_("changes"), 8, CASE_NUMBER},
    {"first", N_("first"), 25, CASE_TIME},   {"last", N_("last"), 25, CASE_TIME},
    {"tables", N_("in"), 0, CASE_TEXT},
};

/* What each person did in this workspace: for whoever checks the operators' work. */
static int work_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct review_options *o = options;
    char from[IR_CASEDB_TIME] = "0000", to[IR_CASEDB_TIME] = "9999";
    struct case_job j;
    struct ir_query q;
    (void)operands;
    if (o->from != IR_REVIEW_UNSET) ir_casedb_time(o->from, from);
    if (o->to != IR_REVIEW_UNSET) ir_casedb_time(o->to, to);
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK &&
        ir_query_open(&q, j.db,
                      "SELECT actor, count(*), min(at), max(at), group_concat(DISTINCT tbl) FROM "
                      "audit WHERE at >= ?1 AND at < ?2 GROUP BY actor ORDER BY 2 DESC, 1",
                      &j.err) != IR_OK)
        status = case_failed(&j);
    if (status == IR_EXIT_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(from));
        ir_query_text_arg(&q, 2, ir_str_z(to));
        status = case_print_rows(&j, &q, work, sizeof work / sizeof *work);
        ir_query_close(&q);
    }
    return case_close(&j, status);
}

#define SUB(id, word, what, options_of, function)                                                  \
    static const struct cmd cmd_case_review_##id = {                                               \
        .name = "case review " word,                                                               \
        .operands = "",                                                                            \
        .brief = what,                                                                             \
        .opts = options_of,                                                                        \
        .size = sizeof(struct review_options),                                                     \
        .defaults = not_given,                                                                     \
        .run = function,                                                                           \
    }
SUB(add, "add", N_("Record that logs, clocks or plans were reviewed"), add_opts, add_run);
SUB(list, "list", N_("List reviews, with the time that none looked at"), list_opts, list_run);
SUB(due, "due", N_("List reviews that are due; exit status 1 when any"), due_opts, due_run);
SUB(work, "work", N_("List what each person changed, for whoever checks it"), work_opts, work_run);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_review_add, &cmd_case_review_list,
                                         &cmd_case_review_due, &cmd_case_review_work, NULL};
extern const struct cmd cmd_case_review;
const struct cmd cmd_case_review = {
    .name = "case review",
    .operands = "COMMAND",
    .brief = N_("Record reviews of logs, clocks, exercises and audits, and when they are due"),
    .opts = no_opts,
    .subs = subs,
};
