/*
 * Access logs in JSON: Caddy's and Traefik's, given the fields of every web log. Not for other JSON
 * (json_walk.c has its leaves under their own names). Documents: Caddy, "log" directive and the
 * structure of http.log.access; Traefik, "Access Logs", available fields.
 *
 * A second walk over the few records that are meant, so that the others pay for two searches only.
 *
 * Hostile: path, headers and user; JSON keeps them in their strings. Names of headers are the
 * client's too, but they stand inside "request.headers", or behind "request_", and of those only
 * two are read.
 */
#include "format/json_web.h"

#include "format/json_int.h"
#include "format/web_url.h"

enum part {
    ADDRESS,
    TRUSTED, /* Caddy: the address behind proxies that its owner trusts */
    PORT,
    WHO,
    METHOD,
    TARGET,
    VERSION,
    HOST,
    SCHEME,
    STATUS,
    BYTES,
    BYTES_IN,
    AGENT,
    REFERER,
    LOGGER,
    PARTS
};

static const struct row {
    struct ir_str a, b, c; /* keys from the outside in; c's value is an array */
    enum part part;
} rows[] = {
#define TOP(key, part)    {IR_S(key), {NULL, 0}, {NULL, 0}, part},
#define REQ(key, part)    {IR_S("request"), IR_S(key), {NULL, 0}, part},
#define HEADER(key, part) {IR_S("request"), IR_S("headers"), IR_S(key), part},
    REQ("remote_ip", ADDRESS) REQ("remote_addr", ADDRESS) REQ("client_ip", TRUSTED)
        REQ("remote_port", PORT) REQ("method", METHOD) REQ("uri", TARGET) REQ("proto", VERSION) REQ(
            "host", HOST) HEADER("User-Agent", AGENT) HEADER("Referer", REFERER) TOP("user_id", WHO)
            TOP("status", STATUS) TOP("size", BYTES) TOP("bytes_read", BYTES_IN)
                TOP("logger", LOGGER) TOP("ClientHost", ADDRESS) TOP("ClientPort", PORT) TOP(
                    "ClientUsername", WHO) TOP("RequestMethod", METHOD) TOP("RequestPath", TARGET)
                    TOP("RequestProtocol", VERSION) TOP("RequestHost", HOST)
                        TOP("RequestScheme", SCHEME) TOP("DownstreamStatus", STATUS)
                            TOP("DownstreamContentSize", BYTES) TOP("RequestContentSize", BYTES_IN)
                                TOP("request_User-Agent", AGENT) TOP("request_Referer", REFERER)
#undef TOP
#undef REQ
#undef HEADER
};

static size_t depth_of(const struct row *r)
{
    return r->c.n > 0 ? 4 : r->b.n > 0 ? 2 : 1;
}

static void take(struct ir_json_tok found[PARTS], const struct ir_str key[4],
                 const struct ir_json_tok *t)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        if (t->depth != depth_of(r) || !ir_str_eq(key[1], r->a)) continue;
        if (r->b.n > 0 && !ir_str_eq(key[2], r->b)) continue;
        if (r->c.n > 0 && !ir_str_eq(key[3], r->c)) continue;
        if (found[r->part].text.p == NULL) found[r->part] = *t;
        return;
    }
}

static bool read_parts(struct ir_str rec, struct ir_json_tok found[PARTS])
{
    struct ir_json j;
    struct ir_json_tok t;
    struct ir_str key[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    int rc;
    ir_json_begin(&j, rec);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.type == IR_JSON_KEY) {
            if (t.depth < 4) key[t.depth] = t.text;
        } else if ((t.type == IR_JSON_STRING || t.type == IR_JSON_NUMBER) && t.depth <= 4) {
            take(found, key, &t);
        }
    }
    return rc == IR_END;
}

static struct ir_str text(struct ir_event *ev, const struct ir_json_tok *t)
{
    if (t->text.p == NULL) return t->text;
    return ir_json_decode(ev, t->text, t->type == IR_JSON_STRING && t->escaped);
}

static void add_client(struct ir_event *ev, const struct ir_json_tok found[PARTS])
{
    struct ir_str address = text(ev, &found[ADDRESS]), trusted = text(ev, &found[TRUSTED]);
    bool proxied = trusted.n > 0 && !ir_str_eq(trusted, address);
    if (proxied) address = trusted;
    size_t comma = ir_str_rchr(address, ','); /* X-Forwarded-For: the last is a proxy's of ours */
    if (comma != IR_NPOS) address = ir_str_trim(ir_str_skip(address, comma + 1));
    ir_web_client(ev, address);
    if (!proxied && ir_event_get(ev, IR_F_SOURCE_PORT, 0).p == NULL)
        ir_web_number(ev, IR_F_SOURCE_PORT, text(ev, &found[PORT]));
}

static void add_host(struct ir_event *ev, const struct ir_json_tok found[PARTS])
{
    struct ir_str host, port;
    ir_web_hostport(text(ev, &found[HOST]), &host, &port);
    ir_web_set(ev, IR_F_URL_DOMAIN, host);
    ir_web_number(ev, IR_F_DESTINATION_PORT, port);
}

void ir_json_web(struct ir_str rec, struct ir_event *ev)
{
    struct ir_json_tok found[PARTS] = {0};
    bool traefik = ir_str_find(rec, IR_S("\"RequestMethod\"")) != IR_NPOS;
    if (!traefik && ir_str_find(rec, IR_S("\"http.log.access")) == IR_NPOS) return;
    if (!read_parts(rec, found) || found[METHOD].text.p == NULL || found[TARGET].text.p == NULL)
        return;
    if (!traefik && !ir_str_starts(found[LOGGER].text, IR_S("http.log.access"))) return;
    ir_event_source(ev, IR_LS_WEBSERVER);
    add_client(ev, found);
    ir_web_set(ev, IR_F_USER_NAME, text(ev, &found[WHO]));
    unsigned flags = ir_web_target_fields(ev, text(ev, &found[METHOD]), text(ev, &found[TARGET]));
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    if (!(flags & IR_WEB_HOST)) add_host(ev, found);
    if (ir_event_get(ev, IR_F_URL_SCHEME, 0).p == NULL)
        ir_web_set(ev, IR_F_URL_SCHEME, text(ev, &found[SCHEME]));
    struct ir_str version = text(ev, &found[VERSION]);
    if (ir_str_starts(version, IR_S("HTTP/"))) version = ir_str_skip(version, 5);
    ir_web_set(ev, IR_F_HTTP_VERSION, version);
    ir_web_status(ev, found[STATUS].text);
    ir_web_number(ev, IR_F_HTTP_BODY_BYTES, found[BYTES].text);
    ir_web_number(ev, IR_F_HTTP_REQUEST_BYTES, found[BYTES_IN].text);
    ir_web_set(ev, IR_F_USER_AGENT, text(ev, &found[AGENT]));
    ir_web_set(ev, IR_F_HTTP_REFERRER, text(ev, &found[REFERER]));
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
}
