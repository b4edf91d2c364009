/*
 * Which rules could have fired on what was read: log source present, needed fields ever seen.
 */
#ifndef IR_RUN_COVERAGE_H
#define IR_RUN_COVERAGE_H

#include "run/scan_int.h"

void ir_coverage_count(const struct ir_scan *s, struct ir_summary *sum);

#endif
