/*
 * Exim's main log and reject log. Not for what the messages say: syslog_exim.c, which the syslog
 * format uses too. Document: the Exim specification, chapter "Log files".
 *
 *     2026-11-22 01:02:03[.345][ +0900] [[PID] ]MESSAGE
 *
 * Many programs begin their lines with that stamp. An input counts as Exim's when its messages
 * begin as Exim's kinds do: a message id, H=, "NAME authenticator failed", and a list of words;
 * then each line with the stamp is a record.
 */
#include "format/exim.h"
#include "format/format.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct head {
    struct ir_str pid, message;
};

/* "1rABCd-000123-Ab <= " */
static bool begins_with_id(struct ir_str s)
{
    size_t i = 0;
    unsigned dashes = 0;
    while (i < s.n && i < 28 && (ir_isalnum(s.p[i]) || s.p[i] == '-'))
        dashes += s.p[i++] == '-';
    return dashes == 2 && i >= 16 && s.p[6] == '-' && i < s.n && s.p[i] == ' ';
}

static bool is_exim(struct ir_str s)
{
    static const struct ir_str begins[] = {
        IR_S("H="),
        IR_S("SMTP "),
        IR_S("SMTP protocol "),
        IR_S("no host name found for IP address "),
        IR_S("no IP address found for host "),
        IR_S("TLS error on connection from "),
        IR_S("unexpected disconnection while reading SMTP command from "),
        IR_S("Connection from "),
        IR_S("unqualified "),
        IR_S("rejected "),
        IR_S("Start queue run: pid="),
        IR_S("End queue run: pid="),
        IR_S("exim "),
        IR_S("VRFY failed for "),
        IR_S("EXPN ")};
    if (begins_with_id(s)) return true;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (ir_str_starts(s, begins[i])) return true;
    struct ir_str start = ir_str_head(s, 96);
    return ir_str_find(start, IR_S(" authenticator failed for ")) != IR_NPOS ||
           ir_str_find(start, IR_S(" authenticator failed H=")) != IR_NPOS;
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    struct ir_str pid;
    if (rec.n < 24 || rec.p[10] != ' ' || rec.p[4] != '-' || !ir_isdigit(rec.p[0])) return false;
    size_t n = ir_stamp_slash(rec, clock, ev);
    if (n == 0 || n >= rec.n || rec.p[n] != ' ') return false;
    h->message = ir_str_skip(rec, n + 1);
    h->message = ir_str_skip(h->message, ir_exim_pid(h->message, &pid));
    h->pid = pid;
    return h->message.n > 0;
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
    ir_event_source(ev, IR_LS_LINUX_SYSLOG); /* what it would be through syslog */
    ir_event_source(ev, IR_LS_LINUX);
    if (h.pid.n > 0) ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, h.pid);
    ir_event_set(ev, IR_F_MESSAGE, h.message);
    ir_exim_message(ev, h.message);
    return IR_OK;
}

static bool is_mine(struct ir_str line)
{
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    struct head h;
    return accept(line, &clock, &scratch, &h) && is_exim(h.message);
}

static int bid(struct ir_str head)
{
    return ir_line_bid(head, is_mine, 92);
}

static const uint16_t sources[] = {IR_LS_LINUX, IR_LS_LINUX_SYSLOG, 0};

const struct ir_format ir_format_exim = {
    .name = "exim",
    .title = N_("Main and reject log of Exim"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
