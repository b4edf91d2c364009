/*
 * What files of /proc hold (proc(5)). Names in them are the attacker's: a process may be called
 * "x) R 1 1\n", a socket may be bound to a path with line ends. Each function takes text of any
 * bytes, gives views into it, and says false when it is not of the form.
 */
#ifndef IR_EVIDENCE_LIVE_PARSE_H
#define IR_EVIDENCE_LIVE_PARSE_H

#include "base/buf.h"
#include "base/ip.h"

/* /proc/PID/stat. The name ends at the last ')'. */
struct ir_proc_stat {
    uint64_t pid;
    struct ir_str name;
    char state;
    int64_t ppid, group, session, tty;
    uint64_t flags, utime, stime, threads, start, vsize, rss;
};
bool ir_proc_stat(struct ir_str text, struct ir_proc_stat *ret_s);

/* /proc/PID/status and the like: what stands after "NAME:", trimmed. */
bool ir_proc_field(struct ir_str text, const char *name, struct ir_str *ret_v);

/* A line of /proc/PID/maps. */
struct ir_proc_map {
    uint64_t start, end, offset, inode;
    struct ir_str rights, device, path; /* path as the kernel writes it, with \012 for a line end */
    bool deleted;
};
bool ir_proc_map(struct ir_str line, struct ir_proc_map *ret_m);

/* A line of /proc/PID/mountinfo; texts have \040 and the like (ir_proc_unescape). */
struct ir_proc_mount {
    uint64_t id, parent;
    struct ir_str device, root, point, options, type, source, super;
};
bool ir_proc_mount(struct ir_str line, struct ir_proc_mount *ret_m);

/* \ooo (three octal digits) → the byte; everything else as it is. */
void ir_proc_unescape(struct ir_buf *out, struct ir_str s);

/* A socket, from /proc/net or from sock_diag. */
struct ir_live_socket {
    unsigned family;   /* AF_INET, AF_INET6, AF_UNIX */
    unsigned protocol; /* IPPROTO_*, 0 for AF_UNIX */
    unsigned type;     /* SOCK_* of AF_UNIX */
    unsigned state;    /* TCP_ESTABLISHED = 1 … */
    struct ir_ip local, remote;
    uint16_t local_port, remote_port;
    uint32_t uid, interface, receive, send; /* bytes in queues */
    uint64_t inode;
    uint64_t peer;      /* AF_UNIX: inode of the other end; 0: not known */
    struct ir_str path; /* AF_UNIX: raw; abstract ones begin with NUL (diag) or '@' (/proc) */
};
/* A line of /proc/net/{tcp,udp,raw}[6]. */
bool ir_proc_inet(struct ir_str line, unsigned family, unsigned protocol,
                  struct ir_live_socket *ret_s);
/* A line of /proc/net/unix. */
bool ir_proc_unix(struct ir_str line, struct ir_live_socket *ret_s);

/* "tcp", "udp", …, or a number in room. */
const char *ir_socket_protocol(const struct ir_live_socket *s, char room[16]);
/* "LISTEN", … of TCP and AF_UNIX, "" when there is none. */
const char *ir_socket_state(const struct ir_live_socket *s);

/* The id of a container in a line of /proc/PID/cgroup: 64 hex digits, or a name after "lxc/",
 * "machine-" and the like. Empty: none. */
struct ir_str ir_proc_container(struct ir_str cgroup);

#endif
