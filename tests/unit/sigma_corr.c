/*
 * Correlation windows: a table of small histories with what must fire, then random histories
 * against a plain model of each type, and thinning, which must never change a finding. Loading of
 * correlation documents: sigma_load.c; whole scans: tests/e2e/correlations.sh.
 */
#include <math.h>

#include "rules/correlate.h"
#include "sigma_test.h"

#define EVENTS_MAX 512
#define SECOND     INT64_C(1000000000)

#define BASE(id)                                                                                   \
    "title: " id "\nid: " id                                                                       \
    "\nlogsource: {product: windows}\ndetection: {s: {a: x}, condition: s}\n---\n"

/* events: TIME[REF][=VALUE][*WEIGHT] with REF a, b, c, d (default a), times in seconds, sorted.
 * fires: FIRST-LAST@AT:COUNT, event numbers, of each firing. */
static const struct {
    const char *name, *body, *events, *fires;
} cases[] = {
#define EC(cond) "type: event_count, rules: [a], timespan: 10s, condition: {" cond "}"
    {"count: one less", EC("gte: 3"), "0 1", ""},
    {"count: just enough", EC("gte: 3"), "0 1 2", "0-2@2:3"},
    {"count: one more", EC("gte: 3"), "0 1 2 3", "0-3@2:4"},
    {"count: exactly the time span apart is inside", EC("gte: 3"), "0 5 10", "0-2@2:3"},
    {"count: one ns more is outside", EC("gte: 3"), "0 5 10.000000001", ""},
    {"count: the window slides", EC("gte: 3"), "0 8 12 16", "1-3@3:3"},
    {"count: across the minute", EC("gte: 3"), "55 59 61", "0-2@2:3"},
    {"count: equal times", EC("gte: 3"), "7 7 7", "0-2@2:3"},
    {"count: fires once a burst", EC("gte: 2"), "0 1 2 9 15 20", "0-5@1:6"},
    {"count: again after the window emptied", EC("gte: 2"), "0 1 30 31", "0-1@1:2 2-3@3:2"},
    {"count: a gap of the span keeps the burst", EC("gte: 2"), "0 1 11 12", "0-3@1:4"},
    {"count: a gap of one ns more ends it", EC("gte: 2"), "0 1 11.000000001 12", "0-1@1:2 2-3@3:2"},
    {"count: gt", EC("gt: 2"), "0 1 2", "0-2@2:3"},
    {"count: gt, equal is not", EC("gt: 3"), "0 1 2", ""},
    {"count: lt", EC("lt: 3"), "0 1", "0-1@1:2"},
    {"count: lt, equal is not", EC("lt: 2"), "0 1", ""},
    {"count: lte", EC("lte: 2"), "0 1", "0-1@1:2"},
    {"count: lte, too many", EC("lte: 2"), "0 1 2", ""},
    {"count: lte is judged by the fullest window", EC("lte: 2"), "0 8 16 24", "0-3@3:4"},
    {"count: eq", EC("eq: 2"), "0 1", "0-1@1:2"},
    {"count: eq, more is not equal", EC("eq: 2"), "0 1 2", ""},
    {"count: neq", EC("neq: 2"), "0 1 2", "0-2@2:3"},
    {"count: neq, equal", EC("neq: 2"), "0 1", ""},
    {"count: range, below", EC("gt: 2, lte: 4"), "0 1", ""},
    {"count: range, lower border", EC("gt: 2, lte: 4"), "0 1 2", "0-2@2:3"},
    {"count: range, upper border", EC("gt: 2, lte: 4"), "0 1 2 3", "0-3@3:4"},
    {"count: range, above", EC("gt: 2, lte: 4"), "0 1 2 3 4", ""},
    {"count: weights", EC("gte: 5"), "0*4 1", "0-1@1:5"},
    {"count: a fraction", EC("gt: 1.5"), "0 1", "0-1@1:2"},
    {"count: one is enough", EC("gte: 1"), "0 100", "0-0@0:1 1-1@1:1"},
    {"count: two rules together",
     "type: event_count, rules: [a, b], timespan: 10s, condition: {gte: 3}", "0a 1b 2a", "0-2@2:3"},
    {"count: no events", EC("gte: 1"), "", ""},
    {"count: times at both ends of the range", EC("gte: 2"), "-9223372036 9223372036", ""},
#define VC(cond) "type: value_count, rules: [a], timespan: 10s, condition: {field: f, " cond "}"
    {"values: just enough", VC("gte: 3"), "0=1 1=2 2=3", "0-2@2:3"},
    {"values: doubles count once", VC("gte: 3"), "0=1 1=2 2=2 3=1", ""},
    {"values: doubles between", VC("gte: 3"), "0=1 1=1 2=2 3=2 4=3", "0-4@4:5"},
    {"values: one leaves the window", VC("gte: 3"), "0=1 6=2 10.5=3", ""},
    {"values: it is still there again", VC("gte: 3"), "0=1 6=1 8=2 12=3", "1-3@3:3"},
    {"values: exactly the span", VC("gte: 2"), "0=1 10=2", "0-1@1:2"},
    {"values: zero is a value", VC("gte: 2"), "0=0 1=1", "0-1@1:2"},
    {"values: lt", VC("lt: 2"), "0=1 1=1", "0-1@1:2"},
    {"values: eq", VC("eq: 2"), "0=1 1=2 2=3", ""},
#define TE(more) "type: temporal, timespan: 10s" more
    {"temporal: in order", TE(", rules: [a, b]"), "0a 1b", "0-1@1:2"},
    {"temporal: any order", TE(", rules: [a, b]"), "0b 1a", "0-1@1:2"},
    {"temporal: one is missing", TE(", rules: [a, b, c]"), "0a 1b 2a", ""},
    {"temporal: three in any order", TE(", rules: [a, b, c]"), "0c 1b 2b 3a", "0-3@3:4"},
    {"temporal: exactly the span", TE(", rules: [a, b]"), "0a 10b", "0-1@1:2"},
    {"temporal: one ns more", TE(", rules: [a, b]"), "0a 10.000000001b", ""},
    {"temporal: within one span, not twice", TE(", rules: [a, b, c]"), "0a 8b 16c", ""},
    {"temporal: the window slides", TE(", rules: [a, b]"), "0a 8a 16b", "1-2@2:2"},
    {"temporal: equal times", TE(", rules: [a, b]"), "5b 5a", "0-1@1:2"},
    {"temporal: twice", TE(", rules: [a, b]"), "0a 1b 30b 31a", "0-1@1:2 2-3@3:2"},
    {"temporal: a count of rules", TE(", rules: [a, b, c], condition: {gte: 2}"), "0a 1c",
     "0-1@1:2"},
    {"temporal: a count, the same rule again", TE(", rules: [a, b, c], condition: {gte: 2}"),
     "0a 1a", ""},
    {"temporal: one rule", TE(", rules: [a]"), "0a 1a", "0-1@0:2"},
    {"extended: and", TE(", rules: [a, b], condition: a and b"), "0b 1a", "0-1@1:2"},
    {"extended: or", TE(", rules: [a, b], condition: a or b"), "0b", "0-0@0:1"},
    {"extended: not, absent", TE(", rules: [a, b], condition: a and not b"), "0a 1a", "0-1@0:2"},
    {"extended: not, before", TE(", rules: [a, b], condition: a and not b"), "0b 1a", ""},
    {"extended: not, behind", TE(", rules: [a, b], condition: a and not b"), "0a 9b", ""},
    {"extended: not, exactly the span behind", TE(", rules: [a, b], condition: a and not b"),
     "0a 10b", ""},
    {"extended: not, further behind", TE(", rules: [a, b], condition: a and not b"), "0a 10.5b",
     "0-0@0:1"},
    {"extended: not, long before", TE(", rules: [a, b], condition: a and not b"), "0b 10.5a",
     "1-1@1:1"}, /* a burst ends */
    {"extended: not, in the middle of a burst", TE(", rules: [a, b], condition: a and not b"),
     "0a 8b 16b 24a 32a", "3-4@4:2"},
    {"extended: two and not", TE(", rules: [a, b, c], condition: a and b and not c"), "0a 5b",
     "0-1@1:2"},
    {"extended: two and not, it is there", TE(", rules: [a, b, c], condition: a and b and not c"),
     "0a 3c 5b", ""},
    {"extended: parentheses", TE(", rules: [a, b, c], condition: a and (b or c)"), "0c 1a",
     "0-1@1:2"},
    {"extended: precedence", TE(", rules: [a, b, c], condition: a or b and c"), "0b 1b", ""},
    {"extended: capitals", TE(", rules: [a, b], condition: a AND NOT b"), "0a", "0-0@0:1"},
    {"extended: not not", TE(", rules: [a, b], condition: a and not not b"), "0a 1b", "0-1@1:2"},
    {"extended: rules from the condition", TE(", condition: a and b"), "0a 1b", "0-1@1:2"},
#define TO(more) "type: temporal_ordered, timespan: 10s" more
    {"ordered: right", TO(", rules: [a, b, c]"), "0a 1b 2c", "0-2@2:3"},
    {"ordered: wrong", TO(", rules: [a, b, c]"), "0a 1c 2b", ""},
    {"ordered: backwards", TO(", rules: [a, b]"), "0b 1a", ""},
    {"ordered: others between", TO(", rules: [a, b, c]"), "0b 1a 2a 3c 4b 5a 6c", "2-6@6:5"},
    {"ordered: the latest beginning counts", TO(", rules: [a, b]"), "0a 8a 16b", "1-2@2:2"},
    {"ordered: exactly the span", TO(", rules: [a, b]"), "0a 10b", "0-1@1:2"},
    {"ordered: one ns more", TO(", rules: [a, b]"), "0a 10.000000001b", ""},
    {"ordered: a chain longer than the span", TO(", rules: [a, b, c]"), "0a 8b 16c", ""},
    {"ordered: equal times, given in order", TO(", rules: [a, b]"), "5a 5b", "0-1@1:2"},
    {"ordered: equal times, given the other way", TO(", rules: [a, b]"), "5b 5a", ""},
    {"ordered: twice", TO(", rules: [a, b]"), "0a 1b 30a 31b", "0-1@1:2 2-3@3:2"},
    {"ordered: one event is not two", TO(", rules: [a, b]"), "0a", ""},
    {"ordered: an old beginning does not hide a new one", TO(", rules: [a, b, c]"),
     "0a 1b 9a 10b 12c", "2-4@4:3"},
    {"ordered: a count, first two", TO(", rules: [a, b, c], condition: {gte: 2}"), "0a 1b",
     "0-1@1:2"},
    {"ordered: a count, first and third", TO(", rules: [a, b, c], condition: {gte: 2}"), "0a 1c",
     "0-1@1:2"},
    {"ordered: a count, last two", TO(", rules: [a, b, c], condition: {gte: 2}"), "0b 1c",
     "0-1@1:2"},
    {"ordered: a count, wrong order", TO(", rules: [a, b, c], condition: {gte: 2}"), "0c 1b 2a",
     ""},
#define VS(type, cond)                                                                             \
    "type: value_" type ", rules: [a], timespan: 10s, condition: {field: f, " cond "}"
    {"sum: reached", VS("sum", "gte: 10"), "0=4 1=6", "0-1@1:2"},
    {"sum: not", VS("sum", "gt: 10"), "0=4 1=6", ""},
    {"sum: the window slides", VS("sum", "gte: 10"), "0=6 8=3 16=6", ""},
    {"sum: exactly the span", VS("sum", "gte: 10"), "0=6 10=4", "0-1@1:2"},
    {"sum: negative", VS("sum", "gte: 5"), "0=-5 1=6 2=4", "0-2@2:3"},
    {"sum: a huge number leaves nothing behind", VS("sum", "gte: 10"), "0=-1e30 8=4 16=6",
     "1-2@2:2"},
    {"sum: fractions", VS("sum", "gt: 0.9"), "0=0.5 1=0.5", "0-1@1:2"},
    {"sum: lt looks at whole windows", VS("sum", "lt: 10"), "0=4 1=5 2=6", ""},
    {"sum: lt", VS("sum", "lt: 10"), "0=4 1=5", "0-1@1:2"},
    {"sum: range", VS("sum", "gte: 5, lt: 10"), "0=4 1=5", "0-1@1:2"},
    {"avg: above", VS("avg", "gt: 5"), "0=4 1=8", "0-1@1:2"},
    {"avg: not above", VS("avg", "gt: 6"), "0=4 1=8", ""},
    {"avg: lt looks at whole windows", VS("avg", "lt: 5"), "0=4 1=8", ""},
    {"avg: lt", VS("avg", "lt: 7"), "0=4 1=8", "0-1@1:2"},
    {"median: odd", VS("median", "gte: 5"), "0=1 1=5 2=9", "0-2@2:3"},
    {"median: even", VS("median", "gt: 2.9"), "0=1 1=5", "0-1@1:2"},
    {"median: one", VS("median", "gte: 5"), "0=5", "0-0@0:1"},
    {"percentile: 50 when not said", VS("percentile", "gte: 3"), "0=1 1=5", "0-1@1:2"},
    {"percentile: 100 is the largest", VS("percentile", "percentile: 100, gte: 9"), "0=1 1=2 2=9",
     "0-2@2:3"},
    {"percentile: 0 is the smallest", VS("percentile", "percentile: 0, lte: 1"), "0=2 1=1 2=9",
     "0-2@2:3"},
    {"percentile: 90", VS("percentile", "percentile: 90, gt: 9"),
     "0=1 1=2 2=3 3=4 4=5 5=6 6=7 7=8 8=9 9=20", "0-9@9:10"},
    {"percentile: 90, not above", VS("percentile", "percentile: 90, gt: 11"),
     "0=1 1=2 2=3 3=4 4=5 5=6 6=7 7=8 8=9 9=20", ""},
    {"percentile: of the window", VS("percentile", "percentile: 100, lte: 3"), "0=9 8=2 16=3",
     "1-2@2:2"},
};

