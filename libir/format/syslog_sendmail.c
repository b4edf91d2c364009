/*
 * sendmail: tags sm-mta, sendmail, sm-msp-queue, sm-acceptingconnections. Document: the sources
 * (srvrsmtp.c, deliver.c, conf.c) and the Sendmail Installation and Operation Guide, "Logging".
 *
 * Hostile: sender, recipient and SASL user are the client's and can hold ", relay=[192.0.2.9]".
 * Where the relay ends the line the last one counts; inside a refusal one that stands there twice
 * names nobody.
 *
 * event.action: mail_login, mail_accepted, mail_rejected, mail_sent, mail_deferred, mail_bounced,
 * mail_queued, mail_verify, mail_connection, mail_protocol_error, mail_disconnect.
 */
#include "format/syslog_mail.h"

/* "s1GNXHYB005133: " off *s. */
static void take_queue_id(struct ir_str *s, struct ir_event *ev)
{
    size_t i = 0;
    bool digit = false;
    if (ir_syslog_take(s, IR_S("NOQUEUE: "))) return;
    while (i < s->n && i < 24 && ir_isalnum(s->p[i]))
        digit = ir_isdigit(s->p[i++]) || digit;
    if (i < 10 || !digit || !ir_str_starts(ir_str_skip(*s, i), IR_S(": "))) return;
    ir_event_set(ev, IR_F_EMAIL_LOCAL_ID, ir_str_head(*s, i));
    *s = ir_str_skip(*s, i + 2);
}

/* HOST [ADDR] (may be forged) at the start of s. Bytes taken. */
static size_t relay_at(struct ir_str s, struct ir_mail_peer *ret_who)
{
    size_t n = ir_mail_peer(s, ret_who);
    if (n > 0 && ir_str_starts(ir_str_skip(s, n), IR_S(" (may be forged)"))) n += 16;
    return n;
}

/* The last "relay=" when it ends the line. */
static void last_relay(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    size_t at = ir_str_rfind(s, IR_S("relay="));
    if (at == IR_NPOS) return;
    s = ir_str_skip(s, at + 6);
    if (relay_at(s, &who) == s.n && s.n > 0) ir_mail_source(ev, &who);
}

/* "ruleset=check_rcpt, arg1=<x>, relay=HOST [ADDR], reject=550 5.7.1 <x>... Relaying denied" */
static void ruleset(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who, one = {0};
    struct ir_str reply = {NULL, 0}, left = s;
    int fits = 0;
    for (size_t at; fits < 2 && (at = ir_str_find(left, IR_S(", relay="))) != IR_NPOS;) {
        left = ir_str_skip(left, at + 8);
        size_t n = relay_at(left, &who);
        if (n == 0 || !ir_str_starts(ir_str_skip(left, n), IR_S(", reject="))) continue;
        reply = ir_str_skip(left, n + 9);
        one = who;
        fits++;
    }
    ir_mail_result(ev, "mail_rejected", -1);
    if (fits != 1) return;
    ir_mail_source(ev, &one);
    ir_mail_reply(ev, reply);
    if (ir_str_find(reply, IR_S("Relaying denied")) != IR_NPOS)
        ir_event_derive(ev, IR_F_EVENT_REASON, IR_S("relay access denied"));
    if (ir_syslog_take(&s, IR_S("check_rcpt, arg1=<")))
        ir_event_set(ev, IR_F_EMAIL_TO, ir_str_head(s, ir_str_chr(s, '>')));
}

/* "(LOGIN): authentication failure (-13) SASL(-13): …, user=U, relay=HOST [ADDR]" */
static void auth_failure(struct ir_event *ev, struct ir_str s)
{
    ir_mail_result(ev, "mail_login", -1);
    last_relay(ev, s);
    size_t user = ir_str_find(s, IR_S(", user=")), relay = ir_str_rfind(s, IR_S(", relay="));
    if (user != IR_NPOS && relay != IR_NPOS && user + 7 <= relay)
        ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + user + 7, relay - user - 7));
}

/* "relay=HOST [ADDR], authid=U, mech=LOGIN, bits=0" behind "AUTH=server, ". */
static void auth_success(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    if (!ir_syslog_take(&s, IR_S("relay="))) return;
    size_t n = relay_at(s, &who);
    if (n == 0) return;
    ir_mail_result(ev, "mail_login", 1);
    ir_mail_source(ev, &who);
    s = ir_str_skip(s, n);
    if (!ir_syslog_take(&s, IR_S(", authid="))) return;
    size_t end = ir_str_rfind(s, IR_S(", mech="));
    if (end != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, end));
}

