/*
 * login(1) and systemd-logind: console and serial logins, sessions.
 * Documents: util-linux login-utils/login.c, shadow src/login.c, FreeBSD usr.bin/login/login.c,
 * busybox loginutils/login.c, systemd src/login/logind-session.c.
 *
 * event.action: login, session_opened, session_closed.
 */
#include "format/syslog.h"

#define MESSAGE_MAX 2048u

/* A word up to ',' or blank, or what stands between '…' quotes. */
static struct ir_str name_at(struct ir_str s)
{
    size_t i = 0;
    if (s.n > 1 && s.p[0] == '\'') {
        s = ir_str_skip(s, 1);
        size_t end = ir_str_chr(s, '\'');
        return end == IR_NPOS ? ir_str_n(s.p, 0) : ir_str_head(s, end);
    }
    while (i < s.n && s.p[i] != ' ' && s.p[i] != ',')
        i++;
    return ir_str_head(s, i);
}

static struct ir_str after(struct ir_str s, struct ir_str word)
{
    size_t at = ir_str_ifind(s, word);
    return at == IR_NPOS ? ir_str_n(s.p, 0) : ir_str_skip(s, at + word.n);
}

/* "[ on TTY][ from HOST]" of which login wrote every byte. FROM can name the terminal. */
static void place(struct ir_event *ev, struct ir_str s)
{
    struct ir_str tty = after(s, IR_S(" on "));
    ir_syslog_take(&tty, IR_S("TTY "));
    ir_syslog_tty(ev, name_at(tty));
    ir_syslog_peer(ev, name_at(after(s, IR_S(" from "))));
}

/* "FAILED LOGIN (1) on '/dev/tty1' FROM 'host' FOR 'bob', Authentication failure", "FAILED LOGIN
 * SESSION FROM tty1 FOR bob, …". The name comes last and is the client's word: all that is before
 * it was written by login. */
static void failed(struct ir_str s, struct ir_event *ev)
{
    size_t name = ir_str_ifind(s, IR_S(" for "));
    place(ev, ir_str_head(s, name));
    if (name == IR_NPOS) return;
    s = ir_str_skip(s, name + 5);
    ir_syslog_user(ev, IR_F_USER_NAME, name_at(s));
    size_t comma = ir_str_rfind(s, IR_S(", "));
    if (comma != IR_NPOS) ir_event_set(ev, IR_F_EVENT_REASON, ir_str_skip(s, comma + 2));
}

/* "'NAME' on '/dev/tty1'[ from 'HOST']": the name comes first, so the place is read from the right
 * end. */
static void failed_quoted(struct ir_str s, struct ir_event *ev)
{
    size_t on = ir_str_rfind(s, IR_S("' on '")), from = ir_str_rfind(s, IR_S("' from '"));
    if (on != IR_NPOS) place(ev, ir_str_skip(s, on + 1));
    if (on == IR_NPOS && from != IR_NPOS) place(ev, ir_str_skip(s, from + 1));
    size_t end = on != IR_NPOS ? on : from;
    if (end == IR_NPOS) end = ir_str_rchr(s, '\'');
    if (end != IR_NPOS && end > 0 && s.p[0] == '\'')
        ir_syslog_user(ev, IR_F_USER_NAME, ir_str_n(s.p + 1, end - 1));
}

/* "LOGIN ON tty1 BY bob[ FROM host]", "ROOT LOGIN  on '/dev/tty1'[ from 'host']" */
static void logged_in(struct ir_str s, bool root, struct ir_event *ev)
{
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, true);
    place(ev, s);
    if (root)
        ir_event_derive(ev, IR_F_USER_NAME, IR_S("root")); /* the format's trigger knows */
    else
        ir_syslog_user(ev, IR_F_USER_NAME, name_at(after(s, IR_S(" BY "))));
}

static void root_login(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, true);
    place(ev, ir_str_skip(s, 10));
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, 4));
}

