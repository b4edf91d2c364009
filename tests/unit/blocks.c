/*
 * Blocks: no byte lost or doubled, boundaries where they belong, whatever the sizes.
 */
#include "source/blocks.h"

#include "packed.h"
#include "tap.h"

struct sum {
    struct ir_buf all;
    unsigned blocks, warnings, cuts, torn; /* torn: blocks that do not end in a line end */
    int lasts, rc;
    bool order; /* offsets and numbers fit together */
};

static struct ir_blocks *open_bytes(struct ir_str raw)
{
    struct ir_reader *r;
    struct ir_blocks *b;
    int fd = memory_file(raw); /* closed with the process */
    if (ir_reader_open_fd(fd, "memory", &r, NULL) != IR_OK) abort();
    if (ir_blocks_open_reader(r, &b, NULL) != IR_OK) abort();
    return b;
}

static struct sum run(struct ir_blocks *b)
{
    struct sum s = {.all = IR_BUF((size_t)1 << 30), .order = true};
    struct ir_block blk = {0};
    struct ir_err err;
    while ((s.rc = ir_blocks_next(b, &blk, &err)) == IR_OK || s.rc == IR_WARN) {
        if (blk.offset != s.all.n || blk.number != s.blocks || s.lasts) s.order = false;
        ir_buf_add(&s.all, blk.data, blk.n);
        s.blocks++;
        s.warnings += s.rc == IR_WARN;
        s.cuts += blk.cut_records;
        s.lasts += blk.last;
        s.torn += blk.n > 0 && blk.data[blk.n - 1] != '\n';
    }
    ir_block_free(&blk);
    return s;
}

static struct sum run_bytes(struct ir_str raw)
{
    struct ir_blocks *b = open_bytes(raw);
    struct sum s = run(b);
    ir_blocks_close(b);
    return s;
}

static void check(struct sum *s, struct ir_str want, const char *what)
{
    ok(ir_str_eq(ir_buf_view(&s->all), want), "%s: all bytes, in order", what);
    ok(s->order, "%s: offsets and numbers", what);
    is_int(s->lasts, want.n > 0, "%s: exactly one block is the last", what);
    is_int(s->rc, IR_END, "%s: ends", what);
    ir_buf_free(&s->all);
}

static void lines_of_all_sizes(void)
{
    for (size_t len = 1; len < 3 * (size_t)IR_BLOCK_SIZE; len = len * 5 + 3) {
        struct ir_buf text = IR_BUF((size_t)1 << 28);
        while (text.n < 5 * (size_t)IR_BLOCK_SIZE) {
            for (size_t i = 0; i < len; i++)
                ir_buf_chr(&text, (char)('a' + i % 26));
            ir_buf_chr(&text, '\n');
        }
        struct sum s = run_bytes(ir_buf_view(&text));
        is_int(s.torn, 0, "lines of %zu: no block is torn", len);
        is_int(s.cuts, 0, "lines of %zu: none was cut", len);
        check(&s, ir_buf_view(&text), "lines");
        text.n--; /* no line end at the end */
        s = run_bytes(ir_buf_view(&text));
        is_int(s.torn, 1, "lines of %zu: the last record needs no line end", len);
        check(&s, ir_buf_view(&text), "open end");
        ir_buf_free(&text);
    }
}

static void edges(void)
{
    struct sum s = run_bytes(IR_S(""));
    is_int(s.blocks, 0, "an empty file gives no block");
    check(&s, IR_S(""), "empty");
    s = run_bytes(IR_S("a\r\nb\r\n"));
    check(&s, IR_S("a\r\nb\r\n"), "CR LF");
    /* files whose size is a block, one less, one more; a boundary exactly at the end */
    for (size_t n = IR_BLOCK_SIZE - 1; n <= IR_BLOCK_SIZE + 1; n++) {
        struct ir_buf text = IR_BUF((size_t)1 << 28);
        while (text.n < n)
            ir_buf_chr(&text, text.n % 64 == 63 ? '\n' : 'x');
        text.p[n - 1] = '\n';
        s = run_bytes(ir_buf_view(&text));
        check(&s, ir_buf_view(&text), "about one block");
        ir_buf_free(&text);
    }
}

static void long_records(void)
{
    struct ir_buf text = IR_BUF((size_t)1 << 28);
    ir_buf_str(&text, IR_S("first\n"));
    while (text.n < IR_RECORD_MAX)
        ir_buf_chr(&text, 'x');
    ir_buf_chr(&text, '\n');
    struct sum s = run_bytes(ir_buf_view(&text));
    is_int(s.cuts, 0, "a record just below the limit is not cut");
    check(&s, ir_buf_view(&text), "below the limit");
    text.n--;
    for (size_t i = 0; i < 2 * (size_t)IR_RECORD_MAX; i++)
        ir_buf_chr(&text, 'y');
    ir_buf_str(&text, IR_S("\nlast\n"));
    s = run_bytes(ir_buf_view(&text));
    is_int(s.cuts, 2, "a record of three times the limit is cut twice");
    check(&s, ir_buf_view(&text), "above the limit");
    ir_buf_free(&text);
}

