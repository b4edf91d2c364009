/*
 * Stamps of the right shape whatever their numbers say: "Feb 30 12:00:00", "2026-02-30T25:00:00Z".
 * A line with one of these is kept without a time: its other parts are as good as in any line. Not
 * for reading times (stamp.c, stamp_year.c), which have been tried before.
 */
#include "base/time.h"
#include "format/stamp.h"

/* 'd' is a digit, 'a' a letter, anything else itself. */
static bool fits(struct ir_str s, const char *shape)
{
    size_t n = strlen(shape);
    if (s.n < n) return false;
    for (size_t i = 0; i < n; i++) {
        char c = s.p[i];
        bool good = shape[i] == 'd'   ? ir_isdigit(c)
                    : shape[i] == 'a' ? ir_isalpha(c)
                                      : c == shape[i];
        if (!good) return false;
    }
    return true;
}

static size_t digits(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && ir_isdigit(s.p[i]))
        i++;
    return i;
}

/* "dd:dd:dd" and a fraction; 0 when not. */
static size_t clock_shape(struct ir_str s)
{
    if (!fits(s, "dd:dd:dd")) return 0;
    if (!fits(ir_str_skip(s, 8), ".d") && !fits(ir_str_skip(s, 8), ",d")) return 8;
    return 9 + digits(ir_str_skip(s, 9));
}

/* "Z", "+0900", "+09:00"; 0 when none stands there. */
static size_t zone_shape(struct ir_str s)
{
    if (fits(s, "Z")) return 1;
    if (s.n == 0 || (s.p[0] != '+' && s.p[0] != '-')) return 0;
    s = ir_str_skip(s, 1);
    return fits(s, "dd:dd") ? 6 : fits(s, "dddd") ? 5 : fits(s, "dd") ? 3 : 0;
}

static size_t iso_shape(struct ir_str s)
{
    if (!fits(s, "dddd-dd-ddTdd") && !fits(s, "dddd-dd-dd dd")) return 0;
    size_t n = clock_shape(ir_str_skip(s, 11));
    if (n == 0) return 0;
    n += 11;
    return n + zone_shape(ir_str_skip(s, n));
}

/* "[yyyy ]Mmm [ ]d[d] [yyyy ]hh:mm:ss[.f][ yyyy]" */
static size_t rfc3164_shape(struct ir_str s)
{
    size_t i = fits(s, "dddd ") ? 5 : 0;
    struct ir_str at = ir_str_skip(s, i);
    if (!fits(at, "aaa ") || ir_month_from_name(ir_str_head(at, 3)) == 0) return 0;
    i += 4;
    if (i < s.n && s.p[i] == ' ') i++;
    size_t day = digits(ir_str_skip(s, i));
    i += day;
    if (day < 1 || day > 2 || i >= s.n || s.p[i] != ' ') return 0;
    i++;
    if (fits(ir_str_skip(s, i), "dddd ")) i += 5;
    size_t n = clock_shape(ir_str_skip(s, i));
    if (n == 0) return 0;
    i += n;
    return fits(ir_str_skip(s, i), " dddd ") ? i + 5 : i;
}

/* "Www yyyy-mm-dd hh:mm:ss ZONE" */
static size_t full_shape(struct ir_str s)
{
    if (!fits(s, "aaa d")) return 0;
    size_t n = iso_shape(ir_str_skip(s, 4)), end;
    if (n == 0 || n + 4 >= s.n || s.p[n + 4] != ' ') return 0;
    end = ir_str_chr(ir_str_head(ir_str_skip(s, n + 5), 8), ' ');
    return end == IR_NPOS || end < 2 ? 0 : n + 5 + end;
}

/* "dd/Mon/yyyy:hh:mm:ss[ ±zzzz]" */
static size_t clf_shape(struct ir_str s)
{
    if (!fits(s, "dd/aaa/dddd:dd:dd:dd")) return 0;
    struct ir_str zone = ir_str_skip(s, 20);
    return fits(zone, " +dddd") || fits(zone, " -dddd") ? 26 : 20;
}

size_t ir_stamp_shape(struct ir_str s)
{
    size_t n = rfc3164_shape(s);
    if (n == 0) n = clf_shape(s);
    if (n == 0) n = iso_shape(s);
    return n != 0 ? n : full_shape(s);
}
