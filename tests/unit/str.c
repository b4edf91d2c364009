/*
 * base/str: views, searching, cutting, numbers.
 */
#include "base/str.h"

#include "tests/tap.h"

static long long pos(size_t at)
{
    return at == IR_NPOS ? -1 : (long long)at;
}

static void comparing(void)
{
    struct ir_str none = {NULL, 0};
    ok(ir_str_eq(IR_S("ab"), IR_S("ab")), "equal");
    ok(!ir_str_eq(IR_S("ab"), IR_S("aB")), "case counts");
    ok(!ir_str_eq(IR_S("ab"), IR_S("abc")), "length counts");
    ok(ir_str_eq(none, IR_S("")), "no bytes are no bytes");
    ok(!ir_str_eq(ir_str_n("a\0b", 3), ir_str_n("a\0c", 3)), "NUL does not end a view");
    ok(ir_str_starts(IR_S("type=X"), IR_S("type=")), "starts");
    ok(!ir_str_starts(IR_S("typ"), IR_S("type")), "a prefix longer than the view");
    ok(ir_str_starts(none, none), "nothing starts with nothing");
    ok(ir_str_ends(IR_S("a.log"), IR_S(".log")), "ends");
    ok(!ir_str_ends(IR_S("log"), IR_S(".log")), "a suffix longer than the view");
    ok(ir_str_ends(IR_S("x"), none), "everything ends in nothing");
    ok(ir_str_ieq(IR_S("SSHd"), IR_S("sshD")), "equal but for case");
    ok(!ir_str_ieq(IR_S("a"), IR_S("ab")), "not with another length");
    ok(!ir_str_ieq(IR_S("@[`{"), IR_S("`{@[")), "only letters have case");
    ok(!ir_str_ieq(IR_S("\xc3\x84"), IR_S("\xc3\xa4")), "and only those of ASCII");
    ok(ir_str_istarts(IR_S("HTTP/1.1"), IR_S("http/")), "starts but for case");
    ok(!ir_str_istarts(IR_S("HT"), IR_S("http")), "not when too short");
    is_int(ir_str_cmp(IR_S("a"), IR_S("b")) < 0, 1, "a before b");
    is_int(ir_str_cmp(IR_S("b"), IR_S("abc")) > 0, 1, "bytes before length");
    is_int(ir_str_cmp(IR_S("ab"), IR_S("abc")) < 0, 1, "shorter first");
    is_int(ir_str_cmp(IR_S("abc"), IR_S("ab")) > 0, 1, "longer last");
    is_int(ir_str_cmp(IR_S("\xff"), IR_S("a")) > 0, 1, "bytes are unsigned");
    is_int(ir_str_cmp(none, IR_S("")), 0, "nothing equals nothing");
}

static void searching(void)
{
    struct ir_str s = IR_S("abcabcab"), none = {NULL, 0};
    is_int(pos(ir_str_chr(s, 'b')), 1, "first b");
    is_int(pos(ir_str_rchr(s, 'b')), 7, "last b");
    is_int(pos(ir_str_chr(s, 'x')), -1, "no x");
    is_int(pos(ir_str_rchr(s, 'x')), -1, "no last x");
    is_int(pos(ir_str_chr(none, 'x')), -1, "nothing holds nothing");
    is_int(pos(ir_str_rchr(none, 'x')), -1, "from the end too");
    is_int(pos(ir_str_find(s, IR_S("ca"))), 2, "first ca");
    is_int(pos(ir_str_rfind(s, IR_S("ca"))), 5, "last ca");
    is_int(pos(ir_str_find(s, IR_S("abcabcab"))), 0, "the whole");
    is_int(pos(ir_str_rfind(s, IR_S("abcabcab"))), 0, "the whole from the end");
    is_int(pos(ir_str_find(s, IR_S("abcabcabc"))), -1, "more than the whole");
    is_int(pos(ir_str_rfind(s, IR_S("abcabcabc"))), -1, "more than the whole from the end");
    is_int(pos(ir_str_rfind(s, IR_S("ac"))), -1, "not there");
    is_int(pos(ir_str_find(s, none)), 0, "empty is at the start");
    is_int(pos(ir_str_rfind(s, none)), 8, "and at the end");
    is_int(pos(ir_str_find(none, IR_S("a"))), -1, "nothing in nothing");
    is_int(pos(ir_str_rfind(IR_S("aaa"), IR_S("aa"))), 1, "overlapping: the last");
    is_int(pos(ir_str_ifind(IR_S("xxUsEr"), IR_S("user"))), 2, "found but for case");
    is_int(pos(ir_str_ifind(IR_S("use"), IR_S("user"))), -1, "not when too short");
    is_int(pos(ir_str_ifind(IR_S("x"), none)), 0, "empty at the start");
    is_int(pos(ir_str_find_word(IR_S("information in files"), IR_S("in"))), 12, "a whole word");
    is_int(pos(ir_str_find_word(IR_S("information"), IR_S("inf"))), -1, "no part of a word");
    is_int(pos(ir_str_find_word(IR_S("information"), IR_S("tion"))), -1, "nor its end");
    is_int(pos(ir_str_find_word(IR_S("個人data委員会"), IR_S("data"))), 6, "between others");
    is_int(pos(ir_str_find_word(IR_S("個人情報"), IR_S("人情"))), 3, "not in words of letters");
    is_int(pos(ir_str_find_word(IR_S("a-b"), IR_S("-b"))), 1, "a sign is at its border");
    is_int(pos(ir_str_find_word(IR_S("a"), none)), -1, "an empty one is none");
    is_int(pos(ir_str_find(ir_str_n("a\0b", 3), IR_S("b"))), 2, "behind a NUL");
    is_int(pos(ir_str_find(ir_str_n("abc", 2), IR_S("c"))), -1, "not behind the end");
}

