/*
 * Samba's log.smbd and log.HOST: a head in brackets, then a message on lines that begin with
 * blanks. Document: smb.conf(5), "debug timestamp" and its kin; Samba's auth/auth_log.c.
 *
 *     [2026/11/22 01:02:03.123456,  2] ../../source3/auth/auth.c:329(auth_check_ntlm_password)
 *       check_ntlm_password:  Authentication for user [bob] -> [bob] FAILED with error NT_STATUS_…
 *
 *       Auth: [SMB2,(null)] user [DOM]\[bob] at [Sun, …] with [NTLMv2] status [NT_STATUS_OK]
 *       workstation [PC] remote host [ipv4:192.0.2.7:4021] … local host [ipv4:…:445]
 *
 * Hostile: user, domain and workstation, which a client sends with brackets if it likes. What the
 * daemon wrote stands behind them, so it is searched from the right; two readings give nothing.
 */
#include "base/ip.h"
#include "format/stamp.h"
#include "format/syslog_mail.h"
#include "format/web_url.h"

#define RECORD_MAX 65536u

/* "[2026/11/22 01:02:03" begins a record. */
static bool is_head(struct ir_str s)
{
    static const char shape[] = "[dddd/dd/dd dd:dd:dd";
    if (s.n < sizeof shape) return false;
    for (size_t i = 0; i + 1 < sizeof shape; i++)
        if (shape[i] == 'd' ? !ir_isdigit(s.p[i]) : s.p[i] != shape[i]) return false;
    return s.p[20] == '.' || s.p[20] == ',';
}

/* Bytes of the record at the start of s: up to the next line that is no part of it, or IR_NPOS when
 * that is not there. `all`: no more bytes will come. */
static size_t record_length(struct ir_str s, bool all)
{
    for (size_t at = 0; at < s.n;) {
        size_t nl = ir_str_chr(ir_str_skip(s, at), '\n');
        if (nl == IR_NPOS) return IR_NPOS;
        at += nl + 1;
        struct ir_str next = ir_str_skip(s, at);
        if (next.n <= 21 && !all) return IR_NPOS;
        if (next.n == 0) return at;
        bool more = next.p[0] == ' ' || next.p[0] == '\t';
        if (!more || is_head(next) || at > RECORD_MAX) return at;
    }
    return IR_NPOS;
}

static size_t cut(struct ir_str data, bool last)
{
    size_t done = 0, n;
    if (last) return data.n;
    while ((n = record_length(ir_str_skip(data, done), false)) != IR_NPOS)
        done += n;
    return done;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
        *rest = ir_str_skip(*rest, 1);
    if (rest->n == 0) return false;
    size_t n = record_length(*rest, true);
    if (n == IR_NPOS) n = rest->n;
    *ret_rec = ir_str_head(*rest, n);
    *rest = ir_str_skip(*rest, n);
    while (ret_rec->n > 0 && strchr("\r\n", ret_rec->p[ret_rec->n - 1]) != NULL)
        ret_rec->n--;
    return true;
}

void ir_samba_host(struct ir_event *ev, struct ir_str s, bool source)
{
    struct ir_mail_peer who = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct ir_ip ip;
    if (!ir_syslog_take(&s, IR_S("ipv4:")) && !ir_syslog_take(&s, IR_S("ipv6:"))) return;
    size_t colon = ir_str_rchr(s, ':');
    if (colon == IR_NPOS || !ir_ip_parse(ir_str_head(s, colon), &ip)) return;
    who.ip = ir_str_head(s, colon);
    who.port = ir_str_skip(s, colon + 1);
    if (!ir_syslog_is_port(who.port)) who.port.n = 0;
    if (source)
        ir_mail_source(ev, &who);
    else
        ir_mail_destination(ev, &who);
}

/* "Auth: [SERVICE,…] user [DOM]\[USER] at [… status [NT_STATUS_OK] workstation [W] remote host […"
 */
