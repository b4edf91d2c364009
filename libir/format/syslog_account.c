/*
 * Changes of accounts and groups: useradd, userdel, usermod, groupadd, groupdel, groupmod, gpasswd,
 * passwd, chage, chsh, chfn, newgrp. Document: shadow-utils src (SYSLOG calls), util-linux
 * login-utils; pwdutils (SUSE) for "… - account=NAME, …".
 *
 * event.action: user_added, user_deleted, user_changed, user_locked, user_unlocked,
 * password_changed, group_added, group_deleted, group_changed, group_member_added,
 * group_member_removed, group_switched (newgrp: of one's own session).
 */
#include "format/syslog.h"

#define MESSAGE_MAX 2048u
#define MEMBERS_MAX 256

/* The name in '…' or `…' at the start of s. */
static struct ir_str quoted(struct ir_str s)
{
    if (s.n < 2 || (s.p[0] != '\'' && s.p[0] != '`')) return ir_str_n(s.p, 0);
    s = ir_str_skip(s, 1);
    size_t end = ir_str_chr(s, '\'');
    return end == IR_NPOS ? ir_str_n(s.p, 0) : ir_str_head(s, end);
}

static struct ir_str word(struct ir_str s)
{
    if (s.n > 0 && (s.p[0] == '\'' || s.p[0] == '`')) return quoted(s);
    size_t end = ir_str_chr(s, ' ');
    return ir_str_head(s, end == IR_NPOS ? s.n : end);
}

/* What follows `key` in "name=x, UID=1, …"; values end at ", ". */
static struct ir_str part(struct ir_str s, struct ir_str key)
{
    while (s.n > 0) {
        size_t end = ir_str_find(s, IR_S(", "));
        struct ir_str p = ir_str_head(s, end == IR_NPOS ? s.n : end);
        if (ir_syslog_take(&p, key)) return p;
        s = ir_str_skip(s, end == IR_NPOS ? s.n : end + 2);
    }
    return ir_str_n("", 0);
}

static void new_user(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_action(ev, "user_added");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_USER_TARGET_NAME, part(s, IR_S("name=")));
    struct ir_str uid = part(s, IR_S("UID=")), gid = part(s, IR_S("GID="));
    ir_syslog_user(ev, IR_F_USER_TARGET_ID, uid.n > 0 ? uid : part(s, IR_S("uid=")));
    ir_syslog_user(ev, IR_F_GROUP_ID, gid.n > 0 ? gid : part(s, IR_S("gid=")));
    ir_syslog_tty(ev, part(s, IR_S("from=")));
    static const struct ir_str others[] = {IR_S("home="), IR_S("shell=")};
    for (size_t i = 0; i < 2; i++) {
        struct ir_str v = part(s, others[i]);
        if (v.n > 0)
            ir_event_add_named(ev, ir_str_head(others[i], others[i].n - 1), IR_V_STRING, v);
    }
}

static void new_group(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_action(ev, "group_added");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_GROUP_NAME, part(s, IR_S("name=")));
    ir_syslog_user(ev, IR_F_GROUP_ID, part(s, IR_S("GID=")));
}

static void target(struct ir_event *ev, const char *action, struct ir_str name)
{
    ir_syslog_action(ev, action);
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_USER_TARGET_NAME, name);
}

/* "'bob' to group 'sudo'", "'bob' to shadow group 'sudo'" */
static void member(struct ir_str s, const char *action, struct ir_event *ev)
{
    target(ev, action, word(s));
    size_t at = ir_str_rfind(s, IR_S("group "));
    if (at != IR_NPOS) ir_syslog_user(ev, IR_F_GROUP_NAME, word(ir_str_skip(s, at + 6)));
}

/* gpasswd: "bob added by root to group sudo" */
static void by_gpasswd(struct ir_str s, struct ir_event *ev)
{
    size_t added = ir_str_find(s, IR_S(" added by ")),
           removed = ir_str_find(s, IR_S(" removed by "));
    if (added == IR_NPOS && removed == IR_NPOS) return;
    size_t by = added != IR_NPOS ? added + 10 : removed + 12;
    member(s, added != IR_NPOS ? "group_member_added" : "group_member_removed", ev);
    ir_syslog_user(ev, IR_F_USER_NAME, word(ir_str_skip(s, by)));
}

