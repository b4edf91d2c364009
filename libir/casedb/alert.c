/*
 * Filing findings. See alert.h.
 *
 * A finding is JSON that holds what an attacker wrote into a log. It is read by SQLite's own
 * functions with the line bound as a value; every value of it is text or a number to us.
 */
#include "casedb/alert.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/time.h"
#include "casedb/query.h"

int ir_alert_level(struct ir_str name)
{
    static const char *const names[] = {"informational", "low", "medium", "high", "critical"};
    for (int i = 0; i < 5; i++)
        if (ir_str_eq(name, ir_str_z(names[i]))) return i;
    return -1;
}

int ir_alert_filing_open(struct ir_casedb *db, struct ir_alert_filing *ret_f, struct ir_err *err)
{
    *ret_f = (struct ir_alert_filing){0};
    return ir_numbers_open(db, "alert", &ret_f->numbers, err);
}

/* "" when it is no time. */
static void time_of(struct ir_str s, char out[IR_CASEDB_TIME])
{
    int64_t ns;
    bool zone;
    out[0] = '\0';
    if (s.n > 0 && ir_time_parse_iso(s, &ns, &zone) == s.n) ir_casedb_time(ns, out);
}

struct found {
    struct ir_str rule, title, level, entity, record, line;
    int64_t count;
    char first[IR_CASEDB_TIME], last[IR_CASEDB_TIME];
    char key[IR_DIGEST_TEXT];
};

static bool make_key(struct found *f)
{
    /* Without a record (a count of many): the time at which it began. */
    const struct ir_str part[] = {f->rule, f->entity,
                                  f->record.n > 0 ? f->record : ir_str_z(f->first)};
    struct ir_buf b = IR_BUF(IR_CASE_TEXT_MAX * 2);
    struct ir_digest_sum sum;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        ir_buf_fmt(&b, "%zu:", part[i].n); /* no value can look like the end of another */
        ir_buf_str(&b, part[i]);
    }
    const bool good = !b.full && ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(&b), &sum);
    ir_buf_free(&b);
    if (good) ir_digest_hex(&sum, IR_SHA256, f->key);
    return good;
}

static int insert(struct ir_casedb *db, struct ir_alert_filing *filing, const struct found *f,
                  struct ir_err *err)
{
    char no[IR_NO_TEXT], now[IR_CASEDB_TIME];
    ir_numbers_next(&filing->numbers, no);
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {
        IR_V_Z("no", no),         IR_V_Z("key", f->key),          IR_V("rule_id", f->rule),
        IR_V("title", f->title),  IR_V("level", f->level),        IR_V("entity", f->entity),
        IR_V("finding", f->line), IR_V_Z("first_seen", f->first), IR_V_Z("last_seen", f->last),
        IR_V_Z("filed_at", now),  IR_V_INT("count", f->count)};
    filing->filed++;
    return ir_record_insert(db, "alert", NULL, v, sizeof v / sizeof *v, NULL, err);
}

/* The row that q stands on is this finding as it was known. */
static int widen(struct ir_casedb *db, struct ir_alert_filing *filing, struct ir_query *q,
                 const struct found *f, struct ir_err *err)
{
    char id[IR_ID_TEXT], first[IR_CASEDB_TIME], last[IR_CASEDB_TIME];
    snprintf(id, sizeof id, "%.*s", IR_FMT(ir_query_text(q, 0)));
    snprintf(first, sizeof first, "%.*s", IR_FMT(ir_query_text(q, 1)));
    snprintf(last, sizeof last, "%.*s", IR_FMT(ir_query_text(q, 2)));
    const int64_t count = ir_query_int(q, 3);
    const bool earlier = f->first[0] != '\0' && (!first[0] || strcmp(f->first, first) < 0);
    const bool later = strcmp(f->last, last) > 0;
    ir_query_close(q);
    if (!earlier && !later && f->count <= count) {
        filing->same++;
        return IR_OK;
    }
    const struct ir_value v[] = {IR_V_Z("first_seen", earlier ? f->first : first),
                                 IR_V_Z("last_seen", later ? f->last : last),
                                 IR_V_INT("count", f->count > count ? f->count : count),
                                 IR_V("finding", f->line)};
    filing->grown++;
    return ir_record_update(db, "alert", id, v, sizeof v / sizeof *v, err);
}

static int store(struct ir_casedb *db, struct ir_alert_filing *filing, const struct found *f,
                 struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(
        &q, db, "SELECT id, first_seen, last_seen, count FROM alert WHERE key = ?1", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(f->key));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) return widen(db, filing, &q, f, err);
    ir_query_close(&q);
    return rc == IR_END ? insert(db, filing, f, err) : rc;
}

static int is_json(struct ir_casedb *db, struct ir_str line, bool *ret_yes, struct ir_err *err)
{
    int64_t yes = 0;
    const int rc = ir_query_number(db, "SELECT json_valid(?1)", line, &yes, err);
    *ret_yes = yes != 0;
    return rc;
}

static int bad_line(struct ir_alert_filing *f)
{
    if (f->bad++ == 0) f->bad_line = f->lines;
    return IR_OK;
}

int ir_alert_file(struct ir_casedb *db, struct ir_alert_filing *filing, struct ir_str line,
                  struct ir_err *err)
{
    struct ir_query q;
    bool json = false;
    filing->lines++;
    if (ir_str_trim(line).n == 0) return IR_OK;
    if (line.n > IR_CASE_TEXT_MAX) return bad_line(filing);
    int rc = is_json(db, line, &json, err);
    if (rc != IR_OK) return rc;
    if (!json) return bad_line(filing);
    rc = ir_query_open(&q, db,
                       "SELECT json_extract(?1, '$.\"ir.kind\"'), json_extract(?1, '$.rule.id'),"
                       " json_extract(?1, '$.rule.title'), json_extract(?1, '$.rule.level'),"
                       " coalesce(json_extract(?1, '$.entity'), '{}'),"
                       " json_extract(?1, '$.origin[0].sha256'), json_extract(?1, '$.count'),"
                       " json_extract(?1, '$.first_seen'), json_extract(?1, '$.last_seen')",
                       err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, line);
    rc = ir_query_next(&q, err);
    if (rc != IR_OK) {
        ir_query_close(&q);
        return rc;
    }
    struct found f = {.rule = ir_query_text(&q, 1),
                      .title = ir_query_text(&q, 2),
                      .level = ir_query_text(&q, 3),
                      .entity = ir_query_text(&q, 4),
                      .record = ir_query_text(&q, 5),
                      .count = ir_query_int(&q, 6),
                      .line = line};
    const struct ir_str kind = ir_query_text(&q, 0);
    time_of(ir_query_text(&q, 7), f.first);
    time_of(ir_query_text(&q, 8), f.last);
    if (f.count < 1) f.count = 1;
    if (f.title.n == 0) f.title = f.rule;
    if (ir_str_eq(kind, IR_S("summary")))
        filing->summary = true;
    else if (!ir_str_eq(kind, IR_S("finding")) || f.rule.n == 0 || ir_alert_level(f.level) < 0)
        rc = bad_line(filing);
    else
        rc = make_key(&f) ? store(db, filing, &f, err) : ir_fail(err, IR_FATAL, "out of memory");
    ir_query_close(&q);
    return rc;
}
