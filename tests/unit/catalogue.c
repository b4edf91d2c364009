/*
 * Catalogues as msgfmt writes them: found texts, and every kind of damage refused.
 */
#include "base/catalogue.h"
#include "base/buf.h"
#include "tap.h"

#define TEXTS 4u

static const struct pair {
    struct ir_str text, translation;
} sound[TEXTS] = {
    {IR_S(""), IR_S("Language: xx\nPlural-Forms: nplurals=1; plural=0;\n")},
    {IR_S("%d file\0%d files"), IR_S("F %d")},
    {IR_S("no"), IR_S("N")},
    {IR_S("yes"), IR_S("Y")},
};

static void word(struct ir_buf *b, uint32_t v, bool big)
{
    for (unsigned i = 0; i < 4; i++)
        ir_buf_chr(b, (char)(v >> (big ? 24 - 8 * i : 8 * i)));
}

/* By the manual's table. */
static void make(struct ir_buf *b, const struct pair *pair, bool big)
{
    const uint32_t tables = 28, texts = tables + 2 * 8 * TEXTS;
    uint32_t at = texts;
    const uint32_t head[] = {0x950412de, 0, TEXTS, tables, tables + 8 * TEXTS, 0, texts};
    ir_buf_clear(b);
    for (unsigned i = 0; i < 7; i++)
        word(b, head[i], big);
    for (unsigned side = 0; side < 2; side++)
        for (unsigned i = 0; i < TEXTS; i++) {
            const size_t n = side ? pair[i].translation.n : pair[i].text.n;
            word(b, (uint32_t)n, big);
            word(b, at, big);
            at += (uint32_t)n + 1;
        }
    for (unsigned side = 0; side < 2; side++)
        for (unsigned i = 0; i < TEXTS; i++) {
            ir_buf_str(b, side ? pair[i].translation : pair[i].text);
            ir_buf_chr(b, '\0');
        }
}

/* Exactly so many bytes, so that a sanitizer sees the end. */
static bool opens(struct ir_str mo)
{
    struct ir_catalogue c;
    char *exact = malloc(mo.n + 1);
    if (exact == NULL) return false;
    memcpy(exact, mo.p, mo.n);
    const bool good = ir_catalogue_open(&c, ir_str_n(exact, mo.n));
    if (good) ir_catalogue_find(&c, "no");
    free(exact);
    return good;
}

static void found(bool big)
{
    struct ir_buf b = IR_BUF(1 << 12);
    struct ir_catalogue c;
    make(&b, sound, big);
    ok(ir_catalogue_open(&c, ir_buf_view(&b)), "%s bytes first", big ? "high" : "low");
    is_str(ir_str_z(ir_catalogue_find(&c, "no")), "N", "a text");
    is_str(ir_str_z(ir_catalogue_find(&c, "yes")), "Y", "the last");
    is_str(ir_str_z(ir_catalogue_find(&c, "%d file")), "F %d", "one with two forms, by the first");
    ok(ir_catalogue_find(&c, "maybe") == NULL, "one that is not there");
    ok(ir_catalogue_find(&c, "zzz") == NULL, "nor behind the last");
    ir_buf_free(&b);
}

static void damaged(void)
{
    struct ir_buf b = IR_BUF(1 << 12);
    struct pair pair[TEXTS];
    make(&b, sound, false);
    size_t shorter = 0;
    for (size_t n = 0; n < b.n; n++)
        shorter += opens(ir_str_n(b.p, n));
    is_int((int64_t)shorter, 0, "no part of one is taken for one");
    for (size_t i = 0; i < b.n; i++)
        for (int v = 1; v < 256; v <<= 1) {
            b.p[i] = (char)(b.p[i] ^ v);
            opens(ir_buf_view(&b)); /* whatever it says, it stays inside */
            b.p[i] = (char)(b.p[i] ^ v);
        }
    ok(opens(ir_buf_view(&b)), "whole again");
    b.p[4] = 1;
    ok(!opens(ir_buf_view(&b)), "texts in parts are refused");
    memcpy(pair, sound, sizeof pair);
    pair[2].text = IR_S("yes");
    pair[3].text = IR_S("no");
    make(&b, pair, false);
    ok(!opens(ir_buf_view(&b)), "texts that are not in order");
    memcpy(pair, sound, sizeof pair);
    pair[0].translation = IR_S("Plural-Forms: nplurals=2; plural=n != 1;\n");
    make(&b, pair, false);
    ok(!opens(ir_buf_view(&b)), "a language that counts otherwise");
    ir_buf_free(&b);
}

int main(void)
{
    found(false);
    found(true);
    damaged();
    return done();
}
