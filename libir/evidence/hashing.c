/*
 * The walk that gives files to the threads and tells of them in its order (see hashing.h).
 */
#include "evidence/hashing.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/intl.h"
#include "base/map.h"
#include "evidence/hasher.h"
#include "evidence/object.h"
#include "evidence/scope.h"

#define PATH_MAX_SHOWN ((size_t)16 << 20)

/* A file of several names, once it was read. */
struct linked {
    struct ir_str whole;
    uint64_t bytes;
    const char *problem;
    struct ir_digest_sum sum;
};

struct walk {
    const struct ir_hashing_options *o;
    struct ir_hasher *h;
    struct ir_scope scope;
    struct ir_map links; /* device and inode → place in `linked` */
    struct ir_arena paths;
    struct linked *linked;
    uint32_t nlinked, cap;
    struct ir_buf shown;
    uint64_t files, of;
    struct ir_err *err;
};

/* What the walk knows of an object, until it is told of. */
struct about {
    const char *root, *type, *problem, *left;
    size_t below_n;
    uint32_t link; /* of several names: its place in the table; UINT32_MAX */
    bool first;    /* the name under which a file of several is read */
};

/* ---- telling ---------------------------------------------------------------------------------*/

static struct ir_str shown_path(struct walk *w, struct ir_str path, const struct about *a)
{
    struct ir_str root = ir_str_z(a->root);
    if (a->below_n == 0) return root;
    ir_buf_clear(&w->shown);
    ir_buf_str(&w->shown, root);
    if (root.p[root.n - 1] != '/') ir_buf_chr(&w->shown, '/');
    ir_buf_str(&w->shown, ir_str_skip(path, path.n - a->below_n));
    return ir_buf_view(&w->shown);
}

static void on_told(void *user, const struct ir_hasher_result *t)
{
    struct walk *w = user;
    struct about a;
    memcpy(&a, t->extra, sizeof a);
    struct ir_hashed r = {.path = shown_path(w, t->path, &a),
                          .whole = t->path,
                          .type = a.type,
                          .bytes = t->bytes,
                          .sum = t->sum,
                          .problem = a.problem != NULL ? a.problem : t->problem,
                          .left = a.left,
                          .changed = t->changed};
    if (a.link != UINT32_MAX) {
        struct linked *l = &w->linked[a.link];
        if (a.first) {
            l->bytes = r.bytes;
            l->problem = r.problem;
            l->sum = r.sum;
        } else {
            r.bytes = l->bytes;
            r.problem = l->problem;
            r.sum = l->sum;
            r.same_as = l->whole;
        }
    }
    w->files++;
    if (!w->o->object(w->o->user, &r)) ir_hasher_stop(w->h);
}

static void on_tick(void *user, uint64_t bytes)
{
    const struct walk *w = user;
    if (w->o->progress != NULL) w->o->progress(w->o->user, w->files, bytes, w->of);
}

/* ---- the walk --------------------------------------------------------------------------------*/

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

/* What is to be done with it. True: it is to be read. */
static bool judge(struct walk *w, const struct ir_tree_entry *e, struct about *a)
{
    struct ir_object o = {.st = *e->st};
    bool is_new = true;
    a->type = ir_object_type(&o);
    a->link = UINT32_MAX;
    a->problem = e->problem;
    if (a->problem != NULL || a->left != NULL) return false;
    a->left = left_alone(e);
    if (a->left != NULL && e->below.n == 0) { /* it was named, so it is missed */
        a->problem = a->left;
        a->left = NULL;
    }
    if (a->left != NULL || a->problem != NULL) return false;
    if (e->st->stx_nlink > 1 && S_ISREG(e->st->stx_mode)) a->link = linked(w, e, &is_new);
    a->first = is_new;
    return is_new || a->link == UINT32_MAX;
}

static bool add(struct walk *w, const struct ir_tree_entry *e, const char *left)
{
    struct about a = {.root = e->root, .below_n = e->below.n, .left = left};
    bool read = judge(w, e, &a);
    size_t slash = ir_str_rchr(e->path, '/');
    bool whole = e->dirfd == AT_FDCWD || slash == IR_NPOS;
    const struct ir_hasher_file f = {.dirfd = e->dirfd,
                                     .path = e->path,
                                     .name = whole ? 0 : slash + 1,
                                     .ino = e->st->stx_ino,
                                     .size = e->st->stx_size,
                                     .skip = !read,
                                     .extra = &a,
                                     .extra_n = sizeof a};
    return ir_hasher_put(w->h, &f);
}

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct walk *w = user;
    const char *left = NULL;
    if (e->problem == NULL && S_ISDIR(e->st->stx_mode)) {
        left = ir_scope_refuses(&w->scope, e);
        if (left == NULL) return IR_TREE_ON;
    }
    if (!add(w, e, left)) return IR_TREE_STOP;
    return left != NULL ? IR_TREE_SKIP : IR_TREE_ON;
}

int ir_hashing(const char *const *paths, size_t n, const struct ir_hashing_options *o,
               struct ir_err *err)
{
    struct walk w = {.o = o, .err = err, .paths = IR_ARENA((size_t)1 << 30)};
    const struct ir_hasher_options ho = {
        .set = o->set, .threads = o->threads, .told = on_told, .tick = on_tick, .user = &w};
    const struct ir_tree_ops ops = {on_object, &w, true};
    w.scope = (struct ir_scope){.one_filesystem = o->one_filesystem, .networks = o->networks};
    w.shown = IR_BUF(PATH_MAX_SHOWN);
    if (o->progress != NULL) w.of = ir_scope_measure(paths, n, w.scope);
    int rc = ir_hasher_new(&ho, &w.h, err);
    if (rc == IR_OK) {
        int walked = ir_tree_walk(paths, n, &ops, err);
        rc = ir_hasher_end(w.h, err);
        if (rc == IR_OK) rc = walked;
    }
    free(w.linked);
    ir_buf_free(&w.shown);
    ir_map_free(&w.links);
    ir_arena_free(&w.paths);
    return rc;
}
