/*
 * Going on with an exhibit that a crash left half-made, and making a whole one read-only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/exhibit_int.h"
#include "evidence/files.h"
#include "evidence/listing.h"

/* What the list says is complete: its path, and its copy. */
struct known {
    struct ir_exhibit *x;
    struct ir_map stored;
    struct ir_buf room;
    int errors; /* meta/errors.jsonl, written anew */
};

static bool remember(struct ir_map *m, struct ir_str text, uint32_t flag)
{
    bool is_new;
    uint32_t *v = ir_map_put(m, text, &is_new);
    if (v != NULL) *v |= flag;
    return v != NULL;
}

/* A copy that is not there, or not of its length: it did not come to the disk when the power went,
 * though its line did. */
static bool is_whole(const struct ir_exhibit *x, const struct ir_object *o)
{
    struct stat st;
    return o->stored.n == 0 || (fstatat(x->fd, o->stored.p, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                                S_ISREG(st.st_mode) && (uint64_t)st.st_size == o->bytes);
}

/* IR_END: from this line on the objects are taken again. */
static int learn(struct known *k, struct ir_str line, struct ir_err *err)
{
    struct ir_object o;
    struct ir_err why = {0};
    if (ir_object_read(line, &k->room, &o, &why) != IR_OK || !is_whole(k->x, &o)) return IR_END;
    /* quotes in a text are escaped, and names of attributes have a dot */
    bool damaged = ir_str_find(line, IR_S(",\"unreadable\":[")) != IR_NPOS;
    bool problem = o.not_taken != NULL || o.changed != NULL || damaged;
    if (!remember(&k->x->taken, o.path, o.not_taken != NULL) ||
        (o.stored.n > 0 && !remember(&k->stored, o.stored, 0)))
        return ir_fail(err, IR_FATAL, "out of memory");
    ir_exhibit_note(k->x, &o, damaged);
    k->x->set |= o.sum.set;
    ir_err_at(err, "meta/errors.jsonl", -1, 0);
    int rc = problem ? ir_io_write_all(k->errors, line.p, line.n + 1) : 0; /* with its end */
    return rc == 0 ? IR_OK : ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-rc));
}

/* The list up to its last good line. */
static int cut_list(const struct known *k, uint64_t good, struct ir_err *err)
{
    struct stat st;
    int fd = openat(k->x->fd, "meta/files.jsonl", O_WRONLY | O_NOFOLLOW | O_CLOEXEC), rc = IR_OK;
    ir_err_at(err, "meta/files.jsonl", -1, 0);
    if (fd < 0 || fstat(fd, &st) != 0 ||
        ((uint64_t)st.st_size != good && ftruncate(fd, (off_t)good) != 0))
        rc = ir_fail(err, IR_FATAL, "cannot be cut: %-s", ir_errno_text(errno));
    if (fd >= 0) close(fd);
    return rc;
}

static int read_list(struct known *k, struct ir_err *err)
{
    struct ir_listing *l;
    struct ir_str line;
    uint64_t good = 0;
    int rc = ir_listing_open(k->x->fd, "meta/files.jsonl", &l, err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_listing_next(l, &line, err)) == IR_OK && (rc = learn(k, line, err)) == IR_OK)
        good = ir_listing_at(l);
    ir_listing_close(l);
    return rc == IR_WARN || rc == IR_END ? cut_list(k, good, err) : rc;
}

/* Copies that the list does not tell of were being made when the power went: they are removed, and
 * their objects are taken again. An image that is half-made stays: image.h knows what of it is
 * good. Depth is that of safe paths, so bounded. */
