/*
 * Packets that netfilter logs: iptables -j LOG, nftables `log`, UFW, firewalld, ulogd. The kernel
 * writes "PREFIX IN=eth0 OUT= MAC=… SRC=… DST=… … PROTO=TCP SPT=… DPT=…"
 * (net/netfilter/nf_log_syslog.c); the prefix is the administrator's.
 *
 * An ICMP error quotes the packet it answers in brackets with the same keys; the quote is not read.
 *
 * event.action: block, reject, limit, allow, audit; "log" when the prefix does not say.
 */
#include "base/ip.h"
#include "format/syslog.h"

/* "IN=eth0 OUT=": the kernel's own first keys, whatever stands before them. nftables puts no blank
 * between the administrator's prefix and these. */
static bool is_head(struct ir_str s)
{
    size_t blank = ir_str_chr(ir_str_head(s, 32), ' ');
    return blank != IR_NPOS && ir_str_starts(ir_str_skip(s, blank), IR_S(" OUT="));
}

static size_t find_in(struct ir_str s)
{
    for (size_t from = 0; from < s.n;) {
        size_t at = ir_str_find(ir_str_skip(s, from), IR_S("IN="));
        if (at == IR_NPOS) return IR_NPOS;
        at += from;
        if (at == 0 || strchr(" ]:-,|>", s.p[at - 1]) != NULL || is_head(ir_str_skip(s, at)))
            return at;
        from = at + 3;
    }
    return IR_NPOS;
}

/* Where "IN=" stands in a packet's line; IR_NPOS: it is none. */
static size_t packet_at(struct ir_str msg)
{
    size_t at = find_in(ir_str_head(msg, 512));
    if (at == IR_NPOS) return IR_NPOS;
    struct ir_str s = ir_str_skip(msg, at);
    size_t out = ir_str_find(s, IR_S(" OUT="));
    return out != IR_NPOS && ir_str_find(s, IR_S(" SRC=")) != IR_NPOS ? at : IR_NPOS;
}

const char *ir_syslog_packet_action(struct ir_str prefix)
{
    static const struct {
        struct ir_str word;
        const char *action;
    } words[] = {{IR_S("audit"), "audit"},   {IR_S("limit"), "limit"},   {IR_S("block"), "block"},
                 {IR_S("drop"), "block"},    {IR_S("deny"), "block"},    {IR_S("denied"), "block"},
                 {IR_S("reject"), "reject"}, {IR_S("invalid"), "block"}, {IR_S("accept"), "allow"},
                 {IR_S("allow"), "allow"},   {IR_S("pass"), "allow"},    {IR_S("-ACC-"), "allow"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ir_str_ifind(prefix, words[i].word) != IR_NPOS) return words[i].action;
    return "log";
}

/* Without "[123.456] " and the colon or brackets around the words. */
static struct ir_str clean_prefix(struct ir_str s)
{
    s = ir_str_trim(s);
    if (s.n > 2 && s.p[0] == '[' && (s.p[1] == ' ' || ir_isdigit(s.p[1]))) {
        size_t end = ir_str_chr(s, ']');
        if (end != IR_NPOS) s = ir_str_trim(ir_str_skip(s, end + 1));
    }
    while (s.n > 0 && strchr(":-, \"", s.p[s.n - 1]) != NULL)
        s.n--;
    if (s.n > 0 && s.p[0] == '"') s = ir_str_skip(s, 1);
    if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']') s = ir_str_n(s.p + 1, s.n - 2);
    return s;
}

/* Lower case for network.transport; numbers stay. */
static void add_transport(struct ir_event *ev, struct ir_str v)
{
    char *low = ir_arena_alloc(ev->arena, v.n);
    if (low == NULL) return;
    for (size_t i = 0; i < v.n; i++)
        low[i] = ir_lower(v.p[i]);
    ir_event_derive(ev, IR_F_NETWORK_TRANSPORT, ir_str_n(low, v.n));
}

/* Destination, source and type: 14 bytes in hex with colons. */
static void add_mac(struct ir_event *ev, struct ir_str v)
{
    if (v.n < 35) return;
    ir_event_set(ev, IR_F_DESTINATION_MAC, ir_str_n(v.p, 17));
    ir_event_set(ev, IR_F_SOURCE_MAC, ir_str_n(v.p + 18, 17));
}

static const struct {
    struct ir_str key;
    enum ir_field_id id;
    enum ir_value_type type;
} keys[] = {
    {IR_S("IN"), IR_F_IFACE_IN, IR_V_STRING},
    {IR_S("OUT"), IR_F_IFACE_OUT, IR_V_STRING},
    {IR_S("SRC"), IR_F_SOURCE_IP, IR_V_STRING},
    {IR_S("DST"), IR_F_DESTINATION_IP, IR_V_STRING},
    {IR_S("SPT"), IR_F_SOURCE_PORT, IR_V_NUMBER},
    {IR_S("DPT"), IR_F_DESTINATION_PORT, IR_V_NUMBER},
    {IR_S("LEN"), IR_F_NETWORK_BYTES, IR_V_NUMBER},
};
#define NKEYS   (sizeof keys / sizeof keys[0])
#define KEY_MAX 3u

/* A value that is not what its key says is kept where nothing compares it as an address, a port
 * that is none is left out: somebody cut or forged the line. */
