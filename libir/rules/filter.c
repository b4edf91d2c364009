/*
 * Filters: documents that narrow other rules. Source: Sigma filters specification 2.1.0.
 *
 * Polarity: the filter's condition is joined with AND as it is written (pySigma's reading), so a
 * filter that shall silence something says `not selection`. One without any `not` gets a warning,
 * which every scan repeats: whoever writes `condition: selection`, as the specification's own
 * example does, and means to silence, would lose all other hits of the rule without a word. A
 * filter joins the rules it lists (none or `any`: every rule) whose log source lies within its own.
 */
#include "rules/condition.h"
#include "rules/set.h"

static bool listed(const struct ir_rule *filter, const struct ir_rule_info *rule)
{
    if (filter->nfilter_refs == 0) return true;
    for (uint32_t i = 0; i < filter->nfilter_refs; i++) {
        const struct ir_str ref = filter->filter_refs[i];
        if (ir_str_eq(ref, rule->id) || (rule->name.n > 0 && ir_str_eq(ref, rule->name)))
            return true;
    }
    return false;
}

/* For explain: the rule's own condition and each filter's. */
static struct ir_str joined_text(struct ir_rules *rs, struct ir_str a, struct ir_str b)
{
    struct ir_buf text = IR_BUF(1 << 16);
    ir_buf_chr(&text, '(');
    ir_buf_str(&text, a);
    ir_buf_str(&text, IR_S(") and ("));
    ir_buf_str(&text, b);
    ir_buf_chr(&text, ')');
    struct ir_str copy = ir_arena_dup(&rs->arena, ir_buf_view(&text));
    ir_buf_free(&text);
    return copy.p != NULL ? copy : a;
}

/* Built anew for each rule: the field aliases depend on the rule's log source. */
static int join(struct ir_rules *rs, struct ir_rule *rule, const struct ir_rule *filter)
{
    static const char *const skip[] = {"condition", "rules", NULL};
    struct ir_err err = {0};
    struct ir_buf waits = IR_BUF(4096);
    struct ir_build b = ir_rules_build(rs, rule->info.logsource, &waits, &err);
    struct ir_rule copy = {0};
    int rc = ir_body_build(&b, filter->filter_doc, skip, &copy);
    bool waiting = waits.n > 0;
    ir_buf_free(&waits);
    if (rc != IR_OK || waiting) return rc;
    struct ir_node *both = ir_node_new(&rs->arena, IR_NODE_AND, 2);
    if (both == NULL) return IR_FATAL;
    both->kids[0] = rule->root;
    both->kids[1] = copy.root;
    copy.root->label = filter->info.title;
    rule->root = both;
    rule->condition = joined_text(rs, rule->condition, copy.condition);
    return IR_OK;
}

/* Of several rules one may be misspelt, or not be loaded this time: it stays unfiltered. */
static void tell_missing(struct ir_rules *rs, const struct ir_rule *filter)
{
    for (uint32_t i = 0; i < filter->nfilter_refs; i++)
        if (ir_map_find(&rs->by_ref, filter->filter_refs[i]) == UINT32_MAX)
            ir_rules_doubt(rs, filter->info.path, filter->info.line,
                           "the filter refers to '%.*s', which is not loaded",
                           IR_FMT(ir_str_head(filter->filter_refs[i], 80)));
}

int ir_rules_apply_filters(struct ir_rules *rs)
{
    for (size_t f = 0; f < rs->nfilters; f++) {
        const struct ir_rule *filter = rs->filter[f];
        size_t joined = 0;
        if (filter->info.waits.n > 0) continue;
        for (size_t i = 0; i < rs->nrules; i++) {
            struct ir_rule *r = rs->rule[i];
            if (r->info.kind != IR_RULE_DETECTION || r->root == NULL || !listed(filter, &r->info) ||
                !ir_logsource_fits(filter->info.logsource, r->info.logsource))
                continue;
            int rc = join(rs, r, filter);
            if (rc != IR_OK) return rc;
            joined++;
        }
        if (joined > 0)
            tell_missing(rs, filter);
        else
            ir_rules_doubt(rs, filter->info.path, filter->info.line,
                           "the filter fits no rule that is loaded");
    }
    return IR_OK;
}
