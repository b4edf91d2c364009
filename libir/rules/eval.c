/*
 * Evaluation. Strings are compared folded (simple Unicode folding) unless the pattern is cased; a
 * field's folded value is made once an event and kept in the event's arena.
 *
 * Settled as facts and specification advise: null = absent or JSON null; '' = present and empty;
 * number against text: equal as text, or as numbers when both are; lists in events: any element;
 * neq = not (any).
 */
#include "rules/eval.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"
#include "rules/date.h"

#define MATCH_LIMIT 200000u
#define DEPTH_LIMIT 2000u
#define HEAP_LIMIT  4096u /* KiB */

bool ir_eval_open(struct ir_eval *e)
{
    e->match_data = pcre2_match_data_create(1, NULL);
    e->match_context = pcre2_match_context_create(NULL);
    if (e->match_data == NULL || e->match_context == NULL) return false;
    pcre2_set_match_limit(e->match_context, MATCH_LIMIT);
    pcre2_set_depth_limit(e->match_context, DEPTH_LIMIT);
    pcre2_set_heap_limit(e->match_context, HEAP_LIMIT);
    return true;
}

void ir_eval_close(struct ir_eval *e)
{
    pcre2_match_data_free(e->match_data);
    pcre2_match_context_free(e->match_context);
}

void ir_eval_begin(struct ir_eval *e, struct ir_event *ev)
{
    e->ev = ev;
    e->view = 0;
    e->lit_seen = e->lit_raw = NULL;
    e->said = NULL;
    e->raw_fold = e->key_fold = e->number_text = e->ip_text = ir_str_n(NULL, 0);
    e->is_number = e->is_ip = false;
}

static bool has_text(const struct ir_field *f)
{
    return f->type != IR_V_NULL && f->type != IR_V_CONTAINER;
}

static struct ir_str fold(struct ir_eval *e, struct ir_str s)
{
    char *out = s.n < SIZE_MAX / 4 ? ir_arena_alloc(e->ev->arena, s.n * 3 + 1) : NULL;
    return out == NULL ? s : ir_str_n(out, ir_fold(s, out)); /* without memory: compared as it is */
}

static struct ir_str folded_field(struct ir_eval *e, struct ir_field *f)
{
    if (f->folded.p == NULL) f->folded = fold(e, f->val);
    return f->folded;
}

static bool regex_match(struct ir_eval *e, const pcre2_code *re, struct ir_str s)
{
    const PCRE2_SPTR p = (PCRE2_SPTR)(s.p ? s.p : "");
    int rc = pcre2_match(re, p, s.n, 0, 0, e->match_data, e->match_context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(re, p, s.n, 0, PCRE2_NO_JIT, e->match_data, e->match_context);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) e->regex_limits++;
    return rc >= 0;
}

static bool compare(enum ir_compare_op op, const struct ir_number *a, const struct ir_number *b)
{
    int c = ir_number_cmp(a, b);
    switch (op) {
    case IR_CMP_EQ: return c == 0;
    case IR_CMP_LT: return c < 0;
    case IR_CMP_LTE: return c <= 0;
    case IR_CMP_GT: return c > 0;
    case IR_CMP_GTE: return c >= 0;
    }
    return false;
}

/* Lists of numbers and networks read the same text once. */
static const struct ir_number *number_of(struct ir_eval *e, struct ir_str text)
{
    if (e->number_text.p != text.p || e->number_text.n != text.n) {
        e->is_number = ir_number_parse(text, &e->number);
        e->number_text = text;
    }
    return e->is_number ? &e->number : NULL;
}

static const struct ir_ip *ip_of(struct ir_eval *e, struct ir_str text)
{
    if (e->ip_text.p != text.p || e->ip_text.n != text.n) {
        e->is_ip = ir_ip_parse(text, &e->ip);
        e->ip_text = text;
    }
    return e->is_ip ? &e->ip : NULL;
}

/* One value against one text (its folded form is made when a pattern asks for it). */
static bool text_fits(struct ir_eval *e, const struct ir_val *v, struct ir_str text,
                      struct ir_str *folded)
{
    const struct ir_ip *ip;
    const struct ir_number *number;
    switch (v->kind) {
    case IR_VAL_NUMBER: /* what is written alike is alike in number too */
        if ((number = number_of(e, text)) != NULL) return compare(IR_CMP_EQ, number, &v->number);
        /* fallthrough */
    case IR_VAL_PATTERN:
        if (v->pattern.op == IR_PAT_ANY) return true;
        if (!v->pattern.cased && folded->p == NULL) *folded = fold(e, text);
        return ir_pattern_match(&v->pattern, v->pattern.cased ? text : *folded);
    case IR_VAL_REGEX: return regex_match(e, v->regex, text);
    case IR_VAL_CIDR: return (ip = ip_of(e, text)) != NULL && ir_cidr_has(&v->cidr, ip);
    case IR_VAL_COMPARE:
        return (number = number_of(e, text)) != NULL && compare(v->compare, number, &v->number);
    default: return false;
    }
}

