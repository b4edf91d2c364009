/*
 * Backup and restore by SQLite's backup API (https://www.sqlite.org/backup.html). See backup.h.
 *
 * A backup comes from a drawer, a share or a USB stick: it is taken for hostile until its pages and
 * its audit trail were checked, and that is done with a copy that nobody else can change meanwhile.
 */
#include "casedb/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "casedb/incident.h"
#include "casedb/query.h"
#include "casedb/shape.h"

#define PATH_BYTES 4096u

static int path_with(char out[PATH_BYTES], const char *path, const char *end, struct ir_err *err)
{
    const int n = snprintf(out, PATH_BYTES, "%s%s", path, end);
    if (n > 0 && (size_t)n < PATH_BYTES) return IR_OK;
    return ir_fail(err, IR_BAD, "the path is too long");
}

/* code: the result of SQLite's. */
static int sql_fail(int code, const char *path, struct ir_err *err)
{
    ir_err_at(err, path, -1, 0);
    switch (code & 0xff) {
    case SQLITE_FULL: return ir_fail(err, IR_FATAL, "the disk is full: nothing was changed");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return ir_fail(err, IR_BAD, "damaged, or no database");
    default: return ir_fail(err, IR_FATAL, "%s", sqlite3_errstr(code));
    }
}

static int open_raw(const char *path, int flags, sqlite3 **ret, struct ir_err *err)
{
    *ret = NULL;
    const int code = sqlite3_open_v2(path, ret, flags, NULL);
    if (code != SQLITE_OK) { /* there may be a handle all the same */
        sqlite3_close(*ret);
        *ret = NULL;
        return sql_fail(code, path, err);
    }
    sqlite3_busy_timeout(*ret, 30000);
    return IR_OK;
}

/* All pages in one step: one state of the source, and writers go on meanwhile. */
static int copy(sqlite3 *from, const char *source, const char *to, struct ir_err *err)
{
    sqlite3 *sql;
    const int fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    ir_err_at(err, to, -1, 0);
    if (fd < 0)
        return ir_fail(err, errno == EEXIST ? IR_BAD : IR_FATAL, "%s", ir_errno_text(errno));
    close(fd);
    int rc = open_raw(to, SQLITE_OPEN_READWRITE, &sql, err);
    if (rc == IR_OK) {
        sqlite3_backup *b = sqlite3_backup_init(sql, "main", from, "main");
        const int step = b != NULL ? sqlite3_backup_step(b, -1) : sqlite3_errcode(sql);
        const int end = b != NULL ? sqlite3_backup_finish(b) : SQLITE_ERROR;
        if (step != SQLITE_DONE || end != SQLITE_OK)
            rc = sql_fail(step != SQLITE_DONE ? step : end, source, err);
        /* One file without a journal beside it, on disk. */
        int code = SQLITE_OK;
        if (rc == IR_OK)
            code = sqlite3_exec(sql, "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE",
                                NULL, NULL, NULL);
        if (code != SQLITE_OK) rc = sql_fail(code, to, err);
    }
    sqlite3_close(sql);
    if (rc != IR_OK) unlink(to);
    return rc;
}

static void first_fault(void *user, const struct ir_audit_fault *f)
{
    char *what = user;
    if (*what != '\0') return;
    snprintf(what, 256, "%.60s%s%.60s: %s", f->table, f->row[0] != '\0' ? " " : "", f->row,
             f->what);
}

/* What is taken in is checked whole; of what is put aside it is enough that it can be read. */
#define WHOLE    "PRAGMA integrity_check(1)"
#define READABLE "PRAGMA quick_check(1)"

/* IR_BAD: pages of it are lost or wrong. */
static int check_pages(struct ir_casedb *db, const char *how, const char *name, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, how, err);
    if (rc != IR_OK) return rc;
    rc = ir_query_next(&q, err);
    const bool sound = rc == IR_OK && ir_str_eq(ir_query_text(&q, 0), IR_S("ok"));
    ir_query_close(&q);
    ir_err_at(err, name, -1, 0);
    return sound ? IR_OK : ir_fail(err, IR_BAD, "damaged, or no database");
}

/* The same, beside other work that takes as long: the proof of the trail, or a copy. */
struct pages {
    pthread_t thread;
    bool runs;
    const char *how, *path, *name;
    int rc;
    struct ir_err err;
};

