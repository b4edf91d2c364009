/*
 * Going back to a backup. See backup.h.
 *
 * A backup comes from a drawer, a share or a USB stick: it is taken for hostile until its pages and
 * its audit trail were checked, and that is done with a copy that nobody else can change meanwhile.
 */
#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/intl.h"
#include "casedb/backup_int.h"
#include "casedb/dbfile.h"
#include "casedb/incident.h"
#include "casedb/query.h"

/* The backup's trail has this row. IR_END: it has not. */
static int has_change(struct ir_casedb *backup, const struct ir_query *change, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, backup, "SELECT 1 FROM audit WHERE seq = ?1 AND sha256 = ?2", err);
    if (rc != IR_OK) return rc;
    ir_query_int_arg(&q, 1, ir_query_int(change, 0));
    ir_query_text_arg(&q, 2, ir_query_text(change, 1));
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc;
}

/* How many changes of the database the backup lacks: those behind the last that both have. */
static int count_lost(struct ir_casedb *db, struct ir_casedb *backup, int64_t *ret_n,
                      struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, "SELECT seq, sha256 FROM audit ORDER BY seq DESC", err);
    if (rc != IR_OK) return rc;
    for (*ret_n = 0; (rc = ir_query_next(&q, err)) == IR_OK; ++*ret_n) {
        rc = has_change(backup, &q, err);
        if (rc != IR_END) break;
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

/* The database stands where it stood when it was compared. sql: a connection of SQLite's to it, in
 * a transaction. */
static int stands(sqlite3 *sql, const char *path, const struct ir_audit_head *before,
                  struct ir_err *err)
{
    sqlite3_stmt *s = NULL;
    int64_t seq = 0;
    bool same = before->seq == 0; /* an empty trail has no row */
    int code = sqlite3_prepare_v2(sql, "SELECT seq, sha256 FROM audit ORDER BY seq DESC LIMIT 1",
                                  -1, &s, NULL);
    if (code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
        const char *hash = (const char *)sqlite3_column_text(s, 1);
        seq = sqlite3_column_int64(s, 0);
        same = seq == before->seq && hash != NULL && strcmp(hash, before->sha256) == 0;
    }
    const int end = sqlite3_finalize(s);
    if (code == SQLITE_OK) code = end;
    if (code != SQLITE_OK) return ir_dbfile_fail(code, path, err);
    ir_err_at(err, path, -1, 0);
    return same ? IR_OK : ir_fail(err, IR_FATAL, "somebody wrote meanwhile; again");
}

/* Puts the checked copy into the database that others have open: in one transaction, which begins
 * only when nothing was written since it was compared. */
static int replace(const char *path, const char *copy_path, const struct ir_audit_head *before,
                   struct ir_err *err)
{
    sqlite3 *to = NULL, *from = NULL, *now = NULL;
    int rc = ir_dbfile_open(copy_path, SQLITE_OPEN_READONLY, &from, err);
    if (rc == IR_OK) rc = ir_dbfile_open(path, SQLITE_OPEN_READWRITE, &to, err);
    if (rc == IR_OK) rc = ir_dbfile_open(path, SQLITE_OPEN_READONLY, &now, err);
    if (rc == IR_OK) {
        sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
        int step = b != NULL ? sqlite3_backup_step(b, 0) : sqlite3_errcode(to); /* locks */
        if (step == SQLITE_OK) {
            rc = stands(now, path, before, err);
            if (rc == IR_OK) step = sqlite3_backup_step(b, -1);
        }
        const int end = b != NULL ? sqlite3_backup_finish(b) : step;
        if (rc == IR_OK && step != SQLITE_DONE) rc = ir_dbfile_fail(step, path, err);
        if (rc == IR_OK && end != SQLITE_OK) rc = ir_dbfile_fail(end, path, err);
    }
    sqlite3_close(now);
    sqlite3_close(from);
    sqlite3_close(to);
    return rc;
}

/* Another file can have this one's name without anything of it being lost that is not inside: its
 * owner, who may read it, and other names of it. */
static bool can_be_exchanged(const char *path, const char *by)
{
    struct stat st, mine;
    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1) return false;
    if (lgetxattr(path, "system.posix_acl_access", NULL, 0) >= 0) return false;
    if (lstat(by, &mine) != 0) return false;
    if ((mine.st_uid != st.st_uid || mine.st_gid != st.st_gid) &&
        lchown(by, st.st_uid, st.st_gid) != 0)
        return false;
    return chmod(by, st.st_mode & 07777) == 0;
}

