/*
 * base/json, the writer: valid JSON out of any bytes, readable back, nothing escaped without need.
 */
#include "base/json.h"

#include "base/utf8.h"
#include "tests/tap.h"

static void strings(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"<a href='x'>&/", "\"<a href='x'>&/\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1b\x1f\x7f", "\"\\u0001\\u001b\\u001f\\u007f\""},
        {"\xc2\x80\xc2\x9b\xc2\xa0", "\"\\u0080\\u009b\xc2\xa0\""},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""},
        {"a\xe2\x80\xae"
         "b\xe2\x80\x8b",
         "\"a\\u202eb\\u200b\""},
        {"\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""},
        {"日本語、é \xf0\x9f\x98\x80", "\"日本語、é \xf0\x9f\x98\x80\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"a\xe3\x81z", "\"a\xef\xbf\xbd\xef\xbf\xbdz\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"x\xc3", "\"x\xef\xbf\xbd\""},
    };
    struct ir_buf b = IR_BUF(4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ir_buf_clear(&b);
        ir_json_write_str(&b, ir_str_z(cases[i].in));
        is_str(ir_buf_view(&b), cases[i].want, "written case %zu", i);
    }
    ir_buf_clear(&b);
    ir_json_write_str(&b, ir_str_n("a\0b", 3));
    is_str(ir_buf_view(&b), "\"a\\u0000b\"", "NUL");
    ir_buf_clear(&b);
    ir_json_write_str(&b, ir_str_n(NULL, 0));
    is_str(ir_buf_view(&b), "\"\"", "no bytes at all");
    ir_buf_free(&b);
}

static void again(void)
{
    static const struct {
        const char *in, *want; /* NULL: as it is; empty: not JSON */
    } cases[] = {
        {"{\"a\":\"b\",\"c\":[1,-2.5e3,true,null],\"d\":{}}", NULL},
        {"[]", NULL},
        {" [ 1 ,\n2 ] ", "[1,2]"},
        {"\"\\u65e5\\ud83d\\ude00\"", "\"日\xf0\x9f\x98\x80\""},
        {"{\"\xe2\x80\xae\":\"\\n\"}", "{\"\\u202e\":\"\\n\"}"},
        {"[1", ""},
        {"{\"a\":1}x", ""},
        {"", ""},
    };
    struct ir_buf b = IR_BUF(4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *want = cases[i].want != NULL ? cases[i].want : cases[i].in;
        ir_buf_clear(&b);
        ok(ir_json_write_again(&b, ir_str_z(cases[i].in)) == (want[0] != '\0'), "again case %zu",
           i);
        is_str(ir_buf_view(&b), want, "  what is written");
    }
    ir_buf_free(&b);
}

static void numbers_and_keys(void)
{
    struct ir_buf b = IR_BUF(4096);
    bool first = true;
    ir_buf_chr(&b, '{');
    ir_json_write_key(&b, &first, IR_S("a.b"));
    ir_json_write_i64(&b, INT64_MIN);
    ir_json_write_key(&b, &first, IR_S("\"\n"));
    ir_json_write_u64(&b, UINT64_MAX);
    ir_json_write_key(&b, &first, IR_S(""));
    ir_json_write_i64(&b, 0);
    ir_json_write_key(&b, &first, IR_S("z"));
    ir_json_write_i64(&b, INT64_MAX);
    ir_buf_chr(&b, '}');
    is_str(ir_buf_view(&b),
           "{\"a.b\":-9223372036854775808,\"\\\"\\n\":18446744073709551615,\"\":0,"
           "\"z\":9223372036854775807}",
           "an object");
    ir_buf_clear(&b);
    ir_json_write_i64(&b, -1);
    ir_json_write_u64(&b, 10);
    is_str(ir_buf_view(&b), "-110", "small numbers");
    ir_buf_free(&b);
}

/* The one string token of text, unescaped. */
static struct ir_str read_back(struct ir_str text, char *out)
{
    struct ir_json j;
    struct ir_json_tok t;
    ir_json_begin(&j, text);
    if (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_STRING || t.bad_utf8)
        return ir_str_n(NULL, 0);
    size_t n = ir_json_unescape(t.text, out);
    return ir_json_next(&j, &t) == IR_END ? ir_str_n(out, n) : ir_str_n(NULL, 0);
}

static void every_code_point(void)
{
    struct ir_buf b = IR_BUF(4096);
    int wrong = 0, hidden = 0;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        if (cp == 0xd800) cp = 0xe000;
        char in[4], out[32];
        struct ir_str s = ir_str_n(in, ir_utf8_encode(cp, in));
        ir_buf_clear(&b);
        ir_json_write_str(&b, s);
        wrong += !ir_str_eq(read_back(ir_buf_view(&b), out), s);
        if (ir_cp_hidden(cp)) hidden += memmem(b.p, b.n, in, s.n) != NULL;
    }
    is_int(wrong, 0, "every code point is read back as it was");
    is_int(hidden, 0, "and none that is hidden is written as it is");
    ir_buf_free(&b);
}

static void any_bytes(void)
{
    uint32_t seed = 3;
    struct ir_buf b = IR_BUF(4096);
    int wrong = 0, changed = 0;
    for (int round = 0; round < 50000; round++) {
        char in[40], out[400];
        size_t n = (seed >> 9) % sizeof in;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            in[i] = (char)(seed >> 24);
        }
        struct ir_str s = ir_str_n(in, n);
        ir_buf_clear(&b);
        ir_json_write_str(&b, s);
        struct ir_str back = read_back(ir_buf_view(&b), out);
        if (back.p == NULL || !ir_utf8_valid(ir_buf_view(&b))) wrong++;
        if (ir_utf8_valid(s) && !ir_str_eq(s, back)) changed++;
    }
    is_int(wrong, 0, "any bytes give valid JSON in UTF-8");
    is_int(changed, 0, "and valid ones come back as they were");
    ir_buf_free(&b);
}

static void too_small(void)
{
    struct ir_buf b = IR_BUF(100);
    char in[200];
    memset(in, '\n', sizeof in);
    ir_json_write_str(&b, ir_str_n(in, sizeof in));
    ok(b.full, "a buffer that is too small says so");
    ok(b.n <= 100, "and keeps its maximum");
    ir_buf_free(&b);
}

int main(void)
{
    strings();
    numbers_and_keys();
    again();
    every_code_point();
    any_bytes();
    too_small();
    return done();
}
