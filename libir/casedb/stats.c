/*
 * Figures over all cases of a period. See stats.h. What counts follows the advice on 5.27 (type,
 * volume, cost; whether the same cause comes back); the anchors of the times are those of VERIS
 * (compromise, discovery, containment). Hostile here: values that people typed. A time that is
 * none is left out, a number that is none counts as 0.
 */
#include "casedb/stats.h"

#include <stdio.h>

#include "base/time.h"

struct ir_period ir_period_between(int64_t from, int64_t to, int32_t zone_s)
{
    struct ir_period p = {.zone_s = zone_s};
    ir_casedb_time(from, p.from);
    ir_casedb_time(to, p.to);
    return p;
}

struct ir_period ir_period_year(int year, int32_t zone_s)
{
    const struct ir_civil first = {.year = year, .month = 1, .day = 1};
    const struct ir_civil next = {.year = year + 1, .month = 1, .day = 1};
    int64_t from = 0, to = 0;
    if (year != 0 && ir_time_from_civil(&first, zone_s, &from) &&
        ir_time_from_civil(&next, zone_s, &to))
        return ir_period_between(from, to, zone_s);
    return (struct ir_period){"0000", "9999", zone_s};
}

/* SQL stands as it reads best. */
/* clang-format off */
/* ?1 and ?2 are the period, ?3 the zone in seconds. Sums are total(), which no value overflows. */
#define CASES \
    "WITH counted AS (SELECT * FROM incident WHERE NOT exercise AND merged_into IS NULL" \
    " AND opened_at >= ?1 AND opened_at < ?2)"
#define FACT(name) \
    "(SELECT value FROM fact WHERE incident_id = c.id AND name = '" name "' ORDER BY rowid DESC LIMIT 1)"
/* A time as people state it: without a zone it is the organisation's. */
#define SECONDS(value) \
    "(CAST(strftime('%s', " value ") AS INTEGER) - CASE WHEN " value " GLOB '*Z'" \
    " OR " value " GLOB '*[T ]*[-+][0-9][0-9]:[0-9][0-9]' THEN 0 ELSE ?3 END)"
#define STAMP(value) "CAST(strftime('%s', " value ") AS INTEGER)"

/* Persons: a range counts with its upper end, as the duties count it. */
#define BY(what) \
    CASES ", told AS (SELECT c.*, " FACT("persons") " AS p, " FACT("loss_yen") " AS loss FROM counted c)," \
    " sized AS (SELECT kind, level, closed_at," \
    " CAST(CASE WHEN instr(p, '-') > 1 THEN substr(p, instr(p, '-') + 1) ELSE p END AS INTEGER) AS persons," \
    " (SELECT count(*) FROM asset WHERE incident_id = told.id AND role IS NOT 'unaffected') AS assets," \
    " (SELECT total(cost) FROM lesson WHERE incident_id = told.id AND state <> 'dropped')" \
    " + coalesce(CAST(loss AS INTEGER), 0) AS cost FROM told)" \
    " SELECT " what ", count(*), count(*) - count(closed_at), CAST(total(persons) AS INTEGER)," \
    " sum(assets), CAST(total(cost) AS INTEGER) FROM sized GROUP BY 1 ORDER BY 2 DESC, 1"

/* Each gives seconds as s of what it measures; null and what is below zero is not counted. They are
 * materialized: SQLite would compute each twice, to ask whether it counts and to count it. */
