/*
 * Counts by time: nothing is lost when buckets are joined, and the order of events does not matter.
 */
#include "base/hist.h"
#include "tap.h"

#define MINUTE INT64_C(60000000000)

static uint64_t total(const struct ir_hist *h)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < h->n; i++)
        n += h->b[i].n;
    return n;
}

static bool sorted(const struct ir_hist *h)
{
    for (uint32_t i = 0; i < h->n; i++) {
        if (h->b[i].n == 0 || h->b[i].at % h->width != 0) return false;
        if (i > 0 && h->b[i].at <= h->b[i - 1].at) return false;
    }
    return true;
}

static bool same(const struct ir_hist *a, const struct ir_hist *b)
{
    if (a->n != b->n || a->width != b->width) return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->b[i].at != b->b[i].at || a->b[i].n != b->b[i].n) return false;
    return true;
}

int main(void)
{
    struct ir_hist h = {0};
    ir_hist_add(&h, 5 * MINUTE + 1, 1);
    ir_hist_add(&h, 6 * MINUTE - 1, 2);
    ir_hist_add(&h, -1, 1);
    is_int(h.n, 2, "two minutes");
    is_int(h.b[0].at, -MINUTE, "before 1970: down");
    is_int((long long)h.b[1].n, 3, "one minute's events together");
    ir_hist_add(&h, INT64_MIN + 1, 1);
    ir_hist_add(&h, INT64_MAX, 1);
    is_int((long long)total(&h), 6, "times at both ends");
    ir_hist_free(&h);

    struct ir_hist up = {0}, down = {0}, part[3] = {0}, merged = {0};
    const int64_t n = 5 * (int64_t)IR_HIST_MAX;
    for (int64_t i = 0; i < n; i++) {
        ir_hist_add(&up, i * MINUTE, 1);
        ir_hist_add(&down, (n - 1 - i) * MINUTE, 1);
        ir_hist_add(&part[i % 3], i * MINUTE, 1);
    }
    for (int i = 0; i < 3; i++)
        ir_hist_merge(&merged, &part[i]);
    is_int((long long)total(&up), n, "all counted");
    ok(up.n <= IR_HIST_MAX && up.width == 8 * MINUTE, "buckets are joined in pairs");
    ok(sorted(&up) && sorted(&down) && sorted(&merged), "in order, none empty");
    ok(same(&up, &down), "whatever the order");
    ok(same(&up, &merged), "whatever the parts");
    ir_hist_merge(&merged, &h);
    ok(same(&up, &merged), "an empty part changes nothing");
    ir_hist_free(&up);
    ir_hist_free(&down);
    ir_hist_free(&merged);
    for (int i = 0; i < 3; i++)
        ir_hist_free(&part[i]);
    return done();
}
