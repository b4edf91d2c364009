/*
 * Interfaces, addresses, routes, rules and neighbours (ARP) as the kernel tells them by
 * rtnetlink(7). Which attribute is what stands in tables.
 */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/intl.h"
#include "evidence/live_int.h"
#include "evidence/live_route.h"

enum kind { END, NUMBER, TEXT, ADDRESS, HARDWARE, INTERFACE };

struct attribute {
    unsigned type;
    enum kind kind;
    const char *name;
};

static const struct attribute link_attributes[] = {{IFLA_IFNAME, TEXT, "name"},
                                                   {IFLA_ADDRESS, HARDWARE, "hardware"},
                                                   {IFLA_MTU, NUMBER, "mtu"},
                                                   {IFLA_QDISC, TEXT, "queue"},
                                                   {IFLA_LINK, NUMBER, "link"},
                                                   {IFLA_MASTER, NUMBER, "master"},
                                                   {IFLA_PROMISCUITY, NUMBER, "promiscuity"},
                                                   {IFLA_IFALIAS, TEXT, "alias"},
                                                   {0, END, NULL}};
static const struct attribute address_attributes[] = {{IFA_ADDRESS, ADDRESS, "address"},
                                                      {IFA_LOCAL, ADDRESS, "local"},
                                                      {IFA_BROADCAST, ADDRESS, "broadcast"},
                                                      {IFA_LABEL, TEXT, "label"},
                                                      {0, END, NULL}};
static const struct attribute route_attributes[] = {{RTA_DST, ADDRESS, "destination"},
                                                    {RTA_SRC, ADDRESS, "source"},
                                                    {RTA_GATEWAY, ADDRESS, "gateway"},
                                                    {RTA_PREFSRC, ADDRESS, "preferred_source"},
                                                    {RTA_OIF, INTERFACE, "interface"},
                                                    {RTA_IIF, INTERFACE, "input_interface"},
                                                    {RTA_PRIORITY, NUMBER, "metric"},
                                                    {RTA_TABLE, NUMBER, "table"},
                                                    {0, END, NULL}};
static const struct attribute neighbour_attributes[] = {
    {NDA_DST, ADDRESS, "address"}, {NDA_LLADDR, HARDWARE, "hardware"}, {0, END, NULL}};
static const struct attribute rule_attributes[] = {
    {FRA_SRC, ADDRESS, "source"},    {FRA_DST, ADDRESS, "destination"},
    {FRA_IIFNAME, TEXT, "input"},    {FRA_OIFNAME, TEXT, "output"},
    {FRA_PRIORITY, NUMBER, "order"}, {FRA_TABLE, NUMBER, "table"},
    {FRA_FWMARK, NUMBER, "mark"},    {0, END, NULL}};

static void hardware(struct ir_jline *j, const char *name, struct ir_str v)
{
    char text[3 * 32];
    if (v.n == 0 || v.n > 32) return;
    for (size_t i = 0; i < v.n; i++)
        snprintf(text + 3 * i, 4, "%02x:", (unsigned char)v.p[i]);
    ir_jline_text(j, name, ir_str_n(text, 3 * v.n - 1));
}

static void address(struct ir_jline *j, const char *name, struct ir_str v)
{
    struct ir_ip ip = {.v4 = v.n == 4};
    char text[64];
    if (v.n != 4 && v.n != 16) return;
    if (ip.v4) memset(ip.b + 10, 0xff, 2);
    memcpy(ip.b + (ip.v4 ? 12 : 0), v.p, v.n);
    ir_jline_text(j, name, ir_str_n(text, ir_ip_text(&ip, text)));
}

static void number(struct ir_jline *j, const char *name, struct ir_str v, bool interface)
{
    uint32_t n;
    char text[IF_NAMESIZE];
    if (v.n != sizeof n) return;
    memcpy(&n, v.p, sizeof n);
    if (interface && if_indextoname(n, text) != NULL)
        ir_jline_bytes(j, name, ir_str_z(text));
    else
        ir_jline_number(j, name, n);
}

static void attributes(struct ir_jline *j, const struct attribute *table, struct ir_str rest)
{
    struct ir_str v;
    unsigned type;
    while (ir_netlink_attribute(&rest, &type, &v)) {
        const struct attribute *a = table;
        while (a->kind != END && a->type != type)
            a++;
        if (a->kind == TEXT) ir_jline_bytes(j, a->name, ir_str_n(v.p, strnlen(v.p, v.n)));
        if (a->kind == ADDRESS) address(j, a->name, v);
        if (a->kind == HARDWARE) hardware(j, a->name, v);
        if (a->kind == NUMBER || a->kind == INTERFACE) number(j, a->name, v, a->kind == INTERFACE);
    }
}

static void index_member(struct ir_jline *j, int index)
{
    char text[IF_NAMESIZE];
    ir_jline_signed(j, "index", index);
    if (index > 0 && if_indextoname((unsigned)index, text) != NULL)
        ir_jline_bytes(j, "interface", ir_str_z(text));
}

static bool take_link(struct ir_jline *j, struct ir_str body)
{
    struct ifinfomsg m;
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    ir_jline_signed(j, "index", m.ifi_index);
    ir_jline_number(j, "flags", m.ifi_flags);
    ir_jline_flag(j, "up", m.ifi_flags & IFF_UP);
    ir_jline_flag(j, "promiscuous", m.ifi_flags & IFF_PROMISC);
    attributes(j, link_attributes, ir_str_skip(body, NLMSG_ALIGN(sizeof m)));
    return true;
}

