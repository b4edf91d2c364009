/*
 * cron, anacron, atd and crontab: "(USER) VERB (TEXT)" of vixie cron and cronie, and anacron's job
 * lines. The command is what runs at the user's will; it is not made a process creation, because
 * cron logs the line of the crontab and not what was executed.
 *
 * event.action: cron_command, cron_edit, cron_replace, cron_delete, cron_list, cron_reload,
 * cron_info.
 */
#include "format/syslog.h"

static const struct {
    struct ir_str verb;
    const char *action;
} verbs[] = {
    {IR_S("CMD"), "cron_command"},     {IR_S("CMDEND"), "cron_info"},
    {IR_S("CMDOUT"), "cron_info"},     {IR_S("RELOAD"), "cron_reload"},
    {IR_S("BEGIN EDIT"), "cron_edit"}, {IR_S("END EDIT"), "cron_edit"},
    {IR_S("REPLACE"), "cron_replace"}, {IR_S("DELETE"), "cron_delete"},
    {IR_S("LIST"), "cron_list"},       {IR_S("INFO"), "cron_info"},
    {IR_S("STARTUP"), "cron_info"},    {IR_S("MAIL"), "cron_info"},
    {IR_S("AUTH"), "cron_info"},       {IR_S("ERROR"), "cron_info"},
};

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
        anacron(s, ev);
        return;
    }
    struct ir_str user = ir_str_n(s.p + 1, end - 1);
    s = ir_str_skip(s, end + 2);
    size_t open = ir_str_find(ir_str_head(s, 32), IR_S(" ("));
    if (open == IR_NPOS || s.p[s.n - 1] != ')') return;
    struct ir_str verb = ir_str_head(s, open);
    struct ir_str text = ir_str_trim(ir_str_n(s.p + open + 2, s.n - open - 3));
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (!ir_str_eq(verb, verbs[i].verb)) continue;
        ir_syslog_action(ev, verbs[i].action);
        if (!ir_str_ieq(user, IR_S("CRON"))) ir_syslog_user(ev, IR_F_USER_NAME, user);
        if (text.n > 0)
            ir_event_set(ev, i == 0 ? IR_F_PROCESS_COMMAND_LINE : IR_F_EVENT_REASON, text);
        return;
    }
}
