/*
 * base/utf8: validity, folding, terminal safety, widths.
 */
#include "base/utf8.h"

#include "tests/tap.h"

static void decode(void)
{
    static const struct {
        const char *bytes;
        int32_t cp; /* -1: invalid, then the length is 1 */
        int len;
    } cases[] = {
        {"A", 'A', 1},
        {"\x7f", 0x7f, 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7ff, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xed\x9f\xbf", 0xd7ff, 3},
        {"\xee\x80\x80", 0xe000, 3},
        {"\xef\xbf\xbf", 0xffff, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
        {"\x80", -1, 1},
        {"\xbf", -1, 1},
        {"\xc0\x80", -1, 1},
        {"\xc1\xbf", -1, 1},
        {"\xc2", -1, 1},
        {"\xc2\x41", -1, 1},
        {"\xe0\x9f\xbf", -1, 1},
        {"\xed\xa0\x80", -1, 1},
        {"\xed\xbf\xbf", -1, 1},
        {"\xe3\x81", -1, 1},
        {"\xe3\x41\x82", -1, 1},
        {"\xf0\x8f\xbf\xbf", -1, 1},
        {"\xf4\x90\x80\x80", -1, 1},
        {"\xf0\x9f\x98", -1, 1},
        {"\xf5\x80\x80\x80", -1, 1},
        {"\xff", -1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t cp = 99;
        struct ir_str s = ir_str_z(cases[i].bytes);
        is_int((long long)ir_utf8_decode(s, &cp), cases[i].len, "length of case %zu", i);
        is_int(cp, cases[i].cp, "code point of case %zu", i);
        is_int(ir_utf8_valid(s), cp >= 0, "validity of case %zu", i);
    }
    int wrong = 0;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        if (cp == 0xd800) cp = 0xe000;
        char b[4];
        int32_t back;
        size_t n = ir_utf8_encode(cp, b);
        if (ir_utf8_decode(ir_str_n(b, n), &back) != n || back != (int32_t)cp) wrong++;
        if (n > 1 && (ir_utf8_decode(ir_str_n(b, n - 1), &back) != 1 || back != -1)) wrong++;
    }
    is_int(wrong, 0, "every code point there and back, and refused when its end is missing");
}

static void valid(void)
{
    ok(ir_utf8_valid(IR_S("")), "empty is valid");
    ok(ir_utf8_valid(ir_str_n(NULL, 0)), "no bytes at all are valid");
    ok(ir_utf8_valid(ir_str_n("a\0b", 3)), "NUL is valid");
    char text[64];
    int wrong = 0;
    for (size_t n = 1; n <= sizeof text; n++)
        for (size_t at = 0; at < n; at++) {
            memset(text, 'x', sizeof text);
            text[at] = '\x85';
            if (ir_utf8_valid(ir_str_n(text, n))) wrong++;
            if (!ir_utf8_valid(ir_str_n(text, at))) wrong++;
        }
    is_int(wrong, 0, "one bad byte is found at every place");
}

static void fold_cp(void)
{
    static const uint32_t pairs[][2] = {
        {'A', 'a'},         {'Z', 'z'},         {'@', '@'},           {'[', '['},
        {0xb5, 0x3bc},      {0xc0, 0xe0},       {0xd7, 0xd7},         {0xde, 0xfe},
        {0xdf, 0xdf},       {0x100, 0x101},     {0x101, 0x101},       {0x130, 0x130},
        {0x131, 0x131},     {0x178, 0xff},      {0x17f, 's'},         {0x1c4, 0x1c6},
        {0x1c5, 0x1c6},     {0x23a, 0x2c65},    {0x345, 0x3b9},       {0x391, 0x3b1},
        {0x3a3, 0x3c3},     {0x3c2, 0x3c3},     {0x3c3, 0x3c3},       {0x3f4, 0x3b8},
        {0x410, 0x430},     {0x401, 0x451},     {0x531, 0x561},       {0x10a0, 0x2d00},
        {0x10d0, 0x10d0},   {0x1c90, 0x10d0},   {0x1c88, 0xa64b},     {0x13a0, 0x13a0},
        {0x13f5, 0x13f5},   {0x13f8, 0x13f0},   {0xab70, 0x13a0},     {0xabbf, 0x13ef},
        {0x1e00, 0x1e01},   {0x1e9b, 0x1e61},   {0x1e9e, 0xdf},       {0x1f88, 0x1f80},
        {0x1fbc, 0x1fb3},   {0x1fbe, 0x3b9},    {0x1fd3, 0x1fd3},     {0x2126, 0x3c9},
        {0x212a, 'k'},      {0x212b, 0xe5},     {0x2160, 0x2170},     {0x24b6, 0x24d0},
        {0x2c00, 0x2c30},   {0x2cf2, 0x2cf3},   {0xa640, 0xa641},     {0xfb00, 0xfb00},
        {0xff21, 0xff41},   {0xff3a, 0xff5a},   {0xff3b, 0xff3b},     {0x10400, 0x10428},
        {0x10427, 0x1044f}, {0x104b0, 0x104d8}, {0x118a0, 0x118c0},   {0x16e40, 0x16e60},
        {0x1e900, 0x1e922}, {0x1e921, 0x1e943}, {0x1e922, 0x1e922},   {0x3042, 0x3042},
        {0x4e00, 0x4e00},   {0xac00, 0xac00},   {0x10ffff, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        is_int(ir_fold_cp(pairs[i][0]), pairs[i][1], "fold of U+%04X", pairs[i][0]);
    unsigned changed = 0, unstable = 0;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        uint32_t f = ir_fold_cp(cp);
        changed += f != cp;
        unstable += ir_fold_cp(f) != f;
    }
    is_int(changed, 1454, "code points that fold in Unicode 14: 1426 C and 28 S");
    is_int(unstable, 0, "folding twice changes nothing more");
}

/* The plain way, to compare the fast one with. */
static size_t slow_fold(struct ir_str s, char *out)
{
    size_t n = 0;
    while (s.n > 0) {
        int32_t cp;
        size_t k = ir_utf8_decode(s, &cp);
        if (cp < 0)
            out[n++] = s.p[0];
        else
            n += ir_utf8_encode(ir_fold_cp((uint32_t)cp), out + n);
        s = ir_str_skip(s, k);
    }
    return n;
}

static void fold(void)
{
    char out[600], want[600], in[200];
    is_str(ir_str_n(out, ir_fold(IR_S("PowerShell.EXE -Enc ABC_[@`{z"), out)),
           "powershell.exe -enc abc_[@`{z", "ASCII");
    is_str(ir_str_n(out, ir_fold(IR_S("GROẞE ΌΣΟΣ Åſ 日本語ＡＢ"), out)),
           "große όσοσ ås 日本語ａｂ", "beyond ASCII");
    is_str(ir_str_n(out, ir_fold(IR_S("A\xff\xc3Z\xe3\x81"), out)), "a\xff\xc3z\xe3\x81",
           "invalid bytes stay");
    is_int((long long)ir_fold(ir_str_n("A\0B", 3), out), 3, "NUL does not end it");
    is_int((long long)ir_fold(ir_str_n(NULL, 0), out), 0, "nothing folds to nothing");
    for (size_t i = 0; i < 60; i++)
        memcpy(in + 2 * i, "Ⱥ", 2);
    is_int((long long)ir_fold(ir_str_n(in, 120), out), 180, "two bytes can become three");

    uint32_t seed = 1;
    int wrong = 0, plain_wrong = 0;
    for (int round = 0; round < 20000; round++) {
        size_t n = (seed >> 8) % sizeof in;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t r = seed >> 16;
            in[i] = (char)(r % 50 != 0 ? r % 128 : r >> 3);
        }
        struct ir_str s = ir_str_n(in, n);
        size_t a = ir_fold(s, out), b = slow_fold(s, want);
        if (a != b || memcmp(out, want, a) != 0) wrong++;
        bool high = false;
        for (size_t i = 0; i < n; i++)
            high |= (unsigned char)in[i] >= 0x80;
        if (ir_fold_is_plain(s) != (!high && a == n && memcmp(out, in, n) == 0)) plain_wrong++;
    }
    is_int(wrong, 0, "20000 random texts fold as the slow way does");
    is_int(plain_wrong, 0, "is_plain says what folding does");
    char all[256];
    for (int c = 0; c < 256; c++) {
        memset(all, '-', 24);
        all[c % 24] = (char)c;
        bool want_plain = c < 0x80 && (c < 'A' || c > 'Z');
        if (ir_fold_is_plain(ir_str_n(all, 24)) != want_plain) ok(false, "is_plain of byte %d", c);
    }
}

static void visible(void)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"", ""},
        {"plain text ~!", "plain text ~!"},
        {"C:\\new\\x", "C:\\new\\x"},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\x1b[31mred\x1b]0;t\a", "\\x1b[31mred\\x1b]0;t\\x07"},
        {"\x7f\x08", "\\x7f\\x08"},
        {"\xc2\x9b"
         "2J",
         "\\u009b2J"},
        {"\x9b"
         "2J",
         "\\x9b2J"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xe3\x81", "\\xe3\\x81"},
        {"user\xe2\x80\xaegpj.exe", "user\\u202egpj.exe"},
        {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069"},
        {"ad\xe2\x80\x8bmin", "ad\\u200bmin"},
        {"\xe2\x80\x8e\xe2\x80\x8f", "\\u200e\\u200f"},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
        {"\xef\xbb\xbf#", "\\ufeff#"},
        {"\xc2\xadx", "\\u00adx"},
        {"\xf3\xa0\x81\x81", "\\U000e0041"},
        {"\xf4\x8f\xbf\xbf", "\\U0010ffff"},
        {"\xe3\x85\xa4", "\\u3164"},
        {"ユーザー「山田」が失敗。ｶﾅ　ＡＢＣ", "ユーザー「山田」が失敗。ｶﾅ　ＡＢＣ"},
        {"葛\xf3\xa0\x84\x80城", "葛\xf3\xa0\x84\x80城"},
        {"か\xe3\x82\x99", "か\xe3\x82\x99"},
        {"\xcc\x81x", "\\u0301x"},
        {"\x1b\xcc\x81", "\\x1b\\u0301"},
        {"a\x1b\xcc\x81", "a\\x1b\\u0301"},
        {"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81x",
         "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u0301\\u0301x"},
        {"é naïve – 50 €", "é naïve – 50 €"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_buf b = IR_BUF(4096);
        ir_visible(&b, ir_str_z(cases[i].in), 0);
        is_str(ir_buf_view(&b), cases[i].want, "visible case %zu", i);
        ir_buf_free(&b);
    }
    struct ir_buf b = IR_BUF(4096);
    ir_visible(&b, ir_str_n("a\0b", 3), 0);
    is_str(ir_buf_view(&b), "a\\x00b", "NUL is shown");
    ir_buf_free(&b);
}

static void limits(void)
{
    static const struct {
        const char *in;
        size_t limit;
        const char *want;
    } cases[] = {
        {"abcdef", 6, "abcdef"},
        {"abcdef", 7, "abcdef"},
        {"abcdef", 5, "abcd…"},
        {"abcdef", 1, "…"},
        {"a", 1, "a"},
        {"日本語", 6, "日本語"},
        {"日本語", 5, "日本…"},
        {"日本語", 4, "日…"},
        {"日本語", 3, "日…"},
        {"日本語", 2, "…"},
        {"日本語", 1, "…"},
        {"ab日本", 4, "ab…"},
        {"ab日本", 5, "ab日…"},
        {"日本ab", 4, "日…"},
        {"日本ab", 5, "日本…"},
        {"ab\x1b", 6, "ab\\x1b"},
        {"ab\x1b", 5, "ab…"},
        {"ab\x1bz", 6, "ab…"},
        {"ab\x1bz", 7, "ab\\x1bz"},
        {"e\xcc\x81z", 2, "e\xcc\x81z"},
        {"e\xcc\x81zz", 2, "e\xcc\x81…"},
        {"ze\xcc\x81z", 2, "z…"},
        {"\xff\xff", 7, "\\xff…"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ir_buf b = IR_BUF(4096);
        ir_buf_str(&b, IR_S("<"));
        ir_visible(&b, ir_str_z(cases[i].in), cases[i].limit);
        is_str(ir_str_skip(ir_buf_view(&b), 1), cases[i].want, "case %zu cut at %zu", i,
               cases[i].limit);
        if (b.p[b.n] != '\0') ok(false, "the buffer ends in NUL");
        ir_buf_free(&b);
    }
}

/* Whatever the bytes: nothing hidden comes out, and it fits. */
static void any_bytes(void)
{
    uint32_t seed = 7;
    int hidden = 0, invalid = 0, wide = 0;
    for (int round = 0; round < 20000; round++) {
        char in[64];
        for (size_t i = 0; i < sizeof in; i++) {
            seed = seed * 1664525u + 1013904223u;
            in[i] = "\x1b\xe2\x80\xae\x81\xe3\xcc\x9b\xffzA\xf3\xa0\xc2\n\x82"[seed >> 28];
        }
        size_t limit = (seed >> 8) % 40;
        struct ir_buf b = IR_BUF(4096);
        ir_visible(&b, ir_str_n(in, sizeof in), limit);
        struct ir_str s = ir_buf_view(&b);
        if (limit > 0 && ir_columns(s) > limit) wide++;
        if (!ir_utf8_valid(s)) invalid++;
        while (s.n > 0) {
            int32_t cp;
            size_t n = ir_utf8_decode(s, &cp);
            hidden += cp >= 0 && ir_cp_hidden((uint32_t)cp);
            s = ir_str_skip(s, n);
        }
        ir_buf_free(&b);
    }
    is_int(hidden, 0, "nothing hidden comes out");
    is_int(invalid, 0, "it is UTF-8");
    is_int(wide, 0, "it never takes more columns than allowed");
}

static void columns(void)
{
    static const struct {
        const char *in;
        int want;
    } cases[] = {
        {"", 0},          {"abc", 3},
        {"日本語", 6},    {"ｱｲｳ", 3},
        {"ＡＢ", 4},      {"é", 1},
        {"e\xcc\x81", 1}, {"か\xe3\x82\x99", 2},
        {"한국", 4},      {"\xf0\x9f\x98\x80", 2},
        {"…", 1},         {"、。", 4},
        {"　", 2},        {"\xf0\xa0\xae\xb7", 2},
        {"\n\x1b", 0},    {"\xff", 1},
        {"─│", 2},        {"葛\xf3\xa0\x84\x80", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        is_int((long long)ir_columns(ir_str_z(cases[i].in)), cases[i].want, "columns of case %zu",
               i);
}

static void hidden(void)
{
    static const uint32_t yes[] = {0,      0x1b,   0x7f,   0x80,   0x9f,    0xad,    0x61c,
                                   0x200b, 0x200f, 0x2028, 0x202a, 0x202e,  0x2060,  0x2066,
                                   0x2069, 0xfeff, 0xfff9, 0xfffe, 0xe0000, 0xe007f, 0x1fffe};
    static const uint32_t no[] = {0x20,   0x7e,   0xa0,   0x3042, 0x3099,  0x4e00, 0xfffd,
                                  0x200a, 0x2010, 0x2027, 0x202f, 0xe0100, 0xfe0f, 0x1f600};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        ok(ir_cp_hidden(yes[i]), "U+%04X is hidden", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        ok(!ir_cp_hidden(no[i]), "U+%04X is not", no[i]);
}

static void bad_lines(void)
{
    static const struct {
        const char *in;
        unsigned want;
    } cases[] = {{"", 0},
                 {"plain\nplain\n", 0},
                 {"ひらがな\nか\n", 0},
                 {"\xff", 1},
                 {"\xff\n", 1},
                 {"\xff\xfe\x80\n\x80", 2},
                 {"a line of plain letters, longer than a step of thirty-two\x93\x63\nx\n\x93", 2},
                 {"\xe3\x81\n\x82", 2}, /* a character cut by the end of its line */
                 {"\n\n\x80\n\n", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        is_int((long long)ir_utf8_bad_lines(ir_str_z(cases[i].in)), cases[i].want,
               "lines that are not valid in case %zu", i);
}

static void head(void)
{
    is_str(ir_utf8_head(IR_S("記録"), 6), "記録", "all of it");
    is_str(ir_utf8_head(IR_S("記録"), 5), "記", "whole characters");
    is_str(ir_utf8_head(IR_S("記録"), 2), "", "no room for one");
    is_str(ir_utf8_head(IR_S("\x80\x80\x80\x80\x80\x80"), 5), "\x80\x80\x80\x80\x80",
           "bytes that are none");
    is_str(ir_utf8_head(IR_S("plain"), 3), "pla", "ASCII");
}

int main(void)
{
    bad_lines();
    decode();
    valid();
    fold_cp();
    fold();
    visible();
    limits();
    any_bytes();
    columns();
    hidden();
    head();
    return done();
}
