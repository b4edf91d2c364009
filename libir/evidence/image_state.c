/*
 * What an interrupted run leaves for the next: the map, and the digests of the pieces that were
 * read without an error (see image.h).
 *
 *     # comment
 *     <offset> <length> <SHA-256>      decimal; a piece that is not there was not read yet
 *
 * Only our own runs write here, but a power cut may leave anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/files.h"
#include "evidence/image_int.h"

#define SAVE_EACH_NS ((int64_t)5000000000)
#define PIECES_MAX   ((size_t)1 << 30)

uint64_t ir_image_piece_size(const struct ir_image_work *w, uint64_t i)
{
    uint64_t left = w->map.size - i * IR_IMAGE_PIECE;
    return left < IR_IMAGE_PIECE ? left : IR_IMAGE_PIECE;
}

int ir_image_save(struct ir_image_work *w, uint64_t at)
{
    struct ir_buf b = IR_BUF(IR_RESCUE_TEXT_MAX + 4096);
    int rc = IR_OK;
    /* A piece with errors has no digest that tells whether it reached the medium. */
    if (ir_image_failed(w) > 0)
        for (unsigned i = 0; i < w->nout; i++)
            if (fdatasync(w->out[i].raw) != 0) errno = 0; /* the end of the run tells */
    ir_rescue_write(&w->map,
                    w->status == '+' ? "# Mapfile of GNU ddrescue's format. Created by ir\n"
                                       "# Finished\n"
                                     : "# Mapfile of GNU ddrescue's format. Created by ir\n",
                    at, w->status, w->pass, &b);
    if (b.full) return ir_fail(w->err, IR_FATAL, "memory is out for the map");
    for (unsigned i = 0; rc == IR_OK && i < w->nout; i++)
        rc = ir_file_replace(w->out[i].dir, w->map_name, 0600, ir_buf_view(&b), w->err);
    ir_buf_free(&b);
    w->saved = ir_image_clock();
    return rc;
}

int ir_image_save_late(struct ir_image_work *w, uint64_t at)
{
    return ir_image_clock() < w->saved + SAVE_EACH_NS ? IR_OK : ir_image_save(w, at);
}

static void piece_line(const struct ir_image_work *w, uint64_t i, struct ir_buf *b)
{
    char hex[IR_HASH_TEXT];
    ir_hex(w->piece[i], IR_HASH_BYTES, hex);
    ir_buf_fmt(b, "%" PRIu64 " %" PRIu64 " %s\n", i * IR_IMAGE_PIECE, ir_image_piece_size(w, i),
               hex);
}

