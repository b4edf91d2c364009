/*
 * /proc/net/tcp and its brothers (see live_parse.h): addresses are 32-bit words in hex, as they lie
 * in memory.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "evidence/live_parse.h"

#define WORDS_MAX 20u

static bool hex32(struct ir_str s, uint32_t *ret_v)
{
    *ret_v = 0;
    if (s.n == 0 || s.n > 8) return false;
    for (size_t i = 0; i < s.n; i++) {
        int d = ir_hexval(s.p[i]);
        if (d < 0) return false;
        *ret_v = *ret_v << 4 | (unsigned)d;
    }
    return true;
}

/* Words between blanks. */
static unsigned split(struct ir_str s, struct ir_str v[WORDS_MAX])
{
    unsigned n = 0;
    while (n < WORDS_MAX) {
        while (s.n > 0 && s.p[0] == ' ')
            s = ir_str_skip(s, 1);
        if (s.n == 0) break;
        v[n++] = ir_str_cut(&s, ' ');
    }
    return n;
}

/* "0100007F:0CEA", or 32 digits and the port. */
static bool address(struct ir_str s, unsigned family, struct ir_ip *ret_ip, uint16_t *ret_port)
{
    struct ir_str port = s, host = ir_str_cut(&port, ':');
    uint32_t v;
    unsigned n = family == AF_INET ? 1 : 4;
    *ret_ip = (struct ir_ip){.v4 = family == AF_INET};
    if (host.n != 8u * n || !hex32(port, &v) || v > UINT16_MAX) return false;
    *ret_port = (uint16_t)v;
    if (family == AF_INET) memset(ret_ip->b + 10, 0xff, 2);
    for (unsigned i = 0; i < n; i++) {
        if (!hex32(ir_str_n(host.p + 8u * i, 8), &v)) return false;
        memcpy(ret_ip->b + (family == AF_INET ? 12 : 4 * i), &v, 4);
    }
    return true;
}

bool ir_proc_inet(struct ir_str line, unsigned family, unsigned protocol,
                  struct ir_live_socket *ret_s)
{
    struct ir_str w[WORDS_MAX], receive;
    uint64_t uid;
    *ret_s = (struct ir_live_socket){.family = family, .protocol = protocol};
    if (split(line, w) < 10 || !ir_str_ends(w[0], IR_S(":"))) return false;
    if (!address(w[1], family, &ret_s->local, &ret_s->local_port) ||
        !address(w[2], family, &ret_s->remote, &ret_s->remote_port) || !hex32(w[3], &ret_s->state))
        return false;
    receive = w[4];
    struct ir_str send = ir_str_cut(&receive, ':');
    if (!hex32(send, &ret_s->send) || !hex32(receive, &ret_s->receive)) return false;
    if (!ir_str_u64(w[7], &uid) || uid > UINT32_MAX) return false;
    ret_s->uid = (uint32_t)uid;
    return ir_str_u64(w[9], &ret_s->inode);
}

bool ir_proc_unix(struct ir_str line, struct ir_live_socket *ret_s)
{
    struct ir_str rest = line, w[7];
    uint32_t v[5];
    *ret_s = (struct ir_live_socket){.family = AF_UNIX};
    for (unsigned i = 0; i < 7; i++) {
        while (rest.n > 0 && rest.p[0] == ' ')
            rest = ir_str_skip(rest, 1);
        w[i] = ir_str_cut(&rest, ' ');
    }
    if (!ir_str_ends(w[0], IR_S(":")) || w[0].n < 9) return false;
    for (unsigned i = 0; i < 5; i++)
        if (!hex32(w[i + 1], &v[i])) return false;
    ret_s->type = v[3];
    /* SS_UNCONNECTED 1, SS_CONNECTING 2, SS_CONNECTED 3; __SO_ACCEPTCON: it listens */
    ret_s->state = v[2] & 0x10000 ? 10 : v[4] == 3 ? 1 : 7;
    ret_s->path = rest.p != NULL ? rest : IR_S("");
    return ir_str_u64(w[6], &ret_s->inode);
}

const char *ir_socket_protocol(const struct ir_live_socket *s, char room[16])
{
    if (s->family == AF_UNIX) return "unix";
    switch (s->protocol) {
    case IPPROTO_TCP: return "tcp";
    case IPPROTO_UDP: return "udp";
    case IPPROTO_UDPLITE: return "udplite";
    case IPPROTO_RAW: return "raw";
    default: snprintf(room, 16, "%u", s->protocol); return room;
    }
}

const char *ir_socket_state(const struct ir_live_socket *s)
{
    static const char *const names[] = {
        "",      "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",   "TIME_WAIT",
        "CLOSE", "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "NEW_SYN_RECV"};
    return s->state < sizeof names / sizeof *names ? names[s->state] : "";
}
