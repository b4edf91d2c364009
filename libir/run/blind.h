/*
 * Rules that cannot see what varies between records that are alike (internal to run/).
 */
#ifndef IR_RUN_BLIND_H
#define IR_RUN_BLIND_H

#include "format/format.h"
#include "run/scan_int.h"

/* True when neither the rule nor a correlation that it feeds can tell two records apart that differ
 * only in their stamps and in the digits of the varying fields. */
bool ir_rule_is_blind(const struct ir_scan *s, uint32_t rule, const struct ir_varying *varying);

#endif
