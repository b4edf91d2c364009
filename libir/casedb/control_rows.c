/*
 * Controls held against the database: the lists of which audit forms are made. See control.h.
 */
#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "casedb/casedoc_int.h"
#include "casedb/control.h"
#include "casedb/figure.h"
#include "casedb/people.h"
#include "casedb/query.h"

#define ARENA_MAX ((size_t)64 << 20)
#define ROWS_MAX  2000u

struct tally {
    int64_t all, bad; /* all: of those that there is something to measure of */
};

struct maker {
    struct ir_casedb *db;
    const struct ir_period *p;
    struct ir_control_lists *l;
    bool ja;
    struct ir_err *err;
    struct ir_figures of;
    struct tally checks, objectives;
};

static int memory(const struct maker *m)
{
    return ir_fail(m->err, IR_FATAL, "out of memory");
}

/* A list with the columns "a b c"; NULL: memory. */
static struct ir_doc_rows *begin(struct maker *m, const char *name, const char *columns)
{
    struct ir_str rest = ir_str_z(columns);
    struct ir_doc_given *g = &m->l->list[m->l->n++];
    struct ir_str *column = ir_arena_alloc(&m->l->arena, 20 * sizeof *column);
    struct ir_str *value = ir_arena_alloc(&m->l->arena, ROWS_MAX * 16 * sizeof *value);
    if (column == NULL || value == NULL) return NULL;
    *g = (struct ir_doc_given){ir_str_z(name), {.name = column, .value = value}};
    while (rest.n > 0)
        column[g->rows.ncolumns++] = ir_str_cut(&rest, ' ');
    return &g->rows;
}

static struct ir_str keep(struct maker *m, struct ir_str s)
{
    return s.p != NULL ? ir_doc_keep(&m->l->arena, s) : s;
}

static struct ir_str keep_z(struct maker *m, const char *z)
{
    return *z != '\0' ? keep(m, ir_str_z(z)) : ir_str_n(NULL, 0);
}

/* Cells of the next row; NULL: there are enough. */
static struct ir_str *next_row(struct ir_doc_rows *r)
{
    return r->n < ROWS_MAX ? r->value + r->n++ * r->ncolumns : NULL;
}

/* Seconds as people say them; the same words in both languages' order. */
static void span(const struct maker *m, int64_t s, char *out, size_t size)
{
    const long long min = (s + 30) / 60, h = min / 60;
    if (s < 60)
        snprintf(out, size, m->ja ? "%lld秒" : "%lld s", (long long)s);
    else if (h < 1)
        snprintf(out, size, m->ja ? "%lld分" : "%lld min", min);
    else if (h < 48)
        snprintf(out, size, m->ja ? "%lld時間%lld分" : "%lld h %lld min", h, min % 60);
    else
        snprintf(out, size, m->ja ? "%lld日%lld時間" : "%lld d %lld h", h / 24, h % 24);
}

/* "3 of 3, last 2026-11-20" */
static struct ir_str shown(struct maker *m, const struct ir_figure *f)
{
    struct ir_buf b = IR_BUF(1024);
    char text[80];
    int64_t ns;
    bool zone;
    if (!f->known) return m->ja ? IR_S("対象の記録なし") : IR_S("nothing to measure");
    if (f->unit == IR_FIGURE_SECONDS) {
        span(m, f->value, text, sizeof text);
        ir_buf_fmt(&b, m->ja ? "中央値 %s(%lld件)" : "median %s (n = %lld)", text,
                   (long long)f->of);
    } else if (f->unit == IR_FIGURE_PERCENT) {
        ir_buf_fmt(&b, m->ja ? "%lld%%(全%lld件)" : "%lld %% of %lld", (long long)f->value,
                   (long long)f->of);
    } else if (f->of > 0) {
        ir_buf_fmt(&b, m->ja ? "%2$lld件中%1$lld件" : "%1$lld of %2$lld", (long long)f->value,
                   (long long)f->of);
    } else {
        ir_buf_fmt(&b, m->ja ? "%lld件" : "%lld", (long long)f->value);
    }
    if (f->last[0] != '\0') {
        snprintf(text, sizeof text, "%s", f->last);
        if (strlen(f->last) > 10 && ir_time_parse_iso(ir_str_z(f->last), &ns, &zone) > 0)
            ir_time_local(ns, m->p->zone_s, text);
        ir_buf_fmt(&b, m->ja ? "、最新 %.10s" : ", latest %.10s", text);
    }
    const struct ir_str done = keep(m, ir_buf_view(&b));
    ir_buf_free(&b);
    return done;
}

