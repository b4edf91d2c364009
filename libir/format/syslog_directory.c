/*
 * Servers that check passwords for others: OpenLDAP's slapd, Cyrus' saslauthd, FreeRADIUS by
 * syslog. Documents: slapd.conf(5), loglevel stats, and servers/slapd/{daemon,bind,result}.c;
 * saslauthd/saslauthd-main.c; FreeRADIUS src/main/auth.c.
 *
 *     slapd: conn=1001 fd=12 ACCEPT from IP=192.0.2.7:45852 (IP=0.0.0.0:389)
 *     slapd: conn=1001 op=0 BIND dn="uid=bob,dc=example" method=128        what was asked
 *     slapd: conn=1001 op=0 BIND dn="uid=bob,dc=example" mech=SIMPLE ssf=0    only when granted
 *     slapd: conn=1001 op=0 RESULT tag=97 err=49 text=                        refused
 *     saslauthd: do_auth : auth failure: [user=bob] [service=smtp] [realm=] [mech=pam] [reason=…]
 *     radiusd: (3) Login incorrect (mschap: …): [bob] (from client ap port 0 cli 02-00-00-00-00-01)
 *
 * Hostile: names. Those of RADIUS and SASL may hold anything but line ends: what follows them is
 * read from the right. slapd writes a quote in a name as \22.
 *
 * event.action: ldap_connection, ldap_bind, ldap_login, sasl_login, network_login.
 */
#include "base/ip.h"
#include "format/peers.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

/* `dn="NAME" method=…` or `… mech=…`: the first is asked, the second granted. A log-in without a
 * name is anybody's. */
static void bind(struct ir_str s, struct ir_parser *p, uint64_t key, struct ir_event *ev)
{
    const struct ir_str end = IR_S("\" mech=");
    size_t at = ir_str_rfind(s, end), asked = ir_str_rfind(s, IR_S("\" method="));
    const bool granted = at != IR_NPOS;
    if (!granted) at = asked;
    if (at == IR_NPOS) return;
    const struct ir_str name = ir_str_head(s, at);
    if (granted && name.n > 0 && !ir_str_starts(ir_str_skip(s, at + end.n), IR_S("ANONYMOUS")))
        ir_syslog_logon(ev, "ldap_login", true);
    else
        ir_syslog_action(ev, "ldap_bind");
    ir_syslog_user(ev, IR_F_USER_NAME, name);
    ir_peers_recall(p, key, ev);
}

/* "192.0.2.7:45852 (IP=0.0.0.0:389)" */
static void accepted(struct ir_str s, struct ir_parser *p, uint64_t key, struct ir_event *ev)
{
    struct ir_str from = ir_str_cut(&s, ' ');
    size_t colon = ir_str_rchr(from, ':');
    ir_syslog_action(ev, "ldap_connection");
    if (colon == IR_NPOS) return;
    ir_syslog_peer(ev, ir_str_head(from, colon));
    ir_syslog_port(ev, ir_str_skip(from, colon + 1));
    ir_peers_remember(p, key, ev, ir_event_get(ev, IR_F_SOURCE_IP, 0),
                      ir_event_get(ev, IR_F_SOURCE_PORT, 0));
}

/* 49: the password is wrong or the name is not there; 48: this name has none. */
static void refused(struct ir_str s, struct ir_parser *p, uint64_t key, struct ir_event *ev)
{
    struct ir_str code = ir_syslog_digits(s);
    if (!ir_str_eq(code, IR_S("49")) && !ir_str_eq(code, IR_S("48"))) return;
    ir_syslog_logon(ev, "ldap_login", false);
    ir_event_set(ev, IR_F_ERROR_CODE, code);
    ir_peers_recall(p, key, ev);
}

void ir_syslog_slapd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX || !ir_str_starts(s, IR_S("conn="))) return;
    const struct ir_str conn = ir_str_cut(&s, ' ');
    const uint64_t key = ir_peers_key(h->host, conn);
    ir_str_cut(&s, ' '); /* op=0 or fd=12 */
    if (ir_syslog_take(&s, IR_S("ACCEPT from IP=")))
        accepted(s, h->parser, key, ev);
    else if (ir_syslog_take(&s, IR_S("BIND dn=\"")))
        bind(s, h->parser, key, ev);
    else if (ir_syslog_take(&s, IR_S("RESULT tag=97 err=")))
        refused(s, h->parser, key, ev);
}

