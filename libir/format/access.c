/*
 * Access logs of Apache and nginx: common, combined, vhost_combined, and combined with more fields
 * behind; ProFTPD writes its commands so. Not for logs in JSON; the '[time] …' lines of Nginx Proxy
 * Manager are in access_npm.c. Documents: Apache mod_log_config, nginx ngx_http_log_module.
 *
 *     [vhost[:port] ]client ident user [dd/Mon/yyyy:hh:mm:ss ±zzzz] "request" status
 * bytes["referrer" "agent"[ …]]
 *
 * Nearly every part of a line is chosen by the client. What holds the line together:
 * - Both servers escape a '"' inside a value (\" or \x22). So the first '"' that is not escaped
 * opens the request, and the bracket right before it is the time. A user name may hold "
 * [01/Jan/2000:00:00:00 +0000]" (brackets and blanks are logged as they are): that bracket is not
 * followed by a '"', so it stays a part of the user name. Apache writes an empty user name as ""
 * and that pair is stepped over.
 * - The client and the ident are the first words; the user is all that stands between them and the
 * time.
 * - The request ends at the first '"' that is not escaped and is followed by a status and a size. A
 * quote that is escaped never ends it, whatever follows: better a line without status than a status
 * from an attacker.
 */
#include "base/ip.h"
#include "format/device.h"
#include "format/ftp_command.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define STAMP_MIN         20 /* shortest bracket worth looking for */
#define STAMP_MAX         48
#define STAMP_USUAL       28 /* of "[22/Nov/2026:01:02:03 +0900]" */
#define REQUEST_ID_LENGTH 32

struct head {
    struct ir_str vhost, client; /* vhost.n == 0: none */
    struct ir_str who;           /* ident and user: what stands between the client and the time */
    struct ir_str stamp;         /* inside the brackets */
    size_t quote;                /* of the quote that opens the request */
    bool npm;                    /* begins with '[': only `other` is filled */
    struct ir_access_npm other;
};

/* The bracket that ends right before `quote` (blanks between): its '[' and its ']'. */
static bool bracket_before(struct ir_str rec, size_t quote, size_t *ret_open, size_t *ret_close)
{
    size_t end = quote;
    while (end > 0 && rec.p[end - 1] == ' ')
        end--;
    if (end == quote || end < STAMP_MIN || rec.p[end - 1] != ']') return false;
    const char *open = end > STAMP_USUAL ? rec.p + end - STAMP_USUAL : rec.p;
    if (*open != '[') {
        size_t low = end > STAMP_MAX ? end - STAMP_MAX : 0;
        open = memrchr(rec.p + low, '[', end - 1 - low);
    }
    if (open == NULL || open == rec.p) return false;
    *ret_open = (size_t)(open - rec.p);
    *ret_close = end - 1;
    return rec.p[*ret_open - 1] == ' ' && rec.p[*ret_open + 1] != ' ';
}

/* Finds the quote that opens the request, and the time before it. */
static bool find_time(struct ir_str rec, struct head *h, size_t *ret_open)
{
    size_t from = 0, close;
    for (;;) {
        size_t q = ir_web_quote(rec, from);
        if (q == IR_NPOS) return false;
        if (bracket_before(rec, q, ret_open, &close)) {
            h->quote = q;
            h->stamp = ir_str_n(rec.p + *ret_open + 1, close - *ret_open - 1);
            return true;
        }
        if (!ir_str_starts(ir_str_skip(rec, q), IR_S("\"\" ["))) return false;
        from = q + 2;
    }
}

/* Takes the first word and the blanks behind it off *rest. */
static struct ir_str take_word(struct ir_str *rest)
{
    size_t n = ir_str_chr(*rest, ' ');
    struct ir_str word = n == IR_NPOS ? *rest : ir_str_head(*rest, n);
    *rest = ir_str_skip(*rest, word.n);
    while (rest->n > 0 && rest->p[0] == ' ')
        *rest = ir_str_skip(*rest, 1);
    return word;
}

