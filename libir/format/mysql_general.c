/*
 * The general query log of MySQL and MariaDB: every connection and every statement. Documents:
 * MySQL reference manual 5.4.3, MariaDB "General Query Log".
 *
 *     2026-11-22T01:02:03.123456Z<tab>    8 Connect<tab>bob@192.0.2.7 on shop using TCP/IP
 *     261122  1:02:03<tab>     8 Query<tab>SELECT 1                     MariaDB and old MySQL,
 * which <tab><tab>     8 Quit<tab>                                        write a second once
 *     /usr/sbin/mysqld, Version: 8.0 … started with:                   and two lines of a head
 *
 * Hostile: a statement goes over any number of lines and may hold what looks like the next record;
 * nobody can tell that from the text. What stands before " on " is the client's name, and what
 * stands behind it the client's choice of a database.
 */
#include <stdlib.h>

#include "format/db.h"
#include "format/records.h"
#include "format/web_url.h"

#define ID_MAX 24u

extern const struct ir_format ir_format_mysql_general;

/* The second of the records before, for those that are written without one. */
struct state {
    int64_t time;
    uint32_t flags;
    bool known;
};

struct head {
    struct ir_str id, command, argument;
    bool stamped;
};

static const struct ir_str commands[] = {
    IR_S("Query"),          IR_S("Connect"),
    IR_S("Quit"),           IR_S("Init DB"),
    IR_S("Execute"),        IR_S("Prepare"),
    IR_S("Close stmt"),     IR_S("Field List"),
    IR_S("Change user"),    IR_S("Ping"),
    IR_S("Statistics"),     IR_S("Reset stmt"),
    IR_S("Long Data"),      IR_S("Fetch"),
    IR_S("Set option"),     IR_S("Kill"),
    IR_S("Shutdown"),       IR_S("Refresh"),
    IR_S("Processlist"),    IR_S("Binlog Dump"),
    IR_S("Register Slave"), IR_S("Reset Connection"),
    IR_S("Create DB"),      IR_S("Drop DB"),
    IR_S("Sleep"),          IR_S("Debug"),
    IR_S("Time"),           IR_S("Daemon"),
    IR_S("Error"),          IR_S("Connect Out"),
    IR_S("Table Dump"),     IR_S("Delayed insert"),
    IR_S("Bulk_execute"),
};

static struct ir_str blanks(struct ir_str s)
{
    while (s.n > 0 && s.p[0] == ' ')
        s = ir_str_skip(s, 1);
    return s;
}

/* "    8 Connect<tab>…" */
static bool take_command(struct ir_str s, struct head *h)
{
    size_t n = 0;
    s = blanks(s);
    while (n < s.n && n < ID_MAX && ir_isdigit(s.p[n]))
        n++;
    h->id = ir_str_head(s, n);
    if (n == 0 || n >= s.n || s.p[n] != ' ') return false;
    s = ir_str_skip(s, n + 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (!ir_str_starts(s, commands[i])) continue;
        struct ir_str rest = ir_str_skip(s, commands[i].n);
        if (rest.n > 0 && rest.p[0] != '\t' && rest.p[0] != '\n' && rest.p[0] != '\r') continue;
        h->command = ir_str_head(s, commands[i].n);
        h->argument = ir_str_skip(rest, 1);
        return true;
    }
    return false;
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    size_t n = ir_mysql_stamp(rec, clock, ev);
    h->stamped = n > 0;
    if (n > 0 && n < rec.n && rec.p[n] == '\t') return take_command(ir_str_skip(rec, n + 1), h);
    return n == 0 && ir_str_starts(rec, IR_S("\t\t")) && take_command(ir_str_skip(rec, 2), h);
}

static struct ir_str first_line(struct ir_str s)
{
    struct ir_str line = ir_str_head(s, ir_str_chr(s, '\n'));
    if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
    return line;
}

static bool is_start(struct ir_str line)
{
    return ir_str_ends(line, IR_S(". started with:")) &&
           ir_str_find(line, IR_S(", Version: ")) != IR_NPOS;
}

