/*
 * Checking a receipt by itself (see receipt.h). All of it is foreign: whoever hands it over wants
 * it to be believed.
 */
#include <stdio.h>

#include "base/base64.h"
#include "base/json.h"
#include "evidence/receipt.h"
#include "evidence/receipt_int.h"

/* Cuts `head` off the front of *rest; false: something else stands there. */
static bool take(struct ir_str *rest, struct ir_str head)
{
    if (!ir_str_starts(*rest, head)) return false;
    *rest = ir_str_skip(*rest, head.n);
    return true;
}

static int inclusion(struct ir_receipt *r, struct ir_str *proof, struct ir_err *err)
{
    unsigned char path[IR_MERKLE_PATH_MAX][IR_HASH_BYTES], leaf[IR_HASH_BYTES];
    unsigned char root[IR_HASH_BYTES];
    struct ir_checkpoint cp;
    uint64_t index;
    unsigned length = 0;
    struct ir_str line = ir_str_cut(proof, '\n');
    if (!ir_str_eq(line, IR_S("c2sp.org/tlog-proof@v1")))
        return ir_fail(err, IR_BAD, "there is no proof (tlog-proof) in it");
    line = ir_str_cut(proof, '\n');
    if (!ir_str_starts(line, IR_S("index ")) || !ir_str_u64(ir_str_skip(line, 6), &index))
        return ir_fail(err, IR_BAD, "the proof has no index");
    while ((line = ir_str_cut(proof, '\n')).n > 0) {
        struct ir_buf hash = IR_BUF(64);
        bool good = length < IR_MERKLE_PATH_MAX && line.n == 44 && ir_base64_decode(&hash, line) &&
                    hash.n == IR_HASH_BYTES;
        if (good) memcpy(path[length++], hash.p, IR_HASH_BYTES);
        ir_buf_free(&hash);
        if (!good) return ir_fail(err, IR_BAD, "a hash of the proof is damaged");
    }
    size_t end = ir_str_find(*proof, IR_S("\n\n"));
    r->checkpoint = ir_str_head(*proof, end == IR_NPOS ? 0 : end + 1);
    if (end == IR_NPOS || !ir_checkpoint_parse(r->checkpoint, &cp))
        return ir_fail(err, IR_BAD, "the checkpoint of the proof is damaged");
    *proof = ir_str_skip(*proof, end + 2);
    ir_merkle_leaf(r->line, leaf);
    if (!ir_merkle_climb(leaf, cp.n, index, path, length, root) ||
        memcmp(root, cp.root, sizeof root) != 0)
        return ir_fail(err, IR_BAD,
                       "the line is not in the checkpoint: one of the two was changed");
    if (!ir_json_member_u64(r->line, "seq", &r->seq) || r->seq != index + 1)
        return ir_fail(err, IR_BAD, "the line has another number than the proof");
    r->size = cp.n;
    return IR_OK;
}

/* `keys`: what stands below the proof; the key of this signature is its next, in the one form that
 * such a key has. */
static bool take_key(struct ir_str *keys, struct ir_str name, struct ir_str *ret_pem)
{
    static const size_t pem_size = 113; /* three lines, of an Ed25519 key: RFC 8410 */
    if (!take(keys, IR_S("=== key ")) || !take(keys, name) || !take(keys, IR_S("\n"))) return false;
    *ret_pem = ir_str_head(*keys, pem_size);
    *keys = ir_str_skip(*keys, pem_size);
    return ir_str_starts(*ret_pem, IR_S("-----BEGIN PUBLIC KEY-----\n")) &&
           ir_str_ends(*ret_pem, IR_S("\n-----END PUBLIC KEY-----\n"));
}

/* The name of the log, or that, '/' and a role. */
static bool is_of_log(const struct ir_receipt *r, struct ir_str name)
{
    struct ir_str origin = ir_str_head(r->checkpoint, ir_str_chr(r->checkpoint, '\n'));
    return take(&name, origin) && (name.n == 0 || (name.n > 1 && name.p[0] == '/'));
}