static size_t read_events(const char *text, bool number, struct ir_corr_event *ev)
{
    size_t n = 0;
    while (*text != '\0' && n < EVENTS_MAX) {
        char *p;
        long double t = strtold(text, &p);
        struct ir_corr_event e = {.time = (int64_t)llroundl(t * SECOND), .weight = 1};
        if (*p >= 'a' && *p <= 'd') e.ref = (uint32_t)(*p++ - 'a');
        if (*p == '=') {
            double v = strtod(p + 1, &p);
            e.value = (uint64_t)(int64_t)(number ? 0 : v);
            if (number) memcpy(&e.value, &v, sizeof v);
        }
        if (*p == '*') e.weight = (uint32_t)strtoul(p + 1, &p, 10);
        ev[n++] = e;
        while (*p == ' ')
            p++;
        if (p == text) break;
        text = p;
    }
    return n;
}

static void on_fire(void *user, const struct ir_corr_fired *f)
{
    struct ir_buf *b = user;
    ir_buf_fmt(b, "%s%zu-%zu@%zu:%llu", b->n ? " " : "", f->first, f->last, f->at,
               (unsigned long long)f->count);
}

/* The correlation of this body over the rules a to d; NULL when it does not load. */
static const struct ir_corr *load(struct world *w, const char *body, struct ir_matcher **ret_m)
{
    struct ir_buf yaml = IR_BUF(65536);
    if (!world_open(w)) return NULL;
    ir_buf_fmt(&yaml,
               BASE("a") BASE("b") BASE("c") BASE("d") "title: C\nid: C\ncorrelation: {%s}\n",
               body);
    ir_rules_add(w->rules, "case", ir_buf_view(&yaml));
    ir_buf_free(&yaml);
    if (!world_ready(w) || (*ret_m = ir_matcher_new(w->rules, true)) == NULL) return NULL;
    if (ir_rules_count(w->rules) == 5) return ir_matcher_rule(*ret_m, 4)->corr;
    printf("# %s\n", ir_rules_failure(w->rules, 0)->reason);
    return NULL;
}

