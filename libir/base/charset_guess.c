/*
 * Which character set a text is in, from its first bytes. A wrong guess would hide what a log says,
 * and an attacker writes parts of logs: so everything stays as it is unless nearly all that is not
 * ASCII makes sense as Japanese, and never when it makes sense as UTF-8. What is left to an
 * attacker who fills an ASCII log with good Japanese is told: guesses are named in the summary.
 */
#include "base/charset.h"

#include "base/utf8.h"

#define JAPANESE_MIN 4u /* characters */

struct tally { /* of characters beyond ASCII */
    size_t all, invalid, good, kana, half, odd;
    size_t lines, its_lines;
};

size_t ir_charset_bom(enum ir_encoding e, struct ir_str head)
{
    if (e == IR_ENC_UTF16LE && ir_str_starts(head, IR_S("\xff\xfe"))) return 2;
    return e == IR_ENC_UTF16BE && ir_str_starts(head, IR_S("\xfe\xff")) ? 2 : 0;
}

/* Bytes that plain ASCII text has not: the question is open. */
static bool all_plain(struct ir_str s)
{
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        const uint64_t low = w & UINT64_C(0x7f7f7f7f7f7f7f7f);
        const uint64_t esc = low ^ UINT64_C(0x1b1b1b1b1b1b1b1b), top = UINT64_C(0x8080808080808080);
        /* a byte above 0x7f; a zero byte; an escape */
        if ((w | ~(w + ~top) | ~(esc + ~top)) & top) break;
    }
    for (; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == '\0' || s.p[i] == '\x1b') return false;
    return true;
}

/* More characters of UTF-8 than bytes that are none: a UTF-8 log with damage stays one. */
static bool is_utf8(struct ir_str s)
{
    size_t good = 0, bad = 0;
    while (s.n > 0) {
        int32_t cp;
        const size_t n = ir_utf8_decode(s, &cp);
        if (cp >= 0x80) good++;
        if (cp < 0 && s.n >= 4) bad++; /* the last character may be cut */
        s = ir_str_skip(s, n);
    }
    return good > 0 ? good > bad : bad == 0;
}

static bool unit_ok(unsigned u)
{
    if (u < 0x20) return u == '\t' || u == '\n' || u == '\r';
    return u < 0x7f || (u >= 0xa0 && u < 0xfdd0) || (u >= 0xfe30 && u < 0xfff0);
}

/* Mostly ASCII, whose zero bytes stand all on one side, and nothing that a text has not. */
static bool is_utf16(struct ir_str s, bool big)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t ascii = 0, units = s.n / 2, surrogates = 0;
    if (units < 8) return false;
    for (size_t i = 0; i < units; i++) {
        const unsigned u = big ? p[2 * i] * 256u + p[2 * i + 1] : p[2 * i + 1] * 256u + p[2 * i];
        if (!unit_ok(u)) return false;
        ascii += u < 0x7f;
        surrogates += u >= 0xd800 && u < 0xe000;
    }
    return ascii * 4 >= units && surrogates * 8 <= units;
}

/* The row of JIS X 0208 that a character of two bytes stands in; 0: another kind of character. */
static unsigned row_of(enum ir_encoding e, const unsigned char *p, size_t n)
{
    if (e == IR_ENC_EUCJP) return n == 2 && p[0] != 0x8e ? p[0] - 0xa0u : 0;
    if (e == IR_ENC_ISO2022JP) return n >= 2 ? p[n - 2] - 0x20u : 0;
    if (n != 2) return 0;
    const unsigned lead = p[0] < 0xa0 ? p[0] - 0x81u : p[0] - 0xe0u + 31;
    return lead * 2 + 1 + (p[1] >= 0x9f);
}

static void count(struct tally *t, unsigned row, bool half, bool valid)
{
    t->all++;
    if (!valid)
        t->invalid++;
    else if (half)
        t->half++;
    else if (row == 4 || row == 5)
        t->kana++;
    if (valid && ((row >= 1 && row <= 5) || (row >= 16 && row <= 47)))
        t->good++; /* symbols, kana, the kanji that are used */
    else if (valid && !half)
        t->odd++;
}

static void note_valid(void *user, const struct ir_mark *m, bool valid)
{
    (void)m;
    *(bool *)user = valid;
}

