/*
 * Questions and answers in the logs of BIND, unbound, NSD and dnsmasq. Documents: BIND's
 * Administrator Reference Manual (logging, category queries and security); unbound.conf(5)
 * (log-queries, log-replies, log-tag-queryreply, log-local-actions); dnsmasq(8) (log-queries).
 *
 * Hostile: the name that is asked for. All four escape control bytes in names, and all but dnsmasq
 * blanks, so a name is one word; the client's address stands before it, with dnsmasq it is the last
 * word.
 *
 * event.action: dns_query, dns_reply, dns_transfer, dns_update.
 */
#include "format/dns.h"

#include "base/ip.h"
#include "format/syslog_mail.h"

#define MESSAGE_MAX 4096u
#define WORDS_MAX   12u

static size_t split(struct ir_str s, struct ir_str words[WORDS_MAX])
{
    size_t n = 0;
    while (s.p != NULL && n < WORDS_MAX) {
        struct ir_str w = ir_str_cut(&s, ' ');
        if (w.n > 0) words[n++] = w;
    }
    return n;
}

static void add_name(struct ir_event *ev, struct ir_str name)
{
    if (name.n > 1 && name.p[name.n - 1] == '.') name.n--;
    if (name.n > 0) ir_event_set(ev, IR_F_DNS_QUERY, name);
}

static bool is_type(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i]) && (s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '-') return false;
    return s.n > 0 && s.n <= 16;
}

static void add_type(struct ir_event *ev, struct ir_str type)
{
    if (is_type(type)) ir_event_set(ev, IR_F_DNS_TYPE, type);
}

static void result(struct ir_event *ev, const char *action, int outcome)
{
    ir_mail_result(ev, action, outcome);
    ir_event_source(ev, IR_LS_DNS);
}

/* --- BIND --------------------------------------------------------------------------------------
 */

/* "'NAME/TYPE/CLASS' denied …" */
static bool quoted(struct ir_event *ev, struct ir_str s, const char *action)
{
    if (!ir_syslog_take(&s, IR_S("'"))) return false;
    size_t end = ir_str_chr(s, '\'');
    if (end == IR_NPOS) return false;
    struct ir_str in = ir_str_head(s, end), rest = ir_str_skip(s, end + 1);
    size_t cls = ir_str_rchr(in, '/');
    if (cls == IR_NPOS) return false;
    struct ir_str name = ir_str_head(in, cls);
    size_t type = ir_str_rchr(name, '/');
    bool denied = ir_str_starts(rest, IR_S(" denied"));
    result(ev, action, denied ? -1 : 0);
    if (type != IR_NPOS) {
        add_type(ev, ir_str_skip(name, type + 1));
        name = ir_str_head(name, type);
    }
    add_name(ev, name);
    return true;
}

/* "example.org IN A +E(0)K (192.0.2.53)" */
static bool bind_query(struct ir_event *ev, struct ir_str s)
{
    struct ir_str w[WORDS_MAX];
    struct ir_ip ip;
    size_t n = split(s, w);
    if (n < 3) return false;
    result(ev, "dns_query", 0);
    add_name(ev, w[0]);
    add_type(ev, w[2]);
    struct ir_str to = w[n - 1];
    if (n > 4 && to.p[0] == '[') to = w[n - 2]; /* [ECS 192.0.2.0/24/0] stands behind it */
    if (to.n > 2 && to.p[0] == '(') to = ir_str_n(to.p + 1, to.n - 2);
    if (n > 3 && ir_ip_parse(to, &ip)) ir_event_set(ev, IR_F_DESTINATION_IP, to);
    return true;
}

/* "query failed (REFUSED) for NAME/CLASS/TYPE at query.c:123" */
static bool bind_failed(struct ir_event *ev, struct ir_str s)
{
    size_t end = ir_str_chr(s, ')');
    if (end == IR_NPOS) return false;
    result(ev, "dns_query", -1);
    ir_event_set(ev, IR_F_DNS_RCODE, ir_str_head(s, end));
    s = ir_str_skip(s, end + 1);
    if (!ir_syslog_take(&s, IR_S(" for "))) return true;
    s = ir_str_head(s, ir_str_chr(s, ' '));
    size_t type = ir_str_rchr(s, '/');
    if (type == IR_NPOS) return true;
    add_type(ev, ir_str_skip(s, type + 1));
    s = ir_str_head(s, type);
    add_name(ev, ir_str_head(s, ir_str_rchr(s, '/')));
    return true;
}

