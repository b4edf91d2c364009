/*
 * Squid, HAProxy, IIS, Caddy and Traefik: fields, each prefix of a line, changing columns, and
 * values that look like the rest of the line.
 */
#include "syslog_test.h"

static struct lines t;

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  %s", want ? want : "nothing");
}

static void taken(const char *text, const char *format)
{
    line(&t, text);
    is_str(ir_str_z(t.took->name), format, "%s takes %.60s", format, text);
}

/* stamp and parse agree on each prefix, and what is not verbatim must be known. */
static void prefixes(const char *text)
{
    const struct ir_format *fmt = t.parser.fmt;
    bool good = true;
    for (size_t n = 1; n <= strlen(text); n++) {
        char *copy = malloc(n);
        memcpy(copy, text, n);
        struct ir_str rec = ir_str_n(copy, n);
        ir_arena_reset(&t.arena);
        ir_event_begin(t.ev, rec, 0, 1);
        int quick = fmt->stamp(&t.parser, rec, t.ev);
        int64_t when_quick = t.ev->time;
        ir_event_begin(t.ev, rec, 0, 1);
        int rc = fmt->parse(&t.parser, rec, t.ev);
        good = good && rc == quick && (rc != IR_OK || when_quick == t.ev->time);
        if (rc == IR_OK && !t.ev->verbatim) good = good && ir_format_must_parse(fmt, rec);
        free(copy);
    }
    ok(good, "each prefix of %.60s", text);
}

static void test_squid(void)
{
    char buf[IR_TIME_TEXT];
    lines_open(&t, "squid", 1795392000);
    const char *text = "1795309323.123     57 192.0.2.7 TCP_MISS/200 1234 GET "
                       "http://a.example:81/x%2fy.cgi?q=1+2 bob HIER_DIRECT/198.51.100.1 text/html "
                       "\"http://r.example/\" \"curl/8\"";
    taken(text, "squid");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03.123Z", "  time");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_HTTP_METHOD, "GET");
    has(IR_F_URL_ORIGINAL, "http://a.example:81/x%2fy.cgi?q=1+2");
    has(IR_F_URL_DOMAIN, "a.example");
    has(IR_F_URL_EXTENSION, "cgi");
    has(IR_F_URL_DECODED, "http://a.example:81/x/y.cgi?q=1 2");
    has(IR_F_HTTP_STATUS, "200");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_DESTINATION_IP, "198.51.100.1");
    has(IR_F_HTTP_REFERRER, "http://r.example/");
    has(IR_F_USER_AGENT, "curl/8");
    ok(has_source(&t, IR_LS_PROXY), "  is a proxy's");
    prefixes(text);
    taken("1795309323.1 5 192.0.2.7 TCP_MISS/200 9 GET http://a.example/ eve HIER_NONE/- x bob "
          "HIER_DIRECT/198.51.100.1 text/html",
          "squid");
    has(IR_F_USER_NAME, NULL);
    has(IR_F_DESTINATION_IP, NULL);
    taken("1795309323.1 5 192.0.2.7 NONE_NONE/000 0 - error:transaction-end-before-headers - "
          "HIER_NONE/- -",
          "squid");
    has(IR_F_HTTP_STATUS, NULL);
    has(IR_F_EVENT_OUTCOME, NULL);
    taken("1795309323.1 5 192.0.2.7 hello/200 9 GET http://a.example/ - X/- -", "text");
    lines_close(&t);
}

static void test_squid_cache(void)
{
    char buf[IR_TIME_TEXT];
    lines_open(&t, "squid_cache", 1795392000);
    const char *text = "2026/11/22 01:02:03 kid1| SECURITY ALERT: Host header forgery detected on "
                       "conn52 local=198.51.100.2:443 remote=192.0.2.7:51234 FD 12 flags=33 (local "
                       "IP does not match any domain IP)";
    taken(text, "squid_cache");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03Z", "  time");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_SOURCE_PORT, "51234");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    has(IR_F_EVENT_ACTION, "host_header_forgery");
    has(IR_F_LOG_LEVEL, "SECURITY ALERT");
    ok(has_source(&t, IR_LS_SQUID_CACHE), "  log source");
    prefixes(text);
    taken("2026/11/22 01:02:03.123| SECURITY ALERT: By user agent: x remote=203.0.113.6:1 FD 1 y",
          "squid_cache");
    has(IR_F_USER_AGENT, "x remote=203.0.113.6:1 FD 1 y");
    has(IR_F_SOURCE_IP, NULL);
    taken("2026/11/22 01:02:03 kid1| WARNING: disk full", "squid_cache");
    has(IR_F_LOG_LEVEL, "WARNING");
    taken("2026/11/22 01:02:03 kid1 words", "text");
    taken("2026/13/22 01:02:03 kid1| words", "text");
    lines_close(&t);
}

