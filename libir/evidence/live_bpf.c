/*
 * eBPF (bpf(2)): programs that run in the kernel for events, packets and system calls, their maps
 * and what they are attached to. They need no module and no process, so a rootkit made of them is
 * in none of the other lists.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/time.h"
#include "evidence/live_int.h"

#define OBJECTS_MAX 100000u

/* What is told of each kind. */
union info {
    struct bpf_prog_info program;
    struct bpf_map_info map;
    struct bpf_link_info link;
};

static const char *program_type(unsigned type, char room[16])
{
    static const char *const names[] = {"unspecified",
                                        "socket_filter",
                                        "kprobe",
                                        "sched_cls",
                                        "sched_act",
                                        "tracepoint",
                                        "xdp",
                                        "perf_event",
                                        "cgroup_skb",
                                        "cgroup_sock",
                                        "lwt_in",
                                        "lwt_out",
                                        "lwt_xmit",
                                        "sock_ops",
                                        "sk_skb",
                                        "cgroup_device",
                                        "sk_msg",
                                        "raw_tracepoint",
                                        "cgroup_sock_addr",
                                        "lwt_seg6local",
                                        "lirc_mode2",
                                        "sk_reuseport",
                                        "flow_dissector",
                                        "cgroup_sysctl",
                                        "raw_tracepoint_writable",
                                        "cgroup_sockopt",
                                        "tracing",
                                        "struct_ops",
                                        "ext",
                                        "lsm",
                                        "sk_lookup",
                                        "syscall"};
    if (type < sizeof names / sizeof *names) return names[type];
    snprintf(room, 16, "%u", type);
    return room;
}

static struct ir_str name_of(const char name[BPF_OBJ_NAME_LEN])
{
    return ir_str_n(name, strnlen(name, BPF_OBJ_NAME_LEN));
}

/* ids: the kernel was given room for that many. */
static void program(struct ir_jline *j, const struct bpf_prog_info *p, const uint32_t *ids)
{
    char room[16], tag[2 * BPF_TAG_SIZE + 1];
    for (size_t i = 0; i < BPF_TAG_SIZE; i++)
        snprintf(tag + 2 * i, 3, "%02x", p->tag[i]);
    ir_jline_number(j, "id", p->id);
    ir_jline_text(j, "type", ir_str_z(program_type(p->type, room)));
    ir_jline_bytes(j, "name", name_of(p->name));
    ir_jline_text(j, "tag", ir_str_z(tag));
    ir_jline_number(j, "loaded_boottime_ns", p->load_time);
    ir_jline_number(j, "uid", p->created_by_uid);
    ir_jline_number(j, "bytes", p->xlated_prog_len);
    ir_jline_flag(j, "compiled", p->jited_prog_len > 0);
    for (uint32_t i = 0; i < p->nr_map_ids && i < 64; i++) {
        if (i == 0) ir_jline_key(j, "maps");
        ir_buf_fmt(j->b, "%s%u", i == 0 ? "[" : ",", ids[i]);
        if (i + 1 == p->nr_map_ids || i == 63) ir_buf_chr(j->b, ']');
    }
}

static void map(struct ir_jline *j, const struct bpf_map_info *m)
{
    ir_jline_number(j, "id", m->id);
    ir_jline_number(j, "type", m->type);
    ir_jline_bytes(j, "name", name_of(m->name));
    ir_jline_number(j, "key_bytes", m->key_size);
    ir_jline_number(j, "value_bytes", m->value_size);
    ir_jline_number(j, "entries_max", m->max_entries);
}

static void link_line(struct ir_jline *j, const struct bpf_link_info *k)
{
    ir_jline_number(j, "id", k->id);
    ir_jline_number(j, "type", k->type);
    ir_jline_number(j, "program", k->prog_id);
}

static const struct kind {
    const char *file;
    int next, open;
} kinds[] = {{"bpf-programs.jsonl", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
             {"bpf-maps.jsonl", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
             {"bpf-links.jsonl", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID}};

static long ask(int command, union bpf_attr *a)
{
    return syscall(SYS_bpf, command, a, sizeof *a);
}

static void one(struct ir_live_out *out, const struct kind *k, uint32_t id)
{
    union info info = {{0}};
    uint32_t ids[64] = {0};
    union bpf_attr a = {.prog_id = id}; /* as map_id and link_id: one place */
    long fd = ask(k->open, &a);
    if (fd < 0) return; /* unloaded meanwhile */
    if (k->open == BPF_PROG_GET_FD_BY_ID) {
        info.program.nr_map_ids = sizeof ids / sizeof *ids;
        info.program.map_ids = (uint64_t)(uintptr_t)ids;
    }
    memset(&a, 0, sizeof a);
    a.info.bpf_fd = (uint32_t)fd;
    a.info.info_len = sizeof info;
    a.info.info = (uint64_t)(uintptr_t)&info;
    if (ask(BPF_OBJ_GET_INFO_BY_FD, &a) == 0) {
        struct ir_jline *j = ir_live_line(out);
        if (k->open == BPF_PROG_GET_FD_BY_ID)
            program(j, &info.program, ids);
        else if (k->open == BPF_MAP_GET_FD_BY_ID)
            map(j, &info.map);
        else
            link_line(j, &info.link);
        ir_live_line_end(out);
    }
    close((int)fd);
}

void ir_live_bpf(struct ir_live *l)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && l->rc == IR_OK; i++) {
        struct ir_live_out out;
        union bpf_attr a = {0};
        int why = ENOENT;
        ir_live_out_open(l, &out, kinds[i].file, "bpf(2)");
        for (uint32_t n = 0; n < OBJECTS_MAX; n++) {
            if (ask(kinds[i].next, &a) != 0) {
                why = errno;
                break;
            }
            const uint32_t id = a.next_id;
            one(&out, &kinds[i], id);
            memset(&a, 0, sizeof a);
            a.start_id = id;
        }
        ir_live_out_close(&out);
        if (why != ENOENT && why != EINVAL) /* the end; a kernel that has no links */
            ir_live_miss_errno(l, IR_S("bpf(2)"), why == ENOSYS ? ENOENT : why, false);
    }
}
