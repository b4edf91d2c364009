/*
 * nginx's error log: the parts of a line, and tails that a client forged.
 */
#include "web_test.h"

#include "format/web_url.h"

extern const struct ir_format ir_format_nginx_error;

#define AT "2026/11/22 01:02:03 [error] 11#12: *13 "

static void parts(void)
{
    char text[IR_TIME_TEXT];
    take(AT "access forbidden by rule, client: 192.0.2.7, server: s.example, request: "
            "\"GET /a%2f?b HTTP/1.1\", host: \"h.example:8443\", referrer: \"http://r/\"");
    ir_time_rfc3339(ev->time, text);
    is_str(ir_str_z(text), "2026-11-22T01:02:03Z", "time");
    ok(!(ev->flags & IR_EV_ZONE_KNOWN), "without zone");
    is_str(get(IR_F_LOG_LEVEL), "error", "level");
    is_str(get(IR_F_PROCESS_PID), "11", "pid");
    is_str(get(IR_F_PROCESS_THREAD_ID), "12", "tid");
    is_str(get(IR_F_MESSAGE), "access forbidden by rule", "message");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client");
    is_str(get(IR_F_DESTINATION_DOMAIN), "s.example", "server");
    is_str(get(IR_F_HTTP_METHOD), "GET", "method");
    is_str(get(IR_F_URL_ORIGINAL), "/a%2f?b", "target");
    is_str(get(IR_F_URL_DECODED), "/a/?b", "decoded target");
    is_str(get(IR_F_URL_DOMAIN), "h.example", "host");
    is_str(get(IR_F_DESTINATION_PORT), "8443", "port of the host");
    is_str(get(IR_F_HTTP_REFERRER), "http://r/", "referrer");
    is_str(get(IR_F_EVENT_ACTION), "access_forbidden", "action");
    is_str(get(IR_F_EVENT_OUTCOME), "failure", "outcome");
    is_str(get(IR_F_TAGS), NULL, "nothing forged");
    ok(!ev->verbatim && !(ev->flags & IR_EV_DAMAGED), "decoded, not damaged");
    is_int(ev->views[0].sources[0], IR_LS_NGINX_ERROR, "log source");
    take("2026/11/22 01:02:03 [crit] 80:2");
    is_str(get(IR_F_LOG_LEVEL), "crit", "a line without message");
    take("2026/11/22 01:02:03 [notice] 1#1: signal process started");
    is_str(get(IR_F_MESSAGE), "signal process started", "no connection");
    is_str(get(IR_F_SOURCE_IP), NULL, "no client");
    take("web1 nginx[11]: web1 nginx: " AT "limiting requests, excess: 1.8 by zone \"one\", "
         "client: 2001:db8::7, server: , request: \"GET / HTTP/2.0\", host: \"h\"");
    is_str(get(IR_F_HOST_NAME), "web1", "host of a journal line");
    is_str(get(IR_F_SOURCE_IP), "2001:db8::7", "IPv6 client");
    is_str(get(IR_F_EVENT_ACTION), "limit_req", "limit");
    is_str(get(IR_F_MESSAGE), "limiting requests, excess: 1.8 by zone \"one\"", "its message");
}

static void connected(void)
{
    take(AT "client 192.0.2.7:4711 connected to 198.51.100.2:25");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client of a mail connection");
    is_str(get(IR_F_SOURCE_PORT), "4711", "its port");
    is_str(get(IR_F_DESTINATION_IP), "198.51.100.2", "its server");
    is_str(get(IR_F_DESTINATION_PORT), "25", "and port");
    take(AT "client 192.0.2.7 said connected to 198.51.100.2:25");
    is_str(get(IR_F_SOURCE_IP), NULL, "other words name nobody");
    take("2026/11/22 01:02:03 [error] PHP Warning:  x in /srv/a.php on line 3");
    is_str(get(IR_F_MESSAGE), "PHP Warning:  x in /srv/a.php on line 3", "PHP's own lines");
}

