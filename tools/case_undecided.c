/*
 * ir case undecided: what waits for an assessment, for people and for cron (5.25): exit status 1
 * when something is listed.
 */
#include "base/intl.h"
#include "base/time.h"
#include "case.h"
#include "casedb/query.h"
#include "rule_titles.h"

struct undecided_options {
    struct case_options c;
    const char *older_than;
};

#define AT(member) offsetof(struct undecided_options, member)
static const struct opt undecided_opts[] = {
    CASE_READ_OPTS(struct undecided_options),
    {"older-than", 0, OPT_TEXT, AT(older_than), "SPAN",
     N_("only what waits longer, as 24h, 30m or 2d (default: all)"), NULL},
    OPT_END,
};

static int print_undecided(struct case_job *j, int64_t seconds)
{
    struct ir_query q;
    char before[IR_CASEDB_TIME], when[40];
    struct ir_arena arena = IR_ARENA((size_t)16 << 20);
    struct ir_doc_given titles = {.name = {NULL, 0}};
    if (!j->json && ir_intl_is_ja()) titles = rule_titles(&arena, j->cmd, j->env);
    ir_casedb_time(j->env->now - seconds * IR_NS, before);
    int rc = ir_query_open(&q, j->db,
                           "SELECT no, at, severity, what, tbl, row,"
                           " CAST((julianday(?2) - julianday(at)) * 86400 + 0.5 AS INTEGER)"
                           " FROM assessment WHERE outcome IS NULL AND at <= ?1 ORDER BY at, no",
                           &j->err);
    if (rc == IR_OK) {
        char now[IR_CASEDB_TIME];
        ir_query_text_arg(&q, 1, ir_str_z(before));
        ir_casedb_time(j->env->now, now);
        ir_query_text_arg(&q, 2, ir_str_z(now));
    }
    while (rc == IR_OK && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
        const int64_t waits = ir_query_int(&q, 6);
        const struct case_cell row[] = {
            {"no", N_("number"), 14, ir_query_text(&q, 0), 0, false, false},
            {"at", N_("recorded"), 25, case_time(j, ir_query_text(&q, 1), when), 0, false, false},
            {"waits_h", N_("waits (hours)"), 6, {NULL, 0}, waits / 3600, true, false},
            {"level", N_("level"), 13, ir_query_text(&q, 2), 0, false, false},
            {"what", N_("what"), 0, rule_title(&titles, IR_S(""), ir_query_text(&q, 3)), 0, false,
             false},
            {"kind", "", 0, ir_query_text(&q, 4), 0, false, true},
            {"id", "", 0, ir_query_text(&q, 5), 0, false, true},
        };
        case_row(j, row, sizeof row / sizeof *row);
    }
    ir_query_close(&q);
    ir_arena_free(&arena);
    return rc < 0 ? case_failed(j) : IR_EXIT_OK;
}

static int undecided_run(const struct cmd *cmd, const void *options,
                         const struct opt_list *operands, const struct env *env)
{
    const struct undecided_options *o = options;
    int64_t seconds = 0;
    struct case_job j;
    (void)operands;
    if (o->older_than != NULL && (!ir_duration_parse(ir_str_z(o->older_than), &seconds) ||
                                  seconds < 0 || seconds > 100 * 366 * IR_DAY_S)) {
        say(cmd, _("--older-than: %s: write 24h, 30m or 2d"), o->older_than);
        return IR_EXIT_USAGE;
    }
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = print_undecided(&j, seconds);
    const bool some = j.rows > 0;
    status = case_close(&j, status);
    return status == IR_EXIT_OK && some ? IR_EXIT_FINDINGS : status;
}

extern const struct cmd cmd_case_undecided;
const struct cmd cmd_case_undecided = {
    .name = "case undecided",
    .operands = "",
    .brief = N_("List reports and alerts that nobody has assessed yet; exit status 1 when any"),
    .opts = undecided_opts,
    .size = sizeof(struct undecided_options),
    .run = undecided_run,
};
