/*
 * String patterns: reading Sigma's escapes, and matching without backtracking over '*'.
 */
#include "rules/pattern.h"

#include "base/utf8.h"

static bool glob_room(struct ir_arena *a, struct ir_glob *g, size_t n)
{
    g->byte = ir_arena_alloc(a, n + 1);
    g->kind = ir_arena_alloc(a, n + 1);
    g->n = 0;
    return g->byte != NULL && g->kind != NULL;
}

static void glob_put(struct ir_glob *g, char byte, enum ir_glob_kind kind)
{
    g->byte[g->n] = byte;
    g->kind[g->n++] = (uint8_t)kind;
}

static bool escapable(char c)
{
    return c == '*' || c == '?' || c == '\\';
}

bool ir_glob_parse(struct ir_arena *a, struct ir_str s, bool raw, struct ir_glob *ret_g)
{
    if (!glob_room(a, ret_g, s.n)) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!raw && c == '\\' && i + 1 < s.n && escapable(s.p[i + 1]))
            glob_put(ret_g, s.p[++i], IR_GLOB_BYTE);
        else if (!raw && c == '*')
            glob_put(ret_g, c, IR_GLOB_ANY);
        else if (!raw && c == '?')
            glob_put(ret_g, c, IR_GLOB_ONE);
        else
            glob_put(ret_g, c, IR_GLOB_BYTE);
    }
    return true;
}

bool ir_glob_has_wildcard(const struct ir_glob *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->kind[i] == IR_GLOB_ANY || g->kind[i] == IR_GLOB_ONE) return true;
    return false;
}

struct ir_str ir_glob_bytes(struct ir_arena *a, const struct ir_glob *g)
{
    return ir_arena_dup(a, ir_str_n(g->byte, g->n));
}

bool ir_glob_open(struct ir_arena *a, struct ir_glob *g, bool before, bool after)
{
    struct ir_glob out;
    if (!glob_room(a, &out, g->n + 2)) return false;
    if (before && !(g->n > 0 && g->kind[0] == IR_GLOB_ANY)) glob_put(&out, '*', IR_GLOB_ANY);
    for (size_t i = 0; i < g->n; i++)
        glob_put(&out, g->byte[i], g->kind[i]);
    if (after && !(out.n > 0 && out.kind[out.n - 1] == IR_GLOB_ANY))
        glob_put(&out, '*', IR_GLOB_ANY);
    *g = out;
    return true;
}

static bool word_byte(const struct ir_glob *g, size_t i)
{
    char c = g->byte[i];
    return g->kind[i] == IR_GLOB_BYTE && (ir_isalnum(c) || c == '_' || (c & 0x80));
}

/* As the regular expression \B[-/]\b: no word character before, one after. */
void ir_glob_windash(struct ir_glob *g)
{
    for (size_t i = 0; i + 1 < g->n; i++) {
        bool dash = g->kind[i] == IR_GLOB_BYTE && (g->byte[i] == '-' || g->byte[i] == '/');
        if (dash && (i == 0 || !word_byte(g, i - 1)) && word_byte(g, i + 1))
            g->kind[i] = IR_GLOB_DASH;
    }
}

/* Folds runs of plain bytes as text; the stand-ins of '?' and dashes stay single bytes. */
static bool make_segment(struct ir_arena *a, const struct ir_glob *g, size_t from, size_t to,
                         bool cased, struct ir_segment *ret_s)
{
    char *out = ir_arena_alloc(a, (to - from) * 3 + 1);
    uint8_t *kind = ir_arena_zalloc(a, (to - from) * 3 + 1);
    if (out == NULL || kind == NULL) return false;
    size_t n = 0;
    bool special = false;
    for (size_t i = from; i < to;) {
        if (g->kind[i] != IR_GLOB_BYTE) {
            kind[n] = g->kind[i];
            out[n++] = g->byte[i++];
            special = true;
            continue;
        }
        size_t end = i;
        while (end < to && g->kind[end] == IR_GLOB_BYTE)
            end++;
        struct ir_str run = ir_str_n(g->byte + i, end - i);
        if (cased) memcpy(out + n, run.p, run.n);
        n += cased ? run.n : ir_fold(run, out + n);
        i = end;
    }
    *ret_s = (struct ir_segment){ir_str_n(out, n), special ? kind : NULL};
    return true;
}

static enum ir_pattern_op choose_op(const struct ir_pattern *p)
{
    if (p->nseg == 0) return p->anchored_start ? IR_PAT_EQ : IR_PAT_ANY;
    if (p->nseg > 1 || p->seg[0].kind != NULL) return IR_PAT_GLOB;
    if (p->anchored_start) return p->anchored_end ? IR_PAT_EQ : IR_PAT_STARTS;
    return p->anchored_end ? IR_PAT_ENDS : IR_PAT_CONTAINS;
}

