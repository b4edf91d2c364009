/*
 * Output and messages. See sink.h.
 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"

#define GATHER ((size_t)256 << 10)
#define HOLD   ((size_t)1 << 30) /* one record with every byte escaped must fit */

void say(const struct cmd *cmd, const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct ir_buf line = IR_BUF(16384);
    ir_buf_fmt(&line, "ir%s%s: ", cmd != NULL ? " " : "", cmd != NULL ? cmd->name : "");
    ir_visible(&line, ir_str_z(text), 0);
    ir_buf_chr(&line, '\n');
    ir_io_write_all(STDERR_FILENO, line.p, line.n);
    ir_buf_free(&line);
}

/* True when `out` (absolute, links resolved) is `in` or lies below it. */
static bool is_within(const char *out, const char *in)
{
    char *real = realpath(in, NULL);
    if (real == NULL) return false;
    size_t n = strlen(real);
    bool within =
        strncmp(out, real, n) == 0 && (out[n] == '\0' || out[n] == '/' || strcmp(real, "/") == 0);
    free(real);
    return within;
}

/* Another name (hard link) of the same file. */
static bool is_same_file(const struct stat *out, const char *in)
{
    struct stat st;
    return stat(in, &st) == 0 && st.st_dev == out->st_dev && st.st_ino == out->st_ino;
}

/* The name as the inputs will be listed: globs are expanded there as well. */
static bool is_an_input(const char *path, const struct stat *st, const char *operand)
{
    char *real = realpath(path, NULL);
    glob_t g = {0};
    bool hit = false;
    if (real != NULL && glob(operand, GLOB_NOCHECK | GLOB_NOSORT, NULL, &g) == 0) {
        for (size_t i = 0; i < g.gl_pathc && !hit; i++)
            hit = is_within(real, g.gl_pathv[i]) || is_same_file(st, g.gl_pathv[i]);
        globfree(&g);
    }
    free(real);
    return hit;
}

/* SQLite's, or its journal. Whose name is completed one key too early would lose every case. */
static bool is_database(const char *path)
{
    static const char *const begins[] = {"SQLite format 3", "7\x7f\x06\x82", "7\x7f\x06\x83"};
    char head[15];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const ssize_t n = fd < 0 ? -1 : ir_io_read_full(fd, head, sizeof head);
    bool hit = false;
    if (fd >= 0) close(fd);
    for (size_t i = 0; n > 0 && i < sizeof begins / sizeof *begins; i++)
        hit |= ir_str_starts(ir_str_n(head, (size_t)n), ir_str_z(begins[i]));
    return hit;
}

int sink_open(struct sink *s, const struct cmd *cmd, const char *path,
              const struct opt_list *inputs)
{
    *s = (struct sink){.buf = IR_BUF(HOLD), .cmd = cmd, .path = path, .fd = STDOUT_FILENO};
    if (path == NULL) return IR_EXIT_OK;
    /* No O_TRUNC: the name may be that of an input. 0600: findings quote logs. */
    int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
    s->fd = open(path, flags | O_CREAT | O_EXCL, 0600);
    bool made = s->fd >= 0;
    if (!made && errno == EEXIST) s->fd = open(path, flags);
    struct stat st;
    if (s->fd < 0 || fstat(s->fd, &st) < 0) {
        say(cmd, _("cannot write: %s: %s: name another file with --out"), path,
            ir_errno_local(errno));
        if (s->fd >= 0) close(s->fd);
        return IR_EXIT_FAILED;
    }
    for (size_t i = 0; S_ISREG(st.st_mode) && inputs != NULL && i < inputs->n; i++) {
        if (!is_an_input(path, &st, inputs->v[i])) continue;
        say(cmd,
            _("will not write into what is to be read: %s: name a file outside of %s with --out"),
            path, inputs->v[i]);
        if (made) unlink(path);
        close(s->fd);
        return IR_EXIT_USAGE;
    }
    s->stale = S_ISREG(st.st_mode) && st.st_size > 0;
    if (s->stale && is_database(path)) {
        say(cmd, _("will not write into a database: %s: name another file with --out"), path);
        close(s->fd);
        return IR_EXIT_USAGE;
    }
    return IR_EXIT_OK;
}

/* Only two commands have --out, and a closed pipe or a quota is not mended by another name. */
static void cannot_write(struct sink *s, int error)
{
    const bool no_room = error == ENOSPC || error == EDQUOT;
    const char *path = s->path != NULL ? s->path : "stdout", *why = ir_errno_local(error);
    if (no_room && s->path != NULL)
        say(s->cmd, _("cannot write: %s: %s: make room or name another file with --out"), path,
            why);
    else if (no_room)
        say(s->cmd, _("cannot write: %s: %s: make room"), path, why);
    else if (s->path != NULL)
        say(s->cmd, _("cannot write: %s: %s: name another file with --out"), path, why);
    else
        say(s->cmd, _("cannot write: %s: %s"), path, why);
    s->failed = true;
}

/* Whoever ends the command before it has a result still has the earlier one. Another file beside
 * it, renamed at the end, would be whole at any time, but the sandbox lets no file be renamed. */
static bool empty_stale(struct sink *s)
{
    if (s->stale && ftruncate(s->fd, 0) < 0) cannot_write(s, errno);
    s->stale = false;
    return !s->failed;
}

bool sink_flush(struct sink *s)
{
    if (s->buf.full && !s->failed) {
        say(s->cmd, _("cannot write: %s: out of memory: look at fewer inputs at a time"),
            s->path ? s->path : "stdout");
        s->failed = true;
    }
    if (s->gone || s->failed) return false;
    if (s->buf.n == 0) return true;
    if (!empty_stale(s)) return false;
    int error = -ir_io_write_all(s->fd, s->buf.p, s->buf.n);
    ir_buf_clear(&s->buf);
    if (error == EPIPE) s->gone = true;
    if (error != 0 && error != EPIPE) cannot_write(s, error);
    return error == 0;
}

bool sink_drain(struct sink *s)
{
    if (s->buf.n < GATHER && !s->buf.full) return !s->gone && !s->failed;
    return sink_flush(s);
}

int sink_close(struct sink *s, int status)
{
    sink_flush(s);
    /* a result without a byte is one, too */
    if (!s->failed && status != IR_EXIT_FAILED && status != IR_EXIT_USAGE) empty_stale(s);
    ir_buf_free(&s->buf);
    /* A full disk may show only here (NFS, quotas). */
    if (s->path != NULL && close(s->fd) < 0 && !s->failed) cannot_write(s, errno);
    return s->failed ? IR_EXIT_FAILED : status;
}
