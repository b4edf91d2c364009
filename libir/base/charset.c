/*
 * Tables and conversion. See charset.h. JIS X 0208 as 94 x 94 cells, CP932 as 60 x 188, each cell a
 * code point of the basic plane or 0. Which widths are lawful stands in JIS X 0208, RFC 1468 and
 * Windows' code page 932; which characters, in iconv.
 */
#include "base/charset.h"

#include "base/utf8.h"

#include <iconv.h>
#include <stdlib.h>

#define CELLS_SJIS  (60u * 188u)
#define CELLS_JIS   (94u * 94u)
#define GUESS_BYTES 65536u
#define INVALID     INT32_C(-1)
#define NOTHING     INT32_C(-2) /* bytes that stand for no character: an escape sequence */

/* States of ISO-2022-JP; the first is that of all others. */
enum { JIS_ASCII, JIS_ROMAN, JIS_KANA, JIS_0208, JIS_0212 };

struct ir_charset {
    bool has_sjis, has_euc;
    uint16_t sjis[CELLS_SJIS];
    uint16_t jis[CELLS_JIS], jis2[CELLS_JIS]; /* JIS X 0208, 0212 */
    iconv_t keep[3]; /* libraries that convert names find iconv's modules loaded */
};

const char *ir_encoding_name(enum ir_encoding e)
{
    static const char *const names[IR_ENC_MAX] = {"auto",      "utf-8",  "utf-16le",   "utf-16be",
                                                  "shift_jis", "euc-jp", "iso-2022-jp"};
    return (unsigned)e < IR_ENC_MAX ? names[e] : NULL;
}

enum ir_encoding ir_encoding_by_name(struct ir_str name)
{
    static const struct {
        const char *name;
        enum ir_encoding e;
    } others[] = {
        {"cp932", IR_ENC_CP932},       {"sjis", IR_ENC_CP932},  {"shift-jis", IR_ENC_CP932},
        {"windows-31j", IR_ENC_CP932}, {"ms932", IR_ENC_CP932}, {"eucjp", IR_ENC_EUCJP},
        {"jis", IR_ENC_ISO2022JP},     {"utf8", IR_ENC_UTF8},   {"utf-16", IR_ENC_UTF16LE}};
    for (unsigned e = 0; e < IR_ENC_MAX; e++)
        if (ir_str_ieq(name, ir_str_z(ir_encoding_name((enum ir_encoding)e))))
            return (enum ir_encoding)e;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ir_str_ieq(name, ir_str_z(others[i].name))) return others[i].e;
    return IR_ENC_MAX;
}

/* The one character that these bytes are; 0: none of the basic plane. */
static uint16_t ask(iconv_t cd, const unsigned char *p, size_t n)
{
    char in[4], out[8], *pi = in, *po = out;
    size_t left = sizeof out;
    int32_t cp = 0;
    memcpy(in, p, n);
    if (iconv(cd, &pi, &n, &po, &left) != 0 || n != 0) {
        iconv(cd, NULL, NULL, NULL, NULL);
        return 0;
    }
    const size_t got = sizeof out - left;
    if (ir_utf8_decode(ir_str_n(out, got), &cp) != got || cp > 0xffff || cp <= 0) return 0;
    return (uint16_t)cp;
}

static bool fill_sjis(struct ir_charset *cs, iconv_t cd)
{
    for (unsigned i = 0; i < CELLS_SJIS; i++) {
        const unsigned lead = i / 188, trail = i % 188;
        const unsigned char p[2] = {(unsigned char)(lead < 31 ? 0x81 + lead : 0xe0 + lead - 31),
                                    (unsigned char)(trail < 63 ? 0x40 + trail : 0x41 + trail)};
        cs->sjis[i] = ask(cd, p, 2);
    }
    return cs->sjis[188u + 0xa0u - 0x41u] == 0x3042; /* HIRAGANA LETTER A */
}