static void check_case(size_t i)
{
    static struct ir_corr_event ev[EVENTS_MAX];
    struct world w;
    struct ir_matcher *m = NULL;
    struct ir_buf got = IR_BUF(4096);
    const struct ir_corr *c = load(&w, cases[i].body, &m);
    if (!ok(c != NULL, "%s: loads", cases[i].name)) return;
    size_t n = read_events(cases[i].events, c->type >= IR_CORR_VALUE_SUM, ev);
    ir_correlate(c, ev, n, on_fire, NULL, &got);
    ir_buf_chr(&got, ' '); /* a pointer even when nothing fired */
    is_str(ir_str_trim(ir_buf_view(&got)), cases[i].fires, "%s", cases[i].name);
    ir_buf_free(&got);
    ir_matcher_free(m);
    world_close(&w);
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Times in small steps, with doubles, and now and then a long pause. */
static size_t random_events(uint64_t *state, struct ir_corr_event *ev, size_t max, uint32_t refs,
                            bool number)
{
    size_t n = next_random(state) % (max + 1);
    int64_t t = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t r = next_random(state);
        t += (r % 16 == 0 ? 11 + r % 7 : r % 3) * SECOND;
        double v = (double)(next_random(state) % 9) - 2;
        ev[i] = (struct ir_corr_event){.time = t, .ref = next_random(state) % refs, .weight = 1};
        ev[i].value = next_random(state) % 5;
        if (number) memcpy(&ev[i].value, &v, sizeof v);
    }
    return n;
}

