/*
 * format/stamp.h: what each stamp reads, what it refuses, and which year a stamp without one means.
 */
#include "format/stamp.h"

#include "base/time.h"
#include "tap.h"

#define DAY (IR_DAY_S * IR_NS)

static const struct ir_zone cet = {.offset_s = 3600};
static struct ir_event ev;

static int64_t at(const char *iso)
{
    int64_t ns = 0;
    bool zone;
    ir_time_parse_iso(ir_str_z(iso), &ns, &zone);
    return ns;
}

static void is_time(const char *want, const char *text)
{
    char buf[IR_TIME_TEXT] = "-";
    if (ev.flags & IR_EV_TIME) ir_time_rfc3339(ev.time, buf);
    is_str(ir_str_z(buf), want, "time of %s", text);
}

/* One RFC 3164 stamp against an anchor, by itself. */
static void single(const char *text, const char *anchor, size_t bytes, const char *want)
{
    struct ir_clock clock = {.anchor = at(anchor)};
    ev.flags = 0;
    is_int((long long)ir_stamp_rfc3164(ir_str_z(text), &clock, &ev), (long long)bytes,
           "bytes of '%s'", text);
    is_time(want, text);
}

static void test_rfc3164(void)
{
    const char *now = "2026-11-22T12:00:00Z";
    single("Nov 22 01:02:03 host", now, 15, "2026-11-22T01:02:03Z");
    single("Nov  2 01:02:03 host", now, 15, "2026-11-02T01:02:03Z");
    single("Nov 2 01:02:03 host", now, 14, "2026-11-02T01:02:03Z");
    single("Nov 02 01:02:03", now, 15, "2026-11-02T01:02:03Z");
    single("Nov 22 01:02:03.5 host", now, 17, "2026-11-22T01:02:03.500Z");
    single("Nov 22 01:02:03.123456789012 host", now, 28, "2026-11-22T01:02:03.123456789Z");
    single("Nov 22 2024 01:02:03 host", now, 20, "2024-11-22T01:02:03Z");
    single("2024 Nov 22 01:02:03 host", now, 20, "2024-11-22T01:02:03Z");
    single("Nov 22 01:02:03 2024 host", now, 20, "2024-11-22T01:02:03Z");
    single("Nov 22 01:02:03 9999 host", now, 15, "2026-11-22T01:02:03Z");
    single("Dec 31 23:59:60 host", now, 15, "2026-01-01T00:00:00Z");
    single("Nov 31 01:02:03 host", now, 0, "-");
    single("Feb 29 2023 01:02:03 host", now, 0, "-");
    single("Nov 22 24:02:03 host", now, 0, "-");
    single("Nov 22 01:60:03 host", now, 0, "-");
    single("Nov 22 1:02:03 host", now, 0, "-");
    single("Nov 0 01:02:03 host", now, 0, "-");
    single("Foo 22 01:02:03 host", now, 0, "-");
    single("Nov 22 01:02:0", now, 0, "-");
    single("Nov", now, 0, "-");
    single("", now, 0, "-");
}

