/*
 * Records of reviews. See review.h. Hostile: the summary of a scan is JSON from a file that may
 * have come from anywhere; it is read by SQLite's functions with the line bound as a value.
 */
#include "casedb/review.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "casedb/query.h"

#define SUMMARY_MAX ((size_t)64 << 10)

static const struct {
    const char *name;
    bool source, period; /* it must have one */
} kinds[] = {
    {"log", true, true},       {"operators", false, true},   {"integrity", true, false},
    {"baseline", true, false}, {"clock", true, false},       {"exercise", false, false},
    {"audit", false, false},   {"management", false, false},
};
#define NKINDS (sizeof kinds / sizeof *kinds)

const char *ir_review_kind(size_t i)
{
    return i < NKINDS ? kinds[i].name : NULL;
}

struct ir_review ir_review_begin(void)
{
    return (struct ir_review){.from = IR_REVIEW_UNSET,
                              .to = IR_REVIEW_UNSET,
                              .records = IR_REVIEW_UNSET,
                              .findings = IR_REVIEW_UNSET,
                              .offset_ms = IR_REVIEW_UNSET,
                              .uncertainty_ms = IR_REVIEW_UNSET,
                              .next_due = IR_REVIEW_UNSET};
}

static struct ir_str last_line(struct ir_str s)
{
    while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    const size_t at = ir_str_rchr(s, '\n');
    return at == IR_NPOS ? s : ir_str_skip(s, at + 1);
}

static void take_time(const struct ir_query *q, int column, int64_t *to)
{
    int64_t ns;
    bool zone;
    const struct ir_str s = ir_query_text(q, column);
    if (*to == IR_REVIEW_UNSET && s.n > 0 && ir_time_parse_iso(s, &ns, &zone) == s.n) *to = ns;
}

int ir_review_scan(struct ir_casedb *db, struct ir_str jsonl, struct ir_review *r,
                   struct ir_err *err)
{
    struct ir_query q;
    const struct ir_str line = last_line(jsonl);
    const char *const no_scan =
        N_("no summary at its end: not of ir scan --output jsonl, or the scan was cut short");
    if (line.n == 0 || line.n > SUMMARY_MAX) return ir_fail(err, IR_BAD, "%s", no_scan);
    /* A time asked for counts for more than that of the first record: the time before it was
     * looked at, too. */
    int rc = ir_query_open(
        &q, db,
        "WITH s AS (SELECT CASE WHEN json_valid(?1) THEN json(?1) END AS j) SELECT coalesce("
        "j ->> '$.since', j ->> '$.first'), coalesce(j ->> '$.until', j ->> '$.last'), "
        "(SELECT CAST(total(value) AS INTEGER) FROM json_each(j, '$.records')), (SELECT "
        "CAST(total(value) AS INTEGER) FROM json_each(j, '$.findings')) FROM s WHERE j IS NOT NULL "
        "AND json_type(j) = 'object' AND j ->> '$.\"ir.kind\"' = 'summary'",
        err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, line);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) {
        take_time(&q, 0, &r->from);
        take_time(&q, 1, &r->to);
        if (r->records == IR_REVIEW_UNSET) r->records = ir_query_int(&q, 2);
        if (r->findings == IR_REVIEW_UNSET) r->findings = ir_query_int(&q, 3);
        r->summary = line;
    }
    ir_query_close(&q);
    return rc == IR_END ? ir_fail(err, IR_BAD, "%s", no_scan) : rc;
}

