/*
 * Proves a case, or says what is wrong with it and where: the chain of the log, every checkpoint
 * and signature, and that the log and the exhibits agree. The content of the exhibits is bag.h's.
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
