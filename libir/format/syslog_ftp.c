/*
 * FTP servers other than vsftpd: ProFTPD and Pure-FTPd. Documents: ProFTPD's sources (mod_auth.c,
 * log.c) and mod_log; Pure-FTPd's ftpd.c and messages_en.h.
 *
 *     proftpd[12]: SERVER (NAME[ADDR]) - USER bob (Login failed): Incorrect password
 *     pure-ftpd: (USER@ADDR) [WARNING] Authentication failed for user [bob]
 *
 * Hostile: the user name; it stands behind the address in both. In Pure-FTPd's prefix only a user
 * who is logged in stands, and the address behind the last '@' of the prefix is the daemon's.
 *
 * event.action: ftp_login (success, failure), ftp_connection, ftp_logout, ftp_upload, ftp_download,
 * ftp_delete, ftp_rename, ftp_mkdir, ftp_rmdir.
 */
#include "format/syslog_mail.h"

static struct ir_str until(struct ir_str s, struct ir_str end)
{
    size_t at = ir_str_rfind(s, end);
    return at == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(s, at);
}

/* "USER bob (Login failed): …", "USER bob: Login successful.", "USER bob: no such user found from
 * HOST [ADDR] to SERVER:21". The words behind the name are ProFTPD's, so the last ones end it. */
static bool proftpd_user(struct ir_event *ev, struct ir_str s)
{
    static const struct {
        struct ir_str words;
        int outcome;
    } ends[] = {{IR_S(" (Login failed)"), -1},
                {IR_S(": no such user found from "), -1},
                {IR_S(": Login successful"), 1},
                {IR_S(": no such user"), -1},
                {IR_S(": Limit access denies"), -1}};
    bool anonymous = ir_syslog_take(&s, IR_S("ANON "));
    if (!anonymous && !ir_syslog_take(&s, IR_S("USER "))) return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct ir_str user = until(s, ends[i].words);
        if (user.p == NULL) continue;
        ir_syslog_logon(ev, "ftp_login", ends[i].outcome > 0);
        ir_syslog_user(ev, IR_F_USER_NAME, user);
        return true;
    }
    return true;
}

static void proftpd_words(struct ir_event *ev, struct ir_str s)
{
    if (proftpd_user(ev, s)) return;
    if (ir_str_starts(s, IR_S("SECURITY VIOLATION"))) {
        ir_syslog_logon(ev, "ftp_login", false);
        size_t at = ir_str_ifind(s, IR_S("root login attempted")); /* newer: "Root" */
        if (at != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + at, 4));
    } else if (ir_str_starts(s, IR_S("Maximum login attempts"))) {
        ir_syslog_logon(ev, "ftp_login", false);
    } else if (ir_str_starts(s, IR_S("Connection from "))) {
        ir_mail_result(ev, "ftp_connection", ir_str_ends(s, IR_S(" denied.")) ? -1 : 0);
    } else if (ir_str_starts(s, IR_S("FTP session opened"))) {
        ir_syslog_action(ev, "ftp_connection");
    } else if (ir_str_starts(s, IR_S("FTP session closed"))) {
        ir_syslog_action(ev, "ftp_logout");
    }
}

void ir_syslog_proftpd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    struct ir_mail_peer who;
    if (s.n < 8 || s.n > IR_MAIL_MESSAGE_MAX) return;
    if (ir_syslog_take(&s, IR_S("refused connect from "))) { /* tcp_wrappers */
        ir_mail_result(ev, "ftp_connection", -1);
        ir_syslog_peer(ev, ir_syslog_addr_token(s));
        return;
    }
    size_t open = ir_str_find(ir_str_head(s, 320), IR_S(" ("));
    if (open == IR_NPOS) return;
    struct ir_str rest = ir_str_skip(s, open + 2);
    size_t n = ir_mail_peer(rest, &who);
    rest = ir_str_skip(rest, n);
    if (n == 0 || !ir_syslog_take(&rest, IR_S(")"))) return;
    ir_mail_source(ev, &who);
    if (ir_syslog_take(&rest, IR_S(" - ")) || ir_syslog_take(&rest, IR_S(": ")))
        proftpd_words(ev, rest);
}

