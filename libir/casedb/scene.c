/*
 * Timeline, indicators and assets. See scene.h. Lines that are imported were written by an
 * attacker as often as not: SQLite's JSON functions read them as bound values, and what has no
 * time or no title is counted and left out.
 */
#include "casedb/scene.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/time.h"
#include "casedb/fact.h"
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

/* bare: it names no exhibit. */
static int same_row(struct ir_casedb *db, const char *incident_id, const char *at,
                    const struct ir_timeline_row *r, int64_t *ret_no, char ret_id[IR_ID_TEXT],
                    bool *ret_bare, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT no, id, evidence FROM timeline WHERE incident_id = ?1 AND at = "
                           "?2 AND title = ?3 AND source IS ?4",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(at));
    ir_query_text_arg(&q, 3, r->title);
    ir_query_text_arg(&q, 4, r->source.n > 0 ? r->source : ir_str_n(NULL, 0));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        *ret_no = ir_query_int(&q, 0);
        snprintf(ret_id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 1)));
        *ret_bare = ir_query_null(&q, 2);
    }
    ir_query_close(&q);
    return rc;
}

static int check_row(const struct ir_timeline_row *r, struct ir_err *err)
{
    if (!ir_confidence_known(r->confidence))
        return ir_fail(err, IR_BAD, "confidence: confirmed, probable, possible or unknown");
    if (r->title.n == 0) return ir_fail(err, IR_BAD, "an entry of the timeline says what happened");
    if (r->until != INT64_MIN && r->until < r->at)
        return ir_fail(err, IR_BAD, "it ends before it begins");
    return IR_OK;
}

