/*
 * Reading and copying a sealed exhibit (see carry.h). Its lists may have been changed by an
 * attacker: paths that leave the exhibit are refused.
 */
#include "evidence/carry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/intl.h"
#include "base/io.h"
#include "evidence/files.h"

#define LIST_MAX ((size_t)1 << 30)
#define CHUNK    ((size_t)1 << 16)

struct carry {
    int from, to; /* the two exhibits; to: -1 */
    bool finish;  /* what is in `to` already may be right */
    bool tags_only;
    const struct ir_carry_sink *sink; /* NULL */
    struct ir_digest d;
    struct ir_carry_totals *t;
};

static bool path_ok(struct ir_str p)
{
    if (p.n == 0 || p.n >= 8192 || p.p[0] == '/') return false;
    struct ir_str rest = p;
    while (rest.p != NULL) {
        struct ir_str part = ir_str_cut(&rest, '/');
        if (part.n == 0 || ir_str_eq(part, IR_S(".")) || ir_str_eq(part, IR_S(".."))) return false;
    }
    return true;
}

/* Directories of a path in the copy; each is opened without following links. */
static int make_parents(int top, char *path, int *ret_dir, char **ret_name, struct ir_err *err)
{
    int dir = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *slash;
    while (dir >= 0 && (slash = strchr(path, '/')) != NULL) {
        *slash = '\0';
        int next = -1;
        if (mkdirat(dir, path, 0700) == 0 || errno == EEXIST)
            next = openat(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int why = errno;
        close(dir);
        errno = why;
        dir = next;
        path = slash + 1;
    }
    if (dir < 0) return ir_fail(err, IR_FATAL, "cannot be made: %s", ir_errno_text(errno));
    *ret_dir = dir;
    *ret_name = path;
    return IR_OK;
}

/* All of a descriptor into the digest, and to `out` unless that is -1. */
static int pour(struct carry *k, int in, int out, unsigned char md[IR_HASH_BYTES], uint64_t *bytes,
                struct ir_err *err)
{
    char buf[CHUNK];
    struct ir_digest_sum sum;
    ssize_t got;
    ir_digest_begin(&k->d);
    while ((got = ir_io_read_full(in, buf, sizeof buf)) > 0) {
        ir_digest_add(&k->d, buf, (size_t)got);
        *bytes += (uint64_t)got;
        int rc = out >= 0 ? ir_io_write_all(out, buf, (size_t)got) : 0;
        if (rc != 0) return ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(-rc));
        if (k->sink != NULL) rc = k->sink->data(k->sink->user, buf, (size_t)got, err);
        if (rc != IR_OK) return rc;
    }
    if (got < 0) return ir_fail(err, IR_BAD, "cannot be read: %s", ir_errno_text((int)-got));
    if (!ir_digest_end(&k->d, &sum)) return ir_fail(err, IR_FATAL, "a digest failed");
    memcpy(md, sum.v[IR_SHA256], IR_HASH_BYTES);
    return IR_OK;
}

/* A file that is in the copy already: what it has. */
static int look_at(struct carry *k, int dir, const char *name, unsigned char md[IR_HASH_BYTES],
                   uint64_t *bytes, struct ir_err *err)
{
    struct stat st;
    int fd = ir_io_open(dir, name, O_NOFOLLOW);
    if (fd < 0) return ir_fail(err, IR_BAD, "cannot be opened: %s", ir_errno_text(-fd));
    int rc = IR_OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        rc = ir_fail(err, IR_BAD, "is not a file");
    else if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
        errno = 0; /* from the medium, if it can */
    if (rc == IR_OK) rc = pour(k, fd, -1, md, bytes, err);
    if (rc == IR_OK && fchmod(fd, 0444) != 0) errno = 0;
    close(fd);
    return rc;
}

/* Of a copy that was begun before: true when this file of it is as it must be. What is not was
 * being written when the process died, and is written anew. */
