/*
 * File names of rotated logs. Names alone decide, never the content: a wrong guess only changes the
 * order in which files are read, and which of them lend each other the year of their stamps.
 */
#include "source/rotate.h"

/* Takes the digits at the end of *s. Returns their number, 0 for none or more than 14. */
static size_t take_digits(struct ir_str *s, uint64_t *ret_v)
{
    size_t n = 0;
    while (n < s->n && ir_isdigit(s->p[s->n - 1 - n]))
        n++;
    if (n == 0 || n > 14 || !ir_str_u64(ir_str_n(s->p + s->n - n, n), ret_v)) return 0;
    s->n -= n;
    return n;
}

static bool take_sep(struct ir_str *s, const char *seps)
{
    if (s->n == 0 || strchr(seps, s->p[s->n - 1]) == NULL || s->p[s->n - 1] == '\0') return false;
    s->n--;
    return true;
}

static bool date_ok(uint64_t y, uint64_t m, uint64_t d)
{
    return y >= 1980 && y <= 2100 && m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

/* YYYYMMDD, YYYYMMDDhh, …hhmm, …hhmmss as YYYYMMDDhhmmss. */
static bool compact_date(uint64_t v, size_t digits, uint64_t *ret_key)
{
    if (digits != 8 && digits != 10 && digits != 12 && digits != 14) return false;
    for (size_t i = digits; i < 14; i++)
        v *= 10;
    if (!date_ok(v / 10000000000, v / 100000000 % 100, v / 1000000 % 100)) return false;
    if (v / 10000 % 100 > 23 || v / 100 % 100 > 59 || v % 100 > 60) return false;
    *ret_key = v;
    return true;
}

/* Takes a date with the separator before it off the end of *s. */
static bool take_date(struct ir_str *s, uint64_t *ret_key)
{
    struct ir_str t = *s;
    uint64_t v = 0, m, y;
    size_t n = take_digits(&t, &v);
    if (n == 2) {
        if (!take_sep(&t, "-") || take_digits(&t, &m) != 2 || !take_sep(&t, "-") ||
            take_digits(&t, &y) != 4 || !date_ok(y, m, v))
            return false;
        *ret_key = ((y * 100 + m) * 100 + v) * 1000000;
    } else if (!compact_date(v, n, ret_key)) {
        return false;
    }
    if (!take_sep(&t, "-._") || t.n == 0) return false;
    *s = t;
    return true;
}

static bool parse_date(struct ir_str s, struct ir_rotated *r)
{
    uint64_t key, extra = 0;
    struct ir_str t = s;
    if (!take_date(&t, &key)) {
        /* a number behind the date: an hour, a counter, seconds */
        t = s;
        size_t n = take_digits(&t, &extra);
        if (n == 0 || n > 10 || !take_sep(&t, "-._T") || !take_date(&t, &key)) return false;
    }
    r->kind = IR_ROT_DATE;
    r->key = key;
    r->extra = extra;
    r->stem = t;
    return true;
}

/* How many of the dotted parts at the end are numbers: addresses and versions look like NAME.N too.
 */
static unsigned numeric_parts(struct ir_str s)
{
    unsigned parts = 0;
    uint64_t v;
    for (;;) {
        if (take_digits(&s, &v) == 0) return parts;
        if (s.n == 0) return parts + 1;
        if (!take_sep(&s, ".")) return parts;
        parts++;
    }
}

static bool parse_number(struct ir_str s, struct ir_rotated *r)
{
    unsigned parts = numeric_parts(s);
    if (parts != 1 && parts != 5) return false; /* 5: the log of an address, rotated */
    uint64_t v;
    size_t n = take_digits(&s, &v);
    if (n == 0 || !take_sep(&s, ".") || s.n == 0) return false;
    if (n == 10 && v >= 500000000) { /* rotatelogs: seconds since 1970 */
        r->kind = IR_ROT_DATE;
        r->key = v;
    } else if (n <= 5) {
        r->kind = IR_ROT_NUMBER;
        r->key = UINT64_MAX - v; /* the higher the number, the older */
    } else {
        return false;
    }
    r->stem = s;
    return true;
}

void ir_rotate_parse(struct ir_str name, struct ir_rotated *ret_r)
{
    static const char *const packed[] = {".gz", ".xz", ".zst", ".bz2"};
    static const char *const exts[] = {".log", ".txt", ".csv", ".json"};
    *ret_r =
        (struct ir_rotated){.kind = IR_ROT_LIVE, .stem = name, .ext = ir_str_n(name.p + name.n, 0)};
    struct ir_str s = name;
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (ir_str_ends(s, ir_str_z(packed[i]))) {
            s.n -= strlen(packed[i]);
            break;
        }
    if (parse_date(s, ret_r) || parse_number(s, ret_r)) return;
    for (size_t i = 0; i < sizeof exts / sizeof *exts; i++) {
        struct ir_str ext = ir_str_z(exts[i]);
        if (!ir_str_ends(s, ext)) continue;
        s.n -= ext.n;
        if (parse_date(s, ret_r) || parse_number(s, ret_r)) ret_r->ext = ir_str_n(s.p + s.n, ext.n);
        return;
    }
}
