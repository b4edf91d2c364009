/*
 * Faults on demand, for tests: a library that is loaded before the C library and counts the calls
 * that change something below one directory.
 *
 *     FAULT_DIR    what is counted: calls on descriptors and names below it
 *     FAULT_AT     the number of the call at which it happens; 0: never
 *     FAULT_HOW    full: a write comes to half, and from then on nothing can be written (ENOSPC)
 *                  once: this one call gives EIO, those after it are good
 *                  kill: the process dies before the call
 *                  fat: no call counts; modes cannot be set, nor names exchanged in one step
 *     FAULT_COUNT  a file that gets the number of calls when the process ends by itself
 *     FAULT_READ   "inode:offset,offset,…": reads of that file give EIO in the sectors of these
 * bytes FAULT_CLOCK  seconds by which the clock is set back after the first FAULT_AFTER looks at it
 *     FAULT_CHANGE a command, run once, when the file FAULT_INODE was read up to 1 MiB
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long calls;

#define REAL(name, ret, ...)                                                                       \
    static ret (*real)(__VA_ARGS__);                                                               \
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name)

/* The path of a descriptor or of a name at one, as far as it is known; "" else. */
static bool counts(int fd, const char *name)
{
    char link[64], path[PATH_MAX + 1];
    const char *dir = getenv("FAULT_DIR");
    if (dir == NULL) return false;
    if (name != NULL && name[0] == '/') return strncmp(name, dir, strlen(dir)) == 0;
    if (fd == AT_FDCWD) return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX);
    if (n < 0) return false;
    path[n] = '\0';
    return strncmp(path, dir, strlen(dir)) == 0;
}

enum verdict { GOOD, HALF, FAIL };

static enum verdict next_call(int fd, const char *name, bool shrinks)
{
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    if (how == NULL || strcmp(how, "fat") == 0 || !counts(fd, name)) return GOOD;
    long n = ++calls, want = at != NULL ? atol(at) : 0;
    if (want == 0 || n < want) return GOOD;
    if (n == want) {
        if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
        errno = strcmp(how, "full") == 0 ? ENOSPC : EIO;
        if (strcmp(how, "full") == 0 && shrinks) return GOOD;
        return strcmp(how, "full") == 0 ? HALF : FAIL;
    }
    errno = ENOSPC; /* a full disk still lets go */
    return strcmp(how, "full") == 0 && !shrinks ? FAIL : GOOD;
}

__attribute__((destructor)) static void tell(void)
{
    const char *file = getenv("FAULT_COUNT");
    FILE *f = file != NULL && getenv("FAULT_DIR") != NULL ? fopen(file, "w") : NULL;
    if (f == NULL) return;
    fprintf(f, "%ld\n", calls);
    fclose(f);
}

