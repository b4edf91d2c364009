/*
 * The digests of the files of a table: small files by several threads, each a file at a time; large
 * ones of several algorithms one after the other with a thread an algorithm (pump.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/bag_int.h"
#include "evidence/pump.h"

#define LARGE       ((uint64_t)8 << 20)
#define CHUNK       ((size_t)128 << 10)
#define THREADS_MAX 8u

struct job {
    struct ir_bag *b;
    struct ir_bag_table *t;
    bool pump; /* the large ones are the pump's */
    atomic_uint next;
    atomic_ullong bytes;
    atomic_bool failed; /* a thread could not begin */
};

static void compare(struct ir_bag_entry *e, const struct ir_digest_sum *sum)
{
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (e->want[a] != NULL &&
            memcmp(e->want[a], sum->v[a], ir_digest_size((enum ir_digest_alg)a)) != 0)
            e->bad |= (uint8_t)IR_DIGEST_BIT(a);
}

/* A descriptor of what is still a file; -1 with e->why else. */
static int open_file(struct job *j, uint32_t i)
{
    struct stat st;
    int fd = ir_bag_open(j->b->fd, ir_bag_name(j->t, i).p, O_RDONLY);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) return fd;
    j->t->v[i].why = fd < 0 ? -fd : EINVAL;
    if (fd >= 0) close(fd);
    return -1;
}

static void show(struct job *j)
{
    const struct ir_bag_options *o = j->b->o;
    if (o->progress != NULL) o->progress(o->user, j->b->done + j->bytes, j->b->all);
}

static void hash_small(struct job *j, uint32_t i, struct ir_digest *d, char *buf, bool shows)
{
    struct ir_bag_entry *e = &j->t->v[i];
    struct ir_digest_sum sum;
    ssize_t n;
    int fd = open_file(j, i);
    if (fd < 0) return;
    ir_digest_begin(d);
    while ((n = ir_io_read(fd, buf, CHUNK)) > 0) {
        ir_digest_add(d, buf, (size_t)n);
        j->bytes += (uint64_t)n;
        if (shows && (size_t)n == CHUNK) show(j);
    }
    if (n < 0)
        e->why = (int)-n;
    else if (ir_digest_end(d, &sum))
        compare(e, &sum);
    else
        e->why = EIO;
    close(fd);
    if (shows) show(j);
}

static bool wanted(const struct job *j, uint32_t i, bool large)
{
    const struct ir_bag_entry *e = &j->t->v[i];
    bool known = false;
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        known = known || e->want[a] != NULL;
    return known && e->there == IR_BAG_REGULAR && e->same == i &&
           (j->pump && e->size >= LARGE) == large;
}

static void work(struct job *j, bool shows)
{
    struct ir_digest d;
    char *buf = malloc(CHUNK);
    if (buf != NULL && ir_digest_open(&d, j->t->set)) {
        for (uint32_t i; (i = atomic_fetch_add(&j->next, 1)) < j->t->n;)
            if (wanted(j, i, false)) hash_small(j, i, &d, buf, shows);
        ir_digest_close(&d);
    } else if (shows) {
        j->failed = true;
    }
    free(buf);
}

static void *work_thread(void *user)
{
    work(user, false);
    return NULL;
}

static bool hash_large(struct job *j)
{
    struct ir_pump *p = NULL;
    struct ir_digest_sum sum;
    for (uint32_t i = 0; i < j->t->n; i++) {
        struct ir_bag_entry *e = &j->t->v[i];
        ssize_t n;
        if (!wanted(j, i, true)) continue;
        if (p == NULL && (p = ir_pump_new(j->t->set)) == NULL) return false;
        int fd = open_file(j, i);
        if (fd < 0) continue;
        ir_pump_begin(p);
        while ((n = ir_io_read_full(fd, ir_pump_buffer(p), IR_PUMP_CHUNK)) > 0) {
            ir_pump_put(p, (size_t)n);
            j->bytes += (uint64_t)n;
            show(j);
        }
        if (!ir_pump_end(p, &sum) || n < 0)
            e->why = n < 0 ? (int)-n : EIO;
        else
            compare(e, &sum);
        close(fd);
    }
    ir_pump_free(p);
    return true;
}

int ir_bag_hash(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    struct job j = {.b = b, .t = t, .pump = (t->set & (t->set - 1)) != 0};
    pthread_t thread[THREADS_MAX];
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned want = b->o->threads != 0 ? b->o->threads : cpus > 0 ? (unsigned)cpus : 1, n = 0;
    b->all = b->done;
    for (uint32_t i = 0; i < t->n; i++)
        if (t->v[i].there == IR_BAG_REGULAR && t->v[i].same == i) b->all += t->v[i].size;
    if (t->set == 0) return IR_OK;
    if (want > THREADS_MAX) want = THREADS_MAX;
    if (want > t->n / 4 + 1) want = t->n / 4 + 1; /* a thread costs more than a small file */
    if (b->o->threads == 1) j.pump = false;
    if (j.pump && !hash_large(&j)) return ir_fail(err, IR_FATAL, "out of memory");
    while (n + 1 < want && pthread_create(&thread[n], NULL, work_thread, &j) == 0)
        n++;
    work(&j, true);
    for (unsigned i = 0; i < n; i++)
        pthread_join(thread[i], NULL);
    b->done += j.bytes;
    return j.failed ? ir_fail(err, IR_FATAL, "out of memory, or an algorithm is not there") : IR_OK;
}
