/*
 * The work in a case. See work.h. The response log follows ISO/IEC 27002:2022, 5.26: every
 * activity is logged, with who, what and when; it is never changed, a later entry says otherwise.
 */
#include "casedb/work.h"

#include <stdio.h>

#include "base/utf8.h"
#include "casedb/fact.h"
#include "casedb/incident.h"
#include "casedb/phase.h"
#include "casedb/query.h"

int ir_incident_working(struct ir_casedb *db, const char *incident_id, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT i.no, i.closed_at, m.no FROM incident i LEFT JOIN incident m "
                           "ON m.id = i.merged_into WHERE i.id = ?1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    rc = ir_query_next(&q, err);
    const struct ir_str no = ir_query_text(&q, 0), other = ir_query_text(&q, 2);
    if (rc == IR_END)
        rc = ir_fail(err, IR_BAD, "there is no such case");
    else if (rc == IR_OK && !ir_query_null(&q, 2))
        rc = ir_fail(err, IR_BAD, "%.*s was merged into %.*s: work goes on there", IR_FMT(no),
                     IR_FMT(other));
    else if (rc == IR_OK && !ir_query_null(&q, 1))
        rc = ir_fail(err, IR_BAD, "%.*s is closed: reopen it first (ir case reopen)", IR_FMT(no));
    ir_query_close(&q);
    return rc;
}

int ir_incident_assign(struct ir_casedb *db, const char *incident_id, struct ir_str lead,
                       struct ir_err *err)
{
    const struct ir_value v = IR_V("lead", lead);
    const int rc = ir_incident_working(db, incident_id, err);
    if (rc != IR_OK) return rc;
    if (lead.n == 0) return ir_fail(err, IR_BAD, "nobody: a case is led by somebody");
    return ir_record_update(db, "incident", incident_id, &v, 1, err);
}

int ir_incident_set(struct ir_casedb *db, const char *incident_id,
                    const struct ir_incident_change *c, struct ir_err *err)
{
    const struct ir_str said[] = {c->title, c->kind, c->level, c->tlp};
    static const char *const fields[] = {"title", "kind", "level", "tlp"};
    const struct ir_fact why = {
        .name = IR_S("level_reason"), .value = c->reason, .confidence = IR_S("confirmed")};
    struct ir_value v[4];
    size_t n = 0;
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = ir_tlp_check(c->tlp, err);
    if (rc != IR_OK) return rc;
    for (size_t i = 0; i < 4; i++)
        if (ir_utf8_trim(said[i]).n > 0) v[n++] = IR_V(fields[i], ir_utf8_trim(said[i]));
    if (n == 0) return ir_fail(err, IR_BAD, "nothing is to be changed");
    if (c->level.n > 0 && ir_utf8_trim(c->reason).n == 0)
        return ir_fail(err, IR_BAD, "a decision needs a reason: --reason says why");
    rc = ir_record_update(db, "incident", incident_id, v, n, err);
    return rc == IR_OK && c->level.n > 0 ? ir_fact_set(db, NULL, incident_id, &why, err) : rc;
}

/* The row of a case's own list that has this number. IR_BAD: there is none. */
static int row_within(struct ir_casedb *db, const char *table, const char *incident_id, int64_t no,
                      char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char sql[96];
    struct ir_query q;
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE incident_id = ?1 AND no = ?2", table);
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_int_arg(&q, 2, no);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(ret_id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    if (rc == IR_END) rc = ir_fail(err, IR_BAD, "the case has no number %lld there", (long long)no);
    ir_query_close(&q);
    return rc;
}

int ir_task_add(struct ir_casedb *db, const char *incident_id, const struct ir_task *t,
                int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK && t->title.n == 0) rc = ir_fail(err, IR_BAD, "a task needs a title");
    if (rc == IR_OK && t->phase.n > 0) rc = ir_step_check(t->phase, t->step, err);
    if (rc == IR_OK) rc = ir_number_within(db, "task", incident_id, ret_no, err);
    if (rc != IR_OK) return rc;
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V_INT("no", *ret_no),
                                 IR_V("title", t->title),
                                 IR_V("owner", t->owner),
                                 IR_V("due_at", t->due_at),
                                 IR_V_Z("state", "open"),
                                 IR_V("playbook_step", t->playbook_step),
                                 IR_V("phase", t->phase),
                                 IR_V("step", t->step)};
    return ir_record_insert(db, "task", NULL, v, sizeof v / sizeof *v, ret_id, err);
}

/* Where the task's work belongs. */
struct place {
    char phase[32], step[32];
};

