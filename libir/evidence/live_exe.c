/*
 * Digests of the programs that run, each inode once; and what has no name any more, a program or a
 * file that a process still has open: there is no other copy than the one the kernel holds, and it
 * is gone with the process, so it is taken into the exhibit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/live_int.h"
#include "evidence/live_secret.h"

#define NAMELESS_QUICK ((uint64_t)64 << 20) /* bytes of all that has no name */
#define NAMELESS_MAX   ((uint64_t)2 << 30)

bool ir_live_digest(int fd, char hex[IR_DIGEST_TEXT])
{
    char buf[1 << 16];
    struct ir_digest d;
    struct ir_digest_sum sum;
    ssize_t n = -1;
    if (!ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256))) return false;
    ir_digest_begin(&d);
    while ((n = ir_io_read(fd, buf, sizeof buf)) > 0)
        ir_digest_add(&d, buf, (size_t)n);
    bool good = ir_digest_end(&d, &sum) && n == 0;
    if (good) ir_digest_hex(&sum, IR_SHA256, hex);
    ir_digest_close(&d);
    return good;
}

/* The content, with its digests made in the same reading. False: only the reason is in the list. */
static bool take(struct ir_live *l, int fd, struct ir_str path, const char *safe, const char *made,
                 char hex[IR_DIGEST_TEXT])
{
    struct ir_object o = {.path = path, .made = made};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &o.st) != 0) return false;
    const uint64_t room = l->o->profile == IR_LIVE_QUICK ? NAMELESS_QUICK : NAMELESS_MAX,
                   on_disk = o.st.stx_blocks * 512;
    const char *why = NULL;
    if (l->o->max_size > 0 && o.st.stx_size > l->o->max_size)
        why = "is larger than the limit that was given";
    else if (l->nameless + on_disk > room)
        why = "would be more than is taken of files that have no name any more";
    if (why != NULL) {
        ir_live_miss(l, path, IR_LIVE_REFUSED, why);
        return false;
    }
    l->nameless += on_disk;
    if (l->rc == IR_OK) l->rc = ir_exhibit_copy(l->x, fd, "live", ir_str_z(safe), &o, l->err);
    if (l->rc == IR_OK) l->rc = ir_exhibit_put(l->x, &o, l->err);
    ir_digest_hex(&o.sum, IR_SHA256, hex);
    return l->rc == IR_OK;
}

static bool obtain(struct ir_live *l, int fd, uint32_t pid, bool deleted, char hex[IR_DIGEST_TEXT])
{
    char self[48], path[48];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    snprintf(path, sizeof path, "/proc/%u/exe", pid);
    const struct ir_scope scope = ir_live_scope(l->o);
    const char *odd = ir_scope_odd(&scope, fd);
    if (odd != NULL) {
        ir_live_miss(l, ir_str_z(path), IR_LIVE_REFUSED, odd);
        return false;
    }
    int in = ir_io_open(AT_FDCWD, self, 0);
    if (in < 0) {
        ir_live_miss_errno(l, ir_str_z(path), -in, true);
        return false;
    }
    char safe[IR_LIVE_NAME_MAX];
    snprintf(safe, sizeof safe, "%s/exe/pid-%u", l->dir, pid);
    bool good =
        (deleted && take(l, in, ir_str_z(path), safe, "the program that the process runs", hex)) ||
        ir_live_digest(in, hex);
    close(in);
    return good;
}

const char *ir_live_exe(struct ir_live *l, int fd, uint32_t pid, bool deleted)
{
    struct stat st;
    char hex[IR_DIGEST_TEXT] = {0};
    bool is_new;
    if (fstat(fd, &st) != 0) return NULL;
    uint64_t key[2] = {st.st_dev, st.st_ino};
    uint32_t *v = ir_map_put(&l->exe, ir_str_n((const char *)key, sizeof key), &is_new);
    if (v == NULL) return NULL;
    if (is_new && obtain(l, fd, pid, deleted, hex)) {
        *v = (uint32_t)l->exe_hex.n + 1;
        ir_buf_add(&l->exe_hex, hex, strlen(hex) + 1);
    }
    return *v > 0 && !l->exe_hex.full ? l->exe_hex.p + *v - 1 : NULL;
}

static void tell_log(struct ir_live *l, uint32_t pid, struct ir_str target)
{
    if (!ir_str_starts(target, IR_S("/var/log/"))) return;
    struct ir_jline j = ir_live_finding(l, IR_LIVE_NOTICE, "log-deleted",
                                        N_("a log was deleted while a process still has it open"));
    ir_jline_number(&j, "pid", pid);
    ir_jline_bytes(&j, "path", target);
    ir_jline_close(&j);
}

/* As the kernel shows it: "/var/log/x (deleted)". */
static void take_nameless(struct ir_live *l, int in, uint32_t pid, const char *number,
                          struct ir_str target)
{
    char path[64], safe[IR_LIVE_NAME_MAX], hex[IR_DIGEST_TEXT], was[4096];
    snprintf(path, sizeof path, "/proc/%u/fd/%s", pid, number);
    snprintf(safe, sizeof safe, "%s/deleted/pid-%u-fd-%s", l->dir, pid, number);
    struct ir_str name = ir_str_head(target, target.n - strlen(" (deleted)"));
    snprintf(was, sizeof was, "%.*s", (int)(name.n < sizeof was ? name.n : 0), name.p);
    const char *why = ir_live_secret(l, ir_str_z(was), in);
    tell_log(l, pid, name);
    if (why != NULL && !l->o->secrets)
        ir_live_miss(l, ir_str_z(path), IR_LIVE_REFUSED, why);
    else
        take(l, in, ir_str_z(path), safe, "a deleted file that the process has open", hex);
}

void ir_live_nameless(struct ir_live *l, int fds, const char *number, uint32_t pid,
                      struct ir_str target)
{
    char self[48];
    struct stat st;
    bool is_new = false;
    const struct ir_scope scope = ir_live_scope(l->o);
    if (pid == (uint32_t)getpid()) return; /* our own scratch files */
    int fd = openat(fds, number, O_PATH | O_CLOEXEC);
    if (fd < 0) return; /* closed meanwhile */
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 0 && st.st_size > 0 &&
        ir_scope_odd(&scope, fd) == NULL) {
        /* a program may still need its digest: the third number makes it another key */
        const uint64_t key[3] = {st.st_dev, st.st_ino, 1};
        const struct ir_str program = ir_str_n((const char *)key, 2 * sizeof *key);
        if (ir_map_find(&l->exe, program) == UINT32_MAX)
            ir_map_put(&l->exe, ir_str_n((const char *)key, sizeof key), &is_new);
    }
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int in = is_new ? ir_io_open(AT_FDCWD, self, 0) : -1;
    if (in >= 0) take_nameless(l, in, pid, number, target);
    if (in >= 0) close(in);
    close(fd);
}