static const struct {
    struct ir_str begin, end; /* the value stands between; `end` "" takes the rest */
    enum ir_field_id id;
    const char *action;
    int outcome;
} pure[] = {
    {IR_S("[WARNING] Authentication failed for user ["), IR_S("]"), IR_F_USER_NAME, "ftp_login",
     -1},
    {IR_S("[INFO] New connection from "), IR_S(""), IR_F_NONE, "ftp_connection", 0},
    {IR_S("[INFO] Logout"), IR_S(""), IR_F_NONE, "ftp_logout", 0},
    {IR_S("[INFO] Timeout"), IR_S(""), IR_F_NONE, "ftp_logout", 0},
    {IR_S("[NOTICE] Deleted "), IR_S(""), IR_F_FILE_PATH, "ftp_delete", 1},
    {IR_S("[ERROR] Sorry, invalid address given"), IR_S(""), IR_F_NONE, "ftp_connection", -1},
    {IR_S("[WARNING] Sorry, cleartext sessions "), IR_S(""), IR_F_NONE, "ftp_login", -1},
    {IR_S("[NOTICE] File successfully renamed or moved: ["), IR_S("]->["), IR_F_FILE_PATH,
     "ftp_rename", 1},
    {IR_S("[ERROR] Can't open "), IR_S(": "), IR_F_FILE_PATH, "ftp_download", -1},
    {IR_S("[NOTICE] "), IR_S(" uploaded "), IR_F_FILE_PATH, "ftp_upload", 1},
    {IR_S("[NOTICE] "), IR_S(" downloaded "), IR_F_FILE_PATH, "ftp_download", 1},
    {IR_S("[INFO] Anonymous user logged in"), IR_S(""), IR_F_NONE, "ftp_login", 1},
    {IR_S("[INFO] "), IR_S(" is now logged in"), IR_F_USER_NAME, "ftp_login", 1},
};

static void pure_words(struct ir_event *ev, struct ir_str s)
{
    for (size_t i = 0; i < sizeof pure / sizeof *pure; i++) {
        struct ir_str value = s;
        if (!ir_syslog_take(&value, pure[i].begin)) continue;
        if (pure[i].end.n > 0) value = until(value, pure[i].end);
        if (value.p == NULL) continue;
        if (strcmp(pure[i].action, "ftp_login") == 0)
            ir_syslog_logon(ev, pure[i].action, pure[i].outcome > 0);
        else
            ir_mail_result(ev, pure[i].action, pure[i].outcome);
        if (pure[i].id != IR_F_NONE && value.n > 0) ir_event_set(ev, pure[i].id, value);
        return;
    }
}

/* Behind the last '@' of "(bob@192.0.2.7) [" stands the daemon's address. A name with ") [" could
 * end the prefix early: then there is no address behind its '@'. */
void ir_syslog_pureftpd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n < 8 || s.n > IR_MAIL_MESSAGE_MAX || s.p[0] != '(') return;
    size_t end = ir_str_find(s, IR_S(") ["));
    if (end == IR_NPOS) return;
    struct ir_str prefix = ir_str_n(s.p + 1, end - 1);
    size_t at = ir_str_rchr(prefix, '@');
    if (at == IR_NPOS) return;
    ir_syslog_peer(ev, ir_str_skip(prefix, at + 1));
    struct ir_str user = ir_str_head(prefix, at);
    s = ir_str_skip(s, end + 2);
    pure_words(ev, s);
    if (!ir_str_eq(user, IR_S("?")) && ir_event_get(ev, IR_F_USER_NAME, 0).p == NULL)
        ir_syslog_user(ev, IR_F_USER_NAME, user);
}
