/*
 * Connections of sshd: some failures name no address, it stands in an earlier line of the same
 * process
 * ("Connection from … port …" at LogLevel VERBOSE, or the "SSH: Server;Ltype: …;Remote: addr-port"
 * lines).
 *
 * Only fixed messages are remembered and only fixed messages get an address, and all of them are
 * triggers of the format: so a scan that skips most lines and one that parses all of them see the
 * same.
 */
#include "base/map.h"
#include "base/time.h"
#include "format/syslog.h"

#define KEEP (INT64_C(600) * IR_NS)

static const struct ir_str nameless[] = {
#define NAMELESS(text) {text, sizeof(text) - 1},
#include "format/syslog_nameless.def"
#undef NAMELESS
};

static uint64_t connection_key(const struct ir_syslog *h)
{
    uint64_t key = ir_hash(h->pid, ir_hash(h->host, 1));
    return key != 0 ? key : 1;
}

static bool is_nameless(struct ir_str msg)
{
    for (size_t i = 0; i < sizeof nameless / sizeof *nameless; i++)
        if (ir_str_find(ir_str_head(msg, 64), nameless[i]) != IR_NPOS) return true;
    return false;
}

static void remember(struct ir_peers *peers, uint64_t key, int64_t time, struct ir_str ip,
                     struct ir_str port)
{
    struct ir_peer *to = NULL;
    for (uint32_t i = 0; i < IR_PEERS && to == NULL; i++)
        if (peers->peer[i].key == key) to = &peers->peer[i];
    if (to == NULL) to = &peers->peer[peers->next++ % IR_PEERS];
    *to = (struct ir_peer){key, time, ip, port};
}

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
    uint64_t key = connection_key(h);
    if (ir_str_starts(h->msg, IR_S("Connection from "))) {
        ev->flags |= IR_EV_LINKED;
        ip = ir_event_get(ev, IR_F_SOURCE_IP, 0);
        if (ip.n > 0) remember(p->peers, key, ev->time, ip, ir_event_get(ev, IR_F_SOURCE_PORT, 0));
        return;
    }
    if (remote_of(h->msg, &ip, &port)) {
        ev->flags |= IR_EV_LINKED;
        remember(p->peers, key, ev->time, ip, port);
        return;
    }
    if (ir_event_get(ev, IR_F_SOURCE_IP, 0).p != NULL || !is_nameless(h->msg)) return;
    ev->flags |= IR_EV_LINKED;
    for (uint32_t i = 0; i < IR_PEERS; i++) {
        const struct ir_peer *who = &p->peers->peer[i];
        if (who->key != key || ev->time - who->time > KEEP || who->time - ev->time > KEEP) continue;
        ir_event_derive(ev, IR_F_SOURCE_IP, who->ip);
        if (who->port.n > 0) ir_event_derive(ev, IR_F_SOURCE_PORT, who->port);
        return;
    }
}
