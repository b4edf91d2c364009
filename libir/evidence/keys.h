/*
 * Ed25519 keys (RFC 8032) of those who sign: NAME.key, a PKCS #8 PEM file encrypted with a
 * passphrase (AES-256-CBC, scrypt) and readable by its owner only, and NAME.pub.pem, which goes
 * with the evidence. Stock openssl reads both. Signatures are the raw 64 bytes.
 *
 *     ir_key_make(keys_fd, "examiner", passphrase, &err);
 *     ir_key_load(keys_fd, "examiner", passphrase, &key, &err);
 *     ir_key_sign(key, bytes, sig, &err);
 *     ir_key_free(key);
 */
#ifndef IR_EVIDENCE_KEYS_H
#define IR_EVIDENCE_KEYS_H

#include "base/buf.h"
#include "base/err.h"
#include "evidence/merkle.h"

#define IR_SIG_BYTES  64
#define IR_KEY_NAME   64 /* bytes of a key's name, with the NUL */
#define IR_PHRASE_MAX 1024u

struct ir_key;

/* Letters, digits, '.', '_', '-' and what is not ASCII; no leading dot or dash. */
bool ir_key_name_ok(const char *name);
/* A new pair below dirfd; an existing one is never overwritten. phrase: NULL or "": the private key
 * is stored unencrypted. */
int ir_key_make(int dirfd, const char *name, struct ir_str phrase, struct ir_err *err);
/* The private key. IR_BAD: the passphrase is wrong or missing (*ret_locked, may be NULL, tells
 * that one is needed). A file that others may read is refused. */
int ir_key_load(int dirfd, const char *name, struct ir_str phrase, struct ir_key **ret_key,
                struct ir_err *err);
/* True when the private key exists and asks for a passphrase. */
bool ir_key_is_locked(int dirfd, const char *name);
/* A public key in PEM. */
int ir_key_public(struct ir_str pem, struct ir_key **ret_key, struct ir_err *err);
void ir_key_free(struct ir_key *key);

int ir_key_sign(const struct ir_key *key, struct ir_str bytes, unsigned char sig[IR_SIG_BYTES],
                struct ir_err *err);
bool ir_key_verify(const struct ir_key *key, struct ir_str bytes,
                   const unsigned char sig[IR_SIG_BYTES]);
/* SHA-256 of the public key's DER form (SubjectPublicKeyInfo), hex: what
 * `openssl pkey -pubin -in KEY -outform DER | sha256sum` prints. */
bool ir_key_fingerprint(const struct ir_key *key, char out[IR_HASH_TEXT]);
/* The public half as PEM. */
bool ir_key_pem(const struct ir_key *key, struct ir_buf *out);

#endif
