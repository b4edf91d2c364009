/*
 * base/time: the calendar against known days and against itself, parsing of what writers emit and
 * refusal of what only looks like it, output.
 */
#include "base/time.h"

#include "tests/tap.h"

#define T0 INT64_C(1795309323) /* 2026-11-22T01:02:03Z, checked with date(1) */

static void calendar(void)
{
    is_int(ir_days_from_civil(1970, 1, 1), 0, "the epoch is day 0");
    is_int(ir_days_from_civil(1969, 12, 31), -1, "the day before is -1");
    is_int(ir_days_from_civil(2000, 2, 29), 11016, "leap day of a 400th year");
    is_int(ir_days_from_civil(2000, 3, 1), 11017, "the day after it");
    is_int(ir_days_from_civil(0, 3, 1), -719468, "an era begins in March of year 0");
    is_int(ir_days_from_civil(-400, 3, 1), -719468 - 146097, "the era before");
    is_int(ir_days_from_civil(2026, 11, 22), 20779, "2026-11-22");
    is_int(ir_days_in_month(1900, 2), 28, "1900 was no leap year");
    is_int(ir_days_in_month(2000, 2), 29, "2000 was one");
    is_int(ir_days_in_month(2024, 2), 29, "2024 was one");
    is_int(ir_days_in_month(2023, 2), 28, "2023 was none");
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool good = true;
    for (int m = 1; m <= 12; m++)
        good = good && ir_days_in_month(2023, m) == days[m - 1];
    ok(good, "days of the twelve months");
}

/* Every day of the range, counted by hand: no formula in common with the code. */
static void every_day(void)
{
    int64_t day = ir_days_from_civil(1678, 1, 1), bad = 0;
    for (int y = 1678; y <= 2261; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= ir_days_in_month(y, m); d++, day++) {
                struct ir_civil c = {y, m, d, 23, 59, 58, 999999999}, back;
                int64_t ns;
                if (ir_days_from_civil(y, m, d) != day) bad++;
                if (!ir_time_from_civil(&c, 0, &ns) || ns / IR_NS > day * IR_DAY_S + 86399) bad++;
                ir_time_to_civil(ns, 0, &back);
                if (memcmp(&c, &back, sizeof c) != 0) bad++;
            }
    is_int(bad, 0, "every day from 1678 to 2261 there and back");
    is_int(day, ir_days_from_civil(2262, 1, 1), "and their number is right");
}

static bool from(int y, int mo, int d, int h, int mi, int s, int nano, int32_t zone, int64_t *ns)
{
    struct ir_civil c = {y, mo, d, h, mi, s, nano};
    return ir_time_from_civil(&c, zone, ns);
}

static void civil(void)
{
    int64_t ns = 7;
    ok(from(2026, 11, 22, 1, 2, 3, 4, 0, &ns), "a good time");
    is_int(ns, T0 * IR_NS + 4, "and its ns");
    ok(from(2026, 11, 22, 10, 2, 3, 0, 9 * 3600, &ns), "the same in Tokyo");
    is_int(ns, T0 * IR_NS, "is the same instant");
    ok(from(2016, 12, 31, 23, 59, 60, 0, 0, &ns), "a leap second");
    is_int(ns, INT64_C(1483228800) * IR_NS, "is the next second");
    ok(from(1969, 12, 31, 23, 59, 59, 999999999, 0, &ns), "before 1970");
    is_int(ns, -1, "one ns before the epoch");
    ns = 7;
    ok(!from(2026, 2, 30, 0, 0, 0, 0, 0, &ns), "30 February");
    ok(!from(2023, 2, 29, 0, 0, 0, 0, 0, &ns), "29 February of a common year");
    ok(!from(2026, 0, 1, 0, 0, 0, 0, 0, &ns), "month 0");
    ok(!from(2026, 13, 1, 0, 0, 0, 0, 0, &ns), "month 13");
    ok(!from(2026, 4, 31, 0, 0, 0, 0, 0, &ns), "31 April");
    ok(!from(2026, 1, 0, 0, 0, 0, 0, 0, &ns), "day 0");
    ok(!from(2026, 1, 1, 24, 0, 0, 0, 0, &ns), "hour 24");
    ok(!from(2026, 1, 1, -1, 0, 0, 0, 0, &ns), "hour -1");
    ok(!from(2026, 1, 1, 0, 60, 0, 0, 0, &ns), "minute 60");
    ok(!from(2026, 1, 1, 0, 0, 61, 0, 0, &ns), "second 61");
    ok(!from(2026, 1, 1, 0, 0, 0, 1000000000, 0, &ns), "a whole second of ns");
    ok(!from(1677, 12, 31, 0, 0, 0, 0, 0, &ns), "1677");
    ok(!from(2262, 1, 1, 0, 0, 0, 0, 0, &ns), "2262");
    ok(!from(1678, 1, 1, 0, 0, 0, 0, INT32_MAX, &ns), "a zone that leads out of the range");
    is_int(ns, 7, "nothing is returned on failure");
}

