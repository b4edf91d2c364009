/*
 * Packets that pf logs on pfSense and OPNsense: the message of filterlog is CSV.
 * Documents: Netgate, "Raw Filter Log Format"; OPNsense, filterlog's README.
 *
 *     4,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,192.0.2.1,198.51.100.2,5123,22,
 *         0,S,123456,,64240,,mss;sackOK
 *     rule,sub,anchor,tracker,interface,reason,action,direction,version, then of the packet:
 *     4: tos,ecn,ttl,id,offset,flags,proto id,proto,   6: class,flow,hops,proto,proto id,
 *     length,source,destination[,source port,destination port,data length[,tcp flags, …]]
 *
 * Hostile: the packet itself, of which only numbers and names of flags are printed. A value that is
 * not what its column says is left out.
 *
 * event.action: block, reject, allow; else pf's own word.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/syslog.h"

#define COLUMNS_MAX 24u
#define MESSAGE_MAX 1024u

enum { TRACKER = 3, IFACE, REASON, ACTION, DIRECTION, VERSION };

struct packet {
    struct ir_str column[COLUMNS_MAX];
    size_t n, length; /* columns; the one of the packet's length */
    struct ir_str transport;
};

static bool split(struct ir_str s, struct packet *p)
{
    for (p->n = 0; s.p != NULL && p->n < COLUMNS_MAX; p->n++)
        p->column[p->n] = ir_str_cut(&s, ',');
    if (p->n <= VERSION + 1) return false;
    const bool v4 = ir_str_eq(p->column[VERSION], IR_S("4"));
    if (!v4 && !ir_str_eq(p->column[VERSION], IR_S("6"))) return false;
    p->length = VERSION + (v4 ? 9u : 6u);
    if (p->n < p->length + 3) return false;
    p->transport = p->column[v4 ? p->length - 1 : p->length - 2];
    return true;
}

static void action(struct ir_event *ev, struct ir_str word)
{
    if (ir_str_eq(word, IR_S("block")))
        ir_phrase_says(ev, "block", IR_SAYS_BLOCK);
    else if (ir_str_eq(word, IR_S("reject")))
        ir_phrase_says(ev, "reject", IR_SAYS_BLOCK);
    else if (ir_str_eq(word, IR_S("pass")))
        ir_phrase_says(ev, "allow", IR_SAYS_ALLOW);
    else
        ir_phrase_says(ev, NULL, IR_SAYS_PACKET);
    if (ir_event_first(ev, IR_F_EVENT_ACTION, 0) == IR_NOFIELD && word.n > 0)
        ir_event_set(ev, IR_F_EVENT_ACTION, word);
}

static void ends(struct ir_event *ev, const struct packet *p)
{
    const struct ir_str *at = p->column + p->length, none = ir_str_n(NULL, 0);
    const bool tcp = ir_str_ieq(p->transport, IR_S("tcp"));
    const bool ports = p->n > p->length + 4 && (tcp || ir_str_ieq(p->transport, IR_S("udp")));
    ir_phrase_end(ev, false, at[1], ports ? at[3] : none);
    ir_phrase_end(ev, true, at[2], ports ? at[4] : none);
    if (at[0].n > 0 && ir_syslog_digits(at[0]).n == at[0].n)
        ir_event_add(ev, IR_F_NETWORK_BYTES, IR_V_NUMBER, at[0]);
    if (tcp && p->n > p->length + 6) ir_event_add_named(ev, IR_S("tcp.flags"), IR_V_STRING, at[6]);
}

void ir_syslog_filterlog(const struct ir_syslog *h, struct ir_event *ev)
{
    struct packet p;
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX || !split(s, &p)) return;
    const bool out = ir_str_eq(p.column[DIRECTION], IR_S("out"));
    ends(ev, &p);
    if (p.transport.n > 0) ir_phrase_transport(ev, p.transport);
    if (p.column[TRACKER].n > 0) ir_event_set(ev, IR_F_RULE_ID, p.column[TRACKER]);
    if (p.column[IFACE].n > 0)
        ir_event_set(ev, out ? IR_F_IFACE_OUT : IR_F_IFACE_IN, p.column[IFACE]);
    if (p.column[REASON].n > 0) ir_event_set(ev, IR_F_EVENT_REASON, p.column[REASON]);
    if (out || ir_str_eq(p.column[DIRECTION], IR_S("in")))
        ir_event_derive(ev, IR_F_NETWORK_DIRECTION, out ? IR_S("outbound") : IR_S("inbound"));
    action(ev, p.column[ACTION]);
}
