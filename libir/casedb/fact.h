/*
 * What is known of a case: facts, one value a row, never changed; the latest of a name counts.
 * Reports, duties and the first-response record are made of them.
 */
#ifndef IR_CASEDB_FACT_H
#define IR_CASEDB_FACT_H

#include "casedb/duty.h"
#include "casedb/record.h"

/* When somebody of the organisation came to know (ir_duty_aware, duty_case.h): not set like the
 * others, as the clocks of the duties start with it. */
#define IR_FACT_AWARE "aware_at"

struct ir_fact {
    struct ir_str name;       /* [a-z][a-z0-9_.]*, at most 64 */
    struct ir_str value;      /* empty or "unknown": unknown */
    struct ir_str confidence; /* confirmed, probable, possible, unknown, or empty */
    struct ir_str evidence;   /* number of an exhibit, or empty */
};

/* How sure something is: "confirmed", "probable", "possible", "unknown"; NULL after the last. */
const char *ir_confidence(size_t i);
/* One of these, or nothing said. */
bool ir_confidence_known(struct ir_str said);

/* The latest values of a case. */
struct ir_facts {
    struct ir_arena arena;
    struct ir_duty_fact *v; /* value p NULL: unknown */
    size_t n;
};

/* Inside a transaction; the actor states it. What a duty asks of the fact must be understood of
 * its value: d, or NULL. IR_BAD: it is not, or the name is none. */
int ir_fact_set(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                const struct ir_fact *f, struct ir_err *err);
int ir_facts_load(struct ir_casedb *db, const char *incident_id, struct ir_facts *ret_f,
                  struct ir_err *err);
/* p NULL: not stated or unknown. */
struct ir_str ir_facts_get(const struct ir_facts *f, const char *name);
void ir_facts_free(struct ir_facts *f);

/* NAME=VALUE as typed; IR_BAD: it is none. */
int ir_fact_parse(struct ir_str said, const struct ir_duties *d, struct ir_fact *ret_f,
                  struct ir_err *err);

#endif
