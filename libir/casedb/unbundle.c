/*
 * Taking a case in from JSON. See bundle.h. All of the file is hostile: somebody may have written
 * it anew with digests that fit. So it is read token by token (token.h) in the one order in which
 * ir writes it, names of fields are looked up in the schema before they come near a statement, rows
 * must be what the trail beside them says, and at the end what was taken in is written out again: a
 * byte that differs (a row that is not of the case, a number written another way) refuses all of
 * it.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/intl.h"
#include "base/json.h"
#include "casedb/bundle.h"
#include "casedb/carried.h"
#include "casedb/query.h"
#include "casedb/token.h"

#define ROW_BYTES   ((size_t)512 << 20) /* of one row's texts */
#define NAME_BYTES  48u
#define CARRIED_MAX 1000

struct reader {
    struct ir_casedb *db;
    struct ir_tokens in; /* its arena: of one row */
    char column[IR_RECORD_MAX][NAME_BYTES];
    size_t ncolumns;
    struct ir_bundle_result *r;
};

/* ---- trails ---- */

/* {"field":[old,new],…}, as the trail has it: SQLite would stop at anything else. */
static bool is_fields(struct ir_str text)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    ir_json_begin(&j, text);
    if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_OBJECT) return false;
    while ((rc = ir_json_next(&j, &t)) == IR_OK && t.type == IR_JSON_KEY) {
        if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY) return false;
        for (int i = 0; i < 2; i++)
            if (ir_json_next(&j, &t) != IR_OK || t.type == IR_JSON_OBJECT ||
                t.type == IR_JSON_ARRAY || t.type == IR_JSON_ARRAY_END)
                return false;
        if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_ARRAY_END) return false;
    }
    return rc == IR_OK && t.type == IR_JSON_OBJECT_END && ir_json_next(&j, &t) == IR_END;
}

static int read_change(struct reader *r, struct ir_carried *c)
{
    static const char *const names[] = {"previous", "seq", "at",     "actor", "action",
                                        "tbl",      "row", "fields", "sha256"};
    struct ir_value v[9];
    ir_arena_reset(&r->in.arena);
    for (int i = 0; i < 9; i++) {
        const int rc =
            ir_token_member(&r->in, names[i], i == 1 ? IR_VALUE_INT : IR_VALUE_TEXT, &v[i]);
        if (rc != IR_OK) return rc;
    }
    if (!is_fields(v[7].text)) return ir_token_bad(&r->in, N_("fields that no trail of ir holds"));
    const struct ir_audit_change change = {v[1].n,    v[2].text, v[3].text, v[4].text,
                                           v[5].text, v[6].text, v[7].text};
    const int rc = ir_carried_add(r->db, c, v[0].text, &change, v[8].text, r->in.err);
    if (rc == IR_BAD) return ir_token_at(&r->in);
    return rc == IR_OK ? ir_token_expect(&r->in, IR_JSON_OBJECT_END) : rc;
}

static int read_trail(struct reader *r, struct ir_carried *c)
{
    int rc = ir_carried_begin(c, r->in.err);
    if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_ARRAY);
    while (rc == IR_OK && (rc = ir_token_object(&r->in)) == IR_OK)
        rc = read_change(r, c);
    return rc == IR_END ? IR_OK : rc;
}

static int end_trail(struct reader *r, struct ir_carried *c, const struct ir_carried_about *a)
{
    const int rc = ir_carried_end(r->db, c, a, r->in.err);
    return rc == IR_BAD ? ir_token_at(&r->in) : rc;
}

/* ---- rows ---- */