static void text(void)
{
    static const struct {
        int64_t ns;
        const char *want;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {T0 * IR_NS, "2026-11-22T01:02:03Z"},
        {T0 * IR_NS + 120000000, "2026-11-22T01:02:03.120Z"},
        {T0 * IR_NS + 7000, "2026-11-22T01:02:03.000007Z"},
        {T0 * IR_NS + 1, "2026-11-22T01:02:03.000000001Z"},
        {T0 * IR_NS + 999999999, "2026-11-22T01:02:03.999999999Z"},
        {-1, "1969-12-31T23:59:59.999999999Z"},
        {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
    };
    char buf[IR_TIME_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = ir_time_rfc3339(cases[i].ns, buf);
        is_str(ir_str_n(buf, n), cases[i].want, "text of %s", cases[i].want);
        is_int((long long)strlen(buf), (long long)n, "with a NUL behind it");
    }
    static const struct {
        int32_t zone;
        const char *want;
    } zones[] = {
        {32400, "2026-11-22 10:02:03+09:00"},      {0, "2026-11-22 01:02:03+00:00"},
        {-12600, "2026-11-21 21:32:03-03:30"},     {-1800, "2026-11-22 00:32:03-00:30"},
        {INT32_MIN, "2026-11-22 01:02:03+00:00"},  {INT32_MAX, "2026-11-22 01:02:03+00:00"},
        {32400 + 59, "2026-11-22 10:02:03+09:00"},
    };
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t n = ir_time_local(T0 * IR_NS + 5, zones[i].zone, buf);
        is_str(ir_str_n(buf, n), zones[i].want, "local text with zone %d", zones[i].zone);
    }
}

