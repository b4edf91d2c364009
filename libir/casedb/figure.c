/*
 * Figures. See figure.h. Each statement gives value, of how many, and the last one. The value is
 * null when there is nothing to measure: that nothing is late shows no control in operation where
 * nothing was ever due.
 */
#include "casedb/figure.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "casedb/duty_case.h"
#include "casedb/review.h"

/* SQL stands as it reads best. */
/* clang-format off */
/* ?1 and ?2 are the period, ?2 also now, ?3 the zone in seconds. */
#define REAL(i) " NOT " i ".exercise AND " i ".merged_into IS NULL"
#define OF_PERIOD(i) REAL(i) " AND " i ".opened_at >= ?1 AND " i ".opened_at < ?2"
#define SINCE(at) at " >= ?1 AND " at " < ?2"
/* How many of the rows are of this part; null of no rows. */
#define PART(part) "iif(count(*) > 0, count(CASE WHEN " part " THEN 1 END), NULL), count(*)"
#define SHARE(part) "CAST(100.0 * count(" part ") / nullif(count(*), 0) AS INTEGER), count(*)"
#define TODAY "date(?2, format('%+d seconds', ?3))"
#define LATEST "rowid IN (SELECT max(rowid) FROM review GROUP BY kind, source)"
#define KNOWN(name) \
    "(SELECT value FROM fact WHERE incident_id = i.id AND name = '" name "' ORDER BY rowid DESC LIMIT 1) IS NOT NULL"

