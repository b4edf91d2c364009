/*
 * Working hours: days of the week, times of day, holidays, in one zone. Is a moment outside?
 *
 *     struct ir_hours h = ir_hours_usual();            // Monday to Friday, whole days
 *     ir_hours_add_span(&h, IR_S("08:30-17:30"));      // any number; none: the whole day
 *     ir_hours_add_holiday(&h, IR_S("2026-11-23"));    // or "01-01": every year
 *     if (ir_hours_off(&h, ns, zone_s)) …
 *
 * A span may cross midnight ("22:00-06:00"): what follows midnight belongs to the day on which it
 * began. "17:30" itself is outside of "08:30-17:30".
 */
#ifndef IR_BASE_HOURS_H
#define IR_BASE_HOURS_H

#include "base/str.h"

#define IR_HOURS_SPANS_MAX    8u
#define IR_HOURS_HOLIDAYS_MAX 1000u

struct ir_hours {
    bool has_zone;
    int32_t zone_s; /* seconds east of UTC */
    uint8_t days;   /* bit 0: Monday */
    struct {
        uint16_t from, to; /* minutes of the day; to < from: over midnight */
    } span[IR_HOURS_SPANS_MAX];
    unsigned nspans;
    struct {
        int16_t year; /* 0: every year */
        uint8_t month, day;
    } holiday[IR_HOURS_HOLIDAYS_MAX];
    unsigned nholidays;
};

struct ir_hours ir_hours_usual(void);
/* Each false when the text is none of what it takes, or there are too many. */
bool ir_hours_add_span(struct ir_hours *h, struct ir_str s);
bool ir_hours_add_holiday(struct ir_hours *h, struct ir_str s);
/* "mon", "Monday", "月", "月曜日": 0 is Monday; -1: none. */
int ir_weekday_from_name(struct ir_str s);

/* Hour (0 to 23) and weekday (0 is Monday) of a moment in a zone. */
void ir_hours_clock(int64_t ns, int32_t zone_s, int *ret_hour, int *ret_weekday);
const char *ir_weekday_name(int weekday); /* "mon" … "sun" */
bool ir_hours_off(const struct ir_hours *h, int64_t ns, int32_t zone_s);

#endif