static void auth_line(struct ir_event *ev, struct ir_str s)
{
    struct ir_str status = ir_mail_only(s, IR_S("] status ["), IR_S("] "));
    struct ir_str host = ir_mail_only(s, IR_S("] workstation ["), IR_S("] remote host ["));
    if (status.p == NULL || ir_mail_only(s, IR_S("] at ["), IR_S("] ")).p ==
                                NULL) { /* cut, or somebody's name holds what looks like it */
        ir_syslog_action(ev, "smb_login");
        ir_event_derive(ev, IR_F_TAGS, IR_S("log_injection"));
        return;
    }
    ir_syslog_logon(ev, "smb_login", ir_str_eq(status, IR_S("NT_STATUS_OK")));
    ir_event_set(ev, IR_F_ERROR_CODE, status);
    ir_samba_host(ev, ir_mail_only(s, IR_S("] remote host ["), IR_S("]")), true);
    ir_samba_host(ev, ir_mail_only(s, IR_S(" local host ["), IR_S("]")), false);
    if (host.n > 0 && !ir_str_eq(host, IR_S("(null)")))
        ir_event_add_named(ev, IR_S("samba.workstation"), IR_V_STRING, host);
    struct ir_str user = ir_mail_only(s, IR_S("] user ["), IR_S("] at ["));
    size_t mid = ir_str_find(user, IR_S("]\\["));
    if (mid == IR_NPOS || ir_str_rfind(user, IR_S("]\\[")) != mid) return;
    if (mid > 0) ir_event_set(ev, IR_F_USER_DOMAIN, ir_str_head(user, mid));
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_skip(user, mid + 3));
}

/* "check_ntlm_password:  Authentication for user [bob] -> [bob] FAILED with error NT_STATUS_X" and
 * "check_ntlm_password:  authentication for user [bob] -> [bob] -> [bob] succeeded" */
static void password_line(struct ir_event *ev, struct ir_str s)
{
    struct ir_str user = ir_mail_only(s, IR_S("uthentication for user ["), IR_S("] -> ["));
    size_t failed = ir_str_find(s, IR_S("] FAILED with error "));
    if (failed == IR_NPOS && !ir_str_ends(s, IR_S("] succeeded"))) return;
    ir_syslog_logon(ev, "smb_login", failed == IR_NPOS);
    if (user.n > 0) ir_syslog_user(ev, IR_F_USER_NAME, user);
    if (failed == IR_NPOS) return;
    s = ir_str_skip(s, failed + 20);
    size_t n = 0;
    while (n < s.n && (ir_isalnum(s.p[n]) || s.p[n] == '_'))
        n++;
    ir_event_set(ev, IR_F_ERROR_CODE, ir_str_head(s, n));
}

/* "HOST (ipv4:192.0.2.7:4021) connect to service SHARE initially as user bob (uid=1000, gid=100) …"
 */
static void connect_line(struct ir_event *ev, struct ir_str s)
{
    bool closed = false;
    struct ir_str rest = ir_mail_only(s, IR_S(") connect to service "), IR_S(""));
    if (rest.p == NULL) rest = ir_mail_only(s, IR_S(") signed connect to service "), IR_S(""));
    if (rest.p == NULL) rest = ir_mail_only(s, IR_S(") encrypted connect to service "), IR_S(""));
    if (rest.p == NULL) {
        rest = ir_mail_only(s, IR_S(") closed connection to service "), IR_S(""));
        closed = true;
    }
    size_t open = ir_str_chr(s, '('), end = ir_str_chr(s, ')');
    if (rest.p == NULL || open == IR_NPOS || end == IR_NPOS || end < open) return;
    ir_syslog_action(ev, closed ? "share_disconnect" : "share_connect");
    ir_samba_host(ev, ir_str_n(s.p + open + 1, end - open - 1), true);
    size_t as = ir_str_find(rest, IR_S(" initially as user "));
    ir_event_add_named(ev, IR_S("samba.share"), IR_V_STRING, ir_str_head(rest, as));
    if (as == IR_NPOS) return;
    rest = ir_str_skip(rest, as + 19);
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(rest, ir_str_rfind(rest, IR_S(" (uid="))));
}

/* "Denied connection from pc.example.org (192.0.2.7)", "Connection denied from 192.0.2.7 to …" */
static void denied_line(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    size_t close = ir_str_rchr(s, ')'), open = ir_str_rchr(s, '(');
    if (ir_syslog_take(&s, IR_S("Connection denied from ")))
        s = ir_syslog_addr_token(s);
    else if (open != IR_NPOS && close != IR_NPOS && open < close)
        s = ir_str_n(s.p + open + 1, close - open - 1);
    ir_mail_result(ev, "connection_denied", -1);
    if (ir_ip_parse(s, &ip)) ir_syslog_peer(ev, s);
}

/* By syslog the head may stand before the message, as a line of its own or (as rsyslog writes a
 * line end) before "#012"; some versions write what kind of JSON follows. */