static struct tally try(const struct ir_charset *cs, enum ir_encoding e, struct ir_str head)
{
    struct tally t = {0};
    struct ir_decoder d = {.cs = cs, .encoding = e};
    struct ir_decode_io io = {.raw = head.p, .nraw = head.n};
    bool here = false;
    for (;;) {
        char text[4];
        bool valid = true;
        const char *from = io.raw;
        io.text = text; /* room for one character */
        io.ntext = sizeof text;
        io.run = note_valid;
        io.user = &valid;
        ir_decode(&d, &io);
        if (io.raw == from) break;
        const size_t n = (size_t)(io.raw - from);
        const unsigned char *p = (const unsigned char *)from;
        const size_t out = sizeof text - io.ntext;
        if (out == 1) {
            t.lines += text[0] == '\n';
            t.its_lines += text[0] == '\n' && here;
            if (text[0] == '\n') here = false;
            continue;
        }
        int32_t cp = 0;
        if (out > 0) ir_utf8_decode(ir_str_n(text, out), &cp);
        count(&t, row_of(e, p, n), cp >= 0xff61 && cp <= 0xff9f, valid);
        here = true;
    }
    t.its_lines += here;
    t.lines += here;
    return t;
}

static bool japanese(const struct tally *t, enum ir_encoding e)
{
    if (t->good < JAPANESE_MIN || t->invalid * 50 > t->all || t->odd * 8 > t->all) return false;
    if (t->half > 3 * t->good) return false;
    /* Chinese and Korean texts have the same shape as EUC-JP, but hardly any kana. */
    return e != IR_ENC_EUCJP || t->kana * 20 >= t->all;
}

static long long score(const struct tally *t)
{
    return (long long)t->good + (long long)t->kana - (long long)t->half - 2 * (long long)t->odd -
           10 * (long long)t->invalid;
}

static enum ir_encoding guess_bytes(const struct ir_charset *cs, struct ir_str head)
{
    enum ir_encoding best = IR_ENC_UTF8;
    long long best_score = 0;
    const enum ir_encoding tries[] = {IR_ENC_EUCJP, IR_ENC_CP932};
    for (unsigned i = 0; i < 2; i++) {
        if (!ir_charset_has(cs, tries[i])) continue;
        const struct tally t = try(cs, tries[i], head);
        if (!japanese(&t, tries[i]) || score(&t) <= best_score) continue;
        best = tries[i];
        best_score = score(&t);
    }
    return best;
}

/* Escape sequences of ISO-2022-JP in one line of ten at least, and all of them right. */
static bool is_jis(const struct ir_charset *cs, struct ir_str head)
{
    if (ir_str_find(head, IR_S("\x1b$")) == IR_NPOS || !ir_charset_has(cs, IR_ENC_ISO2022JP))
        return false;
    const struct tally t = try(cs, IR_ENC_ISO2022JP, head);
    return t.invalid == 0 && japanese(&t, IR_ENC_ISO2022JP) && t.its_lines * 10 >= t.lines;
}

enum ir_encoding ir_charset_guess(const struct ir_charset *cs, struct ir_str head, bool *ret_sure)
{
    bool sure = false;
    enum ir_encoding e = IR_ENC_UTF8;
    const bool utf32 = ir_str_starts(head, IR_S("\xff\xfe\0\0"));
    if (!utf32 && ir_charset_bom(IR_ENC_UTF16LE, head) > 0) {
        sure = true;
        e = IR_ENC_UTF16LE;
    } else if (ir_charset_bom(IR_ENC_UTF16BE, head) > 0) {
        sure = true;
        e = IR_ENC_UTF16BE;
    } else if (all_plain(head)) {
        e = IR_ENC_UTF8;
    } else if (memchr(head.p, 0, head.n) != NULL) {
        e = is_utf16(head, false)  ? IR_ENC_UTF16LE
            : is_utf16(head, true) ? IR_ENC_UTF16BE
                                   : IR_ENC_UTF8;
    } else if (is_utf8(head)) {
        e = is_jis(cs, head) ? IR_ENC_ISO2022JP : IR_ENC_UTF8;
    } else {
        e = guess_bytes(cs, head);
    }
    if (ret_sure != NULL) *ret_sure = sure;
    return e;
}
