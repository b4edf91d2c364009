/*
 * Copies of the case database that are consistent while others write, and going back to one.
 *
 *     rc = ir_casedb_backup(db, "/media/usb/ir-backup.db", &head, &err);
 *     rc = ir_casedb_restore("ir.db", "/media/usb/ir-backup.db", &how, &result, &err);
 *
 * Both hold what they wrote against its audit trail before anybody may rely on it.
 */
#ifndef IR_CASEDB_BACKUP_H
#define IR_CASEDB_BACKUP_H

#include "casedb/audit.h"

/* Writes one new file (mode 0600), which needs no other beside it. IR_BAD: it is there already, or
 * the database is not what its trail says: a backup of that would only look like one. On failure
 * nothing is left behind. */
int ir_casedb_backup(struct ir_casedb *db, const char *to, struct ir_audit_head *ret_head,
                     struct ir_err *err);

struct ir_restoring {
    const char *actor;
    int64_t now;        /* ns UTC */
    const char *reason; /* why changes are given up that the backup lacks; NULL: they are not */
};

struct ir_restored {
    struct ir_audit_head head; /* of the backup */
    int64_t lost;              /* changes that the backup lacks */
    bool same;       /* nothing to do: it stands where the backup does, and no reason was given */
    bool damaged;    /* the old file could not be read: nobody knows what the backup lacks */
    char kept[4096]; /* where the old database lies now; "": there was none */
};

/* The database at path becomes what the backup holds, with one change more that tells of it. One at
 * a time: the caller holds the directory (ir_dbfile_claim) until all that belongs to it is done.
 * Programs that have it open see the new one; where there are none it is another file, of the same
 * owner and mode. A database whose trail is the backup's, but which is not what its trail says, is
 * replaced as well. IR_BAD: the backup is no backup, or damaged; IR_END:
 * changes would be lost (ret->lost) and there is no reason for it. Nothing is changed then. */
int ir_casedb_restore(const char *path, const char *from, const struct ir_restoring *how,
                      struct ir_restored *ret, struct ir_err *err);

#endif