#define METRIC(name, from, s) " SELECT '" name "', " s " AS s FROM " from
#define FIRST_RECORD "c.first"
#define TIMES \
    CASES ", c AS (SELECT c.*, " STAMP("min(opened_at," \
    " coalesce((SELECT min(recorded_at) FROM event WHERE incident_id = c.id), opened_at)," \
    " coalesce((SELECT min(a.filed_at) FROM event e JOIN alert a ON a.event_id = e.id" \
    "  WHERE e.incident_id = c.id), opened_at))") " AS first, " \
    FACT("occurred_at") " AS occurred, " FACT("contained_at") " AS contained, " \
    FACT("recovered_at") " AS recovered, " FACT("aware_at") " AS aware FROM counted c)," \
    " took (metric, s) AS MATERIALIZED (" \
    METRIC("detect", "c", FIRST_RECORD " - coalesce(" SECONDS("occurred") ", " \
        STAMP("(SELECT min(at) FROM timeline WHERE incident_id = c.id)") ")") \
    " UNION ALL" \
    METRIC("record", "event e WHERE recorded_at >= ?1 AND recorded_at < ?2" NO_EXERCISE, \
        STAMP("recorded_at") " - " STAMP("noticed_at")) \
    " UNION ALL" \
    METRIC("decide", "event e JOIN decision d ON d.event_id = e.id" \
        " WHERE recorded_at >= ?1 AND recorded_at < ?2" NO_EXERCISE " GROUP BY e.id", \
        STAMP("min(decided_at)") " - " STAMP("recorded_at")) \
    " UNION ALL" \
    METRIC("decide", "alert a WHERE filed_at >= ?1 AND filed_at < ?2", \
        STAMP("(SELECT min(decided_at) FROM decision WHERE alert_id = a.id OR event_id = a.event_id)") \
        " - " STAMP("filed_at")) \
    " UNION ALL" /* a stated time, else the first act that says so or is of a playbook's such step */ \
    METRIC("contain", "c", "coalesce(" SECONDS("contained") ", " STAMP("(SELECT min(a.at) FROM act a" \
        " LEFT JOIN task t ON t.id = a.task_id WHERE a.incident_id = c.id AND (" \
        "a.action LIKE '%contain%' OR a.action LIKE '%isolat%' OR a.action LIKE '%block%'" \
        " OR a.action LIKE '%disconnect%' OR a.action LIKE '%封じ込め%' OR a.action LIKE '%隔離%'" \
        " OR a.action LIKE '%off the network%' OR a.action LIKE '%unplug%' OR a.action LIKE '%quarantin%'" \
        " OR a.action LIKE '%遮断%' OR a.action LIKE '%切断%' OR a.action LIKE '%切り離%' OR a.action LIKE '%抜線%'" \
        " OR t.playbook_step GLOB '*/isolate' OR t.playbook_step GLOB '*/lock'" \
        " OR t.playbook_step GLOB '*/stop' OR t.playbook_step GLOB '*/block'" \
        " OR t.playbook_step GLOB '*/contain'))") ") - " FIRST_RECORD) \
    " UNION ALL" \
    METRIC("preserve", "c", STAMP("(SELECT min(sealed_at) FROM exhibit WHERE incident_id = c.id)") " - " FIRST_RECORD) \
    " UNION ALL" \
    METRIC("report", "c", STAMP("(SELECT min(sent_at) FROM duty WHERE incident_id = c.id)") " - " SECONDS("aware")) \
    " UNION ALL" \
    /* a stated time; else, once the case went on from there, the last act of restoring, or that going on */ \
    METRIC("recover", "c", "coalesce(" SECONDS("recovered") ", " STAMP("(SELECT CASE WHEN count(*) > 0 THEN" \
        " coalesce((SELECT max(at) FROM act WHERE incident_id = c.id AND step = 'restore'), min(at)) END" \
        " FROM transition WHERE incident_id = c.id AND (to_phase = 'closed'" \
        " OR (to_phase = 'recover' AND step = 'prevent')))") ") - " FIRST_RECORD) \
    ")," \
    " nth AS (SELECT metric, s, row_number() OVER (PARTITION BY metric ORDER BY s) AS i," \
    " count(*) OVER (PARTITION BY metric) AS n FROM took WHERE s >= 0)," \
    " names (name, place) AS (VALUES " NAMES ")" \
    " SELECT name, count(s), CAST(avg(CASE WHEN i IN ((n + 1) / 2, (n + 2) / 2) THEN s END) AS INTEGER)," \
    " min(s), max(s) FROM names LEFT JOIN nth ON metric = name"
