/*
 * Events, cases and their numbers. See incident.h.
 */
#include "casedb/incident.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/time.h"
#include "base/utf8.h"
#include "casedb/people.h"
#include "casedb/query.h"
#include "casedb/setting.h"

static const struct series {
    const char *table, *prefix;
    int digits;
} series[] = {{"incident", "CASE", 3}, {"event", "EVT", 4}, {"alert", "ALR", 5}};

static const struct series *find_series(const char *table)
{
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        if (strcmp(series[i].table, table) == 0) return &series[i];
    return NULL;
}

static int year_of(struct ir_casedb *db, int64_t now)
{
    struct ir_civil c;
    ir_time_to_civil(now, ir_setting_zone(db), &c);
    return c.year;
}

/* Under the write lock, so two writers never get the same one. */
int ir_numbers_open(struct ir_casedb *db, const char *table, struct ir_numbers *ret_n,
                    struct ir_err *err)
{
    const struct series *s = find_series(table);
    char sql[160];
    *ret_n = (struct ir_numbers){.digits = s->digits};
    const int n = snprintf(ret_n->begin, sizeof ret_n->begin, "%s-%04d-", s->prefix,
                           year_of(db, ir_casedb_now(db)));
    snprintf(sql, sizeof sql,
             "SELECT max(CAST(substr(no, %d) AS INTEGER)) FROM %s WHERE substr(no, 1, %d) = ?1",
             n + 1, table, n);
    return ir_query_number(db, sql, ir_str_z(ret_n->begin), &ret_n->last, err);
}

void ir_numbers_next(struct ir_numbers *n, char no[IR_NO_TEXT])
{
    snprintf(no, IR_NO_TEXT, "%.10s%0*" PRId64, n->begin, n->digits, ++n->last);
}

static int next_number(struct ir_casedb *db, const char *table, char no[IR_NO_TEXT],
                       struct ir_err *err)
{
    struct ir_numbers n;
    const int rc = ir_numbers_open(db, table, &n, err);
    if (rc == IR_OK) ir_numbers_next(&n, no);
    return rc;
}

int ir_intake_add(struct ir_casedb *db, const struct ir_intake *r, char ret_no[IR_NO_TEXT],
                  char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    if (r->text.n == 0) return ir_fail(err, IR_BAD, "nothing was reported: the text is empty");
    const int rc = next_number(db, "event", ret_no, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(ir_casedb_now(db), now);
    if (r->noticed_at != NULL && strcmp(r->noticed_at, now) > 0)
        return ir_fail(err, IR_BAD, "nothing can have been noticed in the future");
    const struct ir_value v[] = {
        IR_V_Z("no", ret_no),          IR_V("text", r->text),
        IR_V("reporter", r->reporter), IR_V("reporter_contact", r->contact),
        IR_V("how", r->how),           IR_V_Z("noticed_at", r->noticed_at),
        IR_V_Z("recorded_at", now),    IR_V_Z("recorded_by", ir_casedb_actor(db))};
    return ir_record_insert(db, "event", NULL, v, sizeof v / sizeof *v, ret_id, err);
}

/* Without somebody who answers for it nothing becomes a case (5.24). */
static int find_lead(struct ir_casedb *db, struct ir_buf *lead, struct ir_err *err)
{
    const int rc = ir_role_person(db, IR_S("lead"), true, lead, err);
    ir_err_at(err, "", -1, 0);
    return rc != IR_END ? rc
                        : ir_fail(err, IR_BAD,
                                  "nobody leads the response: --lead NAME, or ir case role set "
                                  "lead NAME");
}

int ir_tlp_check(struct ir_str tlp, struct ir_err *err)
{
    static const char *const words[] = {"clear", "green", "amber", "amber+strict", "red"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tlp.n == 0 || ir_str_eq(tlp, ir_str_z(words[i]))) return IR_OK;
    return ir_fail(err, IR_BAD, "%.*s: no TLP: clear, green, amber, amber+strict or red",
                   IR_FMT(ir_str_head(tlp, 40)));
}

int ir_incident_open(struct ir_casedb *db, const struct ir_incident_opening *o,
                     char ret_no[IR_NO_TEXT], char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    struct ir_buf lead = IR_BUF(IR_CASE_TEXT_MAX);
    if (ir_utf8_trim(o->title).n == 0) return ir_fail(err, IR_BAD, "a case needs a title");
    int rc = ir_tlp_check(o->tlp, err);
    if (rc != IR_OK) return rc;
    if (ir_utf8_trim(o->lead).n > 0)
        ir_buf_str(&lead, ir_utf8_trim(o->lead));
    else
        rc = find_lead(db, &lead, err);
    if (rc == IR_OK) rc = next_number(db, "incident", ret_no, err);
    if (rc != IR_OK) {
        ir_buf_free(&lead);
        return rc;
    }
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("no", ret_no),
                                 IR_V("title", o->title),
                                 IR_V("kind", o->kind),
                                 IR_V_Z("opened_at", now),
                                 IR_V_Z("opened_by", ir_casedb_actor(db)),
                                 IR_V_Z("phase", "detect"),
                                 IR_V("level", o->level),
                                 IR_V("tlp", o->tlp.n > 0 ? o->tlp : IR_S("amber")),
                                 IR_V("lead", ir_buf_view(&lead)),
                                 IR_V_INT("exercise", o->exercise)};
    rc = ir_record_insert(db, "incident", NULL, v, sizeof v / sizeof *v, ret_id, err);
    ir_buf_free(&lead);
    return rc;
}

