/*
 * The times that spreadsheets write: "2026/11/22 1:02", "11/22/2026 1:02:03 AM",
 * "22.11.2026 01:02:03", besides all that devices write (device_time.c). 03/04/2026 without AM or
 * PM is nobody's time: it may be March or April.
 */
#include "format/csv.h"
#include "format/device.h"
#include "format/stamp.h"

/* One to four digits and what stands behind them. */
static bool number(struct ir_str *s, unsigned max, int *ret_v)
{
    unsigned n = 0;
    int v = 0;
    while (n < s->n && n < max && ir_isdigit(s->p[n]))
        v = v * 10 + (s->p[n++] - '0');
    *s = ir_str_skip(*s, n);
    *ret_v = v;
    return n > 0;
}

static bool take(struct ir_str *s, char c)
{
    if (s->n == 0 || s->p[0] != c) return false;
    *s = ir_str_skip(*s, 1);
    return true;
}

/* "/", "-" or "." three numbers; which is which is decided by take_date. */
static bool three(struct ir_str *s, int v[3], char *ret_sep, bool *ret_year_first)
{
    struct ir_str start = *s;
    if (!number(s, 4, &v[0]) || s->n == 0) return false;
    *ret_year_first = start.n - s->n == 4;
    *ret_sep = s->p[0];
    if (memchr("/-.", *ret_sep, 3) == NULL) return false;
    return take(s, *ret_sep) && number(s, 2, &v[1]) && take(s, *ret_sep) &&
           number(s, *ret_year_first ? 2 : 4, &v[2]);
}

/* "1:02[:03[.5]]" */
static bool take_clock(struct ir_str *s, struct ir_civil *c)
{
    int scale = 100000000;
    if (!number(s, 2, &c->hour) || !take(s, ':') || !number(s, 2, &c->minute)) return false;
    if (take(s, ':') && !number(s, 2, &c->second)) return false;
    if (!take(s, '.')) return true;
    for (; s->n > 0 && ir_isdigit(s->p[0]); scale /= 10, *s = ir_str_skip(*s, 1))
        c->nano += (s->p[0] - '0') * scale;
    return true;
}

/* AM and PM, before or behind in English only: 12 AM is midnight. */
static int half_day(struct ir_str s, struct ir_civil *c)
{
    bool pm = ir_str_istarts(s, IR_S("PM"));
    if (!pm && !ir_str_istarts(s, IR_S("AM"))) return 0;
    if (c->hour < 1 || c->hour > 12) return -1;
    c->hour = c->hour % 12 + (pm ? 12 : 0);
    return 1;
}

static bool assign(struct ir_civil *c, const int v[3], char sep, bool year_first, bool us)
{
    bool day_first = sep == '.' || v[0] > 12;
    if (year_first) {
        c->year = v[0];
        c->month = v[1];
        c->day = v[2];
        return true;
    }
    if (!us && !day_first && v[1] <= 12) return false;
    c->year = v[2];
    c->month = us || !day_first ? v[0] : v[1];
    c->day = us || !day_first ? v[1] : v[0];
    return c->year > 1000;
}

bool ir_csv_time(struct ir_event *ev, struct ir_str s, const struct ir_clock *clock)
{
    struct ir_civil c = {0};
    int v[3];
    int64_t ns;
    char sep;
    bool year_first;
    s = ir_str_trim(s);
    if (s.n < 6) return false;
    if (ir_device_stamp_text(ev, s, clock)) return true;
    if (!three(&s, v, &sep, &year_first)) return false;
    s = ir_str_trim(ir_str_n(s.p, s.n));
    take(&s, ',');
    s = ir_str_trim(s);
    if (s.n > 0 && !take_clock(&s, &c)) return false;
    int half = half_day(ir_str_trim(s), &c);
    if (half < 0 || !assign(&c, v, sep, year_first, half > 0)) return false;
    if (c.month < 1 || c.month > 12 || c.day < 1) return false;
    if (!ir_clock_civil(clock, &c, &ns)) return false;
    ir_event_time(ev, ns, 0);
    return true;
}
