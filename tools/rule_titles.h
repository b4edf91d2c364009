/*
 * What rules are called in Japanese, for reports that name alerts: an alert is filed with the
 * English title of its rule, as all data is.
 */
#ifndef IR_TOOLS_RULE_TITLES_H
#define IR_TOOLS_RULE_TITLES_H

#include "casedb/casedoc.h"
#include "cmd.h"

/* The list rule_titles of casedoc.h, of the rules that come with ir and those of the workspace; its
 * texts live in the arena. Rules that cannot be read leave it shorter. */
struct ir_doc_given rule_titles(struct ir_arena *arena, const struct cmd *cmd,
                                const struct env *env);

/* The title in Japanese of the rule that has this id (empty: not known) or this English title;
 * without such a rule the English one. */
struct ir_str rule_title(const struct ir_doc_given *titles, struct ir_str id,
                         struct ir_str english);

#endif
