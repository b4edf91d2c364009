/*
 * Links and merges of cases. See merge.h. The clocks of duties run on in the surviving case: a
 * merge that would stop one, or let one run longer, is refused until a person stated the facts and
 * the awareness there, or decided.
 */
#include "casedb/merge.h"

#include <stdio.h>

#include "base/intl.h"
#include "casedb/duty_case.h"
#include "casedb/phase.h"
#include "casedb/query.h"
#include "casedb/work.h"

#define MERGED "merged"

static const char *const relations[] = {"related", "same_cause", "part_of", "follows", "duplicate"};

const char *ir_relation_at(size_t i)
{
    return i < sizeof relations / sizeof *relations ? relations[i] : NULL;
}

static int add_link(struct ir_casedb *db, const char *from_id, const char *to_id,
                    struct ir_str relation, struct ir_str note, struct ir_err *err)
{
    const struct ir_value v[] = {IR_V_Z("from_id", from_id), IR_V_Z("to_id", to_id),
                                 IR_V("kind", relation), IR_V("note", note)};
    return ir_record_insert(db, "link", NULL, v, sizeof v / sizeof *v, NULL, err);
}

int ir_incident_link(struct ir_casedb *db, const char *from_id, const char *to_id,
                     struct ir_str relation, struct ir_str note, struct ir_err *err)
{
    struct ir_query q;
    bool known = false;
    for (size_t i = 0; ir_relation_at(i) != NULL; i++)
        known |= ir_str_eq(relation, ir_str_z(ir_relation_at(i)));
    if (!known)
        return ir_fail(err, IR_BAD, "no relation: '%.*s'", IR_FMT(ir_str_head(relation, 40)));
    if (strcmp(from_id, to_id) == 0)
        return ir_fail(err, IR_BAD, "a case cannot be linked with itself");
    int rc = ir_query_open(
        &q, db, "SELECT 1 FROM link WHERE from_id = ?1 AND to_id = ?2 AND kind = ?3", err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(from_id));
    ir_query_text_arg(&q, 2, ir_str_z(to_id));
    ir_query_text_arg(&q, 3, relation);
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    if (rc == IR_OK) return ir_fail(err, IR_BAD, "the cases are linked so already");
    return rc == IR_END ? add_link(db, from_id, to_id, relation, note, err) : rc;
}

/* The duties of the case that survives. */
struct clocks {
    struct clock {
        struct ir_str duty;
        bool waits, settled; /* settled: a person sent it, or decided against it */
        int64_t due_ns;
        char due[IR_CASEDB_TIME]; /* "": no date */
    } v[IR_DUTIES_MAX];
    size_t n;
    const struct ir_merging *m;
    size_t lost;
};

static int take_clock(void *user, const struct ir_duty_status *s)
{
    struct clocks *c = user;
    if (c->n == IR_DUTIES_MAX) return IR_OK;
    struct clock *one = &c->v[c->n++];
    *one = (struct clock){s->info->id, ir_duty_waits(s), s->sent || s->not_needed, s->result.due_ns,
                          ""};
    snprintf(one->due, sizeof one->due, "%s", s->result.due_strict);
    return IR_OK;
}

/* A clock that runs there and ends no later is as good. */
static bool kept(const struct clock *there, const struct ir_duty_status *s)
{
    if (there == NULL) return false;
    if (there->settled) return true;
    if (s->result.due_strict[0] == '\0') return there->waits;
    return there->waits && there->due[0] != '\0' && there->due_ns <= s->result.due_ns;
}

static int hold_against(void *user, const struct ir_duty_status *s)
{
    struct clocks *c = user;
    const struct clock *there = NULL;
    for (size_t i = 0; i < c->n; i++)
        if (ir_str_eq(c->v[i].duty, s->info->id)) there = &c->v[i];
    if (!ir_duty_waits(s) || kept(there, s)) return IR_OK;
    const struct ir_merge_duty one = {s->info->id, s->result.due_strict,
                                      there != NULL && there->waits ? there->due : ""};
    c->lost++;
    if (c->m->lost != NULL) c->m->lost(c->m->user, &one);
    return IR_OK;
}

static int find_lost(struct ir_casedb *db, const struct ir_duties *d, const struct ir_merging *m,
                     struct ir_err *err)
{
    struct clocks c = {.n = 0, .m = m};
    const int64_t now = ir_casedb_now(db);
    int rc = ir_duty_each(db, d, m->into_id, now, m->zone_s, take_clock, &c, err);
    if (rc == IR_OK) rc = ir_duty_each(db, d, m->from_id, now, m->zone_s, hold_against, &c, err);
    return rc == IR_OK && c.lost > 0 ? IR_END : rc;
}

