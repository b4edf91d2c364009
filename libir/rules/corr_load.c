/*
 * Correlation documents. Source: Sigma correlation rules specification 2.1.0; value_sum, value_avg,
 * value_percentile (key `percentile`, default 50) and value_median, and the extended temporal
 * condition
 * ("rule_a and not rule_b") after the drafts.
 *
 * group-by is optional: without it there is one global group. References are resolved in
 * ir_rules_finish, because they may point forward and into other files.
 */
#include "base/time.h"
#include "rules/condition.h"
#include "rules/load.h"

static const struct {
    const char *name;
    enum ir_corr_type type;
} types[] = {
    {"event_count", IR_CORR_EVENT_COUNT},
    {"value_count", IR_CORR_VALUE_COUNT},
    {"temporal", IR_CORR_TEMPORAL},
    {"temporal_ordered", IR_CORR_TEMPORAL_ORDERED},
    {"value_sum", IR_CORR_VALUE_SUM},
    {"value_avg", IR_CORR_VALUE_AVG},
    {"value_percentile", IR_CORR_VALUE_PERCENTILE},
    {"value_median", IR_CORR_VALUE_MEDIAN},
};

static const char *const op_names[] = {"gt", "gte", "lt", "lte", "eq", "neq"};

static bool is_temporal(const struct ir_corr *c)
{
    return c->type == IR_CORR_TEMPORAL || c->type == IR_CORR_TEMPORAL_ORDERED;
}

static bool needs_field(const struct ir_corr *c)
{
    return c->type != IR_CORR_EVENT_COUNT && !is_temporal(c);
}

/* A scalar or list of scalars into an array with a limit. */
static int texts(struct ir_build *b, const struct ir_yaml *n, struct ir_str *out, uint32_t cap,
                 uint32_t *ret_n)
{
    const struct ir_yaml *k = n->kind == IR_YAML_LIST ? n->kids : n;
    *ret_n = 0;
    for (; k != NULL; k = n->kind == IR_YAML_LIST ? k->next : NULL) {
        if (k->kind != IR_YAML_SCALAR || k->text.n == 0)
            return ir_load_fail(b, k->line, "'%s' must be names", n->key.p);
        if (*ret_n == cap) return ir_load_fail(b, k->line, "too many entries in '%s'", n->key.p);
        out[(*ret_n)++] = k->text;
    }
    return IR_OK;
}

static int load_refs(struct ir_build *b, const struct ir_yaml *map, struct ir_corr *c)
{
    const struct ir_yaml *n = ir_yaml_get(map, "rules");
    c->refs = ir_arena_alloc(b->arena, IR_CORR_RULES_MAX * sizeof *c->refs);
    c->rules = ir_arena_zalloc(b->arena, IR_CORR_RULES_MAX * sizeof *c->rules);
    if (c->refs == NULL || c->rules == NULL) return ir_load_fail(b, map->line, "out of memory");
    if (n == NULL) return IR_OK; /* an extended condition may name them */
    int rc = texts(b, n, c->refs, IR_CORR_RULES_MAX, &c->nrefs);
    if (rc == IR_OK && c->nrefs == 0) rc = ir_load_fail(b, n->line, "'rules' is empty");
    return rc;
}

static int load_aliases(struct ir_build *b, const struct ir_yaml *map, struct ir_corr *c)
{
    const struct ir_yaml *n = ir_yaml_get(map, "aliases");
    if (n == NULL) return IR_OK;
    if (n->kind != IR_YAML_MAP) return ir_load_fail(b, n->line, "'aliases' must be a map");
    c->aliases = ir_arena_alloc(b->arena, n->weight * sizeof *c->aliases);
    if (c->aliases == NULL) return ir_load_fail(b, n->line, "out of memory");
    for (const struct ir_yaml *a = n->kids; a != NULL; a = a->next) {
        if (a->kind != IR_YAML_MAP)
            return ir_load_fail(b, a->line, "the alias '%s' must map rules to fields", a->key.p);
        for (const struct ir_yaml *r = a->kids; r != NULL; r = r->next)
            c->aliases[c->naliases++] = (struct ir_corr_alias){a->key, r->key, r->text, r->line};
    }
    return IR_OK;
}

static int load_condition_map(struct ir_build *b, const struct ir_yaml *n, struct ir_corr *c)
{
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next) {
        if (ir_str_eq(k->key, IR_S("field"))) {
            int rc = texts(b, k, c->cond_field, IR_CORR_GROUP_MAX, &c->ncond_field);
            if (rc != IR_OK) return rc;
            continue;
        }
        int op = 0;
        while (op < 6 && !ir_str_eq(k->key, ir_str_z(op_names[op])))
            op++;
        bool percentile = ir_str_eq(k->key, IR_S("percentile"));
        struct ir_number v;
        if (op == 6 && !percentile)
            return ir_load_fail(b, k->line, "unknown condition '%s'", k->key.p);
        if (k->kind != IR_YAML_SCALAR || !ir_number_parse(k->text, &v))
            return ir_load_fail(b, k->line, "'%s' must be a number", k->key.p);
        if (percentile) {
            c->percentile = v.d;
            continue;
        }
        if (c->ncond == IR_CORR_CONDITIONS_MAX)
            return ir_load_fail(b, k->line, "too many conditions");
        c->cond[c->ncond].op = (enum ir_corr_op)op;
        c->cond[c->ncond++].value = v.d;
    }
    return IR_OK;
}

static bool joins_all(const struct ir_corr *c)
{
    const struct ir_node *e = c->expr;
    uint32_t items = e->op == IR_NODE_ITEM ? 1 : 0;
    for (uint32_t i = 0; e->op == IR_NODE_AND && i < e->nkids; i++)
        items += e->kids[i]->op == IR_NODE_ITEM;
    return items == c->nrefs && (e->op == IR_NODE_ITEM || e->nkids == items);
}

