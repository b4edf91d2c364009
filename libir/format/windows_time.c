/*
 * The time of a structured record: text or number in the time slots of windows_slots.def, which is
 * also the order in which they are believed. A stamp that does not parse is passed over for the
 * next. Used for every JSON record, Windows or not. Not for text logs: see stamp.c.
 */
#include "base/time.h"
#include "format/stamp.h"
#include "format/syslog.h"
#include "format/windows.h"

/* 1234567890[.123456]: the magnitude tells seconds, milli-, micro- or nanoseconds since 1970. The
 * bounds keep seconds up to the year 5138 apart from milliseconds after March 1973. */
static bool from_number(struct ir_str s, int64_t *ret_ns)
{
    uint64_t whole;
    size_t dot = ir_str_chr(s, '.');
    struct ir_str head = dot == IR_NPOS ? s : ir_str_head(s, dot);
    struct ir_str frac = dot == IR_NPOS ? ir_str_n("", 0) : ir_str_skip(s, dot + 1);
    if (head.n < 6 || !ir_str_u64(head, &whole) || whole > INT64_MAX) return false;
    int64_t unit = whole < UINT64_C(100000000000)         ? IR_NS
                   : whole < UINT64_C(100000000000000)    ? 1000000
                   : whole < UINT64_C(100000000000000000) ? 1000
                                                          : 1;
    int64_t ns, add = 0, scale = unit;
    for (size_t i = 0; i < frac.n && scale >= 10; i++) {
        if (!ir_isdigit(frac.p[i])) return false;
        scale /= 10;
        add += (frac.p[i] - '0') * scale;
    }
    if (__builtin_mul_overflow((int64_t)whole, unit, &ns) || __builtin_add_overflow(ns, add, &ns))
        return false;
    *ret_ns = ns;
    return true;
}

/* .NET's "/Date(1600000000000)/", with the slashes escaped or not. */
static struct ir_str dotnet_number(struct ir_str s)
{
    size_t open = ir_str_chr(s, '('), close = ir_str_chr(s, ')');
    if (!ir_str_starts(s, IR_S("/Date(")) || close == IR_NPOS) return ir_str_n(NULL, 0);
    struct ir_str n = ir_str_n(s.p + open + 1, close - open - 1);
    size_t zone = ir_str_chr(n, '+'); /* the number is UTC; the zone is only for show */
    return zone == IR_NPOS ? n : ir_str_head(n, zone);
}

static bool from_text(struct ir_str s, bool utc, struct ir_clock *clock, struct ir_event *ev)
{
    int64_t ns;
    bool zone = false;
    if (s.n == 0) return false;
    size_t n = ir_time_parse_iso(s, &ns, &zone);
    if (n > 0) {
        int32_t named; /* "2026-11-22 01:02:03.123 JST" of databases */
        if (!zone && n < s.n && s.p[n] == ' ' && ir_syslog_zone(ir_str_skip(s, n + 1), &named)) {
            if (__builtin_sub_overflow(ns, named * IR_NS, &ns)) return false;
            zone = true;
        }
        zone |= utc;
        if (!zone) ns = ir_zone_utc(clock->zone, ns);
        ir_event_time(ev, ns, zone ? IR_EV_ZONE_KNOWN : 0);
        return true;
    }
    struct ir_str number = s.p[0] == '/' ? dotnet_number(s) : s;
    if (from_number(number, &ns)) {
        ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
        return true;
    }
    return ir_stamp_clf(s, clock, ev) > 0 || ir_stamp_slash(s, clock, ev) > 0 ||
           ir_stamp_asctime(s, clock, ev) > 0;
}

void ir_windows_time(struct ir_windows *w, struct ir_clock *clock, struct ir_event *ev)
{
    const uint64_t times = (UINT64_C(1) << IR_WIN_TIME_MAX) - 1;
    for (uint64_t todo = w->set & times; todo != 0; todo &= todo - 1) {
        enum ir_win_slot slot = (enum ir_win_slot)__builtin_ctzll(todo);
        /* these write UTC even where they write no zone: the event log service, Elastic's and
         * Logstash's "@timestamp", Sysmon, Office 365's Management Activity API */
        const bool utc = slot == IR_WIN_TIME_UTC || slot == IR_WIN_TIME_SYSTEM ||
                         slot == IR_WIN_TIME_AT || slot == IR_WIN_TIME_CLOUD;
        if (from_text(ir_windows_get(w, slot, ev), utc, clock, ev)) return;
    }
}