/* A stamp by itself takes the latest year that is not after the anchor and a day. */
static void test_single_year(void)
{
    single("Nov 23 11:00:00 h", "2026-11-22T12:00:00Z", 15, "2026-11-23T11:00:00Z");
    single("Nov 23 13:00:00 h", "2026-11-22T12:00:00Z", 15, "2025-11-23T13:00:00Z");
    single("Jan  1 00:30:00 h", "2026-12-31T23:00:00Z", 15, "2027-01-01T00:30:00Z");
    single("Dec 31 23:30:00 h", "2026-01-01T00:00:00Z", 15, "2025-12-31T23:30:00Z");
    single("Feb 29 10:00:00 h", "2026-11-22T12:00:00Z", 15, "2024-02-29T10:00:00Z");
    single("Feb 29 10:00:00 h", "2024-02-01T12:00:00Z", 15, "2020-02-29T10:00:00Z");
    single("Feb 29 10:00:00 h", "1902-02-01T12:00:00Z", 15, "1896-02-29T10:00:00Z");
    single("Jun  1 00:00:00 h", "1970-01-01T00:00:00Z", 15, "1969-06-01T00:00:00Z");
    struct ir_clock clock = {.anchor = INT64_MAX};
    ir_stamp_rfc3164(ir_str_z("Jun  1 00:00:00"), &clock, &ev);
    is_time("2261-06-01T00:00:00Z", "the end of time");
    clock.anchor = INT64_MIN;
    ir_stamp_rfc3164(ir_str_z("Jun  1 00:00:00"), &clock, &ev);
    is_time("1680-06-01T00:00:00Z", "the beginning of time");
    clock = (struct ir_clock){.anchor = at("2026-11-22T12:00:00Z"),
                              .zone = &(struct ir_zone){.offset_s = 9 * 3600}};
    ir_stamp_rfc3164(ir_str_z("Nov 22 08:00:00"), &clock, &ev);
    is_time("2026-11-21T23:00:00Z", "a zone east of UTC");
    clock.zone = &(struct ir_zone){.offset_s = -5 * 3600};
    ir_stamp_rfc3164(ir_str_z("Nov 22 08:00:00"), &clock, &ev);
    is_time("2026-11-22T13:00:00Z", "a zone west of UTC");
}

static void step(struct ir_clock *clock, int month, int day, int want)
{
    struct ir_yearless y = {.month = month, .day = day};
    is_int(ir_clock_year(clock, &y), want, "year of %d/%d", month, day);
}

/* In order: years go on at a change of year, and nothing that an attacker writes may break the
 * count. */
static void test_years_in_order(void)
{
    struct ir_clock clock = {.anchor = at("2026-11-22T12:00:00Z"), .year = 2024};
    step(&clock, 11, 30, 2024);
    step(&clock, 12, 31, 2024);
    step(&clock, 1, 1, 2025);
    step(&clock, 12, 31, 2024); /* a late line of the old year */
    step(&clock, 1, 1, 2025);
    step(&clock, 7, 1, 2025);
    step(&clock, 6, 30, 2025); /* a little back is disorder, no new year */
    step(&clock, 12, 1, 2025);
    step(&clock, 5, 1, 2026);
    step(&clock, 12, 24, 2025); /* would be after the anchor, so it is lowered … */
    step(&clock, 5, 2, 2026);   /* … and the clock did not move */
    step(&clock, 2, 29, 2024);
    is_int(clock.year, 2026, "the clock after 29 February");
    clock = (struct ir_clock){.anchor = at("2026-11-22T12:00:00Z"), .year = 2025, .month = 12};
    step(&clock, 1, 2, 2026); /* a block that begins after the change */
    struct ir_yearless y = {.month = 3, .day = 1, .year = 2020};
    is_int(ir_clock_year(&clock, &y), 2020, "a year that is written");
    is_int(clock.year, 2020, "sets the clock");
}

/* The clock keeps the day of the stamp before. Whatever comes next must read as by a clock that
 * keeps nothing. */
static void test_same_day(void)
{
    static const char *const lines[] = {
        "Nov 20 23:59:59 host a",      "Nov 20 00:00:00 host a",  "Nov 20 23:59:60 host a",
        "Nov 20 24:00:00 host a",      "Nov 20 1:02:03 host abc", "Nov 20 01:02:03.5 host a",
        "Nov 20 01:02:03 2019 host a", "Nov 20 01:02:03 1",       "Nov 20 01:02:03 192.0.2.1 x",
        "Nov 2 01:02:03 host abcdef",  "Nov  2 01:02:03 host ab", "nov  2 01:02:03 host ab",
        "Dec 31 23:00:00 host abc",    "Jan  1 00:00:00 host ab", "Dec 31 23:00:01 host abc",
        "Jan  1 00:00:01 host abc",    "Feb 29 01:00:00 host ab", "Feb 28 01:00:00 host ab",
        "Nov 22 11:00:00 host abc",    "Nov 22 23:59:59 host ab", "Nov 23 13:00:00 host abc",
        "Nov 23 11:00:00 host abc",    "Nov 20 2020 01:02:03 ab", "Nov 20 01:02:03 host abc"};
    const size_t n = sizeof lines / sizeof *lines;
    unsigned bad = 0, seed = 7;
    struct ir_clock keeps = {.anchor = at("2026-11-22T12:00:00Z"), .year = 2026, .zone = &cet};
    struct ir_clock forgets = keeps;
    for (int i = 0; i < 20000; i++) {
        struct ir_event a = {0}, b = {0};
        seed = seed * 1103515245 + 12345;
        struct ir_str line = ir_str_z(lines[(seed >> 16) % n]);
        for (int twice = 0; twice < 2; twice++) {
            size_t taken = ir_stamp_rfc3164(line, &keeps, &a);
            forgets.day = 0;
            bad += taken != ir_stamp_rfc3164(line, &forgets, &b);
            bad += a.time != b.time || a.flags != b.flags;
            bad += keeps.year != forgets.year || keeps.month != forgets.month;
        }
        if (i % 50 == 0) keeps.year = forgets.year = 2024, keeps.month = forgets.month = 0;
        if (i % 50 == 0) keeps.day = 0; /* the engine gives each block a clock of its own */
    }
    is_int(bad, 0, "stamps read otherwise on the day of the stamp before");
}

