/*
 * Logs of RPM's package managers: dnf.rpm.log, dnf.log, and yum.log. Documents: dnf(8), yum(8).
 *
 *     2026-11-22T01:02:03+0900 SUBDEBUG Installed: nmap-3:7.92-1.x86_64
 *     2026-11-22T01:02:03+0900 DDEBUG Command: dnf install nmap
 *     Nov 22 01:02:03 Installed: nmap-7.92-1.x86_64               yum.log, without year and host
 *
 * A yum line looks like one of syslog; the words that yum uses make it certain.
 */
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct line {
    struct ir_str level, text;
};

static const struct action {
    struct ir_str word;
    const char *action;
} actions[] = {{IR_S("Installed: "), "install"},     {IR_S("Updated: "), "upgrade"},
               {IR_S("Upgraded: "), "upgrade"},      {IR_S("Upgrade: "), "upgrade"},
               {IR_S("Erased: "), "remove"},         {IR_S("Removed: "), "remove"},
               {IR_S("Dep-Installed: "), "install"}, {IR_S("Obsoleted: "), "remove"},
               {IR_S("Downgraded: "), "downgrade"},  {IR_S("Downgrade: "), "downgrade"},
               {IR_S("Reinstalled: "), "reinstall"}, {IR_S("Reinstall: "), "reinstall"},
               {IR_S("Install: "), "install"},       {IR_S("Erase: "), "remove"}};

static const struct action *action_of(struct ir_str s)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (ir_str_starts(s, actions[i].word)) return &actions[i];
    return NULL;
}

static bool is_level(struct ir_str s)
{
    static const struct ir_str levels[] = {IR_S("SUBDEBUG"), IR_S("DDEBUG"),  IR_S("DEBUG"),
                                           IR_S("INFO"),     IR_S("WARNING"), IR_S("ERROR"),
                                           IR_S("CRITICAL"), IR_S("ALL")};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (ir_str_eq(s, levels[i])) return true;
    return false;
}

/* Stamps with a zone and no fraction, and a level of dnf's: other programs write one of both. */
static bool accept_dnf(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                       struct line *l)
{
    if (rec.n < 26 || rec.p[10] != 'T') return false;
    size_t n = ir_stamp_iso(rec, clock, ev);
    if ((n != 20 && n != 24) || n >= rec.n || rec.p[n] != ' ') return false;
    l->text = ir_str_skip(rec, n + 1);
    l->level = ir_str_cut(&l->text, ' ');
    return l->text.p != NULL && is_level(l->level);
}

static bool accept_yum(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                       struct line *l)
{
    const struct ir_clock before = *clock;
    size_t n = rec.n > 24 && ir_isalpha(rec.p[0]) ? ir_stamp_rfc3164(rec, clock, ev) : 0;
    l->level = ir_str_n(NULL, 0);
    l->text = ir_str_skip(rec, n + 1);
    if (n > 0 && rec.p[n] == ' ' && action_of(l->text) != NULL) return true;
    *clock = before;
    return false;
}

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev, struct line *l)
{
    return accept_dnf(rec, clock, ev, l) || accept_yum(rec, clock, ev, l);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct line l;
    if (!accept(rec, &p->clock, ev, &l)) return IR_BAD;
    ir_event_source(ev, IR_LS_LINUX_PACKAGES);
    ir_event_source(ev, IR_LS_LINUX);
    ir_web_set(ev, IR_F_LOG_LEVEL, l.level);
    ir_event_set(ev, IR_F_MESSAGE, l.text);
    const struct action *a = action_of(l.text);
    if (a != NULL) {
        ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(a->action));
        ir_event_add_named(ev, IR_S("package.name"), IR_V_STRING, ir_str_skip(l.text, a->word.n));
    } else if (ir_str_starts(l.text, IR_S("Command: "))) {
        ir_event_set(ev, IR_F_PROCESS_COMMAND_LINE, ir_str_skip(l.text, 9));
    }
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct line l;
    return accept(rec, &p->clock, ev, &l) ? IR_OK : IR_BAD;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 92);
}

const struct ir_format ir_format_dnf = {
    .name = "dnf",
    .title = N_("dnf and yum logs"),
    .flags = IR_FMT_YEARLESS | IR_FMT_STAMP_FIRST,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
