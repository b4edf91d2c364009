/*
 * bzip2, by libbz2. One stream at a time.
 */
#include "source/codec.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

struct bz {
    bz_stream s;
    bool started;
};

/* "BZh", the block size, then the start of the first block (pi) or of an empty stream's end
 * (sqrt(pi)). */
static bool bzip2_magic(struct ir_str head)
{
    if (head.n < 4 || memcmp(head.p, "BZh", 3) != 0 || head.p[3] < '1' || head.p[3] > '9')
        return false;
    size_t n = head.n < 10 ? head.n - 4 : 6;
    return memcmp(head.p + 4, "1AY&SY", n) == 0 ||
           memcmp(head.p + 4, "\x17\x72\x45\x38\x50\x90", n) == 0;
}

static void *bzip2_open(void)
{
    return calloc(1, sizeof(struct bz));
}

static bool bzip2_restart(void *st)
{
    struct bz *b = st;
    if (b->started) BZ2_bzDecompressEnd(&b->s);
    b->s = (bz_stream){0};
    b->started = BZ2_bzDecompressInit(&b->s, 0, 0) == BZ_OK;
    return b->started;
}

static enum ir_codec_step bzip2_step(void *st, struct ir_codec_io *io)
{
    struct bz *b = st;
    unsigned in = io->nin < UINT_MAX ? (unsigned)io->nin : UINT_MAX;
    unsigned out = io->nout < UINT_MAX ? (unsigned)io->nout : UINT_MAX;
    b->s.next_in = (char *)(uintptr_t)io->in; /* libbz2 has no const; it does not write */
    b->s.avail_in = in;
    b->s.next_out = (char *)io->out;
    b->s.avail_out = out;
    int rc = BZ2_bzDecompress(&b->s);
    io->in += in - b->s.avail_in;
    io->nin -= in - b->s.avail_in;
    io->out += out - b->s.avail_out;
    io->nout -= out - b->s.avail_out;
    io->why = NULL;
    switch (rc) {
    case BZ_OK: return IR_STEP_MORE;
    case BZ_STREAM_END: return IR_STEP_MEMBER;
    case BZ_MEM_ERROR: io->why = "out of memory"; return IR_STEP_REFUSED;
    default: io->why = "the data is corrupt"; return IR_STEP_DAMAGED;
    }
}

static void bzip2_close(void *st)
{
    struct bz *b = st;
    if (b->started) BZ2_bzDecompressEnd(&b->s);
    free(b);
}

const struct ir_codec_ops ir_codec_bzip2 = {
    .name = "bzip2",
    .suffix = ".bz2",
    .first = 'B',
    .magic = bzip2_magic,
    .open = bzip2_open,
    .restart = bzip2_restart,
    .step = bzip2_step,
    .close = bzip2_close,
};
