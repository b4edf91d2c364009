/*
 * What to do next, for rules that do not say it themselves: by ATT&CK tactic (attack.mitre.org,
 * enterprise tactics). One sentence that a small company's administrator can act on.
 */
#ifndef IR_RUN_ADVICE_H
#define IR_RUN_ADVICE_H

#include "rules/rules.h"

/* In English; the catalogue has it too. */
const char *ir_advice(const struct ir_rule_info *r);

#endif
