/*
 * Conversion of hostile bytes: the first byte chooses the encoding and the size of the pieces. In
 * pieces or at once the text is the same, it is valid UTF-8, and each mark of the map leads to the
 * raw bytes of its text.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t text, raw, invalid; /* of the last run */
};

static void on_run(void *user, const struct ir_mark *m, bool valid)
{
    struct seen *s = user;
    if (m->text < s->text || m->raw < s->raw || m->text_width == 0 || m->raw_width == 0) abort();
    s->text = m->text;
    s->raw = m->raw;
    s->invalid += !valid;
}

static struct ir_buf decode(const struct ir_charset *cs, enum ir_encoding e, struct ir_str raw,
                            size_t step, uint64_t *ret_invalid)
{
    struct ir_buf b = IR_BUF((size_t)1 << 22);
    struct ir_decoder d = {.cs = cs, .encoding = e};
    struct seen s = {0};
    char out[64];
    uint64_t at = 0, text_at = 0;
    for (size_t have = 0; at < raw.n;) {
        have = have + step < raw.n ? have + step : raw.n;
        for (bool moved = true; moved;) {
            struct ir_decode_io io = {.raw = raw.p + at,
                                      .nraw = have - at,
                                      .text = out,
                                      .ntext = sizeof out,
                                      .last = have == raw.n,
                                      .run = on_run,
                                      .user = &s,
                                      .text_at = text_at,
                                      .raw_at = at};
            ir_decode(&d, &io);
            ir_buf_add(&b, out, sizeof out - io.ntext);
            moved = io.raw_at > at;
            at = io.raw_at;
            text_at = io.text_at;
        }
        if (have == raw.n && at < raw.n) abort(); /* at the end nothing may be left */
    }
    if (b.n != text_at || !ir_utf8_valid(ir_buf_view(&b))) abort();
    *ret_invalid = s.invalid;
    return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    static struct ir_charset *cs; /* filling the tables takes longer than a run */
    const enum ir_encoding e = (enum ir_encoding)(IR_ENC_UTF16LE + data[0] % 5);
    const struct ir_str raw = ir_str_n((const char *)data + 1, size - 1);
    uint64_t one, two;
    if (cs == NULL) cs = ir_charset_new();
    if (cs == NULL) abort();
    if (ir_charset_has(cs, e)) {
        struct ir_buf a = decode(cs, e, raw, raw.n + 1, &one);
        struct ir_buf b = decode(cs, e, raw, 1 + data[0] / 5u, &two);
        if (!ir_str_eq(ir_buf_view(&a), ir_buf_view(&b)) || one != two) abort();
        ir_buf_free(&a);
        ir_buf_free(&b);
    }
    const enum ir_encoding guess = ir_charset_guess(cs, raw, NULL);
    bool ascii = true;
    for (size_t i = 0; i < raw.n; i++)
        ascii = ascii && (signed char)raw.p[i] > 0 && raw.p[i] != '\x1b';
    if ((ascii || (ir_utf8_valid(raw) && memchr(raw.p, 0, raw.n) == NULL &&
                   memchr(raw.p, 0x1b, raw.n) == NULL)) &&
        guess != IR_ENC_UTF8)
        abort(); /* UTF-8 is never taken for another */
    return 0;
}
