/*
 * What is mounted where, which namespaces there are, and which containers: by the processes in
 * them, whatever runs the containers. A directory of /proc that something is mounted over hides its
 * process from everybody who looks there.
 */
#include <fcntl.h>
#include <stdio.h>

#include "base/intl.h"
#include "base/json.h"
#include "evidence/live_int.h"
#include "evidence/live_parse.h"

static void member(struct ir_live *l, struct ir_jline *j, const char *name, struct ir_str escaped)
{
    ir_buf_clear(&l->link);
    ir_proc_unescape(&l->link, escaped);
    ir_jline_bytes(j, name, ir_buf_view(&l->link));
}

static void over_process(struct ir_live *l, const struct ir_proc_mount *m)
{
    if (!ir_str_starts(m->point, IR_S("/proc/")) || m->point.n < 7 || !ir_isdigit(m->point.p[6]))
        return;
    struct ir_jline j =
        ir_live_finding(l, IR_LIVE_DIFFERENCE, "process-covered",
                        N_("something is mounted over a process's directory in /proc"));
    member(l, &j, "point", m->point);
    member(l, &j, "source", m->source);
    ir_jline_close(&j);
}

static void mounts(struct ir_live *l)
{
    struct ir_live_out out;
    struct ir_str rest, line;
    struct ir_proc_mount m;
    bool ended;
    int rc = ir_live_read(l->proc, "self/mountinfo", &l->text);
    if (rc != 0) {
        ir_live_miss_errno(l, IR_S("/proc/self/mountinfo"), -rc, false);
        return;
    }
    ir_live_out_open(l, &out, "mounts.jsonl", "/proc/self/mountinfo");
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended)) {
        if (!ir_proc_mount(line, &m)) continue;
        struct ir_jline *j = ir_live_line(&out);
        ir_jline_number(j, "id", m.id);
        ir_jline_number(j, "parent", m.parent);
        ir_jline_text(j, "device", m.device);
        member(l, j, "point", m.point);
        member(l, j, "root", m.root);
        member(l, j, "type", m.type);
        member(l, j, "source", m.source);
        ir_jline_text(j, "options", m.options);
        member(l, j, "super_options", m.super);
        ir_live_line_end(&out);
        over_process(l, &m);
    }
    ir_live_out_close(&out);
}

static void namespaces(struct ir_live *l)
{
    struct ir_live_out out;
    ir_live_out_open(l, &out, "namespaces.jsonl", "/proc/PID/ns");
    for (uint32_t i = 0; i < l->spaces.n; i++) {
        struct ir_jline *j = ir_live_line(&out);
        ir_jline_text(j, "namespace", l->spaces.items[i].key);
        ir_jline_number(j, "first_pid", l->spaces.items[i].value);
        ir_live_line_end(&out);
    }
    ir_live_out_close(&out);
    ir_live_out_open(l, &out, "containers.jsonl", "/proc/PID/cgroup");
    for (uint32_t i = 0; i < l->containers.n; i++) {
        struct ir_jline *j = ir_live_line(&out);
        ir_jline_text(j, "container", l->containers.items[i].key);
        ir_jline_number(j, "processes", l->containers.items[i].value);
        ir_live_line_end(&out);
    }
    ir_live_out_close(&out);
}

void ir_live_mount(struct ir_live *l)
{
    static const char *const raw[] = {"/proc/self/mountinfo", "/proc/swaps",
                                      "/proc/partitions",     "/proc/mdstat",
                                      "/proc/diskstats",      "/proc/filesystems"};
    mounts(l);
    namespaces(l);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        ir_live_raw(l, raw[i]);
}
