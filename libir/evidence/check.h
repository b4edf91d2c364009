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
    uint64_t lines, checkpoints, signatures, stamps, exhibits, problems;
    uint64_t covered; /* lines that the last signed checkpoint commits to */
};

/* IR_OK: looked at all, see ret_totals->problems. IR_FATAL: the log itself cannot be used (then
 * that is also a problem told). ca_file: certificates to trust for time-stamps, NULL: those of
 * custody/tsa/ca.pem. */
int ir_check_case(int case_fd, const char *ca_file, const struct ir_check_report *report,
                  struct ir_check_totals *ret_totals, struct ir_err *err);

#endif
