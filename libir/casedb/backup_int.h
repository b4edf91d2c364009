/*
 * What backing up and restoring share: the proof that a database is one.
 */
#ifndef IR_CASEDB_BACKUP_INT_H
#define IR_CASEDB_BACKUP_INT_H

#include "casedb/backup.h"

/* Its shape, its pages and its trail. name: what messages call it; own: a file that nobody else
 * writes to or cuts. IR_BAD: something is wrong with it. */
int ir_backup_check(struct ir_casedb *db, const char *name, bool own,
                    struct ir_audit_head *ret_head, struct ir_err *err);

#endif
