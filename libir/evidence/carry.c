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
    const struct ir_carry_job *job;
    int from, to; /* the two exhibits; to: -1 */
    struct ir_digest d;
    struct ir_carry_totals *t;
    uint64_t read; /* bytes, of the copy too */
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

/* One file on its way: from `in` into the digest, the sink, and `out` unless that is -1. */
struct pour {
    struct carry *k;
    int in, out;
    uint64_t at;
};

static int taken(struct pour *p, const char *bytes, size_t n, struct ir_err *err)
{
    struct carry *k = p->k;
    ir_digest_add(&k->d, bytes, n);
    p->at += n;
    k->read += n;
    if (k->job->show != NULL) k->job->show(k->job->user, k->t->files, k->read, 0);
    const struct ir_carry_sink *sink = k->job->sink;
    return sink != NULL ? sink->data(sink->user, bytes, n, err) : IR_OK;
}

/* Up to `to`, or the end of the file; *ret_ended. */
static int pour_data(struct pour *p, uint64_t to, bool *ret_ended, struct ir_err *err)
{
    char buf[CHUNK];
    while (p->at < to) {
        size_t want = to - p->at < sizeof buf ? (size_t)(to - p->at) : sizeof buf;
        ssize_t got = ir_io_pread_full(p->in, buf, want, p->at);
        if (got < 0) return ir_fail(err, IR_BAD, "cannot be read: %s", ir_errno_text((int)-got));
        *ret_ended = got == 0;
        if (got == 0) return IR_OK;
        int rc = p->out >= 0 ? ir_io_write_all(p->out, buf, (size_t)got) : 0;
        if (rc != 0) return ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(-rc));
        rc = taken(p, buf, (size_t)got, err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

/* Zeros that nobody has to read or write. */
static int pour_hole(struct pour *p, uint64_t to, struct ir_err *err)
{
    static const char zeros[CHUNK];
    int rc = IR_OK;
    if (p->at == to) return IR_OK;
    while (rc == IR_OK && p->at < to)
        rc = taken(p, zeros, to - p->at < CHUNK ? (size_t)(to - p->at) : CHUNK, err);
    if (rc == IR_OK && p->out >= 0 &&
        (ftruncate(p->out, (off_t)to) != 0 || lseek(p->out, (off_t)to, SEEK_SET) < 0))
        rc = ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    return rc;
}

static int pour(struct carry *k, int in, int out, unsigned char md[IR_HASH_BYTES], uint64_t *bytes,
                struct ir_err *err)
{
    struct pour p = {.k = k, .in = in, .out = out};
    struct ir_digest_sum sum;
    struct stat st;
    bool ended = false;
    int rc = fstat(in, &st) == 0 ? IR_OK
                                 : ir_fail(err, IR_BAD, "cannot be read: %s", ir_errno_text(errno));
    const uint64_t size = rc == IR_OK ? (uint64_t)st.st_size : 0;
    ir_digest_begin(&k->d);
    while (rc == IR_OK && p.at < size && !ended) {
        uint64_t from, to;
        ir_file_data(in, p.at, size, &from, &to);
        rc = pour_hole(&p, from, err);
        if (rc == IR_OK) rc = pour_data(&p, to, &ended, err);
    }
    /* What it grew by belongs to the digest: it is not what was sealed. */
    if (rc == IR_OK) rc = pour_data(&p, UINT64_MAX, &ended, err);
    *bytes += p.at;
    if (rc == IR_OK && !ir_digest_end(&k->d, &sum)) rc = ir_fail(err, IR_FATAL, "a digest failed");
    if (rc == IR_OK) memcpy(md, sum.v[IR_SHA256], IR_HASH_BYTES);
    return rc;
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
    if (!k->job->finish || want == NULL) return false;
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
    if (k->job->finish && unlinkat(dir, name, 0) != 0) errno = 0; /* else the next call tells */
    int out = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int why = errno;
    close(dir);
    errno = why;
    if (out < 0) return ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    rc = pour(k, in, out, md, bytes, err);
    if (rc == IR_OK && fsync(out) != 0)
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
    else if (k->job->sink != NULL)
        rc = k->job->sink->begin(k->job->sink->user, path, in, &st, err);
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
    if (rc == IR_OK && !k->job->tags_only)
        rc = ir_file_read(k->from, "manifest-sha256.txt", LIST_MAX - 1, &list, err);
    if (rc == IR_OK && !k->job->tags_only)
        rc = each_line(k, ir_buf_view(&list), "manifest-sha256.txt", err);
    ir_buf_free(&tags);
    ir_buf_free(&list);
    return rc == IR_END ? IR_BAD : rc;
}

int ir_carry(const struct ir_carry_job *job, struct ir_carry_totals *ret_t, struct ir_err *err)
{
    struct carry k = {.job = job, .from = -1, .to = -1, .t = ret_t};
    *ret_t = (struct ir_carry_totals){0};
    ir_err_at(err, job->item, -1, 0);
    int rc = ir_digest_open(&k.d, IR_DIGEST_BIT(IR_SHA256))
                 ? IR_OK
                 : ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    if (rc != IR_OK) return rc;
    k.from = openat(job->case_fd, job->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (k.from < 0) rc = ir_fail(err, IR_FATAL, "cannot be opened: %s", ir_errno_text(errno));
    if (rc == IR_OK && job->to_fd >= 0) {
        if (mkdirat(job->to_fd, job->item, 0700) == 0 || (job->finish && errno == EEXIST))
            k.to = openat(job->to_fd, job->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (k.to < 0)
            rc = ir_fail(err, IR_FATAL, "the copy cannot be made: %s", ir_errno_text(errno));
    }
    if (rc == IR_OK) rc = whole(&k, job->seal, err);
    if (rc == IR_OK && k.to >= 0 && syncfs(k.to) != 0)
        rc = ir_fail(err, IR_FATAL, "cannot be written: %s", ir_errno_text(errno));
    if (k.from >= 0) close(k.from);
    if (k.to >= 0) close(k.to);
    ir_digest_close(&k.d);
    return rc;
}
