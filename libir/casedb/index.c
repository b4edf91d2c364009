/*
 * The index of all texts: made of the other tables, so it is no part of the trail. See record.h.
 */
#include "casedb/index.h"
#include "base/buf.h"
#include "casedb/query.h"
#include "casedb/record.h"

#define SQL_BYTES 256u

/* References, digests, and copies of what stands elsewhere. */
static bool is_searched(const char *field)
{
    static const char *const not [] = {"id", "finding", "content", "sha256", "seal", "key"};
    const size_t n = strlen(field);
    if (n > 3 && strcmp(field + n - 3, "_id") == 0) return false;
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (strcmp(field, not [i]) == 0) return false;
    return true;
}

static int row_text(struct ir_casedb *db, const char *table, const char *id, struct ir_buf *text,
                    struct ir_err *err)
{
    char sql[SQL_BYTES];
    struct ir_query q;
    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE id = ?1", table);
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(id));
    rc = ir_query_next(&q, err);
    for (int i = 0; rc == IR_OK && i < ir_query_columns(&q); i++) {
        if (!is_searched(ir_query_name(&q, i)) || ir_query_is_int(&q, i)) continue;
        ir_buf_str(text, ir_query_text(&q, i));
        ir_buf_chr(text, '\n');
    }
    ir_query_close(&q);
    if (rc == IR_OK && text->full) return ir_fail(err, IR_FATAL, "out of memory");
    return rc;
}

static int change(struct ir_casedb *db, const char *sql, int64_t n, struct ir_str a,
                  struct ir_str b, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    if (n > 0) ir_query_int_arg(&q, 1, n);
    ir_query_text_arg(&q, n > 0 ? 2 : 1, a);
    if (b.p != NULL) ir_query_text_arg(&q, n > 0 ? 3 : 2, b);
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_index_row(struct ir_casedb *db, const char *table, const char *id, bool anew,
                 struct ir_err *err)
{
    struct ir_buf text = IR_BUF(4 * IR_CASE_TEXT_MAX);
    const struct ir_str none = {NULL, 0};
    struct ir_query q = {.db = db};
    int64_t n = 0;
    int rc = row_text(db, table, id, &text, err);
    if (rc == IR_OK && !anew)
        rc = change(db, "INSERT INTO search_row (tbl, row) VALUES (?1, ?2)", 0, ir_str_z(table),
                    ir_str_z(id), err);
    if (rc == IR_OK)
        rc = ir_query_open(&q, db, "SELECT n FROM search_row WHERE tbl = ?1 AND row = ?2", err);
    if (rc == IR_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(table));
        ir_query_text_arg(&q, 2, ir_str_z(id));
        rc = ir_query_next(&q, err);
        if (rc == IR_OK) n = ir_query_int(&q, 0);
    }
    ir_query_close(&q);
    if (rc == IR_OK)
        rc = change(db,
                    anew ? "UPDATE search SET text = ?2 WHERE rowid = ?1"
                         : "INSERT INTO search (rowid, text) VALUES (?1, ?2)",
                    n, ir_buf_view(&text), none, err);
    ir_buf_free(&text);
    return rc == IR_END ? ir_fail(err, IR_FATAL, "the index has lost a row") : rc;
}
