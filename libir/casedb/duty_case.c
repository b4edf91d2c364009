/*
 * Duties of a case. See duty_case.h. What is decided or sent is kept with the dates that the rules
 * gave then, because rules and facts change later.
 */
#include "casedb/duty_case.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "casedb/query.h"

/* A case's rows of the table duty, and its awareness. */
struct sheet {
    struct ir_facts facts;
    struct ir_moment aware;
    bool is_aware;
    int64_t day; /* whose rules count */
    struct row {
        struct ir_str duty, id, state, decided_by, reason, sent_at, receipt_no, sha256;
    } row[IR_DUTIES_MAX];
    size_t n;
};

static int load_rows(struct ir_casedb *db, const char *incident_id, struct sheet *s,
                     struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT duty, id, state, decided_by, reason, sent_at, receipt_no, "
                           "sent_sha256 FROM duty WHERE incident_id = ?1",
                           err);
    if (rc == IR_OK) ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    while (rc == IR_OK && (rc = ir_query_next(&q, err)) == IR_OK && s->n < IR_DUTIES_MAX) {
        struct row *r = &s->row[s->n++];
        struct ir_str *const to[] = {&r->duty,   &r->id,      &r->state,      &r->decided_by,
                                     &r->reason, &r->sent_at, &r->receipt_no, &r->sha256};
        for (int i = 0; i < 8; i++) {
            *to[i] = ir_str_n(NULL, 0);
            if (ir_query_null(&q, i)) continue;
            *to[i] = ir_arena_dup(&s->facts.arena, ir_query_text(&q, i));
            if (to[i]->p == NULL) rc = ir_fail(err, IR_FATAL, "out of memory");
        }
    }
    ir_query_close(&q);
    return rc < 0 ? rc : IR_OK;
}

static int load(struct ir_casedb *db, const char *incident_id, int64_t now, int32_t zone_s,
                struct sheet *s, struct ir_err *err)
{
    s->n = 0;
    int rc = ir_facts_load(db, incident_id, &s->facts, err);
    if (rc != IR_OK) return rc;
    const struct ir_str aware = ir_facts_get(&s->facts, IR_FACT_AWARE);
    s->is_aware = aware.n > 0 && ir_moment_parse(aware, now, zone_s, &s->aware);
    const struct ir_moment from = {.ns = now, .zoned = true};
    s->day = ir_moment_day(s->is_aware ? &s->aware : &from, zone_s);
    rc = load_rows(db, incident_id, s, err);
    if (rc != IR_OK) ir_facts_free(&s->facts);
    return rc;
}

static const struct row *find_row(const struct sheet *s, struct ir_str duty)
{
    for (size_t i = 0; i < s->n; i++)
        if (ir_str_eq(s->row[i].duty, duty)) return &s->row[i];
    return NULL;
}

static void evaluate(const struct ir_duties *d, size_t rule, const struct sheet *s,
                     struct ir_duty_result *ret_r)
{
    struct ir_moment sent = {.ns = 0};
    const struct row *before = find_row(s, ir_duty_after(d, rule));
    const bool was_sent = before != NULL && before->sent_at.p != NULL &&
                          ir_moment_parse(before->sent_at, 0, 0, &sent);
    ir_duty_evaluate(d, rule, s->facts.v, s->facts.n, s->is_aware ? &s->aware : NULL,
                     was_sent ? &sent : NULL, ret_r);
}

int ir_duty_each(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 int64_t now, int32_t zone_s,
                 int (*each)(void *user, const struct ir_duty_status *s), void *user,
                 struct ir_err *err)
{
    struct sheet sheet;
    int rc = load(db, incident_id, now, zone_s, &sheet, err);
    if (rc != IR_OK) return rc;
    for (size_t i = 0; i < ir_duties_count(d) && rc == IR_OK; i++) {
        const struct ir_duty_info *info = ir_duty_info(d, i);
        if (ir_duty_find(d, info->id, sheet.day) != i) continue;
        struct ir_duty_status s = {.info = info, .aware = sheet.is_aware};
        const struct row *r = find_row(&sheet, info->id);
        if (r != NULL) {
            s.sent = ir_str_eq(r->state, IR_S("sent"));
            s.not_needed = ir_str_eq(r->state, IR_S("not_needed"));
            s.decided = s.sent || r->decided_by.n > 0;
            s.decided_by = r->decided_by;
            s.reason = r->reason;
            s.sent_at = r->sent_at;
            s.receipt_no = r->receipt_no;
            s.sent_sha256 = r->sha256;
        }
        evaluate(d, i, &sheet, &s.result);
        rc = each(user, &s);
    }
    ir_facts_free(&sheet.facts);
    return rc;
}

