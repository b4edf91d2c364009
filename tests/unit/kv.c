/*
 * format/kv.c: pairs, quotes, escapes, values with blanks; and values that look like more pairs.
 */
#include "tap.h"

#include "base/buf.h"
#include "format/kv.h"

/* "key=value|key=value" of all pairs; ~ behind a value that is cut. */
static void reads(const struct ir_kv_style *style, const char *text, const char *want)
{
    struct ir_arena arena = IR_ARENA(1 << 16);
    size_t len = strlen(text), n = 0;
    char *exact = malloc(len ? len : 1), got[1024] = "";
    memcpy(exact, text, len);
    struct ir_kv kv = ir_kv_open(ir_str_n(exact, len), style);
    struct ir_kv_pair pair;
    while (ir_kv_next(&kv, &pair) && n < sizeof got) {
        struct ir_str v = pair.escaped ? ir_kv_decode(pair.value, style, &arena) : pair.value;
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s=%.*s%s", n ? "|" : "",
                              IR_FMT(pair.key), IR_FMT(v), pair.cut ? "~" : "");
    }
    is_str(ir_str_z(got), want, "%s", text);
    free(exact);
    ir_arena_free(&arena);
}

static void test_quoted(void)
{
    const struct ir_kv_style *s = &ir_kv_blanks;
    reads(s, "", "");
    reads(s, "  ", "");
    reads(s, "a=1 b=2", "a=1|b=2");
    reads(s, "a=1\tb=\t c=3\r", "a=1|b=|c=3");
    reads(s, "a=\"x y\" b=\"\" c=z", "a=x y|b=|c=z");
    reads(s, "a=\"x srcip=10.0.0.1 y\" b=2", "a=x srcip=10.0.0.1 y|b=2");
    reads(s, "a=\"x\\\" srcip=\\\"10.0.0.1\" b=2", "a=x\" srcip=\"10.0.0.1|b=2");
    reads(s, "a=\"x\" y\" b=2", "a=x|=y\"|b=2");
    reads(s, "a=\"x\"y\" b=2", "a=x\"y|b=2");
    reads(s, "a=\"x\\\" b=\"2\" c=3", "a=x\" b=\"2|c=3");
    reads(s, "a=\"C:\\new\\table\" b=1", "a=C:\\new\\table|b=1");
    reads(s, "a=\"DOM\\\\bob\" b=1", "a=DOM\\bob|b=1");
    reads(s, "a=\"no end b=2", "a=no end b=2~");
    reads(s, "a=\"", "a=~");
    reads(s, "a=b=c d", "a=b=c|=d");
    reads(s, "=x a=1",
          "="
          "=x|a=1");
    reads(s, "word \"two words\" a=1", "=word|=two words|a=1");
    reads(s, "http://h/?q=1 a=2", "http://h/?q=1|a=2");
}

static void test_others(void)
{
    reads(&ir_kv_commas, "a=x y,b=\"z, c=1\",d=2", "a=x y|b=z, c=1|d=2");
    reads(&ir_kv_commas, "a=\"x\" y\",b=1", "a=x\" y|b=1");
    reads(&ir_kv_pipes, "a=x y | b=1|c=", "a=x y|b=1|c=");
    reads(&ir_kv_cef, "src=192.0.2.1 msg=two words and more dst=192.0.2.2",
          "src=192.0.2.1|msg=two words and more|dst=192.0.2.2");
    reads(&ir_kv_cef, "request=http://h/?a\\=b c\\=d src=192.0.2.1",
          "request=http://h/?a=b c=d|src=192.0.2.1");
    reads(&ir_kv_cef, "msg=a \\\\ b\\nc d=\"e\"", "msg=a \\ b\nc|d=\"e\"");
    reads(&ir_kv_cef, "request=http://h/?q=1&x=y src=192.0.2.1",
          "request=http://h/?q=1&x=y|src=192.0.2.1");
    reads(&ir_kv_cef, "a= b=", "a=|b=");
}

static void test_bounds(void)
{
    struct ir_kv_pairs pairs;
    char text[4096];
    size_t n = 0;
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "k%d=%d ", i, i);
    ir_kv_read(ir_str_n(text, n), &ir_kv_blanks, 1000, &pairs);
    is_int(pairs.n, IR_KV_MAX, "as many pairs as there is room");
    ok(ir_str_starts(pairs.rest, IR_S(" k256=")), "the rest is told");
    is_str(ir_kv_get(&pairs, IR_S("k7")), "7", "a pair by its key");
    ok(ir_kv_get(&pairs, IR_S("none")).p == NULL, "none");
    memset(text, 'k', sizeof text);
    struct ir_kv kv = ir_kv_open(ir_str_n(text, sizeof text), &ir_kv_blanks);
    ok(ir_kv_next(&kv, &pairs.pair[0]) && pairs.pair[0].key.n == 0, "a long word is no key");
    const char *line = "a=\"x\\\" b=\"c\" d='e' f=g h=\"i";
    for (size_t i = 0; i <= strlen(line); i++) { /* exact blocks, for the sanitizer */
        char *cut = malloc(i ? i : 1);
        memcpy(cut, line, i);
        ir_kv_read(ir_str_n(cut, i), &ir_kv_blanks, 64, &pairs);
        ir_kv_read(ir_str_n(cut, i), &ir_kv_cef, 64, &pairs);
        free(cut);
    }
}

int main(void)
{
    test_quoted();
    test_others();
    test_bounds();
    return done();
}
