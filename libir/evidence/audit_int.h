/*
 * What the parts of audit.h share; nobody else's business.
 */
#ifndef IR_EVIDENCE_AUDIT_INT_H
#define IR_EVIDENCE_AUDIT_INT_H

#include <stdio.h>

#include "base/buf.h"
#include "evidence/audit.h"
#include "evidence/known.h"

enum ir_audit_state { /* of a file; a later one goes before an earlier */
                      IR_FILE_NONE,
                      IR_FILE_LEFT,  /* no file, but something of its name: a link, a pipe */
                      IR_FILE_TOLD,  /* could not be read, which was told */
                      IR_FILE_KNOWN, /* in a set */
                      IR_FILE_MOVED,
                      IR_FILE_GONE, /* LEFT, and a list has it as a file */
                      IR_FILE_CHANGED,
                      IR_FILE_OTHER, /* a list has it, with digests that were not made */
                      IR_FILE_MATCHED
};

/* A file, or an entry that no file bears the name of, as it lies in a temporary file. */
struct ir_audit_record {
    struct ir_str path;  /* absolute; of an entry: as the list has it */
    struct ir_str shown; /* of a file: as the user named it */
    uint32_t list;
    uint64_t line;
    struct ir_digest_sum sum;
};

struct ir_audit_spool {
    FILE *f;
    uint64_t n, bytes; /* records; all of them */
    struct ir_buf room;
};

struct ir_audit {
    const struct ir_audit_options *o;
    struct ir_audit_totals *t;
    struct ir_err *err;
    unsigned set; /* digests that are made */
    uint64_t memory;
    struct ir_buf base; /* absolute; where relative names, or all, begin */
    struct ir_audit_spool files, entries;
    unsigned char *state; /* enum ir_audit_state, a byte a file */
    size_t cap;
    uint64_t *moved;      /* where in `entries` its old name lies; a number a file */
    unsigned char *found; /* a bit for each of `entries`: a file has its digest */
    bool sets;            /* some list has entries without names */
    int rc;
};

/* audit_spool.c */
bool ir_audit_spool_open(struct ir_audit_spool *s);
void ir_audit_spool_close(struct ir_audit_spool *s);
bool ir_audit_put(struct ir_audit_spool *s, const struct ir_audit_record *r);
/* From the start, or from where a record lies. */
bool ir_audit_seek(struct ir_audit_spool *s, uint64_t at);
/* IR_OK, IR_END, IR_FATAL; *ret_at: where it lies. Texts are good until the next call. */
int ir_audit_get(struct ir_audit_spool *s, struct ir_audit_record *ret_r, uint64_t *ret_at);

/* audit_join.c: IR_OK or IR_FATAL with the reason in a->err. */
int ir_audit_by_name(struct ir_audit *a);
int ir_audit_by_digest(struct ir_audit *a);
/* The name of an entry as an absolute path, without "." and "..". False: memory is out. */
bool ir_audit_place(const struct ir_audit *a, struct ir_str name, struct ir_buf *out);

#endif
