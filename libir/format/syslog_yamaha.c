/*
 * Yamaha routers (RTX, NVR, FWX) and switches. Document: "RTX series command reference", chapters
 * on `syslog`, `ip filter`, `ipsec`, `l2tp`, `dhcp`; the routers' log reference.
 *
 *     PP[01] Rejected at IN(1019) filter: TCP 192.0.2.1:1234 > 198.51.100.1:23
 *     [INSPECT] PP[01][out][101080] TCP 192.168.100.2:50000 > 192.0.2.5:443 (2026/11/22 01:02:03)
 *     Login failed for SSH: 192.0.2.1 admin
 *
 * A port behind an IPv6 address follows a full stop. Hostile: the names at a login, at the end of
 * the line; a router writes no tag, so only these beginnings are taken.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/stamp.h"
#include "format/syslog.h"

#define MESSAGE_MAX 2048u

static const struct ir_phrase filter_rows[] = {
    {"%t %y > %Y", NULL, IR_SAYS_NOTHING},
    {"%t %y > %Y (%s)", NULL, IR_SAYS_NOTHING},
    {"%t %y > %Y : %x", NULL, IR_SAYS_NOTHING},
    {"%t %y > %Y %z", NULL, IR_SAYS_NOTHING},
};

static const struct ir_phrase inspect_rows[] = {
    {"%i[in][%r] %t %y > %Y (%s)", "connection_end", IR_SAYS_ALLOW},
    {"%o[out][%r] %t %y > %Y (%s)", "connection_end", IR_SAYS_ALLOW},
    {"%i[in][%r] %t %y > %Y", "connection_end", IR_SAYS_ALLOW},
    {"%o[out][%r] %t %y > %Y", "connection_end", IR_SAYS_ALLOW},
    {"%i[in] %r %y > %Y (%s)", "intrusion", IR_SAYS_PACKET},
    {"%o[out] %r %y > %Y (%s)", "intrusion", IR_SAYS_PACKET},
    {"%i[in] %r %y > %Y", "intrusion", IR_SAYS_PACKET},
    {"%o[out] %r %y > %Y", "intrusion", IR_SAYS_PACKET},
};

static const struct ir_phrase login_rows[] = {
    {"Login succeeded for %w: %a %u", "admin_login", IR_SAYS_LOGIN},
    {"Login succeeded for %w: %a", "admin_login", IR_SAYS_LOGIN},
    {"Login succeeded for Serial%z", "admin_login", IR_SAYS_LOGIN},
    {"Login failed for %w: %a %u", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Login failed for %w: %a", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"Login failed for Serial%z", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"'administrator' succeeded for %w: %a %u", "enable", IR_SAYS_LOGIN},
    {"'administrator' succeeded for %w: %a", "enable", IR_SAYS_LOGIN},
    {"'administrator' succeeded%z", "enable", IR_SAYS_LOGIN},
    {"'administrator' failed for %w: %a %u", "enable", IR_SAYS_LOGIN_FAILED},
    {"'administrator' failed for %w: %a", "enable", IR_SAYS_LOGIN_FAILED},
    {"'administrator' failed%z", "enable", IR_SAYS_LOGIN_FAILED},
    {"Logout from %w: %a %u", "admin_logout", IR_SAYS_NOTHING},
    {"Logout from %w: %a", "admin_logout", IR_SAYS_NOTHING},
    {"Logout from %z", "admin_logout", IR_SAYS_NOTHING},
    {"Configuration saved%z", "config_saved", IR_SAYS_NOTHING},
    {"Restart by %x", "restart", IR_SAYS_NOTHING},
    {"Power-on boot%z", "restart", IR_SAYS_NOTHING},
    {"same message repeated %z", NULL, IR_SAYS_NOTHING},
    {"IP Tunnel[%i] Up", "tunnel_up", IR_SAYS_NOTHING},
    {"IP Tunnel[%i] Down", "tunnel_down", IR_SAYS_NOTHING},
};

static const struct ir_phrase ike_rows[] = {
    {"respond %s to %a%z", "ike_respond", IR_SAYS_NOTHING},
    {"initiate %s to %A (local address %a)", "ike_initiate", IR_SAYS_NOTHING},
    {"initiate %s to %A%z", "ike_initiate", IR_SAYS_NOTHING},
    {"respond %s from %a%z", "ike_respond", IR_SAYS_NOTHING},
    {"inactivate %s[%d] %a%z", "ike_end", IR_SAYS_NOTHING},
    {"retransmit to %A%z", "ike_retransmit", IR_SAYS_NOTHING},
    {"%x from %a", "ike", IR_SAYS_NOTHING},
    {"%x for %a", "ike", IR_SAYS_NOTHING},
    {"%x peer %a", "ike", IR_SAYS_NOTHING},
};

static const struct ir_phrase dhcp_rows[] = {
    {"%i Allocates %A: %M", "dhcp_lease", IR_SAYS_NOTHING},
    {"%i Extends %A: %M", "dhcp_renew", IR_SAYS_NOTHING},
    {"%i Releases %A: %M", "dhcp_release", IR_SAYS_NOTHING},
    {"%i Expires %A: %M", "dhcp_release", IR_SAYS_NOTHING},
    {"%i Frees %A: %M", "dhcp_release", IR_SAYS_NOTHING},
    {"%i Denies %s: %M", "dhcp_refused", IR_SAYS_FAILURE},
};

static const struct ir_phrase tunnel_rows[] = {
    {"%i connected from %a", "tunnel_up", IR_SAYS_NOTHING},
    {"%i tunnel %d established", "tunnel_up", IR_SAYS_NOTHING},
    {"%i call up%z", "tunnel_up", IR_SAYS_NOTHING},
    {"%i disconnect%x", "tunnel_down", IR_SAYS_NOTHING},
    {"%i Call detected from user '%u'%z", "vpn_call", IR_SAYS_NOTHING},
    {"%s from %a%z", NULL, IR_SAYS_NOTHING},
};

/* What a line interface's own messages say: "PP[01] …". */
static const struct ir_phrase line_rows[] = {
    {"PPPoE Connect%z", "line_up", IR_SAYS_NOTHING},
    {"PPPoE Disconnect%z", "line_down", IR_SAYS_NOTHING},
    {"PPPOE CONNECT%z", "line_up", IR_SAYS_NOTHING},
    {"PPPOE DISCONNECT%z", "line_down", IR_SAYS_NOTHING},
    {"PPP/IPCP up (%z", "line_up", IR_SAYS_NOTHING},
    {"IPCP up%z", "line_up", IR_SAYS_NOTHING},
    {"IPCP down%z", "line_down", IR_SAYS_NOTHING},
    {"Call detected from user '%u'", "vpn_call", IR_SAYS_NOTHING},
    {"Connected to %s: %U", "line_up", IR_SAYS_NOTHING},
    {"Disconnected, cause [%x]", "line_down", IR_SAYS_NOTHING},
    {"Disconnected%x", "line_down", IR_SAYS_NOTHING},
    {"Connected%z", "line_up", IR_SAYS_NOTHING},
};

