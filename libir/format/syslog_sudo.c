/*
 * sudo and su: who became whom and ran what. A permitted sudo command is also the creation of a
 * process, so it gets a second view with that log source.
 *
 * sudo: plugins/sudoers/logging.c and lib/eventlog: "USER : [REASON ; ][HOST=… ; ]TTY=… ; PWD=… ;
 * USER=… ; [GROUP=… ; ][TSID=… ; ][ENV=… ; ]COMMAND=…". Hostile: PWD and COMMAND are the caller's
 * words and may hold " ; USER=root". The leftmost reading keeps all of it inside COMMAND, where
 * rules still see it. su: util-linux login-utils/su-common.c, shadow src/su.c, BSD su.
 *
 * event.action: sudo, sudo_list, sudo_validate (permitted ones; what was refused is always sudo),
 * sudo_warning (sudo's own trouble, nobody was refused), su.
 */
#include "format/syslog.h"

#define PWD_TRIES 16
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

struct request {
    struct ir_str tty, pwd, target, env, command;
};

/* "[USER=… ; ][GROUP=… ; ][TSID=… ; ][ENV=… ; ]COMMAND=…": true when s is that. */
static bool take_target(struct ir_str s, struct request *r)
{
    struct ir_str skipped, target = {"", 0}, env = {"", 0};
    take_part(&s, IR_S("USER="), &target);
    take_part(&s, IR_S("GROUP="), &skipped);
    take_part(&s, IR_S("TSID="), &skipped);
    if (ir_str_starts(s, IR_S("ENV="))) {
        size_t at = ir_str_find(s, IR_S(" ; COMMAND="));
        if (at != IR_NPOS) {
            env = ir_str_skip(ir_str_head(s, at), 4);
            s = ir_str_skip(s, at + 3);
        }
    }
    if (!ir_syslog_take(&s, IR_S("COMMAND="))) return false;
    r->target = target;
    r->env = env;
    r->command = s;
    return true;
}

/* PWD ends at the first " ; " behind which the rest is sudo's, not at the first of all: directories
 * may hold that. */
static void take_pwd_and_rest(struct ir_str s, struct request *r)
{
    struct ir_str t = s;
    if (!ir_syslog_take(&t, IR_S("PWD=")) && !ir_syslog_take(&t, IR_S("CWD="))) {
        if (!take_target(s, r)) take_part(&s, IR_S("USER="), &r->target);
        return;
    }
    size_t end = 0;
    for (int i = 0; i < PWD_TRIES; i++) {
        size_t n = ir_str_find(ir_str_skip(t, end), IR_S(" ; "));
        if (n == IR_NPOS) break;
        r->pwd = ir_str_head(t, end + n);
        end += n + 3;
        if (take_target(ir_str_skip(t, end), r)) return;
    }
    ir_syslog_drop_end(&t, IR_S(" ;")); /* no command: what sudo says before it has read one */
    end = ir_str_find(t, IR_S(" ; "));
    r->pwd = ir_str_head(t, end);
    s = ir_str_skip(t, end == IR_NPOS ? t.n : end + 3);
    take_part(&s, IR_S("USER="), &r->target);
}

/* "list", "list COMMAND" (sudo -l) and "validate" (sudo -v): sudo's own words, nothing runs. */
static const char *action_of(struct ir_str command)
{
    if (ir_str_eq(command, IR_S("list")) || ir_str_starts(command, IR_S("list ")))
        return "sudo_list";
    return ir_str_eq(command, IR_S("validate")) ? "sudo_validate" : "sudo";
}

static void process_view(struct ir_event *ev, struct ir_str command, struct ir_str pwd,
                         struct ir_str target)
{
    if (command.n == 0 || (command.p[0] != '/' && !ir_str_starts(command, IR_S("sudoedit "))))
        return;
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
           ir_str_starts(s, IR_S("CHROOT=")) || ir_str_starts(s, IR_S("CWD=")) ||
           ir_str_starts(s, IR_S("COMMAND="));
}

/* Words before the keys: "3 incorrect password attempts", "user NOT in sudoers". */
static struct ir_str take_words(struct ir_str *s)
{
    if (starts_keys(*s)) return ir_str_n(NULL, 0);
    size_t end = ir_str_find(ir_str_head(*s, WORDS_MAX * 2), IR_S(" ; "));
    struct ir_str words = ir_str_head(*s, end == IR_NPOS ? s->n : end);
    *s = ir_str_skip(*s, end == IR_NPOS ? s->n : end + 3);
    return words;
}

/* Words of sudo that refuse nothing: trouble with its surroundings. */
static bool is_warning(struct ir_str words)
{
    static const struct ir_str starts[] = {IR_S("unable to "),         IR_S("problem with "),
                                           IR_S("parse error "),       IR_S("timestamp "),
                                           IR_S("unknown defaults "),  IR_S("ignoring "),
                                           IR_S("error initializing ")};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (ir_str_starts(words, starts[i])) return true;
    return false;
}

