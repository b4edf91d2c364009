/*
 * OpenVPN and the kernel's WireGuard. Documents: OpenVPN's source (ssl_verify.c, multi.c,
 * forward.c); Linux drivers/net/wireguard (receive.c, device.c; printed when dynamic debugging is
 * on).
 *
 * OpenVPN writes "[NAME/]ADDR:PORT " before what it says of a client. Hostile: the name at a login
 * and in a certificate; the prefix is read first, then the sentence from its right end.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 2048u

static const struct ir_phrase openvpn_rows[] = {
    {"TLS: Username/Password authentication succeeded for username '%u'%z", "vpn_login",
     IR_SAYS_LOGIN},
    {"TLS: Username/auth-token authentication succeeded for username '%u'%z", "vpn_login",
     IR_SAYS_LOGIN},
    {"TLS Auth Error: Auth Username/Password verification failed for peer%z", "vpn_login",
     IR_SAYS_LOGIN_FAILED},
    {"TLS Auth Error: %x", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"AUTH: Received control message: AUTH_FAILED%z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"Authentication succeeded%z", "vpn_login", IR_SAYS_LOGIN},
    {"VERIFY ERROR: depth=%d, error=%x: %z", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"VERIFY ERROR: %x", "vpn_login", IR_SAYS_LOGIN_FAILED},
    {"VERIFY OK: %z", "vpn_certificate", IR_SAYS_SUCCESS},
    {"TLS Error: TLS handshake failed from [AF_INET]%q", "tls_handshake", IR_SAYS_FAILURE},
    {"TLS Error: %x from [AF_INET]%q%z", "tls_error", IR_SAYS_FAILURE},
    {"TLS Error: %x from [AF_INET6]%q%z", "tls_error", IR_SAYS_FAILURE},
    {"TLS Error: TLS handshake failed%z", "tls_handshake", IR_SAYS_FAILURE},
    {"TLS Error: %x", "tls_error", IR_SAYS_FAILURE},
    {"TCP connection established with [AF_INET]%q", "vpn_connection", IR_SAYS_NOTHING},
    {"TCP connection established with [AF_INET6]%q", "vpn_connection", IR_SAYS_NOTHING},
    {"TLS: Initial packet from [AF_INET]%q%z", "vpn_connection", IR_SAYS_NOTHING},
    {"TLS: Initial packet from [AF_INET6]%q%z", "vpn_connection", IR_SAYS_NOTHING},
    {"[UNDEF] Peer Connection Initiated with %z", "vpn_connection", IR_SAYS_NOTHING},
    {"[%u] Peer Connection Initiated with [AF_INET]%q%z", "vpn_connect", IR_SAYS_NOTHING},
    {"[%u] Peer Connection Initiated with [AF_INET6]%q%z", "vpn_connect", IR_SAYS_NOTHING},
    {"Peer Connection Initiated with [AF_INET]%q%z", "vpn_connect", IR_SAYS_NOTHING},
    {"MULTI_sva: pool returned IPv4=%A, %z", "vpn_address", IR_SAYS_NOTHING},
    {"MULTI: primary virtual IP for %s: %A", "vpn_address", IR_SAYS_NOTHING},
    {"MULTI: bad source address from client [%s], packet dropped", "vpn_bad_source",
     IR_SAYS_FAILURE},
    {"Connection reset, restarting%z", "vpn_logout", IR_SAYS_NOTHING},
    {"Inactivity timeout%z", "vpn_logout", IR_SAYS_NOTHING},
    {"%w client-instance exiting", "vpn_logout", IR_SAYS_NOTHING},
    {"WARNING: Bad encapsulated packet length from peer %z", "vpn_bad_packet", IR_SAYS_FAILURE},
};

/* "ADDR:PORT", also behind a family: a plain address with its port. */
static bool is_end(struct ir_str s)
{
    struct ir_ip ip;
    size_t colon = ir_str_rchr(s, ':');
    if (colon == IR_NPOS || !ir_syslog_is_port(ir_str_skip(s, colon + 1))) return false;
    struct ir_str addr = ir_str_head(s, colon);
    if (addr.n > 2 && addr.p[0] == '[') addr = ir_str_n(addr.p + 1, addr.n - 2);
    return ir_ip_parse(addr, &ip);
}

static void set_end(struct ir_event *ev, struct ir_str s)
{
    struct ir_parts one = {.n = 1, .part = {{'q', s}}};
    ir_phrase_fields(ev, &one);
}

/* "NAME/ADDR:PORT ", "ADDR:PORT ", or old "ADDR:PORT/NAME ": bytes. A name may hold blanks and
 * slashes, but what follows may hold the like of a whole prefix: so the first that fits counts. */