/* Cells that EUC-JP lacks (row 13, circled numbers) are as Windows has them. */
static bool fill_euc(struct ir_charset *cs, iconv_t cd)
{
    for (unsigned i = 0; i < CELLS_JIS; i++) {
        const unsigned row = i / 94, cell = i % 94;
        const unsigned char p[3] = {0x8f, (unsigned char)(0xa1 + row),
                                    (unsigned char)(0xa1 + cell)};
        cs->jis[i] = ask(cd, p + 1, 2);
        cs->jis2[i] = ask(cd, p, 3);
        if (cs->jis[i] == 0) cs->jis[i] = cs->sjis[row / 2 * 188 + (row % 2) * 94 + cell];
    }
    return cs->jis[3u * 94u + 1u] == 0x3042;
}

struct ir_charset *ir_charset_new(void)
{
    struct ir_charset *cs = calloc(1, sizeof *cs);
    if (cs == NULL) return NULL;
    cs->keep[0] = iconv_open("UTF-8", "CP932");
    cs->keep[1] = iconv_open("UTF-8", "EUC-JP");
    cs->keep[2] = iconv_open("UTF-16BE", "CP932");
    if (cs->keep[0] != (iconv_t)-1) cs->has_sjis = fill_sjis(cs, cs->keep[0]);
    if (cs->keep[1] != (iconv_t)-1) cs->has_euc = fill_euc(cs, cs->keep[1]);
    return cs;
}

void ir_charset_free(struct ir_charset *cs)
{
    if (cs == NULL) return;
    for (unsigned i = 0; i < 3; i++)
        if (cs->keep[i] != (iconv_t)-1) iconv_close(cs->keep[i]);
    free(cs);
}

bool ir_charset_has(const struct ir_charset *cs, enum ir_encoding e)
{
    if (e == IR_ENC_CP932) return cs != NULL && cs->has_sjis;
    if (e == IR_ENC_EUCJP || e == IR_ENC_ISO2022JP) return cs != NULL && cs->has_euc;
    return true;
}

static int32_t cell(const uint16_t *table, size_t i)
{
    return table[i] != 0 ? table[i] : INVALID;
}

/* All of these: the character at p (n > 0 bytes), and in *len how many bytes it takes. INVALID with
 * *len 0: more bytes are needed. */
static int32_t next_utf16(const unsigned char *p, size_t n, bool big, size_t *len)
{
    *len = n < 2 ? 0 : 2;
    if (n < 2) return INVALID;
    const uint32_t u = big ? p[0] * 256u + p[1] : p[1] * 256u + p[0];
    if (u < 0xd800 || u > 0xdfff) return (int32_t)u;
    if (u >= 0xdc00) return INVALID;
    if (n < 4) {
        *len = 0;
        return INVALID;
    }
    const uint32_t v = big ? p[2] * 256u + p[3] : p[3] * 256u + p[2];
    if (v < 0xdc00 || v > 0xdfff) return INVALID;
    *len = 4;
    return (int32_t)(0x10000 + ((u - 0xd800) << 10) + (v - 0xdc00));
}

static int32_t next_sjis(const struct ir_charset *cs, const unsigned char *p, size_t n, size_t *len)
{
    const unsigned b = p[0];
    *len = 1;
    if (b < 0x80) return (int32_t)b;
    if (b >= 0xa1 && b <= 0xdf) return (int32_t)(0xff61 + b - 0xa1);
    if (b == 0x80 || b == 0xa0 || b > 0xfc) return INVALID;
    if (n < 2) {
        *len = 0;
        return INVALID;
    }
    const unsigned t = p[1], lead = b < 0xa0 ? b - 0x81 : b - 0xe0 + 31;
    if (t < 0x40 || t == 0x7f || t > 0xfc) return INVALID;
    const int32_t cp = cell(cs->sjis, (size_t)lead * 188 + (t < 0x7f ? t - 0x40 : t - 0x41));
    if (cp != INVALID) *len = 2;
    return cp;
}

