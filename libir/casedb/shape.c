/*
 * The shape of a database against one that is made anew in memory. See shape.h. SQLite's own
 * statistics (ANALYZE) are the one thing that may stand there besides.
 */
#include "casedb/shape.h"

#include <sqlite3.h>

#include "base/intl.h"
#include "casedb/query.h"

struct shape {
    struct ir_casedb *db;
    sqlite3 *ours;
    void (*fault)(void *user, const struct ir_audit_fault *f);
    void *user;
    uint64_t n;
};

static void tell(struct shape *s, const char *name, const char *what)
{
    const struct ir_audit_fault f = {0, name, "", "", what};
    s->n++;
    s->fault(s->user, &f);
}

/* IR_END: the database has no such part. */
static int has_part(struct ir_casedb *db, sqlite3_stmt *part, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2 AND tbl_name "
                           "= ?3 AND sql IS ?4",
                           err);
    if (rc != IR_OK) return rc;
    for (int i = 0; i < 4; i++)
        ir_query_text_arg(&q, i + 1, ir_str_z((const char *)sqlite3_column_text(part, i)));
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc;
}

/* Each part of ours must be there, word by word. */
static int find_ours(struct shape *s, struct ir_err *err)
{
    sqlite3_stmt *st;
    int rc = IR_OK;
    if (sqlite3_prepare_v2(s->ours, "SELECT type, name, tbl_name, sql FROM sqlite_schema", -1, &st,
                           NULL) != SQLITE_OK)
        return ir_fail(err, IR_FATAL, "%s", sqlite3_errmsg(s->ours));
    while (rc == IR_OK && sqlite3_step(st) == SQLITE_ROW) {
        rc = has_part(s->db, st, err);
        if (rc != IR_END) continue;
        tell(s, (const char *)sqlite3_column_text(st, 1), N_("is not built as ir builds it"));
        rc = IR_OK;
    }
    sqlite3_finalize(st);
    return rc;
}

static bool is_ours(struct shape *s, struct ir_str type, struct ir_str name)
{
    sqlite3_stmt *st;
    bool found = false;
    if (sqlite3_prepare_v2(s->ours, "SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2", -1,
                           &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, type.p, (int)type.n, SQLITE_STATIC);
        sqlite3_bind_text(st, 2, name.p, (int)name.n, SQLITE_STATIC);
        found = sqlite3_step(st) == SQLITE_ROW;
    }
    sqlite3_finalize(st);
    return found;
}

static int find_others(struct shape *s, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, s->db,
                           "SELECT type, name FROM sqlite_schema WHERE ifnull(sql, '') NOT IN "
                           "('CREATE TABLE sqlite_stat1(tbl,idx,stat)', 'CREATE TABLE "
                           "sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)') LIMIT 1000",
                           err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK)
        if (!is_ours(s, ir_query_text(&q, 0), ir_query_text(&q, 1)))
            tell(s, ir_query_text(&q, 1).p, N_("is none of ir's: a trigger, view or table"));
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_shape_check(struct ir_casedb *db, void (*fault)(void *user, const struct ir_audit_fault *f),
                   void *user, uint64_t *ret_n, struct ir_err *err)
{
    struct shape s = {.db = db, .fault = fault, .user = user};
    int rc = sqlite3_open(":memory:", &s.ours) == SQLITE_OK && ir_casedb_build(s.ours)
                 ? IR_OK
                 : ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK) rc = find_ours(&s, err);
    if (rc == IR_OK) rc = find_others(&s, err);
    sqlite3_close(s.ours);
    *ret_n = s.n;
    return rc;
}
