/*
 * SonicWall firewalls (SonicOS, "Default" and "Enhanced" syslog format). Not for the SMA
 * appliances. Document: SonicOS Log Events Reference Guide.
 *
 *     id=firewall sn=18B1… time="2026-11-22 10:02:03 UTC" fw=192.0.2.1 pri=5 c=0 m=36
 * msg="TCP connection dropped" n=7 src=198.51.100.7:4507:X1 dst=192.0.2.1:445:X0 proto=tcp/445
 *
 * src and dst are ADDRESS:PORT:INTERFACE[:NAME], with parts left empty; an IPv6 address stands in
 * srcV6 and dstV6. What happened is told by the number m, and in words by msg, which the device
 * wrote: the words are read, as there are some thousand numbers.
 *
 * Hostile: usr= of a failed login, which older releases do not quote, dstname= and arg= of a web
 * request. They stand behind msg, src and dst, so their doubles are not believed (device.h).
 */
#include "base/ip.h"
#include "base/map.h"
#include "format/device_words.h"

#define HEAD_PAIRS 4u
#define HEAD_BYTES 320u

enum {
#define KEY(row, key, kind, field) SW_##row,
#include "format/sonicwall_keys.def"
#undef KEY
    SW_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/sonicwall_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/sonicwall_keys.def"
#undef KEY
};
static const struct ir_device_table table = {rows, signs, SW_MAX, false};

static bool is(struct ir_str text)
{
    if (!ir_str_starts(text, IR_S("id="))) return false;
    struct ir_str first = ir_str_head(text, HEAD_BYTES);
    size_t sn = ir_str_find(first, IR_S(" sn="));
    return sn != IR_NPOS && ir_str_find(ir_str_skip(first, sn), IR_S(" time=\"")) != IR_NPOS;
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    struct ir_kv kv = ir_kv_open(text, &ir_kv_blanks);
    struct ir_kv_pair pair;
    (void)ret_head;
    for (unsigned i = 0; i < HEAD_PAIRS && ir_kv_next(&kv, &pair); i++) {
        if (!ir_str_eq(pair.key, IR_S("time"))) continue;
        struct ir_str date = pair.value, time = ir_str_skip(date, 11), zone = ir_str_skip(time, 9);
        if (date.n < 19 || date.p[10] != ' ') return IR_BAD;
        if (!ir_device_time(ev, ir_str_head(date, 10), ir_str_head(time, 8), &p->clock, zone))
            return IR_BAD;
        size_t m = ir_str_find(ir_str_head(kv.rest, 80), IR_S(" m="));
        ev->kind = ir_hash(ir_str_head(ir_str_skip(kv.rest, m == IR_NPOS ? 0 : m), 7), 1) | 1;
        return IR_OK;
    }
    return IR_BAD;
}

static bool has(struct ir_str s, const char *word)
{
    return ir_str_ifind(s, ir_str_z(word)) != IR_NPOS;
}

/* ADDRESS:PORT:INTERFACE[:NAME]; an address before which nothing but V6's field has one is kept. */
static void add_end(struct ir_event *ev, struct ir_str s, uint32_t ip, uint32_t port,
                    uint32_t iface)
{
    struct ir_ip whole;
    if (ir_ip_parse(s, &whole)) { /* IPv6 without a port */
        ir_device_set(ev, IR_DEV_IP, ip, s);
        return;
    }
    struct ir_str addr = ir_str_cut(&s, ':');
    if (ir_event_get(ev, ip, 0).p == NULL) ir_device_set(ev, IR_DEV_IP, ip, addr);
    if (s.p != NULL) ir_device_set(ev, IR_DEV_PORT, port, ir_str_cut(&s, ':'));
    if (s.p != NULL && iface != IR_F_NONE)
        ir_device_set(ev, IR_DEV_TEXT, iface, ir_str_cut(&s, ':'));
}

/* "tcp/https", "udp/5355", "icmp" */
static void add_proto(struct ir_event *ev, struct ir_str s)
{
    uint64_t number;
    struct ir_str transport = ir_str_cut(&s, '/');
    ir_device_set(ev, IR_DEV_TRANSPORT, IR_F_NETWORK_TRANSPORT, transport);
    if (s.n > 0 && !ir_str_u64(s, &number)) ir_event_set(ev, IR_F_NETWORK_PROTOCOL, s);
}

static bool login(struct ir_event *ev, struct ir_str msg)
{
    bool admin = has(msg, "administrator"), vpn = has(msg, "vpn") || has(msg, "remote user");
    if (has(msg, "logged out") || has(msg, "logout")) {
        ir_device_action(ev, admin ? "admin_logout" : vpn ? "vpn_logout" : "user_logout");
        return true;
    }
    if (!has(msg, "login") && !has(msg, "logged in")) return false;
    bool bad = has(msg, "denied") || has(msg, "fail") || has(msg, "bad credential") ||
               has(msg, "not allowed") || has(msg, "locked");
    bool good = has(msg, "allowed") || has(msg, "success") || has(msg, "logged in");
    if (!good && !bad) return false;
    ir_device_action(ev, admin ? "admin_login" : vpn ? "vpn_login" : "user_login");
    ir_device_outcome(ev, !bad);
    return true;
}