static size_t stamp_clf(struct ir_str s, const struct ir_clock *clock, struct ir_event *e)
{
    struct ir_clock copy = *clock;
    return ir_stamp_clf(s, &copy, e);
}

/* As test_same_day, for a web server's stamps. */
static void test_clf_same_day(void)
{
    static const char *const lines[] = {
        "22/Nov/2026:01:02:03 +0900", "22/Nov/2026:23:59:59 +0900", "22/Nov/2026:23:59:60 +0900",
        "22/Nov/2026:24:00:00 +0900", "22/Nov/2026:01:02:03 -0900", "22/Nov/2026:01:02:03 +0930",
        "22/Nov/2026:01:02:03",       "22/Nov/2026:01:02:03.5 +09", "22/Nov/2026:01:02:03.5 +0900",
        "23/Nov/2026:01:02:03 +0900", "22/Nov/2025:01:02:03 +0900", "22/nov/2026:01:02:03 +0900",
        "31/Nov/2026:01:02:03 +0900", "22/Nov/2026:01:0x:03 +0900", "22/Nov/2026:01:02:03 +9900"};
    const size_t n = sizeof lines / sizeof *lines;
    unsigned bad = 0, seed = 3;
    struct ir_clock keeps = {.zone = &cet};
    for (int i = 0; i < 5000; i++) {
        struct ir_clock forgets = {.zone = &cet};
        struct ir_event a = {0}, b = {0};
        seed = seed * 1103515245 + 12345;
        struct ir_str line = ir_str_z(lines[(seed >> 16) % n]);
        bad += ir_stamp_clf(line, &keeps, &a) != ir_stamp_clf(line, &forgets, &b);
        bad += a.time != b.time || a.flags != b.flags;
    }
    is_int(bad, 0, "stamps of web servers read otherwise on the day of the stamp before");
}

static void full(size_t (*fn)(struct ir_str, const struct ir_clock *, struct ir_event *),
                 const char *text, size_t bytes, const char *want, bool zone)
{
    struct ir_clock clock = {.zone = &cet};
    ev.flags = 0;
    is_int((long long)fn(ir_str_z(text), &clock, &ev), (long long)bytes, "bytes of '%s'", text);
    is_time(want, text);
    if (bytes != 0) is_int((ev.flags & IR_EV_ZONE_KNOWN) != 0, zone, "zone of '%s'", text);
}

