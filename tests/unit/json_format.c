/*
 * JSON lines and JSON documents: names of leaves, value types, times, damage, and cutting documents
 * apart. Windows wrappings: see windows.c.
 */
#include "base/arena.h"
#include "base/zone.h"
#include "format/format.h"
#include "tap.h"

extern const struct ir_format ir_format_json, ir_format_json_docs;

struct bench {
    struct ir_names *names;
    struct ir_arena arena;
    struct ir_event *ev;
    struct ir_parser p;
};

static void bench_open(struct bench *b, const char *const *asked)
{
    *b = (struct bench){.names = ir_names_new(), .arena = IR_ARENA(16 << 20)};
    for (; asked && *asked; asked++)
        ir_names_add(b->names, ir_str_z(*asked));
    b->ev = ir_event_new(b->names, &b->arena);
    b->p = (struct ir_parser){.fmt = &ir_format_json, .names = b->names};
}

static void bench_close(struct bench *b)
{
    ir_event_free(b->ev);
    ir_arena_free(&b->arena);
    ir_names_free(b->names);
}

static int parse(struct bench *b, const char *text)
{
    ir_event_begin(b->ev, ir_str_z(text), 0, 1);
    return ir_format_json.parse(&b->p, ir_str_z(text), b->ev);
}

/* The nth field of this name. */
static const struct ir_field *field(const struct bench *b, const char *name, int nth)
{
    for (uint32_t i = 0; i < b->ev->nfields; i++) {
        const struct ir_field *f = &b->ev->fields[i];
        struct ir_str text = f->id != IR_F_NONE ? ir_names_text(b->names, f->id) : f->name;
        if (ir_str_eq(text, ir_str_z(name)) && nth-- == 0) return f;
    }
    return NULL;
}

static struct ir_str value(const struct bench *b, const char *name, int nth)
{
    const struct ir_field *f = field(b, name, nth);
    return f ? f->val : ir_str_n(NULL, 0);
}

static void test_leaves(void)
{
    static const char *const asked[] = {"a.b.c", "list.name", "list", "x.y", "n",
                                        "t",     "z",         "s",    NULL};
    struct bench b;
    bench_open(&b, asked);
    is_int(parse(&b,
                 "{\"a\":{\"b\":{\"c\":\"deep\",\"no\":1}},\"list\":[\"p\",\"q\",{\"name\":\"r\"},"
                 "[\"s\",{\"name\":7}]],\"x.y\":\"dotted\",\"n\":-1.5e3,\"t\":true,\"z\":null,"
                 "\"s\":\"tab\\tand \\u00e9\"}"),
           IR_OK, "an object parses");
    is_str(value(&b, "a.b.c", 0), "deep", "path through objects");
    is_str(value(&b, "list", 0), "p", "first element");
    is_str(value(&b, "list", 1), "q", "second element");
    is_str(value(&b, "list", 2), "s", "element of an inner array has the same path");
    is_str(value(&b, "list.name", 0), "r", "object in an array");
    is_str(value(&b, "list.name", 1), "7", "object in an inner array");
    is_str(value(&b, "x.y", 0), "dotted", "a flat key with dots is the same name");
    is_str(value(&b, "n", 0), "-1.5e3", "a number stays text");
    is_int(field(&b, "n", 0)->type, IR_V_NUMBER, "… with its type");
    is_str(value(&b, "t", 0), "true", "true");
    is_int(field(&b, "t", 0)->type, IR_V_BOOL, "… is a bool");
    is_int(field(&b, "z", 0)->type, IR_V_NULL, "null is there");
    is_int((long long)value(&b, "z", 0).n, 0, "… and empty");
    is_str(value(&b, "s", 0), "tab\tand \xc3\xa9", "escapes are decoded");
    is_str(value(&b, "a.b.no", 0), NULL, "a name nobody asks for is dropped");
    is_int(b.ev->nfields, 11, "nothing else came");
    ok(!b.ev->verbatim && !b.ev->raw_keywords, "values are not to be sought in the raw bytes");
    ok((b.ev->flags & IR_EV_TIME) == 0, "no time, no flag");
    is_int(b.ev->views[0].nsources, 0, "no log source for any JSON");

    b.ev->want_all = true;
    is_int(parse(&b, "{\"a\":{\"q\":[1,{\"r\":2}]},\"empty\":{},\"k\\u0065y\":3}"), IR_OK,
           "parses");
    is_str(value(&b, "a.q", 0), "1", "want_all keeps unknown names");
    is_str(value(&b, "a.q.r", 0), "2", "… with their path");
    is_str(value(&b, "key", 0), "3", "an escaped key is decoded");
    bench_close(&b);
}

