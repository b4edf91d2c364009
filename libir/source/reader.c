/*
 * An input's bytes: plain files straight into the caller's buffer, compressed ones through
 * decode.c, stdin as file or pipe. Not here: records (blocks.c) and what the codecs do (codec_*.c).
 */
#include "source/reader.h"

#include "base/intl.h"
#include "base/io.h"
#include "source/codec.h"
#include "source/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct ir_reader {
    int fd;
    bool own;                          /* close fd at the end */
    bool regular;                      /* size, base and pread are good */
    uint64_t base, size;               /* file offset of byte 0; bytes from there at open */
    uint64_t taken;                    /* raw bytes handed on so far */
    unsigned char head[IR_MAGIC_SIZE]; /* of a pipe: read to tell the codec */
    size_t nhead;
    bool ended;
    int spool; /* -1: none */
    enum ir_codec codec;
    struct ir_decode *decode;
    uint64_t out;       /* bytes delivered */
    const char *remark; /* one thing to say at the end, or NULL */
    char *path;
};

/* The disk or the pipe failed: what came before it is good, nothing comes behind it. */
static int read_failed(struct ir_reader *r, int errnum, struct ir_err *err)
{
    r->ended = true;
    ir_err_at(err, r->path, (int64_t)r->taken, 0);
    return ir_fail(err, IR_WARN, "cannot be read beyond byte %llu: %-s",
                   (unsigned long long)r->taken, ir_errno_text(errnum));
}

static void spool(struct ir_reader *r, const void *buf, size_t n)
{
    if (r->spool >= 0 && ir_io_write_all(r->spool, buf, n) < 0) r->spool = -1;
}

static int raw_file(struct ir_reader *r, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    uint64_t left = r->size - r->taken;
    if (left == 0) return IR_END;
    ssize_t got = ir_io_pread_full(r->fd, buf, left < cap ? (size_t)left : cap, r->base + r->taken);
    if (got < 0) return read_failed(r, (int)-got, err);
    r->taken += (uint64_t)got;
    *ret_n = (size_t)got;
    if (got > 0) return IR_OK;
    r->ended = true;
    ir_err_at(err, r->path, (int64_t)r->taken, 0);
    return ir_fail(err, IR_WARN, "shrank while it was read: %llu of %llu bytes were there",
                   (unsigned long long)r->taken, (unsigned long long)r->size);
}

static int raw_pipe(struct ir_reader *r, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    size_t n = r->nhead - (r->taken < r->nhead ? (size_t)r->taken : r->nhead);
    if (n > 0) {
        if (n > cap) n = cap;
        memcpy(buf, r->head + r->taken, n);
    } else {
        ssize_t got = ir_io_read(r->fd, buf, cap);
        if (got < 0) return read_failed(r, (int)-got, err);
        if (got == 0) {
            r->ended = true;
            return IR_END;
        }
        n = (size_t)got;
    }
    spool(r, buf, n);
    r->taken += n;
    *ret_n = n;
    return IR_OK;
}

/* Bytes as they are on disk. */
static int raw_read(void *user, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    struct ir_reader *r = user;
    *ret_n = 0;
    if (r->ended) return IR_END;
    return r->regular ? raw_file(r, buf, cap, ret_n, err) : raw_pipe(r, buf, cap, ret_n, err);
}

static int read_head(struct ir_reader *r, struct ir_err *err)
{
    ssize_t got;
    if (r->regular)
        got = ir_io_pread_full(
            r->fd, r->head, r->size < sizeof r->head ? (size_t)r->size : sizeof r->head, r->base);
    else
        got = ir_io_read_full(r->fd, r->head, sizeof r->head);
    if (got < 0) return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text((int)-got));
    r->nhead = (size_t)got;
    return IR_OK;
}

static int setup_decode(struct ir_reader *r, struct ir_err *err)
{
    int rc = read_head(r, err);
    if (rc != IR_OK) return rc;
    r->codec = ir_codec_detect(ir_str_n((const char *)r->head, r->nhead));
    if (r->codec == IR_CODEC_NONE) {
        if (ir_codec_by_name(ir_str_z(r->path)) != IR_CODEC_NONE)
            r->remark = r->nhead == 0
                            ? N_("named like a compressed file, but it is empty")
                            : N_("named like a compressed file, but it is not one: read as it is");
        return IR_OK;
    }
    r->decode = ir_decode_new(r->codec, raw_read, r);
    return r->decode != NULL ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
}

static int setup(struct ir_reader *r, const struct stat *st, struct ir_err *err)
{
    /* files that the kernel makes up (/proc, some network disks) are of size 0 and yet hold text:
     * what says that it is empty is read like a pipe */
    if (S_ISREG(st->st_mode) && st->st_size > 0) {
        off_t at = lseek(r->fd, 0, SEEK_CUR);
        r->regular = at >= 0;
        r->base = at > 0 ? (uint64_t)at : 0;
        r->size = st->st_size > at && at >= 0 ? (uint64_t)(st->st_size - at) : 0;
        posix_fadvise(r->fd, at, 0, POSIX_FADV_SEQUENTIAL);
    }
    return setup_decode(r, err);
}

