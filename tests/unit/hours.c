/*
 * Working hours: spans, days, holidays, zones, and what is none of them.
 */
#include "base/hours.h"

#include "base/time.h"
#include "tap.h"

static int64_t at(const char *text)
{
    int64_t ns = 0;
    bool zone;
    if (ir_time_parse_iso(ir_str_z(text), &ns, &zone) == 0) ok(false, "%s", text);
    return ns;
}

static void spans(void)
{
    struct ir_hours h = ir_hours_usual();
    ok(!ir_hours_off(&h, at("2026-11-20T03:00:00Z"), 0), "a Friday, without spans");
    ok(ir_hours_off(&h, at("2026-11-21T03:00:00Z"), 0), "a Saturday");
    ok(ir_hours_add_span(&h, IR_S("08:30-12:00")), "a span");
    ok(ir_hours_add_span(&h, IR_S(" 13:00 - 17:30 ")), "another, with blanks");
    ok(ir_hours_off(&h, at("2026-11-20T08:29:59Z"), 0), "a second before");
    ok(!ir_hours_off(&h, at("2026-11-20T08:30:00Z"), 0), "its first second");
    ok(!ir_hours_off(&h, at("2026-11-20T17:29:59Z"), 0), "its last second");
    ok(ir_hours_off(&h, at("2026-11-20T17:30:00Z"), 0), "the end is outside");
    ok(ir_hours_off(&h, at("2026-11-20T12:30:00Z"), 0), "lunch");
    ok(!ir_hours_off(&h, at("2026-11-19T23:30:00Z"), 9 * 3600), "in Japan it is Friday morning");
    ok(ir_hours_off(&h, at("2026-11-20T14:30:00Z"), 9 * 3600), "and Friday night");
    ok(!ir_hours_off(&h, at("2026-11-20T20:00:00Z"), -5 * 3600), "west of UTC");
    ok(ir_hours_off(&h, at("1969-12-31T07:00:00Z"), 0), "before 1970, early");
    ok(!ir_hours_off(&h, at("1969-12-31T09:00:00Z"), 0), "before 1970, a Wednesday");
}

static void nights(void)
{
    struct ir_hours h = ir_hours_usual();
    ir_hours_add_span(&h, IR_S("22:00-06:00"));
    ok(!ir_hours_off(&h, at("2026-11-20T23:00:00Z"), 0), "Friday night");
    ok(!ir_hours_off(&h, at("2026-11-21T05:59:00Z"), 0), "its end on Saturday");
    ok(ir_hours_off(&h, at("2026-11-21T06:00:00Z"), 0), "Saturday morning");
    ok(ir_hours_off(&h, at("2026-11-21T23:00:00Z"), 0), "Saturday night");
    ok(ir_hours_off(&h, at("2026-11-23T05:00:00Z"), 0), "Monday before dawn is Sunday's");
}

static void holidays(void)
{
    struct ir_hours h = ir_hours_usual();
    ok(ir_hours_add_holiday(&h, IR_S("2026-11-23")), "a day");
    ok(ir_hours_add_holiday(&h, IR_S("01-01")), "a day of every year");
    ok(ir_hours_off(&h, at("2026-11-23T03:00:00Z"), 0), "that Monday");
    ok(!ir_hours_off(&h, at("2027-11-23T03:00:00Z"), 0), "not a year later");
    ok(ir_hours_off(&h, at("2031-01-01T03:00:00Z"), 0), "New Year");
    ok(ir_hours_off(&h, at("2026-12-31T16:00:00Z"), 9 * 3600), "New Year in Japan");
    static const char *const bad[] = {"2026-02-29", "02-30", "13-01",      "00-10",     "2026-11-2",
                                      "1-1",        "",      "2026/11/23", "0000-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_hours_add_holiday(&h, ir_str_z(bad[i])), "no day: '%s'", bad[i]);
    ok(ir_hours_add_holiday(&h, IR_S("02-29")), "29 February is one in some years");
    unsigned n = h.nholidays;
    while (ir_hours_add_holiday(&h, IR_S("12-31")))
        n++;
    is_int(n, IR_HOURS_HOLIDAYS_MAX, "so many and no more");
}

static void texts(void)
{
    struct ir_hours h = ir_hours_usual();
    static const char *const bad[] = {"",
                                      "08:30",
                                      "08:30-",
                                      "8-17",
                                      "08:60-09:00",
                                      "24:00-08:00",
                                      "08:00-24:01",
                                      "08:00-08:00",
                                      "-08:00-09:00",
                                      "08:00-09:00-10:00",
                                      "008:00-09:00"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_hours_add_span(&h, ir_str_z(bad[i])), "no span: '%s'", bad[i]);
    ok(ir_hours_add_span(&h, IR_S("8:00-24:00")), "to the end of the day");
    while (h.nspans < IR_HOURS_SPANS_MAX)
        ir_hours_add_span(&h, IR_S("01:00-02:00"));
    ok(!ir_hours_add_span(&h, IR_S("01:00-02:00")), "so many and no more");
    is_int(ir_weekday_from_name(IR_S("Mon")), 0, "a day's name");
    is_int(ir_weekday_from_name(IR_S("sunday")), 6, "in full");
    is_int(ir_weekday_from_name(IR_S("水曜日")), 2, "in Japanese");
    is_int(ir_weekday_from_name(IR_S("土")), 5, "in one letter");
    is_int(ir_weekday_from_name(IR_S("mo")), -1, "none");
    is_int(ir_weekday_from_name(IR_S("水着")), -1, "nor this");
    is_str(ir_str_z(ir_weekday_name(6)), "sun", "Sunday");
}

static void edges(void)
{
    struct ir_hours h = ir_hours_usual();
    int hour, day;
    ir_hours_add_holiday(&h, IR_S("01-01"));
    ir_hours_clock(INT64_MIN, -14 * 3600, &hour, &day);
    ok(hour >= 0 && hour < 24 && day >= 0 && day < 7, "the first moment");
    ir_hours_clock(INT64_MAX, 14 * 3600, &hour, &day);
    ok(hour >= 0 && hour < 24 && day >= 0 && day < 7, "the last moment");
    ir_hours_off(&h, INT64_MIN, -14 * 3600);
    ir_hours_off(&h, INT64_MAX, 14 * 3600);
    ir_hours_clock(at("2026-11-22T23:59:59Z"), 0, &hour, &day);
    is_int(hour, 23, "the last hour");
    is_int(day, 6, "of a Sunday");
}

int main(void)
{
    spans();
    nights();
    holidays();
    texts();
    edges();
    return done();
}
