/*
 * The walk that gives files to the threads and tells of them in its order (see hashing.h).
 */
#include "evidence/hashing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/hashing_int.h"
#include "evidence/object.h"

#define TEXT_MAX ((size_t)16 << 20)
#define TICK_MS  200

/* A file of several names, once it was read. */
struct linked {
    struct ir_str whole;
    uint64_t bytes;
    const char *problem;
    struct ir_digest_sum sum;
};

struct walk {
    struct ir_hasher h;
    struct ir_hash_batch *b; /* that is being filled; NULL */
    struct ir_scope scope;
    struct ir_map links; /* device and inode → place in `linked` */
    struct ir_arena paths;
    struct linked *linked;
    uint32_t nlinked, cap;
    struct ir_buf shown;
    uint64_t files, of;
    int rc;
    struct ir_err *err;
};

/* ---- telling ---------------------------------------------------------------------------------*/

static struct ir_str shown_path(struct walk *w, const struct ir_hash_batch *b,
                                const struct ir_hash_job *j)
{
    struct ir_str root = ir_str_z(j->root);
    struct ir_str below = ir_str_n(b->text.p + j->below, j->path + j->path_n - j->below);
    if (below.n == 0) return root;
    ir_buf_clear(&w->shown);
    ir_buf_str(&w->shown, root);
    if (root.p[root.n - 1] != '/') ir_buf_chr(&w->shown, '/');
    ir_buf_str(&w->shown, below);
    return ir_buf_view(&w->shown);
}

static void tell(struct walk *w, const struct ir_hash_batch *b, const struct ir_hash_job *j)
{
    struct ir_hashed r = {.path = shown_path(w, b, j),
                          .whole = ir_str_n(b->text.p + j->path, j->path_n),
                          .type = j->type,
                          .bytes = j->bytes,
                          .sum = j->sum,
                          .problem = j->problem,
                          .left = j->left,
                          .changed = j->changed};
    if (j->link != UINT32_MAX) {
        struct linked *l = &w->linked[j->link];
        if (j->first) {
            l->bytes = j->bytes;
            l->problem = j->problem;
            l->sum = j->sum;
        } else {
            r.bytes = l->bytes;
            r.problem = l->problem;
            r.sum = l->sum;
            r.same_as = l->whole;
        }
    }
    w->files++;
    if (!w->h.o->object(w->h.o->user, &r)) {
        w->rc = IR_END;
        w->h.stop = true;
    }
}

static void show(struct walk *w)
{
    if (w->h.o->progress != NULL) w->h.o->progress(w->h.o->user, w->files, w->h.bytes, w->of);
}

/* Tells of batches that are done, in order; waits until no more than `most` are left. */
static void tell_done(struct walk *w, uint64_t most)
{
    struct ir_hasher *h = &w->h;
    pthread_mutex_lock(&h->lock);
    while (h->told < h->put) {
        struct ir_hash_batch *b = &h->ring[h->told % IR_BATCHES];
        if (!b->done) {
            if (h->put - h->told <= most) break;
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += TICK_MS * 1000000L;
            until.tv_sec += until.tv_nsec / 1000000000L;
            until.tv_nsec %= 1000000000L;
            pthread_cond_timedwait(&h->finished, &h->lock, &until);
            pthread_mutex_unlock(&h->lock);
            show(w);
            pthread_mutex_lock(&h->lock);
            continue;
        }
        pthread_mutex_unlock(&h->lock);
        for (unsigned i = 0; i < b->n && !h->stop; i++)
            tell(w, b, &b->job[i]);
        show(w);
        pthread_mutex_lock(&h->lock);
        h->told++;
    }
    pthread_mutex_unlock(&h->lock);
}

/* ---- filling ---------------------------------------------------------------------------------*/

static void send(struct walk *w)
{
    struct ir_hasher *h = &w->h;
    if (w->b == NULL || w->b->n == 0) return;
    w->b = NULL;
    pthread_mutex_lock(&h->lock);
    h->put++;
    pthread_cond_signal(&h->more);
    pthread_mutex_unlock(&h->lock);
    tell_done(w, IR_BATCHES - 1);
}

