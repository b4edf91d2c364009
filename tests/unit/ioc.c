/*
 * run/ioc and run/search: kinds, defanged spellings, what must stand around an indicator, and
 * regular expressions that cost too much.
 */
#include "run/ioc.h"
#include "run/search.h"

#include "tests/tap.h"

static void kinds(void)
{
    static const struct {
        const char *line, *kind, *text;
    } rows[] = {
        {"d41d8cd98f00b204e9800998ecf8427e", "hash", "d41d8cd98f00b204e9800998ecf8427e"},
        {" \"Example[.]NET\" , what", "domain", "example.net"},
        {"*.example.net", "domain", "example.net"},
        {"hxxps[://]example(dot)net/A?b=1 # c", "url", "https://example.net/A?b=1"},
        {"192[.]0[.]2[.]7", "ip", "192.0.2.7"},
        {"2001[:]db8::7", "ip", "2001:db8::7"},
        {"192.0.2.0/24", "network", "192.0.2.0/24"},
        {"Who[at]example[.]net", "email", "who@example.net"},
        {"192.0.2[.]7:4444", "ip", "192.0.2.7"},
        {"\"192.0.2.7[:]443\",\"ip:port\"", "ip", "192.0.2.7"},
        {"[2001:db8::7]:443", "ip", "2001:db8::7"},
        {"2001:db8::7:443", "ip", "2001:db8::7:443"},
        {"example[.]net:8080", "domain", "example.net"},
        {"example[.]net/gate.php", "url", "example.net/gate.php"},
        {"192.0.2[.]7:8080/a", "url", "192.0.2.7:8080/a"},
    };
    struct ir_arena a = IR_ARENA(1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ir_ioc ioc = {0};
        const char *why = NULL;
        int rc = ir_ioc_parse(&a, ir_str_z(rows[i].line), &ioc, &why);
        ok(rc == 0 && strcmp(ir_ioc_kind_name(&ioc), rows[i].kind) == 0 &&
               ir_str_eq(ioc.text, ir_str_z(rows[i].text)),
           "%s is %s %s", rows[i].line, rows[i].kind, rows[i].text);
    }
    static const char *const none[] = {"", "  ", "# example.net", "\xef\xbb\xbf# x", "//x"};
    static const char *const bad[] = {
        "word", "1.2.3", "a..b",       "0.0.0.0/0",   "deadbeef",     ".",
        "@",    "[",     "192.0.2.7:", "192.0.2.7:x", "192.0.2.0/33", "word/a",
        "[]",   "[x]:1", ":80",        "a.b.c:1:2"};
    struct ir_ioc ioc;
    const char *why;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        is_int(ir_ioc_parse(&a, ir_str_z(none[i]), &ioc, &why), 1, "nothing in '%s'", none[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_int(ir_ioc_parse(&a, ir_str_z(bad[i]), &ioc, &why), -1, "no indicator: %s", bad[i]);
    ir_arena_free(&a);
}

static bool found(const char *ioc, const char *record)
{
    struct ir_search *se = ir_search_new(false);
    struct ir_err err = {0};
    bool hit = false;
    if (ir_search_ioc(se, ir_str_z(ioc), &err) == IR_OK && ir_search_finish(se, &err) == IR_OK) {
        ir_search_block(se, ir_str_z(record));
        hit = ir_search_record(se, ir_str_z(record));
    }
    ir_search_free(se);
    return hit;
}

static void around(void)
{
    static const struct {
        bool want;
        const char *ioc, *record;
    } rows[] = {
        {true, "example.net", "query: WWW.Example.net. IN A"},
        {true, "example.net", "GET /?u=https%3A%2F%2Fexample.net HTTP/1.1"},
        {true, "example.net", "{\"m\":\"x\\nexample.net\"}"},
        {false, "example.net", "badexample.net"},
        {false, "example.net", "example.network"},
        {false, "example.net", "example.net.evil.test"},
        {true, "192.0.2.1", "from 192.0.2.1:22"},
        {true, "192.0.2.1", "at 192.0.2.1."},
        {false, "192.0.2.1", "192.0.2.10"},
        {false, "192.0.2.1", "1192.0.2.1"},
        {false, "192.0.2.1", "192.0.2.1.5"},
        {true, "192.0.2.0/25", "SRC=192.0.2.127 DST=x"},
        {false, "192.0.2.0/25", "SRC=192.0.2.128 DST=x"},
        {true, "192.0.0.0/7", "a 193.1.2.3 b"},
        {false, "192.0.0.0/7", "a 194.1.2.3 b"},
        {true, "2001:db8::1", "from 2001:0DB8:0:0::1 port"},
        {true, "2001:db8::1", "from 2001:db8::1: refused"},
        {true, "2001:db8::/32", "[2001:db8:ffff::9]:443"},
        {false, "2001:db8::/33", "2001:db8:ffff::9"},
        {true, "::1", "from ::1 port"},
        {true, "who@example.net", "to=<Who@example.net>"},
        {false, "who@example.net", "x.who@example.net"},
        {true, "http://example.net/a", "GET http://example.net/a/b"},
        {false, "http://example.net/a", "GET http://example.net/ab"},
        {true, "example.net/a", "GET http://www.example.net/a?b"},
        {false, "example.net/a", "GET http://badexample.net/a"},
        {false, "example.net/a", "GET http://example.net/ab"},
        {true, "http://example.net/a", "{\"u\":\"http:\\/\\/example.net\\/a?b\"}"},
        {true, "日本.example", "{\"u\":\"http:\\/\\/\\u65e5\\u672c.example\\/a\"}"},
        {true, "192.0.2.1:4444", "DST=192.0.2.1 DPT=4444"},
        {true, "[2001:db8::1]:443", "from 2001:db8::1 port"},
        {true, "d41d8cd98f00b204e9800998ecf8427e", "md5=D41D8CD98F00B204E9800998ECF8427E,"},
        {false, "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(found(rows[i].ioc, rows[i].record) == rows[i].want, "%s %s in %s", rows[i].ioc,
           rows[i].want ? "is" : "is not", rows[i].record);
}

/* What a person types, and what a JSON writer makes of it. */
static void spellings(void)
{
    static const struct {
        bool want, ignore_case;
        const char *text, *record;
    } rows[] = {
        {true, false, "C:\\Temp\\x", "{\"a\":\"C:\\\\Temp\\\\x.exe\"}"},
        {true, false, "C:\\Temp\\x", "a C:\\Temp\\x.exe"},
        {true, false, "C:\\\\Temp", "{\"a\":\"C:\\\\Temp\"}"},
        {false, false, "C:\\temp\\x", "{\"a\":\"C:\\\\Temp\\\\x.exe\"}"},
        {true, true, "c:\\temp\\x", "{\"a\":\"C:\\\\Temp\\\\x.exe\"}"},
        {true, false, "say \"hi\"", "{\"a\":\"say \\\"hi\\\"\"}"},
        {true, false, "GET /a/b", "{\"a\":\"GET \\/a\\/b\"}"},
        {true, false, "山田", "{\"a\":\"\\u5c71\\u7530\"}"},
        {true, false, "山田", "{\"a\":\"\\u5C71\\u7530\"}"},
        {true, false, "/山田", "{\"a\":\"\\/\\u5c71\\u7530\"}"},
        {true, false, "/山田", "{\"a\":\"\\/山田\"}"},
        {true, true, "山田 Taro", "{\"a\":\"\\u5C71\\u7530 TARO\"}"},
        {true, false, "\U0001f40d", "{\"a\":\"\\ud83d\\udc0d\"}"},
        {false, false, "山田", "{\"a\":\"\\u5c71\\u7531\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ir_search *se = ir_search_new(rows[i].ignore_case);
        const struct ir_str rec = ir_str_z(rows[i].record);
        struct ir_err err = {0};
        bool ready = ir_search_text(se, ir_str_z(rows[i].text), &err) == IR_OK &&
                     ir_search_finish(se, &err) == IR_OK;
        bool hit = ready && ir_search_block(se, rec) && ir_search_record(se, rec);
        ok(ready && hit == rows[i].want, "%s %s in %s", rows[i].text,
           rows[i].want ? "is" : "is not", rows[i].record);
        if (hit) is_str(ir_search_found(se), rows[i].text, "… and told as it was written");
        ir_search_free(se);
    }
}

/* Several records of one block, and a text that ends in one and begins in the one before. */
static void records(void)
{
    static const char block[] = "one aa\nb two\naab aab\nAAB\n";
    struct ir_search *se = ir_search_new(true);
    struct ir_err err = {0};
    struct ir_str rest = ir_str_z(block), rec;
    char got[8] = "";
    size_t n = 0;
    ok(ir_search_text(se, IR_S("aab"), &err) == IR_OK &&
           ir_search_regex(se, IR_S("^b t(w)o$"), &err) == IR_OK &&
           ir_search_finish(se, &err) == IR_OK,
       "patterns compile");
    ir_search_block(se, rest);
    for (bool ended; ir_str_line(&rest, &rec, &ended);)
        got[n++] = ir_search_record(se, rec) ? 'y' : 'n';
    ok(strcmp(got, "nyyy") == 0, "records with hits: %s", got);
    ir_search_free(se);
}

static void folded(void)
{
    struct ir_search *se = ir_search_new(true);
    struct ir_err err = {0};
    struct ir_str rec = IR_S("to\xe2\x84\xaa"
                             "en"); /* KELVIN SIGN */
    ir_search_regex(se, IR_S("token"), &err);
    ir_search_finish(se, &err);
    ir_search_block(se, rec);
    ok(ir_search_record(se, rec), "a letter that folds to k is found");
    ir_search_free(se);
    se = ir_search_new(true);
    rec = IR_S("\xc3\x89"
               "COLE");
    ir_search_text(se,
                   IR_S("\xc3\xa9"
                        "cole"),
                   &err);
    ir_search_finish(se, &err);
    ir_search_block(se, rec);
    ok(ir_search_record(se, rec), "letters outside ASCII have case too");
    ir_search_free(se);
}

static void costly(void)
{
    char text[4096];
    struct ir_err err = {0};
    struct ir_search *se = ir_search_new(false);
    memset(text, 'a', sizeof text);
    is_int(ir_search_regex(se, IR_S("(a"), &err), IR_BAD, "refused: %s", err.msg);
    ir_search_regex(se, IR_S("(a|aa)+[0-9]"), &err);
    ir_search_finish(se, &err);
    for (int i = 0; i < 300; i++) {
        ir_search_block(se, ir_str_n(text, sizeof text));
        ir_search_record(se, ir_str_n(text, sizeof text));
    }
    is_int((int)ir_search_undecided(se), IR_SEARCH_GIVE_UP, "it is given up");
    ir_search_free(se);
}

int main(void)
{
    kinds();
    around();
    spellings();
    records();
    folded();
    costly();
    return done();
}
