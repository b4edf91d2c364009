/*
 * Backups of the case database, and the proof that a database is one. See backup.h.
 */
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "casedb/backup_int.h"
#include "casedb/dbfile.h"
#include "casedb/query.h"
#include "casedb/shape.h"

static void first_fault(void *user, const struct ir_audit_fault *f)
{
    char *what = user;
    if (*what != '\0') return;
    snprintf(what, 256, "%.60s%s%.60s: %s", f->table, f->row[0] != '\0' ? " " : "", f->row,
             f->what);
}

/* IR_BAD: pages of it are lost or wrong. */
static int check_pages(struct ir_casedb *db, const char *name, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, "PRAGMA integrity_check(1)", err);
    if (rc != IR_OK) return rc;
    rc = ir_query_next(&q, err);
    const bool sound = rc == IR_OK && ir_str_eq(ir_query_text(&q, 0), IR_S("ok"));
    ir_query_close(&q);
    ir_err_at(err, name, -1, 0);
    return sound ? IR_OK : ir_fail(err, IR_BAD, "damaged, or no database");
}

/* Reading pages where they lie in memory: half the time, and a signal that kills when somebody cuts
 * the file meanwhile. */
static void map_pages(struct ir_casedb *db)
{
    sqlite3_exec(ir_casedb_handle(db), "PRAGMA mmap_size = 2147418112", NULL, NULL, NULL);
}

/* The same, beside the proof of the trail, which takes as long. */
struct pages {
    pthread_t thread;
    bool runs, own;
    const char *path, *name;
    int rc;
    struct ir_err err;
};

static void *run_pages(void *arg)
{
    struct pages *p = arg;
    struct ir_casedb *db = NULL;
    p->rc = ir_casedb_open(p->path, IR_CASEDB_READ, &db, &p->err);
    if (p->rc == IR_OK && p->own) map_pages(db);
    if (p->rc == IR_OK) p->rc = check_pages(db, p->name, &p->err);
    ir_casedb_close(db);
    return NULL;
}

static void begin_pages(struct pages *p)
{
    p->runs = pthread_create(&p->thread, NULL, run_pages, p) == 0;
}

static int end_pages(struct pages *p, struct ir_err *err)
{
    if (p->runs)
        pthread_join(p->thread, NULL);
    else
        run_pages(p);
    if (p->rc == IR_END) return ir_fail(err, IR_BAD, "damaged, or no database"); /* gone */
    if (p->rc != IR_OK && err != NULL) *err = p->err;
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

int ir_backup_check(struct ir_casedb *db, const char *path, const char *name, bool own,
                    struct ir_audit_head *ret_head, struct ir_err *err)
{
    struct ir_audit_result r;
    struct pages pages = {.own = own, .path = path, .name = name};
    struct ir_err mine = {0};
    char what[256] = "";
    int rc = check_shape(db, name, err);
    if (rc != IR_OK) return rc;
    if (own) map_pages(db);
    begin_pages(&pages);
    rc = ir_audit_verify(db, NULL, 0, first_fault, what, &r, &mine);
    const int sound = end_pages(&pages, err);
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
    char part[IR_DBFILE_PATH];
    struct ir_casedb *made = NULL;
    struct stat st;
    int rc = ir_dbfile_beside(part, to, ".part", err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, to, -1, 0);
    if (lstat(to, &st) == 0) return ir_fail(err, IR_BAD, "is there already");
    unlink(part); /* of a backup that was broken off */
    rc = ir_dbfile_copy(ir_casedb_handle(db), to, part, err);
    if (rc != IR_OK) return rc;
    rc = ir_casedb_open(part, IR_CASEDB_READ, &made, err);
    if (rc == IR_OK) rc = ir_backup_check(made, part, to, true, ret_head, err);
    ir_casedb_close(made);
    if (rc == IR_OK) rc = ir_dbfile_name(part, to, err);
    if (rc != IR_OK) unlink(part);
    return rc;
}
