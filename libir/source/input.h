/*
 * What the user named, as a list of inputs: files, directories (recursive), globs, "-" for stdin.
 *
 *     struct ir_inputs *in = ir_inputs_new();
 *     ir_inputs_add(in, "/var/log", &err);   // keeps going: what cannot be taken becomes a note
 *     ir_inputs_finish(in);                  // order and rotated sets
 *     for (size_t i = 0; i < ir_inputs_count(in); i++) … ir_inputs_get(in, i)
 *
 * Order: as named; inside a directory by name in byte order, with the members of a rotated set
 * together and in time order, oldest first (auth.log.2.gz, auth.log.1, auth.log; also
 * auth.log-20261101.gz, dateext; see rotate.h). Also members that were named one by one come
 * together, at the place of the first. Symlinks are followed when the user named them and inside
 * directories when they lead to a regular file; a directory is entered once (device and inode), so
 * loops end. FIFOs, sockets and devices are skipped and noted. A file reached twice, also by a hard
 * link, is read once and noted; of a file and a symbolic link to it, it is the file that is read.
 * Nothing is opened but directories: what a file holds, log or not, is the format layer's question;
 * archives are exchanged for their members by unpack.h, later and inside the sandbox.
 */
#ifndef IR_SOURCE_INPUT_H
#define IR_SOURCE_INPUT_H

#include "base/charset.h"
#include "base/err.h"
#include "base/intl.h"
#include "base/str.h"

/* Directories below a named one, inputs and notes in one list. What is beyond is noted as
 * unreadable. */
#define IR_INPUT_DEPTH_MAX 64u
#ifdef IR_TINY
#define IR_INPUT_COUNT_MAX 20000u
#define IR_INPUT_NOTES_MAX 100u
#else
#define IR_INPUT_COUNT_MAX 1000000u
#define IR_INPUT_NOTES_MAX 100000u
#endif

enum ir_codec {
    IR_CODEC_NONE = 0,
    IR_CODEC_GZIP,
    IR_CODEC_XZ,
    IR_CODEC_ZSTD,
    IR_CODEC_BZIP2,
    IR_CODEC_MAX
};

/* A file's time, or INT64_MIN where nobody set one: tools leave 1970, and the first days of DOS'
 * calendar (1980) or of a flat clock's; no log that says nothing of its year is that old. */
static inline int64_t ir_input_time(int64_t seconds, int64_t ns)
{
    const int64_t y2000 = 946684800, y2220 = 7889238000; /* and of what is far ahead nobody knows */
    return seconds < y2000 || seconds > y2220 ? INT64_MIN : seconds * 1000000000 + ns;
}

struct ir_input {
    const char *path;  /* as shown in findings; "-" for stdin */
    int64_t size;      /* bytes on disk at listing time; -1 unknown */
    int64_t mtime;     /* ns UTC of the last change; INT64_MIN unknown (stdin) */
    uint64_t dev, ino; /* 0, 0 unknown */
    uint32_t set;      /* inputs with the same number are one rotated log, in time order */
    bool set_last;     /* the newest of its set that was listed (or not rotated) */
    bool is_stdin;
    int spool_fd; /* stdin from a pipe: where ir_reader_spool copied it, -1 none */
    bool is_part; /* a member of an archive: its `size` bytes lie in `fd` (borrowed) from here on */
    bool damaged; /* a part: not all of the member, or not as it was; a note says why */
    int fd;
    uint64_t fd_at;
    const struct ir_charset *charset; /* to convert with, borrowed; NULL: never */
    enum ir_encoding encoding;        /* what to convert from */
};

enum ir_note_kind {
    IR_NOTE_SKIPPED,    /* by design */
    IR_NOTE_UNREADABLE, /* counts as unreadable input (exit status 3) */
    IR_NOTE_DAMAGED,    /* was read in part (exit status 3) */
    IR_NOTE_REMARK,     /* was read; something about it should be known */
};

struct ir_input_note {
    const char *path;
    const char *reason; /* "permission denied", "a FIFO", "loop", "the same file as …", … */
    enum ir_note_kind kind;
};

struct ir_inputs;
/* NULL: memory. */
struct ir_inputs *ir_inputs_new(void);
void ir_inputs_free(struct ir_inputs *in);
/* An argument that exists is that file or directory, even if it looks like a pattern. IR_OK; IR_BAD
 * with *err when the argument names nothing at all (also noted as unreadable). */
int ir_inputs_add(struct ir_inputs *in, const char *arg, struct ir_err *err);
/* IR_OK, or IR_FATAL when memory is out. */
int ir_inputs_finish(struct ir_inputs *in);
/* After finish: drops the inputs that `wanted` refuses (a user's choice: no note). */
void ir_inputs_filter(struct ir_inputs *in, bool (*wanted)(const void *user, const char *path),
                      const void *user);
/* Inputs in other character sets than UTF-8 will be converted: `e` says which, or to look (AUTO).
 * Before unpack and finish, and before the sandbox: iconv loads its tables. IR_OK; IR_BAD when this
 * machine has no tables for e; IR_FATAL: memory. */
#define IR_NO_CHARSET                                                                              \
    N_("this machine's C library has no table for the encoding: is libc-bin's gconv complete "     \
       "(libc-gconv-modules-extra)?")
int ir_inputs_convert(struct ir_inputs *in, enum ir_encoding e);
/* Where stdin's bytes are copied for refetch: a descriptor that the caller owns. */
void ir_inputs_set_spool(struct ir_inputs *in, int fd);
struct ir_blocks;
/* ir_blocks_open for the i-th input; standard input may have been opened before, to look whether it
 * is an archive. */
int ir_inputs_open(struct ir_inputs *in, size_t i, struct ir_blocks **ret_b, struct ir_err *err);
size_t ir_inputs_count(const struct ir_inputs *in);
const struct ir_input *ir_inputs_get(const struct ir_inputs *in, size_t i);
size_t ir_inputs_notes(const struct ir_inputs *in);
const struct ir_input_note *ir_inputs_note(const struct ir_inputs *in, size_t i);

#endif
