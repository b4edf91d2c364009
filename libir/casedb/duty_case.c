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
        struct ir_str duty, id, state, decided_by, reason, sent_at, receipt_no, sha256, sent_reason,
            rule_state, facts;
    } row[IR_DUTIES_MAX];
    size_t n;
};

static int load_rows(struct ir_casedb *db, const char *incident_id, struct sheet *s,
                     struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT duty, id, state, decided_by, reason, sent_at, receipt_no, "
                           "sent_sha256, sent_reason, rule_state, facts_sha256 FROM duty WHERE "
                           "incident_id = ?1",
                           err);
    if (rc == IR_OK) ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    while (rc == IR_OK && (rc = ir_query_next(&q, err)) == IR_OK && s->n < IR_DUTIES_MAX) {
        struct row *r = &s->row[s->n++];
        struct ir_str *const to[] = {
            &r->duty,       &r->id,     &r->state,       &r->decided_by, &r->reason, &r->sent_at,
            &r->receipt_no, &r->sha256, &r->sent_reason, &r->rule_state, &r->facts};
        for (int i = 0; i < 11; i++) {
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
    s->is_aware = aware.n > 0 && ir_moment_parse(aware, now, zone_s, &s->aware, NULL);
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
                          ir_moment_parse(before->sent_at, 0, 0, &sent, NULL);
    ir_duty_evaluate(d, rule, s->facts.v, s->facts.n, s->is_aware ? &s->aware : NULL,
                     was_sent ? &sent : NULL, ret_r);
}

/* Less was to be reported then: what stands on that is no decision about today. */
static bool got_worse(struct ir_str then, enum ir_duty_state now)
{
    if (now == IR_DUTY_NOT_TRIGGERED || ir_str_eq(then, ir_str_z(ir_duty_state_name(now))))
        return false;
    return now == IR_DUTY_TRIGGERED ||
           !ir_str_eq(then, ir_str_z(ir_duty_state_name(IR_DUTY_TRIGGERED)));
}

static bool digest(const struct ir_duties *d, size_t rule, const struct sheet *s,
                   char out[IR_DUTY_HEX])
{
    return ir_duty_digest(d, rule, s->facts.v, s->facts.n, s->is_aware ? &s->aware : NULL, out);
}

/* What a person said of the duty, and whether it still stands. False: memory. */
static bool settled(const struct ir_duties *d, size_t rule, const struct sheet *sheet,
                    const struct row *r, struct ir_duty_status *s)
{
    char facts[IR_DUTY_HEX];
    if (!digest(d, rule, sheet, facts)) return false;
    s->sent = ir_str_eq(r->state, IR_S("sent"));
    s->not_needed = ir_str_eq(r->state, IR_S("not_needed"));
    s->facts_changed = !ir_str_eq(r->facts, ir_str_z(facts));
    s->worse = s->not_needed && got_worse(r->rule_state, s->result.state);
    s->stale = !s->sent && r->decided_by.n > 0 && (s->facts_changed || s->worse);
    if (s->stale) s->not_needed = false;
    s->decided = s->sent || (r->decided_by.n > 0 && !s->stale);
    s->decided_by = r->decided_by;
    s->reason = r->reason;
    s->sent_at = r->sent_at;
    s->receipt_no = r->receipt_no;
    s->sent_sha256 = r->sha256;
    s->sent_reason = r->sent_reason;
    s->rule_state = r->rule_state;
    return true;
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
        evaluate(d, i, &sheet, &s.result);
        if (r != NULL && !settled(d, i, &sheet, r, &s))
            rc = ir_fail(err, IR_FATAL, "out of memory");
        else
            rc = each(user, &s);
    }
    ir_facts_free(&sheet.facts);
    return rc;
}

bool ir_duty_waits(const struct ir_duty_status *s)
{
    if (s->sent || s->not_needed) return false;
    return s->stale || s->decided ||
           (!s->info->voluntary && s->result.state != IR_DUTY_NOT_TRIGGERED);
}

bool ir_duty_ruled_out(const struct ir_duty_status *s)
{
    return !s->info->voluntary && !s->decided && s->result.state == IR_DUTY_NOT_TRIGGERED;
}

