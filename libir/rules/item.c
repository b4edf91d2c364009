/*
 * One detection item: `Field|modifiers: value(s)` or a keyword list, to typed values.
 *
 * Placeholders: with `expand`, %name% is replaced by each of its values; a name without values
 * makes the rule wait (it loads, is reported, and never fires). Null inside a list is taken
 * although the specification frowns on it: refusing a whole rule for it would lose more.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "rules/modifiers.h"

#define NUMBER_TABLE_MIN 3u
#define EXACT_TABLE_MIN  16u /* from this many exact values on, a sorted table is searched */
#define PLACEHOLDERS_MAX 8u  /* in one value */

struct item_build {
    struct ir_build *b;
    struct ir_chain chain;
    struct ir_item *item;
    uint32_t cap;
};

static int add_val(struct item_build *ib, const struct ir_val *v)
{
    struct ir_item *it = ib->item;
    if (it->nvals == IR_RULES_VALUES_MAX) return ir_load_fail(ib->b, v->line, "too many values");
    if (it->nvals == ib->cap) {
        uint32_t cap = ib->cap ? ib->cap * 2 : 4;
        struct ir_val *vals = ir_arena_alloc(ib->b->arena, cap * sizeof *vals);
        if (vals == NULL) return ir_load_fail(ib->b, v->line, "out of memory");
        if (it->nvals > 0) memcpy(vals, it->vals, it->nvals * sizeof *vals);
        it->vals = vals;
        ib->cap = cap;
    }
    it->vals[it->nvals++] = *v;
    return IR_OK;
}

static int add_regex(struct item_build *ib, struct ir_val *v)
{
    const uint32_t flags = ir_chain_regex_flags(&ib->chain);
    int code;
    PCRE2_SIZE at;
    v->kind = IR_VAL_REGEX;
    v->regex = pcre2_compile((PCRE2_SPTR)v->text.p, v->text.n, flags, &code, &at, NULL);
    if (v->regex == NULL) {
        char msg[128] = "";
        pcre2_get_error_message(code, (PCRE2_UCHAR *)msg, sizeof msg);
        return ir_load_fail(ib->b, v->line, "regular expression: %s at offset %zu", msg,
                            (size_t)at);
    }
    struct ir_regex_link *link = ir_arena_alloc(ib->b->arena, sizeof *link);
    if (link == NULL) {
        pcre2_code_free(v->regex);
        return ir_load_fail(ib->b, v->line, "out of memory");
    }
    *link = (struct ir_regex_link){v->regex, *ib->b->regexes};
    *ib->b->regexes = link;
    pcre2_jit_compile(v->regex, PCRE2_JIT_COMPLETE); /* without JIT it runs interpreted */
    return add_val(ib, v);
}

static int add_fieldref(struct item_build *ib, struct ir_val *v)
{
    const struct ir_chain *c = &ib->chain;
    v->kind = IR_VAL_FIELDREF;
    v->ref_fields = ir_alias_fields(ib->b, v->text);
    if (v->ref_fields == NULL) return ir_load_fail(ib->b, v->line, "out of memory");
    v->pattern.op = c->contains     ? IR_PAT_CONTAINS
                    : c->startswith ? IR_PAT_STARTS
                    : c->endswith   ? IR_PAT_ENDS
                                    : IR_PAT_EQ;
    v->pattern.cased = c->cased;
    return add_val(ib, v);
}

/* Values that are taken as written. */
static int add_raw(struct item_build *ib, struct ir_val *v, const struct ir_yaml *n)
{
    const struct ir_chain *c = &ib->chain;
    if (c->exists) {
        v->kind = IR_VAL_EXISTS;
        if (!ir_str_ieq(v->text, IR_S("true")) && !ir_str_ieq(v->text, IR_S("false")))
            return ir_load_fail(ib->b, n->line, "'exists' takes true or false");
        v->yes = ir_str_ieq(v->text, IR_S("true"));
        return add_val(ib, v);
    }
    if (c->cidr) {
        v->kind = IR_VAL_CIDR;
        if (!ir_cidr_parse(v->text, &v->cidr))
            return ir_load_fail(ib->b, n->line, "not a network: '%.*s'",
                                IR_FMT(ir_str_head(v->text, 80)));
        return add_val(ib, v);
    }
    if (c->compare) {
        v->kind = IR_VAL_COMPARE;
        v->compare = c->op;
        if (!ir_number_parse(v->text, &v->number))
            return ir_load_fail(ib->b, n->line, "not a number: '%.*s'",
                                IR_FMT(ir_str_head(v->text, 80)));
        return add_val(ib, v);
    }
    return c->fieldref ? add_fieldref(ib, v) : add_regex(ib, v);
}

