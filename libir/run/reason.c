/*
 * Why a finding stands. See reason.h. The line for programs is a contract; whoever wants sentences
 * takes the facts.
 */
#include "run/reason.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "report/words.h"
#include "rules/why.h"

#define TEXT_MAX   ((size_t)1 << 20)
#define TITLES_MAX 4u

/* ---- the facts of one record ---- */

/* A pattern as people read it: without the wildcards at its ends and the escapes. */
static struct ir_str plain_pattern(struct ir_scan *s, const struct ir_val *v)
{
    struct ir_str t = v->text;
    const enum ir_pattern_op op = v->pattern.op;
    if (op == IR_PAT_GLOB) return t;
    const struct ir_str copy = ir_arena_dup(&s->texts, t);
    char *out = (char *)(uintptr_t)copy.p;
    size_t n = 0;
    if (out == NULL) return t;
    for (size_t i = 0; i < t.n; i++) {
        const bool escaped = t.p[i] == '\\' && i + 1 < t.n && strchr("*?\\", t.p[i + 1]) != NULL;
        if (escaped)
            i++;
        else if (t.p[i] == '*')
            continue; /* only at the ends: else it is a GLOB */
        out[n++] = t.p[i];
    }
    return ir_str_n(out, n);
}

static enum ir_reason_op pattern_op(const struct ir_val *v)
{
    const bool end = v->pattern.anchored_end;
    switch (v->pattern.op) {
    case IR_PAT_ANY: return IR_REASON_GIVEN;
    case IR_PAT_CONTAINS: return IR_REASON_CONTAINS;
    case IR_PAT_STARTS: return IR_REASON_STARTS;
    case IR_PAT_ENDS: return IR_REASON_ENDS;
    case IR_PAT_GLOB: /* windash makes one of a plain text */
        if (ir_str_chr(v->text, '*') != IR_NPOS || ir_str_chr(v->text, '?') != IR_NPOS)
            return IR_REASON_FITS;
        if (v->pattern.anchored_start) return end ? IR_REASON_IS : IR_REASON_STARTS;
        return end ? IR_REASON_ENDS : IR_REASON_CONTAINS;
    case IR_PAT_EQ: break;
    }
    return v->text.n == 0 ? IR_REASON_EMPTY : IR_REASON_IS;
}

static enum ir_reason_op compare_op(enum ir_compare_op op)
{
    static const enum ir_reason_op ops[] = {[IR_CMP_EQ] = IR_REASON_IS,
                                            [IR_CMP_LT] = IR_REASON_LESS,
                                            [IR_CMP_LTE] = IR_REASON_AT_MOST,
                                            [IR_CMP_GT] = IR_REASON_MORE,
                                            [IR_CMP_GTE] = IR_REASON_AT_LEAST};
    return ops[op];
}

/* What kind of value it is, and the first of the values. */
static void take_val(struct ir_scan *s, const struct ir_why_fact *f, const struct ir_val *v,
                     struct ir_reason *r)
{
    r->value[0] = v->text;
    switch (v->kind) {
    case IR_VAL_PATTERN:
        r->op = pattern_op(v);
        r->value[0] = plain_pattern(s, v);
        break;
    case IR_VAL_NULL:
    case IR_VAL_EXISTS:
        r->op = IR_REASON_GIVEN;
        r->negated = v->kind == IR_VAL_NULL || !v->yes;
        break;
    case IR_VAL_REGEX: /* what it found says more */
        r->op = f->same                                           ? IR_REASON_IS
                : f->value.n > 0 && !ir_str_eq(f->value, v->text) ? IR_REASON_CONTAINS
                                                                  : IR_REASON_REGEX;
        r->value[0] = f->value;
        r->cut_value = f->cut_value;
        break;
    case IR_VAL_CIDR: r->op = IR_REASON_NETWORK; break;
    case IR_VAL_COMPARE: r->op = compare_op(v->compare); break;
    case IR_VAL_FIELDREF:
        r->op = pattern_op(v);
        r->other_field = true;
        break;
    case IR_VAL_NUMBER:
    case IR_VAL_NEVER: r->op = IR_REASON_IS; break;
    }
}

/* The name that people know best: the event's, or ours for the rule's. */
static struct ir_str field_name(const struct ir_scan *s, const struct ir_why_fact *f)
{
    const char *own = ir_names_text(s->names, f->field).p;
    if (ir_word_field(own) != own) return ir_str_z(own);
    const char *ours = ir_alias_meaning(f->item->field);
    return ours != NULL && ir_word_field(ours) != ours ? ir_str_z(ours) : ir_str_z(own);
}

