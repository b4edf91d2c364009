/*
 * Correlations: resolving what they refer to, by id or name, over all files; depth; who stays
 * silent. A correlation whose reference is missing, or that refers to itself over others, is
 * dropped and named.
 */
#include <stdlib.h>

#include "rules/set.h"

#define DEPTH_MAX 10u

enum { NEW = 0, OPEN, GOOD, BROKEN };

static const char *check(struct ir_rules *rs, uint32_t i, uint8_t *state, unsigned depth);

static const char *check_refs(struct ir_rules *rs, struct ir_corr *c, uint8_t *state,
                              unsigned depth)
{
    c->depth = 1;
    for (uint32_t k = 0; k < c->nrefs; k++) {
        uint32_t at = ir_map_find(&rs->by_ref, c->refs[k]);
        if (at == UINT32_MAX) return c->refs[k].p;
        uint32_t to = c->rules[k] = rs->by_ref.items[at].value;
        for (uint32_t j = 0; j < k; j++) /* one event would count for both places */
            if (c->rules[j] == to) return c->refs[k].p;
        if (rs->rule[to]->corr == NULL) continue;
        if (check(rs, to, state, depth + 1) != NULL) return c->refs[k].p;
        if (rs->rule[to]->corr->depth >= c->depth) c->depth = rs->rule[to]->corr->depth + 1;
    }
    return NULL;
}

/* NULL when the correlation stands; else the reference that breaks it. */
static const char *check(struct ir_rules *rs, uint32_t i, uint8_t *state, unsigned depth)
{
    struct ir_rule *r = rs->rule[i];
    if (state[i] == GOOD) return NULL;
    if (state[i] != NEW || depth > DEPTH_MAX) return r->info.id.p;
    state[i] = OPEN;
    const char *bad = check_refs(rs, r->corr, state, depth);
    state[i] = bad ? BROKEN : GOOD;
    if (bad != NULL)
        ir_rules_note(rs, &rs->failures, r->info.path, r->info.line,
                      "the correlation refers to '%.80s', which is not loaded, stands twice, or "
                      "leads back to itself",
                      bad);
    return bad;
}

/* Drops broken ones; numbers move, so the map of references follows. */
static void compact(struct ir_rules *rs, const uint8_t *state)
{
    uint32_t *moved = ir_arena_alloc(&rs->arena, (rs->nrules + 1) * sizeof *moved);
    size_t n = 0;
    if (moved == NULL) return;
    for (size_t i = 0; i < rs->nrules; i++) {
        moved[i] = state[i] == BROKEN ? UINT32_MAX : (uint32_t)n;
        if (state[i] == BROKEN) continue;
        rs->rule[i]->number = (uint32_t)n;
        rs->rule[n++] = rs->rule[i];
    }
    rs->nrules = n;
    for (uint32_t k = 0; k < rs->by_ref.n; k++)
        rs->by_ref.items[k].value = moved[rs->by_ref.items[k].value];
    for (size_t i = 0; i < n; i++) {
        struct ir_corr *c = rs->rule[i]->corr;
        for (uint32_t k = 0; c != NULL && k < c->nrefs; k++)
            c->rules[k] = moved[c->rules[k]];
    }
}

static bool alias_is_for(const struct ir_corr *c, const struct ir_corr_alias *a,
                         const struct ir_rule_info *ref, uint32_t k)
{
    return ir_str_eq(a->rule, c->refs[k]) || ir_str_eq(a->rule, ref->id) ||
           (ref->name.n > 0 && ir_str_eq(a->rule, ref->name));
}

/* The field to take from events of reference k for a name that may be an alias. */
static struct ir_str alias_field(const struct ir_corr *c, const struct ir_rule_info *ref,
                                 uint32_t k, struct ir_str name)
{
    for (uint32_t i = 0; i < c->naliases; i++) {
        const struct ir_corr_alias *a = &c->aliases[i];
        if (ir_str_eq(a->alias, name) && alias_is_for(c, a, ref, k)) return a->field;
    }
    return name;
}

/* An alias for a rule that the correlation does not count is a slip of the pen: the rule that was
 * meant has no such field, and its events are left out. */
