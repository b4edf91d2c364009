/*
 * bzip2, by libbz2. One stream at a time.
 *
 * When libbz2 finds damage while it writes a block out, it forgets what the same call wrote.
 * Offsets behind the damage must not depend on the caller's buffer, so every call here ends at a
 * multiple of CHUNK; what the caller has no room for waits in `rest`.
 */
#include "source/codec.h"

#include "base/intl.h"
#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

#define CHUNK 4096u

struct bz {
    bz_stream s;
    bool started;
    uint64_t out; /* of this member */
    int rc;       /* said with the bytes in rest: kept until they are gone */
    size_t start, end;
    char rest[CHUNK];
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
    b->out = 0;
    b->rc = BZ_OK;
    b->start = b->end = 0;
    b->started = BZ2_bzDecompressInit(&b->s, 0, 0) == BZ_OK;
    return b->started;
}

static void give_rest(struct bz *b, struct ir_codec_io *io)
{
    size_t n = b->end - b->start < io->nout ? b->end - b->start : io->nout;
    if (n > 0) memcpy(io->out, b->rest + b->start, n);
    b->start += n;
    io->out += n;
    io->nout -= n;
}

/* One call of the library, up to the next multiple of CHUNK. */
static void decode(struct bz *b, struct ir_codec_io *io)
{
    unsigned in = io->nin < UINT_MAX ? (unsigned)io->nin : UINT_MAX;
    unsigned out = CHUNK - (unsigned)(b->out % CHUNK);
    bool direct = io->nout >= out;
    b->s.next_in = (char *)(uintptr_t)io->in; /* libbz2 has no const; it does not write */
    b->s.avail_in = in;
    b->s.next_out = direct ? (char *)io->out : b->rest;
    b->s.avail_out = out;
    b->rc = BZ2_bzDecompress(&b->s);
    io->in += in - b->s.avail_in;
    io->nin -= in - b->s.avail_in;
    out -= b->s.avail_out;
    b->out += out;
    b->start = b->end = 0;
    if (direct) {
        io->out += out;
        io->nout -= out;
    } else {
        b->end = out;
        give_rest(b, io);
    }
}

static enum ir_codec_step bzip2_step(void *st, struct ir_codec_io *io)
{
    struct bz *b = st;
    io->why = NULL;
    give_rest(b, io);
    while (b->rc == BZ_OK && b->start == b->end && io->nout > 0) {
        size_t nin = io->nin, nout = io->nout;
        decode(b, io);
        if (nin == io->nin && nout == io->nout) break;
    }
    if (b->start < b->end) return IR_STEP_MORE;
    switch (b->rc) {
    case BZ_OK: return IR_STEP_MORE;
    case BZ_STREAM_END: return IR_STEP_MEMBER;
    case BZ_MEM_ERROR: io->why = "out of memory"; return IR_STEP_REFUSED;
    default: io->why = N_("the data is corrupt"); return IR_STEP_DAMAGED;
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