static size_t client(struct ir_event *ev, struct ir_str s)
{
    const struct ir_str head = ir_str_head(s, 128);
    const size_t blank = ir_str_chr(head, ' ');
    if (blank == IR_NPOS) return 0;
    struct ir_str word = ir_str_head(head, blank), right = word, left = ir_str_cut(&right, '/');
    if (is_end(left)) {
        set_end(ev, left);
        if (right.p != NULL) ir_syslog_user(ev, IR_F_USER_NAME, right);
        return blank + 1;
    }
    for (size_t at = 0, slash; (slash = ir_str_chr(ir_str_skip(head, at), '/')) != IR_NPOS;) {
        at += slash + 1;
        if (ir_str_find(ir_str_head(head, at), IR_S(": ")) != IR_NPOS) break; /* a sentence */
        right = ir_str_skip(head, at);
        const size_t end = ir_str_chr(right, ' ');
        if (end == IR_NPOS || !is_end(ir_str_head(right, end))) continue;
        set_end(ev, ir_str_head(right, end));
        ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(head, at - 1));
        return at + end + 1;
    }
    return 0;
}

/* The sentence's own ends say nothing new when the prefix named them. */
static void without_ends(struct ir_parts *parts, bool user, bool end)
{
    unsigned n = 0;
    for (unsigned i = 0; i < parts->n; i++)
        if (!(end && parts->part[i].what == 'q') && !(user && parts->part[i].what == 'u'))
            parts->part[n++] = parts->part[i];
    parts->n = n;
}

void ir_syslog_openvpn(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    struct ir_parts parts;
    if (s.n > MESSAGE_MAX || s.n == 0) return;
    s = ir_str_trim(ir_str_skip(s, client(ev, s)));
    for (size_t i = 0; i < sizeof openvpn_rows / sizeof *openvpn_rows; i++) {
        const struct ir_phrase *r = &openvpn_rows[i];
        if (!ir_phrase_fits(s, r->text, &parts)) continue;
        without_ends(&parts, ir_event_get(ev, IR_F_USER_NAME, 0).n > 0,
                     ir_event_get(ev, IR_F_SOURCE_IP, 0).n > 0);
        ir_phrase_fields(ev, &parts);
        ir_phrase_says(ev, r->action, r->says);
        return;
    }
}

static const struct ir_phrase wireguard_rows[] = {
    {"Invalid handshake initiation from %q", "vpn_login", IR_SAYS_FAILURE},
    {"Invalid handshake response from %q", "vpn_login", IR_SAYS_FAILURE},
    {"Invalid MAC of handshake, dropping packet from %q", "vpn_bad_packet", IR_SAYS_FAILURE},
    {"Invalid endpoint source address%z", "vpn_bad_packet", IR_SAYS_FAILURE},
    {"Packet has unallowed src IP (%s) from peer %d (%q)", "vpn_bad_source", IR_SAYS_FAILURE},
    {"Packet is neither ipv4 nor ipv6 from peer %d (%q)", "vpn_bad_packet", IR_SAYS_FAILURE},
    {"Packet has invalid nonce %z", "vpn_bad_packet", IR_SAYS_FAILURE},
    {"Receiving handshake initiation from peer %d (%q)", "vpn_connection", IR_SAYS_NOTHING},
    {"Receiving handshake response from peer %d (%q)", "vpn_connection", IR_SAYS_NOTHING},
    {"Sending handshake initiation to peer %d (%q)", "vpn_handshake", IR_SAYS_NOTHING},
    {"Sending handshake response to peer %d (%q)", "vpn_connect", IR_SAYS_NOTHING},
    {"Receiving keepalive packet from peer %d (%q)", NULL, IR_SAYS_NOTHING},
    {"Handshake for peer %d (%q) did not complete after %z", "vpn_timeout", IR_SAYS_NOTHING},
};

bool ir_syslog_wireguard(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > 0 && s.p[0] == '[') { /* "[82508.102168] " */
        size_t end = ir_str_chr(ir_str_head(s, 24), ']');
        if (end == IR_NPOS) return false;
        s = ir_str_trim(ir_str_skip(s, end + 1));
    }
    if (!ir_syslog_take(&s, IR_S("wireguard: ")) || s.n > MESSAGE_MAX) return false;
    size_t colon = ir_str_find(ir_str_head(s, 32), IR_S(": "));
    if (colon == IR_NPOS) return true;
    ir_event_set(ev, IR_F_IFACE_IN, ir_str_head(s, colon));
    ir_phrase_any(ev, ir_str_skip(s, colon + 2), wireguard_rows,
                  sizeof wireguard_rows / sizeof *wireguard_rows);
    return true;
}
