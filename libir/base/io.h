/*
 * Descriptors: open without being caught by a FIFO or a device, read and write without short
 * counts.
 *
 * All return what was done (>= 0) or -errno; EINTR is retried, EAGAIN of a non-blocking descriptor
 * waits.
 */
#ifndef IR_BASE_IO_H
#define IR_BASE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens for reading, relative to dirfd (AT_FDCWD), with O_NONBLOCK|O_NOCTTY|O_CLOEXEC and `flags`.
 * The caller checks the type by fstat. Paths longer than PATH_MAX are walked part by part. */
int ir_io_open(int dirfd, const char *path, int flags);
/* One read: 0 at the end. */
ssize_t ir_io_read(int fd, void *buf, size_t n);
/* Reads until n bytes or the end: short only at the end. An error after some bytes gives those
 * bytes; the next call meets the error again. */
ssize_t ir_io_read_full(int fd, void *buf, size_t n);
ssize_t ir_io_pread_full(int fd, void *buf, size_t n, uint64_t offset);
/* 0 when all n bytes are written. */
int ir_io_write_all(int fd, const void *buf, size_t n);
int ir_io_pwrite_all(int fd, const void *buf, size_t n, uint64_t offset);

/* An unnamed file, readable by nobody else and gone with its descriptor, in /var/tmp or else in
 * /tmp. The descriptor or -errno. */
int ir_io_temporary(void);

#endif
