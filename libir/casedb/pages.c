/*
 * The pages and indexes of a database file. See pages.h.
 */
#include "casedb/pages.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/intl.h"
#include "casedb/dbfile.h"
#include "casedb/query.h"

#define SAID_MAX 20u /* things that are told: who damages pages damages many */

struct ir_pages {
    pthread_t thread;
    const char *path;
    bool runs, own;
    int rc;
    struct ir_err err;
    size_t n;
    char said[SAID_MAX][128]; /* SQLite's words */
};

void ir_pages_map(struct ir_casedb *db)
{
    sqlite3_exec(ir_casedb_handle(db), "PRAGMA mmap_size = 2147418112", NULL, NULL, NULL);
}

static void note(struct ir_pages *p, struct ir_str words)
{
    if (p->n < SAID_MAX)
        snprintf(p->said[p->n++], sizeof *p->said, "%.*s", IR_FMT(ir_str_head(words, 120)));
}

static int check(struct ir_pages *p, struct ir_casedb *db)
{
    struct ir_query q = {.db = db};
    int rc = ir_query_open(&q, db, "PRAGMA integrity_check(20)", &p->err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &p->err)) == IR_OK)
        if (!ir_str_eq(ir_query_text(&q, 0), IR_S("ok"))) note(p, ir_query_text(&q, 0));
    const int code = sqlite3_extended_errcode(ir_casedb_handle(db));
    ir_query_close(&q);
    if (rc >= 0) return IR_OK;
    if (!ir_dbfile_is_damage(code)) return rc;
    note(p, ir_str_z(sqlite3_errstr(code)));
    return IR_OK;
}

static void *run(void *arg)
{
    struct ir_pages *p = arg;
    struct ir_casedb *db = NULL;
    p->rc = ir_casedb_open(p->path, IR_CASEDB_READ, &db, &p->err);
    if (p->rc == IR_END) p->rc = ir_fail(&p->err, IR_FATAL, "the file is gone");
    if (p->rc == IR_OK && p->own) ir_pages_map(db);
    if (p->rc == IR_OK) p->rc = check(p, db);
    ir_casedb_close(db);
    return NULL;
}

int ir_pages_begin(struct ir_casedb *db, bool own, struct ir_pages **ret, struct ir_err *err)
{
    struct ir_pages *p = *ret = calloc(1, sizeof *p);
    if (p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    p->path = sqlite3_db_filename(ir_casedb_handle(db), "main");
    p->own = own;
    p->runs = pthread_create(&p->thread, NULL, run, p) == 0;
    return IR_OK;
}

int ir_pages_end(struct ir_pages *p, void (*fault)(void *user, const struct ir_audit_fault *f),
                 void *user, uint64_t *ret_n, struct ir_err *err)
{
    *ret_n = 0;
    if (p == NULL) return IR_OK;
    if (p->runs)
        pthread_join(p->thread, NULL);
    else
        run(p);
    for (size_t i = 0; i < p->n; i++) {
        const struct ir_audit_fault f = {
            0, "", p->said[i], "",
            N_("the pages or indexes of the file do not agree; ir case restore takes a backup")};
        fault(user, &f);
    }
    *ret_n = p->n;
    const int rc = p->rc;
    if (rc != IR_OK && err != NULL) *err = p->err;
    free(p);
    return rc;
}
