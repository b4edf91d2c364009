/*
 * Lists of known files, of any size, an entry at a time:
 *
 *     hashdeep       %%%% HASHDEEP-1.0, its columns in any order but the name last
 *     sums           md5sum, sha1sum, sha256sum, sha512sum; BSD and OpenSSL ("SHA256 (name) = …");
 *                    digests alone, one a line
 *     CSV            with a heading that names md5, sha1, sha256 or sha512: NSRL's NSRLFile.txt and
 *                    its minimal sets, PowerShell's Get-FileHash, tables of others
 *     JSON lines     of `ir evidence hash` and of meta/files.jsonl
 *
 * A list is a set when it tells of contents and not of places: NSRL, digests alone.
 *
 *     ir_known_open("list.txt", &k, &err);
 *     while ((rc = ir_known_next(k, &e)) != IR_END) if (rc == IR_OK) …
 *     ir_known_close(k);
 */
#ifndef IR_EVIDENCE_KNOWN_H
#define IR_EVIDENCE_KNOWN_H

#include "base/digest.h"
#include "base/err.h"

struct ir_known;

struct ir_known_entry {
    struct ir_digest_sum sum; /* at least one digest */
    struct ir_str name;       /* raw bytes as in the list; empty: an entry of a set */
    uint64_t line;
};

int ir_known_open(const char *path, struct ir_known **ret_k, struct ir_err *err);
/* IR_OK: name is good until the next call. IR_END. IR_BAD: a line that tells nothing, see
 * ir_known_line. IR_FATAL: cannot be read, or is no list at all. */
int ir_known_next(struct ir_known *k, struct ir_known_entry *ret_e, struct ir_err *err);
/* The line that was read last, from 1. */
uint64_t ir_known_line(const struct ir_known *k);
void ir_known_close(struct ir_known *k);

/* The strongest of a set of digests; IR_DIGEST_ALG_MAX: the set is empty. */
enum ir_digest_alg ir_known_strongest(unsigned set);

#endif
