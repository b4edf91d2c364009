/*
 * What a report can tell of a case: the values and lists that templates name. See casedoc.h. All
 * of it is read as it stood at the time of the report (asof.h).
 */
#include <stdio.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "casedb/casedoc_int.h"
#include "casedb/query.h"

#define COLUMNS_MAX 40u

/* Arguments as ir_doc_rows_of has them. Columns have the names that templates use. */
static const char values_sql[] =
    "SELECT no AS 'case.no', title AS 'case.title', kind AS 'case.kind', phase AS 'case.phase', "
    "step AS 'case.step', level AS 'case.level', tlp AS 'case.tlp', lead AS 'case.lead', "
    "opened_at AS 'case.opened_at', opened_by AS 'case.opened_by', closed_at AS 'case.closed_at', "
    "CASE exercise WHEN 1 THEN 'yes' END AS 'case.exercise', "
    "(SELECT value FROM setting WHERE id = 'organisation') AS organisation, "
    "(SELECT value FROM setting WHERE id = 'zone') AS zone, ?2 AS as_of, "
    "(SELECT count(*) FROM task WHERE incident_id = ?1) AS 'count.tasks', "
    "(SELECT count(*) FROM task WHERE incident_id = ?1 AND state = 'done') AS 'count.tasks_done', "
    "(SELECT count(*) FROM act WHERE incident_id = ?1) AS 'count.acts', "
    "(SELECT count(*) FROM exhibit WHERE incident_id = ?1) AS 'count.exhibits', "
    "(SELECT count(*) FROM exhibit WHERE incident_id = ?1 AND seal IS NOT NULL) "
    "AS 'count.sealed', "
    "(SELECT seq FROM audit WHERE tbl <> 'report' AND at <= ?2 ORDER BY seq DESC LIMIT 1) AS "
    "'audit.seq', "
    "(SELECT sha256 FROM audit WHERE tbl <> 'report' AND at <= ?2 ORDER BY seq DESC LIMIT 1) AS "
    "'audit.sha256', (SELECT count(*) FROM asset WHERE incident_id = ?1) AS 'count.assets', "
    /* Why it is as bad as it is: as somebody said who set it, or the latest decision. */
    "(SELECT reason FROM (SELECT stated_at AS at, value AS reason FROM fact WHERE incident_id = ?1 "
    "AND name = 'level_reason' AND value IS NOT NULL UNION ALL SELECT d.decided_at, d.reason FROM "
    "decision d JOIN event e ON e.id = d.event_id WHERE e.incident_id = ?1 AND d.outcome = "
    "'incident' AND d.level IS NOT NULL) ORDER BY at DESC LIMIT 1) AS 'case.level_reason', "
    "?3 AS 'report.author', (SELECT count(DISTINCT as_of) + 1 FROM report WHERE incident_id = ?1 "
    "AND kind = ?4 AND as_of < ?2) AS 'report.n', CASE WHEN closed_at IS NOT NULL THEN 'yes' END "
    "AS 'report.final' "
    "FROM incident WHERE id = ?1";

