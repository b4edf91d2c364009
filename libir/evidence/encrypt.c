/*
 * The program `age` between us and a file (see encrypt.h). It gets one recipient, a public key, so
 * nothing secret stands in its command line; its own words go where ours go.
 */
#include "evidence/encrypt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"

#define RECIPIENT_LEN 62u

bool ir_encrypt_recipient_ok(const char *recipient)
{
    size_t n = strlen(recipient);
    if (n != RECIPIENT_LEN || strncmp(recipient, "age1", 4) != 0) return false;
    return strspn(recipient, "0123456789abcdefghijklmnopqrstuvwxyz") == n;
}

int ir_encrypt_begin(struct ir_encrypt *x, const char *program, const char *recipient, int out,
                     struct ir_err *err)
{
    const char *const argv[] = {"age", "--encrypt", "--recipient", recipient, NULL};
    static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t pipe_signal;
    int ends[2];
    ir_err_at(err, program, -1, 0);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ir_fail(err, IR_FATAL, "cannot be started: %-s", ir_errno_text(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    int why =
        posix_spawn(&x->pid, program, &actions, &attributes, (char *const *)argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[0]);
    x->fd = ends[1];
    if (why == 0) return IR_OK;
    close(ends[1]);
    return ir_fail(err, IR_FATAL, "cannot be started: %-s", ir_errno_text(why));
}

int ir_encrypt_end(struct ir_encrypt *x, struct ir_err *err)
{
    int status;
    close(x->fd);
    ir_err_at(err, "age", -1, 0);
    while (waitpid(x->pid, &status, 0) < 0)
        if (errno != EINTR)
            return ir_fail(err, IR_FATAL, "its end was not seen: %-s", ir_errno_text(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return IR_OK;
    if (WIFSIGNALED(status))
        return ir_fail(err, IR_FATAL, "was ended by signal %d", WTERMSIG(status));
    return ir_fail(err, IR_FATAL, "failed with exit status %d", WEXITSTATUS(status));
}

int ir_encrypt_digest(int fd, char ret_sha256[IR_DIGEST_TEXT], uint64_t *ret_bytes,
                      struct ir_err *err)
{
    struct ir_digest d;
    struct ir_digest_sum sum;
    char buf[1 << 16];
    ssize_t got = 0;
    *ret_bytes = 0;
    if (!ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256)))
        return ir_fail(err, IR_FATAL, "out of memory, or a digest that OpenSSL refuses");
    ir_digest_begin(&d);
    while ((got = ir_io_pread_full(fd, buf, sizeof buf, *ret_bytes)) > 0) {
        ir_digest_add(&d, buf, (size_t)got);
        *ret_bytes += (uint64_t)got;
    }
    bool good = ir_digest_end(&d, &sum);
    ir_digest_close(&d);
    if (got < 0)
        return ir_fail(err, IR_FATAL, "cannot be read back: %-s", ir_errno_text((int)-got));
    if (!good) return ir_fail(err, IR_FATAL, "a digest failed");
    ir_digest_hex(&sum, IR_SHA256, ret_sha256);
    return IR_OK;
}
