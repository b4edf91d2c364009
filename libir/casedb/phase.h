/*
 * The way of a case: detect, report, recover, closed, and the gates on it.
 *
 * Phases and steps are those of Tokyo's SME security guide (18-4): 1 検知・初動対応, 2 報告・公表,
 * 3 復旧・再発防止. Nothing is recovered before evidence is preserved: a hospital that restored its
 * servers first never learned how the attacker came in. Whoever passes that gate shut says why.
 */
#ifndef IR_CASEDB_PHASE_H
#define IR_CASEDB_PHASE_H

#include "casedb/duty.h"
#include "casedb/record.h"

struct ir_step {
    const char *phase, *step; /* as the database has them */
    const char *title;        /* for people; N_() */
};

/* In their order; NULL after the last. */
const struct ir_step *ir_step_at(size_t i);
/* The title of a phase, N_(); NULL: there is no such phase. */
const char *ir_phase_title(const char *phase);

/* IR_BAD: no such phase, or it has no such step; step empty: any. */
int ir_step_check(struct ir_str phase, struct ir_str step, struct ir_err *err);

/* Goes to a step; step empty: the phase's first. override: why a gate that is shut is passed.
 * IR_END: the gate is shut (evidence is not preserved) and override is empty; nothing changed. */
int ir_phase_enter(struct ir_casedb *db, const char *incident_id, const char *phase,
                   struct ir_str step, struct ir_str override, struct ir_err *err);

/* Work of a step that is recorded without going there: a task that is begun or done, an act. phase
 * empty: of none. IR_END: as above; with an override the case goes there. */
int ir_phase_work(struct ir_casedb *db, const char *incident_id, struct ir_str phase,
                  struct ir_str step, struct ir_str override, struct ir_err *err);
/* The case was there, or work of that step was done. */
int ir_phase_touched(struct ir_casedb *db, const char *incident_id, const struct ir_step *s,
                     bool *ret_yes, struct ir_err *err);

/* For merge.c: closes the case past its gate. */
int ir_phase_end(struct ir_casedb *db, const char *incident_id, struct ir_str why,
                 struct ir_err *err);

/* What a case lacks before it can be closed (5.26: a formal close). */
enum ir_lack_kind {
    IR_LACK_CAUSE,
    IR_LACK_EFFECT,
    IR_LACK_DUTY,  /* nobody decided */
    IR_LACK_STALE, /* decided when the rules said less of it */
    IR_LACK_REST,  /* the rules rule them out, and no person said so; once for all of them */
    IR_LACK_LESSON,
    IR_LACK_MAX
};
struct ir_lack {
    enum ir_lack_kind kind;
    struct ir_str what; /* the duty, or "rest" */
};
const char *ir_lack_name(enum ir_lack_kind kind);
/* Calls lack for each; how many. A duty is lacking as long as it is neither sent nor decided not to
 * be needed by a person; those that nobody must are not, unless a person called them needed. */
int ir_close_lacks(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   void (*lack)(void *user, const struct ir_lack *l), void *user, size_t *ret_n,
                   struct ir_err *err);
/* no_lesson: why there is nothing to learn; kept as the fact no_lesson. IR_END: something is
 * lacking; nothing changed but that fact. */
int ir_incident_close(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                      struct ir_str no_lesson, struct ir_err *err);
/* Back to the step it was closed at. */
int ir_incident_reopen(struct ir_casedb *db, const char *incident_id, struct ir_str reason,
                       struct ir_err *err);

#endif
