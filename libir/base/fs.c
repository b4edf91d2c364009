/*
 * Files of our own: see fs.h.
 */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int made(int dirfd, const char *name, mode_t mode)
{
    return mkdirat(dirfd, name, mode) == 0 || errno == EEXIST ? 0 : -errno;
}

/* Calls made() for each directory that `path` names before its last part. */
static int make_parents(int dirfd, const char *path, mode_t mode)
{
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n >= sizeof part) return -ENAMETOOLONG;
    memcpy(part, path, n + 1);
    for (size_t i = 1; i < n; i++) {
        if (part[i] != '/') continue;
        part[i] = '\0';
        int rc = made(dirfd, part, mode);
        if (rc < 0) return rc;
        part[i] = '/';
    }
    return 0;
}

int ir_fs_make_dirs(const char *path, mode_t mode)
{
    int rc = make_parents(AT_FDCWD, path, mode);
    if (rc == 0) rc = made(AT_FDCWD, path, mode);
    if (rc < 0) return rc;
    int fd = open(path, DIR_FLAGS);
    return fd >= 0 ? fd : -errno;
}

static int create(int dirfd, const char *name, mode_t mode)
{
    int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    return fd >= 0 ? fd : -errno;
}

int ir_fs_write_new(int dirfd, const char *name, struct ir_str data, mode_t mode)
{
    int fd = create(dirfd, name, mode);
    if (fd == -ENOENT) {
        int rc = make_parents(dirfd, name, mode | (mode >> 2 & 0111)); /* who reads may enter */
        if (rc < 0) return rc;
        fd = create(dirfd, name, mode);
    }
    if (fd < 0) return fd;
    int rc = ir_io_write_all(fd, data.p, data.n);
    if (close(fd) < 0 && rc == 0) rc = -errno;
    if (rc < 0) unlinkat(dirfd, name, 0);
    return rc;
}

int ir_fs_sync(int dirfd, const char *name)
{
    int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    int rc = fsync(fd) == 0 ? 0 : -errno;
    close(fd);
    return rc;
}

int ir_fs_publish(int dirfd, const char *name, struct ir_str data, mode_t mode)
{
    char beside[64];
    snprintf(beside, sizeof beside, ".new-%ld", (long)getpid());
    int rc = ir_fs_write_new(dirfd, beside, data, mode);
    if (rc < 0) return rc;
    rc = ir_fs_sync(dirfd, beside);
    if (rc == 0 && renameat2(dirfd, beside, dirfd, name, RENAME_NOREPLACE) < 0) rc = -errno;
    if (rc < 0)
        unlinkat(dirfd, beside, 0);
    else if (fsync(dirfd) < 0)
        rc = -errno;
    return rc;
}

static int remove_inside(int dirfd, int depth);

static int remove_one(int dirfd, const char *name, int depth)
{
    if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return -errno;
    int fd = openat(dirfd, name, DIR_FLAGS | O_NOFOLLOW);
    if (fd < 0) return -errno;
    int rc = remove_inside(fd, depth + 1); /* closes fd */
    return rc < 0 ? rc : unlinkat(dirfd, name, AT_REMOVEDIR) == 0 ? 0 : -errno;
}

static int remove_inside(int dirfd, int depth)
{
    DIR *d = depth <= IR_FS_DEPTH_MAX ? fdopendir(dirfd) : NULL;
    int rc = 0;
    if (d == NULL) {
        close(dirfd);
        return -ELOOP;
    }
    for (struct dirent *e; rc == 0 && (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            rc = remove_one(dirfd, e->d_name, depth);
    closedir(d);
    return rc;
}

int ir_fs_remove_tree(int dirfd, const char *name)
{
    return remove_one(dirfd, name, 0);
}
