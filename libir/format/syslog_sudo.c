/*
 * sudo and su: who became whom and ran what. A permitted sudo command is also the creation of a
 * process, so it gets a second view with that log source.
 *
 * sudo: plugins/sudoers/logging.c and lib/eventlog: "USER : [REASON ; ][HOST=… ; ]TTY=… ; PWD=… ;
 * USER=… ; [GROUP=… ; ][TSID=… ; ][ENV=… ; ]COMMAND=…". Hostile: PWD and COMMAND are the caller's
 * words and may hold " ; USER=root". The leftmost reading keeps all of it inside COMMAND, where
 * rules still see it. su: util-linux login-utils/su-common.c, shadow src/su.c, BSD su.
 *
 * event.action: sudo, su.
 */
#include "format/syslog.h"

#define WORDS_MAX 64 /* bytes of a reason in words; longer is no reason of sudo's */

/* The value of "KEY=" up to " ; " in the head of *s; *s is moved behind it. Order is fixed, so what
 * is missing is skipped and nothing is searched behind COMMAND. */
static bool take_part(struct ir_str *s, struct ir_str key, struct ir_str *ret_value)
{
    struct ir_str t = *s;
    if (!ir_syslog_take(&t, key)) return false;
    size_t end = ir_str_find(t, IR_S(" ; "));
    *ret_value = ir_str_head(t, end == IR_NPOS ? t.n : end);
    *s = ir_str_skip(t, end == IR_NPOS ? t.n : end + 3);
    return true;
}

/* PWD ends where sudo's next key begins, not at the first " ; ": directories may hold that. */
static bool take_pwd(struct ir_str *s, struct ir_str *ret_value)
{
    struct ir_str t = *s;
    if (!ir_syslog_take(&t, IR_S("PWD="))) return false;
    size_t end = ir_str_find(t, IR_S(" ; USER="));
    if (end == IR_NPOS) return take_part(s, IR_S("PWD="), ret_value);
    *ret_value = ir_str_head(t, end);
    *s = ir_str_skip(t, end + 3);
    return true;
}

static void process_view(struct ir_event *ev, struct ir_str command, struct ir_str pwd,
                         struct ir_str target)
{
    if (command.n == 0 || (command.p[0] != '/' && !ir_str_starts(command, IR_S("sudoedit "))))
        return; /* "list", "validate": nothing runs */
    size_t blank = ir_str_chr(command, ' ');
    ir_event_view(ev);
    ir_event_source(ev, IR_LS_LINUX_PROCESS_CREATION);
    ir_event_set(ev, IR_F_PROCESS_EXECUTABLE, ir_str_head(command, blank));
    ir_event_set(ev, IR_F_PROCESS_COMMAND_LINE, command);
    if (pwd.n > 0) ir_event_set(ev, IR_F_PROCESS_WORKING_DIRECTORY, pwd);
    ir_syslog_user(ev, IR_F_USER_EFFECTIVE_NAME, target);
    ev->cur_view = 0;
}

static void add_both(struct ir_event *ev, enum ir_field_id ecs, enum ir_field_id sigma,
                     struct ir_str v)
{
    if (v.n == 0) return;
    ir_event_set(ev, ecs, v);
    ir_event_set(ev, sigma, v);
}

static bool starts_keys(struct ir_str s)
{
    return ir_str_starts(s, IR_S("TTY=")) || ir_str_starts(s, IR_S("HOST=")) ||
           ir_str_starts(s, IR_S("PWD=")) || ir_str_starts(s, IR_S("USER=")) ||
           ir_str_starts(s, IR_S("COMMAND="));
}

/* Words before the keys ("3 incorrect password attempts", "user NOT in sudoers"): it was refused.
 */
static struct ir_str take_refusal(struct ir_str *s)
{
    if (starts_keys(*s)) return ir_str_n(NULL, 0);
    size_t end = ir_str_find(ir_str_head(*s, WORDS_MAX * 2), IR_S(" ; "));
    struct ir_str words = ir_str_head(*s, end == IR_NPOS ? s->n : end);
    *s = ir_str_skip(*s, end == IR_NPOS ? s->n : end + 3);
    return words;
}

