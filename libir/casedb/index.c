/*
 * The index of all texts. See index.h. SQLite's FTS5 proves its own parts only on a connection that
 * may write; so a copy is proved, and a medium that is read-only can be verified, too.
 */
#include "casedb/index.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intl.h"
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

/* Which columns of q are, from the first to `end`: a bit each; no table has more than 64. */
static uint64_t searched(const struct ir_query *q, int end)
{
    uint64_t bits = 0;
    for (int i = 0; i < end && i < 64; i++)
        if (is_searched(ir_query_name(q, i))) bits |= UINT64_C(1) << i;
    return bits;
}

/* The searched texts of the row that q stands on. */
static void take_texts(const struct ir_query *q, uint64_t columns, struct ir_buf *text)
{
    for (int i = 0; columns != 0; i++, columns >>= 1) {
        if ((columns & 1) == 0 || ir_query_is_int(q, i)) continue;
        ir_buf_str(text, ir_query_text(q, i));
        ir_buf_chr(text, '\n');
    }
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
    if (rc == IR_OK) take_texts(&q, searched(&q, ir_query_columns(&q)), text);
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

struct check {
    void (*fault)(void *user, const struct ir_audit_fault *f); /* NULL: they are counted only */
    void *user;
    uint64_t n, rows;
};

static void found(struct check *c, const char *table, struct ir_str row, const char *what)
{
    char id[64];
    snprintf(id, sizeof id, "%.*s", IR_FMT(ir_str_head(row, 60)));
    const struct ir_audit_fault f = {0, table, id, "", what};
    c->n++;
    if (c->fault != NULL) c->fault(c->user, &f);
}

/* Each row of a table beside what the index keeps of it; FTS5's own table is asked, as the lists
 * may be damaged. IR_END: it cannot be read. */
static int check_table(struct ir_casedb *db, const char *table, struct check *c, struct ir_err *err)
{
    struct ir_buf sql = IR_BUF(4 * SQL_BYTES), text = IR_BUF(4 * IR_CASE_TEXT_MAX);
    struct ir_query q = {.db = db};
    ir_buf_fmt(&sql,
               "SELECT t.*, t.id, s.c0 FROM %s t LEFT JOIN search_row r ON r.tbl = '%s' AND "
               "r.row = t.id LEFT JOIN search_content s ON s.id = r.n",
               table, table);
    int rc = sql.full ? ir_fail(err, IR_FATAL, "out of memory") : ir_query_open(&q, db, sql.p, err);
    const int n = rc == IR_OK ? ir_query_columns(&q) - 2 : 0; /* then its id, and what is kept */
    const uint64_t columns = searched(&q, n);
    while (rc == IR_OK && (rc = ir_query_next(&q, err)) == IR_OK) {
        c->rows++;
        ir_buf_clear(&text);
        take_texts(&q, columns, &text);
        if (!ir_str_eq(ir_buf_view(&text), ir_query_text(&q, n + 1)))
            found(c, table, ir_query_text(&q, n), N_("is not in the search index as it stands"));
    }
    const int code = sqlite3_errcode(ir_casedb_handle(db)) & 0xff;
    ir_query_close(&q);
    ir_buf_free(&sql);
    ir_buf_free(&text);
    if (rc < 0 && (code == SQLITE_CORRUPT || code == SQLITE_ERROR)) return IR_END;
    return rc == IR_END ? IR_OK : rc;
}

/* FTS5's own tables, as SQLite documents them. */
static const char *const part[][2] = {
    {"SELECT id, block FROM search_data", "INSERT INTO search_data VALUES (?1, ?2)"},
    {"SELECT segid, term, pgno FROM search_idx", "INSERT INTO search_idx VALUES (?1, ?2, ?3)"},
    {"SELECT id, c0 FROM search_content", "INSERT INTO search_content VALUES (?1, ?2)"},
    {"SELECT id, sz FROM search_docsize", "INSERT INTO search_docsize VALUES (?1, ?2)"},
};
#define PARTS (sizeof part / sizeof *part)

/* Their rows, as they stand, into tables without any. IR_END: `from` cannot be read. */
static int pour(sqlite3 *from, sqlite3 *to, struct ir_err *err)
{
    int rc = sqlite3_exec(to,
                          "DELETE FROM search_idx; DELETE FROM search_content; "
                          "DELETE FROM search_docsize; DELETE FROM search_data",
                          NULL, NULL, NULL) == SQLITE_OK
                 ? IR_OK
                 : IR_FATAL;
    for (size_t i = 0; rc == IR_OK && i < PARTS; i++) {
        sqlite3_stmt *get = NULL, *put = NULL;
        int code = sqlite3_prepare_v2(from, part[i][0], -1, &get, NULL);
        if (code == SQLITE_OK && sqlite3_prepare_v2(to, part[i][1], -1, &put, NULL) != SQLITE_OK)
            rc = IR_FATAL;
        while (rc == IR_OK && (code = sqlite3_step(get)) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(get); c++)
                sqlite3_bind_value(put, c + 1, sqlite3_column_value(get, c));
            if (sqlite3_step(put) != SQLITE_DONE) rc = IR_FATAL;
            sqlite3_reset(put);
        }
        if (rc == IR_OK && code != SQLITE_DONE) rc = IR_END;
        sqlite3_finalize(get);
        sqlite3_finalize(put);
    }
    return rc == IR_FATAL ? ir_fail(err, IR_FATAL, "%s", sqlite3_errmsg(to)) : rc;
}

