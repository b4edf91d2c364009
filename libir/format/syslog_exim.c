/*
 * Exim's messages, of its main and reject log (exim.c) and through syslog. Document: the Exim
 * specification, chapter "Log files".
 *
 *     [H=]HOST (HELO) [ADDR]:PORT I=[…]:25 X=… A=… F=<FROM> rejected RCPT <TO>: REASON
 *     NAME authenticator failed for HOST (HELO) [ADDR]:PORT: 535 … (set_id=USER)
 *     1rABCd-000123-Ab <= FROM H=HOST [ADDR] P=esmtpsa A=login:USER S=… id=…
 *
 * Hostile: the hello name stands in round brackets before the address and can be "[192.0.2.9]".
 * Exim takes no blank and no bracket in it unless helo_accept_junk_hosts says so, and then "x
 * [192.0.2.9]" is possible; so the first '[' outside of round brackets that a blank or " H="
 * precedes is taken for Exim's own. Sender, recipient, user and reason stand behind the address.
 *
 * event.action: mail_login, mail_accepted, mail_rejected, mail_sent, mail_deferred, mail_bounced,
 * mail_completed, mail_protocol_error, mail_connection, mail_disconnect.
 */
#include "base/ip.h"
#include "format/exim.h"
#include "format/syslog_mail.h"

/* The first "[ADDR][:PORT]" that a blank or "H=" precedes and that stands in no round bracket.
 * Where it ends in s; IR_NPOS: none. */
static size_t find_client(struct ir_str s, struct ir_mail_peer *ret_who)
{
    struct ir_ip ip;
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '(') inside = true;
        if (s.p[i] == ')') inside = false;
        if (s.p[i] != '[' || inside) continue;
        bool key =
            i >= 2 && s.p[i - 1] == '=' && s.p[i - 2] == 'H' && (i == 2 || s.p[i - 3] == ' ');
        if (i > 0 && s.p[i - 1] != ' ' && !key) continue;
        size_t n = ir_mail_peer(ir_str_skip(s, i), ret_who);
        if (n == 0 || !ir_ip_parse(ret_who->ip, &ip)) continue;
        return i + n;
    }
    return IR_NPOS;
}

/* The name before the address: "H=NAME (helo) [" or "for NAME (helo) [" or none. */
static struct ir_str name_before(struct ir_str s)
{
    size_t at = ir_str_find(s, IR_S("H="));
    size_t skip = 2;
    if (at == IR_NPOS || (at > 0 && s.p[at - 1] != ' ')) {
        at = ir_str_find(s, IR_S(" for "));
        skip = 5;
    }
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + skip);
    size_t blank = ir_str_chr(s, ' ');
    struct ir_str name = blank == IR_NPOS ? s : ir_str_head(s, blank);
    return name.n > 0 && ir_isalnum(name.p[0]) ? name : ir_str_n(NULL, 0);
}

/* Address and name. What stands behind, or p == NULL. */
static struct ir_str take_client(struct ir_event *ev, struct ir_str s)
{
    struct ir_mail_peer who;
    size_t end = find_client(s, &who);
    if (end == IR_NPOS) return ir_str_n(NULL, 0);
    size_t open = ir_str_rchr(ir_str_head(s, end), '[');
    who.name = name_before(ir_str_head(s, open));
    ir_mail_source(ev, &who);
    return ir_str_skip(s, end);
}

/* "… (set_id=USER)" at the end, or before "): reason". */
static void auth_user(struct ir_event *ev, struct ir_str s)
{
    size_t at = ir_str_find(s, IR_S(" (set_id="));
    if (at == IR_NPOS) return;
    s = ir_str_skip(s, at + 9);
    if (!ir_syslog_drop_end(&s, IR_S(")"))) {
        size_t end = ir_str_rfind(s, IR_S("): "));
        if (end == IR_NPOS) return;
        s = ir_str_head(s, end);
    }
    ir_syslog_user(ev, IR_F_USER_NAME, s);
}

