/*
 * A sealed exhibit in the formats of other programs. What is exported is checked against the seal
 * in the same run; the same exhibit gives the same bytes each time.
 *
 *     tar       pax interchange format of the whole bag (POSIX.1-2017 pax), payload verified
 *     bodyfile  The Sleuth Kit 3.x, for mactime
 *     dfxml     Digital Forensics XML 2.0.0-beta.0
 *     case      CASE 1.4 and UCO as JSON-LD: the exhibit's provenance and its files
 *
 *     ir_export_tar(case_fd, "EV-1-01", seal, when, &outlet, &totals, &err);
 *     ir_export_list(case_fd, IR_EXPORT_DFXML, &facts, &outlet, &err);
 */
#ifndef IR_EVIDENCE_EXPORT_H
#define IR_EVIDENCE_EXPORT_H

#include "evidence/carry.h"
#include "evidence/object.h"
#include "evidence/outlet.h"

enum ir_export_format {
    IR_EXPORT_TAR,
    IR_EXPORT_BODYFILE,
    IR_EXPORT_DFXML,
    IR_EXPORT_CASE,
    IR_EXPORT_FORMAT_MAX
};

/* What the custody log tells of it; "" is not known. */
struct ir_export_facts {
    const char *case_id, *item, *seal, *version;
    const char *actor, *place, *reason, *method; /* of the collection */
    const char *start, *end;                     /* of the collection: RFC 3339 */
};

/* "tar", "bodyfile", …; NULL behind the last. */
const char *ir_export_format_name(size_t i);
/* when: of all entries, seconds since 1970. IR_BAD: something of it is not what was sealed. */
int ir_export_tar(int case_fd, const char *item, const char *seal, int64_t when,
                  struct ir_outlet *out, struct ir_carry_totals *ret_t, struct ir_err *err);
/* Those that are made of meta/files.jsonl, which is checked first. IR_BAD as above. */
int ir_export_list(int case_fd, enum ir_export_format format, const struct ir_export_facts *f,
                   struct ir_outlet *out, struct ir_err *err);
/* The bodyfile of a bag, sealed or not: of all objects that are of the source's file systems. */
int ir_export_bodyfile(int bag_fd, struct ir_outlet *out, struct ir_err *err);

#endif
