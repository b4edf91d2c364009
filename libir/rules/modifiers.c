/*
 * The modifier chain. Matching modifiers (contains, startswith, endswith) may stand anywhere in the
 * chain: transformations run in the order written, wildcards are added last.
 *
 * base64offset: for offset 0, 1, 2 the characters that depend on neighbouring bytes are cut (start
 * 0, 2, 3; end none, 3, 2 by the length of offset + value modulo 3), counted in bytes. utf16 has a
 * BOM FF FE.
 */
#include "rules/modifiers.h"

#include "base/utf8.h"

static const struct {
    const char *name;
    enum ir_modifier id;
} table[] = {
#define MODIFIER(name, id) {name, IR_MOD_##id},
#include "rules/modifiers.def"
#undef MODIFIER
};

static enum ir_modifier by_name(struct ir_str s)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (ir_str_eq(s, ir_str_z(table[i].name))) return table[i].id;
    return IR_MOD_MAX;
}

static void set_compare(struct ir_chain *c, enum ir_compare_op op)
{
    c->compare = true;
    c->op = op;
}

/* True when the modifier only sets a property; false: it belongs to the transforming chain. */
static bool set_property(struct ir_chain *c, enum ir_modifier m)
{
    switch (m) {
    case IR_MOD_CONTAINS: return c->contains = true;
    case IR_MOD_STARTSWITH: return c->startswith = true;
    case IR_MOD_ENDSWITH: return c->endswith = true;
    case IR_MOD_ALL: return c->all = true;
    case IR_MOD_CASED: return c->cased = true;
    case IR_MOD_EXISTS: return c->exists = true;
    case IR_MOD_NEQ: return c->neq = true;
    case IR_MOD_RE: return c->re = true;
    case IR_MOD_RE_I: return c->re_i = true;
    case IR_MOD_RE_M: return c->re_m = true;
    case IR_MOD_RE_S: return c->re_s = true;
    case IR_MOD_CIDR: return c->cidr = true;
    case IR_MOD_FIELDREF: return c->fieldref = true;
    case IR_MOD_EXPAND: return c->expand = true;
    default: return false;
    }
}

static bool set_number(struct ir_chain *c, enum ir_modifier m)
{
    if (m >= IR_MOD_LT && m <= IR_MOD_GTE) {
        set_compare(c, IR_CMP_LT + (enum ir_compare_op)(m - IR_MOD_LT));
        return true;
    }
    if (m >= IR_MOD_MINUTE && m <= IR_MOD_YEAR) {
        c->date = IR_DATE_MINUTE + (enum ir_date_part)(m - IR_MOD_MINUTE);
        if (!c->compare) set_compare(c, IR_CMP_EQ);
        return true;
    }
    return false;
}

int ir_chain_parse(struct ir_build *b, struct ir_str key, uint32_t line, struct ir_str *ret_field,
                   struct ir_chain *ret_c)
{
    struct ir_chain c = {0};
    struct ir_str rest = key;
    *ret_field = ir_str_cut(&rest, '|');
    while (rest.p != NULL) {
        struct ir_str name = ir_str_cut(&rest, '|');
        enum ir_modifier m = by_name(name);
        if (m == IR_MOD_MAX)
            return ir_load_fail(b, line, "unknown modifier '%.*s'", IR_FMT(ir_str_head(name, 60)));
        if (m >= IR_MOD_RE_I && m <= IR_MOD_RE_S && !c.re)
            return ir_load_fail(b, line, "'%.*s' must follow 're'", IR_FMT(name));
        if (set_property(&c, m) || set_number(&c, m)) continue;
        if (c.nmod == IR_CHAIN_MAX) return ir_load_fail(b, line, "too many modifiers");
        c.mod[c.nmod++] = m;
    }
    *ret_c = c;
    return IR_OK;
}

bool ir_chain_is_raw(const struct ir_chain *c)
{
    return c->re || c->cidr || c->fieldref || c->compare || c->exists;
}

static bool plain_glob(struct ir_build *b, struct ir_str bytes, struct ir_glob *ret_g)
{
    return ir_glob_parse(b->arena, bytes, true, ret_g);
}

static int oom(struct ir_build *b, uint32_t line)
{
    return ir_load_fail(b, line, "out of memory");
}

static void put16(char *out, size_t *n, uint32_t unit, bool big)
{
    out[(*n)++] = (char)(big ? unit >> 8 : unit & 0xff);
    out[(*n)++] = (char)(big ? unit & 0xff : unit >> 8);
}

