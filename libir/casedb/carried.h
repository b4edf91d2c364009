/*
 * Trails of other databases, which came with the cases that were imported from there. Nobody can
 * write such rows anew: they are kept as they are, each with the hash of the row before it, and the
 * row of `carried` that holds the digest of them all is itself in this database's trail.
 *
 *     struct ir_carried c;
 *     rc = ir_carried_begin(&c, &err);
 *     for (…) rc = ir_carried_add(db, &c, previous, &change, hash, &err);
 *     rc = ir_carried_end(db, &c, &about, &err);   // its own change of our trail
 *     ir_carried_free(&c);
 */
#ifndef IR_CASEDB_CARRIED_H
#define IR_CASEDB_CARRIED_H

#include "casedb/audit.h"

struct ir_carried {
    char id[IR_ID_TEXT];
    struct ir_digest digest; /* of the hashes of all its rows */
    struct ir_audit_hasher hasher;
    int64_t n, last; /* rows; seq of the last one */
    char last_sha256[IR_AUDIT_HEX];
};

/* Inside a transaction. */
int ir_carried_begin(struct ir_carried *c, struct ir_err *err);
/* IR_BAD: the row is not what its hash says, or not behind the one before. */
int ir_carried_add(struct ir_casedb *db, struct ir_carried *c, struct ir_str previous,
                   const struct ir_audit_change *change, struct ir_str sha256, struct ir_err *err);
struct ir_carried_about {
    const char *incident_id, *with_id; /* with_id NULL: the file's own trail */
    struct ir_str head, sha256;
    int64_t schema, inserted;
};
/* IR_BAD: the head is not that of these rows. */
int ir_carried_end(struct ir_casedb *db, struct ir_carried *c, const struct ir_carried_about *a,
                   struct ir_err *err);

/* In any case; also again. */
void ir_carried_free(struct ir_carried *c);

/* For audit.c: proves all of them. */
int ir_carried_verify(struct ir_casedb *db,
                      void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                      uint64_t *faults, struct ir_err *err);

#endif
