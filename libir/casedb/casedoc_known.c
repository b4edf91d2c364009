/*
 * What a report knows without anybody stating it as a fact: other records tell it. See casedoc.h. A
 * form that asks for the company's name, which stands in the settings, and a report that calls the
 * reason of a decision unknown would be of no use to who reads them.
 */
#include "casedb/casedoc_int.h"

/* One fact, or one source of rows, a line. */
/* clang-format off */
const char ir_doc_known_sql[] =
    "SELECT 'reporter.name' AS name, (SELECT value FROM setting WHERE id = 'organisation') AS value"
    " UNION ALL SELECT 'reporter.contact', (SELECT person || coalesce(' ' || means, '') FROM role"
    "  WHERE role = 'lead' AND ended_at IS NULL AND ?1 <> '' ORDER BY deputy, person LIMIT 1)"
    " UNION ALL SELECT 'report.number', (SELECT iif(count(*) = 0, 'first_report', 'further_report')"
    "  FROM report WHERE incident_id = ?1 AND kind = ?4 AND as_of < ?2)"
    " UNION ALL SELECT 'prevention', (SELECT group_concat(measure, char(10)) FROM lesson"
    "  WHERE incident_id = ?1 AND state = 'done')"
    " UNION ALL SELECT 'prevention.planned', (SELECT group_concat(measure || coalesce(' (' || due || ')', ''), char(10))"
    "  FROM lesson WHERE incident_id = ?1 AND state IN ('planned', 'doing'))";

/* All that happened, from the timeline and from what was done about it. An event that was made for
 * alerts tells nothing that they do not. */
const char ir_doc_course_sql[] =
    "SELECT at, 'course.entry' AS kind, title, confidence, evidence, NULL AS rule_id FROM timeline"
    "  WHERE incident_id = ?1"
    " UNION ALL SELECT coalesce(noticed_at, recorded_at), 'course.report', text, NULL, NULL, NULL FROM event e"
    "  WHERE incident_id = ?1 AND NOT EXISTS (SELECT 1 FROM alert WHERE event_id = e.id)"
    " UNION ALL SELECT coalesce(a.first_seen, a.filed_at), 'course.alert', a.title, NULL, NULL, a.rule_id FROM alert a"
    "  JOIN event e ON e.id = a.event_id WHERE e.incident_id = ?1"
    " UNION ALL SELECT min(d.decided_at), 'course.decision', d.reason, NULL, NULL, NULL FROM decision d"
    "  JOIN event e ON e.id = d.event_id WHERE e.incident_id = ?1 GROUP BY d.decider, d.reason, d.outcome, d.level"
    " UNION ALL SELECT at, 'course.act', action || coalesce(' (' || target || ')', '') || coalesce(': ' || result, ''),"
    "  NULL, NULL, NULL FROM act WHERE incident_id = ?1"
    " UNION ALL SELECT sent_at, 'course.sent', duty, NULL, receipt_no, NULL FROM duty WHERE incident_id = ?1"
    "  AND sent_at IS NOT NULL"
    " UNION ALL SELECT closed_at, 'course.closed', no, NULL, NULL, NULL FROM incident WHERE id = ?1"
    "  AND closed_at IS NOT NULL ORDER BY 1, 2";
/* clang-format on */

void ir_doc_name_rules(struct ir_doc_maker *m, struct ir_doc_rows *alerts)
{
    const struct ir_doc_rows *titles = NULL;
    const size_t rule = ir_doc_column(alerts, IR_S("rule_id"));
    const size_t title = ir_doc_column(alerts, IR_S("title"));
    for (size_t i = 0; i < m->ask->ngiven; i++)
        if (ir_str_eq(m->ask->given[i].name, IR_S("rule_titles"))) titles = &m->ask->given[i].rows;
    if (titles == NULL || rule == IR_NPOS || title == IR_NPOS) return;
    for (size_t row = 0; row < alerts->n; row++) {
        struct ir_str *v = alerts->value + row * alerts->ncolumns;
        for (size_t i = 0; i < titles->n; i++)
            if (ir_str_eq(titles->value[2 * i], v[rule])) v[title] = titles->value[2 * i + 1];
    }
}

void ir_doc_name_duties(struct ir_doc_maker *m, struct ir_doc_rows *course)
{
    enum { KIND = 1, WHAT = 2 };
    if (m->ask->duties == NULL) return;
    for (size_t row = 0; row < course->n; row++) {
        struct ir_str *v = course->value + row * course->ncolumns;
        if (!ir_str_eq(v[KIND], IR_S("course.sent"))) continue;
        for (size_t i = 0; i < ir_duties_count(m->ask->duties); i++) {
            const struct ir_duty_info *d = ir_duty_info(m->ask->duties, i);
            if (!ir_str_eq(d->id, v[WHAT])) continue;
            v[WHAT] = m->ja ? d->name.ja : d->name.en;
            break;
        }
    }
}
