/*
 * What a Yamaha router shows with `show log` and keeps in external memory: "2026/11/22 01:02:03:
 * message". Document: the RTX command reference, `show log`. What the messages say is in
 * syslog_yamaha.c; by syslog they come as the format `syslog`.
 */
#include "format/own_file.h"
#include "format/stamp.h"

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                   struct ir_syslog *h)
{
    if (rec.n < 22 || !ir_isdigit(rec.p[0]) || rec.p[4] != '/') return false;
    size_t n = ir_stamp_slash(rec, clock, ev);
    h->msg = ir_str_skip(rec, n);
    return n == 19 && ir_syslog_take(&h->msg, IR_S(": ")) && h->msg.n > 0;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p};
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_own_fields(&h, ev, IR_LS_YAMAHA_RTX, false);
    ir_syslog_yamaha(&h, ev);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {0};
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static bool sure(struct ir_str msg)
{
    return ir_syslog_yamaha_at(msg) == 0;
}

static int bid(struct ir_str head)
{
    struct ir_own_share n = ir_own_share(head, accept, sure);
    if (n.good * 2 <= n.lines) return 0;
    return (n.sure > 0 ? 50 : 30) + 44 * n.good / n.lines;
}

static const uint16_t sources[] = {IR_LS_YAMAHA_RTX, 0};

const struct ir_format ir_format_yamaha = {
    .name = "yamaha",
    .title = N_("Yamaha RTX routers: show log"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .more = ir_syslog_more,
    .hints = ir_syslog_hints,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
