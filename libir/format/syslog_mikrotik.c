/*
 * MikroTik RouterOS: "topic,topic,severity message". Document: RouterOS manual, "Log" and "Firewall
 * filter" (log-prefix).
 *
 *     firewall,info drop-in input: in:ether1 out:(unknown 0), connection-state:new src-mac
 *         00:00:5e:00:53:01, proto TCP (SYN), 192.0.2.1:44355->198.51.100.2:23, len 40
 *     system,error,critical login failure for user admin from 192.0.2.1 via winbox
 *
 * In RouterOS 6 files on its disk the stamp is "nov/22/2026 01:02:03", in that year's own also
 * "nov/22 01:02:03" (of today the clock alone: such a line has no date and is not taken).
 *
 * Hostile: the user name of a failed login, between the router's own words.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/stamp.h"
#include "format/syslog.h"

#define MESSAGE_MAX 2048u
#define TOPICS_MAX  64u

static const struct ir_phrase packet_rows[] = {
    {"in:%i out:%o, %s proto %t (%s), %q->%Q, %z", NULL, IR_SAYS_NOTHING},
    {"in:%i out:%o, %s proto %t, %q->%Q, %z", NULL, IR_SAYS_NOTHING},
    {"in:%i out:%o, proto %t (%s), %q->%Q, %z", NULL, IR_SAYS_NOTHING},
    {"in:%i out:%o, proto %t, %q->%Q, %z", NULL, IR_SAYS_NOTHING},
};

static const struct ir_phrase login_rows[] = {
    {"login failure for user %u from %a via %w", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"login failure for user %u via %w", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"user %u logged in from %a via %w", "admin_login", IR_SAYS_LOGIN},
    {"user %u logged in via %w", "admin_login", IR_SAYS_LOGIN},
    {"user %u logged out from %a via %w", "admin_logout", IR_SAYS_NOTHING},
    {"user %u logged out via %w", "admin_logout", IR_SAYS_NOTHING},
    {"user %U added by %s:%u@%a%z", "user_added", IR_SAYS_ACCOUNT},
    {"user %U added by %u", "user_added", IR_SAYS_ACCOUNT},
    {"user %U removed by %s:%u@%a%z", "user_deleted", IR_SAYS_ACCOUNT},
    {"user %U changed by %s:%u@%a%z", "user_changed", IR_SAYS_ACCOUNT},
    {"user %U removed by %u", "user_deleted", IR_SAYS_ACCOUNT},
    {"user %U changed by %u", "user_changed", IR_SAYS_ACCOUNT},
    {"<%i>: user %u authentication failed%z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"%s user %u authentication failed%z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"user %u authentication failed%z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"%u logged in, %A from %a", "vpn_login", IR_SAYS_LOGIN},
    {"%u logged in, %A", "vpn_login", IR_SAYS_LOGIN},
    {"%u logged out, %z", "vpn_logout", IR_SAYS_NOTHING},
    {"%s assigned %A for %M%z", "dhcp_lease", IR_SAYS_NOTHING},
    {"%s assigned %A to %M%z", "dhcp_lease", IR_SAYS_NOTHING},
    {"%s deassigned %A for %M%z", "dhcp_release", IR_SAYS_NOTHING},
    {"%s deassigned %A from %M%z", "dhcp_release", IR_SAYS_NOTHING},
    {"%x added by %u", "config_change", IR_SAYS_NOTHING},
    {"%x changed by %u", "config_change", IR_SAYS_NOTHING},
    {"%x removed by %u", "config_change", IR_SAYS_NOTHING},
    {"router rebooted%z", "restart", IR_SAYS_NOTHING},
};

/* The topics before the first blank, when they are RouterOS's: the last one says how grave it is or
 * that it is about accounts. */
static size_t topics(struct ir_str s)
{
    static const struct ir_str last[] = {IR_S("info"),   IR_S("error"),   IR_S("warning"),
                                         IR_S("debug"),  IR_S("account"), IR_S("critical"),
                                         IR_S("packet"), IR_S("raw"),     IR_S("event"),
                                         IR_S("state"),  IR_S("calc")};
    size_t n = 0, commas = 0, from = 0;
    for (; n < s.n && n < TOPICS_MAX && s.p[n] != ' '; n++) {
        char c = s.p[n];
        if (!(c >= 'a' && c <= 'z') && c != ',' && c != '-' && !ir_isdigit(c)) return 0;
        if (c == ',') {
            commas++;
            from = n + 1;
        }
    }
    if (commas == 0 || n >= s.n || s.p[n] != ' ') return 0;
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (ir_str_eq(ir_str_n(s.p + from, n - from), last[i])) return n;
    return 0;
}

size_t ir_syslog_mikrotik_at(struct ir_str s)
{
    return s.n > 8 && s.p[0] >= 'a' && s.p[0] <= 'z' && topics(s) != 0 ? 0 : IR_NPOS;
}

