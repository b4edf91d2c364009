/*
 * Digests of many files by several threads, each file read once for all digests. Told of in the
 * order in which they were put, by the thread that puts.
 *
 *     const struct ir_hasher_options o = {.set = IR_DIGESTS_EVIDENCE, .told = each, .user = x};
 *     rc = ir_hasher_new(&o, &h, &err);
 *     for (…) ir_hasher_put(h, &file);       // calls `told` of earlier ones meanwhile
 *     rc = ir_hasher_end(h, &err);           // the rest is told; h is gone
 *
 * A large file has a thread for the disk and one an algorithm (pump.h). Memory is bounded, however
 * many files there are; so are descriptors, one for each directory that files wait in.
 */
#ifndef IR_EVIDENCE_HASHER_H
#define IR_EVIDENCE_HASHER_H

#include "base/digest.h"
#include "base/err.h"

#define IR_HASHER_EXTRA ((size_t)1024)

struct ir_hasher;

struct ir_hasher_file {
    int dirfd;          /* borrowed; AT_FDCWD: the path is opened as it is */
    struct ir_str path; /* to be told; files of one directory have the same before `name` */
    size_t name;        /* where in it the name begins that is opened below dirfd */
    uint64_t ino;       /* it must be this inode; 0: any */
    uint64_t size;      /* as far as known: so much work it is */
    bool skip;          /* only told, in its turn */
    const void *extra;  /* what the caller wants back; extra_n bytes, at most IR_HASHER_EXTRA */
    size_t extra_n;
};

struct ir_hasher_result {
    struct ir_str path;
    const void *extra; /* aligned for anything */
    uint64_t bytes;    /* that were read */
    struct ir_digest_sum sum;
    const char *problem; /* why there are no digests; NULL */
    const char *changed; /* what happened to it while it was read; NULL */
};

struct ir_hasher_options {
    unsigned set;     /* IR_DIGEST_BIT of each */
    unsigned threads; /* 0: one a processor, at most 8 */
    bool beneath;     /* below dirfd and through no link on the way (beneath.h) */
    bool cold;        /* from the medium, not from memory, where the system can */
    void (*told)(void *user, const struct ir_hasher_result *r);
    void (*tick)(void *user, uint64_t bytes); /* bytes read so far, a few times a second; or NULL */
    void *user;
};

/* IR_FATAL: memory or threads are out. */
int ir_hasher_new(const struct ir_hasher_options *o, struct ir_hasher **ret_h, struct ir_err *err);
/* False: stopped, or out of memory. */
bool ir_hasher_put(struct ir_hasher *h, const struct ir_hasher_file *f);
/* Nothing more is read or told; for `told` as well. */
void ir_hasher_stop(struct ir_hasher *h);
/* IR_OK: all was told. IR_END: stopped. IR_FATAL: memory is out, or a digest not to be had. */
int ir_hasher_end(struct ir_hasher *h, struct ir_err *err);

#endif