static int load_columns(struct reader *r, const char *table)
{
    struct ir_query q;
    int rc = ir_query_open(&q, r->db, "SELECT name FROM pragma_table_info(?1)", r->in.err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(table));
    for (r->ncolumns = 0;
         (rc = ir_query_next(&q, r->in.err)) == IR_OK && r->ncolumns < IR_RECORD_MAX;)
        snprintf(r->column[r->ncolumns++], NAME_BYTES, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

static bool is_id(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f') && s.p[i] != '-') return false;
    return s.n == IR_ID_TEXT - 1;
}

/* In the columns' order, each once: so no name that is not one of the schema's gets further. */
static int read_row(struct reader *r, const char *table)
{
    struct ir_value v[IR_RECORD_MAX];
    char id[IR_ID_TEXT];
    int rc = IR_OK;
    ir_arena_reset(&r->in.arena);
    for (size_t i = 0; i < r->ncolumns && rc == IR_OK; i++) {
        v[i].field = r->column[i];
        rc = ir_token_key(&r->in, r->column[i]);
        if (rc == IR_OK) rc = ir_token_next(&r->in);
        if (rc == IR_OK) rc = ir_token_value(&r->in, &v[i]);
    }
    if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_OBJECT_END);
    if (rc != IR_OK) return rc;
    if (r->ncolumns < 2 || v[0].kind != IR_VALUE_TEXT || !is_id(v[0].text))
        return ir_token_bad(&r->in, N_("a row without an id"));
    snprintf(id, sizeof id, "%.*s", IR_FMT(v[0].text));
    rc = ir_record_insert(r->db, table, id, v + 1, r->ncolumns - 1, NULL, r->in.err);
    if (rc != IR_BAD) {
        r->r->rows++;
        return rc;
    }
    if (strstr(r->in.err->msg, "UNIQUE") == NULL) return ir_token_at(&r->in);
    return ir_token_bad(&r->in,
                        N_("another row here has this number: import into a workspace of its own "
                           "(IR_HOME=DIR ir init)"));
}

static int read_tables(struct reader *r)
{
    int rc = ir_token_expect(&r->in, IR_JSON_OBJECT);
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++) {
        const char *table = ir_record_table(i);
        rc = ir_token_key(&r->in, table);
        if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_ARRAY);
        if (rc == IR_OK) rc = load_columns(r, table);
        while (rc == IR_OK && (rc = ir_token_object(&r->in)) == IR_OK)
            rc = read_row(r, table);
        if (rc == IR_END) rc = IR_OK;
    }
    return rc == IR_OK ? ir_token_expect(&r->in, IR_JSON_OBJECT_END) : rc;
}

/* Both ways: what the trail says the rows hold in the end, and what they hold. seq: of our trail
 * before the rows were written. */
static int check_rows(struct reader *r, const char *table, const char *trail, int64_t seq)
{
    struct ir_buf sql = IR_BUF(1 << 16);
    struct ir_query q;
    int rc = load_columns(r, table);
    ir_buf_str(&sql, IR_S("WITH said AS (SELECT row, j.key AS key, json_extract(j.value, '$[1]') "
                          "AS value, row_number() OVER (PARTITION BY row, j.key ORDER BY n DESC) "
                          "AS nth FROM carried_audit, json_each(fields) AS j WHERE carried_id = ?1 "
                          "AND tbl = ?2), last AS (SELECT row, key, value FROM said WHERE nth = 1 "
                          "AND value IS NOT NULL), held AS (SELECT NULL AS row, NULL AS key, NULL "
                          "AS value WHERE 0"));
    for (size_t i = 1; rc == IR_OK && i < r->ncolumns; i++)
        ir_buf_fmt(&sql,
                   " UNION ALL SELECT id, '%s', \"%s\" FROM %s WHERE \"%s\" IS NOT NULL AND id IN "
                   "(SELECT row FROM audit WHERE seq > ?3 AND tbl = ?2)",
                   r->column[i], r->column[i], table, r->column[i]);
    ir_buf_str(&sql, IR_S(") SELECT 1 FROM (SELECT * FROM held EXCEPT SELECT * FROM last) UNION "
                          "ALL SELECT 1 FROM (SELECT * FROM last EXCEPT SELECT * FROM held) LIMIT "
                          "1"));
    ir_buf_chr(&sql, '\0');
    if (rc == IR_OK && sql.full) rc = ir_fail(r->in.err, IR_FATAL, "out of memory");
    if (rc == IR_OK) rc = ir_query_open(&q, r->db, sql.p, r->in.err);
    ir_buf_free(&sql);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(trail));
    ir_query_text_arg(&q, 2, ir_str_z(table));
    ir_query_int_arg(&q, 3, seq);
    rc = ir_query_next(&q, r->in.err);
    ir_query_close(&q);
    return rc == IR_OK    ? ir_token_bad(&r->in, N_("the rows are not what their trail says"))
           : rc == IR_END ? IR_OK
                          : rc;
}

