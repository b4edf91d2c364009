/*
 * Making an exhibit and adding objects to it (see exhibit.h). Copying of contents is in
 * exhibit_copy.c, the seal in exhibit_seal.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/json.h"
#include "evidence/exhibit_int.h"
#include "evidence/files.h"
#include "evidence/tree.h"

#define LISTS (O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC)

int ir_exhibit_open_list(struct ir_exhibit *x, struct ir_err *err)
{
    static const char *const dirs[] = {"data", "meta"};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        ir_err_at(err, dirs[i], -1, 0);
        if (mkdirat(x->fd, dirs[i], 0700) != 0 && errno != EEXIST)
            return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
    }
    int meta = openat(x->fd, "meta", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (meta >= 0) ir_files_drop_parts(meta);
    if (meta >= 0) close(meta);
    ir_err_at(err, "meta/files.jsonl", -1, 0);
    x->list = openat(x->fd, "meta/files.jsonl", LISTS, 0600);
    x->errors = openat(x->fd, "meta/errors.jsonl", LISTS, 0600);
    if (x->list < 0 || x->errors < 0)
        return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    x->pump = ir_pump_new(x->set);
    if (x->pump == NULL)
        return ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    return IR_OK;
}

struct ir_exhibit *ir_exhibit_fresh(const char *item)
{
    struct ir_exhibit *x = calloc(1, sizeof *x);
    if (x == NULL) return NULL;
    x->fd = x->list = x->errors = x->parent_fd = -1;
    snprintf(x->item, sizeof x->item, "%s", item);
    x->line = IR_BUF(IR_OBJECT_LINE_MAX);
    x->extents = IR_BUF(IR_OBJECT_LINE_MAX / 4);
    x->damaged = IR_BUF(IR_OBJECT_LINE_MAX / 4);
    x->stored = IR_BUF(IR_STORED_MAX);
    x->first_names = IR_ARENA((size_t)1 << 30);
    return x;
}

bool ir_exhibit_is_unborn(int case_fd, const char *item)
{
    static const char *const full[] = {"meta/collect.json", "meta/image.json", "bagit.txt",
                                       "data/fs",           "data/live",       "data/image"};
    struct stat st;
    int fd = openat(case_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool unborn = fd >= 0 && (fstatat(fd, "meta/files.jsonl", &st, AT_SYMLINK_NOFOLLOW) != 0 ||
                              st.st_size == 0);
    for (size_t i = 0; unborn && i < sizeof full / sizeof *full; i++)
        unborn = fstatat(fd, full[i], &st, AT_SYMLINK_NOFOLLOW) != 0;
    if (fd >= 0) close(fd);
    return unborn;
}

int ir_exhibit_create(int case_fd, const char *item, unsigned set, struct ir_exhibit **ret_x,
                      struct ir_err *err)
{
    ir_err_at(err, item, -1, 0);
    if (mkdirat(case_fd, item, 0700) != 0) {
        if (errno != EEXIST)
            return ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
        if (!ir_exhibit_is_unborn(case_fd, item))
            return ir_fail(
                err, IR_FATAL,
                "there is such an exhibit already: take another number, or go on with it "
                "by `ir evidence resume`");
    }
    struct ir_exhibit *x = ir_exhibit_fresh(item);
    if (x == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    x->set = set | IR_DIGEST_BIT(IR_SHA256);
    x->fd = openat(case_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = x->fd >= 0 ? ir_exhibit_open_list(x, err)
                        : ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    if (rc != IR_OK) {
        ir_exhibit_close(x);
        return rc;
    }
    *ret_x = x;
    return IR_OK;
}

void ir_exhibit_close(struct ir_exhibit *x)
{
    if (x == NULL) return;
    ir_pump_free(x->pump);
    if (x->parent_fd >= 0) close(x->parent_fd);
    if (x->errors >= 0) close(x->errors);
    if (x->list >= 0) close(x->list);
    if (x->fd >= 0) close(x->fd);
    ir_map_free(&x->taken);
    ir_map_free(&x->links);
    ir_arena_free(&x->first_names);
    free(x->first);
    ir_buf_free(&x->line);
    ir_buf_free(&x->extents);
    ir_buf_free(&x->damaged);
    ir_buf_free(&x->stored);
    free(x);
}

void ir_exhibit_watch(struct ir_exhibit *x,
                      void (*show)(void *user, uint64_t files, uint64_t bytes, uint64_t of),
                      void *user)
{
    x->show = show;
    x->show_user = user;
}

bool ir_exhibit_has(const struct ir_exhibit *x, struct ir_str path, bool problem)
{
    uint32_t i = x->taken.n > 0 ? ir_map_find(&x->taken, path) : UINT32_MAX;
    return i != UINT32_MAX && (!problem || x->taken.items[i].value == 1);
}

/* What a file that got the number of a deleted one cannot have in common with it: then the two are
 * not taken for one. */
struct link_key {
    uint64_t dev, ino, size;
    int64_t ctime, btime;
    uint64_t ctime_ns, btime_ns;
};

