/*
 * For tests: archives of any format, written by libarchive, entry by entry.
 *
 *     struct maker m;
 *     begin(&m, archive_write_set_format_ustar);
 *     add(&m, "log/a.log", AE_IFREG, "a", 1);
 *     finish(&m, "a.tar");
 */
#ifndef IR_TESTS_ARCHIVES_H
#define IR_TESTS_ARCHIVES_H

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "tap.h"

#define CAP ((size_t)8 << 20)

struct maker {
    struct archive *a;
    char *p;
    size_t n;
};

static inline void begin(struct maker *m, int (*format)(struct archive *))
{
    m->a = archive_write_new();
    m->p = malloc(CAP);
    m->n = 0;
    format(m->a);
    archive_write_set_bytes_in_last_block(m->a, 1);
    archive_write_open_memory(m->a, m->p, CAP, &m->n);
}

static inline void add(struct maker *m, const char *name, unsigned type, const void *p, size_t n)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, type);
    archive_entry_set_perm(e, 0600);
    archive_entry_set_mtime(e, 1795000000, 0);
    archive_entry_set_size(e, (la_int64_t)n);
    if (type == AE_IFLNK) archive_entry_set_symlink(e, "/etc/passwd");
    archive_write_header(m->a, e);
    if (n > 0) archive_write_data(m->a, p, n);
    archive_entry_free(e);
}

static inline void finish(struct maker *m, const char *path)
{
    archive_write_close(m->a);
    archive_write_free(m->a);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ok(fd >= 0 && ir_io_write_all(fd, m->p, m->n) == 0, "%s is written", path);
    close(fd);
    free(m->p);
}

#endif
