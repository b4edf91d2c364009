/*
 * Where the collectors write to: artefacts of the exhibit, what was not taken, findings.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/live_int.h"

#define FLUSH_AT ((size_t)256 << 10)
#define RAW_MAX  ((uint64_t)256 << 20) /* /proc/kallsyms has some MiB */

static void flush(struct ir_live_out *out)
{
    struct ir_live *l = out->l;
    if (l->rc == IR_OK && out->b.full)
        l->rc = ir_fail(l->err, IR_FATAL, "out of memory, or a line is too long");
    int rc = l->rc == IR_OK ? ir_io_write_all(out->fd, out->b.p, out->b.n) : 0;
    if (rc != 0) l->rc = ir_fail(l->err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-rc));
    ir_buf_clear(&out->b);
}

void ir_live_out_open(struct ir_live *l, struct ir_live_out *out, const char *name,
                      const char *made)
{
    *out = (struct ir_live_out){.l = l, .fd = -1, .name = name, .made = made};
    out->b = IR_BUF(IR_LIVE_LINE_MAX);
    if (l->rc == IR_OK && (out->fd = ir_exhibit_scratch(l->x, l->err)) < 0) l->rc = IR_FATAL;
}

struct ir_jline *ir_live_line(struct ir_live_out *out)
{
    out->j = ir_jline_open(&out->b);
    return &out->j;
}

void ir_live_line_end(struct ir_live_out *out)
{
    ir_jline_close(&out->j);
    ir_live_out_flush(out);
}

void ir_live_out_flush(struct ir_live_out *out)
{
    if (out->b.n >= FLUSH_AT) flush(out);
}

static void add(struct ir_live *l, int fd, const char *safe, struct ir_str path, const char *made)
{
    if (l->rc == IR_OK)
        l->rc = ir_exhibit_add(l->x, fd, "live", ir_str_z(safe), path, made, l->err);
}

void ir_live_out_close(struct ir_live_out *out)
{
    char safe[IR_LIVE_NAME_MAX];
    flush(out);
    snprintf(safe, sizeof safe, "%s/%s", out->l->dir, out->name);
    add(out->l, out->fd, safe, ir_str_z(safe), out->made);
    if (out->fd >= 0) close(out->fd);
    ir_buf_free(&out->b);
}

/* What a file of the kernel holds; it says that it is empty, so it is read to its end. */
static int copy_all(struct ir_live *l, int in, int fd)
{
    char buf[1 << 16];
    ssize_t n;
    uint64_t all = 0;
    while (all < RAW_MAX && (n = ir_io_read_full(in, buf, sizeof buf)) != 0) {
        if (n < 0) return (int)n;
        int rc = ir_io_write_all(fd, buf, (size_t)n);
        if (rc != 0) {
            l->rc = ir_fail(l->err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-rc));
            return 0;
        }
        all += (uint64_t)n;
    }
    return 0;
}

void ir_live_raw(struct ir_live *l, const char *path)
{
    char safe[IR_LIVE_NAME_MAX];
    if (l->rc != IR_OK) return;
    int in = ir_io_open(AT_FDCWD, path, O_NOFOLLOW);
    if (in < 0) {
        ir_live_miss_errno(l, ir_str_z(path), -in, false);
        return;
    }
    int fd = ir_exhibit_scratch(l->x, l->err);
    if (fd < 0) l->rc = IR_FATAL;
    int rc = fd >= 0 ? copy_all(l, in, fd) : 0;
    if (rc < 0) ir_live_miss_errno(l, ir_str_z(path), -rc, false);
    snprintf(safe, sizeof safe, "%s/raw%s", l->dir, path);
    if (rc == 0) add(l, fd, safe, ir_str_z(path), "what the kernel told when this path was read");
    if (fd >= 0) close(fd);
    close(in);
}

void ir_live_miss(struct ir_live *l, struct ir_str path, enum ir_live_miss kind, const char *why)
{
    const struct ir_object o = {.path = path, .not_taken = why};
    if (l->rc != IR_OK) return;
    l->sum->denied += kind == IR_LIVE_DENIED;
    l->sum->vanished += kind == IR_LIVE_VANISHED;
    l->sum->refused += kind == IR_LIVE_REFUSED;
    l->rc = ir_exhibit_put(l->x, &o, l->err);
}

void ir_live_miss_errno(struct ir_live *l, struct ir_str path, int errnum, bool vanishes)
{
    enum ir_live_miss kind = IR_LIVE_DENIED;
    if (errnum == ENOENT || errnum == ESRCH || errnum == ENOTDIR)
        kind = vanishes ? IR_LIVE_VANISHED : IR_LIVE_ABSENT;
    ir_live_miss(l, path, kind,
                 kind == IR_LIVE_VANISHED ? "ended, or was removed, while it was looked at"
                                          : ir_errno_text(errnum));
}

struct ir_jline ir_live_finding(struct ir_live *l, enum ir_live_level level, const char *id,
                                const char *title)
{
    struct ir_jline j = ir_jline_open(&l->sum->findings);
    l->sum->differences += level == IR_LIVE_DIFFERENCE;
    l->sum->notices += level == IR_LIVE_NOTICE;
    ir_jline_text(&j, "finding", ir_str_z(id));
    ir_jline_text(&j, "level", level == IR_LIVE_DIFFERENCE ? IR_S("difference") : IR_S("notice"));
    ir_jline_text(&j, "collector", ir_str_z(l->dir));
    ir_jline_text(&j, "title", ir_str_z(title));
    return j;
}

int ir_live_read(int dirfd, const char *name, struct ir_buf *out)
{
    ir_buf_clear(out);
    int fd = ir_io_open(dirfd, name, O_NOFOLLOW);
    if (fd < 0) return fd;
    ssize_t n = 0;
    while (out->n < out->max - 1) {
        size_t want = out->n < (1u << 12) ? 1u << 12 : out->n;
        if (want > out->max - 1 - out->n) want = out->max - 1 - out->n;
        if (!ir_buf_reserve(out, want)) break;
        n = ir_io_read(fd, out->p + out->n, want);
        if (n <= 0) break;
        out->n += (size_t)n;
    }
    if (out->p != NULL) out->p[out->n] = '\0';
    close(fd);
    return n < 0 ? (int)n : 0;
}

int ir_live_link(int dirfd, const char *name, struct ir_buf *out)
{
    ir_buf_clear(out);
    if (!ir_buf_reserve(out, 1 << 13)) return -ENOMEM;
    ssize_t n = readlinkat(dirfd, name, out->p, 1 << 13);
    if (n < 0) return -errno;
    out->n = (size_t)n;
    out->p[n] = '\0';
    return 0;
}

const struct ir_live_process *ir_live_process_find(const struct ir_live *l, uint32_t pid)
{
    size_t lo = 0, hi = l->nprocesses;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (l->processes[mid].pid < pid)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < l->nprocesses && l->processes[lo].pid == pid ? &l->processes[lo] : NULL;
}
