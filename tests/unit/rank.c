/*
 * base/rank.h: the order, that equals keep theirs, and ranks that share most of their bytes.
 */
#include "base/rank.h"

#include "tap.h"

#define N 20000u

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state;
}

/* Ranks of the bits in `mask` only. */
static void run(uint64_t mask, uint32_t n, const char *what)
{
    static struct ir_rank v[N], scratch[N];
    uint64_t state = 11, sum = 0;
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < n; i++) {
        v[i] = (struct ir_rank){next_random(&state) & mask, i};
        sum += v[i].rank;
    }
    const struct ir_rank *s = ir_rank_sort(v, scratch, n);
    for (uint32_t i = 0; i < n; i++) {
        sum -= s[i].rank;
        if (i == 0) continue;
        wrong += s[i].rank < s[i - 1].rank;
        wrong += s[i].rank == s[i - 1].rank && s[i].at < s[i - 1].at;
    }
    is_int(wrong, 0, "%s: in order", what);
    ok(sum == 0, "%s: the very ranks", what);
}

int main(void)
{
    run(UINT64_MAX, N, "all bits");
    run(UINT64_C(0xff000000000000ff), N, "the first and the last byte");
    run(UINT64_C(0x0000010000000000), N, "one bit, so that most are equal");
    run(0, N, "all equal");
    run(UINT64_MAX, 1, "one");
    run(UINT64_MAX, 0, "none");
    return done();
}