static int32_t next_euc(const struct ir_charset *cs, const unsigned char *p, size_t n, size_t *len)
{
    const unsigned b = p[0];
    const size_t want = b == 0x8f ? 3 : 2;
    *len = 1;
    if (b < 0x80) return (int32_t)b;
    if (b != 0x8e && b != 0x8f && (b < 0xa1 || b > 0xfe)) return INVALID;
    for (size_t i = 1; i < want; i++) {
        if (i == n) {
            *len = 0;
            return INVALID;
        }
        if (p[i] < 0xa1 || p[i] > 0xfe) return INVALID;
    }
    if (b == 0x8e && p[1] > 0xdf) return INVALID;
    const int32_t cp = b == 0x8e   ? (int32_t)(0xff61 + p[1] - 0xa1)
                       : b == 0x8f ? cell(cs->jis2, (size_t)(p[1] - 0xa1) * 94 + (p[2] - 0xa1u))
                                   : cell(cs->jis, (size_t)(p[0] - 0xa1) * 94 + (p[1] - 0xa1u));
    if (cp != INVALID) *len = want;
    return cp;
}

static int32_t next_escape(struct ir_decoder *d, const unsigned char *p, size_t n, size_t *len)
{
    static const struct {
        const char *seq;
        unsigned state;
    } known[] = {{"\x1b(B", JIS_ASCII}, {"\x1b(J", JIS_ROMAN}, {"\x1b(I", JIS_KANA},
                 {"\x1b$@", JIS_0208},  {"\x1b$B", JIS_0208},  {"\x1b$(B", JIS_0208},
                 {"\x1b$(D", JIS_0212}};
    bool more = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const size_t want = strlen(known[i].seq);
        if (memcmp(p, known[i].seq, n < want ? n : want) != 0) continue;
        if (n < want) {
            more = true;
            continue;
        }
        d->state = known[i].state;
        *len = want;
        return NOTHING;
    }
    *len = more ? 0 : 1;
    return more ? INVALID : 0x1b;
}

static int32_t next_jis(struct ir_decoder *d, const unsigned char *p, size_t n, size_t *len)
{
    const unsigned b = p[0];
    *len = 1;
    if (b == 0x1b) return next_escape(d, p, n, len);
    if (b == '\n') d->state = JIS_ASCII;
    if (b >= 0x80) return INVALID;
    if (d->state == JIS_ASCII || b <= ' ' || b == 0x7f) return (int32_t)b;
    if (d->state == JIS_ROMAN) return b == '\\' ? 0xa5 : b == '~' ? 0x203e : (int32_t)b;
    if (d->state == JIS_KANA) return b <= 0x5f ? (int32_t)(0xff61 + b - 0x21) : INVALID;
    if (n < 2) {
        *len = 0;
        return INVALID;
    }
    if (p[1] < 0x21 || p[1] > 0x7e) return INVALID;
    const int32_t cp = cell(d->state == JIS_0208 ? d->cs->jis : d->cs->jis2,
                            (size_t)(b - 0x21) * 94 + (p[1] - 0x21u));
    if (cp != INVALID) *len = 2;
    return cp;
}

static int32_t next_char(struct ir_decoder *d, const unsigned char *p, size_t n, size_t *len)
{
    switch (d->encoding) {
    case IR_ENC_UTF16LE: return next_utf16(p, n, false, len);
    case IR_ENC_UTF16BE: return next_utf16(p, n, true, len);
    case IR_ENC_CP932: return next_sjis(d->cs, p, n, len);
    case IR_ENC_EUCJP: return next_euc(d->cs, p, n, len);
    case IR_ENC_ISO2022JP: return next_jis(d, p, n, len);
    default: *len = 1; return p[0] < 0x80 ? p[0] : INVALID;
    }
}

static void tell(const struct ir_decode_io *io, struct ir_mark *run, const struct ir_mark *now,
                 bool valid)
{
    const bool on = now->text_width == run->text_width && now->raw_width == run->raw_width;
    if (io->run != NULL && (!on || !valid)) io->run(io->user, now, valid);
    *run = *now;
}

/* Most of a log is ASCII: as many such characters as begin raw, at most n. */
static size_t ascii_run(const struct ir_decoder *d, const char *raw, size_t nraw, char *text,
                        size_t n, size_t *ret_width)
{
    const bool wide = d->encoding <= IR_ENC_UTF16BE;
    const size_t low = d->encoding == IR_ENC_UTF16BE, width = wide ? 2 : 1;
    size_t i = 0;
    *ret_width = width;
    if (d->state != JIS_ASCII) return 0;
    if (n > nraw / width) n = nraw / width;
    if (wide)
        for (; i < n && raw[2 * i + 1 - low] == 0 && (signed char)raw[2 * i + low] >= 0; i++)
            text[i] = raw[2 * i + low];
    else if (d->encoding == IR_ENC_ISO2022JP)
        for (; i < n && (signed char)raw[i] >= 0 && raw[i] != '\x1b'; i++)
            text[i] = raw[i];
    else
        for (; i < n && (signed char)raw[i] >= 0; i++)
            text[i] = raw[i];
    return i;
}

