/*
 * Blocks of whole records out of a reader. What stands behind the last boundary (less than a
 * record) is carried over to the next block; nothing else is ever copied. Not here: what a record
 * means (format layer).
 */
#include "source/blocks.h"

#include "source/recode.h"

#include <stdlib.h>

struct ir_blocks {
    struct ir_reader *r;
    ir_blocks_cut_fn cut;
    const void *cut_user;
    char *carry; /* bytes that were read but not given out */
    size_t ncarry, cap;
    bool fresh; /* the carry was never looked at for a boundary */
    int rc;     /* what the reader said after the carry: IR_OK, or a result not yet passed on */
    struct ir_err err;
    uint64_t offset, number;
    const struct ir_charset *charset; /* NULL: nothing is converted */
    enum ir_encoding encoding;        /* IR_ENC_AUTO until the first bytes have told */
    bool undecided, guess;
    struct ir_recode *recode; /* NULL: the reader's bytes are the data */
    uint64_t text;            /* converted: bytes of data given out */
};

static int grow(char **p, size_t *cap, size_t want)
{
    if (*cap >= want) return IR_OK;
    char *q = realloc(*p, want);
    if (q == NULL) return IR_FATAL;
    *p = q;
    *cap = want;
    return IR_OK;
}

int ir_blocks_open_reader(struct ir_reader *r, struct ir_blocks **ret_b, struct ir_err *err)
{
    struct ir_blocks *b = calloc(1, sizeof *b);
    if (b == NULL) {
        ir_reader_close(r);
        return ir_fail(err, IR_FATAL, "out of memory");
    }
    b->r = r;
    b->fresh = true;
    b->encoding = IR_ENC_UTF8;
    *ret_b = b;
    return IR_OK;
}

void ir_blocks_recode(struct ir_blocks *b, const struct ir_input *in)
{
    b->charset = in->charset;
    b->encoding = in->charset != NULL ? in->encoding : IR_ENC_UTF8;
    b->undecided = b->encoding != IR_ENC_UTF8;
}

int ir_blocks_open(const struct ir_input *in, struct ir_blocks **ret_b, struct ir_err *err)
{
    struct ir_reader *r;
    int rc = ir_reader_open(in, &r, err);
    if (rc == IR_OK) rc = ir_blocks_open_reader(r, ret_b, err);
    if (rc == IR_OK) ir_blocks_recode(*ret_b, in);
    return rc;
}

void ir_blocks_close(struct ir_blocks *b)
{
    if (b == NULL) return;
    ir_recode_free(b->recode);
    ir_reader_close(b->r);
    free(b->carry);
    free(b);
}

/* Reads until *n == want or the reader says anything but IR_OK (kept in b->rc). */
static void fill(struct ir_blocks *b, char *data, size_t *n, size_t want)
{
    while (b->rc == IR_OK && *n < want) {
        size_t got = 0;
        b->rc = b->recode != NULL ? ir_recode_read(b->recode, data + *n, want - *n, &got, &b->err)
                                  : ir_reader_read(b->r, data + *n, want - *n, &got, &b->err);
        *n += got;
    }
}

/* At least `want` bytes in the carry, where the input has them. */
static int fill_carry(struct ir_blocks *b, size_t want)
{
    if (b->ncarry >= want || b->rc != IR_OK) return IR_OK;
    if (grow(&b->carry, &b->cap, want) != IR_OK) return IR_FATAL;
    fill(b, b->carry, &b->ncarry, want);
    b->fresh = true;
    return IR_OK;
}

/* The first bytes say whether all must be converted; then they are the first to be. */
static int decide(struct ir_blocks *b)
{
    bool sure = true;
    if (!b->undecided) return IR_OK;
    b->undecided = false;
    if (fill_carry(b, IR_PEEK_SIZE) != IR_OK) return IR_FATAL;
    const struct ir_str head = ir_str_n(b->ncarry > 0 ? b->carry : "", b->ncarry);
    if (b->encoding == IR_ENC_AUTO) {
        b->encoding = ir_charset_guess(b->charset, head, &sure);
        b->guess = !sure && b->encoding != IR_ENC_UTF8;
    }
    if (b->encoding == IR_ENC_UTF8) return IR_OK;
    b->recode = ir_recode_new(b->charset, b->encoding, b->r, head, b->rc, &b->err);
    b->ncarry = 0;
    b->rc = IR_OK;
    b->offset = ir_charset_bom(b->encoding, head);
    return b->recode != NULL ? IR_OK : IR_FATAL;
}

int ir_blocks_peek(struct ir_blocks *b, struct ir_str *ret_head, struct ir_err *err)
{
    if (decide(b) != IR_OK || fill_carry(b, IR_PEEK_SIZE) != IR_OK)
        return ir_fail(err, IR_FATAL, "out of memory");
    *ret_head = ir_str_n(b->ncarry ? b->carry : "", b->ncarry);
    if (b->rc != IR_FATAL || b->ncarry > 0) return IR_OK;
    if (err != NULL) *err = b->err;
    return IR_FATAL;
}

int ir_blocks_pending(const struct ir_blocks *b, struct ir_err *err)
{
    if (b->rc != IR_OK && err != NULL) *err = b->err;
    return b->rc;
}

void ir_blocks_set_cut(struct ir_blocks *b, ir_blocks_cut_fn cut, const void *user)
{
    b->cut = cut;
    b->cut_user = user;
}

