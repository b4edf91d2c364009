/*
 * format/zeek.c. With IR_SHARED: every field of every row of real logs, against a reader that only
 * splits at tabs.
 */
#include <glob.h>
#include <zlib.h>

#include "rows.h"

#define HEAD "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-"

static void feed(struct lines *t, const char *const *rows)
{
    for (size_t i = 0; rows[i] != NULL; i++)
        is_int(parse_one(t, ir_str_z(rows[i])), IR_OK, "header %s", rows[i]);
}

static void test_rows(void)
{
    static const char *const dns[] = {
        HEAD,
        "#path\tdns",
        "#open\t2026-11-22-01-02-03",
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name"
        "\trejected\tanswers\tTTLs\tnote",
        "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tbool\tvector[string]"
        "\tvector[interval]\tstring",
        NULL};
    static const char *const http[] = {
        "#path\thttp",
        "#fields\tts\tid.orig_h\tid.resp_h\tmethod\thost\turi\tuser_agent\tstatus_code\tusername",
        "#types\ttime\taddr\taddr\tstring\tstring\tstring\tstring\tcount\tstring", NULL};
    static const char *const ssh[] = {HEAD, "#path\tssh",
                                      "#fields\tts\tid.orig_h\tauth_success\tclient",
                                      "#types\ttime\taddr\tbool\tstring", NULL};
    const char *row = "1795309323.123456\tC1\t192.0.2.7\t4711\t2001:db8::53\t53\tudp\t"
                      "a\\x09b.example.com\tA\tF\t192.0.2.1,x.example.com\t60.000000,-\t(empty)";
    struct lines t;
    lines_open(&t, "zeek", 1795400000);
    refuses(&t, ir_str_z(row));
    feed(&t, dns);
    gives(&t, ir_str_z(row),
          "time=2026-11-22T01:02:03.123456Z|source.ip=192.0.2.7|source.port=4711|"
          "destination.ip=2001:db8::53|destination.port=53|network.transport=udp|"
          "query=a\tb.example.com|qtype_name=A|rejected=false|answers=192.0.2.1|"
          "id.orig_h=192.0.2.7|note=");
    ok(has_source(&t, IR_LS_ZEEK_DNS) && has_source(&t, IR_LS_DNS), "log sources of dns");
    prefixes(&t, ir_str_z(row));
    refuses(&t, IR_S("# a remark"));
    refuses(&t, IR_S("1795309323.1\tC1\tx"));
    gives(&t, IR_S("1795309323.1\tC1\t192.0.2.7\t1\t192.0.2.8\t53\tudp\ta\tA\tT\tx\t1.0"),
          "rejected=true|note=-");
    ok(t.ev->flags & IR_EV_DAMAGED, "a field is missing: told");
    feed(&t, http);
    gives(&t,
          IR_S("1795309323.1\t192.0.2.7\t192.0.2.8\tGET\twww.example.com\t/a%2fb?q=\\x0a\t"
               "curl\t404\tbob"),
          "http.request.method=GET|url.domain=www.example.com|url.path=/a%2fb|url.query=q=\n|"
          "user_agent.original=curl|http.response.status_code=404|user.name=bob|query=-");
    ok(has_source(&t, IR_LS_ZEEK_HTTP) && has_source(&t, IR_LS_PROXY) && !has_source(&t, IR_LS_DNS),
       "log sources of http");
    feed(&t, ssh);
    gives(&t, IR_S("1795309323\t192.0.2.7\tT\tSSH-2.0-x"),
          "event.outcome=success|auth_success=true|time=2026-11-22T01:02:03Z");
    gives(&t, IR_S("1795309323\t192.0.2.7\tF\t-"), "event.outcome=failure|client=-");
    gives(&t, IR_S("x\tnot an address\tF\t-"), "source.ip=-|time=-|id.orig_h=not an address");
    lines_close(&t);
}

