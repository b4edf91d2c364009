/*
 * Writing the provable part of a receipt (see receipt.h); reading it is receipt_check.c's.
 */
#include "evidence/receipt.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/base64.h"
#include "evidence/files.h"
#include "evidence/receipt_int.h"

bool ir_receipt_raw_key(struct ir_str pem, unsigned char raw[32])
{
    struct ir_buf der = IR_BUF(256);
    struct ir_str rest = pem, line;
    bool ended, good = false;
    if (ir_str_line(&rest, &line, &ended) && ir_str_line(&rest, &line, &ended))
        good = ir_base64_decode(&der, line) && der.n == 44; /* RFC 8410: 12 bytes, then the key */
    if (good) memcpy(raw, der.p + 12, 32);
    ir_buf_free(&der);
    return good;
}

void ir_receipt_key_id(struct ir_str name, const unsigned char raw[32], unsigned char id[4])
{
    unsigned char md[IR_HASH_BYTES], key[34] = "\n\1";
    memcpy(key + 2, raw, 32);
    ir_sha256(name, ir_str_n((const char *)key, sizeof key), md);
    memcpy(id, md, 4);
}

/* "checkpoint-000007.witness.sig" to the role of the key, and the name in the note. */
static void names(const struct ir_custody *c, struct ir_str file, const char *checkpoint,
                  char role[64], char note[400])
{
    struct ir_str s = ir_str_skip(file, strlen(checkpoint) + 1);
    s.n = s.n > 4 ? s.n - 4 : 0;
    snprintf(role, 64, "%.*s", (int)(s.n ? s.n : 8), s.n ? s.p : "examiner");
    snprintf(note, 400, "ir/custody/%s%s%s", ir_custody_case(c), s.n ? "/" : "", s.n ? role : "");
}

/* One signature as a line of a signed note, and its key for the section below. */
static int add_signer(const struct ir_custody *c, struct ir_str file, const char *checkpoint,
                      struct ir_buf *notes, struct ir_buf *keys, struct ir_err *err)
{
    char role[64], note[400], path[128];
    unsigned char raw[32], id[4];
    struct ir_buf sig = IR_BUF(1 << 10), pem = IR_BUF(1 << 16), both = IR_BUF(1 << 10);
    names(c, file, checkpoint, role, note);
    snprintf(path, sizeof path, "keys/%s.pub.pem", role);
    int rc = ir_file_read(ir_custody_fd(c), path, 1 << 15, &pem, err);
    if (rc == IR_OK) {
        snprintf(path, sizeof path, "%.*s", (int)(file.n < 100 ? file.n : 100), file.p);
        rc = ir_file_read(ir_custody_fd(c), path, 512, &sig, err);
    }
    if (rc == IR_OK && (sig.n != IR_SIG_BYTES || !ir_receipt_raw_key(ir_buf_view(&pem), raw)))
        rc = ir_fail(err, IR_BAD, "is no signature by a key of the case");
    if (rc == IR_OK) {
        ir_receipt_key_id(ir_str_z(note), raw, id);
        ir_buf_add(&both, id, sizeof id);
        ir_buf_str(&both, ir_buf_view(&sig));
        ir_buf_fmt(notes, "— %s ", note);
        ir_base64(notes, ir_buf_view(&both));
        ir_buf_chr(notes, '\n');
        ir_buf_fmt(keys, "=== key %s\n", note);
        ir_buf_str(keys, ir_buf_view(&pem));
    }
    ir_buf_free(&sig);
    ir_buf_free(&pem);
    ir_buf_free(&both);
    return rc == IR_END ? IR_FATAL : rc;
}

