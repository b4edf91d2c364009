/*
 * Events and cases: how they come into being, their numbers, and finding them again.
 *
 *     rc = ir_intake_add(db, &report, no, id, &err);               // EVT-2026-0001
 *     rc = ir_incident_open(db, &opening, no, id, &err);           // CASE-2026-001
 *     rc = ir_number_find(db, "incident", "1", id, no, &err);      // also 2026-001, CASE-2026-001
 *
 * Numbers count within a civil year of the organisation's zone and are never used twice.
 */
#ifndef IR_CASEDB_INCIDENT_H
#define IR_CASEDB_INCIDENT_H

#include "casedb/record.h"

#define IR_NO_TEXT 32

struct ir_intake {
    struct ir_str text, reporter, contact, how;
    const char *noticed_at; /* as ir_casedb_time writes it; NULL: not told */
};

/* Inside a transaction; the actor recorded it. */
int ir_intake_add(struct ir_casedb *db, const struct ir_intake *r, char ret_no[IR_NO_TEXT],
                  char ret_id[IR_ID_TEXT], struct ir_err *err);

/* lead empty: who holds that role (lead, 対応責任者), else the deputy; IR_BAD: nobody does. */
struct ir_incident_opening {
    struct ir_str title, kind, level, lead, tlp; /* tlp: empty is amber */
    bool exercise;
};

/* IR_BAD: none of the traffic light protocol's (TLP 2.0). Empty is right. */
int ir_tlp_check(struct ir_str tlp, struct ir_err *err);
int ir_incident_open(struct ir_casedb *db, const struct ir_incident_opening *o,
                     char ret_no[IR_NO_TEXT], char ret_id[IR_ID_TEXT], struct ir_err *err);

/* The row that a person means by "CASE-2026-001", "2026-001", "001" or "1" (when
 * only one year has it). table: "incident", "event" or "alert". IR_BAD:
 * there is none, or several. */
int ir_number_find(struct ir_casedb *db, const char *table, const char *said,
                   char ret_id[IR_ID_TEXT], char ret_no[IR_NO_TEXT], struct ir_err *err);

/* Numbers of one series, several in one transaction: the last is looked up once. */
struct ir_numbers {
    char begin[IR_NO_TEXT];
    int digits;
    int64_t last;
};

int ir_numbers_open(struct ir_casedb *db, const char *table, struct ir_numbers *ret_n,
                    struct ir_err *err);
void ir_numbers_next(struct ir_numbers *n, char no[IR_NO_TEXT]);
/* The next number of a case's own list (notes, acts, tasks …). */
int ir_number_within(struct ir_casedb *db, const char *table, const char *incident_id,
                     int64_t *ret_no, struct ir_err *err);

#endif
