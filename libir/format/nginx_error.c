/*
 * nginx's error log, and the same lines with a journal's "host nginx[pid]: " in front.
 * Not for access lines (access.c) nor for the syslog header with a date (syslog's, which calls the
 * body here). Document: nginx ngx_log.c, ngx_http_request.c (ngx_http_log_error),
 * ngx_mail_handler.c.
 *
 *     yyyy/mm/dd hh:mm:ss [level] pid#tid: *cid message, client: A, server: S, request: "R",
 *         subrequest: "R", upstream: "U", host: "H", referrer: "R"
 *
 * nginx escapes nothing here. The message may hold a user name or a decoded path with ', client:
 * 198.51.100.1, server: …' in it, and so may request, host and referrer, behind the true client.
 * The rules:
 * - A message of fixed words (no user, no path in it) ends at the first ', client: '.
 * - A single ', client: ' in the line is the true one, unless something was cut off behind it that
 *   could have held another: nginx cuts lines at 2047 bytes (OpenResty at 4095), syslog daemons at
 *   other lengths. Whoever asks for a long path chooses where the cut falls, so then nobody is
 * named.
 * - Of several, the one is true from which alone the line reads as nginx writes it to its very end.
 *   When there is none like that, or more than one, nobody is named: what was forged cannot be told
 *   from the line. Lines with several get the tag "log_injection".
 */
#include "base/ip.h"
#include "format/line_bid.h"
#include "format/nginx_tail.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define CLIENT       IR_NGINX_CLIENT
#define PREFIXES_MAX 3
#define LONG_LINE                                                                                  \
    700 /* shorter ones are cut by no logger: what is missing there was lost later                 \
         */

struct head {
    struct ir_str host;  /* of the journal's prefix, or empty */
    struct ir_str stamp; /* from the date to the end of the line */
    struct ir_str level, pid, tid, cid;
    struct ir_str text; /* message and tail */
};

struct tail {
    struct ir_str client, server, request, login, upstream, host, referrer;
};

/* "host nginx[123]: " or "nginx: " at the start of *s. */
static bool take_prefix(struct ir_str *s, struct ir_str *ret_host)
{
    size_t n = ir_str_find(ir_str_head(*s, 320), IR_S("nginx"));
    if (n == IR_NPOS || (n > 0 && s->p[n - 1] != ' ')) return false;
    struct ir_str host = ir_str_trim(ir_str_head(*s, n));
    if (ir_str_chr(host, ' ') != IR_NPOS) return false;
    struct ir_str rest = ir_str_skip(*s, n + 5);
    if (rest.n > 0 && rest.p[0] == '[') {
        size_t i = 1;
        while (i < rest.n && ir_isdigit(rest.p[i]))
            i++;
        if (i == rest.n || rest.p[i] != ']') return false;
        rest = ir_str_skip(rest, i + 1);
    }
    if (!ir_str_starts(rest, IR_S(": "))) return false;
    *s = ir_str_skip(rest, 2);
    *ret_host = host;
    return true;
}

static struct ir_str take_digits(struct ir_str *s)
{
    size_t n = 0;
    while (n < s->n && ir_isdigit(s->p[n]))
        n++;
    struct ir_str digits = ir_str_head(*s, n);
    *s = ir_str_skip(*s, n);
    return digits;
}

static bool take(struct ir_str *s, struct ir_str word)
{
    if (!ir_str_starts(*s, word)) return false;
    *s = ir_str_skip(*s, word.n);
    return true;
}

static bool looks_dated(struct ir_str s)
{
    static const char shape[] = "dddd/dd/dd dd:dd:dd";
    if (s.n < sizeof shape - 1) return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == 'd' ? !ir_isdigit(s.p[i]) : s.p[i] != shape[i]) return false;
    return true;
}

/* "pid#tid: *cid " (an old form has "pid:tid"); the colon and the connection may be missing. */
static bool take_ids(struct ir_str *s, struct head *h)
{
    h->pid = take_digits(s);
    if (h->pid.n == 0 || !(take(s, IR_S("#")) || take(s, IR_S(":")))) return false;
    h->tid = take_digits(s);
    if (h->tid.n == 0) return false;
    take(s, IR_S(":"));
    take(s, IR_S(" "));
    struct ir_str after = *s;
    if (!take(&after, IR_S("*"))) return true;
    h->cid = take_digits(&after);
    if (h->cid.n > 0 && (after.n == 0 || take(&after, IR_S(" ")))) *s = after;
    return true;
}

