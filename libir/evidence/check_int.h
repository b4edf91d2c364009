/*
 * What the checks of a case share; nobody else's business.
 *
 *     check.c           the order of the checks, the exhibits      check_signed.c    keys,
 * signatures check_told.c      checkpoints and time-stamps of the log     check_receipts.c receipts
 *
 * What must be there is read from the log, line by line, and never from the files that happen to
 * lie there. Each check notes the files that it accounts for in `must`; in the end nothing else may
 * lie in the case. verify.sh does the same with stock commands, in the same order.
 */
#ifndef IR_EVIDENCE_CHECK_INT_H
#define IR_EVIDENCE_CHECK_INT_H

#include "base/map.h"
#include "evidence/check.h"

#define IR_CHECK_CONTROL_MAX ((size_t)1 << 20)

/* A public key of the case. */
struct ir_check_key {
    char role[128];        /* "examiner-2" */
    char id[IR_HASH_TEXT]; /* as key_id in the log has it */
    struct ir_key *key;
    bool named; /* by a line of the log */
};

struct ir_check {
    int case_fd;
    struct ir_custody *c; /* NULL: the log cannot be used */
    const struct ir_check_report *report;
    struct ir_check_totals *t;
    struct ir_buf ca;   /* certificates for time-stamps */
    struct ir_map must; /* names below the case that are accounted for */
    struct ir_check_key *keys;
    size_t nkeys;
    bool open; /* the last lines have no checkpoint */
};

/* check.c */
__attribute__((format(printf, 3, 4))) void ir_check_problem(struct ir_check *k, const char *place,
                                                            const char *fmt, ...);
/* What cannot be told from what is there. */
__attribute__((format(printf, 3, 4))) void ir_check_unclear(struct ir_check *k, const char *place,
                                                            const char *fmt, ...);
/* A file or directory below the case is accounted for, with the directories that it lies in. */
__attribute__((format(printf, 2, 3))) void ir_check_must(struct ir_check *k, const char *fmt, ...);
/* A file below custody/, accounted for; a problem is told when it cannot be read. */
int ir_check_read(struct ir_check *k, const char *name, size_t max, struct ir_buf *out);
void ir_check_sha256(struct ir_str bytes, char out[IR_HASH_TEXT]);

/* check_signed.c */
void ir_check_keys(struct ir_check *k);
void ir_check_keys_free(struct ir_check *k);
/* Whoever line `seq` of the log names with a key has signed `text` with this very key, in NAME.sig
 * or NAME.ROLE.sig below custody/. Returns how many the line names; adds a line of sha256sum to
 * `list` (may be NULL) for each signature. */
unsigned ir_check_signatures(struct ir_check *k, uint64_t seq, const char *name, struct ir_str text,
                             struct ir_buf *list);

/* check_told.c: checkpoints and time-stamps. */
void ir_check_told(struct ir_check *k);

/* check_receipts.c: each receipt that the log tells of is there, whole, signed, and of this log. */
void ir_check_receipts(struct ir_check *k);

/* check_end.c: whether the log, and its last checkpoint, was longer once. */
void ir_check_end(struct ir_check *k, const struct ir_check_known *known);
/* The line that a file below custody/ belongs to, by its name; 0: to none. */
uint64_t ir_check_number(const char *name);

#endif
