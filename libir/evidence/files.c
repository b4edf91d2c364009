/*
 * Small files, all or nothing (see files.h): written beside under another name, brought to disk,
 * then given their name.
 */
#include "evidence/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"

#define PART ".part"

int ir_file_read(int dirfd, const char *name, size_t max, struct ir_buf *out, struct ir_err *err)
{
    struct stat st;
    ir_err_at(err, name, -1, 0);
    int fd = ir_io_open(dirfd, name, O_NOFOLLOW);
    if (fd == -ENOENT) return ir_fail(err, IR_END, "there is no such file");
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(-fd));
    int rc = IR_OK;
    if (fstat(fd, &st) != 0)
        rc = ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    else if (!S_ISREG(st.st_mode))
        rc = ir_fail(err, IR_FATAL, "is not a file");
    else if ((uint64_t)st.st_size > max)
        rc = ir_fail(err, IR_FATAL, "is larger than %zu bytes", max);
    else if (st.st_size > 0 && !ir_buf_reserve(out, (size_t)st.st_size))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK && st.st_size > 0) {
        ssize_t got = ir_io_read_full(fd, out->p + out->n, (size_t)st.st_size);
        if (got < 0)
            rc = ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text((int)-got));
        else
            out->n += (size_t)got;
        out->p[out->n] = '\0';
    }
    close(fd);
    return rc;
}

static int failed(int dirfd, const char *temporary, int why, struct ir_err *err)
{
    unlinkat(dirfd, temporary, 0);
    return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(why));
}

static int write_beside(int dirfd, const char *temporary, mode_t mode, struct ir_str bytes,
                        struct ir_err *err)
{
    unlinkat(dirfd, temporary, 0); /* of a process that died */
    int fd = openat(dirfd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    int rc = ir_io_write_all(fd, bytes.p, bytes.n);
    /* For an umask that takes too much; file systems of USB sticks have no such modes. */
    if (rc == 0 && fchmod(fd, mode) != 0 && errno != EPERM && errno != EOPNOTSUPP) rc = -errno;
    if (rc == 0 && fsync(fd) != 0) rc = -errno;
    if (close(fd) != 0 && rc == 0) rc = -errno;
    return rc == 0 ? IR_OK : failed(dirfd, temporary, -rc, err);
}

/* Some file systems of USB sticks know no RENAME_NOREPLACE; there a look before must do. */
static int give_name(int dirfd, const char *temporary, const char *name, bool replace)
{
    struct stat st;
    if (replace) return renameat(dirfd, temporary, dirfd, name) == 0 ? 0 : errno;
    if (renameat2(dirfd, temporary, dirfd, name, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    return renameat(dirfd, temporary, dirfd, name) == 0 ? 0 : errno;
}

static int put(int dirfd, const char *name, mode_t mode, struct ir_str bytes, bool replace,
               struct ir_err *err)
{
    char temporary[NAME_MAX + 16];
    ir_err_at(err, name, -1, 0);
    int n = snprintf(temporary, sizeof temporary, "%s.%ld" PART, name, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof temporary)
        return ir_fail(err, IR_FATAL, "the name is too long");
    int rc = write_beside(dirfd, temporary, mode, bytes, err);
    if (rc != IR_OK) return rc;
    int why = give_name(dirfd, temporary, name, replace);
    if (why == EEXIST) {
        unlinkat(dirfd, temporary, 0);
        return ir_fail(err, IR_FATAL, "exists already, and is not overwritten");
    }
    if (why != 0) return failed(dirfd, temporary, why, err);
    if (fsync(dirfd) != 0 && errno != EINVAL && errno != EBADF)
        return ir_fail(err, IR_FATAL, "its directory cannot be written: %-s", ir_errno_text(errno));
    return IR_OK;
}

int ir_file_create(int dirfd, const char *name, mode_t mode, struct ir_str bytes,
                   struct ir_err *err)
{
    return put(dirfd, name, mode, bytes, false, err);
}

int ir_file_replace(int dirfd, const char *name, mode_t mode, struct ir_str bytes,
                    struct ir_err *err)
{
    return put(dirfd, name, mode, bytes, true, err);
}

/* "NAME.PID.part" */
static bool is_part(struct ir_str name)
{
    if (!ir_str_ends(name, IR_S(PART))) return false;
    size_t n = name.n - strlen(PART);
    size_t digits = 0;
    while (digits < n && ir_isdigit(name.p[n - digits - 1]))
        digits++;
    return digits > 0 && digits + 1 < n && name.p[n - digits - 1] == '.';
}

/* prefix NULL: the parts. Regular files only. */
static int drop(int dirfd, const char *prefix)
{
    int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0, why = 0;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        if (fd >= 0) close(fd);
        return -1;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        struct ir_str name = ir_str_z(e->d_name);
        if (!(prefix == NULL ? is_part(name) : ir_str_starts(name, ir_str_z(prefix))) ||
            fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
            unlinkat(fd, e->d_name, 0) == 0)
            continue;
        why = errno;
        rc = -1;
    }
    closedir(d);
    if (rc != 0) errno = why;
    return rc;
}

int ir_files_drop(int dirfd, const char *prefix)
{
    return drop(dirfd, prefix);
}

void ir_files_drop_parts(int dirfd)
{
    if (drop(dirfd, NULL) != 0) errno = 0; /* it is only rubbish that stays */
}

void ir_file_data(int fd, uint64_t at, uint64_t size, uint64_t *ret_from, uint64_t *ret_to)
{
    *ret_from = at;
    *ret_to = size;
    off_t from = lseek(fd, (off_t)at, SEEK_DATA), to;
    if (from < 0 && errno == ENXIO) from = (off_t)size; /* a hole up to the end */
    if (from < 0) return;
    *ret_from = (uint64_t)from < size ? (uint64_t)from : size;
    to = (uint64_t)from < size ? lseek(fd, from, SEEK_HOLE) : 0;
    if (to > from && (uint64_t)to < size) *ret_to = (uint64_t)to;
}
