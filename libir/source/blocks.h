/*
 * A reader's bytes as blocks that end on a record boundary.
 *
 *     struct ir_blocks *b; ir_blocks_open(in, &b, &err);
 *     ir_blocks_peek(b, &head, &err);          // first bytes, for the format bids
 *     ir_blocks_set_cut(b, fmt->cut);          // NULL: lines
 *     while ((rc = ir_blocks_next(b, &blk, &err)) == IR_OK || rc == IR_WARN) …
 *
 * A record longer than IR_RECORD_MAX is cut there and the block says so (`cut_records`); the rest
 * of it is the next record. The last record needs no line end. Where the input is damaged the block
 * ends, so a record never runs over damage; the block that comes with an IR_WARN may be empty (and
 * then may be the last). CR LF is left in the data.
 */
#ifndef IR_SOURCE_BLOCKS_H
#define IR_SOURCE_BLOCKS_H

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
    uint64_t offset;      /* of data[0] in the (decompressed) input */
    uint64_t number;      /* 0, 1, 2 … in this input */
    uint32_t cut_records; /* records that were cut at IR_RECORD_MAX */
    bool last;            /* no block follows */
};

struct ir_blocks;
int ir_blocks_open(const struct ir_input *in, struct ir_blocks **ret_b, struct ir_err *err);
/* Takes the reader: it is closed with the blocks, also when this fails. */
int ir_blocks_open_reader(struct ir_reader *r, struct ir_blocks **ret_b, struct ir_err *err);
void ir_blocks_close(struct ir_blocks *b);
/* Up to IR_PEEK_SIZE bytes, fewer only where the input ends or is damaged (which next will say).
 * The view is good until next. IR_OK (also for an empty input), or IR_FATAL. */
int ir_blocks_peek(struct ir_blocks *b, struct ir_str *ret_head, struct ir_err *err);
/* cut returns the longest prefix that ends on a record boundary, 0 for none. */
/* What the reader said behind the bytes that peek shows: IR_OK, or a result not yet passed on. */
int ir_blocks_pending(const struct ir_blocks *b, struct ir_err *err);
void ir_blocks_set_cut(struct ir_blocks *b, size_t (*cut)(struct ir_str data, bool last));
/* IR_OK: *blk is filled. IR_WARN: *blk is filled (maybe empty) and *err names damage. IR_END.
 * IR_FATAL: everything before the failure was delivered by earlier calls. */
int ir_blocks_next(struct ir_blocks *b, struct ir_block *blk, struct ir_err *err);
struct ir_reader *ir_blocks_reader(struct ir_blocks *b);
void ir_block_free(struct ir_block *blk);

#endif
