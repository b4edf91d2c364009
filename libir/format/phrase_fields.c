/*
 * The values of a phrase as fields. A value that is not what its place says is kept where nobody
 * compares it as an address, or left out: the phrase fits, but its parts may be forged.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/syslog.h"

static const struct {
    struct ir_str word, name;
} transports[] = {
    {IR_S("tcp"), IR_S("tcp")},          {IR_S("udp"), IR_S("udp")},
    {IR_S("icmp"), IR_S("icmp")},        {IR_S("6"), IR_S("tcp")},
    {IR_S("17"), IR_S("udp")},           {IR_S("1"), IR_S("icmp")},
    {IR_S("58"), IR_S("ipv6-icmp")},     {IR_S("icmp6"), IR_S("ipv6-icmp")},
    {IR_S("icmpv6"), IR_S("ipv6-icmp")}, {IR_S("gre"), IR_S("gre")},
    {IR_S("47"), IR_S("gre")},           {IR_S("esp"), IR_S("esp")},
    {IR_S("50"), IR_S("esp")},           {IR_S("igmp"), IR_S("igmp")},
    {IR_S("2"), IR_S("igmp")},           {IR_S("sctp"), IR_S("sctp")},
    {IR_S("132"), IR_S("sctp")},
};

void ir_phrase_transport(struct ir_event *ev, struct ir_str word)
{
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) {
        if (!ir_str_ieq(word, transports[i].word)) continue;
        if (ir_str_eq(word, transports[i].name))
            ir_event_set(ev, IR_F_NETWORK_TRANSPORT, word);
        else
            ir_event_derive(ev, IR_F_NETWORK_TRANSPORT, transports[i].name);
        return;
    }
    if (!ir_str_ieq(word, IR_S("ip"))) ir_event_set(ev, IR_F_NETWORK_TRANSPORT, word);
}

static void set_name(struct ir_event *ev, bool destination, struct ir_str addr)
{
    bool letter = false, plain = true;
    for (size_t i = 0; i < addr.n; i++) {
        letter = letter || ir_isalpha(addr.p[i]);
        plain = plain && (ir_isalnum(addr.p[i]) || addr.p[i] == '.' || addr.p[i] == '-');
    }
    if (!letter || !plain || ir_str_ieq(addr, IR_S("unknown")))
        ir_event_add_named(ev, destination ? IR_S("destination.address") : IR_S("source.address"),
                           IR_V_STRING, addr);
    else
        ir_event_set(ev, destination ? IR_F_DESTINATION_DOMAIN : IR_F_SOURCE_DOMAIN, addr);
}

/* "::ffff:192.0.2.1" is 192.0.2.1 for whoever reads it. */
static struct ir_str unmapped(struct ir_str addr)
{
    struct ir_ip ip;
    struct ir_str v4 = ir_str_skip(addr, 7);
    bool mapped = ir_str_istarts(addr, IR_S("::ffff:")) && ir_str_chr(v4, '.') != IR_NPOS;
    return mapped && ir_ip_parse(v4, &ip) ? v4 : addr;
}

void ir_phrase_end(struct ir_event *ev, bool destination, struct ir_str addr, struct ir_str port)
{
    struct ir_ip ip;
    enum ir_field_id number = destination ? IR_F_DESTINATION_PORT : IR_F_SOURCE_PORT;
    addr = unmapped(addr);
    if (ir_ip_parse(addr, &ip))
        ir_event_set(ev, destination ? IR_F_DESTINATION_IP : IR_F_SOURCE_IP, addr);
    else if (addr.n > 0)
        set_name(ev, destination, addr);
    if (ir_syslog_is_port(port))
        ir_event_add(ev, number, IR_V_NUMBER, port);
    else if (port.n > 0 && ir_isalpha(port.p[0]))
        ir_event_set(ev, IR_F_NETWORK_PROTOCOL, port);
}

/* "[interface:]address[/port]" of Cisco, also "interface/address". A ':' is in an IPv6 address too.
 */
static void cisco_end(struct ir_event *ev, bool destination, struct ir_str v)
{
    struct ir_ip ip;
    struct ir_str port = ir_str_n(NULL, 0), iface = port;
    size_t slash = ir_str_rchr(v, '/'), sep = ir_str_chr(v, ':');
    if (slash != IR_NPOS && ir_ip_parse(ir_str_skip(v, slash + 1), &ip)) {
        iface = ir_str_head(v, slash);
        v = ir_str_skip(v, slash + 1);
    } else {
        if (slash != IR_NPOS) {
            port = ir_str_skip(v, slash + 1);
            v = ir_str_head(v, slash);
        }
        if (sep != IR_NPOS && sep < v.n && !ir_ip_parse(v, &ip)) {
            iface = ir_str_head(v, sep);
            v = ir_str_skip(v, sep + 1);
        }
    }
    if (iface.n > 0) ir_event_set(ev, destination ? IR_F_IFACE_OUT : IR_F_IFACE_IN, iface);
    ir_phrase_end(ev, destination, v, port);
}

