/*
 * ir case act: the response log (5.26), who did what on what, with which result, when and by which
 * clock. Append-only: what was wrong is said by a later entry.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/phase.h"
#include "casedb/work.h"
#include "evidence/custody.h"

struct act_options {
    struct case_options c;
    const char *action, *target, *result, *clock, *phase, *step, *override;
    int64_t at;
    uint64_t task;
};

#define AT(member) offsetof(struct act_options, member)
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct act_options),
    {"action", 0, OPT_TEXT, AT(action), "TEXT", N_("what was done"), NULL},
    {"target", 0, OPT_TEXT, AT(target), "TEXT", N_("on what: a machine, an account, a person"),
     NULL},
    {"result", 0, OPT_TEXT, AT(result), "TEXT", N_("what came of it"), NULL},
    {"at", 0, OPT_TIME, AT(at), "TIME", N_("when it was done (default: now)"), NULL},
    {"clock", 0, OPT_TEXT, AT(clock), "TEXT",
     N_("the clock that says so (default: this machine's)"), NULL},
    {"task", 0, OPT_NUMBER, AT(task), "N", N_("the task it belongs to"), NULL},
    {"phase", 0, OPT_CHOICE, AT(phase), "PHASE",
     N_("the phase it is part of (default: that of the task)"), choice_phase},
    {"step", 0, OPT_CHOICE, AT(step), "STEP", N_("the step of that phase"), choice_step},
    {"override", 0, OPT_TEXT, AT(override), "REASON",
     N_("why to go on though evidence is not preserved"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct act_options), OPT_END};

static void at_none(void *options, const struct env *env)
{
    (void)env;
    ((struct act_options *)options)->at = INT64_MIN;
}

/* Which clock told the time; data, and so in English. A time that somebody names without its clock
 * is worth less, and the record says so. */
static void clock_text(const struct act_options *o, struct ir_buf *out)
{
    struct ir_custody_clock clock;
    if (o->clock != NULL || o->at != INT64_MIN) {
        ir_buf_str(out, ir_str_z(o->clock != NULL ? o->clock : "not stated"));
        return;
    }
    ir_custody_clock_now(&clock);
    ir_buf_fmt(out, "%s: %s", clock.source, clock.method);
}

/* What was done is logged in any case; that it reads like recovery before evidence is preserved,
 * and nobody said so, is told. */
static void tell_recovery(struct case_job *j, const struct act_options *o, const char *id)
{
    static const char *const words[] = {"restor",
                                        "recover",
                                        "reinstall",
                                        "wipe",
                                        "format",
                                        "復旧",
                                        "復元",
                                        "初期化",
                                        "再インストール",
                                        "再構築",
                                        "クリーンインストール"};
    const struct ir_str none = {NULL, 0};
    bool reads = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        reads |= ir_str_ifind(ir_str_z(o->action), ir_str_z(words[i])) != IR_NPOS;
    if (!reads || o->phase != NULL || o->step != NULL || o->task != 0) return;
    if (ir_phase_work(j->db, id, IR_S("recover"), IR_S("restore"), none, &j->err) == IR_END)
        say(j->cmd, "%s",
            _("this reads like recovery, and evidence is not preserved: preserve what is left, and "
              "say --phase recover --override REASON next time"));
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct act_options *o = options;
    struct ir_buf clock = IR_BUF(1 << 16);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], made[IR_ID_TEXT], said[160];
    int64_t n = 0;
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    clock_text(o, &clock);
    const struct ir_act a = {.action = ir_utf8_trim(ir_str_z(o->action)),
                             .target = ir_str_z(o->target),
                             .result = ir_str_z(o->result),
                             .clock = ir_buf_view(&clock),
                             .at = o->at == INT64_MIN ? env->now : o->at,
                             .task = (int64_t)o->task,
                             .phase = ir_str_z(case_phase_of(o->phase, o->step)),
                             .step = ir_str_z(o->step),
                             .override = ir_utf8_trim(ir_str_z(o->override))};
    if (status == IR_EXIT_OK) {
        const int rc = ir_act_add(j.db, id, &a, &n, made, &j.err);
        status = rc == IR_END ? case_gate_shut(&j, no) : case_status(&j, rc);
    }
    if (status == IR_EXIT_OK) tell_recovery(&j, o, id);
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: act %2$lld"), no, (long long)n);
        case_made(&j, no, n, made, said);
    }
    ir_buf_free(&clock);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"no", N_("number"), 6, CASE_NUMBER},
    {"at", N_("time"), 25, CASE_TIME},
    {"actor", N_("done by"), 14, CASE_TEXT},
    {"action", N_("action"), 24, CASE_TEXT},
    {"target", N_("on what"), 20, CASE_TEXT},
    {"result", N_("result"), 0, CASE_TEXT},
    {"clock", "", 0, CASE_ID},
    {"task", "", 0, CASE_ID},
    {"phase", "", 0, CASE_ID},
    {"step", "", 0, CASE_ID},
    {"recorded_at", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
static const struct case_list acts = {
    "SELECT a.no, a.at, a.actor, a.action, a.target, a.result, a.clock, t.no, a.phase, "
    "a.step, a.recorded_at, a.id "
    "FROM act a LEFT JOIN task t ON t.id = a.task_id WHERE a.incident_id = ?1 ORDER BY a.at, a.no",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct act_options *)options)->c, env, operands->v[0], &acts);
}

static const struct cmd cmd_case_act_list = {
    .name = "case act list",
    .operands = "CASE",
    .brief = N_("Print the response log of a case"),
    .opts = list_opts,
    .size = sizeof(struct act_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

static const struct cmd *const subs[] = {&cmd_case_act_list, NULL};

extern const struct cmd cmd_case_act;
const struct cmd cmd_case_act = {
    .name = "case act",
    .operands = "CASE",
    .brief = N_("Record what was done: who, what, on what, with which result, when"),
    .about = N_("The response log is append-only: what was wrong is said by a later entry."),
    .opts = add_opts,
    .size = sizeof(struct act_options),
    .min_operands = 1,
    .max_operands = 1,
    .subs = subs,
    .defaults = at_none,
    .run = add_run,
};
