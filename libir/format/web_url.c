/*
 * The request line and its target: splitting, decoding, fields. See web_url.h.
 *
 * Nothing here judges a request; it only says what stands where. A target is split the way a
 * lenient server would, never refused, because the odd requests are the interesting ones.
 */
#include "format/web_url.h"

#include "base/ip.h"

#define METHOD_MAX    32
#define EXTENSION_MAX 16

size_t ir_web_quote(struct ir_str s, size_t from)
{
    while (from < s.n) {
        const char *q = memchr(s.p + from, '"', s.n - from);
        if (q == NULL) return IR_NPOS;
        size_t at = (size_t)(q - s.p), slashes = 0;
        while (slashes < at - from && q[-1 - (ptrdiff_t)slashes] == '\\')
            slashes++;
        if (slashes % 2 == 0) return at;
        from = at + 1;
    }
    return IR_NPOS;
}

static int unescape_byte(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'v': return '\v';
    case 'f': return '\f';
    case '"': return '"';
    case '\\': return '\\';
    default: return -1;
    }
}

/* Two hex digits at p, or -1. */
static int hex_pair(const char *p)
{
    int hi = ir_hexval(p[0]), lo = ir_hexval(p[1]);
    return hi < 0 || lo < 0 ? -1 : hi * 16 + lo;
}

size_t ir_web_unescape(struct ir_str in, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        int c = -1;
        if (in.p[i] == '\\' && i + 1 < in.n) {
            c = unescape_byte(in.p[i + 1]);
            if (c >= 0) {
                i += 1;
            } else if (in.p[i + 1] == 'x' && in.n - i > 3) {
                c = hex_pair(in.p + i + 2);
                if (c >= 0) i += 3;
            }
        }
        out[n++] = c >= 0 ? (char)c : in.p[i];
    }
    return n;
}

size_t ir_web_percent(struct ir_str in, char *out, size_t *at_query)
{
    size_t n = 0, query = IR_NPOS;
    for (size_t i = 0; i < in.n; i++) {
        if (i == *at_query) query = n;
        char c = in.p[i];
        if (c == '%' && in.n - i > 2) {
            int v = hex_pair(in.p + i + 1);
            if (v >= 0) {
                c = (char)v;
                i += 2;
            }
        } else if (c == '+' && query != IR_NPOS) {
            c = ' ';
        }
        out[n++] = c;
    }
    *at_query = query;
    return n;
}

void ir_web_hostport(struct ir_str s, struct ir_str *ret_host, struct ir_str *ret_port)
{
    size_t at = ir_str_rchr(s, '@');
    if (at != IR_NPOS) s = ir_str_skip(s, at + 1);
    *ret_port = ir_str_n(NULL, 0);
    *ret_host = s;
    size_t colon = ir_str_rchr(s, ':');
    if (s.n > 0 && s.p[0] == '[') {
        size_t end = ir_str_chr(s, ']');
        if (end == IR_NPOS) return;
        *ret_host = ir_str_n(s.p + 1, end - 1);
        if (colon != end + 1) return;
    } else if (colon == IR_NPOS || ir_str_chr(s, ':') != colon) {
        return; /* no port, or a bare IPv6 address */
    }
    struct ir_str port = ir_str_skip(s, colon + 1);
    if (s.p[0] != '[') *ret_host = ir_str_head(s, colon);
    uint64_t v;
    if (port.n >= 1 && port.n <= 5 && ir_str_u64(port, &v)) *ret_port = port;
}

static struct ir_str extension_of(struct ir_str path)
{
    struct ir_str none = {NULL, 0};
    size_t slash = ir_str_rchr(path, '/');
    struct ir_str name = slash == IR_NPOS ? path : ir_str_skip(path, slash + 1);
    size_t semi = ir_str_chr(name, ';'); /* ";jsessionid=…" */
    if (semi != IR_NPOS) name = ir_str_head(name, semi);
    size_t dot = ir_str_rchr(name, '.');
    if (dot == IR_NPOS) return none;
    struct ir_str ext = ir_str_skip(name, dot + 1);
    return ext.n == 0 || ext.n > EXTENSION_MAX ? none : ext;
}

/* Length of "scheme" when the target begins with "scheme://", else 0. */
static size_t scheme_length(struct ir_str t)
{
    size_t n = 0;
    while (n < t.n && (ir_isalnum(t.p[n]) || t.p[n] == '+' || t.p[n] == '.' || t.p[n] == '-'))
        n++;
    return n > 0 && t.n - n >= 3 && memcmp(t.p + n, "://", 3) == 0 ? n : 0;
}

