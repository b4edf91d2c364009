/*
 * Who answers (roles, 5.24) and whom to call (contacts, 5.5 and 5.6).
 *
 *     rc = ir_role_set(db, &(struct ir_holder){.role = …, .person = …}, &err);
 *     struct ir_contact c = {{{NULL, 0}}};
 *     c.v[IR_CONTACT_ORGANISATION] = IR_S("JPCERT/CC");
 *     rc = ir_contact_add(db, &c, &no, &err);                 // inside a transaction
 */
#ifndef IR_CASEDB_PEOPLE_H
#define IR_CASEDB_PEOPLE_H

#include "base/buf.h"
#include "casedb/record.h"

/* The three that have to be held: 最高責任者, 対応責任者, 一次対応者. NULL after the last. */
const char *ir_role_needed(size_t i);
/* "lead" for 対応責任者 and the like; what is no name of the three stays as it is. */
struct ir_str ir_role_name(struct ir_str said);

struct ir_holder {
    struct ir_str role, person, title, means, hours;
    bool deputy;
};

/* A role has one holder, whose term ends when there is another, and any number of deputies. The
 * same person once more: what is said of them changes. */
int ir_role_set(struct ir_casedb *db, const struct ir_holder *h, struct ir_err *err);
/* IR_BAD: nobody of that name holds it. */
int ir_role_end(struct ir_casedb *db, struct ir_str role, struct ir_str person, struct ir_err *err);

/* Appends the name of who holds the role; while nobody does, with deputies, that of the deputy who
 * was named first. IR_END: there is none. */
int ir_role_person(struct ir_casedb *db, struct ir_str role, bool deputies, struct ir_buf *name,
                   struct ir_err *err);

enum ir_contact_field {
    IR_CONTACT_KIND,
    IR_CONTACT_ORGANISATION,
    IR_CONTACT_PERSON,
    IR_CONTACT_MEANS,
    IR_CONTACT_URL,
    IR_CONTACT_HOURS,
    IR_CONTACT_PURPOSE,
    IR_CONTACT_VERIFIED, /* a date, 2026-11-23; taken as base/written.h reads it */
    IR_CONTACT_NOTE,
    IR_CONTACT_FIELDS
};
/* The names of the columns: "kind" … "last_verified", "note". */
const char *ir_contact_field(enum ir_contact_field f);

struct ir_contact {
    struct ir_str v[IR_CONTACT_FIELDS];
};

/* kind empty: other. IR_BAD: no organisation, or a date that is none or lies ahead. */
int ir_contact_add(struct ir_casedb *db, const struct ir_contact *c, int64_t *ret_no,
                   struct ir_err *err);
/* Fields with p NULL stay. */
int ir_contact_change(struct ir_casedb *db, int64_t no, const struct ir_contact *c,
                      struct ir_err *err);
int ir_contact_end(struct ir_casedb *db, int64_t no, struct ir_err *err);
/* The one of this organisation, kind and person that is in use, of several the one with the same
 * means; 0: none. */
int ir_contact_known(struct ir_casedb *db, const struct ir_contact *c, int64_t *ret_no,
                     struct ir_err *err);

enum ir_contact_fault {
    IR_CONTACT_GOOD,
    IR_CONTACT_NO_MEANS,
    IR_CONTACT_BAD_MAIL,
    IR_CONTACT_BAD_URL,
    IR_CONTACT_NEVER_VERIFIED,
    IR_CONTACT_OLD, /* verified longer ago than max_days before today */
};
/* today: days since 1970 in the organisation's zone. */
enum ir_contact_fault ir_contact_check(const struct ir_contact *c, int64_t today,
                                       unsigned max_days);

#endif