/* |all and |neq are about each value, else one holds. */
static void take_values(struct ir_scan *s, const struct ir_item *it, struct ir_reason *r)
{
    const enum ir_reason_op op = r->op;
    struct ir_why_fact none = {.item = it};
    if (!(it->all || it->negate) || r->other_field || op == IR_REASON_GIVEN) return;
    r->nvalues = 0;
    for (uint32_t i = 0; i < it->nvals; i++) {
        struct ir_reason one = {0};
        if (i > 0 && it->vals[i - 1].more) continue; /* another form of the same value */
        take_val(s, &none, &it->vals[i], &one);
        if (one.op != op) continue;
        if (r->nvalues < IR_REASON_VALUES) r->value[r->nvalues] = one.value[0];
        r->nvalues++;
    }
    for (uint32_t i = 0; i < it->nexact && op == IR_REASON_IS; i++) {
        if (r->nvalues < IR_REASON_VALUES) r->value[r->nvalues] = it->exact[i];
        r->nvalues++;
    }
    if (r->nvalues == 0) r->nvalues = 1; /* of expressions only what the first one found is known */
}

static void take_fact(struct ir_scan *s, const struct ir_why_fact *f, struct ir_reason *r)
{
    const struct ir_item *it = f->item;
    const struct ir_val *v = f->val != NULL ? f->val : it->nvals > 0 && it->all ? it->vals : NULL;
    *r = (struct ir_reason){.op = IR_REASON_IS,
                            .part = (enum ir_reason_part)it->date,
                            .coded = ir_str_find(it->key, IR_S("|base64")) != IR_NPOS,
                            .value = {f->value},
                            .nvalues = 1,
                            .held = f->held,
                            .cut_front = f->cut_front,
                            .cut_back = f->cut_back};
    if (v == NULL && it->negate && it->nvals > 0) v = it->vals;
    if (v != NULL) take_val(s, f, v, r);
    take_values(s, it, r);
    r->negated ^= it->negate;
    if (it->fields != NULL)
        r->field = field_name(s, f);
    else if (r->op == IR_REASON_IS)
        r->op = IR_REASON_CONTAINS; /* a keyword stands somewhere in the record */
}

/* ---- the facts of a correlation ---- */

static const struct {
    enum ir_reason_op op;
    bool negated;
    const char *words;
} bounds[] = {
    [IR_COP_GT] = {IR_REASON_MORE, false, "more than "},
    [IR_COP_GTE] = {IR_REASON_AT_LEAST, false, "at least "},
    [IR_COP_LT] = {IR_REASON_LESS, false, "less than "},
    [IR_COP_LTE] = {IR_REASON_AT_MOST, false, "at most "},
    [IR_COP_EQ] = {IR_REASON_IS, false, "exactly "},
    [IR_COP_NEQ] = {IR_REASON_IS, true, "not "},
};

static const enum ir_reason_count counts[] = {
    [IR_CORR_EVENT_COUNT] = IR_COUNT_EVENTS,
    [IR_CORR_VALUE_COUNT] = IR_COUNT_VALUES,
    [IR_CORR_TEMPORAL] = IR_COUNT_TOGETHER,
    [IR_CORR_TEMPORAL_ORDERED] = IR_COUNT_ORDERED,
    [IR_CORR_VALUE_SUM] = IR_COUNT_SUM,
    [IR_CORR_VALUE_AVG] = IR_COUNT_AVERAGE,
    [IR_CORR_VALUE_PERCENTILE] = IR_COUNT_PERCENTILE,
    [IR_CORR_VALUE_MEDIAN] = IR_COUNT_MEDIAN,
};

/* A name of the correlation's own stands for a field of each of its rules. */
static struct ir_str best_name(const struct ir_scan *s, struct ir_str name, const uint32_t *ids)
{
    if (ir_word_field(name.p) != name.p) return name;
    for (; ids != NULL && *ids != 0; ids++) {
        const char *own = ir_names_text(s->names, *ids).p;
        if (ir_word_field(own) != own) return ir_str_z(own);
    }
    return name;
}

static void take_corr(struct ir_scan *s, const struct ir_corr *c, const struct ir_finding_state *x,
                      struct ir_reason_corr *r)
{
    *r = (struct ir_reason_corr){.what = counts[c->type],
                                 .ntitles = c->nrefs,
                                 .span = c->timespan,
                                 .count = x->fired.count,
                                 .measure = x->fired.measure,
                                 .percent = c->percentile,
                                 .nby = c->ngroup,
                                 .nbounds = c->ncond,
                                 .later = x->fired.later};
    for (uint32_t i = 0; i < c->nrefs && i < IR_REASON_TITLES; i++)
        r->title[i] = ir_rule_title(&s->rules->rule[c->rules[i]]->info);
    if (c->ncond_field > 0)
        r->field = best_name(s, c->cond_field[0], c->nrefs > 0 ? c->value_ids[0][0] : NULL);
    for (uint32_t i = 0; i < c->ngroup; i++)
        r->by[i] = best_name(s, c->group_by[i], c->nrefs > 0 ? c->group_ids[0][i] : NULL);
    for (uint32_t i = 0; i < c->ncond; i++) {
        r->bound[i].op = bounds[c->cond[i].op].op;
        r->bound[i].negated = bounds[c->cond[i].op].negated;
        r->bound[i].value = c->cond[i].value;
    }
}

