/*
 * Dovecot: log-ins of imap-login, pop3-login, submission-login and managesieve-login, and what the
 * passwd databases of its auth process say. Through syslog ("dovecot: imap-login: …") and in
 * Dovecot's own log ("Nov 22 01:02:03 imap-login: Info: …"). Document: the settings
 * login_log_format_elements and auth_verbose; the sources (client-common.c, auth-request.c).
 *
 * Hostile: the user name is the client's and may hold ">, rip=…". What Dovecot writes behind it
 * cannot: so the last ", rip=" is the true one. In lines of auth, where the client's words can
 * stand on both sides, two possible readings name nobody.
 *
 * event.action: mail_login (success, failure), mail_disconnect, mail_logout.
 */
#include "base/ip.h"
#include "format/syslog_mail.h"

/* "auth-worker(123): ", "imap(bob)<12><s>: " are prefixes of processes; "Info: " of the own log. */
static void drop_level(struct ir_str *s)
{
    static const struct ir_str levels[] = {IR_S("Info: "), IR_S("Error: "), IR_S("Warning: "),
                                           IR_S("Debug: "), IR_S("Fatal: ")};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (ir_syslog_take(s, levels[i])) return;
}

static bool has(struct ir_str s, const char *word)
{
    return ir_str_find(s, ir_str_z(word)) != IR_NPOS;
}

/* What a login process says before ": user=<": its own words only. */
static void login_result(struct ir_event *ev, struct ir_str words)
{
    bool aborted =
        ir_str_starts(words, IR_S("Aborted login")) || ir_str_starts(words, IR_S("Login aborted"));
    if (ir_str_starts(words, IR_S("Login: ")) || ir_str_starts(words, IR_S("Logged in: ")))
        ir_mail_result(ev, "mail_login", 1);
    else if (has(words, "auth failed") || has(words, "tried to use dis") ||
             (aborted && !has(words, "no auth attempts")))
        ir_mail_result(ev, "mail_login", -1);
    else
        ir_syslog_action(ev, "mail_disconnect");
}

/* The value behind the last `key`, up to a comma, blank or the end. */
static struct ir_str last_value(struct ir_str s, struct ir_str key)
{
    size_t at = ir_str_rfind(s, key);
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + key.n);
    return ir_syslog_addr_token(s);
}

static void add_peers(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    struct ir_str rip = last_value(s, IR_S(" rip=")), lip = last_value(s, IR_S(" lip="));
    if (rip.n == 0) rip = last_value(s, IR_S("<rip="));
    if (rip.n > 0) ir_syslog_peer(ev, rip);
    if (lip.n > 0 && ir_ip_parse(lip, &ip)) ir_event_set(ev, IR_F_DESTINATION_IP, lip);
}

/* "Aborted login (auth failed, 1 attempts in 6 secs): user=<U>, method=M, rip=R, lip=L, TLS, …" */
static bool login_line(struct ir_event *ev, struct ir_str s)
{
    size_t user = ir_str_find(s, IR_S("user=<")), rip = ir_str_rfind(s, IR_S(" rip="));
    if (rip == IR_NPOS) return false;
    login_result(ev, ir_str_head(s, user < rip ? user : rip));
    add_peers(ev, s);
    if (user == IR_NPOS || user > rip) return true;
    struct ir_str name = ir_str_n(s.p + user + 6, rip - user - 6);
    size_t method = ir_str_rfind(name, IR_S(">, method="));
    size_t end = method != IR_NPOS ? method : ir_str_rchr(name, '>');
    if (end == IR_NPOS) return true;
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(name, end));
    if (method == IR_NPOS) return true;
    struct ir_str value = ir_str_skip(name, method + 10);
    ir_event_add_named(ev, IR_S("method"), IR_V_STRING, ir_str_head(value, ir_str_chr(value, ',')));
    return true;
}

/* Is this "USER,ADDR" or "USER,ADDR,<session>" or "USER,ADDR,master"? */
static bool user_and_address(struct ir_str in, struct ir_str *ret_user, struct ir_str *ret_ip)
{
    struct ir_ip ip;
    for (int i = 0; i < 3; i++) {
        size_t comma = ir_str_rchr(in, ',');
        if (comma == IR_NPOS) return false;
        struct ir_str last = ir_str_skip(in, comma + 1);
        in = ir_str_head(in, comma);
        if (!ir_ip_parse(last, &ip)) continue;
        *ret_user = in;
        *ret_ip = last;
        return true;
    }
    return false;
}

