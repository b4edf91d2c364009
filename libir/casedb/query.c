/*
 * Reading the case database. See query.h.
 */
#include "casedb/query.h"

#include <sqlite3.h>

int ir_query_open(struct ir_query *q, struct ir_casedb *db, const char *sql, struct ir_err *err)
{
    struct ir_err mine = {0};
    *q = (struct ir_query){.db = db, .stmt = ir_casedb_take(db, sql, &mine)};
    if (q->stmt != NULL) return IR_OK;
    if (err != NULL) *err = mine;
    return mine.code;
}

void ir_query_close(struct ir_query *q)
{
    ir_casedb_done(q->db, q->stmt);
    q->stmt = NULL;
}

void ir_query_text_arg(struct ir_query *q, int i, struct ir_str text)
{
    if (text.p == NULL)
        sqlite3_bind_null(q->stmt, i);
    else
        sqlite3_bind_text64(q->stmt, i, text.p, text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void ir_query_int_arg(struct ir_query *q, int i, int64_t n)
{
    sqlite3_bind_int64(q->stmt, i, n);
}

int ir_query_next(struct ir_query *q, struct ir_err *err)
{
    switch (sqlite3_step(q->stmt)) {
    case SQLITE_ROW: return IR_OK;
    case SQLITE_DONE: return IR_END;
    default: return ir_casedb_fail(q->db, err);
    }
}

struct ir_str ir_query_text(const struct ir_query *q, int column)
{
    const char *p = (const char *)sqlite3_column_text(q->stmt, column);
    return ir_str_n(p, p != NULL ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0);
}

int64_t ir_query_int(const struct ir_query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

bool ir_query_null(const struct ir_query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

int ir_query_columns(const struct ir_query *q)
{
    return sqlite3_column_count(q->stmt);
}

const char *ir_query_name(const struct ir_query *q, int column)
{
    return sqlite3_column_name(q->stmt, column);
}

bool ir_query_is_int(const struct ir_query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_INTEGER;
}

int ir_query_number(struct ir_casedb *db, const char *sql, struct ir_str arg, int64_t *ret_n,
                    struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    if (arg.p != NULL) ir_query_text_arg(&q, 1, arg);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) *ret_n = ir_query_int(&q, 0);
    ir_query_close(&q);
    return rc;
}