/* The raw text of a field, as the event must show it. */
static bool same(struct ir_str raw, struct ir_str got)
{
    char text[16384];
    size_t n = 0;
    if (ir_str_eq(raw, IR_S("T"))) return ir_str_eq(got, IR_S("true")) || ir_str_eq(got, raw);
    if (ir_str_eq(raw, IR_S("F"))) return ir_str_eq(got, IR_S("false")) || ir_str_eq(got, raw);
    for (size_t i = 0; i < raw.n && n < sizeof text; i++) {
        if (i + 3 < raw.n && raw.p[i] == '\\' && raw.p[i + 1] == 'x' &&
            ir_hexval(raw.p[i + 2]) >= 0) {
            text[n++] = (char)(ir_hexval(raw.p[i + 2]) * 16 + ir_hexval(raw.p[i + 3]));
            i += 3;
        } else {
            i += i + 1 < raw.n && raw.p[i] == '\\' && raw.p[i + 1] == '\\';
            text[n++] = raw.p[i];
        }
    }
    return ir_str_eq(got, ir_str_n(text, n));
}

/* One row; the number of fields compared. */
static unsigned compare(struct lines *t, struct ir_str fields, struct ir_str types,
                        struct ir_str row, unsigned *wrong)
{
    unsigned n = 0;
    uint32_t at = 0;
    while (fields.p != NULL && row.p != NULL) {
        struct ir_str name = ir_str_cut(&fields, '\t'), raw = ir_str_cut(&row, '\t');
        struct ir_str type = ir_str_cut(&types, '\t');
        bool list = ir_str_chr(type, '[') != IR_NPOS;
        if (ir_str_eq(raw, IR_S("-")) || ir_str_eq(raw, IR_S("(empty)"))) continue;
        struct ir_str rest = list ? raw : IR_S(""), one = list ? ir_str_cut(&rest, ',') : raw;
        for (;; one = ir_str_cut(&rest, ',')) {
            if (!ir_str_eq(one, IR_S("-"))) {
                while (at < t->ev->nfields && !ir_str_eq(t->ev->fields[at].name, name))
                    at++;
                *wrong += at == t->ev->nfields || !same(one, t->ev->fields[at].val);
                at++;
                n++;
            }
            if (!list || rest.p == NULL) break;
        }
    }
    return n;
}

static void shared_file(const char *path)
{
    static char buf[1 << 16], head[2][8192];
    struct ir_str fields = {0}, types = {0};
    unsigned rows = 0, n = 0, wrong = 0;
    struct lines t;
    gzFile f = gzopen(path, "rb");
    lines_open(&t, "zeek", 1795400000);
    while (f != NULL && gzgets(f, buf, sizeof buf) != NULL) {
        buf[strcspn(buf, "\r\n")] = '\0';
        struct ir_str rec = ir_str_z(buf);
        if (parse_one(&t, rec) != IR_OK) wrong++;
        int which = ir_str_starts(rec, IR_S("#fields\t"))  ? 0
                    : ir_str_starts(rec, IR_S("#types\t")) ? 1
                                                           : -1;
        if (which >= 0) {
            snprintf(head[which], sizeof head[which], "%s", strchr(buf, '\t') + 1);
            *(which == 0 ? &fields : &types) = ir_str_z(head[which]);
        }
        if (buf[0] == '#') continue;
        rows++;
        n += compare(&t, fields, types, rec, &wrong);
    }
    if (f != NULL) gzclose(f);
    lines_close(&t);
    ok(rows > 0 && wrong == 0, "%s: %u rows, %u fields, %u wrong", strrchr(path, '/') + 1, rows, n,
       wrong);
}

int main(void)
{
    char root[1024], pattern[1100];
    glob_t g = {0};
    test_rows();
    if (!ir_tap_shared("data/zeek-tsv", root, sizeof root)) {
        skip("no logs of Zeek below IR_SHARED");
        return done();
    }
    snprintf(pattern, sizeof pattern, "%s/*.log.gz", root);
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++)
        shared_file(g.gl_pathv[i]);
    globfree(&g);
    return done();
}
