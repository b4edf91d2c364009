/*
 * base/json: what is JSON and what is not, the tokens, unescaping, skipping, and the writer.
 * The public JSONTestSuite is walked when it is there; the cases here are our own.
 */
#include "base/json.h"

#include <dirent.h>

#include "base/utf8.h"
#include "tests/tap.h"

/* Reads a copy of exactly the right size, so that a sanitizer sees any read beyond it. */
static int read_all(struct ir_str s, struct ir_json *j)
{
    struct ir_json_tok t;
    char *copy = malloc(s.n > 0 ? s.n : 1);
    if (copy == NULL) return IR_FATAL;
    if (s.n > 0) memcpy(copy, s.p, s.n);
    ir_json_begin(j, ir_str_n(copy, s.n));
    int rc;
    while ((rc = ir_json_next(j, &t)) == IR_OK) {
        bool inside = t.text.p >= copy && t.text.p + t.text.n <= copy + s.n;
        if (!inside || t.depth > IR_JSON_DEPTH_MAX) ok(false, "a token lies in the text");
    }
    if (rc == IR_BAD && (j->error == NULL || j->pos > s.n))
        ok(false, "an error says what and where");
    if (ir_json_next(j, &t) != rc) ok(false, "the result stays the same");
    free(copy);
    return rc;
}

#define Z(lit)                                                                                     \
    {                                                                                              \
        "" lit, sizeof(lit) - 1                                                                    \
    }

static void accepts(void)
{
    static const struct ir_str cases[] = {
        Z("{}"),
        Z("[]"),
        Z("0"),
        Z("-0"),
        Z("7"),
        Z("-12.50e+03"),
        Z("1E5"),
        Z("1e-5"),
        Z("0.0"),
        Z("0e0"),
        Z("123456789012345678901234567890"),
        Z("true"),
        Z("false"),
        Z("null"),
        Z("\"\""),
        Z("\"x\""),
        Z(" \t\r\n[ 1 , 2 ] \n"),
        Z("{\"a\":1}"),
        Z("{ \"a\" : { \"b\" : [ ] } , \"c\" : null }"),
        Z("{\"\":\"\"}"),
        Z("{\"a\":1,\"a\":2}"),
        Z("[[],{},[[]],\"\",0,true]"),
        Z("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\""),
        Z("\"\\u0000\""),
        Z("\"\x7f\""),
        Z("\"日本語 \xf0\x9f\x98\x80\""),
        Z("{\"鍵\":\"値\"}"),
        Z("\"/\""),
        Z("\xef\xbb\xbf{}"),
        Z("\"\\ud800\""),
        Z("\"12345678\""),
        Z("\"1234567\\n\""),
    };
    struct ir_json j;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        is_int(read_all(cases[i], &j), IR_END, "accept %.*s", IR_FMT(cases[i]));
        if (j.bad_utf8) ok(false, "and it is UTF-8");
    }
}

static const struct ir_str refused[] = {
    Z(""),
    Z(" "),
    Z("\xef\xbb\xbf"),
    Z("\xef\xbb"),
    Z("\xff{}"),
    Z("{"),
    Z("["),
    Z("}"),
    Z("]"),
    Z("[}"),
    Z("{]"),
    Z("[1"),
    Z("[1,"),
    Z("[1,]"),
    Z("[,1]"),
    Z("[1,,2]"),
    Z("[1 2]"),
    Z("[1:2]"),
    Z("[\"a\":1]"),
    Z("{\"a\"}"),
    Z("{\"a\":}"),
    Z("{\"a\":1,}"),
    Z("{\"a\":1 \"b\":2}"),
    Z("{\"a\",1}"),
    Z("{a:1}"),
    Z("{1:1}"),
    Z("{'a':1}"),
    Z("{null:1}"),
    Z("{,}"),
    Z("{\"a\"::1}"),
    Z("{\"a\":1"),
    Z("{\"a\":"),
    Z("{\"a\""),
    Z("{\"a"),
    Z("[[]"),
    Z("[]]"),
    Z("{}}"),
    Z("[][]"),
    Z("1 2"),
    Z("{}x"),
    Z("{}\0"),
    Z("\0"),
    Z("\""),
    Z("\"a"),
    Z("\"a\\"),
    Z("\"a\\\""),
    Z("\"\\x41\""),
    Z("\"\\'\""),
    Z("\"\\\0\""),
    Z("\"\\u12\""),
    Z("\"\\u123"),
    Z("\"\\u12g4\""),
    Z("\"\\U0041\""),
    Z("\"a\tb\""),
    Z("\"a\nb\""),
    Z("\"a\0b\""),
    Z("\"12345678\x1f\""),
    Z("'a'"),
    Z("-"),
    Z("+1"),
    Z("--1"),
    Z("01"),
    Z("-01"),
    Z("1."),
    Z(".5"),
    Z("-.5"),
    Z("1.e5"),
    Z("1e"),
    Z("1e+"),
    Z("1e5.5"),
    Z("0x10"),
    Z("1_000"),
    Z("1a"),
    Z("NaN"),
    Z("Infinity"),
    Z("-Infinity"),
    Z("tru"),
    Z("truee"),
    Z("True"),
    Z("nul"),
    Z("nullnull"),
    Z("fals"),
    Z("undefined"),
    Z("// c\n1"),
    Z("[1]//"),
    Z("/* */1"),
    Z("\v1"),
    Z("\f1"),
    Z("\xc2\xa0"
      "1"),
    Z("\xe3\x80\x80[]"),
    Z("[\xff]"),
};