#define ANY(ev, s, rows) ir_phrase_any(ev, s, rows, sizeof rows / sizeof rows[0])

/* Services that write "[NAME] " first. Not SSHD: other programs are called that too. */
static bool is_service(struct ir_str name)
{
    static const struct ir_str names[] = {
        IR_S("INSPECT"), IR_S("IKE"),    IR_S("IKE2"),    IR_S("DHCPD"),      IR_S("DHCPC"),
        IR_S("SWCTL"),   IR_S("L2TP"),   IR_S("L2TPv3"),  IR_S("PPTP"),       IR_S("PPPOE"),
        IR_S("PPPoE"),   IR_S("HTTPD"),  IR_S("TELNETD"), IR_S("LUA"),        IR_S("EMFS"),
        IR_S("USBHOST"), IR_S("UPNP"),   IR_S("LAN_MAP"), IR_S("LAN-MAP"),    IR_S("SCHEDULE"),
        IR_S("NTPDATE"), IR_S("MAIL"),   IR_S("DDNS"),    IR_S("ETHERIP"),    IR_S("DHCPv6"),
        IR_S("SFTPD"),   IR_S("WAN"),    IR_S("ALARM"),   IR_S("NETVOLANTE"), IR_S("LMAP"),
        IR_S("EXT-MEM"), IR_S("TUNNEL"), IR_S("QAC/TM"),  IR_S("RADIUSD"),    IR_S("OSPF")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(name, names[i])) return true;
    return false;
}

/* "PP[01]", "PP[ANONYMOUS01]", "TUNNEL[1]", "LAN2", "LAN1.1", "LAN1/1", "WAN1", "BRIDGE1", "VLAN1":
 * bytes. */
static size_t line_name(struct ir_str s)
{
    static const struct ir_str bracketed[] = {IR_S("PP["), IR_S("TUNNEL[")};
    static const struct ir_str numbered[] = {IR_S("LAN"),  IR_S("WAN"), IR_S("BRIDGE"),
                                             IR_S("VLAN"), IR_S("ONU"), IR_S("MOBILE")};
    for (size_t i = 0; i < sizeof bracketed / sizeof *bracketed; i++)
        if (ir_str_starts(s, bracketed[i])) {
            size_t end = ir_str_chr(ir_str_head(s, 24), ']');
            return end == IR_NPOS ? 0 : end + 1;
        }
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
        size_t n = numbered[i].n;
        if (!ir_str_starts(s, numbered[i]) || n >= s.n || !ir_isdigit(s.p[n])) continue;
        while (n < s.n && n < 16 && (ir_isdigit(s.p[n]) || s.p[n] == '.' || s.p[n] == '/'))
            n++;
        return n;
    }
    return 0;
}

