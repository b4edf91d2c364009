/*
 * Character sets: against iconv, whatever the pieces in which the bytes come; the map back; damage;
 * and what must never be taken for another.
 */
#include <iconv.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"
#include "tap.h"

#define MAX ((size_t)1 << 20)

static const char *const iconv_names[IR_ENC_MAX] = {NULL,    NULL,     "UTF-16LE",   "UTF-16BE",
                                                    "CP932", "EUC-JP", "ISO-2022-JP"};

static const char sample[] =
    "2026-11-22 10:00:01 web01 sshd[1]: ユーザー root の認証に失敗しました (192.0.2.7)\r\n"
    "2026-11-22 10:00:02 ログオンの種類: 3、アカウント名: 山田太郎\n"
    "plain ASCII \\ ~ line\n"
    "表示 能 ソート 十 申請 — 「構成」変更\n"
    "ファイルサーバー 共有フォルダー へのアクセスが拒否されました。\n";

struct seen {
    struct ir_buf text;
    struct ir_mark marks[4096];
    size_t n, invalid;
};

static void on_run(void *user, const struct ir_mark *m, bool valid)
{
    struct seen *s = user;
    s->invalid += !valid;
    if (s->n < 4096) s->marks[s->n++] = *m;
}

/* In pieces of `step` raw bytes. */
static void decode(const struct ir_charset *cs, enum ir_encoding e, struct ir_str raw, size_t step,
                   struct seen *s)
{
    struct ir_decoder d = {.cs = cs, .encoding = e};
    char out[256];
    size_t have = 0, at = 0;
    uint64_t text_at = 0;
    s->n = s->invalid = 0;
    ir_buf_clear(&s->text);
    while (at < raw.n || have < raw.n) {
        have = have + step < raw.n ? have + step : raw.n;
        for (;;) {
            struct ir_decode_io io = {.raw = raw.p + at,
                                      .nraw = have - at,
                                      .text = out,
                                      .ntext = sizeof out,
                                      .last = have == raw.n,
                                      .run = on_run,
                                      .user = s,
                                      .text_at = text_at,
                                      .raw_at = at};
            ir_decode(&d, &io);
            ir_buf_add(&s->text, out, sizeof out - io.ntext);
            const bool moved = io.raw_at > at;
            at = io.raw_at;
            text_at = io.text_at;
            if (!moved) break;
        }
    }
}

static struct ir_buf encode(const char *to, const char *text)
{
    struct ir_buf b = IR_BUF(MAX);
    iconv_t cd = iconv_open(to, "UTF-8");
    char *in = strdup(text), *pi = in;
    size_t nin = strlen(text);
    ir_buf_reserve(&b, nin * 4 + 16);
    char *po = b.p;
    size_t nout = nin * 4 + 16;
    if (cd == (iconv_t)-1 || iconv(cd, &pi, &nin, &po, &nout) == (size_t)-1) abort();
    iconv(cd, NULL, NULL, &po, &nout);
    b.n = (size_t)(po - b.p);
    b.p[b.n] = '\0';
    iconv_close(cd);
    free(in);
    return b;
}

/* Every mark: decoding the raw bytes from there on gives the text from there on. */
static bool marks_hold(const struct ir_charset *cs, enum ir_encoding e, struct ir_str raw,
                       const struct seen *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct ir_mark *m = &s->marks[i];
        char out[4];
        struct ir_decoder d = {.cs = cs, .encoding = e};
        struct ir_decode_io io = {
            .raw = raw.p + m->raw, .nraw = m->raw_width, .text = out, .ntext = 4, .last = true};
        if (e == IR_ENC_ISO2022JP && raw.p[m->raw] != '\x1b') continue; /* state came before */
        ir_decode(&d, &io);
        if (4 - io.ntext != m->text_width || memcmp(out, s->text.p + m->text, m->text_width) != 0)
            return false;
    }
    return true;
}

