/*
 * Postfix: its daemons smtpd, postscreen, smtp, qmgr, cleanup, pickup, local, … by their syslog
 * tags "postfix/smtpd", "postfix/submission/smtpd". Document: the sources; DEBUG_README and
 * POSTSCREEN_README say what most lines mean.
 *
 * Hostile: a client chooses the name it says hello with, sender, recipient, SASL user, and through
 * reverse DNS its name. The client's address stands before all of these. Of the tail of a refusal,
 * "; from=<…> to=<…> proto=… helo=<…>", a part counts only when its key stands there once.
 *
 * event.action: mail_connection, mail_disconnect, mail_login, mail_accepted, mail_rejected,
 * mail_queued, mail_sent, mail_deferred, mail_bounced, mail_protocol_error.
 */
#include "format/syslog_mail.h"

#define QUEUE_ID_MIN 5u
#define QUEUE_ID_MAX 24u

/* "4bXyZ01abcz: " or "NOQUEUE: " off *s. */
static bool take_queue_id(struct ir_str *s, struct ir_str *ret_id)
{
    bool digit = false;
    size_t i = 0;
    for (; i < s->n && i <= QUEUE_ID_MAX && ir_isalnum(s->p[i]); i++)
        digit = digit || ir_isdigit(s->p[i]);
    struct ir_str id = ir_str_head(*s, i);
    if (!ir_str_starts(ir_str_skip(*s, i), IR_S(": "))) return false;
    bool none = ir_str_eq(id, IR_S("NOQUEUE"));
    if (!none && (!digit || i < QUEUE_ID_MIN || i > QUEUE_ID_MAX)) return false;
    *ret_id = none ? ir_str_n(NULL, 0) : id;
    *s = ir_str_skip(*s, i + 2);
    return true;
}

static const struct ir_mail_row rows[] = {
    {IR_S("connect"), IR_S(" from "), "mail_connection", 0},
    {IR_S("disconnect"), IR_S(" from "), "mail_disconnect", 0},
    {IR_S("lost connection after "), IR_S(" from "), "mail_disconnect", 0},
    {IR_S("timeout after "), IR_S(" from "), "mail_disconnect", 0},
    {IR_S("too many errors after "), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("improper command pipelining after "), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("SSL_accept error"), IR_S(" from "), "tls_handshake_failed", -1},
    {IR_S("CONNECT"), IR_S(" from "), "mail_connection", 0},
    {IR_S("DISCONNECT "), IR_S(""), "mail_disconnect", 0},
    {IR_S("PASS NEW "), IR_S(""), "mail_connection", 0},
    {IR_S("PASS OLD "), IR_S(""), "mail_connection", 0},
    {IR_S("HANGUP after "), IR_S(" from "), "mail_disconnect", 0},
    {IR_S("PREGREET "), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("DNSBL rank "), IR_S(" for "), "mail_blocklisted", -1},
    {IR_S("BLACKLISTED "), IR_S(""), "mail_blocklisted", -1},
    {IR_S("DENYLISTED "), IR_S(""), "mail_blocklisted", -1},
    {IR_S("WHITELISTED "), IR_S(""), "mail_connection", 0},
    {IR_S("ALLOWLISTED "), IR_S(""), "mail_connection", 0},
    {IR_S("COMMAND "), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("BARE NEWLINE"), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("NON-SMTP COMMAND"), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("Anonymous TLS connection established"), IR_S(" from "), "tls_handshake", 0},
    {IR_S("Untrusted TLS connection established"), IR_S(" from "), "tls_handshake", 0},
    {IR_S("Trusted TLS connection established"), IR_S(" from "), "tls_handshake", 0},
    {IR_S("warning: non-SMTP command"), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("warning: Connection rate limit exceeded: "), IR_S(" from "), "mail_limit", -1},
    {IR_S("warning: Connection concurrency limit exceeded: "), IR_S(" from "), "mail_limit", -1},
    {IR_S("warning: Message delivery request rate limit exceeded: "), IR_S(" from "), "mail_limit",
     -1},
    {IR_S("warning: Recipient address rate limit exceeded: "), IR_S(" from "), "mail_limit", -1},
    {IR_S("warning: New TLS session rate limit exceeded: "), IR_S(" from "), "mail_limit", -1},
    {IR_S("warning: AUTH command rate limit exceeded: "), IR_S(" from "), "mail_limit", -1},
    {IR_S("warning: Illegal address syntax"), IR_S(" from "), "mail_protocol_error", -1},
};