static void copy(char *out, size_t size, const struct ir_query *q, int column)
{
    snprintf(out, size, "%.*s", IR_FMT(ir_str_head(ir_query_text(q, column), size - 1)));
}

int ir_duty_awareness(struct ir_casedb *db, const char *incident_id, int32_t zone_s,
                      struct ir_awareness *ret_a, struct ir_err *err)
{
    struct ir_query q;
    struct ir_moment m, first = {.ns = INT64_MAX};
    *ret_a = (struct ir_awareness){.at = ""};
    int rc = ir_query_open(&q, db,
                           "SELECT value, stated_by, reason FROM fact WHERE incident_id = ?1 AND "
                           "name = '" IR_FACT_AWARE "' ORDER BY rowid DESC",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    while ((rc = ir_query_next(&q, err)) == IR_OK) {
        if (!ir_moment_parse(ir_query_text(&q, 0), 0, zone_s, &m, NULL)) continue;
        if (ret_a->at[0] == '\0') {
            copy(ret_a->at, sizeof ret_a->at, &q, 0);
            copy(ret_a->by, sizeof ret_a->by, &q, 1);
            copy(ret_a->reason, sizeof ret_a->reason, &q, 2);
            first = m;
        } else if (m.ns < first.ns) {
            copy(ret_a->earliest, sizeof ret_a->earliest, &q, 0);
            first = m;
        }
    }
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

int ir_duty_aware(struct ir_casedb *db, const char *incident_id, const struct ir_moment *when,
                  struct ir_str reason, int32_t zone_s, struct ir_err *err)
{
    char text[IR_CASEDB_TIME], now[IR_CASEDB_TIME];
    struct ir_awareness a;
    struct ir_moment had;
    if (when->ns > ir_casedb_now(db))
        return ir_fail(err, IR_BAD, "nobody can have known it in the future");
    int rc = ir_duty_awareness(db, incident_id, zone_s, &a, err);
    if (rc != IR_OK) return rc;
    if (ir_str_trim(reason).n == 0 && ir_moment_parse(ir_str_z(a.at), 0, zone_s, &had, NULL) &&
        when->ns > had.ns)
        return ir_fail(err, IR_BAD,
                       "it is recorded that somebody knew at %s already, and the earliest counts: "
                       "a later time needs a reason",
                       a.at);
    ir_moment_text(when, text);
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V_Z("name", IR_FACT_AWARE),
                                 IR_V_Z("value", text),
                                 IR_V("reason", ir_str_trim(reason)),
                                 IR_V_Z("stated_by", ir_casedb_actor(db)),
                                 IR_V_Z("stated_at", now)};
    return ir_record_insert(db, "fact", NULL, v, sizeof v / sizeof *v, NULL, err);
}

/* Writes what changes (v, n) into the duty's row, with what the rules say now. */
static int write_row(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                     size_t rule, const struct sheet *s, const struct ir_value *change, size_t n,
                     struct ir_err *err)
{
    struct ir_duty_result r;
    struct ir_value v[20];
    size_t k = 0;
    char facts[IR_DUTY_HEX];
    char id[IR_ID_TEXT];
    const struct ir_duty_info *info = ir_duty_info(d, rule);
    const struct row *old = find_row(s, info->id);
    evaluate(d, rule, s, &r);
    if (!digest(d, rule, s, facts)) return ir_fail(err, IR_FATAL, "out of memory");
    v[k++] = IR_V("version", info->version);
    v[k++] = IR_V_Z("rule_state", ir_duty_state_name(r.state));
    v[k++] = IR_V_Z("facts_sha256", facts);
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

/* The sheet of the case and the rule in force; IR_BAD: there is none. Free the facts. */
static int find_rule(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                     struct ir_str duty, int32_t zone_s, struct sheet *s, size_t *ret_rule,
                     struct ir_err *err)
{
    const int rc = load(db, incident_id, ir_casedb_now(db), zone_s, s, err);
    if (rc != IR_OK) return rc;
    *ret_rule = ir_duty_find(d, duty, s->day);
    if (*ret_rule != SIZE_MAX) return IR_OK;
    ir_facts_free(&s->facts);
    return ir_fail(err, IR_BAD, "there is no duty '%.*s' in force", IR_FMT(ir_str_head(duty, 60)));
}

int ir_duty_decide(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                   struct ir_str duty, bool needed, struct ir_str reason, int32_t zone_s,
                   struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    struct sheet s;
    size_t rule;
    if (ir_str_trim(reason).n == 0)
        return ir_fail(err, IR_BAD, "a decision about a duty needs a reason");
    int rc = find_rule(db, d, incident_id, duty, zone_s, &s, &rule, err);
    if (rc != IR_OK) return rc;
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v[] = {IR_V_Z("state", needed ? "open" : "not_needed"),
                                 IR_V_Z("decided_by", ir_casedb_actor(db)),
                                 IR_V_Z("decided_at", now), IR_V("reason", reason)};
    const struct row *old = find_row(&s, duty);
    if (old != NULL && old->sent_at.p != NULL)
        rc =
            ir_fail(err, IR_BAD, "%.*s was sent already: there is nothing to decide", IR_FMT(duty));
    else
        rc = write_row(db, d, incident_id, rule, &s, v, 4, err);
    ir_facts_free(&s.facts);
    return rc;
}

/* What would make a report that was never sent look like one that was in time. at: as it is to be
 * recorded; old: what is recorded, or NULL. */
static int check_sending(const struct ir_duty_info *info, const struct sheet *s,
                         const struct row *old, const struct ir_duty_sending *said, const char *at,
                         struct ir_err *err)
{
    char aware[IR_CASEDB_TIME];
    const bool reason = ir_str_trim(said->reason).n > 0,
               had = old != NULL && old->sent_at.p != NULL;
    const bool proof = said->receipt_no.n > 0 || said->sha256.n > 0 ||
                       (had && (old->receipt_no.n > 0 || old->sha256.n > 0));
    if (!s->is_aware && !info->voluntary)
        return ir_fail(err, IR_BAD, "record first since when somebody here knows (duty aware)");
    if (s->is_aware) ir_moment_text(&s->aware, aware);
    if (s->is_aware && said->at < s->aware.ns)
        return ir_fail(err, IR_BAD, "nothing can have been sent before anybody knew: %s", aware);
    if (!proof && !reason)
        return ir_fail(err, IR_BAD,
                       "give the receipt's number or the file that was sent, or a reason why there "
                       "is neither");
    if (had && !reason && !ir_str_eq(old->sent_at, ir_str_z(at)))
        return ir_fail(err, IR_BAD, "it is recorded as sent at %.*s: another time needs a reason",
                       IR_FMT(old->sent_at));
    return IR_OK;
}

int ir_duty_sent(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                 struct ir_str duty, const struct ir_duty_sending *said, int32_t zone_s,
                 struct ir_err *err)
{
    char at[IR_CASEDB_TIME];
    struct ir_duty_sending this = *said;
    struct ir_moment was;
    struct sheet s;
    size_t rule, n = 0;
    struct ir_value v[8];
    if (said->at > ir_casedb_now(db))
        return ir_fail(err, IR_BAD, "nothing can have been sent in the future");
    int rc = find_rule(db, d, incident_id, duty, zone_s, &s, &rule, err);
    if (rc != IR_OK) return rc;
    const struct row *old = find_row(&s, duty);
    if (said->at == INT64_MIN)
        this.at = old != NULL && ir_moment_parse(old->sent_at, 0, 0, &was, NULL)
                      ? was.ns
                      : ir_casedb_now(db);
    ir_casedb_time(this.at, at);
    v[n++] = IR_V_Z("state", "sent");
    v[n++] = IR_V_Z("sent_at", at);
    if (said->receipt_no.n > 0) v[n++] = IR_V("receipt_no", said->receipt_no);
    if (said->sha256.n > 0) v[n++] = IR_V("sent_sha256", said->sha256);
    if (said->reason.n > 0) v[n++] = IR_V("sent_reason", said->reason);
    rc = check_sending(ir_duty_info(d, rule), &s, old, &this, at, err);
    if (rc == IR_OK) rc = write_row(db, d, incident_id, rule, &s, v, n, err);
    ir_facts_free(&s.facts);
    return rc;
}
