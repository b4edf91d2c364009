/*
 * Rows and their trail. See record.h.
 */
#include "casedb/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "casedb/audit.h"
#include "casedb/index.h"
#include "casedb/query.h"

#define SQL_BYTES    4096u
#define FIELDS_BYTES ((size_t)256 << 20)

enum kind { CHANGE, APPEND };
static const struct {
    const char *name;
    enum kind kind;
} tables[] = {
#define TABLE(name, kind) {#name, kind},
#include "casedb/tables.def"
#undef TABLE
};
#define NTABLES (sizeof tables / sizeof *tables)

const char *ir_record_table(size_t i)
{
    return i < NTABLES ? tables[i].name : NULL;
}

void ir_record_new_id(char out[IR_ID_TEXT])
{
    unsigned char b[16];
    while (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) /* interrupted: it never gives less */
        continue;
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    char *p = out;
    for (unsigned i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *p++ = '-';
        *p++ = "0123456789abcdef"[b[i] >> 4];
        *p++ = "0123456789abcdef"[b[i] & 15];
    }
    *p = '\0';
}

static int find_table(const char *name, struct ir_err *err)
{
    for (size_t i = 0; i < NTABLES; i++)
        if (strcmp(tables[i].name, name) == 0) return (int)i;
    return ir_fail(err, IR_BAD, "there is no table '%s'", name);
}

/* Texts as the file holds them: valid UTF-8 without NUL, and NULL for "". */
struct row {
    const struct ir_value *v;
    size_t n;
    struct ir_str text[IR_RECORD_MAX];
    struct ir_buf mended; /* what had to be changed */
};

static void mend(struct ir_str s, struct ir_buf *out)
{
    while (s.n > 0) {
        int32_t cp;
        const size_t n = ir_utf8_decode(s, &cp);
        if (cp <= 0)
            ir_buf_str(out, IR_S("\xef\xbf\xbd"));
        else
            ir_buf_add(out, s.p, n);
        s = ir_str_skip(s, n > 0 ? n : 1);
    }
}

static bool is_clean(struct ir_str s)
{
    return memchr(s.p, '\0', s.n) == NULL && ir_utf8_valid(s);
}

static int take_values(struct row *r, const struct ir_value *v, size_t n, struct ir_err *err)
{
    *r = (struct row){.v = v, .n = n, .mended = IR_BUF(3 * IR_CASE_TEXT_MAX * 4)};
    size_t from[IR_RECORD_MAX];
    if (n == 0 || n > IR_RECORD_MAX) return ir_fail(err, IR_BAD, "no fields, or too many");
    for (size_t i = 0; i < n; i++) {
        from[i] = SIZE_MAX;
        r->text[i] = v[i].kind == IR_VALUE_TEXT && ir_utf8_trim(v[i].text).n > 0
                         ? v[i].text
                         : ir_str_n(NULL, 0);
        if (r->text[i].n > IR_CASE_TEXT_MAX)
            return ir_fail(err, IR_BAD, "%s: longer than 16 MiB", v[i].field);
        if (r->text[i].n == 0 || is_clean(r->text[i])) continue;
        from[i] = r->mended.n;
        mend(r->text[i], &r->mended);
        r->text[i].n = r->mended.n - from[i];
    }
    if (r->mended.full) return ir_fail(err, IR_FATAL, "out of memory");
    for (size_t i = 0; i < n; i++) /* the buffer stands still now */
        if (from[i] != SIZE_MAX) r->text[i].p = r->mended.p + from[i];
    return IR_OK;
}

static void bind(struct ir_query *q, int at, const struct row *r, size_t i)
{
    if (r->v[i].kind == IR_VALUE_INT)
        ir_query_int_arg(q, at, r->v[i].n);
    else
        ir_query_text_arg(q, at, r->text[i]);
}

static void write_new(struct ir_buf *b, const struct row *r, size_t i)
{
    if (r->v[i].kind == IR_VALUE_INT)
        ir_json_write_i64(b, r->v[i].n);
    else if (r->text[i].p == NULL)
        ir_buf_str(b, IR_S("null"));
    else
        ir_json_write_str(b, r->text[i]);
}

static void write_old(struct ir_buf *b, const struct ir_query *old, int column)
{
    if (old == NULL || ir_query_null(old, column))
        ir_buf_str(b, IR_S("null"));
    else if (ir_query_is_int(old, column))
        ir_json_write_i64(b, ir_query_int(old, column));
    else
        ir_json_write_str(b, ir_query_text(old, column));
}

static bool is_same(const struct row *r, size_t i, const struct ir_query *old)
{
    const int column = (int)i;
    const bool null = r->v[i].kind != IR_VALUE_INT && r->text[i].p == NULL;
    if (null || old == NULL || ir_query_null(old, column))
        return null && (old == NULL || ir_query_null(old, column));
    if (r->v[i].kind == IR_VALUE_INT)
        return ir_query_is_int(old, column) && ir_query_int(old, column) == r->v[i].n;
    return !ir_query_is_int(old, column) && ir_str_eq(r->text[i], ir_query_text(old, column));
}