static int check(const struct ir_review *r, int64_t now, struct ir_err *err)
{
    size_t k = 0;
    while (k < NKINDS && !ir_str_eq(r->kind, ir_str_z(kinds[k].name)))
        k++;
    const bool counted = r->records != IR_REVIEW_UNSET || r->findings != IR_REVIEW_UNSET;
    if (k == NKINDS) return ir_fail(err, IR_BAD, "no kind of review");
    if (kinds[k].source && r->source.n == 0)
        return ir_fail(err, IR_BAD, "which source was reviewed? --source says so");
    if (kinds[k].period && (r->from == IR_REVIEW_UNSET || r->to == IR_REVIEW_UNSET))
        return ir_fail(err, IR_BAD, "which time was reviewed? --from and --to say so");
    if (r->from != IR_REVIEW_UNSET && r->to != IR_REVIEW_UNSET && r->from > r->to)
        return ir_fail(err, IR_BAD, "the period ends before it begins");
    if (r->from != IR_REVIEW_UNSET && r->from > now)
        return ir_fail(err, IR_BAD, "the period has not begun yet");
    if (r->next_due != IR_REVIEW_UNSET && r->next_due <= now)
        return ir_fail(err, IR_BAD, "the next review would be due already");
    if (strcmp(kinds[k].name, "clock") == 0 && r->offset_ms == IR_REVIEW_UNSET)
        return ir_fail(err, IR_BAD, "how far off is the clock? --offset says so");
    if (r->result.n == 0 && !counted && r->offset_ms == IR_REVIEW_UNSET)
        return ir_fail(err, IR_BAD, "what came out? --result, --findings or --scan says so");
    return IR_OK;
}

/* Who reviews each night need not say so each night: the interval goes on. */
static int go_on(struct ir_casedb *db, const struct ir_review *r, int64_t *next_due,
                 struct ir_err *err)
{
    struct ir_query q;
    int64_t at, due;
    bool zone;
    int rc = ir_query_open(&q, db,
                           "SELECT at, next_due FROM review WHERE kind = ?1 AND source IS ?2 ORDER "
                           "BY rowid DESC LIMIT 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, r->kind);
    ir_query_text_arg(&q, 2, r->source.n > 0 ? r->source : ir_str_n(NULL, 0));
    rc = ir_query_next(&q, err);
    if (rc == IR_OK && ir_time_parse_iso(ir_query_text(&q, 0), &at, &zone) > 0 &&
        ir_time_parse_iso(ir_query_text(&q, 1), &due, &zone) > 0 && due > at)
        *next_due = ir_casedb_now(db) + (due - at);
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

static struct ir_value number(const char *field, int64_t n)
{
    return n != IR_REVIEW_UNSET ? IR_V_INT(field, n) : IR_V_NULL(field);
}

static struct ir_value moment(const char *field, int64_t ns, char buf[IR_CASEDB_TIME])
{
    if (ns == IR_REVIEW_UNSET || ns == IR_REVIEW_NEVER) return IR_V_NULL(field);
    ir_casedb_time(ns, buf);
    return IR_V_Z(field, buf);
}

int ir_review_add(struct ir_casedb *db, const struct ir_review *r, char ret_id[IR_ID_TEXT],
                  struct ir_err *err)
{
    char from[IR_CASEDB_TIME], to[IR_CASEDB_TIME], at[IR_CASEDB_TIME], next[IR_CASEDB_TIME];
    char made[120];
    int64_t next_due = r->next_due;
    int rc = check(r, ir_casedb_now(db), err);
    if (rc == IR_OK && next_due == IR_REVIEW_UNSET) rc = go_on(db, r, &next_due, err);
    if (rc != IR_OK) return rc;
    struct ir_str result = r->result;
    if (result.n == 0 && r->findings != IR_REVIEW_UNSET) {
        snprintf(made, sizeof made, "%lld findings", (long long)r->findings);
        result = ir_str_z(made);
    } else if (result.n == 0) {
        result = IR_S("measured");
    }
    const struct ir_value v[] = {IR_V("kind", r->kind),
                                 IR_V_Z("reviewer", ir_casedb_actor(db)),
                                 IR_V("source", r->source),
                                 moment("from_at", r->from, from),
                                 moment("to_at", r->to, to),
                                 moment("at", ir_casedb_now(db), at),
                                 IR_V("result", result),
                                 number("records", r->records),
                                 number("findings", r->findings),
                                 IR_V("summary", r->summary),
                                 number("offset_ms", r->offset_ms),
                                 number("uncertainty_ms", r->uncertainty_ms),
                                 IR_V("zone", r->zone),
                                 moment("next_due", next_due, next)};
    return ir_record_insert(db, "review", NULL, v, sizeof v / sizeof *v, ret_id, err);
}