ssize_t write(int fd, const void *p, size_t n)
{
    REAL(write, ssize_t, int, const void *, size_t);
    enum verdict v = next_call(fd, NULL, false);
    if (v == FAIL || (v == HALF && n < 2)) return -1;
    return real(fd, p, v == HALF ? n / 2 : n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
    REAL(pwrite64, ssize_t, int, const void *, size_t, off_t);
    enum verdict v = next_call(fd, NULL, false);
    if (v == FAIL || (v == HALF && n < 2)) return -1;
    return real(fd, p, v == HALF ? n / 2 : n, at);
}

/* Of no use to a test, which loses no power, and slow. */
static int no_sync(int fd)
{
    const char *how = getenv("FAULT_HOW");
    if (how != NULL && strcmp(how, "kill") == 0) return 0; /* nothing is between it and the next */
    return !counts(fd, NULL) || next_call(fd, NULL, false) == GOOD ? 0 : -1;
}

int fsync(int fd)
{
    return no_sync(fd);
}

int syncfs(int fd)
{
    return no_sync(fd);
}

int ftruncate64(int fd, off_t n)
{
    REAL(ftruncate64, int, int, off_t);
    struct stat st;
    bool shrinks = fstat(fd, &st) == 0 && n <= st.st_size;
    return next_call(fd, NULL, shrinks) == GOOD ? real(fd, n) : -1;
}

int mkdirat(int fd, const char *name, mode_t mode)
{
    REAL(mkdirat, int, int, const char *, mode_t);
    return next_call(fd, name, false) == GOOD ? real(fd, name, mode) : -1;
}

int mkdir(const char *name, mode_t mode)
{
    REAL(mkdir, int, const char *, mode_t);
    return next_call(AT_FDCWD, name, false) == GOOD ? real(name, mode) : -1;
}

int unlinkat(int fd, const char *name, int flags)
{
    REAL(unlinkat, int, int, const char *, int);
    return next_call(fd, name, true) == GOOD ? real(fd, name, flags) : -1;
}

static bool is_fat(int fd, const char *name)
{
    const char *how = getenv("FAULT_HOW");
    return how != NULL && strcmp(how, "fat") == 0 && counts(fd, name);
}

int renameat(int from, const char *a, int to, const char *b)
{
    REAL(renameat, int, int, const char *, int, const char *);
    return next_call(to, b, false) == GOOD ? real(from, a, to, b) : -1;
}

int renameat2(int from, const char *a, int to, const char *b, unsigned flags)
{
    REAL(renameat2, int, int, const char *, int, const char *, unsigned);
    if (flags != 0 && is_fat(to, b)) return errno = EINVAL, -1;
    return next_call(to, b, false) == GOOD ? real(from, a, to, b, flags) : -1;
}

int fchmod(int fd, mode_t mode)
{
    REAL(fchmod, int, int, mode_t);
    if (is_fat(fd, NULL)) return errno = EPERM, -1;
    return next_call(fd, NULL, true) == GOOD ? real(fd, mode) : -1;
}

int fchmodat(int fd, const char *name, mode_t mode, int flags)
{
    REAL(fchmodat, int, int, const char *, mode_t, int);
    if (is_fat(fd, name)) return errno = EPERM, -1;
    return next_call(fd, name, true) == GOOD ? real(fd, name, mode, flags) : -1;
}

int openat64(int fd, const char *name, int flags, ...)
{
    REAL(openat64, int, int, const char *, int, ...);
    va_list ap;
    va_start(ap, flags);
    mode_t mode = va_arg(ap, mode_t);
    va_end(ap);
    if ((flags & O_TMPFILE) == O_TMPFILE && is_fat(fd, name)) return errno = EOPNOTSUPP, -1;
    if ((flags & (O_CREAT | O_TRUNC)) && next_call(fd, name, false) != GOOD) return -1;
    return real(fd, name, flags, mode);
}

int openat(int fd, const char *name, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = va_arg(ap, mode_t);
    va_end(ap);
    return openat64(fd, name, flags, mode);
}

static bool is_inode(int fd, const char *env)
{
    struct stat st;
    const char *ino = getenv(env);
    return ino != NULL && fstat(fd, &st) == 0 && st.st_ino == strtoull(ino, NULL, 10);
}

ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
    REAL(pread64, ssize_t, int, void *, size_t, off_t);
    static bool changed;
    off_t first = -1;
    const char *list = getenv("FAULT_READ");
    if (!changed && at >= 1 << 20 && is_inode(fd, "FAULT_INODE")) {
        changed = true;
        unsetenv("LD_PRELOAD");
        if (system(getenv("FAULT_CHANGE")) != 0) abort();
    }
    list = list != NULL && is_inode(fd, "FAULT_READ") ? strchr(list, ':') : NULL;
    for (; list != NULL; list = strchr(list + 1, ',')) {
        off_t bad = atoll(list + 1) / 512 * 512;
        if (bad < at + (off_t)n && bad + 512 > at && (first < 0 || bad < first)) first = bad;
    }
    if (first < 0) return real(fd, p, n, at);
    if (first <= at) return errno = EIO, -1;
    return real(fd, p, (size_t)(first - at), at);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
    return pread64(fd, p, n, at);
}

ssize_t __pread64_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
    (void)room;
    return pread64(fd, p, n, at);
}

int clock_gettime(clockid_t which, struct timespec *t)
{
    REAL(clock_gettime, int, clockid_t, struct timespec *);
    static long looks;
    const char *back = getenv("FAULT_CLOCK"), *after = getenv("FAULT_AFTER");
    int rc = real(which, t);
    if (back != NULL && which == CLOCK_REALTIME && ++looks > (after != NULL ? atol(after) : 0))
        t->tv_sec -= atol(back);
    return rc;
}