/* The value of the last "[KEY" that stands before s' end, which is cut off there. */
static struct ir_str last_value(struct ir_str *s, struct ir_str key)
{
    size_t at = ir_str_rfind(*s, key);
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    struct ir_str value = ir_str_skip(*s, at + key.n);
    *s = ir_str_head(*s, at);
    ir_syslog_drop_end(&value, IR_S("]"));
    return value;
}

void ir_syslog_saslauthd(const struct ir_syslog *h, struct ir_event *ev)
{
    const struct ir_str words = IR_S("auth failure: [user=");
    struct ir_str s = ir_str_trim(h->msg);
    size_t at = ir_str_find(ir_str_head(s, 64), words);
    if (s.n > MESSAGE_MAX || at == IR_NPOS) return;
    s = ir_str_skip(s, at + words.n);
    const struct ir_str reason = last_value(&s, IR_S(" [reason="));
    last_value(&s, IR_S(" [mech="));
    last_value(&s, IR_S(" [realm="));
    const struct ir_str service = last_value(&s, IR_S(" [service="));
    if (service.p == NULL || !ir_syslog_drop_end(&s, IR_S("]"))) return;
    ir_syslog_logon(ev, "sasl_login", false);
    ir_syslog_user(ev, IR_F_USER_NAME, s);
    ir_syslog_user(ev, IR_F_SERVICE_NAME, service);
    ir_syslog_user(ev, IR_F_EVENT_REASON, reason);
}

/* "bob", or "bob/<via Auth-Type = EAP>" as FreeRADIUS has it where it would write the password. */
static struct ir_str without_password(struct ir_str user)
{
    size_t at = ir_str_rfind(user, IR_S("/<"));
    return at != IR_NPOS && ir_str_ends(user, IR_S(">")) ? ir_str_head(user, at) : user;
}

/* "office-ap port 0 cli 02-00-00-00-00-01 via TLS tunnel)": VPN gateways give an address there. */
static void radius_client(struct ir_str s, struct ir_event *ev)
{
    struct ir_ip ip;
    ir_syslog_drop_end(&s, IR_S(")"));
    size_t cli = ir_str_rfind(s, IR_S(" cli "));
    if (cli != IR_NPOS) {
        struct ir_str rest = ir_str_skip(s, cli + 5);
        const struct ir_str who = ir_str_cut(&rest, ' ');
        ir_syslog_user(ev, ir_ip_parse(who, &ip) ? IR_F_SOURCE_IP : IR_F_SOURCE_MAC, who);
    }
    ir_event_add_named(ev, IR_S("radius.client"), IR_V_STRING, ir_str_cut(&s, ' '));
}

void ir_syslog_radiusd(const struct ir_syslog *h, struct ir_event *ev)
{
    const struct ir_str from = IR_S("] (from client ");
    struct ir_str s = ir_str_trim(h->msg), reason = {NULL, 0};
    if (s.n > MESSAGE_MAX) return;
    if (s.n > 0 && s.p[0] == '(') ir_str_cut(&s, ' '); /* the request's number */
    const bool granted = ir_syslog_take(&s, IR_S("Login OK"));
    if (!granted && !ir_syslog_take(&s, IR_S("Login incorrect"))) return;
    size_t open = ir_str_find(s, IR_S(": [")), end = ir_str_rfind(s, from);
    if (open == IR_NPOS || end == IR_NPOS || end < open + 3) return;
    if (open > 3 && s.p[1] == '(' && s.p[open - 1] == ')') reason = ir_str_n(s.p + 2, open - 3);
    ir_syslog_logon(ev, "network_login", granted);
    ir_syslog_user(ev, IR_F_USER_NAME, without_password(ir_str_n(s.p + open + 3, end - open - 3)));
    ir_syslog_user(ev, IR_F_EVENT_REASON, reason);
    radius_client(ir_str_skip(s, end + from.n), ev);
}
