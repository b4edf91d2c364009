/*
 * ir case task: what is to be done in a case, by whom and until when.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/work.h"

struct task_options {
    struct case_options c;
    const char *title, *owner, *state, *result, *reason, *phase, *step, *override;
    int64_t due;
    bool open;
};

static const char *choice_state(size_t i)
{
    static const char *const words[] = {"open", "doing", NULL};
    return words[i];
}

#define AT(member) offsetof(struct task_options, member)
#define OWNER_OPTS                                                                                 \
    {"owner", 0, OPT_TEXT, AT(owner), "NAME", N_("who does it"), NULL},                            \
    {                                                                                              \
        "due", 0, OPT_TIME, AT(due), "TIME", N_("until when"), NULL                                \
    }
#define OVERRIDE_OPT                                                                               \
    {                                                                                              \
        "override", 0, OPT_TEXT, AT(override), "REASON",                                           \
            N_("why to go on though evidence is not preserved"), NULL                              \
    }
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct task_options),
    OWNER_OPTS,
    {"phase", 0, OPT_CHOICE, AT(phase), "PHASE", N_("the phase it is part of"), choice_phase},
    {"step", 0, OPT_CHOICE, AT(step), "STEP", N_("the step of that phase"), choice_step},
    OPT_END,
};
static const struct opt change_opts[] = {
    CASE_WRITE_OPTS(struct task_options),
    OWNER_OPTS,
    {"title", 0, OPT_TEXT, AT(title), "TEXT", N_("what is to be done"), NULL},
    {"state", 0, OPT_CHOICE, AT(state), "STATE", N_("open or doing"), choice_state},
    OVERRIDE_OPT,
    OPT_END,
};
static const struct opt done_opts[] = {
    CASE_WRITE_OPTS(struct task_options),
    {"result", 0, OPT_TEXT, AT(result), "TEXT", N_("what came of it"), NULL},
    OVERRIDE_OPT,
    OPT_END,
};
static const struct opt drop_opts[] = {
    CASE_WRITE_OPTS(struct task_options),
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT", N_("why it is not done"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct task_options),
    {"open", 0, OPT_FLAG, AT(open), NULL, N_("only those that are not finished"), NULL},
    OPT_END,
};

static void no_due(void *options, const struct env *env)
{
    (void)env;
    ((struct task_options *)options)->due = INT64_MIN;
}

static struct ir_str due_text(const struct task_options *o, char out[IR_CASEDB_TIME])
{
    if (o->due == INT64_MIN) return ir_str_n(NULL, 0);
    ir_casedb_time(o->due, out);
    return ir_str_z(out);
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct task_options *o = options;
    struct ir_buf title = IR_BUF(IR_CASE_TEXT_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], made[IR_ID_TEXT], due[IR_CASEDB_TIME], said[160];
    int64_t n = 0;
    struct case_job j;
    int status = case_start_text(&j, cmd, &o->c, env, operands, NULL, &title, id, no);
    const struct ir_task t = {.title = ir_utf8_trim(ir_buf_view(&title)),
                              .owner = ir_str_z(o->owner),
                              .due_at = due_text(o, due),
                              .phase = ir_str_z(case_phase_of(o->phase, o->step)),
                              .step = ir_str_z(o->step)};
    if (status == IR_EXIT_OK) status = case_status(&j, ir_task_add(j.db, id, &t, &n, made, &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: task %2$lld"), no, (long long)n);
        case_made(&j, no, n, made, said);
    }
    ir_buf_free(&title);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_task, cmd_case_task_done, cmd_case_task_drop, cmd_case_task_change;

static int change(struct case_job *j, const void *options, const char *id, int64_t n)
{
    const struct task_options *o = options;
    char due[IR_CASEDB_TIME];
    const struct ir_str override = ir_utf8_trim(ir_str_z(o->override));
    struct ir_value v[4];
    size_t k = 0;
    if (j->cmd == &cmd_case_task_done)
        return ir_task_end(j->db, id, n, "done", ir_str_z(o->result), override, &j->err);
    if (j->cmd == &cmd_case_task_drop)
        return ir_task_end(j->db, id, n, "dropped", ir_str_z(o->reason), override, &j->err);
    if (o->title != NULL && *o->title != '\0') v[k++] = IR_V_Z("title", o->title);
    if (o->owner != NULL) v[k++] = IR_V_Z("owner", o->owner);
    if (o->due != INT64_MIN) v[k++] = IR_V("due_at", due_text(o, due));
    if (o->state != NULL) v[k++] = IR_V_Z("state", o->state);
    return ir_task_change(j->db, id, n, v, k, override, &j->err);
}

static int change_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct task_options *o = options;
    return case_change(cmd, o, &o->c, operands, env, change);
}

static const struct case_column columns[] = {
    {"no", N_("number"), 6, CASE_NUMBER},
    {"state", N_("state"), 8, CASE_TEXT},
    {"due_at", N_("due"), 25, CASE_TIME},
    {"overdue", "", 7, CASE_OVERDUE},
    {"owner", N_("owner"), 14, CASE_TEXT},
    {"title", N_("what"), 0, CASE_TEXT},
    {"result", "", 0, CASE_ID},
    {"playbook_step", "", 0, CASE_ID},
    {"phase", "", 0, CASE_ID},
    {"step", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
#define TASKS                                                                                      \
    "SELECT no, state, due_at, state IN ('open', 'doing') AND coalesce(due_at < ?2, 0), owner, "   \
    "title, result, playbook_step, phase, step, id FROM task "                                     \
    "WHERE incident_id = ?1 "

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct task_options *o = options;
    const struct case_list list = {o->open ? TASKS "AND state IN ('open', 'doing') ORDER BY no"
                                           : TASKS "ORDER BY no",
                                   columns, sizeof columns / sizeof *columns};
    return case_list_of(cmd, &o->c, env, operands->v[0], &list);
}

static const struct cmd cmd_case_task_add = {
    .name = "case task add",
    .operands = "CASE TEXT…",
    .brief = N_("Add a task to a case"),
    .opts = add_opts,
    .size = sizeof(struct task_options),
    .min_operands = 2,
    .max_operands = SIZE_MAX,
    .defaults = no_due,
    .run = add_run,
};

static const struct cmd cmd_case_task_list = {
    .name = "case task list",
    .operands = "CASE",
    .brief = N_("List the tasks of a case"),
    .about = N_("Exit status 1: one is overdue."),
    .opts = list_opts,
    .size = sizeof(struct task_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

#define CHANGE_CMD(word, table, what)                                                              \
    const struct cmd cmd_case_task_##word = {                                                      \
        .name = "case task " #word,                                                                \
        .operands = "CASE NUMBER",                                                                 \
        .brief = what,                                                                             \
        .opts = table,                                                                             \
        .size = sizeof(struct task_options),                                                       \
        .min_operands = 2,                                                                         \
        .max_operands = 2,                                                                         \
        .defaults = no_due,                                                                        \
        .run = change_run,                                                                         \
    }
CHANGE_CMD(done, done_opts, N_("A task is done; one of recovery not before evidence is preserved"));
CHANGE_CMD(drop, drop_opts, N_("A task will not be done, for a reason"));
CHANGE_CMD(change, change_opts, N_("Change what a task is, whose, or until when"));

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_task_add,    &cmd_case_task_list,
                                         &cmd_case_task_done,   &cmd_case_task_drop,
                                         &cmd_case_task_change, NULL};

const struct cmd cmd_case_task = {
    .name = "case task",
    .operands = "COMMAND",
    .brief = N_("The tasks of a case"),
    .opts = no_opts,
    .subs = subs,
};