static struct link_key link_key(const struct statx *st)
{
    return (struct link_key){.dev = ir_device(st),
                             .ino = st->stx_ino,
                             .size = st->stx_size,
                             .ctime = st->stx_ctime.tv_sec,
                             .btime = st->stx_btime.tv_sec,
                             .ctime_ns = st->stx_ctime.tv_nsec,
                             .btime_ns = st->stx_btime.tv_nsec};
}

struct ir_str ir_exhibit_same_as(const struct ir_exhibit *x, const struct statx *st)
{
    const struct link_key key = link_key(st);
    if (st->stx_nlink < 2) return ir_str_n(NULL, 0);
    uint32_t i = ir_map_find(&x->links, ir_str_n((const char *)&key, sizeof key));
    return i == UINT32_MAX ? ir_str_n(NULL, 0) : x->first[x->links.items[i].value];
}

/* Without memory for it, it is stored once more, which is no loss. */
static void note_link(struct ir_exhibit *x, const struct ir_object *o)
{
    const struct link_key key = link_key(&o->st);
    bool is_new;
    if (x->nfirst == x->first_cap) {
        uint32_t cap = x->first_cap ? 2 * x->first_cap : 64;
        struct ir_str *more = realloc(x->first, cap * sizeof *more);
        if (more == NULL) return;
        x->first = more;
        x->first_cap = cap;
    }
    struct ir_str path = ir_arena_dup(&x->first_names, o->path);
    uint32_t *v = path.p != NULL
                      ? ir_map_put(&x->links, ir_str_n((const char *)&key, sizeof key), &is_new)
                      : NULL;
    if (v == NULL) return;
    x->first[x->nfirst] = path;
    *v = x->nfirst++;
}

void ir_exhibit_note(struct ir_exhibit *x, const struct ir_object *o, bool damaged)
{
    x->totals.objects++;
    x->totals.not_taken += o->not_taken != NULL;
    x->totals.changed += o->changed != NULL || damaged;
    x->totals.links += o->same_as.n > 0;
    if (o->stored.n == 0) return;
    x->totals.files++;
    x->totals.bytes += o->bytes;
    if (o->made == NULL && o->st.stx_nlink > 1) note_link(x, o);
}

static int write_line(int fd, const char *name, const struct ir_buf *line, struct ir_err *err)
{
    ir_err_at(err, name, -1, 0);
    int rc = ir_io_write_all(fd, line->p, line->n);
    return rc == 0 ? IR_OK : ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-rc));
}

int ir_exhibit_put(struct ir_exhibit *x, const struct ir_object *o, struct ir_err *err)
{
    ir_buf_clear(&x->line);
    ir_object_write(o, &x->owners, &x->line);
    if (x->line.full)
        return ir_fail(err, IR_FATAL, "out of memory, or the metadata of one object is too long");
    int rc = IR_OK;
    if (o->not_taken != NULL || o->changed != NULL || o->damaged.n > 0)
        rc = write_line(x->errors, "meta/errors.jsonl", &x->line, err);
    if (rc == IR_OK) rc = write_line(x->list, "meta/files.jsonl", &x->line, err);
    if (rc == IR_OK) ir_exhibit_note(x, o, o->damaged.n > 0);
    return rc;
}

int ir_exhibit_meta(struct ir_exhibit *x, const char *name, struct ir_str bytes, struct ir_err *err)
{
    int dir = openat(x->fd, "meta", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ir_err_at(err, name, -1, 0);
    if (dir < 0) return ir_fail(err, IR_FATAL, "meta cannot be opened: %-s", ir_errno_text(errno));
    int rc = ir_file_replace(dir, name, 0600, bytes, err);
    close(dir);
    return rc;
}

int ir_exhibit_scratch(struct ir_exhibit *x, struct ir_err *err)
{
    int fd = openat(x->fd, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (fd < 0) fd = memfd_create("scratch", MFD_CLOEXEC);
    ir_err_at(err, "a file without a name", -1, 0);
    return fd >= 0 ? fd : ir_fail(err, IR_FATAL, "cannot be made: %-s", ir_errno_text(errno));
}

int ir_exhibit_add(struct ir_exhibit *x, int in, const char *area, struct ir_str safe,
                   struct ir_str path, const char *made, struct ir_err *err)
{
    struct ir_object o = {.path = path, .made = made};
    ir_err_at(err, "a file without a name", -1, 0);
    if (statx(in, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &o.st) != 0)
        return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text(errno));
    int rc = ir_exhibit_copy(x, in, area, safe, &o, err);
    return rc == IR_OK ? ir_exhibit_put(x, &o, err) : rc;
}

const struct ir_exhibit_totals *ir_exhibit_totals(const struct ir_exhibit *x)
{
    return &x->totals;
}

int ir_exhibit_fd(const struct ir_exhibit *x)
{
    return x->fd;
}

const char *ir_exhibit_item(const struct ir_exhibit *x)
{
    return x->item;
}
