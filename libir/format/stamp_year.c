/*
 * Stamps without a year: reading them, and which year they mean. This is on the path of every
 * syslog line, also of those that no rule wants, so it works on fixed positions and computes the
 * time once.
 *
 * RFC 3164 section 4.1.2 "Mmm dd hh:mm:ss"; as seen in the field: one-digit days with or without
 * padding, a fraction, a year before ("2026 Nov 22 …"), between ("Nov 22 2026 01:…") or after the
 * time.
 */
#include "base/time.h"
#include "format/stamp.h"

#define YEAR_MIN 1679 /* whole years that fit in int64 ns */
#define YEAR_MAX 2261
#define YEAR_S   31556952 /* mean Gregorian year, seconds */

static int digit(char c)
{
    return ir_isdigit(c) ? c - '0' : -100;
}

/* Two digits as 0..99, or negative. */
static int two(const char *p)
{
    return digit(p[0]) * 10 + digit(p[1]);
}

/* Four digits that can be a year of a log, or 0. `p` has room for n bytes. */
static int year_at(const char *p, size_t n)
{
    if (n < 5 || (p[0] != '1' && p[0] != '2') || p[4] != ' ') return 0;
    int hi = two(p), lo = two(p + 2);
    if (hi < 19 || hi > 21 || lo < 0) return 0;
    return hi * 100 + lo >= 1970 ? hi * 100 + lo : 0;
}

/* 1..12, or 0. ir_month_from_name says the same; a call and a loop a line are too much here. */
static int month_at(const char *p)
{
    uint32_t c = (uint32_t)(unsigned char)p[0] << 16 | (uint32_t)(unsigned char)p[1] << 8 |
                 (unsigned char)p[2];
    switch (c | 0x202020) {
    case 0x6a616e: return 1;  /* jan */
    case 0x666562: return 2;  /* feb */
    case 0x6d6172: return 3;  /* mar */
    case 0x617072: return 4;  /* apr */
    case 0x6d6179: return 5;  /* may */
    case 0x6a756e: return 6;  /* jun */
    case 0x6a756c: return 7;  /* jul */
    case 0x617567: return 8;  /* aug */
    case 0x736570: return 9;  /* sep */
    case 0x6f6374: return 10; /* oct */
    case 0x6e6f76: return 11; /* nov */
    case 0x646563: return 12; /* dec */
    default: return 0;
    }
}

