/*
 * The look at a directory before a walk enters it (see scope.h).
 */
#include "evidence/scope.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/intl.h"

#ifndef SMB2_SUPER_MAGIC
#define SMB2_SUPER_MAGIC 0xfe534d42
#endif

const char *ir_scope_odd(const struct ir_scope *s, int fd)
{
    struct statfs fs;
    if (fstatfs(fd, &fs) != 0) return NULL;
    switch ((unsigned long)fs.f_type) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case DEVPTS_SUPER_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
    case CGROUP2_SUPER_MAGIC:
    case SECURITYFS_MAGIC:
        return N_(
            "is made up by the kernel (/proc, /sys): `ir evidence live` takes what matters of "
            "it");
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
        return s->networks ? NULL : N_("lies on a network file system: not taken unless asked for");
    default: return NULL;
    }
}

const char *ir_scope_excepts(const struct ir_scope *s, struct ir_str path)
{
    for (size_t i = 0; i < s->nexcept; i++) {
        struct ir_str except = ir_str_z(s->except[i]);
        if (ir_str_starts(path, except) &&
            (except.n == 1 || path.n == except.n || path.p[except.n] == '/'))
            return N_("was excepted by the one who collected");
    }
    return NULL;
}

const char *ir_scope_refuses(struct ir_scope *s, const struct ir_tree_entry *e)
{
    if (s->root_dev == 0) s->root_dev = ir_device(e->st);
    const char *excepted = ir_scope_excepts(s, e->path);
    if (excepted != NULL) return excepted;
    if (s->one_filesystem && ir_device(e->st) != s->root_dev)
        return N_("lies on another file system");
    int fd = openat(e->dirfd, e->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const char *odd = fd >= 0 ? ir_scope_odd(s, fd) : NULL;
    if (fd >= 0) close(fd);
    return odd;
}

struct measure {
    struct ir_scope scope;
    uint64_t bytes;
};

static enum ir_tree_answer on_object(void *user, const struct ir_tree_entry *e)
{
    struct measure *m = user;
    if (e->problem != NULL) return IR_TREE_ON;
    uint64_t size = e->st->stx_size;
    if (S_ISREG(e->st->stx_mode) && (m->scope.max_size == 0 || size <= m->scope.max_size) &&
        ir_scope_excepts(&m->scope, e->path) == NULL)
        m->bytes += size / (e->st->stx_nlink > 0 ? e->st->stx_nlink : 1);
    if (!S_ISDIR(e->st->stx_mode)) return IR_TREE_ON;
    return ir_scope_refuses(&m->scope, e) == NULL ? IR_TREE_ON : IR_TREE_SKIP;
}

uint64_t ir_scope_measure(const char *const *paths, size_t n, struct ir_scope scope)
{
    struct measure m = {.scope = scope};
    const struct ir_tree_ops ops = {on_object, &m, true};
    return ir_tree_walk(paths, n, &ops, NULL) == IR_OK ? m.bytes : 0;
}
