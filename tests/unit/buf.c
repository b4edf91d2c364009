/*
 * base/buf: the builder's maximum, its memory of it, and the NUL behind.
 */
#include "base/buf.h"

#include "tests/tap.h"

static void building(void)
{
    struct ir_buf b = IR_BUF((size_t)1 << 20);
    is_str(ir_buf_view(&b), "", "born empty, with a pointer");
    ir_buf_str(&b, IR_S("id="));
    ir_buf_fmt(&b, "%d", 7);
    ir_buf_chr(&b, ';');
    ir_buf_add(&b, "\0x", 2);
    ok(ir_str_eq(ir_buf_view(&b), ir_str_n("id=7;\0x", 7)), "all parts, NUL too");
    is_int(b.p[b.n], 0, "a NUL behind");
    ir_buf_str(&b, ir_str_n(NULL, 0));
    is_int((long long)b.n, 7, "nothing adds nothing");
    ir_buf_clear(&b);
    is_str(ir_buf_view(&b), "", "cleared");
    for (int i = 0; i < 1000; i++)
        ir_buf_fmt(&b, "%03d", i);
    is_int((long long)b.n, 3000, "a thousand numbers");
    ok(memcmp(b.p + 2997, "999", 4) == 0, "the last, and the NUL");
    ir_buf_clear(&b);
    ir_buf_fmt(&b, "%0500d", 1);
    ok(b.n == 500 && b.p[499] == '1' && b.p[500] == '\0', "a text longer than the inner one");
    ir_buf_free(&b);
    ok(b.p == NULL && b.n == 0 && b.max == (size_t)1 << 20, "freed, the maximum kept");
    ir_buf_str(&b, IR_S("x"));
    is_str(ir_buf_view(&b), "x", "usable again");
    ir_buf_free(&b);
    ir_buf_str(&b, ir_str_n("", 0));
    ok(b.p != NULL && b.p[0] == '\0', "adding nothing to nothing makes an empty string");
    ir_buf_free(&b);
}

static void maximum(void)
{
    static const size_t maxima[] = {64, 65, 100, 128, 1000, 4096};
    for (size_t k = 0; k < sizeof maxima / sizeof maxima[0]; k++) {
        struct ir_buf b = IR_BUF(maxima[k]);
        size_t n = 0;
        while (!b.full && n < 10000) {
            ir_buf_chr(&b, 'x');
            n++;
        }
        is_int((long long)b.n, (long long)maxima[k] - 1, "maximum %zu, one for the NUL", maxima[k]);
        ok(b.cap <= maxima[k], "and no more memory than that");
        ir_buf_free(&b);
    }
    struct ir_buf b = IR_BUF(100);
    ir_buf_str(&b, IR_S("kept"));
    char big[200] = "";
    ir_buf_add(&b, big, sizeof big);
    ok(b.full, "what does not fit makes it full");
    is_str(ir_buf_view(&b), "kept", "and is not added in part");
    ir_buf_str(&b, IR_S("x"));
    is_str(ir_buf_view(&b), "kept", "nor is what would fit later: no holes");
    ir_buf_fmt(&b, "%d", 1);
    is_str(ir_buf_view(&b), "kept", "nor what is formatted");
    ok(!ir_buf_reserve(&b, 1), "no reserve");
    ir_buf_clear(&b);
    ok(!b.full, "clear forgets it");
    ir_buf_fmt(&b, "%0300d", 1);
    ok(b.full && b.n == 0, "a formatted text that does not fit");
    ir_buf_clear(&b);
    ok(!ir_buf_reserve(&b, SIZE_MAX), "an absurd reserve");
    ir_buf_free(&b);
}

static void reserve(void)
{
    struct ir_buf b = IR_BUF((size_t)1 << 16);
    ok(ir_buf_reserve(&b, 1000), "reserve");
    const char *p = b.p;
    for (int i = 0; i < 1000; i++)
        ir_buf_chr(&b, 'y');
    ok(b.p == p, "what was reserved does not move");
    ir_buf_free(&b);
}

int main(void)
{
    building();
    maximum();
    reserve();
    return done();
}
