/*
 * The error log of lighttpd, and by ir_lighttpd_message its messages in syslog. Its access log is
 * in access.c. Document: the sources (log.c, mod_auth.c).
 *
 *     2026-11-22 01:02:03: (mod_auth.c.853) password doesn't match for /x username: bob IP: ADDR
 *     2026-11-22 01:02:03: (mod_auth.c.791) digest: auth failed for  bob : wrong password, IP: ADDR
 *     2026-11-22 01:02:03: (connections.c.714) invalid request-line -> sending Status 400 (ADDR)
 *
 * Hostile: path and user stand before the address, which ends the line; so it is read from there.
 *
 * event.action: http_auth_failed, bad_request; else none.
 */
#include "format/lighttpd.h"

#include "base/ip.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

/* "(FILE.c.LINE) ", also without the first bracket, as some versions lost it: bytes taken. */
static size_t place(struct ir_str s)
{
    size_t end = ir_str_find(ir_str_head(s, 64), IR_S(") "));
    if (end == IR_NPOS) return 0;
    struct ir_str in = ir_str_head(s, end);
    size_t dot = ir_str_find(in, IR_S(".c."));
    if (dot == IR_NPOS || ir_str_chr(in, ' ') != IR_NPOS || dot + 3 >= in.n) return 0;
    for (size_t i = dot + 3; i < in.n; i++)
        if (!ir_isdigit(in.p[i])) return 0;
    return end + 2;
}

static struct ir_str between(struct ir_str s, struct ir_str from, struct ir_str to)
{
    size_t at = ir_str_find(s, from);
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + from.n);
    at = ir_str_rfind(s, to);
    return at == IR_NPOS ? s : ir_str_head(s, at);
}

/* "… -> sending Status 400 (192.0.2.7)", "unexpected TLS ClientHello on clear port (192.0.2.7)" */
static void bad_request(struct ir_event *ev, struct ir_str message)
{
    struct ir_ip ip;
    size_t open = ir_str_rfind(message, IR_S(" ("));
    if (open == IR_NPOS || message.p[message.n - 1] != ')') return;
    struct ir_str words = ir_str_head(message, open);
    struct ir_str addr = ir_str_n(message.p + open + 2, message.n - open - 3);
    bool tls = ir_str_starts(words, IR_S("unexpected TLS ClientHello"));
    if ((!tls && ir_str_find(words, IR_S(" -> sending Status 4")) == IR_NPOS) ||
        !ir_ip_parse(addr, &ip))
        return;
    ir_web_client(ev, addr);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("bad_request"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
}

bool ir_lighttpd_message(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    size_t n = place(s);
    if (n == 0) return false;
    ir_event_source(ev, IR_LS_LIGHTTPD_ERROR);
    struct ir_str message = ir_str_skip(s, n);
    size_t at = ir_str_rfind(message, IR_S(" IP: "));
    if (at == IR_NPOS) {
        bad_request(ev, message);
        return true;
    }
    struct ir_str addr = ir_str_trim(ir_str_skip(message, at + 5));
    if (!ir_ip_parse(addr, &ip)) return true;
    ir_web_client(ev, addr);
    struct ir_str words = ir_str_head(message, at), user = {NULL, 0};
    if (words.n > 0 && words.p[words.n - 1] == ',') words.n--;
    if (ir_str_starts(words, IR_S("password doesn't match for "))) {
        size_t name = ir_str_find(words, IR_S(" username: "));
        if (name != IR_NPOS) user = ir_str_skip(words, name + 11);
        /* the path is decoded and can hold the same words */
        if (ir_str_find(user, IR_S(" username: ")) != IR_NPOS) user.n = 0;
    } else if (ir_str_starts(words, IR_S("digest: auth failed for "))) {
        user = ir_str_trim(between(words, IR_S("auth failed for "), IR_S(" : ")));
    } else if (!ir_str_starts(words, IR_S("digest: auth failed")) &&
               !ir_str_starts(words, IR_S("get_password failed"))) {
        return true;
    }
    ir_web_set(ev, IR_F_USER_NAME, user);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_auth_failed"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
    return true;
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct ir_str *ret_message)
{
    if (rec.n < 30 || !ir_isdigit(rec.p[0]) || rec.p[19] != ':' || rec.p[20] != ' ') return false;
    if (ir_stamp_slash(rec, clock, ev) != 19) return false;
    *ret_message = ir_str_skip(rec, 21);
    return place(*ret_message) != 0;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str message;
    return accept(rec, &p->clock, ev, &message) ? IR_OK : IR_BAD;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str message;
    if (!accept(rec, &p->clock, ev, &message)) return IR_BAD;
    ir_event_set(ev, IR_F_MESSAGE, message);
    ir_lighttpd_message(ev, message);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 95);
}

static const uint16_t sources[] = {IR_LS_LIGHTTPD_ERROR, 0};

const struct ir_format ir_format_lighttpd_error = {
    .name = "lighttpd_error",
    .title = N_("Error log of lighttpd"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