bool ir_duty_waits(const struct ir_duty_status *s)
{
    if (s->sent || s->not_needed) return false;
    return s->decided || (!s->info->voluntary && s->result.state != IR_DUTY_NOT_TRIGGERED);
}

int ir_duty_aware(struct ir_casedb *db, const char *incident_id, const struct ir_moment *when,
                  struct ir_err *err)
{
    char text[IR_CASEDB_TIME], now[IR_CASEDB_TIME];
    if (when->ns > ir_casedb_now(db))
        return ir_fail(err, IR_BAD, "nobody can have known it in the future");
    ir_moment_text(when, text);
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id), IR_V_Z("name", IR_FACT_AWARE),
                                 IR_V_Z("value", text), IR_V_Z("stated_by", ir_casedb_actor(db)),
                                 IR_V_Z("stated_at", now)};
    return ir_record_insert(db, "fact", NULL, v, sizeof v / sizeof *v, NULL, err);
}

/* Writes what changes (v, n) into the duty's row, with what the rules say now. */
static int write_row(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                     size_t rule, const struct sheet *s, const struct ir_value *change, size_t n,
                     struct ir_err *err)
{
    struct ir_duty_result r;
    struct ir_value v[16];
    size_t k = 0;
    char id[IR_ID_TEXT];
    const struct ir_duty_info *info = ir_duty_info(d, rule);
    const struct row *old = find_row(s, info->id);
    evaluate(d, rule, s, &r);
    v[k++] = IR_V("version", info->version);
    v[k++] = IR_V("aware_at", ir_facts_get(&s->facts, IR_FACT_AWARE));
    v[k++] = IR_V_Z("due_strict", r.due_strict);
    v[k++] = IR_V_Z("due_shifted", r.due_shifted);
    for (size_t i = 0; i < n; i++)
        v[k++] = change[i];
    if (old != NULL) {
        snprintf(id, sizeof id, "%.*s", IR_FMT(old->id));
        return ir_record_update(db, "duty", id, v, k, err);
    }
    v[k++] = IR_V_Z("incident_id", incident_id);
    v[k++] = IR_V("duty", info->id);
    return ir_record_insert(db, "duty", NULL, v, k, NULL, err);
}

static int change(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                  struct ir_str duty, bool after_sending, const struct ir_value *v, size_t n,
                  int32_t zone_s, struct ir_err *err)
{
    struct sheet s;
    int rc = load(db, incident_id, ir_casedb_now(db), zone_s, &s, err);
    if (rc != IR_OK) return rc;
    const size_t rule = ir_duty_find(d, duty, s.day);
    const struct row *old = find_row(&s, duty);
    if (rule == SIZE_MAX)
        rc =
            ir_fail(err, IR_BAD, "there is no duty '%.*s' in force", IR_FMT(ir_str_head(duty, 60)));
    else if (!after_sending && old != NULL && old->sent_at.p != NULL)
        rc =
            ir_fail(err, IR_BAD, "%.*s was sent already: there is nothing to decide", IR_FMT(duty));
    else
        rc = write_row(db, d, incident_id, rule, &s, v, n, err);
    ir_facts_free(&s.facts);
    return rc;
}

int ir_duty_decide(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   struct ir_str duty, bool needed, struct ir_str reason, int32_t zone_s,
                   struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    if (ir_str_trim(reason).n == 0)
        return ir_fail(err, IR_BAD, "a decision about a duty needs a reason");
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("state", needed ? "open" : "not_needed"),
                                 IR_V_Z("decided_by", ir_casedb_actor(db)),
                                 IR_V_Z("decided_at", now), IR_V("reason", reason)};
    return change(db, d, incident_id, duty, false, v, 4, zone_s, err);
}

int ir_duty_sent(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 struct ir_str duty, const struct ir_duty_sending *s, int32_t zone_s,
                 struct ir_err *err)
{
    char at[IR_CASEDB_TIME];
    if (s->at > ir_casedb_now(db))
        return ir_fail(err, IR_BAD, "nothing can have been sent in the future");
    ir_casedb_time(s->at, at);
    const struct ir_value v[] = {IR_V_Z("state", "sent"), IR_V_Z("sent_at", at),
                                 IR_V("receipt_no", s->receipt_no), IR_V("sent_sha256", s->sha256)};
    return change(db, d, incident_id, duty, true, v, 4, zone_s, err);
}
