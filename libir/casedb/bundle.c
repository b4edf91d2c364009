/*
 * Cases as JSON. See bundle.h. Names of tables and columns come from the schema, values are hostile
 * and go through the JSON writer, which also keeps what would turn or hide text out of sight.
 */
#include "casedb/bundle.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/json.h"
#include "casedb/audit.h"
#include "casedb/query.h"

#define SQL_BYTES 16384u

static int execute(struct ir_casedb *db, const char *sql, struct ir_err *err)
{
    return sqlite3_exec(ir_casedb_handle(db), sql, NULL, NULL, NULL) == SQLITE_OK
               ? IR_OK
               : ir_casedb_fail(db, err);
}

/* Where a row of the table is one of the case: a reference leads into what was taken before, and
 * none leads out of it. False: the table refers to nothing. */
static int references(struct ir_casedb *db, const char *table, struct ir_buf *any,
                      struct ir_buf *all, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1) "
                           "WHERE \"table\" <> ?1 ORDER BY 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(table));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        const struct ir_str column = ir_query_text(&q, 0), other = ir_query_text(&q, 1);
        ir_buf_fmt(any, "%s\"%.*s\" IN (SELECT row FROM temp.bundle WHERE tbl = '%.*s')",
                   any->n > 0 ? " OR " : "", IR_FMT(column), IR_FMT(other));
        ir_buf_fmt(all,
                   " AND (\"%.*s\" IS NULL OR \"%.*s\" IN (SELECT row FROM temp.bundle WHERE tbl ="
                   " '%.*s'))",
                   IR_FMT(column), IR_FMT(column), IR_FMT(other));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static int gather_table(struct ir_casedb *db, const char *table, struct ir_err *err)
{
    struct ir_buf any = IR_BUF(SQL_BYTES), all = IR_BUF(SQL_BYTES), sql = IR_BUF(3 * SQL_BYTES);
    int rc = references(db, table, &any, &all, err);
    if (rc == IR_OK && any.n > 0) {
        ir_buf_fmt(&sql, "INSERT INTO temp.bundle SELECT '%s', id FROM %s WHERE (%.*s)%.*s", table,
                   table, IR_FMT(ir_buf_view(&any)), IR_FMT(ir_buf_view(&all)));
        ir_buf_chr(&sql, '\0');
        rc = any.full || all.full || sql.full ? ir_fail(err, IR_FATAL, "out of memory")
                                              : execute(db, sql.p, err);
    }
    ir_buf_free(&sql);
    ir_buf_free(&all);
    ir_buf_free(&any);
    return rc;
}

/* temp.bundle: the rows of the case. */
static int gather(struct ir_casedb *db, const char *incident_id, struct ir_err *err)
{
    struct ir_query q;
    int rc = execute(db,
                     "CREATE TEMP TABLE IF NOT EXISTS bundle (tbl TEXT, row TEXT,"
                     " PRIMARY KEY (tbl, row)); DELETE FROM temp.bundle",
                     err);
    /* A case that was merged into another goes with that one, and with those merged into it. */
    if (rc == IR_OK)
        rc =
            ir_query_open(&q, db,
                          "WITH RECURSIVE one (id) AS (VALUES (?1) UNION SELECT i.id FROM incident "
                          "i JOIN one ON i.merged_into = one.id UNION SELECT i.merged_into FROM "
                          "incident i JOIN one ON i.id = one.id WHERE i.merged_into IS NOT NULL) "
                          "INSERT INTO temp.bundle SELECT 'incident', id FROM one",
                          err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    rc = rc == IR_END ? IR_OK : rc;
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++)
        if (strcmp(ir_record_table(i), "incident") != 0)
            rc = gather_table(db, ir_record_table(i), err);
    return rc;
}

/* The rows of a statement as a list of objects. */
static int write_rows(struct ir_query *q, struct ir_buf *out, struct ir_err *err)
{
    int rc;
    ir_buf_chr(out, '[');
    for (size_t n = 0; (rc = ir_query_next(q, err)) == IR_OK && !out->full; n++) {
        bool first = true;
        ir_buf_str(out, n > 0 ? IR_S(",\n{") : IR_S("\n{"));
        for (int i = 0; i < ir_query_columns(q); i++) {
            ir_json_write_key(out, &first, ir_str_z(ir_query_name(q, i)));
            if (ir_query_null(q, i))
                ir_buf_str(out, IR_S("null"));
            else if (ir_query_is_int(q, i))
                ir_json_write_i64(out, ir_query_int(q, i));
            else
                ir_json_write_str(out, ir_query_text(q, i));
        }
        ir_buf_chr(out, '}');
    }
    ir_buf_chr(out, ']');
    return rc == IR_END ? IR_OK : rc;
}