/* A list of X-Forwarded-For in the client's place ("198.51.100.1, 192.0.2.7 - -"): only the last
 * address was written by a proxy of ours, all before it is the client's claim. */
static void take_list(struct ir_str *client, struct ir_str *who)
{
    while (client->n > 1 && client->p[client->n - 1] == ',' && who->n > 0)
        *client = take_word(who);
}

/* Who stands first: a client, or a virtual host and a client? A syslog header ("Nov 22 01:02:03
 * host") must not pass for either. */
static bool first_words(struct head *h, struct ir_str before)
{
    struct ir_ip ip;
    h->who = before;
    h->client = take_word(&h->who);
    h->vhost = ir_str_n(NULL, 0);
    if (h->who.n > 0 && h->who.p[0] == '-' && (h->who.n == 1 || h->who.p[1] == ' ')) return true;
    take_list(&h->client, &h->who);
    struct ir_str rest = h->who;
    struct ir_str second = take_word(&rest);
    if (second.n > 0 && ir_ip_parse(second, &ip)) {
        h->vhost = h->client;
        h->client = second;
        h->who = rest;
        return true;
    }
    if (ir_ip_parse(h->client, &ip)) return true;
    struct ir_str more = rest;
    struct ir_str third = take_word(&more);
    if (third.n == 0) return false;
    if (ir_str_eq(third, IR_S("-")) && more.n > 0) { /* vhost and the client's name */
        h->vhost = h->client;
        h->client = second;
        h->who = rest;
        return true;
    }
    return more.n == 0 && ir_str_chr(h->client, '.') != IR_NPOS; /* name ident user */
}

/* Everything that decides whether a line is ours; parse and stamp both stand on it. */
static bool find_head(struct ir_str rec, struct head *h)
{
    if (rec.n < STAMP_MIN || rec.p[0] == ' ' || rec.p[0] == '"' || rec.p[0] == '{') return false;
    h->npm = rec.p[0] == '[' && ir_access_npm_head(rec, &h->other);
    if (h->npm) {
        h->stamp = h->other.stamp;
        return true;
    }
    size_t open;
    return find_time(rec, h, &open) && first_words(h, ir_str_head(rec, open - 1));
}

static bool take_stamp(const struct head *h, struct ir_clock *clock, struct ir_event *ev)
{
    return ir_stamp_clf(h->stamp, clock, ev) == h->stamp.n;
}

/* The time; without one, when the date does not exist, the rest of the line is as good. */
static bool set_time(const struct head *h, struct ir_clock *clock, struct ir_event *ev)
{
    if (take_stamp(h, clock, ev)) return true;
    if (ir_stamp_shape(h->stamp) != h->stamp.n) return false;
    ir_event_damage(ev, "a time stamp with an impossible date");
    return true;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return find_head(rec, &h) && set_time(&h, &p->clock, ev) ? IR_OK : IR_BAD;
}

/* " 123" or " -" at *pp, which moves behind it. */
static bool take_number(const char **pp, const char *end, struct ir_str *ret_v)
{
    const char *p = *pp;
    if (p == end || *p++ != ' ') return false;
    const char *start = p;
    while (p < end && ir_isdigit(*p))
        p++;
    if (p == start && p < end && *p == '-') p++;
    *ret_v = ir_str_n(start, (size_t)(p - start));
    *pp = p;
    return p > start && (p == end || *p == ' ' || *p == '\r');
}

bool ir_access_status(struct ir_str rec, size_t close, struct ir_str *ret_status,
                      struct ir_str *ret_bytes, struct ir_str *ret_rest)
{
    const char *p = rec.p + close + 1, *end = rec.p + rec.n;
    struct ir_str status, bytes;
    if (!take_number(&p, end, &status) || !take_number(&p, end, &bytes)) return false;
    if (status.n != 3 && status.p[0] != '-') return false;
    *ret_status = status;
    *ret_bytes = bytes;
    *ret_rest = ir_str_n(p, (size_t)(end - p));
    return true;
}

/* The quote that ends the request, and the numbers behind it. Without such a quote the first one
 * that is not escaped ends it (a format with other fields there), or the end of a cut line. */