static int place_of(struct ir_casedb *db, const char *task_id, struct place *ret_p,
                    struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, "SELECT phase, step FROM task WHERE id = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(task_id));
    rc = ir_query_next(&q, err);
    snprintf(ret_p->phase, sizeof ret_p->phase, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    snprintf(ret_p->step, sizeof ret_p->step, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    ir_query_close(&q);
    return rc;
}

/* Beginning and doing are work of the task's step; what else is changed of it is none. */
static bool is_work(const struct ir_value *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].field, "state") == 0)
            return ir_str_eq(v[i].text, IR_S("doing")) || ir_str_eq(v[i].text, IR_S("done"));
    return false;
}

int ir_task_change(struct ir_casedb *db, const char *incident_id, int64_t no,
                   const struct ir_value *v, size_t n, struct ir_str override, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    struct place p;
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = row_within(db, "task", incident_id, no, id, err);
    if (rc == IR_OK && is_work(v, n)) {
        rc = place_of(db, id, &p, err);
        if (rc == IR_OK)
            rc = ir_phase_work(db, incident_id, ir_str_z(p.phase), ir_str_z(p.step), override, err);
    }
    if (rc == IR_OK && n == 0) rc = ir_fail(err, IR_BAD, "nothing is to be changed");
    return rc == IR_OK ? ir_record_update(db, "task", id, v, n, err) : rc;
}

int ir_task_end(struct ir_casedb *db, const char *incident_id, int64_t no, const char *state,
                struct ir_str result, struct ir_str override, struct ir_err *err)
{
    const struct ir_value v[] = {IR_V_Z("state", state), IR_V("result", result)};
    if (strcmp(state, "dropped") == 0 && result.n == 0)
        return ir_fail(err, IR_BAD, "a task is dropped for a reason: say which");
    return ir_task_change(db, incident_id, no, v, result.n > 0 ? 2 : 1, override, err);
}

int ir_act_add(struct ir_casedb *db, const char *incident_id, const struct ir_act *a,
               int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char at[IR_CASEDB_TIME], now[IR_CASEDB_TIME], task[IR_ID_TEXT] = "";
    struct place p = {"", ""};
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK && a->action.n == 0)
        rc = ir_fail(err, IR_BAD, "nothing was done: the action is empty");
    if (rc == IR_OK && a->at > ir_casedb_now(db))
        rc =
            ir_fail(err, IR_BAD, "the response log tells what was done: its time is in the future");
    if (rc == IR_OK && a->task != 0) rc = row_within(db, "task", incident_id, a->task, task, err);
    if (rc == IR_OK && a->task != 0) rc = place_of(db, task, &p, err);
    const struct ir_str phase = a->phase.n > 0 ? a->phase : ir_str_z(p.phase);
    const struct ir_str step = a->phase.n > 0 ? a->step : ir_str_z(p.step);
    if (rc == IR_OK) rc = ir_phase_work(db, incident_id, phase, step, a->override, err);
    if (rc == IR_OK) rc = ir_number_within(db, "act", incident_id, ret_no, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(a->at, at);
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V_INT("no", *ret_no),
                                 IR_V_Z("at", at),
                                 IR_V("clock", a->clock),
                                 IR_V_Z("actor", ir_casedb_actor(db)),
                                 IR_V("action", a->action),
                                 IR_V("target", a->target),
                                 IR_V("result", a->result),
                                 IR_V_Z("task_id", task),
                                 IR_V("phase", phase),
                                 IR_V("step", step),
                                 IR_V_Z("recorded_at", now)};
    return ir_record_insert(db, "act", NULL, v, sizeof v / sizeof *v, ret_id, err);
}

int ir_note_add(struct ir_casedb *db, const char *incident_id, struct ir_str text, int64_t *ret_no,
                char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    if (text.n == 0) return ir_fail(err, IR_BAD, "an empty note");
    const int rc = ir_number_within(db, "note", incident_id, ret_no, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id), IR_V_INT("no", *ret_no),
                                 IR_V_Z("author", ir_casedb_actor(db)), IR_V_Z("at", now),
                                 IR_V("text", text)};
    return ir_record_insert(db, "note", NULL, v, sizeof v / sizeof *v, ret_id, err);
}

