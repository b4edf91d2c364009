/*
 * What the rules say of facts: three-valued triggers with their reasons, and due dates. See duty.h.
 *
 * Unknown never becomes no by itself. Reasons are kept only where they matter: of an `all` that
 * fails, what fails it; of an `any` that holds, not what fails.
 */
#include <stdio.h>

#include "base/digest.h"
#include "base/time.h"
#include "base/utf8.h"
#include "casedb/duty_int.h"

#define PEOPLE_MAX INT64_C(1000000000000)

struct judge {
    const struct ir_duties *d;
    const struct ir_duty_fact *fact;
    size_t nfacts;
    int64_t day; /* on which the rules must be in force */
    struct ir_duty_result *r;
};

static enum ir_tri opposite(enum ir_tri v)
{
    return v == IR_YES ? IR_NO : v == IR_NO ? IR_YES : IR_UNKNOWN;
}

/* "1,001", "約1,001名" */
static bool count_of(struct ir_str s, int64_t *ret_n)
{
    static const char *const counters[] = {"名", "人", "件"};
    int64_t n = 0;
    size_t digits = 0;
    s = ir_str_trim(s);
    if (ir_str_starts(s, IR_S("約"))) s = ir_str_skip(s, strlen("約"));
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        if (ir_str_ends(s, ir_str_z(counters[i]))) s.n -= strlen(counters[i]);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',' && digits > 0 && i + 3 < s.n) continue;
        if (!ir_isdigit(s.p[i])) return false;
        n = n * 10 + (s.p[i] - '0');
        if (n > PEOPLE_MAX) return false;
        digits++;
    }
    *ret_n = n;
    return digits > 0;
}

bool ir_duty_number(struct ir_str value, int64_t *ret_low, int64_t *ret_high, bool *ret_known)
{
    char plain[80];
    *ret_known = true;
    *ret_low = *ret_high = 0;
    if (value.p == NULL || ir_str_eq(value, IR_S("unknown"))) {
        *ret_known = false;
        return true;
    }
    if (ir_str_eq(value, IR_S("no"))) return true;
    if (ir_str_eq(value, IR_S("yes"))) { /* some, and nobody knows how many */
        *ret_low = 1;
        *ret_high = PEOPLE_MAX;
        return true;
    }
    if (!ir_utf8_narrow(value, plain, sizeof plain)) return false;
    for (char *c = plain; *c != '\0'; c++)
        if (*c == '~') *c = '-';
    struct ir_str high = ir_str_z(plain);
    const struct ir_str low = ir_str_cut(&high, '-');
    if (!count_of(low, ret_low)) return false;
    if (high.p == NULL) {
        *ret_high = *ret_low;
        return true;
    }
    return count_of(high, ret_high) && *ret_high >= *ret_low;
}

enum ir_tri ir_duty_compare(const struct ir_trigger *t, struct ir_str value)
{
    int64_t low, high;
    bool known;
    const bool number = ir_duty_number(value, &low, &high, &known);
    if (number && !known) return IR_UNKNOWN;
    if (t->kind == IR_TRIGGER_IS) {
        if (ir_str_eq(value, t->word)) return IR_YES;
        if (!ir_str_eq(t->word, IR_S("yes")) && !ir_str_eq(t->word, IR_S("no"))) return IR_NO;
        if (!number) return IR_UNKNOWN; /* neither yes nor no */
        return (high > 0) == ir_str_eq(t->word, IR_S("yes")) ? IR_YES : IR_NO;
    }
    if (!number) return IR_UNKNOWN;
    const int64_t least = t->number + (t->kind == IR_TRIGGER_MORE);
    if (high < least) return IR_NO;
    /* The upper end of a range counts; "yes" has none. */
    return low < least && high == PEOPLE_MAX ? IR_UNKNOWN : IR_YES;
}

static void add_reason(struct judge *j, const struct ir_trigger *t, struct ir_str value,
                       enum ir_duty_reason_kind kind)
{
    struct ir_duty_result *r = j->r;
    for (size_t i = 0; i < r->nreasons; i++)
        if (ir_str_eq(r->reason[i].fact, t->fact) && ir_str_eq(r->reason[i].text.en, t->text.en))
            return;
    if (r->nreasons == IR_DUTY_REASONS_MAX) return;
    r->reason[r->nreasons++] = (struct ir_duty_reason){kind, t->fact, value, t->text};
}

/* The one that was stated last counts; false: nobody stated any. */
static bool stated(const struct judge *j, struct ir_str fact, struct ir_str *ret_value)
{
    *ret_value = ir_str_n(NULL, 0);
    for (size_t i = j->nfacts; i-- > 0;) {
        if (!ir_str_eq(j->fact[i].name, fact)) continue;
        *ret_value = j->fact[i].value;
        return true;
    }
    return false;
}

/*
 * How many is not known, but that they are among others: not more than those; and where some are
 * concerned, as many, until somebody knows better.
 */