/* ret_shown: the row names the exhibits of r since now. */
static int put_row(struct ir_casedb *db, const char *incident_id, const struct ir_timeline_row *r,
                   int64_t *ret_no, char ret_id[IR_ID_TEXT], bool *ret_shown, struct ir_err *err)
{
    char at[IR_CASEDB_TIME], until[IR_CASEDB_TIME] = "", same[IR_ID_TEXT];
    struct ir_value v[12];
    size_t n = 0;
    bool bare;
    *ret_shown = false;
    int rc = check_row(r, err);
    if (rc == IR_OK) rc = ir_incident_working(db, incident_id, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(r->at, at);
    if (r->until != INT64_MIN) ir_casedb_time(r->until, until);
    rc = same_row(db, incident_id, at, r, ret_no, same, &bare, err);
    if (rc == IR_OK && bare && r->evidence.n > 0) {
        rc = ir_record_update(db, "timeline", same, &IR_V("evidence", r->evidence), 1, err);
        *ret_shown = rc == IR_OK;
    }
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
    *ret_shown = r->evidence.n > 0;
    return ir_record_insert(db, "timeline", NULL, v, n, ret_id, err);
}

int ir_timeline_add(struct ir_casedb *db, const char *incident_id, const struct ir_timeline_row *r,
                    int64_t *ret_no, char ret_id[IR_ID_TEXT], struct ir_err *err)
{
    bool shown;
    return put_row(db, incident_id, r, ret_no, ret_id, &shown, err);
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

/* Names of ir scan, of ir timeline, and of Timesketch, in this order. ?1 is the line, ?2 the
 * exhibits whose seals the scan names, as a JSON array. Where a file of an exhibit was when it was
 * collected tells more than where its copy lies. */
/* clang-format off */
#define MEMBER(path) "json_extract(?1, '$." path "')"
static const char one_line[] =
    "SELECT coalesce(" MEMBER("\"@timestamp\"") ", " MEMBER("datetime") "), "
    "coalesce(" MEMBER("rule.title") ", " MEMBER("message") ", " MEMBER("title") "), "
    MEMBER("last_seen") ", "
    "coalesce(coalesce(nullif(" MEMBER("origin[0].original_path") ", ''), " MEMBER("origin[0].path") ") || ':' || "
    "coalesce(" MEMBER("origin[0].line") ", " MEMBER("origin[0].offset") ", ''), "
    MEMBER("\"log.file.path\"") " || ':' || "
    "coalesce(" MEMBER("\"log.line\"") ", " MEMBER("\"log.offset\"") ", ''), "
    MEMBER("source") "), "
    "coalesce(" MEMBER("entity.\"host.name\"") ", " MEMBER("\"host.name\"") "), "
    "(SELECT upper(substr(value, 8)) FROM json_each(?1, '$.rule.tags') WHERE value GLOB "
    "'attack.t[0-9]*' LIMIT 1), "
    "coalesce(" MEMBER("why") ", " MEMBER("timestamp_desc") "), "
    "coalesce(" MEMBER("\"ir.kind\"") ", ''), "
    /* What is no object would be an error of json_extract, which CASE keeps off. */
    "(SELECT group_concat(item, ', ') FROM (SELECT DISTINCT CASE type WHEN 'object' THEN "
    "json_extract(value, '$.exhibit') END AS item FROM json_each(?1, '$.origin') WHERE CASE type "
    "WHEN 'object' THEN json_extract(value, '$.verified') END = 1 AND item IN (SELECT value FROM "
    "json_each(?2)) ORDER BY item))";
#undef MEMBER
/* clang-format on */

/* Of a text that is imported: what is true of all its lines. */
struct source {
    const char *incident_id;
    struct ir_str said;    /* the exhibits that it came from, as a person says */
    struct ir_buf *proved; /* those whose seals its scan names: a JSON array */
};

static int take_line(struct ir_casedb *db, const struct source *of, struct ir_str line,
                     struct ir_import *i, bool *ret_good, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    bool zone, shown, json = false;
    int64_t no;
    struct ir_query q;
    struct ir_timeline_row r = {.until = INT64_MIN, .uncertainty_s = -1};
    *ret_good = false;
    int rc = is_json(db, line, &json, err);
    if (rc != IR_OK || !json) return rc;
    rc = ir_query_open(&q, db, one_line, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, line);
    ir_query_text_arg(&q, 2, ir_buf_view(of->proved));
    rc = ir_query_next(&q, err);
    r.title = ir_query_text(&q, 1);
    r.source = ir_query_text(&q, 3);
    r.asset = ir_query_text(&q, 4);
    r.attack = ir_query_text(&q, 5);
    r.detail = ir_query_text(&q, 6);
    r.evidence = ir_query_null(&q, 8) ? of->said : ir_query_text(&q, 8);
    const bool summary = rc == IR_OK && ir_str_eq(ir_query_text(&q, 7), IR_S("summary"));
    const bool timed = ir_time_parse_iso(ir_query_text(&q, 0), &r.at, &zone) > 0;
    if (ir_time_parse_iso(ir_query_text(&q, 2), &r.until, &zone) == 0 || r.until <= r.at)
        r.until = INT64_MIN;
    *ret_good = summary || (timed && r.title.n > 0);
    if (rc == IR_OK && timed && r.title.n > 0 && !summary) {
        rc = put_row(db, of->incident_id, &r, &no, id, &shown, err);
        if (rc == IR_OK) i->added++;
        if (rc == IR_END) i->same++;
        if (rc >= 0) i->shown += shown;
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

#define SCANS_MAX ((size_t)16 << 20)

/* [["EV-1-01","5c88…"]] of the last line of a scan; [] of any other. */
static const char told_seals[] =
    "SELECT json_group_array(json_array(CASE json_type(value, '$.exhibit') WHEN 'text' THEN "
    "json_extract(value, '$.exhibit') END, CASE json_type(value, '$.seal') WHEN 'text' THEN "
    "json_extract(value, '$.seal') END)) FROM json_each(?1, '$.exhibits') WHERE type = 'object' "
    "AND json_extract(?1, '$.\"ir.kind\"') = 'summary'";
/* ?1: an array of those. */
static const char proved_exhibits[] =
    "WITH told AS (SELECT json_extract(x.value, '$[0]') AS item, json_extract(x.value, '$[1]') AS "
    "seal FROM json_each(?1) s, json_each(s.value) x) SELECT json_group_array(item) FROM exhibit e "
    "WHERE incident_id = ?2 AND item IN (SELECT item FROM told) AND NOT EXISTS (SELECT 1 FROM told "
    "WHERE told.item = e.item AND told.seal IS NOT e.seal)";

/* Appends the one text that a statement of these two arguments gives. */
static int add_text(struct ir_casedb *db, const char *sql, struct ir_str a, struct ir_str b,
                    struct ir_buf *out, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, a);
    if (b.p != NULL) ir_query_text_arg(&q, 2, b);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) ir_buf_str(out, ir_query_text(&q, 0));
    ir_query_close(&q);
    if (rc == IR_OK && out->full)
        rc = ir_fail(err, IR_BAD, "the list is of too many scans of exhibits: import it in parts");
    return rc;
}

/* The last line of a scan of exhibits names each with its seal. An exhibit of the case with this
 * number and this seal is that exhibit, whatever other cases call theirs; a text of two scans which
 * name two seals proves nothing. */
static int prove(struct ir_casedb *db, const char *incident_id, struct ir_str text,
                 struct ir_buf *proved, struct ir_err *err)
{
    struct ir_str line;
    bool ended, json = false;
    int rc = IR_OK;
    struct ir_buf told = IR_BUF(SCANS_MAX);
    while (rc == IR_OK && ir_str_line(&text, &line, &ended)) {
        if (ir_str_find(line, IR_S("\"exhibits\":[")) == IR_NPOS) continue;
        rc = is_json(db, line, &json, err);
        if (rc != IR_OK || !json) continue;
        ir_buf_chr(&told, told.n == 0 ? '[' : ',');
        rc = add_text(db, told_seals, line, ir_str_n(NULL, 0), &told, err);
    }
    ir_buf_str(&told, told.n == 0 ? IR_S("[]") : IR_S("]"));
    if (rc == IR_OK)
        rc = add_text(db, proved_exhibits, ir_buf_view(&told), ir_str_z(incident_id), proved, err);
    ir_buf_free(&told);
    return rc;
}

int ir_timeline_import(struct ir_casedb *db, const char *incident_id, struct ir_str text,
                       struct ir_str exhibits, struct ir_import *ret_i, struct ir_err *err)
{
    struct ir_str line;
    struct ir_buf proved = IR_BUF(SCANS_MAX);
    const struct source of = {incident_id, exhibits, &proved};
    bool ended, good;
    uint64_t n = 0;
    int rc = ir_incident_working(db, incident_id, err);
    *ret_i = (struct ir_import){0};
    if (rc == IR_OK) rc = prove(db, incident_id, text, &proved, err);
    while (rc == IR_OK && ir_str_line(&text, &line, &ended)) {
        n++;
        if (ir_str_trim(line).n == 0) continue;
        rc = take_line(db, &of, line, ret_i, &good, err);
        if (rc == IR_OK && !good && ret_i->bad++ == 0) ret_i->first_bad = n;
    }
    ir_buf_free(&proved);
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
