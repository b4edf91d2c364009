/*
 * Lists of known files as strangers hand them over: what is read of a line has digests and a name
 * of at most the line's length, and reading ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct ir_known *k;
    struct ir_known_entry e;
    int fd = ir_io_temporary(), rc;
    uint64_t lines = 0, sum = 0;
    need(fd >= 0 && ir_io_write_all(fd, data, size) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    need(ir_known_open(path, &k, NULL) == IR_OK);
    while ((rc = ir_known_next(k, &e, NULL)) == IR_OK || rc == IR_BAD) {
        need(ir_known_line(k) > lines);
        lines = ir_known_line(k);
        if (rc == IR_BAD) continue;
        need(ir_known_strongest(e.sum.set) < IR_DIGEST_ALG_MAX && e.line == lines);
        need(e.name.n <= size);
        for (size_t i = 0; i < e.name.n; i++)
            sum += (unsigned char)e.name.p[i];
    }
    need(sum <= 255 * (uint64_t)size);
    ir_known_close(k);
    close(fd);
    return 0;
}
