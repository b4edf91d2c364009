/*
 * Shared by unpack.c (which inputs are archives, and archives in archives) and unpack_walk.c (the
 * members of one).
 */
#ifndef IR_SOURCE_UNPACK_INT_H
#define IR_SOURCE_UNPACK_INT_H

#include "source/archive.h"
#include "source/list.h"
#include "source/unpack.h"

struct ir_unpack {
    struct ir_inputs *in;
    const struct ir_unpack_options *o;
    struct ir_unpack_limits limit;
    uint64_t used;    /* of the temporary file: the next member begins here */
    uint64_t checked; /* used, when the disk was last asked for room, */
    uint64_t step;    /* which is done every so many bytes */
    /* of the named file that is unpacked, in all its depth */
    const char *root;
    uint64_t root_size, out; /* out: without the holes of sparse files */
    int root_fd;             /* of a pipe: the copy of what was read of it so far; -1 none */
    uint64_t holes;
    unsigned members;
    bool stop; /* a limit ended it */
};

struct ir_members {
    struct ir_inputs_item *v;
    size_t n, cap;
};

/* The members of the archive at `path`, into the list; `like` lends what they have of their
 * archive. IR_OK (notes say what was wrong); IR_BAD: it is none, nothing was noted. */
int ir_unpack_walk(struct ir_unpack *u, const struct ir_inputs_item *like, struct ir_archive *a,
                   bool guess, struct ir_members *ret_m);
/* n bytes for offset `at` of the member that begins at `base` of the temporary file; p NULL: no
 * bytes, but room for them. False: a limit was met, or the disk is full; noted. */
bool ir_unpack_store(struct ir_unpack *u, uint64_t base, uint64_t at, const char *p, size_t n);

#endif
