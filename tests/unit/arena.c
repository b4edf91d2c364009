/*
 * base/arena: alignment, the limit, reset and reuse.
 */
#include "base/arena.h"

#include "tests/tap.h"

static void blocks(void)
{
    struct ir_arena a = IR_ARENA((size_t)64 << 20);
    unsigned char *p[2000];
    int wrong = 0;
    for (size_t i = 0; i < 2000; i++) {
        size_t n = i * 7 % 900 + 1;
        p[i] = ir_arena_alloc(&a, n);
        if (p[i] == NULL || (uintptr_t)p[i] % 16 != 0) {
            ok(false, "allocation %zu", i);
            return;
        }
        memset(p[i], (int)(i % 251), n);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t k = 0; k < i * 7 % 900 + 1; k++)
            wrong += p[i][k] != i % 251;
    is_int(wrong, 0, "2000 blocks, aligned, none over another");
    char *big = ir_arena_alloc(&a, (size_t)5 << 20);
    ok(big != NULL, "a block larger than any chunk");
    if (big != NULL) memset(big, 1, (size_t)5 << 20);
    char *zero = ir_arena_zalloc(&a, 1000);
    for (size_t i = 0; zero != NULL && i < 1000; i++)
        wrong += zero[i] != 0;
    ok(zero != NULL && wrong == 0, "zeroed when asked");
    ir_arena_free(&a);
    is_int((long long)a.used, 0, "freed holds nothing");
    ok(ir_arena_alloc(&a, 10) != NULL, "and can be used again");
    ir_arena_free(&a);
}

static void limit(void)
{
    struct ir_arena a = IR_ARENA((size_t)100 << 10);
    size_t got = 0;
    while (got < 1000 && ir_arena_alloc(&a, 1024) != NULL)
        got++;
    ok(got >= 80 && got <= 100, "100 KiB hold %zu blocks of 1 KiB", got);
    ok(a.used <= a.max, "the maximum holds");
    ok(ir_arena_alloc(&a, SIZE_MAX) == NULL, "an absurd size");
    ok(ir_arena_alloc(&a, SIZE_MAX - 20) == NULL, "another");
    ok(ir_arena_dup(&a, ir_str_n("x", SIZE_MAX)).p == NULL, "an absurd copy");
    ir_arena_reset(&a);
    ok(ir_arena_alloc(&a, 1024) != NULL, "room again after reset");
    ir_arena_free(&a);

    struct ir_arena none = {0};
    ok(ir_arena_alloc(&none, (size_t)1 << 20) != NULL, "maximum 0 is no limit");
    ir_arena_free(&none);
}

static void reset(void)
{
    struct ir_arena a = IR_ARENA((size_t)1 << 20);
    void *first = ir_arena_alloc(&a, 100);
    size_t used = a.used;
    for (int i = 0; i < 100; i++)
        ir_arena_alloc(&a, 1000);
    ok(a.used > used, "it has grown");
    ir_arena_reset(&a);
    is_int((long long)a.used, (long long)used, "reset keeps the first chunk alone");
    ok(ir_arena_alloc(&a, 100) == first, "and gives it out anew");
    ir_arena_free(&a);
    ir_arena_reset(&a);
    ir_arena_free(&a);
    ok(true, "resetting and freeing nothing is harmless");
}

static void copies(void)
{
    struct ir_arena a = IR_ARENA((size_t)1 << 20);
    char text[] = "copy me";
    struct ir_str s = ir_arena_dup(&a, ir_str_z(text));
    text[0] = 'X';
    is_str(s, "copy me", "a copy");
    is_int(s.p[s.n], 0, "ends in NUL");
    s = ir_arena_dup(&a, ir_str_n(NULL, 0));
    ok(s.p != NULL && s.n == 0 && s.p[0] == '\0', "of nothing too");
    ir_arena_free(&a);
}

int main(void)
{
    blocks();
    limit();
    reset();
    copies();
    return done();
}
