/*
 * Which of several ", client: " in a line of nginx's error log is nginx's own. Not for taking the
 * tail's values (nginx_error.c). Document: ngx_http_request.c (ngx_http_log_error and
 * ngx_http_parse_request_line, which decides what a logged request can hold).
 */
#include "format/nginx_tail.h"

#define CLIENTS_MAX 64  /* places to try in one line; more is nobody's honest error */
#define QUOTES_MAX  512 /* ends of values to try in one line */

static bool take(struct ir_str *s, struct ir_str word)
{
    if (!ir_str_starts(*s, word)) return false;
    *s = ir_str_skip(*s, word.n);
    return true;
}

/* Up to the next ", " or the end. */
static struct ir_str take_plain(struct ir_str *s)
{
    size_t n = ir_str_find(*s, IR_S(", "));
    struct ir_str val = n == IR_NPOS ? *s : ir_str_head(*s, n);
    *s = ir_str_skip(*s, val.n);
    return val;
}

/* In the order in which nginx writes them. */
enum { REQUEST, SUBREQUEST, LOGIN, UPSTREAM, HOST, REFERRER, KEYS };

/* The first of the quoted keys from `key` on that *s begins with, taken off; KEYS when none. */
static int take_key(struct ir_str *s, int key)
{
    static const char *const keys[KEYS] = {", request: \"",  ", subrequest: \"", ", login: \"",
                                           ", upstream: \"", ", host: \"",       ", referrer: \""};
    while (key < KEYS && !take(s, ir_str_z(keys[key])))
        key++;
    return key;
}

static bool is_word(struct ir_str s)
{
    return ir_str_chr(s, ' ') == IR_NPOS && ir_str_chr(s, '"') == IR_NPOS;
}

/* What the request was, as far as the line has been read. */
enum form { UNSURE, HTTP_1, HTTP_2 };

/* Can val be a whole value? nginx takes a blank and an H in a request line of HTTP/1 for the
 * protocol, and nothing may follow that; paths of HTTP/2 had no such limit. Of a Host nginx refuses
 * the slash, and older ones nothing else that matters here. */
static bool is_value(int key, struct ir_str val, size_t blank_h, enum form *form)
{
    if (key == HOST) return is_word(val) || (*form != UNSURE && ir_str_chr(val, '/') == IR_NPOS);
    if (ir_str_ends(val, IR_S(" HTTP/2.0")) || ir_str_ends(val, IR_S(" HTTP/3.0"))) *form = HTTP_2;
    if (*form == HTTP_2 || blank_h >= val.n) return true;
    if (val.n - blank_h != 9 || !ir_str_starts(ir_str_skip(val, blank_h), IR_S(" HTTP/1.")))
        return false;
    *form = HTTP_1;
    return true;
}

/* Can what follows the server's name be nginx's, up to the end of the line? A request and a Host
 * can hold quotes and, with older ones, blanks, so each end of a value is tried. Out of tries, it
 * can. */
static bool reads_on(struct ir_str s, int from, enum form form, int *tries)
{
    if (s.n == 0) return true;
    int key = take_key(&s, from);
    if (key == KEYS) return false;
    if (key == REFERRER) return s.n > 0 && s.p[s.n - 1] == '"';
    size_t blank_h = ir_str_find(s, IR_S(" H"));
    bool first = key != HOST;
    for (size_t end = 0; end < s.n; end++) {
        size_t quote = ir_str_chr(ir_str_skip(s, end), '"');
        if (quote == IR_NPOS) return false;
        if (--*tries < 0) return true;
        end += quote;
        struct ir_str rest = ir_str_skip(s, end + 1), after = rest;
        if (rest.n > 0 && take_key(&after, key + 1) == KEYS) continue;
        enum form next = form;
        if ((is_value(key, ir_str_head(s, end), blank_h, &next) || first) &&
            reads_on(rest, key + 1, next, tries))
            return true;
        first = false;
    }
    return false;
}

/* Does the line read from this ", client: " on as nginx writes it? */
static bool is_clean(struct ir_str s, int *tries)
{
    if (!take(&s, IR_NGINX_CLIENT)) return false;
    struct ir_str addr = take_plain(&s);
    if (ir_str_ends(addr, IR_NGINX_STARTTLS)) addr.n -= IR_NGINX_STARTTLS.n;
    if (addr.n == 0 || !is_word(addr) || !take(&s, IR_S(", server: "))) return false;
    return is_word(take_plain(&s)) && reads_on(s, REQUEST, UNSURE, tries);
}

size_t ir_nginx_client(struct ir_str text, size_t first, size_t *ret_count)
{
    int tries = QUOTES_MAX;
    size_t found = IR_NPOS, clean = 0, at = first, next = 0;
    for (*ret_count = 0; next != IR_NPOS; at += IR_NGINX_CLIENT.n + next) {
        if (++*ret_count > CLIENTS_MAX) return IR_NPOS;
        if (is_clean(ir_str_skip(text, at), &tries)) {
            found = at;
            clean++;
        }
        next = ir_str_find(ir_str_skip(text, at + IR_NGINX_CLIENT.n), IR_NGINX_CLIENT);
    }
    return clean == 1 ? found : IR_NPOS;
}
