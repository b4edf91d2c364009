/*
 * format/modsecurity.c: records of both versions, bodies that hold what looks like records, and
 * files without ends.
 */
#include "rows.h"

extern const struct ir_format ir_format_modsecurity;

#define HEAD "[22/Nov/2026:10:02:03 +0900] Zx1 192.0.2.7 41234 198.51.100.1 443\n"
#define DENIED                                                                                     \
    "Message: Access denied with code 403 (phase 2). Pattern match \"x\" at ARGS:id. [file "       \
    "\"/etc/own.conf\"] [line \"7\"] [id \"942100\"] [msg \"SQL injection\"] [severity "           \
    "\"CRITICAL\"]\nAction: Intercepted (phase 2)\n"

static const char two[] = "--5759e13c-A--\n" HEAD "--5759e13c-B--\n"
                          "POST /a?id=1%27 HTTP/1.1\nHost: www.example.com:8443\n"
                          "User-Agent: a: b\nuser-agent: second\nReferer: http://example.com/\n\n"
                          "--5759e13c-C--\nid=1\n--0badbad0-Z--\n\n--0badbad0-A--\n"
                          "[22/Nov/2026:10:02:03 +0900] Zx1 203.0.113.9 41234 198.51.100.1 443\n"
                          "--0badbad0-H--\n" DENIED "--0badbad0-Z--\n"
                          "--5759e13c-F--\nHTTP/1.1 200 OK\n\n--5759e13c-E--\n\n"
                          "--5759e13c-H--\nMessage: Warning. Pattern match [id \"1\"]\n"
                          "--5759e13c-Z--\n\n";

static void test_bodies(void)
{
    struct ir_str all = ir_str_z(two), rest = all, rec;
    struct lines t;
    lines_open(&t, "modsecurity", 1795400000);
    is_int(documents(&ir_format_modsecurity, all), 1, "a body's records are none");
    is_int(ir_format_modsecurity.bid(all), 97, "bid");
    is_int(ir_format_modsecurity.bid(ir_str_skip(all, 15)), 90, "bid in the middle");
    is_int(ir_format_modsecurity.bid(IR_S("--5759e13c-A--\nwords\n")), 0,
           "no bid for a line alone");
    ok(ir_format_modsecurity.next(&rest, &rec), "the record");
    gives(&t, rec,
          "time=2026-11-22T01:02:03Z|event.action=http_request|event.outcome=success|"
          "source.ip=192.0.2.7|source.port=41234|destination.ip=198.51.100.1|"
          "destination.port=443|event.id=Zx1|http.request.method=POST|url.path=/a|"
          "url.query=id=1%27|url.domain=www.example.com|user_agent.original=a: b|"
          "http.request.referrer=http://example.com/|http.response.status_code=200|rule.id=1");
    ok(has_source(&t, IR_LS_WEBSERVER) && has_source(&t, IR_LS_LINUX_MODSECURITY), "log sources");
    prefixes(&t, rec);
    lines_close(&t);
}

static void test_verdicts(void)
{
    struct lines t;
    lines_open(&t, "modsecurity", 1795400000);
    gives(
        &t,
        IR_S("--5759e13c-A--\n" HEAD
             "--5759e13c-B--\nGET / HTTP/1.0\n--5759e13c-H--\nMessage: Warning. [id \"1\"]\n" DENIED
             "--5759e13c-Z--"),
        "event.action=waf_denied|event.outcome=failure|rule.id=942100|rule.name=SQL injection|"
        "event.severity=CRITICAL|url.path=/");
    ok((t.ev->flags & IR_EV_DAMAGED) == 0, "whole");
    gives(
        &t,
        IR_S("---hBn5xNOn---A--\r\n" HEAD "---hBn5xNOn---F--\r\nHTTP/1.1 403\r\n\r\n"
             "---hBn5xNOn---H--\r\nModSecurity: Access denied with code 403 (phase 1). Matched "
             "\"Operator `Rx' with parameter `x' against variable `ARGS:x' (Value: ` [id \"9\"]' )"
             " [id \"942100\"] [msg \"m\"]\r\n---hBn5xNOn---Z--\r\n"),
        "event.action=waf_denied|http.response.status_code=403|rule.id=-|rule.name=m");
    gives(&t, IR_S("--5759e13c-A--\n" HEAD "--5759e13c-B--\n--5759e13c-H--\n" DENIED),
          "event.action=waf_denied|http.request.method=-");
    ok(t.ev->flags & IR_EV_DAMAGED, "without its end");
    refuses(&t, IR_S("--5759e13c-A--\nwords"));
    refuses(&t, IR_S("--5759e13c-B--\n" HEAD));
    refuses(&t, IR_S("--5759e13c-Ab--\n" HEAD));
    lines_close(&t);
}

/* Records without an end are found again, but must not cost a search each. */
static void test_unended(void)
{
    static const char begin[] = "--%08x-A--\n" HEAD;
    const size_t many = 60000, room = many * 100;
    char *text = malloc(room);
    size_t n = 0, records = 0;
    for (unsigned i = 0; i < many; i++)
        n += (size_t)snprintf(text + n, room - n, begin, i);
    struct ir_str rest = ir_str_n(text, n), rec;
    while (ir_format_modsecurity.next(&rest, &rec))
        records++;
    ok(records > 100 && records < many, "records without an end, in steps: %zu", records);
    free(text);
    is_int(documents(
               &ir_format_modsecurity,
               IR_S("end of a body\n--5759e13c-Z--\n\n--5759e13d-A--\n" HEAD "--5759e13d-Z--\n")),
           2, "a file that begins in a record");
}

int main(void)
{
    test_bodies();
    test_verdicts();
    test_unended();
    return done();
}