struct ir_index_lists {
    pthread_t thread;
    const char *path;
    bool runs, good;
    int rc;
    struct ir_err err;
};

/* A temporary file, so large texts need not be held in memory; small ones never reach it. */
static int make_copy(sqlite3 **ret, struct ir_err *err)
{
    if (sqlite3_open("", ret) == SQLITE_OK &&
        sqlite3_exec(*ret, "PRAGMA journal_mode = OFF; PRAGMA cache_size = -65536", NULL, NULL,
                     NULL) == SQLITE_OK &&
        ir_casedb_build(*ret) && sqlite3_exec(*ret, "BEGIN", NULL, NULL, NULL) == SQLITE_OK)
        return IR_OK;
    return ir_fail(err, IR_FATAL, "%s", sqlite3_errmsg(*ret));
}

static void *prove(void *arg)
{
    struct ir_index_lists *l = arg;
    struct ir_casedb *db = NULL;
    sqlite3 *to = NULL;
    l->rc = ir_casedb_open(l->path, IR_CASEDB_READ, &db, &l->err);
    if (l->rc == IR_OK) l->rc = make_copy(&to, &l->err);
    if (l->rc == IR_OK) l->rc = pour(ir_casedb_handle(db), to, &l->err);
    ir_casedb_close(db);
    if (l->rc == IR_OK)
        l->good = sqlite3_exec(to, "INSERT INTO search (search) VALUES ('integrity-check')", NULL,
                               NULL, NULL) == SQLITE_OK;
    sqlite3_close(to);
    return NULL;
}

