/*
 * Stating facts of a case from the command line: ir case fact set, and the forms whose fields are
 * facts (ir case first-response).
 */
#ifndef IR_TOOLS_CASE_FACT_H
#define IR_TOOLS_CASE_FACT_H

#include "case.h"
#include "casedb/fact.h"
#include "casedb/template.h"

/* How sure a fact is, and what shows it: a member `how` of a command's options. */
struct case_fact_how {
    const char *confidence;
    struct opt_list evidence;
    struct ir_str exhibits; /* what case_fact_evidence made of it */
};

#define CASE_FACT_OPTS(type)                                                                       \
    {"confidence", 0,                                                                              \
     OPT_CHOICE,   offsetof(type, how.confidence),                                                 \
     "WORD",       N_("how sure: confirmed, probable, possible or unknown"),                       \
     ir_confidence},                                                                               \
    {                                                                                              \
        "evidence", 0, OPT_LIST, offsetof(type, how.evidence), "ITEM",                             \
            N_("an exhibit that shows it (repeatable)"), NULL                                      \
    }

/* Makes how->exhibits, the names that facts bear, in names. One that the case does not have is kept
 * as it was said, and the person is told. IR_EXIT_OK, or a status after having said why. */
int case_fact_evidence(struct case_job *j, const char *id, struct case_fact_how *how,
                       struct ir_buf *names);

/* Records f of the case, inside the transaction. IR_EXIT_OK, or a status after having said why. */
int case_fact_state(struct case_job *j, const struct ir_duties *d, const char *id,
                    struct ir_fact *f, const struct case_fact_how *how);

#endif