void ir_decode(struct ir_decoder *d, struct ir_decode_io *io)
{
    struct ir_mark run = {0};
    size_t escape = 0; /* bytes of escape sequences before the character: they count as its own */
    while (io->nraw > escape && io->ntext >= 4) {
        size_t width, plain = escape == 0
                                  ? ascii_run(d, io->raw, io->nraw, io->text, io->ntext - 3, &width)
                                  : 0;
        if (plain > 0) {
            const struct ir_mark now = {io->text_at, io->raw_at, 1, (uint8_t)width};
            tell(io, &run, &now, true);
            io->text += plain;
            io->ntext -= plain;
            io->text_at += plain;
            io->raw += plain * width;
            io->nraw -= plain * width;
            io->raw_at += plain * width;
            continue;
        }
        const unsigned char *p = (const unsigned char *)io->raw + escape;
        const size_t n = io->nraw - escape;
        size_t len;
        int32_t cp = next_char(d, p, n, &len);
        if (len == 0) {
            if (!io->last) break; /* escapes that were taken are taken again with what follows */
            len = d->encoding >= IR_ENC_CP932 ? 1 : n < 2 ? n : 2;
        }
        if (cp == NOTHING) {
            escape += len;
            if (escape < 64) continue; /* many in a row would never come to an end */
            io->raw += escape;
            io->nraw -= escape;
            io->raw_at += escape;
            escape = 0;
            run = (struct ir_mark){0};
            continue;
        }
        const size_t out = ir_utf8_encode(cp == INVALID ? 0xfffd : (uint32_t)cp, io->text);
        len += escape;
        const struct ir_mark now = {io->text_at, io->raw_at, (uint8_t)out, (uint8_t)len};
        tell(io, &run, &now, cp != INVALID);
        escape = 0;
        io->text += out;
        io->ntext -= out;
        io->text_at += out;
        io->raw += len;
        io->nraw -= len;
        io->raw_at += len;
    }
    if (!io->last || io->nraw != escape) return;
    io->raw += escape; /* at the very end: nothing follows that they could belong to */
    io->nraw = 0;
    io->raw_at += escape;
}

bool ir_charset_text(const struct ir_charset *cs, enum ir_encoding e, struct ir_str bytes,
                     struct ir_buf *out)
{
    if (e == IR_ENC_AUTO) e = ir_charset_guess(cs, ir_str_head(bytes, GUESS_BYTES), NULL);
    bytes = ir_str_skip(bytes, ir_charset_bom(e, bytes));
    if (ir_str_starts(bytes, IR_S("\xef\xbb\xbf"))) bytes = ir_str_skip(bytes, 3);
    if (e == IR_ENC_UTF8 || !ir_charset_has(cs, e)) {
        ir_buf_str(out, bytes);
    } else if (ir_buf_reserve(out, 3 * bytes.n + 1)) {
        struct ir_decoder d = {.cs = cs, .encoding = e};
        struct ir_decode_io io = {.raw = bytes.p,
                                  .nraw = bytes.n,
                                  .text = out->p + out->n,
                                  .ntext = 3 * bytes.n,
                                  .last = true};
        ir_decode(&d, &io);
        out->n += 3 * bytes.n - io.ntext;
        out->p[out->n] = '\0';
    }
    return !out->full;
}

bool ir_charset_lost(struct ir_str bytes, struct ir_str text)
{
    const struct ir_str mark = IR_S("\xef\xbf\xbd");
    return ir_str_chr(text, '\0') != IR_NPOS || !ir_utf8_valid(text) ||
           (ir_str_find(text, mark) != IR_NPOS && ir_str_find(bytes, mark) == IR_NPOS);
}