static void check_aliases(struct ir_rules *rs, const struct ir_rule *r)
{
    const struct ir_corr *c = r->corr;
    for (uint32_t i = 0; i < c->naliases; i++) {
        const struct ir_corr_alias *a = &c->aliases[i];
        bool found = false;
        for (uint32_t k = 0; k < c->nrefs && !found; k++)
            found = alias_is_for(c, a, &rs->rule[c->rules[k]]->info, k);
        if (!found)
            ir_rules_note(rs, &rs->warnings, r->info.path, a->line,
                          "the alias '%.*s' names '%.*s', which the correlation does not count",
                          IR_FMT(ir_str_head(a->alias, 60)), IR_FMT(ir_str_head(a->rule, 60)));
    }
}

static void check_inner_field(struct ir_rules *rs, const struct ir_rule *r, uint32_t k,
                              struct ir_str name)
{
    const struct ir_rule *ref = rs->rule[r->corr->rules[k]];
    struct ir_str field = alias_field(r->corr, &ref->info, k, name);
    if (ref->corr == NULL) return;
    for (uint32_t g = 0; g < ref->corr->ngroup; g++)
        if (ir_str_eq(ref->corr->group_by[g], field)) return;
    ir_rules_note(rs, &rs->warnings, r->info.path, r->info.line,
                  "'%.*s' does not group by '%.*s': what it finds is left out",
                  IR_FMT(ir_str_head(r->corr->refs[k], 60)), IR_FMT(ir_str_head(field, 60)));
}

/* All that a correlation has of fields are its group-by values. */
static void check_inner(struct ir_rules *rs, const struct ir_rule *r)
{
    for (uint32_t k = 0; k < r->corr->nrefs; k++) {
        for (uint32_t g = 0; g < r->corr->ngroup; g++)
            check_inner_field(rs, r, k, r->corr->group_by[g]);
        for (uint32_t f = 0; f < r->corr->ncond_field; f++)
            check_inner_field(rs, r, k, r->corr->cond_field[f]);
    }
}

static bool resolve_fields(struct ir_rules *rs, struct ir_corr *c)
{
    c->group_ids = ir_arena_zalloc(&rs->arena, c->nrefs * sizeof *c->group_ids);
    c->value_ids = ir_arena_zalloc(&rs->arena, c->nrefs * sizeof *c->value_ids);
    if (c->group_ids == NULL || c->value_ids == NULL) return false;
    for (uint32_t k = 0; k < c->nrefs; k++) {
        const struct ir_rule_info *ref = &rs->rule[c->rules[k]]->info;
        struct ir_build b = ir_rules_build(rs, ref->logsource, NULL, NULL);
        for (uint32_t g = 0; g < c->ngroup; g++)
            if (!(c->group_ids[k][g] = ir_alias_fields(&b, alias_field(c, ref, k, c->group_by[g]))))
                return false;
        for (uint32_t f = 0; f < c->ncond_field; f++)
            if (!(c->value_ids[k][f] =
                      ir_alias_fields(&b, alias_field(c, ref, k, c->cond_field[f]))))
                return false;
    }
    return true;
}

static void set_silent(struct ir_rules *rs)
{
    for (int pass = 0; pass < 2;
         pass++) /* first those that silence, then those that ask to be heard */
        for (size_t i = 0; i < rs->nrules; i++) {
            const struct ir_corr *c = rs->rule[i]->corr;
            for (uint32_t k = 0; c != NULL && k < c->nrefs; k++)
                if (c->generate == (pass == 1)) rs->rule[c->rules[k]]->info.silent = pass == 0;
        }
}

int ir_rules_link_correlations(struct ir_rules *rs)
{
    uint8_t *state = ir_arena_zalloc(&rs->arena, rs->nrules + 1);
    if (state == NULL) return IR_FATAL;
    for (uint32_t i = 0; i < rs->nrules; i++)
        if (rs->rule[i]->corr != NULL) check(rs, i, state, 0);
    compact(rs, state);
    set_silent(rs);
    for (size_t i = 0; i < rs->nrules; i++) {
        struct ir_rule *r = rs->rule[i];
        if (r->corr == NULL) continue;
        check_aliases(rs, r);
        check_inner(rs, r);
        if (!resolve_fields(rs, r->corr)) return IR_FATAL;
    }
    return IR_OK;
}
