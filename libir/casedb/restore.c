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
#include "casedb/query.h"
#include "casedb/setting.h"
#include "casedb/shape.h"

#define CHANGED (IR_END + 1) /* a result: compare it anew */
#define TRIES   20           /* against others who write all the time */

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

/* The database stands where it stood when it was compared, or has CHANGED. sql: a connection of
 * SQLite's to it, in a transaction. */
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
    return same ? IR_OK : CHANGED;
}

/* Gives the old state a file of its own, under the lock that keeps all others from writing: `now`
 * reads beside it. before: NULL when the old one cannot be read, and so nothing says where it
 * stood. */
static int keep_copy(sqlite3 *now, const char *path, const char *kept,
                     const struct ir_audit_head *before, struct ir_err *err)
{
    char part[IR_DBFILE_PATH];
    int rc = ir_dbfile_beside(part, kept, ".part", err);
    if (rc == IR_OK && before != NULL) rc = stands(now, path, before, err);
    if (rc != IR_OK) return rc;
    ir_dbfile_remove(part);
    rc = ir_dbfile_copy(now, path, part, err);
    if (rc == IR_OK) rc = ir_dbfile_name(part, kept, false, err);
    if (rc != IR_OK) ir_dbfile_remove(part);
    return rc;
}

/* Others have it open: a copy of it is kept, and they find the new one in its place, written there
 * in one transaction. */
