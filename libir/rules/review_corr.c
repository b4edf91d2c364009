/*
 * Correlations, looked at again after they have loaded. Source: Sigma correlation rules
 * specification 2.1.0 and its JSON schema.
 */
#include "rules/review.h"

#define SHOWN 60u /* bytes of a rule's text in a warning */

static bool listed(struct ir_str word, const struct ir_str *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (ir_str_eq(list[i], word)) return true;
    return false;
}

/* A slip of the pen in `group-by` makes one group of everything. */
static void review_keys(const struct ir_review *v, const struct ir_yaml *map)
{
    static const struct ir_str known[] = {{"type", 4},      {"rules", 5},   {"timespan", 8},
                                          {"group-by", 8},  {"aliases", 7}, {"condition", 9},
                                          {"timeframe", 9}, {"generate", 8}};
    for (const struct ir_yaml *k = map->kids; k != NULL; k = k->next)
        if (!listed(k->key, known, sizeof known / sizeof *known))
            IR_REVIEW_NOTE(v, k->line, "unknown key '%.*s' in a correlation: not read",
                           IR_FMT(ir_str_head(k->key, SHOWN)));
}

static void review_timespan(const struct ir_review *v, const struct ir_yaml *map)
{
    const struct ir_yaml *old = ir_yaml_get(map, "timeframe");
    if (old == NULL) return;
    if (ir_yaml_text(map, "timespan").p != NULL)
        IR_REVIEW_NOTE(v, old->line, "'timeframe' is not read beside 'timespan'");
    else
        IR_REVIEW_NOTE(v, old->line, "'timeframe' stands for 'timespan'");
}

static void review_aliases(const struct ir_review *v, const struct ir_yaml *map,
                           const struct ir_corr *c)
{
    const struct ir_yaml *aliases = ir_yaml_get(map, "aliases");
    for (const struct ir_yaml *a = aliases ? aliases->kids : NULL; a != NULL; a = a->next) {
        if (!listed(a->key, c->group_by, c->ngroup) &&
            !listed(a->key, c->cond_field, c->ncond_field))
            IR_REVIEW_NOTE(v, a->line, "the alias '%.*s' is not used",
                           IR_FMT(ir_str_head(a->key, SHOWN)));
    }
}

static void review_condition(const struct ir_review *v, const struct ir_yaml *map,
                             const struct ir_corr *c)
{
    const struct ir_yaml *cond = ir_yaml_get(map, "condition");
    const struct ir_yaml *field = ir_yaml_get(cond, "field");
    const struct ir_yaml *percentile = ir_yaml_get(cond, "percentile");
    bool counts = c->type == IR_CORR_EVENT_COUNT || c->type == IR_CORR_TEMPORAL ||
                  c->type == IR_CORR_TEMPORAL_ORDERED;
    if (field != NULL && counts)
        IR_REVIEW_NOTE(v, field->line, "'field' has no effect in a correlation of this type");
    if (percentile != NULL && c->type != IR_CORR_VALUE_PERCENTILE)
        IR_REVIEW_NOTE(v, percentile->line,
                       "'percentile' has no effect in a correlation of this type");
}

void ir_review_correlation(const struct ir_review *v, const struct ir_yaml *map,
                           const struct ir_corr *c)
{
    review_keys(v, map);
    review_timespan(v, map);
    review_aliases(v, map, c);
    review_condition(v, map, c);
    if (c->ngroup == 0) IR_REVIEW_NOTE(v, map->line, "no 'group-by': all events count together");
}
