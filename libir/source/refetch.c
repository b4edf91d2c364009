/*
 * Second reading of chosen ranges: a window slides over the input, by pread where that is possible.
 */
#include "source/refetch.h"

#include "source/blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef IR_TINY
#define CHUNK ((size_t)1024)
#define AHEAD ((size_t)256)
#else
#define CHUNK ((size_t)256 << 10)
#define AHEAD ((size_t)16 << 10)
#endif

struct window {
    struct ir_reader *r;
    char *p;
    size_t start, end, cap; /* p[start] is byte `offset` of the input */
    uint64_t offset;
    int rc;       /* IR_OK while more can come */
    bool lacking; /* some range came short */
    struct ir_err err;
};

static int window_room(struct window *w, size_t want)
{
    if (w->cap - w->start >= want) return IR_OK;
    if (w->start > 0) memmove(w->p, w->p + w->start, w->end - w->start);
    w->end -= w->start;
    w->start = 0;
    if (w->cap >= want) return IR_OK;
    char *p = realloc(w->p, want);
    if (p == NULL) return IR_FATAL;
    w->p = p;
    w->cap = want;
    return IR_OK;
}

/* Reads on behind the window; damage in between is no reason to stop, offsets go on behind it. */
static void read_more(struct window *w, size_t room)
{
    size_t n = 0;
    struct ir_err err = {0};
    int rc = ir_reader_read(w->r, w->p + w->end, room, &n, &err);
    w->end += n;
    if (rc == IR_WARN) {
        w->err = err;
    } else if (rc != IR_OK) {
        w->rc = rc;
        if (rc == IR_FATAL) w->err = err;
    }
}

/* Brings the window's start to offset, and to it as much of n bytes as there is. */
static int slide(struct window *w, uint64_t offset, size_t n)
{
    for (;;) {
        size_t have = w->end - w->start;
        uint64_t skip = offset - w->offset;
        if (skip > have) skip = have;
        w->start += (size_t)skip;
        w->offset += skip;
        if ((w->offset == offset && w->end - w->start >= n) || w->rc != IR_OK) return IR_OK;
        if (w->offset != offset) w->start = w->end = 0;
        if (window_room(w, (w->offset == offset ? n : 0) + CHUNK) != IR_OK) return IR_FATAL;
        read_more(w, w->cap - w->end);
    }
}

/* By pread, a little more than asked for: ranges are sorted and often lie close together. */
static int at_place(struct window *w, const struct ir_range *range, size_t n)
{
    uint64_t skip = range->offset - w->offset;
    if (range->offset >= w->offset && skip <= w->end && w->end - skip >= n) {
        w->start = (size_t)skip;
        return IR_OK;
    }
    size_t have = 0, want = n > AHEAD ? n : AHEAD;
    w->start = w->end = 0;
    w->offset = range->offset;
    if (window_room(w, want) != IR_OK) return IR_FATAL;
    if (n > 0 && ir_reader_pread(w->r, w->p, want, range->offset, &have) == IR_FATAL)
        ir_fail(&w->err, IR_WARN, "cannot be read at byte %llu", (unsigned long long)range->offset);
    w->end = have;
    return IR_OK;
}

static int fetch_all(struct window *w, const struct ir_range *ranges, size_t n,
                     void (*got)(void *user, size_t i, struct ir_str bytes), void *user)
{
    bool seekable = ir_reader_seekable(w->r);
    for (size_t i = 0; i < n; i++) {
        size_t len = ranges[i].length < IR_RECORD_MAX ? (size_t)ranges[i].length : IR_RECORD_MAX;
        int rc = seekable ? at_place(w, &ranges[i], len) : slide(w, ranges[i].offset, len);
        if (rc != IR_OK) return rc;
        size_t have = w->end - w->start;
        if (!seekable && w->offset != ranges[i].offset) have = 0;
        if (have > len) have = len;
        if (have + ranges[i].optional < ranges[i].length) w->lacking = true;
        got(user, i, ir_str_n(have > 0 ? w->p + w->start : "", have));
    }
    return IR_OK;
}

static int open_again(const struct ir_input *in, struct ir_reader **ret_r, struct ir_err *err)
{
    struct stat st;
    if (!in->is_stdin) return ir_reader_open(in, ret_r, err);
    ir_err_at(err, in->path, -1, 0);
    int fd = in->spool_fd >= 0 ? in->spool_fd : STDIN_FILENO;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return ir_fail(err, IR_FATAL, "standard input was a pipe, and no copy of it was kept");
    if (fd == in->spool_fd && lseek(fd, 0, SEEK_SET) < 0)
        return ir_fail(err, IR_FATAL, "the copy of standard input cannot be read: %s",
                       strerror(errno));
    return ir_reader_open_fd(fd, in->path, ret_r, err);
}

int ir_refetch(const struct ir_input *in, const struct ir_range *ranges, size_t n,
               void (*got)(void *user, size_t i, struct ir_str bytes), void *user,
               struct ir_err *err)
{
    struct window w = {0};
    for (size_t i = 1; i < n; i++)
        if (ranges[i].offset < ranges[i - 1].offset)
            return ir_fail(err, IR_BAD, "ranges to read again are not sorted");
    if (n == 0) return IR_OK;
    int rc = open_again(in, &w.r, err);
    if (rc != IR_OK) return rc;
    rc = fetch_all(&w, ranges, n, got, user);
    if (rc != IR_OK) {
        ir_fail(err, rc, "out of memory");
    } else if (w.lacking) {
        rc = ir_fail(err, IR_WARN, "some records could not be read again: %s",
                     w.err.msg[0] ? w.err.msg : "the input is shorter than before");
    }
    ir_reader_close(w.r);
    free(w.p);
    return rc;
}
