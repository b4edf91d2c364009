/*
 * Condition expressions (Sigma rules specification 2.1.0, "Condition"; facts that bite are in the
 * .c).
 */
#ifndef IR_RULES_CONDITION_H
#define IR_RULES_CONDITION_H

#include "rules/ast.h"

#define IR_CONDITION_DEPTH_MAX 64u
#define IR_CONDITION_PARTS_MAX 65536u /* selections named, those behind `of` included */

/* Parses text over the named selections into a tree that shares the selections' nodes. IR_BAD with
 * the reason (and the word it stumbled over) in err. */
int ir_condition_parse(struct ir_arena *a, struct ir_str text, const struct ir_selection *sel,
                       uint32_t nsel, struct ir_node **ret_root, struct ir_err *err);

struct ir_node *ir_node_new(struct ir_arena *a, enum ir_node_op op, uint32_t nkids);

#endif