static int add_pattern(struct item_build *ib, struct ir_val *v, bool numeric)
{
    struct ir_build *b = ib->b;
    struct ir_glob in, *out;
    uint32_t n;
    numeric = numeric && ib->chain.nmod == 0; /* what is encoded is text */
    if (!ir_glob_parse(b->arena, v->text, false, &in))
        return ir_load_fail(b, v->line, "out of memory");
    int rc = ir_chain_transform(b, &ib->chain, &in, v->line, &out, &n);
    for (uint32_t i = 0; rc == IR_OK && i < n; i++) {
        v->kind = IR_VAL_PATTERN;
        if (!ir_pattern_make(b->arena, &out[i], ib->chain.cased, &v->pattern))
            return ir_load_fail(b, v->line, "out of memory");
        if (numeric && v->pattern.op == IR_PAT_EQ && ir_number_parse(v->text, &v->number))
            v->kind = IR_VAL_NUMBER;
        rc = add_val(ib, v);
    }
    return rc;
}

static int add_text(struct item_build *ib, const struct ir_yaml *n, struct ir_str text)
{
    struct ir_val v = {.line = n->line, .text = text};
    return ir_chain_is_raw(&ib->chain) ? add_raw(ib, &v, n) : add_pattern(ib, &v, n->plain);
}

/* The first %name% of s that is not escaped: true, with what stands before, the name and what
 * follows. */
static bool find_placeholder(struct ir_str s, struct ir_str *before, struct ir_str *name,
                             struct ir_str *after)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '%') {
            i++;
            continue;
        }
        if (s.p[i] != '%') continue;
        struct ir_str rest = ir_str_skip(s, i + 1);
        size_t end = ir_str_chr(rest, '%');
        if (end == IR_NPOS || end == 0) return false;
        *before = ir_str_head(s, i);
        *name = ir_str_head(rest, end);
        *after = ir_str_skip(rest, end + 1);
        return true;
    }
    return false;
}

static struct ir_str unescape_percent(struct ir_build *b, struct ir_str s)
{
    struct ir_str out = ir_arena_dup(b->arena, s);
    if (out.p == NULL) return out;
    char *p = (char *)out.p;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '%') i++;
        p[n++] = s.p[i];
    }
    return ir_str_n(p, n);
}

static void note_waiting(struct ir_build *b, struct ir_str name)
{
    struct ir_str have = ir_buf_view(b->waits);
    while (have.n > 0)
        if (ir_str_eq(ir_str_cut(&have, ','), name)) return;
    if (b->waits->n > 0) ir_buf_chr(b->waits, ',');
    ir_buf_str(b->waits, name);
}

/* The values of a placeholder, or NULL when it has none (then the rule waits). */
static const struct ir_yaml *placeholder(struct ir_build *b, struct ir_str name)
{
    uint32_t at = b->placeholders ? ir_map_find(b->placeholders, name) : UINT32_MAX;
    const struct ir_yaml *vals =
        at == UINT32_MAX ? NULL : b->placeholder_values[b->placeholders->items[at].value];
    if (vals == NULL || ir_yaml_is_null(vals)) {
        note_waiting(b, name);
        return NULL;
    }
    return vals;
}

/* done: what is expanded already; the values that stand in it are not expanded again. */
static int add_expanded(struct item_build *ib, const struct ir_yaml *n, struct ir_str done,
                        struct ir_str rest, unsigned depth)
{
    struct ir_build *b = ib->b;
    struct ir_str before = rest, name, after = {NULL, 0};
    bool found = find_placeholder(rest, &before, &name, &after);
    const struct ir_yaml *vals = found ? placeholder(b, name) : n;
    if (vals == NULL) return IR_OK;
    if (found && depth == PLACEHOLDERS_MAX)
        return ir_load_fail(b, n->line, "too many placeholders in one value");
    before = unescape_percent(b, before);
    bool list = found && vals->kind == IR_YAML_LIST;
    const struct ir_yaml *one = list ? vals->kids : vals;
    int rc = IR_OK;
    for (; rc == IR_OK && one != NULL; one = list ? one->next : NULL) {
        struct ir_buf t = IR_BUF(65536);
        ir_buf_str(&t, done);
        ir_buf_str(&t, before);
        if (found) ir_buf_str(&t, one->text);
        struct ir_str joined = ir_arena_dup(b->arena, ir_buf_view(&t));
        bool full = t.full || joined.p == NULL;
        ir_buf_free(&t);
        if (full) return ir_load_fail(b, n->line, "a placeholder's value is too long");
        if (one->kind != IR_YAML_SCALAR)
            return ir_load_fail(b, n->line, "a placeholder's values must be text or numbers");
        rc = found ? add_expanded(ib, n, joined, after, depth + 1) : add_text(ib, n, joined);
    }
    return rc;
}

static int add_scalar(struct item_build *ib, const struct ir_yaml *n)
{
    if (n->kind != IR_YAML_SCALAR)
        return ir_load_fail(ib->b, n->line, "a value must be text, a number or a list of these");
    struct ir_val v = {.kind = IR_VAL_NULL, .line = n->line, .text = IR_S("null")};
    if (ir_yaml_is_null(n)) {
        const struct ir_chain *c = &ib->chain;
        if (c->re || c->fieldref) return ir_load_fail(ib->b, n->line, "null is no value here");
        if (!ir_chain_is_raw(c)) return add_val(ib, &v);
    }
    uint32_t first = ib->item->nvals;
    int rc = ib->chain.expand ? add_expanded(ib, n, ir_str_n("", 0), n->text, 0)
                              : add_text(ib, n, n->text);
    if (rc != IR_OK) return rc;
    if (ib->item->nvals == first) {
        v.kind = IR_VAL_NEVER;
        v.text = n->text;
        return add_val(ib, &v);
    }
    for (uint32_t i = first; i + 1 < ib->item->nvals; i++)
        ib->item->vals[i].more = true;
    return IR_OK;
}

