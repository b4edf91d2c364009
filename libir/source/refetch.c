/*
 * Second reading of chosen ranges: a window slides over the input, by pread where that is possible.
 */
#include "source/refetch.h"

#include "base/intl.h"
#include "source/blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef IR_TINY
#define CHUNK ((size_t)1024)
#define GAP   ((size_t)64)
#else
#define CHUNK ((size_t)256 << 10)
#define GAP   ((size_t)2048) /* so much between two ranges is read with them */
#endif

struct window {
    struct ir_reader *r;
    char *p;
    size_t start, end, cap; /* p[start] is byte `offset` of the input */
    uint64_t offset;
    char *text; /* of a converted range */
    size_t cap_text;
    const struct ir_charset *charset;
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

/* How many bytes of the input a range is read with. Converted: an escape sequence for each
 * character, at most. */
static size_t span_of(const struct ir_range *range, enum ir_encoding e, size_t *ret_size)
{
    const size_t len = range->length < IR_RECORD_MAX ? (size_t)range->length : IR_RECORD_MAX;
    const size_t around = (size_t)(range->lead + range->optional);
    *ret_size = len > around ? len - around : 0;
    return e == IR_ENC_UTF8 ? len : around + 4 * *ret_size + 256;
}

/* With the ranges that lie close behind, so that one reading does for them. */
static size_t with_next(const struct ir_range *range, size_t n, enum ir_encoding e, size_t want)
{
    for (size_t i = 1, size; i < n; i++) {
        const uint64_t at = range[i].offset - range->offset;
        if (at > want + GAP || at > CHUNK) break;
        const size_t end = (size_t)at + span_of(&range[i], e, &size);
        if (end > CHUNK) break;
        if (end > want) want = end;
    }
    return want;
}

/* By pread. range[1..n) are those to come. */
static int at_place(struct window *w, const struct ir_range *range, size_t n, enum ir_encoding e,
                    size_t size)
{
    uint64_t skip = range->offset - w->offset;
    if (range->offset >= w->offset && skip <= w->end && w->end - skip >= size) {
        w->start = (size_t)skip;
        return IR_OK;
    }
    const size_t want = with_next(range, n, e, size);
    size_t have = 0;
    w->start = w->end = 0;
    w->offset = range->offset;
    if (window_room(w, want) != IR_OK) return IR_FATAL;
    if (size > 0 && ir_reader_pread(w->r, w->p, want, range->offset, &have) == IR_FATAL)
        ir_fail(&w->err, IR_WARN, "cannot be read at byte %llu", (unsigned long long)range->offset);
    w->end = have;
    return IR_OK;
}

/* More text behind the first `at` bytes, at most n of it. Returns how much, and moves *raw on. */
static size_t more_text(struct window *w, struct ir_decoder *d, size_t at, size_t n,
                        struct ir_str *raw)
{
    struct ir_decode_io io = {
        .raw = raw->p, .nraw = raw->n, .text = w->text + at, .ntext = n + 3, .last = true};
    ir_decode(d, &io); /* ends when n bytes are there */
    *raw = ir_str_n(io.raw, io.nraw);
    return n + 3 - io.ntext;
}

/* From the first line on that begins in it. Lines of the record's own file: in UTF-16 units are
 * counted from its end. */
static struct ir_str whole_lines(struct ir_str lead, enum ir_encoding e)
{
    const bool wide = e == IR_ENC_UTF16LE || e == IR_ENC_UTF16BE;
    const unsigned low = e == IR_ENC_UTF16BE;
    for (size_t i = wide ? lead.n % 2 : 0; i < lead.n; i += wide ? 2 : 1) {
        if (!wide && lead.p[i] == '\n') return ir_str_skip(lead, i + 1);
        if (wide && i + 1 < lead.n && lead.p[i + low] == '\n' && lead.p[i + 1 - low] == '\0')
            return ir_str_skip(lead, i + 2);
    }
    return ir_str_n(lead.p, 0);
}

/* The record of `size` bytes of text and what stands around it. */
static bool to_text(struct window *w, enum ir_encoding e, const struct ir_range *range, size_t size,
                    struct ir_str raw, struct ir_fetched *ret_f)
{
    const size_t room = 3 * ((size_t)range->lead + (size_t)range->optional) + size + 16;
    struct ir_decoder d = {.cs = w->charset, .encoding = e};
    struct ir_str lead = ir_str_head(raw, (size_t)range->lead), rest = ir_str_skip(raw, lead.n);
    if (w->cap_text < room) {
        char *p = realloc(w->text, room);
        if (p == NULL) return false;
        w->text = p;
        w->cap_text = room;
    }
    lead = range->offset > 0 ? whole_lines(lead, e) : ir_str_skip(lead, ir_charset_bom(e, lead));
    ret_f->lead = more_text(w, &d, 0, 3 * lead.n, &lead);
    d.state = 0;
    ret_f->raw = rest;
    ret_f->size = more_text(w, &d, ret_f->lead, size, &rest);
    /* what brings a record back to ASCII belongs to it */
    if (d.state != 0 && ir_str_starts(rest, IR_S("\x1b("))) rest = ir_str_skip(rest, 3);
    ret_f->raw.n -= rest.n;
    const bool full = rest.n > range->optional;
    size_t n = ret_f->lead + ret_f->size;
    rest = ir_str_head(rest, (size_t)range->optional);
    const size_t after = more_text(w, &d, n, 3 * rest.n, &rest);
    const size_t last = full ? ir_str_rchr(ir_str_n(w->text + n, after), '\n') : after;
    n += !full ? after : last == IR_NPOS ? 0 : last + 1;
    ret_f->text = ir_str_n(w->text, n);
    return true;
}

/* The first of n ranges. */
static int fetch_one(struct window *w, enum ir_encoding e, const struct ir_range *range, size_t n,
                     struct ir_fetched *ret_f)
{
    const bool seekable = ir_reader_seekable(w->r), plain = e == IR_ENC_UTF8;
    const size_t around = (size_t)(range->lead + range->optional);
    size_t size;
    const size_t want = span_of(range, e, &size);
    int rc = seekable ? at_place(w, range, n, e, want) : slide(w, range->offset, want);
    if (rc != IR_OK) return rc;
    size_t have = w->end - w->start;
    if (!seekable && w->offset != range->offset) have = 0;
    if (have > want) have = want;
    const struct ir_str all = ir_str_n(have > 0 ? w->p + w->start : "", have);
    const struct ir_str raw = ir_str_head(ir_str_skip(all, (size_t)range->lead), size);
    *ret_f = (struct ir_fetched){all, (size_t)range->lead, raw.n, raw};
    if (!plain && !to_text(w, e, range, size, all, ret_f)) return IR_FATAL;
    if (ret_f->size < range->length - around) w->lacking = true;
    return IR_OK;
}

static int fetch_all(struct window *w, enum ir_encoding encoding, const struct ir_range *ranges,
                     size_t n, ir_got_fn *got, void *user)
{
    for (size_t i = 0; i < n; i++) {
        struct ir_fetched f;
        int rc = fetch_one(w, encoding, &ranges[i], n - i, &f);
        if (rc != IR_OK) return rc;
        got(user, i, &f);
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
        return ir_fail(err, IR_FATAL, "the copy of standard input cannot be read: %-s",
                       ir_errno_text(errno));
    return ir_reader_open_fd(fd, in->path, ret_r, err);
}

int ir_refetch(const struct ir_input *in, enum ir_encoding encoding, const struct ir_range *ranges,
               size_t n, ir_got_fn *got, void *user, struct ir_err *err)
{
    struct window w = {.charset = in->charset};
    for (size_t i = 1; i < n; i++)
        if (ranges[i].offset < ranges[i - 1].offset)
            return ir_fail(err, IR_BAD, "ranges to read again are not sorted");
    if (n == 0) return IR_OK;
    int rc = open_again(in, &w.r, err);
    if (rc != IR_OK) return rc;
    rc = fetch_all(&w, encoding, ranges, n, got, user);
    if (rc != IR_OK) {
        ir_fail(err, rc, "out of memory");
    } else if (w.lacking) {
        rc = ir_fail(err, IR_WARN, "some records could not be read again: %-s",
                     w.err.msg[0] ? w.err.msg : N_("the input is shorter than before"));
    }
    ir_reader_close(w.r);
    free(w.p);
    free(w.text);
    return rc;
}
