/*
 * Juniper Junos: flow logs of SRX firewalls, plain and structured (RFC 5424), screens, and the
 * messages of its own login, sshd and mgd, which begin with a name in capitals.
 * Document: Junos OS System Log Explorer.
 *
 *     RT_FLOW: RT_FLOW_SESSION_DENY: session denied 192.0.2.1/1234->198.51.100.2/23 0x0
 *         junos-telnet 6(0) deny-all untrust trust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/0.0 …
 *     RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.40 source-address="192.0.2.1" …]
 *
 * Hostile: user names of failed logins, in the middle of a sentence; structured values that hold
 * what looks like another pair, so quotes are followed.
 */
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

static const struct ir_phrase login_rows[] = {
    {"SSHD_LOGIN_FAILED: Login failed for user '%u' from host '%a'%z", "admin_login",
     IR_SAYS_LOGIN_FAILED},
    {"SSHD_LOGIN_ATTEMPTS_THRESHOLD: Threshold for unsuccessful authentication attempts (%s) "
     "reached by user '%u'",
     "login_threshold", IR_SAYS_FAILURE},
    {"LOGIN_FAILED: Login failed for user %u from host %a", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"LOGIN_FAILED: Login failed for user %u", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"LOGIN_PAM_AUTHENTICATION_ERROR: %s for user %u", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"LOGIN_INFORMATION: User %u logged in from host %a on device %w", "admin_login",
     IR_SAYS_LOGIN},
    {"LOGIN_ROOT: User %u logged in as root from host %a on device %w", "admin_login",
     IR_SAYS_LOGIN},
    {"UI_AUTH_EVENT: Authenticated user '%u' at permission level '%s'", "cli_authenticated",
     IR_SAYS_SUCCESS},
    {"UI_AUTH_EVENT: Authenticated user '%u' assigned to class '%s'", "cli_authenticated",
     IR_SAYS_SUCCESS},
    {"UI_LOGIN_EVENT: User '%u' login, class '%s' [%d], ssh-connection '%a %p %A %P', client-mode "
     "'%w'",
     "admin_login", IR_SAYS_LOGIN},
    {"UI_LOGIN_EVENT: User '%u' login, class '%s' [%z", "admin_login", IR_SAYS_LOGIN},
    {"UI_LOGOUT_EVENT: User '%u' logout", "admin_logout", IR_SAYS_NOTHING},
    {"UI_CMDLINE_READ_LINE: User '%u', command '%c'", "command", IR_SAYS_NOTHING},
    {"UI_COMMIT: User '%u' requested '%s' operation%z", "config_change", IR_SAYS_NOTHING},
    {"UI_CFG_AUDIT_SET: User '%u' set: %c", "config_change", IR_SAYS_NOTHING},
    {"UI_CFG_AUDIT_OTHER: User '%u' %c", "config_change", IR_SAYS_NOTHING},
    {"WEB_AUTH_FAIL: %s user '%u'%z", "admin_login", IR_SAYS_LOGIN_FAILED},
    {"tcp_auth_ok: Packet from %q->%Q missing MD5 digest", "bgp_authentication", IR_SAYS_FAILURE},
    {"tcp_auth_ok: Packet from %q->%Q wrong MD5 digest", "bgp_authentication", IR_SAYS_FAILURE},
    {"FWAUTH_FTP_USER_AUTH_FAIL: User %u at %a is rejected%z", "admin_login", IR_SAYS_LOGIN_FAILED},
};

