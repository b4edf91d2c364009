/*
 * Working hours. See hours.h.
 */
#include "base/hours.h"

#include "base/time.h"

#define MINUTES_OF_DAY 1440
#define DAY_MAX        106751 /* days since 1970 that ns can say */

static const struct {
    const char *brief, *name, *ja;
} weekdays[7] = {{"mon", "monday", "月"},   {"tue", "tuesday", "火"}, {"wed", "wednesday", "水"},
                 {"thu", "thursday", "木"}, {"fri", "friday", "金"},  {"sat", "saturday", "土"},
                 {"sun", "sunday", "日"}};

struct ir_hours ir_hours_usual(void)
{
    return (struct ir_hours){.days = 0x1f};
}

/* n digits at the start of *s, taken off. */
static bool digits(struct ir_str *s, size_t n, int *ret_v)
{
    *ret_v = 0;
    if (s->n < n) return false;
    for (size_t i = 0; i < n; i++) {
        if (!ir_isdigit(s->p[i])) return false;
        *ret_v = *ret_v * 10 + (s->p[i] - '0');
    }
    *s = ir_str_skip(*s, n);
    return true;
}

static bool chr(struct ir_str *s, char c)
{
    if (s->n == 0 || s->p[0] != c) return false;
    *s = ir_str_skip(*s, 1);
    return true;
}

/* "8:00", "08:00", "24:00" */
static bool clock_time(struct ir_str s, int *ret_minutes)
{
    int h, m;
    const size_t colon = ir_str_chr(s, ':');
    if (colon != 1 && colon != 2) return false;
    if (!digits(&s, colon, &h) || !chr(&s, ':') || !digits(&s, 2, &m) || s.n > 0) return false;
    *ret_minutes = h * 60 + m;
    return m < 60 && *ret_minutes <= MINUTES_OF_DAY;
}

bool ir_hours_add_span(struct ir_hours *h, struct ir_str s)
{
    int from, to;
    struct ir_str rest = s, left = ir_str_trim(ir_str_cut(&rest, '-'));
    if (rest.p == NULL || h->nspans == IR_HOURS_SPANS_MAX || !clock_time(left, &from) ||
        !clock_time(ir_str_trim(rest), &to) || from == to || from == MINUTES_OF_DAY)
        return false;
    h->span[h->nspans].from = (uint16_t)from;
    h->span[h->nspans++].to = (uint16_t)to;
    return true;
}

bool ir_hours_add_holiday(struct ir_hours *h, struct ir_str s)
{
    int year = 0, month, day;
    if (s.n == 10 && (!digits(&s, 4, &year) || !chr(&s, '-') || year == 0)) return false;
    if (!digits(&s, 2, &month) || !chr(&s, '-') || !digits(&s, 2, &day) || s.n > 0) return false;
    if (month < 1 || month > 12 || day < 1 || day > ir_days_in_month(year ? year : 2000, month))
        return false;
    if (h->nholidays == IR_HOURS_HOLIDAYS_MAX) return false;
    h->holiday[h->nholidays].year = (int16_t)year;
    h->holiday[h->nholidays].month = (uint8_t)month;
    h->holiday[h->nholidays++].day = (uint8_t)day;
    return true;
}

int ir_weekday_from_name(struct ir_str s)
{
    for (int i = 0; i < 7; i++) {
        const struct ir_str ja = ir_str_z(weekdays[i].ja);
        if (ir_str_ieq(s, ir_str_z(weekdays[i].brief)) ||
            ir_str_ieq(s, ir_str_z(weekdays[i].name)) || ir_str_eq(s, ja))
            return i;
        if (ir_str_starts(s, ja) && (ir_str_eq(ir_str_skip(s, ja.n), IR_S("曜")) ||
                                     ir_str_eq(ir_str_skip(s, ja.n), IR_S("曜日"))))
            return i;
    }
    return -1;
}

const char *ir_weekday_name(int weekday)
{
    return weekday >= 0 && weekday < 7 ? weekdays[weekday].brief : "?";
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Minutes since 1970-01-01 in the zone. */
static int64_t local_minutes(int64_t ns, int32_t zone_s)
{
    return floor_div(floor_div(ns, IR_NS) + zone_s, 60);
}

static int weekday_of(int64_t day)
{
    return (int)((day % 7 + 7 + 3) % 7); /* 1970-01-01 was a Thursday */
}

void ir_hours_clock(int64_t ns, int32_t zone_s, int *ret_hour, int *ret_weekday)
{
    const int64_t minutes = local_minutes(ns, zone_s), day = floor_div(minutes, MINUTES_OF_DAY);
    *ret_hour = (int)(minutes - day * MINUTES_OF_DAY) / 60;
    *ret_weekday = weekday_of(day);
}

static bool is_workday(const struct ir_hours *h, int64_t day)
{
    struct ir_civil c;
    if (!(h->days >> weekday_of(day) & 1)) return false;
    if (h->nholidays == 0) return true;
    if (day > DAY_MAX || day < -DAY_MAX) return true;
    ir_time_to_civil(day * IR_DAY_S * IR_NS, 0, &c);
    for (unsigned i = 0; i < h->nholidays; i++)
        if ((h->holiday[i].year == 0 || h->holiday[i].year == c.year) &&
            h->holiday[i].month == c.month && h->holiday[i].day == c.day)
            return false;
    return true;
}

bool ir_hours_off(const struct ir_hours *h, int64_t ns, int32_t zone_s)
{
    const int64_t minutes = local_minutes(ns, zone_s), day = floor_div(minutes, MINUTES_OF_DAY);
    const int at = (int)(minutes - day * MINUTES_OF_DAY);
    const bool today = is_workday(h, day);
    if (h->nspans == 0) return !today;
    for (unsigned i = 0; i < h->nspans; i++) {
        const int from = h->span[i].from, to = h->span[i].to;
        if (from < to && today && at >= from && at < to) return false;
        if (from > to && today && at >= from) return false;
        if (from > to && at < to && is_workday(h, day - 1)) return false;
    }
    return true;
}