static void refuses(void)
{
    struct ir_json j;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        is_int(read_all(refused[i], &j), IR_BAD, "refuse %.*s", IR_FMT(refused[i]));
    is_int(read_all(ir_str_n(NULL, 0), &j), IR_BAD, "refuse no text at all");
}

/* Every byte at every place of a string that spans several machine words. */
static void every_byte(void)
{
    int wrong = 0, flagged = 0;
    struct ir_json j;
    for (int c = 0; c < 256; c++)
        for (int at = 1; at < 31; at++) {
            char text[32];
            memset(text, 'x', sizeof text);
            text[0] = text[31] = '"';
            text[at] = (char)c;
            bool good = c >= 0x20 && c != '"' && c != '\\';
            if (read_all(ir_str_n(text, sizeof text), &j) != (good ? IR_END : IR_BAD)) wrong++;
            if (good && j.bad_utf8 != (c >= 0x80)) flagged++;
        }
    is_int(wrong, 0, "each byte is taken or refused wherever it stands");
    is_int(flagged, 0, "and flagged when it is not UTF-8");
}

/* Every prefix of a good text must be refused, none may be read behind its end. */
static void prefixes(void)
{
    struct ir_str s =
        IR_S("{\"k\\u00e9y\":[1.5e3,-2,true,null,\"a long string, 日本\\n\"],\"o\":{}}");
    struct ir_json j;
    int wrong = 0;
    for (size_t n = 0; n < s.n; n++)
        wrong += read_all(ir_str_n(s.p, n), &j) != IR_BAD;
    is_int(wrong, 0, "every prefix is refused");
    is_int(read_all(s, &j), IR_END, "the whole is not");
}

static void depth(void)
{
    enum { N = 100000 };
    char *p = malloc(N);
    if (p == NULL) return;
    struct ir_json j;
    memset(p, '[', N);
    is_int(read_all(ir_str_n(p, N), &j), IR_BAD, "100000 opening arrays");
    is_int((long long)j.pos, IR_JSON_DEPTH_MAX, "are refused at the limit");
    for (size_t i = 0; i < N; i++)
        p[i] = "{\"a\":"[i % 5];
    is_int(read_all(ir_str_n(p, N), &j), IR_BAD, "20000 opening objects");
    memset(p, '[', IR_JSON_DEPTH_MAX);
    memset(p + IR_JSON_DEPTH_MAX, ']', IR_JSON_DEPTH_MAX);
    is_int(read_all(ir_str_n(p, 2 * IR_JSON_DEPTH_MAX), &j), IR_END, "the limit itself is allowed");
    memset(p, '[', IR_JSON_DEPTH_MAX + 1);
    memset(p + IR_JSON_DEPTH_MAX + 1, ']', IR_JSON_DEPTH_MAX + 1);
    is_int(read_all(ir_str_n(p, 2 * IR_JSON_DEPTH_MAX + 2), &j), IR_BAD, "one more is not");
    /* arrays and objects in turn, over the words of the bit set: each must close as it was opened
     */
    size_t n = 0;
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(p + n, N - n, i % 3 ? "[" : "{\"k\":");
    n += (size_t)snprintf(p + n, N - n, "1");
    for (int i = 300; i-- > 0;)
        p[n++] = i % 3 ? ']' : '}';
    is_int(read_all(ir_str_n(p, n), &j), IR_END, "300 levels of both kinds");
    p[n - 200] = p[n - 200] == ']' ? '}' : ']';
    is_int(read_all(ir_str_n(p, n), &j), IR_BAD, "one closed wrongly");
    free(p);
}