/* In the order in which they were written: the latest decision or fact is the one that counts. */
static int write_table(struct ir_casedb *db, const char *table, struct ir_buf *out,
                       struct ir_err *err)
{
    char sql[256];
    struct ir_query q;
    snprintf(sql, sizeof sql,
             "SELECT * FROM %s WHERE id IN (SELECT row FROM temp.bundle WHERE tbl = '%s') "
             "ORDER BY rowid",
             table, table);
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    rc = write_rows(&q, out, err);
    ir_query_close(&q);
    return rc;
}

#define TRAIL "seq, at, actor, action, tbl, row, fields, sha256 FROM "

/* Of this database, or (id not NULL) one that came with the case. */
static int write_trail(struct ir_casedb *db, const char *id, struct ir_buf *out, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(
        &q, db,
        id != NULL ? "SELECT previous, " TRAIL "carried_audit WHERE carried_id = ?1 ORDER BY n"
                   : "SELECT coalesce((SELECT sha256 FROM audit WHERE seq = a.seq - 1), "
                     "hex(zeroblob(32))) AS previous, " TRAIL "audit a WHERE EXISTS "
                     "(SELECT 1 FROM temp.bundle b WHERE b.tbl = a.tbl AND b.row = a.row) "
                     "ORDER BY seq",
        err);
    if (rc != IR_OK) return rc;
    if (id != NULL) ir_query_text_arg(&q, 1, ir_str_z(id));
    rc = write_rows(&q, out, err);
    ir_query_close(&q);
    return rc;
}

/* A case that came from elsewhere and was not touched since goes on as it came: its trail is that
 * one's, and what was done here is nothing but taking it in. */
struct origin {
    bool as_it_came;
    char id[IR_ID_TEXT], head[IR_AUDIT_HEX + 24];
    int64_t schema;
};

static int find_origin(struct ir_casedb *db, struct origin *o, struct ir_err *err)
{
    struct ir_query q;
    *o = (struct origin){.as_it_came = false};
    int rc = ir_query_open(
        &q, db,
        "SELECT c.id, c.head, c.schema, (SELECT count(*) FROM audit a JOIN temp.bundle b ON "
        "b.tbl = a.tbl AND b.row = a.row WHERE a.seq > s.seq OR a.seq < s.seq - c.inserted - "
        "(SELECT "
        "count(*) FROM carried w WHERE w.with_id = c.id)) FROM carried c JOIN audit s ON s.tbl = "
        "'carried' AND s.row = c.id WHERE c.with_id IS NULL AND "
        "c.incident_id IN (SELECT row FROM temp.bundle WHERE tbl = 'incident') ORDER BY c.rowid "
        "DESC LIMIT 1",
        err);
    if (rc != IR_OK) return rc;
    rc = ir_query_next(&q, err);
    if (rc == IR_OK && ir_query_int(&q, 3) == 0) {
        o->as_it_came = true;
        snprintf(o->id, sizeof o->id, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 0), 36)));
        snprintf(o->head, sizeof o->head, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 1), 88)));
        o->schema = ir_query_int(&q, 2);
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* The trails that came with it; of one that goes on as it came, those that came with that. */
static int write_carried(struct ir_casedb *db, const struct origin *o, struct ir_buf *out,
                         struct ir_err *err)
{
    struct ir_query q;
    size_t n = 0;
    int rc =
        ir_query_open(&q, db,
                      "SELECT id, head, schema, sha256 FROM carried WHERE CASE WHEN ?1 IS NULL "
                      "THEN incident_id IN (SELECT row FROM temp.bundle WHERE tbl = "
                      "'incident') ELSE with_id = ?1 END ORDER BY rowid",
                      err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, o->as_it_came ? ir_str_z(o->id) : ir_str_n(NULL, 0));
    while ((rc = ir_query_next(&q, err)) == IR_OK && !out->full) {
        char id[IR_ID_TEXT];
        bool first = true;
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 0), 36)));
        ir_buf_str(out, n++ == 0 ? IR_S(",\n\"carried\":[\n{") : IR_S(",\n{"));
        ir_json_write_key(out, &first, IR_S("head"));
        ir_json_write_str(out, ir_query_text(&q, 1));
        ir_json_write_key(out, &first, IR_S("schema"));
        ir_json_write_i64(out, ir_query_int(&q, 2));
        ir_json_write_key(out, &first, IR_S("sha256"));
        ir_json_write_str(out, ir_query_text(&q, 3));
        ir_json_write_key(out, &first, IR_S("audit"));
        const int one = write_trail(db, id, out, err);
        ir_buf_chr(out, '}');
        if (one != IR_OK) {
            rc = one;
            break;
        }
    }
    if (n > 0) ir_buf_chr(out, ']');
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static int write_begin(struct ir_casedb *db, const char *incident_id, const struct origin *o,
                       struct ir_buf *out, struct ir_err *err)
{
    struct ir_query q;
    int64_t schema = o->schema;
    int rc = IR_OK;
    if (!o->as_it_came)
        rc = ir_query_number(db, "PRAGMA user_version", ir_str_n(NULL, 0), &schema, err);
    if (rc == IR_OK) rc = ir_query_open(&q, db, "SELECT no FROM incident WHERE id = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        ir_buf_fmt(out,
                   "{\"ir.kind\":\"case\",\"format\":1,\"schema\":%" PRId64 ",\"case\":", schema);
        ir_json_write_str(out, ir_query_text(&q, 0));
        ir_buf_str(out, IR_S(",\n\"tables\":{"));
    }
    ir_query_close(&q);
    return rc == IR_END ? ir_fail(err, IR_BAD, "there is no such case") : rc;
}