void ir_web_split(struct ir_str target, bool authority, struct ir_web_target *ret_t)
{
    *ret_t = (struct ir_web_target){0};
    if (authority) {
        ir_web_hostport(target, &ret_t->host, &ret_t->port);
        return;
    }
    struct ir_str rest = target;
    size_t scheme = rest.n > 0 && rest.p[0] != '/' ? scheme_length(rest) : 0;
    if (scheme > 0) {
        ret_t->scheme = ir_str_head(rest, scheme);
        rest = ir_str_skip(rest, scheme + 3);
        size_t end = 0;
        while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
            end++;
        ir_web_hostport(ir_str_head(rest, end), &ret_t->host, &ret_t->port);
        rest = ir_str_skip(rest, end);
    }
    size_t query = ir_str_chr(rest, '?');
    if (query != IR_NPOS) {
        ret_t->query = ir_str_skip(rest, query + 1);
        rest = ir_str_head(rest, query);
    }
    if (rest.n > 0) ret_t->path = rest;
    ret_t->extension = extension_of(rest);
}

/* The target is searched decoded once and twice: servers, proxies and applications each undo one
 * layer. */
static void add_decoded(struct ir_event *ev, struct ir_str logged)
{
    struct ir_str target = logged;
    char *once = ir_arena_alloc(ev->arena, target.n);
    if (once == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return;
    }
    size_t query = ir_str_chr(target, '?');
    if (ir_str_chr(target, '\\') != IR_NPOS) {
        /* in place is safe: both decoders write at or behind the byte that they read */
        struct ir_str plain = ir_str_n(once, ir_web_unescape(target, once));
        query = ir_str_chr(plain, '?');
        target = plain;
    }
    struct ir_str one = ir_str_n(once, ir_web_percent(target, once, &query));
    if (!ir_str_eq(one, logged)) ir_event_derive(ev, IR_F_URL_DECODED, one);
    if (ir_str_chr(one, '%') == IR_NPOS) return;
    char *twice = ir_arena_alloc(ev->arena, one.n);
    if (twice == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return;
    }
    struct ir_str two = ir_str_n(twice, ir_web_percent(one, twice, &query));
    if (!ir_str_eq(one, two)) ir_event_derive(ev, IR_F_URL_DECODED, two);
}

static bool needs_decoding(struct ir_str s)
{
    if (ir_str_chr(s, '%') != IR_NPOS || ir_str_chr(s, '\\') != IR_NPOS) return true;
    size_t plus = ir_str_chr(s, '+');
    return plus != IR_NPOS && ir_str_chr(s, '?') != IR_NPOS;
}

bool ir_web_derived(struct ir_str request)
{
    return needs_decoding(request);
}

static void set_part(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    if (val.p != NULL) ir_event_set(ev, id, val);
}

unsigned ir_web_target_fields(struct ir_event *ev, struct ir_str method, struct ir_str target)
{
    bool connect = ir_str_eq(method, IR_S("CONNECT"));
    if (method.n > 0) ir_event_set(ev, IR_F_HTTP_METHOD, method);
    if (target.n == 0) return 0;
    ir_event_set(ev, IR_F_URL_ORIGINAL, target);
    unsigned flags = connect ? IR_WEB_PROXY : 0;
    if (method.n > 0) { /* else it is no target, just bytes */
        struct ir_web_target t;
        ir_web_split(target, connect, &t);
        set_part(ev, IR_F_URL_SCHEME, t.scheme);
        set_part(ev, IR_F_URL_PATH, t.path);
        set_part(ev, IR_F_URL_QUERY, t.query);
        set_part(ev, IR_F_URL_EXTENSION, t.extension);
        if (t.scheme.n > 0) flags |= IR_WEB_PROXY;
        if (t.host.n > 0) {
            ir_event_set(ev, IR_F_URL_DOMAIN, t.host);
            flags |= IR_WEB_HOST;
        }
        ir_web_number(ev, IR_F_DESTINATION_PORT, t.port);
    }
    if (needs_decoding(target)) add_decoded(ev, target);
    return flags;
}

/* "1.1" of "… HTTP/1.1" at the end; *rest loses it. Any case: a scanner's "http/1.1" is answered as
 * well. */
