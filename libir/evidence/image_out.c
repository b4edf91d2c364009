/*
 * The copies that an image is written to (see image_int.h). Zeros become holes, so that an empty
 * disk needs little room; where a file may hold something already they are really written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/files.h"
#include "evidence/image_int.h"

static int failed(struct ir_image_work *w, const struct ir_image_out *o, int why)
{
    ir_err_at(w->err, o->where, -1, 0);
    return ir_fail(w->err, IR_FATAL, "cannot be written: %-s", ir_errno_text(why));
}

static int below(int dir, const char *name)
{
    if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST) return -1;
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int ir_image_out_open(struct ir_image_work *w, struct ir_image_out *o, int bag_fd)
{
    struct stat st;
    int how = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (w->job->resume ? 0 : O_EXCL);
    snprintf(o->raw_name, sizeof o->raw_name, "%s.raw", w->job->name);
    int data = below(bag_fd, "data");
    if (data < 0) return failed(w, o, errno);
    o->dir = below(data, "image");
    int why = errno;
    close(data);
    if (o->dir < 0) return failed(w, o, why);
    ir_files_drop_parts(o->dir);
    if (w->job->resume && (fchmod(o->dir, 0700) != 0 ||
                           fchmodat(o->dir, o->raw_name, 0600, 0) != 0)) /* was protected */
        errno = 0;
    o->raw = openat(o->dir, o->raw_name, how, 0600);
    if (o->raw < 0 || fstat(o->raw, &st) != 0) return failed(w, o, errno);
    o->high = (uint64_t)st.st_size;
    return IR_OK;
}

static bool all_zeros(const char *buf, size_t n)
{
    return n > 0 && buf[0] == '\0' && memcmp(buf, buf + 1, n - 1) == 0;
}

static int write_zeros(struct ir_image_work *w, const struct ir_image_out *o, uint64_t n,
                       uint64_t at)
{
    static const char zeros[1 << 16];
    if (fallocate(o->raw, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)n) == 0)
        return IR_OK;
    for (uint64_t done = 0; done < n;) {
        size_t part = n - done < sizeof zeros ? (size_t)(n - done) : sizeof zeros;
        int rc = ir_io_pwrite_all(o->raw, zeros, part, at + done);
        if (rc != 0) return failed(w, o, -rc);
        done += part;
    }
    return IR_OK;
}

int ir_image_out_zeros(struct ir_image_work *w, uint64_t n, uint64_t at)
{
    int rc = IR_OK;
    for (unsigned i = 0; rc == IR_OK && i < w->nout; i++) {
        const struct ir_image_out *o = &w->out[i];
        if (at >= o->high) continue;
        rc = write_zeros(w, o, n < o->high - at ? n : o->high - at, at);
    }
    return rc;
}

int ir_image_out_write(struct ir_image_work *w, const char *buf, size_t n, uint64_t at)
{
    if (all_zeros(buf, n)) return ir_image_out_zeros(w, n, at);
    for (unsigned i = 0; i < w->nout; i++) {
        struct ir_image_out *o = &w->out[i];
        int rc = ir_io_pwrite_all(o->raw, buf, n, at);
        if (rc != 0) return failed(w, o, -rc);
        if (at + n > o->high) o->high = at + n;
    }
    return IR_OK;
}

int ir_image_out_read(struct ir_image_work *w, const struct ir_image_out *o, char *buf, size_t n,
                      uint64_t at)
{
    ssize_t got = ir_io_pread_full(o->raw, buf, n, at);
    ir_err_at(w->err, o->where, (int64_t)at, 0);
    if (got < 0)
        return ir_fail(w->err, IR_FATAL, "cannot be read back: %-s", ir_errno_text((int)-got));
    memset(buf + got, 0, n - (size_t)got);
    return IR_OK;
}

int ir_image_out_finish(struct ir_image_work *w)
{
    for (unsigned i = 0; i < w->nout; i++) {
        const struct ir_image_out *o = &w->out[i];
        if (ftruncate(o->raw, (off_t)w->map.size) != 0 || fsync(o->raw) != 0)
            return failed(w, o, errno);
        if (posix_fadvise(o->raw, 0, 0, POSIX_FADV_DONTNEED) != 0)
            errno = 0; /* what is read again comes from the medium, if it can */
    }
    return IR_OK;
}

void ir_image_out_close(struct ir_image_out *o)
{
    if (o->raw >= 0) close(o->raw);
    if (o->dir >= 0) close(o->dir);
}