/* " F=<FROM> … rejected RCPT <TO>: REASON" behind the client. */
static void addresses(struct ir_event *ev, struct ir_str s)
{
    ir_mail_set_only(ev, IR_F_EMAIL_FROM, s, IR_S(" F=<"), IR_S("> "));
    ir_mail_set_only(ev, IR_F_EMAIL_FROM, s, IR_S(" sender verify fail for <"), IR_S(">"));
    size_t at = ir_str_find(s, IR_S("ejected RCPT <"));
    if (at == IR_NPOS) return;
    s = ir_str_skip(s, at + 14);
    size_t end = ir_str_chr(s, '>');
    if (end != IR_NPOS) ir_event_set(ev, IR_F_EMAIL_TO, ir_str_head(s, end));
}

/* "A=dovecot_login:USER" among the parts of an arrival. */
static void arrival_user(struct ir_event *ev, struct ir_str s)
{
    /* Exim writes the size behind it, and then what the message says of itself (id=, T=) */
    s = ir_str_head(s, ir_str_find(s, IR_S(" S=")));
    s = ir_str_head(s, ir_str_find(s, IR_S(" id=")));
    struct ir_str auth = ir_mail_only(s, IR_S(" A="), IR_S(""));
    auth = ir_str_head(auth, ir_str_chr(auth, ' '));
    size_t colon = ir_str_chr(auth, ':');
    if (auth.n == 0 || colon == IR_NPOS) {
        ir_syslog_action(ev, "mail_accepted");
        return;
    }
    ir_mail_result(ev, "mail_login", 1);
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_skip(auth, colon + 1));
}

/* "1rABCd-000123-Ab " and the longer ids of newer versions. */
static bool take_message_id(struct ir_str *s, struct ir_str *ret_id)
{
    size_t i = 0;
    unsigned dashes = 0;
    while (i < s->n && i < 28 && (ir_isalnum(s->p[i]) || s->p[i] == '-'))
        dashes += s->p[i++] == '-';
    if (dashes != 2 || i < 16 || i >= s->n || s->p[i] != ' ') return false;
    *ret_id = ir_str_head(*s, i);
    *s = ir_str_skip(*s, i + 1);
    return true;
}

static struct ir_str first_word(struct ir_str s)
{
    struct ir_str word = ir_str_head(s, ir_str_chr(s, ' '));
    return ir_str_eq(word, IR_S("<>")) ? ir_str_n(NULL, 0) : word;
}

static void message_line(struct ir_event *ev, struct ir_str s)
{
    static const struct {
        struct ir_str mark;
        const char *action;
        int outcome;
    } kinds[] = {{IR_S("=> "), "mail_sent", 1},           {IR_S("-> "), "mail_sent", 1},
                 {IR_S(">> "), "mail_sent", 1},           {IR_S("*> "), "mail_sent", 1},
                 {IR_S("** "), "mail_bounced", -1},       {IR_S("== "), "mail_deferred", -1},
                 {IR_S("Completed"), "mail_completed", 0}};
    if (ir_syslog_take(&s, IR_S("<= "))) {
        struct ir_str from = first_word(s);
        if (from.n > 0) ir_event_set(ev, IR_F_EMAIL_FROM, from);
        s = ir_str_skip(s, from.n);
        arrival_user(ev, s);
        take_client(ev, s);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct ir_mail_peer who;
        if (!ir_syslog_take(&s, kinds[i].mark)) continue;
        ir_mail_result(ev, kinds[i].action, kinds[i].outcome);
        struct ir_str to = first_word(s);
        ir_syslog_drop_end(&to, IR_S(":")); /* "** bob@example.org: retry timeout exceeded" */
        if (to.n > 0) ir_event_set(ev, IR_F_EMAIL_TO, to);
        if (find_client(s, &who) != IR_NPOS) ir_mail_destination(ev, &who);
        return;
    }
    if (ir_str_starts(s, IR_S("H="))) ir_exim_message(ev, s);
}

