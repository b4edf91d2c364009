/*
 * fail2ban.log: "2026-11-22 01:02:03,123 fail2ban.actions        [1234]: NOTICE  [sshd] Ban
 * 192.0.2.1". Document: fail2ban, `logtarget` (server/utils.py, FormatterWithTraceBack). What the
 * messages say is in syslog_guard.c.
 *
 * Hostile: lines that a filter quotes in a warning; they stand behind the daemon's words.
 */
#include "format/own_file.h"
#include "format/stamp.h"

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                   struct ir_syslog *h)
{
    size_t n = rec.n > 32 && ir_isdigit(rec.p[0]) ? ir_stamp_slash(rec, clock, ev) : 0;
    struct ir_str s = ir_str_skip(rec, n);
    if (n == 0 || !ir_str_starts(s, IR_S(" fail2ban"))) return false;
    s = ir_str_skip(s, 1);
    size_t tag = 0;
    while (tag < s.n && tag < 40 && (ir_isalnum(s.p[tag]) || s.p[tag] == '.' || s.p[tag] == '_'))
        tag++;
    h->tag = ir_str_head(s, tag);
    s = ir_str_trim(ir_str_skip(s, tag));
    if (ir_syslog_take(&s, IR_S("["))) {
        h->pid = ir_syslog_digits(s);
        s = ir_str_skip(s, h->pid.n);
        if (h->pid.n == 0 || !ir_syslog_take(&s, IR_S("]"))) return false;
    }
    ir_syslog_take(&s, IR_S(" ")); /* old ones: "fail2ban.actions: WARNING [ssh] Ban …" */
    if (!ir_syslog_take(&s, IR_S(":"))) return false;
    h->msg = ir_str_trim(s);
    return true;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p};
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_own_fields(&h, ev, IR_LS_LINUX_FAIL2BAN, true);
    ir_syslog_fail2ban(&h, ev);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {0};
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static bool sure(struct ir_str msg)
{
    (void)msg;
    return true;
}

static int bid(struct ir_str head)
{
    struct ir_own_share n = ir_own_share(head, accept, sure);
    return n.good * 2 > n.lines ? 50 + 45 * n.good / n.lines : 0;
}

static const uint16_t sources[] = {IR_LS_LINUX_FAIL2BAN, IR_LS_LINUX, 0};

const struct ir_format ir_format_fail2ban = {
    .name = "fail2ban",
    .title = N_("fail2ban's own log: who was banned"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
