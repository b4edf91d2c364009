/*
 * Timeline, indicators and assets. See scene.h. Lines that are imported were written by an
 * attacker as often as not: SQLite's JSON functions read them as bound values, and what has no
 * time or no title is counted and left out.
 */
#include "casedb/scene.h"

#include <stdio.h>

#include "base/time.h"
#include "casedb/incident.h"
#include "casedb/query.h"
#include "casedb/work.h"

/* The id of a row by two texts; IR_END: none. */
static int find(struct ir_casedb *db, const char *sql, const char *incident_id, struct ir_str a,
                struct ir_str b, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, a);
    if (b.p != NULL) ir_query_text_arg(&q, 3, b);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(ret_id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc;
}

static int same_row(struct ir_casedb *db, const char *incident_id, const char *at,
                    const struct ir_timeline_row *r, int64_t *ret_no, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT no FROM timeline WHERE incident_id = ?1 AND at = ?2 AND title = "
                           "?3 AND source IS ?4",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(at));
    ir_query_text_arg(&q, 3, r->title);
    ir_query_text_arg(&q, 4, r->source.n > 0 ? r->source : ir_str_n(NULL, 0));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) *ret_no = ir_query_int(&q, 0);
    ir_query_close(&q);
    return rc;
}

static int check_row(const struct ir_timeline_row *r, struct ir_err *err)
{
    static const char *const words[] = {"confirmed", "probable", "possible", "unknown"};
    bool known = r->confidence.n == 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        known = known || ir_str_eq(r->confidence, ir_str_z(words[i]));
    if (!known) return ir_fail(err, IR_BAD, "confidence: confirmed, probable, possible or unknown");
    if (r->title.n == 0) return ir_fail(err, IR_BAD, "an entry of the timeline says what happened");
    if (r->until != INT64_MIN && r->until < r->at)
        return ir_fail(err, IR_BAD, "it ends before it begins");
    return IR_OK;
}