static const struct ir_phrase flow_rows[] = {
    {"RT_FLOW_SESSION_DENY: session denied %e->%E 0x%w %w %t(%s) %r %s %s %z", "block",
     IR_SAYS_BLOCK},
    {"RT_FLOW_SESSION_DENY: session denied %e->%E %w %t(%s) %r %s %s %z", "block", IR_SAYS_BLOCK},
    {"RT_FLOW_SESSION_DENY: session denied %e->%E %z", "block", IR_SAYS_BLOCK},
    {"RT_FLOW_SESSION_CREATE: session created %e->%E %w %w %w->%w 0x%w %s %w %s %t %r %w %w %d "
     "%z",
     "connection_start", IR_SAYS_ALLOW},
    {"RT_FLOW_SESSION_CREATE: session created %e->%E %w %w->%w %w %w %t %r %w %w %d %z",
     "connection_start", IR_SAYS_ALLOW},
    {"RT_FLOW_SESSION_CREATE: session created %e->%E %z", "connection_start", IR_SAYS_ALLOW},
    {"RT_FLOW_SESSION_CLOSE: session closed %x: %e->%E %z", "connection_end", IR_SAYS_PACKET},
    {"RT_SCREEN_%w: %r source: %a:%p, destination: %A:%P, zone name: %s, interface name: %i, "
     "action: drop",
     "block", IR_SAYS_BLOCK},
    {"RT_SCREEN_%w: %r source: %a:%p, destination: %A:%P, zone name: %s, interface name: %i, %z",
     "intrusion", IR_SAYS_PACKET},
    {"RT_SCREEN_%w: %r source: %a, destination: %A, %s interface name: %i, action: drop", "block",
     IR_SAYS_BLOCK},
    {"RT_SCREEN_%w: %r source: %a, destination: %A, %s interface name: %i%z", "intrusion",
     IR_SAYS_PACKET},
    {"RT_SCREEN_%w: %r destination: %A, %z", "intrusion", IR_SAYS_PACKET},
};

#define ANY(ev, s, rows) ir_phrase_any(ev, s, rows, sizeof rows / sizeof rows[0])

/* The login messages also stand behind the tags of sshd, login and mgd, and the kernel's. */
size_t ir_syslog_junos_at(struct ir_str s)
{
    static const struct ir_str starts[] = {IR_S("SSHD_LOGIN_"),
                                           IR_S("LOGIN_FAILED: "),
                                           IR_S("LOGIN_INFORMATION: "),
                                           IR_S("LOGIN_ROOT: "),
                                           IR_S("LOGIN_PAM_AUTHENTICATION_ERROR: "),
                                           IR_S("UI_"),
                                           IR_S("FWAUTH_"),
                                           IR_S("WEB_AUTH_")};
    if (s.p[0] == 't') return ir_str_starts(s, IR_S("tcp_auth_ok: ")) ? 0 : IR_NPOS;
    if (s.p[0] < 'F' || s.p[0] > 'W') return IR_NPOS;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (ir_str_starts(s, starts[i]))
            return ir_str_find(ir_str_head(s, 64), IR_S(": ")) == IR_NPOS ? IR_NPOS : 0;
    return IR_NPOS;
}

void ir_syslog_junos(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    size_t colon = ir_str_find(s, IR_S(": "));
    ir_event_source(ev, IR_LS_JUNIPER_JUNOS);
    if (s.n > MESSAGE_MAX || colon == IR_NPOS) return;
    ir_event_set(ev, IR_F_EVENT_CODE, ir_str_head(s, colon));
    if (s.p[0] == 't') ir_event_source(ev, IR_LS_JUNIPER_BGP);
    ANY(ev, s, login_rows);
}

static const struct {
    struct ir_str key;
    char what;
} keys[] = {{IR_S("source-address"), 'a'}, {IR_S("destination-address"), 'A'},
            {IR_S("source-port"), 'p'},    {IR_S("destination-port"), 'P'},
            {IR_S("protocol-id"), 't'},    {IR_S("protocol-name"), 't'},
            {IR_S("policy-name"), 'r'},    {IR_S("attack-name"), 'r'},
            {IR_S("rule-name"), 'r'},      {IR_S("packet-incoming-interface"), 'i'},
            {IR_S("interface-name"), 'i'}, {IR_S("username"), 'u'},
            {IR_S("reason"), 'x'}};
#define NKEYS (sizeof keys / sizeof keys[0])

