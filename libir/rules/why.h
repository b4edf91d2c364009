/*
 * Saying why: which parts of a rule an event fulfils, or where it fails first.
 */
#ifndef IR_RULES_WHY_H
#define IR_RULES_WHY_H

#include "base/intl.h"
#include "rules/match.h"

/* What ir_why_note keeps of an event that a rule matched: bytes for ir_why_next, good as long as
 * the rule set is. Raw bytes of the event: the writer escapes. */
struct ir_why_fact {
    const struct ir_item *item; /* that holds; NULL: there are more than are kept */
    const struct ir_val *val;   /* that holds; NULL: one of item->exact, or |all's */
    uint32_t field;             /* where `held` stands */
    struct ir_str value;        /* what fits: the rule's text, or what its expression found */
    struct ir_str seen;         /* the event's value under the first name of the field */
    struct ir_str held;         /* the event's value that fits, or the part around what fits */
    bool has_seen, same;        /* same: `value` is all of `seen` */
    bool cut_value, cut_front, cut_back; /* of `value`; of `held` */
};
void ir_why_note(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                 struct ir_buf *out);
#define IR_WHY_MAX 2048u /* bytes of one note */
/* Takes the next fact off; false at the end. */
bool ir_why_next(struct ir_str *rest, struct ir_why_fact *ret_f);
/* One line of the facts, for programs. */
void ir_why_text(struct ir_str facts, struct ir_buf *out);
/* Lines for `ir rules explain`: the condition, then each item with its outcome, indented by the
 * condition's shape; the line of the first failing item ends in _(IR_WHY_FAILS). All text is made
 * visible. True when the rule matches. */
#define IR_WHY_FAILS N_("   <== fails first here")
bool ir_why_explain(struct ir_matcher *m, struct ir_event *ev, uint32_t rule, uint32_t view,
                    struct ir_buf *out);

#endif
