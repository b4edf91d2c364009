/*
 * ir case decide and undecided: the assessment of what was reported and found (5.25). A decision is
 * never changed; another one is put behind it, and the latest counts.
 */
#include <stdlib.h>

#include "base/intl.h"
#include "base/map.h"
#include "base/time.h"
#include "case.h"
#include "case_criteria.h"
#include "case_kind.h"
#include "casedb/decision.h"
#include "casedb/query.h"

struct decide_options {
    struct case_options c;
    struct opt_list criteria;
    const char *outcome, *level, *scale, *reason, *into, *title, *kind, *lead, *rule;
    bool exercise;
};

static const char *choice_outcome(size_t i)
{
    static const char *const words[] = {"event", "near_miss", "incident", "false_positive", NULL};
    return words[i];
}

#define AT(member) offsetof(struct decide_options, member)
static const struct opt decide_opts[] = {
    CASE_WRITE_OPTS(struct decide_options),
    {"outcome", 'O', OPT_CHOICE, AT(outcome), "OUTCOME",
     N_("event, near_miss, incident or false_positive; without it the decisions so far are "
        "listed"),
     choice_outcome},
    {"level", 'l', OPT_TEXT, AT(level), "LEVEL",
     N_("how bad, by the criteria table (default: what the criteria say)"), NULL},
    {"criteria", 'c', OPT_LIST, AT(criteria), "ID", N_("a criterion that is met (repeatable)"),
     NULL},
    {"scale", 0, OPT_TEXT, AT(scale), "TABLE",
     N_("the criteria table (default: the setting, or tokyo-3); ir case criteria lists them"),
     NULL},
    {"reason", 'm', OPT_TEXT, AT(reason), "TEXT", N_("why it was decided so"), NULL},
    {"case", 0, OPT_TEXT, AT(into), "NUMBER",
     N_("an incident joins this case (default: its own, or a new one)"), NULL},
    {"title", 0, OPT_TEXT, AT(title), "TEXT", N_("what the case is called"), NULL},
    {"kind", 'k', OPT_TEXT, AT(kind), "KIND", N_("of the case: malware, intrusion, leak …"), NULL},
    {"lead", 0, OPT_TEXT, AT(lead), "NAME",
     N_("who leads the response (default, of a new case: who has that role)"), NULL},
    {"rule", 0, OPT_TEXT, AT(rule), "ID", N_("all undecided alerts of this rule"), NULL},
    {"exercise", 0, OPT_FLAG, AT(exercise), NULL, N_("a new case is an exercise"), NULL},
    OPT_END,
};

/* Each row once, however often it is named: a rule may have ten thousand. */
struct selection {
    struct ir_decision_on *v;
    size_t n, cap;
    struct ir_map ids;
};

static bool select_row(struct selection *s, const char *table, const char *id, const char *no)
{
    bool is_new = false;
    if (ir_map_put(&s->ids, ir_str_z(id), &is_new) == NULL) return false;
    if (!is_new) return true;
    if (s->n == s->cap) {
        const size_t cap = s->cap > 0 ? 2 * s->cap : 16;
        struct ir_decision_on *v = realloc(s->v, cap * sizeof *v);
        if (v == NULL) return false;
        s->v = v;
        s->cap = cap;
    }
    struct ir_decision_on *on = &s->v[s->n++];
    on->table = table;
    snprintf(on->id, sizeof on->id, "%s", id);
    snprintf(on->no, sizeof on->no, "%s", no);
    return true;
}

/* "ALR-…" is an alert, all else an event. */
static int select_named(struct case_job *j, const struct opt_list *operands, struct selection *s)
{
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    int status = IR_EXIT_OK;
    for (size_t i = 0; i < operands->n && status == IR_EXIT_OK; i++) {
        const char *said = operands->v[i];
        const char *table = ir_str_istarts(ir_str_z(said), IR_S("ALR-")) ? "alert" : "event";
        status = case_find(j, table, said, id, no);
        if (status == IR_EXIT_OK && !select_row(s, table, id, no)) status = IR_EXIT_FAILED;
    }
    return status;
}