static bool holds(const struct ir_corr *c, double v)
{
    for (uint32_t i = 0; i < c->ncond; i++) {
        double x = c->cond[i].value;
        bool good[] = {v > x, v >= x, v < x, v <= x, !(v < x || v > x), v < x || v > x};
        if (!good[c->cond[i].op]) return false;
    }
    return true;
}

static int cmp_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What a window of n events measures, computed anew. */
static double measure(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n)
{
    double v[EVENTS_MAX], sum = 0, different = 0;
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || ev[k].value == ev[i].value;
        different += !seen;
        memcpy(&v[i], &ev[i].value, sizeof v[i]);
        if (c->type >= IR_CORR_VALUE_SUM) sum += v[i];
    }
    if (c->type == IR_CORR_EVENT_COUNT) return (double)n;
    if (c->type == IR_CORR_VALUE_COUNT) return different;
    if (c->type == IR_CORR_VALUE_SUM) return sum;
    if (c->type == IR_CORR_VALUE_AVG) return sum / (double)n;
    qsort(v, n, sizeof *v, cmp_double);
    double rank = c->percentile / 100 * (double)(n - 1);
    size_t low = (size_t)rank;
    return low + 1 < n ? v[low] + (rank - (double)low) * (v[low + 1] - v[low]) : v[n - 1];
}

