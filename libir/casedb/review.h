/*
 * Reviews: what has to be looked at again and again, and the record that it was (ISO/IEC
 * 27002:2022, 8.15 to 8.17): logs of a source for a period, the work of operators, whether rotated
 * logs were rewritten, baselines, clocks; exercises (5.24), audits and management reviews.
 *
 *     struct ir_review r = ir_review_begin();
 *     r.kind = IR_S("log"), r.source = IR_S("web01");
 *     rc = ir_review_scan(db, jsonl, &r, &err);      // period and counts of ir scan --output jsonl
 *     rc = ir_review_add(db, &r, id, &err);
 */
#ifndef IR_CASEDB_REVIEW_H
#define IR_CASEDB_REVIEW_H

#include "casedb/record.h"

#define IR_REVIEW_UNSET INT64_MIN
#define IR_REVIEW_NEVER INT64_MAX

struct ir_review {
    struct ir_str kind, source, result, zone;
    struct ir_str summary;             /* JSON of the scan, a view into what was read */
    int64_t from, to;                  /* ns UTC; IR_REVIEW_UNSET: none */
    int64_t records, findings;         /* IR_REVIEW_UNSET: not counted */
    int64_t offset_ms, uncertainty_ms; /* of the clock; IR_REVIEW_UNSET: not measured */
    int64_t next_due; /* ns UTC; IR_REVIEW_UNSET: as long after this as it was after the last one */
};

/* SQL over rows of the table: how far the reviews of the same kind and source reached that were
 * recorded before; null: there was none. From there to from_at is time that nobody looked at. */
#define IR_REVIEW_BEFORE                                                                           \
    "max(to_at) OVER (PARTITION BY kind, source ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING "  \
    "AND 1 PRECEDING)"

/* Everything unset. */
struct ir_review ir_review_begin(void);
/* The kinds; NULL after the last. */
const char *ir_review_kind(size_t i);
/* Fills period, records, findings and summary from the last line of what ir scan wrote, where they
 * are not set. IR_BAD: it did not come to its end, or is not of ir scan. */
int ir_review_scan(struct ir_casedb *db, struct ir_str jsonl, struct ir_review *r,
                   struct ir_err *err);
/* Inside a transaction; the actor reviewed. IR_BAD: says what is missing or cannot be. */
int ir_review_add(struct ir_casedb *db, const struct ir_review *r, char ret_id[IR_ID_TEXT],
                  struct ir_err *err);

#endif