static bool pair_fits(struct ir_eval *e, const struct ir_val *v, struct ir_field *a,
                      struct ir_field *b)
{
    struct ir_str x = v->pattern.cased ? a->val : folded_field(e, a);
    struct ir_str y = v->pattern.cased ? b->val : folded_field(e, b);
    switch (v->pattern.op) {
    case IR_PAT_CONTAINS: return ir_str_find(x, y) != IR_NPOS;
    case IR_PAT_STARTS: return ir_str_starts(x, y);
    case IR_PAT_ENDS: return ir_str_ends(x, y);
    default: return ir_str_eq(x, y);
    }
}

static bool fieldref_fits(struct ir_eval *e, const struct ir_val *v, struct ir_field *f)
{
    struct ir_event *ev = e->ev;
    for (const uint32_t *id = v->ref_fields; *id != 0; id++)
        for (uint32_t at = ir_event_first(ev, *id, e->view); at != IR_NOFIELD;
             at = ir_event_next(ev, at))
            if (has_text(&ev->fields[at]) && pair_fits(e, v, f, &ev->fields[at])) return true;
    return false;
}

static int cmp_exact(const void *key, const void *member)
{
    return ir_str_cmp(*(const struct ir_str *)key, *(const struct ir_str *)member);
}

/* False: the search of the event's texts says that the value cannot be there. */
static inline bool was_found(const struct ir_eval *e, const struct ir_val *v)
{
    return v->lit == 0 || e->lit_seen == NULL || e->lit_seen[v->lit] == e->lit_gen;
}

static bool field_fits(struct ir_eval *e, const struct ir_item *it, const struct ir_val *v,
                       struct ir_field *f)
{
    if (!has_text(f)) return false;
    if (v->kind == IR_VAL_FIELDREF) return fieldref_fits(e, v, f);
    if (it->date != IR_DATE_NONE) {
        int64_t part;
        if (!ir_date_part_of(f->val, it->date, &part)) return false;
        const struct ir_number number = {true, part, (double)part};
        return compare(v->compare, &number, &v->number);
    }
    return text_fits(e, v, f->val, &f->folded);
}

/* As field_fits for any value of a list of whole numbers. */
static bool number_fits(struct ir_eval *e, const struct ir_item *it, struct ir_field *f)
{
    const struct ir_number *number = has_text(f) ? number_of(e, f->val) : NULL;
    if (number != NULL && number->whole) {
        uint32_t i = 0;
        while (i < it->nvals && it->whole[i] < number->i)
            i++;
        return i < it->nvals && it->whole[i] == number->i;
    }
    for (uint32_t i = 0; i < it->nvals; i++)
        if (field_fits(e, it, &it->vals[i], f)) return true;
    return false;
}

static bool any_number(struct ir_eval *e, const struct ir_item *it)
{
    for (const uint32_t *id = it->fields; *id != 0; id++)
        for (uint32_t at = ir_event_first(e->ev, *id, e->view); at != IR_NOFIELD;
             at = ir_event_next(e->ev, at))
            if (number_fits(e, it, &e->ev->fields[at])) return true;
    return false;
}

/* Any field instance that stands for the item's name, and any of n values. */
static bool any_field(struct ir_eval *e, const struct ir_item *it, const struct ir_val *v,
                      uint32_t n)
{
    struct ir_event *ev = e->ev;
    for (const uint32_t *id = it->fields; *id != 0; id++)
        for (uint32_t at = ir_event_first(ev, *id, e->view); at != IR_NOFIELD;
             at = ir_event_next(ev, at))
            for (uint32_t i = 0; i < n; i++)
                if (was_found(e, &v[i]) && field_fits(e, it, &v[i], &ev->fields[at])) return true;
    return false;
}

static bool present(const struct ir_eval *e, const struct ir_item *it, bool null_counts)
{
    const struct ir_event *ev = e->ev;
    for (const uint32_t *id = it->fields; *id != 0; id++)
        for (uint32_t at = ir_event_first(ev, *id, e->view); at != IR_NOFIELD;
             at = ir_event_next(ev, at))
            if (null_counts || ev->fields[at].type != IR_V_NULL) return true;
    return false;
}