/* FreeBSD: "3 LOGIN FAILURES FROM host[, NAME]", "… ON tty[, NAME]"; true when it is that. */
static bool counted(struct ir_str s, struct ir_event *ev)
{
    size_t n = 0;
    while (n < s.n && n < 8 && ir_isdigit(s.p[n]))
        n++;
    if (!ir_str_starts(ir_str_skip(s, n), IR_S(" LOGIN FAILURE")) || n == 0) return false;
    size_t comma = ir_str_find(s, IR_S(", "));
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, false);
    place(ev, ir_str_head(s, comma));
    if (comma != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, ir_str_skip(s, comma + 2));
    return true;
}

/* "LOGIN NAME REFUSED FROM host ON TTY ttyp0", with or without quotes */
static void refused(struct ir_str s, struct ir_event *ev)
{
    const struct ir_str word = IR_S(" REFUSED");
    size_t at = ir_str_rfind(s, word);
    if (at == IR_NPOS) return;
    struct ir_str name = ir_str_head(s, at);
    if (name.n > 1 && name.p[0] == '\'' && name.p[name.n - 1] == '\'')
        name = ir_str_n(name.p + 1, name.n - 2);
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, false);
    place(ev, ir_str_skip(s, at + word.n));
    ir_syslog_user(ev, IR_F_USER_NAME, name);
}

/* "login on ttyv0 as bob", "login from host on ttyp0 as bob" */
static void login_as(struct ir_str s, struct ir_event *ev)
{
    size_t as = ir_str_rfind(s, IR_S(" as "));
    if (as == IR_NPOS) return;
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, true);
    place(ev, ir_str_head(s, as));
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_skip(s, as + 4));
}

static const struct {
    struct ir_str prefix;
    size_t keep; /* bytes of the prefix that the reader wants: the blank before "on" or "from" */
    void (*read)(struct ir_str s, struct ir_event *ev);
} failures[] = {
    {IR_S("FAILED LOGIN"), 0, failed},
    {IR_S("TOO MANY LOGIN TRIES"), 0, failed},
    {IR_S("REPEATED LOGIN FAILURES "), 1, failed},
    {IR_S("LOGIN FAILURE "), 1, failed},
    {IR_S("invalid password for "), 0, failed_quoted},
    {IR_S("exceeded failure limit for "), 0, failed_quoted},
};

void ir_syslog_login(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX || counted(s, ev)) return;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (!ir_str_starts(s, failures[i].prefix)) continue;
        ir_syslog_action(ev, "login");
        ir_syslog_outcome(ev, false);
        failures[i].read(ir_str_skip(s, failures[i].prefix.n - failures[i].keep), ev);
        return;
    }
    if (ir_str_starts(s, IR_S("ROOT LOGIN")))
        logged_in(ir_str_skip(s, 10), true, ev);
    else if (ir_str_starts(s, IR_S("root login on "))) /* busybox */
        root_login(s, ev);
    else if (ir_str_starts(s, IR_S("LOGIN ON ")))
        logged_in(ir_str_skip(s, 5), false, ev);
    else if (ir_str_starts(s, IR_S("login on ")) || ir_str_starts(s, IR_S("login from ")))
        login_as(ir_str_skip(s, 5), ev);
    else if (ir_syslog_take(&s, IR_S("LOGIN ")))
        refused(s, ev);
}

/* "New session 5 of user bob.", "New session 'c1' of user 'bob' with class 'user' and type 'tty'."
 */
static void new_session(struct ir_str s, struct ir_event *ev)
{
    size_t at = ir_str_find(s, IR_S(" of user "));
    if (at == IR_NPOS) return;
    struct ir_str user = name_at(ir_str_skip(s, at + 9));
    ir_syslog_drop_end(&user, IR_S("."));
    ir_syslog_action(ev, "session_opened");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_USER_NAME, user);
}

void ir_syslog_logind(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    if (ir_syslog_take(&s, IR_S("New session ")))
        new_session(s, ev);
    else if (ir_str_starts(s, IR_S("Removed session ")))
        ir_syslog_action(ev, "session_closed");
}