/* Texts of many first bytes, so that the search goes on past its first tries. */
static void find_everywhere(void)
{
    char text[48];
    int wrong = 0;
    for (unsigned bits = 0; bits < 4096; bits++) {
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = i < 24 ? 'a' : (bits >> i % 12 & 1) ? 'b' : 'a';
        for (size_t from = 0; from + 3 <= sizeof text; from += 5) {
            struct ir_str s = ir_str_n(text, sizeof text - from % 7);
            struct ir_str needle = ir_str_n(text + from, 1 + bits % 3 + from % 9);
            if (from + needle.n > sizeof text) continue;
            size_t want = 0;
            while (want + needle.n <= s.n && memcmp(s.p + want, needle.p, needle.n) != 0)
                want++;
            if (want + needle.n > s.n) want = IR_NPOS;
            wrong += ir_str_find(s, needle) != want;
        }
    }
    is_int(wrong, 0, "find agrees with a plain search");
}

static void cutting(void)
{
    is_str(ir_str_skip(IR_S("abc"), 1), "bc", "skip");
    is_str(ir_str_skip(IR_S("abc"), 9), "", "skip too much");
    is_str(ir_str_head(IR_S("abc"), 2), "ab", "head");
    is_str(ir_str_head(IR_S("abc"), 9), "abc", "head of too much");
    is_str(ir_str_trim(IR_S(" \t a b\t ")), "a b", "trim");
    is_str(ir_str_trim(IR_S(" \t ")), "", "trim of blanks alone");
    is_str(ir_str_trim(IR_S("\na\r")), "\na\r", "line ends are no blanks");
    struct ir_str rest = IR_S("a,,b");
    is_str(ir_str_cut(&rest, ','), "a", "first part");
    is_str(ir_str_cut(&rest, ','), "", "empty part");
    is_str(ir_str_cut(&rest, ','), "b", "last part");
    is_str(rest, NULL, "then there is no rest");
    rest = IR_S("a,");
    is_str(ir_str_cut(&rest, ','), "a", "before the last separator");
    ok(rest.p != NULL, "an empty part is still to come");
    is_str(ir_str_cut(&rest, ','), "", "it comes");
    ok(rest.p == NULL, "and then the end");
    is_str(ir_str_z(NULL), NULL, "no string, no view");
}

static void numbers(void)
{
    static const struct {
        char text[24];
        bool u, i;
        uint64_t uval;
        int64_t ival;
    } cases[] = {
        {"0", true, true, 0, 0},
        {"007", true, true, 7, 7},
        {"9223372036854775807", true, true, INT64_MAX, INT64_MAX},
        {"9223372036854775808", true, false, (uint64_t)INT64_MAX + 1, 0},
        {"18446744073709551615", true, false, UINT64_MAX, 0},
        {"18446744073709551616", false, false, 0, 0},
        {"99999999999999999999", false, false, 0, 0},
        {"-1", false, true, 0, -1},
        {"-9223372036854775808", false, true, 0, INT64_MIN},
        {"-9223372036854775809", false, false, 0, 0},
        {"-0", false, true, 0, 0},
        {"", false, false, 0, 0},
        {"-", false, false, 0, 0},
        {"--1", false, false, 0, 0},
        {"+1", false, false, 0, 0},
        {" 1", false, false, 0, 0},
        {"1 ", false, false, 0, 0},
        {"1a", false, false, 0, 0},
        {"0x1", false, false, 0, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        uint64_t u = 0;
        int64_t i = 0;
        is_int(ir_str_u64(ir_str_z(cases[k].text), &u), cases[k].u, "u64 of \"%s\"", cases[k].text);
        ok(u == cases[k].uval, "its value");
        is_int(ir_str_i64(ir_str_z(cases[k].text), &i), cases[k].i, "i64 of \"%s\"", cases[k].text);
        is_int(i, cases[k].ival, "its value");
    }
}

static void characters(void)
{
    int digits = 0, letters = 0, both = 0, hex = 0, lowered = 0;
    for (int c = -128; c < 128; c++) {
        digits += ir_isdigit((char)c);
        letters += ir_isalpha((char)c);
        both += ir_isalnum((char)c);
        hex += ir_hexval((char)c) >= 0;
        lowered += ir_lower((char)c) != (char)c;
    }
    is_int(digits, 10, "ten digits");
    is_int(letters, 52, "52 letters");
    is_int(both, 62, "both");
    is_int(hex, 22, "22 hex digits");
    is_int(lowered, 26, "26 capitals");
    is_int(ir_hexval('9'), 9, "9");
    is_int(ir_hexval('a'), 10, "a");
    is_int(ir_hexval('F'), 15, "F");
    is_int(ir_hexval('g'), -1, "g");
}

static void test_line(void)
{
    struct ir_str rest = IR_S("one\r\n\n\r\ntwo\rx\nlast\r"), line;
    static const char *const want[] = {"one", "", "", "two\rx", "last"};
    bool ended;
    for (size_t i = 0; i < 5; i++) {
        is_int(ir_str_line(&rest, &line, &ended), true, "line %zu is there", i);
        is_str(line, want[i], "line %zu", i);
        is_int(ended, i < 4, "line %zu ends with a line feed", i);
    }
    is_int(ir_str_line(&rest, &line, &ended), false, "nothing is left");
}

int main(void)
{
    comparing();
    searching();
    find_everywhere();
    cutting();
    numbers();
    characters();
    test_line();
    return done();
}