/* "drop response to 192.0.2.0/24 for example.org IN A  (29edcdb7)": slip, drop, stop limiting */
static bool bind_limited(struct ir_event *ev, struct ir_str s)
{
    struct ir_str w[WORDS_MAX];
    struct ir_str name = ir_mail_only(s, IR_S(" for "), IR_S(""));
    size_t n = split(name, w);
    result(ev, "dns_rate_limited", -1);
    if (n < 3) return true;
    add_name(ev, w[0]);
    add_type(ev, w[2]);
    return true;
}

static bool bind_words(struct ir_event *ev, struct ir_str s)
{
    if (ir_syslog_take(&s, IR_S("query: "))) return bind_query(ev, s);
    if (ir_syslog_take(&s, IR_S("query failed ("))) return bind_failed(ev, s);
    if (ir_syslog_take(&s, IR_S("query (cache) ")) || ir_syslog_take(&s, IR_S("query "))) {
        if (quoted(ev, s, "dns_query")) return true;
        if (ir_str_starts(s, IR_S("(cache)")) || ir_str_starts(s, IR_S("denied")))
            result(ev, "dns_query", -1);
        return true;
    }
    if (ir_syslog_take(&s, IR_S("zone transfer ")) || ir_syslog_take(&s, IR_S("transfer of ")))
        return quoted(ev, s, "dns_transfer");
    if (ir_syslog_take(&s, IR_S("bad zone transfer request: ")))
        return quoted(ev, s, "dns_transfer");
    if (ir_syslog_take(&s, IR_S("update "))) return quoted(ev, s, "dns_update");
    if (ir_syslog_take(&s, IR_S("updating zone "))) {
        if (!quoted(ev, s, "dns_update")) return false;
        ir_syslog_outcome(ev, true);
        return true;
    }
    if (ir_syslog_take(&s, IR_S("rate limit "))) return bind_limited(ev, s);
    return false;
}

/* "client [@0x…] ADDR#PORT[/key K] [(NAME)]: [view V: ]WORDS" */
bool ir_dns_bind(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    if (s.n > MESSAGE_MAX || !ir_syslog_take(&s, IR_S("client "))) return false;
    if (ir_str_starts(s, IR_S("@0x"))) s = ir_str_skip(s, ir_str_chr(s, ' ') + 1);
    struct ir_str addr = ir_syslog_addr_token(s);
    if (!ir_ip_parse(addr, &ip) || !ir_str_starts(ir_str_skip(s, addr.n), IR_S("#"))) return false;
    struct ir_str port = ir_syslog_digits(ir_str_skip(s, addr.n + 1));
    s = ir_str_skip(s, addr.n + 1 + port.n);
    size_t colon = ir_str_find(s, IR_S(": "));
    if (colon == IR_NPOS) return false;
    s = ir_str_skip(s, colon + 2);
    if (ir_str_starts(s, IR_S("view "))) {
        colon = ir_str_find(s, IR_S(": "));
        if (colon == IR_NPOS) return false;
        s = ir_str_skip(s, colon + 2);
    }
    ir_syslog_peer(ev, addr);
    ir_syslog_port(ev, port);
    return bind_words(ev, s);
}

/* --- unbound and NSD ---------------------------------------------------------------------------
 */

bool ir_dns_unbound_level(struct ir_str *s, struct ir_event *ev)
{
    static const struct ir_str levels[] = {IR_S("info"),  IR_S("notice"), IR_S("warning"),
                                           IR_S("error"), IR_S("debug"),  IR_S("fatal error"),
                                           IR_S("query"), IR_S("reply")};
    struct ir_str rest = *s;
    if (rest.n > 0 && rest.p[0] == '[') {
        size_t end = ir_str_find(ir_str_head(rest, 32), IR_S("] "));
        if (end == IR_NPOS) return false;
        rest = ir_str_skip(rest, end + 2);
    }
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        struct ir_str level = ir_str_head(rest, levels[i].n);
        if (!ir_syslog_take(&rest, levels[i])) continue;
        if (!ir_syslog_take(&rest, IR_S(": "))) return false;
        if (i < 6) ir_event_set(ev, IR_F_LOG_LEVEL, level);
        *s = rest;
        return true;
    }
    return false;
}