static bool is_done(struct carry *k, int dir, const char *name, const unsigned char *want,
                    unsigned char md[IR_HASH_BYTES], uint64_t *bytes)
{
    uint64_t was = *bytes;
    struct ir_err why = {0};
    if (!k->finish || want == NULL) return false;
    if (look_at(k, dir, name, md, bytes, &why) == IR_OK && memcmp(md, want, IR_HASH_BYTES) == 0)
        return true;
    *bytes = was;
    return false;
}

static int copy_out(struct carry *k, int in, const char *path, const unsigned char *want,
                    unsigned char md[IR_HASH_BYTES], uint64_t *bytes, struct ir_err *err)
{
    char room[8192], *name = room;
    unsigned char again[IR_HASH_BYTES];
    uint64_t reread = 0;
    int dir = -1;
    snprintf(room, sizeof room, "%s", path);
    int rc = make_parents(k->to, room, &dir, &name, err);
    if (rc != IR_OK) return rc;
    if (is_done(k, dir, name, want, md, bytes)) {
        close(dir);
        return IR_OK;
    }
    if (k->finish && unlinkat(dir, name, 0) != 0) errno = 0; /* else the next call tells */
    int out = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int why = errno;
    close(dir);
    errno = why;
    if (out < 0) return ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    rc = pour(k, in, out, md, bytes, err);
    if (rc == IR_OK && (fsync(out) != 0 || lseek(out, 0, SEEK_SET) != 0))
        rc = ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    if (rc == IR_OK && posix_fadvise(out, 0, 0, POSIX_FADV_DONTNEED) != 0)
        errno = 0; /* from the medium, if it can */
    if (rc == IR_OK) rc = pour(k, out, -1, again, &reread, err);
    if (rc == IR_OK && memcmp(again, md, IR_HASH_BYTES) != 0)
        rc = ir_fail(err, IR_BAD, "the copy is not what was written: the medium is at fault");
    if (rc == IR_OK && fchmod(out, 0444) != 0) errno = 0; /* a file system without modes */
    close(out);
    return rc;
}

/* want: the digest it must have; NULL: any. */
static int one(struct carry *k, const char *path, const unsigned char *want, struct ir_err *err)
{
    unsigned char md[IR_HASH_BYTES];
    ir_err_at(err, path, -1, 0);
    int in = ir_io_open(k->from, path, O_NOFOLLOW);
    if (in < 0) return ir_fail(err, IR_BAD, "cannot be opened: %s", ir_errno_text(-in));
    struct stat st;
    int rc = IR_OK;
    if (fstat(in, &st) != 0 || !S_ISREG(st.st_mode))
        rc = ir_fail(err, IR_BAD, "is not a file");
    else if (k->sink != NULL)
        rc = k->sink->begin(k->sink->user, path, in, &st, err);
    if (rc == IR_OK)
        rc = k->to >= 0 ? copy_out(k, in, path, want, md, &k->t->bytes, err)
                        : pour(k, in, -1, md, &k->t->bytes, err);
    close(in);
    if (rc == IR_OK && want != NULL && memcmp(md, want, IR_HASH_BYTES) != 0)
        rc = ir_fail(err, IR_BAD, "is not what was sealed: its digest is another");
    k->t->files++;
    return rc;
}

static int each_line(struct carry *k, struct ir_str list, const char *name, struct ir_err *err)
{
    struct ir_str line;
    bool ended;
    int rc = IR_OK;
    for (int64_t n = 1; rc == IR_OK && ir_str_line(&list, &line, &ended); n++) {
        char path[8192];
        unsigned char want[IR_HASH_BYTES];
        struct ir_str p = ir_str_skip(line, 66);
        ir_err_at(err, name, -1, n);
        if (!ir_unhex(ir_str_head(line, 64), want, sizeof want) || !path_ok(p))
            return ir_fail(err, IR_BAD, "is no line of a manifest of ours");
        snprintf(path, sizeof path, "%.*s", (int)p.n, p.p);
        rc = one(k, path, want, err);
    }
    return rc;
}

