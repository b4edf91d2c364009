/*
 * Directories, recursively: openat and fstatat only, so that a directory that is exchanged for a
 * symlink meanwhile leads nowhere, and the process's own directory never changes.
 */
#include "source/list.h"

#include "base/intl.h"
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct names {
    char **v;
    size_t n, cap;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool names_add(struct names *names, const char *name)
{
    if (names->n == names->cap) {
        size_t cap = names->cap ? names->cap * 2 : 64;
        char **v = realloc(names->v, cap * sizeof *v);
        if (v == NULL) return false;
        names->v = v;
        names->cap = cap;
    }
    char *copy = strdup(name);
    if (copy == NULL) return false;
    names->v[names->n++] = copy;
    return true;
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->v[i]);
    free(names->v);
}

/* All names of the directory, sorted by bytes. Takes fd for good. */
static void read_names(struct ir_inputs *in, const char *path, DIR *dir, struct names *names)
{
    for (;;) {
        errno = 0;
        struct dirent *e = readdir(dir);
        if (e == NULL) break;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        /* A directory that alone holds more names than the list may have is not read to its end. */
        if (names->n >= 2 * (size_t)IR_INPUT_COUNT_MAX || !names_add(names, e->d_name)) {
            ir_list_note(in, path, IR_NOTE_UNREADABLE,
                         "too many names in this directory: the rest was not listed");
            break;
        }
    }
    if (errno != 0)
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "the directory is damaged: %-s",
                     ir_errno_text(errno));
    if (names->n > 0) qsort(names->v, names->n, sizeof *names->v, by_bytes);
}

static char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir), m = strlen(name);
    char *p = malloc(n + m + 2);
    if (p == NULL) return NULL;
    memcpy(p, dir, n);
    if (n > 0 && dir[n - 1] != '/') p[n++] = '/';
    memcpy(p + n, name, m + 1);
    return p;
}

static void walk_dir(struct ir_inputs *in, const char *path, int fd, unsigned depth);

static void enter(struct ir_inputs *in, const char *path, int dirfd, const char *name,
                  unsigned depth)
{
    if (depth >= IR_INPUT_DEPTH_MAX) {
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "more than %u directories deep: not entered",
                     IR_INPUT_DEPTH_MAX);
        return;
    }
    int fd = ir_io_open(dirfd, name, O_DIRECTORY | (depth > 0 ? O_NOFOLLOW : 0));
    if (fd < 0)
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s",
                     fd == -EACCES ? N_("permission denied") : ir_errno_text(-fd));
    else
        walk_dir(in, path, fd, depth);
}

/* A symlink inside a directory: only to a regular file. */
static bool follow(struct ir_inputs *in, const char *path, int dirfd, const char *name,
                   struct stat *st)
{
    if (fstatat(dirfd, name, st, 0) < 0) {
        if (errno == ELOOP)
            ir_list_note(in, path, IR_NOTE_SKIPPED, "a loop of symbolic links");
        else if (errno == ENOENT)
            ir_list_note(in, path, IR_NOTE_SKIPPED, "a dangling symbolic link");
        else
            ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s",
                         errno == EACCES ? N_("permission denied") : ir_errno_text(errno));
        return false;
    }
    if (S_ISREG(st->st_mode)) return true;
    ir_list_note(in, path, IR_NOTE_SKIPPED, "a symbolic link to %-s", ir_list_type(st->st_mode));
    return false;
}

static void take(struct ir_inputs *in, const char *path, int dirfd, const struct stat *dir,
                 const char *name, unsigned depth)
{
    struct stat st;
    if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s",
                     errno == ENOENT   ? N_("vanished while it was listed")
                     : errno == EACCES ? N_("permission denied")
                                       : ir_errno_text(errno));
        return;
    }
    bool link = S_ISLNK(st.st_mode);
    if (link && !follow(in, path, dirfd, name, &st)) return;
    if (S_ISDIR(st.st_mode))
        enter(in, path, dirfd, name, depth + 1);
    else if (!S_ISREG(st.st_mode))
        ir_list_note(in, path, IR_NOTE_SKIPPED, "%s", ir_list_type(st.st_mode));
    else if (faccessat(dirfd, name, R_OK, AT_EACCESS) < 0)
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s",
                     errno == EACCES ? N_("permission denied") : ir_errno_text(errno));
    else
        ir_list_file(in, path, link, &st, dir);
}

/* Takes fd for good. */
static void walk_dir(struct ir_inputs *in, const char *path, int fd, unsigned depth)
{
    struct stat dir;
    struct names names = {0};
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s", ir_errno_text(errno));
        close(fd);
        return;
    }
    if (fstat(fd, &dir) < 0)
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s", ir_errno_text(errno));
    else if (!ir_list_enter(in, &dir))
        ir_list_note(in, path, IR_NOTE_SKIPPED, "a directory that was already entered");
    else
        read_names(in, path, d, &names);
    for (size_t i = 0; i < names.n && !in->full && !in->out_of_memory; i++) {
        char *sub = join(path, names.v[i]);
        if (sub == NULL)
            in->out_of_memory = true;
        else
            take(in, sub, fd, &dir, names.v[i], depth);
        free(sub);
    }
    names_free(&names);
    closedir(d);
}

void ir_walk(struct ir_inputs *in, const char *path)
{
    enter(in, path, AT_FDCWD, path, 0);
}
