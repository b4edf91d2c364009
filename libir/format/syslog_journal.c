/*
 * What journalctl(1) writes and syslog daemons do not: the stamps of -o short-full, short-unix,
 * short-monotonic and short-delta, and the lines between entries ("-- Boot … --", "-- No entries
 * --") with the status line of a pager that was copied along.
 *
 * Document: systemd src/shared/logs-show.c, src/journal/journalctl.c. Not for the header behind the
 * stamp (syslog_head.c).
 */
#include "base/time.h"
#include "format/stamp.h"
#include "format/syslog.h"

#define PAGER_MAX 64u

bool ir_syslog_zone(struct ir_str z, int32_t *ret_zone)
{
    static const struct {
        struct ir_str name;
        int hours;
    } zones[] = {{IR_S("UTC"), 0},  {IR_S("GMT"), 0},  {IR_S("JST"), 9},  {IR_S("KST"), 9},
                 {IR_S("WET"), 0},  {IR_S("WEST"), 1}, {IR_S("CET"), 1},  {IR_S("CEST"), 2},
                 {IR_S("EET"), 2},  {IR_S("EEST"), 3}, {IR_S("MSK"), 3},  {IR_S("HKT"), 8},
                 {IR_S("EST"), -5}, {IR_S("EDT"), -4}, {IR_S("CDT"), -5}, {IR_S("MDT"), -6},
                 {IR_S("PST"), -8}, {IR_S("PDT"), -7}};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (!ir_str_eq(z, zones[i].name)) continue;
        *ret_zone = zones[i].hours * 3600;
        return true;
    }
    uint64_t v;
    if ((z.n != 3 && z.n != 5) || (z.p[0] != '+' && z.p[0] != '-')) return false;
    if (!ir_str_u64(ir_str_skip(z, 1), &v)) return false;
    int32_t sec = z.n == 3 ? (int32_t)v * 3600 : (int32_t)(v / 100 * 3600 + v % 100 * 60);
    *ret_zone = z.p[0] == '-' ? -sec : sec;
    return sec <= 18 * 3600;
}

size_t ir_syslog_short_full(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    if (s.n < 28 || s.p[3] != ' ' || !ir_isalpha(s.p[0])) return 0;
    struct ir_clock c = *clock;
    size_t n = ir_stamp_iso(ir_str_skip(s, 4), &c, ev);
    if (n == 0) return 0;
    n += 4;
    struct ir_str rest = ir_str_skip(s, n);
    if (!ir_syslog_take(&rest, IR_S(" "))) return 0;
    size_t end = ir_str_chr(ir_str_head(rest, 8), ' ');
    if (end == IR_NPOS || end < 2) return 0;
    struct ir_str z = ir_str_head(rest, end);
    struct ir_zone named = {0};
    if (ir_syslog_zone(z, &named.offset_s)) {
        c.zone = &named;
        ir_stamp_iso(ir_str_skip(s, 4), &c, ev);
        ev->flags |= IR_EV_ZONE_KNOWN;
    } else {
        for (size_t i = 0; i < z.n; i++)
            if (z.p[i] < 'A' || z.p[i] > 'Z') return 0;
    }
    return n + 1 + end;
}

static size_t digits(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && ir_isdigit(s.p[i]))
        i++;
    return i;
}

size_t ir_syslog_short_unix(struct ir_str s, struct ir_event *ev)
{
    uint64_t sec, micro;
    if (digits(s) != 10 || s.n < 18 || s.p[10] != '.' || digits(ir_str_skip(s, 11)) != 6) return 0;
    if (!ir_str_u64(ir_str_head(s, 10), &sec) || !ir_str_u64(ir_str_n(s.p + 11, 6), &micro))
        return 0;
    if (sec > INT64_MAX / (uint64_t)IR_NS - 1) return 0;
    ir_event_time(ev, (int64_t)sec * IR_NS + (int64_t)micro * 1000, IR_EV_ZONE_KNOWN);
    return 17;
}

/* "   12.345678" after blanks: bytes taken. */
static size_t seconds(struct ir_str s)
{
    size_t i = 0;
    while (i < s.n && i < 16 && s.p[i] == ' ')
        i++;
    size_t whole = digits(ir_str_skip(s, i));
    i += whole;
    if (whole == 0 || whole > 12 || i >= s.n || s.p[i] != '.') return 0;
    return digits(ir_str_skip(s, i + 1)) == 6 ? i + 7 : 0;
}

size_t ir_syslog_uptime(struct ir_str s, bool *ret_delta)
{
    *ret_delta = false;
    size_t n = s.n > 0 && s.p[0] == '[' ? seconds(ir_str_skip(s, 1)) : 0;
    if (n == 0) return 0;
    s = ir_str_skip(s, ++n);
    if (s.n > 2 && s.p[0] == ' ' && s.p[1] == '<') { /* " <    0.000012*>", blanks for the first */
        size_t end = ir_str_chr(ir_str_head(s, 32), '>');
        if (end == IR_NPOS) return 0;
        for (size_t i = 2; i < end; i++)
            if (!ir_isdigit(s.p[i]) && strchr(" .*", s.p[i]) == NULL) return 0;
        *ret_delta = true;
        n += end + 1;
        s = ir_str_skip(s, end + 1);
    }
    return ir_str_starts(s, IR_S("] ")) ? n + 2 : 0;
}

/* "lines 1-23/40 (END)" of less(1). */
static bool is_pager_status(struct ir_str s)
{
    if (s.n > PAGER_MAX ||
        (!ir_syslog_take(&s, IR_S("lines ")) && !ir_syslog_take(&s, IR_S("Lines "))))
        return false;
    size_t from = digits(s);
    s = ir_str_skip(s, from);
    if (from == 0 || !ir_syslog_take(&s, IR_S("-"))) return false;
    size_t to = digits(s);
    s = ir_str_skip(s, to);
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i]) && strchr(" ./%?()END", s.p[i]) == NULL) return false;
    return to > 0;
}

const char *ir_syslog_separator(struct ir_str s)
{
    static const struct {
        struct ir_str text;
        const char *action;
    } rows[] = {
        {IR_S("-- Boot "), "journal_boot"},         {IR_S("-- Reboot --"), "journal_boot"},
        {IR_S("-- Logs begin "), "journal_begin"},  {IR_S("-- Journal begins "), "journal_begin"},
        {IR_S("-- No entries "), "journal_border"}, {IR_S("-- cursor: "), "journal_border"},
    };
    if (s.n == 0 || (s.p[0] != '-' && s.p[0] != 'l' && s.p[0] != 'L')) return NULL;
    s = ir_str_trim(s);
    if (is_pager_status(s)) return "journal_border";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ir_str_starts(s, rows[i].text) &&
            (ir_str_ends(s, IR_S(" --")) || rows[i].text.p[3] == 'c'))
            return rows[i].action;
    return NULL;
}
