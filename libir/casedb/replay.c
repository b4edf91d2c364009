/*
 * Playing the audit trail. See replay.h. Rows of the trail may have been edited: what is no such
 * JSON is passed over here, as its hash tells of it.
 */
#include "casedb/replay.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/map.h"
#include "casedb/query.h"

#define SCRATCH    ((size_t)256 << 20)
#define SHORT      32u
#define FIELDS_MAX 64u /* of one table; ours have fewer than 20 */
#define NO_FIELD   UINT32_MAX

/* A value that can be compared: texts that are longer than SHORT by their digest. */
struct value {
    enum { NONE, NUMBER, TEXT, LONG_TEXT } kind;
    uint32_t n; /* bytes of v */
    unsigned char v[SHORT];
};

struct table {
    uint64_t rows;
    struct ir_str *field; /* in the order in which the trail named them */
    uint32_t n, next;
    size_t cap;
};

struct row {
    uint64_t rank; /* the how many-th of its table, from 1 */
    size_t first;  /* its fields' values */
    uint32_t n, table;
    bool seen;
};

struct ir_replay {
    void (*fault)(void *user, const struct ir_audit_fault *f);
    void *user;
    uint64_t faults;
    struct ir_map tables, rows; /* "table" and "table\0row" → its number */
    struct table *table;
    struct row *row;
    struct value *value;
    size_t ntables, nrows, n, tables_cap, rows_cap, cap;
    struct ir_digest digest;
    struct ir_buf key, text;
};

struct ir_replay *ir_replay_new(void (*fault)(void *user, const struct ir_audit_fault *f),
                                void *user)
{
    struct ir_replay *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    p->fault = fault;
    p->user = user;
    p->key = p->text = IR_BUF(SCRATCH);
    if (ir_digest_open(&p->digest, IR_DIGEST_BIT(IR_SHA256))) return p;
    free(p);
    return NULL;
}

uint64_t ir_replay_free(struct ir_replay *p)
{
    if (p == NULL) return 0;
    const uint64_t faults = p->faults;
    for (size_t i = 0; i < p->ntables; i++)
        free(p->table[i].field);
    ir_map_free(&p->tables);
    ir_map_free(&p->rows);
    free(p->table);
    free(p->row);
    free(p->value);
    ir_digest_close(&p->digest);
    ir_buf_free(&p->key);
    ir_buf_free(&p->text);
    free(p);
    return faults;
}

static void found(struct ir_replay *p, int64_t seq, struct ir_str table, struct ir_str row,
                  struct ir_str field, const char *what)
{
    char text[3][64];
    const struct ir_str part[] = {table, row, field};
    for (int i = 0; i < 3; i++)
        snprintf(text[i], sizeof text[i], "%.*s", IR_FMT(ir_str_head(part[i], 60)));
    const struct ir_audit_fault f = {seq, text[0], text[1], text[2], what};
    p->faults++;
    p->fault(p->user, &f);
}

static bool take(struct ir_replay *p, struct ir_str s, struct value *out)
{
    struct ir_digest_sum sum;
    *out = (struct value){.kind = s.n > SHORT ? LONG_TEXT : TEXT, .n = SHORT};
    if (s.n <= SHORT) {
        out->n = (uint32_t)s.n;
        memcpy(out->v, s.p, s.n);
        return true;
    }
    ir_digest_begin(&p->digest);
    ir_digest_add(&p->digest, s.p, s.n);
    if (!ir_digest_end(&p->digest, &sum)) return false;
    memcpy(out->v, sum.v[IR_SHA256], SHORT);
    return true;
}

static void take_number(int64_t n, struct value *out)
{
    *out = (struct value){.kind = NUMBER, .n = sizeof n};
    memcpy(out->v, &n, sizeof n);
}

static bool is_same(const struct value *a, const struct value *b)
{
    return a->kind == b->kind && a->n == b->n && memcmp(a->v, b->v, a->n) == 0;
}

/* The array with room for one more; NULL, and it is as it was: memory is out. */
static void *grown(void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return v;
    const size_t want = *cap > 0 ? 2 * *cap : 64;
    void *more = want < UINT32_MAX ? realloc(v, want * size) : NULL;
    if (more != NULL) *cap = want;
    return more;
}

static struct table *table_of(struct ir_replay *p, struct ir_str name)
{
    bool is_new = false;
    struct table *t = grown(p->table, p->ntables, &p->tables_cap, sizeof *t);
    if (t == NULL) return NULL;
    p->table = t;
    uint32_t *number = ir_map_put(&p->tables, name, &is_new);
    if (number == NULL) return NULL;
    if (is_new) {
        p->table[p->ntables] = (struct table){0};
        *number = (uint32_t)p->ntables++;
    }
    return &p->table[*number];
}

/* make: the row as it is inserted, which is the first that is heard of it. NULL: there is none, or
 * (make) memory is out. */