static void test_haproxy(void)
{
    lines_open(&t, "haproxy", 1795392000);
    const char *text =
        "2001:db8::7:58430 [22/Nov/2026:01:02:02.608] main~ app/app1 0/0/1/3/+4 401 +248 - - PR-- "
        "0/0/0/0/0 0/0 {Mozilla/5.0 (X11)|a#22 \"GET} {} \"GET /a?b HTTP/1.1\"";
    taken("2001:db8::7:58430 [22/Nov/2026:01:02:02.608] main~ app/app1 0/0/1/3/+4 401 +248 - - "
          "PR-- 0/0/0/0/0 0/0 {Mozilla/5.0 (X11)|a#22} {} \"GET /a?b HTTP/1.1\"",
          "haproxy");
    has(IR_F_SOURCE_IP, "2001:db8::7");
    has(IR_F_SOURCE_PORT, "58430");
    has(IR_F_URL_ORIGINAL, "/a?b");
    has(IR_F_HTTP_STATUS, "401");
    has(IR_F_USER_AGENT, "Mozilla/5.0 (X11)");
    has(IR_F_EVENT_OUTCOME, "failure");
    ok(has_source(&t, IR_LS_WEBSERVER), "  is a web server's");
    prefixes(text);
    taken("192.0.2.7:5 [22/Nov/2026:01:02:02.608] fe/1: SSL handshake failure", "haproxy");
    has(IR_F_EVENT_ACTION, "tls_handshake_failed");
    taken("192.0.2.7:5 [22/Nov/2026:01:02:02.608] fe be/s1 1/0/2 512 -- 1/1/1/1/0 0/0", "haproxy");
    ok(!has_source(&t, IR_LS_WEBSERVER), "  is no web server's");
    taken("192.0.2.7:5 [22/Nov/2026:01:02:02.608] some other words", "text");
    lines_close(&t);
    lines_open(&t, "syslog", 1795392000);
    says(&t, "haproxy[1]",
         "192.0.2.7:5 [22/Nov/2026:01:02:02.608] f b/s 0/0/1/3/4 403 5 - - ---- 1/1/1/1/0 0/0 "
         "\"GET /%2e HTTP/1.1\"",
         "-|192.0.2.7|failure|http_request");
    has(IR_F_URL_DECODED, "/.");
    ok(has_source(&t, IR_LS_WEBSERVER), "  is a web server's");
    says(&t, "haproxy[1]",
         "192.0.2.7:5 [22/Nov/2026:01:02:02.608] f b/s 0/0/1/3/4 200 5 - - ---- 1/1/1/1/0 0/0 "
         "{www.example.com:80|sqlmap/1.7#22} {text/html} \"GET / HTTP/1.1\"",
         "-|192.0.2.7|success|http_request");
    has(IR_F_USER_AGENT, "sqlmap/1.7#22");
    says(&t, "haproxy[1]",
         "192.0.2.7 - - [22/Nov/2026:01:02:02 +0000] \"GET /a HTTP/1.1\" 403 5 \"\" \"\" 4021 "
         "608 \"fe\" \"be\" \"s1\" 0 0 0 7 7 ---- 1 1 0 0 0 0 0 \"\" \"\" ",
         "-|192.0.2.7|failure|http_request");
    has(IR_F_URL_PATH, "/a");
    lines_close(&t);
}