static int select_rule(struct case_job *j, const char *rule, struct selection *s)
{
    struct ir_query q;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    bool any = false;
    int rc = ir_query_open(&q, j->db,
                           "SELECT s.row, s.no FROM assessment s JOIN alert a ON a.id = s.row "
                           "WHERE s.tbl = 'alert' AND s.outcome IS NULL AND a.rule_id = ?1",
                           &j->err);
    if (rc == IR_OK) ir_query_text_arg(&q, 1, ir_str_z(rule));
    while (rc == IR_OK && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
        any = true;
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(no, sizeof no, "%.*s", IR_FMT(ir_query_text(&q, 1)));
        if (!select_row(s, "alert", id, no)) rc = ir_fail(&j->err, IR_FATAL, "out of memory");
    }
    ir_query_close(&q);
    if (rc < 0) return case_failed(j);
    if (any) return IR_EXIT_OK;
    say(j->cmd, _("no undecided alerts of the rule %s"), rule);
    return IR_EXIT_USAGE;
}

/* What is said of a case and would do nothing. */
static bool is_idle(const struct case_job *j, const struct decide_options *o)
{
    const bool said =
        o->into != NULL || o->title != NULL || o->kind != NULL || o->lead != NULL || o->exercise;
    if (said)
        say(j->cmd, "%s",
            _("--case, --title, --kind, --lead and --exercise are of an incident: --outcome "
              "incident"));
    return said;
}

/* A case does not end because the report that began it was something else. */
static void tell_open(struct case_job *j, const struct selection *s)
{
    char told[IR_NO_TEXT] = "";
    struct ir_query q;
    for (size_t i = 0; i < s->n; i++) {
        if (ir_query_open(&q, j->db,
                          "SELECT i.no FROM incident i JOIN event e ON e.incident_id = i.id WHERE "
                          "i.closed_at IS NULL AND e.id = coalesce((SELECT event_id FROM alert "
                          "WHERE id = ?1), ?1)",
                          NULL) != IR_OK)
            return;
        ir_query_text_arg(&q, 1, ir_str_z(s->v[i].id));
        if (ir_query_next(&q, NULL) == IR_OK && !ir_str_eq(ir_query_text(&q, 0), ir_str_z(told))) {
            snprintf(told, sizeof told, "%.*s", IR_FMT(ir_query_text(&q, 0)));
            say(j->cmd, _("%s stays open as it is: ir case close ends it, ir case set changes it"),
                told);
        }
        ir_query_close(&q);
    }
}

static int decide(struct case_job *j, const struct decide_options *o, const struct selection *s,
                  const struct ir_scale *scale, const struct ir_judgement *judged,
                  char case_no[IR_NO_TEXT])
{
    char case_id[IR_ID_TEXT], no[IR_NO_TEXT], kind[CASE_KIND_TEXT];
    const struct ir_decision d = {.outcome = o->outcome,
                                  .scale = judged->level.n > 0 ? ir_str_z(judged->scale)
                                                               : ir_str_n(NULL, 0),
                                  .level = judged->level,
                                  .table = scale,
                                  .reason = ir_str_z(o->reason),
                                  .criteria = ir_buf_view(&judged->criteria)};
    if (strcmp(o->outcome, "incident") != 0) {
        if (is_idle(j, o)) return IR_EXIT_USAGE;
        if (ir_decide(j->db, s->v, s->n, &d, &j->err) != IR_OK) return case_failed(j);
        tell_open(j, s);
        return IR_EXIT_OK;
    }
    const int known = case_kind(j, o->kind, kind);
    if (known != IR_EXIT_OK) return known;
    const struct ir_incident_opening opening = {.title = ir_str_z(o->title),
                                                .kind = ir_str_z(kind),
                                                .level = judged->level,
                                                .lead = ir_str_z(o->lead),
                                                .exercise = o->exercise};
    if (o->into != NULL) {
        const int status = case_find(j, "incident", o->into, case_id, no);
        if (status != IR_EXIT_OK) return status;
    }
    return ir_decide_incident(j->db, s->v, s->n, &d, &opening, o->into != NULL ? case_id : NULL,
                              case_no, &j->err) == IR_OK
               ? IR_EXIT_OK
               : case_failed(j);
}

static void tell(struct case_job *j, const struct decide_options *o, const struct selection *s,
                 const struct ir_judgement *judged, const char *case_no)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct case_cell row[] = {
            {"no", N_("number"), 14, ir_str_z(s->v[i].no), 0, false, false},
            {"outcome", N_("assessed as"), 14, ir_str_z(o->outcome), 0, false, false},
            {"level", N_("level"), 8, judged->level, 0, false, false},
            {"case", N_("case"), 0, ir_str_z(case_no), 0, false, false},
        };
        case_row(j, row, sizeof row / sizeof *row);
    }
}

