/*
 * Walks what the user named, depth first and sorted by bytes, by descriptors only: a name that is
 * exchanged for a symbolic link meanwhile leads nowhere, and a tree of any depth is walked with few
 * descriptors. Symbolic links are objects, never followed.
 *
 *     ir_tree_walk(paths, n, &ops, &err);
 */
#ifndef IR_EVIDENCE_TREE_H
#define IR_EVIDENCE_TREE_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"

struct ir_tree_entry {
    int dirfd;           /* the directory that holds it */
    const char *name;    /* in dirfd */
    struct ir_str path;  /* absolute, raw bytes */
    struct ir_str safe;  /* relative and safe: "var/log/auth.log"; empty when ops.plain */
    const char *root;    /* the named path it was found below, as the user wrote it */
    struct ir_str below; /* from there on: "log/auth.log"; empty for the named path itself */
    const struct statx *st;
    const char *problem; /* it could not be looked at, or into: why; st may be zeros */
};

enum ir_tree_answer {
    IR_TREE_ON,       /* go on; into it, when it is a directory */
    IR_TREE_SKIP,     /* a directory: not into it */
    IR_TREE_STOP = -3 /* an IR_FATAL of the caller */
};

struct ir_tree_ops {
    /* Each object once; a directory before what is in it. */
    enum ir_tree_answer (*object)(void *user, const struct ir_tree_entry *e);
    void *user;
    bool plain; /* no safe names: they cost as much as a look at the object */
};

/* Device and inode number make an object's identity. */
static inline uint64_t ir_device(const struct statx *st)
{
    return (uint64_t)st->stx_dev_major << 32 | st->stx_dev_minor;
}

/* IR_OK, or IR_FATAL: the caller's, or memory is out. What cannot be read is an object with a
 * `problem`. */
int ir_tree_walk(const char *const *paths, size_t n, const struct ir_tree_ops *ops,
                 struct ir_err *err);
/* Appends `path` as a walk tells of it: absolute, through no link but in its last part, without
 * "." and ".." and slashes at its end. False, and errno: its directory cannot be found. */
bool ir_tree_absolute(const char *path, struct ir_buf *out);

#endif