static void like_iconv(const struct ir_charset *cs)
{
    struct seen s = {.text = IR_BUF(MAX)};
    for (unsigned e = IR_ENC_UTF16LE; e < IR_ENC_MAX; e++) {
        /* what a code page lacks stands for itself in the others */
        struct ir_buf want = IR_BUF(MAX);
        ir_buf_fmt(&want, "%s", sample);
        for (char *p; e >= IR_ENC_CP932 && (p = strstr(want.p, "—")) != NULL;)
            memcpy(p, "、", 3);
        struct ir_buf raw = encode(iconv_names[e], want.p);
        for (size_t step = 1; step < 40; step++) {
            decode(cs, (enum ir_encoding)e, ir_buf_view(&raw), step, &s);
            if (!ir_str_eq(ir_buf_view(&s.text), ir_buf_view(&want))) break;
        }
        is_str(ir_buf_view(&s.text), want.p, "%s as iconv has it", iconv_names[e]);
        is_int((long long)s.invalid, 0, "%s: nothing is invalid", iconv_names[e]);
        decode(cs, (enum ir_encoding)e, ir_buf_view(&raw), raw.n, &s);
        ok(marks_hold(cs, (enum ir_encoding)e, ir_buf_view(&raw), &s), "%s: the map holds",
           iconv_names[e]);
        is_int(ir_charset_guess(cs, ir_buf_view(&raw), NULL), e, "%s is recognised",
               iconv_names[e]);
        ir_buf_free(&raw);
        ir_buf_free(&want);
    }
    ir_buf_free(&s.text);
}

/* Every pair of bytes, against iconv: what it converts we convert alike. */
static void every_pair(const struct ir_charset *cs)
{
    struct seen s = {.text = IR_BUF(MAX)};
    for (unsigned e = IR_ENC_CP932; e <= IR_ENC_EUCJP; e++) {
        iconv_t cd = iconv_open("UTF-8", iconv_names[e]);
        size_t wrong = 0, good = 0;
        for (unsigned i = 0x8100; i <= 0xffff; i++) {
            char in[2] = {(char)(i >> 8), (char)i}, copy[2], out[16], *pi = copy, *po = out;
            size_t nin = 2, nout = sizeof out;
            memcpy(copy, in, 2);
            if (iconv(cd, &pi, &nin, &po, &nout) != 0 || nin != 0) {
                iconv(cd, NULL, NULL, NULL, NULL);
                continue;
            }
            decode(cs, (enum ir_encoding)e, ir_str_n(in, 2), 2, &s);
            if ((unsigned char)in[0] == 0x80 || (unsigned char)in[0] == 0xa0 ||
                (unsigned char)in[0] > 0xfc || (unsigned char)in[1] == 0x80)
                continue; /* C1 controls, and Apple's additions: not valid here */
            good++;
            if (s.invalid == 0 &&
                !ir_str_eq(ir_buf_view(&s.text), ir_str_n(out, sizeof out - nout)))
                wrong++;
        }
        iconv_close(cd);
        ok(good > 6000, "%s: %zu pairs", iconv_names[e], good);
        is_int((long long)wrong, 0, "%s: each as iconv has it", iconv_names[e]);
    }
    ir_buf_free(&s.text);
}

static void damage(const struct ir_charset *cs)
{
    struct seen s = {.text = IR_BUF(MAX)};
    static const struct {
        enum ir_encoding e;
        struct ir_str raw;
        const char *want;
        size_t invalid;
    } cases[] = {
        {IR_ENC_CP932, {"a\x82\xa0\x82\x22z", 6}, "aあ\xef\xbf\xbd\"z", 1},
        {IR_ENC_CP932, {"\x82", 1}, "\xef\xbf\xbd", 1},
        {IR_ENC_CP932, {"\xb1\xff\x80", 3}, "ｱ\xef\xbf\xbd\xef\xbf\xbd", 2},
        {IR_ENC_EUCJP, {"\xa4\xa2\xa4\n\x8e\xb1\x8f\xb0\xa1", 9}, "あ\xef\xbf\xbd\nｱ丂", 1},
        {IR_ENC_EUCJP, {"\xad\xa1", 2}, "①", 0}, /* row 13 */
        {IR_ENC_ISO2022JP,
         {"\x1b$B$\"\nA$\"", 9},
         "あ\nA$\"",
         0}, /* a line end brings back ASCII */
        {IR_ENC_ISO2022JP, {"\x1b[31m\x1b(I1\x1b(B1", 13}, "\x1b[31mｱ1", 0},
        {IR_ENC_ISO2022JP, {"\x1b$B\x24\n\x1b$", 7}, "\xef\xbf\xbd\n\xef\xbf\xbd$", 2},
        {IR_ENC_UTF16LE,
         {"a\0\x00\xd8"
          "b\0z",
          7},
         "a\xef\xbf\xbd"
         "b\xef\xbf\xbd",
         2},
        {IR_ENC_UTF16BE, {"\xd8\x3d\xde\x00\0a", 6}, "😀a", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step <= cases[i].raw.n; step++) {
            decode(cs, cases[i].e, cases[i].raw, step, &s);
            if (!ir_str_eq(ir_buf_view(&s.text), ir_str_z(cases[i].want))) break;
        }
        is_str(ir_buf_view(&s.text), cases[i].want, "case %zu", i);
        is_int((long long)s.invalid, (long long)cases[i].invalid, "case %zu: invalid", i);
    }
    ir_buf_free(&s.text);
}

