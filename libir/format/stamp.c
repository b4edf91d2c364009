/*
 * Stamps that carry their year, and the search for a stamp in plain text. Stamps without a year are
 * in stamp_year.c. Zones are read where they are written; else clock->zone holds.
 *
 * Apache: "%t" and ErrorLogFormat's %{u}t of the Apache HTTP Server documentation; nginx:
 * ngx_times.c.
 */
#include "format/stamp.h"

#include "base/time.h"

#define SEARCH_MAX 256u

/* Exactly n digits as a number, or -1. */
#define CLF_LENGTH 26u /* "22/Nov/2026:01:02:03 +0900" */

static int digits(const char *p, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ir_isdigit(p[i])) return -1;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

/* Digits after a '.' or ',' at the start of s; 0 when there are none. */
static size_t fraction(struct ir_str s, int *ret_nano)
{
    size_t i = 1;
    int scale = 100000000, nano = 0;
    if (s.n < 2 || (s.p[0] != '.' && s.p[0] != ',') || !ir_isdigit(s.p[1])) return 0;
    for (; i < s.n && ir_isdigit(s.p[i]); i++) {
        nano += (s.p[i] - '0') * scale;
        scale /= 10;
    }
    *ret_nano = nano;
    return i;
}

/* "hh:mm:ss" in 8 bytes; the calendar check is ir_time_from_civil's. */
static bool clock_at(const char *p, struct ir_civil *c)
{
    c->hour = digits(p, 2);
    c->minute = digits(p + 3, 2);
    c->second = digits(p + 6, 2);
    return p[2] == ':' && p[5] == ':' && c->hour >= 0 && c->minute >= 0 && c->second >= 0;
}

/* The time of n bytes of stamp; the z of them that name a zone say zone_s. */
static size_t finish(const struct ir_civil *c, const struct ir_clock *clock, size_t z,
                     int32_t zone_s, struct ir_event *ev, size_t n)
{
    int64_t ns;
    if (z != 0 ? !ir_time_from_civil(c, zone_s, &ns) : !ir_clock_civil(clock, c, &ns)) return 0;
    ir_event_time(ev, ns, z != 0 ? IR_EV_ZONE_KNOWN : 0);
    return n;
}

size_t ir_stamp_iso(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    int64_t ns;
    bool zone;
    if (s.n < 19 || !ir_isdigit(s.p[0]) || s.p[4] != '-') return 0;
    size_t n = ir_time_parse_iso(s, &ns, &zone);
    if (n == 0) return 0;
    ir_event_time(ev, zone ? ns : ir_zone_utc(clock->zone, ns), zone ? IR_EV_ZONE_KNOWN : 0);
    return n;
}

/* " ±zzzz" at the start of s. */
static size_t zone_at(struct ir_str s, int32_t *ret_zone)
{
    if (s.n < 6 || s.p[0] != ' ' || (s.p[1] != '+' && s.p[1] != '-')) return 0;
    int h = digits(s.p + 2, 2), m = digits(s.p + 4, 2);
    if (h < 0 || h > 18 || m < 0 || m > 59) return 0;
    int32_t z = (int32_t)(h * 3600 + m * 60);
    *ret_zone = s.p[1] == '-' ? -z : z;
    return 6;
}

/* "dd/Mon/yyyy:hh:mm:ss ±zzzz" on the same day and in the same zone as the stamp before: only the
 * clock time is read. */
static size_t clf_same_day(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c;
    uint64_t day, rest = 0;
    if (clock->day == 0 || s.n < CLF_LENGTH) return 0;
    memcpy(&day, s.p, 8);
    memcpy(&rest, s.p + 8, 3);
    memcpy((char *)&rest + 3, s.p + 21, 5);
    if (day != clock->day || rest != clock->day_rest || s.p[11] != ':' || s.p[20] != ' ') return 0;
    if (!clock_at(s.p + 12, &c) || c.hour > 23 || c.minute > 59 || c.second > 59) return 0;
    ir_event_time(ev, clock->day_ns + (c.hour * 3600 + c.minute * 60 + c.second) * IR_NS,
                  IR_EV_ZONE_KNOWN);
    return CLF_LENGTH;
}

static void clf_keep_day(struct ir_str s, struct ir_clock *clock, const struct ir_civil *c,
                         const struct ir_event *ev)
{
    memcpy(&clock->day, s.p, 8);
    clock->day_rest = 0;
    memcpy(&clock->day_rest, s.p + 8, 3);
    memcpy((char *)&clock->day_rest + 3, s.p + 21, 5);
    clock->day_ns = ev->time - (c->hour * 3600 + c->minute * 60 + c->second) * IR_NS;
}

