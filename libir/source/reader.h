/*
 * One input as a stream of decompressed bytes. gz, xz, zst, bz2 are told by their magic, not by the
 * name; concatenated members are read on; bytes after the last member are reported.
 *
 * What was decoded before damage is delivered first; then read returns IR_WARN with *err naming the
 * offset (in decompressed bytes). The caller simply reads on: where another member starts behind
 * the damage, its bytes follow (and further damage may be reported), else comes IR_END. A record
 * never continues across an IR_WARN. A file that shrinks or grows while it is read: what was there
 * when it was opened is read; less than that is IR_WARN "shrank". Memory: at most IR_READER_MEM_MAX
 * for any stream, for zstd a window of 2^IR_READER_ZSTD_WINDOW_LOG (what `zstd -d` itself takes); a
 * stream that wants more is refused with IR_FATAL and the reason.
 */
#ifndef IR_SOURCE_READER_H
#define IR_SOURCE_READER_H

#include "source/input.h"

#define IR_READER_MEM_MAX         (UINT64_C(80) << 20)
#define IR_READER_ZSTD_WINDOW_LOG 27

/* A bomb: output grows above this many times the input that was taken. Repeated log lines of 125
 * bytes would have to take less than one bit each to get there, which lines with time stamps do
 * not. Not judged before IR_READER_RATIO_AFTER bytes of output. Reading then ends with IR_WARN. */
#define IR_READER_RATIO_MAX 1000u
/* Damaged places in one input after which the rest is given up (with IR_WARN), and members in a row
 * that hold nothing: both cost far more time than their bytes are worth. */
#define IR_READER_DAMAGE_MAX 100u
#ifdef IR_TINY
#define IR_READER_RATIO_AFTER (UINT64_C(1) << 18)
#define IR_READER_EMPTY_MAX   64u
#else
#define IR_READER_RATIO_AFTER (UINT64_C(64) << 20)
#define IR_READER_EMPTY_MAX   100000u
#endif

struct ir_reader;

/* IR_FATAL with *err when it cannot be opened (vanished, permission, no longer a regular file).
 * Opening uses O_NONBLOCK|O_NOCTTY and checks the type after the open, so a FIFO put in its place
 * cannot hang us. Another file under the listed name (rotated meanwhile) is read, and said by an
 * IR_WARN at its end. */
int ir_reader_open(const struct ir_input *in, struct ir_reader **ret_r, struct ir_err *err);
/* From a descriptor (file from its current offset, pipe, memfd): borrowed, not closed. `path` names
 * it in errors and is copied. */
int ir_reader_open_fd(int fd, const char *path, struct ir_reader **ret_r, struct ir_err *err);
void ir_reader_close(struct ir_reader *r);
/* Copies the raw bytes of a non-seekable input to `fd` (a temporary file of the caller, at offset
 * 0) while they are read, so that ir_refetch can read them again. Call it before the first read (or
 * peek). When the copy fails (disk full) reading goes on without; ir_refetch then says what it
 * misses. */
int ir_reader_spool(struct ir_reader *r, int fd, struct ir_err *err);
/* Fills up to cap bytes. IR_OK with *ret_n > 0; IR_END with *ret_n == 0; IR_WARN, IR_FATAL as above
 * (*ret_n bytes are still good). */
int ir_reader_read(struct ir_reader *r, char *buf, size_t cap, size_t *ret_n, struct ir_err *err);
enum ir_codec ir_reader_codec(const struct ir_reader *r);
/* Bytes taken from disk so far, for progress; and whether random access by offset is possible. */
uint64_t ir_reader_taken(const struct ir_reader *r);
/* Bytes of a seekable reader. */
uint64_t ir_reader_size(const struct ir_reader *r);
bool ir_reader_seekable(const struct ir_reader *r);
/* Random access of an uncompressed regular file; short only at the end (IR_END when nothing is
 * there). IR_FATAL when the input is not seekable or the disk fails. */
int ir_reader_pread(struct ir_reader *r, char *buf, size_t cap, uint64_t offset, size_t *ret_n);

#endif
