/*
 * Deleting an exhibit (see erase.h): sealing made its directories read-only, so they are opened up
 * first.
 */
#include "evidence/erase.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/intl.h"

static int unlock(int at, const char *name, unsigned depth)
{
    struct stat st;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        int why = errno;
        if (fd >= 0) close(fd);
        return -why;
    }
    int rc = depth > IR_FS_DEPTH_MAX ? -ELOOP : fchmod(fd, 0700) != 0 ? -errno : 0;
    for (struct dirent *e; rc == 0 && (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
            rc = unlock(fd, e->d_name, depth + 1);
    closedir(d);
    return rc;
}

int ir_exhibit_erase(int case_fd, const char *item, struct ir_err *err)
{
    int rc = unlock(case_fd, item, 0);
    if (rc == 0) rc = ir_fs_remove_tree(case_fd, item);
    ir_err_at(err, item, -1, 0);
    return rc == 0 ? IR_OK : ir_fail(err, IR_FATAL, "cannot be erased: %-s", ir_errno_text(-rc));
}
