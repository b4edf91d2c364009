/*
 * run/sort and run/tally: more rows than memory, ties, an early end; counts of more values than are
 * kept.
 */
#include "run/sort.h"
#include "run/tally.h"

#include "base/io.h"
#include "tests/tap.h"

struct seen {
    struct ir_sort_key last;
    uint64_t n, wrong, stop;
};

static int on_row(void *user, const struct ir_sort_key *k, struct ir_str row)
{
    struct seen *s = user;
    const struct ir_sort_key *l = &s->last;
    bool before = l->untimed != k->untimed ? l->untimed < k->untimed
                  : l->time != k->time     ? l->time < k->time
                  : l->input != k->input   ? l->input < k->input
                  : l->offset != k->offset ? l->offset < k->offset
                                           : l->number < k->number;
    uint64_t number = UINT64_MAX;
    if (row.n >= sizeof number) memcpy(&number, row.p, sizeof number);
    if ((s->n > 0 && !before) || number != k->number || row.n != k->n) s->wrong++;
    s->last = *k;
    return ++s->n == s->stop;
}

static uint64_t next(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *x >> 33;
}

static int fill(struct ir_sort *so, uint64_t rows, uint64_t size)
{
    static char bytes[IR_SORT_ROW_MAX];
    struct ir_err err = {0};
    uint64_t x = 7;
    for (uint64_t i = 0; i < rows; i++) {
        const struct ir_sort_key k = {.time = (int64_t)(next(&x) % 500) - 250,
                                      .input = (uint32_t)(next(&x) % 3),
                                      .offset = next(&x) % 50,
                                      .number = i,
                                      .untimed = next(&x) % 100 == 0};
        memcpy(bytes, &i, sizeof i);
        int rc = ir_sort_add(so, &k, ir_str_n(bytes, 8 + next(&x) % size), &err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

static void sorted(const char *what, uint64_t rows, uint64_t size, uint64_t stop)
{
    int fd = ir_io_temporary();
    struct ir_sort *so = ir_sort_new(fd);
    struct seen s = {.stop = stop};
    struct ir_err err = {0};
    is_int(fill(so, rows, size), IR_OK, "%s: rows are taken", what);
    int rc = ir_sort_each(so, on_row, &s, &err);
    is_int(rc, stop ? IR_END : IR_OK, "%s: walked (%s)", what, err.msg);
    is_int((int)s.n, (int)(stop ? stop : rows), "%s: all rows", what);
    is_int((int)s.wrong, 0, "%s: in order, unchanged", what);
    ir_sort_free(so);
    close(fd);
}

static void no_file(void)
{
    struct ir_sort *so = ir_sort_new(-1);
    is_int(fill(so, IR_SORT_BUFFER / 10000, 60000), IR_FATAL,
           "without a file too much is an error");
    ir_sort_free(so);
}

static void tally(void)
{
    struct ir_tally t = {0};
    char text[32];
    uint64_t x = 1;
    const uint32_t often = IR_TALLY_MAX / 8;
    for (uint32_t i = 0; i < IR_TALLY_MAX * 6; i++) { /* a flood of values, and some that stay */
        int n = snprintf(text, sizeof text, "flood-%u", i);
        ir_tally_add(&t, ir_str_n(text, (size_t)n));
        n = snprintf(text, sizeof text, "often-%u", (unsigned)(next(&x) % often));
        ir_tally_add(&t, ir_str_n(text, (size_t)n));
    }
    ir_tally_sort(&t);
    uint64_t sum = 0, found = 0;
    for (uint32_t i = 0; i < t.n; i++)
        if (ir_str_starts(t.entry[i].key, IR_S("often-"))) {
            found++;
            sum += t.entry[i].n + t.entry[i].missed;
        }
    ok(t.n <= IR_TALLY_MAX && t.let_go > 0, "memory is bounded: %u values, %" PRIu64 " let go", t.n,
       t.let_go);
    is_int((int)found, (int)often, "what is frequent stays");
    ok(sum >= IR_TALLY_MAX * UINT64_C(6), "no count is less than what is told: %" PRIu64, sum);
    ir_tally_free(&t);
}

int main(void)
{
    sorted("nothing", 0, 100, 0);
    sorted("a few", 1000, 50, 0);
    sorted("many", IR_SORT_BUFFER / 1000 * 3, 1000, 0);
#ifdef IR_TINY
    sorted("several levels", 40000, 500, 0);
#endif
    sorted("long ones", IR_SORT_BUFFER / 20000, IR_SORT_ROW_MAX - 8, 0);
    sorted("an early end", IR_SORT_BUFFER / 1000 * 3, 1000, 10);
    no_file();
    tally();
    return done();
}
