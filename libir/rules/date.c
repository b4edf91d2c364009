/*
 * Date parts.
 */
#include "rules/date.h"

#include "base/time.h"

static bool digits(struct ir_str s, size_t at, size_t n, int *ret_v)
{
    uint64_t v;
    if (at + n > s.n || !ir_str_u64(ir_str_n(s.p + at, n), &v)) return false;
    *ret_v = (int)v;
    return true;
}

static bool separator(struct ir_str s, size_t at, const char *any_of)
{
    return at < s.n && s.p[at] != '\0' && strchr(any_of, s.p[at]) != NULL;
}

static bool read_iso(struct ir_str s, struct ir_civil *c, bool *ret_clock)
{
    if (!digits(s, 0, 4, &c->year) || !separator(s, 4, "-/") || !digits(s, 5, 2, &c->month) ||
        !separator(s, 7, "-/") || !digits(s, 8, 2, &c->day))
        return false;
    if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > ir_days_in_month(c->year, c->month))
        return false;
    *ret_clock = s.n > 10;
    if (s.n == 10) return true;
    return separator(s, 10, "T t") && digits(s, 11, 2, &c->hour) && separator(s, 13, ":") &&
           digits(s, 14, 2, &c->minute) && c->hour < 24 && c->minute < 60;
}

/* ISO 8601: week 1 holds the year's first Thursday; weeks begin on Monday. */
static int iso_week(const struct ir_civil *c)
{
    int64_t day = ir_days_from_civil(c->year, c->month, c->day);
    int64_t weekday = ((day + 3) % 7 + 7) % 7; /* Monday 0: 1970-01-01 was a Thursday */
    int64_t thursday = day - weekday + 3;
    struct ir_civil t;
    ir_time_to_civil(thursday * IR_DAY_S * IR_NS, 0, &t);
    return (int)((thursday - ir_days_from_civil(t.year, 1, 1)) / 7 + 1);
}

bool ir_date_part_of(struct ir_str text, enum ir_date_part part, int64_t *ret_v)
{
    struct ir_civil c = {0};
    uint64_t epoch;
    bool clock = true;
    text = ir_str_trim(text);
    if (ir_str_u64(text, &epoch) && epoch < (uint64_t)(INT64_MAX / IR_NS))
        ir_time_to_civil((int64_t)epoch * IR_NS, 0, &c);
    else if (!read_iso(text, &c, &clock))
        return false;
    if (!clock && (part == IR_DATE_MINUTE || part == IR_DATE_HOUR)) return false;
    switch (part) {
    case IR_DATE_MINUTE: *ret_v = c.minute; return true;
    case IR_DATE_HOUR: *ret_v = c.hour; return true;
    case IR_DATE_DAY: *ret_v = c.day; return true;
    case IR_DATE_WEEK: *ret_v = iso_week(&c); return true;
    case IR_DATE_MONTH: *ret_v = c.month; return true;
    case IR_DATE_YEAR: *ret_v = c.year; return true;
    case IR_DATE_NONE: break;
    }
    return false;
}
