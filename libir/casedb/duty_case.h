/*
 * The duties of a case: what the rules say of its facts, and what named persons decided and sent.
 *
 * A clock starts only at an awareness that a person recorded, never at the time of a log. No duty
 * is ever settled by the rules: it is when somebody decided or sent.
 */
#ifndef IR_CASEDB_DUTY_CASE_H
#define IR_CASEDB_DUTY_CASE_H

#include "casedb/fact.h"

/* Views last until the call returns. */
struct ir_duty_status {
    const struct ir_duty_info *info;
    struct ir_duty_result result;
    bool aware;   /* awareness is recorded */
    bool decided; /* a person decided, or it was sent: nothing is left to ask */
    bool not_needed, sent;
    struct ir_str decided_by, reason, sent_at, receipt_no, sent_sha256; /* p NULL: none */
};

/* Each duty in force at awareness (at `now` when nobody is known to be aware). A result of the
 * call other than IR_OK ends the walk and is returned. zone_s: of the organisation. */
int ir_duty_each(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 int64_t now, int32_t zone_s,
                 int (*each)(void *user, const struct ir_duty_status *s), void *user,
                 struct ir_err *err);

/* Neither sent nor decided not to be needed, and the rules do not rule it out or a person called it
 * needed. What nobody must do waits only when a person called it needed. */
bool ir_duty_waits(const struct ir_duty_status *s);

/* Inside a transaction, by its actor. IR_BAD: no such duty, or it cannot be. */
int ir_duty_aware(struct ir_casedb *db, const char *incident_id, const struct ir_moment *when,
                  struct ir_err *err);
int ir_duty_decide(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   struct ir_str duty, bool needed, struct ir_str reason, int32_t zone_s,
                   struct ir_err *err);
struct ir_duty_sending {
    struct ir_str receipt_no, sha256; /* of what was sent; either may be empty */
    int64_t at;                       /* ns UTC */
};
int ir_duty_sent(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 struct ir_str duty, const struct ir_duty_sending *s, int32_t zone_s,
                 struct ir_err *err);

#endif