void ir_syslog_sudo(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg), none = {"", 0};
    size_t colon = ir_str_find(ir_str_head(s, 512), IR_S(" : "));
    if (colon == IR_NPOS) return;
    struct ir_str user = ir_str_head(s, colon);
    if (ir_str_chr(user, ' ') != IR_NPOS) return;
    ir_syslog_action(ev, "sudo");
    ir_syslog_user(ev, IR_F_USER_NAME, user);
    s = ir_str_skip(s, colon + 3);
    if (ir_syslog_take(&s, IR_S("(command continued) "))) {
        add_both(ev, IR_F_PROCESS_COMMAND_LINE, IR_F_SG_COMMAND, s);
        return;
    }
    struct ir_str refusal = take_refusal(&s), tty = none, pwd = none, target = none, skipped;
    take_part(&s, IR_S("HOST="), &skipped);
    take_part(&s, IR_S("TTY="), &tty);
    take_part(&s, IR_S("CHROOT="), &skipped);
    take_pwd(&s, &pwd);
    take_part(&s, IR_S("USER="), &target);
    take_part(&s, IR_S("GROUP="), &skipped);
    take_part(&s, IR_S("TSID="), &skipped);
    if (ir_str_starts(s, IR_S("ENV="))) {
        size_t at = ir_str_find(s, IR_S(" ; COMMAND="));
        s = at == IR_NPOS ? none : ir_str_skip(s, at + 3);
    }
    struct ir_str command = ir_syslog_take(&s, IR_S("COMMAND=")) ? s : none;
    add_both(ev, IR_F_PROCESS_TTY, IR_F_SG_TTY, tty);
    add_both(ev, IR_F_PROCESS_WORKING_DIRECTORY, IR_F_SG_PWD, pwd);
    add_both(ev, IR_F_USER_EFFECTIVE_NAME, IR_F_SG_USER_UPPER, target);
    add_both(ev, IR_F_PROCESS_COMMAND_LINE, IR_F_SG_COMMAND, command);
    if (refusal.n > 0) ir_event_set(ev, IR_F_EVENT_REASON, refusal);
    if (refusal.n > 0 || command.n > 0) ir_syslog_outcome(ev, refusal.n == 0);
    if (refusal.n == 0) process_view(ev, command, pwd, target);
}

static void su_done(struct ir_event *ev, bool success, struct ir_str by, struct ir_str to)
{
    ir_syslog_action(ev, "su");
    ir_syslog_outcome(ev, success);
    ir_syslog_user(ev, IR_F_USER_NAME, by);
    ir_syslog_user(ev, IR_F_USER_EFFECTIVE_NAME, to);
}

/* "TO by BY" */
static bool su_by(struct ir_event *ev, struct ir_str s, bool success)
{
    size_t at = ir_str_rfind(s, IR_S(" by "));
    if (at == IR_NPOS) return false;
    su_done(ev, success, ir_str_skip(s, at + 4), ir_str_head(s, at));
    return true;
}

/* "(to TO) BY on TTY" */
static bool su_to(struct ir_event *ev, struct ir_str s, bool success)
{
    size_t end = ir_str_find(s, IR_S(") ")), on = ir_str_rfind(s, IR_S(" on "));
    if (!ir_str_starts(s, IR_S("(to ")) || end == IR_NPOS || on == IR_NPOS || on < end + 2)
        return false;
    su_done(ev, success, ir_str_n(s.p + end + 2, on - end - 2), ir_str_n(s.p + 4, end - 4));
    ir_event_set(ev, IR_F_PROCESS_TTY, ir_str_skip(s, on + 4));
    return true;
}

/* "BY to TO on TTY" */
static bool su_bsd(struct ir_event *ev, struct ir_str s, bool success)
{
    size_t to = ir_str_find(s, IR_S(" to ")), on = ir_str_rfind(s, IR_S(" on "));
    if (to == IR_NPOS || on == IR_NPOS || on < to + 4) return false;
    su_done(ev, success, ir_str_head(s, to), ir_str_n(s.p + to + 4, on - to - 4));
    ir_event_set(ev, IR_F_PROCESS_TTY, ir_str_skip(s, on + 4));
    return true;
}

void ir_syslog_su(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > 1024) return;
    if (ir_syslog_take(&s, IR_S("Successful su for "))) {
        su_by(ev, s, true);
    } else if (ir_syslog_take(&s, IR_S("FAILED su for "))) {
        su_by(ev, s, false);
    } else if (ir_syslog_take(&s, IR_S("FAILED SU "))) {
        su_to(ev, s, false);
    } else if (ir_syslog_take(&s, IR_S("BAD SU "))) {
        su_bsd(ev, s, false);
    } else if (s.n > 2 && (s.p[0] == '+' || s.p[0] == '-') && s.p[1] == ' ') {
        struct ir_str names = ir_str_skip(s, ir_str_rchr(s, ' ') + 1);
        size_t colon = ir_str_chr(names, ':');
        if (colon == IR_NPOS) return;
        su_done(ev, s.p[0] == '+', ir_str_head(names, colon), ir_str_skip(names, colon + 1));
    } else if (!su_to(ev, s, true)) {
        su_bsd(ev, s, true);
    }
}