static enum ir_tri compare_most(const struct judge *j, const struct ir_trigger *t,
                                struct ir_str value, struct ir_str *ret_most)
{
    if (!stated(j, t->at_most, ret_most)) return IR_UNKNOWN;
    const enum ir_tri v = ir_duty_compare(t, *ret_most);
    return v == IR_YES && !ir_str_eq(value, IR_S("yes")) ? IR_UNKNOWN : v;
}

static enum ir_tri leaf(struct judge *j, const struct ir_trigger *t, bool against)
{
    struct ir_trigger of = *t;
    struct ir_str value, most;
    if (!stated(j, t->fact, &value) && t->unless_stated.n > 0) {
        const enum ir_tri v = ir_duty_compare(t, t->unless_stated);
        add_reason(j, t, t->unless_stated, IR_DUTY_ASKED);
        return v;
    }
    enum ir_tri v = ir_duty_compare(t, value);
    if (v == IR_UNKNOWN && t->at_most.n > 0) {
        v = compare_most(j, t, value, &most);
        if (v != IR_UNKNOWN) value = most, of.fact = t->at_most;
    }
    const enum ir_tri speaks = against ? opposite(v) : v;
    if (v == IR_UNKNOWN && ir_str_eq(value, IR_S("unknown"))) value = ir_str_n(NULL, 0);
    add_reason(j, &of, value,
               speaks == IR_YES  ? IR_DUTY_FOR
               : speaks == IR_NO ? IR_DUTY_AGAINST
                                 : IR_DUTY_UNKNOWN);
    return v;
}

static enum ir_tri judge(struct judge *j, const struct ir_trigger *t, bool against);

/* all and any are each other's mirror: `decides` is the value of a kid that settles it. */
static enum ir_tri judge_list(struct judge *j, const struct ir_trigger *t, bool against)
{
    const enum ir_tri decides = t->kind == IR_TRIGGER_ALL ? IR_NO : IR_YES;
    enum ir_tri v = opposite(decides), kid[IR_DUTY_KIDS_MAX];
    size_t from[IR_DUTY_KIDS_MAX + 1];
    for (size_t i = 0; i < t->nkids; i++) {
        from[i] = j->r->nreasons;
        kid[i] = judge(j, t->kid[i], against);
        if (kid[i] == decides || (kid[i] == IR_UNKNOWN && v != decides)) v = kid[i];
    }
    from[t->nkids] = j->r->nreasons;
    size_t keep = from[0];
    for (size_t i = 0; i < t->nkids; i++) {
        const bool idle = (v == decides && t->kind == IR_TRIGGER_ALL && kid[i] != decides) ||
                          (v != opposite(decides) && t->kind == IR_TRIGGER_ANY && kid[i] == IR_NO);
        for (size_t k = from[i]; k < from[i + 1] && !idle; k++)
            j->r->reason[keep++] = j->r->reason[k];
    }
    j->r->nreasons = keep;
    return v;
}

static enum ir_tri judge(struct judge *j, const struct ir_trigger *t, bool against)
{
    switch (t->kind) {
    case IR_TRIGGER_ALL:
    case IR_TRIGGER_ANY: return judge_list(j, t, against);
    case IR_TRIGGER_NOT: return opposite(judge(j, t->kid[0], !against));
    case IR_TRIGGER_DUTY: {
        const size_t i = ir_duty_find(j->d, t->word, j->day);
        return i == SIZE_MAX ? IR_NO : judge(j, j->d->rule[i]->trigger, against);
    }
    case IR_TRIGGER_IS:
    case IR_TRIGGER_MORE:
    case IR_TRIGGER_AT_LEAST: break;
    }
    return leaf(j, t, against);
}

static const struct ir_deadline *deadline_of(struct judge *j, const struct ir_duty_rule *r)
{
    struct ir_duty_result aside;
    struct judge quiet = *j;
    quiet.r = &aside;
    for (size_t i = 0; i + 1 < r->ndeadlines; i++) {
        aside.nreasons = 0;
        if (judge(&quiet, r->deadline[i].when, false) == IR_YES) return &r->deadline[i];
    }
    return &r->deadline[r->ndeadlines - 1];
}

/* The same day of a later month, or its last one. */
static int64_t add_months(int64_t ns, int64_t months)
{
    struct ir_civil c;
    int64_t later = ns;
    ir_time_to_civil(ns, 0, &c);
    const int64_t m = c.year * INT64_C(12) + c.month - 1 + months;
    c.year = (int)(m / 12);
    c.month = (int)(m % 12) + 1;
    if (c.day > ir_days_in_month(c.year, c.month)) c.day = ir_days_in_month(c.year, c.month);
    ir_time_from_civil(&c, 0, &later);
    return later;
}

static int64_t day_end(int64_t day, int32_t zone_s)
{
    return ((day + 1) * IR_DAY_S - zone_s) * IR_NS;
}