/* "User bob added", "Local user account created", "Administrator account added": never a word of
 * groups, objects or connections. */
static bool account(struct ir_event *ev, struct ir_str msg)
{
    const struct ir_device_words w = {.name = &msg, .nnames = 1};
    bool made = has(msg, "added") || has(msg, "created");
    return made && ir_device_words(ev, &w);
}

static void traffic(struct ir_event *ev, struct ir_str msg, struct ir_str fw_action)
{
    ir_event_source(ev, IR_LS_FIREWALL);
    if (fw_action.n > 0 && ir_device_verdict(ev, fw_action, true)) return;
    if (has(msg, "dropped") || has(msg, "denied") || has(msg, "blocked") || has(msg, "rejected"))
        ir_device_verdict(ev, IR_S("drop"), true);
    else if (has(msg, "connection opened") || has(msg, "connection closed") ||
             has(msg, "nat mapping") || has(msg, "allowed"))
        ir_device_verdict(ev, IR_S("allow"), true);
}

/* What the words of msg mean, most special first. */
static void by_message(struct ir_event *ev, const struct ir_str *v)
{
    struct ir_str msg = v[SW_msg];
    ir_device_vendor(ev, "SonicWall", "SonicOS");
    ir_event_source(ev, IR_LS_SONICWALL);
    if (login(ev, msg) || account(ev, msg)) return;
    if (has(msg, "web site")) {
        ir_event_source(ev, IR_LS_PROXY);
        ir_device_action(ev, "web_request");
        ir_device_verdict(
            ev, has(msg, "denied") || has(msg, "block") ? IR_S("deny") : IR_S("allow"), false);
        ir_device_url(ev, ir_device_plain(ev, v[SW_arg], &ir_kv_blanks));
    } else if (has(msg, "virus") || has(msg, "malware") || has(msg, "spyware")) {
        ir_event_source(ev, IR_LS_ANTIVIRUS);
        ir_device_action(ev, "malware");
        ir_device_verdict(ev, has(msg, "block") ? IR_S("block") : IR_S("detect"), false);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, msg);
    } else if (has(msg, "ips ") || has(msg, "intrusion") || has(msg, "attack") ||
               has(msg, "port scan") || has(msg, "flood")) {
        ir_event_source(ev, IR_LS_FIREWALL);
        ir_device_action(ev, "intrusion");
        ir_device_verdict(
            ev, has(msg, "prevent") || has(msg, "drop") ? IR_S("drop") : IR_S("detect"), false);
        if (v[SW_rule].n == 0) ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, msg);
    } else if (has(msg, "configuration") || has(msg, "settings")) {
        ir_device_action(ev, "config_change");
    } else if (v[SW_dst].n > 0) {
        traffic(ev, msg, v[SW_fw_action]);
    }
}

static void body(const struct ir_device_head *h, struct ir_str text, struct ir_event *ev)
{
    struct ir_kv_pairs pairs;
    struct ir_str val[SW_MAX];
    (void)h;
    ir_kv_read(text, &ir_kv_blanks, IR_KV_MAX, &pairs);
    const struct ir_device_found found = ir_device_keys(&table, &pairs, val);
    ir_device_fields(ev, &table, &pairs, &ir_kv_blanks, val, &found);
    add_end(ev, val[SW_src], IR_F_SOURCE_IP, IR_F_SOURCE_PORT, IR_F_IFACE_IN);
    add_end(ev, val[SW_dst], IR_F_DESTINATION_IP, IR_F_DESTINATION_PORT, IR_F_IFACE_OUT);
    add_end(ev, val[SW_natSrc], IR_F_SOURCE_NAT_IP, IR_F_SOURCE_NAT_PORT, IR_F_NONE);
    add_end(ev, val[SW_natDst], IR_F_DESTINATION_NAT_IP, IR_F_DESTINATION_NAT_PORT, IR_F_NONE);
    add_proto(ev, val[SW_proto]);
    by_message(ev, val);
}

const struct ir_device ir_device_sonicwall = {is, head, body};

static const struct ir_hint hints[] = {{"ogin", IR_LS_AUTHENTICATION},
                                       {"OGIN", IR_LS_AUTHENTICATION},
                                       {"ogged in", IR_LS_AUTHENTICATION},
                                       {"OGGED IN", IR_LS_AUTHENTICATION},
                                       {"dded", IR_LS_ACCOUNT_CHANGE},
                                       {"reated", IR_LS_ACCOUNT_CHANGE},
                                       {NULL, IR_LS_NONE}};
static const uint16_t sources[] = {IR_LS_SONICWALL, IR_LS_FIREWALL, IR_LS_PROXY, IR_LS_ANTIVIRUS,
                                   0};

IR_DEVICE_FORMAT(sonicwall, sources, hints, ir_device_derived,
                 "SonicWall firewalls: connections, web, logins");
