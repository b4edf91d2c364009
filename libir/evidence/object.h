/*
 * What is known of one object of a file system: all that statx and the extended attributes tell,
 * and, once it was taken, where it lies and its digests. One JSON line of meta/files.jsonl.
 */
#ifndef IR_EVIDENCE_OBJECT_H
#define IR_EVIDENCE_OBJECT_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

struct ir_object {
    struct ir_str path; /* as found: any bytes, absolute */
    struct statx st;
    struct ir_str target; /* of a symbolic link */
    struct ir_str stored; /* below the bag: "data/fs/…"; empty: metadata only */
    const char *made;     /* no copy of a file: what it was made of; path is a name for it */
    struct ir_digest_sum sum;
    uint64_t bytes;         /* that were read and stored */
    const char *not_taken;  /* why there is no content of something that has one; NULL: fine */
    const char *changed;    /* what happened to it while it was read; NULL: nothing */
    struct ir_str same_as;  /* hard link: stored under that name of the same inode */
    struct ir_str extended; /* "name=base64 …" ready-made JSON members: see ir_object_attributes */
    struct ir_str damaged;  /* JSON array of [offset, length] that could not be read: zeros */
    struct ir_str extents;  /* JSON array of [offset, length] of the data of a sparse file */
    struct ir_str magic, mime, encoding; /* what its first bytes look like (filetype.h) */
    struct ir_str members;               /* JSON array of an archive's members */
};

/* "file", "dir", "symlink", "fifo", "socket", "chardev", "blockdev", "unknown" */
const char *ir_object_type(const struct ir_object *o);
/* Names of users and groups that were looked up: a look-up opens files and asks servers. */
#define IR_OWNERS 64u
struct ir_owner {
    uint32_t id;
    bool known;
    char name[256]; /* "": it has none */
};
struct ir_owners {
    struct ir_owner user[IR_OWNERS], group[IR_OWNERS];
};

/* Appends the line with its line end. owners: zeros at first. */
void ir_object_write(const struct ir_object *o, struct ir_owners *owners, struct ir_buf *out);
/* The line's own facts again; texts stand in `room` until its next use. IR_BAD: no such line. */
int ir_object_read(struct ir_str line, struct ir_buf *room, struct ir_object *ret_o,
                   struct ir_err *err);
/* Extended attributes (ACLs, SELinux label, capabilities and the others) as the JSON members of an
 * object, values in base64, with what is readable besides. path: of /proc/self/fd. Never fails:
 * what could not be read is said in the text. */
void ir_object_attributes(const char *path, struct ir_buf *out);

#endif