static bool keeps_rollback_journal(sqlite3 *sql, const char *pragma)
{
    sqlite3_stmt *s = NULL;
    bool does = sqlite3_prepare_v2(sql, pragma, -1, &s, NULL) == SQLITE_OK &&
                sqlite3_step(s) == SQLITE_ROW &&
                strcmp((const char *)sqlite3_column_text(s, 0), "delete") == 0;
    return sqlite3_finalize(s) == SQLITE_OK && does;
}

/* Locks out all others; fails when somebody has it open. Who is opening it now waits for the lock,
 * and holds the old file when the names are exchanged: as that keeps a rollback journal, SQLite
 * sees that it was moved, and writes nothing to it. */
static bool hold(const char *path, sqlite3 **ret)
{
    if (ir_dbfile_open(path, SQLITE_OPEN_READWRITE, ret, NULL) != IR_OK) return false;
    sqlite3_busy_timeout(*ret, 0);
    return keeps_rollback_journal(*ret, "PRAGMA journal_mode = DELETE") &&
           sqlite3_exec(*ret, "BEGIN EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK &&
           keeps_rollback_journal(*ret, "PRAGMA journal_mode"); /* nobody came in between */
}

/* The old file gets a second name, then the copy gets the first one: at each moment there is a
 * whole database. IR_END: it cannot be done this way. */
static int exchange_names(const char *path, const char *part, const char *kept,
                          const struct ir_audit_head *before, struct ir_err *err)
{
    sqlite3 *held = NULL;
    int rc = can_be_exchanged(path, part) && hold(path, &held) ? IR_OK : IR_END;
    if (rc == IR_OK) rc = stands(held, path, before, err);
    if (rc == IR_OK && link(path, kept) != 0) rc = IR_END;
    if (rc == IR_OK) {
        rc = ir_dbfile_name(part, path, err);
        if (rc != IR_OK) unlink(kept);
    }
    sqlite3_close(held);
    return rc;
}

static int keep_name(const char *path, int64_t now, char out[IR_DBFILE_PATH], struct ir_err *err)
{
    char at[IR_CASEDB_TIME], end[IR_CASEDB_TIME + 8] = ".before-";
    size_t n = strlen(end);
    ir_casedb_time(now, at);
    for (const char *p = at; *p != '\0'; p++) /* no file system minds these */
        if (*p != ':' && *p != '-' && *p != '.') end[n++] = *p;
    end[n] = '\0';
    return ir_dbfile_beside(out, path, end, err);
}

/* What cannot be read is moved aside, with its journal: it may be mended one day. */
static int set_aside(const char *path, const char *kept, struct ir_err *err)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char from[IR_DBFILE_PATH], to[IR_DBFILE_PATH];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int rc = ir_dbfile_beside(from, path, ends[i], err);
        if (rc == IR_OK) rc = ir_dbfile_beside(to, kept, ends[i], err);
        if (rc != IR_OK) return rc;
        if (rename(from, to) != 0 && errno != ENOENT)
            return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    }
    return IR_OK;
}

/* The copy, brought up to date, checked, and with the change that tells of the restoring. */
static int tell(struct ir_casedb *copied, const char *from, const struct ir_restoring *how,
                const struct ir_restored *r, struct ir_err *err)
{
    char text[2048];
    snprintf(text, sizeof text,
             "%" PRId64 ":%s from %.1000s; changes given up: %" PRId64 "%s%.500s", r->head.seq,
             r->head.sha256, from, r->lost, how->reason != NULL ? "; " : "",
             how->reason != NULL ? how->reason : "");
    int rc = ir_casedb_begin(copied, how->actor, how->now, err);
    if (rc == IR_OK) rc = ir_setting_set(copied, "restored", ir_str_z(text), err);
    return rc == IR_OK ? ir_casedb_commit(copied, err) : rc;
}