static const struct {
    const char *name, *sql;
} lists[] = {
    {"tasks", "SELECT no, title, owner, due_at, state, result FROM task WHERE incident_id = ?1 "
              "ORDER BY no"},
    {"open_tasks", "SELECT no, title, owner, due_at, state FROM task WHERE incident_id = ?1 AND "
                   "state IN ('open', 'doing') ORDER BY due_at IS NULL, due_at, no"},
    {"acts", "SELECT no, at, clock, actor, action, target, result, recorded_at FROM act WHERE "
             "incident_id = ?1 ORDER BY at, no"},
    {"notes", "SELECT no, author, at, text FROM note WHERE incident_id = ?1 ORDER BY no"},
    {"timeline", "SELECT no, at, until, uncertainty_s, title, detail, source, asset, attack, "
                 "confidence, evidence FROM timeline WHERE incident_id = ?1 ORDER BY at, no"},
    {"iocs", "SELECT type, value, note, tlp, first_seen, state FROM ioc WHERE incident_id = ?1 "
             "ORDER BY type, value"},
    {"assets", "SELECT name, type, address, owner, role, state, note FROM asset WHERE "
               "incident_id = ?1 ORDER BY name"},
    {"exhibits", "SELECT item, description, seal, sealed_at, custody_seq FROM exhibit WHERE "
                 "incident_id = ?1 ORDER BY item"},
    {"lessons", "SELECT no, root_cause, measure, cost, due, owner, control, state, verified_by, "
                "verified_at, verification FROM lesson WHERE incident_id = ?1 ORDER BY no"},
    {"playbooks",
     "SELECT name AS title, name, version, sha256, applied_at, applied_by FROM playbook WHERE "
     "incident_id = ?1 ORDER BY applied_at, name"},
    {"transitions", "SELECT from_phase, to_phase, step, override, actor, at FROM transition WHERE "
                    "incident_id = ?1 ORDER BY at, rowid"},
    {"events", "SELECT no, text, how, noticed_at, recorded_at, recorded_by FROM event WHERE "
               "incident_id = ?1 ORDER BY no"},
    {"alerts", "SELECT a.no, a.title, a.level, a.rule_id, a.first_seen, a.last_seen, a.count FROM "
               "alert a JOIN event e ON a.event_id = e.id WHERE e.incident_id = ?1 ORDER BY "
               "a.no"},
    /* What somebody decided in one go, of many alerts, is one decision. */
    {"decisions",
     "SELECT group_concat(of, ', ') AS of, outcome, scale, level, criteria, reason, decider, "
     "decided_at FROM (SELECT coalesce(e.no, a.no) AS of, d.* FROM decision d LEFT JOIN alert a "
     "ON d.alert_id = a.id LEFT JOIN event e ON e.id = d.event_id WHERE ?1 IN (e.incident_id, "
     "(SELECT incident_id FROM event WHERE id = a.event_id)) ORDER BY d.decided_at, of) "
     "GROUP BY decided_at, decider, outcome, scale, level, criteria, reason "
     "ORDER BY decided_at, of"},
    {"roles",
     "SELECT iif(deputy, role || '_deputy', role) AS role, deputy, person, title, means, hours, "
     "person || coalesce(' (' || means || ')', '') AS who FROM role WHERE ended_at IS NULL "
     "AND ?1 <> '' ORDER BY CASE role.role WHEN 'chief' THEN 1 WHEN 'lead' THEN 2 WHEN 'first' "
     "THEN 3 ELSE 4 END, deputy, person"},
    {"contacts", "SELECT kind, organisation, person, means, url, hours, purpose, last_verified "
                 "FROM contact WHERE ended_at IS NULL AND ?1 <> '' ORDER BY kind, organisation"},
    {"reports", "SELECT no, kind AS title, kind, language, format, as_of, made_at, made_by, sha256 "
                "FROM report "
                "WHERE incident_id = ?1 AND as_of < ?2 ORDER BY no"},
    /* Logs and clocks are the organisation's, not the case's: all that were reviewed. */
    {"logs", "SELECT source, min(from_at) AS first, max(to_at) AS last, sum(records) AS records, "
             "count(*) AS reviews, max(at) AS at FROM review WHERE kind = 'log' AND source IS NOT "
             "NULL AND ?1 <> '' GROUP BY source ORDER BY source"},
    {"clocks",
     "SELECT source, format('%+.3f s', offset_ms / 1000.0) || coalesce(format(' ± %.3f s', "
     "uncertainty_ms / 1000.0), '') AS offset, zone, at, reviewer, result FROM review WHERE rowid "
     "IN (SELECT max(rowid) FROM review WHERE kind = 'clock' AND source IS NOT NULL AND ?1 <> '' "
     "GROUP BY source) ORDER BY source"},
    {"course", ir_doc_course_sql},
    {"course_short", ir_doc_course_short_sql},
    {"facts", "SELECT name AS title, name, coalesce(value, 'unknown_value') AS value, confidence, "
              "evidence, stated_by, stated_at FROM fact WHERE "
              "rowid IN (SELECT max(rowid) FROM fact WHERE incident_id = ?1 GROUP BY "
              "name) ORDER BY name"},
};

static const char history_sql[] =
    "SELECT name, value, confidence, evidence, stated_by, stated_at FROM fact "
    "WHERE incident_id = ?1 ORDER BY rowid";

int ir_doc_memory(const struct ir_doc_maker *m)
{
    return ir_fail(m->err, IR_FATAL, "out of memory");
}