static void test_entities(void)
{
    struct bench b;
    bench_open(&b, NULL);
    is_int(parse(&b, "{\"hostname\":\"web1\",\"client_ip\":\"192.0.2.9\",\"username\":\"kato\"}"),
           IR_OK, "a log of some program");
    is_str(value(&b, "host.name", 0), "web1", "its host");
    is_str(value(&b, "source.ip", 0), "192.0.2.9", "its client");
    is_str(value(&b, "user.name", 0), "kato", "its user");
    parse(&b,
          "{\"host\":{\"name\":\"web2\"},\"source\":{\"ip\":\"::1\"},\"src_ip\":\"192.0.2.9\"}");
    is_str(value(&b, "host.name", 0), "web2", "ECS names are taken as they are");
    is_str(value(&b, "source.ip", 0), "::1", "… and go first");
    is_str(value(&b, "source.ip", 1), NULL, "… alone");
    bench_close(&b);
}

static void test_services(void)
{
    static const struct {
        const char *json;
        int first; /* enum ir_logsource_id */
    } rows[] = {
        {"{\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"CreateUser\"}",
         IR_LS_AWS_CLOUDTRAIL},
        {"{\"eventSource\":\"iam.example.com\",\"eventName\":\"CreateUser\"}", 0},
        {"{\"eventSource\":\"iam.amazonaws.com\"}", 0},
        {"{\"auditID\":\"x\",\"verb\":\"get\"}", IR_LS_KUBERNETES_AUDIT},
        {"{\"protoPayload\":{\"methodName\":\"m\"}}", IR_LS_GCP_AUDIT},
        {"{\"operationName\":\"MICROSOFT.COMPUTE/x\"}", IR_LS_AZURE_ACTIVITYLOGS},
        {"{\"category\":\"NonInteractiveUserSignInLogs\",\"operationName\":\"s\"}",
         IR_LS_AZURE_SIGNINLOGS},
        {"{\"_path\":\"dns\",\"query\":\"a.example\"}", IR_LS_ZEEK_DNS},
        {"{\"eventType\":\"user.session.start\",\"displayMessage\":\"d\"}", IR_LS_OKTA},
        {"{\"nested\":{\"auditID\":1,\"verb\":2}}", 0},
    };
    struct bench b;
    bench_open(&b, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse(&b, rows[i].json);
        const struct ir_view *v = &b.ev->views[0];
        is_int(v->nsources > 0 ? v->sources[0] : 0, rows[i].first, "source of %s", rows[i].json);
    }
    bench_close(&b);
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t ns;
        uint32_t flags;
    } rows[] = {
        {"{\"@timestamp\":\"2026-11-22T01:02:03.5Z\"}", 1795309323500000000, IR_EV_ZONE_KNOWN},
        {"{\"timestamp\":\"2026-11-22T10:02:03+09:00\"}", 1795309323000000000, IR_EV_ZONE_KNOWN},
        {"{\"time\":\"2026-11-22 01:02:03\"}", 1795309323000000000, 0},
        {"{\"ts\":1795309323}", 1795309323000000000, IR_EV_ZONE_KNOWN},
        {"{\"ts\":1795309323.25}", 1795309323250000000, IR_EV_ZONE_KNOWN},
        {"{\"ts\":1795309323250}", 1795309323250000000, IR_EV_ZONE_KNOWN},
        {"{\"ts\":1795309323250001}", 1795309323250001000, IR_EV_ZONE_KNOWN},
        {"{\"ts\":1795309323250001002}", 1795309323250001002, IR_EV_ZONE_KNOWN},
        {"{\"ts\":\"1795309323\"}", 1795309323000000000, IR_EV_ZONE_KNOWN},
        {"{\"TimeCreated\":\"\\/Date(1795309323250)\\/\"}", 1795309323250000000, IR_EV_ZONE_KNOWN},
        {"{\"time_local\":\"22/Nov/2026:10:02:03 +0900\"}", 1795309323000000000, IR_EV_ZONE_KNOWN},
        {"{\"time\":\"nonsense\",\"@timestamp\":\"no\",\"ts\":1}", 0, 99},
        {"{\"ts\":99999999999999999999999}", 0, 99},
        {"{\"time\":\"2001-01-01T00:00:00Z\",\"@timestamp\":\"2026-11-22T01:02:03Z\"}",
         1795309323000000000, IR_EV_ZONE_KNOWN},
        {"{\"@timestamp\":\"broken\",\"time\":\"2026-11-22T01:02:03Z\"}", 1795309323000000000,
         IR_EV_ZONE_KNOWN},
    };
    struct bench b;
    bench_open(&b, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        is_int(parse(&b, rows[i].text), IR_OK, "%s", rows[i].text);
        if (rows[i].flags == 99) {
            ok((b.ev->flags & IR_EV_TIME) == 0, "has no time");
            continue;
        }
        is_int(b.ev->time, rows[i].ns, "time of %s", rows[i].text);
        is_int(b.ev->flags, rows[i].flags | IR_EV_TIME, "flags of %s", rows[i].text);
    }
    b.p.clock.zone = &(struct ir_zone){.offset_s = 9 * 3600};
    parse(&b, "{\"time\":\"2026-11-22 10:02:03\"}");
    is_int(b.ev->time, 1795309323000000000, "a stamp without zone is in the input's zone");
    bench_close(&b);
}

