/*
 * The walk over hostile archives: detection, libarchive's parsers that it lets loose, names,
 * limits. Nothing may go beyond the limits, and a second walk gives the same. What libarchive
 * itself does to memory is seen only where the sanitizer's malloc is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "source/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct total {
    uint64_t inputs, bytes, notes, hash;
};

static const struct ir_unpack_limits limits = {.member = 1 << 20,
                                               .total = 4 << 20,
                                               .holes = 1 << 18,
                                               .ratio_after = 1 << 18,
                                               .ratio = 100,
                                               .depth = 3,
                                               .members = 500};

static struct total walk(const char *path)
{
    struct total t = {0};
    static const char *const keys[] = {"secret", NULL};
    struct ir_inputs *in = ir_inputs_new();
    int fd = memfd_create("unpacked", MFD_CLOEXEC);
    struct stat st;
    const struct ir_unpack_options o = {.fd = fd, .keys = keys, .limits = &limits};
    if (in == NULL || fd < 0) abort();
    ir_inputs_add(in, path, NULL);
    if (ir_inputs_unpack(in, &o) != IR_OK || ir_inputs_finish(in) != IR_OK) abort();
    if (fstat(fd, &st) != 0 || st.st_size > 4 << 20) abort();
    for (size_t i = 0; i < ir_inputs_count(in); i++) {
        const struct ir_input *p = ir_inputs_get(in, i);
        t.inputs++;
        t.bytes += (uint64_t)p->size;
        t.hash = ir_hash(ir_str_z(p->path), t.hash);
        if (!p->is_part) continue;
        if (p->size < 0 || p->size > 1 << 20) abort();
        if ((uint64_t)p->size + p->fd_at > (uint64_t)st.st_size) abort();
    }
    for (size_t i = 0; i < ir_inputs_notes(in); i++)
        t.hash = ir_hash(ir_str_z(ir_inputs_note(in, i)->reason), t.hash);
    t.notes = ir_inputs_notes(in);
    if (t.inputs + t.notes == 0) abort(); /* a file never vanishes without a word */
    ir_inputs_free(in);
    close(fd);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || ir_io_write_all(fd, data, size) < 0) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct total a = walk(path), b = walk(path);
    if (a.inputs != b.inputs || a.bytes != b.bytes || a.notes != b.notes || a.hash != b.hash)
        abort();
    close(fd);
    return 0;
}
