/*
 * RFC 6962's tree (see merkle.h).
 */
#include "evidence/merkle.h"

#include <openssl/sha.h>

bool ir_sha256(struct ir_str a, struct ir_str b, unsigned char out[IR_HASH_BYTES])
{
    struct ir_digest d;
    struct ir_digest_sum sum;
    memset(out, 0, IR_HASH_BYTES);
    if (!ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256))) return false;
    ir_digest_begin(&d);
    ir_digest_add(&d, a.p, a.n);
    ir_digest_add(&d, b.p, b.n);
    bool good = ir_digest_end(&d, &sum);
    if (good) memcpy(out, sum.v[IR_SHA256], IR_HASH_BYTES);
    ir_digest_close(&d);
    return good;
}

void ir_merkle_leaf(struct ir_str entry, unsigned char out[IR_HASH_BYTES])
{
    ir_sha256(ir_str_n("\0", 1), entry, out);
}

void ir_merkle_node(const unsigned char *left, const unsigned char *right,
                    unsigned char out[IR_HASH_BYTES])
{
    unsigned char both[1 + 2 * IR_HASH_BYTES];
    both[0] = 1;
    memcpy(both + 1, left, IR_HASH_BYTES);
    memcpy(both + 1 + IR_HASH_BYTES, right, IR_HASH_BYTES);
    ir_sha256(ir_str_n((const char *)both, sizeof both), ir_str_n("", 0), out);
}

void ir_merkle_begin(struct ir_merkle *m)
{
    m->n = 0;
    m->depth = 0;
}

/* The hash on top of the stack is a new leaf's. Like counting in binary: each carry joins two
 * subtrees of one size. */
static void carry(struct ir_merkle *m)
{
    for (uint64_t bits = m->n++; bits & 1; bits >>= 1) {
        m->depth--;
        ir_merkle_node(m->stack[m->depth - 1], m->stack[m->depth], m->stack[m->depth - 1]);
    }
}

void ir_merkle_add(struct ir_merkle *m, struct ir_str entry)
{
    ir_merkle_leaf(entry, m->stack[m->depth++]);
    carry(m);
}

void ir_merkle_root(const struct ir_merkle *m, unsigned char out[IR_HASH_BYTES])
{
    if (m->depth == 0) {
        ir_sha256(ir_str_n("", 0), ir_str_n("", 0), out);
        return;
    }
    memcpy(out, m->stack[m->depth - 1], IR_HASH_BYTES);
    for (unsigned i = m->depth - 1; i-- > 0;)
        ir_merkle_node(m->stack[i], out, out);
}

/* The root of leaves[0..n), n > 0. */
static void subtree(const unsigned char *leaves, uint64_t n, unsigned char out[IR_HASH_BYTES])
{
    struct ir_merkle m;
    ir_merkle_begin(&m);
    for (uint64_t i = 0; i < n; i++) {
        memcpy(m.stack[m.depth++], leaves + i * IR_HASH_BYTES, IR_HASH_BYTES);
        carry(&m);
    }
    ir_merkle_root(&m, out);
}

unsigned ir_merkle_path(const unsigned char *leaves, uint64_t n, uint64_t index,
                        unsigned char out[IR_MERKLE_PATH_MAX][IR_HASH_BYTES])
{
    unsigned char down[IR_MERKLE_PATH_MAX][IR_HASH_BYTES];
    unsigned length = 0;
    while (n > 1) { /* from the top: keep the sibling, go into the half that holds the leaf */
        uint64_t half = UINT64_C(1) << (63 - __builtin_clzll(n - 1));
        if (index < half) {
            subtree(leaves + half * IR_HASH_BYTES, n - half, down[length++]);
            n = half;
        } else {
            subtree(leaves, half, down[length++]);
            leaves += half * IR_HASH_BYTES;
            index -= half;
            n -= half;
        }
    }
    for (unsigned i = 0; i < length; i++)
        memcpy(out[i], down[length - 1 - i], IR_HASH_BYTES);
    return length;
}

/* RFC 9162 section 2.1.3.2. */
bool ir_merkle_climb(const unsigned char leaf[IR_HASH_BYTES], uint64_t n, uint64_t index,
                     const unsigned char (*path)[IR_HASH_BYTES], unsigned length,
                     unsigned char out[IR_HASH_BYTES])
{
    if (index >= n) return false;
    uint64_t at = index, last = n - 1;
    memcpy(out, leaf, IR_HASH_BYTES);
    for (unsigned i = 0; i < length; i++) {
        if (last == 0) return false;
        if ((at & 1) || at == last) {
            ir_merkle_node(path[i], out, out);
            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            ir_merkle_node(out, path[i], out);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0;
}
