#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* BADREAD_INODE: of the source; BADREAD: "sector,sector,…" that give EIO; BADREAD_KILL: an offset
 * at which the process dies; BADREAD_EVERY: each so manieth sector is bad; BADREAD_SHRINK: when
 * this offset is read the source ends there */
static ssize_t faulty(ssize_t (*real)(int, void *, size_t, off_t), int fd, void *p, size_t n,
                      off_t at)
{
    struct stat st;
    const char *ino = getenv("BADREAD_INODE"), *bad = getenv("BADREAD"),
               *die = getenv("BADREAD_KILL");
    if (ino == NULL || fstat(fd, &st) != 0 || st.st_ino != strtoull(ino, NULL, 10))
        return real(fd, p, n, at);
    if (die != NULL && at <= atoll(die) && atoll(die) < at + (off_t)n) kill(getpid(), SIGKILL);
    const char *every = getenv("BADREAD_EVERY"), *shrink = getenv("BADREAD_SHRINK");
    if (shrink != NULL && at <= atoll(shrink) && atoll(shrink) < at + (off_t)n) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (truncate(path, atoll(shrink)) != 0) abort();
    }
    off_t first = -1;
    if (every != NULL) {
        off_t step = atoll(every) * 512;
        first = at % step < 512 ? at : at - at % step + step;
        if (first >= at + (off_t)n) first = -1;
    }
    for (const char *s = bad; s != NULL && *s != '\0';
         s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL) {
        off_t b = atoll(s) * 512;
        if (b < at + (off_t)n && b + 512 > at && (first < 0 || b < first)) first = b;
    }
    if (first < 0) return real(fd, p, n, at);
    if (first <= at) return errno = EIO, -1;
    return real(fd, p, (size_t)(first - at), at);
}
ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
    static ssize_t (*r)(int, void *, size_t, off_t);
    if (!r) *(void **)&r = dlsym(RTLD_NEXT, "pread64");
    return faulty(r, fd, p, n, at);
}
ssize_t pread(int fd, void *p, size_t n, off_t at)
{
    return pread64(fd, p, n, at);
}
ssize_t __pread64_chk(int fd, void *p, size_t n, off_t at, size_t s)
{
    (void)s;
    return pread64(fd, p, n, at);
}
