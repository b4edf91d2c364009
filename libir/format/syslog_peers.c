/*
 * Connections of sshd: some failures name no address, it stands in an earlier line of the same
 * process ("Connection from … port …" at LogLevel VERBOSE, or the "SSH: Server;Ltype: …;Remote:
 * addr-port" lines). Only fixed messages take part: see peers.h.
 */
#include "format/peers.h"
#include "format/syslog.h"

/* "SSH: Server;Ltype: Version;Remote: 127.0.0.1-1780;Protocol: …" */
static bool remote_of(struct ir_str msg, struct ir_str *ret_ip, struct ir_str *ret_port)
{
    if (!ir_str_starts(msg, IR_S("SSH: "))) return false;
    size_t at = ir_str_find(msg, IR_S(";Remote: "));
    if (at == IR_NPOS || ir_str_find(msg, IR_S("Ltype: ")) == IR_NPOS) return false;
    struct ir_str rest = ir_str_skip(msg, at + 9);
    struct ir_str both = ir_str_cut(&rest, ';');
    size_t dash = ir_str_rchr(both, '-');
    if (dash == IR_NPOS) return false;
    *ret_ip = ir_str_head(both, dash);
    *ret_port = ir_str_skip(both, dash + 1);
    return ret_ip->n > 0;
}

void ir_syslog_peers(struct ir_parser *p, const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str ip, port;
    if (p->peers == NULL || h->pid.n == 0) return;
    uint64_t key = ir_peers_key(h->host, h->pid);
    if (ir_str_starts(h->msg, IR_S("Connection from ")))
        ir_peers_remember(p, key, ev, ir_event_get(ev, IR_F_SOURCE_IP, 0),
                          ir_event_get(ev, IR_F_SOURCE_PORT, 0));
    else if (remote_of(h->msg, &ip, &port))
        ir_peers_remember(p, key, ev, ip, port);
    else if (ir_event_get(ev, IR_F_SOURCE_IP, 0).p == NULL && ir_peers_nameless(h->msg))
        ir_peers_recall(p, key, ev);
}
