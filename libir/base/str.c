/*
 * String views: searching, trimming, cutting, numbers. All byte-wise; see utf8.c for text.
 */
#include "base/str.h"

size_t ir_str_rchr(struct ir_str s, char c)
{
    const char *q = s.n ? memrchr(s.p, c, s.n) : NULL;
    return q ? (size_t)(q - s.p) : IR_NPOS;
}

/* memmem fills a table before it looks at the text, which costs more than looking through the short
 * texts that fields are. So the first byte is searched this many times, and only then memmem, which
 * stays linear whatever the text. */
#define FIND_TRIES 12u

size_t ir_str_find(struct ir_str s, struct ir_str needle)
{
    if (needle.n == 0) return 0;
    if (needle.n > s.n) return IR_NPOS;
    const char *q = s.p, *last = s.p + (s.n - needle.n);
    const char tail = needle.p[needle.n - 1];
    for (unsigned tries = 0; tries < FIND_TRIES; tries++, q++) {
        if (q > last) return IR_NPOS;
        q = memchr(q, needle.p[0], (size_t)(last - q) + 1);
        if (q == NULL) return IR_NPOS;
        if (q[needle.n - 1] == tail && memcmp(q, needle.p, needle.n) == 0) return (size_t)(q - s.p);
    }
    if (q > last) return IR_NPOS;
    q = memmem(q, (size_t)(last - q) + needle.n, needle.p, needle.n);
    return q ? (size_t)(q - s.p) : IR_NPOS;
}

size_t ir_str_find_word(struct ir_str s, struct ir_str needle)
{
    size_t from = 0, at = 0;
    if (needle.n == 0) return IR_NPOS;
    while ((at = ir_str_find(ir_str_skip(s, from), needle)) != IR_NPOS) {
        at += from;
        const size_t end = at + needle.n;
        const bool cut = (at > 0 && ir_isalnum(s.p[at - 1]) && ir_isalnum(s.p[at])) ||
                         (end < s.n && ir_isalnum(s.p[end - 1]) && ir_isalnum(s.p[end]));
        if (!cut) return at;
        from = at + 1;
    }
    return IR_NPOS;
}

size_t ir_str_rfind(struct ir_str s, struct ir_str needle)
{
    if (needle.n == 0) return s.n;
    if (needle.n > s.n) return IR_NPOS;
    for (size_t end = s.n - needle.n + 1; end > 0;) {
        size_t at = ir_str_rchr(ir_str_n(s.p, end), needle.p[0]);
        if (at == IR_NPOS) break;
        if (memcmp(s.p + at, needle.p, needle.n) == 0) return at;
        end = at;
    }
    return IR_NPOS;
}

bool ir_str_ieq(struct ir_str a, struct ir_str b)
{
    return a.n == b.n && ir_str_istarts(a, b);
}

bool ir_str_istarts(struct ir_str s, struct ir_str prefix)
{
    if (s.n < prefix.n) return false;
    for (size_t i = 0; i < prefix.n; i++)
        if (ir_lower(s.p[i]) != ir_lower(prefix.p[i])) return false;
    return true;
}

size_t ir_str_ifind(struct ir_str s, struct ir_str needle)
{
    if (needle.n == 0) return 0;
    const char first = ir_lower(needle.p[0]);
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (ir_lower(s.p[i]) == first && ir_str_istarts(ir_str_n(s.p + i, needle.n), needle))
            return i;
    return IR_NPOS;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

struct ir_str ir_str_trim(struct ir_str s)
{
    while (s.n > 0 && blank(s.p[0]))
        s = ir_str_skip(s, 1);
    while (s.n > 0 && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

int ir_str_cmp(struct ir_str a, struct ir_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c != 0) return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

struct ir_str ir_str_cut(struct ir_str *rest, char sep)
{
    struct ir_str all = *rest;
    size_t at = ir_str_chr(all, sep);
    if (at == IR_NPOS) {
        *rest = (struct ir_str){NULL, 0};
        return all;
    }
    *rest = ir_str_skip(all, at + 1);
    return ir_str_head(all, at);
}

bool ir_str_u64(struct ir_str s, uint64_t *ret_v)
{
    uint64_t v = 0;
    if (s.n == 0) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!ir_isdigit(s.p[i])) return false;
        if (__builtin_mul_overflow(v, 10u, &v)) return false;
        if (__builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v)) return false;
    }
    *ret_v = v;
    return true;
}

bool ir_str_i64(struct ir_str s, int64_t *ret_v)
{
    bool neg = s.n > 0 && s.p[0] == '-';
    uint64_t v;
    if (!ir_str_u64(neg ? ir_str_skip(s, 1) : s, &v)) return false;
    if (v > (uint64_t)INT64_MAX + neg) return false;
    *ret_v = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}