static bool exact_fits(struct ir_eval *e, const struct ir_item *it)
{
    struct ir_event *ev = e->ev;
    for (const uint32_t *id = it->fields; *id != 0; id++)
        for (uint32_t at = ir_event_first(ev, *id, e->view); at != IR_NOFIELD;
             at = ir_event_next(ev, at)) {
            struct ir_field *f = &ev->fields[at];
            if (!has_text(f)) continue;
            struct ir_str s = folded_field(e, f);
            if (bsearch(&s, it->exact, it->nexact, sizeof s, cmp_exact) != NULL) return true;
        }
    return false;
}

/* The search of the raw bytes found the keyword itself. */
static inline bool was_all_found(const struct ir_eval *e, const struct ir_val *v)
{
    return v->lit_is_all && v->lit != 0 && e->lit_raw != NULL && e->lit_raw[v->lit] == e->lit_gen;
}

/* A keyword: the raw line and the joined text of text logs, and values that do not stand there; for
 * records without a line of text (JSON) every value. */
static bool keyword_fits(struct ir_eval *e, const struct ir_val *v)
{
    struct ir_event *ev = e->ev;
    if (ev->raw_keywords && was_all_found(e, v)) return true;
    if (ev->raw_keywords && text_fits(e, v, ev->raw, &e->raw_fold)) return true;
    if (ev->keytext.p != NULL && text_fits(e, v, ev->keytext, &e->key_fold)) return true;
    if (ev->raw_keywords && ev->verbatim) return false; /* all values stand in raw */
    for (uint32_t i = 0; i < ev->nfields; i++) {
        struct ir_field *f = &ev->fields[i];
        if (f->view != 0 && f->view != e->view) continue;
        if (!has_text(f) || (ev->raw_keywords && !ir_event_made(ev, f)) ||
            ir_field_is_made_up(f->id))
            continue;
        if (text_fits(e, v, f->val, &f->folded)) return true;
    }
    return false;
}

static bool value_fits(struct ir_eval *e, const struct ir_item *it, const struct ir_val *v)
{
    if (!was_found(e, v)) return false;
    if (it->fields == NULL) return keyword_fits(e, v);
    if (v->kind == IR_VAL_NULL) return !present(e, it, false);
    if (v->kind == IR_VAL_EXISTS) return present(e, it, true) == v->yes;
    return any_field(e, it, v, 1);
}

/* With |all each written value must fit, by any of those that it was made into. */
static bool all_fit(struct ir_eval *e, const struct ir_item *it)
{
    bool fits = false;
    for (uint32_t i = 0; i < it->nvals; i++) {
        fits = fits || value_fits(e, it, &it->vals[i]);
        if (it->vals[i].more) continue;
        if (!fits) return false;
        fits = i + 1 == it->nvals;
    }
    return fits;
}

static bool item_fits(struct ir_eval *e, const struct ir_item *it)
{
    if (it->all) return all_fit(e, it) != it->negate;
    if (it->whole != NULL) return any_number(e, it) != it->negate;
    bool fits = it->nexact > 0 && exact_fits(e, it);
    if (it->plain) return (fits || any_field(e, it, it->vals, it->nvals)) != it->negate;
    for (uint32_t i = 0; i < it->nvals && !fits; i++)
        fits = value_fits(e, it, &it->vals[i]);
    return fits != it->negate;
}

bool ir_eval_item(struct ir_eval *e, const struct ir_item *it)
{
    if (it->twin == 0 || e->said == NULL) return item_fits(e, it);
    struct ir_said *s = &e->said[it->twin];
    if (s->gen != e->lit_gen || s->view != e->view)
        *s = (struct ir_said){e->lit_gen, (uint16_t)e->view, item_fits(e, it)};
    return s->fits;
}

bool ir_eval_node(struct ir_eval *e, const struct ir_node *n)
{
    switch (n->op) {
    case IR_NODE_ITEM: return ir_eval_item(e, n->item);
    case IR_NODE_NOT: return !ir_eval_node(e, n->kids[0]);
    case IR_NODE_AND:
        for (uint32_t i = 0; i < n->nkids; i++)
            if (!ir_eval_node(e, n->kids[i])) return false;
        return true;
    case IR_NODE_OR:
        for (uint32_t i = 0; i < n->nkids; i++)
            if (ir_eval_node(e, n->kids[i])) return true;
        return false;
    }
    return false;
}