static struct ir_reader *reader_new(int fd, bool own, const char *path)
{
    struct ir_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->fd = fd;
    r->own = own;
    r->spool = -1;
    r->path = strdup(path);
    if (r->path != NULL) return r;
    free(r);
    return NULL;
}

int ir_reader_open_fd(int fd, const char *path, struct ir_reader **ret_r, struct ir_err *err)
{
    struct stat st;
    ir_err_at(err, path, -1, 0);
    if (fstat(fd, &st) < 0)
        return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text(errno));
    struct ir_reader *r = reader_new(fd, false, path);
    if (r == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    int rc = setup(r, &st, err);
    if (rc == IR_OK)
        *ret_r = r;
    else
        ir_reader_close(r);
    return rc;
}

/* A part of a file that others read too: by pread only. */
static int open_range(const struct ir_input *in, struct ir_reader **ret_r, struct ir_err *err)
{
    ir_err_at(err, in->path, -1, 0);
    struct ir_reader *r = reader_new(in->fd, false, in->path);
    if (r == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    r->regular = true;
    r->base = in->fd_at;
    r->size = (uint64_t)in->size;
    int rc = setup_decode(r, err);
    if (rc == IR_OK)
        *ret_r = r;
    else
        ir_reader_close(r);
    return rc;
}

int ir_reader_open(const struct ir_input *in, struct ir_reader **ret_r, struct ir_err *err)
{
    if (in->is_part) return open_range(in, ret_r, err);
    if (in->is_stdin) return ir_reader_open_fd(STDIN_FILENO, in->path, ret_r, err);
    struct stat st;
    ir_err_at(err, in->path, -1, 0);
    int fd = ir_io_open(AT_FDCWD, in->path, 0);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(-fd));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return ir_fail(err, IR_FATAL, "is no longer a regular file");
    }
    struct ir_reader *r = reader_new(fd, true, in->path);
    if (r == NULL) {
        close(fd);
        return ir_fail(err, IR_FATAL, "out of memory");
    }
    int rc = setup(r, &st, err);
    if (rc != IR_OK) {
        ir_reader_close(r);
        return rc;
    }
    if (in->ino != 0 && ((uint64_t)st.st_ino != in->ino || (uint64_t)st.st_dev != in->dev))
        r->remark = N_(
            "another file has taken this name since it was listed (rotated?): that one was read");
    *ret_r = r;
    return IR_OK;
}

void ir_reader_close(struct ir_reader *r)
{
    if (r == NULL) return;
    ir_decode_free(r->decode);
    if (r->own) close(r->fd);
    free(r->path);
    free(r);
}

int ir_reader_spool(struct ir_reader *r, int fd, struct ir_err *err)
{
    ir_err_at(err, r->path, -1, 0);
    if (r->regular) return ir_fail(err, IR_BAD, "needs no spool: it can be read again");
    if (r->taken > 0) return ir_fail(err, IR_BAD, "was already read from: too late to spool it");
    r->spool = fd;
    return IR_OK;
}

int ir_reader_read(struct ir_reader *r, char *buf, size_t cap, size_t *ret_n, struct ir_err *err)
{
    *ret_n = 0;
    ir_err_at(err, r->path, (int64_t)r->out, 0);
    int rc = r->decode ? ir_decode_read(r->decode, buf, cap, ret_n, err)
                       : raw_read(r, buf, cap, ret_n, err);
    r->out += *ret_n;
    if (rc == IR_END && r->remark != NULL) {
        rc = ir_fail(err, IR_WARN, "%s", r->remark);
        r->remark = NULL;
    }
    return rc;
}

enum ir_codec ir_reader_codec(const struct ir_reader *r)
{
    return r->codec;
}

uint64_t ir_reader_taken(const struct ir_reader *r)
{
    return r->taken;
}

uint64_t ir_reader_size(const struct ir_reader *r)
{
    return r->size;
}

bool ir_reader_seekable(const struct ir_reader *r)
{
    return r->regular && r->codec == IR_CODEC_NONE;
}

int ir_reader_pread(struct ir_reader *r, char *buf, size_t cap, uint64_t offset, size_t *ret_n)
{
    *ret_n = 0;
    if (!ir_reader_seekable(r)) return IR_FATAL;
    if (offset >= r->size) return IR_END;
    uint64_t left = r->size - offset;
    ssize_t got = ir_io_pread_full(r->fd, buf, left < cap ? (size_t)left : cap, r->base + offset);
    if (got < 0) return IR_FATAL;
    *ret_n = (size_t)got;
    return got > 0 ? IR_OK : IR_END;
}
