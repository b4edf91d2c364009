/*
 * The threads that open, read and digest (see hasher.h). Hostile: what a name leads to can be
 * exchanged between the walk and the opening, so the opened file must be the one that was seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/beneath.h"
#include "evidence/files.h"
#include "evidence/hasher_int.h"
#include "evidence/pump.h"

#define CHUNK     ((size_t)128 << 10)
#define HOLE_STEP ((uint64_t)64 << 20)
#define LARGE     ((uint64_t)8 << 20) /* from here on a file has threads of its own */

struct worker {
    struct ir_hasher *h;
    struct ir_digest digest;
    struct ir_pump *pump; /* made for the first large file */
    char *buf;
    int noatime; /* O_NOATIME until the kernel refuses it */
};

/* Without a trace in the access time where that is allowed. */
static int open_job(struct worker *w, const struct ir_hash_batch *b, const struct ir_hash_job *j)
{
    int dir = j->dir >= 0 ? b->dir[j->dir] : AT_FDCWD;
    const char *name = b->text.p + (j->dir >= 0 ? j->name : j->path);
    int (*const open_file)(int, const char *, int) = w->h->o.beneath ? ir_open_beneath : ir_io_open;
    int fd = open_file(dir, name, O_NOFOLLOW | w->noatime);
    if (fd != -EPERM || w->noatime == 0) return fd;
    fd = open_file(dir, name, O_NOFOLLOW);
    if (fd >= 0) w->noatime = 0; /* nor will it be allowed for the next */
    return fd;
}

static ssize_t read_small(struct worker *w, int fd, struct ir_hash_job *j)
{
    ssize_t n;
    ir_digest_begin(&w->digest);
    while ((n = ir_io_read(fd, w->buf, CHUNK)) > 0 && !w->h->stop) {
        ir_digest_add(&w->digest, w->buf, (size_t)n);
        j->bytes += (uint64_t)n;
        w->h->bytes += (uint64_t)n;
    }
    if (n == 0 && !ir_digest_end(&w->digest, &j->sum)) j->problem = N_("a digest failed");
    return n;
}

static void count(struct worker *w, struct ir_hash_job *j, uint64_t n)
{
    j->bytes += n;
    w->h->bytes += n;
}

/* Up to `to`; what is read at the end of the file is 0. */
static ssize_t read_data(struct worker *w, int fd, uint64_t to, struct ir_hash_job *j)
{
    ssize_t n = 1;
    while (j->bytes < to && !w->h->stop) {
        uint64_t want = to - j->bytes < IR_PUMP_CHUNK ? to - j->bytes : IR_PUMP_CHUNK;
        n = ir_io_pread_full(fd, ir_pump_buffer(w->pump), (size_t)want, j->bytes);
        if (n <= 0) return n;
        ir_pump_put(w->pump, (size_t)n);
        count(w, j, (uint64_t)n);
    }
    return n;
}

/* A hole is digested as the zeros that it reads as, without reading them. */
static void skip_hole(struct worker *w, uint64_t to, struct ir_hash_job *j)
{
    while (j->bytes < to && !w->h->stop) {
        uint64_t part = to - j->bytes < HOLE_STEP ? to - j->bytes : HOLE_STEP;
        ir_pump_zeros(w->pump, part);
        count(w, j, part);
    }
}

static ssize_t read_large(struct worker *w, int fd, uint64_t size, struct ir_hash_job *j)
{
    ssize_t n = 1;
    if (w->pump == NULL && (w->pump = ir_pump_new(w->h->o.set)) == NULL)
        return read_small(w, fd, j);
    ir_pump_begin(w->pump);
    while (n > 0 && j->bytes < size && !w->h->stop) {
        uint64_t from, to;
        ir_file_data(fd, j->bytes, size, &from, &to);
        skip_hole(w, from, j);
        n = read_data(w, fd, to, j);
    }
    if (n > 0) n = read_data(w, fd, UINT64_MAX, j); /* what it grew by, or a device's all */
    if (!ir_pump_end(w->pump, &j->sum)) j->problem = N_("a digest failed");
    return n;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static void hash(struct worker *w, const struct ir_hash_batch *b, struct ir_hash_job *j)
{
    struct stat before, after;
    int fd = open_job(w, b, j);
    if (fd < 0) {
        j->problem = ir_errno_text(-fd);
        return;
    }
    if (fstat(fd, &before) != 0)
        j->problem = ir_errno_text(errno);
    else if ((j->ino != 0 && before.st_ino != j->ino) ||
             (!S_ISREG(before.st_mode) && !S_ISBLK(before.st_mode)))
        j->problem = N_("was exchanged for another file before it was opened");
    else {
        bool large = (uint64_t)before.st_size >= LARGE || S_ISBLK(before.st_mode);
        if (w->h->o.cold && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0) errno = 0;
        const uint64_t size = S_ISREG(before.st_mode) ? (uint64_t)before.st_size : 0;
        ssize_t n = large ? read_large(w, fd, size, j) : read_small(w, fd, j);
        if (n < 0) j->problem = ir_errno_text((int)-n);
        if (n == 0 && S_ISREG(before.st_mode) && fstat(fd, &after) == 0 &&
            (after.st_size != before.st_size || !same_time(&after.st_mtim, &before.st_mtim)))
            j->changed = N_("was written to while it was read");
    }
    if (j->problem != NULL) j->sum.set = 0;
    close(fd);
}

static void hash_batch(struct worker *w, struct ir_hash_batch *b)
{
    for (unsigned i = 0; i < b->n && !w->h->stop; i++)
        if (!b->job[i].skip) hash(w, b, &b->job[i]);
    for (unsigned i = 0; i < b->ndirs; i++)
        close(b->dir[i]);
    b->ndirs = 0;
}

void *ir_hasher_work(void *user)
{
    struct ir_hasher *h = user;
    struct worker w = {.h = h, .buf = malloc(CHUNK), .noatime = O_NOATIME};
    bool good = w.buf != NULL && ir_digest_open(&w.digest, h->o.set);
    if (!good) h->failed = h->stop = true; /* the batches are still taken, so that none waits */
    pthread_mutex_lock(&h->lock);
    for (;;) {
        while (h->taken == h->put && !h->end)
            pthread_cond_wait(&h->more, &h->lock);
        if (h->taken == h->put) break;
        struct ir_hash_batch *b = &h->ring[h->taken++ % IR_BATCHES];
        pthread_mutex_unlock(&h->lock);
        hash_batch(&w, b);
        pthread_mutex_lock(&h->lock);
        b->done = true;
        pthread_cond_signal(&h->finished);
    }
    pthread_mutex_unlock(&h->lock);
    if (good) ir_digest_close(&w.digest);
    ir_pump_free(w.pump);
    free(w.buf);
    return NULL;
}