static struct ir_str without_head(struct ir_str s)
{
    static const struct ir_str ends[] = {IR_S("#012"), IR_S("\n"), IR_S(") ")};
    size_t close = is_head(s) ? ir_str_chr(ir_str_head(s, 256), ']') : IR_NPOS, at = IR_NPOS;
    if (close != IR_NPOS) s = ir_str_skip(s, close + 1);
    for (size_t i = 0; close != IR_NPOS && at == IR_NPOS && i < 3; i++) {
        at = ir_str_find(ir_str_head(s, 256), ends[i]);
        if (at != IR_NPOS) s = ir_str_skip(s, at + ends[i].n);
    }
    s = ir_str_trim(s);
    while (ir_syslog_drop_end(&s, IR_S("#012")))
        s = ir_str_trim(s);
    ir_syslog_take(&s, IR_S("JSON Authentication: "));
    return s;
}

void ir_samba_message(struct ir_str s, struct ir_event *ev)
{
    if (s.n > IR_MAIL_MESSAGE_MAX) return;
    s = without_head(s);
    if (ir_str_starts(s, IR_S("Denied connection from ")) ||
        ir_str_starts(s, IR_S("Connection denied from ")))
        denied_line(ev, s);
    else if (ir_str_starts(s, IR_S("Auth: [")))
        auth_line(ev, s);
    else if (s.n > 0 && s.p[0] == '{')
        ir_samba_json(s, ev);
    else if (ir_str_starts(s, IR_S("check_ntlm_password: ")))
        password_line(ev, s);
    else
        connect_line(ev, s);
}

/* The head and where its line ends. */
static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   size_t *ret_close)
{
    if (!is_head(rec)) return false;
    *ret_close = ir_str_chr(ir_str_head(rec, 256), ']');
    return *ret_close != IR_NPOS && ir_stamp_slash(ir_str_skip(rec, 1), clock, ev) != 0;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    size_t close;
    return accept(rec, &p->clock, ev, &close) ? IR_OK : IR_BAD;
}

/* ",  2, pid=123, effective(0, 0)" */
static void add_head(struct ir_event *ev, struct ir_str head)
{
    size_t comma = ir_str_chr(head, ',');
    if (comma == IR_NPOS) return;
    struct ir_str level = ir_str_trim(ir_str_skip(head, comma + 1));
    ir_event_set(ev, IR_F_LOG_LEVEL, ir_syslog_digits(level));
    size_t pid = ir_str_find(head, IR_S("pid="));
    if (pid == IR_NPOS) return;
    struct ir_str digits = ir_syslog_digits(ir_str_skip(head, pid + 4));
    if (digits.n > 0) ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, digits);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    size_t close;
    if (!accept(rec, &p->clock, ev, &close)) return IR_BAD;
    add_head(ev, ir_str_head(rec, close));
    struct ir_str s = ir_str_skip(rec, close + 1);
    size_t nl = ir_str_chr(s, '\n');
    s = nl == IR_NPOS ? ir_str_trim(s) : ir_str_trim(ir_str_skip(s, nl + 1));
    if (s.n > 0) ir_event_set(ev, IR_F_MESSAGE, s);
    ir_samba_message(s, ev);
    ir_event_source(ev, IR_LS_LINUX_SYSLOG); /* what it would be through syslog */
    ir_event_source(ev, IR_LS_LINUX);
    return IR_OK;
}

/* smbd speaks before it knows its log's settings, so the first lines may lack a head. */
static int bid(struct ir_str head)
{
    while (head.n > 0 && head.p[0] == ' ')
        ir_str_cut(&head, '\n');
    if (!is_head(head)) return 0;
    struct ir_str first = ir_str_cut(&head, '\n');
    bool source = ir_str_find(first, IR_S(".c:")) != IR_NPOS;
    return source && (head.n == 0 || head.p[0] == ' ' || is_head(head)) ? 95 : 0;
}

static const uint16_t sources[] = {IR_LS_LINUX, IR_LS_LINUX_SYSLOG, 0};
static const char *const triggers[] = {IR_SAMBA_TRIGGER, NULL};

const struct ir_format ir_format_samba = {
    .name = "samba",
    .title = N_("Samba's own log (log.smbd)"),
    .flags = IR_FMT_VERBATIM | IR_FMT_DOCUMENTS,
    .sources = sources,
    .more = ir_syslog_more,
    .hints = ir_syslog_hints,
    .triggers = triggers,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
    .stamp = stamp,
};
