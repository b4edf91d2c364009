/*
 * What a person says of a case, held against what there is: kinds are those of the playbooks,
 * levels those of the criteria tables.
 */
#ifndef IR_TOOLS_CASE_KIND_H
#define IR_TOOLS_CASE_KIND_H

#include "case.h"

#define CASE_KIND_TEXT 64

/* The kind as the database has it; said NULL: "". IR_EXIT_OK, or a status after having said which
 * there are. */
int case_kind(struct case_job *j, const char *said, char out[CASE_KIND_TEXT]);
/* The same of a level, by the workspace's table. */
int case_level(struct case_job *j, const char *said, char out[CASE_KIND_TEXT]);

#endif
