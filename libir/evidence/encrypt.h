/*
 * Encryption to somebody's key by the program `age`, which must be installed: cryptography is never
 * made here. What is written to the descriptor arrives encrypted in the file.
 *
 *     ir_encrypt_begin(&x, "/usr/bin/age", "age1…", file_fd, &err);
 *     … write to x.fd …
 *     ir_encrypt_end(&x, &err);
 */
#ifndef IR_EVIDENCE_ENCRYPT_H
#define IR_EVIDENCE_ENCRYPT_H

#include <sys/types.h>

#include "base/digest.h"
#include "base/err.h"

struct ir_encrypt {
    int fd; /* to write to */
    pid_t pid;
};

/* Whether the text can be a public key of age: "age1" and 58 more letters and digits. */
bool ir_encrypt_recipient_ok(const char *recipient);
/* IR_FATAL: it cannot be started. */
int ir_encrypt_begin(struct ir_encrypt *x, const char *program, const char *recipient, int out,
                     struct ir_err *err);
/* Closes x->fd and waits. IR_FATAL: the program failed; what is in the file is of no use. */
int ir_encrypt_end(struct ir_encrypt *x, struct ir_err *err);
/* SHA-256 and size of all that a descriptor holds, from its start. */
int ir_encrypt_digest(int fd, char ret_sha256[IR_DIGEST_TEXT], uint64_t *ret_bytes,
                      struct ir_err *err);

#endif
