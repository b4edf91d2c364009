/*
 * Small network daemons with logins: dropbear, vsftpd, the old ftpd and its kin.
 * Documents: dropbear svr-auth*.c; vsftpd logging.c; netkit-ftpd.
 *
 * Hostile: user names stand before the address, so the address is read from the right end.
 *
 * event.action: ssh_login, ssh_invalid_user, ssh_connection, ssh_disconnect (dropbear); ftp_login,
 * ftp_connection, ftp_upload, ftp_download, ftp_delete, ftp_rename, ftp_mkdir, ftp_rmdir,
 * ftp_chmod.
 */
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

/* "ADDR:PORT" */
static void peer_with_port(struct ir_event *ev, struct ir_str s)
{
    size_t colon = ir_str_rchr(s, ':');
    ir_syslog_peer(ev, ir_str_head(s, colon));
    if (colon != IR_NPOS) ir_syslog_port(ev, ir_str_skip(s, colon + 1));
}

/* The name between the first and the last quote before `end`. */
static void quoted_user(struct ir_event *ev, struct ir_str s)
{
    size_t open = ir_str_chr(s, '\''), end = ir_str_rchr(s, '\'');
    if (open != IR_NPOS && end > open)
        ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + open + 1, end - open - 1));
}

/* Everything "… from ADDR:PORT" at the right end. */
static void user_from(struct ir_event *ev, struct ir_str s)
{
    size_t at = ir_str_rfind(s, IR_S(" from "));
    if (at != IR_NPOS) peer_with_port(ev, ir_str_skip(s, at + 6));
    quoted_user(ev, ir_str_head(s, at == IR_NPOS ? s.n : at));
}

/* "Exit before auth from <ADDR:PORT>: (user 'root', 10 fails): REASON", older: "Exit before auth
 * (user 'root', 10 fails): Max auth tries reached - user 'root' from ADDR:PORT" */
static void before_auth(struct ir_event *ev, struct ir_str s)
{
    ir_syslog_action(ev, "ssh_disconnect");
    if (ir_str_find(s, IR_S("Max auth tries reached")) != IR_NPOS) ir_syslog_outcome(ev, false);
    if (ir_syslog_take(&s, IR_S(" from <"))) {
        size_t end = ir_str_chr(s, '>');
        if (end == IR_NPOS) return;
        peer_with_port(ev, ir_str_head(s, end));
        size_t user = ir_str_rfind(s, IR_S(" - user '"));
        if (user != IR_NPOS) quoted_user(ev, ir_str_skip(s, user));
        return;
    }
    size_t user = ir_str_rfind(s, IR_S(" - user '"));
    if (user != IR_NPOS) user_from(ev, ir_str_skip(s, user));
}

void ir_syslog_dropbear(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n < 8 || s.n > MESSAGE_MAX) return;
    if (s.p[0] == '[') { /* "[826] Jul 10 23:59:24 " of a dropbear that also writes to stderr */
        size_t end = ir_str_chr(s, ']');
        s = ir_str_skip(s, end == IR_NPOS ? s.n : end + 18);
    }
    if (ir_str_istarts(s, IR_S("bad password attempt for ")) ||
        ir_str_istarts(s, IR_S("bad pam password attempt for "))) {
        ir_syslog_action(ev, "ssh_login");
        ir_syslog_outcome(ev, false);
        user_from(ev, s);
    } else if (ir_str_istarts(s, IR_S("login attempt for nonexistent user"))) {
        ir_syslog_action(ev, "ssh_invalid_user");
        ir_syslog_outcome(ev, false);
        user_from(ev, s);
    } else if (ir_str_istarts(s, IR_S("password auth succeeded for ")) ||
               ir_str_istarts(s, IR_S("pubkey auth succeeded for "))) {
        ir_syslog_action(ev, "ssh_login");
        ir_syslog_outcome(ev, true);
        user_from(ev, s);
    } else if (ir_str_istarts(s, IR_S("exit before auth"))) {
        before_auth(ev, ir_str_skip(s, 16));
    } else if (ir_str_istarts(s, IR_S("child connection from "))) {
        ir_syslog_action(ev, "ssh_connection");
        peer_with_port(ev, ir_str_skip(s, 22));
    }
}

static const struct {
    struct ir_str words; /* behind the result and before `: Client "` */
    const char *action;
} vsftpd_verbs[] = {
    /* the log-in first */
    {IR_S("LOGIN"), "ftp_login"},       {IR_S("UPLOAD"), "ftp_upload"},
    {IR_S("DOWNLOAD"), "ftp_download"}, {IR_S("DELETE"), "ftp_delete"},
    {IR_S("RENAME"), "ftp_rename"},     {IR_S("MKDIR"), "ftp_mkdir"},
    {IR_S("RMDIR"), "ftp_rmdir"},       {IR_S("CHMOD"), "ftp_chmod"},
};

