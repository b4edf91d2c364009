/*
 * Targets, percent-decoding, hosts and quotes of web_url.h.
 */
#include "../tap.h"

#include "format/web_url.h"

static void split(const char *target, bool authority, const char *const want[6])
{
    struct ir_web_target t;
    ir_web_split(ir_str_z(target), authority, &t);
    is_str(t.scheme, want[0], "scheme of %s", target);
    is_str(t.host, want[1], "host of %s", target);
    is_str(t.port, want[2], "port of %s", target);
    is_str(t.path, want[3], "path of %s", target);
    is_str(t.query, want[4], "query of %s", target);
    is_str(t.extension, want[5], "extension of %s", target);
}

static void targets(void)
{
    split("/a/b.php", false, (const char *[]){NULL, NULL, NULL, "/a/b.php", NULL, "php"});
    split("/?", false, (const char *[]){NULL, NULL, NULL, "/", "", NULL});
    split("/a.b/c?d.e?f", false, (const char *[]){NULL, NULL, NULL, "/a.b/c", "d.e?f", NULL});
    split("/a.jsp;id=1.2?x", false,
          (const char *[]){NULL, NULL, NULL, "/a.jsp;id=1.2", "x", "jsp"});
    split("http://u:p@h:81/x", false, (const char *[]){"http", "h", "81", "/x", NULL, NULL});
    split("https://[::1]:8/x?y", false, (const char *[]){"https", "::1", "8", "/x", "y", NULL});
    split("http://h?q", false, (const char *[]){"http", "h", NULL, NULL, "q", NULL});
    split("/r?u=http://h/", false, (const char *[]){NULL, NULL, NULL, "/r", "u=http://h/", NULL});
    split("*", false, (const char *[]){NULL, NULL, NULL, "*", NULL, NULL});
    split("h:443", true, (const char *[]){NULL, "h", "443", NULL, NULL, NULL});
    split("", false, (const char *[]){NULL, NULL, NULL, NULL, NULL, NULL});
    struct ir_str host, port;
    ir_web_hostport(IR_S("h:123456"), &host, &port);
    is_str(port, NULL, "a port of six digits is none");
    ir_web_hostport(IR_S("[::1"), &host, &port);
    is_str(host, "[::1", "an open bracket stays");
    ir_web_hostport(IR_S("2001:db8::1"), &host, &port);
    is_str(host, "2001:db8::1", "a bare IPv6 address has no port");
}

static void percent(const char *in, const char *want)
{
    char out[64];
    size_t query = ir_str_chr(ir_str_z(in), '?');
    is_str(ir_str_n(out, ir_web_percent(ir_str_z(in), out, &query)), want, "percent: %s", in);
}

static void unescape(const char *in, const char *want)
{
    char out[64];
    is_str(ir_str_n(out, ir_web_unescape(ir_str_z(in), out)), want, "escapes: %s", in);
}

static void decoding(void)
{
    percent("/%2e%2E/%41", "/../A");
    percent("/a+b?c+d", "/a+b?c d");
    percent("/%3fa+b", "/?a+b"); /* an encoded '?' begins no query */
    percent("/%", "/%");
    percent("/%4", "/%4");
    percent("/%zz%41", "/%zzA");
    percent("/%%34%31", "/%41");
    unescape("a\\x41\\\"\\\\\\n", "aA\"\\\n");
    unescape("\\x4", "\\x4");
    unescape("\\q\\", "\\q\\");
    is_int((long long)ir_web_quote(IR_S("a\\\"b\\\\\"c\""), 0), 6, "quote behind two backslashes");
    is_int((long long)ir_web_quote(IR_S("\\\""), 1), 1, "a backslash before the start is not seen");
    ok(ir_web_quote(IR_S("a\\\""), 0) == IR_NPOS, "only an escaped quote");
    ok(!ir_web_derived(IR_S("GET /a+b HTTP/1.1")) && ir_web_derived(IR_S("GET /?a+b HTTP/1.1")),
       "a plus counts in a query");
}

int main(void)
{
    targets();
    decoding();
    return done();
}