static int exchange_content(const char *path, const char *copy_path, const char *kept,
                            const struct ir_audit_head *before, struct ir_err *err)
{
    sqlite3 *to = NULL, *from = NULL, *now = NULL;
    int rc = ir_dbfile_open(copy_path, SQLITE_OPEN_READONLY, &from, err);
    if (rc == IR_OK) rc = ir_dbfile_open(path, SQLITE_OPEN_READWRITE, &to, err);
    if (rc == IR_OK) rc = ir_dbfile_open(path, SQLITE_OPEN_READONLY, &now, err);
    if (rc == IR_OK) {
        /* With a rollback journal nobody, so not `now` either, reads beside a writer. */
        sqlite3_exec(to, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
        int step = b != NULL ? sqlite3_backup_step(b, 0) : sqlite3_errcode(to); /* locks */
        if (step == SQLITE_OK) rc = keep_copy(now, path, kept, before, err);
        const bool made = step == SQLITE_OK && rc == IR_OK;
        if (made) step = sqlite3_backup_step(b, -1);
        const int end = b != NULL ? sqlite3_backup_finish(b) : step;
        if (rc == IR_OK && step != SQLITE_DONE) rc = ir_dbfile_fail(step, path, err);
        if (rc == IR_OK && end != SQLITE_OK) rc = ir_dbfile_fail(end, path, err);
        if (made && rc != IR_OK) unlink(kept); /* of what is in its place still */
    }
    sqlite3_close(now);
    sqlite3_close(from);
    sqlite3_close(to);
    return rc;
}

/* `by` gets the owner and the mode of path. */
static bool dress(const char *by, const struct stat *st)
{
    struct stat mine;
    if (lstat(by, &mine) != 0) return false;
    if ((mine.st_uid != st->st_uid || mine.st_gid != st->st_gid) &&
        lchown(by, st->st_uid, st->st_gid) != 0)
        return false;
    return chmod(by, st->st_mode & 07777) == 0;
}

/* Another file can have this one's name without anything of it being lost that is not inside: its
 * owner, who may read it, and other names of it. */
static bool can_be_exchanged(const char *path, const char *by)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 &&
           lgetxattr(path, "system.posix_acl_access", NULL, 0) < 0 && dress(by, &st);
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

static bool are_one(const char *a, const char *b)
{
    struct stat sa, sb;
    return lstat(a, &sa) == 0 && lstat(b, &sb) == 0 && sa.st_ino == sb.st_ino &&
           sa.st_dev == sb.st_dev;
}

/* The old file gets a second name, then the copy gets the first one: at each moment there is a
 * whole database. IR_END: it cannot be done this way. */
static int exchange_names(const char *path, const char *part, const char *kept,
                          const struct ir_audit_head *before, struct ir_err *err)
{
    sqlite3 *held = NULL;
    int rc = can_be_exchanged(path, part) && hold(path, &held) ? IR_OK : IR_END;
    if (rc == IR_OK && before != NULL) rc = stands(held, path, before, err);
    if (rc == IR_OK && link(path, kept) != 0) rc = IR_END;
    if (rc == IR_OK) {
        rc = ir_dbfile_name(part, path, true, err);
        if (rc != IR_OK && are_one(path, kept)) unlink(kept);
    }
    sqlite3_close(held);
    return rc;
}

static int name_at(const char *path, int64_t now, char out[IR_DBFILE_PATH], struct ir_err *err)
{
    char at[IR_CASEDB_TIME], end[IR_CASEDB_TIME + 8] = ".before-";
    size_t n = strlen(end);
    ir_casedb_time(now, at);
    for (const char *p = at; *p != '\0'; p++) /* no file system minds these */
        if (*p != ':' && *p != '-' && *p != '.') end[n++] = *p;
    end[n] = '\0';
    return ir_dbfile_beside(out, path, end, err);
}

/* A name that nothing has: another restoring may have begun in the same millisecond. */
static int keep_name(const char *path, int64_t now, char out[IR_DBFILE_PATH], struct ir_err *err)
{
    struct stat st;
    int rc;
    while ((rc = name_at(path, now, out, err)) == IR_OK && lstat(out, &st) == 0)
        now += 1000000;
    return rc;
}

/* What cannot be read is kept with its journals: it may be mended one day. The file itself keeps
 * its place, where there are links, until the copy takes it. Without a file its journals are moved
 * all the same: SQLite would put what they hold into the new one. */
static int set_aside(const char *path, const char *part, const char *kept, struct ir_err *err)
{
    struct stat st;
    const bool there = stat(path, &st) == 0;
    ir_err_at(err, path, -1, 0);
    if (there) dress(part, &st);
    if (there && link(path, kept) != 0 && rename(path, kept) != 0)
        return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    const int rc = ir_dbfile_move_journals(path, kept, err);
    return rc == IR_OK ? ir_dbfile_name(part, path, true, err) : rc;
}

/* The copy gets the change that tells of the restoring. */
static int tell(struct ir_casedb *copied, const char *from, const struct ir_restoring *how,
                const struct ir_restored *r, struct ir_err *err)
{
    char text[2048], lost[32] = "unknown";
    if (!r->damaged) snprintf(lost, sizeof lost, "%" PRId64, r->lost);
    snprintf(text, sizeof text, "%" PRId64 ":%s from %.1000s; changes given up: %s%s%.500s",
             r->head.seq, r->head.sha256, from, lost, how->reason != NULL ? "; " : "",
             how->reason != NULL ? how->reason : "");
    int rc = ir_casedb_begin(copied, how->actor, how->now, err);
    if (rc == IR_OK) rc = ir_setting_set(copied, "restored", ir_str_z(text), err);
    return rc == IR_OK ? ir_casedb_commit(copied, err) : rc;
}

/* The old database. */
struct old {
    struct ir_casedb *db; /* NULL: there is none, or it cannot be read */
    struct ir_audit_head head;
    bool there, empty;
};

static bool is_damaged(const char *path)
{
    sqlite3 *sql;
    int code = ir_dbfile_connect(path, SQLITE_OPEN_READONLY, false, &sql);
    sqlite3_extended_result_codes(sql, 1);
    if (code == SQLITE_OK)
        code = sqlite3_exec(sql, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    sqlite3_close(sql);
    return ir_dbfile_is_damage(code);
}

static void if_of_trail(void *user, const struct ir_audit_fault *f)
{
    bool *trail = user;
    *trail |= strcmp(f->table, "audit") == 0;
}

/* What cannot be read is told from what may not be read now: a lock of others, or a right that is
 * lacking, is no reason to give it up. What stands in the place of the trail is not read. */
static int look(const char *path, struct old *old, struct ir_restored *r, struct ir_err *err)
{
    uint64_t n;
    bool no_trail = false;
    old->there = old->empty = r->damaged = ir_dbfile_is_empty(path);
    if (old->empty) return IR_OK;
    const int rc = ir_casedb_open(path, IR_CASEDB_READ, &old->db, err);
    old->there = rc != IR_END;
    if (rc < 0) r->damaged = is_damaged(path);
    if (rc != IR_OK) return rc == IR_END || r->damaged ? IR_OK : rc;
    if (ir_shape_check(old->db, if_of_trail, &no_trail, &n, NULL) == IR_OK && !no_trail)
        return IR_OK;
    ir_casedb_close(old->db);
    old->db = NULL;
    r->damaged = true;
    return IR_OK;
}

/* How the database stands beside the checked copy. */
static int compare(struct old *old, const char *path, struct ir_casedb *copied,
                   const struct ir_restoring *how, struct ir_restored *r, struct ir_err *err)
{
    int rc = ir_audit_head(old->db, &old->head, err);
    if (rc == IR_OK) rc = count_lost(old->db, copied, &r->lost, err);
    if (rc < 0 && ir_dbfile_is_damage(sqlite3_extended_errcode(ir_casedb_handle(old->db)))) {
        ir_casedb_close(old->db);
        old->db = NULL;
        r->damaged = true;
        r->lost = 0;
        return IR_OK;
    }
    if (rc != IR_OK || old->head.seq != r->head.seq || r->lost > 0) return rc;
    if (how->reason != NULL) return IR_OK; /* there is one: an end that was cut off, say */
    /* The trails are the same; but is the database what its trail says? */
    struct ir_audit_head head;
    r->same = ir_backup_check(old->db, path, false, &head, NULL) == IR_OK;
    return IR_OK;
}

/* Checks the copy and readies it. IR_END: changes would be lost. */
static int prepare(struct old *old, const char *path, const char *part, const char *from,
                   const struct ir_restoring *how, struct ir_restored *r, struct ir_err *err)
{
    struct ir_casedb *copied = NULL;
    int rc = ir_casedb_open(part, IR_CASEDB_WRITE, &copied, err);
    if (rc == IR_OK) rc = ir_backup_check(copied, from, true, &r->head, err);
    if (rc != IR_OK) ir_err_at(err, from, -1, 0); /* not the copy's name, which nobody knows */
    if (rc == IR_OK && old->db != NULL) rc = compare(old, path, copied, how, r, err);
    if (rc == IR_OK && r->lost > 0 && how->reason == NULL)
        rc = IR_END;
    else if (rc == IR_OK && !r->same)
        rc = tell(copied, from, how, r, err);
    ir_casedb_close(copied); /* its journal goes into it */
    if (rc == IR_OK && !ir_dbfile_is_alone(part))
        rc = ir_fail(err, IR_FATAL, "the disk is full: nothing was changed");
    return rc;
}

/* The copy takes the place of the database, which is kept. */
static int exchange(const struct old *old, bool readable, const char *path, const char *part,
                    const struct ir_restoring *how, struct ir_restored *r, struct ir_err *err)
{
    const struct ir_audit_head *before = readable ? &old->head : NULL;
    int rc = keep_name(path, how->now, r->kept, err);
    if (rc != IR_OK) return rc;
    if (old->there && !old->empty) {
        rc = exchange_names(path, part, r->kept, before, err);
        if (rc == IR_END) rc = exchange_content(path, part, r->kept, before, err);
        if (rc == IR_OK || readable) return rc;
    }
    rc = set_aside(path, part, r->kept, err);
    if (!old->there) r->kept[0] = '\0';
    return rc;
}

/* SQLite waits at a FIFO for ever, and takes what is empty for a database. */
static int copy_backup(const char *from, const char *part, struct ir_err *err)
{
    struct stat st;
    sqlite3 *source = NULL;
    ir_err_at(err, from, -1, 0);
    if (stat(from, &st) != 0) return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    if (!S_ISREG(st.st_mode)) return ir_fail(err, IR_BAD, "not a regular file");
    if (are_one(from, part)) return ir_fail(err, IR_BAD, "give it another name first");
    int rc = ir_dbfile_open(from, SQLITE_OPEN_READONLY, &source, err);
    if (rc != IR_OK) return rc;
    ir_dbfile_remove(part); /* of one that was broken off */
    rc = ir_dbfile_copy(source, from, part, err);
    sqlite3_close(source);
    return rc;
}

static int restore(const char *path, const char *from, const struct ir_restoring *how,
                   struct ir_restored *ret, struct ir_err *err)
{
    char part[IR_DBFILE_PATH];
    struct old old = {.db = NULL};
    *ret = (struct ir_restored){.kept = ""};
    int rc = ir_dbfile_beside(part, path, ".restore", err);
    if (rc == IR_OK) rc = copy_backup(from, part, err);
    if (rc != IR_OK) return rc;
    rc = look(path, &old, ret, err);
    if (rc == IR_OK) rc = prepare(&old, path, part, from, how, ret, err);
    const bool readable = old.db != NULL;
    ir_casedb_close(old.db);
    if (rc == IR_OK && !ret->same) rc = exchange(&old, readable, path, part, how, ret, err);
    ir_dbfile_remove(part);
    return rc;
}

int ir_casedb_restore(const char *path, const char *from, const struct ir_restoring *how,
                      struct ir_restored *ret, struct ir_err *err)
{
    for (int i = 0; i < TRIES; i++) {
        const int rc = restore(path, from, how, ret, err);
        if (rc != CHANGED) return rc;
    }
    ir_err_at(err, path, -1, 0);
    return ir_fail(err, IR_FATAL, "somebody wrote meanwhile; again");
}