static int cmp_str(const void *a, const void *b)
{
    return ir_str_cmp(*(const struct ir_str *)a, *(const struct ir_str *)b);
}

/* Long lists of exact values (hashes, driver names) get a sorted table. Numbers stay in the walk.
 */
static int make_exact_table(struct ir_build *b, struct ir_item *it)
{
    uint32_t n = 0;
    if (it->all || it->fields == NULL) return IR_OK;
    for (uint32_t i = 0; i < it->nvals; i++)
        n += it->vals[i].kind == IR_VAL_PATTERN && it->vals[i].pattern.op == IR_PAT_EQ &&
             !it->vals[i].pattern.cased;
    if (n < EXACT_TABLE_MIN) return IR_OK;
    it->exact = ir_arena_alloc(b->arena, n * sizeof *it->exact);
    if (it->exact == NULL) return ir_load_fail(b, it->line, "out of memory");
    uint32_t keep = 0;
    struct ir_val *rest = ir_arena_alloc(b->arena, it->nvals * sizeof *rest);
    if (rest == NULL) return ir_load_fail(b, it->line, "out of memory");
    for (uint32_t i = 0; i < it->nvals; i++) {
        const struct ir_val *v = &it->vals[i];
        if (v->kind == IR_VAL_PATTERN && v->pattern.op == IR_PAT_EQ && !v->pattern.cased)
            it->exact[it->nexact++] = v->pattern.seg[0].lit;
        else
            rest[keep++] = *v;
    }
    qsort(it->exact, it->nexact, sizeof *it->exact, cmp_str);
    it->vals = rest;
    it->nvals = keep;
    return IR_OK;
}

static int cmp_whole(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Lists of numbers (ports, event ids). */
static int make_number_table(struct ir_build *b, struct ir_item *it)
{
    if (it->fields == NULL || it->all || it->date != IR_DATE_NONE || it->nvals < NUMBER_TABLE_MIN)
        return IR_OK;
    for (uint32_t i = 0; i < it->nvals; i++)
        if (it->vals[i].kind != IR_VAL_NUMBER || !it->vals[i].number.whole) return IR_OK;
    it->whole = ir_arena_alloc(b->arena, it->nvals * sizeof *it->whole);
    if (it->whole == NULL) return ir_load_fail(b, it->line, "out of memory");
    for (uint32_t i = 0; i < it->nvals; i++)
        it->whole[i] = it->vals[i].number.i;
    qsort(it->whole, it->nvals, sizeof *it->whole, cmp_whole);
    return IR_OK;
}

static bool is_plain(const struct ir_item *it)
{
    for (uint32_t i = 0; i < it->nvals; i++)
        if (it->vals[i].kind == IR_VAL_NULL || it->vals[i].kind == IR_VAL_EXISTS) return false;
    return it->fields != NULL && !it->all;
}

int ir_item_build(struct ir_build *b, struct ir_str key, const struct ir_yaml *node,
                  struct ir_item **ret_item)
{
    struct item_build ib = {.b = b};
    struct ir_item *it = ib.item = ir_arena_zalloc(b->arena, sizeof *it);
    if (it == NULL) return ir_load_fail(b, node->line, "out of memory");
    int rc = ir_chain_parse(b, key, node->line, &it->field, &ib.chain);
    if (rc != IR_OK) return rc;
    it->key = key;
    it->line = node->line;
    it->all = ib.chain.all;
    it->negate = ib.chain.neq;
    it->date = ib.chain.date;
    if (it->field.n > 0) {
        it->fields = ir_alias_fields(b, it->field);
        if (it->fields == NULL) return ir_load_fail(b, node->line, "out of memory");
    } else if (!ir_chain_is_raw(&ib.chain)) {
        /* a keyword is searched anywhere in the message */
        ib.chain.contains = !ib.chain.startswith && !ib.chain.endswith;
    }
    if (node->kind == IR_YAML_LIST) {
        for (const struct ir_yaml *k = node->kids; rc == IR_OK && k != NULL; k = k->next)
            rc = add_scalar(&ib, k);
        if (rc == IR_OK && node->kids == NULL)
            rc = ir_load_fail(b, node->line, "an empty list of values");
    } else {
        rc = add_scalar(&ib, node);
    }
    if (rc == IR_OK) rc = make_exact_table(b, it);
    if (rc == IR_OK) rc = make_number_table(b, it);
    it->plain = is_plain(it);
    if (rc == IR_OK) *ret_item = it;
    return rc;
}
