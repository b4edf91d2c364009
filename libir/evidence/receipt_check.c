/*
 * Checking a receipt by itself (see receipt.h). All of it is foreign: whoever hands it over wants
 * it to be believed.
 */
#include <stdio.h>

#include "base/base64.h"
#include "base/json.h"
#include "evidence/receipt.h"
#include "evidence/receipt_int.h"

/* What stands between the line `head` and the next line that begins with "=== ". */
static bool section(struct ir_str file, const char *head, struct ir_str *ret)
{
    char mark[420];
    int n = snprintf(mark, sizeof mark, "\n=== %s\n", head);
    if (n < 0 || (size_t)n >= sizeof mark) return false;
    size_t at = ir_str_find(file, ir_str_n(mark, (size_t)n));
    if (at == IR_NPOS) return false;
    struct ir_str rest = ir_str_skip(file, at + (size_t)n);
    size_t end = ir_str_find(rest, IR_S("\n=== "));
    if (end == IR_NPOS) return false;
    *ret = ir_str_head(rest, end + 1);
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

static int signature(struct ir_receipt *r, struct ir_str file, struct ir_str line,
                     struct ir_err *err)
{
    static const char dash[] = "— ";
    char head[410];
    unsigned char raw[32], id[4];
    struct ir_buf both = IR_BUF(256);
    struct ir_key *key = NULL;
    struct ir_str rest = ir_str_skip(line, sizeof dash - 1), name = ir_str_cut(&rest, ' '), pem;
    int rc = IR_OK;
    snprintf(head, sizeof head, "key %.*s", (int)(name.n < 390 ? name.n : 390), name.p);
    if (!ir_str_starts(line, IR_S("— ")) || rest.p == NULL || name.n > 390 ||
        r->signers == IR_RECEIPT_SIGNERS || !section(file, head, &pem))
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
        snprintf(r->signer[r->signers].name, sizeof r->signer[0].name, "%s", head + 4);
        ir_key_fingerprint(key, r->signer[r->signers].fingerprint);
        r->signers++;
    }
    ir_key_free(key);
    ir_buf_free(&both);
    return rc;
}

static bool known(const struct ir_receipt *r, struct ir_str hex)
{
    char text[IR_HASH_TEXT];
    unsigned char md[IR_HASH_BYTES];
    ir_sha256(r->line, ir_str_n("", 0), md);
    ir_hex(md, sizeof md, text);
    if (ir_str_eq(hex, ir_str_z(text))) return true;
    if (ir_json_member(r->line, "seal", text, sizeof text) && ir_str_eq(hex, ir_str_z(text)))
        return true;
    for (unsigned i = 0; i < r->signers; i++)
        if (ir_str_eq(hex, ir_str_z(r->signer[i].fingerprint))) return true;
    return false;
}

/* A forger would leave the proof alone and change what people read. */
static int numbers(const struct ir_receipt *r, struct ir_err *err)
{
    size_t run = 0;
    unsigned found = 0;
    for (size_t i = 0; i <= r->text.n; i++) {
        if (i < r->text.n && ir_hexval(r->text.p[i]) >= 0) {
            run++;
            continue;
        }
        if (run >= 60) { /* near enough to be taken for one */
            if (!known(r, ir_str_n(r->text.p + i - run, run)))
                return ir_fail(err, IR_BAD,
                               "a number in the text is not one that the proof holds: the text was "
                               "changed");
            found++;
        }
        run = 0;
    }
    return found > 0 ? IR_OK : ir_fail(err, IR_BAD, "the text has none of the numbers");
}

int ir_receipt_check(struct ir_str file, struct ir_receipt *ret_r, struct ir_err *err)
{
    struct ir_receipt r = {0};
    struct ir_str proof, line;
    bool ended;
    size_t at = ir_str_find(file, IR_S("\n=== line\n"));
    if (at == IR_NPOS || !section(file, "line", &line) || !section(file, "proof", &proof) ||
        ir_str_chr(line, '\n') != line.n - 1)
        return ir_fail(err, IR_BAD, "this is no receipt, or it is not whole");
    r.text = ir_str_head(file, at + 1);
    r.line = ir_str_head(line, line.n - 1);
    int rc = inclusion(&r, &proof, err);
    while (rc == IR_OK && ir_str_line(&proof, &line, &ended))
        rc = signature(&r, file, line, err);
    if (rc == IR_OK && r.signers == 0) rc = ir_fail(err, IR_BAD, "nobody signed it");
    if (rc == IR_OK) rc = numbers(&r, err);
    if (rc == IR_OK) *ret_r = r;
    return rc;
}
