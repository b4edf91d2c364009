/*
 * Lines of a bodyfile (The Sleuth Kit 3.x), which mactime makes a timeline of:
 *
 *     MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime
 *
 * Whole seconds since 1970; 0 for what is not known. mactime loses lines whose names hold `|` or a
 * line end and decodes `%XX`: so `|` is written as %7C, `%` as %25, controls as `^`.
 */
#ifndef IR_EVIDENCE_BODYFILE_H
#define IR_EVIDENCE_BODYFILE_H

#include <sys/stat.h>

#include "base/buf.h"

/* md5: hex, or NULL when it is not known. target: of a symbolic link, else empty. */
void ir_bodyfile_line(struct ir_buf *out, const char *md5, struct ir_str path, struct ir_str target,
                      const struct statx *st);

#endif
