/*
 * cron, anacron, atd and crontab: "(USER) VERB (TEXT)" of vixie cron and cronie, and anacron's job
 * lines. The command is what runs at the user's will; it is not made a process creation, because
 * cron logs the line of the crontab and not what was executed.
 *
 * event.action: cron_command, cron_edit, cron_replace, cron_delete, cron_list, cron_reload,
 * cron_info, cron_denied.
 */
#include "format/syslog.h"

static const struct {
    struct ir_str verb;
    const char *action;
} verbs[] = {
    {IR_S("CMD"), "cron_command"},      {IR_S("CMDEND"), "cron_info"},
    {IR_S("CMDOUT"), "cron_info"},      {IR_S("RELOAD"), "cron_reload"},
    {IR_S("BEGIN EDIT"), "cron_edit"},  {IR_S("END EDIT"), "cron_edit"},
    {IR_S("REPLACE"), "cron_replace"},  {IR_S("DELETE"), "cron_delete"},
    {IR_S("LIST"), "cron_list"},        {IR_S("INFO"), "cron_info"},
    {IR_S("STARTUP"), "cron_info"},     {IR_S("MAIL"), "cron_info"},
    {IR_S("AUTH"), "cron_denied"},      {IR_S("ERROR"), "cron_info"},
    {IR_S("PAM ERROR"), "cron_denied"}, {IR_S("FAILED to authorize user with PAM"), "cron_denied"},
};

/* vixie cron says it without the user */
static bool denied(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("FAILED to authorize user with PAM (")) ||
        !ir_syslog_drop_end(&s, IR_S(")")))
        return false;
    ir_syslog_action(ev, "cron_denied");
    ir_syslog_outcome(ev, false);
    if (s.n > 0) ir_event_set(ev, IR_F_EVENT_REASON, s);
    return true;
}

/* cronie: "CRON (bob) ERROR: failed to open PAM security session: Permission denied" */
static bool no_session(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("CRON ("))) return false;
    size_t end = ir_str_find(s, IR_S(") ERROR"));
    if (end == IR_NPOS) return false;
    struct ir_str reason = ir_str_skip(s, end + 7);
    if (!ir_syslog_take(&reason, IR_S(": "))) ir_syslog_take(&reason, IR_S(" "));
    ir_syslog_action(ev, "cron_denied");
    ir_syslog_outcome(ev, false);
    ir_syslog_user(ev, IR_F_USER_NAME, ir_str_head(s, end));
    if (reason.n > 0) ir_event_set(ev, IR_F_EVENT_REASON, reason);
    return true;
}

/* busybox: "USER root pid 2233 cmd run-parts /etc/periodic/15min" */
static bool busybox(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("USER "))) return false;
    struct ir_str user = ir_str_cut(&s, ' ');
    s = ir_str_trim(s);
    if (!ir_syslog_take(&s, IR_S("pid "))) return false;
    size_t cmd = ir_str_find(ir_str_head(s, 24), IR_S(" cmd "));
    if (cmd == IR_NPOS) return false;
    ir_syslog_action(ev, "cron_command");
    ir_syslog_user(ev, IR_F_USER_NAME, user);
    ir_event_set(ev, IR_F_PROCESS_COMMAND_LINE, ir_str_skip(s, cmd + 5));
    return true;
}

static void anacron(struct ir_str s, struct ir_event *ev)
{
    if (!ir_syslog_take(&s, IR_S("Job `"))) return;
    ir_syslog_action(ev, ir_str_ends(s, IR_S("started")) ? "cron_command" : "cron_info");
    size_t end = ir_str_chr(s, '\'');
    if (end != IR_NPOS && ir_str_ends(s, IR_S("started")))
        ir_event_set(ev, IR_F_PROCESS_COMMAND_LINE, ir_str_head(s, end));
}

void ir_syslog_cron(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    size_t end = ir_str_find(ir_str_head(s, 256), IR_S(") "));
    if (s.n < 4 || s.p[0] != '(' || end == IR_NPOS) {
        if (!denied(s, ev) && !no_session(s, ev) && !busybox(s, ev)) anacron(s, ev);
        return;
    }
    struct ir_str user = ir_str_n(s.p + 1, end - 1);
    s = ir_str_skip(s, end + 2);
    size_t open = ir_str_find(ir_str_head(s, 48), IR_S(" ("));
    if (open == IR_NPOS || s.p[s.n - 1] != ')') return;
    struct ir_str verb = ir_str_head(s, open);
    struct ir_str text = ir_str_trim(ir_str_n(s.p + open + 2, s.n - open - 3));
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (!ir_str_ieq(verb, verbs[i].verb)) continue;
        ir_syslog_action(ev, verbs[i].action);
        if (ir_str_eq(ir_str_z(verbs[i].action), IR_S("cron_denied"))) ir_syslog_outcome(ev, false);
        if (!ir_str_ieq(user, IR_S("CRON")) && !(user.n > 0 && user.p[0] == '*'))
            ir_syslog_user(ev, IR_F_USER_NAME, user); /* "*system*" is a file, no user */
        if (text.n > 0)
            ir_event_set(ev, i == 0 ? IR_F_PROCESS_COMMAND_LINE : IR_F_EVENT_REASON, text);
        return;
    }
}
