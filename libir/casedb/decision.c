/*
 * Deciding. See decision.h.
 */
#include "casedb/decision.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "casedb/query.h"

#define TITLE_BYTES  200u
#define NAMED_ALERTS 20u /* in the text of the event that is made of alerts */

static int record(struct ir_casedb *db, const char *table, const char *id,
                  const struct ir_decision *d, struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z(strcmp(table, "alert") == 0 ? "alert_id" : "event_id", id),
                                 IR_V_Z("outcome", d->outcome),
                                 IR_V("scale", d->scale),
                                 IR_V("level", d->level),
                                 IR_V("criteria", d->criteria),
                                 IR_V("reason", d->reason),
                                 IR_V_Z("decider", ir_casedb_actor(db)),
                                 IR_V_Z("decided_at", now)};
    return ir_record_insert(db, "decision", NULL, v, sizeof v / sizeof *v, NULL, err);
}

int ir_decide(struct ir_casedb *db, const struct ir_decision_on *on, size_t n,
              const struct ir_decision *d, struct ir_err *err)
{
    int rc = IR_OK;
    ir_err_at(err, "", -1, 0);
    if (ir_utf8_trim(d->reason).n == 0)
        return ir_fail(err, IR_BAD, "a decision needs a reason: --reason says why");
    for (size_t i = 0; rc == IR_OK && i < n; i++)
        rc = record(db, on[i].table, on[i].id, d, err);
    return rc;
}

/* What the first of them says, cut to a title. */
static int title_of(struct ir_casedb *db, const struct ir_decision_on *on, struct ir_buf *title,
                    struct ir_err *err)
{
    const bool alert = strcmp(on->table, "alert") == 0;
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           alert ? "SELECT title FROM alert WHERE id = ?1"
                                 : "SELECT text FROM event WHERE id = ?1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(on->id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        struct ir_str text = ir_query_text(&q, 0);
        struct ir_str line = ir_utf8_trim(ir_str_cut(&text, '\n'));
        while (line.n > TITLE_BYTES || !ir_utf8_valid(line)) /* not within a character */
            line.n = line.n > TITLE_BYTES ? TITLE_BYTES : line.n - 1;
        ir_buf_str(title, line.n > 0 ? line : ir_str_z(on->no));
    }
    ir_query_close(&q);
    return rc;
}

/* The event that stands for it, and that one's case; both "" when there is none yet. */
static int standing(struct ir_casedb *db, const struct ir_decision_on *on, char event[IR_ID_TEXT],
                    char incident[IR_ID_TEXT], struct ir_err *err)
{
    const bool alert = strcmp(on->table, "alert") == 0;
    struct ir_query q;
    event[0] = incident[0] = '\0';
    int rc = ir_query_open(&q, db,
                           alert ? "SELECT e.id, e.incident_id FROM alert a JOIN event e "
                                   "ON e.id = a.event_id WHERE a.id = ?1"
                                 : "SELECT id, incident_id FROM event WHERE id = ?1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(on->id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        snprintf(event, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(incident, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* The alerts of the list that no event stands for yet, as the text of one. */
static int tell_alerts(struct ir_casedb *db, const struct ir_decision_on *on, size_t n,
                       struct ir_buf *text, struct ir_err *err)
{
    char event[IR_ID_TEXT], incident[IR_ID_TEXT];
    size_t alerts = 0;
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && i < n; i++) {
        rc = standing(db, &on[i], event, incident, err);
        if (rc != IR_OK || event[0] != '\0' || alerts++ >= NAMED_ALERTS) continue;
        ir_buf_fmt(text, "%s%s ", alerts > 1 ? "\n" : "", on[i].no);
        rc = title_of(db, &on[i], text, err);
    }
    if (alerts > NAMED_ALERTS) ir_buf_fmt(text, "\n… %zu", alerts);
    return rc;
}

/* made: the event that was made for the alerts that had none. */
static int join(struct ir_casedb *db, const struct ir_decision_on *on, size_t n, const char *made,
                const char *case_id, struct ir_err *err)
{
    const struct ir_value to_event = IR_V_Z("event_id", made);
    const struct ir_value to_case = IR_V_Z("incident_id", case_id);
    char event[IR_ID_TEXT], incident[IR_ID_TEXT];
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && i < n; i++) {
        rc = standing(db, &on[i], event, incident, err);
        if (rc == IR_OK && event[0] == '\0')
            rc = ir_record_update(db, "alert", on[i].id, &to_event, 1, err);
        else if (rc == IR_OK && strcmp(incident, case_id) != 0)
            rc = ir_record_update(db, "event", event, &to_case, 1, err);
    }
    return rc == IR_OK && made[0] != '\0' ? ir_record_update(db, "event", made, &to_case, 1, err)
                                          : rc;
}