/* newgrp: "'bob' (login 'bob' on pts/0) switched to group 'adm'" */
static void switched(struct ir_str s, struct ir_event *ev)
{
    size_t at = ir_str_rfind(s, IR_S(" to group '")), open = ir_str_find(s, IR_S(" (login "));
    if (at == IR_NPOS || open == IR_NPOS || open > at) return;
    ir_syslog_action(ev, "group_switched");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_USER_NAME, quoted(s));
    ir_syslog_user(ev, IR_F_GROUP_NAME, quoted(ir_str_skip(s, at + 10)));
    size_t on = ir_str_rfind(ir_str_head(s, at), IR_S(" on ")), end;
    if (on == IR_NPOS || (end = ir_str_find(ir_str_skip(s, on), IR_S(") "))) == IR_NPOS) return;
    ir_syslog_tty(ev, ir_str_n(s.p + on + 4, end - 4));
}

/* "members of group x set by root to a,b", "administrators of group …": who is in is told whole. */
static bool member_list(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_take(&s, IR_S("set "));
    if (!ir_str_istarts(s, IR_S("members of group ")) &&
        !ir_str_istarts(s, IR_S("administrators of group ")))
        return false;
    s = ir_str_skip(s, ir_str_find(s, IR_S("group ")) + 6);
    struct ir_str name = word(s), list;
    size_t by = ir_str_find(s, IR_S(" set by ")), to = ir_str_find(s, IR_S(" to "));
    ir_syslog_action(ev, "group_changed");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_GROUP_NAME, name);
    if (by != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, word(ir_str_skip(s, by + 8)));
    if (to == IR_NPOS) return true;
    list = ir_str_skip(s, to + 4);
    for (int i = 0; i < MEMBERS_MAX && list.n > 0; i++)
        ir_syslog_user(ev, IR_F_USER_TARGET_NAME, ir_str_trim(ir_str_cut(&list, ',')));
    if (list.n > 0) ev->flags |= IR_EV_TRUNCATED;
    return true;
}

/* gpasswd: "password of group g changed by root", "access to group g restricted by root", "change
 * the password of group 'g'" */
static bool group_password(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("password of group ")) &&
        !ir_syslog_take(&s, IR_S("access to group ")) &&
        !ir_syslog_take(&s, IR_S("change the password of group ")))
        return false;
    ir_syslog_action(ev, "group_changed");
    ir_syslog_outcome(ev, true);
    ir_syslog_user(ev, IR_F_GROUP_NAME, word(s));
    size_t by = ir_str_rfind(s, IR_S(" by "));
    if (by != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, word(ir_str_skip(s, by + 4)));
    return true;
}

/* pwdutils: "new account added - account=bob, uid=1001, gid=100, home=/h, shell=/bin/sh, by=0" */
static bool by_pwdutils(struct ir_str s, struct ir_event *ev)
{
    static const struct {
        struct ir_str text;
        const char *action;
    } rows[] = {{IR_S("new account added"), "user_added"},
                {IR_S("account already exists"), "user_added"},
                {IR_S("account deleted"), "user_deleted"},
                {IR_S("account added to group"), "group_member_added"},
                {IR_S("account removed from group"), "group_member_removed"},
                {IR_S("password changed"), "password_changed"},
                {IR_S("account changed"), "user_changed"},
                {IR_S("account modified"), "user_changed"},
                {IR_S("default shell changed"), "user_changed"},
                {IR_S("new group added"), "group_added"},
                {IR_S("group added"), "group_added"},
                {IR_S("group deleted"), "group_deleted"},
                {IR_S("group changed"), "group_changed"}};
    size_t dash = ir_str_find(ir_str_head(s, 64), IR_S(" - "));
    for (size_t i = 0; dash != IR_NPOS && i < sizeof rows / sizeof *rows; i++) {
        if (!ir_str_eq(ir_str_head(s, dash), rows[i].text)) continue;
        s = ir_str_skip(s, dash + 3);
        ir_syslog_action(ev, rows[i].action);
        ir_syslog_outcome(ev, !ir_str_starts(rows[i].text, IR_S("account already")));
        ir_syslog_user(ev, IR_F_USER_TARGET_NAME, part(s, IR_S("account=")));
        ir_syslog_user(ev, IR_F_USER_TARGET_ID, part(s, IR_S("uid=")));
        ir_syslog_user(ev, IR_F_GROUP_NAME, part(s, IR_S("group=")));
        ir_syslog_user(ev, IR_F_GROUP_ID, part(s, IR_S("gid=")));
        ir_syslog_user(ev, IR_F_USER_ID, part(s, IR_S("by=")));
        return true;
    }
    return false;
}

/* passwd: "for 'bob' changed by 'root'" */
static void password(struct ir_str s, struct ir_event *ev)
{
    size_t by = ir_str_rfind(s, IR_S(" changed by "));
    if (by == IR_NPOS) return;
    target(ev, "password_changed", word(s));
    ir_syslog_user(ev, IR_F_USER_NAME, word(ir_str_skip(s, by + 12)));
}

