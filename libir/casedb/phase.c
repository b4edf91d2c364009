/*
 * Phases, steps and the gate before recovery. See phase.h. The order of the steps is the text's;
 * a case may go back, and every way it went stays in the table transition.
 */
#include "casedb/phase.h"

#include <stdio.h>

#include "base/intl.h"
#include "casedb/duty_case.h"
#include "casedb/fact.h"
#include "casedb/query.h"
#include "casedb/setting.h"
#include "casedb/work.h"

static const struct ir_step steps[] = {
    {"detect", "intake", N_("noticed and reported")},
    {"detect", "team", N_("the team is set up")},
    {"detect", "first_response", N_("first response")},
    {"report", "first_report", N_("first report")},
    {"report", "further_reports", N_("further reports, final report")},
    {"recover", "investigate", N_("investigation and handling")},
    {"recover", "preserve", N_("preserving evidence")},
    {"recover", "restore", N_("recovery")},
    {"recover", "prevent", N_("preventing it from happening again")},
};
static const struct {
    const char *phase, *title;
} phases[] = {
    {"detect", N_("detection and first response")},
    {"report", N_("reporting and publication")},
    {"recover", N_("recovery and prevention")},
    {"closed", N_("closed")},
};

const struct ir_step *ir_step_at(size_t i)
{
    return i < sizeof steps / sizeof *steps ? &steps[i] : NULL;
}

const char *ir_phase_title(const char *phase)
{
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (strcmp(phases[i].phase, phase) == 0) return phases[i].title;
    return NULL;
}

/* step empty: the first of the phase. NULL: there is none. */
static const struct ir_step *find_step(const char *phase, struct ir_str step)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].phase, phase) == 0 &&
            (step.n == 0 || ir_str_eq(step, ir_str_z(steps[i].step))))
            return &steps[i];
    return NULL;
}

/* A sealed exhibit belongs to the case. */
static int is_preserved(struct ir_casedb *db, const char *incident_id, bool *ret_yes,
                        struct ir_err *err)
{
    int64_t n = 0;
    const int rc = ir_query_number(
        db, "SELECT count(*) FROM exhibit WHERE incident_id = ?1 AND seal IS NOT NULL",
        ir_str_z(incident_id), &n, err);
    if (rc == IR_OK) *ret_yes = n > 0;
    return rc;
}

/* Preserving is itself a step of the third phase, so that one is always open. Who passed the gate
 * once with a reason need not say it at each step. */
static int gate(struct ir_casedb *db, const char *incident_id, const struct ir_step *to,
                struct ir_err *err)
{
    bool preserved = false;
    int64_t passed = 0;
    if (strcmp(to->phase, "recover") != 0 || strcmp(to->step, "preserve") == 0) return IR_OK;
    int rc = is_preserved(db, incident_id, &preserved, err);
    if (rc == IR_OK && !preserved)
        rc = ir_query_number(db,
                             "SELECT count(*) FROM transition WHERE incident_id = ?1 AND to_phase "
                             "= 'recover' AND from_phase <> 'closed' AND override IS NOT NULL",
                             ir_str_z(incident_id), &passed, err);
    if (rc == IR_OK && !preserved && passed == 0) return IR_END;
    return rc;
}

static int move(struct ir_casedb *db, const char *incident_id, struct ir_str from,
                const char *phase, struct ir_str step, struct ir_str override, struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    ir_casedb_time(ir_casedb_now(db), now);
    const bool closed = strcmp(phase, "closed") == 0;
    const struct ir_value t[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V("from_phase", from),
                                 IR_V_Z("to_phase", phase),
                                 IR_V("step", step),
                                 IR_V("override", override),
                                 IR_V_Z("actor", ir_casedb_actor(db)),
                                 IR_V_Z("at", now)};
    const struct ir_value v[] = {IR_V_Z("phase", phase), IR_V("step", step),
                                 IR_V_Z("closed_at", closed ? now : NULL)};
    const int rc = ir_record_insert(db, "transition", NULL, t, sizeof t / sizeof *t, NULL, err);
    return rc == IR_OK ? ir_record_update(db, "incident", incident_id, v, 3, err) : rc;
}