int ir_timeline_add(struct ir_casedb *db, const char *incident_id, const struct ir_timeline_row *r,
                    int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    char at[IR_CASEDB_TIME], until[IR_CASEDB_TIME] = "";
    struct ir_value v[12];
    size_t n = 0;
    int rc = check_row(r, err);
    if (rc == IR_OK) rc = ir_incident_working(db, incident_id, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(r->at, at);
    if (r->until != INT64_MIN) ir_casedb_time(r->until, until);
    rc = same_row(db, incident_id, at, r, ret_no, err);
    if (rc != IR_END) return rc == IR_OK ? IR_END : rc;
    rc = ir_number_within(db, "timeline", incident_id, ret_no, err);
    if (rc != IR_OK) return rc;
    v[n++] = IR_V_Z("incident_id", incident_id);
    v[n++] = IR_V_INT("no", *ret_no);
    v[n++] = IR_V_Z("at", at);
    v[n++] = IR_V_Z("until", until);
    if (r->uncertainty_s >= 0) v[n++] = IR_V_INT("uncertainty_s", r->uncertainty_s);
    v[n++] = IR_V("title", r->title);
    v[n++] = IR_V("detail", r->detail);
    v[n++] = IR_V("source", r->source);
    v[n++] = IR_V("asset", r->asset);
    v[n++] = IR_V("attack", r->attack);
    v[n++] = IR_V("confidence", r->confidence);
    v[n++] = IR_V("evidence", r->evidence);
    return ir_record_insert(db, "timeline", NULL, v, n, ret_id, err);
}

static int is_json(struct ir_casedb *db, struct ir_str line, bool *ret_yes, struct ir_err *err)
{
    int64_t yes = 0;
    const int rc = ir_query_number(
        db, "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END", line, &yes,
        err);
    if (rc == IR_OK) *ret_yes = yes != 0;
    return rc;
}

/* Names of ir scan, of ir timeline, and of Timesketch, in this order. */
#define MEMBER(path) "json_extract(?1, '$." path "')"
static const char one_line[] = "SELECT coalesce(" MEMBER(
    "\"@timestamp\"") ", " MEMBER("datetime") "), "
                                              "coalesce(" MEMBER(
                                                  "rule.title") ", " MEMBER("message") ", " MEMBER("title") "), " MEMBER("last_seen") ", "
                                                                                                                                      "coalesce(" MEMBER("origin[0].path") " || ':' || "
                                                                                                                                                                           "coalesce(" MEMBER("o"
                                                                                                                                                                                              "r"
                                                                                                                                                                                              "i"
                                                                                                                                                                                              "g"
                                                                                                                                                                                              "i"
                                                                                                                                                                                              "n"
                                                                                                                                                                                              "["
                                                                                                                                                                                              "0"
                                                                                                                                                                                              "]"
                                                                                                                                                                                              "."
                                                                                                                                                                                              "l"
                                                                                                                                                                                              "i"
                                                                                                                                                                                              "n"
                                                                                                                                                                                              "e") ", " MEMBER("origin[0].offset") ", ''), " MEMBER("\"log.file.path\"") " || ':' || coalesce(" MEMBER("\"log.line\"") ", " MEMBER("\"log.offset\"") ", ''), " MEMBER("source") "), "
                                                                                                                                                                                                                                                                                                                                                                                "coales"
                                                                                                                                                                                                                                                                                                                                                                                "ce"
                                                                                                                                                                                                                                                                                                                                                                                "(" MEMBER(
                                                                                                                                                                                                                                                                                                                                                                                    "entity.\"host.name\"") ", " MEMBER("\""
                                                                                                                                                                                                                                                                                                                                                                                                                        "ho"
                                                                                                                                                                                                                                                                                                                                                                                                                        "st"
                                                                                                                                                                                                                                                                                                                                                                                                                        ".n"
                                                                                                                                                                                                                                                                                                                                                                                                                        "am"
                                                                                                                                                                                                                                                                                                                                                                                                                        "e"
                                                                                                                                                                                                                                                                                                                                                                                                                        "\"") "), "
                                                                                                                                                                                                                                                                                                                                                                                                                              "(SELECT upper(substr(value, 8)) FROM json_each(?1, '$.rule.tags') WHERE value GLOB "
                                                                                                                                                                                                                                                                                                                                                                                                                              "'attack.t[0-9]*' LIMIT 1), coalesce(" MEMBER("why") ", " MEMBER(
                                                                                                                                                                                                                                                                                                                                                                                                                                  "timestamp_desc") "), "
                                                                                                                                                                                                                                                                                                                                                                                                                                                    "coalesce(" MEMBER(
                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"ir.kind\"") ", '')";
#undef MEMBER

static int take_line(struct ir_casedb *db, const char *incident_id, struct ir_str line,
                     struct ir_import *i, bool *ret_good, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    bool zone, json = false;
    int64_t no;
    struct ir_query q;
    struct ir_timeline_row r = {.until = INT64_MIN, .uncertainty_s = -1};
    *ret_good = false;
    int rc = is_json(db, line, &json, err);
    if (rc != IR_OK || !json) return rc;
    rc = ir_query_open(&q, db, one_line, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, line);
    rc = ir_query_next(&q, err);
    r.title = ir_query_text(&q, 1);
    r.source = ir_query_text(&q, 3);
    r.asset = ir_query_text(&q, 4);
    r.attack = ir_query_text(&q, 5);
    r.detail = ir_query_text(&q, 6);
    const bool summary = rc == IR_OK && ir_str_eq(ir_query_text(&q, 7), IR_S("summary"));
    const bool timed = ir_time_parse_iso(ir_query_text(&q, 0), &r.at, &zone) > 0;
    if (ir_time_parse_iso(ir_query_text(&q, 2), &r.until, &zone) == 0 || r.until <= r.at)
        r.until = INT64_MIN;
    *ret_good = summary || (timed && r.title.n > 0);
    if (rc == IR_OK && timed && r.title.n > 0 && !summary) {
        rc = ir_timeline_add(db, incident_id, &r, &no, id, err);
        if (rc == IR_OK) i->added++;
        if (rc == IR_END) i->same++;
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

int ir_timeline_import(struct ir_casedb *db, const char *incident_id, struct ir_str text,
                       struct ir_import *ret_i, struct ir_err *err)
{
    struct ir_str line;
    bool ended, good;
    uint64_t n = 0;
    int rc = ir_incident_working(db, incident_id, err);
    *ret_i = (struct ir_import){0};
    while (rc == IR_OK && ir_str_line(&text, &line, &ended)) {
        n++;
        if (ir_str_trim(line).n == 0) continue;
        rc = take_line(db, incident_id, line, ret_i, &good, err);
        if (rc == IR_OK && !good && ret_i->bad++ == 0) ret_i->first_bad = n;
    }
    return rc;
}

int ir_indicator_add(struct ir_casedb *db, const char *incident_id, const struct ir_indicator *i,
                     struct ir_err *err)
{
    char id[IR_ID_TEXT];
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK)
        rc = find(db, "SELECT id FROM ioc WHERE incident_id = ?1 AND type = ?2 AND value = ?3",
                  incident_id, i->type, i->value, id, err);
    const struct ir_value v[] = {
        IR_V_Z("incident_id", incident_id), IR_V("type", i->type), IR_V("value", i->value),
        IR_V_Z("state", "active"),          IR_V("note", i->note), IR_V("tlp", i->tlp)};
    if (rc == IR_END) return ir_record_insert(db, "ioc", NULL, v, 6, NULL, err);
    if (rc == IR_OK && i->note.n > 0) rc = ir_record_update(db, "ioc", id, v + 4, 1, err);
    if (rc == IR_OK && i->tlp.n > 0) rc = ir_record_update(db, "ioc", id, v + 5, 1, err);
    return rc == IR_OK ? IR_END : rc;
}

#define ASSET_FIELDS 8u

static int find_asset(struct ir_casedb *db, const char *incident_id, struct ir_str name,
                      char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    return find(db, "SELECT id FROM asset WHERE incident_id = ?1 AND name = ?2", incident_id, name,
                ir_str_n(NULL, 0), ret_id, err);
}

int ir_asset_add(struct ir_casedb *db, const char *incident_id, struct ir_str name,
                 const struct ir_value *v, size_t n, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    struct ir_value all[ASSET_FIELDS + 2];
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK && (name.n == 0 || n > ASSET_FIELDS))
        rc = ir_fail(err, IR_BAD, "an asset needs a name");
    if (rc == IR_OK) rc = find_asset(db, incident_id, name, id, err);
    if (rc == IR_OK) return ir_fail(err, IR_BAD, "the case has this asset: change it");
    if (rc != IR_END) return rc;
    all[0] = IR_V_Z("incident_id", incident_id);
    all[1] = IR_V("name", name);
    if (n > 0) memcpy(all + 2, v, n * sizeof *v);
    return ir_record_insert(db, "asset", NULL, all, n + 2, NULL, err);
}

int ir_asset_change(struct ir_casedb *db, const char *incident_id, struct ir_str name,
                    const struct ir_value *v, size_t n, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    int rc = ir_incident_working(db, incident_id, err);
    if (rc == IR_OK) rc = find_asset(db, incident_id, name, id, err);
    if (rc == IR_END) rc = ir_fail(err, IR_BAD, "the case has no such asset");
    if (rc == IR_OK && n == 0) rc = ir_fail(err, IR_BAD, "nothing is to be changed");
    return rc == IR_OK ? ir_record_update(db, "asset", id, v, n, err) : rc;
}