/* "HOST[ADDR]: SASL LOGIN authentication failed: REASON[, sasl_username=USER]" behind "warning: ".
 * The reason is the SASL library's, so the first key is Postfix's own. */
static bool login_failed(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    size_t n = ir_mail_peer(s, &who);
    if (n == 0) return false;
    s = ir_str_skip(s, n);
    if (!ir_syslog_take(&s, IR_S(": SASL "))) return false;
    size_t at = ir_str_find(s, IR_S(" authentication failed"));
    if (at == IR_NPOS) at = ir_str_find(s, IR_S(" authentication aborted"));
    if (at == IR_NPOS) return false;
    ir_mail_result(ev, "mail_login", -1);
    ir_mail_source(ev, &who);
    ir_event_add_named(ev, IR_S("sasl_method"), IR_V_STRING, ir_str_head(s, at));
    s = ir_str_skip(s, at);
    at = ir_str_find(s, IR_S("sasl_username="));
    struct ir_str user = at == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_skip(s, at + 14);
    if (!ir_str_eq(user, IR_S("(unavailable)"))) ir_syslog_user(ev, IR_F_USER_NAME, user);
    return true;
}

/* "hostname H does not resolve to address ADDR[: …]" and "ADDR: hostname H verification failed" */
static void unverified(struct ir_event *ev, struct ir_str s)
{
    struct ir_str addr = ir_syslog_addr_token(s);
    if (ir_syslog_take(&s, IR_S("hostname "))) {
        size_t at = ir_str_find(s, IR_S(" does not resolve to address "));
        if (at == IR_NPOS) return;
        addr = ir_syslog_addr_token(ir_str_skip(s, at + 29));
    } else if (!ir_str_starts(ir_str_skip(s, addr.n), IR_S(": hostname "))) {
        return;
    }
    ir_syslog_action(ev, "mail_unverified_client");
    ir_syslog_peer(ev, addr);
}

static void warning(struct ir_event *ev, struct ir_str s)
{
    if (!login_failed(ev, s)) unverified(ev, s);
}

/* "client=HOST[ADDR][, sasl_method=M, sasl_username=U[, sasl_sender=S]]" */
static void client(struct ir_event *ev, struct ir_str s)
{
    s = ir_str_skip(s, ir_mail_take_source(s, ev));
    size_t at = ir_str_find(s, IR_S(", sasl_username="));
    if (at == IR_NPOS) {
        ir_syslog_action(ev, "mail_accepted");
        return;
    }
    ir_mail_result(ev, "mail_login", 1);
    struct ir_str user = ir_str_skip(s, at + 16);
    size_t end = ir_str_find(user, IR_S(", sasl_sender="));
    ir_syslog_user(ev, IR_F_USER_NAME, end == IR_NPOS ? user : ir_str_head(user, end));
    size_t method = ir_str_find(ir_str_head(s, at), IR_S(", sasl_method="));
    if (method != IR_NPOS)
        ir_event_add_named(ev, IR_S("sasl_method"), IR_V_STRING,
                           ir_str_skip(ir_str_head(s, at), method + 14));
}

/* Behind the client of a refusal: ": 554 5.7.1 <x>: Relay access denied; from=<a> to=<b> …"; VRFY
 * has no from, what was held or dropped no reply. */
static void refusal(struct ir_event *ev, struct ir_str s)
{
    if (ir_syslog_take(&s, IR_S(": "))) ir_mail_reply(ev, s);
    bool sender = ir_str_find(s, IR_S("; from=<")) != IR_NPOS;
    ir_mail_set_only(ev, IR_F_EMAIL_FROM, s, IR_S("; from=<"), IR_S(">"));
    ir_mail_set_only(ev, IR_F_EMAIL_TO, s, sender ? IR_S("> to=<") : IR_S("; to=<"), IR_S(">"));
    if (ir_str_find(s, IR_S("Relay access denied")) != IR_NPOS)
        ir_event_derive(ev, IR_F_EVENT_REASON, IR_S("relay access denied"));
}