static void test_full_stamps(void)
{
    full(ir_stamp_iso, "2026-11-22T01:02:03.25+09:00 x", 28, "2026-11-21T16:02:03.250Z", true);
    full(ir_stamp_iso, "2026-11-22T01:02:03Z", 20, "2026-11-22T01:02:03Z", true);
    full(ir_stamp_iso, "2026-11-22 01:02:03 x", 19, "2026-11-22T00:02:03Z", false);
    full(ir_stamp_iso, "2026-13-22T01:02:03Z", 0, "-", false);
    full(ir_stamp_iso, "2026-11-22T01:02", 0, "-", false);
    full(stamp_clf, "22/Nov/2026:01:02:03 +0900] x", 26, "2026-11-21T16:02:03Z", true);
    full(stamp_clf, "22/Nov/2026:01:02:03 -0530]", 26, "2026-11-22T06:32:03Z", true);
    full(stamp_clf, "22/Nov/2026:01:02:03", 20, "2026-11-22T00:02:03Z", false);
    full(stamp_clf, "31/Nov/2026:01:02:03 +0000", 0, "-", false);
    full(stamp_clf, "22/Nov/2026:01:02:0", 0, "-", false);
    full(ir_stamp_asctime, "Sun Dec 04 04:47:44.123456 2005]", 31, "2005-12-04T03:47:44.123456Z",
         false);
    full(ir_stamp_asctime, "Sun Dec  4 04:47:44 2005", 24, "2005-12-04T03:47:44Z", false);
    full(ir_stamp_asctime, "Sun Dec 04 04:47:44.12345", 0, "-", false);
    full(ir_stamp_slash, "2026/11/22 01:02:03 [x", 19, "2026-11-22T00:02:03Z", false);
    full(ir_stamp_slash, "2026-11-22 01:02:03,250 x", 23, "2026-11-22T00:02:03.250Z", false);
    full(ir_stamp_slash, "2026/11-22 01:02:03", 0, "-", false);
}

static void found(const char *text, const char *want)
{
    struct ir_clock clock = {.anchor = at("2026-11-22T12:00:00Z"), .year = 2026, .month = 11};
    ev.flags = 0;
    is_int(ir_stamp_search(ir_str_z(text), &clock, &ev), want[0] != '-', "search '%s'", text);
    is_time(want, text);
    is_int(clock.month, strncmp(text, "[Oct", 4) == 0 ? 10 : 11, "clock after '%s'", text);
}

static void test_search(void)
{
    found("[2026-11-22 01:02:03] x", "2026-11-22T01:02:03Z");
    found("worker 7: at 2026/11/22 01:02:03 something", "2026-11-22T01:02:03Z");
    found("x \"22/Nov/2026:01:02:03 +0900\"", "2026-11-21T16:02:03Z");
    found("[Oct  3 01:02:03] x", "2026-10-03T01:02:03Z");
    found("said: Oct  3 01:02:03", "2026-10-03T01:02:03Z"); /* does not move the clock */
    found("1763800000.5 x", "2025-11-22T08:26:40.500Z");
    found("17638000001 x", "-");
    found("x1763800000", "-");
    found("nothing here", "-");
    found("", "-");
    char far[400];
    memset(far, '-', sizeof far);
    memcpy(far + 300, "2026-11-22 01:02:03", 20);
    found(far, "-");
}

/* Every prefix of every stamp, in memory of just that size: for the address sanitizer. */
static void test_prefixes(void)
{
    static const char *const all[] = {
        "2024 Nov 22 01:02:03.123 ",  "Nov 22 2024 01:02:03 ",
        "Nov  2 01:02:03 2024 ",      "2026-11-22T01:02:03.25+09:00",
        "22/Nov/2026:01:02:03 +0900", "Sun Dec 04 04:47:44.123 2005",
        "2026/11/22 01:02:03.123",    "1763800000.123",
    };
    struct ir_clock clock = {0};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (size_t n = 0; n <= strlen(all[i]); n++) {
            char *p = malloc(n ? n : 1);
            if (p == NULL) return;
            memcpy(p, all[i], n);
            struct ir_str s = ir_str_n(p, n);
            ir_stamp_rfc3164(s, &clock, &ev);
            ir_stamp_iso(s, &clock, &ev);
            ir_stamp_clf(s, &clock, &ev);
            ir_stamp_asctime(s, &clock, &ev);
            ir_stamp_slash(s, &clock, &ev);
            ir_stamp_search(s, &clock, &ev);
            free(p);
        }
    }
    ok(true, "prefixes were read");
}

int main(void)
{
    test_rfc3164();
    test_same_day();
    test_clf_same_day();
    test_single_year();
    test_years_in_order();
    test_full_stamps();
    test_search();
    test_prefixes();
    return done();
}