/* Trails that came with the case before, to where it comes from now. */
static int read_carried(struct reader *r, const char *with_id)
{
    struct ir_carried c;
    struct ir_value head, schema, sha256;
    char text[2][120];
    int rc = ir_token_expect(&r->in, IR_JSON_ARRAY);
    for (int n = 0; rc == IR_OK && (rc = ir_token_object(&r->in)) == IR_OK; n++) {
        if (n == CARRIED_MAX) return ir_token_bad(&r->in, N_("too many trails"));
        rc = ir_token_member(&r->in, "head", IR_VALUE_TEXT, &head);
        if (rc == IR_OK) rc = ir_token_keep(&r->in, head.text, text[0], sizeof text[0]);
        if (rc == IR_OK) rc = ir_token_member(&r->in, "schema", IR_VALUE_INT, &schema);
        if (rc == IR_OK) rc = ir_token_member(&r->in, "sha256", IR_VALUE_TEXT, &sha256);
        if (rc == IR_OK) rc = ir_token_keep(&r->in, sha256.text, text[1], sizeof text[1]);
        if (rc == IR_OK) rc = ir_token_key(&r->in, "audit");
        if (rc != IR_OK) return rc;
        rc = read_trail(r, &c);
        const struct ir_carried_about a = {.incident_id = r->r->incident_id,
                                           .with_id = with_id,
                                           .head = ir_str_z(text[0]),
                                           .sha256 = ir_str_z(text[1]),
                                           .schema = schema.n};
        if (rc == IR_OK) rc = end_trail(r, &c, &a);
        ir_carried_free(&c);
        if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_OBJECT_END);
    }
    return rc == IR_END ? ir_token_next(&r->in) : rc;
}

/* From behind "audit": its rows, what else came with it, the head; all against each other. */
static int read_history(struct reader *r, int64_t schema, int64_t seq, struct ir_str sha256)
{
    struct ir_carried c;
    struct ir_value head = {0};
    int rc = read_trail(r, &c);
    r->r->changes = c.n;
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++)
        rc = check_rows(r, ir_record_table(i), c.id, seq);
    if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_KEY);
    if (rc == IR_OK && ir_str_eq(r->in.t.text, IR_S("carried"))) rc = read_carried(r, c.id);
    if (rc == IR_OK && !ir_str_eq(r->in.t.text, IR_S("head")))
        rc = ir_token_bad(&r->in, N_("another name was expected here"));
    if (rc == IR_OK) rc = ir_token_expect(&r->in, IR_JSON_STRING);
    ir_arena_reset(&r->in.arena);
    if (rc == IR_OK) rc = ir_token_value(&r->in, &head);
    const struct ir_carried_about a = {.incident_id = r->r->incident_id,
                                       .head = head.text,
                                       .sha256 = sha256,
                                       .schema = schema,
                                       .inserted = r->r->rows};
    if (rc == IR_OK) rc = end_trail(r, &c, &a);
    ir_carried_free(&c);
    if (rc == IR_OK) rc = ir_token_keep(&r->in, head.text, r->r->head, sizeof r->r->head);
    return rc;
}

/* The last line tells the digest of all before its comma. */
static int check_digest(struct reader *r, struct ir_str *ret_sha256)
{
    static const char begin[] = ",\n\"sha256\":\"";
    const size_t tail = sizeof begin - 1 + 64 + 3; /* and "} with the line's end */
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    const struct ir_str body =
        ir_str_head(r->in.text, r->in.text.n > tail ? r->in.text.n - tail : 0);
    const struct ir_str end = ir_str_skip(r->in.text, body.n);
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), body, &sum))
        return ir_fail(r->in.err, IR_FATAL, "out of memory");
    ir_digest_hex(&sum, IR_SHA256, hex);
    *ret_sha256 = ir_str_head(ir_str_skip(end, sizeof begin - 1), 64);
    r->in.t.text = end;
    if (!ir_str_starts(end, ir_str_z(begin)) || !ir_str_eq(*ret_sha256, ir_str_z(hex)))
        return ir_token_bad(&r->in,
                            N_("not what ir case export wrote: changed since, or cut short"));
    return IR_OK;
}

/* What this database makes of the case is the file. */
static int is_same(struct reader *r, bool *ret_same)
{
    struct ir_buf out = IR_BUF(r->in.text.n + 1);
    struct ir_err mine = {0};
    const int rc = ir_bundle_write(r->db, r->r->incident_id, &out, &mine);
    *ret_same = rc == IR_OK && ir_str_eq(ir_buf_view(&out), r->in.text);
    ir_buf_free(&out);
    if (rc == IR_FATAL && r->in.err != NULL) *r->in.err = mine;
    return rc == IR_FATAL ? rc : IR_OK; /* longer than the file: not the same */
}

static int find_case(struct reader *r)
{
    struct ir_query q;
    int rc = ir_query_open(&q, r->db, "SELECT id FROM incident WHERE no = ?1", r->in.err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(r->r->no));
    rc = ir_query_next(&q, r->in.err);
    if (rc == IR_OK)
        snprintf(r->r->incident_id, sizeof r->r->incident_id, "%.*s",
                 IR_FMT(ir_str_head(ir_query_text(&q, 0), 36)));
    ir_query_close(&q);
    return rc;
}