/* What decides whether a line is ours. The stamp itself is read by take_stamp. */
static bool find_head(struct ir_str rec, struct head *h)
{
    *h = (struct head){.stamp = rec, .host = ir_str_n("", 0)};
    for (int i = 0; i < PREFIXES_MAX && !looks_dated(h->stamp); i++)
        if (!take_prefix(&h->stamp, &h->host)) return false;
    if (!looks_dated(h->stamp)) return false;
    struct ir_str s = ir_str_skip(h->stamp, 19);
    if (take(&s, IR_S("."))) take_digits(&s);
    if (!take(&s, IR_S(" ["))) return false;
    size_t n = 0;
    while (n < s.n && n < 16 && ir_isalpha(s.p[n]))
        n++;
    h->level = ir_str_head(s, n);
    s = ir_str_skip(s, n);
    if (n == 0 || !take(&s, IR_S("] "))) return false;
    if (!ir_str_starts(s, IR_S("PHP ")) && !take_ids(&s, h)) return false; /* PHP names no worker */
    h->text = s;
    return true;
}

static bool take_stamp(const struct head *h, const struct ir_clock *clock, struct ir_event *ev)
{
    return ir_stamp_slash(h->stamp, clock, ev) >= 19;
}

/* The time; without one, when the date does not exist, the rest of the line is as good. */
static void set_time(const struct head *h, const struct ir_clock *clock, struct ir_event *ev)
{
    if (!take_stamp(h, clock, ev)) ir_event_damage(ev, "a time stamp with an impossible date");
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &h)) return IR_BAD;
    set_time(&h, &p->clock, ev);
    return IR_OK;
}

/* A value without quotes: up to the next ", " or the end. */
static struct ir_str take_plain(struct ir_str *s)
{
    size_t n = ir_str_find(*s, IR_S(", "));
    struct ir_str val = n == IR_NPOS ? *s : ir_str_head(*s, n);
    *s = ir_str_skip(*s, val.n);
    return val;
}

/* A value in quotes. Strict: up to the next '"'. Loose, for values that hold quotes themselves: up
 * to the first '"' that another key follows, else up to the last; the referrer, behind which there
 * is no key, up to the last. */
static bool take_quoted(struct ir_str *s, bool strict, bool referrer, struct ir_str *ret_val)
{
    static const char *const next[] = {"\", subrequest: \"", "\", upstream: \"", "\", host: \"",
                                       "\", referrer: \""};
    struct ir_str text = ir_str_skip(*s, 1);
    size_t end = ir_str_chr(text, '"');
    if (!strict) {
        end = IR_NPOS;
        for (size_t i = 0; i < sizeof next / sizeof *next && !referrer; i++) {
            size_t at = ir_str_find(text, ir_str_z(next[i]));
            if (at < end) end = at;
        }
        if (end == IR_NPOS) end = ir_str_rchr(text, '"');
    }
    if (end == IR_NPOS) return false;
    *ret_val = ir_str_head(text, end);
    *s = ir_str_skip(text, end + 1);
    return true;
}

/* Reads the tail from ", client: " on. True when the whole of it was understood. */
static bool read_tail(struct ir_str s, bool strict, struct tail *ret_t)
{
    *ret_t = (struct tail){0};
    struct ir_str subrequest;
    const struct {
        struct ir_str key;
        struct ir_str *val;
    } keys[] = {{IR_S(", request: "), &ret_t->request}, {IR_S(", subrequest: "), &subrequest},
                {IR_S(", login: "), &ret_t->login},     {IR_S(", upstream: "), &ret_t->upstream},
                {IR_S(", host: "), &ret_t->host},       {IR_S(", referrer: "), &ret_t->referrer}};
    if (!take(&s, CLIENT)) return false;
    ret_t->client = take_plain(&s);
    if (ir_str_ends(ret_t->client, IR_NGINX_STARTTLS)) ret_t->client.n -= IR_NGINX_STARTTLS.n;
    if (take(&s, IR_S(", server: "))) ret_t->server = take_plain(&s);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!ir_str_starts(s, keys[i].key)) continue;
        struct ir_str value = ir_str_skip(s, keys[i].key.n);
        if (!ir_str_starts(value, IR_S("\""))) {
            *keys[i].val = take_plain(&value);
        } else if (!take_quoted(&value, strict, keys[i].val == &ret_t->referrer, keys[i].val)) {
            *keys[i].val = ir_str_skip(value, 1); /* cut: what is there */
            return false;
        }
        s = value;
    }
    return ir_str_trim(s).n == 0;
}

/* Messages in which nothing that a client sent can stand before ", client: ". */
static bool is_fixed(struct ir_str message)
{
    static const char *const opens[] = {"limiting ", "delaying ", "access forbidden by rule"};
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++)
        if (ir_str_starts(message, ir_str_z(opens[i]))) return true;
    /* scripts log what they like, without quotes */
    if (ir_str_starts(message, IR_S("[lua]")) || ir_str_starts(message, IR_S("js: "))) return false;
    return ir_str_chr(message, '"') == IR_NPOS && ir_str_chr(message, '\'') == IR_NPOS;
}

