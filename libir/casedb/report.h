/*
 * Reports that were made are kept: they may have been sent. See casedoc.h for making one.
 *
 *     rc = ir_report_last(db, &r, &err);    // the same question asked before: its number
 *     … make the text with r.no …
 *     rc = ir_report_keep(db, &r, content, &err);
 */
#ifndef IR_CASEDB_REPORT_H
#define IR_CASEDB_REPORT_H

#include "casedb/record.h"

struct ir_report {
    const char *incident_id, *language, *format;
    struct ir_str kind, as_of, template_sha256;
    int64_t no; /* within the case */
    char sha256[65];
};

/* Of the latest report of the same kind, language, format and as_of: number and digest; else the
 * next number, and an empty digest. Inside a transaction. */
int ir_report_last(struct ir_casedb *db, struct ir_report *r, struct ir_err *err);
/* The next number of the case. */
int ir_report_next(struct ir_casedb *db, struct ir_report *r, struct ir_err *err);
/* Inside a transaction, by its actor. Fills r->sha256. */
int ir_report_keep(struct ir_casedb *db, struct ir_report *r, struct ir_str content,
                   struct ir_err *err);
/* False: OpenSSL failed. */
bool ir_report_digest(struct ir_str content, char out[65]);

#endif
