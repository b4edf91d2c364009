/*
 * Tables as of the past. See asof.h. Names of tables and columns are those of our own schema; the
 * trail's JSON is only ever a value, and a field that it cannot give fails the whole.
 */
#include "casedb/asof.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/buf.h"
#include "casedb/query.h"

#define KEPT      "report" /* is not shadowed: what was made stays */
#define SQL_BYTES 4096u

static int run(struct ir_casedb *db, const struct ir_buf *sql, struct ir_err *err)
{
    if (sql->full) return ir_fail(err, IR_FATAL, "out of memory");
    return sqlite3_exec(ir_casedb_handle(db), sql->p, NULL, NULL, NULL) == SQLITE_OK
               ? IR_OK
               : ir_casedb_fail(db, err);
}

/* The old value of the first change since is what the field had. */
static int turn_back(struct ir_casedb *db, const char *table, struct ir_str column,
                     struct ir_err *err)
{
    struct ir_buf sql = IR_BUF(SQL_BYTES);
    ir_buf_fmt(&sql,
               "UPDATE temp.%1$s SET \"%2$.*3$s\" = (SELECT json_extract(c.fields, "
               "'$.%2$.*3$s[0]') FROM temp.asof_change c WHERE c.tbl = '%1$s' AND c.row = %1$s.id "
               "AND json_type(c.fields, '$.%2$.*3$s') IS NOT NULL ORDER BY c.seq LIMIT 1) WHERE "
               "id IN (SELECT row FROM temp.asof_change WHERE tbl = '%1$s' AND json_type(fields, "
               "'$.%2$.*3$s') IS NOT NULL)",
               table, column.p, (int)column.n);
    const int rc = run(db, &sql, err);
    ir_buf_free(&sql);
    return rc;
}

static int turn_back_all(struct ir_casedb *db, const char *table, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(
        &q, db, "SELECT name FROM pragma_table_info(?1, 'main') WHERE name <> 'id'", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(table));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        rc = turn_back(db, table, ir_query_text(&q, 0), err);
        if (rc != IR_OK) break;
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static int shadow(struct ir_casedb *db, const char *table, struct ir_err *err)
{
    struct ir_buf sql = IR_BUF(SQL_BYTES);
    ir_buf_fmt(&sql,
               "CREATE TEMP TABLE %1$s AS SELECT * FROM main.%1$s WHERE id NOT IN (SELECT row FROM "
               "temp.asof_new WHERE tbl = '%1$s') ORDER BY rowid",
               table);
    const int rc = run(db, &sql, err);
    ir_buf_free(&sql);
    return rc;
}

int ir_asof_enter(struct ir_casedb *db, int64_t seq, struct ir_err *err)
{
    struct ir_buf sql = IR_BUF(SQL_BYTES);
    const char *table;
    ir_buf_fmt(&sql,
               "CREATE TEMP TABLE asof_new (tbl, row, PRIMARY KEY (tbl, row)) WITHOUT ROWID; "
               "INSERT INTO temp.asof_new SELECT tbl, row FROM main.audit WHERE seq > %1$" PRId64
               " AND action = 'insert' AND tbl <> '" KEPT "'; CREATE TEMP TABLE asof_change (seq "
               "INTEGER PRIMARY KEY, tbl, row, fields); INSERT INTO temp.asof_change SELECT seq, "
               "tbl, row, fields FROM main.audit WHERE seq > %1$" PRId64 " AND action = 'update' "
               "AND tbl <> '" KEPT "'; CREATE INDEX temp.asof_change_row ON asof_change (tbl, row)",
               seq);
    int rc = run(db, &sql, err);
    ir_buf_free(&sql);
    for (size_t i = 0; rc == IR_OK && (table = ir_record_table(i)) != NULL; i++) {
        int64_t made = 0, changed = 0;
        rc = ir_query_number(db, "SELECT count(*) FROM temp.asof_new WHERE tbl = ?1",
                             ir_str_z(table), &made, err);
        if (rc == IR_OK)
            rc = ir_query_number(db, "SELECT count(*) FROM temp.asof_change WHERE tbl = ?1",
                                 ir_str_z(table), &changed, err);
        if (rc == IR_OK && made + changed > 0) rc = shadow(db, table, err);
        if (rc == IR_OK && changed > 0) rc = turn_back_all(db, table, err);
    }
    if (rc != IR_OK) ir_asof_leave(db);
    return rc;
}

void ir_asof_leave(struct ir_casedb *db)
{
    char sql[128];
    const char *table;
    sqlite3 *handle = ir_casedb_handle(db);
    for (size_t i = 0; (table = ir_record_table(i)) != NULL; i++) {
        snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS temp.%s", table);
        sqlite3_exec(handle, sql, NULL, NULL, NULL);
    }
    sqlite3_exec(handle,
                 "DROP TABLE IF EXISTS temp.asof_change; DROP TABLE IF EXISTS temp.asof_new", NULL,
                 NULL, NULL);
}
