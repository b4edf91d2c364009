/*
 * Descriptors: see io.h. Not for buffered text: callers bring their own buffers.
 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* No single system call takes more than this; larger counts come back short. */
#define CHUNK_MAX ((size_t)1 << 30)

static int open_retry(int dirfd, const char *path, int flags)
{
    int fd;
    do
        fd = openat(dirfd, path, flags);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

/* A tree may be deeper than a path may be long: step down as many parts as fit, then go on from
 * there. */
static int open_long(int dirfd, const char *path, int flags)
{
    int at = dirfd;
    while (strlen(path) >= PATH_MAX) {
        char part[PATH_MAX];
        size_t n = PATH_MAX - 1;
        while (n > 0 && path[n] != '/')
            n--;
        int next = -ENAMETOOLONG;
        if (n > 0) {
            memcpy(part, path, n);
            part[n] = '\0';
            next = open_retry(at, part, O_PATH | O_DIRECTORY | O_CLOEXEC);
        }
        if (at != dirfd) close(at);
        if (next < 0) return next;
        at = next;
        path += n;
        while (*path == '/')
            path++;
    }
    int fd = open_retry(at, *path ? path : ".", flags);
    if (at != dirfd) close(at);
    return fd;
}

int ir_io_open(int dirfd, const char *path, int flags)
{
    flags |= O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    if (strlen(path) < PATH_MAX) return open_retry(dirfd, path, flags);
    return open_long(dirfd, path, flags);
}

ssize_t ir_io_read(int fd, void *buf, size_t n)
{
    for (;;) {
        ssize_t got = read(fd, buf, n < CHUNK_MAX ? n : CHUNK_MAX);
        if (got >= 0) return got;
        if (errno == EAGAIN) {
            struct pollfd p = {.fd = fd, .events = POLLIN};
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return -errno;
        }
    }
}

ssize_t ir_io_read_full(int fd, void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = ir_io_read(fd, (char *)buf + done, n - done);
        if (got < 0 && done == 0) return got;
        if (got <= 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

ssize_t ir_io_pread_full(int fd, void *buf, size_t n, uint64_t offset)
{
    size_t done = 0;
    while (done < n) {
        size_t want = n - done < CHUNK_MAX ? n - done : CHUNK_MAX;
        ssize_t got = pread(fd, (char *)buf + done, want, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && done == 0) return -errno;
        if (got <= 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

int ir_io_pwrite_all(int fd, const void *buf, size_t n, uint64_t offset)
{
    size_t done = 0;
    while (done < n) {
        size_t want = n - done < CHUNK_MAX ? n - done : CHUNK_MAX;
        ssize_t put = pwrite(fd, (const char *)buf + done, want, (off_t)(offset + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return put < 0 ? -errno : -ENOSPC;
        done += (size_t)put;
    }
    return 0;
}

int ir_io_write_all(int fd, const void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t put =
            write(fd, (const char *)buf + done, n - done < CHUNK_MAX ? n - done : CHUNK_MAX);
        if (put >= 0) {
            done += (size_t)put;
        } else if (errno == EAGAIN) {
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

int ir_io_temporary(void)
{
    int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : -errno;
}