static bool is_refusal(struct ir_str text)
{
    static const char *const words[] = {"nknown user",
                                        "assword mismatch",
                                        "authenticate() failed",
                                        "uthentication failure",
                                        "nvalid credentials",
                                        "nvalid password",
                                        "ser not found",
                                        "uthentication failed",
                                        "not found from",
                                        "Empty username",
                                        "sername character disallowed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has(text, words[i])) return true;
    return false;
}

/* "sql(bob,192.0.2.7,<session>): Password mismatch". With two places that fit, somebody's name or
 * password holds one of them. */
static void auth_line(struct ir_event *ev, struct ir_str s)
{
    struct ir_str user = {NULL, 0}, ip = {NULL, 0}, text = {NULL, 0};
    size_t open = ir_str_chr(s, '('), from = open, fits = 0;
    if (open == IR_NPOS || ir_str_chr(ir_str_head(s, open), ' ') != IR_NPOS) return;
    while (from < s.n && fits < 2) {
        size_t at = ir_str_find(ir_str_skip(s, from), IR_S("): "));
        if (at == IR_NPOS) break;
        struct ir_str u, a;
        if (user_and_address(ir_str_n(s.p + open + 1, from + at - open - 1), &u, &a)) {
            user = u;
            ip = a;
            text = ir_str_skip(s, from + at + 3);
            fits++;
        }
        from += at + 3;
    }
    if (fits == 0) return;
    if (is_refusal(text)) ir_mail_result(ev, "mail_login", -1);
    if (fits > 1) return;
    ir_syslog_peer(ev, ip);
    if (!ir_str_eq(user, IR_S("?"))) ir_syslog_user(ev, IR_F_USER_NAME, user);
}

/* "imap(bob)<12><session>: Disconnected …": the session's own process. Who is logged in chose no
 * odd name, but still only a plain one is taken. */
static void session_line(struct ir_event *ev, struct ir_str name, struct ir_str s)
{
    size_t open = ir_str_chr(name, '('), end = ir_str_chr(name, ')');
    if (open == IR_NPOS || end == IR_NPOS || end < open) return;
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(name.p + open + 1, end - open - 1));
    if (ir_str_starts(s, IR_S("Logged out")) || ir_str_starts(s, IR_S("Disconnected")) ||
        ir_str_starts(s, IR_S("Connection closed")))
        ir_syslog_action(ev, "mail_logout");
}

/* "auth-worker(7): conn unix:auth-worker (pid=…,uid=…): auth-worker<1>: sql(…): …" */
static struct ir_str last_prefix(struct ir_str s)
{
    struct ir_str rest = s;
    if (!ir_syslog_take(&rest, IR_S("conn unix:"))) return s;
    size_t at = ir_str_find(rest, IR_S("): "));
    if (at == IR_NPOS) return s;
    rest = ir_str_skip(rest, at + 3);
    size_t worker = ir_str_find(ir_str_head(rest, 32), IR_S(">: "));
    return worker == IR_NPOS ? rest : ir_str_skip(rest, worker + 3);
}

static void by_process(struct ir_event *ev, struct ir_str name, struct ir_str s)
{
    drop_level(&s);
    struct ir_str plain = ir_str_head(name, ir_str_chr(name, '('));
    if (ir_str_ends(plain, IR_S("-login"))) {
        login_line(ev, s);
    } else if (ir_str_starts(plain, IR_S("auth"))) {
        s = last_prefix(s);
        drop_level(&s);
        auth_line(ev, s);
    } else {
        session_line(ev, name, s);
    }
}

/* "pam(bob,192.0.2.7): …": old versions named the database of users without the word auth. */
static bool is_passdb(struct ir_str s)
{
    static const struct ir_str names[] = {
        IR_S("pam("),      IR_S("sql("),         IR_S("ldap("),
        IR_S("passwd("),   IR_S("passwd-file("), IR_S("shadow("),
        IR_S("vpopmail("), IR_S("bsdauth("),     IR_S("checkpassword(")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_starts(s, names[i])) return true;
    return false;
}

void ir_syslog_dovecot(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n < 8 || s.n > IR_MAIL_MESSAGE_MAX) return;
    if (!ir_str_starts(h->tag, IR_S("dovecot"))) { /* the own log, or a build with other tags */
        by_process(ev, h->tag, s);
        return;
    }
    drop_level(&s);
    if (is_passdb(s)) {
        auth_line(ev, s);
        return;
    }
    size_t colon = ir_str_find(ir_str_head(s, 512), IR_S(": "));
    if (colon == IR_NPOS) return;
    by_process(ev, ir_str_head(s, colon), ir_str_skip(s, colon + 2));
}
