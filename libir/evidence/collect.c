/*
 * From the walk into the exhibit (see collect.h).
 */
#include "evidence/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/scope.h"

#define TARGET_MAX  ((size_t)1 << 16)
#define SPARSE_MUCH ((uint64_t)64 << 30) /* bytes of holes: a minute and more for their digests */

struct collect {
    struct ir_exhibit *x;
    const struct ir_collect_options *o;
    uint64_t own_dev, own_ino; /* the exhibit itself */
    struct ir_scope scope;
    struct ir_buf target, extended, members;
    int rc;
    struct ir_err *err;
};

/* True: it is left out, for this reason. */
static bool chosen(struct collect *c, struct ir_object *o, const char *why)
{
    o->not_taken = why;
    if (why != NULL && c->o->refused != NULL) ++*c->o->refused;
    return why != NULL;
}

static enum ir_tree_answer directory(struct collect *c, const struct ir_tree_entry *e,
                                     struct ir_object *o)
{
    if (e->st->stx_ino == c->own_ino && ir_device(e->st) == c->own_dev) {
        chosen(c, o, "is where the exhibit itself is written");
        return IR_TREE_SKIP;
    }
    return chosen(c, o, ir_scope_refuses(&c->scope, e)) ? IR_TREE_SKIP : IR_TREE_ON;
}

/* Without leaving a trace in the access time where that is allowed. */
static int open_source(const struct ir_tree_entry *e)
{
    int fd = ir_io_open(e->dirfd, e->name, O_NOFOLLOW | O_NOATIME);
    return fd == -EPERM ? ir_io_open(e->dirfd, e->name, O_NOFOLLOW) : fd;
}

/* By what was just read, and still is in memory. */
static void look(const struct collect *c, int fd, struct ir_object *o)
{
    struct ir_filetype_result ft;
    ir_filetype_of(c->o->types, fd, &ft);
    o->magic = ft.magic;
    o->mime = ft.mime;
    o->encoding = ft.encoding;
}

/* The copy, not the source: that may change meanwhile. */
static bool unpack(struct collect *c, struct ir_object *o)
{
    struct ir_buf path = IR_BUF(1 << 16);
    ir_buf_clear(&c->members);
    ir_buf_str(&path, o->stored);
    int fd = path.n > 0 && !path.full ? ir_io_open(ir_exhibit_fd(c->x), path.p, O_NOFOLLOW) : -1;
    bool good = fd >= 0 && ir_members_of(c->o->members, fd, &c->members);
    o->members = ir_buf_view(&c->members);
    if (fd >= 0) close(fd);
    ir_buf_free(&path);
    return good && !c->members.full;
}

static int content(struct collect *c, const struct ir_tree_entry *e, struct ir_object *o)
{
    struct statx now;
    o->same_as = ir_exhibit_same_as(c->x, e->st);
    if (o->same_as.n > 0) return IR_OK;
    if (chosen(c, o, ir_scope_excepts(&c->scope, e->path))) return IR_OK;
    if (c->o->max_size > 0 && e->st->stx_size > c->o->max_size) {
        chosen(c, o, "is larger than the limit that was given");
        return IR_OK;
    }
    int fd = open_source(e);
    if (fd < 0) {
        o->not_taken = ir_errno_text(-fd);
        return IR_OK;
    }
    int rc = IR_OK;
    /* A walk does not come to such files, but who collects may name one. */
    const char *odd = e->below.n == 0 || e->st->stx_size == 0 ? ir_scope_odd(&c->scope, fd) : NULL;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &now) != 0)
        o->not_taken = ir_errno_text(errno);
    else if (odd != NULL)
        chosen(c, o, odd);
    else if (now.stx_ino != e->st->stx_ino || ir_device(&now) != ir_device(e->st))
        o->not_taken = "was exchanged for another file before it was opened";
    else if (c->o->refuse == NULL || !chosen(c, o, c->o->refuse(c->o->user, e->path, fd))) {
        o->st = now;
        if (c->o->notice != NULL && now.stx_size > now.stx_blocks * 512 + SPARSE_MUCH)
            c->o->notice(c->o->user, e->path, now.stx_size, now.stx_blocks * 512);
        rc = ir_exhibit_copy(c->x, fd, "fs", e->safe, o, c->err);
        if (rc == IR_OK && c->o->types != NULL) look(c, fd, o);
        if (rc == IR_OK && c->o->members != NULL && !unpack(c, o))
            rc = ir_fail(c->err, IR_FATAL, "out of memory, or no room for a temporary file");
    }
    close(fd);
    return rc;
}

