/*
 * ir case phase, close and reopen: the way of a case and the gates on it. A gate that is shut is
 * no failure: it says what is missing, all at once, and the exit status is 1.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/phase.h"
#include "duties_load.h"

struct phase_options {
    struct case_options c;
    const char *step, *override, *no_lesson, *reason;
};

const char *choice_phase(size_t i)
{
    static const char *const words[] = {"detect", "report", "recover", NULL};
    return words[i];
}

const char *choice_step(size_t i)
{
    const struct ir_step *s = ir_step_at(i);
    return s != NULL ? s->step : NULL;
}

#define AT(member) offsetof(struct phase_options, member)
static const struct opt phase_opts[] = {
    CASE_WRITE_OPTS(struct phase_options),
    {"step", 0, OPT_CHOICE, AT(step), "STEP", N_("a step of the phase (default: its first)"),
     choice_step},
    {"override", 0, OPT_TEXT, AT(override), "REASON",
     N_("why to go on though evidence is not preserved"), NULL},
    OPT_END,
};
static const struct opt close_opts[] = {
    CASE_WRITE_OPTS(struct phase_options),
    {"no-lesson", 0, OPT_TEXT, AT(no_lesson), "REASON", N_("why there is nothing to be improved"),
     NULL},
    OPT_END,
};
static const struct opt reopen_opts[] = {
    CASE_WRITE_OPTS(struct phase_options),
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT", N_("why it is opened again"), NULL},
    OPT_END,
};

const char *case_phase_of(const char *phase, const char *step)
{
    const struct ir_step *s;
    for (size_t i = 0; phase == NULL && step != NULL && (s = ir_step_at(i)) != NULL; i++)
        if (strcmp(s->step, step) == 0) return s->phase;
    return phase;
}

int case_gate_shut(struct case_job *j, const char *no)
{
    say(j->cmd,
        _("evidence is not preserved yet: link a sealed exhibit (ir case evidence link %s "
          "ITEM), or say why to go on without it (--override REASON)"),
        no);
    return IR_EXIT_FINDINGS;
}

/* A phase by its word, its title in the reader's language, or a part of that between dots: 復旧 of
 * 復旧・再発防止. What is none stays as it was said. */
static const char *phase_said(const char *said)
{
    const struct ir_str s = ir_utf8_trim(ir_str_z(said)), dot = ir_str_z("・");
    for (size_t i = 0; choice_phase(i) != NULL; i++) {
        struct ir_str title = ir_str_z(_(ir_phase_title(choice_phase(i))));
        if (ir_str_eq(s, title)) return choice_phase(i);
        while (title.n > 0) {
            const size_t at = ir_str_find(title, dot);
            if (ir_str_eq(s, ir_str_head(title, at != IR_NPOS ? at : title.n)))
                return choice_phase(i);
            title = at != IR_NPOS ? ir_str_skip(title, at + dot.n) : ir_str_n(NULL, 0);
        }
    }
    return said;
}

static int phase_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct phase_options *o = options;
    const char *phase = phase_said(operands->v[1]);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[256];
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    const int rc = ir_phase_enter(j.db, id, phase, ir_str_z(o->step),
                                  ir_utf8_trim(ir_str_z(o->override)), &j.err);
    if (rc == IR_END) return case_close(&j, case_gate_shut(&j, no));
    status = case_status(&j, rc);
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, "%s: %s", no, _(ir_phase_title(phase)));
        case_made(&j, no, 0, id, said);
    }
    return case_close(&j, status);
}

static void on_lack(void *user, const struct ir_lack *l)
{
    static const char *const texts[IR_LACK_MAX] = {
        N_("the cause: ir case fact set CASE cause=TEXT"),
        N_("the effect: ir case fact set CASE effect=TEXT"),
        N_("a duty that nobody decided: ir case duty decide"),
        N_("decided when less was known, and it is worse today: ir case duty decide"),
        N_("duties that the rules do not call for: a person says that none applies: ir case duty "
           "decide CASE rest not_needed"),
        N_("a lesson: ir case lesson add, or --no-lesson REASON"),
    };
    struct case_job *j = user;
    const struct case_cell row[] = {
        {"missing", N_("missing"), 8, ir_str_z(ir_lack_name(l->kind)), 0, false, false},
        {"name", N_("name"), 20, l->what, 0, false, false},
        {"what", N_("what to do"), 0, ir_str_z(j->json ? texts[l->kind] : _(texts[l->kind])), 0,
         false, false},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

/* A case may be closed without a step; that it was never in it is said, as it may be forgotten. */
static void tell_untouched(struct case_job *j, const char *no, const char *id)
{
    struct ir_buf steps = IR_BUF(1 << 12);
    const struct ir_step *s;
    bool been = true;
    for (size_t i = 0; (s = ir_step_at(i)) != NULL; i++) {
        if (strcmp(s->phase, "detect") == 0 ||
            ir_phase_touched(j->db, id, s, &been, &j->err) != IR_OK || been)
            continue;
        ir_buf_fmt(&steps, "%s%s", steps.n > 0 ? ", " : "", _(s->title));
    }
    if (steps.n > 0) say(j->cmd, _("%1$s: nothing was recorded of these steps: %2$s"), no, steps.p);
    ir_buf_free(&steps);
}

static int close_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct phase_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[160];
    size_t n = 0;
    struct ir_duties *d = NULL;
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_incident_close(j.db, d, id, ir_utf8_trim(ir_str_z(o->no_lesson)), &j.err);
    if (rc == IR_END) {
        rc = ir_close_lacks(j.db, d, id, on_lack, &j, &n, &j.err);
        ir_duties_free(d);
        if (rc == IR_OK)
            say(cmd, _("%1$s is not closed: %2$llu things are missing"), no, (unsigned long long)n);
        return case_close(&j, rc == IR_OK ? IR_EXIT_FINDINGS : case_failed(&j));
    }
    status = case_status(&j, rc);
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%s is closed"), no);
        case_made(&j, no, 0, id, said);
        tell_untouched(&j, no, id);
    }
    ir_duties_free(d);
    return case_close(&j, status);
}

static int reopen_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct phase_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[160];
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK)
        status = case_status(
            &j, ir_incident_reopen(j.db, id, ir_utf8_trim(ir_str_z(o->reason)), &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%s is open again"), no);
        case_made(&j, no, 0, id, said);
    }
    return case_close(&j, status);
}

extern const struct cmd cmd_case_phase, cmd_case_close, cmd_case_reopen;
const struct cmd cmd_case_phase = {
    .name = "case phase",
    .operands = "CASE PHASE",
    .brief = N_("Go to a phase: detect, report or recover"),
    .about = N_("Nothing in recover, but preserving, before evidence is preserved: servers that\n"
                "are restored first take with them how the attacker came in. Exit status 1: not\n"
                "yet."),
    .opts = phase_opts,
    .size = sizeof(struct phase_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = phase_run,
};

const struct cmd cmd_case_close = {
    .name = "case close",
    .operands = "CASE",
    .brief = N_("Close a case, or say all that it lacks"),
    .about = N_("A case is closed when its cause and effect are known, every reporting duty is\n"
                "decided, and a lesson is written down. Exit status 1: something is missing."),
    .opts = close_opts,
    .size = sizeof(struct phase_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = close_run,
};

const struct cmd cmd_case_reopen = {
    .name = "case reopen",
    .operands = "CASE",
    .brief = N_("Open a closed case again, for a reason"),
    .opts = reopen_opts,
    .size = sizeof(struct phase_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = reopen_run,
};
