/*
 * login(1) and systemd-logind: console and serial logins, sessions.
 * Documents: util-linux login-utils/login.c, shadow src/login.c, systemd
 * src/login/logind-session.c.
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

static struct ir_str name_after(struct ir_str s, struct ir_str word)
{
    size_t at = ir_str_find(s, word);
    return at == IR_NPOS ? ir_str_n(s.p, 0) : name_at(ir_str_skip(s, at + word.n));
}

static void peer(struct ir_event *ev, struct ir_str addr)
{
    if (addr.n > 0 && addr.p[0] != '(' && !ir_str_starts(addr, IR_S("/dev/")))
        ir_syslog_peer(ev, addr);
}

/* "FAILED LOGIN (1) on '/dev/tty1' FROM 'host' FOR 'bob', Authentication failure". The name comes
 * last and is the client's word: all that is before it was written by login. */
static void failed(struct ir_str s, struct ir_event *ev)
{
    size_t name = ir_str_find(s, IR_S(" FOR "));
    struct ir_str head = ir_str_head(s, name == IR_NPOS ? s.n : name);
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, false);
    peer(ev, name_after(head, IR_S(" FROM ")));
    struct ir_str tty = name_after(head, IR_S(" on "));
    if (tty.n > 0) ir_event_set(ev, IR_F_PROCESS_TTY, tty);
    if (name == IR_NPOS) return;
    s = ir_str_skip(s, name + 5);
    struct ir_str user = name_at(s);
    ir_syslog_user(ev, IR_F_USER_NAME, user);
    size_t comma = ir_str_rfind(s, IR_S(", "));
    if (comma != IR_NPOS) ir_event_set(ev, IR_F_EVENT_REASON, ir_str_skip(s, comma + 2));
}

/* "LOGIN ON tty1 BY bob[ FROM host]", "ROOT LOGIN  on '/dev/tty1'[ from 'host']" */
static void logged_in(struct ir_str s, bool root, struct ir_event *ev)
{
    ir_syslog_action(ev, "login");
    ir_syslog_outcome(ev, true);
    struct ir_str tty = name_after(s, IR_S(" ON "));
    if (tty.n == 0) tty = name_after(s, IR_S(" on "));
    if (tty.n > 0) ir_event_set(ev, IR_F_PROCESS_TTY, tty);
    if (root)
        ir_event_derive(ev, IR_F_USER_NAME, IR_S("root"));
    else
        ir_syslog_user(ev, IR_F_USER_NAME, name_after(s, IR_S(" BY ")));
    struct ir_str from = name_after(s, IR_S(" FROM "));
    peer(ev, from.n > 0 ? from : name_after(s, IR_S(" from ")));
}

void ir_syslog_login(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    if (ir_str_starts(s, IR_S("FAILED LOGIN")) || ir_str_starts(s, IR_S("TOO MANY LOGIN TRIES"))) {
        failed(s, ev);
    } else if (ir_str_starts(s, IR_S("ROOT LOGIN"))) {
        logged_in(ir_str_skip(s, 10), true, ev);
    } else if (ir_str_starts(s, IR_S("LOGIN ON "))) {
        logged_in(ir_str_skip(s, 5), false, ev);
    } else if (ir_syslog_take(&s, IR_S("invalid password for "))) {
        ir_syslog_action(ev, "login");
        ir_syslog_outcome(ev, false);
        ir_syslog_user(ev, IR_F_USER_NAME, name_at(s));
    }
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
