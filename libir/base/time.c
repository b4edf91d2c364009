/*
 * Calendar arithmetic, RFC 3339 output, and hand-written cursors over the ISO 8601 stamps found in
 * logs.
 *
 * Not for stamps of one format (those live in format/stamp.h), not for zone names: an offset is all
 * that a record can tell for certain. Documents: RFC 3339; ISO 8601-1:2019. The day arithmetic
 * follows Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so
 * that the leap day is the last day, in eras of 400 years (146097 days).
 */
#include "base/time.h"

#define DAYS_TO_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */
#define DAYS_PER_ERA  146097

int64_t ir_days_from_civil(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    uint32_t yoe = (uint32_t)(y - era * 400);
    uint32_t doy =
        (153u * (uint32_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (uint32_t)day - 1;
    uint32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * DAYS_PER_ERA + (int64_t)doe - DAYS_TO_EPOCH;
}

static void civil_from_days(int64_t days, struct ir_civil *c)
{
    int64_t z = days + DAYS_TO_EPOCH;
    int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    uint32_t doe = (uint32_t)(z - era * DAYS_PER_ERA);
    uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (DAYS_PER_ERA - 1)) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    uint32_t mp = (5 * doy + 2) / 153;
    c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (int)((int64_t)yoe + era * 400 + (c->month <= 2));
}

int ir_days_in_month(int year, int month)
{
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return 30 + ((month + (month >> 3)) & 1);
}

static bool civil_ok(const struct ir_civil *c)
{
    if (c->year < 1678 || c->year > 2261) return false;
    if (c->month < 1 || c->month > 12 || c->day < 1) return false;
    if (c->day > 28 && c->day > ir_days_in_month(c->year, c->month)) return false;
    if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59) return false;
    if (c->second < 0 || c->second > 60) return false;
    return c->nano >= 0 && c->nano < IR_NS;
}

bool ir_time_from_civil(const struct ir_civil *c, int32_t zone_s, int64_t *ret_ns)
{
    if (!civil_ok(c)) return false;
    int64_t ns;
    int64_t s = ir_days_from_civil(c->year, c->month, c->day) * IR_DAY_S;
    s += c->hour * 3600 + c->minute * 60 + c->second - (int64_t)zone_s;
    /* an absurd zone can push a good date out of the range */
    if (__builtin_mul_overflow(s, IR_NS, &ns)) return false;
    if (__builtin_add_overflow(ns, (int64_t)c->nano, &ns)) return false;
    *ret_ns = ns;
    return true;
}

void ir_time_to_civil(int64_t ns, int32_t zone_s, struct ir_civil *ret_c)
{
    int64_t s = ns / IR_NS, nano = ns % IR_NS;
    if (nano < 0) {
        nano += IR_NS;
        s--;
    }
    s += zone_s;
    int64_t days = s / IR_DAY_S, rest = s % IR_DAY_S;
    if (rest < 0) {
        rest += IR_DAY_S;
        days--;
    }
    civil_from_days(days, ret_c);
    ret_c->hour = (int)(rest / 3600);
    ret_c->minute = (int)(rest / 60 % 60);
    ret_c->second = (int)(rest % 60);
    ret_c->nano = (int)nano;
}

/* Writes v with exactly `width` digits. */
static char *put_digits(char *p, int v, int width)
{
    for (int i = width; i-- > 0; v /= 10)
        p[i] = (char)('0' + v % 10);
    return p + width;
}

/* 0..99 */
static inline void put_two(char *p, int v)
{
    p[0] = (char)('0' + v / 10);
    p[1] = (char)('0' + v % 10);
}

/* yyyy-mm-dd?hh:mm:ss, 19 bytes; the range of times has only years of four digits */
static char *put_civil(char *p, const struct ir_civil *c, char sep)
{
    put_two(p, c->year / 100);
    put_two(p + 2, c->year % 100);
    p[4] = p[7] = '-';
    put_two(p + 5, c->month);
    put_two(p + 8, c->day);
    p[10] = sep;
    put_two(p + 11, c->hour);
    p[13] = p[16] = ':';
    put_two(p + 14, c->minute);
    put_two(p + 17, c->second);
    return p + 19;
}

size_t ir_time_rfc3339(int64_t ns, char buf[IR_TIME_TEXT])
{
    struct ir_civil c;
    ir_time_to_civil(ns, 0, &c);
    char *p = put_civil(buf, &c, 'T');
    if (c.nano != 0) {
        *p++ = '.';
        if (c.nano % 1000 != 0)
            p = put_digits(p, c.nano, 9);
        else if (c.nano % 1000000 != 0)
            p = put_digits(p, c.nano / 1000, 6);
        else
            p = put_digits(p, c.nano / 1000000, 3);
    }
    *p++ = 'Z';
    *p = '\0';
    return (size_t)(p - buf);
}