size_t ir_stamp_clf(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    size_t i = clf_same_day(s, clock, ev);
    if (i != 0) return i;
    if (s.n < 20 || s.p[2] != '/' || s.p[6] != '/') return 0;
    if (s.p[11] != ':' && s.p[11] != ' ') return 0; /* a blank: Python's http.server, werkzeug */
    c.day = digits(s.p, 2);
    c.month = ir_month_from_name(ir_str_n(s.p + 3, 3));
    c.year = digits(s.p + 7, 4);
    if (c.day < 1 || c.month == 0 || c.year < 0 || !clock_at(s.p + 12, &c)) return 0;
    i = 20;
    i += fraction(ir_str_skip(s, i), &c.nano);
    int32_t zone_s = 0;
    size_t z = zone_at(ir_str_skip(s, i), &zone_s);
    size_t n = finish(&c, clock, z, zone_s, ev, i + z);
    if (n == CLF_LENGTH && c.nano == 0 && z != 0) clf_keep_day(s, clock, &c, ev);
    return n;
}

size_t ir_stamp_asctime(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    size_t i = 8;
    if (s.n < 24 || s.p[3] != ' ' || s.p[7] != ' ') return 0;
    if (!ir_isalpha(s.p[0]) || !ir_isalpha(s.p[1]) || !ir_isalpha(s.p[2])) return 0;
    c.month = ir_month_from_name(ir_str_n(s.p + 4, 3));
    c.day = digits(s.p + 8 + (s.p[8] == ' '), s.p[8] == ' ' ? 1 : 2);
    i += 2;
    if (c.month == 0 || c.day < 1 || s.p[i++] != ' ' || !clock_at(s.p + i, &c)) return 0;
    i += 8;
    i += fraction(ir_str_skip(s, i), &c.nano);
    if (s.n - i < 5 || s.p[i] != ' ') return 0;
    c.year = digits(s.p + i + 1, 4);
    if (c.year < 0) return 0;
    return finish(&c, clock, 0, 0, ev, i + 5);
}

size_t ir_stamp_slash(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    if (s.n < 19 || (s.p[4] != '/' && s.p[4] != '-') || s.p[7] != s.p[4] || s.p[10] != ' ')
        return 0;
    c.year = digits(s.p, 4);
    c.month = digits(s.p + 5, 2);
    c.day = digits(s.p + 8, 2);
    if (c.year < 0 || c.month < 1 || c.month > 12 || c.day < 1 || !clock_at(s.p + 11, &c)) return 0;
    size_t i = 19;
    i += fraction(ir_str_skip(s, i), &c.nano);
    int32_t zone_s = 0;
    size_t z = zone_at(ir_str_skip(s, i), &zone_s);
    return finish(&c, clock, z, zone_s, ev, i + z);
}

/* Ten digits of UNIX seconds with an optional fraction; from 2001 to 2033, else it is just a
 * number. */
static size_t epoch_at(struct ir_str s, struct ir_event *ev)
{
    if (s.n < 10 || s.p[0] != '1') return 0;
    int64_t sec = digits(s.p, 9);
    if (sec < 0 || !ir_isdigit(s.p[9])) return 0;
    sec = sec * 10 + (s.p[9] - '0');
    int nano = 0;
    size_t i = 10 + fraction(ir_str_skip(s, 10), &nano);
    if (i < s.n && ir_isalnum(s.p[i])) return 0;
    ir_event_time(ev, sec * IR_NS + nano, IR_EV_ZONE_KNOWN);
    return i;
}

static bool with_year(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    if (!ir_isdigit(s.p[0])) return ir_stamp_asctime(s, clock, ev) != 0;
    return ir_stamp_iso(s, clock, ev) || ir_stamp_slash(s, clock, ev) || ir_stamp_clf(s, clock, ev);
}

bool ir_stamp_leads(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_clock copy = *clock;
    if (s.n > 0 && (s.p[0] == '[' || s.p[0] == '<')) s = ir_str_skip(s, 1);
    if (s.n == 0 || !ir_isalnum(s.p[0])) return false;
    return with_year(s, &copy, ev) || ir_stamp_rfc3164(s, &copy, ev) != 0;
}

static bool stamp_here(struct ir_str s, bool start, struct ir_clock *clock, struct ir_event *ev)
{
    if (with_year(s, clock, ev)) return true;
    if (start && epoch_at(s, ev)) return true;
    struct ir_clock copy = *clock;
    return ir_stamp_rfc3164(s, start ? clock : &copy, ev) != 0;
}

bool ir_stamp_search(struct ir_str s, struct ir_clock *clock, struct ir_event *ev)
{
    size_t start = s.n > 0 && (s.p[0] == '[' || s.p[0] == '<');
    for (size_t i = start; i < s.n && i < SEARCH_MAX; i++) {
        if (!ir_isalnum(s.p[i])) continue;
        if (stamp_here(ir_str_skip(s, i), i == start, clock, ev)) return true;
        while (i + 1 < s.n && ir_isalnum(s.p[i + 1]))
            i++;
    }
    return false;
}