/* One letter a token, its depth and its text. */
static void trace(struct ir_str s, struct ir_buf *b)
{
    struct ir_json j;
    struct ir_json_tok t;
    int rc;
    ir_json_begin(&j, s);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        ir_buf_fmt(b, "%c%u", "{}[]ksntfz"[t.type], t.depth);
        if (t.type >= IR_JSON_KEY) ir_buf_fmt(b, "=%.*s%s", IR_FMT(t.text), t.escaped ? "!" : "");
        ir_buf_chr(b, ' ');
    }
    ir_buf_str(b, rc == IR_END ? IR_S("end") : IR_S("bad"));
}

static void tokens(void)
{
    struct ir_buf b = IR_BUF(4096);
    trace(
        IR_S("{\"a\": [1, -2.5e1, \"x\"], \"b\\n\": {\"c\": null}, \"d\": [true, false, {}, []]}"),
        &b);
    is_str(ir_buf_view(&b),
           "{0 k1=a [1 n2=1 n2=-2.5e1 s2=x ]1 k1=b\\n! {1 k2=c z2=null }1 "
           "k1=d [1 t2=true f2=false {2 }2 [2 ]2 ]1 }0 end",
           "tokens, depths, texts");
    ir_buf_clear(&b);
    trace(IR_S("\"x\\\"y\""), &b);
    is_str(ir_buf_view(&b), "s0=x\\\"y! end", "a string alone");
    ir_buf_clear(&b);
    trace(IR_S("[1,{\"a\":2}x"), &b);
    is_str(ir_buf_view(&b), "[0 n1=1 {1 k2=a n2=2 }1 bad", "tokens before an error are given");
    ir_buf_free(&b);

    struct ir_json j;
    is_int(read_all(IR_S("[1, 2, x]"), &j), IR_BAD, "an error");
    is_int((long long)j.pos, 7, "has its place");
    is_int(read_all(IR_S("[\"ab\\qc\"]"), &j), IR_BAD, "an unknown escape");
    is_int((long long)j.pos, 4, "has its place");
}

static void bad_bytes(void)
{
    struct ir_json j;
    struct ir_json_tok t;
    is_int(read_all(IR_S("{\"uri\":\"/\xff\xfe\",\"n\":1}"), &j), IR_END,
           "bytes that are not UTF-8");
    ok(j.bad_utf8, "are told at the end");
    ir_json_begin(&j, IR_S("[\"good \xc3\xa9\",\"bad \xc3\",\"good\",\"\xed\xa0\x80\"]"));
    static const bool want[] = {false, false, true, false, true, false};
    for (size_t i = 0; i < 6; i++) {
        if (ir_json_next(&j, &t) != IR_OK) ok(false, "token %zu", i);
        is_int(t.bad_utf8, want[i], "bad_utf8 of token %zu", i);
    }
    /* a lead byte must not swallow the quote or a control character behind it */
    is_int(read_all(IR_S("[\"\xe3\"]"), &j), IR_END, "a cut character before the quote");
    is_int(read_all(IR_S("[\"\xe3\x81\n\"]"), &j), IR_BAD, "and before a control character");
    is_int(read_all(IR_S("[\"\xe3"), &j), IR_BAD, "and at the end");
}

