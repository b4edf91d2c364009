/*
 * Spellings of a text in JSON (RFC 8259, section 7): quotes and backslashes are always escaped,
 * slashes and what is not ASCII by some writers (PHP, Python), in digits of either case. See
 * spelling.h. Hostile is nothing here: the text comes from who searches; bytes that are no UTF-8
 * stay as they are.
 */
#include "run/spelling.h"

#include "base/buf.h"
#include "base/utf8.h"

#define SPELLING_MAX ((size_t)1 << 20)

static void put_unit(struct ir_buf *b, uint32_t unit, const char *digits)
{
    ir_buf_str(b, IR_S("\\u"));
    for (int shift = 12; shift >= 0; shift -= 4)
        ir_buf_chr(b, digits[unit >> shift & 15]);
}

static void put_escaped(struct ir_buf *b, uint32_t cp, const char *digits)
{
    if (cp >= 0x10000) put_unit(b, 0xd800 + ((cp - 0x10000) >> 10), digits);
    put_unit(b, cp >= 0x10000 ? 0xdc00 + ((cp - 0x10000) & 0x3ff) : cp, digits);
}

/* digits NULL: what is not ASCII stands for itself. */
static void spell(struct ir_buf *b, struct ir_str s, bool slashes, const char *digits)
{
    ir_buf_clear(b);
    while (s.n > 0) {
        int32_t cp;
        const size_t n = ir_utf8_decode(s, &cp);
        if (*s.p == '"' || *s.p == '\\' || (*s.p == '/' && slashes)) ir_buf_chr(b, '\\');
        if (cp >= 0x80 && digits != NULL)
            put_escaped(b, (uint32_t)cp, digits);
        else
            ir_buf_str(b, ir_str_head(s, n));
        s = ir_str_skip(s, n);
    }
}

static bool is_ascii(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

bool ir_json_spellings(struct ir_str text, bool (*add)(void *user, struct ir_str spelling),
                       void *user)
{
    static const char *const digits[] = {NULL, "0123456789abcdef", "0123456789ABCDEF"};
    const unsigned letters = is_ascii(text) ? 1 : 3, slashes = ir_str_chr(text, '/') != IR_NPOS;
    struct ir_buf b = IR_BUF(SPELLING_MAX);
    bool ok = true;
    for (unsigned k = 0; ok && k < letters * (slashes + 1); k++) {
        spell(&b, text, k >= letters, digits[k % letters]);
        ok = !b.full && (ir_str_eq(ir_buf_view(&b), text) || add(user, ir_buf_view(&b)));
    }
    ir_buf_free(&b);
    return ok;
}
