/*
 * The assessment of events and alerts (ISO/IEC 27002:2022, 5.25): decisions are appended, the
 * latest counts. The view "assessment" of the schema tells the state of each.
 *
 *     struct ir_decision_on on[] = {{"alert", id}, …};
 *     rc = ir_decide(db, on, n, &decision, &err);
 *     rc = ir_decide_incident(db, on, n, &decision, &opening, case_id, ret_no, &err);
 */
#ifndef IR_CASEDB_DECISION_H
#define IR_CASEDB_DECISION_H

#include "casedb/criteria.h"
#include "casedb/incident.h"

struct ir_decision_on {
    const char *table; /* "event" or "alert" */
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
};

struct ir_decision {
    const char *outcome; /* event, near_miss, incident, false_positive */
    struct ir_str scale, level, reason;
    struct ir_str criteria;       /* JSON: a list of those that matched; empty: none */
    const struct ir_scale *table; /* of the level; NULL: none */
};

/* Inside a transaction; the actor decides. */
int ir_decide(struct ir_casedb *db, const struct ir_decision_on *on, size_t n,
              const struct ir_decision *d, struct ir_err *err);
/* Outcome incident: all of them join one case, alerts by way of one event that is made for them.
 * case_id: NULL opens a case (o->title empty: named by the first of them). A case that is there
 * follows the decision: its level, and what o says of title, kind and lead. What joins it anew
 * makes it worse, never better: table ranks the levels. IR_BAD: the case is closed, has no level,
 * or nobody leads. */
int ir_decide_incident(struct ir_casedb *db, const struct ir_decision_on *on, size_t n,
                       const struct ir_decision *d, const struct ir_incident_opening *o,
                       const char *case_id, char ret_no[IR_NO_TEXT], struct ir_err *err);

#endif