static int find_exhibit(struct ir_casedb *db, const char *incident_id, struct ir_str item,
                        char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    struct ir_query q;
    int rc =
        ir_query_open(&q, db, "SELECT id FROM exhibit WHERE incident_id = ?1 AND item = ?2", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, item);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(ret_id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc;
}

int ir_exhibit_link(struct ir_casedb *db, const char *incident_id, const struct ir_linked *x,
                    struct ir_err *err)
{
    char id[IR_ID_TEXT];
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = find_exhibit(db, incident_id, x->item, id, err);
    if (rc < 0) return rc;
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V("item", x->item),
                                 IR_V("path", x->path),
                                 IR_V("seal", x->seal),
                                 IR_V("sealed_at", x->sealed_at),
                                 IR_V_INT("custody_seq", x->custody_seq),
                                 IR_V("description", x->description)};
    const size_t n = sizeof v / sizeof *v;
    if (rc == IR_END) return ir_record_insert(db, "exhibit", NULL, v, n, NULL, err);
    return ir_record_update(db, "exhibit", id, v, x->description.n > 0 ? n : n - 1, err);
}

/* It is one of "EV-1-01, EV-1-03". */
static bool is_among(struct ir_str names, struct ir_str name)
{
    while (names.n > 0)
        if (ir_str_eq(ir_str_trim(ir_str_cut(&names, ',')), name)) return true;
    return false;
}

static int name_exhibit(struct ir_casedb *db, const char *incident_id, const char *said,
                        struct ir_buf *names, struct ir_err *err)
{
    struct ir_query q;
    int rc =
        ir_query_open(&q, db,
                      "SELECT item, count(*) OVER () > 1 AND item <> ?2 FROM exhibit WHERE "
                      "incident_id = ?1 AND (item = ?2 OR (?2 <> '' AND ?2 NOT GLOB '*[^0-9]*' "
                      "AND item GLOB '*-' || format('%02d', ?2))) ORDER BY item <> ?2",
                      err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(said));
    rc = ir_query_next(&q, err);
    const struct ir_str item = ir_query_text(&q, 0);
    if (rc == IR_END)
        rc = ir_fail(err, IR_BAD,
                     "%.80s: the case has no such exhibit; ir case evidence list shows those it "
                     "has, ir case evidence link adds one",
                     said);
    else if (rc == IR_OK && ir_query_int(&q, 1) != 0)
        rc = ir_fail(err, IR_BAD, "%.80s: several exhibits end in this number: give the whole name",
                     said);
    else if (rc == IR_OK && !is_among(ir_buf_view(names), item)) {
        if (names->n > 0) ir_buf_str(names, IR_S(", "));
        ir_buf_str(names, item);
    }
    ir_query_close(&q);
    return rc;
}

int ir_exhibits_named(struct ir_casedb *db, const char *incident_id, const char *const *said,
                      size_t n, struct ir_buf *names, struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; i < n && rc == IR_OK; i++)
        rc = name_exhibit(db, incident_id, said[i], names, err);
    return rc == IR_OK && names->full ? ir_fail(err, IR_BAD, "too many exhibits at once") : rc;
}

#define LESSON_FIELDS 12u

int ir_lesson_add(struct ir_casedb *db, const char *incident_id, const struct ir_value *v, size_t n,
                  int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    struct ir_value all[LESSON_FIELDS + 3];
    if (n == 0 || n > LESSON_FIELDS || v[0].text.n == 0)
        return ir_fail(err, IR_BAD, "a lesson says what will be done: the text is empty");
    const int rc = ir_number_within(db, "lesson", incident_id, ret_no, err);
    if (rc != IR_OK) return rc;
    memcpy(all, v, n * sizeof *v);
    all[n] = IR_V_Z("incident_id", incident_id);
    all[n + 1] = IR_V_INT("no", *ret_no);
    all[n + 2] = IR_V_Z("state", "planned");
    return ir_record_insert(db, "lesson", NULL, all, n + 3, ret_id, err);
}

int ir_lesson_change(struct ir_casedb *db, const char *incident_id, int64_t no,
                     const struct ir_value *v, size_t n, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    int rc = row_within(db, "lesson", incident_id, no, id, err);
    if (rc == IR_OK && n == 0) rc = ir_fail(err, IR_BAD, "nothing is to be changed");
    return rc == IR_OK ? ir_record_update(db, "lesson", id, v, n, err) : rc;
}

int ir_lesson_verify(struct ir_casedb *db, const char *incident_id, int64_t no,
                     struct ir_str verification, struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("state", "done"),
                                 IR_V_Z("verified_by", ir_casedb_actor(db)),
                                 IR_V_Z("verified_at", now), IR_V("verification", verification)};
    if (verification.n == 0) return ir_fail(err, IR_BAD, "say what was found when it was verified");
    return ir_lesson_change(db, incident_id, no, v, sizeof v / sizeof *v, err);
}
