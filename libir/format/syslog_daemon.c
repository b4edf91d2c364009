/*
 * Small network daemons with logins: dropbear, vsftpd, the old ftpd and its kin.
 * Documents: dropbear svr-auth*.c; vsftpd logging.c; netkit-ftpd.
 *
 * Hostile: user names stand before the address, so the address is read from the right end.
 *
 * event.action: ssh_login, ssh_invalid_user, ssh_connection, ssh_disconnect (dropbear); ftp_login,
 * ftp_connection, ftp_upload, ftp_download, ftp_delete, ftp_rename, ftp_mkdir, ftp_rmdir.
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
    {IR_S("RMDIR"), "ftp_rmdir"},
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

/* `[USER] OK LOGIN: Client "ADDR"[, "PATH"…]`. A failed login ends with the address, so the last
 * ` FAIL LOGIN: Client "` is the daemon's own; otherwise the user is a real one and the first
 * counts. */
static void vsftpd_user(struct ir_event *ev, struct ir_str s)
{
    const struct ir_str fail = IR_S("] FAIL LOGIN: Client \"");
    size_t at = ir_str_rfind(s, fail);
    bool failed = at != IR_NPOS && s.p[s.n - 1] == '"' &&
                  ir_str_chr(ir_str_skip(s, at + fail.n), '"') == s.n - at - fail.n - 1;
    if (!failed) at = ir_str_find(s, IR_S("] "));
    if (at == IR_NPOS) return;
    struct ir_str rest = ir_str_skip(s, at + 2);
    size_t client = ir_str_find(rest, IR_S(": Client \"")), blank = ir_str_chr(rest, ' ');
    if (client == IR_NPOS || blank == IR_NPOS || blank > client) return;
    if (!vsftpd_verb(ev, ir_str_n(rest.p + blank + 1, client - blank - 1))) return;
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + 1, at - 1));
    ir_syslog_outcome(ev, ir_str_starts(rest, IR_S("OK ")));
    rest = ir_str_skip(rest, client + 10);
    size_t end = ir_str_chr(rest, '"');
    if (end == IR_NPOS) return;
    ir_syslog_peer(ev, ir_str_head(rest, end));
    rest = ir_str_skip(rest, end + 1);
    if (!ir_syslog_take(&rest, IR_S(", \""))) return;
    end = ir_str_rchr(rest, '"');
    if (end != IR_NPOS) ir_event_set(ev, IR_F_FILE_PATH, ir_str_head(rest, end));
}

void ir_syslog_vsftpd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n < 8 || s.n > MESSAGE_MAX) return;
    if (ir_syslog_take(&s, IR_S("CONNECT: Client \""))) {
        ir_syslog_action(ev, "ftp_connection");
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
    } else if (s.p[0] == '[') {
        vsftpd_user(ev, s);
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