static void delivery(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    struct ir_str relay = ir_mail_only(s, IR_S(", relay="), IR_S(", "));
    if (ir_mail_peer(relay, &who) > 0) ir_mail_destination(ev, &who);
    struct ir_str to = ir_str_head(s, ir_str_find(s, IR_S(", ")));
    if (ir_syslog_take(&to, IR_S("to=<")) && ir_syslog_drop_end(&to, IR_S(">")))
        ir_event_set(ev, IR_F_EMAIL_TO, to);
    struct ir_str stat = ir_mail_only(s, IR_S(", stat="), IR_S(""));
    if (ir_str_starts(stat, IR_S("Sent")))
        ir_mail_result(ev, "mail_sent", 1);
    else if (ir_str_starts(stat, IR_S("Deferred")))
        ir_mail_result(ev, "mail_deferred", -1);
    else if (ir_str_eq(stat, IR_S("queued")))
        ir_syslog_action(ev, "mail_queued");
    else if (stat.n > 0)
        ir_mail_result(ev, "mail_bounced", -1);
}

static void sender(struct ir_event *ev, struct ir_str s)
{
    struct ir_str taken = ir_mail_only(s, IR_S(", nrcpts="), IR_S(","));
    if (!ir_str_eq(taken, IR_S("0"))) ir_syslog_action(ev, "mail_accepted"); /* 0: all refused */
    last_relay(ev, s);
    struct ir_str from = ir_str_head(s, ir_str_find(s, IR_S(", size=")));
    if (ir_syslog_take(&from, IR_S("from=<")) && ir_syslog_drop_end(&from, IR_S(">")))
        ir_event_set(ev, IR_F_EMAIL_FROM, from);
}

static const struct ir_mail_row rows[] = {
    {IR_S("rejecting commands from "), IR_S(""), "mail_protocol_error", -1},
    {IR_S("rejecting commands from  "), IR_S(""), "mail_protocol_error", -1},
    {IR_S("rejecting server "), IR_S(" from "), "mail_protocol_error", -1},
    {IR_S("connect from "), IR_S(""), "mail_connection", 0},
    {IR_S("lost input channel from "), IR_S(""), "mail_disconnect", -1},
    {IR_S("timeout waiting for input from "), IR_S(""), "mail_disconnect", 0},
    {IR_S("collect: premature EOM: "), IR_S(" from "), "mail_disconnect", 0},
    {IR_S("STARTTLS=server, relay="), IR_S(""), "tls_handshake", 0},
};

/* "HOST [ADDR]: possible SMTP attack: …" and other lines that begin with the client. */
static void by_client(struct ir_event *ev, struct ir_str s)
{
    static const struct {
        struct ir_str words;
        const char *action;
        bool ends;
        int outcome;
    } kinds[] = {
        {IR_S(": possible SMTP attack: "), "mail_protocol_error", false, -1},
        {IR_S(": probable open proxy: "), "mail_protocol_error", false, -1},
        {IR_S(" did not issue MAIL/EXPN/VRFY/ETRN"), "mail_protocol_error", false, -1},
        {IR_S(" [rejected]"), "mail_rejected", true, -1},
        {IR_S(": VRFY "), "mail_verify", false, 0},
        {IR_S(": EXPN "), "mail_verify", false, 0},
    };
    struct ir_mail_peer who;
    size_t n = relay_at(s, &who);
    struct ir_str rest = ir_str_skip(s, n);
    for (size_t i = 0; n > 0 && i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].ends ? !ir_str_ends(rest, kinds[i].words)
                          : !ir_str_starts(rest, kinds[i].words))
            continue;
        ir_mail_result(ev, kinds[i].action, kinds[i].outcome);
        ir_mail_source(ev, &who);
        return;
    }
}

void ir_syslog_sendmail(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n < 4 || s.n > IR_MAIL_MESSAGE_MAX) return;
    take_queue_id(&s, ev);
    if (ir_syslog_take(&s, IR_S("ruleset=")))
        ruleset(ev, s);
    else if (ir_syslog_take(&s, IR_S("AUTH failure ")))
        auth_failure(ev, s);
    else if (ir_syslog_take(&s, IR_S("AUTH=server, ")))
        auth_success(ev, s);
    else if (ir_str_starts(s, IR_S("to=")))
        delivery(ev, s);
    else if (ir_str_starts(s, IR_S("from=")))
        sender(ev, s);
    else if (!ir_mail_rows(rows, sizeof rows / sizeof *rows, s, ev, NULL))
        by_client(ev, s);
}
