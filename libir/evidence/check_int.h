/*
 * Parts of the check of a case; nobody else's business.
 */
#ifndef IR_EVIDENCE_CHECK_INT_H
#define IR_EVIDENCE_CHECK_INT_H

#include "evidence/custody.h"

/* check_receipts.c: each receipt that the log tells of is there, whole, signed, and of this log. */
void ir_check_receipts(const struct ir_custody *c,
                       void (*problem)(void *user, const char *place, const char *text),
                       void *user);

#endif
