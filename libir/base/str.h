/*
 * String views: a pointer and a length, never owned, never assumed to end in NUL.
 *
 *     struct ir_str line = ir_str_n(buf, n);
 *     if (ir_str_starts(line, IR_S("type="))) line = ir_str_skip(line, 5);
 *
 * Who owns: whoever made the bytes (a block, an arena, a literal). A view must not outlive them.
 * Bytes are arbitrary: NUL and invalid UTF-8 are normal here.
 */
#ifndef IR_BASE_STR_H
#define IR_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct ir_str {
    const char *p;
    size_t n;
};

/* A view of a string literal. */
#define IR_S(lit) ((struct ir_str){"" lit, sizeof(lit) - 1})
#define IR_NPOS   SIZE_MAX

/* For printf: "%.*s" with IR_FMT(s). Only for trusted or already escaped text. */
#define IR_FMT(s) (int)((s).n > INT32_MAX ? INT32_MAX : (s).n), (s).p ? (s).p : ""

static inline struct ir_str ir_str_n(const char *p, size_t n)
{
    return (struct ir_str){p, n};
}

static inline struct ir_str ir_str_z(const char *z)
{
    return (struct ir_str){z, z ? strlen(z) : 0};
}

static inline bool ir_str_eq(struct ir_str a, struct ir_str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

/* v is a part of whole: these very bytes, not equal ones. */
static inline bool ir_str_inside(struct ir_str v, struct ir_str whole)
{
    return whole.p != NULL && v.p >= whole.p && v.p + v.n <= whole.p + whole.n;
}

static inline bool ir_str_starts(struct ir_str s, struct ir_str prefix)
{
    return s.n >= prefix.n &&
           (prefix.n == 0 || (s.p[0] == prefix.p[0] && memcmp(s.p, prefix.p, prefix.n) == 0));
}

static inline bool ir_str_ends(struct ir_str s, struct ir_str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The view without its first (last) n bytes; n may be larger than the view. */
static inline struct ir_str ir_str_skip(struct ir_str s, size_t n)
{
    if (s.p == NULL) return s;
    return n >= s.n ? ir_str_n(s.p + s.n, 0) : ir_str_n(s.p + n, s.n - n);
}

static inline struct ir_str ir_str_head(struct ir_str s, size_t n)
{
    return n >= s.n ? s : ir_str_n(s.p, n);
}

/* Position of the first c, or IR_NPOS. */
static inline size_t ir_str_chr(struct ir_str s, char c)
{
    const char *q = s.n ? memchr(s.p, c, s.n) : NULL;
    return q ? (size_t)(q - s.p) : IR_NPOS;
}

size_t ir_str_rchr(struct ir_str s, char c);
/* Position of the first (last) occurrence of needle, or IR_NPOS. An empty needle is found at 0 (n).
 */
size_t ir_str_find(struct ir_str s, struct ir_str needle);
size_t ir_str_rfind(struct ir_str s, struct ir_str needle);
/* The same where the needle cuts no word of ASCII letters and digits; an empty one is nowhere. */
size_t ir_str_find_word(struct ir_str s, struct ir_str needle);
/* ASCII case-insensitive variants. */
bool ir_str_ieq(struct ir_str a, struct ir_str b);
bool ir_str_istarts(struct ir_str s, struct ir_str prefix);
size_t ir_str_ifind(struct ir_str s, struct ir_str needle);
/* Without blanks and tabs at both ends. */
struct ir_str ir_str_trim(struct ir_str s);
/* Orders by bytes, then by length: <0, 0, >0. */
int ir_str_cmp(struct ir_str a, struct ir_str b);

/* Cuts *rest at the first sep: returns what stood before it, *rest is what stands after it.
 * Without sep returns all, and *rest becomes empty with p == NULL (so a loop can end). */
struct ir_str ir_str_cut(struct ir_str *rest, char sep);

/* Takes the next line off *rest, without its "\n" or "\r\n"; *ret_ended tells whether there was
 * one. False when nothing is left. Inline: each byte of every log passes here. */
static inline bool ir_str_line(struct ir_str *rest, struct ir_str *ret_line, bool *ret_ended)
{
    if (rest->n == 0) return false;
    const char *nl = memchr(rest->p, '\n', rest->n);
    size_t n = nl != NULL ? (size_t)(nl - rest->p) : rest->n;
    *ret_line = ir_str_n(rest->p, n > 0 && rest->p[n - 1] == '\r' ? n - 1 : n);
    *ret_ended = nl != NULL;
    *rest = ir_str_n(rest->p + n + (nl != NULL), rest->n - n - (nl != NULL));
    return true;
}

/* Decimal digits only, whole view, no sign. False on overflow, empty or any other byte. */
bool ir_str_u64(struct ir_str s, uint64_t *ret_v);
/* An optional '-' then digits. */
bool ir_str_i64(struct ir_str s, int64_t *ret_v);

static inline bool ir_isdigit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char ir_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool ir_isalpha(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool ir_isalnum(char c)
{
    return ir_isdigit(c) || ir_isalpha(c);
}

/* 0..15, or -1. */
static inline int ir_hexval(char c)
{
    if (ir_isdigit(c)) return c - '0';
    c = ir_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
