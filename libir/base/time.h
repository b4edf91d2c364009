/*
 * Time as int64 nanoseconds since 1970-01-01T00:00:00Z (years 1678 to 2261), and the calendar.
 * No libc local time anywhere: zones are plain offsets in seconds east of UTC.
 */
#ifndef IR_BASE_TIME_H
#define IR_BASE_TIME_H

#include "base/str.h"

#define IR_NS        INT64_C(1000000000)
#define IR_DAY_S     INT64_C(86400)
#define IR_TIME_TEXT 48 /* room for any text that the functions below make */

struct ir_civil {
    int year, month, day; /* month 1..12, day 1..31 */
    int hour, minute, second;
    int nano;
};

/* Days since 1970-01-01 of a proleptic Gregorian date; any int year, month 1..12, day 1..31. */
int64_t ir_days_from_civil(int year, int month, int day);
/* ns UTC of a civil time in a zone; false when a part is out of range (30 February, hour 24; second
 * 60 is taken as 59 plus one second) or the year is outside 1678..2261. */
bool ir_time_from_civil(const struct ir_civil *c, int32_t zone_s, int64_t *ret_ns);
void ir_time_to_civil(int64_t ns, int32_t zone_s, struct ir_civil *ret_c);
int ir_days_in_month(int year, int month);

/* RFC 3339 in UTC: "2026-11-22T01:02:03Z", with as many of 3, 6 or 9 decimals as are not zero.
 * Returns the length. */
size_t ir_time_rfc3339(int64_t ns, char buf[IR_TIME_TEXT]);
/* "2026-11-22 10:02:03+09:00" for people (no decimals). */
size_t ir_time_local(int64_t ns, int32_t zone_s, char buf[IR_TIME_TEXT]);

/* Parses at the start of s what ISO 8601 / RFC 3339 writers emit: date, 'T', blank or '_', time
 * with optional fraction after '.' or ',' (any digits; ns kept), optional zone Z, ±hh, ±hhmm,
 * ±hh:mm directly behind it. Also the basic form 20261122T010203Z. Seconds may be missing only when
 * a zone follows. Returns the length taken, 0 when it does not fit or a part is out of range.
 * *ret_zone: false when no zone was there (then UTC was assumed). */
size_t ir_time_parse_iso(struct ir_str s, int64_t *ret_ns, bool *ret_zone);
/* What a user types for --since, --until, --reference-time: ISO (a date alone is midnight; seconds
 * may be missing), "@SECONDS" since 1970 (may be negative, may have a fraction), or "now". The
 * whole string. `now` in ns; zone_s for stamps without zone. */
bool ir_time_parse_user(struct ir_str s, int64_t now, int32_t zone_s, int64_t *ret_ns);
/* 1..12 for "Jan".."Dec" (any case) at the start of s, else 0. */
int ir_month_from_name(struct ir_str s);
/* "Ns Nm Nh Nd Nw NM Ny" (one number and unit) → seconds; Sigma's timespan. M = 2629746,
 * y = 31556952. */
bool ir_duration_parse(struct ir_str s, int64_t *ret_seconds);

#endif
