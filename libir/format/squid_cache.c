/*
 * Squid's cache.log: what the proxy says of itself, and its security alerts. Its access log is in
 * squid.c. Document: Squid's src/debug/debug.cc (the head of a line), client_side_request.cc.
 *
 *     2026/11/22 01:02:03 kid1| Starting Squid Cache version 5.7 for x86_64-pc-linux-gnu...
 *     2026/11/22 01:02:03.123| 33,2| client_side.cc(9) …                     with debug sections
 *     2026/11/22 01:02:03 kid1| SECURITY ALERT: Host header forgery detected on
 *         local=198.51.100.2:443 remote=192.0.2.7:51234 FD 12 flags=33 (local IP does not match …)
 *
 * Hostile: agents and URLs of alerts, which the client sent; they stand at the end of their line.
 */
#include "format/line_bid.h"
#include "format/phrase.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define MESSAGE_MAX 4096u

static const struct ir_phrase rows[] = {
    {"SECURITY ALERT: Host header forgery detected on local=%Q remote=%q FD %z",
     "host_header_forgery", IR_SAYS_FAILURE},
    {"SECURITY ALERT: Host header forgery detected on %w local=%Q remote=%q FD %z",
     "host_header_forgery", IR_SAYS_FAILURE},
    {"SECURITY ALERT: By user agent: %z", "host_header_forgery_agent", IR_SAYS_NOTHING},
    {"SECURITY ALERT: on URL: %z", "host_header_forgery_url", IR_SAYS_NOTHING},
    {"Starting Squid Cache version %w for %z", "service_started", IR_SAYS_NOTHING},
    {"Squid Cache (Version %w): Exiting normally.", "service_stopped", IR_SAYS_NOTHING},
    {"Squid Cache (Version %w): Terminated abnormally.", "service_failed", IR_SAYS_NOTHING},
    {"Detected DEAD Parent: %z", "parent_dead", IR_SAYS_NOTHING},
    {"TCP connection to %A/%P failed", "connection_failed", IR_SAYS_FAILURE},
};

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct ir_str *ret_text)
{
    size_t n = rec.n > 20 && rec.p[4] == '/' ? ir_stamp_slash(rec, clock, ev) : 0;
    struct ir_str s = ir_str_skip(rec, n);
    if (n == 0) return false;
    if (ir_str_starts(s, IR_S(" kid"))) {
        s = ir_str_skip(s, 4);
        while (s.n > 0 && ir_isdigit(s.p[0]))
            s = ir_str_skip(s, 1);
    }
    if (!ir_str_starts(s, IR_S("| "))) return false;
    *ret_text = ir_str_skip(s, 2);
    return true;
}

/* "WARNING: ", "SECURITY ALERT: ": capitals to the colon. */
static struct ir_str level(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && n < 20 && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == ' '))
        n++;
    return n > 2 && n + 1 < s.n && s.p[n] == ':' && s.p[n + 1] == ' ' ? ir_str_head(s, n)
                                                                      : ir_str_n(NULL, 0);
}

static void client_words(struct ir_str text, struct ir_event *ev)
{
    static const struct {
        struct ir_str lead;
        uint32_t id;
    } leads[] = {{IR_S("SECURITY ALERT: By user agent: "), IR_F_USER_AGENT},
                 {IR_S("SECURITY ALERT: on URL: "), IR_F_URL_ORIGINAL}};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (ir_str_starts(text, leads[i].lead))
            ir_web_set(ev, leads[i].id, ir_str_skip(text, leads[i].lead.n));
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str text;
    if (!accept(rec, &p->clock, ev, &text)) return IR_BAD;
    ir_event_source(ev, IR_LS_SQUID_CACHE);
    ir_web_set(ev, IR_F_LOG_LEVEL, level(text));
    ir_event_set(ev, IR_F_MESSAGE, text);
    client_words(text, ev);
    if (text.n <= MESSAGE_MAX) ir_phrase_any(ev, text, rows, sizeof rows / sizeof *rows);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str text;
    return accept(rec, &p->clock, ev, &text) ? IR_OK : IR_BAD;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 94);
}

static const uint16_t sources[] = {IR_LS_SQUID_CACHE, 0};

const struct ir_format ir_format_squid_cache = {
    .name = "squid_cache",
    .title = N_("Squid's own log (cache.log)"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
