/*
 * What PAM modules say when they refuse somebody, apart from pam_unix's own list of values
 * (syslog_pam.c): locked, expired and unknown accounts, refusals by list, place or group.
 *
 * Document: Linux-PAM modules pam_unix, pam_faillock, pam_tally2, pam_succeed_if, pam_listfile,
 * pam_access, pam_wheel, pam_limits; sssd src/sss_client/pam_sss.c; samba nsswitch/pam_winbind.c.
 * Hostile: the name is what the client typed. It lies between words of the module, of which the
 * first come before it and the last are looked for from the right end.
 *
 * event.action: authentication_failure, authentication_success, authentication_unknown_user,
 * account_locked, account_expired, access_denied, access_granted.
 */
#include "format/syslog.h"

enum end {
    REST,  /* the name goes to the end of the text */
    LAST,  /* up to the last place where `end` stands */
    FINAL, /* `end` must close the text */
};
enum who { WHO, TARGET }; /* user.name, or the account that was changed (user.target.name) */

static const struct row {
    struct ir_str begin, end;
    enum end how;
    enum who who;
    const char *action;
    bool failure; /* the attempt ended here, unless it is sshd's: that says itself how it ended */
} rows[] = {
    {IR_S("auth could not identify password for ["), IR_S("]"), FINAL, WHO,
     "authentication_failure", true},
    {IR_S("bad username ["), IR_S("]"), FINAL, WHO, "authentication_unknown_user", true},
    {IR_S("Consecutive login failures for user "), IR_S(" account temporarily locked"), LAST,
     TARGET, "account_locked", false},
    {IR_S("error retrieving information about user "), IR_S(""), REST, WHO,
     "authentication_unknown_user", true},
    {IR_S("Refused user "), IR_S(" for service "), LAST, WHO, "access_denied", true},
    {IR_S("expired password for user "), IR_S(" ("), LAST, WHO, "account_expired", false},
    {IR_S("account "), IR_S(" has expired ("), LAST, WHO, "account_expired", true},
    {IR_S("account "), IR_S(" has expired"), FINAL, WHO, "account_expired", true},
    {IR_S("account "), IR_S(" has password changed in future"), FINAL, WHO, "account_expired",
     false},
    {IR_S("received for user "), IR_S(": "), LAST, WHO, "authentication_failure", false},
    {IR_S("Access denied for user "), IR_S(": "), LAST, WHO, "access_denied", true},
    {IR_S("user '"), IR_S("' granted access"), FINAL, WHO, "authentication_success", false},
    {IR_S("user '"), IR_S("' denied access ("), LAST, WHO, "authentication_failure", true},
    {IR_S("Invalid verification code for "), IR_S(""), REST, WHO, "authentication_failure", true},
};

static void outcome(struct ir_event *ev, bool failure, bool ends)
{
    if (failure && ends) ir_syslog_outcome(ev, false);
}

static bool by_row(struct ir_str s, const struct row *r, bool becomes, bool ends,
                   struct ir_event *ev)
{
    size_t at = s.n;
    if (!ir_syslog_take(&s, r->begin)) return false;
    if (r->how == REST) {
        at = s.n;
    } else {
        at = ir_str_rfind(s, r->end);
        if (at == IR_NPOS || (r->how == FINAL && at + r->end.n != s.n)) return false;
    }
    struct ir_str name = ir_str_head(s, at);
    ir_syslog_action(ev, r->action);
    ir_syslog_user(ev,
                   r->who == TARGET ? IR_F_USER_TARGET_NAME
                   : becomes        ? IR_F_USER_EFFECTIVE_NAME
                                    : IR_F_USER_NAME,
                   name);
    outcome(ev, r->failure, ends);
    return true;
}