static void iso_good(void)
{
    static const struct {
        const char *text;
        int len, zone;
        int64_t shift; /* ns from T0 */
    } cases[] = {
        {"2026-11-22T01:02:03Z", 20, 1, 0},
        {"2026-11-22t01:02:03z", 20, 1, 0},
        {"2026-11-22 01:02:03", 19, 0, 0},
        {"2026-11-22_01:02:03", 19, 0, 0},
        {"2026-11-22T01:02:03.5Z", 22, 1, 500000000},
        {"2026-11-22T01:02:03,123 x", 23, 0, 123000000},
        {"2026-11-22T01:02:03.123456+09:00 host", 32, 1, 123456000 - 32400 * IR_NS},
        {"2026-11-22T01:02:03.123456789Z", 30, 1, 123456789},
        {"2026-11-22T01:02:03.1234567899Z", 31, 1, 123456789},
        {"2026-11-22T01:02:03.000000000000001Z", 36, 1, 0},
        {"2026-11-22T01:02:03+09", 22, 1, -32400 * IR_NS},
        {"2026-11-22T01:02:03-0330", 24, 1, 12600 * IR_NS},
        {"2026-11-22T01:02:03-00:00", 25, 1, 0},
        {"2026-11-22T01:02Z", 17, 1, -3 * IR_NS},
        {"2026-11-22T01:02+00:00,", 22, 1, -3 * IR_NS},
        {"20261122T010203Z", 16, 1, 0},
        {"20261122T010203.25+0900", 23, 1, 250000000 - 32400 * IR_NS},
        {"20261122T0102Z", 14, 1, -3 * IR_NS},
        {"2026-11-22T01:02:60Z", 20, 1, 57 * IR_NS},
        /* what follows is not a zone and not a fraction: it is left */
        {"2026-11-22 01:02:03.", 19, 0, 0},
        {"2026-11-22 01:02:03, x", 19, 0, 0},
        {"2026-11-22 01:02:03 +0900", 19, 0, 0},
        {"2026-11-22 01:02:03-5", 19, 0, 0},
        {"2026-11-22 01:02:03-1234567", 19, 0, 0},
        {"2026-11-22 01:02:03-123", 19, 0, 0},
        {"2026-11-22 01:02:03+99:00", 19, 0, 0},
        {"2026-11-22 01:02:03+09:77", 19, 0, 0},
        {"2026-11-22 01:02:03Zebra", 19, 0, 0},
        {"2026-11-22 01:02:03]", 19, 0, 0},
        {"2026-11-22T01:02:03+09:", 22, 1, -32400 * IR_NS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns = 0;
        bool zone = !cases[i].zone;
        size_t n = ir_time_parse_iso(ir_str_z(cases[i].text), &ns, &zone);
        is_int((long long)n, cases[i].len, "length of %s", cases[i].text);
        is_int(ns, T0 * IR_NS + cases[i].shift, "time of %s", cases[i].text);
        is_int(zone, cases[i].zone, "zone of %s", cases[i].text);
    }
}

static void iso_bad(void)
{
    static const char *const cases[] = {
        "",
        "2026",
        "2026-11-22",
        "2026-11-22T",
        "2026-11-22T01",
        "2026-11-22T01:02",
        "2026-11-22T01:02:",
        "2026-11-22T01:02:0",
        "2026-11-22T01:02:3Z",
        "2026-11-22T01:02:034Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T01:60:00Z",
        "2026-11-22T01:02:61Z",
        "2026-02-30T01:02:03Z",
        "2026-13-01T01:02:03Z",
        "2026-00-01T01:02:03Z",
        "2026-11-00T01:02:03Z",
        "2026/11/22T01:02:03Z",
        "2026-11-22X01:02:03Z",
        "2026-11-22T01.02.03Z",
        "2026-11-22T010203Z",
        "20261122 010203Z",
        "20261122T01:02:03Z",
        "20261122T0102030Z",
        " 2026-11-22T01:02:03Z",
        "+2026-11-22T01:02:03Z",
        "202a-11-22T01:02:03Z",
        "2026-1:-22T01:02:03Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "\262026-11-22T01:02:03Z",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns = 7;
        bool zone;
        is_int((long long)ir_time_parse_iso(ir_str_z(cases[i]), &ns, &zone), 0, "refuse \"%s\"",
               cases[i]);
        if (ns != 7) ok(false, "nothing is returned for %s", cases[i]);
    }
}

/* Every prefix stands in memory of just its size, so that a sanitizer sees a read behind it. */
static void exact_end(void)
{
    const char *s = "2026-11-22T01:02:03.123456789+09:00";
    size_t wrong = 0;
    for (size_t n = 1; n <= strlen(s); n++) {
        char *p = malloc(n);
        if (p == NULL) return;
        memcpy(p, s, n);
        int64_t ns;
        bool zone;
        size_t got = ir_time_parse_iso(ir_str_n(p, n), &ns, &zone);
        if (got > n || (n >= 19 && got < 19)) wrong++;
        free(p);
    }
    is_int((long long)wrong, 0, "never more than there is, for all prefixes");
}

static void user(void)
{
    const int64_t now = 42, jst = 32400;
    static const struct {
        const char *text;
        int64_t want; /* 1: refused */
    } cases[] = {
        {"now", 42},
        {"NOW", 42},
        {"2026-11-22T01:02:03Z", T0 * IR_NS},
        {"2026-11-22T10:02:03", T0 * IR_NS},
        {"2026-11-22 10:02:03", T0 * IR_NS},
        {"2026-11-22 10:02", (T0 - 3) * IR_NS},
        {"2026-11-22", (T0 - 3723 - 32400) * IR_NS},
        {"20261122", (T0 - 3723 - 32400) * IR_NS},
        {"@0", 0},
        {"@1795309323", T0 * IR_NS},
        {"@1795309323.25", T0 * IR_NS + 250000000},
        {"@-5", -5 * IR_NS},
        {"@-0.5", -500000000},
        {"@", 1},
        {"@-", 1},
        {"@x", 1},
        {"@1,5", 1},
        {"@1.", 1},
        {"@.5", 1},
        {"@99999999999999999999", 1},
        {"@9223372036.9", 1},
        {"", 1},
        {"now ", 1},
        {" 2026-11-22", 1},
        {"2026-11-22 ", 1},
        {"2026-11-22T10:02:03Zx", 1},
        {"2026-11-22T10:02:03 JST", 1},
        {"2026-11-31", 1},
        {"yesterday", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns = 1;
        bool good = ir_time_parse_user(ir_str_z(cases[i].text), now, (int32_t)jst, &ns);
        is_int(ns, cases[i].want, "typed: \"%s\"", cases[i].text);
        if (good != (cases[i].want != 1)) ok(false, "result and time of %s agree", cases[i].text);
    }
}

static void months(void)
{
    static const char names[12][4] = {"Jan", "feb", "MAR", "Apr", "May", "jUN",
                                      "Jul", "Aug", "Sep", "oct", "Nov", "Dec"};
    for (int i = 0; i < 12; i++)
        is_int(ir_month_from_name(ir_str_n(names[i], 3)), i + 1, "%s", names[i]);
    is_int(ir_month_from_name(IR_S("December")), 12, "only the start counts");
    is_int(ir_month_from_name(IR_S("Ja")), 0, "too short");
    is_int(ir_month_from_name(IR_S("")), 0, "empty");
    is_int(ir_month_from_name(IR_S("Foo")), 0, "no month");
    is_int(ir_month_from_name(IR_S("\nan")), 0, "a line end is not a J");
    is_int(ir_month_from_name(IR_S("\xca\xe1\xee")), 0, "nor are letters with the high bit");
}

static void durations(void)
{
    static const struct {
        const char *text;
        int64_t want; /* -1: refused */
    } cases[] = {
        {"1s", 1},
        {"90m", 5400},
        {"24h", 86400},
        {"7d", 604800},
        {"2w", 1209600},
        {"1M", 2629746},
        {"12M", 31556952},
        {"1y", 31556952},
        {"0s", 0},
        {"9223372036854775807s", INT64_MAX},
        {"9223372036854775807m", -1},
        {"9223372036854775808s", -1},
        {"", -1},
        {"s", -1},
        {"5", -1},
        {"-5m", -1},
        {"+5m", -1},
        {"1.5h", -1},
        {"5 m", -1},
        {"5H", -1},
        {"1h30m", -1},
        {"5min", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t s = -1;
        bool good = ir_duration_parse(ir_str_z(cases[i].text), &s);
        is_int(s, cases[i].want, "duration \"%s\"", cases[i].text);
        if (good != (cases[i].want >= 0)) ok(false, "result of %s", cases[i].text);
    }
}

int main(void)
{
    calendar();
    every_day();
    civil();
    text();
    iso_good();
    iso_bad();
    exact_end();
    user();
    months();
    durations();
    return done();
}