/* NGX_MAX_ERROR_STR less the line end, of nginx and of OpenResty. A line of just that length lost
 * its end, and looks whole when the client wants it so. */
static bool at_limit(size_t n)
{
    return n == 2047 || n == 4095;
}

/* Parts h->text into message and tail. Returns the message: all of it when no client can be named.
 */
static struct ir_str split_tail(struct ir_event *ev, const struct head *h, struct tail *ret_t)
{
    struct ir_str text = h->text;
    *ret_t = (struct tail){0};
    size_t at = ir_str_find(text, CLIENT), count;
    bool limit = at_limit(h->stamp.n), fixed = at == IR_NPOS || is_fixed(ir_str_head(text, at));
    if (limit) ir_event_damage(ev, "a line that nginx cut");
    if (at == IR_NPOS) return text;
    if (!fixed) {
        size_t clean = ir_nginx_client(text, at, &count);
        if (count > 1) {
            ir_web_word(ev, IR_F_TAGS, IR_S("log_injection"));
            if (clean == IR_NPOS) return text;
            at = clean;
        }
        if (limit) return text;
    }
    struct ir_str tail = ir_str_skip(text, at);
    if (!read_tail(tail, true, ret_t) && !read_tail(tail, false, ret_t)) {
        ir_event_damage(ev, "a line that was cut"); /* not even loosely */
        if (!fixed && h->stamp.n >= LONG_LINE) {
            *ret_t = (struct tail){0};
            return text;
        }
    }
    return ir_str_head(text, at);
}

/* The user name of the messages that have one; they stand at its end, so that the name may hold
 * anything. */
static struct ir_str user_of(struct ir_str m)
{
    struct ir_str none = {NULL, 0};
    static const char *const ends[] = {"\": password mismatch", "\" was not found in \"",
                                       "\": was not found in \""};
    size_t best = IR_NPOS;
    if (take(&m, IR_S("PAM: user '"))) {
        size_t at = ir_str_rfind(m, IR_S("' - not authenticated"));
        return at == IR_NPOS ? none : ir_str_head(m, at);
    }
    if (!take(&m, IR_S("user \""))) return none;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = ir_str_rfind(m, ir_str_z(ends[i]));
        if (at != IR_NPOS && (best == IR_NPOS || at > best)) best = at;
    }
    return best == IR_NPOS ? none : ir_str_head(m, best);
}

static const struct sort {
    const char *begin, *has; /* either may be NULL */
    const char *action;
    bool failure; /* something was refused to the client: false for troubles of our own */
} sorts[] = {
    {"user \"", "\": password mismatch", "http_auth_failed", true},
    {"user \"", " was not found in \"", "http_auth_failed", true},
    {"PAM: user '", "' - not authenticated", "http_auth_failed", true},
    {NULL, "no user/password was provided", "http_auth_missing", false},
    {NULL, "client login failed", "mail_auth_failed", true},
    {"access forbidden by rule", NULL, "access_forbidden", true},
    {"directory index of \"", "\" is forbidden", "access_forbidden", true},
    {"limiting connections", NULL, "limit_conn", true},
    {"limiting requests", NULL, "limit_req", true},
    {"delaying request", NULL, "limit_req", true},
    {"open() \"", "(2: No such file or directory", "file_not_found", true},
    {"open() \"", "(13: Permission denied", "access_forbidden", true},
    {"\"", "\" is not found (2: ", "file_not_found", true},
    {NULL, "ModSecurity: Access denied", "waf_denied", true},
    {NULL, " upstream", "upstream_failed", false},
    {"upstream ", NULL, "upstream_failed", false},
    {"SSL_", " failed (SSL: ", "ssl_handshake_failed", true},
    {NULL, "while SSL handshaking", "ssl_handshake_failed", false},
    {NULL, "(36: File name too long", "bad_request", true},
    {NULL, "(2: No such file or directory", "file_not_found", true},
    {NULL, "(13: Permission denied", "access_forbidden", true},
    {"client sent ", NULL, "bad_request", true},
};

/* event.action and event.outcome by the words of the message. */
static void add_sort(struct ir_event *ev, struct ir_str message)
{
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        const struct sort *k = &sorts[i];
        if (k->begin != NULL && !ir_str_starts(message, ir_str_z(k->begin))) continue;
        if (k->has != NULL && ir_str_find(message, ir_str_z(k->has)) == IR_NPOS) continue;
        ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(k->action));
        if (k->failure) ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
        return;
    }
}

static bool is_word(struct ir_str s)
{
    return ir_str_chr(s, ' ') == IR_NPOS && ir_str_chr(s, '"') == IR_NPOS;
}