static void add_request(struct ir_event *ev, const struct request *r, struct ir_str words)
{
    bool warning = is_warning(words), refused = words.n > 0 && !warning;
    const char *action = words.n == 0 ? action_of(r->command) : "sudo";
    bool runs = strcmp(action, "sudo") == 0;
    if (warning || (words.n > 0 && r->command.n == 0 && r->tty.n == 0)) action = "sudo_warning";
    ir_syslog_action(ev, action);
    add_both(ev, IR_F_PROCESS_TTY, IR_F_SG_TTY, r->tty);
    add_both(ev, IR_F_PROCESS_WORKING_DIRECTORY, IR_F_SG_PWD, r->pwd);
    add_both(ev, IR_F_USER_EFFECTIVE_NAME, IR_F_SG_USER_UPPER, r->target);
    if (r->env.n > 0) ir_event_add_named(ev, IR_S("ENV"), IR_V_STRING, r->env);
    if (runs)
        add_both(ev, IR_F_PROCESS_COMMAND_LINE, IR_F_SG_COMMAND, r->command);
    else if (r->command.n > 0)
        ir_event_set(ev, IR_F_SG_COMMAND, r->command);
    if (words.n > 0) ir_event_set(ev, IR_F_EVENT_REASON, words);
    if (refused && strcmp(action, "sudo") == 0) ir_syslog_outcome(ev, false);
    if (words.n == 0 && r->command.n > 0) ir_syslog_outcome(ev, true);
    if (words.n == 0 && runs) process_view(ev, r->command, r->pwd, r->target);
}

void ir_syslog_sudo(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg), none = {"", 0}, skipped;
    size_t colon = ir_str_find(ir_str_head(s, 512), IR_S(" : "));
    if (is_warning(s)) {
        ir_syslog_action(ev, "sudo_warning");
        ir_event_set(ev, IR_F_EVENT_REASON, s);
        return;
    }
    if (colon == IR_NPOS) return;
    struct ir_str user = ir_str_head(s, colon);
    s = ir_str_skip(s, colon + 3);
    if (ir_str_chr(user, ' ') != IR_NPOS && !starts_keys(s)) return; /* names of a domain have it */
    ir_syslog_user(ev, IR_F_USER_NAME, user);
    if (ir_syslog_take(&s, IR_S("(command continued) "))) {
        ir_syslog_action(ev, "sudo");
        add_both(ev, IR_F_PROCESS_COMMAND_LINE, IR_F_SG_COMMAND, s);
        return;
    }
    struct request r = {none, none, none, none, none};
    struct ir_str words = take_words(&s);
    take_part(&s, IR_S("HOST="), &skipped);
    take_part(&s, IR_S("TTY="), &r.tty);
    take_part(&s, IR_S("CHROOT="), &skipped);
    take_pwd_and_rest(s, &r);
    add_request(ev, &r, words);
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
    ir_syslog_tty(ev, ir_str_skip(s, on + 4));
    return true;
}

/* Solaris: "'su TO' failed for BY on TTY" */
static bool su_solaris(struct ir_event *ev, struct ir_str s)
{
    if (!ir_syslog_take(&s, IR_S("'su "))) return false;
    size_t end = ir_str_find(s, IR_S("' ")), on = ir_str_rfind(s, IR_S(" on "));
    if (end == IR_NPOS || on == IR_NPOS || on < end) return false;
    struct ir_str to = ir_str_head(s, end), by = ir_str_n(s.p + end + 2, on - end - 2);
    bool good = ir_syslog_take(&by, IR_S("succeeded for "));
    if (!good && !ir_syslog_take(&by, IR_S("failed for "))) return false;
    su_done(ev, good, by, to);
    ir_syslog_tty(ev, ir_str_skip(s, on + 4));
    return true;
}

/* "+ TTY BY:TO", with '-' between the names in old ones */
static void su_sign(struct ir_event *ev, struct ir_str s)
{
    size_t blank = ir_str_rchr(s, ' ');
    if (blank == IR_NPOS || blank < 2) return;
    struct ir_str names = ir_str_skip(s, blank + 1);
    size_t colon = ir_str_chr(names, ':');
    if (colon == IR_NPOS) colon = ir_str_rchr(names, '-');
    if (colon == IR_NPOS) return;
    su_done(ev, s.p[0] == '+', ir_str_head(names, colon), ir_str_skip(names, colon + 1));
    ir_syslog_tty(ev, ir_str_trim(ir_str_n(s.p + 2, blank - 2)));
}

/* "BY to TO on TTY" */
static bool su_bsd(struct ir_event *ev, struct ir_str s, bool success)
{
    size_t to = ir_str_find(s, IR_S(" to ")), on = ir_str_rfind(s, IR_S(" on "));
    if (to == IR_NPOS || on == IR_NPOS || on < to + 4) return false;
    su_done(ev, success, ir_str_head(s, to), ir_str_n(s.p + to + 4, on - to - 4));
    ir_syslog_tty(ev, ir_str_skip(s, on + 4));
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
        su_sign(ev, s);
    } else if (!su_solaris(ev, s) && !su_to(ev, s, true)) {
        su_bsd(ev, s, true);
    }
}
