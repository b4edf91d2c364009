/*
 * What a report knows without anybody stating it as a fact: other records tell it. See casedoc.h. A
 * form that asks for the company's name, which stands in the settings, and a report that calls the
 * reason of a decision unknown would be of no use to who reads them.
 */
#include "base/buf.h"
#include "casedb/casedoc_int.h"
#include "casedb/playbook.h"
#include "casedb/query.h"

/* One fact, or one source of rows, a line. */
/* clang-format off */
const char ir_doc_known_sql[] =
    "SELECT 'reporter.name' AS name, (SELECT value FROM setting WHERE id = 'organisation') AS value"
    " UNION ALL SELECT 'reporter.contact', (SELECT person || coalesce(' ' || means, '') FROM role"
    "  WHERE role = 'lead' AND ended_at IS NULL AND ?1 <> '' ORDER BY deputy, rowid LIMIT 1)"
    " UNION ALL SELECT 'incident.class', (SELECT kind FROM incident WHERE id = ?1)"
    /* A further one is what follows one that was sent to the same authority, draft or not. */
    " UNION ALL SELECT 'report.number', (SELECT iif(count(*) = 0, 'first_report', 'further_report')"
    "  FROM duty WHERE incident_id = ?1 AND sent_at IS NOT NULL AND duty IN"
    "  (substr(?5, 1, instr(?5, '.')) || 'sokuho', substr(?5, 1, instr(?5, '.')) || 'kakuho'))"
    " UNION ALL SELECT 'prevention', (SELECT group_concat(measure, char(10)) FROM lesson"
    "  WHERE incident_id = ?1 AND state = 'done')"
    " UNION ALL SELECT 'prevention.planned', (SELECT group_concat(measure || coalesce(' (' || due || ')', ''), char(10))"
    "  FROM lesson WHERE incident_id = ?1 AND state IN ('planned', 'doing'))";

/* All that happened, from the timeline and from what was done about it. An event that was made for
 * alerts tells nothing that they do not, nor does an alert that was taken into the timeline. A decision
 * without a level adds something to the case and says nothing new. */
#define COURSE \
    "SELECT at, 'course.entry' AS kind, title, confidence, evidence, NULL AS rule_id FROM timeline" \
    "  WHERE incident_id = ?1" \
    " UNION ALL SELECT coalesce(noticed_at, recorded_at), 'course.report', text, NULL, NULL, NULL FROM event e" \
    "  WHERE incident_id = ?1 AND NOT EXISTS (SELECT 1 FROM alert WHERE event_id = e.id)" \
    " UNION ALL SELECT coalesce(a.first_seen, a.filed_at), 'course.alert', a.title, NULL, NULL, a.rule_id FROM alert a" \
    "  JOIN event e ON e.id = a.event_id WHERE e.incident_id = ?1 AND NOT EXISTS (SELECT 1 FROM timeline t WHERE" \
    "  t.incident_id = ?1 AND t.at = a.first_seen AND t.title = a.title)" \
    " UNION ALL SELECT min(d.decided_at), 'course.decision', d.reason, NULL, NULL, NULL FROM decision d" \
    "  JOIN event e ON e.id = d.event_id WHERE e.incident_id = ?1 AND (d.level IS NOT NULL OR d.outcome <> 'incident')" \
    "  GROUP BY d.decider, d.reason, d.outcome, d.level" \
    " UNION ALL SELECT at, 'course.act', action || coalesce(' (' || target || ')', '') || coalesce(': ' || result, '')," \
    "  NULL, NULL, NULL FROM act WHERE incident_id = ?1" \
    " UNION ALL SELECT sent_at, 'course.sent', duty, NULL, receipt_no, NULL FROM duty WHERE incident_id = ?1" \
    "  AND sent_at IS NOT NULL" \
    " UNION ALL SELECT closed_at, 'course.closed', no || ': ' || title, NULL, NULL, NULL FROM incident WHERE id = ?1" \
    "  AND closed_at IS NOT NULL"
