/*
 * The index of all texts, kept by record.c.
 */
#ifndef IR_CASEDB_INDEX_H
#define IR_CASEDB_INDEX_H

#include "casedb/db.h"

/* anew: the row was there before. */
int ir_index_row(struct ir_casedb *db, const char *table, const char *id, bool anew,
                 struct ir_err *err);

#endif
