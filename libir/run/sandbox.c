/*
 * The sandbox of a scan. Reading stays possible anywhere (inputs are opened one by one); what is
 * forbidden answers EPERM, so that a library that probes for something does not bring the scan
 * down. Documents: landlock(7), seccomp(2); libseccomp.
 */
#include "run/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* Rights of later kernels than this header's: numbers from the kernel's documentation. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

struct ruleset_attr { /* as of ABI 4; older kernels take the first member only */
    uint64_t handled_access_fs, handled_access_net;
};

/* What stands below these directories may be written, made, renamed and removed. */
static bool allow_below(int ruleset, uint64_t rights, const char *const *dirs)
{
    bool ok = true;
    for (; ok && *dirs != NULL; dirs++) {
        struct landlock_path_beneath_attr a = {.allowed_access = rights};
        a.parent_fd = open(*dirs, O_PATH | O_CLOEXEC);
        if (a.parent_fd < 0) continue; /* not there: nothing to be written */
        ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &a, 0) == 0;
        close(a.parent_fd);
    }
    return ok;
}

static bool enter_landlock(const char *const *dirs)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < (dirs != NULL ? 2 : 1)) return false; /* 1 forbids to rename between directories */
    struct ruleset_attr attr = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM,
        .handled_access_net = abi >= 4 ? 3 : 0, /* bind and connect of TCP */
    };
    if (abi >= 2) attr.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3) attr.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
    size_t size = abi >= 4 ? sizeof attr : sizeof attr.handled_access_fs;
    long fd = syscall(SYS_landlock_create_ruleset, &attr, size, 0);
    if (fd < 0) return false;
    const uint64_t rights = attr.handled_access_fs & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    bool ok = (dirs == NULL || allow_below((int)fd, rights, dirs)) &&
              syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0;
    close((int)fd);
    return ok;
}

/* Harmless for a process that may not write, connect or execute. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(recvmsg), /* of sockets that are there already */
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(fcntl),
    SCMP_SYS(fadvise64),
    SCMP_SYS(getdents64),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(getcwd),
    SCMP_SYS(dup),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(munmap),
    SCMP_SYS(brk),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(prlimit64),
    SCMP_SYS(membarrier),
};

static bool allow_writes(scmp_filter_ctx c, int fd)
{
    const int calls[] = {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
                         SCMP_SYS(ftruncate)};
    bool ok = true;
    for (size_t i = 0; ok && fd >= 0 && i < sizeof calls / sizeof *calls; i++)
        ok = seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 1,
                              SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0)) == 0;
    return ok;
}

static bool allow_all(scmp_filter_ctx c, const int *calls, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    return ok;
}

/* To descriptors that are open already. */
static bool allow_open(scmp_filter_ctx c, const int *writable, unsigned n)
{
    const scmp_datum_t write_flags = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    bool ok = allow_writes(c, 1) && allow_writes(c, 2);
    for (unsigned i = 0; ok && i < n; i++)
        ok = writable[i] <= 2 || allow_writes(c, writable[i]);
    return ok &&
           seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, write_flags, O_RDONLY)) == 0 &&
           seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, write_flags, O_RDONLY)) == 0;
}

/* Files are made and renamed; where, is Landlock's to say. */
static const int making[] = {
    SCMP_SYS(write),     SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(open),
    SCMP_SYS(openat),    SCMP_SYS(mkdir),  SCMP_SYS(mkdirat),  SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),  SCMP_SYS(rmdir),  SCMP_SYS(rename),   SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(fsync),  SCMP_SYS(syncfs),   SCMP_SYS(ftruncate),
    SCMP_SYS(flock),     SCMP_SYS(statfs),
};

static bool fill(scmp_filter_ctx c, const int *writable, unsigned n, bool makes)
{
    bool ok =
        allow_all(c, allowed, sizeof allowed / sizeof *allowed) &&
        (makes ? allow_all(c, making, sizeof making / sizeof *making) : allow_open(c, writable, n));
    ok = ok &&
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                          SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                          SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0)) == 0 &&
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0)) ==
             0 &&
         /* glibc falls back to clone, whose flags can be seen */
         seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         /* abort() raises its signal in the calling thread */
         seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                          SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
    return ok;
}

static bool enter_seccomp(const int *writable, unsigned n, bool makes)
{
#ifdef __SANITIZE_ADDRESS__
    (void)fill; /* the leak checker stops its threads by ptrace: Landlock only in such a build */
    (void)writable;
    (void)n;
    (void)makes;
    return false;
#else
    scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (c == NULL) return false;
    bool ok = fill(c, writable, n, makes) && seccomp_load(c) == 0;
    seccomp_release(c);
    return ok;
#endif
}

static const char *enter(const int *writable, unsigned n, const char *const *dirs)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "none";
    bool landlock = enter_landlock(dirs);
    bool seccomp = enter_seccomp(writable, n, dirs != NULL);
    if (seccomp) return landlock ? "seccomp,landlock" : "seccomp";
    return landlock ? "landlock" : "none";
}

const char *ir_sandbox_enter(const int *writable, unsigned n)
{
    return enter(writable, n, NULL);
}

const char *ir_sandbox_enter_making(const char *const *dirs)
{
    return enter(NULL, 0, dirs);
}
