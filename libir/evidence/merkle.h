/*
 * The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) with SHA-256: one root commits to
 * a list of entries, and a path of a few hashes shows that one entry is in it, without the others.
 *
 *     leaf = SHA-256(0x00 || entry)      node = SHA-256(0x01 || left || right)
 *     split at the largest power of two below n; no entries: SHA-256("")
 *
 *     struct ir_merkle m;
 *     ir_merkle_begin(&m);
 *     ir_merkle_add(&m, line);           // each entry in order, any number of them
 *     ir_merkle_root(&m, root);
 */
#ifndef IR_EVIDENCE_MERKLE_H
#define IR_EVIDENCE_MERKLE_H

#include "base/digest.h"

#define IR_HASH_BYTES      32
#define IR_HASH_TEXT       (2 * IR_HASH_BYTES + 1)
#define IR_MERKLE_PATH_MAX 64u

/* The hashes of the complete subtrees from the left, largest first: as many as n has bits set. */
struct ir_merkle {
    uint64_t n;
    unsigned depth;
    unsigned char stack[64][IR_HASH_BYTES];
};

bool ir_sha256(struct ir_str a, struct ir_str b, unsigned char out[IR_HASH_BYTES]); /* of a || b */
void ir_merkle_leaf(struct ir_str entry, unsigned char out[IR_HASH_BYTES]);
void ir_merkle_node(const unsigned char *left, const unsigned char *right,
                    unsigned char out[IR_HASH_BYTES]);

void ir_merkle_begin(struct ir_merkle *m);
void ir_merkle_add(struct ir_merkle *m, struct ir_str entry);
void ir_merkle_root(const struct ir_merkle *m, unsigned char out[IR_HASH_BYTES]);

/* The audit path of leaf `index` among n leaf hashes (n * IR_HASH_BYTES bytes), lowest first.
 * Returns its length; index must be below n. */
unsigned ir_merkle_path(const unsigned char *leaves, uint64_t n, uint64_t index,
                        unsigned char out[IR_MERKLE_PATH_MAX][IR_HASH_BYTES]);
/* The root that the path leads to; false when its length does not suit index and n. */
bool ir_merkle_climb(const unsigned char leaf[IR_HASH_BYTES], uint64_t n, uint64_t index,
                     const unsigned char (*path)[IR_HASH_BYTES], unsigned length,
                     unsigned char out[IR_HASH_BYTES]);

#endif