static void *run_pages(void *arg)
{
    struct pages *p = arg;
    struct ir_casedb *db = NULL;
    p->rc = ir_casedb_open(p->path, IR_CASEDB_READ, &db, &p->err);
    if (p->rc == IR_OK) p->rc = check_pages(db, p->how, p->name, &p->err);
    ir_casedb_close(db);
    return NULL;
}

static void begin_pages(struct pages *p, const char *how, const char *path, const char *name)
{
    *p = (struct pages){.how = how, .path = path, .name = name};
    p->runs = pthread_create(&p->thread, NULL, run_pages, p) == 0;
}

/* IR_END: there is no such file. */
static int end_pages(struct pages *p, struct ir_err *err)
{
    if (p->runs)
        pthread_join(p->thread, NULL);
    else
        run_pages(p);
    if (p->rc == IR_OK) return IR_OK;
    if (err != NULL) *err = p->err;
    return p->rc;
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

/* The shape, then pages and trail. path: where db is; name: what messages call it. IR_BAD:
 * something is wrong with it. */
static int check(struct ir_casedb *db, const char *path, const char *name,
                 struct ir_audit_head *ret_head, struct ir_err *err)
{
    struct ir_audit_result r;
    struct pages pages;
    struct ir_err mine = {0};
    char what[256] = "";
    int rc = check_shape(db, name, err);
    if (rc != IR_OK) return rc;
    begin_pages(&pages, WHOLE, path, name);
    rc = ir_audit_verify(db, NULL, 0, first_fault, what, &r, &mine);
    const int sound = end_pages(&pages, err);
    if (sound == IR_END) return ir_fail(err, IR_BAD, "damaged, or no database");
    if (sound != IR_OK) return sound; /* a trail that cannot be read says less */
    if (rc != IR_OK && err != NULL) *err = mine;
    if (rc == IR_OK) rc = ir_audit_head(db, ret_head, err);
    ir_err_at(err, name, -1, 0);
    if (rc == IR_OK && r.faults > 0)
        return ir_fail(err, IR_BAD, "not what its audit trail says: %s", what);
    return rc;
}

/* A file beside its place until it was checked: what is half written never has the name. */
int ir_casedb_backup(struct ir_casedb *db, const char *to, struct ir_audit_head *ret_head,
                     struct ir_err *err)
{
    char part[PATH_BYTES];
    struct ir_casedb *made = NULL;
    struct stat st;
    int rc = path_with(part, to, ".part", err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, to, -1, 0);
    if (lstat(to, &st) == 0) return ir_fail(err, IR_BAD, "is there already");
    unlink(part); /* of a backup that was broken off */
    rc = copy(ir_casedb_handle(db), to, part, err);
    if (rc != IR_OK) return rc;
    rc = ir_casedb_open(part, IR_CASEDB_READ, &made, err);
    if (rc == IR_OK) rc = check(made, part, to, ret_head, err);
    ir_casedb_close(made);
    if (rc == IR_OK && rename(part, to) != 0)
        rc = ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    if (rc != IR_OK) unlink(part);
    return rc;
}

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

/* Puts the checked copy into the database that others may have open: in one transaction, which
 * begins only when nothing was written since `lost` was counted. */
static int replace(struct ir_casedb *db, const char *path, const char *copy_path,
                   const struct ir_audit_head *before, struct ir_err *err)
{
    sqlite3 *to = NULL, *from = NULL;
    struct ir_audit_head now;
    int rc = open_raw(copy_path, SQLITE_OPEN_READONLY, &from, err);
    if (rc == IR_OK) rc = open_raw(path, SQLITE_OPEN_READWRITE, &to, err);
    if (rc == IR_OK) {
        sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
        int step = b != NULL ? sqlite3_backup_step(b, 0) : sqlite3_errcode(to); /* locks */
        if (step == SQLITE_OK) {
            rc = ir_audit_head(db, &now, err);
            if (rc == IR_OK && (now.seq != before->seq || strcmp(now.sha256, before->sha256) != 0))
                rc = ir_fail(err, IR_FATAL, "somebody wrote meanwhile; again");
            if (rc == IR_OK) step = sqlite3_backup_step(b, -1);
        }
        const int end = b != NULL ? sqlite3_backup_finish(b) : step;
        if (rc == IR_OK && step != SQLITE_DONE) rc = sql_fail(step, path, err);
        if (rc == IR_OK && end != SQLITE_OK) rc = sql_fail(end, path, err);
    }
    sqlite3_close(from);
    sqlite3_close(to);
    return rc;
}

static int keep_name(const char *path, int64_t now, char out[PATH_BYTES], struct ir_err *err)
{
    char at[IR_CASEDB_TIME], end[IR_CASEDB_TIME + 8] = ".before-";
    size_t n = strlen(end);
    ir_casedb_time(now, at);
    for (const char *p = at; *p != '\0'; p++) /* no file system minds these */
        if (*p != ':' && *p != '-' && *p != '.') end[n++] = *p;
    end[n] = '\0';
    return path_with(out, path, end, err);
}

/* What cannot be read is moved aside, with its journal: it may be mended one day. */
static int set_aside(const char *path, const char *kept, struct ir_err *err)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char from[PATH_BYTES], to[PATH_BYTES];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int rc = path_with(from, path, ends[i], err);
        if (rc == IR_OK) rc = path_with(to, kept, ends[i], err);
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

/* Checks the copy and readies it. db NULL: there is no other, or it cannot be read. IR_END:
 * changes would be lost. */
static int prepare(struct ir_casedb *db, const char *part, const char *from,
                   const struct ir_restoring *how, struct ir_restored *r,
                   struct ir_audit_head *ret_before, struct ir_err *err)
{
    struct ir_casedb *copied = NULL;
    int rc = ir_casedb_open(part, IR_CASEDB_WRITE, &copied, err);
    if (rc == IR_OK) rc = check(copied, part, from, &r->head, err);
    if (rc == IR_OK && db != NULL) {
        rc = ir_audit_head(db, ret_before, err);
        if (rc == IR_OK) rc = count_lost(db, copied, &r->lost, err);
        r->same = rc == IR_OK && ret_before->seq == r->head.seq && r->lost == 0;
    }
    if (rc == IR_OK && r->lost > 0 && how->reason == NULL)
        rc = IR_END;
    else if (rc == IR_OK && !r->same)
        rc = tell(copied, from, how, r, err);
    ir_casedb_close(copied); /* its journal goes into it */
    return rc;
}

/* The copy takes the place of the database, which is kept. */
static int exchange(struct ir_casedb *db, const char *path, const char *part,
                    const struct ir_restoring *how, const struct ir_audit_head *before,
                    struct ir_restored *r, struct ir_err *err)
{
    int rc = IR_OK;
    if (db != NULL || r->damaged) rc = keep_name(path, how->now, r->kept, err);
    if (rc != IR_OK) return rc;
    if (db != NULL) {
        rc = copy(ir_casedb_handle(db), path, r->kept, err);
        return rc == IR_OK ? replace(db, path, part, before, err) : rc;
    }
    if (r->damaged) rc = set_aside(path, r->kept, err);
    if (rc == IR_OK && rename(part, path) != 0)
        rc = ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    return rc;
}

int ir_casedb_restore(const char *path, const char *from, const struct ir_restoring *how,
                      struct ir_restored *ret, struct ir_err *err)
{
    char part[PATH_BYTES];
    struct ir_casedb *db = NULL;
    sqlite3 *source = NULL;
    struct ir_err mine = {0};
    struct pages old;
    struct ir_audit_head before = {0};
    *ret = (struct ir_restored){.kept = ""};
    int rc = path_with(part, path, ".restore", err);
    if (rc == IR_OK) rc = open_raw(from, SQLITE_OPEN_READONLY, &source, err);
    if (rc != IR_OK) return rc;
    unlink(part); /* of one that was broken off */
    begin_pages(&old, READABLE, path, path);
    rc = copy(source, from, part, err);
    sqlite3_close(source);
    const int found = end_pages(&old, &mine);
    ret->damaged = found < 0;
    if (rc == IR_OK && found == IR_OK) rc = ir_casedb_open(path, IR_CASEDB_READ, &db, err);
    if (rc == IR_OK) rc = prepare(db, part, from, how, ret, &before, err);
    if (rc == IR_OK && !ret->same) rc = exchange(db, path, part, how, &before, ret, err);
    ir_casedb_close(db);
    unlink(part);
    return rc;
}