const char ir_doc_course_sql[] = COURSE " ORDER BY 1, 2";

/* For who has ten lines for it: of what the rules found the first and the last. */
const char ir_doc_course_short_sql[] =
    "SELECT at, kind, title, confidence, evidence, rule_id FROM (SELECT *, row_number() OVER (PARTITION BY found"
    "  ORDER BY at) AS first, row_number() OVER (PARTITION BY found ORDER BY at DESC) AS last FROM (SELECT *,"
    "  kind = 'course.alert' OR kind = 'course.entry' AND title IN (SELECT title FROM alert) AS found FROM (" COURSE ")))"
    " WHERE NOT found OR first = 1 OR last = 1 ORDER BY 1, 2";

/* clang-format on */

/* A row of the list rule_titles. */
enum { RULE, ENGLISH, TITLE, ABOUT, RULE_COLUMNS };

static const struct ir_str *find_rule(const struct ir_doc_rows *rules, int column, struct ir_str s)
{
    for (size_t i = 0; s.n > 0 && i < rules->n; i++)
        if (ir_str_eq(rules->value[i * RULE_COLUMNS + (size_t)column], s))
            return rules->value + i * RULE_COLUMNS;
    return NULL;
}

/* "ALR-2026-00009 English title", a line each: what an event says that was made for alerts. */
static struct ir_str name_lines(struct ir_doc_maker *m, const struct ir_doc_rows *rules,
                                struct ir_str text)
{
    struct ir_buf b = IR_BUF(8 * IR_DOC_VALUE_MAX);
    struct ir_str rest = text;
    bool found = false;
    while (rest.n > 0) {
        const struct ir_str line = ir_str_cut(&rest, '\n');
        const size_t blank = ir_str_chr(line, ' ');
        const struct ir_str *r = ir_str_starts(line, IR_S("ALR-")) && blank != IR_NPOS
                                     ? find_rule(rules, ENGLISH, ir_str_skip(line, blank + 1))
                                     : NULL;
        if (b.n > 0) ir_buf_chr(&b, '\n');
        ir_buf_str(&b, r != NULL ? ir_str_head(line, blank + 1) : line);
        if (r != NULL) ir_buf_str(&b, r[TITLE]);
        found |= r != NULL;
    }
    const struct ir_str named = found ? ir_arena_dup(&m->doc->arena, ir_buf_view(&b)) : text;
    ir_buf_free(&b);
    return named.p != NULL ? named : text;
}

/* What the rule looks for, in one sentence, before what it found, which is a quotation. */
static struct ir_str explain(struct ir_doc_maker *m, const struct ir_str *rule, struct ir_str why)
{
    const char *const stop = "。";
    const char *end =
        rule[ABOUT].n > 0 ? memmem(rule[ABOUT].p, rule[ABOUT].n, stop, strlen(stop)) : NULL;
    if (end == NULL) return why;
    struct ir_buf b = IR_BUF(8 * IR_DOC_VALUE_MAX);
    ir_buf_fmt(&b, "%.*s%s\n", (int)(end - rule[ABOUT].p), rule[ABOUT].p, stop);
    ir_buf_fmt(&b, "検知の根拠(原文): %.*s", IR_FMT(why));
    const struct ir_str told = ir_arena_dup(&m->doc->arena, ir_buf_view(&b));
    ir_buf_free(&b);
    return told.p != NULL ? told : why;
}

