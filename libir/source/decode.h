/*
 * Members of one codec, one after the other, as one stream of bytes; with what may lie between
 * them. Used by reader.c only. The compressed bytes come from a callback, so it runs from memory as
 * well.
 */
#ifndef IR_SOURCE_DECODE_H
#define IR_SOURCE_DECODE_H

#include "base/err.h"
#include "source/codec.h"

/* As ir_reader_read, for compressed bytes. IR_WARN ends the compressed stream. */
typedef int ir_decode_fill(void *user, char *buf, size_t cap, size_t *ret_n, struct ir_err *err);

struct ir_decode;
/* NULL: memory. */
struct ir_decode *ir_decode_new(enum ir_codec codec, ir_decode_fill *fill, void *user);
void ir_decode_free(struct ir_decode *d);
/* As ir_reader_read. */
int ir_decode_read(struct ir_decode *d, char *buf, size_t cap, size_t *ret_n, struct ir_err *err);

#endif
