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

#define SCRATCH ((size_t)256 << 20)
#define SHORT   32u

/* A value that can be compared: texts that are longer than SHORT by their digest. */
struct value {
    enum { NONE, NUMBER, TEXT, LONG_TEXT, ROW, TABLE } kind;
    uint32_t n; /* bytes of v; of a row: 1 once it was seen in its table */
    union {
        unsigned char v[SHORT];
        uint64_t rank; /* of a row: the how many-th of its table, from 1; of a table: its rows */
    };
};

struct ir_replay {
    void (*fault)(void *user, const struct ir_audit_fault *f);
    void *user;
    uint64_t faults;
    struct ir_map map; /* "table", "table\0row" and "table\0row\0field" → value's number + 1 */
    struct value *value;
    size_t n, cap;
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
    ir_map_free(&p->map);
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

/* row p NULL: the table; field p NULL: the row itself. NULL: there is none, or (make) memory is
 * out. */
static struct value *place(struct ir_replay *p, struct ir_str table, struct ir_str row,
                           struct ir_str field, bool make)
{
    bool is_new = false;
    ir_buf_clear(&p->key);
    ir_buf_str(&p->key, table);
    if (row.p != NULL) {
        ir_buf_chr(&p->key, '\0');
        ir_buf_str(&p->key, row);
    }
    if (field.p != NULL) {
        ir_buf_chr(&p->key, '\0');
        ir_buf_str(&p->key, field);
    }
    if (p->key.full) return NULL;
    if (!make) {
        const uint32_t at = ir_map_find(&p->map, ir_buf_view(&p->key));
        return at != UINT32_MAX ? &p->value[p->map.items[at].value - 1] : NULL;
    }
    if (p->n == p->cap) {
        const size_t cap = p->cap > 0 ? 2 * p->cap : 1024;
        struct value *v = cap < UINT32_MAX ? realloc(p->value, cap * sizeof *v) : NULL;
        if (v == NULL) return NULL;
        p->value = v;
        p->cap = cap;
    }
    uint32_t *number = ir_map_put(&p->map, ir_buf_view(&p->key), &is_new);
    if (number == NULL) return NULL;
    if (is_new) {
        p->value[p->n++] = (struct value){.kind = field.p != NULL ? NONE
                                                  : row.p != NULL ? ROW
                                                                  : TABLE};
        *number = (uint32_t)p->n;
    }
    return &p->value[*number - 1];
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

/* The row of a change; the first change of a row is its insertion. */
static int take_row(struct ir_replay *p, struct ir_str table, struct ir_str row)
{
    const struct ir_str none = {NULL, 0};
    struct value *v = place(p, table, none, none, true);
    if (v == NULL) return IR_FATAL;
    const uint64_t next = v->rank + 1;
    v = place(p, table, row.p != NULL ? row : IR_S(""), none, true);
    if (v == NULL) return IR_FATAL;
    if (v->rank > 0) return IR_OK;
    v->rank = next;
    place(p, table, none, none, false)->rank = next;
    return IR_OK;
}

int ir_replay_change(struct ir_replay *p, int64_t seq, struct ir_str table, struct ir_str row,
                     struct ir_str fields, struct ir_err *err)
{
    struct ir_json j;
    struct ir_json_tok t;
    char name[128];
    int rc;
    rc = take_row(p, table, row);
    ir_json_begin(&j, fields);
    if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_OBJECT) return IR_OK;
    while (rc == IR_OK && ir_json_next(&j, &t) == IR_OK && t.type == IR_JSON_KEY) {
        struct value was, is, *now;
        if (t.text.n >= sizeof name) return IR_OK;
        const struct ir_str field = ir_str_n(name, ir_json_unescape(t.text, name));
        if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY) return IR_OK;
        if (ir_json_next(&j, &t) != IR_OK || (rc = read_value(p, &t, &was)) == IR_END) return IR_OK;
        if (rc != IR_OK || ir_json_next(&j, &t) != IR_OK) break;
        if ((rc = read_value(p, &t, &is)) == IR_END) return IR_OK;
        if (rc != IR_OK || ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY_END) break;
        now = place(p, table, row, field, true);
        if (now == NULL) rc = IR_FATAL;
        if (now != NULL && !is_same(now, &was))
            found(p, seq, table, row, field, N_("does not begin where the change before it ended"));
        if (now != NULL) *now = is;
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
    struct value held, *mark = place(p, name, row, ir_str_n(NULL, 0), false);
    if (mark == NULL) {
        found(p, 0, name, row, ir_str_n(NULL, 0), N_("inserted past the audit trail"));
        return IR_OK;
    }
    mark->n = 1;
    *moved |= mark->rank < *rank;
    *rank = mark->rank;
    for (int i = 1; i < ir_query_columns(q); i++) {
        if (i == id) continue;
        const struct ir_str field = ir_str_z(ir_query_name(q, i));
        const struct value *said = place(p, name, row, field, false);
        held = nothing;
        if (ir_query_is_int(q, i))
            take_number(ir_query_int(q, i), &held);
        else if (!ir_query_null(q, i) && !take(p, ir_query_text(q, i), &held))
            return IR_FATAL;
        if (!is_same(said != NULL ? said : &nothing, &held))
            found(p, 0, name, row, field, N_("changed past the audit trail"));
    }
    return IR_OK;
}

void ir_replay_lost(struct ir_replay *p)
{
    for (uint32_t i = 0; i < p->map.n; i++) {
        const struct value *mark = &p->value[p->map.items[i].value - 1];
        struct ir_str row = p->map.items[i].key;
        if (mark->kind != ROW || mark->n != 0) continue;
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
        const struct value *mark = place(p, name, row, ir_str_n(NULL, 0), false);
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
