/*
 * Log files of BIND (named) with its own stamps: the channels of `logging { }` that write files.
 * Through syslog it is the format syslog. What the messages say: syslog_dns.c. Document: BIND
 * Administrator Reference Manual, "logging Block" (print-time, print-category, print-severity).
 *
 *     22-Nov-2026 01:02:03.123 [queries: ][info: ]client @0x7f 192.0.2.7#1 (a.example): query: …
 *     2026-11-22T01:02:03.123[Z] …     (print-time iso8601 and iso8601-utc)
 *
 * Many programs write ISO times, so behind such a stamp must stand a category of BIND's or a
 * client as it writes one.
 *
 * Hostile: the name that is asked for, behind all that counts; BIND escapes what is odd in it.
 */
#include "base/time.h"
#include "format/dns.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/syslog.h"
#include "format/web_url.h"

struct head {
    struct ir_str level, message; /* message: behind category and severity */
};

static int two(const char *p)
{
    return ir_isdigit(p[0]) && ir_isdigit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

/* "22-Nov-2026 01:02:03.123 ": bytes taken without the blank; 0 when it is none. */
static size_t local_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    int64_t ns;
    if (s.n < 25 || s.p[2] != '-' || s.p[6] != '-' || s.p[11] != ' ' || s.p[14] != ':' ||
        s.p[17] != ':' || s.p[20] != '.' || s.p[24] != ' ')
        return 0;
    int high = two(s.p + 7), low = two(s.p + 9), milli = two(s.p + 21);
    c.day = two(s.p);
    c.month = ir_month_from_name(ir_str_n(s.p + 3, 3));
    c.hour = two(s.p + 12);
    c.minute = two(s.p + 15);
    c.second = two(s.p + 18);
    if (high < 0 || low < 0 || milli < 0 || !ir_isdigit(s.p[23]) || c.day < 1 || c.month == 0 ||
        c.hour < 0 || c.minute < 0 || c.second < 0)
        return 0;
    c.year = high * 100 + low;
    c.nano = (milli * 10 + (s.p[23] - '0')) * 1000000;
    if (!ir_clock_civil(clock, &c, &ns)) return 0;
    ir_event_time(ev, ns, 0);
    return 24;
}

/* "queries: ", "info: " and "debug 3: ", each of which may be missing. */
static void take_prefixes(struct head *h)
{
    static const struct ir_str levels[] = {IR_S("info"),    IR_S("notice"), IR_S("warning"),
                                           IR_S("error"),   IR_S("debug"),  IR_S("dynamic"),
                                           IR_S("critical")};
    h->level = ir_str_n(NULL, 0);
    for (int i = 0; i < 2; i++) {
        size_t colon = ir_str_find(ir_str_head(h->message, 32), IR_S(": "));
        if (colon == IR_NPOS) return;
        struct ir_str word = ir_str_head(h->message, colon);
        bool level = false;
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++)
            level = level || ir_str_starts(word, levels[k]);
        if (!level && (i == 1 || ir_str_chr(word, ' ') != IR_NPOS)) return;
        if (level) h->level = word;
        h->message = ir_str_skip(h->message, colon + 2);
        if (level) return;
    }
}

/* "2026-11-22T01:02:03.123Z ", or without the Z: the same. */
static size_t iso_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    if (s.n < 25 || s.p[10] != 'T' || s.p[19] != '.') return 0;
    size_t n = s.p[23] == 'Z' ? 24 : 23;
    if (s.p[n] != ' ') return 0;
    return ir_stamp_iso(ir_str_head(s, n), clock, ev) == n ? n : 0;
}

static bool is_bind(struct ir_str s)
{
    static const struct ir_str categories[] = {
        IR_S("queries"),     IR_S("query-errors"),    IR_S("security"),     IR_S("client"),
        IR_S("general"),     IR_S("resolver"),        IR_S("lame-servers"), IR_S("update"),
        IR_S("xfer-in"),     IR_S("xfer-out"),        IR_S("notify"),       IR_S("rate-limit"),
        IR_S("rpz"),         IR_S("update-security"), IR_S("dnssec"),       IR_S("network"),
        IR_S("config"),      IR_S("edns-disabled"),   IR_S("cname"),        IR_S("database"),
        IR_S("zoneload"),    IR_S("rpz-passthru"),    IR_S("dispatch"),     IR_S("serve-stale"),
        IR_S("nsid"),        IR_S("sslkeylog"),       IR_S("spill"),        IR_S("responses"),
        IR_S("unmatched"),   IR_S("dnstap"),          IR_S("default"),      IR_S("delegation-only"),
        IR_S("rpz-passthru")};
    struct ir_str client = s;
    if (ir_syslog_take(&client, IR_S("info: ")) || ir_str_starts(client, IR_S("client "))) {
        if (!ir_syslog_take(&client, IR_S("client "))) return false;
        if (ir_str_starts(client, IR_S("@0x"))) ir_str_cut(&client, ' ');
        struct ir_str addr = ir_syslog_addr_token(client);
        return addr.n > 2 && ir_str_starts(ir_str_skip(client, addr.n), IR_S("#"));
    }
    size_t colon = ir_str_find(ir_str_head(s, 32), IR_S(": "));
    for (size_t i = 0; colon != IR_NPOS && i < sizeof categories / sizeof *categories; i++)
        if (ir_str_eq(ir_str_head(s, colon), categories[i])) return true;
    return false;
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    size_t n = local_stamp(rec, clock, ev);
    if (n == 0) {
        n = iso_stamp(rec, clock, ev);
        if (n == 0 || !is_bind(ir_str_skip(rec, n + 1))) return false;
    }
    h->message = ir_str_skip(rec, n + 1);
    take_prefixes(h);
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
    if (h.level.n > 0) ir_event_set(ev, IR_F_LOG_LEVEL, h.level);
    ir_event_set(ev, IR_F_MESSAGE, h.message);
    ir_dns_bind(ev, h.message);
    ir_event_source(ev, IR_LS_LINUX_SYSLOG); /* what it would be through syslog */
    ir_event_source(ev, IR_LS_LINUX);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 90);
}

static const uint16_t sources[] = {IR_LS_DNS, IR_LS_LINUX, IR_LS_LINUX_SYSLOG, 0};

const struct ir_format ir_format_bind = {
    .name = "bind",
    .title = N_("Log files of BIND (named)"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
