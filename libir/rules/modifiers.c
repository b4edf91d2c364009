/*
 * The modifier chain. Matching modifiers (contains, startswith, endswith) may stand anywhere in the
 * chain: transformations run in the order written, wildcards are added last.
 *
 * base64offset: for offset 0, 1, 2 the characters that depend on neighbouring bytes are cut (start
 * 0, 2, 3; end none, 3, 2 by the length of offset + value modulo 3), counted in bytes. utf16 has a
 * BOM FF FE. windash marks places in the pattern; only before an encoding it makes many values.
 */
#include "rules/modifiers.h"

#include "base/utf8.h"

#define WINDASH_ENCODED_MAX 4u   /* dashes of one value before an encoding, … */
#define WINDASH_FORMS_MAX   625u /* … which make at most IR_DASHES to that power */

static const struct {
    const char *name;
    enum ir_modifier id;
} table[] = {
#define MODIFIER(name, id) {name, IR_MOD_##id},
#include "rules/modifiers.def"
#undef MODIFIER
};

uint32_t ir_chain_regex_flags(const struct ir_chain *c)
{
    uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    if (c->re_i) flags |= PCRE2_CASELESS;
    if (c->re_m) flags |= PCRE2_MULTILINE;
    if (c->re_s) flags |= PCRE2_DOTALL;
    return flags;
}

static enum ir_modifier by_name(struct ir_str s)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (ir_str_eq(s, ir_str_z(table[i].name))) return table[i].id;
    return IR_MOD_MAX;
}

static void set_compare(struct ir_chain *c, enum ir_compare_op op)
{
    c->clash = c->clash || (c->compare && c->op != IR_CMP_EQ);
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
        c->clash = c->clash || c->date != IR_DATE_NONE;
        c->date = IR_DATE_MINUTE + (enum ir_date_part)(m - IR_MOD_MINUTE);
        if (!c->compare) set_compare(c, IR_CMP_EQ);
        return true;
    }
    return false;
}

