/*
 * Dates and times as people in Japan write them. See written.h.
 *
 * Eras: 元号法 (Act 43 of 1979); 昭和 from 1926-12-25, 平成 from 1989-01-08 (Cabinet Order 1 of
 * 1989), 令和 from 2019-05-01 (Cabinet Order 143 of 2019); the first year of each is also 元年. A
 * date decides when a report is due, so nothing is guessed: a year that was left out, or noon and
 * midnight of 午前12時, are told and asked for.
 */
#include "base/written.h"

#include <stdio.h>

#include "base/utf8.h"
#include "base/zone.h"

#define SAID_MAX 160u
#define NO_YEAR  (-1)

struct era {
    const char *name[4]; /* in full, its letter, its sign */
    int before;          /* the year before its first */
    int first, last;     /* year * 10000 + month * 100 + day */
};

static const struct era eras[] = {
    {{"令和", "R", "r", "㋿"}, 2018, 20190501, 99991231},
    {{"平成", "H", "h", "㍻"}, 1988, 19890108, 20190430},
    {{"昭和", "S", "s", "㍼"}, 1925, 19261225, 19890107},
};

struct reading {
    struct ir_str rest;
    struct ir_civil c;
    const struct era *era; /* NULL: none was written */
    size_t digits;         /* of the year */
    bool timed;
    struct ir_err *err;
};

static void blanks(struct reading *r)
{
    while (r->rest.n > 0 && r->rest.p[0] == ' ')
        r->rest = ir_str_skip(r->rest, 1);
}

static bool word(struct reading *r, const char *w)
{
    if (!ir_str_starts(r->rest, ir_str_z(w))) return false;
    r->rest = ir_str_skip(r->rest, strlen(w));
    return true;
}

/* One to `most` digits; 0: there is none, or more. */
static size_t number(struct reading *r, size_t most, int *ret_n)
{
    size_t n = 0;
    *ret_n = 0;
    while (n < r->rest.n && n < most && ir_isdigit(r->rest.p[n]))
        *ret_n = *ret_n * 10 + (r->rest.p[n++] - '0');
    if (n == 0 || (n < r->rest.n && ir_isdigit(r->rest.p[n]))) return 0;
    r->rest = ir_str_skip(r->rest, n);
    return n;
}

static int none(const struct reading *r)
{
    return ir_fail(r->err, IR_END,
                   "no date or time: write 2026-11-20, 2026-11-20T09:30:00+09:00, "
                   "令和8年11月20日 9時30分, @SECONDS or now");
}

static void read_era(struct reading *r)
{
    for (size_t i = 0; i < sizeof eras / sizeof *eras && r->era == NULL; i++)
        for (size_t k = 0; k < 4 && r->era == NULL; k++)
            if (word(r, eras[i].name[k])) r->era = &eras[i];
    if (r->era != NULL) word(r, ".");
    if (r->era == NULL) word(r, "西暦");
    blanks(r);
}

static bool part(struct reading *r, size_t most, int *ret_n, const char *behind)
{
    blanks(r);
    if (number(r, most, ret_n) == 0) return false;
    blanks(r);
    return word(r, behind);
}

/* Behind the first number: 年11月20日, or 月20日 of no year. */
static bool read_words(struct reading *r)
{
    if (r->era == NULL && r->digits <= 2 && word(r, "月")) {
        r->c.month = r->c.year;
        r->c.year = NO_YEAR;
        return part(r, 2, &r->c.day, "日");
    }
    return word(r, "年") && part(r, 2, &r->c.month, "月") && part(r, 2, &r->c.day, "日");
}

/* Behind the first number: /11/20, or /20 of no year. */
static bool read_marks(struct reading *r)
{
    const char mark[2] = {r->rest.p[0], '\0'};
    r->rest = ir_str_skip(r->rest, 1);
    if (number(r, 2, &r->c.month) == 0) return false;
    if (word(r, mark)) return number(r, r->digits <= 2 ? 4 : 2, &r->c.day) > 0;
    r->c.day = r->c.month;
    r->c.month = r->c.year;
    r->c.year = NO_YEAR;
    return r->era == NULL && r->digits <= 2;
}

static bool read_date(struct reading *r)
{
    read_era(r);
    r->digits = number(r, 4, &r->c.year);
    if (r->era != NULL && r->digits == 0 && word(r, "元")) r->digits = (size_t)(r->c.year = 1);
    blanks(r);
    if (r->digits == 0 || r->rest.n == 0) return false;
    const bool marks = strchr("/.-", r->rest.p[0]) != NULL;
    if (!(marks ? read_marks(r) : read_words(r))) return false;
    if (r->era != NULL) r->c.year += r->era->before;
    return true;
}

/* (金), （金曜日）, 金曜: 0 to 6 from Sunday; -1: none is there. */
static int read_weekday(struct reading *r)
{
    static const char *const names[] = {"日", "月", "火", "水", "木", "金", "土"};
    const struct ir_str at = r->rest;
    const bool inside = word(r, "(");
    for (int i = 0; i < 7; i++) {
        if (!word(r, names[i])) continue;
        const bool full = word(r, "曜");
        if (full) word(r, "日");
        if (inside ? word(r, ")") : full) return i;
        break;
    }
    r->rest = at;
    return -1;
}

