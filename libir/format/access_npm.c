/*
 * The two access lines of Nginx Proxy Manager, which begin with the time. Helper of access.c.
 * Document: the log_format directives "proxy", "standard" and "default" of Nginx Proxy Manager's
 * nginx.conf.
 *
 *     [time] [cache upstream_status ]status - METHOD scheme host "target" [Client a] [Length n]
 * [Gzip r] [ [Sent-to s]] "agent" "referrer" [time] host client seconds "request" status body_bytes
 * bytes referrer agent
 *
 * nginx escapes every '"' of a value as \x22, so the first '"' of the line opens the target.
 */
#include "base/ip.h"
#include "format/web_url.h"

#define WORDS_MAX 8

static size_t words_of(struct ir_str s, struct ir_str words[WORDS_MAX])
{
    size_t n = 0;
    while (s.p != NULL) {
        struct ir_str w = ir_str_cut(&s, ' ');
        if (w.n == 0) continue;
        if (n == WORDS_MAX) return 0;
        words[n++] = w;
    }
    return n;
}

static bool is_status(struct ir_str s)
{
    return s.n == 3 && ir_isdigit(s.p[0]) && ir_isdigit(s.p[1]) && ir_isdigit(s.p[2]);
}

bool ir_access_npm_head(struct ir_str rec, struct ir_access_npm *ret_h)
{
    struct ir_str w[WORDS_MAX];
    struct ir_ip ip;
    size_t close = ir_str_chr(ir_str_head(rec, 48), ']');
    size_t quote = ir_str_chr(ir_str_head(rec, 1024), '"');
    if (rec.n < 2 || rec.p[0] != '[' || close == IR_NPOS || quote == IR_NPOS || quote < close)
        return false;
    size_t n = words_of(ir_str_n(rec.p + close + 1, quote - close - 1), w);
    *ret_h = (struct ir_access_npm){.stamp = ir_str_n(rec.p + 1, close - 1), .quote = quote};
    if (n >= 5 && ir_str_eq(w[n - 4], IR_S("-")) && is_status(w[n - 5])) {
        ret_h->proxy_form = true;
        ret_h->status = w[n - 5];
        ret_h->method = w[n - 3];
        ret_h->scheme = w[n - 2];
        ret_h->host = w[n - 1];
        return true;
    }
    if (n != 3 || !ir_ip_parse(w[1], &ip)) return false;
    ret_h->host = w[0];
    ret_h->client = w[1];
    return true;
}

/* The value of "[Key value]" at the start of *rest, which loses it. */
static struct ir_str take_bracket(struct ir_str *rest, struct ir_str key)
{
    struct ir_str none = {NULL, 0}, s = ir_str_trim(*rest);
    if (!ir_str_starts(s, IR_S("[")) || !ir_str_starts(ir_str_skip(s, 1), key)) return none;
    size_t end = ir_str_chr(s, ']');
    if (end == IR_NPOS || end < key.n + 2) return none;
    *rest = ir_str_skip(s, end + 1);
    return ir_str_n(s.p + key.n + 2, end - key.n - 2);
}

static void proxy_fields(struct ir_str rec, const struct ir_access_npm *h, struct ir_event *ev)
{
    size_t close = ir_web_quote(rec, h->quote + 1);
    if (close == IR_NPOS) {
        ev->flags |= IR_EV_DAMAGED;
        close = rec.n;
    }
    struct ir_str target = ir_str_n(rec.p + h->quote + 1, close - h->quote - 1);
    struct ir_str rest = ir_str_skip(rec, close + 1);
    struct ir_str client = take_bracket(&rest, IR_S("Client"));
    struct ir_str length = take_bracket(&rest, IR_S("Length"));
    take_bracket(&rest, IR_S("Gzip"));
    take_bracket(&rest, IR_S("Sent-to"));
    ir_web_client(ev, client);
    unsigned flags = ir_web_target_fields(ev, h->method, target);
    if (!(flags & IR_WEB_HOST)) {
        ir_web_set(ev, IR_F_URL_DOMAIN, h->host);
        ir_web_set(ev, IR_F_URL_SCHEME, h->scheme);
    }
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    ir_web_status(ev, h->status);
    ir_web_number(ev, IR_F_HTTP_BODY_BYTES, length);
    size_t open = ir_str_chr(rest, '"');
    if (open == IR_NPOS) return;
    size_t end = ir_web_quote(rest, open + 1);
    if (end == IR_NPOS) end = rest.n;
    ir_web_set(ev, IR_F_USER_AGENT, ir_str_n(rest.p + open + 1, end - open - 1));
    rest = ir_str_trim(ir_str_skip(rest, end + 1));
    if (rest.n >= 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"')
        ir_web_set(ev, IR_F_HTTP_REFERRER, ir_str_n(rest.p + 1, rest.n - 2));
}

static void default_fields(struct ir_str rec, const struct ir_access_npm *h, struct ir_event *ev)
{
    struct ir_str status, bytes, rest;
    size_t close = ir_web_quote(rec, h->quote + 1);
    bool numbers = close != IR_NPOS && ir_access_status(rec, close, &status, &bytes, &rest);
    if (close == IR_NPOS) {
        ev->flags |= IR_EV_DAMAGED;
        close = rec.n;
    }
    ir_web_client(ev, h->client);
    unsigned flags = ir_web_request(ev, ir_str_n(rec.p + h->quote + 1, close - h->quote - 1));
    if (!(flags & IR_WEB_HOST)) ir_web_set(ev, IR_F_URL_DOMAIN, h->host);
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    if (!numbers) return;
    ir_web_status(ev, status);
    ir_web_number(ev, IR_F_HTTP_BODY_BYTES, bytes);
    rest = ir_str_trim(rest);
    ir_web_number(ev, IR_F_HTTP_BYTES, ir_str_cut(&rest, ' '));
    if (rest.p == NULL) return;
    ir_web_set(ev, IR_F_HTTP_REFERRER, ir_str_cut(&rest, ' '));
    if (rest.p != NULL) ir_web_set(ev, IR_F_USER_AGENT, rest);
}

void ir_access_npm_fields(struct ir_str rec, const struct ir_access_npm *h, struct ir_event *ev)
{
    ir_event_source(ev, IR_LS_WEBSERVER);
    ir_event_source(ev, IR_LS_WEBSERVER_NGINX);
    if (h->proxy_form)
        proxy_fields(rec, h, ev);
    else
        default_fields(rec, h, ev);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
}