static void change_user(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_take(&s, IR_S("name ")); /* "change user name 'a' to 'b'" */
    struct ir_str name = quoted(s);
    bool pw = ir_str_ends(s, IR_S("' password"));
    target(ev, pw ? "password_changed" : "user_changed", name);
    if (name.n + 3 < s.n) ir_event_set(ev, IR_F_EVENT_REASON, ir_str_skip(s, name.n + 3));
}

static void failed(struct ir_str s, struct ir_event *ev)
{
    ir_syslog_action(ev, "user_added");
    ir_syslog_outcome(ev, false);
    ir_syslog_user(ev, IR_F_USER_TARGET_NAME, quoted(s));
}

static bool user_message(struct ir_str s, struct ir_event *ev)
{
    if (ir_syslog_take(&s, IR_S("new user: ")))
        new_user(s, ev);
    else if (ir_syslog_take(&s, IR_S("failed adding user ")))
        failed(s, ev);
    else if (ir_syslog_take(&s, IR_S("delete user ")))
        target(ev, "user_deleted", quoted(s));
    else if (ir_syslog_take(&s, IR_S("lock user ")))
        target(ev, "user_locked", quoted(s));
    else if (ir_syslog_take(&s, IR_S("unlock user ")))
        target(ev, "user_unlocked", quoted(s));
    else if (ir_syslog_take(&s, IR_S("change user ")))
        change_user(s, ev);
    else if (ir_syslog_take(&s, IR_S("changed user ")))
        target(ev, "user_changed", quoted(s));
    else if (ir_syslog_take(&s, IR_S("changed password expiry for ")))
        target(ev, "user_changed", word(s));
    else if (ir_syslog_take(&s, IR_S("password for ")))
        password(s, ev);
    else if (ir_str_starts(s, IR_S("user '")))
        switched(ir_str_skip(s, 5), ev);
    else if (ir_syslog_take(&s, IR_S("user ")))
        by_gpasswd(s, ev);
    else
        return false;
    return true;
}

static void group_message(struct ir_str s, struct ir_event *ev)
{
    if (ir_syslog_take(&s, IR_S("new group: ")) ||
        ir_syslog_take(&s, IR_S("group added to /etc/group: ")) ||
        ir_syslog_take(&s, IR_S("group added to /etc/gshadow: "))) {
        new_group(s, ev);
    } else if (ir_syslog_take(&s, IR_S("add '"))) {
        member(ir_str_n(s.p - 1, s.n + 1), "group_member_added", ev);
    } else if (ir_syslog_take(&s, IR_S("delete '"))) {
        member(ir_str_n(s.p - 1, s.n + 1), "group_member_removed", ev);
    } else if (ir_syslog_take(&s, IR_S("removed group ")) ||
               ir_syslog_take(&s, IR_S("removed shadow group ")) ||
               ir_syslog_take(&s, IR_S("remove group ")) ||
               (ir_str_starts(s, IR_S("group '")) && ir_syslog_take(&s, IR_S("group ")))) {
        ir_syslog_action(ev, "group_deleted");
        ir_syslog_outcome(ev, true);
        ir_syslog_user(ev, IR_F_GROUP_NAME, quoted(s));
    } else if (ir_syslog_take(&s, IR_S("Invalid password for group "))) {
        ir_syslog_action(ev, "group_switched");
        ir_syslog_outcome(ev, false);
        ir_syslog_user(ev, IR_F_GROUP_NAME, quoted(s));
        size_t from = ir_str_rfind(s, IR_S(" from '"));
        if (from != IR_NPOS) ir_syslog_user(ev, IR_F_USER_NAME, quoted(ir_str_skip(s, from + 6)));
    } else if (ir_str_starts(s, IR_S("group changed in "))) {
        ir_syslog_action(ev, "group_changed");
        ir_syslog_outcome(ev, true);
        size_t at = ir_str_find(s, IR_S("(group "));
        if (at == IR_NPOS) return;
        struct ir_str name = word(ir_str_skip(s, at + 7));
        name = ir_str_cut(&name, ','); /* "(group ops, new name: …)" of /etc/gshadow */
        ir_syslog_user(ev, IR_F_GROUP_NAME, ir_str_cut(&name, '/'));
    }
}

void ir_syslog_account(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n == 0 || s.n > MESSAGE_MAX) return;
    if (!by_pwdutils(s, ev) && !member_list(s, ev) && !group_password(s, ev) &&
        !user_message(s, ev))
        group_message(s, ev);
}