static bool vsftpd_verb(struct ir_event *ev, struct ir_str word)
{
    for (size_t i = 0; i < sizeof vsftpd_verbs / sizeof vsftpd_verbs[0]; i++) {
        if (!ir_str_eq(word, vsftpd_verbs[i].words)) continue;
        ir_syslog_action(ev, vsftpd_verbs[i].action);
        if (i == 0) ir_event_source(ev, IR_LS_AUTHENTICATION);
        return true;
    }
    return false;
}

/* Behind the client: `, "PATH"…`, or `, anon password "…"`. */
static void vsftpd_path(struct ir_event *ev, struct ir_str rest)
{
    if (!ir_syslog_take(&rest, IR_S(", \""))) return;
    size_t end = ir_str_rchr(rest, '"');
    if (end != IR_NPOS) ir_event_set(ev, IR_F_FILE_PATH, ir_str_head(rest, end));
}

/* What stands behind `[USER] `, or is all of the line before a name is told: the words before the
 * client, its address and the rest. False: that is no such message. */
static bool vsftpd_client(struct ir_str s, struct ir_str *ret_words, struct ir_str *ret_ip,
                          struct ir_str *ret_rest)
{
    size_t client = ir_str_find(ir_str_head(s, 40), IR_S(": Client \""));
    if (client == IR_NPOS) return false;
    struct ir_str words = ir_str_head(s, client), rest = ir_str_skip(s, client + 10);
    size_t end = ir_str_chr(rest, '"');
    if (end == IR_NPOS ||
        (!ir_str_starts(words, IR_S("OK ")) && !ir_str_starts(words, IR_S("FAIL ")) &&
         !ir_str_starts(words, IR_S("FTP "))))
        return false;
    *ret_words = words;
    *ret_ip = ir_str_head(rest, end);
    *ret_rest = ir_str_skip(rest, end + 1);
    return true;
}

/* `[USER] OK LOGIN: Client "ADDR"[, "PATH"…]`. Somebody who is not logged in may call himself
 * `x] OK LOGIN: Client "192.0.2.9"`, and commands and paths may hold the same: a line with two such
 * places says nothing, but a failed log-in, which ends with the address. */
static void vsftpd_user(struct ir_event *ev, struct ir_str s)
{
    struct ir_str words, ip, rest, w, a, r;
    size_t fits = 0, user = 0;
    for (size_t at = 0, next; fits < 2; at += next + 2) {
        next = ir_str_find(ir_str_skip(s, at), IR_S("] "));
        if (next == IR_NPOS) break;
        if (!vsftpd_client(ir_str_skip(s, at + next + 2), &w, &a, &r)) continue;
        user = at + next;
        words = w, ip = a, rest = r;
        fits++;
    }
    size_t last = ir_str_rfind(s, IR_S("] FAIL LOGIN: Client \""));
    if (fits > 1 && last != IR_NPOS &&
        vsftpd_client(ir_str_skip(s, last + 2), &words, &ip, &rest) && rest.n == 0) {
        user = last;
    } else if (fits != 1) {
        if (fits > 1) ir_event_derive(ev, IR_F_TAGS, IR_S("log_injection"));
        return;
    }
    bool good = ir_syslog_take(&words, IR_S("OK "));
    /* a line that was cut could end in what the client sent */
    if (good && s.p[s.n - 1] != '"' && ir_str_eq(words, IR_S("LOGIN"))) return;
    if (good || ir_syslog_take(&words, IR_S("FAIL "))) {
        if (!vsftpd_verb(ev, words)) return;
        ir_syslog_outcome(ev, good);
        vsftpd_path(ev, rest);
    }
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + 1, user - 1));
    ir_syslog_peer(ev, ip);
}

void ir_syslog_vsftpd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg), words, ip, rest;
    if (s.n < 8 || s.n > MESSAGE_MAX) return;
    if (ir_syslog_take(&s, IR_S("CONNECT: Client \""))) {
        ir_syslog_action(ev, "ftp_connection");
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    } else if (s.p[0] == '[') {
        vsftpd_user(ev, s);
    } else if (vsftpd_client(s, &words, &ip, &rest)) { /* before a name is told */
        ir_syslog_peer(ev, ip);
    } else if (ir_str_starts(s, IR_S("authentication failure; "))) { /* PAM's words alone */
        struct ir_syslog pam = *h;
        pam.tag = IR_S("vsftpd(pam_unix)");
        ir_syslog_pam(&pam, ev);
    }
}

void ir_syslog_ftpd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    if (ir_syslog_take(&s, IR_S("connection from "))) {
        ir_syslog_action(ev, "ftp_connection");
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    } else if (ir_syslog_take(&s, IR_S("ANONYMOUS FTP LOGIN FROM ")) ||
               ir_syslog_take(&s, IR_S("FTP LOGIN FROM "))) {
        ir_syslog_logon(ev, "ftp_login", true);
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    } else if (ir_syslog_take(&s, IR_S("FTP LOGIN FAILED FROM "))) {
        ir_syslog_logon(ev, "ftp_login", false);
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    } else if (ir_syslog_take(&s, IR_S("Authentication failed from "))) {
        ir_syslog_action(ev, "authentication_failure"); /* klogind */
        ir_syslog_outcome(ev, false);
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    }
}