static int whole(struct carry *k, const char *seal, struct ir_err *err)
{
    struct ir_buf tags = IR_BUF(LIST_MAX), list = IR_BUF(LIST_MAX);
    struct stat st;
    unsigned char md[IR_HASH_BYTES];
    static const char *const others[] = {"tagmanifest-md5.txt", "tagmanifest-sha1.txt",
                                         "tagmanifest-sha512.txt"};
    int rc = ir_file_read(k->from, "tagmanifest-sha256.txt", LIST_MAX - 1, &tags, err);
    if (rc == IR_OK) {
        ir_sha256(ir_buf_view(&tags), ir_str_n("", 0), md);
        ir_hex(md, sizeof md, k->t->seal);
        if (strcmp(k->t->seal, seal) != 0)
            rc = ir_fail(err, IR_BAD, "its digest is not the seal in the log");
    }
    if (rc == IR_OK) rc = one(k, "tagmanifest-sha256.txt", NULL, err);
    for (size_t i = 0; rc == IR_OK && i < sizeof others / sizeof *others; i++)
        if (fstatat(k->from, others[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
            rc = one(k, others[i], NULL, err);
    if (rc == IR_OK) rc = each_line(k, ir_buf_view(&tags), "tagmanifest-sha256.txt", err);
    if (rc == IR_OK && !k->tags_only)
        rc = ir_file_read(k->from, "manifest-sha256.txt", LIST_MAX - 1, &list, err);
    if (rc == IR_OK && !k->tags_only)
        rc = each_line(k, ir_buf_view(&list), "manifest-sha256.txt", err);
    ir_buf_free(&tags);
    ir_buf_free(&list);
    return rc == IR_END ? IR_BAD : rc;
}

/* k: what is to be done. */
static int carry(struct carry k, int case_fd, const char *item, const char *seal, int to_fd,
                 struct ir_err *err)
{
    k.from = k.to = -1;
    *k.t = (struct ir_carry_totals){0};
    ir_err_at(err, item, -1, 0);
    int rc = ir_digest_open(&k.d, IR_DIGEST_BIT(IR_SHA256))
                 ? IR_OK
                 : ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    if (rc != IR_OK) return rc;
    k.from = openat(case_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (k.from < 0) rc = ir_fail(err, IR_FATAL, "cannot be opened: %s", ir_errno_text(errno));
    if (rc == IR_OK && to_fd >= 0) {
        if (mkdirat(to_fd, item, 0700) == 0 || (k.finish && errno == EEXIST))
            k.to = openat(to_fd, item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (k.to < 0)
            rc = ir_fail(err, IR_FATAL, "the copy cannot be made: %s", ir_errno_text(errno));
    }
    if (rc == IR_OK) rc = whole(&k, seal, err);
    if (rc == IR_OK && k.to >= 0 && syncfs(k.to) != 0)
        rc = ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    if (k.from >= 0) close(k.from);
    if (k.to >= 0) close(k.to);
    ir_digest_close(&k.d);
    return rc;
}

int ir_carry(int case_fd, const char *item, const char *seal, int to_fd,
             struct ir_carry_totals *ret_t, struct ir_err *err)
{
    return carry((struct carry){.t = ret_t}, case_fd, item, seal, to_fd, err);
}

int ir_carry_finish(int case_fd, const char *item, const char *seal, int to_fd,
                    struct ir_carry_totals *ret_t, struct ir_err *err)
{
    return carry((struct carry){.t = ret_t, .finish = true}, case_fd, item, seal, to_fd, err);
}

int ir_carry_into(int case_fd, const char *item, const char *seal, bool tags_only,
                  const struct ir_carry_sink *sink, struct ir_carry_totals *ret_t,
                  struct ir_err *err)
{
    return carry((struct carry){.t = ret_t, .tags_only = tags_only, .sink = sink}, case_fd, item,
                 seal, -1, err);
}
