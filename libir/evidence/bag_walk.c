/*
 * The directories of a bag against the table of names. Everything is opened below the bag's
 * descriptor and through no link, so that a link or a name that leads elsewhere leads nowhere.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/bag_int.h"

#define STACK_MAX ((size_t)1 << 30)
#define TWINS_MAX 100000u

struct walk {
    struct ir_bag *b;
    struct ir_bag_table *t;
    struct ir_buf stack; /* directories to look into, each with a NUL */
    struct ir_buf path;
    struct ir_map twins; /* value: unused */
};

static void not_listed(struct walk *w, const char *path)
{
    if (w->t->kind == IR_BAG_PAYLOAD)
        ir_bag_say(w->b, IR_BAG_PROBLEM, path, "is in no manifest: it was added");
    else if (w->b->o->exhibit && strncmp(path, "tagmanifest-", 12) != 0)
        ir_bag_say(w->b, IR_BAG_PROBLEM, path, "is in no tag manifest: it was added");
}

static bool take_file(struct walk *w, const struct stat *st, uint64_t key)
{
    struct ir_str path = ir_buf_view(&w->path);
    uint32_t i = ir_map_find(&w->t->names, path), from;
    bool is_new;
    if (w->t->kind == IR_BAG_PAYLOAD) {
        w->b->t->files++;
        w->b->t->bytes += (uint64_t)st->st_size;
    }
    if (i != UINT32_MAX) {
        w->t->v[i].there = IR_BAG_REGULAR;
        w->t->v[i].size = (uint64_t)st->st_size;
    } else if (w->twins.n < TWINS_MAX && ir_bag_table_find(w->t, key, &from) > 0) {
        return ir_map_put(&w->twins, path, &is_new) != NULL;
    } else {
        not_listed(w, w->path.p);
    }
    return true;
}

static void take_other(struct walk *w, const struct stat *st)
{
    uint32_t i = ir_map_find(&w->t->names, ir_buf_view(&w->path));
    if (i != UINT32_MAX)
        w->t->v[i].there = IR_BAG_OTHER; /* told with the other names */
    else if (S_ISLNK(st->st_mode))
        ir_bag_say(w->b,
                   w->t->kind == IR_BAG_PAYLOAD || w->b->o->exhibit ? IR_BAG_PROBLEM : IR_BAG_WARN,
                   w->path.p, "is a symbolic link: it was not followed");
    else if (w->t->kind == IR_BAG_PAYLOAD || w->b->o->exhibit)
        ir_bag_say(w->b, IR_BAG_PROBLEM, w->path.p, "is neither file nor directory");
}

static int take(struct walk *w, int dir, const char *name, struct ir_err *err)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        w->b->t->unreadable++;
        ir_bag_say(w->b, IR_BAG_PROBLEM, w->path.p, "cannot be read: %-s", ir_errno_text(errno));
        return IR_OK;
    }
    if (S_ISDIR(st.st_mode)) {
        if (w->t->kind == IR_BAG_TAGS && strcmp(w->path.p, "data") == 0) return IR_OK;
        uint32_t i = ir_map_find(&w->t->names, ir_buf_view(&w->path));
        if (i != UINT32_MAX) w->t->v[i].there = IR_BAG_OTHER;
        ir_buf_add(&w->stack, w->path.p, w->path.n + 1);
        return w->stack.full ? ir_fail(err, IR_FATAL, "out of memory") : IR_OK;
    }
    uint64_t key = ir_bag_key(ir_buf_view(&w->path));
    if (key % w->t->passes != w->t->pass) return IR_OK;
    if (!S_ISREG(st.st_mode))
        take_other(w, &st);
    else if (!take_file(w, &st, key))
        return ir_fail(err, IR_FATAL, "out of memory");
    return IR_OK;
}