/* ---- the line for programs ---- */

static void span_text(int64_t ns, char *buf, size_t cap)
{
    const long long s = ns / IR_NS;
    const long long unit = s <= 0 || s % 60 != 0 ? 1
                           : s % 86400 == 0      ? 86400
                           : s % 3600            ? 60
                                                 : 3600;
    const char name = unit == 1 ? 's' : unit == 60 ? 'm' : unit == 3600 ? 'h' : 'd';
    snprintf(buf, cap, "%lld%c", s / unit, name);
}

static void corr_text(const struct ir_scan *s, const struct ir_corr *c,
                      const struct ir_finding_state *x, struct ir_buf *b)
{
    struct ir_buf refs = IR_BUF(1 << 14), asked = IR_BUF(1 << 10);
    char span[32];
    span_text(c->timespan, span, sizeof span);
    for (uint32_t i = 0; i < c->nrefs && i < TITLES_MAX; i++) {
        ir_buf_str(&refs, i ? IR_S(", '") : IR_S("'"));
        ir_buf_str(&refs, s->rules->rule[c->rules[i]]->info.title);
        ir_buf_chr(&refs, '\'');
    }
    for (uint32_t i = 0; i < c->ncond; i++)
        ir_buf_fmt(&asked, "%s%s%g", i > 0 ? " and " : "", bounds[c->cond[i].op].words,
                   c->cond[i].value);
    const char *of = refs.p != NULL ? refs.p : "", *want = asked.p != NULL ? asked.p : "";
    if (c->type == IR_CORR_TEMPORAL)
        ir_buf_fmt(b, "together: %s within %s", of, span);
    else if (c->type == IR_CORR_TEMPORAL_ORDERED)
        ir_buf_fmt(b, "one after the other: %s within %s", of, span);
    else if (c->type == IR_CORR_EVENT_COUNT)
        ir_buf_fmt(b, "%llu events of %s within %s (the rule asks for %s)",
                   (unsigned long long)x->fired.count, of, span, want);
    else if (c->type == IR_CORR_VALUE_COUNT)
        ir_buf_fmt(b, "%.0f different values of %.*s %s within %s (the rule asks for %s)",
                   x->fired.measure, IR_FMT(c->cond_field[0]), of, span, want);
    else
        ir_buf_fmt(b, "%.*s comes to %g %s within %s (the rule asks for %s)",
                   IR_FMT(c->cond_field[0]), x->fired.measure, of, span, want);
    if (x->fired.later > 0) ir_buf_fmt(b, "; and %u times more afterwards", x->fired.later);
    ir_buf_free(&refs);
    ir_buf_free(&asked);
}

static void named_text(const struct ir_reason_named *n, struct ir_buf *b)
{
    ir_buf_fmt(b, "; %s", n->name);
    for (uint32_t i = 0; i < n->n; i++) {
        ir_buf_str(b, i > 0 ? IR_S(", '") : IR_S(" '"));
        ir_buf_str(b, ir_str_head(n->value[i], 200));
        ir_buf_chr(b, '\'');
    }
    if (n->more) ir_buf_str(b, IR_S(", …"));
}

void ir_reason_fill(struct ir_scan *s, const struct ir_finding_state *x, struct ir_finding *f)
{
    const struct ir_group_state *g = &s->reduce->group[x->group];
    const struct ir_corr *c = g->kind == IR_RUN_CORR ? s->rules->rule[g->rule]->corr : NULL;
    struct ir_reasons *r = ir_arena_alloc(&s->texts, sizeof *r);
    struct ir_reason_corr *corr = ir_arena_alloc(&s->texts, sizeof *corr);
    struct ir_buf why = IR_BUF(TEXT_MAX);
    struct ir_str facts = g->why;
    struct ir_why_fact fact;
    if (r == NULL || corr == NULL) return;
    *r = (struct ir_reasons){0};
    if (c != NULL) {
        take_corr(s, c, x, corr);
        r->corr = corr;
        corr_text(s, c, x, &why);
    } else {
        ir_why_text(facts, &why);
    }
    while (c == NULL && ir_why_next(&facts, &fact)) {
        if (fact.item != NULL && r->nitems < IR_REASON_ITEMS)
            take_fact(s, &fact, &r->item[r->nitems++]);
        else
            r->more = true;
    }
    r->nnamed = ir_common_named(x, s->names, r->named);
    for (uint32_t i = 0; i < r->nnamed; i++)
        named_text(&r->named[i], &why);
    if (x->critical.n > 0) {
        r->critical = ir_str_head(x->critical, 200);
        r->raised_to = (int)x->level;
        ir_buf_fmt(&why, "%sraised from %s to %s: '%.*s' is a critical host", why.n > 0 ? "; " : "",
                   ir_level_name(x->level - 1), ir_level_name(x->level), IR_FMT(r->critical));
    }
    f->why = ir_arena_dup(&s->texts, ir_buf_view(&why));
    f->reasons = r;
    ir_buf_free(&why);
}