static int print_history(struct case_job *j, const struct selection *s)
{
    struct ir_query q;
    char when[40];
    int rc = IR_OK;
    for (size_t i = 0; i < s->n && rc >= 0; i++) {
        rc = ir_query_open(&q, j->db,
                           "SELECT decided_at, outcome, level, decider, reason, scale, criteria "
                           "FROM decision WHERE event_id = ?1 OR alert_id = ?1 OR event_id = "
                           "(SELECT event_id FROM alert WHERE id = ?1) ORDER BY rowid",
                           &j->err);
        if (rc == IR_OK) ir_query_text_arg(&q, 1, ir_str_z(s->v[i].id));
        while (rc == IR_OK && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
            const struct case_cell row[] = {
                {"no", N_("number"), 14, ir_str_z(s->v[i].no), 0, false, false},
                {"decided_at", N_("decided"), 25, case_time(j, ir_query_text(&q, 0), when), 0,
                 false, false},
                {"outcome", N_("assessed as"), 14, ir_query_text(&q, 1), 0, false, false},
                {"level", N_("level"), 8, ir_query_text(&q, 2), 0, false, false},
                {"decider", N_("decided by"), 12, ir_query_text(&q, 3), 0, false, false},
                {"reason", N_("reason"), 0, ir_query_text(&q, 4), 0, false, false},
                {"scale", "", 0, ir_query_text(&q, 5), 0, false, true},
                {"criteria", "", 0, ir_query_text(&q, 6), 0, false, true},
            };
            case_row(j, row, sizeof row / sizeof *row);
        }
        ir_query_close(&q);
    }
    if (rc < 0) return case_failed(j);
    if (j->rows == 0 && !j->json)
        say(j->cmd, "%s", _("not assessed yet: --outcome and --reason say what it is"));
    return IR_EXIT_OK;
}

static int decide_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct decide_options *o = options;
    struct ir_judgement judged = {.level = {NULL, 0}};
    struct criteria tables = {.n = 0};
    struct selection s = {.n = 0};
    char case_no[IR_NO_TEXT] = "";
    struct case_job j;
    const bool writes = o->outcome != NULL;
    if (operands->n == 0 && o->rule == NULL) {
        say(cmd, _("nothing is named: say numbers of reports or alerts, or --rule"));
        return IR_EXIT_USAGE;
    }
    int status = case_open(&j, cmd, &o->c, env, writes ? IR_CASEDB_WRITE : IR_CASEDB_READ);
    if (status == IR_EXIT_OK && writes) status = criteria_load(&j, &tables);
    if (status == IR_EXIT_OK && writes) status = case_begin(&j);
    if (status == IR_EXIT_OK) status = select_named(&j, operands, &s);
    if (status == IR_EXIT_OK && o->rule != NULL) status = select_rule(&j, o->rule, &s);
    if (status == IR_EXIT_OK && writes) {
        const struct ir_scale *scale = criteria_find(&j, &tables, o->scale, o->level);
        if (scale == NULL)
            status = IR_EXIT_USAGE;
        else if (ir_scale_judge(scale, o->outcome, o->level, o->criteria.v, o->criteria.n, &judged,
                                &j.err) != IR_OK)
            status = case_failed(&j);
        if (status == IR_EXIT_OK) status = decide(&j, o, &s, scale, &judged, case_no);
        if (status == IR_EXIT_OK) tell(&j, o, &s, &judged, case_no);
    } else if (status == IR_EXIT_OK) {
        status = print_history(&j, &s);
    }
    ir_buf_free(&judged.criteria);
    criteria_free(&tables);
    ir_map_free(&s.ids);
    free(s.v);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_decide;
const struct cmd cmd_case_decide = {
    .name = "case decide",
    .operands = "NUMBER…",
    .brief = N_("Decide what reports and alerts are, or show the decisions so far"),
    .about = N_("NUMBER is EVT-2026-0001, ALR-2026-00001, or 1 for a report."),
    .opts = decide_opts,
    .size = sizeof(struct decide_options),
    .max_operands = SIZE_MAX,
    .run = decide_run,
};