/* Cut where a character ends; a report is no place for ten megabytes. */
struct ir_str ir_doc_keep(struct ir_arena *arena, struct ir_str s)
{
    const size_t n = ir_utf8_head(s, IR_DOC_VALUE_MAX).n;
    if (n == s.n) return ir_arena_dup(arena, s);
    char *p = ir_arena_alloc(arena, n + 4);
    if (p == NULL) return ir_str_n(NULL, 0);
    memcpy(p, s.p, n);
    memcpy(p + n, "…", 4);
    return ir_str_n(p, n + 3);
}

int ir_doc_grow(struct ir_doc_maker *m, struct ir_doc_rows *r, size_t *cap)
{
    if (r->n < *cap) return IR_OK;
    const size_t more = *cap == 0 ? 16 : 2 * *cap;
    struct ir_str *v = ir_arena_alloc(&m->doc->arena, more * r->ncolumns * sizeof *v);
    if (v == NULL) return ir_doc_memory(m);
    if (r->n > 0) memcpy(v, r->value, r->n * r->ncolumns * sizeof *v);
    r->value = v;
    *cap = more;
    return IR_OK;
}

static int take_row(struct ir_doc_maker *m, const struct ir_query *q, struct ir_doc_rows *r)
{
    struct ir_str *v = r->value + r->n * r->ncolumns;
    for (unsigned i = 0; i < r->ncolumns; i++) {
        v[i] = ir_str_n(NULL, 0);
        if (ir_query_null(q, (int)i)) continue;
        v[i] = ir_doc_keep(&m->doc->arena, ir_query_text(q, (int)i));
        if (v[i].p == NULL) return ir_doc_memory(m);
    }
    r->n++;
    return IR_OK;
}

