/*
 * Access logs: what each part of a line becomes, and that hostile parts do not move the others.
 */
#include "web_test.h"

extern const struct ir_format ir_format_access;

static bool has_source(enum ir_logsource_id ls)
{
    for (unsigned i = 0; i < ev->views[0].nsources; i++)
        if (ev->views[0].sources[i] == ls) return true;
    return false;
}

#define AT "[22/Nov/2026:01:02:03 +0900] "

static void combined(void)
{
    char text[IR_TIME_TEXT];
    take("192.0.2.7 - alice " AT "\"GET /a/b.PHP?x=1 HTTP/1.1\" 404 12 \"http://r/\" \"UA/1 (x)\"");
    ir_time_rfc3339(ev->time, text);
    is_str(ir_str_z(text), "2026-11-21T16:02:03Z", "time");
    ok(ev->flags & IR_EV_ZONE_KNOWN, "zone known");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client");
    is_str(get(IR_F_SOURCE_ADDRESS), "192.0.2.7", "client as logged");
    is_str(get(IR_F_USER_NAME), "alice", "user");
    is_str(get(IR_F_HTTP_METHOD), "GET", "method");
    is_str(get(IR_F_URL_ORIGINAL), "/a/b.PHP?x=1", "target");
    is_str(get(IR_F_URL_PATH), "/a/b.PHP", "path");
    is_str(get(IR_F_URL_QUERY), "x=1", "query");
    is_str(get(IR_F_URL_EXTENSION), "PHP", "extension");
    is_str(get(IR_F_HTTP_VERSION), "1.1", "version");
    is_str(get(IR_F_HTTP_STATUS), "404", "status");
    is_str(get(IR_F_HTTP_BODY_BYTES), "12", "bytes");
    is_str(get(IR_F_HTTP_REFERRER), "http://r/", "referrer");
    is_str(get(IR_F_USER_AGENT), "UA/1 (x)", "agent");
    is_str(get(IR_F_EVENT_OUTCOME), "failure", "outcome");
    is_str(get(IR_F_URL_DECODED), NULL, "nothing to decode");
    is_str(get(IR_F_URL_DOMAIN), NULL, "no host");
    ok(ev->verbatim, "verbatim");
    ok(has_source(IR_LS_WEBSERVER) && !has_source(IR_LS_PROXY), "webserver, not proxy");
    take("2001:db8::7 - - " AT "\"GET / HTTP/2.0\" 200 -\r");
    is_str(get(IR_F_SOURCE_IP), "2001:db8::7", "IPv6 client");
    is_str(get(IR_F_USER_NAME), NULL, "no user");
    is_str(get(IR_F_HTTP_BODY_BYTES), NULL, "no bytes");
    is_str(get(IR_F_EVENT_OUTCOME), "success", "success");
    take("host.example.org - - " AT "\"GET / HTTP/1.0\" - - \"-\" \"-\"");
    is_str(get(IR_F_SOURCE_DOMAIN), "host.example.org", "client by name");
    is_str(get(IR_F_SOURCE_IP), NULL, "no address");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "no status, no outcome");
    is_str(get(IR_F_USER_AGENT), NULL, "no agent");
    take("::ffff:192.0.2.7 - - " AT "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "mapped IPv4 is IPv4");
    take("198.51.100.9, 192.0.2.7 - - " AT "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "of a forwarded list the last");
    take("198.51.100.9,192.0.2.7 - - " AT "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "of a tight list the last");
}

static void vhosts(void)
{
    take("www.example.org:443 192.0.2.7 - - " AT "\"GET / HTTP/1.0\" 200 5 \"-\" \"ua\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "client behind the vhost");
    is_str(get(IR_F_URL_DOMAIN), "www.example.org", "vhost");
    is_str(get(IR_F_DESTINATION_PORT), "443", "its port");
    take("www.example.org client.example.net - - " AT "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_SOURCE_DOMAIN), "client.example.net", "a name behind the vhost");
    is_str(get(IR_F_URL_DOMAIN), "www.example.org", "vhost without port");
    take("www.example.org 192.0.2.7 - 0123456789abcdef0123456789abcdef joe " AT
         "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_USER_NAME), "joe", "behind a request id");
    take("www.example.org 192.0.2.7 - - " AT "\"GET http://other.example:81/x HTTP/1.0\" 200 5");
    is_str(get(IR_F_URL_DOMAIN), "other.example", "the target's host wins");
    is_str(get(IR_F_DESTINATION_DOMAIN), "www.example.org", "the vhost is kept");
    is_str(get(IR_F_DESTINATION_PORT), "81", "the target's port");
    is_str(get(IR_F_URL_SCHEME), "http", "scheme");
    is_str(get(IR_F_URL_PATH), "/x", "path of an absolute target");
    ok(has_source(IR_LS_PROXY), "an absolute target is a proxy's");
    take("192.0.2.7 - - " AT "\"CONNECT mail.example:25 HTTP/1.1\" 405 5");
    is_str(get(IR_F_URL_DOMAIN), "mail.example", "CONNECT's host");
    is_str(get(IR_F_DESTINATION_PORT), "25", "CONNECT's port");
    ok(has_source(IR_LS_PROXY), "CONNECT is a proxy's");
}

static void users(void)
{
    take("192.0.2.7 - john van doe " AT "\"GET / HTTP/1.0\" 401 5");
    is_str(get(IR_F_USER_NAME), "john van doe", "user with blanks");
    is_str(get(IR_F_URL_DOMAIN), NULL, "no vhost made of it");
    take("192.0.2.7 - " AT "\"GET / HTTP/1.0\" 200 5");
    is_str(get(IR_F_USER_NAME), NULL, "no user at all");
    take("192.0.2.7 - \"\" " AT "\"GET / HTTP/1.0\" 401 5");
    is_str(get(IR_F_USER_NAME), NULL, "the empty user");
    is_str(get(IR_F_HTTP_STATUS), "401", "status behind the empty user");
    take("192.0.2.7 - x [01/Jan/2000:00:00:00 +0000] \\x22GET / HTTP/1.0\\x22 200 1 " AT
         "\"GET /t HTTP/1.0\" 401 5");
    is_str(get(IR_F_USER_NAME), "x [01/Jan/2000:00:00:00 +0000] \\x22GET / HTTP/1.0\\x22 200 1",
           "a user like a line (nginx)");
    is_int(ev->time, INT64_C(1795276923) * IR_NS, "and the time is the true one");
    is_str(get(IR_F_HTTP_STATUS), "401", "and the status");
    take("192.0.2.7 - x [01/Jan/2000:00:00:00 +0000] \\\"GET / HTTP/1.0\\\" 200 1 " AT
         "\"GET /t HTTP/1.0\" 401 5");
    is_str(get(IR_F_URL_PATH), "/t", "a user like a line (Apache)");
    is_int(ev->time, INT64_C(1795276923) * IR_NS, "and the time is the true one");
}

static void requests(void)
{
    take("192.0.2.7 - - " AT "\"\" 400 0 \"-\" \"-\"");
    is_str(get(IR_F_URL_ORIGINAL), NULL, "empty request");
    is_str(get(IR_F_HTTP_STATUS), "400", "its status");
    take("192.0.2.7 - - " AT "\"-\" 408 - \"-\" \"-\"");
    is_str(get(IR_F_URL_ORIGINAL), NULL, "no request");
    take("192.0.2.7 - - " AT "\"\\x16\\x03\\x01 \\x00\" 400 0 \"-\" \"-\"");
    is_str(get(IR_F_URL_ORIGINAL), "\\x16\\x03\\x01 \\x00", "binary request as logged");
    is_str(get(IR_F_HTTP_METHOD), NULL, "has no method");
    ok(ir_str_eq(get(IR_F_URL_DECODED), ir_str_n("\x16\x03\x01 \0", 5)), "and decoded");
    take("192.0.2.7 - - " AT "\"HELP\" 400 0");
    is_str(get(IR_F_URL_ORIGINAL), "HELP", "one word");
    take("192.0.2.7 - - " AT "\"GET /old\" 200 0");
    is_str(get(IR_F_URL_PATH), "/old", "HTTP/0.9");
    is_str(get(IR_F_HTTP_VERSION), NULL, "HTTP/0.9 has no version");
    take("192.0.2.7 - - " AT "\"GET /a b c HTTP/1.1\" 200 0");
    is_str(get(IR_F_URL_PATH), "/a b c", "blanks in the target");
    take("192.0.2.7 - - " AT "\"GET /\\\" 200 0 \\\"x HTTP/1.1\" 403 7 \"-\" \"-\"");
    is_str(get(IR_F_URL_ORIGINAL), "/\\\" 200 0 \\\"x", "escaped quotes do not end the request");
    is_str(get(IR_F_HTTP_STATUS), "403", "nor give a status");
    take("192.0.2.7 - - " AT "\"GET /a\"b HTTP/1.1\" 403 7 \"-\" \"ua\"");
    is_str(get(IR_F_URL_PATH), "/a\"b", "a bare quote inside");
    is_str(get(IR_F_USER_AGENT), "ua", "and the agent behind it");
    take("192.0.2.7 - - " AT "\"GET /x HTTP/1.1\" 403 7 \"\\\" 200 0 \\\"-\\\" \\\"x\" \"ua\"");
    is_str(get(IR_F_HTTP_STATUS), "403", "a hostile referrer moves no status");
    is_str(get(IR_F_USER_AGENT), "ua", "nor the agent");
    take("192.0.2.7 - - " AT
         "\"GET /x HTTP/1.1\" 403 7 \"-\" \"a\\\" \\\"b\" \"203.0.113.1\" 0.003");
    is_str(get(IR_F_USER_AGENT), "a\" \"b", "escaped quotes in the agent, more fields behind");
    take("192.0.2.7 - - " AT "\"GET /x HTTP/1.1\" 403 7 0.003 \"-\" \"ua\"");
    is_str(get(IR_F_USER_AGENT), "ua", "a number between");
}

static void decoding(void)
{
    take("192.0.2.7 - - " AT "\"GET /a%2e%2E/+?q=1+2%253c HTTP/1.1\" 200 1");
    uint32_t at = ir_event_first(ev, IR_F_URL_DECODED, 0);
    if (!ok(at != IR_NOFIELD, "decoded")) return;
    is_str(ev->fields[at].val, "/a../+?q=1 2%3c", "once; plus is a blank in the query only");
    at = ir_event_next(ev, at);
    if (!ok(at != IR_NOFIELD, "decoded again")) return;
    is_str(ev->fields[at].val, "/a../+?q=1 2<", "twice");
    ok(!ev->verbatim, "not verbatim");
    take("192.0.2.7 - - " AT "\"GET /100% HTTP/1.1\" 200 1");
    is_str(get(IR_F_URL_DECODED), NULL, "a percent sign alone is nothing");
    ok(ev->verbatim, "and stays verbatim");
}

/* What a client sent in a header, also where a log has to write it in another way. */
static void headers(void)
{
    take("192.0.2.7 - - " AT
         "\"GET / HTTP/1.1\" 200 1 \"a\\\"b\" \"() { :; }; echo \\x22c\\x0a\\\\d\"");
    is_str(get(IR_F_HTTP_REFERRER), "a\"b", "a quote in the referrer");
    is_str(get(IR_F_USER_AGENT), "() { :; }; echo \"c\n\\d", "escapes in the agent");
    ok(!ev->verbatim, "no longer bytes of the record");
    take("192.0.2.7 - - " AT "\"GET / HTTP/1.1\" 200 1 \"-\" \"\\q \\x2\"");
    is_str(get(IR_F_USER_AGENT), "\\q \\x2", "what is no escape stays");
}

static void damage(void)
{
    take("192.0.2.7 - - " AT "\"GET /cut");
    ok(ev->flags & IR_EV_DAMAGED, "a cut request is damage");
    is_str(get(IR_F_URL_PATH), "/cut", "but kept");
    is_str(get(IR_F_EVENT_OUTCOME), NULL, "without outcome");
    take("192.0.2.7 - - " AT "\"GET / HTTP/1.1\" 200 5 \"-\" \"Mozi");
    ok(ev->flags & IR_EV_DAMAGED, "a cut agent is damage");
    is_str(get(IR_F_USER_AGENT), "Mozi", "but kept");
    take("192.0.2.7 - - " AT "\"GET / HTTP/1.1\\\" 200 5 \\\"");
    is_str(get(IR_F_HTTP_STATUS), NULL, "no status out of escaped quotes");
    take("192.0.2.7 - - [31/Feb/2026:01:02:03 +0900] \"GET /x HTTP/1.1\" 200 5");
    ok(ev->flags & IR_EV_DAMAGED, "an impossible date is damage");
    ok(!(ev->flags & IR_EV_TIME), "and no time");
    is_str(get(IR_F_URL_PATH), "/x", "but all else is kept");
    take("192.0.2.7 - - [22/Nov/2026 01:02:03] \"GET /x HTTP/1.1\" 404 -");
    ok((ev->flags & IR_EV_TIME) && !(ev->flags & IR_EV_ZONE_KNOWN), "http.server's stamp");
    is_str(get(IR_F_HTTP_STATUS), "404", "and its status");
    refuse("192.0.2.7 - - [22/Nov/2026 01:02:03] code 404, message File not found");
    refuse("192.0.2.7 - - [22/Nov/2026:01:02:03 +0900]");
    refuse("192.0.2.7 - - [32/Nov/2026:1:02:03 +0900] \"GET / HTTP/1.1\" 200 5");
    refuse("192.0.2.7 - - [22/Nov/2026:01:02:03 +0900 junk] \"GET / HTTP/1.1\" 200 5");
    refuse("Nov 22 01:02:03 web nginx: 192.0.2.7 - - " AT "\"GET / HTTP/1.1\" 200 5");
    refuse("2026-11-22T01:02:03+09:00 web nginx[12]: 192.0.2.7 - - " AT "\"GET / HTTP/1.1\" 200 5");
    refuse("{\"a\": \"192.0.2.7 - - " AT "\"}");
    refuse("\"\"");
    refuse("");
    cut_everywhere("w:80 192.0.2.7 - u v " AT "\"GET /%41?a+b HTTP/1.1\" 200 5 \"r\" \"a\" \"x\"");
}

static void proxy_manager(void)
{
    take("[22/Nov/2026:01:02:03 +0900] - 404 404 - GET https h.example \"/a?b\" [Client 192.0.2.7] "
         "[Length 9] [Gzip -] [Sent-to s] \"ua\" \"http://r/\"");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "proxy manager: client");
    is_str(get(IR_F_URL_QUERY), "b", "proxy manager: query");
    is_str(get(IR_F_HTTP_STATUS), "404", "proxy manager: status");
    is_str(get(IR_F_HTTP_BODY_BYTES), "9", "proxy manager: length");
    is_str(get(IR_F_USER_AGENT), "ua", "proxy manager: agent");
    is_str(get(IR_F_HTTP_REFERRER), "http://r/", "proxy manager: referrer");
    is_str(get(IR_F_URL_DOMAIN), "h.example", "proxy manager: host");
    take("[22/Nov/2026:01:02:03 +0900] h.example 192.0.2.7 0.1 \"GET / HTTP/1.1\" 401 7 93 - U A");
    is_str(get(IR_F_SOURCE_IP), "192.0.2.7", "default host: client");
    is_str(get(IR_F_HTTP_BYTES), "93", "default host: bytes");
    is_str(get(IR_F_USER_AGENT), "U A", "default host: agent");
    refuse("[22/Nov/2026:01:02:03 +0900] something else \"x\"");
}

static void bids(void)
{
    const char *log = "192.0.2.7 - - " AT "\"GET / HTTP/1.1\" 200 5\n192.0.2.7 - - " AT "\"GET /";
    ok(ir_format_access.bid(ir_str_z(log)) >= 90, "bid on an access log");
    is_int(ir_format_access.bid(IR_S("Nov 22 01:02:03 h sshd[1]: x\n")), 0, "no bid on syslog");
    is_int(ir_format_access.bid(IR_S("")), 0, "no bid on nothing");
}

static void shared_file(void)
{
    char path[1024], *line = NULL;
    size_t cap = 0;
    ssize_t n;
    long lines = 0, good = 0, cut = 0;
    if (!ir_tap_shared("data/web/apache_access_10000.log", path, sizeof path)) {
        skip("no IR_SHARED: data/web/apache_access_10000.log");
        return;
    }
    FILE *f = fopen(path, "r");
    if (f == NULL) return;
    while ((n = getline(&line, &cap, f)) > 0) {
        if (line[n - 1] == '\n') n--;
        lines++;
        good += parse(line, (size_t)n) == IR_OK && get(IR_F_SOURCE_IP).n &&
                get(IR_F_HTTP_STATUS).n && get(IR_F_URL_PATH).n;
        cut += (ev->flags & IR_EV_DAMAGED) != 0;
    }
    ok(lines == 10000 && good == lines, "every line of the 10,000 parses");
    ok(cut <= 1, "and at most one is cut");
    free(line);
    fclose(f);
}

int main(void)
{
    if (!web_open("apache_access")) return done();
    combined();
    vhosts();
    users();
    requests();
    decoding();
    headers();
    damage();
    proxy_manager();
    bids();
    shared_file();
    return web_close();
}
