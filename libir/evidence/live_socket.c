/*
 * Sockets, asked for in two ways: sock_diag(7) and the files of /proc/net. A rootkit that hides a
 * port usually changes only one of them, so what stays different is a finding. Sockets come and go:
 * one is missed by a way only if the other had it before and after.
 */
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/json.h"
#include "evidence/live_int.h"
#include "evidence/netlink.h"

#define ROUNDS 3u

enum { PROC_1 = 1, DIAG_1 = 2, PROC_2 = 4, DIAG_2 = 8 };

static const struct kind {
    unsigned family, protocol;
    const char *file;
} kinds[] = {
    {AF_INET, IPPROTO_TCP, "net/tcp"},
    {AF_INET6, IPPROTO_TCP, "net/tcp6"},
    {AF_INET, IPPROTO_UDP, "net/udp"},
    {AF_INET6, IPPROTO_UDP, "net/udp6"},
    {AF_INET, IPPROTO_UDPLITE, "net/udplite"},
    {AF_INET6, IPPROTO_UDPLITE, "net/udplite6"},
    {AF_INET, IPPROTO_RAW, "net/raw"},
    {AF_INET6, IPPROTO_RAW, "net/raw6"},
    {AF_UNIX, 0, "net/unix"},
};

/* One kind of sockets in one round. */
struct round {
    struct ir_live *l;
    const struct kind *kind;
    struct ir_live_out *out; /* NULL: only to compare */
    struct ir_map seen;      /* inode → the ways that told of it */
    unsigned way;
    uint64_t netns; /* not our own: its number */
    bool diag;      /* the kernel answers sock_diag for this kind */
};

static void owners(struct round *r, struct ir_jline *j, uint64_t inode)
{
    const struct ir_live *l = r->l;
    size_t lo = 0, hi = l->nowners;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (l->owners[mid].inode < inode)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (inode == 0 || lo == l->nowners || l->owners[lo].inode != inode) return;
    ir_jline_key(j, "owners");
    for (size_t i = lo; i < l->nowners && l->owners[i].inode == inode; i++) {
        const struct ir_live_process *p = ir_live_process_find(l, l->owners[i].pid);
        ir_buf_fmt(j->b, "%s{\"pid\":%u,\"fd\":%d", i == lo ? "[" : ",", l->owners[i].pid,
                   l->owners[i].fd);
        if (p != NULL) {
            ir_buf_str(j->b, IR_S(",\"name\":"));
            ir_json_write_str(j->b, ir_str_n(p->name, strnlen(p->name, sizeof p->name)));
        }
        ir_buf_chr(j->b, '}');
    }
    ir_buf_chr(j->b, ']');
}

static void describe(struct ir_jline *j, const struct ir_live_socket *s)
{
    char room[64];
    ir_jline_text(j, "protocol", ir_str_z(ir_socket_protocol(s, room)));
    if (s->family != AF_UNIX) {
        ir_jline_text(j, "family", s->family == AF_INET ? IR_S("ipv4") : IR_S("ipv6"));
        ir_jline_text(j, "local", ir_str_n(room, ir_ip_text(&s->local, room)));
        ir_jline_number(j, "local_port", s->local_port);
        ir_jline_text(j, "remote", ir_str_n(room, ir_ip_text(&s->remote, room)));
        ir_jline_number(j, "remote_port", s->remote_port);
    } else {
        static const char *const types[] = {"", "stream", "dgram", "raw", "", "seqpacket"};
        if (s->type < sizeof types / sizeof *types)
            ir_jline_text(j, "type", ir_str_z(types[s->type]));
        ir_jline_bytes(j, "path", s->path);
    }
    ir_jline_text(j, "state", ir_str_z(ir_socket_state(s)));
    ir_jline_number(j, "inode", s->inode);
}