static bool is_ref(const struct ir_corr *c, struct ir_str word)
{
    for (uint32_t i = 0; i < c->nrefs; i++)
        if (ir_str_eq(c->refs[i], word)) return true;
    return false;
}

/* Without `rules` the identifiers of the expression make them. */
static void collect_refs(struct ir_corr *c, struct ir_str rest)
{
    while (rest.n > 0) {
        size_t len = 0;
        while (len < rest.n && strchr(" \t\r\n()", rest.p[len]) == NULL)
            len++;
        struct ir_str word = ir_str_head(rest, len);
        bool op = ir_str_ieq(word, IR_S("and")) || ir_str_ieq(word, IR_S("or")) ||
                  ir_str_ieq(word, IR_S("not"));
        if (len > 0 && !op && !is_ref(c, word) && c->nrefs < IR_CORR_RULES_MAX)
            c->refs[c->nrefs++] = word;
        rest = ir_str_skip(rest, len + 1);
    }
}

/* "rule_a and not rule_b": the identifiers are the references. */
static int load_expression(struct ir_build *b, const struct ir_yaml *n, struct ir_corr *c)
{
    if (!is_temporal(c)) return ir_load_fail(b, n->line, "'condition' must be a map here");
    if (c->nrefs == 0) collect_refs(c, n->text);
    struct ir_selection *sel = ir_arena_alloc(b->arena, (c->nrefs + 1) * sizeof *sel);
    if (sel == NULL) return ir_load_fail(b, n->line, "out of memory");
    for (uint32_t i = 0; i < c->nrefs; i++) {
        sel[i].name = c->refs[i];
        sel[i].node = ir_node_new(b->arena, IR_NODE_ITEM, 0);
        if (sel[i].node == NULL) return ir_load_fail(b, n->line, "out of memory");
        sel[i].node->label = c->refs[i];
    }
    if (b->err != NULL) b->err->line = n->line;
    int rc = ir_condition_parse(b->arena, n->text, sel, c->nrefs, &c->expr, b->err);
    if (rc != IR_OK || c->type == IR_CORR_TEMPORAL) return rc;
    if (!joins_all(c))
        return ir_load_fail(b, n->line,
                            "under temporal_ordered a condition can only join all rules by 'and'");
    c->expr = NULL; /* which is what the type means without it */
    return IR_OK;
}

static int load_type(struct ir_build *b, const struct ir_yaml *map, struct ir_corr *c)
{
    struct ir_str t = ir_yaml_text(map, "type");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!ir_str_ieq(t, ir_str_z(types[i].name))) continue;
        c->type = types[i].type;
        return IR_OK;
    }
    return ir_load_fail(b, map->line, "unknown correlation type '%.*s'",
                        IR_FMT(ir_str_head(t, 60)));
}

static int load_timespan(struct ir_build *b, const struct ir_yaml *map, struct ir_corr *c)
{
    struct ir_str t = ir_yaml_text(map, "timespan");
    int64_t seconds;
    if (t.p == NULL) t = ir_yaml_text(map, "timeframe");
    if (t.p == NULL) return ir_load_fail(b, map->line, "'timespan' is missing");
    if (!ir_duration_parse(t, &seconds) || seconds > INT64_MAX / IR_NS)
        return ir_load_fail(b, map->line, "not a time span: '%.*s'", IR_FMT(ir_str_head(t, 40)));
    c->timespan = seconds * IR_NS;
    return IR_OK;
}

static int check(struct ir_build *b, const struct ir_yaml *map, const struct ir_corr *c)
{
    if (c->nrefs == 0) return ir_load_fail(b, map->line, "'rules' is missing");
    if (needs_field(c) && c->ncond_field == 0)
        return ir_load_fail(b, map->line, "'condition.field' is missing");
    if (!is_temporal(c) && c->ncond == 0)
        return ir_load_fail(b, map->line, "'condition' is missing");
    if (c->percentile < 0 || c->percentile > 100)
        return ir_load_fail(b, map->line, "'percentile' must be 0 to 100");
    return IR_OK;
}

int ir_corr_build(struct ir_build *b, const struct ir_yaml *map, struct ir_corr **ret_c)
{
    if (map->kind != IR_YAML_MAP) return ir_load_fail(b, map->line, "'correlation' must be a map");
    struct ir_corr *c = ir_arena_zalloc(b->arena, sizeof *c);
    if (c == NULL) return ir_load_fail(b, map->line, "out of memory");
    c->percentile = 50;
    const struct ir_yaml *group = ir_yaml_get(map, "group-by"),
                         *cond = ir_yaml_get(map, "condition");
    const struct ir_yaml *gen = ir_yaml_get(map, "generate");
    if (gen != NULL && !ir_yaml_bool(gen, &c->generate))
        return ir_load_fail(b, gen->line, "'generate' must be true or false");
    int rc = load_type(b, map, c);
    if (rc == IR_OK) rc = load_refs(b, map, c);
    if (rc == IR_OK) rc = load_aliases(b, map, c);
    if (rc == IR_OK) rc = load_timespan(b, map, c);
    if (rc == IR_OK && group != NULL)
        rc = texts(b, group, c->group_by, IR_CORR_GROUP_MAX, &c->ngroup);
    if (rc == IR_OK && cond != NULL)
        rc = cond->kind == IR_YAML_MAP ? load_condition_map(b, cond, c)
                                       : load_expression(b, cond, c);
    if (rc == IR_OK) rc = check(b, map, c);
    if (rc == IR_OK && !needs_field(c)) c->ncond_field = 0; /* it has no effect */
    if (rc == IR_OK) *ret_c = c;
    return rc;
}