int ir_index_lists_begin(struct ir_casedb *db, struct ir_index_lists **ret, struct ir_err *err)
{
    struct ir_index_lists *l = *ret = calloc(1, sizeof *l);
    if (l == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    l->path = sqlite3_db_filename(ir_casedb_handle(db), "main");
    l->runs = pthread_create(&l->thread, NULL, prove, l) == 0;
    return IR_OK;
}

int ir_index_lists_end(struct ir_index_lists *l, bool *ret_good, struct ir_err *err)
{
    *ret_good = false;
    if (l == NULL) return IR_OK;
    if (l->runs)
        pthread_join(l->thread, NULL);
    else
        prove(l);
    const int rc = l->rc;
    *ret_good = l->good;
    if (rc == IR_FATAL && err != NULL) *err = l->err;
    free(l);
    return rc == IR_FATAL ? rc : IR_OK; /* else what is there cannot be read: not good */
}

/* What is in it besides would be found by words that nobody wrote. */
static int check_others(struct ir_casedb *db, struct check *c, struct ir_err *err)
{
    static const char *const sql[] = {"SELECT count(*) FROM search_row",
                                      "SELECT count(*) FROM search_content"};
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && i < sizeof sql / sizeof *sql; i++) {
        int64_t n = 0;
        rc = ir_query_number(db, sql[i], ir_str_n(NULL, 0), &n, err);
        if (rc == IR_OK && n > 0 && (uint64_t)n > c->rows)
            found(c, "search", ir_str_n(NULL, 0),
                  N_("the search index holds what is in no table; ir case search --rebuild makes "
                     "it anew"));
    }
    return rc;
}

/* IR_END: the index cannot be read. */
static int check_all(struct ir_casedb *db, struct check *c, struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++)
        rc = check_table(db, ir_record_table(i), c, err);
    return rc == IR_OK ? check_others(db, c, err) : rc;
}

int ir_index_holds(struct ir_casedb *db, bool *ret_holds, struct ir_err *err)
{
    struct check c = {.fault = NULL};
    const int rc = check_all(db, &c, err);
    *ret_holds = rc == IR_OK && c.n == 0;
    return rc == IR_END ? IR_OK : rc;
}

int ir_index_check(struct ir_casedb *db, bool good,
                   void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                   uint64_t *ret_n, struct ir_err *err)
{
    struct check c = {.fault = fault, .user = user};
    const int rc = good ? check_all(db, &c, err) : IR_END;
    if (rc == IR_END)
        found(&c, "search", ir_str_n(NULL, 0),
              N_("the search index is damaged; ir case search --rebuild makes it anew"));
    *ret_n = c.n;
    return rc == IR_END ? IR_OK : rc;
}

static int fill(struct ir_casedb *db, uint64_t *ret_n, struct ir_err *err)
{
    char table[64], id[64];
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT tbl, row FROM audit WHERE action = 'insert' ORDER BY seq", err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        snprintf(table, sizeof table, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 0), 60)));
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 1), 60)));
        bool known = false; /* the trail may have been edited: its word is no name of a table */
        for (size_t i = 0; !known && ir_record_table(i) != NULL; i++)
            known = strcmp(table, ir_record_table(i)) == 0;
        if (!known) continue;
        rc = ir_index_row(db, table, id, false, err);
        if (rc != IR_OK && rc != IR_END) break;
        *ret_n += rc == IR_OK;
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* FTS5's tables as it makes them, from a database in memory. FTS5 itself cannot be asked: it does
 * not even drop a table that it cannot read. */
static int empty(struct ir_casedb *db, struct ir_err *err)
{
    sqlite3 *to = ir_casedb_handle(db), *fresh = NULL;
    int rc = sqlite3_open(":memory:", &fresh) == SQLITE_OK && ir_casedb_build(fresh)
                 ? IR_OK
                 : ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK && sqlite3_exec(to, "DELETE FROM search_row", NULL, NULL, NULL) != SQLITE_OK)
        rc = ir_casedb_fail(db, err);
    if (rc == IR_OK) rc = pour(fresh, to, err);
    sqlite3_close(fresh);
    return rc == IR_END ? ir_fail(err, IR_FATAL, "out of memory") : rc;
}

int ir_index_rebuild(struct ir_casedb *db, uint64_t *ret_n, struct ir_err *err)
{
    *ret_n = 0;
    sqlite3_db_config(ir_casedb_handle(db), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    const int rc = empty(db, err);
    sqlite3_db_config(ir_casedb_handle(db), SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return rc == IR_OK ? fill(db, ret_n, err) : rc;
}