static struct ir_str find_request(struct ir_str rec, size_t quote, struct ir_str *ret_status,
                                  struct ir_str *ret_bytes, struct ir_str *ret_rest)
{
    size_t first = ir_web_quote(rec, quote + 1);
    for (size_t q = first; q != IR_NPOS; q = ir_web_quote(rec, q + 1))
        if (ir_access_status(rec, q, ret_status, ret_bytes, ret_rest))
            return ir_str_n(rec.p + quote + 1, q - quote - 1);
    size_t end = first == IR_NPOS ? rec.n : first;
    *ret_status = *ret_bytes = ir_str_n(NULL, 0);
    *ret_rest = ir_str_skip(rec, end + 1);
    return ir_str_n(rec.p + quote + 1, end - quote - 1);
}

/* A record that was cut: its last quoted text does not end, or what follows the last one are not
 * numbers. */
static bool looks_cut(struct ir_str rec)
{
    char last = rec.p[rec.n - 1];
    if (last == '"') return rec.n < 2 || rec.p[rec.n - 2] == ' ';
    size_t quote = ir_str_rchr(rec, '"');
    for (size_t i = quote + 1; i < rec.n; i++)
        if (!ir_isdigit(rec.p[i]) && strchr(" -.", rec.p[i]) == NULL) return true;
    return quote + 1 < rec.n && rec.p[quote + 1] != ' ';
}

/* Escapes in the request, by percent, backslash or a '+' in the query, or in a header; and a target
 * that is no path (a request to a proxy, or bytes that are no request at all), which has another
 * log source. */
static bool derived(struct ir_str rec)
{
    size_t quote = ir_str_chr(rec, '"');
    if (quote == IR_NPOS || looks_cut(rec) || ir_str_chr(rec, '\\') != IR_NPOS) return true;
    struct ir_str request = ir_str_skip(rec, quote + 1);
    size_t blank = ir_str_chr(ir_str_head(request, 24), ' ');
    if (blank == IR_NPOS || blank + 1 >= request.n || request.p[blank + 1] != '/') return true;
    size_t close = ir_str_chr(request, '"');
    struct ir_str status, bytes, rest;
    if (close == IR_NPOS || !ir_access_status(rec, quote + 1 + close, &status, &bytes, &rest))
        return true;
    request = ir_str_head(request, close);
    if (ir_str_chr(request, '%') != IR_NPOS) return true;
    size_t query = ir_str_chr(request, '?');
    return query != IR_NPOS && ir_str_chr(ir_str_skip(request, query), '+') != IR_NPOS;
}

/* The next quoted text of *rest; p == NULL when none is left. A text without its closing quote is
 * cut. */
static struct ir_str take_quoted(struct ir_event *ev, struct ir_str *rest)
{
    size_t open = ir_str_chr(*rest, '"');
    if (open == IR_NPOS) return ir_str_n(NULL, 0);
    size_t close = ir_web_quote(*rest, open + 1);
    if (close == IR_NPOS) {
        ev->flags |= IR_EV_DAMAGED;
        close = rest->n;
    }
    struct ir_str text = ir_str_n(rest->p + open + 1, close - open - 1);
    *rest = ir_str_skip(*rest, close + 1);
    return text;
}

/* "$request_id $remote_user" in the user's place, as some nginx set-ups have it behind a virtual
 * host. */
static struct ir_str without_request_id(struct ir_str user)
{
    if (user.n <= REQUEST_ID_LENGTH + 1 || user.p[REQUEST_ID_LENGTH] != ' ') return user;
    for (size_t i = 0; i < REQUEST_ID_LENGTH; i++)
        if (ir_hexval(user.p[i]) < 0) return user;
    return ir_str_skip(user, REQUEST_ID_LENGTH + 1);
}