/* "reject: RCPT from HOST[ADDR]: …" and its kin; true when it was one. */
static bool rejected(struct ir_event *ev, struct ir_str s)
{
    static const struct {
        struct ir_str begin;
        const char *action;
        int outcome;
    } kinds[] = {
        {IR_S("reject: "), "mail_rejected", -1},
        {IR_S("milter-reject: "), "mail_rejected", -1},
        {IR_S("proxy-reject: "), "mail_rejected", -1},
        {IR_S("reject_warning: "), "mail_warned", 0},
        {IR_S("warn: "), "mail_warned", 0},
        {IR_S("hold: "), "mail_held", 0},
        {IR_S("milter-hold: "), "mail_held", 0},
        {IR_S("discard: "), "mail_discarded", -1},
        {IR_S("milter-discard: "), "mail_discarded", -1},
        {IR_S("filter: "), "mail_accepted", 0},
        {IR_S("redirect: "), "mail_accepted", 0},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!ir_syslog_take(&s, kinds[i].begin)) continue;
        ir_mail_result(ev, kinds[i].action, kinds[i].outcome);
        /* "header Subject: … from HOST[ADDR]; from=<…>": the header is the sender's, so only one
         * " from HOST[ADDR]" proves anything */
        bool ours = !ir_str_starts(s, IR_S("header ")) && !ir_str_starts(s, IR_S("body "));
        size_t at = ours ? ir_str_find(s, IR_S(" from ")) : ir_str_rfind(s, IR_S(" from "));
        if (at == IR_NPOS || (!ours && ir_str_find(s, IR_S(" from ")) != at)) return true;
        s = ir_str_skip(s, at + 6);
        refusal(ev, ir_str_skip(s, ir_mail_take_source(s, ev)));
        return true;
    }
    return false;
}

/* "to=<x>, relay=HOST[ADDR]:25, delay=…, dsn=2.0.0, status=sent (…)" */
static void delivery(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    ir_mail_set_only(ev, IR_F_EMAIL_TO, s, IR_S("to=<"), IR_S(">, "));
    struct ir_str relay = ir_mail_only(s, IR_S(", relay="), IR_S(", "));
    if (relay.n > 0 && ir_mail_peer(relay, &who) == relay.n) ir_mail_destination(ev, &who);
    struct ir_str status = ir_mail_only(s, IR_S(", status="), IR_S(" "));
    if (ir_str_eq(status, IR_S("sent")))
        ir_mail_result(ev, "mail_sent", 1);
    else if (ir_str_eq(status, IR_S("deferred")))
        ir_mail_result(ev, "mail_deferred", -1);
    else if (ir_str_eq(status, IR_S("bounced")) || ir_str_eq(status, IR_S("expired")))
        ir_mail_result(ev, "mail_bounced", -1);
}

static void queued(struct ir_event *ev, struct ir_str s)
{
    if (ir_syslog_take(&s, IR_S("client="))) {
        client(ev, s);
    } else if (ir_str_starts(s, IR_S("to=<"))) {
        delivery(ev, s);
    } else if (ir_str_starts(s, IR_S("from=<"))) {
        ir_syslog_action(ev, "mail_queued");
        ir_mail_set_only(ev, IR_F_EMAIL_FROM, s, IR_S("from=<"), IR_S(">, "));
    } else if (ir_syslog_take(&s, IR_S("uid="))) {
        ir_syslog_action(ev, "mail_queued");
        ir_event_set(ev, IR_F_USER_ID, ir_syslog_digits(s));
        ir_mail_set_only(ev, IR_F_EMAIL_FROM, s, IR_S(" from=<"), IR_S(">"));
    } else if (ir_syslog_take(&s, IR_S("message-id=<"))) {
        size_t end = ir_str_rchr(s, '>');
        if (end != IR_NPOS && end > 0) ir_event_set(ev, IR_F_EMAIL_MESSAGE_ID, ir_str_head(s, end));
    } else if (!rejected(ev, s)) {
        ir_mail_rows(rows, sizeof rows / sizeof *rows, s, ev, NULL);
    }
}

void ir_syslog_postfix(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg), id;
    if (s.n < 4 || s.n > IR_MAIL_MESSAGE_MAX) return;
    if (take_queue_id(&s, &id)) {
        if (id.n > 0) ir_event_set(ev, IR_F_EMAIL_LOCAL_ID, id);
        queued(ev, s);
    } else if (!ir_mail_rows(rows, sizeof rows / sizeof *rows, s, ev, NULL) &&
               ir_syslog_take(&s, IR_S("warning: "))) {
        warning(ev, s);
    }
}
