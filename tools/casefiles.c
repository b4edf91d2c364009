/*
 * Reading the data files of the casework. See casefiles.h.
 */
#include "casefiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "sink.h"
#include "where.h"

#define PATH_BYTES ((size_t)1 << 16)

static void say_why(const struct cmd *cmd, const char *path, const struct ir_err *err)
{
    const char *reason = ir_local(err->msg[0] ? err->msg : N_("unknown reason"));
    if (err->line > 0)
        say(cmd, "%s:%lld: %s", path, (long long)err->line, reason);
    else
        say(cmd, "%s: %s", path, reason);
}

/* IR_END: not there (any more). A FIFO or a device in its place is not waited for. */
static int read_file(const char *path, struct ir_buf *text, struct ir_err *err)
{
    struct stat st;
    ir_buf_clear(text);
    const int fd = ir_io_open(AT_FDCWD, path, 0);
    if (fd == -ENOENT || fd == -ENOTDIR) return IR_END;
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text(-fd));
    ssize_t n = -EINVAL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ir_buf_reserve(text, CASEFILE_MAX + 1))
        n = ir_io_read_full(fd, text->p, CASEFILE_MAX + 1);
    close(fd);
    if (n < 0) return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text((int)-n));
    if ((size_t)n > CASEFILE_MAX) return ir_fail(err, IR_BAD, "larger than 1 MiB");
    text->n = (size_t)n;
    text->p[text->n] = '\0';
    return IR_OK;
}

int casefiles_file(const struct cmd *cmd, const char *path, casefile_take *take, void *user)
{
    struct ir_buf text = IR_BUF(2 * CASEFILE_MAX);
    struct ir_err err = {.offset = -1};
    int rc = read_file(path, &text, &err);
    if (rc == IR_END) rc = ir_fail(&err, IR_FATAL, "cannot be read: %-s", ir_errno_text(ENOENT));
    if (rc == IR_OK) rc = take(user, path, ir_buf_view(&text), &err);
    if (rc < 0) say_why(cmd, path, &err);
    ir_buf_free(&text);
    return rc == IR_FATAL ? IR_EXIT_FAILED : rc < 0 ? IR_EXIT_USAGE : IR_EXIT_OK;
}

/* Not alphasort: its order is the reader's language's. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool wanted(const struct dirent *d, const char *suffix)
{
    return d->d_name[0] != '.' && ir_str_ends(ir_str_z(d->d_name), ir_str_z(suffix));
}

/* path: the directory; names are put behind it. */
static int each_below(const struct cmd *cmd, struct ir_buf *path, const char *suffix,
                      casefile_take *take, void *user)
{
    struct dirent **list = NULL;
    const size_t dir = path->n;
    int status = IR_EXIT_OK;
    const int n = scandir(path->p, &list, NULL, by_name);
    if (n < 0 && errno != ENOENT && errno != ENOTDIR) {
        say(cmd, "%s: %s", path->p, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    for (int i = 0; i < n; i++) {
        if (status == IR_EXIT_OK && wanted(list[i], suffix)) {
            path->n = dir;
            ir_buf_fmt(path, "/%s", list[i]->d_name);
            status = path->full ? IR_EXIT_FAILED : casefiles_file(cmd, path->p, take, user);
        }
        free(list[i]);
    }
    free(list);
    return status;
}

static bool of_workspace(const struct env *env, const char *name, struct ir_buf *path)
{
    ir_buf_clear(path);
    if (env->home != NULL)
        ir_buf_fmt(path, "%s/casefiles%s%s", env->home, *name != '\0' ? "/" : "", name);
    return env->home != NULL && !path->full;
}

static bool of_ir(const char *name, struct ir_buf *path)
{
    if (!default_casefiles(path)) return false;
    ir_buf_fmt(path, "/%s", name);
    return !path->full;
}

bool casefiles_there(const struct env *env, const char *kind)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    const bool there = (of_ir(kind, &path) && access(path.p, R_OK | X_OK) == 0) ||
                       (of_workspace(env, kind, &path) && access(path.p, R_OK | X_OK) == 0);
    ir_buf_free(&path);
    return there;
}

void casefiles_missing(const struct cmd *cmd, const struct env *env)
{
    struct ir_buf path = IR_BUF(PATH_BYTES), own = IR_BUF(PATH_BYTES);
    beside_program(&path, "casefiles");
    of_workspace(env, "", &own);
    say(cmd,
        _("the data of the casework (duties, playbooks, templates) is not there: looked in %1$s "
          "and %2$s; install ir with make install, or copy the directory casefiles of its source "
          "to one of them"),
        path.p != NULL ? path.p : "-", own.p != NULL ? own.p : "-");
    ir_buf_free(&path);
    ir_buf_free(&own);
}

int casefiles_each(const struct cmd *cmd, const struct env *env, const char *kind,
                   const char *suffix, casefile_take *take, void *user)
{
    struct ir_buf path = IR_BUF(PATH_BYTES);
    int status = IR_EXIT_OK;
    if (!default_casefiles(&path) && !casefiles_there(env, kind)) {
        casefiles_missing(cmd, env);
        status = IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK && of_ir(kind, &path))
        status = each_below(cmd, &path, suffix, take, user);
    if (status == IR_EXIT_OK && of_workspace(env, kind, &path))
        status = each_below(cmd, &path, suffix, take, user);
    ir_buf_free(&path);
    return status;
}