/* The phase that the case is in, and its step. */
static int where(struct ir_casedb *db, const char *incident_id, char phase[32], char step[32],
                 struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, "SELECT phase, step FROM incident WHERE id = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        snprintf(phase, 32, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(step, 32, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc == IR_END ? ir_fail(err, IR_BAD, "there is no such case") : rc;
}

static int find_or_fail(const char *phase, struct ir_str step, const struct ir_step **ret_s,
                        struct ir_err *err)
{
    const struct ir_step *to = *ret_s = find_step(phase, step);
    if (to == NULL && ir_phase_title(phase) == NULL)
        return ir_fail(err, IR_BAD, "no phase: '%.40s': use detect, report or recover", phase);
    if (to == NULL && step.n == 0) return ir_fail(err, IR_BAD, "a case is closed by ir case close");
    if (to == NULL)
        return ir_fail(err, IR_BAD, "the phase %s has no step '%.*s'", phase,
                       IR_FMT(ir_str_head(step, 40)));
    return IR_OK;
}

int ir_phase_enter(struct ir_casedb *db, const char *incident_id, const char *phase,
                   struct ir_str step, struct ir_str override, struct ir_err *err)
{
    char from[32], was[32];
    const struct ir_step *to;
    int rc = find_or_fail(phase, step, &to, err);
    if (rc == IR_OK) rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = where(db, incident_id, from, was, err);
    if (rc == IR_OK) rc = gate(db, incident_id, to, err);
    const bool shut = rc == IR_END;
    if (shut && override.n > 0) rc = IR_OK;
    if (rc != IR_OK) return rc;
    return move(db, incident_id, ir_str_z(from), phase, ir_str_z(to->step),
                shut ? override : ir_str_n(NULL, 0), err);
}

int ir_step_check(struct ir_str phase, struct ir_str step, struct ir_err *err)
{
    char name[32];
    const struct ir_step *to;
    snprintf(name, sizeof name, "%.*s", IR_FMT(ir_str_head(phase, sizeof name - 1)));
    return find_or_fail(name, step, &to, err);
}

int ir_phase_work(struct ir_casedb *db, const char *incident_id, struct ir_str phase,
                  struct ir_str step, struct ir_str override, struct ir_err *err)
{
    char name[32];
    const struct ir_step *to;
    if (phase.n == 0) return IR_OK;
    snprintf(name, sizeof name, "%.*s", IR_FMT(ir_str_head(phase, sizeof name - 1)));
    int rc = find_or_fail(name, step, &to, err);
    if (rc == IR_OK) rc = gate(db, incident_id, to, err);
    return rc == IR_END && override.n > 0
               ? ir_phase_enter(db, incident_id, name, ir_str_z(to->step), override, err)
               : rc;
}