static const char *judge(const struct ir_figure *f, struct ir_str said)
{
    enum ir_want want = IR_WANT_EQUAL;
    int64_t n = 0;
    if (!f->known || !ir_want_parse(said, &want, &n)) return "none";
    const bool good = want == IR_WANT_AT_LEAST  ? f->value >= n
                      : want == IR_WANT_AT_MOST ? f->value <= n
                                                : f->value == n;
    return good ? "good" : "bad";
}

static struct ir_str number(struct maker *m, bool known, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    return known ? keep_z(m, text) : ir_str_n(NULL, 0);
}

struct lists {
    struct ir_doc_rows *controls, *checks, *missing, *objectives;
};

static int make_check(struct maker *m, struct lists *to, const struct ir_yaml *control,
                      const struct ir_yaml *e, const char **ret_result)
{
    struct ir_figure f;
    const struct ir_str name = ir_yaml_text(e, "figure"), want = ir_yaml_text(e, "want");
    const int rc = ir_figure(&m->of, name, &f, m->err);
    if (rc != IR_OK) return rc;
    *ret_result = judge(&f, want);
    const bool bad = strcmp(*ret_result, "bad") == 0;
    const struct ir_str cells[] = {ir_yaml_text(control, "id"),
                                   ir_words(ir_yaml_get(control, "title"), m->ja),
                                   ir_words(ir_yaml_get(e, "ask"), m->ja),
                                   ir_str_z(*ret_result),
                                   shown(m, &f),
                                   ir_words(ir_yaml_get(e, "records"), m->ja),
                                   bad ? ir_words(ir_yaml_get(e, "missing"), m->ja)
                                       : ir_str_n(NULL, 0),
                                   name,
                                   want,
                                   number(m, f.known, f.value),
                                   number(m, f.known && f.of > 0, f.of),
                                   keep_z(m, f.last)};
    m->checks.bad += bad;
    m->checks.all += strcmp(*ret_result, "none") != 0;
    for (int i = 0; i < 2; i++) {
        struct ir_str *row = i == 0 ? next_row(to->checks) : bad ? next_row(to->missing) : NULL;
        if (row != NULL) memcpy(row, cells, sizeof cells);
    }
    return IR_OK;
}

/* Who holds a role; its name while nobody does. */
static int holder(struct maker *m, struct ir_str role, struct ir_str *ret_who)
{
    struct ir_buf name = IR_BUF(IR_CASE_TEXT_MAX);
    const int rc = ir_role_person(m->db, role, false, &name, m->err);
    *ret_who = rc == IR_OK ? keep(m, ir_buf_view(&name)) : role;
    ir_buf_free(&name);
    return rc == IR_END ? IR_OK : rc;
}

static int make_objective(struct maker *m, struct lists *to, const struct ir_yaml *control,
                          const struct ir_yaml *e)
{
    struct ir_figure f;
    struct ir_str who;
    const struct ir_str name = ir_yaml_text(e, "figure"), want = ir_yaml_text(e, "want");
    int rc = ir_figure(&m->of, name, &f, m->err);
    if (rc == IR_OK) rc = holder(m, ir_yaml_text(e, "owner"), &who);
    if (rc != IR_OK) return rc;
    const char *result = judge(&f, want);
    m->objectives.bad += strcmp(result, "bad") == 0;
    m->objectives.all += strcmp(result, "none") != 0;
    const struct ir_str cells[] = {ir_yaml_text(control, "id"),
                                   ir_words(ir_yaml_get(e, "objective"), m->ja),
                                   ir_words(ir_yaml_get(e, "indicator"), m->ja),
                                   ir_words(ir_yaml_get(e, "action"), m->ja),
                                   ir_words(ir_yaml_get(e, "resources"), m->ja),
                                   who,
                                   ir_str_z(m->p->to),
                                   ir_words(ir_yaml_get(e, "method"), m->ja),
                                   ir_str_z(m->p->to),
                                   ir_str_z(result),
                                   shown(m, &f),
                                   name,
                                   want,
                                   number(m, f.known, f.value)};
    struct ir_str *row = next_row(to->objectives);
    if (row != NULL) memcpy(row, cells, sizeof cells);
    return IR_OK;
}

