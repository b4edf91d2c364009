/*
 * evidence/pump.h: the digests are those of the bytes, whatever the pieces are that they come in,
 * and however many streams went through before.
 */
#include "evidence/pump.h"

#include "tap.h"

#define SET (IR_DIGESTS_EVIDENCE | IR_DIGEST_BIT(IR_MD5) | IR_DIGEST_BIT(IR_SHA1))

static void is_sum(const struct ir_digest_sum *got, struct ir_str bytes, const char *what)
{
    struct ir_digest_sum want = {0};
    ir_digest_of(SET, bytes, &want);
    bool good = got->set == want.set;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        good = good && memcmp(got->v[a], want.v[a], ir_digest_size((enum ir_digest_alg)a)) == 0;
    ok(good, "%s: %zu bytes", what, bytes.n);
}

int main(void)
{
    static const size_t sizes[] = {0,
                                   1,
                                   IR_PUMP_CHUNK - 1,
                                   IR_PUMP_CHUNK,
                                   IR_PUMP_CHUNK + 1,
                                   2 * IR_PUMP_CHUNK,
                                   11 * IR_PUMP_CHUNK + 7};
    size_t most = 12 * IR_PUMP_CHUNK;
    char *bytes = malloc(most);
    struct ir_pump *p = ir_pump_new(SET);
    struct ir_digest_sum sum;
    if (!ok(p != NULL && bytes != NULL, "a pump")) return done();
    for (size_t i = 0; i < most; i++)
        bytes[i] = (char)(i * 2654435761u >> 13);
    for (unsigned k = 0; k < 3 * sizeof sizes / sizeof *sizes; k++) {
        /* whole chunks, then odd pieces, then one after a stream that nobody ended */
        size_t size = sizes[k % (sizeof sizes / sizeof *sizes)];
        size_t piece = k % 3 == 0 ? IR_PUMP_CHUNK : k % 3 == 1 ? 100003 : 65536;
        ir_pump_begin(p);
        for (size_t at = 0; at < size;) {
            size_t n = size - at < piece ? size - at : piece;
            memcpy(ir_pump_buffer(p), bytes + at, n);
            ir_pump_put(p, n);
            at += n;
        }
        ok(ir_pump_end(p, &sum), "no digest failed");
        is_sum(&sum, ir_str_n(bytes, size), "a stream");
    }
    memset(bytes + 5, 0, most - 5);
    ir_pump_begin(p);
    memcpy(ir_pump_buffer(p), bytes, 5);
    ir_pump_put(p, 5);
    ir_pump_zeros(p, 3 * IR_PUMP_CHUNK + 1);
    ir_pump_zeros(p, 0);
    ok(ir_pump_end(p, &sum), "no digest failed");
    is_sum(&sum, ir_str_n(bytes, 3 * IR_PUMP_CHUNK + 6), "a hole");

    /* One that goes round the ring, before data and behind it. */
    const size_t hole = ((size_t)33 << 20) + 7;
    char *around = calloc(1, 2 * hole + 5);
    if (!ok(around != NULL, "memory")) return done();
    memcpy(around + hole, bytes, 5);
    ir_pump_begin(p);
    ir_pump_zeros(p, hole);
    memcpy(ir_pump_buffer(p), bytes, 5);
    ir_pump_put(p, 5);
    ir_pump_zeros(p, hole);
    ok(ir_pump_end(p, &sum), "no digest failed");
    is_sum(&sum, ir_str_n(around, 2 * hole + 5), "two long holes");
    ir_pump_free(p);
    ir_pump_free(NULL);
    free(around);
    free(bytes);
    return done();
}