static struct ir_hash_batch *batch(struct walk *w)
{
    if (w->b != NULL && (w->b->n == IR_BATCH_JOBS || w->b->bytes >= IR_BATCH_BYTES)) send(w);
    if (w->b != NULL) return w->b;
    struct ir_hash_batch *b = &w->h.ring[w->h.put % IR_BATCHES];
    ir_buf_clear(&b->text);
    b->n = b->ndirs = 0;
    b->bytes = 0;
    b->done = false;
    return w->b = b;
}

/* The directory of a file, opened for the batch: its own or that of the file before. -errno;
 * -EMFILE also when the batch holds as many as it may. */
static int directory(struct ir_hash_batch *b, struct ir_hash_job *j, int dirfd)
{
    size_t n = j->name - j->path;
    const struct ir_hash_job *last = b->n > 0 ? &b->job[b->n - 1] : NULL;
    if (dirfd == AT_FDCWD || !j->read) return 0;
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

/* A place in the table of files with several names. UINT32_MAX: no memory, then it is read again.
 */
static uint32_t linked(struct walk *w, const struct ir_tree_entry *e, bool *ret_new)
{
    uint64_t key[2] = {ir_device(e->st), e->st->stx_ino};
    struct ir_str k = ir_str_n((const char *)key, sizeof key);
    uint32_t i = ir_map_find(&w->links, k);
    *ret_new = i == UINT32_MAX;
    if (i != UINT32_MAX) return w->links.items[i].value;
    if (w->nlinked == w->cap) {
        uint32_t cap = w->cap ? 2 * w->cap : 64;
        struct linked *more = realloc(w->linked, cap * sizeof *more);
        if (more == NULL) return UINT32_MAX;
        w->linked = more;
        w->cap = cap;
    }
    struct ir_str whole = ir_arena_dup(&w->paths, e->path);
    uint32_t *v = whole.p != NULL ? ir_map_put(&w->links, k, ret_new) : NULL;
    if (v == NULL) return UINT32_MAX;
    w->linked[w->nlinked] = (struct linked){.whole = whole};
    return *v = w->nlinked++;
}

static const char *left_alone(const struct ir_tree_entry *e)
{
    switch (e->st->stx_mode & S_IFMT) {
    case S_IFLNK: return N_("is a symbolic link, which is not followed");
    case S_IFBLK: /* a disk is read when it is named, not when it is met */
        return e->below.n == 0 ? NULL : N_("is a device");
    case S_IFCHR: return N_("is a device");
    case S_IFIFO: return N_("is a pipe");
    case S_IFSOCK: return N_("is a socket");
    default: return NULL;
    }
}

/* What is to be done with it. */
static void judge(struct walk *w, const struct ir_tree_entry *e, struct ir_hash_job *j)
{
    struct ir_object o = {.st = *e->st};
    bool is_new = true;
    mode_t type = e->st->stx_mode & S_IFMT;
    j->type = ir_object_type(&o);
    j->link = UINT32_MAX;
    j->problem = e->problem;
    if (j->problem != NULL || type == S_IFDIR) return;
    j->left = left_alone(e);
    if (j->left != NULL && e->below.n == 0) { /* it was named, so it is missed */
        j->problem = j->left;
        j->left = NULL;
    }
    if (j->left != NULL || j->problem != NULL) return;
    if (e->st->stx_nlink > 1 && type == S_IFREG) j->link = linked(w, e, &is_new);
    j->first = is_new;
    j->read = is_new || j->link == UINT32_MAX;
}

static void texts(struct ir_hash_batch *b, const struct ir_tree_entry *e, struct ir_hash_job *j)
{
    j->path = b->text.n;
    j->path_n = e->path.n;
    ir_buf_str(&b->text, e->path);
    ir_buf_chr(&b->text, '\0');
    j->below = j->path + j->path_n - e->below.n;
    size_t slash = ir_str_rchr(e->path, '/');
    j->name = j->path + (slash == IR_NPOS ? 0 : slash + 1);
}

static enum ir_tree_answer add(struct walk *w, const struct ir_tree_entry *e, const char *left)
{
    struct ir_hash_job j = {.dir = -1, .root = e->root, .size = e->st->stx_size};
    struct ir_hash_batch *b = batch(w);
    judge(w, e, &j);
    if (left != NULL) j.left = left;
    j.ino = e->st->stx_ino;
    texts(b, e, &j);
    int rc = directory(b, &j, e->dirfd);
    if (rc == -EMFILE && b->n > 0) { /* another batch has room; or the ring has, once it is done */
        bool full = b->ndirs < IR_BATCH_DIRS;
        send(w);
        if (full) tell_done(w, 0);
        texts(b = batch(w), e, &j);
        rc = directory(b, &j, e->dirfd);
    }
    if (rc < 0) {
        j.problem = ir_errno_text(-rc);
        j.read = false;
    }
    if (b->text.full) {
        w->rc = ir_fail(w->err, IR_FATAL, "out of memory");
        return IR_TREE_STOP;
    }
    b->job[b->n++] = j;
    b->bytes += j.read ? j.size : 0;
    return w->h.stop ? IR_TREE_STOP : IR_TREE_ON;
}

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct walk *w = user;
    if (e->problem != NULL || !S_ISDIR(e->st->stx_mode)) return add(w, e, NULL);
    const char *why = ir_scope_refuses(&w->scope, e);
    if (why == NULL) return w->h.stop ? IR_TREE_STOP : IR_TREE_ON;
    return add(w, e, why) == IR_TREE_STOP ? IR_TREE_STOP : IR_TREE_SKIP;
}