static void test_damage(void)
{
    static const char *const asked[] = {"a", "b", "c", NULL};
    struct bench b;
    bench_open(&b, asked);
    is_int(parse(&b, "{\"a\":\"one\",\"b\":tru"), IR_OK, "a cut object keeps what was read");
    ok(b.ev->flags & IR_EV_DAMAGED, "… as damaged");
    is_int((long long)b.p.damaged, 1, "… and counted");
    is_str(value(&b, "a", 0), "one", "… with its first field");
    is_int(parse(&b, "{\"a\":\"one\",\"b\":\"half a val"), IR_OK, "an object cut in a string");
    is_str(value(&b, "b", 0), "half a val", "… keeps the piece");
    is_int(parse(&b, "{\"a\":\"one\",\"b\":\"half\\u00"), IR_OK, "cut in an escape");
    is_str(value(&b, "b", 0), "half", "… keeps what stood before it");
    is_int(parse(&b, "{\"a\":\"one\",\"b\":\"half\\"), IR_OK, "cut behind a backslash");
    is_str(value(&b, "b", 0), "half", "… keeps what stood before it");
    is_int(parse(&b, "{\"a\":\"x\\x22y\",\"b\":\"2\"}"), IR_OK,
           "an escape that JSON does not have");
    is_str(value(&b, "a", 0), "x\\x22y", "… is kept as it stands");
    is_str(value(&b, "b", 0), "2", "… and hides nothing behind it");
    ok(b.ev->flags & IR_EV_DAMAGED, "… but is damage");
    is_int(parse(&b, "{\"a\":\"x\ty\",\"b\":\"2\"}"), IR_OK, "a raw tab in a string");
    is_str(value(&b, "a", 0), "x\ty", "… is kept");
    is_str(value(&b, "b", 0), "2", "… and hides nothing behind it");
    is_int(parse(&b, "{\"a\":\"\xff\",\"b\":\"2\"}"), IR_OK, "bytes that are not UTF-8");
    is_str(value(&b, "b", 0), "2", "… hide nothing behind them");
    static const char *const refused[] = {"",      "{",       "{}x",     "[1,2]", "\"a\"",
                                          "plain", "{\"a\":", "{a:1}",   "12",    "{\"a\"",
                                          "null",  "[",       "{\"a\":}"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        is_int(parse(&b, refused[i]), IR_BAD, "refused: %s", refused[i]);
    is_int(parse(&b, "{\"a\":1},\r"), IR_OK, "the comma of an array's line is no damage");
    is_int(b.ev->flags, 0, "… none");
    is_int(parse(&b, "\xef\xbb\xbf{\"a\":1}"), IR_OK, "byte order mark");
    static char deep[4000];
    memset(deep, '[', sizeof deep - 1);
    memcpy(deep, "{\"a\":1,\"b\":", 11);
    is_int(parse(&b, deep), IR_OK, "brackets without end are damage, not death");
    ok(b.ev->flags & IR_EV_DAMAGED, "… damaged");
    bench_close(&b);
}

static void test_bids(void)
{
    static const struct {
        const char *head;
        int winner; /* 0 none, 1 json, 2 json_docs */
    } rows[] = {
        {"{\"a\":1}\n{\"a\":2}\n", 1},
        {"\n\n{\"a\":1}\r\n{\"a\":2}\r\n", 1},
        {"\xef\xbb\xbf{\"a\":1}\n", 1},
        {"{\"a\":1}", 1},
        {"{\"a\":\"a long line that the head cuts", 1},
        {"{\"a\":1,\"cut\n{\"a\":2}\n{\"a\":3}\n", 1},
        {"{\n  \"a\": 1\n}\n", 2},
        {"[{\"a\":1},{\"a\":2}]", 2},
        {"[\n{\"a\":1},\n{\"a\":2}\n]\n", 2},
        {"{\"a\":1}{\"a\":2}", 2},
        {"{ \"a\": 1,\n  \"b\": 2 }\n", 2},
        {"Record 1\n{\n \"a\": 1\n}\nRecord 2\n{\n}\n", 2},
        {"Nov 22 01:02:03 host app: {\"a\":1}\n", 0},
        {"[error] no\n", 0},
        {"{braces}\n", 0},
        {"", 0},
        {"{", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int lines = ir_format_json.bid(ir_str_z(rows[i].head));
        int docs = ir_format_json_docs.bid(ir_str_z(rows[i].head));
        int winner = lines == 0 && docs == 0 ? 0 : lines >= docs ? 1 : 2;
        is_int(winner, rows[i].winner, "bids %d and %d for: %s", lines, docs, rows[i].head);
    }
}

/* Joins the records that next takes off text with '|'. */
static struct ir_str records(const char *text, char *out, size_t cap)
{
    struct ir_str rest = ir_str_z(text), rec;
    size_t n = 0;
    rest.n = ir_format_json_docs.cut(rest, true);
    while (ir_format_json_docs.next(&rest, &rec) && n + rec.n + 1 < cap) {
        memcpy(out + n, rec.p, rec.n);
        out[n + rec.n] = '|';
        n += rec.n + 1;
    }
    return ir_str_n(out, n);
}

static void test_documents(void)
{
    char out[4096];
    is_str(records(" [ {\"a\":1} ,\n{\"b\":{\"c\":[]}}] ", out, sizeof out),
           "{\"a\":1}|{\"b\":{\"c\":[]}}|", "an array of objects");
    is_str(records("{\"a\":1}{\"a\":2}\n\n{\"a\":3}", out, sizeof out),
           "{\"a\":1}|{\"a\":2}|{\"a\":3}|", "objects one after the other");
    is_str(records("{\"a\":\"}{\\\"}\"}{\"b\":\"\\\\\"}", out, sizeof out),
           "{\"a\":\"}{\\\"}\"}|{\"b\":\"\\\\\"}|", "braces and quotes in strings");
    is_str(records("garbage {here}\n{\"a\":1}", out, sizeof out), "garbage {here}|{\"a\":1}|",
           "garbage is a record up to its line end");
    is_str(records("{\"a\":1}\n{\"b\":", out, sizeof out), "{\"a\":1}|{\"b\":|",
           "an object that does not end is a record");
    is_str(records("{\n{\n \"a\":1\n}\n{\"b\":2}", out, sizeof out), "{|{\n \"a\":1\n}|{\"b\":2}|",
           "a lone brace does not swallow the rest");
    is_str(records("Record 1\r\n{\"a\":1}\nRecord 2\n{\"a\":2}\nRecord x\n", out, sizeof out),
           "{\"a\":1}|{\"a\":2}|Record x|", "evtx_dump's record lines stand between");
    is_str(records("{\"x\":\n{\"a\":1}\n{\"b\":2}", out, sizeof out),
           "{\"x\":|{\"a\":1}|{\"b\":2}|", "… nor does a key without its value");
    is_str(records("{\"x\":\"cut\n{\"a\":1}\n", out, sizeof out), "{\"x\":\"cut|{\"a\":1}|",
           "… nor a string that its line end cuts");
    is_str(records("", out, sizeof out), "", "nothing");
    is_str(records(" \n,[]", out, sizeof out), "", "only what stands between");

    enum { LINES = 200000 };
    char *many = malloc(LINES * 6);
    for (size_t i = 0; many && i < LINES; i++)
        memcpy(many + i * 6, "{\"x\":\n", 6);
    struct ir_str rest = ir_str_n(many, many ? LINES * 6 : 0), rec;
    size_t n = 0;
    while (ir_format_json_docs.next(&rest, &rec))
        n++;
    ok(n > 300 && n < LINES, "an endless nest is cut apart in time: %zu records", n);
    free(many);

    struct ir_str s = IR_S("{\"a\":1}\n{\"b\":{\"c\":");
    is_int((long long)ir_format_json_docs.cut(s, false), 7,
           "cut ends behind the last whole object");
    is_int((long long)ir_format_json_docs.cut(s, true), (long long)s.n,
           "… or takes all at the end");
    is_int((long long)ir_format_json_docs.cut(IR_S("{\"a\":"), false), 0, "… or nothing yet");
}

int main(void)
{
    test_leaves();
    test_entities();
    test_services();
    test_times();
    test_damage();
    test_bids();
    test_documents();
    return done();
}
