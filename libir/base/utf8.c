/*
 * UTF-8 decoding and encoding, and simple case folding (fold_table.def, Unicode 14.0.0).
 *
 * Folding is for comparing, not for showing: it knows no language (Turkish I is i), and never
 * changes the number of code points. Not for charsets other than UTF-8. Documents: RFC 3629;
 * Unicode 3.13, caseless matching.
 */
#include "base/utf8.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

struct fold_range {
    uint32_t first, last, step;
    int32_t delta;
};

static const struct fold_range folds[] = {
#define FOLD(first, last, step, delta) {first, last, step, delta},
#include "base/fold_table.def"
#undef FOLD
};

static inline bool is_cont(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* The lead byte is e0..f4; what it promises must be there, and be the shortest form. */
static size_t decode_long(const unsigned char *p, size_t n, int32_t *ret_cp)
{
    int32_t cp;
    if (n < 3 || !is_cont(p[1]) || !is_cont(p[2])) return 1;
    if (p[0] < 0xf0) {
        cp = (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        if (cp < 0x800 || (cp >= 0xd800 && cp <= 0xdfff)) return 1;
        *ret_cp = cp;
        return 3;
    }
    if (n < 4 || !is_cont(p[3])) return 1;
    cp = (p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 | (p[2] & 0x3f) << 6 | (p[3] & 0x3f);
    if (cp < 0x10000 || cp > 0x10ffff) return 1;
    *ret_cp = cp;
    return 4;
}

size_t ir_utf8_decode(struct ir_str s, int32_t *ret_cp)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < 0x80) {
        *ret_cp = p[0];
        return 1;
    }
    *ret_cp = -1;
    /* 80..bf continue something; c0, c1 could only begin an overlong form */
    if (p[0] < 0xc2 || p[0] > 0xf4) return 1;
    if (p[0] >= 0xe0) return decode_long(p, s.n, ret_cp);
    if (s.n < 2 || !is_cont(p[1])) return 1;
    *ret_cp = (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    return 2;
}

size_t ir_utf8_encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

static inline uint64_t load8(const char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

static bool is_blank(int32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f ||
           cp == 0x205f || cp == 0x3000;
}

static bool is_seen(struct ir_str s)
{
    int32_t cp;
    for (; s.n > 0; s = ir_str_skip(s, ir_utf8_decode(s, &cp))) {
        ir_utf8_decode(s, &cp);
        if (cp < 0 || (!is_blank(cp) && !ir_cp_hidden((uint32_t)cp))) return true;
    }
    return false;
}

struct ir_str ir_utf8_trim(struct ir_str s)
{
    int32_t cp;
    while (s.n > 0) {
        const size_t n = ir_utf8_decode(s, &cp);
        if (!is_blank(cp)) break;
        s = ir_str_skip(s, n);
    }
    while (s.n > 0) {
        size_t at = s.n - 1;
        while (at > 0 && s.n - at < 4 && is_cont((unsigned char)s.p[at]))
            at--;
        if (at + ir_utf8_decode(ir_str_skip(s, at), &cp) != s.n || !is_blank(cp)) break;
        s.n = at;
    }
    return is_seen(s) ? s : ir_str_n(s.p, 0);
}

bool ir_utf8_narrow(struct ir_str s, char *out, size_t size)
{
    size_t used = 0;
    while (s.n > 0) {
        int32_t cp;
        const size_t n = ir_utf8_decode(s, &cp);
        const bool wide = cp >= 0xff01 && cp <= 0xff5e;
        const char plain = (char)(wide ? cp - 0xfee0 : cp == 0x3000 ? ' ' : cp == 0x301c ? '~' : 0);
        const size_t m = plain != 0 ? 1 : n;
        if (used + m >= size) return false;
        memcpy(out + used, plain != 0 ? &plain : s.p, m);
        used += m;
        s = ir_str_skip(s, n);
    }
    if (size == 0) return false;
    out[used] = '\0';
    return true;
}

bool ir_utf8_valid(struct ir_str s)
{
    const char *p = s.p, *end = s.n > 0 ? s.p + s.n : s.p;
    while (p < end) {
        while (end - p >= 8 && (load8(p) & HIGH) == 0)
            p += 8;
        for (int i = 0; i < 8 && p < end; i++) {
            int32_t cp;
            p += ir_utf8_decode(ir_str_n(p, (size_t)(end - p)), &cp);
            if (cp < 0) return false;
        }
    }
    return true;
}

/* Past the ASCII at p: 32 bytes a step, then 8. */
static const char *skip_ascii(const char *p, const char *end)
{
    while (end - p >= 32 && ((load8(p) | load8(p + 8) | load8(p + 16) | load8(p + 24)) & HIGH) == 0)
        p += 32;
    while (end - p >= 8 && (load8(p) & HIGH) == 0)
        p += 8;
    return p;
}

uint64_t ir_utf8_bad_lines(struct ir_str s)
{
    const char *p = s.p, *end = s.n > 0 ? s.p + s.n : s.p;
    uint64_t lines = 0;
    while ((p = skip_ascii(p, end)) < end) {
        for (int i = 0; i < 8 && p < end; i++) {
            int32_t cp;
            p += ir_utf8_decode(ir_str_n(p, (size_t)(end - p)), &cp);
            if (cp >= 0) continue;
            lines++;
            p = memchr(p, '\n', (size_t)(end - p)); /* a line counts once */
            if (p == NULL) return lines;
        }
    }
    return lines;
}

uint32_t ir_fold_cp(uint32_t cp)
{
    if (cp < 0x80) return cp - 'A' < 26 ? cp + 32 : cp;
    /* nothing to fold in CJK, kana and Hangul: the common case here */
    if ((cp > 0x2cf2 && cp < 0xa640) || (cp > 0xabbf && cp < 0xff21)) return cp;
    size_t lo = 0, hi = sizeof folds / sizeof folds[0];
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (cp > folds[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct fold_range *f = &folds[lo];
    if (lo == sizeof folds / sizeof folds[0] || cp < f->first) return cp;
    if (f->step == 2 && (cp - f->first) % 2 != 0) return cp;
    return (uint32_t)((int32_t)cp + f->delta);
}

/* In each byte (all < 0x80) the high bit is set when it is 'A'..'Z'. */
static inline uint64_t capitals(uint64_t w)
{
    return ((w + ONES * (0x80 - 'A')) ^ (w + ONES * (0x7f - 'Z'))) & HIGH;
}

bool ir_fold_is_plain(struct ir_str s)
{
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w = load8(s.p + i);
        if (((w & HIGH) | capitals(w & ~HIGH)) != 0) return false;
    }
    for (; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 || (s.p[i] >= 'A' && s.p[i] <= 'Z')) return false;
    return true;
}

/* One character; moves both cursors. */
static inline void fold_one(const char **pp, const char *end, char **oo)
{
    if ((unsigned char)**pp < 0x80) {
        *(*oo)++ = ir_lower(*(*pp)++);
        return;
    }
    int32_t cp;
    size_t n = ir_utf8_decode(ir_str_n(*pp, (size_t)(end - *pp)), &cp);
    if (cp < 0)
        *(*oo)++ = **pp;
    else
        *oo += ir_utf8_encode(ir_fold_cp((uint32_t)cp), *oo);
    *pp += n;
}

size_t ir_fold(struct ir_str s, char *out)
{
    const char *p = s.p, *end = s.n > 0 ? s.p + s.n : s.p;
    char *o = out;
    while (p < end) {
        for (; end - p >= 16; p += 16, o += 16) {
            uint64_t a = load8(p), b = load8(p + 8);
            if (((a | b) & HIGH) != 0) break;
            a |= capitals(a) >> 2; /* 0x80 >> 2 is the bit between 'A' and 'a' */
            b |= capitals(b) >> 2;
            memcpy(o, &a, 8);
            memcpy(o + 8, &b, 8);
        }
        for (int i = 0; i < 16 && p < end; i++)
            fold_one(&p, end, &o);
    }
    return (size_t)(o - out);
}

struct ir_str ir_utf8_head(struct ir_str s, size_t max)
{
    size_t n = max;
    if (s.n <= max) return s;
    while (n > 0 && max - n < 4 && is_cont((unsigned char)s.p[n]))
        n--;
    return ir_str_head(s, max - n < 4 ? n : max);
}
