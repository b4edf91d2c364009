/*
 * Access logs in JSON: Caddy's, Traefik's, and what administrators have nginx, Apache or HAProxy
 * write, given the fields of every web log. Not for other JSON (json_walk.c has its leaves under
 * their own names). Documents: Caddy, "log" directive and the structure of http.log.access;
 * Traefik, "Access Logs", available fields; nginx, log_format and the names of its variables, which
 * people take for keys.
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
    LINE, /* the whole request line */
    ARGS, /* the query, where the target has none */
    PARTS
};

struct row {
    struct ir_str key;
    enum part part;
};

/* nginx's variables, the header's names and the words that people use for them. Of the target the
 * client's own spelling is best. */
static const struct row own[] = {
    {IR_S("remote_addr"), ADDRESS},
    {IR_S("remote_ip"), ADDRESS},
    {IR_S("client_ip"), ADDRESS},
    {IR_S("clientip"), ADDRESS},
    {IR_S("client"), ADDRESS},
    {IR_S("remote_port"), PORT},
    {IR_S("client_port"), PORT},
    {IR_S("remote_user"), WHO},
    {IR_S("user"), WHO},
    {IR_S("request"), LINE},
    {IR_S("request_method"), METHOD},
    {IR_S("method"), METHOD},
    {IR_S("request_uri"), TARGET},
    {IR_S("uri"), TARGET},
    {IR_S("url"), TARGET},
    {IR_S("args"), ARGS},
    {IR_S("query_string"), ARGS},
    {IR_S("server_protocol"), VERSION},
    {IR_S("http_version"), VERSION},
    {IR_S("http_host"), HOST},
    {IR_S("host"), HOST},
    {IR_S("scheme"), SCHEME},
    {IR_S("status"), STATUS},
    {IR_S("status_code"), STATUS},
    {IR_S("response"), STATUS},
    {IR_S("body_bytes_sent"), BYTES},
    {IR_S("bytes_sent"), BYTES},
    {IR_S("bytes"), BYTES},
    {IR_S("size"), BYTES},
    {IR_S("request_length"), BYTES_IN},
    {IR_S("http_user_agent"), AGENT},
    {IR_S("user_agent"), AGENT},
    {IR_S("useragent"), AGENT},
    {IR_S("agent"), AGENT},
    {IR_S("http_referer"), REFERER},
    {IR_S("http_referrer"), REFERER},
    {IR_S("referer"), REFERER},
    {IR_S("referrer"), REFERER},
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

enum flavour { OWN, CADDY, TRAEFIK };

static void take_row(struct ir_json_tok found[PARTS], const struct row *rows, size_t n,
                     struct ir_str key, const struct ir_json_tok *t)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].key.n != key.n || !ir_str_eq(rows[i].key, key)) continue;
        struct ir_json_tok *to = &found[rows[i].part];
        if (to->text.p == NULL || ir_str_eq(key, IR_S("request_uri"))) *to = *t;
        return;
    }
}

static void take(struct ir_json_tok found[PARTS], enum flavour flavour, const struct ir_str key[4],
                 const struct ir_json_tok *t)
{
    if (flavour == OWN) {
        if (t->depth == 1) take_row(found, own, sizeof own / sizeof *own, key[1], t);
    } else if (t->depth == 1) {
        take_row(found, top, sizeof top / sizeof *top, key[1], t);
    } else if (!ir_str_eq(key[1], IR_S("request"))) {
        return;
    } else if (t->depth == 2) {
        take_row(found, request, sizeof request / sizeof *request, key[2], t);
    } else if (t->depth == 4 && ir_str_eq(key[2], IR_S("headers"))) {
        take_row(found, headers, sizeof headers / sizeof *headers, key[3], t);
    }
}

