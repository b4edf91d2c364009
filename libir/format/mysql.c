/*
 * The error log of MySQL and MariaDB, in the forms of their versions. Documents: MySQL 8 reference
 * manual 5.4.2, MariaDB "Error Log". Slow queries: mysql_slow.c; audit plugin: mysql_audit.c.
 *
 *     2026-11-22T01:02:03.123456Z 8 [Note] [MY-010926] [Server] Access denied for user …   8.x
 *     2026-11-22T01:02:03.123456Z 8 [Note] Access denied …                                   5.7
 *     2026-11-22  1:02:03 8 [Warning] Access denied … MariaDB 261122  1:02:03 [Warning] Access
 * denied …                                               5.5
 *
 * The texts quote what clients send. A line that has another beginning is not one of these.
 */
#include "base/map.h"
#include "base/time.h"
#include "format/db.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct head {
    struct ir_str thread, level, code, subsystem, msg;
};

static unsigned two(const char *p)
{
    return (unsigned)((p[0] == ' ' ? 0 : p[0] - '0') * 10 + p[1] - '0');
}

/* "h:mm:ss" or "hh:mm:ss" with a blank in place of the first digit. */
static bool clock_at(struct ir_str s, struct ir_civil *c)
{
    if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':') return false;
    for (unsigned i = 0; i < 8; i++)
        if (i != 2 && i != 5 && !ir_isdigit(s.p[i]) && !(i == 0 && s.p[0] == ' ')) return false;
    c->hour = (int)two(s.p);
    c->minute = (int)two(s.p + 3);
    c->second = (int)two(s.p + 6);
    return true;
}

/* "2026-11-22  1:02:03" and "261122  1:02:03", in the server's zone. Bytes taken. */
static size_t old_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_civil c = {0};
    int64_t ns;
    bool dashes = s.n > 19 && s.p[4] == '-' && s.p[7] == '-' && s.p[10] == ' ';
    size_t date = dashes ? 10 : 6;
    if (s.n < date + 10 || s.p[date] != ' ') return 0;
    for (size_t i = 0; i < date; i++)
        if (!ir_isdigit(s.p[i]) && !(dashes && (i == 4 || i == 7))) return 0;
    c.year = (int)(dashes ? two(s.p) * 100 + two(s.p + 2) : 2000 + two(s.p));
    c.month = (int)two(s.p + (dashes ? 5 : 2));
    c.day = (int)two(s.p + (dashes ? 8 : 4));
    if (!clock_at(ir_str_skip(s, date + 1), &c)) return 0;
    if (!ir_clock_civil(clock, &c, &ns)) return 0;
    ir_event_time(ev, ns, 0);
    return date + 9;
}

static bool bracket(struct ir_str *s, struct ir_str *ret)
{
    if (s->n < 3 || s->p[0] != '[') return false;
    size_t end = ir_str_chr(ir_str_head(*s, 40), ']');
    if (end == IR_NPOS || end < 2 || end + 1 >= s->n || s->p[end + 1] != ' ') return false;
    *ret = ir_str_n(s->p + 1, end - 1);
    *s = ir_str_skip(*s, end + 2);
    return true;
}

static bool is_level(struct ir_str s)
{
    static const struct ir_str levels[] = {IR_S("Note"),   IR_S("Warning"), IR_S("ERROR"),
                                           IR_S("System"), IR_S("Error"),   IR_S("Info")};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (ir_str_eq(s, levels[i])) return true;
    return false;
}

size_t ir_mysql_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    if (s.n < 17 || !ir_isdigit(s.p[0])) return 0;
    return s.p[10] == 'T' ? ir_stamp_iso(s, clock, ev) : old_stamp(s, clock, ev);
}

/* "8 [Note] [MY-010926] [Server] message"; only the level must be there. */
static bool behind_stamp(struct ir_str rest, struct head *h)
{
    size_t digits = 0;
    while (digits < rest.n && digits < 20 && ir_isdigit(rest.p[digits]))
        digits++;
    if (digits > 0) {
        if (digits >= rest.n || rest.p[digits] != ' ') return false;
        h->thread = ir_str_head(rest, digits);
        rest = ir_str_skip(rest, digits + 1);
    }
    if (!bracket(&rest, &h->level) || !is_level(h->level)) return false;
    if (ir_str_starts(rest, IR_S("[MY-")) && bracket(&rest, &h->code))
        bracket(&rest, &h->subsystem);
    h->msg = rest;
    return true;
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    *h = (struct head){0};
    size_t n = rec.n < 24 ? 0 : ir_mysql_stamp(rec, clock, ev);
    if (n == 0 || n + 1 >= rec.n || rec.p[n] != ' ') return false;
    return behind_stamp(ir_str_skip(rec, n + 1), h);
}

static void add_fields(const struct head *h, struct ir_event *ev)
{
    ir_web_number(ev, IR_F_PROCESS_THREAD_ID, h->thread);
    ir_web_set(ev, IR_F_LOG_LEVEL, h->level);
    ir_web_set(ev, IR_F_EVENT_CODE, h->code);
    ir_mysql_message(h->msg, ev);
}

/* By syslog the stamp is the header's, and what the server writes of its own head depends on its
 * version. */
void ir_mysql_line(struct ir_str s, struct ir_event *ev)
{
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    struct head h;
    if (!accept(s, &clock, &scratch, &h) && !behind_stamp(s, &h)) h = (struct head){.msg = s};
    add_fields(&h, ev);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ir_event_source(ev, IR_LS_MYSQL);
    ir_event_set(ev, IR_F_MESSAGE, h.msg);
    add_fields(&h, ev);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    ev->kind = ir_hash(ir_str_head(h.msg, 12), 1);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 93);
}

static const uint16_t sources[] = {IR_LS_MYSQL, 0};

const struct ir_format ir_format_mysql = {
    .name = "mysql",
    .title = N_("MySQL and MariaDB error log"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .more = ir_syslog_more,
    .hints = ir_syslog_hints,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