/* ---- beginning and end -----------------------------------------------------------------------*/

static unsigned start(struct walk *w, pthread_t thread[IR_HASHING_THREADS])
{
    const struct ir_hashing_options *o = w->h.o;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned want = o->threads != 0 ? o->threads : cpus > 0 ? (unsigned)cpus : 1, n = 0;
    if (want > IR_HASHING_THREADS) want = IR_HASHING_THREADS;
    while (n < want && pthread_create(&thread[n], NULL, ir_hashing_work, &w->h) == 0)
        n++;
    return n;
}

static void walk_all(struct walk *w, const char *const *paths, size_t n)
{
    const struct ir_hashing_options *o = w->h.o;
    const struct ir_scope scope = {.one_filesystem = o->one_filesystem, .networks = o->networks};
    const struct ir_tree_ops ops = {on_object, w, true};
    pthread_t thread[IR_HASHING_THREADS];
    w->scope = scope;
    if (o->progress != NULL) w->of = ir_scope_measure(paths, n, scope);
    unsigned threads = start(w, thread);
    int rc = threads > 0 ? ir_tree_walk(paths, n, &ops, w->err)
                         : ir_fail(w->err, IR_FATAL, "no thread can be started");
    if (w->rc == IR_OK && rc != IR_OK && !w->h.stop) w->rc = rc;
    if (threads > 0) {
        send(w);
        tell_done(w, 0);
    }
    pthread_mutex_lock(&w->h.lock);
    w->h.end = true;
    pthread_cond_broadcast(&w->h.more);
    pthread_mutex_unlock(&w->h.lock);
    for (unsigned i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    if (w->h.failed)
        w->rc = ir_fail(w->err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
}

int ir_hashing(const char *const *paths, size_t n, const struct ir_hashing_options *o,
               struct ir_err *err)
{
    struct walk w = {.h = {.o = o}, .err = err, .paths = IR_ARENA((size_t)1 << 30)};
    w.shown = IR_BUF(TEXT_MAX);
    w.h.ring = calloc(IR_BATCHES, sizeof *w.h.ring);
    if (w.h.ring == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    for (unsigned i = 0; i < IR_BATCHES; i++)
        w.h.ring[i].text = IR_BUF(TEXT_MAX);
    pthread_mutex_init(&w.h.lock, NULL);
    pthread_cond_init(&w.h.more, NULL);
    pthread_cond_init(&w.h.finished, NULL);
    walk_all(&w, paths, n);
    pthread_mutex_destroy(&w.h.lock);
    pthread_cond_destroy(&w.h.more);
    pthread_cond_destroy(&w.h.finished);
    for (unsigned i = 0; i < IR_BATCHES; i++)
        ir_buf_free(&w.h.ring[i].text);
    free(w.h.ring);
    free(w.linked);
    ir_buf_free(&w.shown);
    ir_map_free(&w.links);
    ir_arena_free(&w.paths);
    return w.rc;
}