static void outcomes(void)
{
    take(AT "connect() failed (111: Connection refused) while connecting to upstream, client: "
            "192.0.2.7, server: s, request: \"GET / HTTP/1.1\", upstream: \"http://127.0.0.1:3/\"");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "trouble upstream is no failure of the client");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client");
    take(AT "connect() to unix:/run/x failed (2: No such file or directory) while connecting to "
            "upstream, client: 192.0.2.7, server: s");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "nor is a missing socket");
    take(AT "SSL_do_handshake() failed (SSL: error:1:x) while SSL handshaking to upstream, client: "
            "192.0.2.7, server: s");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "nor a handshake with the upstream");
    take(AT "SSL_do_handshake() failed (SSL: error:1:x) while SSL handshaking, client: 192.0.2.7, "
            "server: 0.0.0.0:443");
    is_str(get(IR_F_EVENT_ACTION), "ssl_handshake_failed", "a client's handshake");
    is_str(get(IR_F_DESTINATION_PORT), "443", "port of the listening address");
    take(AT "open() \"/srv/upstream/x\" failed (2: No such file or directory), client: 192.0.2.7, "
            "server: s, request: \"GET /upstream/x HTTP/1.1\"");
    is_str(get(IR_F_EVENT_ACTION), "file_not_found", "a path with a word in it");
    take(AT "client login failed: \"x\" while in http auth state, client: 192.0.2.7, server: "
            "0.0.0.0:25, login: \"bob@example.org\"");
    is_str(get(IR_F_USER_NAME), "bob@example.org", "mail login");
    is_str(get(IR_F_EVENT_ACTION), "mail_auth_failed", "mail action");
}

