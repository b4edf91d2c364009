/*
 * Zstandard, RFC 8878, by libzstd. One frame at a time; skippable frames count as empty members.
 */
#include "base/intl.h"
#include "source/codec.h"
#include "source/reader.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define BLOCK_HEADER 3u

struct zst {
    ZSTD_DCtx *z;
    size_t hint; /* input bytes that complete the block and the header of the one behind it */
    bool full;   /* the last call filled the output: more of the same block may wait inside */
};

static bool zstd_magic(struct ir_str head)
{
    const unsigned char *p = (const unsigned char *)head.p;
    if (head.n < 4) return false;
    if ((p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18) return true;
    if (p[0] != 0x28 || p[1] != 0xb5 || p[2] != 0x2f || p[3] != 0xfd) return false;
    return head.n < 5 || (p[4] & 0x08) == 0; /* the reserved bit */
}

static void *zstd_open(void)
{
    struct zst *z = calloc(1, sizeof *z);
    if (z == NULL) return NULL;
    z->z = ZSTD_createDCtx();
    if (z->z == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(z->z, ZSTD_d_windowLogMax,
                                                            IR_READER_ZSTD_WINDOW_LOG))) {
        ZSTD_freeDCtx(z->z);
        free(z);
        return NULL;
    }
    return z;
}

static bool zstd_restart(void *st)
{
    struct zst *z = st;
    z->full = false;
    z->hint = ZSTD_initDStream(z->z);
    return !ZSTD_isError(z->hint);
}

/* On an error libzstd forgets the output of the same call. So it gets one block at a time, without
 * the header of the next, and nothing while output of the block before may wait inside: then what
 * stood before the damage is never lost, and how much that is does not depend on the caller's
 * buffer. */
static enum ir_codec_step zstd_step(void *st, struct ir_codec_io *io)
{
    struct zst *z = st;
    io->why = NULL;
    for (;;) {
        size_t take = z->full ? 0 : z->hint > BLOCK_HEADER ? z->hint - BLOCK_HEADER : z->hint;
        if (take > io->nin) take = io->nin;
        bool was_full = z->full;
        ZSTD_inBuffer in = {io->in, take, 0};
        ZSTD_outBuffer out = {io->out, io->nout, 0};
        size_t rc = ZSTD_decompressStream(z->z, &out, &in);
        if (ZSTD_isError(rc)) {
            io->why = ZSTD_getErrorName(rc);
            ZSTD_ErrorCode code = ZSTD_getErrorCode(rc);
            if (code == ZSTD_error_frameParameter_windowTooLarge)
                io->why = N_("it wants a window above the limit of 128 MiB");
            return code == ZSTD_error_frameParameter_windowTooLarge ||
                           code == ZSTD_error_memory_allocation
                       ? IR_STEP_REFUSED
                       : IR_STEP_DAMAGED;
        }
        io->in += in.pos;
        io->nin -= in.pos;
        io->out += out.pos;
        io->nout -= out.pos;
        z->hint = rc;
        if (rc == 0) return IR_STEP_MEMBER;
        z->full = io->nout == 0;
        if (io->nout == 0 || (in.pos == 0 && out.pos == 0 && !was_full)) return IR_STEP_MORE;
    }
}

static void zstd_close(void *st)
{
    struct zst *z = st;
    ZSTD_freeDCtx(z->z);
    free(z);
}

const struct ir_codec_ops ir_codec_zstd = {
    .name = "zstd",
    .suffix = ".zst",
    .first = 0x28,
    .magic = zstd_magic,
    .open = zstd_open,
    .restart = zstd_restart,
    .step = zstd_step,
    .close = zstd_close,
};
