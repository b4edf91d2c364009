/*
 * strongSwan's charon: "06[IKE] <conn|84> message", behind its tag or in its own file without one.
 * Document: strongSwan, "Logger configuration".
 *
 * The far end is the source, also of packets that are sent: it is who a line is about. Hostile: the
 * identities in quotes and brackets; peers choose them. Gateways and Windows name themselves by an
 * address (of their own network, mostly): that is no user's name, and not where packets come from.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 2048u

static const struct ir_phrase rows[] = {
    {"received packet: from %a[%p] to %A[%P]%z", "ike_packet", IR_SAYS_NOTHING},
    {"sending packet: from %A[%P] to %a[%p]%z", "ike_packet", IR_SAYS_NOTHING},
    {"%a is initiating a%z", "ike_initiate", IR_SAYS_NOTHING},
    {"deleting half open IKE_SA with %a after timeout", "ike_timeout", IR_SAYS_NOTHING},
    {"looking for peer configs matching %A[%s]...%a[%U]", "ike_lookup", IR_SAYS_NOTHING},
    {"looking for pre-shared key peer configs matching %A...%a[%U]", "ike_lookup", IR_SAYS_NOTHING},
    {"looking for XAuthInitPSK peer configs matching %A...%a[%U]", "ike_lookup", IR_SAYS_NOTHING},
    {"no IKE config found for %A...%a, sending %x", "ike_refused", IR_SAYS_FAILURE},
    {"no matching peer config found%z", "ike_refused", IR_SAYS_FAILURE},
    {"EAP-%w username: '%u'", "vpn_username", IR_SAYS_NOTHING},
    {"EAP-%w verification failed%z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"no EAP key found for hosts '%s' - '%u'", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"EAP method %w succeeded, %z", "vpn_eap", IR_SAYS_SUCCESS},
    {"EAP method %w failed for peer %u", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"XAuth authentication of '%u' successful", "vpn_login", IR_SAYS_LOGIN},
    {"XAuth authentication of '%u' failed", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"XAuth authentication of '%u' (myself) successful", NULL, IR_SAYS_NOTHING},
    {"authentication of '%s' (myself) %z", NULL, IR_SAYS_NOTHING},
    {"authentication of '%u' with %w successful", "vpn_login", IR_SAYS_LOGIN},
    {"authentication of '%u' with %w failed", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"authentication of '%u' with EAP successful", "vpn_login", IR_SAYS_LOGIN},
    {"tried %d shared key%w for '%s' - '%u', but MAC mismatched", "vpn_login",
     IR_SAYS_LOGIN_FAILED},
    {"no shared key found for '%s'[%s] - '%u'[%a]", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"no shared key found for '%s' - '%u'", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"IKE_SA %s established between %A[%s]...%a[%u]", "tunnel_up", IR_SAYS_NOTHING},
    {"deleting IKE_SA %s between %A[%s]...%a[%u]", "tunnel_down", IR_SAYS_NOTHING},
    {"assigning virtual IP %A to peer '%u'", "vpn_address", IR_SAYS_NOTHING},
    {"received %w error notify", "ike_error", IR_SAYS_NOTHING},
    {"received AUTHENTICATION_FAILED notify error", "vpn_login", IR_SAYS_FAILURE},
    {"giving up after %d retransmits", "ike_timeout", IR_SAYS_NOTHING},
};

static void fields(struct ir_event *ev, struct ir_parts *parts)
{
    struct ir_ip ip;
    for (unsigned i = 0; i < parts->n; i++) {
        if (ir_lower(parts->part[i].what) != 'u' || !ir_ip_parse(parts->part[i].v, &ip)) continue;
        ir_event_add_named(ev, IR_S("charon.identity"), IR_V_STRING, parts->part[i].v);
        parts->part[i].what = 's';
    }
    ir_phrase_fields(ev, parts);
}

/* "06[IKE] ": bytes */
static size_t thread_at(struct ir_str s)
{
    if (s.n < 9 || !ir_isdigit(s.p[0]) || !ir_isdigit(s.p[1]) || s.p[2] != '[') return 0;
    for (size_t i = 3; i < 6; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z') return 0;
    return s.p[6] == ']' && s.p[7] == ' ' ? 8 : 0;
}

size_t ir_syslog_charon_at(struct ir_str s)
{
    return s.n > 8 && thread_at(s) != 0 ? 0 : IR_NPOS;
}

void ir_syslog_charon(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    ir_event_source(ev, IR_LS_LINUX_STRONGSWAN);
    size_t n = thread_at(s);
    if (s.n > MESSAGE_MAX || n == 0) return;
    ir_event_add_named(ev, IR_S("charon.group"), IR_V_STRING, ir_str_n(s.p + 3, 3));
    s = ir_str_skip(s, n);
    if (s.n > 0 && s.p[0] == '<') { /* "<connection|84> " */
        size_t end = ir_str_chr(s, '>');
        if (end == IR_NPOS) return;
        ir_event_add_named(ev, IR_S("charon.connection"), IR_V_STRING, ir_str_n(s.p + 1, end - 1));
        s = ir_str_trim(ir_str_skip(s, end + 1));
    }
    struct ir_parts parts;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!ir_phrase_fits(s, rows[i].text, &parts)) continue;
        fields(ev, &parts);
        ir_phrase_says(ev, rows[i].action, rows[i].says);
        return;
    }
}