static struct row *row_of(struct ir_replay *p, struct ir_str table, struct ir_str row, bool make)
{
    bool is_new = false;
    ir_buf_clear(&p->key);
    ir_buf_str(&p->key, table);
    ir_buf_chr(&p->key, '\0');
    ir_buf_str(&p->key, row);
    if (p->key.full) return NULL;
    if (!make) {
        const uint32_t at = ir_map_find(&p->rows, ir_buf_view(&p->key));
        return at != UINT32_MAX ? &p->row[p->rows.items[at].value] : NULL;
    }
    struct row *r = grown(p->row, p->nrows, &p->rows_cap, sizeof *r);
    if (r == NULL) return NULL;
    p->row = r;
    uint32_t *number = ir_map_put(&p->rows, ir_buf_view(&p->key), &is_new);
    if (number == NULL) return NULL;
    if (is_new) {
        struct table *t = table_of(p, table);
        if (t == NULL) return NULL;
        p->row[p->nrows] =
            (struct row){.rank = ++t->rows, .first = p->n, .table = (uint32_t)(t - p->table)};
        *number = (uint32_t)p->nrows++;
    }
    return &p->row[*number];
}

/* Its number in the table; the fields of a row come in the same order as those of the row before.
 * NO_FIELD: it was never named. */
static uint32_t field_of(struct table *t, struct ir_str name)
{
    for (uint32_t i = 0; i < t->n; i++) {
        const uint32_t at = (t->next + i) % t->n;
        if (!ir_str_eq(t->field[at], name)) continue;
        t->next = at + 1;
        return at;
    }
    return NO_FIELD;
}

/* Adds a field. IR_END: there are too many. */
static int add_field(struct ir_replay *p, struct table *t, struct ir_str name)
{
    if (t->n == FIELDS_MAX) return IR_END;
    struct ir_str *f = grown(t->field, t->n, &t->cap, sizeof *f);
    if (f == NULL) return IR_FATAL;
    t->field = f;
    t->field[t->n] = ir_arena_dup(&p->tables.keys, name);
    if (t->field[t->n].p == NULL) return IR_FATAL;
    t->n++;
    return IR_OK;
}

/* What the row has to hold there, to be written; its values move to the end of all when others
 * follow them. NULL: memory is out. */
static struct value *value_of(struct ir_replay *p, struct row *r, uint32_t field)
{
    if (field < r->n) return &p->value[r->first + field];
    const size_t old = r->first;
    const uint32_t had = r->n;
    const bool last = old + had == p->n;
    const size_t first = last ? old : p->n;
    while (first + field + 1 > p->cap) {
        struct value *v = grown(p->value, p->cap, &p->cap, sizeof *v);
        if (v == NULL) return NULL;
        p->value = v;
    }
    if (!last && had > 0) memcpy(&p->value[first], &p->value[old], had * sizeof *p->value);
    for (uint32_t i = had; i <= field; i++)
        p->value[first + i] = (struct value){.kind = NONE};
    r->first = first;
    r->n = field + 1;
    p->n = first + r->n;
    return &p->value[first + field];
}

/* The token's value. IR_END: no value that a trail holds. */
static int read_value(struct ir_replay *p, const struct ir_json_tok *t, struct value *out)
{
    int64_t n;
    *out = (struct value){.kind = NONE};
    if (t->type == IR_JSON_NULL) return IR_OK;
    if (t->type == IR_JSON_NUMBER && ir_str_i64(t->text, &n)) {
        take_number(n, out);
        return IR_OK;
    }
    if (t->type != IR_JSON_STRING) return IR_END;
    struct ir_str s = t->text;
    if (t->escaped) {
        ir_buf_clear(&p->text);
        if (!ir_buf_reserve(&p->text, s.n + 1)) return IR_FATAL;
        s = ir_str_n(p->text.p, ir_json_unescape(s, p->text.p));
    }
    return take(p, s, out) ? IR_OK : IR_FATAL;
}

/* The same, of a row that is known. */
static void found_in(struct ir_replay *p, int64_t seq, const struct row *r, struct ir_str field,
                     const char *what)
{
    struct ir_str row = p->rows.items[r - p->row].key;
    const struct ir_str table = ir_str_cut(&row, '\0');
    found(p, seq, table, row, field, what);
}

/* One field of a change of the row: from `was` to `is`. */
static int take_field(struct ir_replay *p, int64_t seq, struct row *r, struct ir_str field,
                      const struct value change[2])
{
    struct table *t = &p->table[r->table];
    uint32_t at = field_of(t, field);
    if (at == NO_FIELD) {
        const int rc = add_field(p, t, field);
        if (rc == IR_END) found_in(p, seq, r, field, N_("names more fields than any table has"));
        if (rc != IR_OK) return rc;
        at = t->n - 1;
    }
    struct value *now = value_of(p, r, at);
    if (now == NULL) return IR_FATAL;
    if (!is_same(now, &change[0]))
        found_in(p, seq, r, field, N_("does not begin where the change before it ended"));
    *now = change[1];
    return IR_OK;
}