static void test_iis(void)
{
    char buf[IR_TIME_TEXT];
    const char *text = "2026-11-22 01:02:03 198.51.100.2 GET /a.aspx x=%27+or 443 EX\\bob "
                       "192.0.2.7 Mozilla/5.0+(X11) - 200 0 0 12";
    lines_open(&t, "iis", 1795392000);
    taken(text, "iis"); /* the usual columns */
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03Z", "  time");
    ok(t.ev->flags & IR_EV_ZONE_KNOWN, "  is UTC");
    has(IR_F_URL_ORIGINAL, "/a.aspx?x=%27+or");
    has(IR_F_URL_DECODED, "/a.aspx?x=' or");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_USER_DOMAIN, "EX");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_DESTINATION_IP, "198.51.100.2");
    has(IR_F_DESTINATION_PORT, "443");
    has(IR_F_USER_AGENT, "Mozilla/5.0 (X11)");
    is_str(field_named(&t, "cs-uri-stem"), "/a.aspx", "  the column's own name");
    ok(has_source(&t, IR_LS_WEBSERVER), "  is a web server's");
    prefixes(text);
    taken("#Fields: c-ip date time cs-method cs-uri-stem sc-status", "iis");
    taken("192.0.2.8 2026-11-22 01:02:04 POST /b 404", "iis");
    has(IR_F_SOURCE_IP, "192.0.2.8");
    has(IR_F_EVENT_OUTCOME, "failure");
    taken("192.0.2.8 2026-11-22 01:02:04 POST /b 404 more", "iis");
    ok(t.ev->flags & IR_EV_DAMAGED, "  other columns than said");
    has(IR_F_SOURCE_IP, NULL);
    taken("#Fields: date time cs-method cs-uri-stem cs(Content-Type) cs() Other", "iis");
    taken("2026-11-22 01:02:05 POST /c text/xml x y", "iis");
    is_str(field_named(&t, "cs-content-type"), "text/xml", "  any header under Sigma's name");
    is_str(field_named(&t, "cs()"), "x", "  no header");
    is_str(field_named(&t, "Other"), "y", "  a column that nobody knows");
    taken("#Date: 2026-11-23 00:00:00", "iis");
    taken("#Fields: time c-ip cs-method cs-uri sc-status", "iis");
    taken("01:02:05 192.0.2.8 GET /c?d 200", "iis");
    is_str(ir_str_z(when(&t, buf)), "2026-11-23T01:02:05Z", "  the date of a #Date line");
    has(IR_F_URL_QUERY, "d");
    taken("some words", "text");
    /* an FTP service's command is one only where no web service logs */
    taken("#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status", "iis");
    taken("2026-11-22 01:02:03 192.0.2.8 RETR /a.php x=%27 200", "iis");
    has(IR_F_URL_PATH, "/a.php");
    has(IR_F_EVENT_ACTION, "http_request");
    taken("#Fields: date time c-ip cs-username cs-method cs-uri-stem sc-status", "iis");
    taken("2026-11-22 01:02:03 192.0.2.8 bob PASS *** 530", "iis");
    has(IR_F_EVENT_ACTION, "ftp_login");
    has(IR_F_EVENT_OUTCOME, "failure");
    ok(has_source(&t, IR_LS_AUTHENTICATION), "  a log-in");
    taken("2026-11-22 01:02:03 192.0.2.8 bob []created /a.zip 226", "iis");
    has(IR_F_EVENT_ACTION, "ftp_upload");
    has(IR_F_FILE_PATH, "/a.zip");
    has(IR_F_URL_PATH, NULL);
    taken("2026-11-22 01:02:03 192.0.2.8 bob [1]DELE /a.zip 250", "iis");
    has(IR_F_EVENT_ACTION, "ftp_delete");
    taken("2026-11-22 01:02:03 192.0.2.8 - TRACE /a 404", "iis");
    has(IR_F_EVENT_ACTION, "http_request");
    taken("2026-11-22 01:02:03 192.0.2.8 - GET /a 404", "iis");
    has(IR_F_EVENT_ACTION, "http_request");
    lines_close(&t);
    lines_open(&t, "iis", 1795392000);
    taken("01:02:05 192.0.2.8 GET /c?d 200", "text");
    char many[4096] = "#Fields:";
    for (size_t n = 8; n + 4 < sizeof many; n += 4)
        memcpy(many + n, " c-i", 5);
    taken(many, "iis"); /* more columns than anybody has */
    lines_close(&t);
}