size_t ir_time_local(int64_t ns, int32_t zone_s, char buf[IR_TIME_TEXT])
{
    /* only whole minutes can be written, so only they are applied: the text stays true */
    int32_t minutes = zone_s / 60;
    if (minutes > 99 * 60 + 59 || minutes < -(99 * 60 + 59)) minutes = 0;
    struct ir_civil c;
    ir_time_to_civil(ns, minutes * 60, &c);
    char *p = put_civil(buf, &c, ' ');
    *p++ = minutes < 0 ? '-' : '+';
    if (minutes < 0) minutes = -minutes;
    put_two(p, minutes / 60);
    p[2] = ':';
    put_two(p + 3, minutes % 60);
    p[5] = '\0';
    return (size_t)(p + 5 - buf);
}

struct iso {
    struct ir_civil c;
    int32_t zone_s;
    bool zone, seconds; /* was there one? */
};

/* The value of two digits; something above 99 when they are not digits. */
static inline unsigned two(const char *p)
{
    unsigned a = (unsigned)(unsigned char)p[0] - '0', b = (unsigned)(unsigned char)p[1] - '0';
    return a > 9 || b > 9 ? 1000 : a * 10 + b;
}

static inline bool digit_at(struct ir_str s, size_t i)
{
    return i < s.n && ir_isdigit(s.p[i]);
}

/* yyyy-mm-dd, or yyyymmdd (*ret_basic). Ranges are checked later, in ir_time_from_civil. */
static size_t scan_date(struct ir_str s, struct ir_civil *c, bool *ret_basic)
{
    if (s.n < 8) return 0;
    unsigned hi = two(s.p), lo = two(s.p + 2), month, day;
    *ret_basic = s.p[4] != '-';
    if (*ret_basic) {
        month = two(s.p + 4);
        day = two(s.p + 6);
    } else {
        if (s.n < 10 || s.p[7] != '-') return 0;
        month = two(s.p + 5);
        day = two(s.p + 8);
    }
    if (hi > 99 || lo > 99 || month > 12 || day > 31) return 0;
    c->year = (int)(hi * 100 + lo);
    c->month = (int)month;
    c->day = (int)day;
    return *ret_basic ? 8 : 10;
}