static int number(struct ir_str s, size_t n)
{
    uint64_t v;
    return s.n >= n && ir_isdigit(s.p[0]) && ir_str_u64(ir_str_head(s, n), &v) ? (int)v : -1;
}

/* "hh:mm:ss" and a blank. */
static bool clock_at(struct ir_str s, struct ir_civil *c)
{
    if (s.n < 9 || s.p[2] != ':' || s.p[5] != ':' || s.p[8] != ' ') return false;
    c->hour = number(s, 2);
    c->minute = number(ir_str_skip(s, 3), 2);
    c->second = number(ir_str_skip(s, 6), 2);
    return c->hour >= 0 && c->minute >= 0 && c->second >= 0;
}

size_t ir_syslog_mikrotik_stamp(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    int64_t ns;
    size_t n = 6;
    if (s.n < 24 || s.p[3] != '/') return 0;
    c.month = ir_month_from_name(ir_str_head(s, 3));
    c.day = number(ir_str_skip(s, 4), 2);
    bool year = s.p[n] == '/';
    if (year) {
        c.year = number(ir_str_skip(s, 7), 4);
        n = 11;
    }
    if (c.month == 0 || c.day < 1 || c.year < 0 || s.p[n] != ' ') return 0;
    if (!clock_at(ir_str_skip(s, n + 1), &c)) return 0;
    if (ir_syslog_mikrotik_at(ir_str_skip(s, n + 10)) != 0) return 0;
    if (!year) {
        struct ir_yearless y = {c.month, c.day, c.hour, c.minute, c.second, 0, 0};
        c.year = ir_clock_year(clock, &y);
    }
    if (!ir_clock_civil(clock, &c, &ns)) return 0;
    ir_event_time(ev, ns, year ? 0 : IR_EV_YEAR_INFERRED);
    return n + 9;
}

/* "PREFIX CHAIN: in:…"; the prefix is the administrator's, and may be missing. */
static void packet(struct ir_event *ev, struct ir_str s)
{
    size_t at = ir_str_find(s, IR_S("in:"));
    if (at == IR_NPOS || at < 2 || !ir_str_ends(ir_str_head(s, at), IR_S(": "))) return;
    struct ir_str head = ir_str_head(s, at - 2), prefix = ir_str_n(NULL, 0);
    size_t blank = ir_str_rchr(head, ' ');
    if (blank != IR_NPOS) prefix = ir_str_head(head, blank);
    struct ir_str text = ir_str_skip(s, at);
    ir_phrase_any(ev, text, packet_rows, sizeof packet_rows / sizeof *packet_rows);
    size_t mac = ir_str_find(text, IR_S(" src-mac "));
    if (mac != IR_NPOS && mac + 26 <= text.n)
        ir_event_set(ev, IR_F_SOURCE_MAC, ir_str_n(text.p + mac + 9, 17));
    if (prefix.n > 0) ir_event_set(ev, IR_F_RULE_NAME, prefix);
    ir_event_add_named(ev, IR_S("chain"), IR_V_STRING,
                       blank == IR_NPOS ? head : ir_str_skip(head, blank + 1));
    const char *action = ir_syslog_packet_action(prefix);
    ir_phrase_says(ev, action,
                   strcmp(action, "allow") == 0 ? IR_SAYS_ALLOW
                   : strcmp(action, "block") == 0 || strcmp(action, "reject") == 0
                       ? IR_SAYS_BLOCK
                       : IR_SAYS_PACKET);
}

/* "<192.0.2.7>: user bob authentication failed": an address where PPP has no interface yet. */
static struct ir_str take_peer(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    size_t end = s.p[0] == '<' ? ir_str_find(ir_str_head(s, 64), IR_S(">: ")) : IR_NPOS;
    if (end == IR_NPOS || !ir_ip_parse(ir_str_n(s.p + 1, end - 1), &ip)) return s;
    ir_syslog_peer(ev, ir_str_n(s.p + 1, end - 1));
    return ir_str_skip(s, end + 3);
}

void ir_syslog_mikrotik(const struct ir_syslog *h, struct ir_event *ev)
{
    size_t n = topics(h->msg);
    struct ir_str s = ir_str_trim(ir_str_skip(h->msg, n));
    ir_event_source(ev, IR_LS_MIKROTIK_ROUTEROS);
    ir_event_add_named(ev, IR_S("topics"), IR_V_STRING, ir_str_head(h->msg, n));
    if (s.n == 0 || s.n > MESSAGE_MAX) return;
    if (ir_str_starts(h->msg, IR_S("firewall,")))
        packet(ev, s);
    else
        ir_phrase_any(ev, take_peer(ev, s), login_rows, sizeof login_rows / sizeof *login_rows);
}
