/*
 * Time stamps of text logs, shared by the formats: RFC 3164 "Nov 22 01:02:03" (year, day of month
 * with one or two digits, optional year before or after, optional fraction), ISO, Apache
 * "[22/Nov/2026:01:02:03 +0900]", Apache error "Sun Dec 04 04:47:44.123456 2005", nginx error
 * "2026/11/22 01:02:03", UNIX seconds.
 *
 * Each returns the bytes taken, 0 when the stamp is not there, and sets ev's time and flags by
 * p->clock.
 */
#ifndef IR_FORMAT_STAMP_H
#define IR_FORMAT_STAMP_H

#include "base/time.h"
#include "base/zone.h"
#include "format/format.h"

/* A civil time that names no zone, in the clock's zone. False: there is no such time. */
static inline bool ir_clock_civil(const struct ir_clock *clock, const struct ir_civil *c,
                                  int64_t *ret_ns)
{
    if (!ir_time_from_civil(c, 0, ret_ns)) return false;
    *ret_ns = ir_zone_utc(clock->zone, *ret_ns);
    return true;
}

/* Advances clock->month (and year at a change of year): call for records in order. */
size_t ir_stamp_rfc3164(struct ir_str s, struct ir_clock *clock, struct ir_event *ev);
size_t ir_stamp_iso(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* dd/Mon/yyyy:hh:mm:ss ±zzzz, without the brackets */
size_t ir_stamp_clf(struct ir_str s, struct ir_clock *clock, struct ir_event *ev);
/* Www Mmm dd hh:mm:ss[.ffffff] yyyy, without the brackets */
size_t ir_stamp_asctime(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* yyyy/mm/dd hh:mm:ss[.fff] and yyyy-mm-dd hh:mm:ss[.,fff] */
size_t ir_stamp_slash(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* Finds any of these (and seconds since 1970 with 10 digits at the start) in the first 256 bytes:
 * plain text. True when one was found. Only a stamp that starts the line advances the clock: the
 * rest of a line may be an attacker's words. */
bool ir_stamp_search(struct ir_str s, struct ir_clock *clock, struct ir_event *ev);

/* Only a stamp with date and clock that the line begins with, after '[' or '<'; never a bare
 * number. The clock is not advanced: in a file of another format such a line proves nothing. */
bool ir_stamp_leads(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);

/* Bytes of something that is shaped like an RFC 3164, ISO or short-full stamp, whatever its
 * numbers: for lines whose date does not exist. 0 when there is none (stamp_shape.c). */
size_t ir_stamp_shape(struct ir_str s);

/* What an RFC 3164 stamp says, for the year inference of run/year.c. month 0: no stamp. */
struct ir_yearless {
    int month, day, hour, minute, second;
    int year; /* when the stamp names one, else 0 */
    int nano;
};
size_t ir_yearless_parse(struct ir_str s, struct ir_yearless *ret_y);
/*
 * The year for a stamp with none: see struct ir_clock. Advances the clock.
 *
 * clock->year belongs to the stamp whose month is clock->month; with month 0 it is the year of the
 * stamp given here. A month that goes back by more than 6 is a new year; a December right after a
 * January is a late line of the old one and leaves the clock alone. The result is lowered until the
 * stamp is at or before the anchor plus slack and 29 February exists; a lowered year does not
 * advance the clock either.
 */
int ir_clock_year(struct ir_clock *clock, const struct ir_yearless *y);

#endif
