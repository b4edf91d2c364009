/*
 * Processes that are there but that the list of /proc leaves out, as a rootkit does it: every
 * number is asked by kill with signal 0, which sends nothing. Threads answer too; they are told by
 * their leader. What began meanwhile is sorted out by reading the list again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/live_int.h"
#include "evidence/live_parse.h"

#define SECONDS_MAX    30 /* for four million numbers on a slow machine */
#define CANDIDATES_MAX 4096u
#define AGAIN_NS       50000000

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

bool ir_live_pids(struct ir_live *l, uint32_t **ret_v, size_t *ret_n)
{
    uint64_t pid;
    size_t n = 0, cap = 0;
    uint32_t *v = NULL;
    int fd = openat(l->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        ir_live_miss_errno(l, IR_S("/proc"), errno, false);
        if (fd >= 0) close(fd);
        return false;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (!ir_str_u64(ir_str_z(e->d_name), &pid) || pid > UINT32_MAX) continue;
        if (n == cap) {
            uint32_t *more = realloc(v, (cap = cap ? 2 * cap : 512) * sizeof *more);
            if (more == NULL) break;
            v = more;
        }
        v[n++] = (uint32_t)pid;
    }
    closedir(d);
    if (n > 0) qsort(v, n, sizeof *v, by_number);
    *ret_v = v;
    *ret_n = n;
    return n > 0;
}

static bool has(const uint32_t *v, size_t n, uint32_t pid)
{
    return bsearch(&pid, v, n, sizeof *v, by_number) != NULL;
}

static bool answers(uint32_t pid)
{
    return kill((pid_t)pid, 0) == 0 || errno == EPERM;
}

static bool is_thread(struct ir_live *l, uint32_t pid)
{
    char name[32];
    uint64_t leader;
    struct ir_str v;
    snprintf(name, sizeof name, "%u/status", pid);
    if (ir_live_read(l->proc, name, &l->text) != 0) return false;
    return ir_proc_field(ir_buf_view(&l->text), "Tgid", &v) && ir_str_u64(v, &leader) &&
           leader != pid;
}

/* Without root, /proc may be told to hide what others run: then it does so to everybody. */
static bool hides_by_option(struct ir_live *l)
{
    struct ir_str rest, line;
    struct ir_proc_mount m;
    bool ended;
    if (geteuid() == 0 || ir_live_read(l->proc, "self/mountinfo", &l->text) != 0) return false;
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended))
        if (ir_proc_mount(line, &m) && ir_str_eq(m.point, IR_S("/proc")) &&
            ir_str_find(m.super, IR_S("hidepid=")) != IR_NPOS &&
            ir_str_find(m.super, IR_S("hidepid=0")) == IR_NPOS)
            return true;
    return false;
}

static uint32_t last_number(struct ir_live *l)
{
    uint64_t v;
    if (ir_live_read(l->proc, "sys/kernel/pid_max", &l->text) != 0) return 1 << 15;
    bool good = ir_str_u64(ir_str_head(ir_buf_view(&l->text), l->text.n - (l->text.n > 0)), &v);
    return good && v <= 1u << 22 ? (uint32_t)v : 1u << 22;
}

static void tell(struct ir_live *l, uint32_t pid)
{
    char name[32];
    struct ir_jline j =
        ir_live_finding(l, IR_LIVE_DIFFERENCE, "process-hidden",
                        N_("a process answers, but the list of /proc leaves it out"));
    ir_jline_number(&j, "pid", pid);
    snprintf(name, sizeof name, "%u/comm", pid);
    if (ir_live_read(l->proc, name, &l->text) == 0) {
        if (l->text.n > 0) l->text.n--; /* the line end */
        ir_jline_bytes(&j, "name", ir_buf_view(&l->text));
    }
    snprintf(name, sizeof name, "%u/exe", pid);
    if (ir_live_link(l->proc, name, &l->link) == 0)
        ir_jline_bytes(&j, "exe", ir_buf_view(&l->link));
    ir_jline_close(&j);
}

/* What answered a moment ago and is no thread: begun meanwhile, or hidden. */
static void judge(struct ir_live *l, const uint32_t *candidates, size_t n)
{
    const struct timespec wait = {.tv_nsec = AGAIN_NS};
    uint32_t *v;
    size_t listed;
    nanosleep(&wait, NULL); /* what is only being born is in the list by now */
    if (!ir_live_pids(l, &v, &listed)) return;
    for (size_t i = 0; i < n; i++)
        if (!has(v, listed, candidates[i]) && answers(candidates[i]) &&
            !is_thread(l, candidates[i]))
            tell(l, candidates[i]);
    free(v);
}

void ir_live_hidden(struct ir_live *l)
{
    uint32_t candidates[CANDIDATES_MAX], last = last_number(l);
    size_t n = 0;
    time_t end = time(NULL) + SECONDS_MAX;
    if (hides_by_option(l)) {
        ir_live_miss(l, IR_S("/proc"), IR_LIVE_DENIED,
                     "is mounted with hidepid: processes of others cannot be seen without root");
        return;
    }
    for (uint32_t pid = 1; pid <= last && n < CANDIDATES_MAX; pid++) {
        if (pid % 65536 == 0 && time(NULL) > end) {
            ir_live_miss(l, IR_S("/proc"), IR_LIVE_DENIED,
                         "asking every number for a hidden process took too long: the higher "
                         "numbers were not asked");
            break;
        }
        if (ir_live_process_find(l, pid) == NULL && answers(pid) && !is_thread(l, pid))
            candidates[n++] = pid;
    }
    if (n > 0) judge(l, candidates, n);
}