/* What is said without prefix, year or zeros gets them: "1" → "CASE-____-001". */
static bool pattern_of(const struct series *s, struct ir_str said, char out[64])
{
    char plain[64];
    uint64_t n, year;
    if (!ir_utf8_narrow(ir_utf8_trim(said), plain, sizeof plain)) return false;
    said = ir_str_z(plain);
    struct ir_str rest = said; /* "CASE-2026-1", "2026-1" */
    if (ir_str_istarts(rest, ir_str_z(s->prefix))) rest = ir_str_skip(rest, strlen(s->prefix) + 1);
    const struct ir_str first = ir_str_cut(&rest, '-');
    if (first.n == 4 && ir_str_u64(first, &year) && ir_str_u64(rest, &n) && n < 1000000000)
        return snprintf(out, 64, "%s-%04u-%0*" PRIu64, s->prefix, (unsigned)year, s->digits, n) <
               64;
    if (ir_str_u64(said, &n) && n < 1000000000)
        return snprintf(out, 64, "%s-____-%0*" PRIu64, s->prefix, s->digits, n) < 64;
    if (said.n > 4 && said.p[4] == '-' && ir_isdigit(said.p[0]))
        return snprintf(out, 64, "%s-%.*s", s->prefix, IR_FMT(ir_str_head(said, 40))) < 64;
    return said.n < 60 && snprintf(out, 64, "%.*s", IR_FMT(said)) < 64;
}

/* Says where the numbers stand that there are. */
static int none_such(const struct series *s, const char *said, struct ir_err *err)
{
    if (strcmp(s->table, "event") == 0)
        return ir_fail(err, IR_BAD, "no report has the number '%.60s': ir case event list", said);
    if (strcmp(s->table, "alert") == 0)
        return ir_fail(err, IR_BAD, "no alert has the number '%.60s': ir case alerts", said);
    return ir_fail(err, IR_BAD, "no case has the number '%.60s': ir case list", said);
}

int ir_number_find(struct ir_casedb *db, const char *table, const char *said,
                   char ret_id[IR_ID_TEXT], char ret_no[IR_NO_TEXT], struct ir_err *err)
{
    const struct series *s = find_series(table);
    char pattern[64], sql[160];
    struct ir_query q;
    ir_err_at(err, "", -1, 0);
    if (s == NULL || strpbrk(said, "%_") != NULL || !pattern_of(s, ir_str_z(said), pattern))
        return ir_fail(err, IR_BAD, "no number: '%.60s'", said);
    /* Only a number without its year needs to be searched for: of ten thousand said at once each
     * would go through the table. */
    snprintf(sql, sizeof sql, "SELECT id, no FROM %s WHERE no %s ?1 ORDER BY no DESC LIMIT 2",
             table, strchr(pattern, '_') != NULL ? "LIKE" : "=");
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(pattern));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        snprintf(ret_id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        snprintf(ret_no, IR_NO_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 1)));
        rc = ir_query_next(&q, err);
        if (rc == IR_OK)
            rc = ir_fail(err, IR_BAD, "several years have a number '%.60s': say %s or %.*s", said,
                         ret_no, IR_FMT(ir_query_text(&q, 1)));
        else if (rc == IR_END)
            rc = IR_OK;
    } else if (rc == IR_END) {
        rc = none_such(s, said, err);
    }
    ir_query_close(&q);
    return rc;
}

int ir_number_within(struct ir_casedb *db, const char *table, const char *incident_id,
                     int64_t *ret_no, struct ir_err *err)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT coalesce(max(no), 0) FROM %s WHERE incident_id = ?1", table);
    const int rc = ir_query_number(db, sql, ir_str_z(incident_id), ret_no, err);
    if (rc == IR_OK) ++*ret_no;
    return rc;
}
