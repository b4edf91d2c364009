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
    const char *confidence, *evidence;
};

#define CASE_FACT_OPTS(type)                                                                       \
    {"confidence",     0,                                                                          \
     OPT_CHOICE,       offsetof(type, how.confidence),                                             \
     "WORD",           N_("how sure: confirmed, probable, possible or unknown"),                   \
     choice_confidence},                                                                           \
    {                                                                                              \
        "evidence", 0, OPT_TEXT, offsetof(type, how.evidence), "EXHIBIT",                          \
            N_("the exhibit that shows it"), NULL                                                  \
    }

const char *choice_confidence(size_t i);

/* Records f of the case, inside the transaction. IR_EXIT_OK, or a status after having said why. */
int case_fact_state(struct case_job *j, const struct ir_duties *d, const char *id,
                    struct ir_fact *f, const struct case_fact_how *how);

#endif
