/*
 * Selections: maps are AND, lists are OR, bare text is a keyword. Source: Sigma rules
 * specification 2.1.0, "Detection". A list that mixes maps and text is taken as OR of all (as
 * pySigma does).
 */
#include <stdarg.h>
#include <stdio.h>

#include "rules/condition.h"
#include "rules/load.h"

#define NEST_MAX 16u

int ir_load_fail(struct ir_build *b, uint32_t line, const char *fmt, ...)
{
    char msg[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    ir_err_at(b->err, NULL, -1, line);
    return ir_fail(b->err, IR_BAD, "%s", msg);
}

static uint32_t count_kids(const struct ir_yaml *n)
{
    uint32_t c = 0;
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        c++;
    return c;
}

static int item_node(struct ir_build *b, struct ir_str key, const struct ir_yaml *n,
                     struct ir_node **ret_n)
{
    struct ir_node *node = ir_node_new(b->arena, IR_NODE_ITEM, 0);
    if (node == NULL) return ir_load_fail(b, n->line, "out of memory");
    int rc = ir_item_build(b, key, n, &node->item);
    if (rc == IR_OK) *ret_n = node;
    return rc;
}

static bool all_scalars(const struct ir_yaml *list)
{
    for (const struct ir_yaml *k = list->kids; k != NULL; k = k->next)
        if (k->kind != IR_YAML_SCALAR) return false;
    return true;
}

static int build_node(struct ir_build *b, const struct ir_yaml *n, unsigned depth,
                      struct ir_node **ret_n)
{
    if (ir_yaml_is_null(n)) return ir_load_fail(b, n->line, "an empty selection");
    if (depth > NEST_MAX) return ir_load_fail(b, n->line, "a selection nested too deep");
    if (n->kind == IR_YAML_SCALAR || (n->kind == IR_YAML_LIST && all_scalars(n)))
        return item_node(b, ir_str_n("", 0), n, ret_n);
    uint32_t count = count_kids(n), i = 0;
    if (count == 0) return ir_load_fail(b, n->line, "an empty selection");
    struct ir_node *node =
        ir_node_new(b->arena, n->kind == IR_YAML_MAP ? IR_NODE_AND : IR_NODE_OR, count);
    if (node == NULL) return ir_load_fail(b, n->line, "out of memory");
    int rc = IR_OK;
    for (const struct ir_yaml *k = n->kids; rc == IR_OK && k != NULL; k = k->next)
        rc = n->kind == IR_YAML_MAP ? item_node(b, k->key, k, &node->kids[i++])
                                    : build_node(b, k, depth + 1, &node->kids[i++]);
    if (rc == IR_OK) *ret_n = node;
    return rc;
}

static bool listed(const char *const *skip, struct ir_str key)
{
    for (; *skip != NULL; skip++)
        if (ir_str_eq(key, ir_str_z(*skip))) return true;
    return false;
}

int ir_selections_build(struct ir_build *b, const struct ir_yaml *map, const char *const *skip,
                        struct ir_selection **ret_sel, uint32_t *ret_n)
{
    uint32_t n = 0;
    if (map->kind != IR_YAML_MAP)
        return ir_load_fail(b, map->line, "'%s' must be a map", map->key.p);
    struct ir_selection *sel = ir_arena_alloc(b->arena, (count_kids(map) + 1) * sizeof *sel);
    if (sel == NULL) return ir_load_fail(b, map->line, "out of memory");
    for (const struct ir_yaml *k = map->kids; k != NULL; k = k->next) {
        if (listed(skip, k->key)) continue;
        sel[n].name = k->key;
        int rc = build_node(b, k, 0, &sel[n].node);
        if (rc != IR_OK) return rc;
        sel[n].node->label = k->key;
        n++;
    }
    *ret_sel = sel;
    *ret_n = n;
    return IR_OK;
}

int ir_condition_build(struct ir_build *b, const struct ir_yaml *node,
                       const struct ir_selection *sel, uint32_t nsel, struct ir_node **ret_root,
                       struct ir_str *ret_text)
{
    const struct ir_yaml *first = node->kind == IR_YAML_LIST ? node->kids : node;
    uint32_t n = node->kind == IR_YAML_LIST ? count_kids(node) : 1, i = 0;
    if (first == NULL || node->kind == IR_YAML_MAP)
        return ir_load_fail(b, node->line, "'condition' must be text or a list of texts");
    struct ir_node *any = ir_node_new(b->arena, IR_NODE_OR, n);
    if (any == NULL) return ir_load_fail(b, node->line, "out of memory");
    for (const struct ir_yaml *k = first; i < n; k = k->next, i++) {
        if (k->kind != IR_YAML_SCALAR) return ir_load_fail(b, k->line, "a condition must be text");
        if (b->err != NULL) b->err->line = k->line;
        if (ir_condition_parse(b->arena, k->text, sel, nsel, &any->kids[i], b->err) != IR_OK)
            return IR_BAD;
    }
    *ret_text = first->text;
    *ret_root = n == 1 ? any->kids[0] : any;
    return IR_OK;
}

int ir_body_build(struct ir_build *b, const struct ir_yaml *map, const char *const *skip,
                  struct ir_rule *r)
{
    const struct ir_yaml *cond = ir_yaml_get(map, "condition");
    if (map->kind != IR_YAML_MAP)
        return ir_load_fail(b, map->line, "'%s' must be a map", map->key.p);
    if (cond == NULL) return ir_load_fail(b, map->line, "'condition' is missing");
    int rc = ir_selections_build(b, map, skip, &r->sel, &r->nsel);
    if (rc == IR_OK && r->nsel == 0) rc = ir_load_fail(b, map->line, "no selection");
    if (rc == IR_OK) rc = ir_condition_build(b, cond, r->sel, r->nsel, &r->root, &r->condition);
    return rc;
}
