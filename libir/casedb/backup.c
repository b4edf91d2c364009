/*
 * Backups of the case database, and the proof that a database is one. See backup.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "casedb/backup_int.h"
#include "casedb/dbfile.h"
#include "casedb/pages.h"
#include "casedb/shape.h"

static void first_fault(void *user, const struct ir_audit_fault *f)
{
    char *what = user;
    if (*what != '\0') return;
    snprintf(what, 256, "%.60s%s%.60s: %s", f->table, f->row[0] != '\0' ? " " : "", f->row,
             f->what);
}

/* The shape before anything is read: a view in the place of a table runs what others wrote. */
static int check_shape(struct ir_casedb *db, const char *name, struct ir_err *err)
{
    char what[256] = "";
    uint64_t n = 0;
    const int rc = ir_shape_check(db, first_fault, what, &n, err);
    ir_err_at(err, name, -1, 0);
    if (rc != IR_OK) return ir_fail(err, IR_BAD, "damaged, or no database");
    return n == 0 ? IR_OK : ir_fail(err, IR_BAD, "not a database as ir makes it: %s", what);
}

int ir_backup_check(struct ir_casedb *db, const char *name, bool own,
                    struct ir_audit_head *ret_head, struct ir_err *err)
{
    struct ir_audit_result r;
    struct ir_pages *pages = NULL;
    struct ir_err mine = {0};
    char what[256] = "", broken[256] = "";
    uint64_t n = 0;
    int rc = check_shape(db, name, err);
    if (rc != IR_OK) return rc;
    if (own) ir_pages_map(db);
    rc = ir_pages_begin(db, own, &pages, err);
    if (rc != IR_OK) return rc;
    rc = ir_audit_verify(db, NULL, 0, first_fault, what, &r, &mine);
    const int read = ir_pages_end(pages, first_fault, broken, &n, err);
    if (read != IR_OK) return read;
    if (rc != IR_OK && err != NULL) *err = mine;
    if (rc == IR_OK) rc = ir_audit_head(db, ret_head, err);
    ir_err_at(err, name, -1, 0);
    if (n > 0) /* a trail that cannot be read says less */
        return ir_fail(err, IR_BAD, "damaged, or no database");
    if (rc == IR_OK && r.faults > 0)
        return ir_fail(err, IR_BAD, "not what its audit trail says: %s", what);
    if (rc == IR_OK && ret_head->seq == 0) /* as of an empty file, which SQLite takes for one */
        return ir_fail(err, IR_BAD, "empty: nothing was ever recorded in it");
    return rc;
}

/* A file beside its place until it was checked: what is half written never has the name. */
static int make_backup(struct ir_casedb *db, const char *part, const char *to,
                       struct ir_audit_head *ret_head, struct ir_err *err)
{
    struct ir_casedb *made = NULL;
    ir_dbfile_remove(part); /* of a backup that was broken off */
    int rc = ir_dbfile_copy(ir_casedb_handle(db), to, part, err);
    if (rc != IR_OK) return rc;
    rc = ir_casedb_open(part, IR_CASEDB_READ, &made, err);
    if (rc == IR_OK) rc = ir_backup_check(made, to, true, ret_head, err);
    ir_casedb_close(made);
    if (rc == IR_OK) rc = ir_dbfile_name(part, to, false, err);
    if (rc != IR_OK) ir_dbfile_remove(part);
    return rc;
}

int ir_casedb_backup(struct ir_casedb *db, const char *to, struct ir_audit_head *ret_head,
                     struct ir_err *err)
{
    char part[IR_DBFILE_PATH];
    struct stat st;
    int claim;
    int rc = ir_dbfile_beside(part, to, ".part", err);
    if (rc == IR_OK) rc = ir_dbfile_claim(to, &claim, err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, to, -1, 0);
    rc = lstat(to, &st) == 0 ? ir_fail(err, IR_BAD, "is there already")
                             : make_backup(db, part, to, ret_head, err);
    if (claim >= 0) close(claim);
    return rc;
}