/* "Rejected at IN(1019) filter: " behind the interface. */
static bool is_filter(struct ir_str s)
{
    return ir_str_starts(s, IR_S("Rejected at ")) || ir_str_starts(s, IR_S("Passed at ")) ||
           ir_str_starts(s, IR_S("Rejected by ")) || ir_str_starts(s, IR_S("Restricted at "));
}

size_t ir_syslog_yamaha_at(struct ir_str s)
{
    static const struct ir_str starts[] = {
        IR_S("Login succeeded for "), IR_S("Login failed for "),
        IR_S("'administrator' "),     IR_S("Logout from "),
        IR_S("IP Tunnel["),           IR_S("Configuration saved"),
        IR_S("Power-on boot"),        IR_S("same message repeated ")};
    if (s.n < 8 || memchr("[PTLWBVMOI'Cs", s.p[0], 13) == NULL) return IR_NPOS;
    if (s.p[0] == '[') {
        size_t end = ir_str_chr(ir_str_head(s, 16), ']');
        if (end == IR_NPOS || end + 1 >= s.n || s.p[end + 1] != ' ') return IR_NPOS;
        return is_service(ir_str_n(s.p + 1, end - 1)) ? 0 : IR_NPOS;
    }
    size_t n = line_name(s);
    if (n != 0 && n + 1 < s.n && s.p[n] == ' ')
        return s.p[n - 1] == ']' || is_filter(ir_str_skip(s, n + 1)) ? 0 : IR_NPOS;
    if (n != 0 && ir_str_starts(ir_str_skip(s, n), IR_S(": PORT"))) return 0;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (ir_str_starts(s, starts[i])) return 0;
    return IR_NPOS;
}

/* The filter's number or name between the brackets is the rule; IN and OUT tell the way. */
static void filter(struct ir_event *ev, struct ir_str iface, struct ir_str s)
{
    bool pass = ir_str_starts(s, IR_S("Passed"));
    size_t open = ir_str_chr(s, '('), close = ir_str_chr(s, ')');
    size_t text = ir_str_find(s, IR_S(": "));
    if (open == IR_NPOS || close == IR_NPOS || close < open || text == IR_NPOS) return;
    bool out = open > 3 && memcmp(s.p + open - 3, "OUT", 3) == 0;
    ir_event_set(ev, IR_F_RULE_NAME, ir_str_n(s.p + open + 1, close - open - 1));
    ir_event_set(ev, out ? IR_F_IFACE_OUT : IR_F_IFACE_IN, iface);
    ir_event_derive(ev, IR_F_NETWORK_DIRECTION, out ? IR_S("outbound") : IR_S("inbound"));
    ANY(ev, ir_str_skip(s, text + 2), filter_rows);
    ir_phrase_says(ev, pass ? "allow" : "block", pass ? IR_SAYS_ALLOW : IR_SAYS_BLOCK);
}

static void service(struct ir_event *ev, struct ir_str name, struct ir_str s)
{
    if (ir_str_eq(name, IR_S("INSPECT")))
        ANY(ev, s, inspect_rows);
    else if (ir_str_starts(name, IR_S("IKE")))
        ANY(ev, s, ike_rows);
    else if (ir_str_starts(name, IR_S("DHCP")))
        ANY(ev, s, dhcp_rows);
    else if (ir_str_starts(name, IR_S("L2TP")) || ir_str_eq(name, IR_S("PPTP")))
        ANY(ev, s, tunnel_rows);
}

void ir_syslog_yamaha(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    ir_event_source(ev, IR_LS_YAMAHA_RTX);
    if (s.n > MESSAGE_MAX || s.n == 0) return;
    if (s.p[0] == '[') {
        size_t end = ir_str_chr(s, ']');
        if (end == IR_NPOS) return;
        struct ir_str name = ir_str_n(s.p + 1, end - 1);
        ir_event_set(ev, IR_F_SERVICE_NAME, name);
        service(ev, name, ir_str_trim(ir_str_skip(s, end + 1)));
        return;
    }
    size_t n = line_name(s);
    if (n == 0) {
        ANY(ev, s, login_rows);
        return;
    }
    struct ir_str rest = ir_str_trim(ir_str_skip(s, n));
    if (is_filter(rest))
        filter(ev, ir_str_head(s, n), rest);
    else if (ANY(ev, rest, line_rows) != NULL)
        ir_event_set(ev, IR_F_IFACE_IN, ir_str_head(s, n));
}
