/*
 * Making and removing files of our own, so that a crash or a full disk never leaves half of a
 * thing under its name: what is new is written beside its place, brought to disk, and then renamed.
 *
 * Names are relative to a directory's descriptor, and no symbolic link is followed on the last
 * step. All return 0 (or a descriptor) or -errno. Reading what others wrote is io.h's.
 */
#ifndef IR_BASE_FS_H
#define IR_BASE_FS_H

#include <sys/types.h>

#include "base/str.h"

#define IR_FS_DEPTH_MAX 64 /* directories in directories that are made or removed */

/* The directory and those above it, which get `mode` when they are made. The last one's descriptor.
 */
int ir_fs_make_dirs(const char *path, mode_t mode);
/* A new file with this content; directories before its name are made. -EEXIST when it is there. */
int ir_fs_write_new(int dirfd, const char *name, struct ir_str data, mode_t mode);
/* As write_new, but it comes into being whole or not at all, and is on disk when this returns. */
int ir_fs_publish(int dirfd, const char *name, struct ir_str data, mode_t mode);
/* Brings a file, or the names in a directory, to disk. */
int ir_fs_sync(int dirfd, const char *name);
/* A file or a directory with everything in it. Nothing there is no error. */
int ir_fs_remove_tree(int dirfd, const char *name);

#endif
