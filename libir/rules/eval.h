/*
 * Evaluating the parts of a rule on one view of an event (internal to rules/: matcher and
 * explainer).
 */
#ifndef IR_RULES_EVAL_H
#define IR_RULES_EVAL_H

#include "rules/ast.h"

struct ir_eval {
    struct ir_event *ev;
    uint32_t view;
    pcre2_match_data *match_data;
    pcre2_match_context *match_context;
    uint64_t regex_limits; /* matches given up */
    const uint32_t
        *lit_seen; /* [literal] == lit_gen: the search found it in this event; NULL: no search */
    const uint32_t *lit_raw; /* the same in ev->raw */
    uint32_t lit_gen;
    /* [twin] what items said that stand in several rules, of this event and view; NULL: nothing is
     * kept */
    struct ir_said {
        uint32_t gen; /* lit_gen */
        uint16_t view;
        bool fits;
    } * said;
    struct ir_str raw_fold, key_fold; /* folded ev->raw and ev->keytext; p == NULL: not yet */
    /* the text that was last read as a number, as an address, and what it is */
    struct ir_str number_text, ip_text;
    struct ir_number number;
    struct ir_ip ip;
    bool is_number, is_ip;
};

/* Call for each new event. */
void ir_eval_begin(struct ir_eval *e, struct ir_event *ev);
bool ir_eval_node(struct ir_eval *e, const struct ir_node *n);
bool ir_eval_item(struct ir_eval *e, const struct ir_item *it);
bool ir_eval_open(struct ir_eval *e);
void ir_eval_close(struct ir_eval *e);

#endif
