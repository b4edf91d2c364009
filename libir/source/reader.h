/*
 * One input as a stream of decompressed bytes. gz, xz, zst, bz2 are told by their magic, not by the name;
 * concatenated members are read on; bytes after the last member are reported.
 *
 * What was decoded before damage is delivered first; then read returns IR_WARN once with *err naming the
 * offset (in decompressed bytes), and then IR_END. A file that shrinks or grows while it is read: what was
 * there when it was opened is read; less than that is IR_WARN "shrank". Memory: at most IR_READER_MEM_MAX
 * for any stream (an xz that wants more is refused with IR_FATAL and the reason).
 */
#ifndef IR_SOURCE_READER_H
#define IR_SOURCE_READER_H

#include "source/input.h"

#define IR_READER_MEM_MAX (UINT64_C(80) << 20)

struct ir_reader;

/* IR_FATAL with *err when it cannot be opened (vanished, permission, no longer a regular file). Opening uses
 * O_NONBLOCK|O_NOCTTY and checks the type after the open, so a FIFO put in its place cannot hang us. */
int ir_reader_open(const struct ir_input *in, struct ir_reader **ret_r, struct ir_err *err);
void ir_reader_close(struct ir_reader *r);
/* Fills up to cap bytes. IR_OK with *ret_n > 0; IR_END with *ret_n == 0; IR_WARN, IR_FATAL as above
 * (*ret_n bytes are still good). */
int ir_reader_read(struct ir_reader *r, char *buf, size_t cap, size_t *ret_n, struct ir_err *err);
enum ir_codec ir_reader_codec(const struct ir_reader *r);
/* Bytes taken from disk so far, for progress; and whether random access by offset is possible. */
uint64_t ir_reader_taken(const struct ir_reader *r);
bool ir_reader_seekable(const struct ir_reader *r);
/* Random access of an uncompressed regular file; short only at the end. */
int ir_reader_pread(struct ir_reader *r, char *buf, size_t cap, uint64_t offset, size_t *ret_n);

#endif
