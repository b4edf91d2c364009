/*
 * Passwords for archives. See passwords.h. Read before the sandbox is entered: asking changes how
 * the terminal echoes, which is not allowed afterwards.
 */
#include "passwords.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/io.h"
#include "sink.h"

#define FILE_MAX ((size_t)64 << 10)
#define KEYS_MAX 100u /* each is tried on each member, and takes its time */

void passwords_free(struct passwords *p)
{
    if (p->text != NULL) explicit_bzero(p->text, p->size);
    free(p->text);
    free((void *)(uintptr_t)p->keys);
    *p = (struct passwords){0};
}

/* option: as the command has it, for messages. */
static int from_file(struct passwords *p, const struct cmd *cmd, const char *option,
                     const char *path, size_t *ret_n)
{
    struct stat st;
    int fd = ir_io_open(AT_FDCWD, path, 0);
    ssize_t n = fd >= 0 ? ir_io_read_full(fd, p->text, FILE_MAX) : fd;
    const bool open_to_all = fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH));
    if (fd >= 0) close(fd);
    if (n < 0) {
        say(cmd, _("--%s: cannot read %s: %s"), option, path, ir_errno_local((int)-n));
        return IR_EXIT_USAGE;
    }
    if ((size_t)n == FILE_MAX) {
        say(cmd, _("--%s: %s: too large for a list of passwords"), option, path);
        return IR_EXIT_USAGE;
    }
    if (open_to_all) say(cmd, _("--%s: others may read %s: chmod 600 it"), option, path);
    *ret_n = (size_t)n;
    return IR_EXIT_OK;
}

/* One line, without showing it. */
static int from_terminal(struct passwords *p, const struct cmd *cmd, size_t *n)
{
    const char *text = _("Password for archives: ");
    struct termios was, quiet;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &was) != 0) {
        say(cmd, _("--ask-password: there is no terminal to ask on: use --password-file"));
        if (fd >= 0) close(fd);
        return IR_EXIT_USAGE;
    }
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    ir_io_write_all(fd, text, strlen(text));
    if (*n > 0 && p->text[*n - 1] != '\n') p->text[(*n)++] = '\n';
    ssize_t got = ir_io_read(fd, p->text + *n, FILE_MAX - 2 - *n);
    tcsetattr(fd, TCSAFLUSH, &was);
    ir_io_write_all(fd, "\n", 1);
    close(fd);
    if (got > 0) *n += (size_t)got;
    return IR_EXIT_OK;
}

static bool split(struct passwords *p, const struct cmd *cmd, size_t n)
{
    const char **keys = calloc(KEYS_MAX + 1, sizeof *keys);
    size_t count = 0;
    if (keys == NULL) return false;
    p->keys = keys;
    p->text[n] = '\0';
    for (char *line = p->text, *end; line < p->text + n; line = end + 1) {
        end = line + strcspn(line, "\n");
        if (end > line && end[-1] == '\r') end[-1] = '\0';
        *end = '\0';
        if (*line != '\0' && count < KEYS_MAX)
            keys[count++] = line;
        else if (*line != '\0') {
            say(cmd, _("only the first %u passwords are tried"), KEYS_MAX);
            break;
        }
    }
    return true;
}

int passwords_get(struct passwords *p, const struct cmd *cmd, const char *option, const char *path,
                  bool ask)
{
    size_t n = 0;
    int status = IR_EXIT_OK;
    *p = (struct passwords){0};
    if (path == NULL && !ask) return status;
    p->size = FILE_MAX + 1;
    p->text = calloc(1, p->size);
    if (p->text == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    if (path != NULL) status = from_file(p, cmd, option, path, &n);
    if (status == IR_EXIT_OK && ask) status = from_terminal(p, cmd, &n);
    if (status == IR_EXIT_OK && !split(p, cmd, n)) status = IR_EXIT_FAILED;
    if (status != IR_EXIT_OK) passwords_free(p);
    return status;
}
