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

struct row {
    struct ir_str key;
    enum part part;
};

/* Members of the record itself, of Caddy's "request", and of its "headers", whose values are
 * arrays. */
static const struct row top[] = {
    {IR_S("user_id"), WHO},
    {IR_S("status"), STATUS},
    {IR_S("size"), BYTES},
    {IR_S("bytes_read"), BYTES_IN},
    {IR_S("logger"), LOGGER},
    {IR_S("ClientHost"), ADDRESS},
    {IR_S("ClientPort"), PORT},
    {IR_S("ClientUsername"), WHO},
    {IR_S("RequestMethod"), METHOD},
    {IR_S("RequestPath"), TARGET},
    {IR_S("RequestProtocol"), VERSION},
    {IR_S("RequestHost"), HOST},
    {IR_S("RequestScheme"), SCHEME},
    {IR_S("DownstreamStatus"), STATUS},
    {IR_S("DownstreamContentSize"), BYTES},
    {IR_S("RequestContentSize"), BYTES_IN},
    {IR_S("request_User-Agent"), AGENT},
    {IR_S("request_Referer"), REFERER},
};
static const struct row request[] = {
    {IR_S("remote_ip"), ADDRESS}, {IR_S("remote_addr"), ADDRESS}, {IR_S("client_ip"), TRUSTED},
    {IR_S("remote_port"), PORT},  {IR_S("method"), METHOD},       {IR_S("uri"), TARGET},
    {IR_S("proto"), VERSION},     {IR_S("host"), HOST},
};
static const struct row headers[] = {{IR_S("User-Agent"), AGENT}, {IR_S("Referer"), REFERER}};

static void take_row(struct ir_json_tok found[PARTS], const struct row *rows, size_t n,
                     struct ir_str key, const struct ir_json_tok *t)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].key.n != key.n || !ir_str_eq(rows[i].key, key)) continue;
        if (found[rows[i].part].text.p == NULL) found[rows[i].part] = *t;
        return;
    }
}

static void take(struct ir_json_tok found[PARTS], const struct ir_str key[4],
                 const struct ir_json_tok *t)
{
    if (t->depth == 1) {
        take_row(found, top, sizeof top / sizeof *top, key[1], t);
    } else if (!ir_str_eq(key[1], IR_S("request"))) {
        return;
    } else if (t->depth == 2) {
        take_row(found, request, sizeof request / sizeof *request, key[2], t);
    } else if (t->depth == 4 && ir_str_eq(key[2], IR_S("headers"))) {
        take_row(found, headers, sizeof headers / sizeof *headers, key[3], t);
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

bool ir_json_web_key(struct ir_str key)
{
    return ir_str_eq(key, IR_S("logger")) || ir_str_eq(key, IR_S("RequestMethod"));
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
