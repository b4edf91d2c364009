/*
 * Digests of the programs that run, each inode once. One that was deleted after it was started has
 * no other copy than the one the kernel still holds: it is taken into the exhibit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "evidence/live_int.h"
#include "evidence/scope.h"

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

/* The content, with its digests made in the same reading. */
static bool take(struct ir_live *l, int fd, struct ir_str path, uint32_t pid,
                 char hex[IR_DIGEST_TEXT])
{
    char safe[IR_LIVE_NAME_MAX];
    struct ir_object o = {.path = path, .made = "the program that the process runs"};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &o.st) != 0) return false;
    if (l->o->max_size > 0 && o.st.stx_size > l->o->max_size) {
        ir_live_miss(l, path, IR_LIVE_REFUSED, "is larger than the limit that was given");
        return ir_live_digest(fd, hex);
    }
    snprintf(safe, sizeof safe, "%s/exe/pid-%u", l->dir, pid);
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
    bool good = deleted ? take(l, in, ir_str_z(path), pid, hex) : ir_live_digest(in, hex);
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
