/*
 * What the ring and the threads of hasher.h share; nobody else's business.
 *
 * A ring of batches: whoever puts fills one, a thread digests it, and it is told of when its turn
 * comes. A batch holds the directories of its files open, so that no path is resolved twice and
 * none can be exchanged in between.
 */
#ifndef IR_EVIDENCE_HASHER_INT_H
#define IR_EVIDENCE_HASHER_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "evidence/hasher.h"

#define IR_HASHER_THREADS 8u
#define IR_BATCHES        32u
#define IR_BATCH_JOBS     64u
#define IR_BATCH_DIRS     4u
#define IR_BATCH_BYTES    ((uint64_t)2 << 20)

struct ir_hash_job {
    size_t path, path_n, name, extra; /* in the batch's text; the path ends in NUL */
    int dir;                          /* of the batch, -1: the path itself */
    bool skip;
    uint64_t ino, bytes;
    const char *problem, *changed;
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
    struct ir_hasher_options o;
    struct ir_hash_batch *ring, *filling; /* filling: NULL, or the next to be put */
    pthread_t thread[IR_HASHER_THREADS];
    unsigned nthreads, want; /* threads: started when there is work for them */
    pthread_mutex_t lock;
    pthread_cond_t more, finished;
    uint64_t put, taken, told; /* batches: filled, begun by a thread, told of */
    atomic_ullong bytes;
    atomic_bool stop, failed; /* failed: a thread could not get what it needs */
    bool end;                 /* no more batches come */
};

/* hasher_work.c: a thread; user is the struct ir_hasher. */
void *ir_hasher_work(void *user);

#endif
