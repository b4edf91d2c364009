/*
 * The walk (see tree.h): a stack of directories, of which the deepest FDS_MAX are open; the way
 * back up goes by ".." and is believed only when it leads to the directory that was left.
 */
#include "evidence/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/intl.h"
#include "base/io.h"
#include "evidence/safename.h"

#define FDS_MAX        32u
#define PATH_BYTES_MAX ((size_t)8 << 20)
#define SAFE_PATH_MAX  1000u /* stock verifiers open a path in one piece: PATH_MAX is 4096 */
#define NAMES_MAX      ((size_t)4 << 20)
#define NONE           UINT32_MAX
#define STATX_WANT     (STATX_BASIC_STATS | STATX_BTIME)

struct level {
    int fd; /* -1: given back, opened again on the way up */
    uint64_t dev, ino;
    char **names;
    size_t n, next;
    size_t path_n;           /* of w->path, that leads here */
    struct ir_str safe_path; /* owned: below a long path it is no prefix of what is in it */
    struct ir_safenames own; /* unless it is one of w->above */
    uint32_t above;          /* number there, or NONE */
};

struct walk {
    const struct ir_tree_ops *ops;
    struct level *levels;
    size_t depth, cap;
    struct ir_buf path, safe;
    const char *root;    /* that is being walked */
    size_t root_n;       /* of `path` */
    struct ir_map roots; /* the named paths that were walked already */
    /* What stands above named paths has its safe names for the whole of the walk: so two of them,
     * or one of them and a name that is met below another, never get names that are the same to
     * some file system. */
    struct ir_map above_paths; /* directories above named paths: number in `above` */
    struct ir_safenames *above;
    struct ir_map given; /* path → where in `words` its safe name stands */
    struct ir_buf words; /* each with its NUL */
    struct ir_err *err;
};

static bool look(int dirfd, const char *name, struct statx *st)
{
    *st = (struct statx){0};
    return statx(dirfd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_SYNC_AS_STAT,
                 STATX_WANT, st) == 0;
}