static int make_control(struct maker *m, struct lists *to, const struct ir_yaml *control)
{
    const struct ir_yaml *list = ir_yaml_get(control, "checks");
    int64_t all = 0, good = 0, bad = 0;
    int rc = IR_OK;
    for (const struct ir_yaml *e = list ? list->kids : NULL; e != NULL && rc == IR_OK;
         e = e->next) {
        const char *result = "none";
        rc = make_check(m, to, control, e, &result);
        all += strcmp(result, "none") != 0;
        good += strcmp(result, "good") == 0;
        bad += strcmp(result, "bad") == 0;
    }
    list = ir_yaml_get(control, "objectives");
    for (const struct ir_yaml *e = list ? list->kids : NULL; e != NULL && rc == IR_OK; e = e->next)
        rc = make_objective(m, to, control, e);
    if (rc != IR_OK) return rc;
    const struct ir_str cells[] = {ir_yaml_text(control, "id"),
                                   ir_words(ir_yaml_get(control, "title"), m->ja),
                                   ir_str_z(bad > 0    ? "bad"
                                            : good > 0 ? "good"
                                                       : "none"),
                                   number(m, true, all), number(m, true, good)};
    struct ir_str *row = next_row(to->controls);
    if (row != NULL) memcpy(row, cells, sizeof cells);
    return IR_OK;
}

/* Rows of an open statement. */
static int take_rows(struct maker *m, struct ir_query *q, struct ir_doc_rows *r)
{
    struct ir_str *row;
    int rc;
    while ((rc = ir_query_next(q, m->err)) == IR_OK && (row = next_row(r)) != NULL)
        for (unsigned i = 0; i < r->ncolumns; i++)
            row[i] = keep(m, ir_query_text(q, (int)i));
    ir_query_close(q);
    return rc < 0 ? rc : IR_OK;
}

static int make_list(struct maker *m, const char *name, const char *columns, const char *sql)
{
    struct ir_query q;
    struct ir_doc_rows *r = begin(m, name, columns);
    if (r == NULL) return memory(m);
    const int rc = ir_query_open(&q, m->db, sql, m->err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(m->p->from));
    ir_query_text_arg(&q, 2, ir_str_z(m->p->to));
    return take_rows(m, &q, r);
}

static int make_stat(struct maker *m, const char *name, const char *columns, enum ir_stat which)
{
    struct ir_query q;
    struct ir_doc_rows *r = begin(m, name, columns);
    if (r == NULL) return memory(m);
    const int rc = ir_stat_open(&q, m->db, which, m->p, m->err);
    return rc == IR_OK ? take_rows(m, &q, r) : rc;
}

/* Named "time.detect": words of their own, as phases are called detect and report, too. */
static int make_times(struct maker *m)
{
    const struct ir_time_stat *t;
    char text[80];
    struct ir_doc_rows *r = begin(m, "times", "metric n median min max");
    if (r == NULL) return memory(m);
    const int rc = ir_figure_times(&m->of, &t, m->err);
    for (int i = 0; i < IR_TIMES && rc == IR_OK; i++) {
        const int64_t s[] = {t[i].median_s, t[i].min_s, t[i].max_s};
        struct ir_str *row = next_row(r);
        snprintf(text, sizeof text, "time.%s", t[i].name);
        row[0] = keep_z(m, text);
        row[1] = number(m, true, t[i].n);
        for (int k = 0; k < 3; k++) {
            span(m, s[k], text, sizeof text);
            row[2 + k] = t[i].n > 0 ? keep_z(m, text) : ir_str_n(NULL, 0);
        }
    }
    return rc;
}