static bool sweep(struct known *k, int fd, const char *path)
{
    DIR *d = fdopendir(fd);
    bool good = d != NULL;
    if (d == NULL)
        close(fd);
    else if (fchmod(fd, 0700) != 0) /* protected already */
        errno = 0;
    for (struct dirent *e; good && (e = readdir(d)) != NULL;) {
        char below[IR_STORED_MAX];
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (n < 0 || (size_t)n >= sizeof below ||
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            good = false;
        else if (S_ISDIR(st.st_mode)) {
            int next = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (next >= 0 && strcmp(below, "data/image") == 0) {
                close(next);
                continue;
            }
            good = next >= 0 && sweep(k, next, below);
        } else if (ir_map_find(&k->stored, ir_str_z(below)) == UINT32_MAX)
            good = unlinkat(dirfd(d), e->d_name, 0) == 0;
    }
    if (d != NULL) closedir(d);
    return good;
}

/* What sealing makes is made again; what files.h was writing is nobody's. The lists can be written
 * to again, should the exhibit have been protected already. */
static int open_up(struct known *k, struct ir_err *err)
{
    static const char *const top[] = {"tagmanifest-", "manifest-", "bag"};
    static const char *const lists[] = {"meta/files.jsonl", "meta/errors.jsonl"};
    ir_err_at(err, k->x->item, -1, 0);
    for (size_t i = 0; i < sizeof top / sizeof *top; i++)
        if (ir_files_drop(k->x->fd, top[i]) != 0)
            return ir_fail(err, IR_FATAL, "what was left half-made cannot be removed: %-s",
                           ir_errno_text(errno));
    int meta = openat(k->x->fd, "meta", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ir_err_at(err, "meta", -1, 0);
    if (meta < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    if (fchmod(meta, 0700) != 0) errno = 0; /* then the next call tells */
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (fchmodat(k->x->fd, lists[i], 0600, 0) != 0) errno = 0;
    int rc = ir_files_drop(meta, "bodyfile.txt");
    if (rc != 0)
        rc = ir_fail(err, IR_FATAL, "what was left half-made cannot be removed: %-s",
                     ir_errno_text(errno));
    close(meta);
    return rc;
}

static int restore(struct known *k, struct ir_err *err)
{
    int rc = open_up(k, err);
    if (rc != IR_OK) return rc;
    ir_err_at(err, "meta/errors.jsonl", -1, 0);
    k->errors = openat(k->x->fd, "meta/errors.jsonl",
                       O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (k->errors < 0)
        return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    rc = read_list(k, err);
    close(k->errors);
    if (rc != IR_OK) return rc;
    int data = openat(k->x->fd, "data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ir_err_at(err, "data", -1, 0);
    if (data >= 0 && !sweep(k, data, "data"))
        return ir_fail(err, IR_FATAL, "what was left half-made cannot be removed: %-s",
                       ir_errno_text(errno));
    if (k->x->set == 0) k->x->set = IR_DIGESTS_EVIDENCE;
    return ir_exhibit_open_list(k->x, err);
}

int ir_exhibit_resume(int case_fd, const char *item, struct ir_exhibit **ret_x, struct ir_err *err)
{
    struct known k = {.x = ir_exhibit_fresh(item), .room = IR_BUF(IR_OBJECT_LINE_MAX + 64)};
    if (k.x == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    ir_err_at(err, item, -1, 0);
    k.x->fd = openat(case_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = IR_OK;
    if (k.x->fd < 0)
        rc = ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    else if (ir_exhibit_is_unborn(case_fd, item))
        rc = ir_fail(err, IR_FATAL, "nothing was put into it yet: begin it anew");
    if (rc == IR_OK) rc = restore(&k, err);
    ir_map_free(&k.stored);
    ir_buf_free(&k.room);
    if (rc == IR_OK)
        *ret_x = k.x;
    else
        ir_exhibit_close(k.x);
    return rc;
}

/* Nobody writes to a sealed exhibit by mistake; root still can, the seal tells. */
static void protect(int fd, bool top)
{
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        close(fd);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        int next = S_ISDIR(st.st_mode) ? openat(dirfd(d), e->d_name,
                                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                                       : -1;
        if (next >= 0) protect(next, false);
        if (S_ISREG(st.st_mode) && fchmodat(dirfd(d), e->d_name, 0444, 0) != 0) errno = 0;
    }
    if (fchmod(dirfd(d), top ? 0755 : 0555) != 0) errno = 0;
    closedir(d);
}

void ir_exhibit_protect(struct ir_exhibit *x)
{
    int fd = openat(x->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) protect(fd, true);
}