static void name_rules(struct ir_doc_maker *m, struct ir_doc_rows *rows)
{
    const struct ir_doc_rows *rules = NULL;
    const size_t rule = ir_doc_column(rows, IR_S("rule_id"));
    const size_t title = ir_doc_column(rows, IR_S("title"));
    const size_t detail = ir_doc_column(rows, IR_S("detail"));
    const size_t text = ir_doc_column(rows, IR_S("text"));
    for (size_t i = 0; i < m->ask->ngiven; i++)
        if (ir_str_eq(m->ask->given[i].name, IR_S("rule_titles"))) rules = &m->ask->given[i].rows;
    if (rules == NULL) return;
    for (size_t row = 0; row < rows->n; row++) {
        struct ir_str *v = rows->value + row * rows->ncolumns;
        const struct ir_str *r = rule != IR_NPOS ? find_rule(rules, RULE, v[rule]) : NULL;
        if (r == NULL && title != IR_NPOS) r = find_rule(rules, ENGLISH, v[title]);
        if (r != NULL && title != IR_NPOS) v[title] = r[TITLE];
        if (r != NULL && detail != IR_NPOS && v[detail].n > 0) v[detail] = explain(m, r, v[detail]);
        if (text != IR_NPOS) v[text] = name_lines(m, rules, v[text]);
    }
}

static struct ir_str duty_name(const struct ir_doc_maker *m, struct ir_str id)
{
    const size_t n = m->ask->duties != NULL ? ir_duties_count(m->ask->duties) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct ir_duty_info *d = ir_duty_info(m->ask->duties, i);
        if (ir_str_eq(d->id, id)) return m->ja ? d->name.ja : d->name.en;
    }
    return id;
}

/* As its title was when it was applied: the case keeps the file. */
static int name_playbooks(struct ir_doc_maker *m, struct ir_doc_rows *rows)
{
    const size_t title = ir_doc_column(rows, IR_S("title"));
    const size_t digest = ir_doc_column(rows, IR_S("sha256"));
    for (size_t row = 0; row < rows->n; row++) {
        struct ir_str *v = rows->value + row * rows->ncolumns;
        struct ir_playbook p;
        struct ir_query q;
        int rc = ir_query_open(&q, m->db,
                               "SELECT content FROM playbook WHERE incident_id = ?1 "
                               "AND sha256 = ?2",
                               m->err);
        if (rc != IR_OK) return rc;
        ir_query_text_arg(&q, 1, ir_str_z(m->ask->incident_id));
        ir_query_text_arg(&q, 2, v[digest]);
        rc = ir_query_next(&q, m->err);
        if (rc == IR_OK &&
            ir_playbook_read(&m->doc->arena, ir_query_text(&q, 0), &p, NULL) == IR_OK) {
            const struct ir_str ja = ir_yaml_text(p.root, "title_ja");
            v[title] =
                ir_doc_keep(&m->doc->arena, m->ja && ja.n > 0 ? ja : ir_yaml_text(p.root, "title"));
        }
        ir_query_close(&q);
        if (rc < 0) return rc;
    }
    return IR_OK;
}

static struct ir_str report_name(struct ir_doc_maker *m, struct ir_str kind)
{
    const struct ir_template *t = ir_template_find(m->ask->templates, kind);
    const struct ir_str title = t != NULL ? ir_words(t->title, m->ja) : kind;
    return title.n > 0 ? title : kind;
}

int ir_doc_name_rows(struct ir_doc_maker *m, struct ir_str list, struct ir_doc_rows *rows)
{
    enum { COURSE_KIND = 1 };
    const size_t title = ir_doc_column(rows, IR_S("title"));
    const bool facts = ir_str_eq(list, IR_S("facts")), reports = ir_str_eq(list, IR_S("reports"));
    const bool course = ir_str_starts(list, IR_S("course"));
    if (ir_str_eq(list, IR_S("playbooks"))) return name_playbooks(m, rows);
    if (!facts && !reports) name_rules(m, rows);
    for (size_t row = 0; row < rows->n && (facts || reports || course); row++) {
        struct ir_str *v = rows->value + row * rows->ncolumns;
        if (facts)
            v[title] = ir_template_fact_name(m->ask->templates, v[title], m->ja);
        else if (reports)
            v[title] = report_name(m, v[title]);
        else if (ir_str_eq(v[COURSE_KIND], IR_S("course.sent")))
            v[title] = duty_name(m, v[title]);
    }
    return IR_OK;
}
