/*
 * Modules of the kernel, from the three places that tell of them. A rootkit takes itself off the
 * list that /proc/modules shows, and often forgets /sys or the symbols: a module that stands in one
 * place only is a finding.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/live_int.h"

enum { IN_PROC = 1, IN_SYS = 2, IN_SYMBOLS = 4 };

static void mark(struct ir_map *m, struct ir_str name, unsigned where)
{
    bool is_new;
    uint32_t *v = name.n > 0 && name.n < 256 ? ir_map_put(m, name, &is_new) : NULL;
    if (v != NULL) *v |= where;
}

static bool proc_modules(struct ir_live *l, struct ir_map *m)
{
    struct ir_str rest, line;
    bool ended;
    if (ir_live_read(l->proc, "modules", &l->text) != 0) return false;
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended))
        mark(m, ir_str_cut(&line, ' '), IN_PROC);
    return true;
}

/* Code that is built in has a directory there too, but no state. */
static bool sys_modules(struct ir_map *m)
{
    char name[300];
    int fd = open("/sys/module", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL && fd >= 0) close(fd);
    if (d == NULL) return false;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        snprintf(name, sizeof name, "%s/initstate", e->d_name);
        if (faccessat(dirfd(d), name, F_OK, 0) == 0) mark(m, ir_str_z(e->d_name), IN_SYS);
    }
    closedir(d);
    return true;
}

/* "ffffffffc0a0 t name\t[module]" */
static void symbols(struct ir_live *l, struct ir_map *m)
{
    struct ir_str rest, line;
    bool ended;
    if (ir_live_read(l->proc, "kallsyms", &l->text) != 0) return;
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended)) {
        size_t at = ir_str_ends(line, IR_S("]")) ? ir_str_find(line, IR_S("\t[")) : IR_NPOS;
        if (at == IR_NPOS) continue;
        struct ir_str name = ir_str_n(line.p + at + 2, line.n - at - 3);
        /* programs that the kernel makes itself stand under these names */
        if (!ir_str_eq(name, IR_S("bpf")) && !ir_str_starts(name, IR_S("__builtin__")))
            mark(m, name, IN_SYMBOLS);
    }
}

static const char *difference(unsigned where, bool proc, bool sys)
{
    if (proc && !(where & IN_PROC))
        return N_("a module is loaded, but /proc/modules leaves it out");
    if (sys && !(where & IN_SYS)) return N_("a module is loaded, but /sys/module leaves it out");
    return NULL;
}

static void modules(struct ir_live *l)
{
    struct ir_live_out out;
    struct ir_map again = {0}, m = {0};
    bool proc = proc_modules(l, &m), sys = sys_modules(&m);
    symbols(l, &m);
    /* without root, /proc/kallsyms still has the names */
    if (proc) proc_modules(l, &again);
    if (sys) sys_modules(&again);
    ir_live_out_open(l, &out, "modules.jsonl", "/proc/modules, /sys/module, /proc/kallsyms");
    for (uint32_t i = 0; i < m.n; i++) {
        struct ir_str name = m.items[i].key;
        uint32_t at = ir_map_find(&again, name);
        unsigned where = m.items[i].value | (at != UINT32_MAX ? again.items[at].value : 0);
        const char *title = difference(where, proc, sys);
        struct ir_jline *j = ir_live_line(&out);
        ir_jline_bytes(j, "module", name);
        ir_jline_flag(j, "in_proc_modules", where & IN_PROC);
        ir_jline_flag(j, "in_sys_module", where & IN_SYS);
        ir_jline_flag(j, "in_kallsyms", where & IN_SYMBOLS);
        ir_live_line_end(&out);
        if (title == NULL) continue;
        struct ir_jline f = ir_live_finding(l, IR_LIVE_DIFFERENCE, "module-hidden", title);
        ir_jline_bytes(&f, "module", name);
        ir_jline_close(&f);
    }
    ir_live_out_close(&out);
    ir_map_free(&again);
    ir_map_free(&m);
}

void ir_live_kernel(struct ir_live *l)
{
    static const char *const raw[] = {"/proc/modules",
                                      "/proc/sys/kernel/tainted",
                                      "/proc/sys/kernel/core_pattern",
                                      "/proc/sys/kernel/modprobe",
                                      "/proc/sys/kernel/randomize_va_space",
                                      "/proc/sys/kernel/yama/ptrace_scope",
                                      "/proc/sys/kernel/unprivileged_bpf_disabled",
                                      "/proc/sys/net/ipv4/ip_forward",
                                      "/proc/sys/fs/binfmt_misc/status",
                                      "/sys/kernel/debug/kprobes/list",
                                      "/sys/kernel/security/lockdown"};
    modules(l);
    ir_live_bpf(l);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        ir_live_raw(l, raw[i]);
}