static bool take_address(struct ir_jline *j, struct ir_str body)
{
    struct ifaddrmsg m;
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    index_member(j, (int)m.ifa_index);
    ir_jline_number(j, "bits", m.ifa_prefixlen);
    attributes(j, address_attributes, ir_str_skip(body, NLMSG_ALIGN(sizeof m)));
    return true;
}

static bool take_route(struct ir_jline *j, struct ir_str body)
{
    static const char *const types[] = {"",         "unicast",   "local",     "broadcast",
                                        "anycast",  "multicast", "blackhole", "unreachable",
                                        "prohibit", "throw",     "nat"};
    struct rtmsg m;
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    if (m.rtm_type < sizeof types / sizeof *types)
        ir_jline_text(j, "type", ir_str_z(types[m.rtm_type]));
    ir_jline_number(j, "bits", m.rtm_dst_len);
    ir_jline_number(j, "protocol", m.rtm_protocol);
    ir_jline_number(j, "scope", m.rtm_scope);
    attributes(j, route_attributes, ir_str_skip(body, NLMSG_ALIGN(sizeof m)));
    return true;
}

static bool take_neighbour(struct ir_jline *j, struct ir_str body)
{
    struct ndmsg m;
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    index_member(j, m.ndm_ifindex);
    ir_jline_number(j, "state", m.ndm_state);
    ir_jline_flag(j, "permanent", m.ndm_state & NUD_PERMANENT);
    ir_jline_flag(j, "reachable", m.ndm_state & NUD_REACHABLE);
    ir_jline_flag(j, "failed", m.ndm_state & NUD_FAILED);
    attributes(j, neighbour_attributes, ir_str_skip(body, NLMSG_ALIGN(sizeof m)));
    return true;
}

static bool take_rule(struct ir_jline *j, struct ir_str body)
{
    struct fib_rule_hdr m;
    if (body.n < sizeof m) return false;
    memcpy(&m, body.p, sizeof m);
    ir_jline_number(j, "action", m.action);
    ir_jline_number(j, "source_bits", m.src_len);
    ir_jline_number(j, "destination_bits", m.dst_len);
    attributes(j, rule_attributes, ir_str_skip(body, NLMSG_ALIGN(sizeof m)));
    return true;
}

bool ir_route_message(const struct ir_netlink_message *m, struct ir_jline *j)
{
    switch (m->type) {
    case RTM_NEWLINK: return take_link(j, m->body);
    case RTM_NEWADDR: return take_address(j, m->body);
    case RTM_NEWROUTE: return take_route(j, m->body);
    case RTM_NEWNEIGH: return take_neighbour(j, m->body);
    case RTM_NEWRULE: return take_rule(j, m->body);
    default: return false;
    }
}

/* Somebody on this machine listens to all that passes. */
static void promiscuous(struct ir_live *l, const struct ir_netlink_message *m)
{
    struct ifinfomsg i;
    struct ir_str v, rest = ir_str_skip(m->body, NLMSG_ALIGN(sizeof i));
    unsigned type;
    uint32_t n = 0;
    if (m->type != RTM_NEWLINK || m->body.n < sizeof i) return;
    memcpy(&i, m->body.p, sizeof i);
    while (ir_netlink_attribute(&rest, &type, &v))
        if (type == IFLA_PROMISCUITY && v.n == sizeof n) memcpy(&n, v.p, sizeof n);
    if (n == 0 && !(i.ifi_flags & IFF_PROMISC)) return;
    struct ir_jline j =
        ir_live_finding(l, IR_LIVE_NOTICE, "interface-promiscuous",
                        N_("an interface takes packets that are not for this host"));
    index_member(&j, i.ifi_index);
    ir_jline_close(&j);
}

static void on_message(void *user, const struct ir_netlink_message *m)
{
    struct ir_live_out *out = user;
    size_t before = out->b.n;
    if (!ir_route_message(m, ir_live_line(out))) {
        out->b.n = before; /* something that was not asked for */
        return;
    }
    ir_live_line_end(out);
    promiscuous(out->l, m);
}

void ir_live_route(struct ir_live *l)
{
    static const struct {
        unsigned request;
        const char *name;
    } lists[] = {{RTM_GETNEIGH, "neighbours.jsonl"},
                 {RTM_GETROUTE, "routes.jsonl"},
                 {RTM_GETRULE, "rules.jsonl"},
                 {RTM_GETADDR, "addresses.jsonl"},
                 {RTM_GETLINK, "links.jsonl"}};
    static const char *const raw[] = {"/proc/net/arp",        "/proc/net/route",
                                      "/proc/net/ipv6_route", "/proc/net/if_inet6",
                                      "/proc/net/dev",        "/proc/net/snmp"};
    /* every header of a request is zeros: any family, any interface */
    const char body[sizeof(struct ifinfomsg)] = {0};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && l->rc == IR_OK; i++) {
        struct ir_live_out out;
        ir_live_out_open(l, &out, lists[i].name, "rtnetlink");
        int rc =
            ir_netlink_dump(NETLINK_ROUTE, lists[i].request, body, sizeof body, on_message, &out);
        if (rc != 0) ir_live_miss_errno(l, ir_str_z(lists[i].name), -rc, false);
        ir_live_out_close(&out);
    }
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        ir_live_raw(l, raw[i]);
}