static int write_end(struct ir_casedb *db, const struct origin *o, struct ir_buf *out,
                     struct ir_err *err)
{
    struct ir_audit_head head;
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT], text[IR_AUDIT_HEX + 24];
    const int rc = ir_audit_head(db, &head, err);
    if (rc != IR_OK) return rc;
    snprintf(text, sizeof text, "%" PRId64 ":%s", head.seq, head.sha256);
    ir_buf_str(out, IR_S(",\n\"head\":"));
    ir_json_write_str(out, ir_str_z(o->as_it_came ? o->head : text));
    if (out->full) return ir_fail(err, IR_BAD, "longer than a file of a case may be");
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(out), &sum))
        return ir_fail(err, IR_FATAL, "out of memory");
    ir_digest_hex(&sum, IR_SHA256, hex);
    ir_buf_fmt(out, ",\n\"sha256\":\"%s\"}\n", hex);
    return IR_OK;
}

static int write_all(struct ir_casedb *db, const char *incident_id, struct ir_buf *out,
                     struct ir_err *err)
{
    bool first = true;
    struct origin o = {.as_it_came = false};
    int rc = gather(db, incident_id, err);
    if (rc == IR_OK) rc = find_origin(db, &o, err);
    if (rc == IR_OK) rc = write_begin(db, incident_id, &o, out, err);
    for (size_t i = 0; rc == IR_OK && ir_record_table(i) != NULL; i++) {
        ir_json_write_key(out, &first, ir_str_z(ir_record_table(i)));
        rc = write_table(db, ir_record_table(i), out, err);
    }
    ir_buf_str(out, IR_S("},\n\"audit\":"));
    if (rc == IR_OK) rc = write_trail(db, o.as_it_came ? o.id : NULL, out, err);
    if (rc == IR_OK) rc = write_carried(db, &o, out, err);
    return rc == IR_OK ? write_end(db, &o, out, err) : rc;
}

int ir_bundle_write(struct ir_casedb *db, const char *incident_id, struct ir_buf *out,
                    struct ir_err *err)
{
    const bool inside = !sqlite3_get_autocommit(ir_casedb_handle(db));
    int rc = inside ? IR_OK : execute(db, "BEGIN", err);
    if (rc != IR_OK) return rc;
    rc = write_all(db, incident_id, out, err);
    if (!inside) sqlite3_exec(ir_casedb_handle(db), "COMMIT", NULL, NULL, NULL);
    return rc;
}