/* Documents between braces; counts what it had to look at. */
static size_t looked_at;
static size_t cut_braces(const void *user, struct ir_str data, bool last)
{
    (void)user;
    (void)last;
    looked_at += data.n;
    size_t at = ir_str_rchr(data, '}');
    return at == IR_NPOS ? 0 : at + 1;
}

static void documents(void)
{
    struct ir_buf text = IR_BUF((size_t)1 << 28);
    for (unsigned d = 0; d < 6; d++) {
        ir_buf_chr(&text, '{');
        for (size_t i = 0; i < IR_RECORD_MAX / 3 + d; i++)
            ir_buf_chr(&text, i % 50 ? 'z' : '\n');
        ir_buf_chr(&text, '}');
    }
    struct ir_blocks *b = open_bytes(ir_buf_view(&text));
    ir_blocks_set_cut(b, cut_braces, NULL);
    struct sum s = run(b);
    ir_blocks_close(b);
    is_int(s.cuts, 0, "documents are not cut");
    ok(s.blocks >= 2 && s.blocks <= 7, "documents come whole: %u blocks", s.blocks);
    ok(looked_at < 4 * text.n, "looked at %zu bytes to cut %zu", looked_at, text.n);
    check(&s, ir_buf_view(&text), "documents");
    ir_buf_free(&text);
}

static void peeking(void)
{
    struct ir_buf text = IR_BUF((size_t)1 << 28), raw = IR_BUF((size_t)1 << 28);
    lines(&text, 3 * IR_PEEK_SIZE / 32);
    for (enum ir_codec c = IR_CODEC_NONE; c < IR_CODEC_MAX; c++) {
        struct ir_str head;
        ir_buf_clear(&raw);
        pack(&raw, c, ir_buf_view(&text));
        struct ir_blocks *b = open_bytes(ir_buf_view(&raw));
        is_int(ir_blocks_peek(b, &head, NULL), IR_OK, "peek");
        ok(head.n == IR_PEEK_SIZE && memcmp(head.p, text.p, head.n) == 0,
           "the first bytes, codec %d", c);
        is_int(ir_blocks_peek(b, &head, NULL), IR_OK, "peek again");
        is_int((long long)head.n, IR_PEEK_SIZE, "the same");
        struct sum s = run(b);
        ir_blocks_close(b);
        is_int(s.torn, 0, "no block is torn after a peek");
        check(&s, ir_buf_view(&text), "after a peek");
    }
    struct ir_str head;
    struct ir_blocks *b = open_bytes(IR_S(""));
    is_int(ir_blocks_peek(b, &head, NULL), IR_OK, "peek into an empty file");
    is_int((long long)head.n, 0, "gives nothing");
    ir_blocks_close(b);
    b = open_bytes(IR_S("a\nb"));
    is_int(ir_blocks_peek(b, &head, NULL), IR_OK, "peek into a small file");
    is_str(head, "a\nb", "gives all of it");
    struct sum s = run(b);
    is_int(s.blocks, 1, "which is one block");
    check(&s, IR_S("a\nb"), "small");
    ir_blocks_close(b);
    ir_buf_free(&text);
    ir_buf_free(&raw);
}

/* A record never runs over damage: the half line before it stands alone. */
static void damage(void)
{
    struct ir_buf raw = IR_BUF(1 << 20);
    struct ir_str head;
    pack(&raw, IR_CODEC_GZIP, IR_S("one\ntw"));
    raw.p[raw.n - 8] ^= 0x55; /* the checksum */
    pack(&raw, IR_CODEC_GZIP, IR_S("three\n"));
    for (int peek = 0; peek < 2; peek++) {
        struct ir_block blk = {0};
        struct ir_err err = {0};
        struct ir_blocks *b = open_bytes(ir_buf_view(&raw));
        if (peek) ir_blocks_peek(b, &head, NULL);
        is_int(ir_blocks_next(b, &blk, &err), IR_WARN, "damage is passed on (peek %d): %s", peek,
               err.msg);
        is_str(ir_str_n(blk.data, blk.n), "one\ntw", "with the good bytes");
        ok(!blk.last, "more follows");
        is_int(ir_blocks_next(b, &blk, &err), IR_OK, "then it goes on");
        is_str(ir_str_n(blk.data, blk.n), "three\n", "with the next member");
        ok(blk.last, "which is the last");
        is_int(ir_blocks_next(b, &blk, &err), IR_END, "end");
        is_int(ir_blocks_next(b, &blk, &err), IR_END, "stays the end");
        ir_blocks_close(b);
        ir_block_free(&blk);
    }
    struct sum s =
        run_bytes(ir_str_head(ir_buf_view(&raw), 8)); /* nothing but a part of a header */
    is_int(s.warnings, 1, "damage before the first byte is one warning");
    is_int((long long)s.all.n, 0, "and no data");
    ir_buf_free(&s.all);
    ir_buf_free(&raw);
}

int main(void)
{
    lines_of_all_sizes();
    edges();
    long_records();
    documents();
    peeking();
    damage();
    return done();
}