static void unescape(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"longer than eight bytes, and than sixteen", "longer than eight bytes, and than sixteen"},
        {"C:\\\\Windows\\\\System32\\\\drivers\\\\etc\\\\hosts",
         "C:\\Windows\\System32\\drivers\\etc\\hosts"},
        {"\\n12345678\\n1234567\\n123456789abcdefgh", "\n12345678\n1234567\n123456789abcdefgh"},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
        {"\\u0041\\u00e9\\u3042", "A\xc3\xa9あ"},
        {"\\uD83D\\uDE00", "\xf0\x9f\x98\x80"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf"},
        {"\\ud800", "\xef\xbf\xbd"},
        {"\\udc00x", "\xef\xbf\xbdx"},
        {"\\ud800\\u0041", "\xef\xbf\xbd"
                           "A"},
        {"\\ud800\\ud800\\udc00", "\xef\xbf\xbd\xf0\x90\x80\x80"},
        {"\\udc00\\ud800", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\\ud800\\n", "\xef\xbf\xbd\n"},
        {"C:\\\\Windows\\\\x", "C:\\Windows\\x"},
        {"あ\\nい", "あ\nい"},
        {"\\\\u0041", "\\u0041"},
        /* never given by the reader, must not break anything */
        {"\\", "\\"},
        {"a\\u12", "a\\u12"},
        {"\\q", "\\q"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = strlen(cases[i].in);
        char *out = malloc(n > 0 ? n : 1), *same = malloc(n > 0 ? n : 1);
        if (out == NULL || same == NULL) return;
        memcpy(same, cases[i].in, n);
        is_str(ir_str_n(out, ir_json_unescape(ir_str_n(cases[i].in, n), out)), cases[i].want,
               "unescape %s", cases[i].in);
        is_str(ir_str_n(same, ir_json_unescape(ir_str_n(same, n), same)), cases[i].want,
               "in place too");
        free(out);
        free(same);
    }
    char nul[8] = "xxxxxxx";
    is_int((long long)ir_json_unescape(IR_S("\\u0000"), nul), 1, "the NUL escape is one byte");
    is_int(nul[0], 0, "and it is NUL");
}

static void skipping(void)
{
    struct ir_json j;
    struct ir_json_tok t;
    ir_json_begin(&j, IR_S("{\"a\":{\"x\":[1,[2,{}]],\"y\":\"}\"},\"b\":[],\"c\":7}"));
    ok(ir_json_next(&j, &t) == IR_OK && ir_json_next(&j, &t) == IR_OK, "to the key a");
    ok(ir_json_next(&j, &t) == IR_OK && t.type == IR_JSON_OBJECT, "its object");
    is_int(ir_json_skip(&j), IR_OK, "is stepped over");
    ok(ir_json_next(&j, &t) == IR_OK && t.type == IR_JSON_KEY, "then comes a key");
    is_str(t.text, "b", "the key b");
    ok(ir_json_next(&j, &t) == IR_OK && t.type == IR_JSON_ARRAY, "its array");
    is_int(ir_json_skip(&j), IR_OK, "empty, is stepped over");
    ok(ir_json_next(&j, &t) == IR_OK && ir_json_next(&j, &t) == IR_OK, "then c and its value");
    is_str(t.text, "7", "the value of c");
    ir_json_begin(&j, IR_S("[1,[2]] "));
    ir_json_next(&j, &t);
    is_int(ir_json_skip(&j), IR_OK, "the top container is stepped over");
    is_int(ir_json_next(&j, &t), IR_END, "then the end");
    ir_json_begin(&j, IR_S("[[1,2"));
    ir_json_next(&j, &t);
    is_int(ir_json_skip(&j), IR_BAD, "a skipped part that breaks off is an error");
    ir_json_begin(&j, IR_S("[{\"a\":01}]"));
    ir_json_next(&j, &t);
    is_int(ir_json_skip(&j), IR_BAD, "what is skipped is checked");
}

/* All files of a suite: y_ must be accepted, n_ refused, i_ only survived. */
static void suite(void)
{
    char dir[1024];
    DIR *d = ir_tap_shared("data/json/JSONTestSuite", dir, sizeof dir) ? opendir(dir) : NULL;
    if (d == NULL) {
        skip("no JSONTestSuite below IR_SHARED");
        return;
    }
    static char text[1 << 20];
    int seen = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char path[2048];
        if (strchr("yni", e->d_name[0]) == NULL || e->d_name[1] != '_') continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        FILE *f = fopen(path, "rb");
        if (f == NULL) continue;
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        seen++;
        struct ir_json j;
        int rc = read_all(ir_str_n(text, n), &j);
        if (e->d_name[0] != 'i') is_int(rc, e->d_name[0] == 'y' ? IR_END : IR_BAD, "%s", e->d_name);
    }
    closedir(d);
    ok(seen > 300, "the suite has its files (%d seen)", seen);
}

int main(void)
{
    accepts();
    refuses();
    every_byte();
    prefixes();
    depth();
    tokens();
    bad_bytes();
    unescape();
    skipping();
    suite();
    return done();
}
