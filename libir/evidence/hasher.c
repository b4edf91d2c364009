/*
 * The ring between who puts files and the threads that digest them (see hasher.h).
 */
#include "evidence/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/hasher_int.h"

#define TEXT_MAX ((size_t)16 << 20)
#define TICK_NS  200000000L
#define ALIGN    16u

/* ---- telling ---------------------------------------------------------------------------------*/

static void tell(struct ir_hasher *h, const struct ir_hash_batch *b)
{
    for (unsigned i = 0; i < b->n && !h->stop; i++) {
        const struct ir_hash_job *j = &b->job[i];
        const struct ir_hasher_result r = {.path = ir_str_n(b->text.p + j->path, j->path_n),
                                           .extra = b->text.p + j->extra,
                                           .bytes = j->bytes,
                                           .sum = j->sum,
                                           .problem = j->problem,
                                           .changed = j->changed};
        h->o.told(h->o.user, &r);
    }
    if (h->o.tick != NULL) h->o.tick(h->o.user, h->bytes);
}

/* With the lock held: until a batch is done, or it is time to show how far it is. */
static void wait_a_while(struct ir_hasher *h)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&h->finished, &h->lock, &until);
}

/* Tells of batches that are done, in order; waits until no more than `most` are left. */
static void tell_done(struct ir_hasher *h, uint64_t most)
{
    pthread_mutex_lock(&h->lock);
    while (h->told < h->put) {
        struct ir_hash_batch *b = &h->ring[h->told % IR_BATCHES];
        bool done = b->done;
        if (!done && h->put - h->told <= most) break;
        if (!done) wait_a_while(h);
        pthread_mutex_unlock(&h->lock);
        if (done)
            tell(h, b);
        else if (h->o.tick != NULL)
            h->o.tick(h->o.user, h->bytes);
        pthread_mutex_lock(&h->lock);
        h->told += done;
    }
    pthread_mutex_unlock(&h->lock);
}

/* One more, when all that there are have something to do. */
static void start(struct ir_hasher *h, uint64_t waiting)
{
    if (waiting > h->nthreads && h->nthreads < h->want &&
        pthread_create(&h->thread[h->nthreads], NULL, ir_hasher_work, h) == 0)
        h->nthreads++;
}

/* ---- filling ---------------------------------------------------------------------------------*/

static void send(struct ir_hasher *h)
{
    if (h->filling == NULL || h->filling->n == 0) return;
    h->filling = NULL;
    pthread_mutex_lock(&h->lock);
    h->put++;
    uint64_t waiting = h->put - h->told;
    pthread_cond_signal(&h->more);
    pthread_mutex_unlock(&h->lock);
    start(h, waiting);
    tell_done(h, IR_BATCHES - 1);
}

static struct ir_hash_batch *batch(struct ir_hasher *h)
{
    struct ir_hash_batch *b = h->filling;
    if (b != NULL && (b->n == IR_BATCH_JOBS || b->bytes >= IR_BATCH_BYTES)) send(h);
    if (h->filling != NULL) return h->filling;
    b = &h->ring[h->put % IR_BATCHES];
    ir_buf_clear(&b->text);
    b->n = b->ndirs = 0;
    b->bytes = 0;
    b->done = false;
    return h->filling = b;
}

/* The directory of a file, opened for the batch: its own or that of the file before. -errno;
 * -EMFILE also when the batch holds as many as it may. */
static int directory(struct ir_hash_batch *b, struct ir_hash_job *j, int dirfd)
{
    size_t n = j->name - j->path;
    const struct ir_hash_job *last = b->n > 0 ? &b->job[b->n - 1] : NULL;
    if (dirfd == AT_FDCWD || j->skip) return 0;
    if (last != NULL && last->dir >= 0 && last->name - last->path == n &&
        memcmp(b->text.p + last->path, b->text.p + j->path, n) == 0) {
        j->dir = last->dir;
        return 0;
    }
    if (b->ndirs == IR_BATCH_DIRS) return -EMFILE;
    int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return -errno;
    b->dir[j->dir = (int)b->ndirs++] = fd;
    return 0;
}