static int no_level(struct ir_err *err)
{
    return ir_fail(err, IR_BAD,
                   "an incident has a level: --criteria ID or --level LEVEL; ir case criteria "
                   "lists them");
}

static int open_case(struct ir_casedb *db, const struct ir_decision_on *on,
                     const struct ir_incident_opening *o, char id[IR_ID_TEXT], char no[IR_NO_TEXT],
                     struct ir_err *err)
{
    struct ir_buf title = IR_BUF(4 * TITLE_BYTES);
    struct ir_incident_opening opening = *o;
    int rc = o->level.n == 0 ? no_level(err) : IR_OK;
    if (rc == IR_OK && opening.title.n == 0) {
        rc = title_of(db, on, &title, err);
        opening.title = ir_buf_view(&title);
    }
    if (rc == IR_OK) rc = ir_incident_open(db, &opening, no, id, err);
    ir_buf_free(&title);
    return rc;
}

/* b is not as bad as a, by the table that has both. */
static bool is_better(const struct ir_scale *table, struct ir_str a, struct ir_str b)
{
    const struct ir_yaml *from = table != NULL ? ir_scale_level(table, b) : NULL;
    for (; from != NULL; from = from->next)
        if (ir_str_eq(ir_yaml_text(from, "id"), a)) return !ir_str_eq(a, b);
    return false;
}

/* A case that may still be joined: its number, and what the decision makes of it. */
static int take_case(struct ir_casedb *db, const char *id, bool again, const struct ir_decision *d,
                     const struct ir_incident_opening *o, char no[IR_NO_TEXT], struct ir_err *err)
{
    struct ir_value v[4];
    struct ir_query q;
    size_t n = 0;
    int rc = ir_query_open(&q, db, "SELECT no, phase, level FROM incident WHERE id = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        const struct ir_str level = ir_query_text(&q, 2);
        snprintf(no, IR_NO_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        if (ir_str_eq(ir_query_text(&q, 1), IR_S("closed")))
            rc = ir_fail(err, IR_BAD, "%s is closed: ir case reopen opens it again", no);
        else if (d->level.n == 0 && level.n == 0)
            rc = no_level(err);
        else if (o->exercise)
            rc =
                ir_fail(err, IR_BAD, "%s is there already: only a new case can be an exercise", no);
        if (d->level.n > 0 && (again || !is_better(d->table, level, d->level)))
            v[n++] = IR_V("level", d->level);
    }
    ir_query_close(&q);
    if (rc == IR_END) return ir_fail(err, IR_BAD, "there is no such case");
    if (o->title.n > 0) v[n++] = IR_V("title", o->title);
    if (o->kind.n > 0) v[n++] = IR_V("kind", o->kind);
    if (ir_utf8_trim(o->lead).n > 0) v[n++] = IR_V("lead", ir_utf8_trim(o->lead));
    return rc == IR_OK && n > 0 ? ir_record_update(db, "incident", id, v, n, err) : rc;
}

int ir_decide_incident(struct ir_casedb *db, const struct ir_decision_on *on, size_t n,
                       const struct ir_decision *d, const struct ir_incident_opening *o,
                       const char *case_id, char ret_no[IR_NO_TEXT], struct ir_err *err)
{
    struct ir_buf text = IR_BUF(64 * TITLE_BYTES);
    char id[IR_ID_TEXT] = "", made[IR_ID_TEXT] = "", event[IR_ID_TEXT], no[IR_NO_TEXT];
    int rc = ir_decide(db, on, n, d, err);
    if (rc == IR_OK) rc = tell_alerts(db, on, n, &text, err);
    for (size_t i = 0; rc == IR_OK && i < n && id[0] == '\0'; i++)
        rc = standing(db, &on[i], event, id, err); /* decided once more: it has its case */
    const bool again = id[0] != '\0' && (case_id == NULL || strcmp(id, case_id) == 0);
    if (case_id != NULL) snprintf(id, sizeof id, "%s", case_id);
    if (rc == IR_OK)
        rc = id[0] != '\0' ? take_case(db, id, again, d, o, ret_no, err)
                           : open_case(db, &on[0], o, id, ret_no, err);
    if (rc == IR_OK && text.n > 0) {
        const struct ir_intake report = {.text = ir_buf_view(&text), .how = IR_S("monitoring")};
        rc = ir_intake_add(db, &report, no, made, err);
        if (rc == IR_OK) rc = record(db, "event", made, d, err);
    }
    if (rc == IR_OK) rc = join(db, on, n, made, id, err);
    ir_buf_free(&text);
    return rc;
}