/* "ADDR[@PORT] NAME. TYPE CLASS[ RCODE SECONDS CACHED BYTES]" from word i on. */
static bool unbound_question(struct ir_event *ev, const struct ir_str *w, size_t n)
{
    struct ir_ip ip;
    if (n < 4) return false;
    size_t at = ir_str_chr(w[0], '@');
    struct ir_str addr = at == IR_NPOS ? w[0] : ir_str_head(w[0], at);
    bool cls = ir_str_eq(w[3], IR_S("IN")) || ir_str_eq(w[3], IR_S("CH")) ||
               ir_str_eq(w[3], IR_S("HS")) || ir_str_starts(w[3], IR_S("CLASS"));
    if (!cls || !is_type(w[2]) || !ir_ip_parse(addr, &ip)) return false;
    ir_syslog_peer(ev, addr);
    if (at != IR_NPOS) ir_syslog_port(ev, ir_str_skip(w[0], at + 1));
    add_name(ev, w[1]);
    add_type(ev, w[2]);
    if (n >= 5 && is_type(w[4])) {
        bool good = ir_str_eq(w[4], IR_S("NOERROR"));
        ir_event_set(ev, IR_F_DNS_RCODE, w[4]);
        result(ev, "dns_reply", good ? 1 : -1);
    } else {
        result(ev, "dns_query", 0);
    }
    return true;
}

bool ir_dns_unbound(struct ir_event *ev, struct ir_str s)
{
    struct ir_str w[WORDS_MAX];
    if (s.n > MESSAGE_MAX) return false;
    if (!ir_syslog_take(&s, IR_S("query: "))) ir_syslog_take(&s, IR_S("reply: "));
    if (ir_str_starts(s, IR_S("axfr for "))) { /* NSD: "… from [client ]ADDR refused, …" */
        struct ir_str from = ir_mail_only(s, IR_S(" from "), IR_S(""));
        ir_syslog_take(&from, IR_S("client "));
        if (from.p == NULL) return false;
        bool refused = ir_str_find(from, IR_S(" refused")) != IR_NPOS;
        result(ev, "dns_transfer", refused ? -1 : 0);
        ir_syslog_peer(ev, ir_syslog_addr_token(from));
        struct ir_str zone = ir_str_skip(s, 9);
        ir_syslog_take(&zone, IR_S("zone "));
        add_name(ev, ir_str_head(zone, ir_str_chr(zone, ' ')));
        return true;
    }
    size_t n = split(s, w);
    if (ir_str_starts(s, IR_S("ratelimit block ")) && n >= 8) { /* NSD: … query ADDR TYPE */
        result(ev, "dns_query", -1);
        add_name(ev, w[2]);
        ir_syslog_peer(ev, w[n - 2]);
        add_type(ev, w[n - 1]);
        return true;
    }
    /* "ZONE. ACTION ADDR@PORT NAME. TYPE CLASS": log-local-actions; rpz lines have more before */
    for (size_t i = 0; i + 4 <= n && i < 6; i++)
        if (unbound_question(ev, w + i, n - i)) return true;
    return false;
}

/* --- dnsmasq -----------------------------------------------------------------------------------
 */

/* What it says instead of an answer; "reply error is SERVFAIL" does not name the question. */
static bool dnsmasq_failed(struct ir_str s)
{
    static const struct ir_str codes[] = {IR_S("NXDOMAIN"), IR_S("SERVFAIL"), IR_S("REFUSED"),
                                          IR_S("NOTIMP"),   IR_S("FORMERR"),  IR_S("BOGUS")};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (ir_str_starts(s, codes[i])) return true;
    return false;
}

