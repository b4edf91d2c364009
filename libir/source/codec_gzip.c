/*
 * gzip, RFC 1952, by zlib. One member at a time.
 */
#include "source/codec.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

/* Header, method "deflate", no reserved flag; then (when the bytes are there) a known extra flag
 * and system, so that a search through damaged data does not stop at every 1f 8b. */
static bool gzip_magic(struct ir_str head)
{
    const unsigned char *p = (const unsigned char *)head.p;
    if (head.n < 3 || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8) return false;
    if (head.n > 3 && (p[3] & 0xe0) != 0) return false;
    if (head.n > 8 && p[8] != 0 && p[8] != 2 && p[8] != 4) return false;
    return head.n <= 9 || p[9] <= 19 || p[9] == 255;
}

static void *gzip_open(void)
{
    z_stream *z = calloc(1, sizeof *z);
    if (z != NULL && inflateInit2(z, 15 + 16) != Z_OK) {
        free(z);
        z = NULL;
    }
    return z;
}

static bool gzip_restart(void *st)
{
    return inflateReset(st) == Z_OK;
}

static enum ir_codec_step gzip_step(void *st, struct ir_codec_io *io)
{
    z_stream *z = st;
    z->next_in = (z_const Bytef *)io->in;
    z->avail_in = io->nin < UINT_MAX ? (uInt)io->nin : UINT_MAX;
    z->next_out = io->out;
    z->avail_out = io->nout < UINT_MAX ? (uInt)io->nout : UINT_MAX;
    int rc = inflate(z, Z_NO_FLUSH);
    io->nin -= (size_t)(z->next_in - io->in);
    io->in = z->next_in;
    io->nout -= (size_t)(z->next_out - io->out);
    io->out = z->next_out;
    io->why = z->msg;
    if (rc == Z_OK || rc == Z_BUF_ERROR) return IR_STEP_MORE;
    if (rc == Z_STREAM_END) {
        io->why = NULL;
        return IR_STEP_MEMBER;
    }
    if (rc == Z_MEM_ERROR) {
        io->why = "out of memory";
        return IR_STEP_REFUSED;
    }
    return IR_STEP_DAMAGED;
}

static void gzip_close(void *st)
{
    inflateEnd(st);
    free(st);
}

const struct ir_codec_ops ir_codec_gzip = {
    .name = "gzip",
    .suffix = ".gz",
    .first = 0x1f,
    .magic = gzip_magic,
    .open = gzip_open,
    .restart = gzip_restart,
    .step = gzip_step,
    .close = gzip_close,
};