static void users(void)
{
    take(AT "user \"john doe\": password mismatch, client: 192.0.2.7, server: , request: \"GET / "
            "HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_USER_NAME), "john doe", "user with blank");
    is_str(get(IR_F_EVENT_ACTION), "http_auth_failed", "action");
    take(AT "user \"x\" was not found in \"/etc/pw\", client: 192.0.2.7, server: s");
    is_str(get(IR_F_USER_NAME), "x", "unknown user");
    take(AT
         "PAM: user 'x' - not authenticated: Authentication failure, client: 192.0.2.7, server: s");
    is_str(get(IR_F_USER_NAME), "x", "PAM user");
}

static void forged(void)
{
    take(AT "user \"x\": password mismatch, client: 198.51.100.1, server: t, request: \"GET / "
            "HTTP/1.1\", host: \"h\"\": password mismatch, client: 192.0.2.7, server: s, request: "
            "\"GET /t HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a user name with a whole tail");
    is_str(get(IR_F_URL_PATH), "/t", "its request");
    is_str(get(IR_F_TAGS), "log_injection", "and it is said");
    ok(ir_str_starts(get(IR_F_USER_NAME), IR_S("x\": password mismatch, client: 198.")),
       "the whole name is the user");
    take(
        AT
        "user \"x\": password mismatch, client: 198.51.100.1, server: t, request: \"GET / "
        "HTTP/1.1\", host: \"h\", referrer: \"\": password mismatch, client: 192.0.2.7, server: s, "
        "request: \"GET /t HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), NULL, "a user name that opens a referrer may be one: nobody");
    take(AT "access forbidden by rule, client: 192.0.2.7, server: s, request: \"GET / HTTP/1.1\", "
            "host: \"h\", referrer: \"x\", client: 198.51.100.1, server: s, request: \"GET / "
            "HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a referrer with a whole tail");
    take(AT "access forbidden by rule, client: 192.0.2.7, server: s, request: \"GET /\", client: "
            "198.51.100.1, server: \" HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a request with a client in it");
    take(AT
         "open() \"/srv/, client: 198.51.100.1, server: x\" failed (2: No such file or directory), "
         "client: 192.0.2.7, server: s, request: \"GET /,%20client: HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a path with a client in it");
    take(AT "[lua] x.lua:1: said , client: 198.51.100.1, server: x, client: 192.0.2.7, server: s, "
            "request: \"GET / HTTP/1.1\", host: \"h\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a script that logs a client");
}

/* The client must be `ip` (NULL: nobody is named), and the forging must be said. */
static void client(const char *line, const char *ip)
{
    take(line);
    is_str(get(IR_F_SOURCE_IP), ip, "client");
    is_str(get(IR_F_SOURCE_ADDRESS), ip, "address");
    is_str(get(IR_F_SOURCE_DOMAIN), NULL, "no client's name");
    is_str(get(IR_F_TAGS), "log_injection", "tag");
}

#define FAKE(ip) ", client: " ip ", server: y, request: \"G / H\", host: \"q\""
#define GONE     "failed (2: No such file or directory), client: 192.0.2.1, server: ex.com, request: "
#define SENT     GONE "\"GET /x HTTP/1.1\", host: \"ex.com\""

static void forged_twice(void)
{
    static const char path[] = AT "open() \"/var/www/x" FAKE("6.6.6.6") "\" " SENT;
    static const char refs[] = AT "open() \"/var/www/x\" " SENT ", referrer: \"http://a/";
    static char line[1024];
    client(path, "192.0.2.1");
    client(AT "open() \"/var/www/x" FAKE("6.6.6.6") "\" " SENT
                                                    ", referrer: \"http://a/" FAKE("7.7.7.7") "\"",
           "192.0.2.1");
    is_str(get(IR_F_HTTP_REFERRER), "http://a/" FAKE("7.7.7.7"), "the whole referrer");
    is_str(get(IR_F_URL_DOMAIN), "ex.com", "its host");
    ok(!(ev->flags & IR_EV_DAMAGED), "not damaged");
    snprintf(line, sizeof line, "%s, referrer: \"http://a/%s", path, FAKE("7.7.7.7"));
    client(line, NULL);
    is_str(get(IR_F_URL_ORIGINAL), NULL, "no request of nobody");
    snprintf(line, sizeof line, "%s%s", refs, FAKE("7.7.7.7"));
    client(line, NULL);
    snprintf(line, sizeof line, "%s, client: 7.7.7.7\"", refs);
    client(line, "192.0.2.1");
    snprintf(line, sizeof line, "%s, client: 7.7.7.7, server: y, referrer: \"", refs);
    client(line, "192.0.2.1"); /* the quote is nginx's */
    snprintf(line, sizeof line, "%s, client: 7.7.7.7, server: y, referrer: \"z\"", refs);
    client(line, NULL);
    /* a request with quotes and blanks, which makes the true tail look odd */
    client(AT "open() \"/x\" " GONE "\"GET /a\", host: \"b c HTTP/1.1\", host: \"h\", referrer: "
              "\"x, client: 6.6.6.6, server: y, request: \"G / H\", host: \"q\"",
           NULL);
    client(AT "open() \"/x\" " GONE "\"GET /a\", host: \"b c, client: 6.6.6.6, server: y, request: "
              "\"G HTTP/1.1\", host: \"h\"",
           NULL);
    client(AT "open() \"/x\" " GONE
              "\"GET /a\", host: \"b HTTP/1.1\" c, client: 6.6.6.6, server: y, "
              "request: \"G HTTP/2.0\", host: \"h\"",
           NULL);
    client(AT "open() \"/x" FAKE("6.6.6.6") "\" " GONE "\"GET /cut", NULL);
    client(AT
           "client login failed: \"x\" while in http auth state, client: 192.0.2.1, server: s:25, "
           "login: \"a\", client: 6.6.6.6, server: y, login: \"b\"",
           NULL);
    client(AT
           "client login failed: \"x\" while in http auth state, client: 192.0.2.1 using starttls, "
           "server: s:25, login: \"a\", client: 6.6.6.6, server: y, login: \"b\"",
           NULL);
    client(AT "open() \"/x\" " GONE "\"GET /x HTTP/1.1\", host: \"q\", client: 6.6.6.6, server: y, "
              "host: \"z\"",
           NULL);
    client(AT "open() \"/x\" " GONE
              "\"GET /x HTTP/1.1\", host: \"a\"b\", referrer: \"c" FAKE("6.6.6.6"),
           NULL);
    take(AT
         "client login failed: \"x\" while in http auth state, client: 192.0.2.1 using starttls, "
         "server: s:25, login: \"a\"");
    is_str(get(IR_F_SOURCE_ADDRESS), "192.0.2.1", "the address alone");
    take(AT "open() \"/x, client: 6.6.6.6\" failed");
    is_str(get(IR_F_SOURCE_ADDRESS), NULL, "an address has no quote");
}

/* Nobody's lines cost no more than a bounded number of tries. */
static void many(void)
{
    static char line[400000];
    static const char *const parts[] = {FAKE("6.6.6.6"), "\", upstream: \"", "\", subrequest: \""};
    size_t n = (size_t)snprintf(line, sizeof line,
                                AT "open() \"/x, client: 6.6.6.6, server: y"
                                   ", request: \"");
    for (size_t i = 0; n + 64 < sizeof line; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%s", parts[i % 3]);
    is_int(parse(line, n), IR_OK, "a long line");
    is_str(get(IR_F_SOURCE_IP), NULL, "nobody");
}

static void cuts(void)
{
    refuse("2026/11/22 01:02:03 something");
    take("2026/13/22 01:02:03 [error] 1#1: *1 access forbidden by rule, client: 192.0.2.7, server: "
         "s");
    ok(!(ev->flags & IR_EV_TIME), "a date that does not exist is no time");
    ok(ev->flags & IR_EV_DAMAGED, "but damage");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "the rest is kept");
    refuse("2026/11/22 01:02:03 [error] x#1: x");
    refuse("Nov 22 01:02:03 web1 nginx[11]: " AT "x");
    refuse("");
    take(AT "access forbidden by rule, client: 192.0.2.7, server: s, request: \"GET /cut");
    ok(ev->flags & IR_EV_DAMAGED, "a cut tail is damage");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "its client is kept");
    cut_everywhere("h nginx[1]: " AT "user \"x\": password mismatch, client: ::1, server: s, "
                   "request: \"GET /%41 HTTP/1.1\", upstream: \"u\", host: \"h\", referrer: \"r\"");
}

/* `start`, then as many 'x' as make `total` bytes with `end` behind them. */
static const char *padded(const char *start, size_t total, const char *end)
{
    static char buf[8192];
    size_t n = strlen(start), e = strlen(end);
    memcpy(buf, start, n);
    memset(buf + n, 'x', total - n - e);
    memcpy(buf + total - e, end, e + 1);
    return buf;
}

/* A client asks for a path so long that the line's end, with the true client, is cut off: the
 * forged one in the path is then the only one. */
static void cut_off(void)
{
    static const char fake[] =
        AT "open() \"/srv/x\" failed (2: No such file or directory), client: "
           "6.6.6.6, server: s, request: \"GET /";
    static const char fixed[] =
        AT "limiting requests, excess: 1.0 by zone \"z\", client: 192.0.2.7, "
           "server: s, request: \"GET /";
    static const size_t lengths[] = {2047, 4095, 1024, 900};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        take(padded(fake, lengths[i], ""));
        is_str(get(IR_F_SOURCE_IP), NULL, "nobody in %zu bytes", lengths[i]);
        is_str(get(IR_F_URL_ORIGINAL), NULL, "and no request of theirs");
        ok(ev->flags & IR_EV_DAMAGED, "it is damaged");
        ok(ev->damage != NULL, "for a reason");
        take(padded(fixed, lengths[i], ""));
        is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "a message of fixed words has its client");
    }
    take(padded(fake, 2047, " HTTP/1.1\", host: \"h\""));
    is_str(get(IR_F_SOURCE_IP), NULL, "nobody though the tail looks whole");
    take(padded(fake, 4095, " HTTP/1.1\", host: \"h\""));
    is_str(get(IR_F_SOURCE_IP), NULL, "nor at the limit of OpenResty");
    take(padded(fake, 2046, " HTTP/1.1\", host: \"h\""));
    is_str(get(IR_F_SOURCE_IP), "6.6.6.6", "a whole line below the limit has its client");
    take(padded(fake, 3000, " HTTP/1.1\", host: \"h\""));
    is_str(get(IR_F_SOURCE_IP), "6.6.6.6", "and one between the limits");
    take(padded(fake, 300, ""));
    is_str(get(IR_F_SOURCE_IP), "6.6.6.6", "no logger cuts so early");
    take(padded("h nginx[1]: " AT
                "open() \"/srv/x\" failed (2: No such file or directory), client: "
                "6.6.6.6, server: s, request: \"GET /",
                12 + 2047, " HTTP/1.1\", host: \"h\""));
    is_str(get(IR_F_SOURCE_IP), NULL, "the journal's prefix does not count");
}