static void count(const struct ir_deadline *l, const struct ir_moment *from,
                  struct ir_duty_result *r)
{
    if (l->unit != IR_DUTY_DAYS) {
        r->due_ns = l->unit == IR_DUTY_HOURS ? from->ns + l->amount * 3600 * IR_NS
                                             : add_months(from->ns, l->amount);
        ir_casedb_time(r->due_ns, r->due_strict);
        ir_casedb_time(r->due_ns, r->due_shifted);
        return;
    }
    const int64_t day = ir_moment_day(from, l->cal->zone_s) + l->amount - (l->count_first ? 1 : 0);
    int64_t shifted = day;
    r->due_ns = day_end(day, l->cal->zone_s);
    ir_date_text(day, r->due_strict);
    if (l->shift && !ir_calendar_shift(l->cal, day, &shifted))
        r->ends = l->cal;
    else
        ir_date_text(shifted, r->due_shifted);
}

/* The day whose version counts of the rules that this one refers to. */
static int64_t rules_day(const struct ir_duty_rule *rule, const struct ir_moment *aware)
{
    const int64_t day = aware != NULL ? ir_moment_day(aware, 0) : 0;
    return day < rule->info.valid_from || day > rule->info.valid_to ? rule->info.valid_from : day;
}

void ir_duty_evaluate(const struct ir_duties *d, size_t i, const struct ir_duty_fact *fact,
                      size_t nfacts, const struct ir_moment *aware, const struct ir_moment *sent,
                      struct ir_duty_result *ret_r)
{
    const struct ir_duty_rule *rule = d->rule[i];
    *ret_r = (struct ir_duty_result){.nreasons = 0};
    struct judge j = {d, fact, nfacts, rules_day(rule, aware), ret_r};
    const enum ir_tri v = judge(&j, rule->trigger, false);
    ret_r->state = v == IR_YES  ? IR_DUTY_TRIGGERED
                   : v == IR_NO ? IR_DUTY_NOT_TRIGGERED
                                : IR_DUTY_NEEDS_REVIEW;
    if (aware == NULL) return;
    const struct ir_deadline *l = deadline_of(&j, rule);
    struct ir_moment from = *aware;
    if (l->after.n > 0 && sent != NULL) {
        from = *sent;
    } else if (l->after.n > 0) { /* not sent yet: from the last moment for that */
        const size_t before = ir_duty_find(d, l->after, j.day);
        if (before == SIZE_MAX) return;
        const struct ir_deadline *first = deadline_of(&j, d->rule[before]);
        struct ir_duty_result at = {.due_ns = aware->ns};
        if (first->amount > 0) count(first, aware, &at);
        from = (struct ir_moment){.ns = at.due_ns, .zoned = true};
    }
    if (l->amount > 0) count(l, &from, ret_r);
}

static void add_stated(const struct judge *j, struct ir_str fact, struct ir_digest *g)
{
    struct ir_str value;
    if (fact.n == 0 || !stated(j, fact, &value)) return;
    ir_digest_add(g, fact.p, fact.n);
    ir_digest_add(g, "=", 1);
    ir_digest_add(g, value.p, value.n);
    ir_digest_add(g, "\n", 1);
}

/* "name=value" of each that was stated, in the order of the trigger. */
static void add_asked(const struct judge *j, const struct ir_trigger *t, struct ir_digest *g)
{
    const size_t duty = t->kind == IR_TRIGGER_DUTY ? ir_duty_find(j->d, t->word, j->day) : SIZE_MAX;
    if (duty != SIZE_MAX) add_asked(j, j->d->rule[duty]->trigger, g);
    for (size_t i = 0; i < t->nkids; i++)
        add_asked(j, t->kid[i], g);
    add_stated(j, t->fact, g);
    add_stated(j, t->at_most, g);
}

bool ir_duty_digest(const struct ir_duties *d, size_t i, const struct ir_duty_fact *fact,
                    size_t nfacts, const struct ir_moment *aware, char out[IR_DUTY_HEX])
{
    struct ir_digest g;
    struct ir_digest_sum sum;
    char hex[IR_DIGEST_TEXT];
    const struct judge j = {d, fact, nfacts, rules_day(d->rule[i], aware), NULL};
    if (!ir_digest_open(&g, IR_DIGEST_BIT(IR_SHA256))) return false;
    ir_digest_begin(&g);
    add_asked(&j, d->rule[i]->trigger, &g);
    const bool good = ir_digest_end(&g, &sum);
    ir_digest_close(&g);
    if (!good) return false;
    ir_digest_hex(&sum, IR_SHA256, hex);
    snprintf(out, IR_DUTY_HEX, "%.64s", hex);
    return true;
}

int64_t ir_duty_days_left(const struct ir_duty_result *r, int64_t now)
{
    const int64_t day = IR_DAY_S * IR_NS, left = r->due_ns - now;
    return left / day - (left % day < 0);
}

const char *ir_duty_state_name(enum ir_duty_state s)
{
    static const char *const names[] = {"not_triggered", "triggered", "needs_review"};
    return names[s];
}
