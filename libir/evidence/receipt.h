/*
 * Receipts: what the other side of a hand-over keeps. A text for people, and below it all that is
 * needed to check it alone, years later and without the case: the line of the log, a proof that it
 * is in a signed checkpoint (C2SP tlog-proof: RFC 6962 inclusion), and the public keys.
 *
 *     … text for people …
 *     === line
 *     {"v":1,"seq":12,…}
 *     === proof
 *     c2sp.org/tlog-proof@v1
 *     index 11
 *     <base64 of a hash>            lowest first
 *
 *     ir/custody/CASE-1             the checkpoint: origin, lines, root
 *     14
 *     <base64 of the root>
 *
 *     — ir/custody/CASE-1 <base64>  4 bytes of key id, 64 of the Ed25519 signature
 *     === key ir/custody/CASE-1
 *     -----BEGIN PUBLIC KEY----- …
 *     === end
 *
 * The examiner signs by the name of the log, others by that name, '/' and their role.
 */
#ifndef IR_EVIDENCE_RECEIPT_H
#define IR_EVIDENCE_RECEIPT_H

#include "evidence/checkpoint.h"

#define IR_RECEIPT_MAX     ((size_t)32 << 20)
#define IR_RECEIPT_SIGNERS 8u

struct ir_receipt {
    struct ir_str text, line, checkpoint; /* views of the file; text: the part for people */
    uint64_t seq, size;
    unsigned signers;
    struct {
        char name[410], fingerprint[IR_HASH_TEXT];
    } signer[IR_RECEIPT_SIGNERS];
};

/* The tlog-proof of line seq (from 1) in the signed checkpoint of the first n lines. */
int ir_receipt_proof(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                     struct ir_err *err);
/* The part from "=== line" to "=== end". */
int ir_receipt_sections(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                        struct ir_err *err);
/* Checks a receipt by itself: proof, signatures, and that each number of 64 hex digits that people
 * read in it is one of those proved. IR_BAD: *err says what is wrong. */
int ir_receipt_check(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err);

#endif
