/*
 * ir case lesson: corrective actions (5.27), the improvement plan that a small company's committee
 * proposes: measure (処置方法), cost (費用), planned date (実施予定日) and who answers for it
 * (責任者), the control that it strengthens, and whether it worked.
 */
#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/work.h"

struct lesson_options {
    struct case_options c;
    const char *measure, *owner, *control, *cause, *state, *result;
    int64_t due;
    uint64_t cost;
};

static const char *choice_state(size_t i)
{
    static const char *const words[] = {"planned", "doing", "done", "dropped", NULL};
    return words[i];
}

#define AT(member) offsetof(struct lesson_options, member)
#define PLAN_OPTS                                                                                  \
    {"cost", 0, OPT_NUMBER, AT(cost), "YEN", N_("what it costs"), NULL},                           \
        {"due", 0, OPT_TIME, AT(due), "DATE", N_("when it is to be done"), NULL},                  \
        {"owner", 0, OPT_TEXT, AT(owner), "NAME", N_("who answers for it"), NULL},                 \
        {"control",   0,    OPT_TEXT,                                                              \
         AT(control), "ID", N_("the control that it strengthens: 5.26, 8.16 …"),                   \
         NULL},                                                                                    \
    {                                                                                              \
        "root-cause", 0, OPT_TEXT, AT(cause), "TEXT", N_("the root cause that it removes"), NULL   \
    }
