/*
 * Proves a case, or says what is wrong with it and where. What must be there is read from its log:
 * every checkpoint, the keys that signed it, time-stamps, receipts, the seal of each exhibit; and
 * nothing else may be there. The content of the exhibits is bag.h's. verify.sh is the same with
 * stock commands.
 */
#ifndef IR_EVIDENCE_CHECK_H
#define IR_EVIDENCE_CHECK_H

#include "evidence/custody.h"
#include "evidence/keys.h"
#include "evidence/report.h"

struct ir_check_totals {
    uint64_t lines, checkpoints, signatures, stamps, exhibits, problems, unclear;
    uint64_t covered; /* lines that the last signed checkpoint commits to */
};

/* What is known of the case from elsewhere: its log must hold all of it. */
struct ir_check_known {
    const char *const *files; /* receipts, copies of the log, checkpoints that others keep */
    size_t n;
    uint64_t lines;       /* that the log had once; 0: unknown */
    const char *lines_by; /* who says so, for people */
};

/* IR_OK: looked at all, see ret_totals->problems. IR_FATAL: the log itself cannot be used (then
 * that is also a problem told). known: may be NULL. */
int ir_check_case(int case_fd, const struct ir_check_known *known,
                  const struct ir_check_report *report, struct ir_check_totals *ret_totals,
                  struct ir_err *err);

#endif
