/*
 * Facts of a case. See fact.h. Values are what a person typed in a hurry: those that a duty reads
 * are checked, so that "ten thousand" does not count as nothing.
 */
#include "casedb/fact.h"

#include "base/intl.h"
#include "base/utf8.h"
#include "base/written.h"
#include "casedb/query.h"

#define NAME_MAX_BYTES 64u
#define FACTS_MAX      4096u
#define ARENA_MAX      ((size_t)128 << 20)

const char *ir_confidence(size_t i)
{
    static const char *const words[] = {"confirmed", "probable", "possible", "unknown", NULL};
    return words[i];
}

bool ir_confidence_known(struct ir_str said)
{
    bool known = said.n == 0;
    for (size_t i = 0; ir_confidence(i) != NULL; i++)
        known |= ir_str_eq(said, ir_str_z(ir_confidence(i)));
    return known;
}

static bool is_name(struct ir_str s)
{
    if (s.n == 0 || s.n > NAME_MAX_BYTES || s.p[0] < 'a' || s.p[0] > 'z') return false;
    for (size_t i = 1; i < s.n; i++) {
        const char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !ir_isdigit(c) && c != '_' && c != '.') return false;
    }
    return true;
}

static int check(const struct ir_duties *d, const struct ir_fact *f, struct ir_err *err)
{
    int64_t low, high;
    bool known;
    if (!is_name(f->name))
        return ir_fail(err, IR_BAD, "%.*s: not the name of a fact: small letters, digits and _",
                       IR_FMT(ir_str_head(f->name, 80)));
    for (size_t i = 0; d != NULL && ir_duties_fact(d, i) != NULL; i++) {
        const struct ir_duty_asks *a = ir_duties_fact(d, i);
        if (!ir_str_eq(a->name, f->name) || a->word) continue;
        if (f->value.n > 0 && !ir_duty_number(f->value, &low, &high, &known))
            return ir_fail(err, IR_BAD, "%.*s: say yes, no, unknown, a number or a range, 500-1500",
                           IR_FMT(f->name));
    }
    return IR_OK;
}

/* Yes, no and unknown as people who read Japanese say them; else what was said. */
static struct ir_str plain_answer(struct ir_str said)
{
    static const struct {
        const char *said, *value;
    } words[] = {
        {"はい", "yes"},       {"あり", "yes"},          {"有", "yes"},       {"有り", "yes"},
        {"該当", "yes"},       {"いいえ", "no"},         {"なし", "no"},      {"無", "no"},
        {"無し", "no"},        {"非該当", "no"},         {"不明", "unknown"}, {"未把握", "unknown"},
        {"未確認", "unknown"}, {"わからない", "unknown"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ir_str_eq(said, ir_str_z(words[i].said))) return ir_str_z(words[i].value);
    return said;
}

int ir_fact_parse(struct ir_str said, const struct ir_duties *d, struct ir_fact *ret_f,
                  struct ir_err *err)
{
    struct ir_str value = said;
    const struct ir_str name = ir_str_cut(&value, '=');
    if (value.p == NULL)
        return ir_fail(err, IR_BAD, "%.*s: no fact: write NAME=VALUE",
                       IR_FMT(ir_str_head(said, 80)));
    *ret_f = (struct ir_fact){.name = name, .value = plain_answer(ir_utf8_trim(value))};
    return check(d, ret_f, err);
}

/* A moment (occurred_at, found_at) in the form that reports and figures read; "mid November" stays
 * what it is. */
static int moment(const struct ir_fact *f, char iso[IR_TIME_TEXT], struct ir_str *value,
                  struct ir_err *err)
{
    struct ir_err why = {0};
    if (!ir_str_ends(f->name, IR_S("_at")) || value->n == 0) return IR_OK;
    const int rc = ir_written_time(*value, iso, &why);
    if (rc == IR_BAD) return ir_fail(err, IR_BAD, "the fact %.*s: %-s", IR_FMT(f->name), why.msg);
    if (rc == IR_OK && iso[0] >= '0' && iso[0] <= '9') *value = ir_str_z(iso);
    return IR_OK;
}

int ir_fact_set(struct ir_casedb *db, const struct ir_duties *d, const char *incident_id,
                const struct ir_fact *f, struct ir_err *err)
{
    char now[IR_CASEDB_TIME], iso[IR_TIME_TEXT];
    int rc = check(d, f, err);
    if (rc != IR_OK) return rc;
    if (!ir_confidence_known(f->confidence))
        return ir_fail(err, IR_BAD,
                       "%.*s: how sure is it: confirmed, probable, possible or unknown",
                       IR_FMT(ir_str_head(f->confidence, 40)));
    ir_casedb_time(ir_casedb_now(db), now);
    struct ir_str value = ir_str_eq(f->value, IR_S("unknown")) ? ir_str_n(NULL, 0) : f->value;
    rc = moment(f, iso, &value, err);
    if (rc != IR_OK) return rc;
    const struct ir_value v[] = {IR_V_Z("incident_id", incident_id),
                                 IR_V("name", f->name),
                                 IR_V("value", value),
                                 IR_V("confidence", f->confidence),
                                 IR_V("evidence", f->evidence),
                                 IR_V_Z("stated_by", ir_casedb_actor(db)),
                                 IR_V_Z("stated_at", now)};
    return ir_record_insert(db, "fact", NULL, v, sizeof v / sizeof *v, NULL, err);
}

int ir_facts_load(struct ir_casedb *db, const char *incident_id, struct ir_facts *ret_f,
                  struct ir_err *err)
{
    struct ir_query q;
    struct ir_facts f = {.arena = IR_ARENA(ARENA_MAX)};
    f.v = ir_arena_alloc(&f.arena, FACTS_MAX * sizeof *f.v);
    if (f.v == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    int rc = ir_query_open(&q, db,
                           "SELECT name, value FROM fact WHERE rowid IN (SELECT max(rowid) FROM "
                           "fact WHERE incident_id = ?1 GROUP BY name) ORDER BY name",
                           err);
    if (rc == IR_OK) ir_query_text_arg(&q, 1, ir_str_z(incident_id));
    while (rc == IR_OK && (rc = ir_query_next(&q, err)) == IR_OK && f.n < FACTS_MAX) {
        f.v[f.n].name = ir_arena_dup(&f.arena, ir_query_text(&q, 0));
        f.v[f.n].value = ir_str_n(NULL, 0);
        if (!ir_query_null(&q, 1)) f.v[f.n].value = ir_arena_dup(&f.arena, ir_query_text(&q, 1));
        if (f.v[f.n].name.p == NULL || (!ir_query_null(&q, 1) && f.v[f.n].value.p == NULL))
            rc = ir_fail(err, IR_FATAL, "out of memory");
        f.n++;
    }
    ir_query_close(&q);
    if (rc < 0) {
        ir_facts_free(&f);
        return rc;
    }
    *ret_f = f;
    return IR_OK;
}

struct ir_str ir_facts_get(const struct ir_facts *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (ir_str_eq(f->v[i].name, ir_str_z(name))) return f->v[i].value;
    return ir_str_n(NULL, 0);
}

void ir_facts_free(struct ir_facts *f)
{
    ir_arena_free(&f->arena);
    *f = (struct ir_facts){.n = 0};
}
