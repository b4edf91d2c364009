/*
 * Processes out of /proc, not out of ps (proc(5)). A process can end at any moment, and everything
 * that it tells of itself (its name, its command line, the names of its files) is its own choice.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "evidence/live_process.h"

#define PF_KTHREAD 0x00200000u

static void list(struct ir_live *l)
{
    uint32_t *v;
    size_t n;
    if (!ir_live_pids(l, &v, &n)) return;
    l->processes = calloc(n, sizeof *l->processes);
    for (size_t i = 0; l->processes != NULL && i < n; i++)
        l->processes[l->nprocesses++].pid = v[i];
    free(v);
}

/* "1000\t1000\t1000\t1000" → [1000,1000,1000,1000]. */
static void numbers(struct ir_jline *j, const char *name, struct ir_str status, const char *field)
{
    struct ir_str v;
    uint64_t n;
    bool first = true;
    if (!ir_proc_field(status, field, &v) || v.n == 0) return;
    ir_jline_key(j, name);
    ir_buf_chr(j->b, '[');
    while (v.p != NULL) {
        size_t end = 0;
        while (end < v.n && v.p[end] != '\t' && v.p[end] != ' ')
            end++;
        if (ir_str_u64(ir_str_head(v, end), &n)) {
            ir_buf_fmt(j->b, first ? "%llu" : ",%llu", (unsigned long long)n);
            first = false;
        }
        v = end < v.n ? ir_str_skip(v, end + 1) : (struct ir_str){NULL, 0};
    }
    ir_buf_chr(j->b, ']');
}

static void status(struct ir_live_look *k, struct ir_jline *j)
{
    static const struct {
        const char *field, *name;
    } texts[] = {{"CapEff", "cap_effective"}, {"CapPrm", "cap_permitted"},
                 {"CapBnd", "cap_bounding"},  {"CapAmb", "cap_ambient"},
                 {"Seccomp", "seccomp"},      {"NoNewPrivs", "no_new_privs"},
                 {"VmRSS", "vm_rss"},         {"VmSize", "vm_size"}};
    struct ir_str all, v;
    uint64_t tracer;
    if (ir_live_read(k->dir, "status", &k->l->text) != 0) return;
    all = ir_buf_view(&k->l->text);
    numbers(j, "uid", all, "Uid");
    numbers(j, "gid", all, "Gid");
    numbers(j, "groups", all, "Groups");
    numbers(j, "ns_pid", all, "NSpid");
    if (ir_proc_field(all, "TracerPid", &v) && ir_str_u64(v, &tracer) && tracer > 0)
        ir_jline_number(j, "tracer", tracer);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (ir_proc_field(all, texts[i].field, &v)) ir_jline_text(j, texts[i].name, v);
}

static void link_member(struct ir_live_look *k, struct ir_jline *j, const char *name)
{
    if (ir_live_link(k->dir, name, &k->l->link) == 0)
        ir_jline_bytes(j, name, ir_buf_view(&k->l->link));
}

static void small_member(struct ir_live_look *k, struct ir_jline *j, const char *name,
                         const char *file)
{
    if (ir_live_read(k->dir, file, &k->l->text) != 0) return;
    struct ir_str v = ir_buf_view(&k->l->text);
    while (v.n > 0 && (v.p[v.n - 1] == '\n' || v.p[v.n - 1] == '\0'))
        v.n--;
    if (!ir_str_eq(v, IR_S("4294967295"))) ir_jline_bytes(j, name, v);
}

/* Where programs of the system do not lie. */
static bool odd_place(struct ir_str path)
{
    static const struct ir_str places[] = {IR_S("/tmp/"), IR_S("/var/tmp/"), IR_S("/dev/shm/"),
                                           IR_S("/memfd:"), IR_S("/run/user/")};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (ir_str_starts(path, places[i])) return true;
    return false;
}

static void exe_finding(struct ir_live_look *k, struct ir_str path, const char *hex, bool deleted)
{
    bool odd = odd_place(path);
    if (!deleted && !odd) return;
    struct ir_jline j = ir_live_finding(
        k->l, IR_LIVE_NOTICE, deleted ? "executable-deleted" : "executable-in-odd-place",
        deleted ? N_("a process runs an executable that has no name any more")
                : N_("a process runs an executable from a directory for temporary files"));
    ir_jline_number(&j, "pid", k->pid);
    ir_jline_bytes(&j, "path", path);
    if (hex != NULL) ir_jline_text(&j, "sha256", ir_str_z(hex));
    ir_jline_close(&j);
}

static void executable(struct ir_live_look *k, struct ir_jline *j)
{
    struct stat st;
    char path[64];
    if (ir_live_link(k->dir, "exe", &k->l->link) != 0) return;
    ir_jline_bytes(j, "exe", ir_buf_view(&k->l->link));
    int fd = openat(k->dir, "exe", O_PATH | O_CLOEXEC);
    if (fd < 0) {
        snprintf(path, sizeof path, "/proc/%u/exe", k->pid);
        ir_live_miss_errno(k->l, ir_str_z(path), errno, true);
        return;
    }
    bool known = fstat(fd, &st) == 0, deleted = known && st.st_nlink == 0;
    if (known) {
        ir_jline_number(j, "exe_inode", st.st_ino);
        ir_jline_number(j, "exe_size", (uint64_t)st.st_size);
        ir_jline_flag(j, "exe_deleted", deleted);
    }
    const char *hex = ir_live_exe(k->l, fd, k->pid, deleted);
    if (hex != NULL) ir_jline_text(j, "exe_sha256", ir_str_z(hex));
    exe_finding(k, ir_buf_view(&k->l->link), hex, deleted);
    close(fd);
}