/* "address:port" and "[v6]:port"; `dot`: a port behind an IPv6 address stands behind a full stop.
 */
static void colon_end(struct ir_event *ev, bool destination, struct ir_str v, bool dot)
{
    struct ir_ip ip;
    struct ir_str none = ir_str_n(NULL, 0);
    if (v.n > 1 && v.p[0] == '[') {
        size_t end = ir_str_chr(v, ']');
        if (end == IR_NPOS) return;
        bool port = end + 1 < v.n && v.p[end + 1] == ':';
        ir_phrase_end(ev, destination, ir_str_n(v.p + 1, end - 1),
                      port ? ir_str_skip(v, end + 2) : none);
        return;
    }
    size_t at = ir_str_rchr(v, dot && ir_str_chr(v, ':') != ir_str_rchr(v, ':') ? '.' : ':');
    bool one = at != IR_NPOS && !ir_ip_parse(v, &ip);
    ir_phrase_end(ev, destination, one ? ir_str_head(v, at) : v,
                  one ? ir_str_skip(v, at + 1) : none);
}

/* The places that are one field as it stands. */
static enum ir_field_id plain_field(char what)
{
    switch (what) {
    case 'i': return IR_F_IFACE_IN;
    case 'o': return IR_F_IFACE_OUT;
    case 'm': return IR_F_SOURCE_MAC;
    case 'M': return IR_F_DESTINATION_MAC;
    case 'u': return IR_F_USER_NAME;
    case 'U': return IR_F_USER_TARGET_NAME;
    case 'c': return IR_F_PROCESS_COMMAND_LINE;
    case 'f': return IR_F_FILE_PATH;
    case 'r': return IR_F_RULE_NAME;
    case 'x': return IR_F_EVENT_REASON;
    case 'g': return IR_F_GROUP_NAME;
    default: return IR_F_NONE;
    }
}

static void one_part(struct ir_event *ev, char what, struct ir_str v)
{
    const bool destination = what >= 'A' && what <= 'Z';
    const struct ir_str none = ir_str_n(NULL, 0);
    switch (ir_lower(what)) {
    case 'a': ir_phrase_end(ev, destination, v, none); break;
    case 'p': ir_phrase_end(ev, destination, none, v); break;
    case 'e': cisco_end(ev, destination, v); break;
    case 'q': colon_end(ev, destination, v, false); break;
    case 'y': colon_end(ev, destination, v, true); break;
    case 't': ir_phrase_transport(ev, v); break;
    case 'h': ir_event_add_named(ev, IR_S("server.address"), IR_V_STRING, v); break;
    case 'b': ir_event_add(ev, IR_F_NETWORK_BYTES, IR_V_NUMBER, v); break;
    default:
        v = ir_str_trim(v);
        if (v.n > 0 && plain_field(what) != IR_F_NONE) ir_event_set(ev, plain_field(what), v);
    }
}

void ir_phrase_fields(struct ir_event *ev, const struct ir_parts *parts)
{
    for (unsigned i = 0; i < parts->n; i++)
        one_part(ev, parts->part[i].what, parts->part[i].v);
}

/* Firewall rules of the public ask for `blocked` where a device's words for an action differ. */
static void packet(struct ir_event *ev, enum ir_says says)
{
    ir_event_source(ev, IR_LS_FIREWALL);
    if (says == IR_SAYS_PACKET) return;
    ir_event_derive(ev, IR_F_SG_BLOCKED, says == IR_SAYS_BLOCK ? IR_S("true") : IR_S("false"));
}

void ir_phrase_says(struct ir_event *ev, const char *action, enum ir_says says)
{
    if (says == IR_SAYS_LOGIN || says == IR_SAYS_LOGIN_FAILED) {
        ir_syslog_logon(ev, action, says == IR_SAYS_LOGIN);
        return;
    }
    if (action != NULL) ir_syslog_action(ev, action);
    switch (says) {
    case IR_SAYS_BLOCK:
    case IR_SAYS_ALLOW:
    case IR_SAYS_PACKET: packet(ev, says); break;
    case IR_SAYS_ACCOUNT:
        ir_syslog_outcome(ev, true);
        ir_event_source(ev, IR_LS_ACCOUNT_CHANGE);
        break;
    case IR_SAYS_SUCCESS:
    case IR_SAYS_FAILURE: ir_syslog_outcome(ev, says == IR_SAYS_SUCCESS); break;
    default: break;
    }
}
