/*
 * HAProxy: HTTP and TCP log lines and refused connections, bare ("log stdout format raw") and, by
 * ir_haproxy_body, in syslog. Document: HAProxy Configuration Manual, chapter 8 "Logging".
 *
 *     CLIENT:PORT [DATE] FRONTEND BACKEND/SERVER T/T/T/T/T STATUS BYTES CK CK TERM n/n/n/n/n n/n
 *         [{REQUEST HEADERS}] [{RESPONSE HEADERS}] "REQUEST"[ MORE]
 *     CLIENT:PORT [DATE] FRONTEND BACKEND/SERVER T/T/T BYTES TERM n/n/n/n/n n/n
 *     CLIENT:PORT [DATE] FRONTEND/BIND: SSL handshake failure
 *
 * Hostile: captured headers, cookies and the request. HAProxy writes '"', braces and control bytes
 * of these as #XX, so the first '"' opens the request, the next one ends it, and the first '}' ends
 * a capture. All that counts stands before.
 */
#include "format/haproxy.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct head {
    struct ir_str client, stamp, frontend, rest; /* rest: behind the frontend's word */
    bool error;                                  /* "FRONTEND/BIND: words" */
};

static struct ir_str take_word(struct ir_str *s)
{
    size_t n = ir_str_chr(*s, ' ');
    struct ir_str word = n == IR_NPOS ? *s : ir_str_head(*s, n);
    *s = ir_str_skip(*s, word.n + 1);
    return word;
}

static bool only(struct ir_str s, const char *chars)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i]) && strchr(chars, s.p[i]) == NULL) return false;
    return s.n > 0;
}

static size_t slashes(struct ir_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '/';
    return n;
}

static bool is_client(struct ir_str s)
{
    size_t colon = ir_str_rchr(s, ':');
    if (ir_str_starts(s, IR_S("unix:"))) return true;
    return colon != IR_NPOS && colon > 1 && colon + 1 < s.n &&
           only(ir_str_skip(s, colon + 1), "") && s.n <= 64 &&
           (ir_isalnum(s.p[0]) || s.p[0] == ':' || s.p[0] == '[');
}

static bool find_head(struct ir_str rec, struct head *h)
{
    struct ir_str s = rec, after;
    h->client = take_word(&s);
    if (!is_client(h->client) || s.n < 30 || s.p[0] != '[') return false;
    size_t close = ir_str_chr(ir_str_head(s, 40), ']');
    if (close == IR_NPOS || close + 2 >= s.n || s.p[close + 1] != ' ') return false;
    h->stamp = ir_str_n(s.p + 1, close - 1);
    s = ir_str_skip(s, close + 2);
    h->frontend = take_word(&s);
    h->rest = s;
    h->error = h->frontend.n > 2 && h->frontend.p[h->frontend.n - 1] == ':';
    if (h->error) return s.n > 0;
    if (ir_str_chr(take_word(&s), '/') == IR_NPOS) return false;
    after = take_word(&s);
    return only(after, "-+/") && slashes(after) >= 2 && slashes(after) <= 4;
}

static bool take_stamp(const struct head *h, struct ir_clock *clock, struct ir_event *ev)
{
    return ir_stamp_clf(h->stamp, clock, ev) == h->stamp.n;
}

/* "192.0.2.7:4021", "2001:db8::7:4021": the port stands behind the last colon. */
static void add_client(struct ir_event *ev, struct ir_str s)
{
    size_t colon = ir_str_rchr(s, ':');
    if (ir_str_starts(s, IR_S("unix:"))) return;
    ir_web_client(ev, ir_str_head(s, colon));
    ir_web_number(ev, IR_F_SOURCE_PORT, ir_str_skip(s, colon + 1));
}

/* "{…}" at the start of *s, off it. */
static struct ir_str take_capture(struct ir_str *s)
{
    struct ir_str none = {NULL, 0};
    if (s->n == 0 || s->p[0] != '{') return none;
    size_t end = ir_str_chr(*s, '}');
    if (end == IR_NPOS) return none;
    struct ir_str in = ir_str_n(s->p + 1, end - 1);
    *s = ir_str_skip(*s, end + 1);
    if (ir_str_starts(*s, IR_S(" "))) *s = ir_str_skip(*s, 1);
    return in;
}

/* "Mozilla/5.0 (…", "curl/8.5": a word, a slash, a digit. Hosts, addresses and referrers have no
 * such start, nor have types and languages. */
static bool is_agent(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && (ir_isalnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '_'))
        i++;
    return i > 0 && ir_isalpha(s.p[0]) && i + 1 < s.n && s.p[i] == '/' && ir_isdigit(s.p[i + 1]);
}