int ir_image_pieces_begin(struct ir_image_work *w)
{
    struct ir_buf b = IR_BUF(PIECES_MAX);
    char path[300];
    ir_buf_fmt(&b,
               "# SHA-256 of each piece of data/image/%s.raw: offset, length, digest. What could "
               "not be read counts as zeros.\n",
               w->job->name);
    for (uint64_t i = 0; i < w->npieces; i++)
        if (w->known[i]) piece_line(w, i, &b);
    int rc = b.full ? ir_fail(w->err, IR_FATAL, "memory is out")
                    : ir_exhibit_meta(w->x, w->pieces_name, ir_buf_view(&b), w->err);
    ir_buf_free(&b);
    if (rc != IR_OK) return rc;
    snprintf(path, sizeof path, "meta/%s", w->pieces_name);
    if (w->pieces_fd >= 0) close(w->pieces_fd);
    w->pieces_fd = openat(w->x->fd, path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    ir_err_at(w->err, path, -1, 0);
    return w->pieces_fd >= 0
               ? IR_OK
               : ir_fail(w->err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
}

int ir_image_piece_done(struct ir_image_work *w, uint64_t i)
{
    struct ir_buf b = IR_BUF(256);
    w->known[i] = true;
    piece_line(w, i, &b);
    int rc = ir_io_write_all(w->pieces_fd, b.p, b.n);
    ir_buf_free(&b);
    ir_err_at(w->err, w->pieces_name, -1, 0);
    if (rc != 0) return ir_fail(w->err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-rc));
    return ir_image_save(w, i * IR_IMAGE_PIECE + ir_image_piece_size(w, i));
}

/* Lines that are not whole and right are as if they were not there. */
static int load_pieces(struct ir_image_work *w)
{
    struct ir_buf text = IR_BUF(PIECES_MAX);
    char path[300];
    struct ir_str rest, line;
    bool ended;
    snprintf(path, sizeof path, "meta/%s", w->pieces_name);
    int rc = ir_file_read(w->x->fd, path, PIECES_MAX - 1, &text, w->err);
    for (rest = ir_buf_view(&text); rc == IR_OK && ir_str_line(&rest, &line, &ended);) {
        uint64_t at, n;
        unsigned char md[IR_HASH_BYTES];
        if (!ended || !ir_str_u64(ir_str_cut(&line, ' '), &at) || at % IR_IMAGE_PIECE != 0 ||
            at >= w->map.size || !ir_str_u64(ir_str_cut(&line, ' '), &n) ||
            n != ir_image_piece_size(w, at / IR_IMAGE_PIECE) || !ir_unhex(line, md, sizeof md))
            continue;
        memcpy(w->piece[at / IR_IMAGE_PIECE], md, sizeof md);
        w->known[at / IR_IMAGE_PIECE] = true;
    }
    ir_buf_free(&text);
    return rc == IR_END ? IR_OK : rc;
}

/* The digest of a piece of one copy; also into the pump when `pumped`. */
static int digest_piece(struct ir_image_work *w, const struct ir_image_out *o, uint64_t i,
                        bool pumped, unsigned char md[IR_HASH_BYTES])
{
    struct ir_digest_sum sum;
    uint64_t at = i * IR_IMAGE_PIECE, end = at + ir_image_piece_size(w, i);
    int rc = IR_OK;
    ir_digest_begin(&w->digest);
    while (rc == IR_OK && at < end) {
        size_t n = end - at < IR_PUMP_CHUNK ? (size_t)(end - at) : IR_PUMP_CHUNK;
        char *buf = pumped ? ir_pump_buffer(w->pump) : w->chunk;
        rc = ir_image_out_read(w, o, buf, n, at);
        if (rc == IR_OK && pumped) ir_pump_put(w->pump, n);
        if (rc == IR_OK) ir_digest_add(&w->digest, buf, n);
        at += n;
    }
    if (!ir_digest_end(&w->digest, &sum) && rc == IR_OK)
        rc = ir_fail(w->err, IR_FATAL, "a digest failed");
    if (rc == IR_OK) memcpy(md, sum.v[IR_SHA256], IR_HASH_BYTES);
    return rc;
}

/* A known piece must be in all copies. Of one that had errors the map is right, which was only
 * saved behind the data; any other is read anew. */
static int settle_piece(struct ir_image_work *w, uint64_t i)
{
    unsigned char md[IR_HASH_BYTES];
    uint64_t at = i * IR_IMAGE_PIECE, n = ir_image_piece_size(w, i);
    for (unsigned k = 0; w->known[i] && k < w->nout; k++) {
        int rc = digest_piece(w, &w->out[k], i, false, md);
        if (rc != IR_OK) return rc;
        w->known[i] = memcmp(md, w->piece[i], sizeof md) == 0;
    }
    ir_image_tell(w);
    if (!w->known[i] && ir_rescue_has(&w->map, at, n, "*/-")) return IR_OK;
    if (!ir_rescue_mark(&w->map, at, n, w->known[i] ? '+' : '?'))
        return ir_fail(w->err, IR_FATAL, "memory is out for the map");
    return IR_OK;
}

int ir_image_load(struct ir_image_work *w)
{
    struct ir_buf text = IR_BUF(IR_RESCUE_TEXT_MAX + 4096);
    struct ir_rescue m;
    uint64_t areas;
    int rc = ir_file_read(w->out[0].dir, w->map_name, IR_RESCUE_TEXT_MAX, &text, w->err);
    if (rc == IR_OK && ir_rescue_parse(ir_buf_view(&text), w->map.size, &m, w->err) == IR_OK) {
        ir_rescue_free(&w->map);
        w->map = m;
    } /* else all is as not tried; the pieces tell better */
    ir_buf_free(&text);
    rc = load_pieces(w);
    for (uint64_t i = 0; rc == IR_OK && i < w->npieces; i++)
        rc = settle_piece(w, i);
    w->r->kept = ir_rescue_bytes(&w->map, '+', &areas);
    return rc;
}

int ir_image_reread(struct ir_image_work *w)
{
    unsigned char md[IR_HASH_BYTES];
    int rc = IR_OK;
    ir_pump_begin(w->pump);
    for (uint64_t i = 0; rc == IR_OK && i < w->npieces; i++) {
        rc = digest_piece(w, &w->out[0], i, true, md);
        ir_err_at(w->err, w->out[0].where, (int64_t)(i * IR_IMAGE_PIECE), 0);
        if (rc == IR_OK && w->known[i] && memcmp(md, w->piece[i], sizeof md) != 0)
            rc = ir_fail(w->err, IR_BAD, "is not what was read from the source");
        memcpy(w->piece[i], md, sizeof md);
        w->known[i] = true;
        ir_image_tell(w);
    }
    if (!ir_pump_end(w->pump, &w->r->sum) && rc == IR_OK)
        rc = ir_fail(w->err, IR_FATAL, "a digest failed");
    return rc;
}
