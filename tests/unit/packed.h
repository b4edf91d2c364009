/*
 * For the tests of the source layer: compressed bytes made on the spot, readers over memory, and
 * files in a private directory. Not for the product.
 */
#ifndef IR_TESTS_PACKED_H
#define IR_TESTS_PACKED_H

#include <bzlib.h>
#include <fcntl.h>
#include <ftw.h>
#include <lzma.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/io.h"
#include "source/reader.h"

/* Appends one member of the codec. */
static inline void pack(struct ir_buf *to, enum ir_codec codec, struct ir_str data)
{
    size_t cap = data.n + data.n / 4 + 4096, n = 0;
    unsigned char *out = malloc(cap);
    if (codec == IR_CODEC_GZIP) {
        z_stream z = {0};
        deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
        z.next_in = (z_const Bytef *)data.p;
        z.avail_in = (uInt)data.n;
        z.next_out = out;
        z.avail_out = (uInt)cap;
        deflate(&z, Z_FINISH);
        n = z.total_out;
        deflateEnd(&z);
    } else if (codec == IR_CODEC_XZ) {
        if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, (const uint8_t *)data.p, data.n, out,
                                    &n, cap) != LZMA_OK)
            abort();
    } else if (codec == IR_CODEC_ZSTD) {
        ZSTD_CCtx *z = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
        n = ZSTD_compress2(z, out, cap, data.p, data.n);
        ZSTD_freeCCtx(z);
    } else if (codec == IR_CODEC_BZIP2) {
        unsigned m = (unsigned)cap;
        BZ2_bzBuffToBuffCompress((char *)out, &m, (char *)(uintptr_t)data.p, (unsigned)data.n, 1, 0,
                                 0);
        n = m;
    } else {
        memcpy(out, data.p, n = data.n);
    }
    ir_buf_add(to, out, n);
    free(out);
}

/* A file in memory that holds the bytes; the offset stands at 0. */
static inline int memory_file(struct ir_str data)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    if (fd < 0 || ir_io_write_all(fd, data.p, data.n) < 0 || lseek(fd, 0, SEEK_SET) != 0) abort();
    return fd;
}

/* n log lines that do not compress to nothing. */
static inline void lines(struct ir_buf *to, unsigned n)
{
    uint64_t x = 88172645463325252u + n;
    for (unsigned i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        ir_buf_fmt(to, "line %u of %u: peer 10.%u.%u.%u said %016llx\n", i, n, (unsigned)(x & 255),
                   (unsigned)(x >> 8 & 255), (unsigned)(x >> 16 & 255), (unsigned long long)x);
    }
}

static inline void write_file(const char *path, struct ir_str data)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || ir_io_write_all(fd, data.p, data.n) < 0) abort();
    close(fd);
}

/* Makes a private directory and goes there; gone_dir removes it with all that is in it. */
static inline void own_dir(char path[64])
{
    memcpy(path, "/tmp/ir-test-XXXXXX", 20);
    if (mkdtemp(path) == NULL || chdir(path) != 0) abort();
}

static inline int gone_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void gone_dir(const char *path)
{
    if (chdir("/") != 0 || nftw(path, gone_one, 16, FTW_DEPTH | FTW_PHYS) != 0) abort();
}

#endif
