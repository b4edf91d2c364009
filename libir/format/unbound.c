/*
 * Log files of unbound and NSD with their own stamps. Through syslog they are the format syslog.
 * What the messages say: syslog_dns.c. Documents: unbound.conf(5) (logfile, log-time-ascii,
 * log-queries, log-replies); nsd.conf(5).
 *
 *     [1795309323] unbound[12:0] info: 192.0.2.7 a.example. A IN
 *     Nov 22 01:02:03 unbound[12:0] info: …          (log-time-ascii)
 *     [2026-11-22 01:02:03.562] nsd[12]: info: axfr for a.example. from 192.0.2.7 refused, …
 *
 * Hostile: the name that is asked for; both print only plain characters of it.
 */
#include "base/time.h"
#include "format/dns.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/syslog.h"
#include "format/web_url.h"

struct head {
    struct ir_str program, pid, message;
};

/* "[1795309323] ", "[2026-11-22 01:02:03.562] " or an RFC 3164 stamp: bytes with the blank. */
static size_t take_stamp(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    uint64_t seconds;
    if (s.n < 24) return 0;
    if (s.p[0] != '[') {
        size_t n = ir_stamp_rfc3164(s, clock, ev);
        return n > 0 && n < s.n && s.p[n] == ' ' ? n + 1 : 0;
    }
    size_t close = ir_str_chr(ir_str_head(s, 40), ']');
    if (close == IR_NPOS || close < 10 || close + 1 >= s.n || s.p[close + 1] != ' ') return 0;
    struct ir_str in = ir_str_n(s.p + 1, close - 1);
    if (in.n == 10 && ir_str_u64(in, &seconds) && seconds <= INT64_MAX / IR_NS)
        ir_event_time(ev, (int64_t)seconds * IR_NS, IR_EV_ZONE_KNOWN);
    else if (ir_stamp_slash(in, clock, ev) != in.n && ir_stamp_iso(in, clock, ev) != in.n)
        return 0;
    return close + 2;
}

/* "unbound[12:0] " or "nsd[12]: " */
static bool take_program(struct ir_str s, struct head *h)
{
    static const struct ir_str names[] = {IR_S("unbound["), IR_S("nsd["), IR_S("unbound-control[")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct ir_str rest = s;
        if (!ir_syslog_take(&rest, names[i])) continue;
        h->program = ir_str_n(s.p, names[i].n - 1);
        h->pid = ir_syslog_digits(rest);
        size_t close = ir_str_chr(ir_str_head(rest, 32), ']');
        if (h->pid.n == 0 || close == IR_NPOS) return false;
        h->message = ir_str_skip(rest, close + 1);
        if (!ir_syslog_take(&h->message, IR_S(": "))) ir_syslog_take(&h->message, IR_S(" "));
        return h->message.n > 0;
    }
    return false;
}

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev, struct head *h)
{
    const struct ir_clock before = *clock;
    size_t n = take_stamp(rec, clock, ev);
    if (n != 0 && take_program(ir_str_skip(rec, n), h)) return true;
    *clock = before;
    return false;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_event_set(ev, IR_F_PROCESS_NAME, h.program);
    ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, h.pid);
    ir_event_set(ev, IR_F_MESSAGE, h.message);
    ir_dns_unbound_level(&h.message, ev);
    ir_dns_unbound(ev, h.message);
    ir_event_source(ev, IR_LS_LINUX_SYSLOG);
    ir_event_source(ev, IR_LS_LINUX);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 93);
}

static const uint16_t sources[] = {IR_LS_DNS, IR_LS_LINUX, IR_LS_LINUX_SYSLOG, 0};

const struct ir_format ir_format_unbound = {
    .name = "unbound",
    .title = N_("Log files of unbound and NSD"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_YEARLESS | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
