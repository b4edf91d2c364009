/*
 * Saying why: which parts of a rule an event fulfils, or where it fails first.
 */
#ifndef IR_RULES_WHY_H
#define IR_RULES_WHY_H

#include "base/intl.h"
#include "rules/match.h"

/* One sentence for a finding: the selections' items that hold, with the values seen. Raw bytes of
 * the event: the writer escapes. */
void ir_why_matched(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                    struct ir_buf *out);
/* Lines for `ir rules explain`: the condition, then each item with its outcome, indented by the
 * condition's shape; the line of the first failing item ends in _(IR_WHY_FAILS). All text is made
 * visible. True when the rule matches. */
#define IR_WHY_FAILS N_("   <== fails first here")
bool ir_why_explain(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                    struct ir_buf *out);

#endif
