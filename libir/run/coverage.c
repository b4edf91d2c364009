/*
 * Coverage by the log sources and fields that the map stage noted. A correlation can fire when all
 * rules that it refers to can.
 */
#include "run/coverage.h"

#include "rules/set.h"

static bool source_seen(const struct ir_scan *s, uint32_t rule)
{
    for (unsigned ls = 1; ls < IR_LS_LIMIT; ls++)
        if ((s->sources_seen[ls / 64] >> (ls % 64) & 1) &&
            ir_groups_fits(s->rules->groups, rule, (uint16_t)ls))
            return true;
    return false;
}

/* Came with a record, or can be computed. */
static bool field_seen(const struct ir_scan *s, const uint32_t *id)
{
    for (; *id != 0; id++) {
        const uint32_t extra = ir_extra_of(*id);
        if (s->fields_seen[*id / 64] >> (*id % 64) & 1) return true;
        if (extra != 0 && (!(extra & IR_X_GEO) || ir_extras_have_geo(&s->rules->extras)))
            return true;
    }
    return false;
}

/* A country that nobody can tell: by its name, which is that of the field. */
static bool waits_for_geo(const struct ir_scan *s, struct ir_str field)
{
    return !ir_extras_have_geo(&s->rules->extras) &&
           (ir_extra_of(ir_names_find(s->names, field)) & IR_X_GEO);
}

/* What a correlation counts or groups by must be told too; other fields are its rules' matter. */
static bool corr_waits(const struct ir_scan *s, const struct ir_corr *c)
{
    for (uint32_t k = 0; k < c->nrefs; k++) {
        for (uint32_t g = 0; g < c->ngroup; g++)
            if (!field_seen(s, c->group_ids[k][g]) && waits_for_geo(s, c->group_by[g])) return true;
        for (uint32_t f = 0; f < c->ncond_field; f++)
            if (!field_seen(s, c->value_ids[k][f]) && waits_for_geo(s, c->cond_field[f]))
                return true;
    }
    return false;
}

/* An absent field fulfils null, exists: false and neq. */
static bool absence_fits(const struct ir_item *it)
{
    for (uint32_t i = 0; i < it->nvals; i++)
        if (it->vals[i].kind == IR_VAL_NULL ||
            (it->vals[i].kind == IR_VAL_EXISTS && !it->vals[i].yes))
            return true;
    return it->negate;
}

/* True when the node could hold with the fields that came; else *ret_field is one that it lacks. */
static bool possible(const struct ir_scan *s, const struct ir_node *n, struct ir_str *ret_field)
{
    struct ir_str lacks = {NULL, 0};
    bool any = n->op != IR_NODE_OR;
    if (n->op == IR_NODE_NOT) return true;
    if (n->op == IR_NODE_ITEM) {
        if (n->item->fields == NULL || field_seen(s, n->item->fields) || absence_fits(n->item))
            return true;
        *ret_field = n->item->field;
        return false;
    }
    for (uint32_t i = 0; i < n->nkids; i++) {
        bool ok = possible(s, n->kids[i], &lacks);
        if (n->op == IR_NODE_AND && !ok) {
            *ret_field = lacks;
            return false;
        }
        any = any || ok;
    }
    if (!any) *ret_field = lacks;
    return any;
}

static enum ir_coverage lacks(enum ir_coverage c, struct ir_str what, struct ir_str *ret_what)
{
    if (ret_what != NULL) *ret_what = what;
    return c;
}

enum ir_coverage ir_scan_coverage(const struct ir_scan *s, size_t i, struct ir_str *ret_what)
{
    const struct ir_rule *r = s->rules->rule[i];
    struct ir_str field = {NULL, 0};
    enum ir_coverage worst = IR_COVER_CAN_FIRE;
    if (r->info.waits.n > 0) return lacks(IR_COVER_WAITING, r->info.waits, ret_what);
    if (r->corr != NULL) {
        for (uint32_t k = 0; k < r->corr->nrefs && worst == IR_COVER_CAN_FIRE; k++)
            worst = ir_scan_coverage(s, r->corr->rules[k], ret_what);
        if (worst == IR_COVER_CAN_FIRE && corr_waits(s, r->corr))
            return lacks(IR_COVER_WAITING, IR_S("--geoip"), ret_what);
        return worst;
    }
    if (!source_seen(s, (uint32_t)i)) return IR_COVER_NO_LOG_SOURCE;
    if (r->root == NULL || possible(s, r->root, &field)) return IR_COVER_CAN_FIRE;
    if (waits_for_geo(s, field)) return lacks(IR_COVER_WAITING, IR_S("--geoip"), ret_what);
    return lacks(IR_COVER_FIELD_MISSING, field, ret_what);
}

void ir_coverage_count(const struct ir_scan *s, struct ir_summary *sum)
{
    for (size_t i = 0; i < ir_rules_count(s->rules); i++) {
        switch (ir_scan_coverage(s, i, NULL)) {
        case IR_COVER_NO_LOG_SOURCE: sum->rules_no_log_source++; break;
        case IR_COVER_FIELD_MISSING: sum->rules_field_never_seen++; break;
        case IR_COVER_WAITING: sum->rules_waiting++; break;
        case IR_COVER_CAN_FIRE: break;
        }
    }
}

const struct ir_rules *ir_scan_rules(const struct ir_scan *s)
{
    return s->rules;
}
