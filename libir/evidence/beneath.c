/*
 * Opening below a directory and through no link, by openat2 (see beneath.h); where the kernel has
 * none each directory on the way is opened by itself.
 */
#include "evidence/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Never waits for a pipe, never takes a terminal; openat2 refuses these flags beside O_PATH. */
static int careful(int flags)
{
    return flags | O_CLOEXEC | O_NOFOLLOW | (flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY);
}

static int open_at_once(int dirfd, const char *path, int flags)
{
    const struct open_how how = {.flags = (unsigned)careful(flags),
                                 .resolve = (unsigned)(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS)};
    long fd = syscall(SYS_openat2, dirfd, path, &how, sizeof how);
    return fd >= 0 ? (int)fd : -errno;
}

/* In parts that are short enough for one call, or name by name. */
static int open_parts(int top, const char *path, int flags, bool singly)
{
    char part[PATH_MAX];
    int dir = top;
    for (;;) {
        size_t n = strlen(path);
        const char *cut = NULL;
        if (singly)
            cut = strchr(path, '/');
        else if (n >= PATH_MAX)
            cut = memrchr(path, '/', PATH_MAX - 1);
        n = cut != NULL ? (size_t)(cut - path) : n;
        if (n >= sizeof part || n == 0 || (singly && n == 2 && memcmp(path, "..", 2) == 0)) {
            if (dir != top) close(dir);
            return n >= sizeof part ? -ENAMETOOLONG : -EXDEV;
        }
        memcpy(part, path, n);
        part[n] = '\0';
        int want = cut != NULL ? O_PATH | O_DIRECTORY : flags, fd;
        if (singly) {
            fd = openat(dir, part, careful(want));
            if (fd < 0) fd = -errno;
        } else {
            fd = open_at_once(dir, part, want);
        }
        if (dir != top) close(dir);
        if (fd < 0 || cut == NULL) return fd;
        dir = fd;
        path = cut + 1;
    }
}

int ir_open_beneath(int dirfd, const char *path, int flags)
{
    int fd = open_parts(dirfd, path, flags, false);
    return fd == -ENOSYS || fd == -EPERM ? open_parts(dirfd, path, flags, true) : fd;
}
