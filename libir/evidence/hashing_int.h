/*
 * What the walk and the threads of hashing.h share; nobody else's business.
 *
 * A ring of batches: the walk fills one, a thread digests it, the walk tells of it when it comes
 * round. A batch holds the directories of its files open, so that no path is resolved twice and
 * none can be exchanged in between.
 */
#ifndef IR_EVIDENCE_HASHING_INT_H
#define IR_EVIDENCE_HASHING_INT_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "evidence/hashing.h"
#include "evidence/scope.h"

#define IR_HASHING_LARGE   ((uint64_t)8 << 20) /* from here on a file has threads of its own */
#define IR_HASHING_THREADS 8u
#define IR_BATCHES         32u
#define IR_BATCH_JOBS      64u
#define IR_BATCH_DIRS      8u
#define IR_BATCH_BYTES     ((uint64_t)2 << 20)

struct ir_hash_job {
    size_t path, path_n, below, name; /* in the batch's text; each ends in NUL */
    const char *root;
    int dir; /* of the batch, -1: the path itself */
    const char *type;
    uint64_t ino, size, bytes;
    uint32_t link; /* of several names: its place in the table; UINT32_MAX */
    bool read;     /* there is something to digest */
    bool first;    /* the name under which a file of several is read */
    const char *problem, *left, *changed;
    struct ir_digest_sum sum;
};

struct ir_hash_batch {
    struct ir_hash_job job[IR_BATCH_JOBS];
    unsigned n, ndirs;
    int dir[IR_BATCH_DIRS];
    struct ir_buf text;
    uint64_t bytes;
    bool done;
};

struct ir_hasher {
    const struct ir_hashing_options *o;
    struct ir_hash_batch *ring;
    pthread_mutex_t lock;
    pthread_cond_t more, finished;
    uint64_t put, taken, told; /* batches: filled, begun by a thread, told of */
    atomic_ullong bytes;
    atomic_bool stop, failed; /* failed: a thread could not get what it needs */
    bool end;                 /* no more batches come */
};

/* hashing_work.c: a thread; user is the struct ir_hasher. */
void *ir_hashing_work(void *user);

#endif