/* How the database stands beside the checked copy. IR_END: it cannot be read. */
static int compare(struct ir_casedb *db, const char *path, struct ir_casedb *copied,
                   struct ir_restored *r, struct ir_audit_head *ret_before, struct ir_err *err)
{
    int rc = ir_audit_head(db, ret_before, err);
    if (rc == IR_OK) rc = count_lost(db, copied, &r->lost, err);
    const int code = sqlite3_errcode(ir_casedb_handle(db)) & 0xff;
    if (rc < 0 && (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)) return IR_END;
    if (rc != IR_OK || ret_before->seq != r->head.seq || r->lost > 0) return rc;
    /* The trails are the same; but is the database what its trail says? */
    struct ir_audit_head head;
    r->same = ir_backup_check(db, path, path, false, &head, NULL) == IR_OK;
    return IR_OK;
}

/* Checks the copy and readies it. *db becomes NULL when it cannot be read. IR_END: changes would be
 * lost. */
static int prepare(struct ir_casedb **db, const char *path, const char *part, const char *from,
                   const struct ir_restoring *how, struct ir_restored *r,
                   struct ir_audit_head *ret_before, struct ir_err *err)
{
    struct ir_casedb *copied = NULL;
    int rc = ir_casedb_open(part, IR_CASEDB_WRITE, &copied, err);
    if (rc == IR_OK) rc = ir_backup_check(copied, part, from, true, &r->head, err);
    if (rc == IR_OK && *db != NULL) {
        rc = compare(*db, path, copied, r, ret_before, err);
        if (rc == IR_END) {
            ir_casedb_close(*db);
            *db = NULL;
            r->damaged = true;
            r->lost = 0;
            rc = IR_OK;
        }
    }
    if (rc == IR_OK && r->lost > 0 && how->reason == NULL)
        rc = IR_END;
    else if (rc == IR_OK && !r->same)
        rc = tell(copied, from, how, r, err);
    ir_casedb_close(copied); /* its journal goes into it */
    return rc;
}

/* Others have it open: a copy of it is kept, and they find the new one in its place. */
static int exchange_content(const char *path, const char *part, const char *kept,
                            const struct ir_audit_head *before, struct ir_err *err)
{
    sqlite3 *old = NULL;
    char beside[IR_DBFILE_PATH];
    int rc = ir_dbfile_beside(beside, kept, ".part", err);
    if (rc == IR_OK) rc = ir_dbfile_open(path, SQLITE_OPEN_READONLY, &old, err);
    if (rc != IR_OK) return rc;
    unlink(beside);
    rc = ir_dbfile_copy(old, path, beside, err);
    sqlite3_close(old);
    if (rc == IR_OK) rc = ir_dbfile_name(beside, kept, err);
    return rc == IR_OK ? replace(path, part, before, err) : rc;
}

/* The copy takes the place of the database, which is kept. there: it is, and can be read. */
static int exchange(bool there, const char *path, const char *part, const struct ir_restoring *how,
                    const struct ir_audit_head *before, struct ir_restored *r, struct ir_err *err)
{
    int rc = IR_OK;
    if (there || r->damaged) rc = keep_name(path, how->now, r->kept, err);
    if (rc != IR_OK) return rc;
    if (there) {
        rc = exchange_names(path, part, r->kept, before, err);
        return rc == IR_END ? exchange_content(path, part, r->kept, before, err) : rc;
    }
    if (r->damaged) rc = set_aside(path, r->kept, err);
    return rc == IR_OK ? ir_dbfile_name(part, path, err) : rc;
}

int ir_casedb_restore(const char *path, const char *from, const struct ir_restoring *how,
                      struct ir_restored *ret, struct ir_err *err)
{
    char part[IR_DBFILE_PATH];
    struct ir_casedb *db = NULL;
    sqlite3 *source = NULL;
    struct ir_audit_head before = {0};
    *ret = (struct ir_restored){.kept = ""};
    int rc = ir_dbfile_beside(part, path, ".restore", err);
    if (rc == IR_OK) rc = ir_dbfile_open(from, SQLITE_OPEN_READONLY, &source, err);
    if (rc != IR_OK) return rc;
    unlink(part); /* of one that was broken off */
    rc = ir_dbfile_copy(source, from, part, err);
    sqlite3_close(source);
    if (rc == IR_OK) ret->damaged = ir_casedb_open(path, IR_CASEDB_READ, &db, NULL) < 0;
    if (rc == IR_OK) rc = prepare(&db, path, part, from, how, ret, &before, err);
    const bool there = db != NULL;
    ir_casedb_close(db);
    if (rc == IR_OK && !ret->same) rc = exchange(there, path, part, how, &before, ret, err);
    unlink(part);
    return rc;
}
