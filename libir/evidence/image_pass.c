/*
 * The passes over the source of an image (see image.h): all that reads well, then what failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/image_int.h"

static int mark(struct ir_image_work *w, uint64_t at, uint64_t n, char status)
{
    if (ir_rescue_mark(&w->map, at, n, status)) return IR_OK;
    ir_err_at(w->err, w->job->path, (int64_t)at, 0);
    return ir_fail(w->err, IR_FATAL, "has too many bad areas, or memory is out");
}

/* Errors after which no other place of the source can be read either. */
static int gone(struct ir_image_work *w, uint64_t at, int why)
{
    if (why != ENODEV && why != ENXIO && why != ENOMEDIUM && why != EBADF) return IR_OK;
    ir_err_at(w->err, w->job->path, (int64_t)at, 0);
    return ir_fail(w->err, IR_FATAL, "is gone: %-s", ir_errno_text(why));
}

/* As much as is there; past the page cache where that was asked for and works. */
static ssize_t read_source(struct ir_image_work *w, char *buf, size_t n, uint64_t at)
{
    const struct ir_drive *d = w->job->drive;
    if (w->job->direct && d->direct >= 0 && n % d->sector == 0) {
        ssize_t got = ir_io_pread_full(d->direct, buf, n, at);
        if (got != -EINVAL) return got;
    }
    return ir_io_pread_full(d->fd, buf, n, at);
}

/* Of `got` bytes, fewer than were wanted, those before the sector that gave the error; all of them
 * at the end of the source. */
static size_t before_error(struct ir_image_work *w, size_t got, uint64_t at)
{
    char one;
    if (got == 0 || ir_io_pread_full(w->job->drive->fd, &one, 1, at + got) == 0) return got;
    return got - got % w->job->drive->sector;
}

struct copying {
    uint64_t at, end; /* of the area that is copied */
    bool clean;       /* no error in this piece so far */
    bool ended;       /* the source ended here */
};

/* One chunk, within one piece. */
static int copy_chunk(struct ir_image_work *w, struct copying *c)
{
    uint64_t piece_end = (c->at / IR_IMAGE_PIECE + 1) * IR_IMAGE_PIECE;
    uint64_t end = c->end < piece_end ? c->end : piece_end;
    size_t want = end - c->at < IR_PUMP_CHUNK ? (size_t)(end - c->at) : IR_PUMP_CHUNK;
    char *buf = w->whole ? ir_pump_buffer(w->pump) : w->chunk;
    ssize_t got = read_source(w, buf, want, c->at);
    size_t n = got > 0 ? (size_t)got : 0;
    if (n > 0 && n < want) n = before_error(w, n, c->at);
    if (got < 0 || (got > 0 && n == 0)) {
        int rc = got < 0 ? gone(w, c->at, (int)-got) : IR_OK;
        if (rc == IR_OK) rc = mark(w, c->at, want, '*');
        if (rc == IR_OK) rc = ir_image_out_zeros(w, want, c->at);
        w->whole = c->clean = false;
        c->at += want;
        return rc;
    }
    c->ended = n == 0;
    if (n == 0) return IR_OK;
    if (w->whole) ir_pump_put(w->pump, n);
    ir_digest_add(&w->digest, buf, n);
    int rc = ir_image_out_write(w, buf, n, c->at);
    if (rc == IR_OK) rc = mark(w, c->at, n, '+');
    c->at += n;
    return rc;
}

/* The digest of the piece that ends here, if all of it was read in this run. */
static int end_piece(struct ir_image_work *w, const struct copying *c)
{
    struct ir_digest_sum sum;
    if (!c->clean) return IR_OK;
    uint64_t i = (c->at - 1) / IR_IMAGE_PIECE;
    if (!ir_digest_end(&w->digest, &sum)) return ir_fail(w->err, IR_FATAL, "a digest failed");
    memcpy(w->piece[i], sum.v[IR_SHA256], IR_HASH_BYTES);
    return ir_image_piece_done(w, i);
}

/* The source ended before its size: what was there is the image. */
static int cut(struct ir_image_work *w, struct copying *c)
{
    w->r->changed = N_("shrank while it was read: what was there is taken");
    ir_rescue_cut(&w->map, c->at);
    w->npieces = (c->at + IR_IMAGE_PIECE - 1) / IR_IMAGE_PIECE;
    return c->at % IR_IMAGE_PIECE != 0 ? end_piece(w, c) : IR_OK;
}