static void times(struct ir_live_look *k, struct ir_jline *j, const struct ir_proc_stat *s)
{
    ir_jline_number(j, "start_ticks", s->start);
    ir_jline_time(j, "started_utc",
                  k->boot + (int64_t)(s->start / k->tick) * IR_NS +
                      (int64_t)(s->start % k->tick) * (IR_NS / (int64_t)k->tick));
    ir_jline_number(j, "user_ticks", s->utime);
    ir_jline_number(j, "system_ticks", s->stime);
}

/* False: it has ended. */
static bool stat_members(struct ir_live_look *k, struct ir_jline *j, bool *ret_kernel)
{
    struct ir_proc_stat s;
    struct ir_live *l = k->l;
    char state[2] = {0};
    if (ir_live_read(k->dir, "stat", &l->text) != 0 || !ir_proc_stat(ir_buf_view(&l->text), &s))
        return false;
    struct ir_live_process *p = (struct ir_live_process *)ir_live_process_find(l, k->pid);
    size_t n = s.name.n < sizeof p->name ? s.name.n : sizeof p->name;
    if (p != NULL) memcpy(p->name, s.name.p, n);
    state[0] = s.state;
    *ret_kernel = s.flags & PF_KTHREAD;
    ir_jline_signed(j, "ppid", s.ppid);
    ir_jline_bytes(j, "name", s.name);
    ir_jline_text(j, "state", ir_str_z(state));
    ir_jline_signed(j, "group", s.group);
    ir_jline_signed(j, "session", s.session);
    ir_jline_signed(j, "tty", s.tty);
    ir_jline_number(j, "threads", s.threads);
    ir_jline_flag(j, "kernel_thread", *ret_kernel);
    times(k, j, &s);
    return true;
}

static void vanished(struct ir_live *l, uint32_t pid, int errnum)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%u", pid);
    ir_live_miss_errno(l, ir_str_z(path), errnum, true);
}

static void look(struct ir_live_look *k)
{
    char name[16];
    bool kernel = false;
    snprintf(name, sizeof name, "%u", k->pid);
    k->dir = openat(k->l->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (k->dir < 0) {
        vanished(k->l, k->pid, errno);
        return;
    }
    struct ir_jline *j = ir_live_line(k->processes);
    ir_jline_number(j, "pid", k->pid);
    bool there = stat_members(k, j, &kernel);
    if (there) {
        status(k, j);
        ir_live_command_line(k, j);
        if (!kernel) executable(k, j);
        link_member(k, j, "cwd");
        link_member(k, j, "root");
        small_member(k, j, "cgroup", "cgroup");
        small_member(k, j, "login_uid", "loginuid");
        small_member(k, j, "security", "attr/current");
        ir_live_environment(k, j);
        ir_live_namespaces(k, j);
        ir_jline_number(j, "open_files", ir_live_open_files(k));
        ir_live_maps(k);
    } else {
        ir_jline_flag(j, "vanished", true);
        vanished(k->l, k->pid, ENOENT);
    }
    ir_live_line_end(k->processes);
    close(k->dir);
}

static int64_t booted(void)
{
    struct timespec real, boot;
    if (clock_gettime(CLOCK_REALTIME, &real) != 0 || clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
        return 0;
    return (real.tv_sec - boot.tv_sec) * IR_NS + real.tv_nsec - boot.tv_nsec;
}

static int by_inode(const void *a, const void *b)
{
    const struct ir_live_owner *x = a, *y = b;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

void ir_live_process(struct ir_live *l)
{
    struct ir_live_out processes, files, maps;
    long tick = sysconf(_SC_CLK_TCK);
    struct ir_live_look k = {.l = l,
                             .processes = &processes,
                             .files = &files,
                             .maps = &maps,
                             .boot = booted(),
                             .tick = tick > 0 ? (uint64_t)tick : 100};
    list(l);
    ir_live_out_open(l, &processes, "processes.jsonl", "/proc/PID");
    ir_live_out_open(l, &files, "open-files.jsonl", "/proc/PID/fd and fdinfo");
    ir_live_out_open(l, &maps, "maps.jsonl", "/proc/PID/maps");
    for (size_t i = 0; i < l->nprocesses && l->rc == IR_OK; i++) {
        k.pid = l->processes[i].pid;
        look(&k);
    }
    ir_live_out_close(&processes);
    ir_live_out_close(&files);
    ir_live_out_close(&maps);
    if (l->nowners > 0) qsort(l->owners, l->nowners, sizeof *l->owners, by_inode);
    ir_live_hidden(l);
}