/* "user NAME (1000) tally 6, deny 5", "user NAME (1000) has time limit [10s left] since …" */
static bool tally(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("user "))) return false;
    size_t open = ir_str_rfind(s, IR_S(" ("));
    if (open == IR_NPOS) return false;
    struct ir_str rest = ir_str_skip(s, open + 2), id = ir_str_cut(&rest, ')');
    if (!ir_str_starts(rest, IR_S(" tally ")) && !ir_str_starts(rest, IR_S(" has time limit ")))
        return false;
    ir_syslog_action(ev, "account_locked");
    ir_syslog_user(ev, IR_F_USER_TARGET_NAME, ir_str_head(s, open));
    ir_syslog_user(ev, IR_F_USER_TARGET_ID, id);
    ir_event_set(ev, IR_F_EVENT_REASON, ir_str_trim(rest));
    return true;
}

/* pam_access: "access denied for user `NAME' from `HOST or TTY'" */
static bool access_denied(struct ir_str s, bool ends, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("access denied for user `"))) return false;
    const struct ir_str words = IR_S("' from `");
    size_t at = ir_str_rfind(s, words);
    if (at == IR_NPOS) return false;
    struct ir_str from = ir_str_skip(s, at + words.n);
    ir_syslog_action(ev, "access_denied");
    outcome(ev, true, ends);
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, at));
    if (ir_syslog_drop_end(&from, IR_S("'"))) ir_syslog_peer(ev, from);
    return true;
}

/* pam_succeed_if: `requirement "uid >= 1000" not met by user "NAME"` */
static bool requirement(struct ir_str s, bool becomes, bool ends, struct ir_event *ev)
{
    const struct ir_str words = IR_S("\" not met by user \"");
    if (!ir_syslog_take(&s, IR_S("requirement \""))) return false;
    size_t at = ir_str_chr(s, '"'); /* the requirement is the administrator's and has none */
    if (at == IR_NPOS || !ir_str_starts(ir_str_skip(s, at), words)) return true;
    struct ir_str name = ir_str_skip(s, at + words.n);
    if (!ir_syslog_drop_end(&name, IR_S("\""))) return true;
    ir_syslog_action(ev, "access_denied");
    outcome(ev, true, ends);
    ir_syslog_user(ev, becomes ? IR_F_USER_EFFECTIVE_NAME : IR_F_USER_NAME, name);
    ir_event_set(ev, IR_F_EVENT_REASON, ir_str_head(s, at));
    return true;
}

/* pam_wheel: "Access denied to 'bob' for 'root'" */
static bool wheel(struct ir_str s, struct ir_event *ev)
{
    bool denied = ir_syslog_take(&s, IR_S("Access denied to '"));
    if (!denied && !ir_syslog_take(&s, IR_S("Access granted to '"))) return false;
    size_t at = ir_str_find(s, IR_S("' for '"));
    if (at == IR_NPOS || !ir_syslog_drop_end(&s, IR_S("'"))) return false;
    ir_syslog_action(ev, denied ? "access_denied" : "access_granted");
    if (denied) ir_syslog_outcome(ev, false);
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, at));
    ir_syslog_user(ev, IR_F_USER_EFFECTIVE_NAME, ir_str_skip(s, at + 7));
    return true;
}

bool ir_syslog_pam_refusal(struct ir_str text, bool becomes, bool ends, struct ir_event *ev)
{
    if (ir_str_starts(text, IR_S("conversation failed"))) {
        ir_syslog_action(ev, "authentication_failure");
        ir_event_set(ev, IR_F_EVENT_REASON, text);
        outcome(ev, true, ends);
        return true;
    }
    if (ir_str_eq(text, IR_S("User unknown"))) { /* pam_faillock */
        ir_syslog_action(ev, "authentication_unknown_user");
        return true;
    }
    if (tally(text, ev) || access_denied(text, ends, ev) || requirement(text, becomes, ends, ev) ||
        wheel(text, ev))
        return true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (by_row(text, &rows[i], becomes, ends, ev)) return true;
    return false;
}