int ir_replay_change(struct ir_replay *p, int64_t seq, struct ir_str table, struct ir_str row,
                     struct ir_str fields, struct ir_err *err)
{
    struct ir_json j;
    struct ir_json_tok t;
    char name[128];
    if (row.p == NULL) row = IR_S("");
    struct row *r = row_of(p, table, row, true);
    int rc = r != NULL ? IR_OK : IR_FATAL;
    ir_json_begin(&j, fields);
    if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_OBJECT) return IR_OK;
    while (rc == IR_OK && ir_json_next(&j, &t) == IR_OK && t.type == IR_JSON_KEY) {
        struct value change[2];
        if (t.text.n >= sizeof name) return IR_OK;
        const struct ir_str field = ir_str_n(name, ir_json_unescape(t.text, name));
        if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY) return IR_OK;
        for (int i = 0; rc == IR_OK && i < 2; i++)
            rc = ir_json_next(&j, &t) == IR_OK ? read_value(p, &t, &change[i]) : IR_END;
        if (rc == IR_OK && (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY_END))
            rc = IR_END;
        if (rc == IR_OK) rc = take_field(p, seq, r, field, change);
    }
    return rc == IR_FATAL ? ir_fail(err, IR_FATAL, "out of memory") : IR_OK;
}

/* The row that q stands on; its id is the column `id`, column 0 its rowid. *rank: of the row before
 * it; *moved: some row does not stand where it was inserted. */
static int check_row(struct ir_replay *p, const struct ir_query *q, const char *table, int id,
                     uint64_t *rank, bool *moved)
{
    static const struct value nothing = {.kind = NONE};
    const struct ir_str name = ir_str_z(table), row = ir_query_text(q, id);
    struct row *mark = row_of(p, name, row, false);
    struct value held;
    if (mark == NULL) {
        found(p, 0, name, row, ir_str_n(NULL, 0), N_("inserted past the audit trail"));
        return IR_OK;
    }
    mark->seen = true;
    *moved |= mark->rank < *rank;
    *rank = mark->rank;
    for (int i = 1; i < ir_query_columns(q); i++) {
        if (i == id) continue;
        const struct ir_str field = ir_str_z(ir_query_name(q, i));
        const uint32_t at = field_of(&p->table[mark->table], field);
        const struct value *said = at < mark->n ? &p->value[mark->first + at] : &nothing;
        held = nothing;
        if (ir_query_is_int(q, i))
            take_number(ir_query_int(q, i), &held);
        else if (!ir_query_null(q, i) && !take(p, ir_query_text(q, i), &held))
            return IR_FATAL;
        if (!is_same(said, &held))
            found(p, 0, name, row, field, N_("changed past the audit trail"));
    }
    return IR_OK;
}

void ir_replay_lost(struct ir_replay *p)
{
    for (uint32_t i = 0; i < p->rows.n; i++) {
        struct ir_str row = p->rows.items[i].key;
        if (p->row[p->rows.items[i].value].seen) continue;
        const struct ir_str table = ir_str_cut(&row, '\0');
        found(p, 0, table, row, ir_str_n(NULL, 0), N_("deleted past the audit trail"));
    }
}

/* The latest decision or fact is the last row of its kind, so an order that was changed is another
 * decision. SQLite numbers rows 1, 2, 3 … as nothing is deleted: who does not have the number of
 * its insertion was moved. */
static int name_moved(struct ir_replay *p, struct ir_casedb *db, const char *table,
                      struct ir_err *err)
{
    char sql[128];
    struct ir_query q;
    snprintf(sql, sizeof sql, "SELECT rowid, id FROM %s ORDER BY rowid", table);
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        const struct ir_str name = ir_str_z(table), row = ir_query_text(&q, 1);
        const struct row *mark = row_of(p, name, row, false);
        if (mark != NULL && (int64_t)mark->rank != ir_query_int(&q, 0))
            found(p, 0, name, row, ir_str_n(NULL, 0), N_("does not stand where it was inserted"));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_replay_table(struct ir_replay *p, struct ir_casedb *db, const char *table, uint64_t *rows,
                    struct ir_err *err)
{
    char sql[128];
    struct ir_query q;
    int id = 1;
    uint64_t rank = 0;
    bool moved = false;
    snprintf(sql, sizeof sql, "SELECT rowid, * FROM %s ORDER BY rowid", table);
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    while (id < ir_query_columns(&q) && strcmp(ir_query_name(&q, id), "id") != 0)
        id++;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        ++*rows;
        if (check_row(p, &q, table, id, &rank, &moved) == IR_OK) continue;
        rc = ir_fail(err, IR_FATAL, "out of memory");
        break;
    }
    ir_query_close(&q);
    if (rc == IR_END && moved) return name_moved(p, db, table, err);
    return rc == IR_END ? IR_OK : rc;
}
