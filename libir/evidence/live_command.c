/*
 * What only programs of the host can tell: whether the files of packages are as they were shipped,
 * the rules of the packet filter, and when systemd will start what. Such a program may have been
 * exchanged, so its digest is recorded, and what it prints is evidence of what it printed, no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/live_int.h"

#define SECONDS_MAX 600

static const struct command {
    const char *name;
    const char *const argv[7];
} commands[] = {
    {"nft", {"nft", "-a", "list", "ruleset", NULL}},
    {"iptables-save", {"iptables-save", NULL}},
    {"ip6tables-save", {"ip6tables-save", NULL}},
    {"systemctl-timers", {"systemctl", "list-timers", "--all", "--full", "--no-pager", NULL}},
    {"systemctl-units", {"systemctl", "list-units", "--all", "--full", "--no-pager", NULL}},
    {"dpkg", {"dpkg", "--verify", NULL}},
    {"rpm", {"rpm", "-Va", NULL}},
};

/* Programs that the examiner brought along come first: the host's may have been exchanged. */
static bool find(const struct ir_live *l, const char *name, char path[PATH_MAX])
{
    const char *const dirs[] = {l->o->programs, "/usr/sbin", "/usr/bin", "/sbin", "/bin"};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        if (dirs[i] == NULL) continue;
        snprintf(path, PATH_MAX, "%s/%s", dirs[i], name);
        if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0) return true;
    }
    return false;
}

/* Waits with a limit; a program that hangs is killed with all it started. */
static int wait_for(pid_t pid, int *ret_status)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    time_t end = time(NULL) + SECONDS_MAX;
    for (;;) {
        pid_t got = waitpid(pid, ret_status, WNOHANG);
        if (got == pid) return 0;
        if (got < 0 && errno != EINTR) return -errno;
        if (time(NULL) > end) {
            kill(-pid, SIGKILL);
            while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
                ;
            return -ETIMEDOUT;
        }
        nanosleep(&pause, NULL);
    }
}

/* Runs it in an environment of our own, with nothing to read. */
static int run(const struct command *c, const char *path, int out, int err, int *ret_status)
{
    static char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC",
                                        NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    int rc = posix_spawn(&pid, path, &actions, &attributes, (char *const *)c->argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return rc != 0 ? -rc : wait_for(pid, ret_status);
}

static void record(struct ir_live *l, const struct command *c, const char *path, int rc, int status)
{
    struct ir_jline j = ir_jline_open(&l->commands);
    char hex[IR_DIGEST_TEXT];
    ir_jline_text(&j, "path", ir_str_z(path));
    ir_jline_key(&j, "command_line");
    for (size_t i = 0; c->argv[i] != NULL; i++)
        ir_buf_fmt(&l->commands, "%s\"%s\"", i > 0 ? "," : "[", c->argv[i]);
    ir_buf_chr(&l->commands, ']');
    int fd = ir_io_open(AT_FDCWD, path, 0);
    if (fd >= 0 && ir_live_digest(fd, hex)) ir_jline_text(&j, "sha256", ir_str_z(hex));
    if (fd >= 0) close(fd);
    if (rc != 0) ir_jline_text(&j, "failed", ir_str_z(ir_errno_text(-rc)));
    if (rc == 0 && WIFEXITED(status))
        ir_jline_number(&j, "exit_status", (uint64_t)WEXITSTATUS(status));
    if (rc == 0 && WIFSIGNALED(status)) ir_jline_number(&j, "signal", (uint64_t)WTERMSIG(status));
    ir_jline_text(&j, "directory", ir_str_z(l->dir));
    ir_jline_close(&j);
}

static void keep(struct ir_live *l, const char *name, const char *stream, int fd)
{
    char safe[IR_LIVE_NAME_MAX];
    snprintf(safe, sizeof safe, "%s/%s.%s", l->dir, name, stream);
    if (l->rc == IR_OK)
        l->rc = ir_exhibit_add(l->x, fd, "live", ir_str_z(safe), ir_str_z(safe),
                               "what the program printed: see meta/commands.jsonl", l->err);
}

void ir_live_command(struct ir_live *l)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof commands / sizeof *commands && l->rc == IR_OK; i++) {
        const struct command *c = &commands[i];
        int status = 0;
        if (!l->o->commands || !find(l, c->argv[0], path)) continue;
        int out = ir_exhibit_scratch(l->x, l->err), err = ir_exhibit_scratch(l->x, l->err);
        if (out < 0 || err < 0)
            l->rc = IR_FATAL;
        else {
            int rc = run(c, path, out, err, &status);
            record(l, c, path, rc, status);
            keep(l, c->name, "out", out);
            keep(l, c->name, "err", err);
        }
        if (out >= 0) close(out);
        if (err >= 0) close(err);
    }
}
