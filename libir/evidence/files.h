/*
 * Small files of a case: read whole, and written so that they are either there and complete or not
 * there at all. Never through a symbolic link.
 */
#ifndef IR_EVIDENCE_FILES_H
#define IR_EVIDENCE_FILES_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the whole file. IR_END: there is none. IR_FATAL: unreadable, no file, or larger than max
 * bytes. */
int ir_file_read(int dirfd, const char *name, size_t max, struct ir_buf *out, struct ir_err *err);
/* Makes a file; an existing one is refused (IR_FATAL). On disk, with its name, when it returns. */
int ir_file_create(int dirfd, const char *name, mode_t mode, struct ir_str bytes,
                   struct ir_err *err);
/* The same, but an existing file is replaced in one step. */
int ir_file_replace(int dirfd, const char *name, mode_t mode, struct ir_str bytes,
                    struct ir_err *err);
/* Removes files whose names begin so. 0, or -1 and errno: one cannot be. */
int ir_files_drop(int dirfd, const char *prefix);
/* Removes what a process that died was writing with the two above. Only where no other process
 * writes. */
void ir_files_drop_parts(int dirfd);
/* Of an open file of `size` bytes: the next stretch that holds data at or behind `at`; before it
 * is a hole. Where the medium knows no holes all is data. *ret_from is size when only a hole is
 * left. Moves the file's offset. */
void ir_file_data(int fd, uint64_t at, uint64_t size, uint64_t *ret_from, uint64_t *ret_to);

#endif