/* Lower bounds only: in each burst the first event whose window fulfils. */
static void model(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                  struct ir_buf *out)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && ev[to].time - ev[to - 1].time <= c->timespan;)
            to++;
        for (size_t at = from; at < to; at++) {
            size_t first = from;
            while (ev[at].time - ev[first].time > c->timespan)
                first++;
            if (!holds(c, measure(c, ev + first, at - first + 1))) continue;
            const struct ir_corr_fired f = {first, to - 1, at, to - first, 0};
            on_fire(out, &f);
            break;
        }
    }
}

static void check_model(const char *name, const char *body)
{
    static struct ir_corr_event ev[EVENTS_MAX];
    struct world w;
    struct ir_matcher *m = NULL;
    const struct ir_corr *c = load(&w, body, &m);
    uint64_t state = 7;
    unsigned bad = 0, fired = 0;
    for (int round = 0; c != NULL && round < 2000; round++) {
        struct ir_buf got = IR_BUF(1 << 20), want = IR_BUF(1 << 20);
        size_t n = random_events(&state, ev, 60, 1, c->type >= IR_CORR_VALUE_SUM);
        ir_correlate(c, ev, n, on_fire, NULL, &got);
        model(c, ev, n, &want);
        bad += !ir_str_eq(ir_buf_view(&got), ir_buf_view(&want));
        fired += want.n > 0;
        ir_buf_free(&got);
        ir_buf_free(&want);
    }
    ok(c != NULL && bad == 0 && fired > 20, "%s: as a plain model (%u of 2000 fired, %u differ)",
       name, fired, bad);
    ir_matcher_free(m);
    world_close(&w);
}

