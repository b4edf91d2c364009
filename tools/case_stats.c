/*
 * ir case stats: what a year brought, for the committee that learns from it (ISO/IEC 27002:2022,
 * 5.27): types, volumes and costs (形態・規模・費用), causes that came back, how alerts ended, and
 * how long each part of the response took.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/stats.h"

struct stats_options {
    struct case_options c;
    uint64_t year;
};

static const struct opt stats_opts[] = {
    CASE_READ_OPTS(struct stats_options),
    {"year", 'y', OPT_NUMBER, offsetof(struct stats_options, year), "YEAR",
     N_("only this year, by the organisation's clock (default: all)"), NULL},
    OPT_END,
};

#define VOLUME                                                                                     \
    {"cases", N_("cases"), 6, CASE_NUMBER}, {"open", N_("not closed"), 6, CASE_NUMBER},            \
        {"persons", N_("persons concerned"), 8, CASE_NUMBER},                                      \
        {"assets", N_("assets concerned"), 8, CASE_NUMBER},                                        \
    {                                                                                              \
        "cost_yen", N_("cost (yen)"), 0, CASE_NUMBER                                               \
    }
static const struct case_column kinds[] = {{"kind", N_("kind"), 14, CASE_TEXT}, VOLUME};
static const struct case_column levels[] = {{"level", N_("level"), 14, CASE_TEXT}, VOLUME};
static const struct case_column causes[] = {
    {"cause", N_("root cause"), 40, CASE_TEXT}, {"cases", N_("cases"), 6, CASE_NUMBER},
    {"ever", N_("ever"), 6, CASE_NUMBER},       {"recurs", N_("recurs"), 6, CASE_TEXT},
    {"numbers", N_("which"), 0, CASE_TEXT},
};
static const struct case_column alerts[] = {
    {"outcome", N_("outcome"), 14, CASE_TEXT},
    {"alerts", N_("alerts"), 8, CASE_NUMBER},
    {"percent", "%", 4, CASE_NUMBER},
    {"reasoned", N_("with reason"), 0, CASE_NUMBER},
};
static const struct case_column times[] = {
    {"metric", N_("time to"), 14, CASE_TEXT},  {"n", "n", 5, CASE_NUMBER},
    {"median_s", N_("median"), 14, CASE_SPAN}, {"min_s", N_("shortest"), 14, CASE_SPAN},
    {"max_s", N_("longest"), 0, CASE_SPAN},
};

#define COLUMNS(list) list, sizeof(list) / sizeof *(list)
static const struct {
    const char *part, *title;
    const struct case_column *column;
    size_t n;
} parts[IR_STAT_MAX] = {
    [IR_STAT_KIND] = {"kind", N_("Cases by kind"), COLUMNS(kinds)},
    [IR_STAT_LEVEL] = {"level", N_("Cases by level"), COLUMNS(levels)},
    [IR_STAT_CAUSE] = {"cause", N_("Root causes"), COLUMNS(causes)},
    [IR_STAT_ALERT] = {"alert", N_("How alerts were assessed"), COLUMNS(alerts)},
    [IR_STAT_TIME] = {"time", N_("How long it took"), COLUMNS(times)},
};

static int print_part(struct case_job *j, enum ir_stat which, const struct ir_period *p)
{
    struct ir_query q;
    if (ir_stat_open(&q, j->db, which, p, &j->err) != IR_OK) return case_failed(j);
    if (!j->json) ir_buf_fmt(&j->out.buf, which > 0 ? "\n%s\n" : "%s\n", _(parts[which].title));
    j->rows = 0;
    j->part = parts[which].part;
    const int status = case_print_rows(j, &q, parts[which].column, parts[which].n);
    if (!j->json && j->rows == 0) ir_buf_fmt(&j->out.buf, "%s\n", _("none"));
    ir_query_close(&q);
    return status;
}

static int stats_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct stats_options *o = options;
    struct case_job j;
    (void)operands;
    if (o->year != 0 && (o->year < 1970 || o->year > 2200)) {
        say(cmd, _("--year: write four digits"));
        return IR_EXIT_USAGE;
    }
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    const struct ir_period p = ir_period_year((int)o->year, j.zone_s);
    for (unsigned i = 0; status == IR_EXIT_OK && i < IR_STAT_MAX; i++)
        status = print_part(&j, (enum ir_stat)i, &p);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_stats;
const struct cmd cmd_case_stats = {
    .name = "case stats",
    .operands = "",
    .brief = N_("Count cases by kind, level, cost and cause, and measure how long things took"),
    .about =
        N_("Exercises and merged cases do not count. A cost is that of the measures and the\n"
           "fact loss_yen. Times are medians with how many they are of (n): to detect, record,\n"
           "decide, contain, preserve, report and recover."),
    .opts = stats_opts,
    .size = sizeof(struct stats_options),
    .run = stats_run,
};