static void add_tail(struct ir_event *ev, const struct tail *t)
{
    struct ir_str host, port, server_port;
    struct ir_ip ip;
    if (ir_str_chr(t->client, '"') == IR_NPOS && ir_str_chr(t->client, '\'') == IR_NPOS)
        ir_web_client(ev, t->client);
    if (t->request.n > 0) ir_web_request(ev, t->request);
    if (t->host.n > 0 && is_word(t->host) && ir_event_get(ev, IR_F_URL_DOMAIN, 0).p == NULL) {
        ir_web_hostport(t->host, &host, &port);
        ir_web_set(ev, IR_F_URL_DOMAIN, host);
        ir_web_number(ev, IR_F_DESTINATION_PORT, port);
    }
    if (t->server.n > 0) {
        ir_web_hostport(t->server, &host, &server_port);
        if (ir_ip_parse(host, &ip))
            ir_web_set(ev, IR_F_DESTINATION_IP, host);
        else
            ir_web_set(ev, IR_F_DESTINATION_DOMAIN, host);
        if (ir_event_get(ev, IR_F_DESTINATION_PORT, 0).p == NULL)
            ir_web_number(ev, IR_F_DESTINATION_PORT, server_port);
    }
    ir_web_set(ev, IR_F_HTTP_REFERRER, t->referrer);
    ir_web_set(ev, IR_F_USER_NAME, t->login);
}

static void set_once(struct ir_event *ev, uint32_t id, enum ir_value_type type, struct ir_str val)
{
    if (val.n > 0 && ir_event_get(ev, id, 0).p == NULL) ir_event_add(ev, id, type, val);
}

/* "client 192.0.2.7:53044 connected to 198.51.100.2:25" of mail and stream: no part of it is the
 * client's words. */
static void add_connected(struct ir_event *ev, struct ir_str message)
{
    struct ir_str host, port;
    size_t at = ir_str_find(message, IR_S(" connected to "));
    if (at == IR_NPOS || !take(&message, IR_S("client "))) return;
    struct ir_str client = ir_str_head(message, at - 7), server = ir_str_skip(message, at + 7);
    if (!is_word(client) || !is_word(server)) return;
    ir_web_client(ev, client);
    ir_web_hostport(server, &host, &port);
    ir_web_set(ev, IR_F_DESTINATION_IP, host);
    ir_web_number(ev, IR_F_DESTINATION_PORT, port);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("connection_start"));
}

static void add_fields(const struct head *h, struct ir_event *ev)
{
    struct tail t;
    ir_event_source(ev, IR_LS_NGINX_ERROR);
    set_once(ev, IR_F_HOST_NAME, IR_V_STRING, h->host);
    ir_event_set(ev, IR_F_LOG_LEVEL, h->level);
    set_once(ev, IR_F_PROCESS_PID, IR_V_NUMBER, h->pid);
    set_once(ev, IR_F_PROCESS_THREAD_ID, IR_V_NUMBER, h->tid);
    if (h->cid.n > 0)
        ir_event_add_named(ev, IR_S("nginx.error.connection_id"), IR_V_NUMBER, h->cid);
    struct ir_str message = split_tail(ev, h, &t);
    add_tail(ev, &t);
    if (t.client.n == 0) add_connected(ev, message);
    bool named = t.client.n > 0 || ir_str_find(message, CLIENT) == IR_NPOS;
    struct ir_str user = named ? user_of(message) : ir_str_n(NULL, 0);
    if (user.p != NULL) ir_web_set(ev, IR_F_USER_NAME, user);
    add_sort(ev, message);
    set_once(ev, IR_F_MESSAGE, IR_V_STRING, message);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &h)) return IR_BAD;
    set_time(&h, &p->clock, ev);
    add_fields(&h, ev);
    return IR_OK;
}

int ir_nginx_error_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev)
{
    struct head h;
    int64_t time = ev->time;
    uint32_t flags = ev->flags;
    if (!find_head(ir_str_trim(body), &h)) return IR_BAD;
    bool good = take_stamp(&h, &p->clock, ev);
    if (!good || ((flags & IR_EV_TIME) && !(flags & IR_EV_YEAR_INFERRED))) {
        ev->time = time; /* the header's stamp has a zone and fractions, ours has not */
        ev->flags = flags;
    } else {
        ev->flags &= ~(uint32_t)IR_EV_YEAR_INFERRED;
    }
    if (!good) ir_event_damage(ev, "a time stamp with an impossible date");
    add_fields(&h, ev);
    return IR_OK;
}

/* Error logs are small, and only a full parse tells a cut line: each record is parsed. */
static bool derived(struct ir_str rec)
{
    (void)rec;
    return true;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 95);
}

static const uint16_t sources[] = {IR_LS_NGINX_ERROR, 0};

const struct ir_format ir_format_nginx_error = {
    .name = "nginx_error",
    .title = N_("Error log of nginx"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
};
