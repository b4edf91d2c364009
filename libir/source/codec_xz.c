/*
 * xz (The .xz File Format, 1.1.0), by liblzma. One stream at a time; padding between streams is
 * decode.c's.
 */
#include "base/intl.h"
#include "source/codec.h"
#include "source/reader.h"

#include <lzma.h>
#include <stdlib.h>

struct xz {
    lzma_stream s;
    bool unchecked; /* the stream's check is of a kind that this liblzma does not know */
};

static bool xz_magic(struct ir_str head)
{
    return ir_str_starts(head, IR_S("\xfd"
                                    "7zXZ\0"));
}

static void *xz_open(void)
{
    struct xz *x = calloc(1, sizeof *x);
    if (x != NULL) x->s = (lzma_stream)LZMA_STREAM_INIT;
    return x;
}

static bool xz_restart(void *st)
{
    struct xz *x = st;
    x->unchecked = false;
    return lzma_stream_decoder(&x->s, IR_READER_MEM_MAX, LZMA_TELL_UNSUPPORTED_CHECK) == LZMA_OK;
}

static enum ir_codec_step xz_step(void *st, struct ir_codec_io *io)
{
    struct xz *x = st;
    x->s.next_in = io->in;
    x->s.avail_in = io->nin;
    x->s.next_out = io->out;
    x->s.avail_out = io->nout;
    lzma_ret rc = lzma_code(&x->s, LZMA_RUN);
    if (rc == LZMA_UNSUPPORTED_CHECK) {
        x->unchecked = true;
        rc = lzma_code(&x->s, LZMA_RUN);
    }
    io->in = x->s.next_in;
    io->nin = x->s.avail_in;
    io->out = x->s.next_out;
    io->nout = x->s.avail_out;
    io->why = NULL;
    switch (rc) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: return IR_STEP_MORE;
    case LZMA_STREAM_END:
        if (x->unchecked)
            io->why = N_("its check is of an unknown kind, so the data is not verified");
        return IR_STEP_MEMBER;
    case LZMA_MEMLIMIT_ERROR:
        io->why = N_("it wants more memory than the limit of 80 MiB");
        return IR_STEP_REFUSED;
    case LZMA_MEM_ERROR: io->why = "out of memory"; return IR_STEP_REFUSED;
    case LZMA_OPTIONS_ERROR: io->why = N_("unsupported options"); return IR_STEP_DAMAGED;
    default: io->why = N_("the data is corrupt"); return IR_STEP_DAMAGED;
    }
}

static void xz_close(void *st)
{
    struct xz *x = st;
    lzma_end(&x->s);
    free(x);
}

const struct ir_codec_ops ir_codec_xz = {
    .name = "xz",
    .suffix = ".xz",
    .first = 0xfd,
    .padding = 4,
    .magic = xz_magic,
    .open = xz_open,
    .restart = xz_restart,
    .step = xz_step,
    .close = xz_close,
};
