/*
 * lastlog: one record for each user number, with the last login; binary and full of holes.
 * Document: lastlog(8), glibc bits/utmp.h.
 *
 *     0        4          36          292
 *     +--------+----------+-----------+
 *     | time 4 | line 32  | host 256  |       (time has 8 bytes on some machines: 296)
 *     +--------+----------+-----------+
 *
 * The user's number is the record's place, which is why records are counted from the start. Zeros
 * are users that never logged in: no event. Line and host are the client's words.
 */
#include "format/utmp.h"
#include "format/web_url.h"

#define SIZE_SHORT 292u
#define SIZE_LONG  296u
#define EARLIEST   631152000
#define LATEST     4294967295
#define BID_MAX    64u

struct layout {
    bool big, wide;
};
static const struct layout layouts[] = {{false, false}, {true, false}, {false, true}, {true, true}};

static size_t size_of(struct layout l)
{
    return l.wide ? SIZE_LONG : SIZE_SHORT;
}

static uint64_t time_of(const char *p, struct layout l)
{
    return ir_utmp_int(p, l.wide ? 8 : 4, l.big);
}

/* A text of printable bytes and zeros to the end of its place. */
static bool is_text(const char *p, size_t n)
{
    struct ir_str s = ir_utmp_text(p, n);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f) return false;
    for (size_t i = s.n; i < n; i++)
        if (p[i] != 0) return false;
    return true;
}

static bool plausible(struct ir_str s, struct layout l)
{
    if (s.n < size_of(l)) return false;
    const uint64_t sec = time_of(s.p, l);
    const size_t at = l.wide ? 8 : 4;
    return sec >= EARLIEST && sec <= LATEST && s.p[at] != 0 && is_text(s.p + at, 32) &&
           is_text(s.p + at + 32, 256);
}

static bool find_layout(struct ir_str s, struct layout *ret_l)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        if (!plausible(s, layouts[i])) continue;
        *ret_l = layouts[i];
        return true;
    }
    return false;
}

/* Bytes of holes before the next record: whole places, so far as one can tell by zeros alone. */
static size_t zeros(struct ir_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == 0)
        n++;
    return n;
}

/* The record at or behind the holes; one that nobody can read goes to the next zeros. */
static size_t record_at(struct ir_str s, size_t *ret_at)
{
    struct layout l;
    size_t hole = zeros(s);
    for (size_t back = 0; back < 8 && back <= hole; back++) { /* big-endian times begin with 0 */
        *ret_at = hole - back;
        if (find_layout(ir_str_skip(s, hole - back), &l)) return size_of(l);
    }
    *ret_at = hole;
    return s.n - hole < SIZE_SHORT ? s.n - hole : SIZE_SHORT;
}

static size_t cut(struct ir_str data, bool last)
{
    size_t done = 0, at;
    if (last) return data.n;
    while (data.n - done > 2 * SIZE_LONG) {
        struct ir_str s = ir_str_skip(data, done);
        size_t n = record_at(s, &at);
        if (at + n > s.n || s.n - at < SIZE_LONG + 8) break;
        done += at + n;
    }
    /* a hole may end anywhere, but for the zeros that may begin a number */
    size_t hole = zeros(ir_str_skip(data, done));
    return hole > 16 ? done + hole - 8 : done;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    size_t at, n = record_at(*rest, &at);
    *ret_rec = ir_str_head(ir_str_skip(*rest, at), n);
    *rest = ir_str_skip(*rest, at + n);
    return n > 0;
}

/* Places are multiples of the record's size, from the start of the file. */
static int bid(struct ir_str head)
{
    /* fields are padded with zeros; no text holds one */
    if (ir_str_chr(ir_str_head(head, SIZE_SHORT), '\0') == IR_NPOS) return 0;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const size_t size = size_of(layouts[i]);
        unsigned timed = 0, other = 0;
        for (unsigned k = 0; k < BID_MAX && (k + 1) * size <= head.n; k++) {
            struct ir_str s = ir_str_n(head.p + k * size, size);
            /* a host fills no 256 bytes; text of any kind does */
            if (plausible(s, layouts[i]) && s.p[size - 1] == '\0')
                timed++;
            else
                other += zeros(s) < size;
        }
        if (timed > 0 && other == 0) return 95;
    }
    return 0;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct layout l;
    (void)p;
    if (!find_layout(rec, &l) || rec.n != size_of(l)) return IR_BAD;
    const char *line = rec.p + (l.wide ? 8 : 4);
    ev->verbatim = ev->raw_keywords = false;
    ir_event_time(ev, (int64_t)time_of(rec.p, l) * 1000000000, IR_EV_ZONE_KNOWN);
    ir_event_source(ev, IR_LS_LINUX_UTMP);
    ir_event_source(ev, IR_LS_LINUX);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("last-logon"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("success"));
    ir_utmp_number(ev, IR_F_USER_ID, IR_S(""), ev->views[0].offset / rec.n);
    ir_web_set(ev, IR_F_PROCESS_TTY, ir_utmp_text(line, 32));
    ir_utmp_peer(ev, ir_utmp_text(line + 32, 256));
    return IR_OK;
}

const struct ir_format ir_format_lastlog = {
    .name = "lastlog",
    .title = N_("lastlog: the last login of each user number (binary)"),
    .flags = IR_FMT_DOCUMENTS | IR_FMT_HEADER, /* in order: places are counted from the start */
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
