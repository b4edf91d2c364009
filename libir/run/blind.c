/*
 * What a rule looks at, judged by its text. When in doubt a rule is not blind: its records are then
 * parsed, which costs time and nothing else.
 *
 * A keyword is searched in the whole line, stamp included. It cannot touch what varies when each of
 * its pieces holds no digit (numbers, and the ends of stamps, are digits) and is longer than any
 * word of a stamp.
 */
#include "run/blind.h"

#include "rules/set.h"

#define STAMP_WORD_MAX 4u /* "Jan " */

static bool is_varying(const struct ir_varying *varying, uint32_t id)
{
    for (const struct ir_varying *v = varying; v->id != IR_F_NONE; v++)
        if (v->id == id) return true;
    return false;
}

static bool any_varying(const struct ir_varying *varying, const uint32_t *ids)
{
    for (; ids != NULL && *ids != 0; ids++)
        if (is_varying(varying, *ids)) return true;
    return false;
}

/* Only plain pieces without digits, each longer than `min`. */
static bool without_digits(const struct ir_pattern *p, size_t min)
{
    for (uint32_t i = 0; i < p->nseg; i++) {
        const struct ir_segment *s = &p->seg[i];
        if (s->kind != NULL || s->lit.n <= min) return false;
        for (size_t k = 0; k < s->lit.n; k++)
            if (ir_isdigit(s->lit.p[k])) return false;
    }
    return p->nseg > 0;
}

static bool item_is_blind(const struct ir_item *it, const struct ir_varying *varying)
{
    bool keyword = it->fields == NULL, looks = keyword || any_varying(varying, it->fields);
    if (looks && (it->nexact > 0 || it->date != IR_DATE_NONE)) return false;
    for (uint32_t i = 0; i < it->nvals; i++) {
        const struct ir_val *v = &it->vals[i];
        if (v->kind == IR_VAL_FIELDREF && any_varying(varying, v->ref_fields)) return false;
        if (!looks || v->kind == IR_VAL_NULL || v->kind == IR_VAL_EXISTS) continue;
        if (v->kind != IR_VAL_PATTERN) return false;
        if (keyword && (v->pattern.anchored_start || v->pattern.anchored_end)) return false;
        if (!without_digits(&v->pattern, keyword ? STAMP_WORD_MAX : 0)) return false;
    }
    return true;
}

static bool node_is_blind(const struct ir_node *n, const struct ir_varying *varying)
{
    if (n->op == IR_NODE_ITEM) return n->item == NULL || item_is_blind(n->item, varying);
    for (uint32_t i = 0; i < n->nkids; i++)
        if (!node_is_blind(n->kids[i], varying)) return false;
    return true;
}

static bool feed_is_blind(const struct ir_corr *c, uint32_t ref, const struct ir_varying *varying)
{
    for (uint32_t g = 0; g < c->ngroup; g++)
        if (any_varying(varying, c->group_ids[ref][g])) return false;
    for (uint32_t k = 0; k < c->ncond_field; k++)
        if (any_varying(varying, c->value_ids[ref][k])) return false;
    return true;
}

bool ir_rule_is_blind(const struct ir_scan *s, uint32_t rule, const struct ir_varying *varying)
{
    const struct ir_rule *r = s->rules->rule[rule];
    if (r->asks & IR_X_TIME) return false; /* the stamp decides */
    if (r->root != NULL && !node_is_blind(r->root, varying)) return false;
    const struct ir_feeds *fs = &s->feeds[rule];
    for (uint32_t i = 0; i < fs->n; i++)
        if (!feed_is_blind(s->rules->rule[fs->feed[i].corr]->corr, fs->feed[i].ref, varying))
            return false;
    return !any_varying(varying, ir_entity_fields);
}