static bool read_clock(struct reading *r, int *ret_half)
{
    struct ir_civil *c = &r->c;
    *ret_half = word(r, "午前") ? 1 : word(r, "午後") ? 2 : 0;
    blanks(r);
    if (*ret_half == 0 && word(r, "正午")) {
        c->hour = 12;
        return true;
    }
    if (number(r, 2, &c->hour) == 0) return false;
    if (word(r, ":")) {
        if (number(r, 2, &c->minute) != 2) return false;
        return !word(r, ":") || number(r, 2, &c->second) == 2;
    }
    if (!word(r, "時")) return false;
    blanks(r);
    if (word(r, "半")) {
        c->minute = 30;
        return true;
    }
    if (r->rest.n == 0 || !ir_isdigit(r->rest.p[0])) return true;
    if (!part(r, 2, &c->minute, "分")) return false;
    blanks(r);
    if (r->rest.n == 0 || !ir_isdigit(r->rest.p[0])) return true;
    return part(r, 2, &c->second, "秒");
}

static int check_day(const struct reading *r, int weekday)
{
    const struct ir_civil *c = &r->c;
    int64_t ns;
    if (c->year == NO_YEAR)
        return ir_fail(r->err, IR_BAD, "of which year? Write it: 2026-11-20, 令和8年11月20日");
    if (r->era == NULL && r->digits < 4)
        return ir_fail(r->err, IR_BAD,
                       "a year needs its four digits or its era: 2026-11-20, R8.11.20");
    const struct ir_civil day = {.year = c->year, .month = c->month, .day = c->day};
    if (!ir_time_from_civil(&day, 0, &ns)) return ir_fail(r->err, IR_BAD, "there is no such day");
    const int n = c->year * 10000 + c->month * 100 + c->day;
    if (r->era != NULL && (n < r->era->first || n > r->era->last))
        return ir_fail(r->err, IR_BAD,
                       "the day is not of this era: 昭和 from 1926-12-25, 平成 from "
                       "1989-01-08, 令和 from 2019-05-01");
    const int64_t days = ir_days_from_civil(c->year, c->month, c->day);
    if (weekday >= 0 && ((days + 4) % 7 + 7) % 7 != weekday)
        return ir_fail(r->err, IR_BAD, "the day and the day of the week do not agree");
    return IR_OK;
}

static int check_clock(struct reading *r, int half)
{
    struct ir_civil *c = &r->c;
    if (half != 0 && c->hour == 12)
        return ir_fail(r->err, IR_BAD,
                       "noon or midnight? Write 0時 or 12時, without 午前 and 午後");
    if (c->hour > (half != 0 ? 11 : 23) || c->minute > 59 || c->second > 59)
        return ir_fail(r->err, IR_BAD, "there is no such time of day");
    if (half == 2) c->hour += 12;
    return IR_OK;
}

static int read_all(struct reading *r, char out[IR_TIME_TEXT])
{
    int half = 0;
    int32_t zone_s = 0;
    if (!read_date(r)) return none(r);
    blanks(r);
    const int weekday = read_weekday(r);
    blanks(r);
    r->timed = r->rest.n > 0;
    if (r->timed && (word(r, "T"), !read_clock(r, &half))) return none(r);
    blanks(r);
    const bool zoned = r->rest.n > 0;
    if (zoned && !ir_zone_from_text(r->rest, &zone_s)) return none(r);
    int rc = check_day(r, weekday);
    if (rc == IR_OK) rc = check_clock(r, half);
    if (rc != IR_OK) return rc;
    const struct ir_civil *c = &r->c;
    size_t n = (size_t)snprintf(out, IR_TIME_TEXT, "%04d-%02d-%02d", c->year % 10000,
                                c->month % 100, c->day % 100);
    if (r->timed)
        n += (size_t)snprintf(out + n, IR_TIME_TEXT - n, "T%02d:%02d:%02d", c->hour % 100,
                              c->minute % 100, c->second % 100);
    const int32_t minutes = (zone_s < 0 ? -zone_s : zone_s) / 60;
    if (zoned)
        snprintf(out + n, IR_TIME_TEXT - n, "%c%02d:%02d", zone_s < 0 ? '-' : '+',
                 minutes / 60 % 100, minutes % 60);
    return IR_OK;
}

int ir_written_time(struct ir_str said, char out[IR_TIME_TEXT], struct ir_err *err)
{
    char plain[SAID_MAX];
    int64_t ns;
    struct reading r = {.err = err};
    said = ir_utf8_trim(said);
    if (ir_str_chr(said, '\0') < said.n || !ir_utf8_narrow(said, plain, sizeof plain))
        return none(&r);
    r.rest = ir_str_z(plain);
    if (r.rest.n < IR_TIME_TEXT && ir_time_parse_user(r.rest, 0, 0, &ns)) {
        memcpy(out, plain, r.rest.n + 1);
        return IR_OK;
    }
    return read_all(&r, out);
}
