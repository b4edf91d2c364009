/*
 * Squid's access log in its native form ("logformat squid"), with other stamps in front and more
 * fields behind. "logformat combined" is in access.c. Document: squid.conf, directives logformat
 * and access_log.
 *
 *     STAMP ELAPSED CLIENT RESULT/STATUS BYTES METHOD URL USER HIERARCHY/PEER TYPE[ "REFERER"][
 * "AGENT"]
 *
 * STAMP: seconds since 1970 with milliseconds; or a date as Apache writes it, with or without
 * brackets; or ISO 8601.
 *
 * Hostile: the URL, the referer and the agent. Squid encodes blanks in all of them, except with
 * "uri_whitespace allow", when a URL can hold " x HIER_NONE/- y". Two words that look like the
 * hierarchy leave user and peer out.
 */
#include "base/ip.h"
#include "base/time.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct head {
    struct ir_str client, result, status, bytes, method, rest; /* rest: URL and what follows */
};

/* The next word of *s, which loses it and the blanks before it. */
static struct ir_str take_word(struct ir_str *s)
{
    while (s->n > 0 && s->p[0] == ' ')
        *s = ir_str_skip(*s, 1);
    size_t n = ir_str_chr(*s, ' ');
    struct ir_str word = n == IR_NPOS ? *s : ir_str_head(*s, n);
    *s = ir_str_skip(*s, word.n);
    return word;
}

/* "1763812800.123": ten digits, then a fraction or not. Bytes taken. */
static size_t epoch(struct ir_str s, struct ir_event *ev)
{
    uint64_t seconds, frac = 0;
    size_t n = ir_str_chr(ir_str_head(s, 24), ' ');
    if (n == IR_NPOS || n < 10 || !ir_str_u64(ir_str_head(s, 10), &seconds)) return 0;
    if (n > 10) {
        struct ir_str digits = ir_str_n(s.p + 11, n - 11);
        if (s.p[10] != '.' || digits.n > 9 || !ir_str_u64(digits, &frac)) return 0;
        for (size_t i = digits.n; i < 9; i++)
            frac *= 10;
    }
    ir_event_time(ev, (int64_t)seconds * IR_NS + (int64_t)frac, IR_EV_ZONE_KNOWN);
    return n;
}

static size_t take_stamp(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    size_t bracket = s.p[0] == '[', n;
    struct ir_str at = ir_str_skip(s, bracket);
    if (bracket == 0 && s.p[0] == '1' && s.n > 10 && (s.p[10] == '.' || s.p[10] == ' '))
        return epoch(s, ev);
    n = at.n > 4 && at.p[4] == '-' ? ir_stamp_iso(at, clock, ev) : ir_stamp_clf(at, clock, ev);
    if (n == 0) return 0;
    if (bracket == 0) {
        while (n < at.n && at.p[n] != ' ') /* "%tl.%03tu" puts milliseconds behind the zone */
            n++;
        return n;
    }
    return n < at.n && at.p[n] == ']' ? n + 2 : 0;
}

static bool is_number(struct ir_str s)
{
    size_t i = s.n > 1 && s.p[0] == '-';
    if (s.n == 0) return false;
    for (; i < s.n; i++)
        if (!ir_isdigit(s.p[i])) return false;
    return true;
}

/* "TCP_MISS_ABORTED", "UDP_HIT", "NONE", "NONE_NONE" */
static bool is_upper_word(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '_' && !ir_isdigit(s.p[i])) return false;
    return s.n >= 4 && s.p[0] >= 'A' && s.p[0] <= 'Z';
}

static bool find_head(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                      struct head *h)
{
    if (rec.n < 30 || (!ir_isdigit(rec.p[0]) && rec.p[0] != '[')) return false;
    size_t n = take_stamp(rec, clock, ev);
    struct ir_str s = ir_str_skip(rec, n);
    if (n == 0 || s.n == 0 || s.p[0] != ' ' || !is_number(take_word(&s))) return false;
    h->client = take_word(&s);
    struct ir_str code = take_word(&s);
    size_t slash = ir_str_chr(code, '/');
    if (slash == IR_NPOS) return false;
    h->result = ir_str_head(code, slash);
    h->status = ir_str_skip(code, slash + 1);
    h->bytes = take_word(&s);
    h->method = take_word(&s);
    h->rest = ir_str_skip(s, 1);
    return is_upper_word(h->result) && h->status.n == 3 && is_number(h->status) &&
           is_number(h->bytes) && h->method.n > 0 && h->rest.n > 0;
}