static int signature(struct ir_receipt *r, struct ir_str *keys, struct ir_str line,
                     struct ir_err *err)
{
    unsigned char raw[32], id[4];
    struct ir_buf both = IR_BUF(256);
    struct ir_key *key = NULL;
    int rc = IR_OK;
    bool good = take(&line, IR_S("— "));
    struct ir_str rest = line, name = ir_str_cut(&rest, ' '), pem;
    if (!good || rest.p == NULL || name.n > 390 || r->signers == IR_RECEIPT_SIGNERS ||
        !is_of_log(r, name) || !take_key(keys, name, &pem))
        return ir_fail(err, IR_BAD, "a signature has no key in the receipt");
    if (!ir_base64_decode(&both, rest) || both.n != sizeof id + IR_SIG_BYTES ||
        !ir_receipt_raw_key(pem, raw) || ir_key_public(pem, &key, err) != IR_OK)
        rc = ir_fail(err, IR_BAD, "a signature or a key is damaged");
    if (rc == IR_OK) {
        ir_receipt_key_id(name, raw, id);
        if (memcmp(id, both.p, sizeof id) != 0 ||
            !ir_key_verify(key, r->checkpoint, (const unsigned char *)both.p + sizeof id))
            rc = ir_fail(err, IR_BAD, "a signature does not belong to the checkpoint and its key");
    }
    if (rc == IR_OK) {
        snprintf(r->signer[r->signers].name, sizeof r->signer[0].name, "%.*s", (int)name.n, name.p);
        ir_key_fingerprint(key, r->signer[r->signers].fingerprint);
        r->signers++;
    }
    ir_key_free(key);
    ir_buf_free(&both);
    return rc;
}

int ir_receipt_prove(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err)
{
    struct ir_receipt r = {0};
    struct ir_str rest, proof, line;
    bool ended;
    size_t at = ir_str_find(file, IR_S("\n=== line\n"));
    if (at == IR_NPOS) return ir_fail(err, IR_BAD, "this is no receipt, or it is not whole");
    r.text = ir_str_head(file, at + 1);
    rest = r.sections = ir_str_skip(file, at + 1);
    ir_str_cut(&rest, '\n');
    r.line = ir_str_cut(&rest, '\n');
    size_t end = ir_str_find(rest, IR_S("\n=== "));
    if (!take(&rest, IR_S("=== proof\n")) || end == IR_NPOS)
        return ir_fail(err, IR_BAD, "this is no receipt, or it is not whole");
    proof = ir_str_head(rest, end + 1 - 10);
    rest = ir_str_skip(rest, end + 1 - 10);
    int rc = inclusion(&r, &proof, err);
    while (rc == IR_OK && ir_str_line(&proof, &line, &ended))
        rc = signature(&r, &rest, line, err);
    if (rc == IR_OK && r.signers == 0) rc = ir_fail(err, IR_BAD, "nobody signed it");
    if (rc == IR_OK && !ir_str_eq(rest, IR_S("=== end\n")))
        rc = ir_fail(err, IR_BAD, "something that nobody signed stands below the proof");
    if (rc == IR_OK) *ret_r = r;
    return rc;
}

int ir_receipt_compare(const struct ir_receipt *r, struct ir_err *err)
{
    struct ir_buf right = IR_BUF(IR_RECEIPT_MAX);
    int rc = IR_OK;
    int64_t n = 1;
    if (!ir_receipt_text(r, &right)) rc = ir_fail(err, IR_FATAL, "out of memory");
    const struct ir_str want = ir_buf_view(&right), have = r->text;
    if (rc == IR_OK && !ir_str_eq(want, have)) {
        for (size_t i = 0; i < want.n && i < have.n && want.p[i] == have.p[i]; i++)
            n += want.p[i] == '\n';
        ir_err_at(err, "", -1, n);
        rc = ir_fail(err, IR_BAD, "the text for people is not what is proved: it was changed");
    }
    ir_buf_free(&right);
    return rc;
}

int ir_receipt_check(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err)
{
    struct ir_receipt r;
    int rc = ir_receipt_prove(file, &r, err);
    if (rc == IR_OK) rc = ir_receipt_compare(&r, err);
    if (rc == IR_OK) *ret_r = r;
    return rc;
}