int ir_phase_touched(struct ir_casedb *db, const char *incident_id, const struct ir_step *s,
                     bool *ret_yes, struct ir_err *err)
{
    /* Who goes to preserving has preserved nothing yet: a sealed exhibit shows that, or work. */
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT 1 FROM transition WHERE incident_id = ?1 AND ((step = ?2 AND ?2 "
                           "<> 'preserve') OR (?2 = 'intake' AND from_phase = 'detect')) UNION ALL "
                           "SELECT 1 FROM exhibit WHERE incident_id = ?1 AND ?2 = 'preserve' AND "
                           "seal IS NOT NULL UNION ALL SELECT 1 FROM task "
                           "WHERE incident_id = ?1 AND step = ?2 AND state = 'done' UNION ALL "
                           "SELECT 1 FROM act WHERE incident_id = ?1 AND step = ?2",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(s->step));
    rc = ir_query_next(&q, err);
    *ret_yes = rc == IR_OK;
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static const char *const lack_names[IR_LACK_MAX] = {"cause", "effect", "duty",
                                                    "stale", "rest",   "lesson"};

const char *ir_lack_name(enum ir_lack_kind kind)
{
    return lack_names[kind];
}

struct lacks {
    struct ir_casedb *db;
    const char *incident_id;
    void (*lack)(void *user, const struct ir_lack *l);
    void *user;
    size_t n, ruled_out;
};

static int on_duty(void *user, const struct ir_duty_status *s)
{
    struct lacks *l = user;
    const bool waits = ir_duty_waits(s);
    if (!waits && (!ir_duty_ruled_out(s) || l->ruled_out++ > 0)) return IR_OK;
    const struct ir_lack one = {!waits     ? IR_LACK_REST
                                : s->stale ? IR_LACK_STALE
                                           : IR_LACK_DUTY,
                                waits ? s->info->id : IR_S("rest")};
    l->n++;
    if (l->lack != NULL) l->lack(l->user, &one);
    return IR_OK;
}

/* A statement that gives a row for each that is lacking, its first column naming it. */
static int look(struct lacks *l, enum ir_lack_kind kind, const char *sql, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, l->db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(l->incident_id));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        const struct ir_lack one = {kind, ir_query_text(&q, 0)};
        l->n++;
        if (l->lack != NULL) l->lack(l->user, &one);
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* The latest fact of a name is not known. */
#define NO_FACT(name)                                                                              \
    "SELECT '" name "' WHERE (SELECT value FROM fact WHERE incident_id = ?1 AND name = '" name     \
    "' ORDER BY rowid DESC LIMIT 1) IS NULL"

int ir_close_lacks(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   void (*lack)(void *user, const struct ir_lack *l), void *user, size_t *ret_n,
                   struct ir_err *err)
{
    struct lacks l = {db, incident_id, lack, user, 0, 0};
    int rc = look(&l, IR_LACK_CAUSE, NO_FACT("cause"), err);
    if (rc == IR_OK) rc = look(&l, IR_LACK_EFFECT, NO_FACT("effect"), err);
    if (rc == IR_OK)
        rc = ir_duty_each(db, d, incident_id, ir_casedb_now(db), ir_setting_zone(db), on_duty, &l,
                          err);
    if (rc == IR_OK)
        rc = look(&l, IR_LACK_LESSON,
                  NO_FACT("no_lesson") " AND NOT EXISTS (SELECT 1 FROM lesson WHERE incident_id = "
                                       "?1 AND state <> 'dropped')",
                  err);
    *ret_n = l.n;
    return rc;
}

int ir_incident_close(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                      struct ir_str no_lesson, struct ir_err *err)
{
    char phase[32], step[32];
    size_t n = 0;
    const struct ir_fact none = {
        .name = IR_S("no_lesson"), .value = no_lesson, .confidence = IR_S("confirmed")};
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = where(db, incident_id, phase, step, err);
    if (rc == IR_OK && no_lesson.n > 0) rc = ir_fact_set(db, NULL, incident_id, &none, err);
    if (rc == IR_OK) rc = ir_close_lacks(db, d, incident_id, NULL, NULL, &n, err);
    if (rc == IR_OK && n > 0) return IR_END;
    return rc == IR_OK ? move(db, incident_id, ir_str_z(phase), "closed", ir_str_z(step),
                              ir_str_n(NULL, 0), err)
                       : rc;
}

int ir_phase_end(struct ir_casedb *db, const char *incident_id, struct ir_str why,
                 struct ir_err *err)
{
    char phase[32], step[32];
    const int rc = where(db, incident_id, phase, step, err);
    return rc == IR_OK ? move(db, incident_id, ir_str_z(phase), "closed", ir_str_z(step), why, err)
                       : rc;
}

int ir_incident_reopen(struct ir_casedb *db, const char *incident_id, struct ir_str reason,
                       struct ir_err *err)
{
    struct ir_query q;
    char phase[32], step[32], back[32] = "detect";
    int64_t own = 0;
    int rc = where(db, incident_id, phase, step, err);
    if (rc != IR_OK) return rc;
    if (strcmp(phase, "closed") != 0) return ir_fail(err, IR_BAD, "the case is not closed");
    if (reason.n == 0) return ir_fail(err, IR_BAD, "a case is reopened for a reason: say which");
    rc = ir_query_number(db, "SELECT count(*) FROM incident WHERE id = ?1 AND merged_into IS NULL",
                         ir_str_z(incident_id), &own, err);
    if (rc == IR_OK && own == 0)
        rc = ir_fail(err, IR_BAD, "the case was merged into another: reopen that one");
    if (rc == IR_OK)
        rc = ir_query_open(&q, db,
                           "SELECT from_phase FROM transition WHERE incident_id = ?1 AND to_phase "
                           "= 'closed' ORDER BY rowid DESC LIMIT 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(back, sizeof back, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc < 0 ? rc : move(db, incident_id, IR_S("closed"), back, ir_str_z(step), reason, err);
}