static void pair(struct ir_event *ev, struct ir_str key, struct ir_str v, uint32_t *seen)
{
    struct ir_parts one = {.n = 1};
    if (v.n == 0 || ir_str_eq(v, IR_S("N/A")) || ir_str_eq(v, IR_S("UNKNOWN"))) return;
    for (size_t i = 0; i < NKEYS; i++) {
        if (!ir_str_eq(key, keys[i].key) || (*seen >> i & 1)) continue;
        *seen |= UINT32_C(1) << i;
        one.part[0].what = keys[i].what;
        one.part[0].v = v;
        ir_phrase_fields(ev, &one);
    }
    ir_event_add_named(ev, key, IR_V_STRING, v);
}

/* `[junos@… key="value" …]`: what it is about. */
static void structured(struct ir_event *ev, struct ir_str code, struct ir_str s)
{
    uint32_t seen = 0;
    bool drop = false;
    ir_event_set(ev, IR_F_EVENT_CODE, code);
    while (s.n > 0) {
        size_t eq = ir_str_find(s, IR_S("=\""));
        if (eq == IR_NPOS) break;
        size_t blank = ir_str_rchr(ir_str_head(s, eq), ' ');
        struct ir_str key = ir_str_head(ir_str_skip(s, blank == IR_NPOS ? 0 : blank + 1),
                                        eq - (blank == IR_NPOS ? 0 : blank + 1));
        s = ir_str_skip(s, eq + 2);
        size_t end = 0;
        while (end < s.n && s.p[end] != '"')
            end += s.p[end] == '\\' ? 2 : 1;
        struct ir_str v = ir_str_head(s, end);
        s = ir_str_skip(s, end + 1);
        drop = drop || (ir_str_eq(key, IR_S("action")) && ir_str_eq(v, IR_S("drop")));
        pair(ev, key, v, &seen);
    }
    if (drop || ir_str_ends(code, IR_S("_DENY")) || ir_str_ends(code, IR_S("_DENY_LS")))
        ir_phrase_says(ev, "block", IR_SAYS_BLOCK);
    else if (ir_str_find(code, IR_S("_CREATE")) != IR_NPOS)
        ir_phrase_says(ev, "connection_start", IR_SAYS_ALLOW);
    else if (ir_str_find(code, IR_S("_CLOSE")) != IR_NPOS)
        ir_phrase_says(ev, "connection_end", IR_SAYS_PACKET);
    else
        ir_phrase_says(ev, ir_str_starts(code, IR_S("RT_SCREEN")) ? "intrusion" : "log",
                       IR_SAYS_PACKET);
}

/* "… RT_FLOW - RT_FLOW_SESSION_DENY [junos@…" inside a message of another relay. */
static bool inner(struct ir_event *ev, struct ir_str s)
{
    size_t at = ir_str_find(ir_str_head(s, 256), IR_S(" [junos@"));
    if (at == IR_NPOS) return false;
    struct ir_str head = ir_str_head(s, at);
    size_t blank = ir_str_rchr(head, ' ');
    if (blank == IR_NPOS) return false;
    structured(ev, ir_str_skip(head, blank + 1), ir_str_skip(s, at + 2));
    return true;
}

void ir_syslog_rtflow(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    ir_event_source(ev, IR_LS_JUNIPER_JUNOS);
    if (h->sd.n > 7 && ir_str_starts(h->sd, IR_S("[junos@"))) {
        structured(ev, h->msgid, h->sd);
        return;
    }
    if (s.n > MESSAGE_MAX || inner(ev, s)) return;
    size_t colon = ir_str_find(ir_str_head(s, 64), IR_S(": "));
    if (colon == IR_NPOS) return;
    ir_event_set(ev, IR_F_EVENT_CODE, ir_str_head(s, colon));
    ANY(ev, s, flow_rows);
}

/* BGP's daemon: only that it is. */
void ir_syslog_rpd(const struct ir_syslog *h, struct ir_event *ev)
{
    (void)h;
    ir_event_source(ev, IR_LS_JUNIPER_BGP);
}