static bool begins_record(struct ir_str s)
{
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    struct head h;
    if (s.n == 0) return false;
    if (ir_isdigit(s.p[0]) || s.p[0] == '\t') return accept(s, &clock, &scratch, &h);
    return is_start(first_line(s));
}

static size_t record_length(struct ir_str s, bool last)
{
    for (size_t at = 0;;) {
        size_t line = ir_str_chr(ir_str_skip(s, at), '\n');
        if (line == IR_NPOS) return last ? s.n : IR_NPOS;
        at += line + 1;
        struct ir_str behind = ir_str_skip(s, at);
        if (!last && ir_str_chr(behind, '\n') == IR_NPOS) return IR_NPOS;
        if (begins_record(behind)) return at;
    }
}

static size_t cut(struct ir_str data, bool last)
{
    return ir_records_cut(data, last, record_length);
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    return ir_records_next(rest, ret_rec, record_length);
}

/* "bob@192.0.2.7 on shop using TCP/IP": where "@HOST on " stands twice, nobody can tell which is
 * the server's. */
static void connection(struct ir_str s, struct ir_event *ev)
{
    size_t found = 0, at = 0, end = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '@') continue;
        size_t n = i + 1;
        while (n < s.n && (ir_isalnum(s.p[n]) || memchr(".:-_%", s.p[n], 5) != NULL))
            n++;
        if (!ir_str_starts(ir_str_skip(s, n), IR_S(" on"))) continue;
        found++;
        at = i;
        end = n;
    }
    if (found != 1) return;
    struct ir_str base = ir_str_skip(s, end + 3);
    size_t using = ir_str_rfind(base, IR_S(" using "));
    if (using != IR_NPOS) base = ir_str_head(base, using);
    ir_db_user(ev, ir_str_head(s, at), ir_str_trim(base));
    ir_db_client(ev, ir_str_n(s.p + at + 1, end - at - 1));
}

static void add_fields(const struct head *h, struct ir_event *ev)
{
    ir_web_number(ev, IR_F_PROCESS_THREAD_ID, h->id);
    if (h->argument.n > 0) ir_event_set(ev, IR_F_MESSAGE, h->argument);
    bool connect = ir_str_eq(h->command, IR_S("Connect"));
    if (connect || ir_str_eq(h->command, IR_S("Change user"))) {
        if (ir_str_starts(h->argument, IR_S("Access denied for user ")))
            ir_mysql_message(h->argument, ev);
        else
            connection(first_line(h->argument), ev);
    }
    if (ir_event_first(ev, IR_F_EVENT_ACTION, 0) == IR_NOFIELD)
        ir_event_set(ev, IR_F_EVENT_ACTION, h->command);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    struct state *s = p->fmt == &ir_format_mysql_general ? p->state : NULL;
    if (is_start(first_line(rec))) {
        ir_event_set(ev, IR_F_MESSAGE, first_line(rec));
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("service-started"));
    } else if (accept(rec, &p->clock, ev, &h)) {
        add_fields(&h, ev);
        if (s != NULL && h.stamped) *s = (struct state){ev->time, ev->flags, true};
        if (s != NULL && !h.stamped && s->known)
            ir_event_time(ev, s->time, s->flags & IR_EV_ZONE_KNOWN);
    } else {
        return IR_BAD;
    }
    ir_event_source(ev, IR_LS_MYSQL);
    return IR_OK;
}

static int open_state(struct ir_parser *p)
{
    p->state = calloc(1, sizeof(struct state));
    return p->state != NULL ? IR_OK : IR_FATAL;
}

static void close_state(struct ir_parser *p)
{
    free(p->state);
}

/* One record proves it: id and command between tabs are nobody else's. */
static int bid(struct ir_str head)
{
    for (int i = 0; i < 12 && head.p != NULL; i++) {
        if (begins_record(head) && !is_start(first_line(head))) return 95;
        ir_str_cut(&head, '\n');
    }
    return 0;
}

const struct ir_format ir_format_mysql_general = {
    .name = "mysql_general",
    .title = N_("MySQL and MariaDB general query log"),
    .flags = IR_FMT_DOCUMENTS | IR_FMT_HEADER,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
    .open = open_state,
    .close = close_state,
};
