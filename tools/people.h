/*
 * Roles and contacts for the commands that set them up: ir init, ir case role, ir case contact.
 */
#ifndef IR_TOOLS_PEOPLE_H
#define IR_TOOLS_PEOPLE_H

#include "case.h"
#include "casedb/people.h"

/* Days since 1970 of the organisation's today, and as "2026-11-23". */
int64_t people_today(const struct case_job *j);
void people_date(const struct case_job *j, char out[16]);
/* "lead=NAME,means": the transaction is begun already, as in the others below. */
int people_role(struct case_job *j, const char *text, bool deputy);
/* Roles that nobody holds, a line each on stderr; how many, or -1 after having said why not. */
int people_missing(struct case_job *j);
/* The contacts of a CSV file; those that are known change. Begins the transaction when none is. */
int people_import(struct case_job *j, const char *path);
/* The public desks of casefiles/contacts that are not known yet; none of them counts as verified.
 */
int people_desks(struct case_job *j, bool japanese);

#endif