#define NAMES \
    "('detect', 1), ('record', 2), ('decide', 3), ('contain', 4), ('preserve', 5), ('report', 6), ('recover', 7)"
#define NO_EXERCISE " AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = e.incident_id AND i.exercise)"

static const char *const stats[IR_STAT_MAX] = {
    [IR_STAT_KIND] = BY("coalesce(kind, 'other')"),
    [IR_STAT_LEVEL] = BY("level"),
    /* The same words, whatever their case and blanks, are the same cause. A case's stated cause
     * counts when none of its lessons names one. */
    [IR_STAT_CAUSE] =
        CASES ", named AS (SELECT incident_id AS id, root_cause AS cause FROM lesson"
        " WHERE root_cause IS NOT NULL UNION SELECT c.id, " FACT("cause") " FROM incident c WHERE NOT"
        " EXISTS (SELECT 1 FROM lesson WHERE incident_id = c.id AND root_cause IS NOT NULL)),"
        " said AS (SELECT i.id, i.no, n.cause, i.opened_at >= ?1 AS new,"
        " lower(replace(replace(n.cause, ' ', ''), '　', '')) AS same FROM named n JOIN incident i"
        " ON i.id = n.id WHERE n.cause IS NOT NULL AND NOT i.exercise AND i.merged_into IS NULL"
        " AND i.opened_at < ?2)"
        " SELECT min(cause), count(DISTINCT CASE WHEN new THEN id END) AS cases, count(DISTINCT id),"
        " CASE WHEN count(DISTINCT id) > 1 THEN 'yes' END,"
        " substr(replace(group_concat(DISTINCT no), ',', ', '), 1, 1000)"
        " FROM (SELECT * FROM said ORDER BY same, no) GROUP BY same HAVING cases > 0 ORDER BY 3 DESC, 1",
    [IR_STAT_ALERT] =
        "WITH seen AS (SELECT outcome, reason FROM assessment WHERE tbl = 'alert' AND at >= ?1 AND at < ?2)"
        " SELECT outcome, count(*), CAST(round(100.0 * count(*) / (SELECT count(*) FROM seen)) AS INTEGER),"
        " count(reason) FROM seen GROUP BY outcome ORDER BY 2 DESC, 1",
    [IR_STAT_TIME] = TIMES " GROUP BY place ORDER BY place",
};
/* clang-format on */

static int open_for(struct ir_query *q, struct ir_casedb *db, const char *sql,
                    const struct ir_period *p, struct ir_err *err)
{
    const int rc = ir_query_open(q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(q, 1, ir_str_z(p->from));
    ir_query_text_arg(q, 2, ir_str_z(p->to));
    ir_query_int_arg(q, 3, p->zone_s);
    return IR_OK;
}

int ir_stat_open(struct ir_query *q, struct ir_casedb *db, enum ir_stat which,
                 const struct ir_period *p, struct ir_err *err)
{
    return open_for(q, db, stats[which], p, err);
}

bool ir_stat_is_time(struct ir_str name)
{
    const struct ir_str names = IR_S(NAMES);
    char quoted[40];
    if (name.n == 0 || name.n > 15 || ir_str_chr(name, '\'') != IR_NPOS) return false;
    snprintf(quoted, sizeof quoted, "('%.*s',", IR_FMT(name));
    return ir_str_find(names, ir_str_z(quoted)) != IR_NPOS;
}

int ir_stat_times(struct ir_casedb *db, const struct ir_period *p,
                  struct ir_time_stat ret_t[IR_TIMES], struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_stat_open(&q, db, IR_STAT_TIME, p, err);
    if (rc != IR_OK) return rc;
    for (int i = 0; i < IR_TIMES && (rc = ir_query_next(&q, err)) == IR_OK; i++) {
        ret_t[i] = (struct ir_time_stat){.n = ir_query_int(&q, 1),
                                         .median_s = ir_query_int(&q, 2),
                                         .min_s = ir_query_int(&q, 3),
                                         .max_s = ir_query_int(&q, 4)};
        snprintf(ret_t[i].name, sizeof ret_t[i].name, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}