static void never(const struct ir_charset *cs)
{
    static const struct {
        const char *what;
        struct ir_str head;
    } cases[] = {
        {"nothing", {"", 0}},
        {"ASCII", IR_S("Nov 22 10:00:00 web01 sshd[1]: Failed password\n")},
        {"UTF-8", IR_S("ユーザー root の認証に失敗\n")},
        {"UTF-8, cut", IR_S("ユーザー root の認証に失\xe6\x95")},
        {"UTF-8 with damage", IR_S("ユーザー\x82\xa0 root \xe3\x83 の認証\xff\n")},
        {"colours of a terminal", IR_S("\x1b[31mred\x1b[0m\n\x1b[1mbold\x1b$\n")},
        {"an escape sequence in one line of many",
         IR_S("a\na\na\na\na\na\na\na\na\na\na\na\n\x1b$B$\"$$$&$($*\x1b(B\na\na\n")},
        {"Latin-1", IR_S("T\xe9l\xe9"
                         "chargement d'une cl\xe9 \xe0 l'\xe9"
                         "cole, o\xf9 \xea\x74re "
                         "\xe9lu; \xc0 b\xf4n march\xe9\n")},
        {"Windows-1252 quotes", IR_S("\x93quoted\x94 and \x91single\x92 \x96 dash \x85\n")},
        {"GB2312", IR_S("\xd3\xc3\xbb\xa7\xb5\xc7\xc2\xbc\xca\xa7\xb0\xdc\xa3\xac\xc3\xdc\xc2\xeb"
                        "\xb4\xed\xce\xf3\n")},
        {"random bytes", IR_S("\x91\xfe\x03\x88\x41\xe9\x01\x02\x8f\x9a\x05\xff\x90\x83\xc4\x10")},
        {"zeros", IR_S("line\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0line\n")},
        {"a binary record", IR_S("\x07\0\0\0\x4d\x02\0\0pts/0\0\0\0\0\0\0\0ts/0root\0\0\0\0")},
        {"UTF-32", IR_S("\xff\xfe\0\0a\0\0\0b\0\0\0")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_int(ir_charset_guess(cs, cases[i].head, NULL), IR_ENC_UTF8, "%s stays as it is",
               cases[i].what);
    bool sure = false;
    is_int(ir_charset_guess(cs,
                            IR_S("\xff\xfe"
                                 "a\0"),
                            &sure),
           IR_ENC_UTF16LE, "a byte order mark");
    ok(sure, "is no guess");
    is_int(ir_charset_guess(cs, IR_S("\x94\x46\x8f\xd8\x8e\xb8\x94\x73 (192.0.2.1)\n"), &sure),
           IR_ENC_CP932, "kanji alone in Shift_JIS");
    ok(!sure, "is a guess");
}

static void names(void)
{
    for (unsigned e = 0; e < IR_ENC_MAX; e++)
        is_int(ir_encoding_by_name(ir_str_z(ir_encoding_name((enum ir_encoding)e))), e, "name %u",
               e);
    is_int(ir_encoding_by_name(IR_S("CP932")), IR_ENC_CP932, "CP932");
    is_int(ir_encoding_by_name(IR_S("latin1")), IR_ENC_MAX, "an unknown one");
}

int main(void)
{
    struct ir_charset *cs = ir_charset_new();
    ok(cs != NULL, "the tables");
    names();
    if (ir_charset_has(cs, IR_ENC_CP932) && ir_charset_has(cs, IR_ENC_EUCJP)) {
        like_iconv(cs);
        every_pair(cs);
        damage(cs);
        never(cs);
    } else {
        skip("iconv has no Japanese tables (package libc-gconv-modules-extra)");
    }
    ir_charset_free(cs);
    return done();
}