/* A captured header that can only be an agent. */
static void add_agent(struct ir_event *ev, struct ir_str captures)
{
    while (captures.p != NULL) {
        struct ir_str one = ir_str_cut(&captures, '|');
        if (is_agent(one)) {
            ir_event_set(ev, IR_F_USER_AGENT, one);
            return;
        }
    }
}

/* Behind the timers of an HTTP line. */
static void http_fields(struct ir_event *ev, struct ir_str s)
{
    struct ir_str status = take_word(&s), bytes = take_word(&s);
    take_word(&s);
    take_word(&s); /* two cookies */
    struct ir_str termination = take_word(&s);
    take_word(&s);
    take_word(&s); /* connections, queues */
    struct ir_str request_headers = take_capture(&s);
    take_capture(&s);
    ir_event_source(ev, IR_LS_WEBSERVER);
    size_t open = ir_str_chr(s, '"');
    if (open != IR_NPOS) {
        s = ir_str_skip(s, open + 1);
        size_t close = ir_str_chr(s, '"');
        if (close == IR_NPOS) ir_event_damage(ev, "a line that was cut");
        ir_web_request(ev, close == IR_NPOS ? s : ir_str_head(s, close));
    }
    ir_web_status(ev, status);
    if (bytes.n > 0 && bytes.p[0] == '+') bytes = ir_str_skip(bytes, 1);
    ir_web_number(ev, IR_F_HTTP_BYTES, bytes);
    ir_event_add_named(ev, IR_S("haproxy.termination_state"), IR_V_STRING, termination);
    if (request_headers.n > 0) {
        ir_event_add_named(ev, IR_S("haproxy.captured_request_headers"), IR_V_STRING,
                           request_headers);
        add_agent(ev, request_headers);
    }
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
}

static void tcp_fields(struct ir_event *ev, struct ir_str s)
{
    struct ir_str bytes = take_word(&s);
    if (bytes.n > 0 && bytes.p[0] == '+') bytes = ir_str_skip(bytes, 1);
    ir_web_number(ev, IR_F_NETWORK_BYTES, bytes);
    ir_event_add_named(ev, IR_S("haproxy.termination_state"), IR_V_STRING, take_word(&s));
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("connection"));
}

static void error_fields(struct ir_event *ev, struct ir_str s)
{
    bool tls = ir_str_find(s, IR_S("SSL handshake")) != IR_NPOS ||
               ir_str_find(s, IR_S("SSL client")) != IR_NPOS;
    ir_web_word(ev, IR_F_EVENT_ACTION, tls ? IR_S("tls_handshake_failed") : IR_S("connection"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
    ir_event_set(ev, IR_F_ERROR_MESSAGE, s);
}

static void add_fields(struct ir_event *ev, const struct head *h)
{
    struct ir_str s = h->rest, frontend = h->frontend;
    add_client(ev, h->client);
    while (frontend.n > 0 && strchr("~:", frontend.p[frontend.n - 1]) != NULL)
        frontend.n--;
    ir_event_add_named(ev, IR_S("haproxy.frontend"), IR_V_STRING, frontend);
    if (h->error) {
        error_fields(ev, s);
        return;
    }
    struct ir_str both = take_word(&s);
    size_t slash = ir_str_chr(both, '/');
    ir_event_add_named(ev, IR_S("haproxy.backend"), IR_V_STRING, ir_str_head(both, slash));
    ir_event_add_named(ev, IR_S("haproxy.server"), IR_V_STRING, ir_str_skip(both, slash + 1));
    if (slashes(take_word(&s)) == 4)
        http_fields(ev, s);
    else
        tcp_fields(ev, s);
}

int ir_haproxy_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev)
{
    struct head h;
    const int64_t time = ev->time;
    const uint32_t flags = ev->flags;
    body = ir_str_trim(body);
    if (!find_head(body, &h) || !take_stamp(&h, &p->clock, ev)) {
        ev->time = time;
        ev->flags = flags;
        return IR_BAD;
    }
    if ((flags & IR_EV_TIME) && !(flags & IR_EV_YEAR_INFERRED)) {
        ev->time = time;
        ev->flags = flags;
    } else {
        ev->flags &= ~(uint32_t)IR_EV_YEAR_INFERRED;
    }
    add_fields(ev, &h);
    return IR_OK;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &h) || !take_stamp(&h, &p->clock, ev)) return IR_BAD;
    add_fields(ev, &h);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return find_head(rec, &h) && take_stamp(&h, &p->clock, ev) ? IR_OK : IR_BAD;
}

/* Escapes in the target, or TCP lines, which are of no log source: both must be parsed. */
static bool derived(struct ir_str rec)
{
    return ir_web_derived(rec) || rec.p[rec.n - 1] != '"';
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 94);
}

static const uint16_t sources[] = {IR_LS_WEBSERVER, 0};

const struct ir_format ir_format_haproxy = {
    .name = "haproxy",
    .title = N_("HAProxy without a syslog head"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
};
