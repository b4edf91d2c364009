/*
 * VERIFY.txt, VERIFY.ja.txt and VERIFY.sh of a case: how anybody proves it with sh, sha256sum and
 * openssl, and without this program. The files are shell scripts, and explanation; their sources
 * are brief.sh (fifteen lines) and verify.sh (small steps).
 * Each line of the custody log has their digests, so that another version's are not taken for
 * forged ones, and forged ones not for another version's.
 */
#ifndef IR_EVIDENCE_HOWTO_H
#define IR_EVIDENCE_HOWTO_H

#include "base/err.h"
#include "evidence/merkle.h"

int ir_howto_write(int case_fd, struct ir_err *err);
/* "VERIFY.txt", "VERIFY.ja.txt"; NULL: there are no more. */
const char *ir_howto_name(size_t i);
/* The member of a line that has the SHA-256 of it: "verify_txt". */
const char *ir_howto_member(size_t i);
void ir_howto_digest(size_t i, char out[IR_HASH_TEXT]);

#endif
