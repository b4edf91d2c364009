/*
 * Messages of Linux-PAM modules, in whichever program they run: "pam_unix(sshd:auth): …", the old
 * "sshd(pam_unix)[1]: …" and "vsftpd: (pam_unix) …", and sshd's own "PAM 2 more authentication
 * failures; …".
 *
 * Document: Linux-PAM modules/pam_unix/support.c. Other modules' words: syslog_pam_refusal.c.
 * Hostile: ruser and user are what the client typed. rhost is taken only where its place is
 * certain.
 *
 * event.action: authentication_failure, authentication_unknown_user, session_opened,
 * session_closed, password_changed, and those of syslog_pam_refusal.c.
 */
#include "format/syslog.h"

struct pam {
    struct ir_str text;    /* behind the module's prefix */
    struct ir_str service; /* normalised program */
    bool old;              /* the module stands in the tag: RHEL 4 and its kin */
};

/* "pam_NAME(service:type): " */
static bool take_module(struct ir_str *s, struct ir_str *ret_service)
{
    struct ir_str t = *s;
    if (!ir_syslog_take(&t, IR_S("pam_"))) return false;
    size_t open = ir_str_chr(ir_str_head(t, 32), '(');
    size_t end = ir_str_find(ir_str_head(t, 160), IR_S("): "));
    if (open == IR_NPOS || end == IR_NPOS || end < open) return false;
    struct ir_str in = ir_str_n(t.p + open + 1, end - open - 1);
    size_t colon = ir_str_rchr(in, ':');
    *ret_service = ir_str_head(in, colon == IR_NPOS ? in.n : colon);
    *s = ir_str_skip(t, end + 3);
    return true;
}

static bool find_pam(const struct ir_syslog *h, struct pam *p)
{
    p->text = ir_str_trim(h->msg);
    p->service = ir_syslog_normal(h->tag);
    p->old = false;
    if (take_module(&p->text, &p->service)) return true;
    if (ir_syslog_take(&p->text, IR_S("(pam_unix) "))) return true;
    if (ir_str_ends(h->tag, IR_S("(pam_unix)"))) return p->old = true;
    if (!ir_str_starts(p->text, IR_S("PAM "))) return false;
    size_t more = ir_str_find(ir_str_head(p->text, 48), IR_S(" more authentication failure"));
    return more != IR_NPOS;
}

static bool is_su_like(struct ir_str service)
{
    return ir_str_eq(service, IR_S("su")) || ir_str_eq(service, IR_S("su-l")) ||
           ir_str_eq(service, IR_S("sudo")) || ir_str_eq(service, IR_S("sudo-i"));
}

/* A value of the list "logname= uid= euid= tty= ruser= rhost= user=", kept under its own name. */
static struct ir_str list_value(struct ir_event *ev, struct ir_str list, struct ir_str key)
{
    struct ir_str v = ir_syslog_value(list, key);
    if (v.n > 0) ir_event_add_named(ev, ir_str_head(key, key.n - 1), IR_V_STRING, v);
    return v;
}

/*
 * Where rhost's value begins. ruser stands before it and user behind it, and both may hold "
 * rhost=": with an empty ruser the first is the real one; else more than one means that nobody can
 * tell.
 */
static size_t rhost_at(struct ir_str list)
{
    size_t first = ir_str_find(list, IR_S(" rhost="));
    if (first == IR_NPOS) return IR_NPOS;
    size_t ruser = ir_str_find(list, IR_S(" ruser="));
    bool empty = ruser != IR_NPOS && ruser + 7 == first;
    if (!empty && ir_str_rfind(list, IR_S(" rhost=")) != first) return IR_NPOS;
    return first + 7;
}

