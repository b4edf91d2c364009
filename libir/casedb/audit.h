/*
 * The audit trail of the case database: a chain over every change, and its proof.
 *
 * A row's hash is the SHA-256 of PREVIOUS[seq,"at","actor","action","tbl","row",fields], PREVIOUS
 * being the hash of the row before (64 zeros at first), so a row that was edited, deleted, inserted
 * or moved breaks it there. Changes past the trail are found by holding every table against what
 * the trail says it holds. A trail that lost its end is whole in itself: only a head that was kept
 * elsewhere (on paper, in a custody log) shows it.
 */
#ifndef IR_CASEDB_AUDIT_H
#define IR_CASEDB_AUDIT_H

#include "base/buf.h"
#include "base/digest.h"
#include "casedb/record.h"

#define IR_AUDIT_HEX 65

struct ir_audit_head {
    int64_t seq; /* 0: nothing was ever written */
    char sha256[IR_AUDIT_HEX];
};

/* One thing that is wrong. table and row may be "" (the trail itself). */
struct ir_audit_fault {
    int64_t seq; /* of the trail, 0: no row of it */
    const char *table, *row, *field, *what;
};

struct ir_audit_result {
    uint64_t changes, rows, faults;
};

int ir_audit_head(struct ir_casedb *db, struct ir_audit_head *ret_h, struct ir_err *err);
/* Calls fault for each that is found; anchors are heads that were kept. IR_OK also with faults. */
int ir_audit_verify(struct ir_casedb *db, const struct ir_audit_head *anchor, size_t nanchors,
                    void (*fault)(void *user, const struct ir_audit_fault *f), void *user,
                    struct ir_audit_result *ret_r, struct ir_err *err);

/* A row of a trail. */
struct ir_audit_change {
    int64_t seq;
    struct ir_str at, actor, action, table, row, fields;
};
/* What is looked up once for the hashes of many rows. To be closed also when open failed. */
struct ir_audit_hasher {
    struct ir_digest digest;
    struct ir_buf head;
};
bool ir_audit_hasher_open(struct ir_audit_hasher *h);
void ir_audit_hasher_close(struct ir_audit_hasher *h);
/* The hash of a row behind `previous`. False: memory. */
bool ir_audit_hash(struct ir_audit_hasher *h, struct ir_str previous,
                   const struct ir_audit_change *c, char out[IR_AUDIT_HEX]);

/* For record.c: one row of the trail, within the transaction. fields: JSON. */
int ir_audit_append(struct ir_casedb *db, const char *action, const char *table, const char *row,
                    struct ir_str fields, struct ir_err *err);

#endif
