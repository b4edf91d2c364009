/*
 * A case as one JSON document: every row that belongs to it, of every table, and the rows of the
 * audit trail that tell how they came to be.
 *
 *     struct ir_buf out = IR_BUF(IR_BUNDLE_MAX);
 *     rc = ir_bundle_write(db, incident_id, &out, &err);
 *
 * What belongs to a case follows from the schema's references, so a new table needs no word here.
 * Links to other cases stay out: they would point to nothing elsewhere. The same database gives
 * the same bytes. The layout:
 *
 *     {"ir.kind":"case","format":1,"schema":1,"case":"CASE-2026-001",
 *      "tables":{"incident":[{"id":…},…],…},
 *      "audit":[{"previous":…,"seq":…,"at":…,"actor":…,"action":…,"tbl":…,"row":…,"fields":"…",
 *                "sha256":…},…],
 *      "head":"N:SHA256","sha256":"…"}
 *
 * A case that was imported has "carried" behind "audit": [{"head":…,"schema":…,"sha256":…,
 * "audit":[…]},…], the trails of where it came from. One that was not touched since it was imported
 * is written as it came, byte for byte.
 *
 * The last sha256 is of all bytes before its comma. "fields" is the text that was hashed, so each
 * row of the trail can be proved by itself, and by the head when that was kept elsewhere.
 */
#ifndef IR_CASEDB_BUNDLE_H
#define IR_CASEDB_BUNDLE_H

#include "base/buf.h"
#include "casedb/db.h"

#define IR_BUNDLE_MAX ((size_t)1 << 30)

/* Reads one state of the database. IR_BAD: longer than *out may be. */
int ir_bundle_write(struct ir_casedb *db, const char *incident_id, struct ir_buf *out,
                    struct ir_err *err);

struct ir_bundle_result {
    char no[32], incident_id[40];
    char head[96]; /* of the trail there, "N:SHA256": whoever sent the file can say whether it is */
    int64_t rows, changes; /* of the case, of its trail */
    bool same; /* it was here already, with nothing added or missing: nothing was done */
};

/* Takes a case in, inside a transaction, which a result other than IR_OK ends. IR_BAD: err->line
 * and the reason: it was changed since it was exported, is of a newer version, or other rows of
 * this database stand in its way. What was taken in is written again and must be the same bytes. */
int ir_bundle_read(struct ir_casedb *db, struct ir_str text, struct ir_bundle_result *ret_r,
                   struct ir_err *err);

#endif
