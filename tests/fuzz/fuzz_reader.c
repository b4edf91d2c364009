/*
 * The reader and the block cutter over hostile bytes: the codec is told by the bytes themselves.
 * Checks the promises of blocks.h on the way, and that a second reading of the same bytes gives the
 * same.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "source/blocks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct total {
    uint64_t bytes, hash, warnings, blocks;
};

static struct total read_all(int fd, bool peek)
{
    struct total t = {0};
    struct ir_reader *r;
    struct ir_blocks *b;
    struct ir_block blk = {0};
    struct ir_err err;
    struct ir_str head;
    int rc;
    if (ir_reader_open_fd(fd, "fuzz", &r, &err) != IR_OK) return t;
    if (ir_blocks_open_reader(r, &b, &err) != IR_OK) return t;
    if (peek) ir_blocks_peek(b, &head, &err);
    bool last = false;
    while ((rc = ir_blocks_next(b, &blk, &err)) == IR_OK || rc == IR_WARN) {
        if (last || blk.offset != t.bytes || blk.number != t.blocks) abort();
        if (rc == IR_OK && blk.n == 0) abort();
        if (rc == IR_WARN && err.offset != (int64_t)(blk.offset + blk.n)) abort();
        last = blk.last;
        t.hash = ir_hash(ir_str_n(blk.data, blk.n), t.hash);
        t.bytes += blk.n;
        t.blocks++;
        t.warnings += rc == IR_WARN;
    }
    if (t.blocks > 0 && !last) abort();
    ir_block_free(&blk);
    ir_blocks_close(b);
    return t;
}

/* The same bytes and the same damage, whatever the size of the caller's buffer. */
static struct total read_small(int fd)
{
    struct total t = {0};
    struct ir_reader *r;
    struct ir_err err;
    char buf[61];
    size_t n;
    int rc;
    if (ir_reader_open_fd(fd, "fuzz", &r, &err) != IR_OK) return t;
    while ((rc = ir_reader_read(r, buf, sizeof buf, &n, &err)) == IR_OK || rc == IR_WARN) {
        if (rc == IR_OK && n == 0) abort();
        t.bytes += n;
        t.warnings += rc == IR_WARN;
    }
    t.bytes += n;
    ir_reader_close(r);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || ir_io_write_all(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) != 0) abort();
    struct total a = read_all(fd, false), b = read_all(fd, true);
    if (a.bytes != b.bytes || a.warnings != b.warnings || a.hash != b.hash) abort();
    struct total c = read_small(fd);
    if (a.bytes != c.bytes || a.warnings != c.warnings) abort();
    close(fd);
    return 0;
}