/* "HIER_DIRECT/192.0.2.80", and without HIER_ in old versions. */
static bool is_hierarchy(struct ir_str word)
{
    size_t slash = ir_str_chr(word, '/');
    return slash != IR_NPOS && is_upper_word(ir_str_head(word, slash));
}

/* USER HIERARCHY/PEER TYPE and what follows, behind the URL. */
static struct ir_str add_tail(struct ir_event *ev, struct ir_str s)
{
    struct ir_ip ip;
    struct ir_str user = take_word(&s), hierarchy = take_word(&s), type, more;
    if (!is_hierarchy(hierarchy)) return s;
    type = take_word(&s);
    for (more = s; more.n > 0;)
        if (is_hierarchy(take_word(&more))) return s;
    ir_web_set(ev, IR_F_USER_NAME, user);
    struct ir_str peer = ir_str_skip(hierarchy, ir_str_chr(hierarchy, '/') + 1);
    if (ir_ip_parse(peer, &ip))
        ir_web_set(ev, IR_F_DESTINATION_IP, peer);
    else
        ir_web_set(ev, IR_F_DESTINATION_DOMAIN, peer);
    if (!ir_str_eq(type, IR_S("-")))
        ir_event_add_named(ev, IR_S("http.response.mime_type"), IR_V_STRING, type);
    return s;
}

/* One quoted text is the agent, two are the referer and the agent. */
static void add_quoted(struct ir_event *ev, struct ir_str s)
{
    struct ir_str text[2] = {{NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < 2; i++) {
        size_t open = ir_str_chr(s, '"');
        size_t close = open == IR_NPOS ? IR_NPOS : ir_web_quote(s, open + 1);
        if (close == IR_NPOS) break;
        text[i] = ir_str_n(s.p + open + 1, close - open - 1);
        s = ir_str_skip(s, close + 1);
    }
    if (text[1].p != NULL) ir_web_set(ev, IR_F_HTTP_REFERRER, text[0]);
    ir_web_set(ev, IR_F_USER_AGENT, text[1].p != NULL ? text[1] : text[0]);
}

static void add_fields(struct ir_event *ev, const struct head *h)
{
    struct ir_str s = h->rest, url = take_word(&s), method = h->method;
    ir_event_source(ev, IR_LS_PROXY);
    ir_web_client(ev, h->client);
    if (ir_str_starts(url, IR_S("error:")) || ir_str_eq(method, IR_S("-")))
        ir_web_target_fields(ev, ir_str_n(NULL, 0), url);
    else
        ir_web_target_fields(ev, method, url);
    ir_web_status(ev, h->status);
    ir_web_number(ev, IR_F_HTTP_BYTES, h->bytes);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
    ir_event_add_named(ev, IR_S("squid.result"), IR_V_STRING, h->result);
    add_quoted(ev, add_tail(ev, s));
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &p->clock, ev, &h)) return IR_BAD;
    add_fields(ev, &h);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

int ir_squid_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev)
{
    struct head h;
    const int64_t time = ev->time;
    const uint32_t flags = ev->flags;
    if (!find_head(ir_str_trim(body), &p->clock, ev, &h)) {
        ev->time = time;
        ev->flags = flags;
        return IR_BAD;
    }
    ev->flags &= ~(uint32_t)IR_EV_YEAR_INFERRED;
    add_fields(ev, &h);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return find_head(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static bool derived(struct ir_str rec)
{
    return ir_web_derived(rec);
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 95);
}

static const uint16_t sources[] = {IR_LS_PROXY, 0};

const struct ir_format ir_format_squid = {
    .name = "squid",
    .title = N_("Access log of Squid, native form"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STRAYS | IR_FMT_STAMP_FIRST,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
};