/* Digits after '.' or ','; those beyond the ninth are dropped. Returns 0 when there are none. */
static size_t scan_fraction(struct ir_str s, int *ret_nano)
{
    if (s.n < 2 || (s.p[0] != '.' && s.p[0] != ',') || !ir_isdigit(s.p[1])) return 0;
    static const int scale[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    int v = 0;
    size_t i = 1;
    while (i < 10 && digit_at(s, i))
        v = v * 10 + (s.p[i++] - '0');
    *ret_nano = v * scale[i - 2];
    while (digit_at(s, i))
        i++;
    return i;
}

/* hh:mm[:ss] or, after a date without dashes, hhmm[ss] */
static size_t scan_clock(struct ir_str s, bool basic, struct iso *r)
{
    size_t colon = basic ? 0 : 1;
    if (s.n < 4 + colon) return 0;
    unsigned hour = two(s.p), minute = two(s.p + 2 + colon), second = 0;
    size_t n = 4 + colon;
    if (hour > 23 || minute > 59 || (colon && s.p[2] != ':')) return 0;
    if (colon ? n < s.n && s.p[n] == ':' : digit_at(s, n)) {
        if (s.n < n + colon + 2) return 0;
        second = two(s.p + n + colon);
        if (second > 60) return 0;
        n += colon + 2;
        r->seconds = true;
        n += scan_fraction(ir_str_n(s.p + n, s.n - n), &r->c.nano);
    }
    if (digit_at(s, n)) return 0; /* a longer number is something else */
    r->c.hour = (int)hour;
    r->c.minute = (int)minute;
    r->c.second = (int)second;
    return n;
}

/* Z, ±hh, ±hhmm, ±hh:mm. 0 when what stands there is not a whole zone ("-5", "-1234567", "Zone").
 */
static size_t scan_zone(struct ir_str s, int32_t *ret_s)
{
    if (s.n == 0) return 0;
    if (s.p[0] == 'Z' || s.p[0] == 'z') {
        if (s.n > 1 && ir_isalnum(s.p[1])) return 0;
        *ret_s = 0;
        return 1;
    }
    if ((s.p[0] != '+' && s.p[0] != '-') || s.n < 3) return 0;
    unsigned hour = two(s.p + 1), minute = 0;
    size_t n = 3;
    if (hour > 23) return 0;
    if (digit_at(s, 3)) {
        if (s.n < 5) return 0;
        minute = two(s.p + 3);
        n = 5;
    } else if (s.n >= 6 && s.p[3] == ':' && ir_isdigit(s.p[4])) {
        minute = two(s.p + 4);
        n = 6;
    }
    if (minute > 59 || digit_at(s, n)) return 0;
    int32_t v = (int32_t)(hour * 3600 + minute * 60);
    *ret_s = s.p[0] == '-' ? -v : v;
    return n;
}

/* Date and time of day with all that may follow. Returns the length, 0 when it does not fit. */
static size_t scan_iso(struct ir_str s, struct iso *r)
{
    bool basic;
    size_t n = scan_date(s, &r->c, &basic);
    if (n == 0 || n >= s.n) return 0;
    char sep = s.p[n++];
    /* eight digits and a blank are too often something else than a date */
    if (sep != 'T' && sep != 't' && (basic || (sep != ' ' && sep != '_'))) return 0;
    size_t k = scan_clock(ir_str_n(s.p + n, s.n - n), basic, r);
    if (k == 0) return 0;
    n += k;
    k = scan_zone(ir_str_n(s.p + n, s.n - n), &r->zone_s);
    r->zone = k > 0;
    return n + k;
}

size_t ir_time_parse_iso(struct ir_str s, int64_t *ret_ns, bool *ret_zone)
{
    struct iso r = {0};
    size_t n = scan_iso(s, &r);
    if (n == 0 || (!r.seconds && !r.zone)) return 0;
    if (!ir_time_from_civil(&r.c, r.zone_s, ret_ns)) return 0;
    *ret_zone = r.zone;
    return n;
}

/* [-]SECONDS[.fraction] since 1970 */
static bool parse_epoch(struct ir_str s, int64_t *ret_ns)
{
    bool neg = s.n > 0 && s.p[0] == '-';
    if (neg) s = ir_str_skip(s, 1);
    size_t n = 0;
    while (digit_at(s, n))
        n++;
    int nano = 0;
    uint64_t seconds;
    size_t k = scan_fraction(ir_str_n(s.p + n, s.n - n), &nano);
    if (n + k != s.n || (k > 0 && s.p[n] != '.')) return false;
    if (!ir_str_u64(ir_str_head(s, n), &seconds) || seconds >= INT64_MAX / IR_NS) return false;
    int64_t ns = (int64_t)seconds * IR_NS + nano;
    *ret_ns = neg ? -ns : ns;
    return true;
}

bool ir_time_parse_user(struct ir_str s, int64_t now, int32_t zone_s, int64_t *ret_ns)
{
    if (ir_str_ieq(s, IR_S("now"))) {
        *ret_ns = now;
        return true;
    }
    if (s.n > 1 && s.p[0] == '@') return parse_epoch(ir_str_skip(s, 1), ret_ns);
    struct iso r = {0};
    bool basic;
    bool whole = scan_date(s, &r.c, &basic) == s.n && s.n > 0;
    if (!whole) whole = scan_iso(s, &r) == s.n && s.n > 0;
    return whole && ir_time_from_civil(&r.c, r.zone ? r.zone_s : zone_s, ret_ns);
}

#define NAME3(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

int ir_month_from_name(struct ir_str s)
{
    if (s.n < 3) return 0;
    const unsigned char *p = (const unsigned char *)s.p;
    /* the bit 0x20 makes small letters of capitals, and letters of nothing else */
    switch (NAME3(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
    case NAME3('j', 'a', 'n'): return 1;
    case NAME3('f', 'e', 'b'): return 2;
    case NAME3('m', 'a', 'r'): return 3;
    case NAME3('a', 'p', 'r'): return 4;
    case NAME3('m', 'a', 'y'): return 5;
    case NAME3('j', 'u', 'n'): return 6;
    case NAME3('j', 'u', 'l'): return 7;
    case NAME3('a', 'u', 'g'): return 8;
    case NAME3('s', 'e', 'p'): return 9;
    case NAME3('o', 'c', 't'): return 10;
    case NAME3('n', 'o', 'v'): return 11;
    case NAME3('d', 'e', 'c'): return 12;
    default: return 0;
    }
}

static int64_t unit_seconds(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return IR_DAY_S;
    case 'w': return 7 * IR_DAY_S;
    case 'M': return 2629746;  /* a twelfth of the year below */
    case 'y': return 31556952; /* the Gregorian mean, 365.2425 days */
    default: return 0;
    }
}

bool ir_duration_parse(struct ir_str s, int64_t *ret_seconds)
{
    if (s.n < 2) return false;
    uint64_t v;
    int64_t unit = unit_seconds(s.p[s.n - 1]), seconds;
    if (unit == 0 || !ir_str_u64(ir_str_head(s, s.n - 1), &v) || v > INT64_MAX) return false;
    if (__builtin_mul_overflow((int64_t)v, unit, &seconds)) return false;
    *ret_seconds = seconds;
    return true;
}
