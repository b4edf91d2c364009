/*
 * The criteria tables that are there (casefiles/criteria): those that come with ir, and the
 * company's own, which replace those of the same id.
 */
#ifndef IR_TOOLS_CASE_CRITERIA_H
#define IR_TOOLS_CASE_CRITERIA_H

#include "case.h"
#include "casedb/criteria.h"

#define CRITERIA_MAX 64u

struct criteria {
    struct ir_arena arena;
    struct ir_scale scale[CRITERIA_MAX];
    size_t n;
};

/* IR_EXIT_OK, or a status after having said which file is wrong. Free in any case. */
int criteria_load(struct case_job *j, struct criteria *ret_c);
void criteria_free(struct criteria *c);
/* The table of this id; without one that of the setting "criteria", else tokyo-3. A level that is
 * said and that it does not have finds the table that has it. NULL after having said that there is
 * none. */
const struct ir_scale *criteria_find(struct case_job *j, const struct criteria *c, const char *id,
                                     const char *level);

#endif