static int read_head(struct reader *r, int64_t *ret_schema)
{
    struct ir_value kind, format, no, schema;
    int64_t known = 0;
    int rc = ir_token_expect(&r->in, IR_JSON_OBJECT);
    if (rc == IR_OK) rc = ir_token_member(&r->in, "ir.kind", IR_VALUE_TEXT, &kind);
    if (rc == IR_OK && !ir_str_eq(kind.text, IR_S("case")))
        rc = ir_token_bad(&r->in, N_("not a case"));
    if (rc == IR_OK) rc = ir_token_member(&r->in, "format", IR_VALUE_INT, &format);
    if (rc == IR_OK) rc = ir_token_member(&r->in, "schema", IR_VALUE_INT, &schema);
    if (rc == IR_OK)
        rc = ir_query_number(r->db, "PRAGMA user_version", ir_str_n(NULL, 0), &known, r->in.err);
    if (rc == IR_OK && (format.n < 1 || schema.n < 1)) rc = ir_token_bad(&r->in, N_("not a case"));
    if (rc == IR_OK && (format.n > 1 || schema.n > known))
        rc = ir_token_bad(&r->in, N_("made by a newer ir: use that"));
    if (rc == IR_OK) rc = ir_token_member(&r->in, "case", IR_VALUE_TEXT, &no);
    if (rc == IR_OK) rc = ir_token_keep(&r->in, no.text, r->r->no, sizeof r->r->no);
    if (rc == IR_OK) *ret_schema = schema.n;
    return rc == IR_OK ? ir_token_key(&r->in, "tables") : rc;
}

static int read_all(struct reader *r)
{
    struct ir_audit_head head;
    struct ir_str sha256 = {NULL, 0};
    int64_t schema = 0, loose = 0;
    bool same = false;
    int rc = check_digest(r, &sha256);
    if (rc == IR_OK) rc = read_head(r, &schema);
    if (rc == IR_OK) rc = find_case(r);
    if (rc == IR_OK) { /* it is here */
        rc = is_same(r, &r->r->same);
        return rc != IR_OK || r->r->same
                   ? rc
                   : ir_token_bad(
                         &r->in,
                         N_("a case of this number is here already, and is not this one as it "
                            "stands in the file: import into a workspace of its own "
                            "(IR_HOME=DIR ir init)"));
    }
    if (rc == IR_END) rc = ir_audit_head(r->db, &head, r->in.err);
    if (rc == IR_OK) rc = read_tables(r);
    if (rc == IR_OK) rc = find_case(r);
    if (rc == IR_END) return ir_token_bad(&r->in, N_("the case itself is not in it"));
    if (rc == IR_OK) rc = ir_token_key(&r->in, "audit");
    if (rc == IR_OK) rc = read_history(r, schema, head.seq, sha256);
    if (rc == IR_OK)
        rc = ir_query_number(r->db, "SELECT count(*) FROM pragma_foreign_key_check",
                             ir_str_n(NULL, 0), &loose, r->in.err);
    if (rc == IR_OK && loose > 0)
        rc = ir_token_bad(&r->in, N_("it refers to rows that are not in it"));
    if (rc == IR_OK) rc = is_same(r, &same);
    return rc != IR_OK || same
               ? rc
               : ir_token_bad(&r->in, N_("not as ir case export writes a case: nothing was taken "
                                         "in"));
}

int ir_bundle_read(struct ir_casedb *db, struct ir_str text, struct ir_bundle_result *ret_r,
                   struct ir_err *err)
{
    struct reader r = {
        .db = db, .in = {.err = err, .text = text, .arena = IR_ARENA(ROW_BYTES)}, .r = ret_r};
    *ret_r = (struct ir_bundle_result){.rows = 0};
    if (!ir_casedb_changing(db)) return ir_fail(err, IR_FATAL, "no transaction");
    /* The order of rows is that in which they were written, not that of their references. */
    if (sqlite3_exec(ir_casedb_handle(db), "PRAGMA defer_foreign_keys = ON", NULL, NULL, NULL) !=
        SQLITE_OK)
        return ir_casedb_fail(db, err);
    ir_json_begin(&r.in.json, text);
    const int rc = read_all(&r);
    ir_arena_free(&r.in.arena);
    if (rc != IR_OK) ir_casedb_rollback(db);
    return rc;
}