static void add_key(struct ir_event *ev, size_t i, struct ir_str v)
{
    struct ir_ip ip;
    enum ir_field_id id = keys[i].id;
    bool port = id == IR_F_SOURCE_PORT || id == IR_F_DESTINATION_PORT;
    if (port && !ir_syslog_is_port(v)) {
        ir_event_damage(ev, "a port that is none");
    } else if ((id == IR_F_SOURCE_IP || id == IR_F_DESTINATION_IP) && !ir_ip_parse(v, &ip)) {
        if (id == IR_F_SOURCE_IP)
            ir_event_set(ev, IR_F_SOURCE_ADDRESS, v);
        else
            ir_event_add_named(ev, IR_S("destination.address"), IR_V_STRING, v);
    } else {
        ir_event_add(ev, id, keys[i].type, v);
    }
}

static void add_pair(struct ir_event *ev, struct ir_str key, struct ir_str v, bool seen[NKEYS])
{
    for (size_t i = 0; key.n <= KEY_MAX && i < NKEYS; i++) {
        if (!ir_str_eq(key, keys[i].key)) continue;
        if (!seen[i] && v.n > 0) add_key(ev, i, v);
        seen[i] = true; /* UDP logs a second LEN: its own */
        return;
    }
    if (v.n == 0) return;
    if (ir_str_eq(key, IR_S("PROTO")))
        add_transport(ev, v);
    else if (ir_str_eq(key, IR_S("MAC")))
        add_mac(ev, v);
    else if (ir_str_eq(key, IR_S("MACSRC")))
        ir_event_set(ev, IR_F_SOURCE_MAC, v);
    else if (ir_str_eq(key, IR_S("MACDST")))
        ir_event_set(ev, IR_F_DESTINATION_MAC, v);
    else
        ir_event_add_named(ev, key, IR_V_STRING, v);
}

static void add_direction(struct ir_event *ev)
{
    bool in = ir_event_get(ev, IR_F_IFACE_IN, 0).n > 0,
         out = ir_event_get(ev, IR_F_IFACE_OUT, 0).n > 0;
    if (in || out)
        ir_event_derive(ev, IR_F_NETWORK_DIRECTION,
                        !out  ? IR_S("inbound")
                        : !in ? IR_S("outbound")
                              : IR_S("forward"));
}

static bool is_flag(struct ir_str word)
{
    static const char names[] = "CWR ECE URG ACK PSH RST SYN FIN ";
    for (size_t i = 0; word.n == 3 && i + 4 < sizeof names; i += 4)
        if (memcmp(word.p, names + i, 3) == 0) return true;
    return false;
}

/* The flags of TCP are words of their own, one behind the other: "RES=0x00 ACK SYN URGP=0". */
static void add_pairs(struct ir_event *ev, struct ir_str s, bool seen[NKEYS])
{
    struct ir_str flags = ir_str_n(NULL, 0);
    const char *p = s.p, *end = s.p + s.n;
    while (p < end) { /* the tokens are short: one loop finds both ends quicker than memchr */
        const char *start = p, *eq = NULL;
        for (; p < end && *p != ' '; p++)
            if (*p == '=' && eq == NULL) eq = p;
        struct ir_str token = ir_str_n(start, (size_t)(p++ - start));
        if (eq == NULL && is_flag(token)) {
            if (flags.p == NULL) flags.p = token.p;
            flags.n = (size_t)(token.p - flags.p) + token.n;
        }
        if (eq == NULL || eq == start) continue;
        const size_t n = (size_t)(eq - start);
        add_pair(ev, ir_str_head(token, n), ir_str_skip(token, n + 1), seen);
    }
    if (flags.n > 0) ir_event_add_named(ev, IR_S("tcp.flags"), IR_V_STRING, flags);
}

void ir_syslog_kernel(const struct ir_syslog *h, struct ir_event *ev)
{
    const size_t at = h->msg.n > 4096 ? IR_NPOS : packet_at(h->msg);
    if (at == IR_NPOS) return;
    struct ir_str prefix = clean_prefix(ir_str_head(h->msg, at));
    struct ir_str s = ir_str_skip(h->msg, at);
    bool seen[NKEYS] = {false};
    size_t quote = ir_str_chr(s, '[') == IR_NPOS ? IR_NPOS : ir_str_find(s, IR_S(" [")),
           end = ir_str_rchr(s, ']');
    add_pairs(ev, ir_str_head(s, quote), seen);
    if (quote != IR_NPOS && end != IR_NPOS && end > quote)
        add_pairs(ev, ir_str_skip(s, end + 1), seen); /* UID, GID, MARK */
    const char *action = ir_syslog_packet_action(prefix);
    ir_syslog_action(ev, action);
    if (strcmp(action, "allow") == 0)
        ir_event_derive(ev, IR_F_SG_BLOCKED, IR_S("false"));
    else if (strcmp(action, "block") == 0 || strcmp(action, "reject") == 0)
        ir_event_derive(ev, IR_F_SG_BLOCKED, IR_S("true"));
    if (prefix.n > 0) ir_event_set(ev, IR_F_RULE_NAME, prefix);
    add_direction(ev);
    ir_event_source(ev, IR_LS_FIREWALL);
}
