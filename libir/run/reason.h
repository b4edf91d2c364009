/*
 * Why a finding stands: the line for programs (the `why` of JSON) and the facts for sentences
 * (report/reason.h), both of what the map stage noted and the correlations counted (internal to
 * run/).
 */
#ifndef IR_RUN_REASON_H
#define IR_RUN_REASON_H

#include "run/reduce_int.h"

/* Fills f->why and f->reasons; they live until the scan's next finding. */
void ir_reason_fill(struct ir_scan *s, const struct ir_finding_state *x, struct ir_finding *f);

#endif
