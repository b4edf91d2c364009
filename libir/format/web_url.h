/*
 * What the web logs share: the request line, its target, percent-decoding, the client's address,
 * the bid. Not for: time stamps (stamp.h) and the lines themselves (access.c, nginx_error.c,
 * apache_error.c). Documents: RFC 9112 (request line), RFC 3986 (URI), Apache mod_log_config and
 * nginx ngx_http_log_module (how bytes are escaped in a log: \" and \\ and \n by Apache, \xHH by
 * both).
 *
 *     ir_web_client(ev, IR_S("192.0.2.7"));
 *     if (ir_web_request(ev, IR_S("GET http://h/a%2fb?q HTTP/1.1")) & IR_WEB_PROXY) …
 *
 * All values are parts of the record, except IR_F_URL_DECODED, which lives in the event's arena,
 * and the words of ir_web_word.
 */
#ifndef IR_FORMAT_WEB_URL_H
#define IR_FORMAT_WEB_URL_H

#include "format/format.h"

/* The parts of a request target. Absent parts have p == NULL; an empty query ("/a?") has n == 0. */
struct ir_web_target {
    struct ir_str scheme, host, port; /* host without brackets and without user@ */
    struct ir_str path, query;        /* query without the '?' */
    struct ir_str extension;          /* of the last path segment, without the dot */
};

/* Splits an origin-form, absolute-form or asterisk-form target; `authority`: host:port, as CONNECT
 * has it. */
void ir_web_split(struct ir_str target, bool authority, struct ir_web_target *ret_t);
/* host[:port], [v6]:port, user@host. The port is given only when it is 1 to 5 digits. */
void ir_web_hostport(struct ir_str s, struct ir_str *ret_host, struct ir_str *ret_port);

/* Undoes the log's own escapes (\xHH \" \\ \n \r \t \b \v \f). out has room for in.n bytes. Returns
 * the length. */
size_t ir_web_unescape(struct ir_str in, char *out);
/* Decodes %HH once, and '+' to a blank behind the first '?' that stands in `in` itself. A '%'
 * without two hex digits stays. *at_query (in: where the query begins in `in`, IR_NPOS none; out:
 * the same in `out`) lets a second pass know which part was the query. out has room for in.n bytes.
 * Returns the length. */
size_t ir_web_percent(struct ir_str in, char *out, size_t *at_query);

enum ir_web_flags {
    IR_WEB_PROXY =
        1, /* the target is absolute, or the method is CONNECT: a forward proxy was meant */
    IR_WEB_HOST = 2, /* url.domain was set from the target */
};
/* Sets http.request.method, http.version, url.*, destination.port, ir.url.decoded from a request
 * line as logged. A line that is no HTTP request ("\x16\x03…", "HELP") becomes url.original as a
 * whole; "" and "-" set nothing. Returns enum ir_web_flags. */
unsigned ir_web_request(struct ir_event *ev, struct ir_str request);
/* The same for a method and a target that are logged apart. */
unsigned ir_web_target_fields(struct ir_event *ev, struct ir_str method, struct ir_str target);
/* True when ir_web_request would set a value that is no part of the record. */
bool ir_web_derived(struct ir_str request);

/* source.address as logged, and source.ip (with source.port) or source.domain. "::ffff:192.0.2.7"
 * gives the IPv4 part as source.ip, so that one client is one entity. */
void ir_web_client(struct ir_event *ev, struct ir_str addr);
/* Sets a text field unless it is empty or "-". */
void ir_web_set(struct ir_event *ev, uint32_t id, struct ir_str val);
/* A request header as the log has it: its escapes are undone, so that it is what the client sent.
 */
void ir_web_header(struct ir_event *ev, uint32_t id, struct ir_str logged);
/* The same for a number: only decimal digits are kept. */
void ir_web_number(struct ir_event *ev, uint32_t id, struct ir_str val);
/* A word of our own (event.action, event.outcome): marked as derived, but ev->verbatim stays.
 * Nearly every web record has these two and is else verbatim; a prefilter must not look for their
 * values in the raw bytes. */
void ir_web_word(struct ir_event *ev, uint32_t id, struct ir_str word);
/* http.response.status_code and event.outcome. */
void ir_web_status(struct ir_event *ev, struct ir_str status);
/* Position of the first '"' at or after `from` that no backslash escapes, or IR_NPOS. */
size_t ir_web_quote(struct ir_str s, size_t from);

/* A line of an access log or of nginx's error log that came inside another record (syslog, journal,
 * container log). IR_BAD: not such a line, and ev is as it was. IR_OK: the fields are added, except
 * those that ev has already (message, process.pid, host.name). ev's time stays when it has one with
 * a known year. */
int ir_access_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev);
int ir_squid_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev);
int ir_nginx_error_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev);

/* Between access.c and access_npm.c: the lines that begin with '[', as Nginx Proxy Manager writes
 * them. */
struct ir_access_npm {
    struct ir_str stamp; /* inside the brackets */
    struct ir_str status, method, scheme, host,
        client;   /* proxy form; the default-host form has host, client */
    size_t quote; /* of the quote that opens the target or request */
    bool proxy_form;
};
bool ir_access_npm_head(struct ir_str rec, struct ir_access_npm *ret_h);
void ir_access_npm_fields(struct ir_str rec, const struct ir_access_npm *h, struct ir_event *ev);
/* STATUS BYTES after a closing quote at `close`: " 200 12 …". *ret_rest: what follows.
 */
bool ir_access_status(struct ir_str rec, size_t close, struct ir_str *ret_status,
                      struct ir_str *ret_bytes, struct ir_str *ret_rest);

#endif