/* The signatures that the checkpoint's list names. */
static int signers(const struct ir_custody *c, uint64_t n, struct ir_buf *notes,
                   struct ir_buf *keys, struct ir_err *err)
{
    char name[IR_CHECKPOINT_NAME], list[IR_CHECKPOINT_NAME + 16];
    struct ir_buf text = IR_BUF(1 << 16);
    struct ir_str rest, line;
    bool ended;
    ir_checkpoint_name(n, name);
    snprintf(list, sizeof list, "%s.sha256", name);
    int rc = ir_file_read(ir_custody_fd(c), list, 1 << 15, &text, err);
    rest = ir_buf_view(&text);
    while (rc == IR_OK && ir_str_line(&rest, &line, &ended)) {
        struct ir_str file = ir_str_skip(line, 66);
        if (ir_str_starts(file, ir_str_z(name)) && ir_str_ends(file, IR_S(".sig")))
            rc = add_signer(c, file, name, notes, keys, err);
    }
    if (rc == IR_OK && notes->n == 0)
        rc = ir_fail(err, IR_BAD, "nobody signed this checkpoint: a receipt of it proves nothing");
    ir_buf_free(&text);
    return rc == IR_END ? IR_FATAL : rc;
}

static int path(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                struct ir_err *err)
{
    unsigned char steps[IR_MERKLE_PATH_MAX][IR_HASH_BYTES];
    unsigned char *leaves = malloc(n * IR_HASH_BYTES);
    if (leaves == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    for (uint64_t i = 0; i < n; i++)
        ir_merkle_leaf(ir_custody_line(c, i), leaves + i * IR_HASH_BYTES);
    unsigned length = ir_merkle_path(leaves, n, seq - 1, steps);
    for (unsigned i = 0; i < length; i++) {
        ir_base64(out, ir_str_n((const char *)steps[i], IR_HASH_BYTES));
        ir_buf_chr(out, '\n');
    }
    free(leaves);
    return IR_OK;
}

static int proof(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                 struct ir_buf *keys, struct ir_err *err)
{
    struct ir_buf notes = IR_BUF(1 << 14);
    ir_buf_fmt(out, "c2sp.org/tlog-proof@v1\nindex %" PRIu64 "\n", seq - 1);
    int rc = path(c, seq, n, out, err);
    if (rc == IR_OK) rc = signers(c, n, &notes, keys, err);
    ir_buf_chr(out, '\n');
    ir_checkpoint_text(c, n, out);
    ir_buf_chr(out, '\n');
    ir_buf_str(out, ir_buf_view(&notes));
    ir_buf_free(&notes);
    return rc;
}

int ir_receipt_proof(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                     struct ir_err *err)
{
    struct ir_buf keys = IR_BUF(1 << 18);
    if (seq == 0 || seq > n || n > ir_custody_count(c))
        return ir_fail(err, IR_FATAL, "the log has no such line");
    int rc = proof(c, seq, n, out, &keys, err);
    ir_buf_free(&keys);
    return rc;
}

static int sections(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                    struct ir_err *err)
{
    struct ir_buf keys = IR_BUF(1 << 18);
    ir_buf_str(out, IR_S("=== line\n"));
    ir_buf_str(out, ir_custody_line(c, seq - 1));
    ir_buf_str(out, IR_S("\n=== proof\n"));
    int rc = proof(c, seq, n, out, &keys, err);
    ir_buf_str(out, ir_buf_view(&keys));
    ir_buf_str(out, IR_S("=== end\n"));
    ir_buf_free(&keys);
    if (rc == IR_OK && out->full) rc = ir_fail(err, IR_FATAL, "the receipt would be too long");
    return rc;
}

/* The text is made from what the sections prove to who checks them, so both sides are the same. */
int ir_receipt_write(const struct ir_custody *c, uint64_t seq, uint64_t n, struct ir_buf *out,
                     struct ir_err *err)
{
    struct ir_buf below = IR_BUF(IR_RECEIPT_MAX);
    struct ir_receipt r;
    if (seq == 0 || seq > n || n > ir_custody_count(c))
        return ir_fail(err, IR_FATAL, "the log has no such line");
    ir_buf_chr(&below, '\n');
    int rc = sections(c, seq, n, &below, err);
    if (rc == IR_OK) rc = ir_receipt_prove(ir_buf_view(&below), &r, err);
    if (rc == IR_OK && !ir_receipt_text(&r, out))
        rc = ir_fail(err, IR_FATAL, "the receipt would be too long");
    if (rc == IR_OK) ir_buf_str(out, r.sections);
    if (rc == IR_OK && out->full) rc = ir_fail(err, IR_FATAL, "the receipt would be too long");
    ir_buf_free(&below);
    return rc;
}