static int to_utf16(struct ir_build *b, const struct ir_glob *in, uint32_t line, bool big, bool bom,
                    struct ir_glob *ret_g)
{
    struct ir_str s = ir_str_n(in->byte, in->n);
    char *out = ir_arena_alloc(b->arena, s.n * 2 + 4);
    if (out == NULL) return oom(b, line);
    size_t n = 0;
    if (bom) put16(out, &n, 0xfeff, big);
    while (s.n > 0) {
        int32_t cp;
        size_t take = ir_utf8_decode(s, &cp);
        if (cp < 0) return ir_load_fail(b, line, "a value that is not UTF-8 under utf16");
        if (cp >= 0x10000) {
            put16(out, &n, 0xd800 + (((uint32_t)cp - 0x10000) >> 10), big);
            put16(out, &n, 0xdc00 + (((uint32_t)cp - 0x10000) & 0x3ff), big);
        } else {
            put16(out, &n, (uint32_t)cp, big);
        }
        s = ir_str_skip(s, take);
    }
    return plain_glob(b, ir_str_n(out, n), ret_g) ? IR_OK : oom(b, line);
}

/* Base64 of `offset` zero bytes followed by s, with padding. */
static struct ir_str base64(struct ir_arena *a, struct ir_str s, size_t offset)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t total = s.n + offset, n = 0;
    char *out = ir_arena_alloc(a, (total + 2) / 3 * 4 + 1);
    if (out == NULL) return ir_str_n(NULL, 0);
    for (size_t i = 0; i < total; i += 3) {
        uint32_t v = 0;
        for (size_t k = i; k < i + 3; k++) {
            uint32_t byte = k < offset || k >= total ? 0 : (unsigned char)s.p[k - offset];
            v = v << 8 | byte;
        }
        for (size_t k = 0; k < 4; k++)
            out[n++] = i * 8 + k * 6 < total * 8 ? digits[v >> (18 - 6 * k) & 63] : '=';
    }
    return ir_str_n(out, n);
}

static int to_base64offset(struct ir_build *b, struct ir_str s, uint32_t line,
                           struct ir_glob ret_g[3])
{
    static const size_t cut_start[3] = {0, 2, 3}, cut_end[3] = {0, 3, 2};
    for (size_t off = 0; off < 3; off++) {
        struct ir_str t = base64(b->arena, s, off);
        if (t.p == NULL) return oom(b, line);
        size_t end = cut_end[(s.n + off) % 3];
        if (t.n < cut_start[off] + end) return ir_load_fail(b, line, "too short for base64offset");
        t = ir_str_n(t.p + cut_start[off], t.n - cut_start[off] - end);
        if (!plain_glob(b, t, &ret_g[off])) return oom(b, line);
    }
    return IR_OK;
}

static int transform_one(struct ir_build *b, enum ir_modifier m, uint32_t line, struct ir_glob *g)
{
    struct ir_str t;
    switch (m) {
    case IR_MOD_UTF16LE: return to_utf16(b, g, line, false, false, g);
    case IR_MOD_UTF16BE: return to_utf16(b, g, line, true, false, g);
    case IR_MOD_UTF16: return to_utf16(b, g, line, false, true, g);
    case IR_MOD_WINDASH: ir_glob_windash(g); return IR_OK;
    default: break;
    }
    t = base64(b->arena, ir_str_n(g->byte, g->n), 0);
    return t.p != NULL && plain_glob(b, t, g) ? IR_OK : oom(b, line);
}

int ir_chain_transform(struct ir_build *b, const struct ir_chain *c, const struct ir_glob *in,
                       uint32_t line, struct ir_glob ret_g[3], uint32_t *ret_n)
{
    ret_g[0] = *in;
    *ret_n = 1;
    for (uint32_t i = 0; i < c->nmod; i++) {
        if (c->mod[i] != IR_MOD_WINDASH && ir_glob_has_wildcard(&ret_g[0]))
            return ir_load_fail(b, line, "a wildcard in a value that is to be encoded");
        if (c->mod[i] == IR_MOD_BASE64OFFSET) {
            if (*ret_n != 1) return ir_load_fail(b, line, "base64offset twice");
            int rc = to_base64offset(b, ir_str_n(ret_g[0].byte, ret_g[0].n), line, ret_g);
            if (rc != IR_OK) return rc;
            *ret_n = 3;
            continue;
        }
        for (uint32_t k = 0; k < *ret_n; k++) {
            int rc = transform_one(b, c->mod[i], line, &ret_g[k]);
            if (rc != IR_OK) return rc;
        }
    }
    for (uint32_t k = 0; k < *ret_n; k++)
        if (!ir_glob_open(b->arena, &ret_g[k], c->contains || c->endswith,
                          c->contains || c->startswith))
            return oom(b, line);
    return IR_OK;
}
