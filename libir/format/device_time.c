/*
 * Times of firewalls and appliances: date and clock in two fields, seconds or less since 1970, and
 * the texts of CEF and LEEF. Not for stamps at the start of a line (stamp.h).
 *
 * Names of zones mean different things in different places ("CST"), so only those that mean one are
 * read.
 */
#include "base/time.h"
#include "format/device.h"
#include "format/stamp.h"

static int two(const char *p)
{
    return ir_isdigit(p[0]) && ir_isdigit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

static bool read_date(struct ir_str s, struct ir_civil *c)
{
    if (s.n != 10 || (s.p[4] != '-' && s.p[4] != '/') || s.p[7] != s.p[4]) return false;
    int century = two(s.p), year = two(s.p + 2);
    c->month = two(s.p + 5);
    c->day = two(s.p + 8);
    c->year = century * 100 + year;
    return century >= 0 && year >= 0 && c->month >= 0 && c->day >= 0;
}

static bool read_clock(struct ir_str s, struct ir_civil *c)
{
    int scale = 100000000;
    if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':') return false;
    c->hour = two(s.p);
    c->minute = two(s.p + 3);
    c->second = two(s.p + 6);
    if (c->hour < 0 || c->minute < 0 || c->second < 0) return false;
    if (s.n > 8 && s.p[8] != '.') return false;
    for (size_t i = 9; i < s.n; i++, scale /= 10) {
        if (!ir_isdigit(s.p[i])) return false;
        c->nano += (s.p[i] - '0') * scale;
    }
    return true;
}

/* "+0900", "-07:00", "+9"; names of zones mean different things in different places, but for UTC.
 */
static bool read_zone(struct ir_str s, int32_t *ret_s)
{
    int h, m = 0;
    if (ir_str_ieq(s, IR_S("UTC")) || ir_str_ieq(s, IR_S("GMT"))) {
        *ret_s = 0;
        return true;
    }
    if (ir_str_eq(s, IR_S("JST"))) {
        *ret_s = 9 * 3600;
        return true;
    }
    if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-')) return false;
    h = two(s.p + 1);
    if (s.n == 5) m = two(s.p + 3);
    if (s.n == 6 && s.p[3] == ':') m = two(s.p + 4);
    if (h < 0 || h > 14 || m < 0 || m > 59 || s.n > 6 || s.n == 4) return false;
    *ret_s = (h * 3600 + m * 60) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool ir_device_time(struct ir_event *ev, struct ir_str date, struct ir_str time,
                    const struct ir_clock *clock, struct ir_str zone)
{
    struct ir_civil c = {0};
    int32_t zone_s;
    int64_t ns;
    if (!read_date(date, &c) || !read_clock(time, &c)) return false;
    const bool known = read_zone(zone, &zone_s);
    if (c.month >= 1 && c.month <= 12 && c.day >= 1 &&
        (known ? ir_time_from_civil(&c, zone_s, &ns) : ir_clock_civil(clock, &c, &ns)))
        ir_event_time(ev, ns, known ? IR_EV_ZONE_KNOWN : 0);
    else
        ir_event_damage(ev, "a time stamp with an impossible date");
    return true;
}

bool ir_device_epoch(struct ir_str s, int64_t *ret_ns)
{
    uint64_t v;
    if (s.n < 10 || s.p[0] != '1' || !ir_str_u64(s, &v)) return false;
    uint64_t scale = s.n == 10 ? 1000000000 : s.n == 13 ? 1000000 : s.n == 16 ? 1000 : 1;
    if (scale == 1 && s.n != 19) return false;
    *ret_ns = (int64_t)(v * scale);
    return true;
}

/* A text with date and time, and perhaps a zone's name behind. */
static size_t text_stamp(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock)
{
    struct ir_clock copy =
        *clock; /* a time inside a record says nothing about the next one's year */
    size_t n = ir_isdigit(s.p[0]) ? ir_stamp_iso(s, &copy, ev) : 0;
    if (n == 0) n = ir_stamp_slash(s, &copy, ev);
    if (n == 0 && !ir_isdigit(s.p[0])) n = ir_stamp_rfc3164(s, &copy, ev);
    if (n == 0 && !ir_isdigit(s.p[0])) n = ir_stamp_asctime(s, &copy, ev);
    return n;
}

bool ir_device_stamp_text(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock)
{
    int64_t ns;
    int32_t zone_s;
    if (s.n == 0) return false;
    if (ir_device_epoch(s, &ns)) {
        ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
        return true;
    }
    size_t n = text_stamp(ev, s, clock);
    if (n == 0) return false;
    struct ir_str zone = ir_str_trim(ir_str_skip(s, n));
    if (!(ev->flags & IR_EV_ZONE_KNOWN) && read_zone(zone, &zone_s)) {
        const struct ir_zone named = {.offset_s = zone_s};
        struct ir_clock there = *clock;
        there.zone = &named;
        text_stamp(ev, s, &there);
        ev->flags |= IR_EV_ZONE_KNOWN;
    }
    return true;
}