static bool read_parts(struct ir_str rec, enum flavour flavour, struct ir_json_tok found[PARTS])
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
            take(found, flavour, key, &t);
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
    switch (key.n) {
    case 6: return ir_str_eq(key, IR_S("logger"));
    case 7: return ir_str_eq(key, IR_S("request"));
    case 11: return ir_str_eq(key, IR_S("request_uri"));
    case 13: return ir_str_eq(key, IR_S("RequestMethod"));
    case 14: return ir_str_eq(key, IR_S("request_method"));
    case 15: return ir_str_eq(key, IR_S("http_user_agent"));
    default: return false;
    }
}

static enum flavour flavour_of(struct ir_str rec)
{
    if (ir_str_find(rec, IR_S("\"RequestMethod\"")) != IR_NPOS) return TRAEFIK;
    return ir_str_find(rec, IR_S("\"http.log.access")) != IR_NPOS ? CADDY : OWN;
}

/* nginx writes a record also of what was no request: all of its variables, most of them empty. */
static bool is_bad_request(const struct ir_json_tok found[PARTS])
{
    return found[LINE].text.p != NULL && found[LINE].type == IR_JSON_STRING &&
           found[ADDRESS].text.n > 0 && found[BYTES].text.p != NULL &&
           ir_str_starts(found[STATUS].text, IR_S("4"));
}

/* A request line ends as one; a method is a word in capitals and a target a path or a URL. */
static bool is_request(enum flavour flavour, const struct ir_json_tok found[PARTS])
{
    struct ir_str line = found[LINE].text, method = found[METHOD].text, to = found[TARGET].text;
    uint64_t status;
    if (flavour == CADDY && !ir_str_starts(found[LOGGER].text, IR_S("http.log.access")))
        return false;
    if (flavour != OWN) return method.p != NULL && to.p != NULL;
    if (found[STATUS].text.n != 3 || !ir_str_u64(found[STATUS].text, &status)) return false;
    if (line.n > 9 && ir_str_find(ir_str_skip(line, line.n - 9), IR_S(" HTTP/")) != IR_NPOS)
        return true;
    if (method.n == 0) return is_bad_request(found);
    return method.p[0] >= 'A' && method.p[0] <= 'Z' && to.n > 0 &&
           (to.p[0] == '/' || to.p[0] == '*' || to.p[0] == '\\' ||
            ir_str_find(to, IR_S("://")) != IR_NPOS);
}

/* The target with the query that is logged apart from it. */
static struct ir_str target_of(struct ir_event *ev, const struct ir_json_tok found[PARTS])
{
    struct ir_str to = text(ev, &found[TARGET]), args = text(ev, &found[ARGS]);
    if (args.n > 0 && args.p[0] == '?') args = ir_str_skip(args, 1);
    if (args.n == 0 || ir_str_eq(args, IR_S("-")) || ir_str_chr(to, '?') != IR_NPOS) return to;
    char *joined = ir_arena_alloc(ev->arena, to.n + 1 + args.n);
    if (joined == NULL) return to;
    memcpy(joined, to.p, to.n);
    joined[to.n] = '?';
    memcpy(joined + to.n + 1, args.p, args.n);
    ev->verbatim = false;
    return ir_str_n(joined, to.n + 1 + args.n);
}

bool ir_json_web(struct ir_str rec, struct ir_event *ev)
{
    struct ir_json_tok found[PARTS] = {0};
    const enum flavour flavour = flavour_of(rec);
    if (!read_parts(rec, flavour, found) || !is_request(flavour, found)) return false;
    ir_event_source(ev, IR_LS_WEBSERVER);
    add_client(ev, found);
    ir_web_set(ev, IR_F_USER_NAME, text(ev, &found[WHO]));
    unsigned flags = found[METHOD].text.n > 0 && found[TARGET].text.n > 0
                         ? ir_web_target_fields(ev, text(ev, &found[METHOD]), target_of(ev, found))
                         : ir_web_request(ev, text(ev, &found[LINE]));
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
    return true;
}