/* ProFTPD's ExtendedLog in the layout of web servers. */
static void test_proftpd(void)
{
    lines_open(&t, "apache_access", 1795392000);
    taken("192.0.2.7 UNKNOWN bob [22/Nov/2026:01:02:03 +0000] \"STOR a b.txt\" 226 512",
          "apache_access");
    has(IR_F_EVENT_ACTION, "ftp_upload");
    has(IR_F_EVENT_OUTCOME, "success");
    has(IR_F_FILE_PATH, "a b.txt");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_URL_PATH, NULL);
    ok(!has_source(&t, IR_LS_WEBSERVER), "  no web server's");
    taken("192.0.2.7 UNKNOWN - [22/Nov/2026:01:02:03 +0000] \"PASS (hidden)\" 530 -",
          "apache_access");
    has(IR_F_EVENT_ACTION, "ftp_login");
    has(IR_F_EVENT_OUTCOME, "failure");
    has(IR_F_FILE_PATH, NULL);
    ok(has_source(&t, IR_LS_AUTHENTICATION), "  a log-in");
    prefixes("192.0.2.7 UNKNOWN - [22/Nov/2026:01:02:03 +0000] \"PASS (hidden)\" 530 -");
    taken("192.0.2.7 UNKNOWN - [22/Nov/2026:01:02:03 +0000] \"USER bob\" 331 -", "apache_access");
    has(IR_F_USER_NAME, "bob");
    has(IR_F_EVENT_OUTCOME, NULL);
    /* words of FTP that a web client sends */
    taken("192.0.2.7 - - [22/Nov/2026:01:02:03 +0000] \"RETR /a?x=%27 HTTP/1.1\" 226 5",
          "apache_access");
    has(IR_F_URL_QUERY, "x=%27");
    taken("192.0.2.7 - - [22/Nov/2026:01:02:03 +0000] \"RETR /a?x=%27\" 400 5", "apache_access");
    ok(has_source(&t, IR_LS_WEBSERVER), "  a web server's");
    lines_close(&t);
}

static void test_json(void)
{
    lines_open(&t, "json", 1795392000);
    taken("{\"ts\":1795309323.5,\"logger\":\"http.log.access.log0\",\"request\":{\"remote_ip\":"
          "\"198.51.100.9\",\"client_ip\":\"192.0.2.7\",\"remote_port\":\"1\",\"method\":\"GET\","
          "\"proto\":\"HTTP/2.0\",\"host\":\"a.example:8443\",\"uri\":\"/a%2f?\\u003c\","
          "\"headers\":{\"User-Agent\":[\"curl\\\"8\"],\"Uri\":[\"/x\"],\"Method\":[\"POST\"]}},"
          "\"status\":404,\"size\":5}",
          "json");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_SOURCE_PORT, NULL); /* of another address */
    has(IR_F_HTTP_METHOD, "GET");
    has(IR_F_URL_ORIGINAL, "/a%2f?<");
    has(IR_F_URL_DECODED, "/a/?<");
    has(IR_F_URL_DOMAIN, "a.example");
    has(IR_F_USER_AGENT, "curl\"8");
    has(IR_F_HTTP_STATUS, "404");
    ok(has_source(&t, IR_LS_WEBSERVER), "  is a web server's");
    taken("{\"ClientHost\":\"203.0.113.1,192.0.2.7\",\"RequestMethod\":\"GET\",\"RequestPath\":"
          "\"/x\",\"DownstreamStatus\":200,\"request_User-Agent\":\"c\",\"request_RequestPath\":"
          "\"/y\",\"time\":\"2026-11-22T01:02:03Z\"}",
          "json");
    has(IR_F_SOURCE_IP, "192.0.2.7");
    has(IR_F_URL_ORIGINAL, "/x");
    has(IR_F_USER_AGENT, "c");
    taken("{\"logger\":\"x\",\"msg\":\"\\\"http.log.access\",\"request\":{\"method\":\"GET\","
          "\"uri\":\"/\"}}",
          "json");
    ok(!has_source(&t, IR_LS_WEBSERVER), "  is no web server's");
    lines_close(&t);
}

int main(void)
{
    test_squid();
    test_squid_cache();
    test_haproxy();
    test_iis();
    test_proftpd();
    test_json();
    return done();
}