static void add_who(struct ir_event *ev, const struct head *h)
{
    size_t comma = ir_str_rchr(h->client, ','); /* a list without blanks: see take_list */
    ir_web_client(ev, comma == IR_NPOS ? h->client : ir_str_skip(h->client, comma + 1));
    struct ir_str user = h->who;
    /* the ident: nobody runs identd, and what it says is hearsay; lighttpd has its host there */
    struct ir_str ident = take_word(&user);
    if (h->vhost.n == 0 && ir_str_chr(ident, '.') != IR_NPOS && user.n > 0) {
        struct ir_str host, port;
        ir_web_hostport(ident, &host, &port);
        ir_web_set(ev, IR_F_DESTINATION_DOMAIN, host);
    }
    user = ir_str_trim(user);
    if (h->vhost.n > 0) user = without_request_id(user);
    if (!ir_str_eq(user, IR_S("\"\""))) ir_web_set(ev, IR_F_USER_NAME, user);
}

static void add_vhost(struct ir_event *ev, struct ir_str vhost, unsigned flags)
{
    if (vhost.n == 0) return;
    struct ir_str host, port;
    ir_web_hostport(vhost, &host, &port);
    if (flags & IR_WEB_HOST) { /* the target named another one, and that is url.domain */
        ir_web_set(ev, IR_F_DESTINATION_DOMAIN, host);
        return;
    }
    ir_web_set(ev, IR_F_URL_DOMAIN, host);
    ir_web_number(ev, IR_F_DESTINATION_PORT, port);
}

static void add_fields(struct ir_str rec, const struct head *h, struct ir_event *ev)
{
    struct ir_str status, bytes, rest;
    add_who(ev, h);
    struct ir_str request = find_request(rec, h->quote, &status, &bytes, &rest);
    if (h->quote + 1 + request.n >= rec.n) ev->flags |= IR_EV_DAMAGED;
    if (ir_ftp_request(ev, request, status)) return; /* ProFTPD's ExtendedLog */
    unsigned flags = ir_web_request(ev, request);
    add_vhost(ev, h->vhost, flags);
    ir_event_source(ev, IR_LS_WEBSERVER);
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    ir_web_status(ev, status);
    ir_web_number(ev, IR_F_HTTP_BODY_BYTES, bytes);
    ir_web_header(ev, IR_F_HTTP_REFERRER, take_quoted(ev, &rest));
    ir_web_header(ev, IR_F_USER_AGENT, take_quoted(ev, &rest));
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
}

static void add_all(struct ir_str rec, const struct head *h, struct ir_event *ev)
{
    if (h->npm)
        ir_access_npm_fields(rec, &h->other, ev);
    else
        add_fields(rec, h, ev);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &h) || !set_time(&h, &p->clock, ev)) return IR_BAD;
    add_all(rec, &h, ev);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

int ir_access_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev)
{
    struct head h;
    int64_t time = ev->time;
    uint32_t flags = ev->flags;
    body = ir_str_trim(body);
    if (!find_head(body, &h)) return IR_BAD;
    if (!take_stamp(&h, &p->clock, ev)) {
        ev->time = time;
        ev->flags = flags;
        return IR_BAD;
    }
    /* the access stamp names year and zone; the header around it often neither */
    ev->flags &= ~(uint32_t)IR_EV_YEAR_INFERRED;
    add_all(body, &h, ev);
    if (ir_event_get(ev, IR_F_MESSAGE, 0).p == NULL) ir_event_set(ev, IR_F_MESSAGE, body);
    return IR_OK;
}

static bool is_mine(struct ir_str line)
{
    struct head h;
    return find_head(line, &h);
}

static int bid(struct ir_str head)
{
    return ir_line_bid(head, is_mine, 95);
}

static const uint16_t sources[] = {IR_LS_WEBSERVER, IR_LS_WEBSERVER_NGINX, 0};
static const struct ir_hint hints[] = {{"\"PASS ", IR_LS_AUTHENTICATION}, {NULL, IR_LS_NONE}};

const struct ir_format ir_format_access = {
    .name = "apache_access",
    .title = N_("Access log of Apache or nginx: common, combined, with virtual host"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STRAYS,
    .sources = sources,
    .more = ir_device_more,
    .hints = hints,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
};