static enum ir_tree_answer tell(struct walk *w, int dirfd, const char *name, const struct statx *st,
                                const char *problem)
{
    struct ir_str path = ir_buf_view(&w->path), below = ir_str_skip(path, w->root_n);
    if (below.n > 0 && below.p[0] == '/') below = ir_str_skip(below, 1);
    struct ir_tree_entry e = {.dirfd = dirfd,
                              .name = name,
                              .path = path,
                              .safe = ir_buf_view(&w->safe),
                              .root = w->root,
                              .below = below,
                              .st = st,
                              .problem = problem};
    return w->ops->object(w->ops->user, &e);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void level_free(struct level *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
    ir_safenames_free(&l->own);
    free((char *)l->safe_path.p);
    if (l->fd >= 0) close(l->fd);
}

/* The names of an open directory; NULL, or what went wrong. */
static const char *read_names(struct level *l)
{
    size_t cap = 0;
    const char *problem = NULL;
    int fd = openat(l->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOATIME);
    if (fd < 0) fd = openat(l->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return ir_errno_text(errno);
    }
    for (;;) {
        errno = 0;
        struct dirent *e = readdir(d);
        if (e == NULL) {
            if (errno != 0) problem = ir_errno_text(errno);
            break;
        }
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (l->n == cap) {
            char **more = realloc(l->names, (cap = cap ? 2 * cap : 64) * sizeof *more);
            if (more == NULL || cap > NAMES_MAX) {
                if (more != NULL) l->names = more;
                problem = N_("too many names in this directory");
                break;
            }
            l->names = more;
        }
        if ((l->names[l->n] = strdup(e->d_name)) == NULL) {
            problem = "out of memory";
            break;
        }
        l->n++;
    }
    closedir(d);
    if (l->n > 0) qsort(l->names, l->n, sizeof *l->names, by_bytes);
    return problem;
}

/* Gives back the descriptor of a directory far above. */
static void spare_one(struct walk *w)
{
    if (w->depth >= FDS_MAX && w->levels[w->depth - FDS_MAX].fd >= 0) {
        close(w->levels[w->depth - FDS_MAX].fd);
        w->levels[w->depth - FDS_MAX].fd = -1;
    }
}

/* Steps into the directory whose paths are in w->path and w->safe. NULL, or what went wrong; then
 * it may still have been entered, when only a part of its names is known. */
static const char *enter(struct walk *w, int dirfd, const char *name, const struct statx *st)
{
    if (w->depth == w->cap) {
        size_t cap = w->cap ? 2 * w->cap : 64;
        struct level *more = realloc(w->levels, cap * sizeof *more);
        if (more == NULL) return "out of memory";
        w->levels = more;
        w->cap = cap;
    }
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(dirfd, name, flags);
    struct statx now;
    if (fd < 0) return ir_errno_text(errno);
    if (statx(fd, "", AT_EMPTY_PATH, STATX_WANT, &now) != 0 || now.stx_ino != st->stx_ino ||
        ir_device(&now) != ir_device(st)) {
        close(fd);
        return N_("was exchanged for another directory while it was opened");
    }
    struct level *l = &w->levels[w->depth];
    *l = (struct level){.fd = fd,
                        .dev = ir_device(st),
                        .ino = st->stx_ino,
                        .path_n = w->path.n,
                        .above = ir_map_find(&w->above_paths, ir_buf_view(&w->path)),
                        .safe_path = ir_str_n(strdup(w->safe.n > 0 ? w->safe.p : ""), w->safe.n)};
    if (l->safe_path.p == NULL) {
        close(fd);
        return "out of memory";
    }
    const char *problem = read_names(l);
    spare_one(w);
    w->depth++;
    return problem;
}

/* Up one level. NULL, or why the way back is none. */
static const char *leave(struct walk *w)
{
    struct level *l = &w->levels[--w->depth], *up = w->depth > 0 ? l - 1 : NULL;
    const char *problem = NULL;
    if (up != NULL && up->fd < 0) {
        struct statx st;
        up->fd = openat(l->fd, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (up->fd < 0 || statx(up->fd, "", AT_EMPTY_PATH, STATX_WANT, &st) != 0)
            problem = ir_errno_text(errno);
        else if (st.stx_ino != up->ino || ir_device(&st) != up->dev)
            problem = N_("was moved while it was read: what stands in it from here on was missed");
    }
    level_free(l);
    return problem;
}

static void cut(struct ir_buf *b, size_t n)
{
    b->n = n;
    if (b->p != NULL) b->p[n] = '\0';
}

/* The paths of the directory itself again. */
static void back_to(struct walk *w, const struct level *l)
{
    cut(&w->path, l->path_n);
    cut(&w->safe, 0);
    ir_buf_str(&w->safe, l->safe_path);
}

/* Appends the safe form; a path that would be too long lies under the digest of its raw bytes. */
static bool add_safe(struct walk *w, struct ir_safenames *dir, struct ir_str name)
{
    uint32_t given = w->given.n > 0 ? ir_map_find(&w->given, ir_buf_view(&w->path)) : NONE;
    if (w->safe.n > 0) ir_buf_chr(&w->safe, '/');
    if (given != NONE)
        ir_buf_str(&w->safe, ir_str_z(w->words.p + w->given.items[given].value));
    else if (!ir_safename(dir, name, &w->safe))
        return false;
    if (w->safe.n <= SAFE_PATH_MAX) return !w->safe.full;
    struct ir_digest_sum sum = {0};
    char hex[IR_DIGEST_TEXT];
    if (!ir_digest_of(IR_DIGEST_BIT(IR_SHA256), ir_buf_view(&w->path), &sum)) return false;
    ir_digest_hex(&sum, IR_SHA256, hex);
    cut(&w->safe, 0);
    ir_buf_fmt(&w->safe, "=long/%s", hex);
    return !w->safe.full;
}

/* One object whose paths are set. */
static int object(struct walk *w, int dirfd, const char *name)
{
    struct statx st;
    if (!look(dirfd, name, &st))
        return tell(w, dirfd, name, &st, ir_errno_text(errno)) == IR_TREE_STOP ? IR_FATAL : IR_OK;
    enum ir_tree_answer answer = tell(w, dirfd, name, &st, NULL);
    if (answer == IR_TREE_STOP) return IR_FATAL;
    if (answer == IR_TREE_SKIP || !S_ISDIR(st.stx_mode)) return IR_OK;
    const char *problem = enter(w, dirfd, name, &st);
    if (problem == NULL) return IR_OK;
    return tell(w, dirfd, name, &st, problem) == IR_TREE_STOP ? IR_FATAL : IR_OK;
}

static struct ir_safenames *names_of(struct walk *w, struct level *l)
{
    return l->above == NONE ? &l->own : &w->above[w->above_paths.items[l->above].value];
}

/* The next name of the deepest directory. */
static int step(struct walk *w)
{
    struct level *l = &w->levels[w->depth - 1];
    back_to(w, l);
    if (l->next == l->n) {
        const char *why = leave(w);
        struct statx none = {0};
        if (why == NULL) return IR_OK;
        l = &w->levels[w->depth - 1];
        back_to(w, l);
        l->next = l->n;
        return tell(w, AT_FDCWD, "", &none, why) == IR_TREE_STOP ? IR_FATAL : IR_OK;
    }
    const char *name = l->names[l->next++];
    if (w->path.n > 1) ir_buf_chr(&w->path, '/');
    ir_buf_str(&w->path, ir_str_z(name));
    if (w->path.full || (!w->ops->plain && !add_safe(w, names_of(w, l), ir_str_z(name))))
        return ir_fail(w->err, IR_FATAL, "out of memory, or a path beyond %zu MiB",
                       PATH_BYTES_MAX >> 20);
    if (w->roots.n > 0 && ir_map_find(&w->roots, ir_buf_view(&w->path)) != UINT32_MAX)
        return IR_OK; /* was named itself, and walked before */
    return object(w, l->fd, name);
}

/* The names that stand in this directory, which is above a named path. NULL: memory is out. */
static struct ir_safenames *above(struct walk *w, struct ir_str dir)
{
    bool is_new;
    uint32_t n = w->above_paths.n;
    uint32_t *v = ir_map_put(&w->above_paths, dir, &is_new);
    if (v == NULL) return NULL;
    if (!is_new) return &w->above[*v];
    if ((n & (n - 1)) == 0) { /* room for twice as many */
        struct ir_safenames *more = realloc(w->above, (n ? 2 * (size_t)n : 1) * sizeof *more);
        if (more == NULL) return NULL;
        w->above = more;
    }
    w->above[n] = (struct ir_safenames){0};
    *v = n;
    return &w->above[n];
}

/* Gives the last part of w->path its safe name, for all of the walk. */
static bool give(struct walk *w, struct ir_safenames *dir, struct ir_str name)
{
    bool is_new;
    struct ir_str path = ir_buf_view(&w->path);
    if (ir_map_find(&w->given, path) != NONE) return true;
    uint32_t *v = ir_map_put(&w->given, path, &is_new);
    if (v == NULL || w->words.n > UINT32_MAX / 2) return false;
    *v = (uint32_t)w->words.n;
    if (!ir_safename(dir, name, &w->words)) return false;
    ir_buf_chr(&w->words, '\0');
    return !w->words.full;
}

/* The safe form of the named path in w->path, with what stands above it. */
static bool root_safe(struct walk *w)
{
    struct ir_buf whole = IR_BUF(PATH_BYTES_MAX);
    ir_buf_str(&whole, ir_buf_view(&w->path));
    bool good = !whole.full;
    cut(&w->safe, 0);
    cut(&w->path, 0);
    struct ir_str rest = ir_str_skip(ir_buf_view(&whole), 1);
    while (good && rest.n > 0) {
        struct ir_str name = ir_str_cut(&rest, '/');
        struct ir_safenames *dir = above(w, w->path.n > 0 ? ir_buf_view(&w->path) : IR_S("/"));
        ir_buf_chr(&w->path, '/');
        ir_buf_str(&w->path, name);
        good = dir != NULL && give(w, dir, name) && add_safe(w, dir, name);
    }
    cut(&w->path, 0);
    ir_buf_str(&w->path, ir_buf_view(&whole));
    ir_buf_free(&whole);
    return good;
}

/* Whether this path was walked already, itself or with a directory above it. */
static bool was_walked(const struct walk *w, struct ir_str path)
{
    if (w->roots.n == 0) return false;
    for (size_t n = path.n; n > 0; n--)
        if ((n == path.n || path.p[n] == '/' || n == 1) &&
            ir_map_find(&w->roots, ir_str_n(path.p, n)) != UINT32_MAX)
            return true;
    return false;
}

bool ir_tree_absolute(const char *path, struct ir_buf *out)
{
    char *copy = strdup(path), *dir = NULL;
    if (copy == NULL) return false;
    size_t n = strlen(copy);
    while (n > 1 && copy[n - 1] == '/')
        copy[--n] = '\0';
    char *slash = strrchr(copy, '/'), *last = slash != NULL ? slash + 1 : copy;
    if (strcmp(last, "..") == 0 || strcmp(last, ".") == 0 || *last == '\0') {
        dir = realpath(copy, NULL);
        if (dir != NULL) ir_buf_str(out, ir_str_z(dir));
    } else {
        if (slash != NULL) *slash = '\0';
        dir = realpath(slash == NULL ? "." : slash == copy ? "/" : copy, NULL);
        if (dir != NULL) ir_buf_fmt(out, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", last);
    }
    bool good = dir != NULL;
    free(dir);
    free(copy);
    return good && !out->full;
}

static int root(struct walk *w, const char *path)
{
    struct statx none = {0};
    cut(&w->path, 0);
    cut(&w->safe, 0);
    w->root = path;
    if (!ir_tree_absolute(path, &w->path)) {
        const char *why = ir_errno_text(errno);
        cut(&w->path, 0);
        ir_buf_str(&w->path, ir_str_z(path));
        w->root_n = w->path.n;
        return tell(w, AT_FDCWD, path, &none, why) == IR_TREE_STOP ? IR_FATAL : IR_OK;
    }
    w->root_n = w->path.n;
    /* It is in the exhibit already; unless it is not there at all, which must be told. */
    if (was_walked(w, ir_buf_view(&w->path)) && look(AT_FDCWD, w->path.p, &none)) return IR_OK;
    if (!w->ops->plain && !root_safe(w)) return ir_fail(w->err, IR_FATAL, "out of memory");
    char *whole = strdup(w->path.p);
    int rc =
        whole == NULL ? ir_fail(w->err, IR_FATAL, "out of memory") : object(w, AT_FDCWD, whole);
    free(whole);
    while (rc == IR_OK && w->depth > 0)
        rc = step(w);
    bool is_new;
    cut(&w->path, 0);
    if (rc == IR_OK && ir_tree_absolute(path, &w->path) &&
        ir_map_put(&w->roots, ir_buf_view(&w->path), &is_new) == NULL)
        rc = ir_fail(w->err, IR_FATAL, "out of memory");
    return rc;
}

int ir_tree_walk(const char *const *paths, size_t n, const struct ir_tree_ops *ops,
                 struct ir_err *err)
{
    struct walk w = {.ops = ops, .err = err};
    int rc = IR_OK;
    w.path = IR_BUF(PATH_BYTES_MAX);
    w.safe = IR_BUF(PATH_BYTES_MAX);
    w.words = IR_BUF(UINT32_MAX / 2);
    for (size_t i = 0; i < n && rc == IR_OK; i++)
        rc = root(&w, paths[i]);
    while (w.depth > 0)
        level_free(&w.levels[--w.depth]);
    free(w.levels);
    ir_buf_free(&w.path);
    ir_buf_free(&w.safe);
    ir_map_free(&w.roots);
    for (uint32_t i = 0; i < w.above_paths.n; i++)
        ir_safenames_free(&w.above[i]);
    free(w.above);
    ir_map_free(&w.above_paths);
    ir_map_free(&w.given);
    ir_buf_free(&w.words);
    return rc;
}
