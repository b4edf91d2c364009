/*
 * The work in a case: tasks, the response log, notes, who leads.
 *
 *     const struct ir_act a = {.action = IR_S("isolate"), .target = IR_S("fs1"), .clock = …};
 *     rc = ir_act_add(db, incident_id, &a, &no, id, &err);
 *
 * All inside a transaction, by its actor and at its time. Numbers count within the case. A case
 * that is closed, or merged into another, takes no more work: IR_BAD. Work of recovery before
 * evidence is preserved: IR_END, nothing changed, unless it says why (phase.h).
 */
#ifndef IR_CASEDB_WORK_H
#define IR_CASEDB_WORK_H

#include "base/buf.h"
#include "casedb/record.h"

struct ir_task {
    struct ir_str title, owner;
    struct ir_str due_at;        /* as ir_casedb_time writes it; empty: none */
    struct ir_str playbook_step; /* "playbook/step", empty: of no playbook */
    struct ir_str phase, step;   /* that it is part of (phase.h); empty: of none */
};

struct ir_act {
    struct ir_str action, target, result;
    struct ir_str clock;       /* which clock told the time */
    int64_t at;                /* ns UTC, not later than the transaction's time */
    int64_t task;              /* number, 0: none */
    struct ir_str phase, step; /* that it is part of; empty: those of the task, or none */
    struct ir_str override;    /* why the gate is passed that is shut */
};

/* IR_BAD: the case is closed, or merged into another. */
int ir_incident_working(struct ir_casedb *db, const char *incident_id, struct ir_err *err);
/* What a case is called and what it is; what is empty stays as it is. A level says how bad it is,
 * which is a decision (5.25): it needs a reason, kept as the fact level_reason. IR_BAD: no such
 * TLP, or no reason. */
struct ir_incident_change {
    struct ir_str title, kind, level, tlp, reason;
};
int ir_incident_set(struct ir_casedb *db, const char *incident_id,
                    const struct ir_incident_change *c, struct ir_err *err);
int ir_incident_assign(struct ir_casedb *db, const char *incident_id, struct ir_str lead,
                       struct ir_err *err);

int ir_task_add(struct ir_casedb *db, const char *incident_id, const struct ir_task *t,
                int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err);
/* state: open, doing, done or dropped; a dropped task needs a result, which is why. override: why a
 * gate is passed that is shut. */
int ir_task_end(struct ir_casedb *db, const char *incident_id, int64_t no, const char *state,
                struct ir_str result, struct ir_str override, struct ir_err *err);
/* v: what changes. */
int ir_task_change(struct ir_casedb *db, const char *incident_id, int64_t no,
                   const struct ir_value *v, size_t n, struct ir_str override, struct ir_err *err);

int ir_act_add(struct ir_casedb *db, const char *incident_id, const struct ir_act *a,
               int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err);
/* Also of a closed case: what is learned later is noted, too. */
int ir_note_add(struct ir_casedb *db, const char *incident_id, struct ir_str text, int64_t *ret_no,
                char ret_id[IR_ID_TEXT], struct ir_err *err);

/* An exhibit of the evidence part that belongs to the case, as its custody log tells of it. Linked
 * again, what is known of it is brought up to date. */
struct ir_linked {
    struct ir_str item, path, seal, description, sealed_at;
    int64_t custody_seq; /* the last line of the log that tells of it */
};
int ir_exhibit_link(struct ir_casedb *db, const char *incident_id, const struct ir_linked *x,
                    struct ir_err *err);
/* Exhibits as a person says them, by name or by number ("3" is the one whose name ends in -03),
 * as records name them: "EV-1-01, EV-1-03". IR_BAD: one does not belong to the case. */
int ir_exhibits_named(struct ir_casedb *db, const char *incident_id, const char *const *said,
                      size_t n, struct ir_buf *names, struct ir_err *err);

/* Corrective actions (5.27): what will be done (処置方法), for how much (費用), when (実施予定日),
 * by whom (責任者), for which control. Also of a closed case, as they are carried out later.
 *
 * v: fields of the table lesson; the first is the measure, not empty. */
int ir_lesson_add(struct ir_casedb *db, const char *incident_id, const struct ir_value *v, size_t n,
                  int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err);
int ir_lesson_change(struct ir_casedb *db, const char *incident_id, int64_t no,
                     const struct ir_value *v, size_t n, struct ir_err *err);
/* It was looked at whether it works, by the actor; verification: what was found. It is done then.
 */
int ir_lesson_verify(struct ir_casedb *db, const char *incident_id, int64_t no,
                     struct ir_str verification, struct ir_err *err);

#endif
