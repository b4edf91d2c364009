/*
 * Reading a sealed exhibit again, file by file against its manifests, and copying it in the same
 * reading. For who receives an exhibit, and for identical copies; foreign bags are bag.h's.
 */
#ifndef IR_EVIDENCE_CARRY_H
#define IR_EVIDENCE_CARRY_H

#include <sys/stat.h>

#include "base/err.h"
#include "evidence/merkle.h"

struct ir_carry_totals {
    uint64_t files, bytes; /* tag files as well */
    char seal[IR_HASH_TEXT];
};

/* to_fd: a directory in which `item` is made, every file of it written, brought to disk, read again
 * and compared; -1: only read. seal: what tagmanifest-sha256.txt must have. IR_BAD: *err names the
 * file that is not what was sealed; a copy that was begun stays, and is none. */
int ir_carry(int case_fd, const char *item, const char *seal, int to_fd,
             struct ir_carry_totals *ret_t, struct ir_err *err);
/* The same for a copy that was begun beside the exhibit (image.h): what of `item` is in to_fd
 * already is read and compared, the rest, and what is not as it must be, is copied. */
int ir_carry_finish(int case_fd, const char *item, const char *seal, int to_fd,
                    struct ir_carry_totals *ret_t, struct ir_err *err);

/* Where the files go instead of a directory: begin for each, then its bytes in order. What they
 * return other than IR_OK ends it. */
struct ir_carry_sink {
    int (*begin)(void *user, const char *path, int fd, const struct stat *st, struct ir_err *err);
    int (*data)(void *user, const void *p, size_t n, struct ir_err *err);
    void *user;
};
/* IR_BAD as above: what the sink was given of that file is not what was sealed. tags_only: not the
 * payload. sink: NULL, only read. */
int ir_carry_into(int case_fd, const char *item, const char *seal, bool tags_only,
                  const struct ir_carry_sink *sink, struct ir_carry_totals *ret_t,
                  struct ir_err *err);

#endif