static void texts(struct ir_hash_batch *b, const struct ir_hasher_file *f, struct ir_hash_job *j)
{
    static const char zeros[ALIGN];
    j->path = b->text.n;
    j->path_n = f->path.n;
    j->name = j->path + f->name;
    ir_buf_str(&b->text, f->path);
    ir_buf_add(&b->text, zeros, ALIGN - b->text.n % ALIGN); /* at least one NUL */
    j->extra = b->text.n;
    ir_buf_add(&b->text, f->extra, f->extra_n);
    ir_buf_add(&b->text, zeros, 1); /* so that there is something to point at */
}

bool ir_hasher_put(struct ir_hasher *h, const struct ir_hasher_file *f)
{
    struct ir_hash_job j = {.dir = -1, .skip = f->skip, .ino = f->ino};
    struct ir_hash_batch *b = batch(h);
    texts(b, f, &j);
    int rc = directory(b, &j, f->dirfd);
    if (rc == -EMFILE && b->n > 0) { /* another batch has room; or the ring has, once it is done */
        bool full = b->ndirs < IR_BATCH_DIRS;
        send(h);
        if (full) tell_done(h, 0);
        texts(b = batch(h), f, &j);
        rc = directory(b, &j, f->dirfd);
    }
    if (rc < 0) {
        j.problem = ir_errno_text(-rc);
        j.skip = true;
    }
    if (b->text.full) {
        h->failed = h->stop = true;
        return false;
    }
    b->job[b->n++] = j;
    b->bytes += j.skip ? 0 : f->size;
    return !h->stop;
}

/* ---- beginning and end -----------------------------------------------------------------------*/

static void hasher_free(struct ir_hasher *h)
{
    for (unsigned i = 0; i < IR_BATCHES; i++)
        ir_buf_free(&h->ring[i].text);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->more);
    pthread_cond_destroy(&h->finished);
    free(h->ring);
    free(h);
}

int ir_hasher_new(const struct ir_hasher_options *o, struct ir_hasher **ret_h, struct ir_err *err)
{
    pthread_condattr_t attr;
    struct ir_hasher *h = calloc(1, sizeof *h);
    struct ir_hash_batch *ring = calloc(IR_BATCHES, sizeof *ring);
    if (h == NULL || ring == NULL) {
        free(h);
        free(ring);
        return ir_fail(err, IR_FATAL, "out of memory");
    }
    h->o = *o;
    h->ring = ring;
    for (unsigned i = 0; i < IR_BATCHES; i++)
        ring[i].text = IR_BUF(TEXT_MAX);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->more, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* somebody may set the other */
    pthread_cond_init(&h->finished, &attr);
    pthread_condattr_destroy(&attr);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    h->want = h->o.threads != 0 ? h->o.threads : cpus > 0 ? (unsigned)cpus : 1;
    if (h->want > IR_HASHER_THREADS) h->want = IR_HASHER_THREADS;
    start(h, 1);
    if (h->nthreads == 0) {
        hasher_free(h);
        return ir_fail(err, IR_FATAL, "no thread can be started");
    }
    *ret_h = h;
    return IR_OK;
}

void ir_hasher_stop(struct ir_hasher *h)
{
    h->stop = true;
}

int ir_hasher_end(struct ir_hasher *h, struct ir_err *err)
{
    send(h);
    tell_done(h, 0);
    pthread_mutex_lock(&h->lock);
    h->end = true;
    pthread_cond_broadcast(&h->more);
    pthread_mutex_unlock(&h->lock);
    for (unsigned i = 0; i < h->nthreads; i++)
        pthread_join(h->thread[i], NULL);
    int rc = h->stop ? IR_END : IR_OK;
    if (h->failed) rc = ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    hasher_free(h);
    return rc;
}