static void write_line(struct round *r, const struct ir_live_socket *s)
{
    struct ir_jline *j = ir_live_line(r->out);
    describe(j, s);
    if (s->family != AF_UNIX) {
        ir_jline_number(j, "uid", s->uid);
        ir_jline_number(j, "receive_queue", s->receive);
        ir_jline_number(j, "send_queue", s->send);
    }
    if (s->interface != 0) ir_jline_number(j, "interface", s->interface);
    if (s->peer != 0) ir_jline_number(j, "peer", s->peer);
    if (r->netns != 0) ir_jline_number(j, "net_namespace", r->netns);
    owners(r, j, s->inode);
    ir_jline_text(j, "from", r->way & (DIAG_1 | DIAG_2) ? IR_S("sock_diag") : IR_S("/proc/net"));
    ir_live_line_end(r->out);
}

/* Each socket is written once: as sock_diag tells it, which tells more, or else as /proc does. What
 * has no inode (TIME_WAIT) belongs to nobody and cannot be compared. */
static void one(struct round *r, const struct ir_live_socket *s)
{
    char key[32];
    bool is_new, told = false;
    uint32_t *v = NULL;
    if (s->inode != 0) {
        snprintf(key, sizeof key, "%llu", (unsigned long long)s->inode);
        if ((v = ir_map_put(&r->seen, ir_str_z(key), &is_new)) == NULL) return;
        told = *v & DIAG_1;
        *v |= r->way;
    } else
        told = r->diag;
    if (r->out != NULL && (r->way == DIAG_1 || (r->way == PROC_2 && !told))) write_line(r, s);
}

static void from_proc(struct round *r, int dirfd)
{
    struct ir_live_socket s;
    struct ir_str rest, line;
    bool ended;
    unsigned family = r->kind->family;
    if (ir_live_read(dirfd, r->kind->file, &r->l->text) != 0) return;
    rest = ir_buf_view(&r->l->text);
    while (ir_str_line(&rest, &line, &ended))
        if (family == AF_UNIX ? ir_proc_unix(line, &s)
                              : ir_proc_inet(line, family, r->kind->protocol, &s))
            one(r, &s);
}

static void on_answer(void *user, const struct ir_netlink_message *m)
{
    struct round *r = user;
    struct ir_live_socket s;
    if (m->type != SOCK_DIAG_BY_FAMILY) return;
    if (r->kind->family == AF_UNIX ? ir_diag_unix(m->body, &s)
                                   : ir_diag_inet(m->body, r->kind->protocol, &s))
        one(r, &s);
}

static int from_diag(struct round *r)
{
    const struct inet_diag_req_v2 inet = {.sdiag_family = (uint8_t)r->kind->family,
                                          .sdiag_protocol = (uint8_t)r->kind->protocol,
                                          .idiag_states = UINT32_MAX};
    const struct unix_diag_req local = {.sdiag_family = AF_UNIX,
                                        .udiag_states = UINT32_MAX,
                                        .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER};
    if (r->kind->family == AF_UNIX)
        return ir_netlink_dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, &local, sizeof local,
                               on_answer, r);
    return ir_netlink_dump(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, &inet, sizeof inet, on_answer,
                           r);
}

/* Both ways, twice, so that each is enclosed by the other. */
static void both_ways(struct round *r)
{
    r->way = PROC_1;
    from_proc(r, r->l->proc);
    r->way = DIAG_1;
    if (r->diag && from_diag(r) != 0) r->diag = false;
    r->way = PROC_2;
    from_proc(r, r->l->proc);
    r->way = DIAG_2;
    if (r->diag && from_diag(r) != 0) r->diag = false;
}

static const char *difference(uint32_t ways)
{
    if ((ways & DIAG_1) && (ways & DIAG_2) && !(ways & PROC_2))
        return N_("a socket is known to the kernel, but /proc/net leaves it out");
    if ((ways & PROC_1) && (ways & PROC_2) && !(ways & DIAG_1))
        return N_("a socket is in /proc/net, but the kernel does not tell of it");
    return NULL;
}