static const struct {
    const char *name;
    enum ir_figure_unit unit;
    const char *sql;
} figures[] = {
    /* 5.24: who answers, whom to call, by which procedure, and whether it was tried out */
    {"roles_held", IR_FIGURE_COUNT,
     "SELECT count(DISTINCT role), 3, NULL FROM role WHERE role IN ('chief', 'lead', 'first')"
     " AND NOT deputy AND ended_at IS NULL"},
    {"deputies", IR_FIGURE_COUNT,
     "SELECT count(DISTINCT role), 3, NULL FROM role WHERE role IN ('chief', 'lead', 'first')"
     " AND deputy AND ended_at IS NULL"},
    {"contacts", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(last_verified) FROM contact WHERE ended_at IS NULL"},
    {"contacts_fresh", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN last_verified >= date(?2, '-1 year') THEN 1 END") ", max(last_verified)"
     " FROM contact WHERE ended_at IS NULL"},
    {"playbooks", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN EXISTS (SELECT 1 FROM playbook WHERE incident_id = i.id) THEN 1 END")
     ", (SELECT max(applied_at) FROM playbook) FROM incident i WHERE" OF_PERIOD("i")},
    {"exercises", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(at) FROM (SELECT at FROM review WHERE kind = 'exercise' AND " SINCE("at")
     " UNION ALL SELECT opened_at FROM incident WHERE exercise AND " SINCE("opened_at") ")"},
    /* 6.8 */
    {"reports", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(recorded_at) FROM event WHERE " SINCE("recorded_at")},
    /* 5.25 */
    {"decisions", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(decided_at) FROM decision WHERE " SINCE("decided_at")},
    {"assessed", IR_FIGURE_PERCENT,
     "SELECT " SHARE("outcome") ", max(decided_at) FROM assessment WHERE " SINCE("at")},
    {"waiting", IR_FIGURE_COUNT,
     "SELECT " PART("outcome IS NULL AND at < strftime('%Y-%m-%dT%H:%M:%fZ', ?2, '-1 day')")
     ", min(at) FILTER (WHERE outcome IS NULL) FROM assessment"},
    {"criteria", IR_FIGURE_COUNT,
     "SELECT count(*), 0, NULL FROM setting WHERE id = 'criteria' AND value IS NOT NULL"},
    /* 5.26 */
    {"cases", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(opened_at) FROM incident i WHERE" OF_PERIOD("i")},
    {"logged", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN EXISTS (SELECT 1 FROM act WHERE incident_id = i.id) THEN 1 END")
     ", (SELECT max(recorded_at) FROM act) FROM incident i WHERE" OF_PERIOD("i")},
    {"led", IR_FIGURE_PERCENT,
     "SELECT " SHARE("lead") ", NULL FROM incident i WHERE" OF_PERIOD("i")},
    {"duties_sent", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(sent_at) FROM duty WHERE " SINCE("sent_at")},
    {"tasks_late", IR_FIGURE_COUNT,
     "SELECT " PART("t.state IN ('open', 'doing') AND t.due_at < ?2") ", NULL FROM task t JOIN"
     " incident i ON i.id = t.incident_id WHERE" REAL("i")},
    {"closed_whole", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN " KNOWN("cause") " AND " KNOWN("effect")
     " AND (" KNOWN("no_lesson") " OR EXISTS (SELECT 1 FROM lesson WHERE incident_id = i.id)) THEN 1 END")
     ", max(closed_at) FROM incident i WHERE" REAL("i") " AND " SINCE("closed_at")},
    /* 5.27 */
    {"lessons", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(verified_at) FROM lesson WHERE state <> 'dropped'"},
    {"lessons_whole", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN owner IS NOT NULL AND due IS NOT NULL AND cost IS NOT NULL THEN 1 END")
     ", NULL FROM lesson WHERE state <> 'dropped'"},
    {"lessons_late", IR_FIGURE_COUNT,
     "SELECT " PART("state IN ('planned', 'doing') AND due < " TODAY) ", NULL FROM lesson"
     " WHERE state <> 'dropped' AND due IS NOT NULL"},
    {"lessons_verified", IR_FIGURE_PERCENT,
     "SELECT " SHARE("verified_at") ", max(verified_at) FROM lesson WHERE state = 'done'"},
    /* 5.28 */
    {"exhibits", IR_FIGURE_COUNT, "SELECT count(*), 0, max(sealed_at) FROM exhibit"},
    {"sealed", IR_FIGURE_PERCENT, "SELECT " SHARE("seal") ", max(sealed_at) FROM exhibit"},
    {"preserved", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN EXISTS (SELECT 1 FROM exhibit WHERE incident_id = i.id AND seal IS NOT NULL) THEN 1 END")
     ", NULL FROM incident i WHERE (phase = 'recover' OR phase = 'closed') AND" OF_PERIOD("i")},
    {"changes", IR_FIGURE_COUNT, "SELECT count(*), 0, max(at) FROM audit WHERE " SINCE("at")},
    /* 8.15 to 8.17 */
    {"log_sources", IR_FIGURE_COUNT,
     "SELECT count(DISTINCT source), 0, max(at) FROM review WHERE kind = 'log' AND " SINCE("at")},
    {"reviews_late", IR_FIGURE_COUNT,
     "SELECT " PART("next_due < ?2") ", min(next_due) FROM review WHERE next_due IS NOT NULL AND " LATEST},
    {"reviews_planned", IR_FIGURE_PERCENT,
     "SELECT " SHARE("next_due") ", min(next_due) FROM review WHERE kind = 'log' AND " LATEST},
    {"gaps", IR_FIGURE_COUNT,
     "SELECT " PART("julianday(from_at) - julianday(before) > 1.0 / 24") ", max(from_at) FROM"
     " (SELECT at, from_at, " IR_REVIEW_BEFORE " AS before FROM review WHERE kind = 'log')"
     " WHERE before IS NOT NULL AND " SINCE("at")},
    {"silent", IR_FIGURE_COUNT,
     "SELECT " PART("records = 0") ", NULL FROM review WHERE kind = 'log' AND " LATEST},
    {"alerts", IR_FIGURE_COUNT,
     "SELECT count(*), 0, max(filed_at) FROM alert WHERE " SINCE("filed_at")},
    {"alerts_assessed", IR_FIGURE_PERCENT,
     "SELECT " SHARE("outcome") ", max(decided_at) FROM assessment WHERE tbl = 'alert' AND " SINCE("at")},
    {"clocks_measured", IR_FIGURE_PERCENT,
     "SELECT " SHARE("CASE WHEN source IN (SELECT source FROM review WHERE kind = 'clock' AND " SINCE("at") ") THEN 1 END")
     ", (SELECT max(at) FROM review WHERE kind = 'clock') FROM"
     " (SELECT DISTINCT source FROM review WHERE kind = 'log' AND " SINCE("at") ")"},
    {"clocks_off", IR_FIGURE_COUNT,
     "SELECT " PART("abs(offset_ms) > 1000") ", max(at) FROM review WHERE kind = 'clock' AND " LATEST},
    {"zone", IR_FIGURE_COUNT,
     "SELECT count(*), 0, NULL FROM setting WHERE id = 'zone' AND value IS NOT NULL"},
};
/* clang-format on */
#define NFIGURES (sizeof figures / sizeof *figures)

static size_t find(struct ir_str name)
{
    size_t i = 0;
    while (i < NFIGURES && !ir_str_eq(name, ir_str_z(figures[i].name)))
        i++;
    return i;
}

/* Root causes of the period's cases that were there before; duties whose date went by before
 * somebody sent them, or decided that they need not be sent. */
static const char again[] = "causes_again", late[] = "duties_late";

static const struct ir_str review = {"review.", 7}, median = {"time.", 5};

bool ir_figure_known(struct ir_str name)
{
    if (ir_str_starts(name, median)) return ir_stat_is_time(ir_str_skip(name, median.n));
    for (size_t i = 0; ir_str_starts(name, review) && ir_review_kind(i) != NULL; i++)
        if (ir_str_eq(ir_str_skip(name, review.n), ir_str_z(ir_review_kind(i)))) return true;
    return find(name) < NFIGURES || ir_str_eq(name, ir_str_z(again)) ||
           ir_str_eq(name, ir_str_z(late));
}

static int count_again(struct ir_casedb *db, const struct ir_period *p, struct ir_figure *f,
                       struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_stat_open(&q, db, IR_STAT_CAUSE, p, err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        f->value += !ir_query_null(&q, 3);
        f->of++;
    }
    ir_query_close(&q);
    f->known = f->of > 0;
    return rc == IR_END ? IR_OK : rc;
}

struct lateness {
    int64_t now, late, of;
};

/* A rule that calls for a report binds also while no row of the table duty tells of it. */
static int take_duty(void *user, const struct ir_duty_status *s)
{
    struct lateness *l = user;
    int64_t sent = l->now;
    bool zone;
    if (s->result.due_strict[0] == '\0' || (!s->sent && !ir_duty_waits(s))) return IR_OK;
    if (s->sent && ir_time_parse_iso(s->sent_at, &sent, &zone) == 0) sent = l->now;
    l->of++;
    l->late += sent > s->result.due_ns;
    return IR_OK;
}

static int count_late(struct ir_figures *of, struct ir_err *err)
{
    struct ir_query q;
    struct lateness l = {0};
    char id[IR_ID_TEXT];
    bool zone;
    ir_time_parse_iso(ir_str_z(of->period->to), &l.now, &zone);
    int rc = ir_query_open(&q, of->db, "SELECT i.id FROM incident i WHERE" OF_PERIOD("i"), err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(of->period->from));
    ir_query_text_arg(&q, 2, ir_str_z(of->period->to));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        snprintf(id, sizeof id, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        rc = ir_duty_each(of->db, of->duties, id, l.now, of->period->zone_s, take_duty, &l, err);
        if (rc != IR_OK) break;
    }
    ir_query_close(&q);
    of->late = l.late;
    of->late_of = l.of;
    of->walked = rc == IR_END;
    return rc == IR_END ? IR_OK : rc;
}

static int take_late(struct ir_figures *of, struct ir_figure *f, struct ir_err *err)
{
    const int rc = of->walked ? IR_OK : count_late(of, err);
    f->value = of->late;
    f->of = of->late_of;
    f->known = of->late_of > 0;
    return rc;
}

static int ask(struct ir_casedb *db, const char *sql, struct ir_str kind, const struct ir_period *p,
               struct ir_figure *f, struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db, sql, err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(p->from));
    ir_query_text_arg(&q, 2, ir_str_z(p->to));
    if (kind.p != NULL)
        ir_query_text_arg(&q, 3, kind);
    else
        ir_query_int_arg(&q, 3, p->zone_s);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        f->known = !ir_query_null(&q, 0);
        f->value = ir_query_int(&q, 0);
        f->of = ir_query_int(&q, 1);
        snprintf(f->last, sizeof f->last, "%.*s", IR_FMT(ir_str_head(ir_query_text(&q, 2), 24)));
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_figure_times(struct ir_figures *of, const struct ir_time_stat **ret_t, struct ir_err *err)
{
    const int rc = of->timed ? IR_OK : ir_stat_times(of->db, of->period, of->time, err);
    of->timed = rc == IR_OK;
    *ret_t = of->time;
    return rc;
}

static int take_time(struct ir_figures *of, struct ir_str name, struct ir_figure *f,
                     struct ir_err *err)
{
    const struct ir_time_stat *t;
    f->unit = IR_FIGURE_SECONDS;
    const int rc = ir_figure_times(of, &t, err);
    for (int i = 0; i < IR_TIMES && rc == IR_OK; i++) {
        if (!ir_str_eq(name, ir_str_z(t[i].name))) continue;
        f->of = t[i].n;
        f->value = t[i].median_s;
        f->known = f->of > 0;
    }
    return rc;
}

int ir_figure(struct ir_figures *of, struct ir_str name, struct ir_figure *ret_f,
              struct ir_err *err)
{
    const size_t i = find(name);
    *ret_f = (struct ir_figure){.unit = i < NFIGURES ? figures[i].unit : IR_FIGURE_COUNT};
    if (!ir_figure_known(name))
        return ir_fail(err, IR_BAD, "%.*s: no figure of this name", IR_FMT(ir_str_head(name, 60)));
    if (i < NFIGURES) return ask(of->db, figures[i].sql, ir_str_n(NULL, 0), of->period, ret_f, err);
    if (ir_str_eq(name, ir_str_z(again))) return count_again(of->db, of->period, ret_f, err);
    if (ir_str_eq(name, ir_str_z(late))) return take_late(of, ret_f, err);
    if (ir_str_starts(name, median)) return take_time(of, ir_str_skip(name, median.n), ret_f, err);
    return ask(of->db,
               "SELECT count(*), 0, max(at) FROM review WHERE at >= ?1 AND at < ?2 AND kind = ?3",
               ir_str_skip(name, review.n), of->period, ret_f, err);
}