/* "NAME from ADDR" behind query[TYPE]: the name may hold these words. */
static bool dnsmasq_query(struct ir_event *ev, struct ir_str verb, struct ir_str s)
{
    struct ir_ip ip;
    const struct ir_str words = IR_S(" from ");
    size_t open = ir_str_chr(verb, '['), from = ir_str_rfind(s, words);
    if (open == IR_NPOS || !ir_syslog_drop_end(&verb, IR_S("]")) || from == IR_NPOS || from == 0)
        return false;
    struct ir_str who = ir_str_skip(s, from + words.n);
    if (!ir_ip_parse(who, &ip)) return false;
    add_type(ev, ir_str_skip(verb, open + 1));
    ir_syslog_peer(ev, who);
    result(ev, "dns_query", 0);
    add_name(ev, ir_str_head(s, from));
    return true;
}

/* "[SERIAL ADDR/PORT ]query[A] NAME from ADDR", "reply NAME is ANSWER", "cached NAME is ANSWER",
 * "config NAME is ANSWER", "/etc/hosts NAME is ADDR", "forwarded NAME to ADDR" */
bool ir_dns_dnsmasq(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    struct ir_str extra = {NULL, 0}, port = {NULL, 0};
    if (s.n > MESSAGE_MAX) return false;
    if (s.n > 0 && ir_isdigit(s.p[0])) {
        ir_str_cut(&s, ' ');
        struct ir_str both = ir_str_cut(&s, ' ');
        size_t slash = ir_str_chr(both, '/');
        if (s.p == NULL || slash == IR_NPOS) return false;
        extra = ir_str_head(both, slash);
        port = ir_str_skip(both, slash + 1);
    }
    struct ir_str verb = ir_str_cut(&s, ' '), name = {NULL, 0};
    if (s.p == NULL) return false;
    if (ir_str_starts(verb, IR_S("query[")) || ir_str_starts(verb, IR_S("auth["))) {
        if (!dnsmasq_query(ev, verb, s)) return false;
        if (extra.n > 0) ir_syslog_port(ev, port);
        return true;
    }
    name = ir_str_cut(&s, ' ');
    if (s.p == NULL || name.n == 0) return false;
    if (ir_syslog_take(&s, IR_S("is "))) {
        bool failed = dnsmasq_failed(s);
        ir_event_set(ev, failed ? IR_F_DNS_RCODE : IR_F_DNS_ANSWER, s);
        result(ev, "dns_reply", failed ? -1 : 1);
        if (extra.n > 0) ir_syslog_peer(ev, extra);
        if (failed && ir_str_eq(name, IR_S("error"))) name.n = 0;
    } else if (ir_str_eq(verb, IR_S("forwarded")) && ir_syslog_take(&s, IR_S("to "))) {
        struct ir_str to = ir_syslog_addr_token(s);
        if (ir_ip_parse(to, &ip)) ir_event_set(ev, IR_F_DESTINATION_IP, to);
        result(ev, "dns_query", 0);
        if (extra.n > 0) ir_syslog_peer(ev, extra);
    } else {
        return false;
    }
    add_name(ev, name);
    if (extra.n > 0) ir_syslog_port(ev, port);
    return true;
}

/* --- through syslog ----------------------------------------------------------------------------
 */

void ir_syslog_named(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > 25 && ir_isdigit(s.p[0]) && s.p[2] == '-' && s.p[6] == '-' && s.p[24] == ' ')
        s = ir_str_skip(s, 25); /* print-time: "22-Nov-2026 01:02:03.123" */
    /* print-category and print-severity: "queries: info: client …" */
    for (int i = 0; i < 2 && !ir_str_starts(s, IR_S("client ")); i++) {
        size_t colon = ir_str_find(ir_str_head(s, 32), IR_S(": "));
        if (colon == IR_NPOS) return;
        s = ir_str_skip(s, colon + 2);
    }
    ir_dns_bind(ev, s);
}

void ir_syslog_unbound(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    ir_dns_unbound_level(&s, ev);
    ir_dns_unbound(ev, s);
}

void ir_syslog_dnsmasq(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_dns_dnsmasq(ev, ir_str_trim(h->msg));
}
