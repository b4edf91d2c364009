/*
 * Is a database built as ir builds it? A file from elsewhere may have triggers that change what is
 * written, views in the place of tables, columns that compute, constraints that are gone: all of
 * that works without a line of ours being wrong, and none of it stands in the audit trail.
 */
#ifndef IR_CASEDB_SHAPE_H
#define IR_CASEDB_SHAPE_H

#include "casedb/audit.h"

/* Calls fault for each part that is missing, is other than ours, or is none of ours: table is its
 * name. Reads no row. ret_n: how many. */
int ir_shape_check(struct ir_casedb *db, void (*fault)(void *user, const struct ir_audit_fault *f),
                   void *user, uint64_t *ret_n, struct ir_err *err);

#endif