static struct ir_str take_version(struct ir_str *rest)
{
    struct ir_str none = {NULL, 0};
    size_t blank = ir_str_rchr(*rest, ' ');
    size_t from = blank == IR_NPOS ? 0 : blank + 1;
    struct ir_str word = ir_str_skip(*rest, from);
    if (word.n < 6 || word.n > 10 || !ir_str_istarts(word, IR_S("HTTP/"))) return none;
    for (size_t i = 5; i < word.n; i++)
        if (!ir_isdigit(word.p[i]) && word.p[i] != '.') return none;
    *rest = ir_str_head(*rest, blank == IR_NPOS ? 0 : blank);
    return ir_str_skip(word, 5);
}

/* Length of the method when the request begins with one and a blank, else 0. */
static size_t method_length(struct ir_str request, bool has_version)
{
    size_t n = 0;
    for (; n < request.n && request.p[n] != ' '; n++) {
        char c = request.p[n];
        bool upper = (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (n >= METHOD_MAX || !(upper || (has_version && ir_isalnum(c)))) return 0;
    }
    return n < request.n || has_version ? n : 0;
}

unsigned ir_web_request(struct ir_event *ev, struct ir_str request)
{
    if (request.n == 0 || ir_str_eq(request, IR_S("-"))) return 0;
    struct ir_str rest = request;
    struct ir_str version = take_version(&rest);
    size_t n = method_length(rest, version.p != NULL);
    if (n == 0) return ir_web_target_fields(ev, ir_str_n(NULL, 0), request);
    if (version.p != NULL) ir_event_set(ev, IR_F_HTTP_VERSION, version);
    return ir_web_target_fields(ev, ir_str_head(rest, n), ir_str_trim(ir_str_skip(rest, n)));
}

void ir_web_set(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    if (val.n == 0 || (val.n == 1 && val.p[0] == '-')) return;
    ir_event_set(ev, id, val);
}

void ir_web_header(struct ir_event *ev, uint32_t id, struct ir_str logged)
{
    if (ir_str_chr(logged, '\\') == IR_NPOS) {
        ir_web_set(ev, id, logged);
        return;
    }
    char *p = ir_arena_alloc(ev->arena, logged.n);
    if (p == NULL)
        ev->flags |= IR_EV_TRUNCATED;
    else
        ir_event_derive(ev, id, ir_str_n(p, ir_web_unescape(logged, p)));
}

void ir_web_number(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    for (size_t i = 0; i < val.n; i++)
        if (!ir_isdigit(val.p[i])) return;
    if (val.n > 0) ir_event_add(ev, id, IR_V_NUMBER, val);
}

void ir_web_word(struct ir_event *ev, uint32_t id, struct ir_str word)
{
    bool verbatim = ev->verbatim;
    ir_event_derive(ev, id, word);
    ev->verbatim = verbatim;
}

void ir_web_status(struct ir_event *ev, struct ir_str status)
{
    /* squid's 000: the client got no answer */
    if (status.n != 3 || !ir_isdigit(status.p[0]) || status.p[0] == '0') return;
    ir_web_number(ev, IR_F_HTTP_STATUS, status);
    ir_web_word(ev, IR_F_EVENT_OUTCOME, status.p[0] >= '4' ? IR_S("failure") : IR_S("success"));
}

static bool set_ip(struct ir_event *ev, struct ir_str text)
{
    struct ir_ip ip;
    if (!ir_ip_parse(text, &ip)) return false;
    if (text.p[0] == '[' && text.n > 2) text = ir_str_n(text.p + 1, text.n - 2);
    if (!ip.v4 && ir_str_istarts(text, IR_S("::ffff:")) && ir_str_chr(text, '.') != IR_NPOS)
        text = ir_str_skip(text, 7);
    ir_event_set(ev, IR_F_SOURCE_IP, text);
    return true;
}

void ir_web_client(struct ir_event *ev, struct ir_str addr)
{
    if (addr.n == 0 || ir_str_eq(addr, IR_S("-"))) return;
    ir_event_set(ev, IR_F_SOURCE_ADDRESS, addr);
    if (set_ip(ev, addr)) return;
    struct ir_str host, port;
    ir_web_hostport(addr, &host, &port);
    if (host.n == 0) return;
    if (!set_ip(ev, host)) {
        for (size_t i = 0; i < host.n; i++) /* "unix:", "(null)" … are no names */
            if (!ir_isalnum(host.p[i]) && !memchr("-._", host.p[i], 3)) return;
        ir_event_set(ev, IR_F_SOURCE_DOMAIN, host);
    }
    ir_web_number(ev, IR_F_SOURCE_PORT, port);
}
