/*
 * Digests of files and trees: several files at a time, each read once for all digests, told in the
 * order of the walk (depth first, by bytes). Nothing is followed, nothing that could block is
 * opened, an inode with several names is read once.
 *
 *     const struct ir_hashing_options o = {.set = IR_DIGEST_BIT(IR_SHA256), .object = each};
 *     rc = ir_hashing(paths, n, &o, &err);
 *
 * A file is read by one thread; a large one by one thread for the disk and one an algorithm
 * (pump.h). Memory does not grow with the number of files, but for those with several names.
 */
#ifndef IR_EVIDENCE_HASHING_H
#define IR_EVIDENCE_HASHING_H

#include "base/digest.h"
#include "base/err.h"

struct ir_hashed {
    struct ir_str path;  /* as the user named it, and what is below; any bytes */
    struct ir_str whole; /* absolute, free of links but in its last part */
    const char *type;    /* as ir_object_type has it */
    uint64_t bytes;      /* that were read */
    struct ir_digest_sum sum;
    struct ir_str same_as; /* an earlier name (whole) of the same file, which was read there */
    const char *problem;   /* why there are no digests though there should be; NULL */
    const char *left;      /* why it is left alone: a link, a pipe, another file system; NULL */
    const char *changed;   /* what happened to it while it was read; NULL */
};

struct ir_hashing_options {
    unsigned set;        /* IR_DIGEST_BIT of each */
    unsigned threads;    /* 0: one a processor, at most 8 */
    bool one_filesystem; /* not into other mounts */
    bool networks;       /* into network file systems as well */
    /* In order, by the calling thread. Directories come only with a problem, or when they are left
     * alone. False: stop. */
    bool (*object)(void *user, const struct ir_hashed *h);
    /* Now and then, by the calling thread; may be NULL. `of` is what there was to read before it
     * began: it is counted first, which only happens when there is somebody to show it to. */
    void (*progress)(void *user, uint64_t files, uint64_t bytes, uint64_t of);
    void *user;
};

/* IR_OK: all was walked. IR_END: `object` said stop. IR_FATAL: memory or threads are out. */
int ir_hashing(const char *const *paths, size_t n, const struct ir_hashing_options *o,
               struct ir_err *err);

#endif