/* Length of the whole records in data; no boundary is known to be in the first `seen` bytes. */
static size_t whole(const struct ir_blocks *b, const char *data, size_t n, size_t seen)
{
    if (b->cut != NULL) {
        size_t len = b->cut(b->cut_user, ir_str_n(data, n), false);
        return len < n ? len : n;
    }
    const char *nl = n > seen ? memrchr(data + seen, '\n', n - seen) : NULL;
    return nl ? (size_t)(nl - data) + 1 : 0;
}

/* Brings the caller's buffer to `want` bytes, and a grown one back when it is much too large. */
static int make_room(struct ir_block *blk, size_t want)
{
    if (blk->cap > 4 * (size_t)IR_BLOCK_SIZE && want <= IR_BLOCK_SIZE) {
        free(blk->data);
        blk->data = NULL;
        blk->cap = 0;
    }
    return grow(&blk->data, &blk->cap, want);
}

/* Fills blk up to a boundary: *ret_len bytes of it are the block. A record that does not fit
 * doubles the buffer, so that a document is looked at a few times only, however long it is. */
static int gather(struct ir_blocks *b, struct ir_block *blk, size_t *ret_len)
{
    size_t want = IR_BLOCK_SIZE;
    while (want < 2 * b->ncarry)
        want *= 2;
    if (want > IR_RECORD_MAX) want = IR_RECORD_MAX;
    if (make_room(blk, want) != IR_OK) return IR_FATAL;
    if (b->ncarry > 0) memcpy(blk->data, b->carry, b->ncarry);
    blk->n = b->ncarry;
    size_t seen = b->fresh ? 0 : b->ncarry;
    b->ncarry = 0;
    for (;;) {
        fill(b, blk->data, &blk->n, want);
        if (b->rc != IR_OK) {
            *ret_len =
                blk->n; /* the end, or damage: what is there is all there is of this record */
            return IR_OK;
        }
        *ret_len = whole(b, blk->data, blk->n, seen);
        if (*ret_len > 0) return IR_OK;
        if (want >= IR_RECORD_MAX) {
            blk->cut_records = 1;
            *ret_len = blk->n;
            return IR_OK;
        }
        seen = blk->n;
        want *= 2;
        if (grow(&blk->data, &blk->cap, want) != IR_OK) return IR_FATAL;
    }
}

/* Where the block's text lies in the input. */
static bool place(struct ir_blocks *b, struct ir_block *blk)
{
    struct ir_recode_part part;
    if (!ir_recode_take(b->recode, b->text, blk->n, &blk->marks, &blk->nmarks, &blk->cap_marks,
                        &part))
        return false;
    b->text += blk->n;
    blk->offset = part.raw_at;
    blk->raw_n = (size_t)part.raw_n;
    blk->invalid = part.invalid;
    blk->invalid_at = part.invalid > 0 ? part.invalid_at - part.raw_at : 0;
    b->offset = part.raw_at;
    return true;
}

uint64_t ir_block_find(const struct ir_block *blk, size_t at)
{
    size_t lo = 0, hi = blk->nmarks; /* the last mark at or before `at` */
    if (at >= blk->n) return blk->raw_n;
    while (hi - lo > 1) {
        const size_t mid = lo + (hi - lo) / 2;
        if (blk->marks[mid].text <= at)
            lo = mid;
        else
            hi = mid;
    }
    const struct ir_mark *m = &blk->marks[lo];
    return m->raw + (at - m->text) / m->text_width * m->raw_width;
}

int ir_blocks_next(struct ir_blocks *b, struct ir_block *blk, struct ir_err *err)
{
    size_t len = 0;
    blk->n = 0;
    blk->cut_records = 0;
    blk->offset = b->offset;
    blk->number = b->number;
    blk->last = false;
    blk->nmarks = 0;
    blk->raw_n = 0;
    blk->invalid = 0;
    if (decide(b) != IR_OK || gather(b, blk, &len) != IR_OK)
        return ir_fail(err, IR_FATAL, "out of memory");
    size_t rest = blk->n - len;
    if (grow(&b->carry, &b->cap, rest) != IR_OK) return ir_fail(err, IR_FATAL, "out of memory");
    if (rest > 0) memcpy(b->carry, blk->data + len, rest);
    b->ncarry = rest;
    b->fresh = false;
    blk->n = len;
    int rc = b->rc == IR_WARN ? IR_WARN : IR_OK;
    if (rc == IR_WARN) {
        if (err != NULL) *err = b->err;
        b->rc = IR_OK;
    }
    /* Look ahead, so that `last` is true exactly when nothing follows. */
    if (rest == 0 && fill_carry(b, IR_PEEK_SIZE) != IR_OK)
        return ir_fail(err, IR_FATAL, "out of memory");
    if (len == 0 && rc == IR_OK) {
        if (b->rc == IR_FATAL && err != NULL) *err = b->err;
        return b->rc;
    }
    blk->last = b->ncarry == 0 && (b->rc == IR_END || b->rc == IR_FATAL);
    blk->raw_n = len;
    if (b->recode != NULL && !place(b, blk)) return ir_fail(err, IR_FATAL, "out of memory");
    b->offset += blk->raw_n;
    b->number++;
    return rc;
}

struct ir_reader *ir_blocks_reader(struct ir_blocks *b)
{
    return b->r;
}

enum ir_encoding ir_blocks_encoding(const struct ir_blocks *b, bool *ret_guess)
{
    if (ret_guess != NULL) *ret_guess = b->guess;
    return b->recode != NULL ? b->encoding : IR_ENC_UTF8;
}

void ir_block_free(struct ir_block *blk)
{
    free(blk->data);
    free(blk->marks);
    *blk = (struct ir_block){0};
}
