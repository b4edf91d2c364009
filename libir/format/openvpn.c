/*
 * OpenVPN's own file (`log`, `log-append`): "2026-11-22 01:02:03 text", older "Sun Nov 22 01:02:03
 * 2026 text", both with " us=123456" when verbose. Document: openvpn(8); src/openvpn/error.c. What
 * the messages say is in syslog_vpn.c.
 *
 * A stamp and words are anybody's log: the file is recognised by what OpenVPN says in it, and its
 * lines are never taken out of other files.
 */
#include "format/own_file.h"
#include "format/stamp.h"

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                   struct ir_syslog *h)
{
    if (rec.n < 22) return false;
    size_t n =
        ir_isdigit(rec.p[0]) ? ir_stamp_slash(rec, clock, ev) : ir_stamp_asctime(rec, clock, ev);
    struct ir_str s = ir_str_skip(rec, n);
    if (n == 0 || !ir_syslog_take(&s, IR_S(" "))) return false;
    if (ir_syslog_take(&s, IR_S("us="))) {
        s = ir_str_skip(s, ir_syslog_digits(s).n);
        if (!ir_syslog_take(&s, IR_S(" "))) return false;
    }
    h->msg = s;
    return s.n > 0;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p};
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_own_fields(&h, ev, IR_LS_LINUX_OPENVPN, true);
    ir_syslog_openvpn(&h, ev);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {0};
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static bool sure(struct ir_str msg)
{
    static const struct ir_str words[] = {
        IR_S("OpenVPN "),     IR_S("[AF_INET"),        IR_S("MULTI: "),
        IR_S("MULTI_sva: "),  IR_S("TLS Error: "),     IR_S("TLS Auth Error: "),
        IR_S("VERIFY OK: "),  IR_S("VERIFY ERROR: "),  IR_S("Peer Connection Initiated"),
        IR_S("peer info: "),  IR_S("Control Channel"), IR_S("Data Channel"),
        IR_S("TLS: Initial"), IR_S("SENT CONTROL ["),  IR_S("Initialization Sequence Completed")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ir_str_find(ir_str_head(msg, 256), words[i]) != IR_NPOS) return true;
    return false;
}

static int bid(struct ir_str head)
{
    struct ir_own_share n = ir_own_share(head, accept, sure);
    if (n.sure * 4 < n.good || n.sure == 0 || n.good * 2 < n.lines) return 0;
    return 60 + 30 * n.good / n.lines;
}

static const uint16_t sources[] = {IR_LS_LINUX_OPENVPN, IR_LS_LINUX, 0};

const struct ir_format ir_format_openvpn = {
    .name = "openvpn",
    .title = N_("OpenVPN's own log"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST,
    .sources = sources,
    .more = ir_syslog_more,
    .hints = ir_syslog_hints,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
