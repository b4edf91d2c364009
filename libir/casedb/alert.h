/*
 * Findings of scans as alerts, each filed once.
 *
 *     struct ir_alert_filing f;
 *     rc = ir_alert_filing_open(db, &f, &err);
 *     while (line) rc = ir_alert_file(db, &f, line, &err);      // a line of ir scan --output jsonl
 *
 * Two findings are the same when rule, entity and the first record are: the record by its bytes, so
 * that a log that was renamed, rotated, packed or has grown gives no second alert. The same one
 * found again widens first_seen, last_seen and count, and changes nothing when it says nothing new.
 */
#ifndef IR_CASEDB_ALERT_H
#define IR_CASEDB_ALERT_H

#include "casedb/incident.h"

struct ir_alert_filing {
    struct ir_numbers numbers;
    uint64_t filed, grown, same; /* findings that were new, said more than before, or did not */
    uint64_t bad;                /* lines that are no finding, nor a summary */
    uint64_t bad_line;           /* the first of them, from 1 */
    uint64_t lines;
    bool summary; /* the scan came to its end */
};

/* Inside a transaction. */
int ir_alert_filing_open(struct ir_casedb *db, struct ir_alert_filing *ret_f, struct ir_err *err);
/* One line without its end; blank lines and what is no finding are counted, not an error. */
int ir_alert_file(struct ir_casedb *db, struct ir_alert_filing *f, struct ir_str line,
                  struct ir_err *err);

/* 0 informational … 4 critical; -1: no level. */
int ir_alert_level(struct ir_str name);

#endif
