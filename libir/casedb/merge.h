/*
 * Cases that belong together: links between them, and merging one into another.
 *
 * Nothing is deleted by a merge. The merged case is closed with a pointer to the one that survives;
 * its numbers stay valid and what was recorded in it stays there. Reports and their alerts go over,
 * as they are what the incident is about. Evidence (the gate before recovery) and duties are
 * decisions of persons: they go over only when a person says so in the surviving case.
 */
#ifndef IR_CASEDB_MERGE_H
#define IR_CASEDB_MERGE_H

#include "casedb/duty.h"
#include "casedb/record.h"

/* How two cases are related: "related", "same_cause" …; NULL after the last. */
const char *ir_relation_at(size_t i);
/* Inside a transaction. IR_BAD: no such relation, the case itself, or linked so already. */
int ir_incident_link(struct ir_casedb *db, const char *from_id, const char *to_id,
                     struct ir_str relation, struct ir_str note, struct ir_err *err);

/* A duty that would be lost: it waits in the case that ends, and the other one has no clock for it,
 * or a later one. Dates as in ir_duty_result; "" is none. */
struct ir_merge_duty {
    struct ir_str duty;
    const char *due, *due_into;
};
struct ir_merging {
    const char *from_id, *into_id;
    struct ir_str reason;
    int32_t zone_s; /* of the organisation */
    /* Called for each duty that would be lost. */
    void (*lost)(void *user, const struct ir_merge_duty *d);
    void *user;
};
/* Inside a transaction, by its actor. ret_events: how many reports went over. IR_END: duties would
 * be lost; nothing changed. IR_BAD: it cannot be (no reason, a closed case, an exercise and a real
 * case). */
int ir_incident_merge(struct ir_casedb *db, const struct ir_duties *d, const struct ir_merging *m,
                      int64_t *ret_events, struct ir_err *err);

/* What stayed in a merged case: "tasks_open", "exhibits", "duties" …; n is never 0. */
int ir_merge_left(struct ir_casedb *db, const char *from_id,
                  void (*each)(void *user, const char *what, int64_t n), void *user,
                  struct ir_err *err);

#endif