/* {"field":[old,new],…} of what changes; how many do. old NULL: nothing was there. */
static size_t write_fields(struct ir_buf *b, const struct row *r, const struct ir_query *old)
{
    size_t n = 0;
    ir_buf_chr(b, '{');
    for (size_t i = 0; i < r->n; i++) {
        if (is_same(r, i, old)) continue;
        if (n++ > 0) ir_buf_chr(b, ',');
        ir_json_write_str(b, ir_str_z(r->v[i].field));
        ir_buf_str(b, IR_S(":["));
        write_old(b, old, (int)i);
        ir_buf_chr(b, ',');
        write_new(b, r, i);
        ir_buf_chr(b, ']');
    }
    ir_buf_chr(b, '}');
    return n;
}

/* The statement with everything bound, run once; the row's texts into the index, the trail on. */
static int carry_out(struct ir_casedb *db, const char *table, const char *id, const struct row *r,
                     const struct ir_buf *sql, const struct ir_buf *fields, bool anew,
                     struct ir_err *err)
{
    struct ir_query q;
    if (sql->full || fields->full) return ir_fail(err, IR_FATAL, "out of memory");
    int rc = ir_query_open(&q, db, sql->p, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(id));
    for (size_t i = 0; i < r->n; i++)
        bind(&q, (int)i + 2, r, i);
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    if (rc != IR_END) return rc == IR_OK ? ir_fail(err, IR_FATAL, "a change gave rows") : rc;
    rc = ir_audit_append(db, anew ? "update" : "insert", table, id, ir_buf_view(fields), err);
    return rc == IR_OK ? ir_index_row(db, table, id, anew, err) : rc;
}

int ir_record_insert(struct ir_casedb *db, const char *table, const char *id,
                     const struct ir_value *v, size_t n, char ret_id[IR_ID_TEXT],
                     struct ir_err *err)
{
    char made[IR_ID_TEXT];
    struct row r = {.n = 0};
    struct ir_buf sql = IR_BUF(SQL_BYTES), fields = IR_BUF(FIELDS_BYTES);
    if (!ir_casedb_changing(db)) return ir_fail(err, IR_FATAL, "no transaction");
    int rc = find_table(table, err) < 0 ? IR_BAD : take_values(&r, v, n, err);
    if (id == NULL) {
        ir_record_new_id(made);
        id = made;
    }
    ir_buf_fmt(&sql, "INSERT INTO %s (id", table);
    for (size_t i = 0; i < r.n; i++)
        ir_buf_fmt(&sql, ", \"%s\"", v[i].field);
    ir_buf_str(&sql, IR_S(") VALUES (?1"));
    for (size_t i = 0; i < r.n; i++)
        ir_buf_fmt(&sql, ", ?%zu", i + 2);
    ir_buf_chr(&sql, ')');
    if (rc == IR_OK) {
        write_fields(&fields, &r, NULL);
        rc = carry_out(db, table, id, &r, &sql, &fields, false, err);
    }
    if (rc == IR_OK && ret_id != NULL) snprintf(ret_id, IR_ID_TEXT, "%s", id);
    if (rc < 0) ir_casedb_rollback(db);
    ir_buf_free(&r.mended);
    ir_buf_free(&fields);
    ir_buf_free(&sql);
    return rc;
}

/* The row as it is, the fields in the order of r. IR_END: none. */
static int read_row(struct ir_casedb *db, const char *table, const char *id, const struct row *r,
                    struct ir_query *ret_q, struct ir_err *err)
{
    struct ir_buf sql = IR_BUF(SQL_BYTES);
    for (size_t i = 0; i < r->n; i++)
        ir_buf_fmt(&sql, "%s\"%s\"", i == 0 ? "SELECT " : ", ", r->v[i].field);
    ir_buf_fmt(&sql, " FROM %s WHERE id = ?1", table);
    int rc =
        sql.full ? ir_fail(err, IR_FATAL, "out of memory") : ir_query_open(ret_q, db, sql.p, err);
    if (rc == IR_OK) {
        ir_query_text_arg(ret_q, 1, ir_str_z(id));
        rc = ir_query_next(ret_q, err);
    }
    ir_buf_free(&sql);
    return rc;
}

int ir_record_update(struct ir_casedb *db, const char *table, const char *id,
                     const struct ir_value *v, size_t n, struct ir_err *err)
{
    struct row r = {.n = 0};
    struct ir_buf sql = IR_BUF(SQL_BYTES), fields = IR_BUF(FIELDS_BYTES);
    struct ir_query old = {.db = db};
    if (!ir_casedb_changing(db)) return ir_fail(err, IR_FATAL, "no transaction");
    const int t = find_table(table, err);
    int rc = t < 0 ? IR_BAD : take_values(&r, v, n, err);
    if (rc == IR_OK && tables[t].kind == APPEND)
        rc = ir_fail(err, IR_BAD, "%s: what was written once is not changed", table);
    if (rc == IR_OK) rc = read_row(db, table, id, &r, &old, err);
    ir_buf_fmt(&sql, "UPDATE %s SET ", table);
    for (size_t i = 0; i < r.n; i++)
        ir_buf_fmt(&sql, "%s\"%s\" = ?%zu", i > 0 ? ", " : "", v[i].field, i + 2);
    ir_buf_str(&sql, IR_S(" WHERE id = ?1"));
    const bool differs = rc == IR_OK && write_fields(&fields, &r, &old) > 0;
    ir_query_close(&old);
    if (differs) rc = carry_out(db, table, id, &r, &sql, &fields, true, err);
    if (rc < 0) ir_casedb_rollback(db);
    ir_buf_free(&r.mended);
    ir_buf_free(&fields);
    ir_buf_free(&sql);
    return rc;
}
