/*
 * The template of a log format, compiled and run so that it stays true: copy the part between the
 * lines into libir/format/NAME.c, change it, and add FORMAT(NAME) to formats.def.
 * libir/format/README.md explains each step. The example reads "2026-11-22T01:02:03Z LEVEL
 * user=NAME text".
 */
#include "syslog_test.h"

/* ---------------------------------------------------------------------------------- the template
 */

#include "format/format.h"
#include "format/stamp.h"

/* The head of a line, shared by stamp and parse: they must accept the same records. */
static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct ir_str *ret_rest)
{
    size_t n = ir_stamp_iso(rec, clock, ev);
    struct ir_str rest = ir_str_skip(rec, n + 1);
    size_t blank = ir_str_chr(rest, ' ');
    if (n == 0 || n >= rec.n || rec.p[n] != ' ' || blank == IR_NPOS) return false;
    if (!ir_str_starts(ir_str_skip(rest, blank + 1), IR_S("user="))) return false;
    *ret_rest = rest;
    return true;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str rest;
    if (!accept(rec, &p->clock, ev, &rest)) return IR_BAD;
    ir_event_source(ev, IR_LS_LINUX);
    ir_event_set(ev, IR_F_LOG_LEVEL, ir_str_cut(&rest, ' '));
    rest = ir_str_skip(rest, 5);
    ir_event_set(ev, IR_F_USER_NAME, ir_str_cut(&rest, ' '));
    if (rest.n > 0) ir_event_set(ev, IR_F_MESSAGE, rest);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str rest;
    return accept(rec, &p->clock, ev, &rest) ? IR_OK : IR_BAD;
}

/* The share of good lines among the first ones. */
static int bid(struct ir_str head)
{
    int lines = 0, good = 0;
    while (head.n > 0 && lines < 32) {
        struct ir_str rest, line = ir_str_cut(&head, '\n');
        struct ir_clock clock = {0};
        struct ir_event scratch = {0};
        lines++;
        good += accept(line, &clock, &scratch, &rest);
    }
    return good * 2 > lines ? 90 * good / lines : 0;
}

static const struct ir_format ir_format_example = {
    /* not static in a file of its own */
    .name = "example",        .title = N_("The template's own lines"),
    .flags = IR_FMT_VERBATIM, .bid = bid,
    .parse = parse,           .stamp = stamp,
};

/* ------------------------------------------------------------------------------------------ its
 * test */

int main(void)
{
    const char *good = "2026-11-22T01:02:03Z warn user=bob hello there";
    char buf[IR_TIME_TEXT];
    struct lines t;
    lines_open(&t, "text", 0);
    ir_event_begin(t.ev, ir_str_z(good), 0, 1);
    is_int(ir_format_example.parse(&t.parser, t.ev->raw, t.ev), IR_OK, "a good line");
    is_str(ir_str_z(when(&t, buf)), "2026-11-22T01:02:03Z", "time");
    is_str(field(&t, IR_F_LOG_LEVEL), "warn", "level");
    is_str(field(&t, IR_F_USER_NAME), "bob", "user");
    is_str(field(&t, IR_F_MESSAGE), "hello there", "message");
    is_int(ir_format_example.bid(ir_str_z(good)), 90, "bid");
    is_int(ir_format_example.bid(ir_str_z("x\n")), 0, "no bid");
    for (size_t n = 0; n < strlen(good); n++) {
        struct ir_str rec = ir_str_n(good, n);
        ir_event_begin(t.ev, rec, 0, 1);
        int a = ir_format_example.parse(&t.parser, rec, t.ev);
        if (a != ir_format_example.stamp(&t.parser, rec, t.ev)) ok(false, "prefix of %zu bytes", n);
    }
    lines_close(&t);
    return done();
}
