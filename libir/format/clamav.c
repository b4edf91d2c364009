/*
 * ClamAV's own files: clamd's and freshclam's ("Sun Nov 22 01:02:03 2026 -> text", without the
 * stamp when LogTime is off) and reports of clamscan ("/path: Signature FOUND").
 * Document: clamd.conf(5) LogFile and LogTime, clamscan(1) --log. What the messages say is in
 * syslog_guard.c.
 *
 * Hostile: file names. One that ends in ": Eicar FOUND" makes no finding of its own: only the last
 * ": " counts, and a report has a line of its own for each file.
 */
#include "format/own_file.h"
#include "format/stamp.h"

/* The table of counts that closes a report. A report of clamscan names only what it found, so these
 * are most of its lines. */
static bool is_summary(struct ir_str s)
{
    static const struct ir_str begins[] = {
        IR_S("----------- SCAN SUMMARY -----------"),
        IR_S("Known viruses: "),
        IR_S("Engine version: "),
        IR_S("Scanned directories: "),
        IR_S("Scanned files: "),
        IR_S("Infected files: "),
        IR_S("Total errors: "),
        IR_S("Data scanned: "),
        IR_S("Data read: "),
        IR_S("Start Date: "),
        IR_S("End Date: "),
        IR_S("-----------------------------------------------------------------------------")};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (ir_str_starts(s, begins[i])) return true;
    return ir_str_starts(s, IR_S("Time: ")) && ir_str_find(s, IR_S(" sec (")) != IR_NPOS;
}

static bool accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                   struct ir_syslog *h)
{
    size_t n = rec.n > 28 && ir_isalpha(rec.p[0]) ? ir_stamp_asctime(rec, clock, ev) : 0;
    struct ir_str s = ir_str_skip(rec, n);
    if (n != 0) {
        if (!ir_syslog_take(&s, IR_S(" -> "))) return false;
        h->msg = s;
        return true;
    }
    if (is_summary(s)) {
        h->msg = s;
        return true;
    }
    if (s.n < 4 || (s.p[0] != '/' && s.p[1] != ':')) return false;
    if (!ir_str_ends(s, IR_S(" FOUND")) && !ir_str_ends(s, IR_S(": OK")) &&
        !ir_str_ends(s, IR_S(": Empty file")))
        return false;
    h->msg = s;
    return ir_str_find(s, IR_S(": ")) != IR_NPOS;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {.parser = p};
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_own_fields(&h, ev, IR_LS_LINUX_CLAMAV, true);
    ir_syslog_clamav(&h, ev);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_syslog h = {0};
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static bool sure(struct ir_str msg)
{
    return ir_str_ends(msg, IR_S(" FOUND")) ||
           ir_str_find(msg, IR_S(" SCAN SUMMARY ")) != IR_NPOS || ir_str_ends(msg, IR_S(": OK")) ||
           ir_str_find(msg, IR_S("ClamAV")) != IR_NPOS ||
           ir_str_find(msg, IR_S(".c")) != IR_NPOS || /* daily.cvd, daily.cld */
           ir_str_starts(msg, IR_S("SelfCheck")) || ir_str_starts(msg, IR_S("+++ Started")) ||
           ir_str_starts(msg, IR_S("Received signal"));
}

static int bid(struct ir_str head)
{
    struct ir_own_share n = ir_own_share(head, accept, sure);
    return n.sure > 0 && n.good * 3 > n.lines ? 50 + 42 * n.good / n.lines : 0;
}

static const uint16_t sources[] = {IR_LS_LINUX_CLAMAV, IR_LS_LINUX, IR_LS_ANTIVIRUS, 0};

const struct ir_format ir_format_clamav = {
    .name = "clamav",
    .title = N_("ClamAV: clamd and freshclam logs, clamscan reports"),
    .flags = IR_FMT_VERBATIM,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
