/*
 * What a report can tell of a case: the values and lists that templates name. See casedoc.h. All
 * of it is read as it stood at the time of the report (asof.h).
 */
#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "casedb/casedoc_int.h"
#include "casedb/duty_case.h"
#include "casedb/query.h"

#define COLUMNS_MAX 40u

/* ?1 is the case's id, ?2 the time as of which. Columns have the names that templates use. */
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

static struct ir_str keep(struct ir_doc_maker *m, struct ir_str s)
{
    return ir_doc_keep(&m->doc->arena, s);
}

static int grow(struct ir_doc_maker *m, struct ir_doc_rows *r, size_t *cap)
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
        v[i] = keep(m, ir_query_text(q, (int)i));
        if (v[i].p == NULL) return ir_doc_memory(m);
    }
    r->n++;
    return IR_OK;
}

/* The duty that a kind of report is for; empty: none. */
static struct ir_str duty_of(const struct ir_doc_maker *m, struct ir_str kind)
{
    const size_t n = m->ask->duties != NULL ? ir_duties_count(m->ask->duties) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct ir_duty_info *d = ir_duty_info(m->ask->duties, i);
        if (ir_str_eq(d->template, kind)) return d->id;
    }
    return IR_S("");
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
    ir_query_text_arg(&q, 5, duty_of(m, m->ask->kind));
    if (name == NULL) rc = ir_doc_memory(m);
    while (rc == IR_OK && r->n < max && (rc = ir_query_next(&q, m->err)) == IR_OK) {
        rc = grow(m, r, &cap);
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

/* ---- duties: what the rules say and what persons decided ---------------------------------- */

static const char *const duty_columns[] = {"id",         "name",        "recipient",  "state",
                                           "due",        "due_shifted", "decided_by", "sent_at",
                                           "receipt_no", "days_left"};
#define DUTY_COLUMNS (sizeof duty_columns / sizeof *duty_columns)

/* LATE: those of HOME that apply and whose day is over. LIVE: all of HOME but what neither the
 * rules nor a person call for. ABROAD: duties of the European Union that may apply, as nobody
 * stated what they hang on: most companies have none, and their own must not drown in them. */
enum duty_which { HOME, ABROAD, LATE, LIVE };

struct duty_walk {
    struct ir_doc_maker *m;
    struct ir_doc_rows *r;
    size_t cap;
    int64_t now;
    enum duty_which which;
};

static bool is_abroad(const struct ir_duty_status *s)
{
    return !s->decided && s->result.state == IR_DUTY_NEEDS_REVIEW &&
           (ir_str_eq(s->info->regime, IR_S("gdpr")) || ir_str_eq(s->info->regime, IR_S("nis2")));
}

/* Whole days until it is over; 0 on its last one, negative when it is. */
static long long days_left(int64_t due, int64_t now)
{
    const int64_t day = 86400 * IR_NS, left = due - now;
    return left / day - (left % day < 0);
}

static const char *state_of(const struct ir_duty_status *s)
{
    return s->sent         ? "sent"
           : s->not_needed ? "not_needed"
           : s->stale      ? "stale"
           : s->decided    ? "decided"
                           : ir_duty_state_name(s->result.state);
}

static bool is_wanted(const struct duty_walk *w, const struct ir_duty_status *s, bool late)
{
    const bool open = s->result.state != IR_DUTY_NOT_TRIGGERED && !s->info->voluntary;
    if ((!open && !s->decided && !s->stale) || is_abroad(s) != (w->which == ABROAD)) return false;
    if (w->which == LATE) return late && !ir_str_eq(ir_str_z(state_of(s)), IR_S("needs_review"));
    return w->which != LIVE || !s->not_needed || s->stale || s->result.state == IR_DUTY_TRIGGERED;
}

static int take_duty(void *user, const struct ir_duty_status *s)
{
    struct duty_walk *w = user;
    struct ir_doc_maker *m = w->m;
    const struct ir_duty_info *i = s->info;
    const long long days = days_left(s->result.due_ns, w->now);
    const bool dated = s->result.due_strict[0] != '\0' && ir_duty_waits(s);
    if (!is_wanted(w, s, dated && days < 0)) return IR_OK;
    char left[48] = "";
    if (dated)
        snprintf(left, sizeof left,
                 days >= 0    ? "%lld"
                 : m->ja      ? "%lld日超過"
                 : days == -1 ? "%lld day late"
                              : "%lld days late",
                 days >= 0 ? days : -days);
    const struct ir_str cells[DUTY_COLUMNS] = {
        i->id,
        m->ja ? i->name.ja : i->name.en,
        m->ja ? i->recipient.ja : i->recipient.en,
        ir_str_z(state_of(s)),
        ir_str_z(s->result.due_strict),
        ir_str_z(s->result.due_shifted),
        s->stale ? ir_str_n(NULL, 0) : s->decided_by,
        s->sent_at,
        s->receipt_no,
        ir_str_z(left),
    };
    int rc = grow(m, w->r, &w->cap);
    for (size_t c = 0; c < DUTY_COLUMNS && rc == IR_OK; c++) {
        struct ir_str *v = &w->r->value[w->r->n * DUTY_COLUMNS + c];
        *v = cells[c].n > 0 ? keep(m, cells[c]) : ir_str_n(NULL, 0);
        if (cells[c].n > 0 && v->p == NULL) rc = ir_doc_memory(m);
    }
    w->r->n++;
    return rc;
}

/* What waits for somebody comes first, the earliest date before others; then what may, then what is
 * settled. */
static bool before(const struct ir_str *a, const struct ir_str *b)
{
    enum { STATE = 3, DUE = 4 };
    int rank[2];
    for (int i = 0; i < 2; i++) {
        const struct ir_str state = (i == 0 ? a : b)[STATE];
        rank[i] = ir_str_eq(state, IR_S("needs_review"))                                   ? 1
                  : ir_str_eq(state, IR_S("sent")) || ir_str_eq(state, IR_S("not_needed")) ? 2
                                                                                           : 0;
    }
    if (rank[0] != rank[1]) return rank[0] < rank[1];
    if (a[DUE].n == 0 || b[DUE].n == 0) return a[DUE].n > 0 && b[DUE].n == 0;
    return ir_str_cmp(a[DUE], b[DUE]) < 0;
}

static void sort_duties(struct ir_doc_rows *r)
{
    struct ir_str row[DUTY_COLUMNS];
    for (size_t i = 1; i < r->n; i++) {
        size_t at = i;
        memcpy(row, r->value + i * DUTY_COLUMNS, sizeof row);
        while (at > 0 && before(row, r->value + (at - 1) * DUTY_COLUMNS)) {
            memcpy(r->value + at * DUTY_COLUMNS, r->value + (at - 1) * DUTY_COLUMNS, sizeof row);
            at--;
        }
        memcpy(r->value + at * DUTY_COLUMNS, row, sizeof row);
    }
}

static int duties(struct ir_doc_maker *m, enum duty_which which, struct ir_doc_rows *r)
{
    int64_t now;
    bool zone;
    struct duty_walk w = {m, r, 0, 0, which};
    struct ir_str *name = ir_arena_alloc(&m->doc->arena, DUTY_COLUMNS * sizeof *name);
    if (name == NULL) return ir_doc_memory(m);
    for (size_t i = 0; i < DUTY_COLUMNS; i++)
        name[i] = ir_str_z(duty_columns[i]);
    *r = (struct ir_doc_rows){.name = name, .ncolumns = DUTY_COLUMNS};
    if (m->ask->duties == NULL || ir_time_parse_iso(ir_str_z(m->as_of), &now, &zone) == 0)
        return IR_OK;
    w.now = now;
    const int rc = ir_duty_each(m->db, m->ask->duties, m->ask->incident_id, now, m->ask->zone_s,
                                take_duty, &w, m->err);
    if (rc == IR_OK) sort_duties(r);
    return rc;
}

int ir_doc_list(struct ir_doc_maker *m, struct ir_str name, struct ir_doc_rows *ret_rows)
{
    const struct ir_doc_rows *own = given(m, name);
    if (own != NULL) *ret_rows = *own;
    if (own != NULL || m->ask->incident_id == NULL) return own != NULL ? IR_OK : IR_END;
    if (ir_str_eq(name, IR_S("duties"))) return duties(m, HOME, ret_rows);
    if (ir_str_eq(name, IR_S("duties_abroad"))) return duties(m, ABROAD, ret_rows);
    if (ir_str_eq(name, IR_S("duties_late"))) return duties(m, LATE, ret_rows);
    if (ir_str_eq(name, IR_S("duties_live"))) return duties(m, LIVE, ret_rows);
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
    ir_query_text_arg(&q, 4, duty_of(m, kind));
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