static void no_move(void *user, size_t to, size_t from)
{
    (void)user;
    (void)to;
    (void)from;
}

static const struct ir_corr_event *thinned;

static void on_fire_times(void *user, const struct ir_corr_fired *f)
{
    struct ir_buf *b = user;
    ir_buf_fmt(b, "%lld-%lld:%llu ", (long long)thinned[f->first].time,
               (long long)thinned[f->last].time, (unsigned long long)f->count);
}

static void times_of(const struct ir_corr *c, const struct ir_corr_event *ev, size_t n,
                     struct ir_buf *out)
{
    thinned = ev;
    ir_correlate(c, ev, n, on_fire_times, NULL, out);
}

static size_t merge(const struct ir_corr_event *a, size_t n, const struct ir_corr_event *b,
                    size_t k, struct ir_corr_event *out)
{
    size_t i = 0, j = 0;
    while (i < n || j < k)
        if (j == k || (i < n && a[i].time <= b[j].time))
            out[i + j] = a[i], i++;
        else
            out[i + j] = b[j], j++;
    return n + k;
}

/* Two inputs, each thinned by itself, then merged: the same findings as without thinning. */
static void check_thin(const char *cond, size_t keep)
{
    static struct ir_corr_event a[EVENTS_MAX], b[EVENTS_MAX], all[EVENTS_MAX];
    char body[200];
    snprintf(body, sizeof body, "type: event_count, rules: [a], timespan: 10s, condition: {%s}",
             cond);
    struct world w;
    struct ir_matcher *m = NULL;
    const struct ir_corr *c = load(&w, body, &m);
    uint64_t state = 11 + keep;
    unsigned bad = 0, shorter = 0;
    for (int round = 0; c != NULL && round < 4000; round++) {
        struct ir_buf got = IR_BUF(1 << 20), want = IR_BUF(1 << 20);
        size_t n = random_events(&state, a, 200, 1, false);
        size_t k = round % 2 ? random_events(&state, b, 200, 1, false) : 0;
        times_of(c, all, merge(a, n, b, k, all), &want);
        size_t n2 = ir_corr_thin(c, a, n, keep, INT64_MAX, no_move, NULL);
        size_t k2 = ir_corr_thin(c, b, k, keep, INT64_MAX, no_move, NULL);
        shorter += n2 < n;
        times_of(c, all, merge(a, n2, b, k2, all), &got);
        bad += !ir_str_eq(ir_buf_view(&got), ir_buf_view(&want));
        ir_buf_free(&got);
        ir_buf_free(&want);
    }
    bool may = strstr(cond, "lt") == NULL && strstr(cond, "eq:") == NULL;
    ok(c != NULL && bad == 0 && may == (shorter > 100),
       "thinning {%s}, keeping %zu: nothing changes (%u of 4000 thinned, %u differ)", cond, keep,
       shorter, bad);
    ir_matcher_free(m);
    world_close(&w);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(i);
    check_model("event_count", EC("gte: 5"));
    check_model("value_count", VC("gte: 3"));
    check_model("value_sum", VS("sum", "gt: 12"));
    check_model("value_avg", VS("avg", "gt: 4"));
    check_model("value_percentile", VS("percentile", "percentile: 25, gte: 2"));
    check_model("value_median", VS("median", "gte: 5"));
    static const char *const conds[] = {"gte: 5",        "gt: 1", "gte: 1",
                                        "gte: 5, gt: 7", "lt: 3", "eq: 4"};
    for (size_t i = 0; i < sizeof conds / sizeof *conds; i++) {
        check_thin(conds[i], 0);
        check_thin(conds[i], 3);
        check_thin(conds[i], 16);
    }
    return done();
}