static const struct opt add_opts[] = {CASE_WRITE_OPTS(struct lesson_options), PLAN_OPTS, OPT_END};
static const struct opt change_opts[] = {
    CASE_WRITE_OPTS(struct lesson_options),
    PLAN_OPTS,
    {"measure", 0, OPT_TEXT, AT(measure), "TEXT", N_("what is to be done"), NULL},
    {"state", 0, OPT_CHOICE, AT(state), "STATE", N_("planned, doing, done or dropped"),
     choice_state},
    OPT_END,
};
static const struct opt verify_opts[] = {
    CASE_WRITE_OPTS(struct lesson_options),
    {"result", 0, OPT_TEXT, AT(result), "TEXT", N_("what was found: does it work?"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct lesson_options), OPT_END};

static void not_given(void *options, const struct env *env)
{
    struct lesson_options *o = options;
    (void)env;
    o->due = INT64_MIN;
    o->cost = UINT64_MAX;
}

/* What was given of the plan, as fields. date lasts as long as they do. */
static size_t plan(const struct case_job *j, const struct lesson_options *o, struct ir_value *v,
                   char date[IR_TIME_TEXT])
{
    size_t n = 0;
    if (o->cost != UINT64_MAX) v[n++] = IR_V_INT("cost", (int64_t)o->cost);
    if (o->due != INT64_MIN) {
        ir_time_local(o->due, j->env->zone_s, date); /* the zone in which it was read */
        date[10] = '\0';
        v[n++] = IR_V_Z("due", date);
    }
    if (o->owner != NULL) v[n++] = IR_V_Z("owner", o->owner);
    if (o->control != NULL) v[n++] = IR_V_Z("control", o->control);
    if (o->cause != NULL) v[n++] = IR_V_Z("root_cause", o->cause);
    return n;
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct lesson_options *o = options;
    struct ir_buf text = IR_BUF(IR_CASE_TEXT_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], made[IR_ID_TEXT], date[IR_TIME_TEXT], said[160];
    struct ir_value v[8];
    int64_t n = 0;
    struct case_job j;
    int status = case_start_text(&j, cmd, &o->c, env, operands, NULL, &text, id, no);
    v[0] = IR_V("measure", ir_utf8_trim(ir_buf_view(&text)));
    if (status == IR_EXIT_OK)
        status = case_status(
            &j, ir_lesson_add(j.db, id, v, 1 + plan(&j, o, v + 1, date), &n, made, &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: lesson %2$lld"), no, (long long)n);
        case_made(&j, no, n, made, said);
    }
    ir_buf_free(&text);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_lesson, cmd_case_lesson_verify;

static int change(struct case_job *j, const void *options, const char *id, int64_t n)
{
    const struct lesson_options *o = options;
    char date[IR_TIME_TEXT];
    struct ir_value v[8];
    if (j->cmd == &cmd_case_lesson_verify)
        return ir_lesson_verify(j->db, id, n, ir_utf8_trim(ir_str_z(o->result)), &j->err);
    size_t k = plan(j, o, v, date);
    if (o->measure != NULL && *o->measure != '\0') v[k++] = IR_V_Z("measure", o->measure);
    if (o->state != NULL) v[k++] = IR_V_Z("state", o->state);
    return ir_lesson_change(j->db, id, n, v, k, &j->err);
}

static int change_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct lesson_options *o = options;
    return case_change(cmd, o, &o->c, operands, env, change);
}

static const struct case_column columns[] = {
    {"case", N_("case"), 13, CASE_TEXT},
    {"no", N_("number"), 6, CASE_NUMBER},
    {"state", N_("state"), 8, CASE_TEXT},
    {"due", N_("due"), 10, CASE_TEXT},
    {"overdue", "", 7, CASE_OVERDUE},
    {"owner", N_("owner"), 14, CASE_TEXT},
    {"cost", N_("cost"), 10, CASE_NUMBER},
    {"control", N_("control"), 7, CASE_TEXT},
    {"missing", N_("missing"), 16, CASE_TEXT},
    {"measure", N_("what"), 0, CASE_TEXT},
    {"root_cause", "", 0, CASE_ID},
    {"verified_by", "", 0, CASE_ID},
    {"verified_at", "", 0, CASE_ID},
    {"verification", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
/* A plan states all four; what it does not is named. */
#define LESSONS                                                                                    \
    "SELECT i.no, l.no, l.state, l.due, l.state IN ('planned', 'doing') AND coalesce(l.due < ?3, " \
    "0), l.owner, l.cost, l.control, nullif(trim(iif(l.cost IS "                                   \
    "NULL, "                                                                                       \
    "'cost ', '') || iif(l.due IS NULL, 'due ', '') || iif(l.owner IS NULL, 'owner', '')), ''), "  \
    "l.measure, l.root_cause, l.verified_by, l.verified_at, l.verification, l.id FROM lesson l "   \
    "JOIN incident i ON i.id = l.incident_id "

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct case_list of_case = {LESSONS "WHERE l.incident_id = ?1 ORDER BY l.no", columns,
                                      sizeof columns / sizeof *columns};
    const struct case_list all = {LESSONS "ORDER BY i.no, l.no", columns,
                                  sizeof columns / sizeof *columns};
    const struct lesson_options *o = options;
    struct case_job j;
    if (operands->n > 0) return case_list_of(cmd, &o->c, env, operands->v[0], &of_case);
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = case_print(&j, &all, NULL);
    return case_close(&j, status);
}

#define LESSON_CMD(word, what, named, table, least, most, function, more)                          \
    const struct cmd cmd_case_lesson_##word = {.name = "case lesson " #word,                       \
                                               .operands = named,                                  \
                                               .brief = what,                                      \
                                               .about = more,                                      \
                                               .opts = table,                                      \
                                               .size = sizeof(struct lesson_options),              \
                                               .min_operands = least,                              \
                                               .max_operands = most,                               \
                                               .defaults = not_given,                              \
                                               .run = function}
static LESSON_CMD(add, N_("Write down what is to be better"), "CASE TEXT…", add_opts, 2, SIZE_MAX,
                  add_run, N_("TEXT is the measure; - reads it from stdin."));
static LESSON_CMD(list, N_("List the corrective actions, of a case or of all"), "[CASE]", list_opts,
                  0, 1, list_run, N_("Exit status 1: one is overdue."));
static LESSON_CMD(change, N_("Change a corrective action, or how far it is"), "CASE NUMBER",
                  change_opts, 2, 2, change_run, NULL);
LESSON_CMD(verify, N_("Record that somebody looked whether it works"), "CASE NUMBER", verify_opts,
           2, 2, change_run, NULL);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_lesson_add, &cmd_case_lesson_list,
                                         &cmd_case_lesson_change, &cmd_case_lesson_verify, NULL};

const struct cmd cmd_case_lesson = {
    .name = "case lesson",
    .operands = "COMMAND",
    .brief = N_("Corrective actions: what, for how much, until when, by whom"),
    .opts = no_opts,
    .subs = subs,
};
