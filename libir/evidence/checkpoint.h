/*
 * Checkpoints of the custody log: a small text that commits to the first n lines, for signatures,
 * time-stamps and receipts (C2SP tlog-checkpoint's first three lines).
 *
 *     custody/checkpoint-000007              origin, number of lines, base64 of the RFC 6962 root
 *     custody/checkpoint-000007.sig          the examiner's raw Ed25519 signature of these bytes
 *     custody/checkpoint-000007.witness.sig  the witness's
 *     custody/checkpoint-000007.sha256       sha256sum list of the checkpoint and its signatures
 *     custody/checkpoint-000007.tsq, .tsr    RFC 3161 over the .sha256 file, so over the signatures
 *     custody/keys/ROLE.pub.pem              the public keys that signed
 */
#ifndef IR_EVIDENCE_CHECKPOINT_H
#define IR_EVIDENCE_CHECKPOINT_H

#include "evidence/custody.h"
#include "evidence/keys.h"

#define IR_CHECKPOINT_NAME 32 /* "checkpoint-000007" with room for 20 digits */

enum ir_signer_role { IR_SIGN_EXAMINER, IR_SIGN_WITNESS, IR_SIGN_RECEIVER, IR_SIGN_MAX };

struct ir_signer {
    enum ir_signer_role role;
    const struct ir_key *key;
};

struct ir_checkpoint {
    uint64_t n;
    unsigned char root[IR_HASH_BYTES];
    char origin[320];
};

/* "examiner", "witness", "receiver" */
const char *ir_signer_name(enum ir_signer_role role);
void ir_checkpoint_name(uint64_t n, char out[IR_CHECKPOINT_NAME]);
/* The three lines. */
void ir_checkpoint_text(const struct ir_custody *c, uint64_t n, struct ir_buf *out);
/* Exactly three lines of this form; false else. */
bool ir_checkpoint_parse(struct ir_str text, struct ir_checkpoint *ret_cp);

/* Writes the checkpoint of all lines so far, signed by each signer (may be none), its list, and the
 * keys. A checkpoint that is there already is only signed by those that are missing. A role's key
 * that is another one than in an earlier checkpoint gets a name of its own (examiner-2). */
int ir_checkpoint_write(struct ir_custody *c, const struct ir_signer *signers, unsigned n,
                        struct ir_err *err);

/* Whether the checkpoint of the first n lines was written. */
bool ir_checkpoint_is_there(const struct ir_custody *c, uint64_t n);
/* The SHA-256 of its list, as the next line of the log tells it (prev_checkpoint). False: there is
 * none. */
bool ir_checkpoint_digest(const struct ir_custody *c, uint64_t n, char out[IR_HASH_TEXT]);
/* Removes what a process that died wrote of the checkpoint of all lines, which is not there: its
 * signatures may be another person's than those of the one that comes. Only for who writes. */
void ir_checkpoint_drop_half(const struct ir_custody *c);

/* Signs any text of the case: custody/NAME.sig, or NAME.ROLE.sig, and the key in custody/keys. */
int ir_checkpoint_sign(const struct ir_custody *c, const char *name, struct ir_str text,
                       const struct ir_signer *s, struct ir_err *err);
/* The checkpoints of a case, in order: calls `each` with the number of lines; stops when it returns
 * non-zero and returns that. */
int ir_checkpoint_each(const struct ir_custody *c, int (*each)(void *user, uint64_t n), void *user,
                       struct ir_err *err);

#endif