/* Where a symbolic link leads, in c->target. */
static void link_target(struct collect *c, const struct ir_tree_entry *e, struct ir_object *o)
{
    ir_buf_clear(&c->target);
    if (!ir_buf_reserve(&c->target, TARGET_MAX)) return;
    ssize_t n = readlinkat(e->dirfd, e->name, c->target.p, TARGET_MAX - 1);
    if (n < 0) {
        o->not_taken = ir_errno_text(errno);
        return;
    }
    c->target.n = (size_t)n;
    o->target = ir_buf_view(&c->target);
    /* It is not followed: of the names that a pattern gives some may be an attacker's links to /.
     */
    if (c->o->links_told && e->below.n == 0)
        o->not_taken = N_("is a symbolic link: it was taken, what it leads to was not");
}

static void attributes(struct collect *c, const struct ir_tree_entry *e, struct ir_object *o)
{
    struct ir_buf path = IR_BUF(1 << 16);
    ir_buf_clear(&c->extended);
    if (e->dirfd == AT_FDCWD)
        ir_buf_str(&path, ir_str_z(e->name));
    else
        ir_buf_fmt(&path, "/proc/self/fd/%d/%s", e->dirfd, e->name);
    if (path.p != NULL && !path.full) ir_object_attributes(path.p, &c->extended);
    o->extended = ir_buf_view(&c->extended);
    ir_buf_free(&path);
}

static enum ir_tree_answer stop(struct collect *c, int rc)
{
    c->rc = rc;
    return IR_TREE_STOP;
}

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct collect *c = user;
    struct ir_object o = {.path = e->path, .st = *e->st, .not_taken = e->problem};
    enum ir_tree_answer answer = IR_TREE_ON;
    if (e->problem == NULL) {
        mode_t type = e->st->stx_mode & S_IFMT;
        if (type == S_IFDIR) answer = directory(c, e, &o);
        if (ir_exhibit_has(c->x, e->path, false)) return answer;
        if (type == S_IFLNK) link_target(c, e, &o);
        attributes(c, e, &o);
        int rc = type == S_IFREG ? content(c, e, &o) : IR_OK;
        if (rc != IR_OK) return stop(c, rc);
    } else if (ir_exhibit_has(c->x, e->path, true)) {
        return answer;
    }
    int rc = ir_exhibit_put(c->x, &o, c->err);
    if (rc != IR_OK) return stop(c, rc);
    return answer;
}

int ir_collect(struct ir_exhibit *x, const char *const *paths, size_t n,
               const struct ir_collect_options *o, struct ir_err *err)
{
    struct collect c = {.x = x,
                        .o = o,
                        .scope = {.one_filesystem = o->one_filesystem,
                                  .networks = o->networks,
                                  .except = o->except,
                                  .nexcept = o->nexcept},
                        .err = err};
    const struct ir_tree_ops ops = {.object = on_object, .user = &c};
    struct statx st = {0};
    if (statx(ir_exhibit_fd(x), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st) == 0) {
        c.own_dev = ir_device(&st);
        c.own_ino = st.stx_ino;
    }
    c.target = IR_BUF(2 * TARGET_MAX);
    c.extended = IR_BUF((size_t)16 << 20);
    c.members = IR_BUF((size_t)12 << 20);
    int rc = ir_tree_walk(paths, n, &ops, err);
    if (c.rc != IR_OK) rc = c.rc;
    ir_buf_free(&c.target);
    ir_buf_free(&c.extended);
    ir_buf_free(&c.members);
    return rc;
}
