/*
 * Time-stamps (RFC 3161) over the lists of checkpoints, in two steps, so that the machine with the
 * evidence needs no network: a request is written here, carried to a time-stamp authority, and its
 * answer is attached later.
 *
 *     custody/checkpoint-000007.tsq   the request: SHA-256 of checkpoint-000007.sha256, a nonce
 *     custody/checkpoint-000007.tsr   the answer
 *     custody/tsa/ca.pem              certificates that the authority's must lead to
 *
 * The list holds the digests of the signatures, so a key that is stolen later cannot back-date.
 * Certificates must have been valid at the time that the answer tells, as for any signature that is
 * to outlive them (RFC 3161, section 4): a stamp proves as much after they have run out, though its
 * authority answers for its key no longer.
 * An answer is foreign bytes: OpenSSL parses it, and it is kept only when all of it holds.
 */
#ifndef IR_EVIDENCE_STAMP_H
#define IR_EVIDENCE_STAMP_H

#include "base/time.h"
#include "evidence/custody.h"

#define IR_STAMP_MAX ((size_t)1 << 20)
/* What is to be said of one that run_out is set for. */
#define IR_STAMP_RUN_OUT                                                                           \
    N_("a certificate of its authority has run out since; it was valid at the time of the "        \
       "stamp, which is what counts; have the log stamped anew before long")

struct ir_stamp {
    uint64_t checkpoint;
    char time[IR_TIME_TEXT]; /* RFC 3339, UTC */
    char serial[80], policy[80];
    char sha256[IR_HASH_TEXT]; /* of the answer */
    bool run_out;              /* a certificate was valid at `time`, and is not any more */
};

/* Writes the request for checkpoint n, which must be there. */
int ir_stamp_request(const struct ir_custody *c, uint64_t n, struct ir_err *err);
/* Finds the checkpoint that the answer is for, checks it wholly against ca (PEM) and the request,
 * and stores it. IR_BAD: it is not good, and nothing was stored. The same answer may be stored
 * again while no line of the log tells of it: a process died between the two. */
int ir_stamp_attach(const struct ir_custody *c, struct ir_str answer, struct ir_str ca,
                    struct ir_stamp *ret_stamp, struct ir_err *err);
/* The answer that line `seq` of the log tells of: that very one, and it holds wholly. IR_END: the
 * line tells of none. IR_BAD: it is missing, another, or proves nothing; *ret_stamp has the number
 * of its checkpoint even then. */
int ir_stamp_verify(const struct ir_custody *c, uint64_t seq, struct ir_str ca,
                    struct ir_stamp *ret_stamp, struct ir_err *err);
/* custody/tsa/ca.pem. IR_END: there is none. */
int ir_stamp_ca(const struct ir_custody *c, struct ir_buf *out, struct ir_err *err);
/* Adds certificates to it; those that are there already are left out. ret_sha256: of all of it. */
int ir_stamp_keep_ca(const struct ir_custody *c, struct ir_str pem, char ret_sha256[IR_HASH_TEXT],
                     struct ir_err *err);

#endif