bool ir_pattern_make(struct ir_arena *a, const struct ir_glob *g, bool cased,
                     struct ir_pattern *ret_p)
{
    struct ir_pattern p = {.cased = cased, .anchored_start = true, .anchored_end = true};
    p.seg = ir_arena_alloc(a, (g->n + 1) * sizeof *p.seg);
    if (p.seg == NULL) return false;
    for (size_t i = 0; i < g->n;) {
        if (g->kind[i] == IR_GLOB_ANY) {
            if (i == 0) p.anchored_start = false;
            p.anchored_end = ++i < g->n;
            continue;
        }
        size_t end = i;
        while (end < g->n && g->kind[end] != IR_GLOB_ANY)
            end++;
        if (!make_segment(a, g, i, end, cased, &p.seg[p.nseg++])) return false;
        i = end;
    }
    if (p.nseg == 0 && g->n == 0) p.seg[0] = (struct ir_segment){ir_str_n("", 0), NULL};
    p.op = choose_op(&p);
    *ret_p = p;
    return true;
}

struct ir_str ir_dash(size_t i)
{
    static const struct ir_str dashes[IR_DASHES] = {{"-", 1},
                                                    {"/", 1},
                                                    {"\xe2\x80\x93", 3},  /* U+2013 */
                                                    {"\xe2\x80\x94", 3},  /* U+2014 */
                                                    {"\xe2\x80\x95", 3}}; /* U+2015 */
    return dashes[i];
}

static size_t dash_length(struct ir_str s)
{
    for (size_t i = 0; i < IR_DASHES; i++)
        if (ir_str_starts(s, ir_dash(i))) return ir_dash(i).n;
    return 0;
}

/* Bytes of s that the whole segment takes when it begins there, or IR_NPOS. Elements have one
 * length each at a given place, so there is nothing to try twice. */
static size_t segment_at(const struct ir_segment *g, struct ir_str s)
{
    if (g->kind == NULL) return ir_str_starts(s, g->lit) ? g->lit.n : IR_NPOS;
    size_t at = 0;
    for (size_t i = 0; i < g->lit.n; i++) {
        struct ir_str rest = ir_str_skip(s, at);
        size_t take = 0;
        int32_t cp;
        if (rest.n == 0) return IR_NPOS;
        switch (g->kind[i]) {
        case IR_GLOB_ONE: take = ir_utf8_decode(rest, &cp); break;
        case IR_GLOB_DASH: take = dash_length(rest); break;
        default: take = rest.p[0] == g->lit.p[i]; break;
        }
        if (take == 0) return IR_NPOS;
        at += take;
    }
    return at;
}

/* A '?' takes a character: a segment that begins with one cannot begin in the middle of another. */
static bool may_begin(const struct ir_segment *g, struct ir_str s, size_t at)
{
    int32_t cp;
    if (g->kind[0] != IR_GLOB_ONE || ((unsigned char)s.p[at] & 0xc0) != 0x80) return true;
    for (size_t back = 1; back < 4 && back <= at; back++)
        if (ir_utf8_decode(ir_str_skip(s, at - back), &cp) > back) return false;
    return true;
}

/* The leftmost place at or after the start of s; *ret_end is where the segment ends. */
static bool segment_find(const struct ir_segment *g, struct ir_str s, size_t *ret_end)
{
    if (g->kind == NULL) {
        size_t at = ir_str_find(s, g->lit);
        *ret_end = at == IR_NPOS ? 0 : at + g->lit.n;
        return at != IR_NPOS;
    }
    for (size_t at = 0; at < s.n; at++) {
        size_t take = may_begin(g, s, at) ? segment_at(g, ir_str_skip(s, at)) : IR_NPOS;
        if (take == IR_NPOS) continue;
        *ret_end = at + take;
        return true;
    }
    return false;
}

static bool segment_ends(const struct ir_segment *g, struct ir_str s)
{
    if (g->kind == NULL) return ir_str_ends(s, g->lit);
    size_t most = g->lit.n * 4; /* '?' takes up to four bytes */
    for (size_t at = s.n > most ? s.n - most : 0; at < s.n; at++)
        if (may_begin(g, s, at) && segment_at(g, ir_str_skip(s, at)) == s.n - at) return true;
    return false;
}

/* Leftmost-first is right for '*': taking a middle segment earlier never hurts the ones after it.
 */
static bool match_glob(const struct ir_pattern *p, struct ir_str s)
{
    uint32_t i = 0, last = p->nseg;
    if (p->anchored_start && p->anchored_end && p->nseg == 1)
        return segment_at(&p->seg[0], s) == s.n;
    if (p->anchored_start) {
        size_t take = segment_at(&p->seg[i++], s);
        if (take == IR_NPOS) return false;
        s = ir_str_skip(s, take);
    }
    if (p->anchored_end) last--;
    for (; i < last; i++) {
        size_t end;
        if (!segment_find(&p->seg[i], s, &end)) return false;
        s = ir_str_skip(s, end);
    }
    return !p->anchored_end || segment_ends(&p->seg[last], s);
}

bool ir_pattern_match(const struct ir_pattern *p, struct ir_str value)
{
    switch (p->op) {
    case IR_PAT_ANY: return true;
    case IR_PAT_EQ: return ir_str_eq(value, p->seg[0].lit);
    case IR_PAT_CONTAINS: return ir_str_find(value, p->seg[0].lit) != IR_NPOS;
    case IR_PAT_STARTS: return ir_str_starts(value, p->seg[0].lit);
    case IR_PAT_ENDS: return ir_str_ends(value, p->seg[0].lit);
    case IR_PAT_GLOB: return match_glob(p, value);
    }
    return false;
}

bool ir_pattern_is_exact(const struct ir_pattern *p)
{
    return p->op == IR_PAT_EQ;
}