/* Modifiers that say what kind of value it is exclude each other, and leave nothing to encode. */
static bool clashes(const struct ir_chain *c)
{
    int kinds = c->re + c->cidr + c->fieldref + c->exists + c->compare;
    bool shape = c->contains || c->startswith || c->endswith || c->cased;
    if (c->clash || kinds > 1 || (kinds > 0 && c->nmod > 0)) return true;
    return shape && (c->cidr || c->exists || c->compare);
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
    if (clashes(&c))
        return ir_load_fail(b, line, "modifiers that cannot stand together: '%.*s'",
                            IR_FMT(ir_str_head(key, 80)));
    if (ret_field->n == 0 && (c.exists || c.fieldref))
        return ir_load_fail(b, line, "'exists' and 'fieldref' need a field");
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

/* A growing list of the forms that one value takes. */
struct forms {
    struct ir_glob *g;
    uint32_t n;
};

static int to_base64offset(struct ir_build *b, struct ir_str s, uint32_t line, struct forms *out)
{
    static const size_t cut_start[3] = {0, 2, 3}, cut_end[3] = {0, 3, 2};
    for (size_t off = 0; off < 3; off++) {
        struct ir_str t = base64(b->arena, s, off);
        if (t.p == NULL) return oom(b, line);
        size_t end = cut_end[(s.n + off) % 3];
        /* what is left must not be empty: it would be found everywhere */
        if (t.n <= cut_start[off] + end) return ir_load_fail(b, line, "too short for base64offset");
        t = ir_str_n(t.p + cut_start[off], t.n - cut_start[off] - end);
        if (!plain_glob(b, t, &out->g[out->n++])) return oom(b, line);
    }
    return IR_OK;
}

/* Before an encoding the dashes must be spelled out: there is no class of encoded dashes. */
static int to_dashes(struct ir_build *b, const struct ir_glob *in, uint32_t line, struct forms *out)
{
    size_t dash[WINDASH_ENCODED_MAX], n = 0, count = 1;
    for (size_t i = 0; i < in->n; i++) {
        if (in->kind[i] != IR_GLOB_DASH) continue;
        if (n == WINDASH_ENCODED_MAX)
            return ir_load_fail(b, line, "too many dashes in a value that is to be encoded");
        dash[n++] = i;
        count *= IR_DASHES;
    }
    for (size_t k = 0; k < count; k++) {
        char *text = ir_arena_alloc(b->arena, in->n + n * 2 + 1);
        size_t len = 0, which = k, next = 0;
        if (text == NULL) return oom(b, line);
        for (size_t i = 0; i < in->n; i++) {
            struct ir_str piece = ir_str_n(in->byte + i, 1);
            if (next < n && dash[next] == i) {
                piece = ir_dash(which % IR_DASHES);
                which /= IR_DASHES;
                next++;
            }
            memcpy(text + len, piece.p, piece.n);
            len += piece.n;
        }
        if (!plain_glob(b, ir_str_n(text, len), &out->g[out->n++])) return oom(b, line);
    }
    return IR_OK;
}

static int transform_one(struct ir_build *b, enum ir_modifier m, uint32_t line,
                         const struct ir_glob *in, struct ir_glob *ret_g)
{
    struct ir_str t;
    switch (m) {
    case IR_MOD_UTF16LE: return to_utf16(b, in, line, false, false, ret_g);
    case IR_MOD_UTF16BE: return to_utf16(b, in, line, true, false, ret_g);
    case IR_MOD_UTF16: return to_utf16(b, in, line, false, true, ret_g);
    default: break;
    }
    t = base64(b->arena, ir_str_n(in->byte, in->n), 0);
    return t.p != NULL && plain_glob(b, t, ret_g) ? IR_OK : oom(b, line);
}

static int transform(struct ir_build *b, enum ir_modifier m, bool last, uint32_t line,
                     struct forms *f)
{
    uint32_t times = m == IR_MOD_BASE64OFFSET       ? 3
                     : m == IR_MOD_WINDASH && !last ? WINDASH_FORMS_MAX
                                                    : 1;
    struct forms out = {ir_arena_alloc(b->arena, f->n * times * sizeof *out.g), 0};
    if (out.g == NULL) return oom(b, line);
    for (uint32_t i = 0; i < f->n; i++) {
        int rc = IR_OK;
        if (m == IR_MOD_WINDASH) {
            ir_glob_windash(&f->g[i]);
            if (last)
                out.g[out.n++] = f->g[i];
            else
                rc = to_dashes(b, &f->g[i], line, &out);
        } else if (m == IR_MOD_BASE64OFFSET) {
            rc = to_base64offset(b, ir_str_n(f->g[i].byte, f->g[i].n), line, &out);
        } else {
            rc = transform_one(b, m, line, &f->g[i], &out.g[out.n++]);
        }
        if (rc != IR_OK) return rc;
    }
    *f = out;
    return IR_OK;
}

int ir_chain_transform(struct ir_build *b, const struct ir_chain *c, struct ir_glob *in,
                       uint32_t line, struct ir_glob **ret_g, uint32_t *ret_n)
{
    struct forms f = {in, 1};
    bool offset = false, dashes = false;
    for (uint32_t i = 0; i < c->nmod; i++) {
        bool again = c->mod[i] == IR_MOD_BASE64OFFSET ? offset : dashes;
        bool last = i + 1 == c->nmod;
        if ((c->mod[i] != IR_MOD_WINDASH || !last) && ir_glob_has_wildcard(in))
            return ir_load_fail(b, line, "a wildcard in a value that is to be encoded");
        if (c->mod[i] == IR_MOD_BASE64OFFSET || c->mod[i] == IR_MOD_WINDASH) {
            if (again) return ir_load_fail(b, line, "base64offset or windash twice");
            *(c->mod[i] == IR_MOD_WINDASH ? &dashes : &offset) = true;
        }
        int rc = transform(b, c->mod[i], last, line, &f);
        if (rc != IR_OK) return rc;
    }
    for (uint32_t k = 0; k < f.n; k++)
        if (!ir_glob_open(b->arena, &f.g[k], c->contains || c->endswith,
                          c->contains || c->startswith))
            return oom(b, line);
    *ret_g = f.g;
    *ret_n = f.n;
    return IR_OK;
}