static void failure(const struct pam *p, struct ir_str list, struct ir_event *ev)
{
    struct ir_str user = {"", 0}, ruser, head = list;
    ir_syslog_action(ev, "authentication_failure");
    size_t at = rhost_at(list);
    struct ir_str rhost = {"", 0};
    if (at != IR_NPOS) {
        struct ir_str s = ir_str_skip(list, at);
        size_t blank = ir_str_chr(s, ' ');
        rhost = ir_str_head(s, blank == IR_NPOS ? s.n : blank);
        head = ir_str_head(list, at);
        s = ir_str_trim(ir_str_skip(s, blank == IR_NPOS ? s.n : blank));
        if (ir_syslog_take(&s, IR_S("user="))) user = s;
    }
    list_value(ev, head, IR_S("logname="));
    list_value(ev, head, IR_S("uid="));
    list_value(ev, head, IR_S("euid="));
    ruser = list_value(ev, head, IR_S("ruser="));
    ir_syslog_tty(ev, ir_syslog_value(head, IR_S("tty=")));
    ir_syslog_peer(ev, rhost);
    if (is_su_like(p->service)) {
        ir_syslog_user(ev, IR_F_USER_NAME, ruser.n > 0 ? ruser : user);
        if (!ir_str_starts(p->service, IR_S("sudo")))
            ir_syslog_user(ev, IR_F_USER_EFFECTIVE_NAME, user);
    } else {
        ir_syslog_user(ev, IR_F_USER_NAME, user.n > 0 ? user : ruser);
    }
    /* sshd goes on with other methods and says itself how it ended; old releases said it in another
     * file */
    if (p->old || !ir_str_starts(p->service, IR_S("sshd"))) ir_syslog_outcome(ev, false);
}

/* "NAME(uid=0)" → "NAME" */
static struct ir_str without_uid(struct ir_str s)
{
    size_t at = ir_str_find(s, IR_S("(uid="));
    return at == IR_NPOS ? s : ir_str_head(s, at);
}

static void session(const struct pam *p, struct ir_str s, bool opened, struct ir_event *ev)
{
    ir_syslog_action(ev, opened ? "session_opened" : "session_closed");
    struct ir_str by = {"", 0};
    size_t at = opened ? ir_str_rfind(s, IR_S(" by ")) : IR_NPOS;
    if (at != IR_NPOS) {
        by = without_uid(ir_str_skip(s, at + 4));
        s = ir_str_head(s, at);
    }
    struct ir_str user = without_uid(s);
    if (is_su_like(p->service)) {
        ir_syslog_user(ev, IR_F_USER_NAME, by);
        ir_syslog_user(ev, IR_F_USER_EFFECTIVE_NAME, user);
    } else {
        ir_syslog_user(ev, IR_F_USER_NAME, user);
    }
    if (opened) ir_syslog_outcome(ev, true);
}

static void dissect(const struct pam *p, struct ir_event *ev)
{
    struct ir_str s = p->text;
    ir_syslog_drop_end(&s, IR_S(" [preauth]"));
    size_t list = ir_str_find(ir_str_head(s, 64), IR_S("; logname="));
    if (list != IR_NPOS) {
        failure(p, ir_str_skip(s, list + 1), ev);
    } else if (ir_syslog_take(&s, IR_S("check pass; user unknown"))) {
        ir_syslog_action(ev, "authentication_unknown_user");
    } else if (ir_syslog_take(&s, IR_S("session opened for user "))) {
        session(p, s, true, ev);
    } else if (ir_syslog_take(&s, IR_S("session closed for user "))) {
        session(p, s, false, ev);
    } else if (ir_syslog_take(&s, IR_S("password changed for "))) {
        ir_syslog_action(ev, "password_changed");
        ir_syslog_outcome(ev, true);
        ir_syslog_user(ev, IR_F_USER_TARGET_NAME, s);
    } else {
        bool sudo = ir_str_starts(p->service, IR_S("sudo"));
        ir_syslog_pam_refusal(s, is_su_like(p->service) && !sudo,
                              !ir_str_starts(p->service, IR_S("sshd")), ev);
    }
}

/* The helper of pam_unix; the program that asked says itself how it ended. */
void ir_syslog_chkpwd(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (ir_syslog_take(&s, IR_S("password check failed for user ("))) {
        ir_syslog_drop_end(&s, IR_S(")"));
        ir_syslog_action(ev, "authentication_failure");
        ir_syslog_user(ev, IR_F_USER_NAME, s);
    } else if (ir_str_starts(s, IR_S("check pass; user unknown"))) {
        ir_syslog_action(ev, "authentication_unknown_user");
    }
}

bool ir_syslog_pam(const struct ir_syslog *h, struct ir_event *ev)
{
    struct pam p;
    if (!find_pam(h, &p)) return false;
    if (ev != NULL && p.text.n <= 4096) dissect(&p, ev);
    return true;
}