int ir_image_copy(struct ir_image_work *w)
{
    struct ir_rescue_area a;
    struct copying c = {0};
    int rc = IR_OK;
    w->status = '?';
    w->pass = 1;
    w->whole = !w->job->resume;
    struct ir_digest_sum sum;
    ir_pump_begin(w->pump);
    while (rc == IR_OK && !c.ended && ir_rescue_find(&w->map, c.at, '?', &a)) {
        if (a.pos != c.at || a.pos % IR_IMAGE_PIECE == 0) {
            c.clean = a.pos % IR_IMAGE_PIECE == 0;
            ir_digest_begin(&w->digest);
        }
        c.at = a.pos;
        c.end = a.pos + a.size;
        do
            rc = copy_chunk(w, &c);
        while (rc == IR_OK && !c.ended && c.at < c.end && c.at % IR_IMAGE_PIECE != 0);
        if (rc == IR_OK && c.ended)
            rc = cut(w, &c);
        else if (rc == IR_OK && (c.at % IR_IMAGE_PIECE == 0 || c.at == w->map.size))
            rc = end_piece(w, &c);
        ir_image_tell(w);
    }
    bool digested = ir_pump_end(w->pump, &sum);
    if (w->whole) w->r->sum = sum;
    if (rc != IR_OK) return rc;
    return digested ? IR_OK : ir_fail(w->err, IR_FATAL, "a digest failed");
}

/* One sector of a bad area. *ret_good: it could be read now, and is in the copies. */
static int sector(struct ir_image_work *w, uint64_t at, char bad, bool *ret_good)
{
    const struct ir_drive *d = w->job->drive;
    uint64_t left = w->map.size - at;
    size_t n = left < d->sector ? (size_t)left : d->sector;
    ssize_t got = -EINVAL;
    if (d->direct >= 0 && n == d->sector) got = ir_io_pread_full(d->direct, w->sector, n, at);
    if (got == -EINVAL) got = ir_io_pread_full(d->fd, w->sector, n, at);
    *ret_good = got == (ssize_t)n;
    int rc = got < 0 ? gone(w, at, (int)-got) : IR_OK;
    if (rc == IR_OK && *ret_good) rc = ir_image_out_write(w, w->sector, n, at);
    if (rc == IR_OK) rc = mark(w, at, n, *ret_good ? '+' : bad);
    if (rc == IR_OK) rc = ir_image_save_late(w, at);
    return rc;
}

/* From both ends of each failed block to its first bad sector; what is between is for scraping. */
int ir_image_trim(struct ir_image_work *w)
{
    struct ir_rescue_area a;
    uint64_t size = w->job->drive->sector, at = 0;
    int rc = IR_OK;
    w->status = '*';
    while (rc == IR_OK && ir_rescue_find(&w->map, at, '*', &a)) {
        uint64_t from = a.pos, to = a.pos + a.size;
        bool good = true;
        for (; rc == IR_OK && good && from < to; from += from + size < to ? size : to - from)
            rc = sector(w, from, '-', &good);
        for (good = true; rc == IR_OK && good && from < to;) {
            uint64_t part = (to - from) % size != 0 ? (to - from) % size : size;
            to -= part;
            rc = sector(w, to, '-', &good);
        }
        if (rc == IR_OK && from < to) rc = mark(w, from, to - from, '/');
        at = a.pos + a.size;
        ir_image_tell(w);
    }
    return rc;
}

/* Each sector of all areas of a status. */
static int each_sector(struct ir_image_work *w, char status)
{
    struct ir_rescue_area a;
    uint64_t at = 0, size = w->job->drive->sector;
    bool good;
    int rc = IR_OK;
    while (rc == IR_OK && ir_rescue_find(&w->map, at, status, &a)) {
        uint64_t end = a.pos + a.size;
        for (at = a.pos; rc == IR_OK && at < end; at += size) {
            rc = sector(w, at, '-', &good);
            ir_image_tell(w);
        }
    }
    return rc;
}

int ir_image_scrape(struct ir_image_work *w)
{
    w->status = '/';
    return each_sector(w, '/');
}

int ir_image_retry(struct ir_image_work *w)
{
    int rc = IR_OK;
    w->status = '-';
    for (w->pass = 1; rc == IR_OK && w->pass <= w->job->retries; w->pass++)
        rc = each_sector(w, '-');
    w->pass = 1;
    return rc;
}