static const struct {
    struct ir_str words; /* somewhere in the line's own part, before or behind the client */
    const char *action;
    int outcome;
} sorts[] = {
    {IR_S(" authenticator failed "), "mail_login", -1},
    {IR_S("MTP protocol synchronization error"), "mail_protocol_error", -1},
    {IR_S("MTP protocol error"), "mail_protocol_error", -1},
    {IR_S(" dropped: too many "), "mail_protocol_error", -1},
    {IR_S("rejected "), "mail_rejected", -1},
    {IR_S("rejected connection"), "mail_rejected", -1},
    {IR_S("sender verify fail"), "mail_rejected", -1},
    {IR_S("sender verify defer"), "mail_deferred", 0},
    {IR_S("temporarily refused connection"), "mail_rejected", -1},
    {IR_S("refused connection"), "mail_rejected", -1},
    {IR_S("Connection from "), "mail_rejected", -1},
    {IR_S("SMTP connection from "), "mail_connection", 0},
    {IR_S("SMTP command timeout"), "mail_disconnect", 0},
    {IR_S("unexpected disconnection"), "mail_disconnect", 0},
    {IR_S("no MAIL in "), "mail_disconnect", 0},
    {IR_S("TLS error on connection"), "tls_handshake_failed", -1},
    {IR_S("relay not permitted"), "mail_rejected", -1},
};

static void add_sort(struct ir_event *ev, struct ir_str s)
{
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (ir_str_find(s, sorts[i].words) == IR_NPOS) continue;
        ir_mail_result(ev, sorts[i].action, sorts[i].outcome);
        return;
    }
}

/* Two messages tell the client's words before its address: `SMTP syntax error in "WORDS" H=… WHY`,
 * where WHY can repeat them, and `unqualified sender rejected: <WORDS> H=…`, which ends with the
 * address. What stands from the address on; p == NULL when that cannot be told. */
static struct ir_str behind_words(struct ir_event *ev, struct ir_str s)
{
    size_t at;
    if (ir_str_starts(s, IR_S("SMTP syntax error in \""))) {
        ir_mail_result(ev, "mail_protocol_error", -1);
        at = ir_str_find(s, IR_S("\" H="));
        if (at != ir_str_rfind(s, IR_S("\" H="))) at = IR_NPOS;
    } else if (ir_str_starts(s, IR_S("unqualified "))) {
        ir_mail_result(ev, "mail_rejected", -1);
        at = ir_str_rfind(s, IR_S("> H="));
    } else {
        add_sort(ev, s);
        return s;
    }
    return at == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_skip(s, at + 2);
}

void ir_exim_message(struct ir_event *ev, struct ir_str s)
{
    struct ir_str id;
    if (s.n < 4 || s.n > IR_MAIL_MESSAGE_MAX) return;
    if (take_message_id(&s, &id)) {
        ir_event_set(ev, IR_F_EMAIL_LOCAL_ID, id);
        message_line(ev, s);
        return;
    }
    s = behind_words(ev, s);
    if (s.p == NULL) return;
    struct ir_str rest = take_client(ev, s);
    if (rest.p == NULL) return;
    auth_user(ev, rest);
    addresses(ev, rest);
    if (ir_str_find(rest, IR_S("relay not permitted")) != IR_NPOS)
        ir_event_derive(ev, IR_F_EVENT_REASON, IR_S("relay access denied"));
}

size_t ir_exim_pid(struct ir_str s, struct ir_str *ret_pid)
{
    *ret_pid = ir_str_n(NULL, 0);
    if (s.n < 4 || s.p[0] != '[') return 0;
    struct ir_str pid = ir_syslog_digits(ir_str_skip(s, 1));
    if (pid.n == 0 || pid.n > 10 || !ir_str_starts(ir_str_skip(s, pid.n + 1), IR_S("] "))) return 0;
    *ret_pid = pid;
    return pid.n + 3;
}

/* Through syslog a message can still begin with Exim's own stamp and pid: "2026-11-22 01:02:03
 * [12] …" (syslog_timestamp, on by default). The head's time holds. */
void ir_syslog_exim(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg), pid;
    if (s.n > 20 && ir_isdigit(s.p[0]) && s.p[4] == '-' && s.p[7] == '-' && s.p[10] == ' ' &&
        s.p[13] == ':') {
        size_t n = 19;
        while (n < s.n && s.p[n] != ' ')
            n++; /* .345 */
        s = ir_str_trim(ir_str_skip(s, n));
        if (s.n > 6 && (s.p[0] == '+' || s.p[0] == '-') && s.p[5] == ' ') s = ir_str_skip(s, 6);
    }
    s = ir_str_skip(s, ir_exim_pid(s, &pid));
    ir_exim_message(ev, s);
}