static int check(struct ir_casedb *db, const struct ir_merging *m, struct ir_err *err)
{
    struct ir_query q;
    if (m->reason.n == 0) return ir_fail(err, IR_BAD, "cases are merged for a reason: say which");
    if (strcmp(m->from_id, m->into_id) == 0)
        return ir_fail(err, IR_BAD, "a case cannot be merged into itself");
    int rc = ir_incident_working(db, m->from_id, err);
    if (rc == IR_OK) rc = ir_incident_working(db, m->into_id, err);
    if (rc == IR_OK)
        rc = ir_query_open(&q, db,
                           "SELECT 1 FROM incident a, incident b WHERE a.id = ?1 AND b.id = ?2 AND "
                           "a.exercise = b.exercise",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(m->from_id));
    ir_query_text_arg(&q, 2, ir_str_z(m->into_id));
    rc = ir_query_next(&q, err);
    ir_query_close(&q);
    return rc == IR_END ? ir_fail(err, IR_BAD, "an exercise is not merged with a real case") : rc;
}

/* Row by row, as each has its line in the audit trail. */
static int move_events(struct ir_casedb *db, const struct ir_merging *m, int64_t *ret_n,
                       struct ir_err *err)
{
    const struct ir_value v = IR_V_Z("incident_id", m->into_id);
    char id[IR_ID_TEXT];
    int rc = IR_OK;
    for (*ret_n = 0; rc == IR_OK; ++*ret_n) {
        struct ir_query q;
        rc = ir_query_open(&q, db, "SELECT id FROM event WHERE incident_id = ?1 LIMIT 1", err);
        if (rc != IR_OK) return rc;
        ir_query_text_arg(&q, 1, ir_str_z(m->from_id));
        rc = ir_query_next(&q, err);
        if (rc == IR_OK) snprintf(id, sizeof id, "%.*s", IR_FMT(ir_query_text(&q, 0)));
        ir_query_close(&q);
        if (rc == IR_OK) rc = ir_record_update(db, "event", id, &v, 1, err);
        if (rc != IR_OK) break;
    }
    return rc == IR_END ? IR_OK : rc;
}

int ir_incident_merge(struct ir_casedb *db, const struct ir_duties *d, const struct ir_merging *m,
                      int64_t *ret_events, struct ir_err *err)
{
    const struct ir_value v = IR_V_Z("merged_into", m->into_id);
    int rc = check(db, m, err);
    if (rc == IR_OK) rc = find_lost(db, d, m, err);
    if (rc == IR_OK) rc = add_link(db, m->from_id, m->into_id, IR_S(MERGED), m->reason, err);
    if (rc == IR_OK) rc = move_events(db, m, ret_events, err);
    if (rc == IR_OK) rc = ir_phase_end(db, m->from_id, m->reason, err);
    return rc == IR_OK ? ir_record_update(db, "incident", m->from_id, &v, 1, err) : rc;
}

static const struct {
    const char *what, *sql;
} parts[] = {
    {"facts", "SELECT count(DISTINCT name) FROM fact WHERE incident_id = ?1"},
    {"tasks_open",
     "SELECT count(*) FROM task WHERE incident_id = ?1 AND state IN ('open', 'doing')"},
    {"acts", "SELECT count(*) FROM act WHERE incident_id = ?1"},
    {"notes", "SELECT count(*) FROM note WHERE incident_id = ?1"},
    {"timeline", "SELECT count(*) FROM timeline WHERE incident_id = ?1"},
    {"iocs", "SELECT count(*) FROM ioc WHERE incident_id = ?1"},
    {"assets", "SELECT count(*) FROM asset WHERE incident_id = ?1"},
    {"exhibits", "SELECT count(*) FROM exhibit WHERE incident_id = ?1"},
    {"duties", "SELECT count(*) FROM duty WHERE incident_id = ?1"},
    {"lessons_open",
     "SELECT count(*) FROM lesson WHERE incident_id = ?1 AND state IN ('planned', 'doing')"},
    {"reports", "SELECT count(*) FROM report WHERE incident_id = ?1"},
};

int ir_merge_left(struct ir_casedb *db, const char *from_id,
                  void (*each)(void *user, const char *what, int64_t n), void *user,
                  struct ir_err *err)
{
    int rc = IR_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == IR_OK; i++) {
        int64_t n = 0;
        rc = ir_query_number(db, parts[i].sql, ir_str_z(from_id), &n, err);
        if (rc == IR_OK && n > 0) each(user, parts[i].what, n);
    }
    return rc;
}
