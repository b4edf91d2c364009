/*
 * Contacts out of a CSV file (RFC 4180) as a spreadsheet saves it: UTF-8 with or without a byte
 * order mark, CP932, UTF-16; commas, semicolons or tabs; names of columns in English or Japanese.
 *
 *     rc = ir_contact_csv(cs, bytes, take, user, &result, &err);
 */
#ifndef IR_CASEDB_CONTACT_CSV_H
#define IR_CASEDB_CONTACT_CSV_H

#include "base/charset.h"
#include "casedb/people.h"

struct ir_contact_csv_result {
    uint64_t rows;
    uint64_t columns, unknown; /* of the header; those that no field stands for are left out */
    char first_unknown[64];
    bool lost; /* bytes of it that are no text: see ir_charset_lost */
};

/* Calls take for each row; a result other than IR_OK ends it and is returned, err->line being the
 * row's line. IR_BAD: no CSV, or no column for the organisation. */
int ir_contact_csv(const struct ir_charset *cs, struct ir_str bytes,
                   int (*take)(void *user, const struct ir_contact *c, struct ir_err *err),
                   void *user, struct ir_contact_csv_result *ret_r, struct ir_err *err);

#endif
