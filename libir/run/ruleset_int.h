/*
 * Between the files about rule sets (internal to run/).
 */
#ifndef IR_RUN_RULESET_INT_H
#define IR_RUN_RULESET_INT_H

#include "run/ruleset.h"

/* False: not a manifest as ir_ruleset_manifest writes it; unknown keys are passed over. */
bool ir_ruleset_parse(struct ir_str text, struct ir_ruleset *ret_set);

#endif