/* Alerts that nobody decided about have no outcome: a word for that. */
static void name_undecided(struct maker *m)
{
    struct ir_doc_rows *r = &m->l->list[m->l->n - 1].rows;
    for (size_t i = 0; i < r->n; i++)
        if (r->value[i * r->ncolumns].p == NULL) r->value[i * r->ncolumns] = IR_S("undecided");
}

static int make_lists(struct maker *m)
{
    int rc = make_list(
        m, "values",
        "organisation zone as_of period.from period.to audit.seq audit.sha256 checks.bad "
        "checks.all objectives.bad objectives.all",
        "SELECT (SELECT value FROM setting WHERE id = 'organisation'), (SELECT value FROM setting "
        "WHERE id = 'zone'), ?2, ?1, ?2, (SELECT max(seq) FROM audit), (SELECT sha256 FROM audit "
        "ORDER "
        "BY seq DESC LIMIT 1), NULL, NULL, NULL, NULL");
    /* What was decided to be done after incidents and is open, or was done in this time. */
    if (rc == IR_OK)
        rc = make_list(
            m, "corrective",
            "case root_cause measure cost due owner control state verified_at result",
            "SELECT i.no, l.root_cause, l.measure, l.cost, l.due, l.owner, l.control, l.state, "
            "l.verified_at, l.verification FROM lesson l JOIN incident i ON i.id = l.incident_id "
            "WHERE l.state IN ('planned', 'doing') OR i.opened_at >= ?1 OR l.verified_at >= ?1 "
            "ORDER BY i.no, l.no");
    if (rc == IR_OK)
        rc = make_list(m, "audits", "kind at reviewer result next_due",
                       "SELECT kind, at, reviewer, result, next_due FROM review WHERE kind IN "
                       "('audit', 'management', 'exercise') AND at >= ?1 AND at < ?2 ORDER BY at");
    if (rc == IR_OK)
        rc = make_stat(m, "kinds", "kind cases open persons assets cost", IR_STAT_KIND);
    if (rc == IR_OK) rc = make_stat(m, "causes", "cause cases ever recurs numbers", IR_STAT_CAUSE);
    if (rc == IR_OK) rc = make_stat(m, "alerts", "outcome alerts percent reasoned", IR_STAT_ALERT);
    if (rc == IR_OK) name_undecided(m);
    return rc == IR_OK ? make_times(m) : rc;
}

int ir_controls_evaluate(struct ir_casedb *db, const struct ir_controls *c,
                         const struct ir_duties *d, const struct ir_period *p, bool ja,
                         struct ir_control_lists *ret_l, struct ir_err *err)
{
    struct maker m = {db, p, ret_l, ja, err, {.db = db, .period = p, .duties = d}, {0, 0}, {0, 0}};
    const struct ir_yaml *control;
    *ret_l = (struct ir_control_lists){.arena = IR_ARENA(ARENA_MAX)};
    int rc = make_lists(&m);
    if (rc != IR_OK) return rc;
    struct lists to = {
        begin(&m, "controls", "control title result checks good"),
        begin(&m, "checks",
              "control title ask result shown records todo figure want value of last"),
        begin(&m, "missing",
              "control title ask result shown records todo figure want value of last"),
        begin(&m, "objectives",
              "control objective indicator action resources owner due method evaluated result note "
              "figure want value")};
    if (!to.controls || !to.checks || !to.missing || !to.objectives) return memory(&m);
    for (size_t i = 0; rc == IR_OK && (control = ir_control_at(c, i)) != NULL; i++)
        rc = make_control(&m, &to, control);
    struct ir_doc_rows *values = &ret_l->list[0].rows;
    const struct tally *const told[] = {&m.checks, &m.objectives};
    for (size_t i = 0; i < 2; i++) {
        values->value[7 + 2 * i] = number(&m, told[i]->bad > 0, told[i]->bad);
        values->value[8 + 2 * i] = number(&m, true, told[i]->all);
    }
    ret_l->bad = (size_t)(m.checks.bad + m.objectives.bad);
    return rc;
}

void ir_control_lists_free(struct ir_control_lists *l)
{
    ir_arena_free(&l->arena);
    *l = (struct ir_control_lists){.n = 0};
}