static int look_into(struct walk *w, struct ir_err *err)
{
    char *dir_path = strdup(w->path.p);
    int fd = ir_open_beneath(w->b->fd, w->path.n > 0 ? w->path.p : ".", O_RDONLY | O_DIRECTORY);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    int rc = dir_path == NULL ? ir_fail(err, IR_FATAL, "out of memory") : IR_OK;
    if (d == NULL) {
        w->b->t->unreadable++;
        ir_bag_say(w->b, IR_BAG_PROBLEM, w->path.n > 0 ? w->path.p : ".", "cannot be read: %-s",
                   ir_errno_text(fd < 0 ? -fd : errno));
        if (fd >= 0) close(fd);
    }
    for (struct dirent *e; d != NULL && rc == IR_OK && (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        ir_buf_clear(&w->path);
        if (*dir_path != '\0') ir_buf_fmt(&w->path, "%s/", dir_path);
        ir_buf_str(&w->path, ir_str_z(e->d_name));
        rc = w->path.full ? ir_fail(err, IR_FATAL, "out of memory") : take(w, fd, e->d_name, err);
    }
    if (d != NULL) closedir(d);
    free(dir_path);
    return rc;
}

/* A file that is there under a name that is only written differently is that of the entry. */
static void settle_twin(struct walk *w, struct ir_str name)
{
    struct ir_bag_table *t = w->t;
    uint32_t from, n = ir_bag_table_find(t, ir_bag_key(name), &from);
    for (uint32_t k = from; k < from + n; k++) {
        uint32_t i = t->order[k], twin;
        bool form = false, is_new;
        if (t->v[i].there != IR_BAG_ABSENT || t->v[i].same != i ||
            !ir_bag_alike(ir_bag_name(t, i), name, &form))
            continue;
        struct stat st;
        int fd = ir_open_beneath(w->b->fd, name.p, O_PATH);
        bool good = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
        if (fd >= 0) close(fd);
        if (!good || ir_map_put(&t->names, name, &is_new) == NULL) continue;
        twin = t->n++;
        t->v[twin] = t->v[i]; /* the digests are of this file */
        t->v[twin].there = IR_BAG_REGULAR;
        t->v[twin].size = (uint64_t)st.st_size;
        t->v[twin].same = twin;
        t->v[i].same = twin;
        if (form)
            ir_bag_say(w->b, IR_BAG_WARN, name.p,
                       "is listed in another Unicode normalisation: some systems take the two for "
                       "one name");
        else if (w->b->version >= IR_BAG_V1 || w->b->version == 0)
            ir_bag_say(w->b, IR_BAG_WARN, name.p,
                       "is listed without the percent encoding that RFC 8493 asks for");
        return;
    }
    not_listed(w, name.p);
}

static bool same_digests(const struct ir_bag_entry *a, const struct ir_bag_entry *b)
{
    for (unsigned k = 0; k < IR_DIGEST_ALG_MAX; k++)
        if (a->want[k] != NULL && b->want[k] != NULL &&
            memcmp(a->want[k], b->want[k], ir_digest_size((enum ir_digest_alg)k)) != 0)
            return false;
    return true;
}

/* Names of the manifests that some file system takes for one. */
static void settle_group(struct walk *w, const uint32_t *group, uint32_t n)
{
    struct ir_bag_table *t = w->t;
    uint32_t there = UINT32_MAX;
    for (uint32_t k = 0; k < n; k++)
        if (t->v[group[k]].there == IR_BAG_REGULAR) there = group[k];
    for (uint32_t k = 0; k < n; k++) {
        struct ir_bag_entry *e = &t->v[group[k]];
        uint32_t other = group[k == 0 ? 1 : 0];
        ir_bag_say(w->b, IR_BAG_WARN, ir_bag_name(t, group[k]).p,
                   "differs from \"%s\" only by case or Unicode normalisation: some systems take "
                   "the two for one name",
                   ir_bag_name(t, other).p);
        if (e->there == IR_BAG_ABSENT && e->same == group[k] && there != UINT32_MAX &&
            same_digests(e, &t->v[there]))
            e->same = there; /* such a system made one of the two */
    }
}

int ir_bag_walk(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err)
{
    struct walk w = {.b = b, .t = t, .stack = IR_BUF(STACK_MAX), .path = IR_BUF(STACK_MAX)};
    int rc = IR_OK;
    ir_buf_add(&w.stack, t->kind == IR_BAG_PAYLOAD ? "data" : "",
               t->kind == IR_BAG_PAYLOAD ? 5 : 1);
    if (w.stack.full || !ir_buf_reserve(&w.path, PATH_MAX))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    while (rc == IR_OK && w.stack.n > 0) {
        size_t at = w.stack.n - 1;
        while (at > 0 && w.stack.p[at - 1] != '\0')
            at--;
        ir_buf_clear(&w.path);
        ir_buf_str(&w.path, ir_str_n(w.stack.p + at, w.stack.n - 1 - at));
        w.stack.n = at;
        rc = look_into(&w, err);
    }
    if (rc == IR_OK && !ir_bag_table_room(t, w.twins.n))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    for (uint32_t i = 0; rc == IR_OK && i < w.twins.n; i++)
        settle_twin(&w, w.twins.items[i].key);
    for (uint32_t i = 0, n; rc == IR_OK && i < t->sorted; i += n) {
        for (n = 1; i + n < t->sorted && t->v[t->order[i + n]].key == t->v[t->order[i]].key;)
            n++;
        if (n > 1) settle_group(&w, t->order + i, n);
    }
    ir_map_free(&w.twins);
    ir_buf_free(&w.stack);
    ir_buf_free(&w.path);
    return rc;
}

void ir_bag_look(struct ir_bag *b, struct ir_bag_table *t)
{
    struct stat st;
    for (uint32_t i = 0; i < t->n; i++) {
        struct ir_bag_entry *e = &t->v[i];
        if (e->there != IR_BAG_ABSENT || e->same != i) continue;
        int fd = ir_open_beneath(b->fd, ir_bag_name(t, i).p, O_PATH);
        if (fd == -ENOENT || fd == -ENOTDIR) continue;
        bool known = fd >= 0 && fstat(fd, &st) == 0;
        e->there = fd == -ELOOP || (known && !S_ISREG(st.st_mode)) ? IR_BAG_OTHER : IR_BAG_REGULAR;
        e->size = known ? (uint64_t)st.st_size : 0;
        e->why = fd < 0 && fd != -ELOOP ? ir_errno_text(-fd) : NULL;
        if (fd >= 0) close(fd);
    }
}