static void tell(struct ir_live *l, const struct kind *k, struct ir_str inode, const char *title)
{
    struct ir_jline j = ir_live_finding(l, IR_LIVE_DIFFERENCE, "socket-hidden", title);
    const struct ir_live_socket s = {.family = k->family, .protocol = k->protocol};
    char room[16];
    uint64_t n;
    ir_jline_text(&j, "protocol", ir_str_z(ir_socket_protocol(&s, room)));
    if (ir_str_u64(inode, &n)) ir_jline_number(&j, "inode", n);
    ir_jline_close(&j);
}

/* Differences that stay are told; the files of /proc may skip a line while sockets come and go. */
static void compare(struct ir_live *l, const struct kind *k, struct ir_map *first)
{
    struct ir_map *suspects = first, held[ROUNDS] = {{0}};
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct round again = {.l = l, .kind = k, .diag = true};
        unsigned left = 0;
        for (uint32_t n = 0; n < suspects->n; n++)
            left += difference(suspects->items[n].value) != NULL;
        if (left == 0) break;
        if (i + 1 == ROUNDS) {
            for (uint32_t n = 0; n < suspects->n; n++)
                if (difference(suspects->items[n].value) != NULL)
                    tell(l, k, suspects->items[n].key, difference(suspects->items[n].value));
            break;
        }
        both_ways(&again);
        for (uint32_t n = 0; again.diag && n < again.seen.n; n++) {
            uint32_t at = ir_map_find(suspects, again.seen.items[n].key);
            bool is_new, stays = at != UINT32_MAX &&
                                 difference(suspects->items[at].value) != NULL &&
                                 difference(again.seen.items[n].value) != NULL;
            uint32_t *v = stays ? ir_map_put(&held[i], again.seen.items[n].key, &is_new) : NULL;
            if (v != NULL) *v = again.seen.items[n].value;
        }
        ir_map_free(&again.seen);
        suspects = &held[i];
    }
    for (unsigned i = 0; i < ROUNDS; i++)
        ir_map_free(&held[i]);
}

/* Network namespaces of containers, by a process in each. */
static void other_namespaces(struct ir_live *l, struct ir_live_out *out)
{
    char name[16];
    for (uint32_t i = 0; i < l->spaces.n && l->rc == IR_OK; i++) {
        struct ir_str id = l->spaces.items[i].key;
        uint64_t n;
        if (!ir_str_starts(id, IR_S("net:[")) || !ir_str_u64(ir_str_n(id.p + 5, id.n - 6), &n) ||
            n == l->own_netns)
            continue;
        snprintf(name, sizeof name, "%u", l->spaces.items[i].value);
        int dir = openat(l->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        for (size_t k = 0; dir >= 0 && k < sizeof kinds / sizeof *kinds; k++) {
            struct round r = {.l = l, .kind = &kinds[k], .out = out, .netns = n, .way = PROC_2};
            from_proc(&r, dir);
            ir_map_free(&r.seen);
        }
        if (dir >= 0) close(dir);
    }
}

void ir_live_socket(struct ir_live *l)
{
    static const char *const raw[] = {"/proc/net/tcp",     "/proc/net/tcp6",   "/proc/net/udp",
                                      "/proc/net/udp6",    "/proc/net/raw",    "/proc/net/raw6",
                                      "/proc/net/unix",    "/proc/net/packet", "/proc/net/netlink",
                                      "/proc/net/sockstat"};
    struct ir_live_out out;
    ir_live_out_open(l, &out, "sockets.jsonl", "sock_diag and /proc/net, compared");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && l->rc == IR_OK; i++) {
        struct round r = {.l = l, .kind = &kinds[i], .out = &out, .diag = true};
        both_ways(&r);
        if (r.diag) compare(l, &kinds[i], &r.seen);
        ir_map_free(&r.seen);
    }
    other_namespaces(l, &out);
    ir_live_out_close(&out);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        ir_live_raw(l, raw[i]);
}
