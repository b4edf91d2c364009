/*
 * Netlink (see netlink.h).
 */
#include "evidence/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/unix_diag.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ANSWER_MAX  ((size_t)256 << 10)
#define REQUEST_MAX 256u
#define WAIT_S      5 /* the kernel answers at once; nobody shall hang on it */

bool ir_netlink_next(struct ir_str *rest, struct ir_netlink_message *ret_m)
{
    struct nlmsghdr h;
    if (rest->n < sizeof h) return false;
    memcpy(&h, rest->p, sizeof h);
    if (h.nlmsg_len < sizeof h || h.nlmsg_len > rest->n) return false;
    ret_m->type = h.nlmsg_type;
    ret_m->body = ir_str_n(rest->p + sizeof h, h.nlmsg_len - sizeof h);
    *rest = ir_str_skip(*rest, NLMSG_ALIGN((size_t)h.nlmsg_len));
    return true;
}

bool ir_netlink_attribute(struct ir_str *rest, unsigned *ret_type, struct ir_str *ret_value)
{
    struct nlattr a;
    if (rest->n < sizeof a) return false;
    memcpy(&a, rest->p, sizeof a);
    if (a.nla_len < sizeof a || a.nla_len > rest->n) return false;
    *ret_type = a.nla_type & (unsigned)NLA_TYPE_MASK;
    *ret_value = ir_str_n(rest->p + sizeof a, a.nla_len - sizeof a);
    *rest = ir_str_skip(*rest, ((size_t)a.nla_len + 3) & ~(size_t)3);
    return true;
}

static int ask(int fd, unsigned type, const void *body, size_t n)
{
    _Alignas(struct nlmsghdr) char request[REQUEST_MAX] = {0};
    struct nlmsghdr h = {.nlmsg_len = (uint32_t)(sizeof h + n),
                         .nlmsg_type = (uint16_t)type,
                         .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                         .nlmsg_seq = 1};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    if (sizeof h + n > sizeof request) return -EINVAL;
    memcpy(request, &h, sizeof h);
    memcpy(request + sizeof h, body, n);
    ssize_t sent =
        sendto(fd, request, sizeof h + n, 0, (const struct sockaddr *)&kernel, sizeof kernel);
    return sent < 0 ? -errno : 0;
}

/* 1: the end, 0: go on, or -errno. */
static int take(struct ir_str all, void (*each)(void *user, const struct ir_netlink_message *m),
                void *user)
{
    struct ir_netlink_message m;
    int32_t code;
    while (ir_netlink_next(&all, &m)) {
        if (m.type == NLMSG_DONE) return 1;
        if (m.type == NLMSG_ERROR) {
            if (m.body.n < sizeof code) return -EBADMSG;
            memcpy(&code, m.body.p, sizeof code);
            return code == 0 ? 1 : code < 0 && code > -4096 ? code : -EBADMSG;
        }
        if (m.type > NLMSG_OVERRUN) each(user, &m);
    }
    return all.n == 0 ? 0 : -EBADMSG;
}

int ir_netlink_dump(int protocol, unsigned type, const void *body, size_t n,
                    void (*each)(void *user, const struct ir_netlink_message *m), void *user)
{
    struct timeval wait = {.tv_sec = WAIT_S};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (fd < 0) return -errno;
    char *room = malloc(ANSWER_MAX);
    int rc = room != NULL ? ask(fd, type, body, n) : -ENOMEM;
    if (rc == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0) rc = -errno;
    while (rc == 0) {
        struct sockaddr_nl from = {0};
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(fd, room, ANSWER_MAX, MSG_TRUNC, (struct sockaddr *)&from, &size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 || (size_t)got > ANSWER_MAX)
            rc = got < 0 ? -errno : -EMSGSIZE;
        else if (from.nl_pid == 0) /* of the kernel, not of another process */
            rc = take(ir_str_n(room, (size_t)got), each, user);
    }
    free(room);
    close(fd);
    return rc == 1 ? 0 : rc;
}

static void ip(unsigned family, const void *p, struct ir_ip *ret_ip)
{
    *ret_ip = (struct ir_ip){.v4 = family == AF_INET};
    if (family == AF_INET) memset(ret_ip->b + 10, 0xff, 2);
    memcpy(ret_ip->b + (family == AF_INET ? 12 : 0), p, family == AF_INET ? 4 : 16);
}

bool ir_diag_inet(struct ir_str body, unsigned protocol, struct ir_live_socket *ret_s)
{
    struct inet_diag_msg m;
    *ret_s = (struct ir_live_socket){.protocol = protocol};
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6) return false;
    ret_s->family = m.idiag_family;
    ret_s->state = m.idiag_state;
    ip(m.idiag_family, m.id.idiag_src, &ret_s->local);
    ip(m.idiag_family, m.id.idiag_dst, &ret_s->remote);
    ret_s->local_port = ntohs(m.id.idiag_sport);
    ret_s->remote_port = ntohs(m.id.idiag_dport);
    ret_s->interface = m.id.idiag_if;
    ret_s->uid = m.idiag_uid;
    ret_s->inode = m.idiag_inode;
    ret_s->receive = m.idiag_rqueue;
    ret_s->send = m.idiag_wqueue;
    return true;
}

bool ir_diag_unix(struct ir_str body, struct ir_live_socket *ret_s)
{
    struct unix_diag_msg m;
    struct ir_str value, rest;
    unsigned type;
    uint32_t peer;
    *ret_s = (struct ir_live_socket){.family = AF_UNIX};
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    if (m.udiag_family != AF_UNIX) return false;
    ret_s->type = m.udiag_type;
    ret_s->state = m.udiag_state;
    ret_s->inode = m.udiag_ino;
    rest = ir_str_skip(body, sizeof m);
    while (ir_netlink_attribute(&rest, &type, &value)) {
        if (type == UNIX_DIAG_NAME) ret_s->path = value;
        if (type == UNIX_DIAG_PEER && value.n == sizeof peer) {
            memcpy(&peer, value.p, sizeof peer);
            ret_s->peer = peer;
        }
    }
    return true;
}