static const uint8_t month_days[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static size_t parse_fraction(struct ir_str s, int *ret_nano)
{
    size_t i = 1;
    int scale = 100000000, nano = 0;
    if (s.n < 2 || s.p[0] != '.' || !ir_isdigit(s.p[1])) return 0;
    for (; i < s.n && ir_isdigit(s.p[i]); i++) {
        nano += (s.p[i] - '0') * scale;
        scale /= 10;
    }
    *ret_nano = nano;
    return i;
}

/* "hh:mm:ss" at p (8 bytes are there). */
static bool parse_clock(const char *p, struct ir_yearless *y)
{
    y->hour = two(p);
    y->minute = two(p + 3);
    y->second = two(p + 6);
    return p[2] == ':' && p[5] == ':' && (unsigned)y->hour < 24 && (unsigned)y->minute < 60 &&
           (unsigned)y->second < 61;
}

/* "Mmm [d]d " at p, 14 bytes are there. Returns the bytes taken. */
static size_t parse_day(const char *p, struct ir_yearless *y)
{
    size_t i = p[4] == ' ' ? 5 : 4;
    y->month = month_at(p);
    if (y->month == 0 || p[3] != ' ') return 0;
    y->day = digit(p[i++]);
    if (ir_isdigit(p[i])) y->day = y->day * 10 + digit(p[i++]);
    if (y->day < 1 || y->day > month_days[y->month] || p[i] != ' ') return 0;
    return i + 1;
}

/* A year at s, when none was found yet. */
static size_t parse_year(struct ir_str s, struct ir_yearless *y)
{
    if (y->year != 0) return 0;
    y->year = year_at(s.p, s.n);
    return y->year != 0 ? 5 : 0;
}

size_t ir_yearless_parse(struct ir_str s, struct ir_yearless *ret_y)
{
    struct ir_yearless y = {0};
    size_t i = s.n >= 19 ? parse_year(s, &y) : 0;
    if (s.n - i < 14) return 0;
    size_t n = parse_day(s.p + i, &y);
    if (n == 0) return 0;
    i += n;
    if (s.n - i >= 13) i += parse_year(ir_str_skip(s, i), &y);
    if (s.n - i < 8 || !parse_clock(s.p + i, &y)) return 0;
    i += 8;
    if (i < s.n && s.p[i] == '.') i += parse_fraction(ir_str_skip(s, i), &y.nano);
    if (s.n - i >= 6 && s.p[i] == ' ') i += parse_year(ir_str_skip(s, i + 1), &y);
    if (y.year != 0 && y.day > ir_days_in_month(y.year, y.month)) return 0;
    *ret_y = y;
    return i;
}

static int64_t to_ns(const struct ir_yearless *y, int year, const struct ir_zone *zone)
{
    int64_t s = ir_days_from_civil(year, y->month, y->day) * IR_DAY_S + y->hour * 3600 +
                y->minute * 60 + y->second;
    return ir_zone_utc(zone, s * IR_NS + y->nano);
}

/* The year at or below `year` in which the stamp exists and is not after the limit. */
static int lower_year(const struct ir_clock *clock, const struct ir_yearless *y, int year,
                      int64_t *ret_ns)
{
    int64_t limit =
        clock->anchor > INT64_MAX - IR_CLOCK_SLACK ? INT64_MAX : clock->anchor + IR_CLOCK_SLACK;
    if (year > YEAR_MAX) year = YEAR_MAX;
    for (; year > YEAR_MIN; year--) {
        if (y->month == 2 && y->day == 29 && ir_days_in_month(year, 2) < 29) continue;
        *ret_ns = to_ns(y, year, clock->zone);
        if (*ret_ns <= limit) return year;
    }
    *ret_ns = to_ns(y, YEAR_MIN + 1, clock->zone); /* 1680 was a leap year: any stamp exists */
    return YEAR_MIN + 1;
}

static int choose_year(struct ir_clock *clock, const struct ir_yearless *y, int64_t *ret_ns)
{
    if (y->year != 0) {
        *ret_ns = to_ns(y, y->year, clock->zone);
        if (clock->year != 0) {
            clock->year = y->year;
            clock->month = y->month;
        }
        return y->year;
    }
    if (clock->year == 0) {
        /* two days more than the anchor: with the slack and leap days never too low, seldom too
         * high */
        int64_t guess = 1970 + (clock->anchor / IR_NS + 2 * IR_DAY_S) / YEAR_S;
        return lower_year(clock, y, (int)guess, ret_ns);
    }
    int want = clock->year;
    bool late = clock->month == 1 && y->month == 12;
    if (late)
        want--;
    else if (clock->month != 0 && y->month < clock->month - 6)
        want++;
    int year = lower_year(clock, y, want, ret_ns);
    if (year == want && !late) {
        clock->year = year;
        clock->month = y->month;
    }
    return year;
}

int ir_clock_year(struct ir_clock *clock, const struct ir_yearless *y)
{
    int64_t ns;
    return choose_year(clock, y, &ns);
}

#define DAY_TEXT 7u /* "Mmm dd " */
#define DAY_NS   (IR_DAY_S * IR_NS)

/* The whole day means what this stamp means: the year is the clock's, and none of its times is
 * after the limit. */
static void keep_day(struct ir_clock *clock, struct ir_str s, const struct ir_yearless *y,
                     int64_t ns)
{
    int64_t begin = ns - y->nano - (y->hour * 3600 + y->minute * 60 + y->second) * IR_NS;
    clock->day = 0;
    if (y->year != 0 || clock->year == 0 || clock->month != y->month || s.p[6] != ' ') return;
    if (begin > INT64_MAX - 2 * DAY_NS || begin + DAY_NS > clock->anchor) return;
    /* Not the day on which summer time begins or ends. */
    const struct ir_yearless first = {.month = y->month, .day = y->day},
                             last = {y->month, y->day, 23, 59, 59, 0, 0};
    if (begin != to_ns(&first, clock->year, clock->zone) ||
        begin + (IR_DAY_S - 1) * IR_NS != to_ns(&last, clock->year, clock->zone))
        return;
    memcpy(&clock->day, s.p, DAY_TEXT);
    clock->day_ns = begin;
}

/* "Mmm dd hh:mm:ss " on the same day as the stamp before: only the clock time is read. */
static size_t same_day(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_yearless y;
    uint64_t day = 0;
    if (clock->day == 0 || s.n < 22) return 0;
    memcpy(&day, s.p, DAY_TEXT);
    if (day != clock->day || !parse_clock(s.p + DAY_TEXT, &y) || s.p[15] != ' ') return 0;
    if (year_at(s.p + 16, 5) != 0) return 0;
    int64_t ns = clock->day_ns + (y.hour * 3600 + y.minute * 60 + y.second) * IR_NS;
    ir_event_time(ev, ns, IR_EV_YEAR_INFERRED);
    return 15;
}

size_t ir_stamp_rfc3164(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_yearless y;
    int64_t ns;
    size_t n = same_day(s, clock, ev);
    if (n != 0) return n;
    n = ir_yearless_parse(s, &y);
    if (n == 0) return 0;
    choose_year(clock, &y, &ns);
    keep_day(clock, s, &y, ns);
    ir_event_time(ev, ns, y.year == 0 ? IR_EV_YEAR_INFERRED : 0);
    return n;
}
