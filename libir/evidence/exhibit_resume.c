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

#include "base/base64.h"
#include "base/intl.h"
#include "base/json.h"
#include "evidence/exhibit_int.h"
#include "evidence/listing.h"

/* What the list says is complete: its path, and its copy. */
struct known {
    struct ir_exhibit *x;
    struct ir_map stored;
    char text[IR_STORED_MAX];
};

static bool remember(struct ir_map *m, struct ir_str text)
{
    bool is_new;
    return ir_map_put(m, text, &is_new) != NULL;
}

/* The bytes of the path: as text, or in base64 when text cannot hold them. */
static bool remember_path(struct ir_map *m, struct ir_str line)
{
    char *text = malloc(line.n + 1);
    struct ir_buf raw = IR_BUF(IR_OBJECT_LINE_MAX);
    bool good = text != NULL;
    if (good && ir_json_member(line, "path_raw", text, line.n + 1))
        good = ir_base64_decode(&raw, ir_str_z(text)) && remember(m, ir_buf_view(&raw));
    else if (good && ir_json_member(line, "path", text, line.n + 1))
        good = remember(m, ir_str_z(text));
    ir_buf_free(&raw);
    free(text);
    return good;
}

static int learn(struct known *k, struct ir_str line, struct ir_err *err)
{
    struct ir_exhibit_totals *t = &k->x->totals;
    bool good = remember_path(&k->x->taken, line);
    uint64_t bytes = 0;
    if (ir_json_member(line, "stored", k->text, sizeof k->text)) {
        good = good && remember(&k->stored, ir_str_z(k->text));
        ir_json_member_u64(line, "bytes", &bytes);
        t->files++;
        t->bytes += bytes;
    }
    t->objects++;
    t->not_taken += ir_json_member(line, "not_taken", k->text, sizeof k->text);
    t->changed += ir_json_member(line, "changed", k->text, sizeof k->text);
    t->links += ir_json_member(line, "same_as", k->text, sizeof k->text);
    for (unsigned a = 0; a < IR_DIGEST_ALG_MAX; a++)
        if (ir_json_member(line, ir_digest_name((enum ir_digest_alg)a), k->text, sizeof k->text))
            k->x->set |= IR_DIGEST_BIT(a);
    return good ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
}

static int read_list(struct known *k, struct ir_err *err)
{
    struct ir_listing *l;
    struct ir_str line;
    int rc = ir_listing_open(k->x->fd, "meta/files.jsonl", &l, err);
    if (rc != IR_OK) return rc;
    while ((rc = ir_listing_next(l, &line, err)) == IR_OK)
        if ((rc = learn(k, line, err)) != IR_OK) break;
    uint64_t good = ir_listing_at(l);
    ir_listing_close(l);
    if (rc == IR_WARN) { /* its object is taken again */
        int fd = openat(k->x->fd, "meta/files.jsonl", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
        rc = fd >= 0 && ftruncate(fd, (off_t)good) == 0
                 ? IR_END
                 : ir_fail(err, IR_FATAL, "cannot be cut: %-s", ir_errno_text(errno));
        if (fd >= 0) close(fd);
    }
    return rc == IR_END ? IR_OK : rc;
}

void ir_exhibit_drop_parts(int dirfd)
{
    int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL && fd >= 0) close(fd);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        if (ir_str_ends(ir_str_z(e->d_name), IR_S(".part")) && unlinkat(fd, e->d_name, 0) != 0)
            errno = 0; /* then it becomes part of what is sealed */
    if (d != NULL) closedir(d);
}

/* Copies that the list does not tell of were being made when the power went: they are removed, and
 * their objects are taken again. An image that is half-made stays: image.h knows what of it is
 * good. Depth is that of safe paths, so bounded. */
static bool sweep(struct known *k, int fd, const char *path)
{
    DIR *d = fdopendir(fd);
    bool good = d != NULL;
    if (d == NULL) close(fd);
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

static int restore(struct known *k, struct ir_err *err)
{
    int rc = read_list(k, err);
    if (rc != IR_OK) return rc;
    int data = openat(k->x->fd, "data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ir_err_at(err, "data", -1, 0);
    if (data >= 0 && !sweep(k, data, "data"))
        return ir_fail(err, IR_FATAL, "what was left half-made cannot be removed: %-s",
                       ir_errno_text(errno));
    if (k->x->set == 0) k->x->set = IR_DIGESTS_EVIDENCE;
    int meta = openat(k->x->fd, "meta", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (meta >= 0) ir_exhibit_drop_parts(meta);
    if (meta >= 0) close(meta);
    return ir_exhibit_open_list(k->x, err);
}

int ir_exhibit_resume(int case_fd, const char *item, struct ir_exhibit **ret_x, struct ir_err *err)
{
    struct stat st;
    struct known k = {.x = ir_exhibit_fresh(item)};
    if (k.x == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    ir_err_at(err, item, -1, 0);
    k.x->fd = openat(case_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = IR_OK;
    if (k.x->fd < 0)
        rc = ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(errno));
    else if (fstatat(k.x->fd, "tagmanifest-sha256.txt", &st, AT_SYMLINK_NOFOLLOW) == 0)
        rc = ir_fail(err, IR_FATAL, "is sealed: nothing can be added to it");
    if (rc == IR_OK) rc = restore(&k, err);
    ir_map_free(&k.stored);
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
