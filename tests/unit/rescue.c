/*
 * evidence/rescue.h: maps of images, our own and those of GNU ddrescue, whole and damaged, and
 * marks against an array that holds the status of every byte.
 */
#include <stdlib.h>

#include "evidence/rescue.h"
#include "tap.h"

#define SIZE 300u

static int parse(const char *text, uint64_t size, struct ir_rescue *m, struct ir_err *err)
{
    *err = (struct ir_err){0};
    return ir_rescue_parse(ir_str_z(text), size, m, err);
}

static void test_known(void)
{
    struct ir_rescue m;
    struct ir_rescue_area a;
    struct ir_err err;
    uint64_t n;
    is_int(parse("# Mapfile. Created by another\n# c\n0x00000600     +               2\n\n"
                 "#      pos        size  status\n0x00000000  0x00000400  +\n"
                 "0x00000400  0x00000200  -\n0x600\t0x00000A00 +\n",
                 0x1000, &m, &err),
           IR_OK, "a map of ddrescue's form");
    is_int((int64_t)m.n, 3, "its areas");
    is_int((int64_t)ir_rescue_bytes(&m, '-', &n), 0x200, "bytes that are bad");
    is_int((int64_t)n, 1, "in one area");
    ok(ir_rescue_find(&m, 0x500, '-', &a) && a.pos == 0x500 && a.size == 0x100,
       "an area is cut to begin where the search does");
    ok(!ir_rescue_find(&m, 0x600, '-', &a), "none behind it");
    ir_rescue_free(&m);
    is_int(parse("0 ?\n0 010 +\n8 8 +\n", 16, &m, &err), IR_OK, "octal, decimal, and no pass");
    is_int((int64_t)m.n, 1, "neighbours of one status are one area");
    ir_rescue_free(&m);
    is_int(parse("0 ?\n", 0, &m, &err), IR_OK, "an empty source");
    ir_rescue_free(&m);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *what;
        int64_t line;
    } bad[] = {
        {"", "nothing", 0},
        {"0 + 1\n0 8 +\n", "ends too early", 0},
        {"0 + 1\n0 8 +\n8 9 +\n", "goes beyond the end", 3},
        {"0 + 1\n0 8 +\n9 7 +\n", "a gap", 3},
        {"0 + 1\n0 8 +\n7 9 +\n", "an overlap", 3},
        {"0 + 1\n0 0 +\n0 16 +\n", "an empty area", 2},
        {"0 + 1\n0 16 x\n", "an unknown status", 2},
        {"0 + 1\n0 16 ++\n", "two statuses", 2},
        {"0 + 1\n0 16 + 3\n", "a word too many", 2},
        {"0 + 1\n0 0xfffffffffffffffff +\n", "a number that wraps", 2},
        {"0 + 1\n0 0xffffffffffffffff +\n", "a size that wraps", 2},
        {"0 + 1\n0 -16 +\n", "a minus sign", 2},
        {"0 + 1\n0 09 +\n9 7 +\n", "octal with a nine", 2},
        {"0 + 1\n0 0x +\n", "hexadecimal without digits", 2},
        {"x + 1\n0 16 +\n", "where it works is no number", 1},
    };
    struct ir_rescue m;
    struct ir_err err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        is_int(parse(bad[i].text, 16, &m, &err), IR_BAD, "%s", bad[i].what);
        if (bad[i].line > 0) is_int(err.line, bad[i].line, "its line is told");
    }
}

/* The map against the plainest thing that could stand for it. */
static bool same(const struct ir_rescue *m, const char *plain)
{
    uint64_t at = 0;
    for (size_t i = 0; i < m->n; at += ir_rescue_at(m, i++)->size) {
        if (ir_rescue_at(m, i)->pos != at || ir_rescue_at(m, i)->size == 0 ||
            ir_rescue_at(m, i)->size > m->size - at)
            return false;
        if (i > 0 && ir_rescue_at(m, i)->status == ir_rescue_at(m, i - 1)->status) return false;
        for (uint64_t k = 0; k < ir_rescue_at(m, i)->size; k++)
            if (plain[at + k] != ir_rescue_at(m, i)->status) return false;
    }
    return at == m->size;
}

static bool alike(const struct ir_rescue *a, const struct ir_rescue *b)
{
    bool good = a->n == b->n;
    for (size_t i = 0; good && i < a->n; i++)
        good = ir_rescue_at(a, i)->pos == ir_rescue_at(b, i)->pos &&
               ir_rescue_at(a, i)->size == ir_rescue_at(b, i)->size &&
               ir_rescue_at(a, i)->status == ir_rescue_at(b, i)->status;
    return good;
}

static void test_marks(void)
{
    static const char statuses[] = "?*/-+";
    char plain[SIZE];
    struct ir_rescue m, again;
    struct ir_err err;
    unsigned seed = 7, wrong = 0;
    memset(plain, '?', sizeof plain);
    ok(ir_rescue_begin(&m, SIZE) && same(&m, plain), "not tried at first");
    for (unsigned i = 0; i < 20000; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned pos = (seed >> 8) % (SIZE + 10), n = (seed >> 18) % 40;
        char status = statuses[seed % 5];
        if (!ir_rescue_mark(&m, pos, n, status)) wrong++;
        for (unsigned k = pos; k < pos + n && k < SIZE; k++)
            plain[k] = status;
        if (!same(&m, plain)) wrong++;
    }
    is_int(wrong, 0, "20000 marks are as in a plain array");
    ok(ir_rescue_mark(&m, 5, UINT64_MAX, '+'), "a size that would wrap ends at the end");
    struct ir_buf b = IR_BUF(1 << 16);
    ir_rescue_cut(&m, 100);
    ir_rescue_write(&m, "# head\n", 3, '?', 1, &b);
    is_int(ir_rescue_parse(ir_buf_view(&b), 100, &again, &err), IR_OK, "what is written is read");
    ok(alike(&again, &m), "and is the same");
    ir_rescue_free(&again);
    ir_rescue_free(&m);
    ir_buf_free(&b);
}

/* A disk that is bad all over, worked on as the passes do: many areas, each split in order. */
static void test_many(void)
{
    static const uint64_t areas = 150000, step = 4096;
    struct ir_rescue m;
    uint64_t n;
    bool good = ir_rescue_begin(&m, areas * step);
    for (uint64_t i = 0; good && i < areas; i++)
        good = ir_rescue_mark(&m, i * step, step, i % 2 != 0 ? '+' : '/');
    for (uint64_t i = 0; good && i < areas; i += 2)
        for (uint64_t k = 0; good && k < step; k += 512)
            good = ir_rescue_mark(&m, i * step + k, 512, k % 1024 != 0 ? '+' : '-');
    ok(good, "150000 areas are split");
    is_int((int64_t)ir_rescue_bytes(&m, '-', &n), (int64_t)(areas / 2 * step / 2), "their bytes");
    is_int((int64_t)n, (int64_t)(areas / 2 * 4), "their number");
    ok(!ir_rescue_has(&m, 512, 512, "-") && ir_rescue_has(&m, 512, 513, "-"), "what is in a part");
    ir_rescue_free(&m);
}

int main(void)
{
    test_known();
    test_refused();
    test_marks();
    test_many();
    return done();
}