int ir_doc_rows_of(struct ir_doc_maker *m, const char *sql, size_t max, struct ir_doc_rows *r)
{
    struct ir_query q;
    size_t cap = 0;
    *r = (struct ir_doc_rows){0};
    int rc = ir_query_open(&q, m->db, sql, m->err);
    if (rc != IR_OK) return rc;
    r->ncolumns = (unsigned)ir_query_columns(&q);
    struct ir_str *name = ir_arena_alloc(&m->doc->arena, r->ncolumns * sizeof *name);
    for (unsigned i = 0; name != NULL && i < r->ncolumns; i++)
        name[i] = ir_arena_dup(&m->doc->arena, ir_str_z(ir_query_name(&q, (int)i)));
    r->name = name;
    ir_query_text_arg(&q, 1, ir_str_z(m->ask->incident_id));
    ir_query_text_arg(&q, 2, ir_str_z(m->as_of));
    ir_query_text_arg(&q, 3, ir_str_z(m->ask->author));
    ir_query_text_arg(&q, 4, m->ask->kind);
    ir_query_text_arg(&q, 5, ir_doc_duty_of(m, m->ask->kind));
    if (name == NULL) rc = ir_doc_memory(m);
    while (rc == IR_OK && r->n < max && (rc = ir_query_next(&q, m->err)) == IR_OK) {
        rc = ir_doc_grow(m, r, &cap);
        if (rc == IR_OK) rc = take_row(m, &q, r);
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

static const struct ir_doc_rows *given(const struct ir_doc_maker *m, struct ir_str name)
{
    for (size_t i = 0; i < m->ask->ngiven; i++)
        if (ir_str_eq(name, m->ask->given[i].name)) return &m->ask->given[i].rows;
    return NULL;
}

int ir_doc_values(struct ir_doc_maker *m)
{
    const struct ir_doc_rows *own = given(m, IR_S("values"));
    if (m->ask->incident_id == NULL && own != NULL) {
        m->values = *own;
        return IR_OK;
    }
    const int rc = ir_doc_rows_of(m, values_sql, 1, &m->values);
    if (rc != IR_OK) return rc;
    if (m->values.n == 0) return ir_fail(m->err, IR_BAD, "the case was not opened yet");
    const int more = ir_doc_rows_of(m, ir_doc_known_sql, SIZE_MAX, &m->known);
    return more == IR_OK ? ir_doc_rows_of(m, history_sql, SIZE_MAX, &m->history) : more;
}

int ir_doc_list(struct ir_doc_maker *m, struct ir_str name, struct ir_doc_rows *ret_rows)
{
    const struct ir_doc_rows *own = given(m, name);
    if (own != NULL) *ret_rows = *own;
    if (own != NULL || m->ask->incident_id == NULL) return own != NULL ? IR_OK : IR_END;
    const int duties = ir_doc_duties(m, name, ret_rows);
    if (duties != IR_END) return duties;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (!ir_str_eq(name, ir_str_z(lists[i].name))) continue;
        const int rc = ir_doc_rows_of(m, lists[i].sql, IR_DOC_ROWS_MAX, ret_rows);
        return rc == IR_OK ? ir_doc_name_rows(m, name, ret_rows) : rc;
    }
    return IR_END;
}

size_t ir_doc_column(const struct ir_doc_rows *rows, struct ir_str name)
{
    for (unsigned i = 0; i < rows->ncolumns; i++)
        if (ir_str_eq(rows->name[i], name)) return i;
    return IR_NPOS;
}

bool ir_doc_fact_at(const struct ir_doc_maker *m, struct ir_str name, struct ir_str as_of,
                    struct ir_doc_fact *ret_f)
{
    *ret_f = (struct ir_doc_fact){.name = name};
    for (size_t i = m->history.n; i-- > 0;) {
        const struct ir_str *v = m->history.value + i * m->history.ncolumns;
        if (!ir_str_eq(v[0], name) || ir_str_cmp(v[5], as_of) > 0) continue;
        *ret_f = (struct ir_doc_fact){.name = name,
                                      .value = v[1],
                                      .confidence = v[2],
                                      .evidence = v[3],
                                      .stated_by = v[4],
                                      .stated_at = v[5]};
        if (v[1].n > 0) return true;
        break; /* said to be unknown: other records may know */
    }
    for (size_t i = 0; i < m->known.n; i++) {
        const struct ir_str *v = m->known.value + 2 * i;
        if (!ir_str_eq(v[0], name) || v[1].n == 0) continue;
        *ret_f = (struct ir_doc_fact){.name = name, .value = v[1]};
        return true;
    }
    return ret_f->stated_at.n > 0;
}

/* What was sent, if anything was: drafts that were made since tell nobody anything. */
int ir_doc_report_before(struct ir_doc_maker *m, struct ir_str kind, struct ir_str *ret_as_of)
{
    struct ir_query q;
    *ret_as_of = ir_str_n(NULL, 0);
    int rc = ir_query_open(&q, m->db,
                           "SELECT r.as_of FROM report r LEFT JOIN duty d ON d.incident_id = ?1 "
                           "AND d.duty = ?4 AND d.sent_at IS NOT NULL WHERE r.incident_id = ?1 "
                           "AND r.kind = ?2 AND r.as_of <= ?3 ORDER BY r.sha256 IS d.sent_sha256 "
                           "DESC, coalesce(r.as_of <= d.sent_at, 0) DESC, r.no DESC LIMIT 1",
                           m->err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(m->ask->incident_id));
    ir_query_text_arg(&q, 2, kind);
    ir_query_text_arg(&q, 3, ir_str_z(m->as_of));
    ir_query_text_arg(&q, 4, ir_doc_duty_of(m, kind));
    rc = ir_query_next(&q, m->err);
    if (rc == IR_OK) *ret_as_of = ir_arena_dup(&m->doc->arena, ir_query_text(&q, 0));
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

/* Reports do not count: making one would change the next. */
int ir_doc_head(struct ir_doc_maker *m)
{
    struct ir_query q;
    int rc = ir_query_open(&q, m->db,
                           "SELECT seq, at, sha256 FROM audit WHERE tbl <> 'report' AND "
                           "(?1 = '' OR at <= ?1) ORDER BY seq DESC LIMIT 1",
                           m->err);
    if (rc != IR_OK) return rc;
    if (m->ask->as_of != 0) ir_casedb_time(m->ask->as_of, m->as_of);
    ir_query_text_arg(&q, 1, ir_str_z(m->as_of));
    rc = ir_query_next(&q, m->err);
    if (rc == IR_OK) {
        m->doc->audit_seq = ir_query_int(&q, 0);
        m->doc->audit_sha256 = ir_arena_dup(&m->doc->arena, ir_query_text(&q, 2));
        if (m->as_of[0] == '\0')
            snprintf(m->as_of, sizeof m->as_of, "%.*s", IR_FMT(ir_query_text(&q, 1)));
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}
