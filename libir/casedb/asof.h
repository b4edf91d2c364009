/*
 * The case database as it stood after a change of the past, for reading: out of the audit trail,
 * which has the old value of every field that was changed since.
 *
 *     rc = ir_asof_enter(db, seq, &err);       // seq: of the trail; what came later is not there
 *     … read as usual …
 *     ir_asof_leave(db);
 *
 * Tables that were changed since get a temporary one of the same name, which SQLite finds first;
 * reports that were made and the trail itself stay as they are. Between the two calls nothing may
 * be written but these. Takes the time of the tables that were changed, not of the whole file.
 */
#ifndef IR_CASEDB_ASOF_H
#define IR_CASEDB_ASOF_H

#include "casedb/record.h"

/* After an error there is nothing to leave. */
int ir_asof_enter(struct ir_casedb *db, int64_t seq, struct ir_err *err);
void ir_asof_leave(struct ir_casedb *db);

#endif
