/*
 * A reader's bytes as blocks that end on a record boundary.
 *
 *     struct ir_blocks *b; ir_blocks_open(in, &b, &err);
 *     ir_blocks_peek(b, &head, &err);          // first bytes, for the format bids
 *     ir_blocks_set_cut(b, cut, user);         // without it: lines
 *     while ((rc = ir_blocks_next(b, &blk, &err)) == IR_OK || rc == IR_WARN) …
 *
 * A record longer than IR_RECORD_MAX is cut there and the block says so (`cut_records`); the rest
 * of it is the next record. The last record needs no line end. Where the input is damaged the block
 * ends, so a record never runs over damage; the block that comes with an IR_WARN may be empty (and
 * then may be the last). CR LF is left in the data.
 *
 * An input in another character set than UTF-8 (recognised, or told by in->encoding) is converted
 * on the way. Its blocks' `data` is UTF-8; offsets are still those of the input's own bytes, which
 * is what evidence is about: ir_block_place tells where a record begins.
 */
#ifndef IR_SOURCE_BLOCKS_H
#define IR_SOURCE_BLOCKS_H

#include "base/charset.h"
#include "source/reader.h"

#ifdef IR_TINY
#define IR_BLOCK_SIZE 4096u
#define IR_RECORD_MAX 262144u
#define IR_PEEK_SIZE  1024u
#else
#define IR_BLOCK_SIZE (1u << 20)
#define IR_RECORD_MAX (16u << 20)
#define IR_PEEK_SIZE  65536u
#endif

struct ir_block {
    char *data; /* owned by the caller, reused: ir_block_free at the end */
    size_t n, cap;
    uint64_t offset;       /* of data[0] in the (decompressed) input */
    uint64_t number;       /* 0, 1, 2 … in this input */
    uint32_t cut_records;  /* records that were cut at IR_RECORD_MAX */
    bool last;             /* no block follows */
    size_t raw_n;          /* bytes of the input that the block stands for; n when not converted */
    uint64_t invalid;      /* characters that were not valid in its encoding, */
    uint64_t invalid_at;   /* and the place of the first, from offset on */
    struct ir_mark *marks; /* converted: places of data in the input, from offset on */
    size_t nmarks, cap_marks;
};

uint64_t ir_block_find(const struct ir_block *blk, size_t at);
/* Where byte `at` of data stands in the input, from offset on. */
static inline uint64_t ir_block_place(const struct ir_block *blk, size_t at)
{
    return blk->nmarks == 0 ? at : ir_block_find(blk, at);
}

struct ir_blocks;
int ir_blocks_open(const struct ir_input *in, struct ir_blocks **ret_b, struct ir_err *err);
/* Converts as in->charset and in->encoding say; before the first next. ir_blocks_open does it. */
void ir_blocks_recode(struct ir_blocks *b, const struct ir_input *in);
/* Takes the reader: it is closed with the blocks, also when this fails. */
int ir_blocks_open_reader(struct ir_reader *r, struct ir_blocks **ret_b, struct ir_err *err);
void ir_blocks_close(struct ir_blocks *b);
/* Up to IR_PEEK_SIZE bytes, fewer only where the input ends or is damaged (which next will say).
 * The view is good until next. IR_OK (also for an empty input), or IR_FATAL. */
int ir_blocks_peek(struct ir_blocks *b, struct ir_str *ret_head, struct ir_err *err);
/* What the reader said behind the bytes that peek shows: IR_OK, or a result not yet passed on. */
int ir_blocks_pending(const struct ir_blocks *b, struct ir_err *err);
/* cut(user, …) returns the longest prefix that ends on a record boundary, 0 for none. */
typedef size_t (*ir_blocks_cut_fn)(const void *user, struct ir_str data, bool last);
void ir_blocks_set_cut(struct ir_blocks *b, ir_blocks_cut_fn cut, const void *user);
/* IR_OK: *blk is filled. IR_WARN: *blk is filled (maybe empty) and *err names damage. IR_END.
 * IR_FATAL: everything before the failure was delivered by earlier calls. */
int ir_blocks_next(struct ir_blocks *b, struct ir_block *blk, struct ir_err *err);
struct ir_reader *ir_blocks_reader(struct ir_blocks *b);
/* After peek or next: what is converted from, IR_ENC_UTF8 for nothing; *ret_guess (may be NULL): it
 * was neither told nor said by a byte order mark. */
enum ir_encoding ir_blocks_encoding(const struct ir_blocks *b, bool *ret_guess);
void ir_block_free(struct ir_block *blk);

#endif
