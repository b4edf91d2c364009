/*
 * See peers.h. Hostile: so many connections at once that the table forgets some; then their lines
 * stay without an address, as they were logged.
 */
#include "format/peers.h"

#include "base/map.h"
#include "base/time.h"

#define KEEP (INT64_C(600) * IR_NS)

static const struct ir_str nameless[] = {
#define NAMELESS(text) {text, sizeof(text) - 1},
#include "format/syslog_nameless.def"
#undef NAMELESS
};

uint64_t ir_peers_key(struct ir_str host, struct ir_str pid)
{
    uint64_t key = ir_hash(pid, ir_hash(host, 1));
    return key != 0 ? key : 1;
}

bool ir_peers_nameless(struct ir_str msg)
{
    for (size_t i = 0; i < sizeof nameless / sizeof *nameless; i++)
        if (ir_str_find(ir_str_head(msg, 64), nameless[i]) != IR_NPOS) return true;
    return false;
}

void ir_peers_remember(struct ir_parser *p, uint64_t key, struct ir_event *ev, struct ir_str ip,
                       struct ir_str port)
{
    struct ir_peers *peers = p->peers;
    struct ir_peer *to = NULL;
    if (peers == NULL) return;
    ev->flags |= IR_EV_LINKED;
    if (ip.n == 0 || ip.n + port.n > IR_PEER_BYTES) return;
    for (uint32_t i = 0; i < IR_PEERS && to == NULL; i++)
        if (peers->peer[i].key == key) to = &peers->peer[i];
    if (to == NULL) to = &peers->peer[peers->next++ % IR_PEERS];
    *to = (struct ir_peer){
        .key = key, .time = ev->time, .ip_n = (uint8_t)ip.n, .port_n = (uint8_t)port.n};
    memcpy(to->text, ip.p, ip.n);
    if (port.n > 0) memcpy(to->text + ip.n, port.p, port.n);
}

void ir_peers_recall(struct ir_parser *p, uint64_t key, struct ir_event *ev)
{
    if (p->peers == NULL) return;
    ev->flags |= IR_EV_LINKED;
    for (uint32_t i = 0; i < IR_PEERS; i++) {
        const struct ir_peer *who = &p->peers->peer[i];
        if (who->key != key || ev->time - who->time > KEEP || who->time - ev->time > KEEP) continue;
        struct ir_str both = ir_str_n(who->text, (size_t)who->ip_n + who->port_n);
        both = ir_arena_dup(ev->arena, both); /* the table goes on, the event stays */
        if (both.p == NULL) return;
        ir_event_derive(ev, IR_F_SOURCE_IP, ir_str_head(both, who->ip_n));
        if (who->port_n > 0) ir_event_derive(ev, IR_F_SOURCE_PORT, ir_str_skip(both, who->ip_n));
        return;
    }
}
