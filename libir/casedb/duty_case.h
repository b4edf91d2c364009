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
    bool facts_changed; /* was decided or sent on other facts than today's */
    bool worse;         /* was decided not to be needed when the rules said less */
    bool stale;         /* either, and not sent: no decision about today, asked anew */
    struct ir_str decided_by, reason, sent_at, receipt_no, sent_sha256; /* p NULL: none */
    struct ir_str sent_reason, rule_state; /* rule_state: what the rules said then */
};

/* Each duty in force at awareness (at `now` when nobody is known to be aware). A result of the
 * call other than IR_OK ends the walk and is returned. zone_s: of the organisation. */
int ir_duty_each(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 int64_t now, int32_t zone_s,
                 int (*each)(void *user, const struct ir_duty_status *s), void *user,
                 struct ir_err *err);

/* Neither sent nor decided not to be needed, and the rules do not rule it out or a person called it
 * needed. What nobody must do waits only when a person called it needed. A stale decision waits. */
bool ir_duty_waits(const struct ir_duty_status *s);
/* The rules rule it out, and no person has said so yet. Nothing hurries, but a case is closed only
 * when somebody did. */
bool ir_duty_ruled_out(const struct ir_duty_status *s);

/* Since when somebody here knows, and the earliest that was ever stated. Owned by the caller; ""
 * where there is none. */
struct ir_awareness {
    char at[IR_CASEDB_TIME], earliest[IR_CASEDB_TIME]; /* earliest: "" when it is `at` */
    char by[128], reason[512];                         /* of `at`; cut where they are longer */
};
int ir_duty_awareness(struct ir_casedb *db, const char *incident_id, int32_t zone_s,
                      struct ir_awareness *ret_a, struct ir_err *err);

/* Inside a transaction, by its actor. IR_BAD: no such duty, or it cannot be.
 *
 * The earliest knowledge of any department counts: a later moment than the one that is recorded
 * needs a reason. */
int ir_duty_aware(struct ir_casedb *db, const char *incident_id, const struct ir_moment *when,
                  struct ir_str reason, int32_t zone_s, struct ir_err *err);
int ir_duty_decide(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   struct ir_str duty, bool needed, struct ir_str reason, int32_t zone_s,
                   struct ir_err *err);
struct ir_duty_sending {
    struct ir_str receipt_no, sha256; /* of what was sent; an empty one stays as it was recorded */
    struct ir_str reason;             /* why there is neither, or why `at` is corrected */
    int64_t at;                       /* ns UTC; INT64_MIN: as recorded, else now */
};
/* Never before the awareness, nor, where somebody must report, without one. */
int ir_duty_sent(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 struct ir_str duty, const struct ir_duty_sending *s, int32_t zone_s,
                 struct ir_err *err);

#endif
