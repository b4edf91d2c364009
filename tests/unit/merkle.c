/*
 * evidence/merkle.h: known answers of RFC 6962 section 2.1 worked out by hand of its definition,
 * and each proof of each tree up to 70 leaves, right and tampered with.
 */
#include "evidence/merkle.h"
#include "tests/tap.h"

#define N 70

static void hex_is(const unsigned char *h, const char *want, const char *what)
{
    char hex[IR_HASH_TEXT];
    ir_hex(h, IR_HASH_BYTES, hex);
    is_str(ir_str_z(hex), want, "%s", what);
}

/* The definition, word by word: split at the largest power of two smaller than n. */
static void by_definition(const unsigned char *leaves, uint64_t n, unsigned char out[IR_HASH_BYTES])
{
    unsigned char left[IR_HASH_BYTES], right[IR_HASH_BYTES];
    uint64_t k = 1;
    if (n == 1) {
        memcpy(out, leaves, IR_HASH_BYTES);
        return;
    }
    while (2 * k < n)
        k *= 2;
    by_definition(leaves, k, left);
    by_definition(leaves + k * IR_HASH_BYTES, n - k, right);
    ir_merkle_node(left, right, out);
}

int main(void)
{
    unsigned char h[IR_HASH_BYTES], leaves[N * IR_HASH_BYTES], root[IR_HASH_BYTES],
        want[IR_HASH_BYTES];
    unsigned char path[IR_MERKLE_PATH_MAX][IR_HASH_BYTES];
    struct ir_merkle m;
    ir_merkle_begin(&m);
    ir_merkle_root(&m, h);
    hex_is(h, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "no entries");
    ir_merkle_leaf(IR_S(""), h);
    hex_is(h, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "empty entry");
    ir_merkle_leaf(IR_S("L123456"), h);
    hex_is(h, "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
           "leaf of L123456");
    unsigned char node[1 + 8] = "\001N123N456";
    ir_sha256(ir_str_n((const char *)node, sizeof node), IR_S(""), h);
    hex_is(h, "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb", "a node's hash");
    bool roots = true, proofs = true, forged = false;
    for (unsigned n = 1; n <= N; n++) {
        char text[16];
        snprintf(text, sizeof text, "entry %u", n);
        ir_merkle_add(&m, ir_str_z(text));
        ir_merkle_leaf(ir_str_z(text), leaves + (n - 1) * IR_HASH_BYTES);
        ir_merkle_root(&m, root);
        by_definition(leaves, n, want);
        roots = roots && memcmp(root, want, IR_HASH_BYTES) == 0;
        for (unsigned i = 0; i < n; i++) {
            unsigned len = ir_merkle_path(leaves, n, i, path);
            const unsigned char *leaf = leaves + i * IR_HASH_BYTES;
            proofs = proofs && ir_merkle_climb(leaf, n, i, path, len, h) &&
                     memcmp(h, root, IR_HASH_BYTES) == 0;
            if (len == 0) continue;
            forged = forged || (ir_merkle_climb(leaf, n, i, path, len - 1, h) &&
                                memcmp(h, root, IR_HASH_BYTES) == 0);
            path[len - 1][5] ^= 1;
            forged = forged || (ir_merkle_climb(leaf, n, i, path, len, h) &&
                                memcmp(h, root, IR_HASH_BYTES) == 0);
        }
    }
    ok(roots, "roots of 1 to %d entries are those of the definition", N);
    ok(proofs, "each entry's path leads to the root");
    ok(!forged, "a shortened or changed path never does");
    ok(!ir_merkle_climb(leaves, 3, 3, path, 2, h), "an index beyond the end is refused");
    return done();
}