static void body(void)
{
    struct ir_str text = IR_S(AT "access forbidden by rule, client: 192.0.2.7, server: s");
    ir_event_begin(ev, text, 0, 1);
    ir_event_set(ev, IR_F_MESSAGE, text);
    ir_event_time(ev, 5, IR_EV_ZONE_KNOWN);
    is_int(ir_nginx_error_body(&parser, text, ev), IR_OK, "body taken");
    is_int(ev->time, 5, "a full time stays");
    ok(ir_str_eq(get(IR_F_MESSAGE), text), "the message stays");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client of a body");
    ir_event_begin(ev, text, 0, 1);
    ir_event_time(ev, 5, IR_EV_YEAR_INFERRED);
    is_int(ir_nginx_error_body(&parser, text, ev), IR_OK, "body taken");
    is_int(ev->time, INT64_C(1795309323) * IR_NS, "a guessed year is replaced");
    ok(!(ev->flags & IR_EV_YEAR_INFERRED), "and known");
    ir_event_begin(ev, text, 0, 1);
    is_int(ir_nginx_error_body(&parser, IR_S("worker started"), ev), IR_BAD, "body refused");
    is_int(ev->nfields, 0, "nothing was added");
}

int main(void)
{
    if (!web_open("nginx_error")) return done();
    parts();
    connected();
    outcomes();
    users();
    forged();
    forged_twice();
    many();
    cuts();
    cut_off();
    body();
    ok(ir_format_nginx_error.bid(IR_S(AT "x\n")) >= 90, "bid on an error log");
    is_int(ir_format_nginx_error.bid(IR_S("192.0.2.7 - - [x\n")), 0, "no bid on an access log");
    return web_close();
}
