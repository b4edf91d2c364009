/*
 * The slow query log of MySQL and MariaDB. Documents: MySQL reference manual 5.4.5, MariaDB "Slow
 * Query Log Overview".
 *
 *     # Time: 2026-11-22T01:02:03.123456Z        (or 261122  1:02:03, or missing)
 *     # User@Host: shop[shop] @ pc [192.0.2.7]  Id:     8
 *     # Query_time: 2.000000  Lock_time: …
 *     use shop;
 *     SET timestamp=1795309323;
 *     SELECT …;
 *
 * The statement is the client's words, over any number of lines, and "# User@Host:" is a comment of
 * SQL: whoever may ask can write what looks like the next entry. So an entry needs its line of
 * times, and the time is the one of SET, which the server writes before the statement.
 */
#include "format/db.h"
#include "format/records.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define USER  IR_S("# User@Host: ")
#define TIME  IR_S("# Time: ")
#define QUERY IR_S("# Query_time: ")

static struct ir_str first_line(struct ir_str s)
{
    size_t n = ir_str_chr(s, '\n');
    return n == IR_NPOS ? s : ir_str_head(s, n);
}

/* An entry's head: [# Time], # User@Host, then only comments until # Query_time. 1 yes, 0 no, -1 it
 * needs more bytes. */
static int is_entry(struct ir_str s, bool last)
{
    bool user = false;
    for (int i = 0; i < 6; i++) {
        struct ir_str line = first_line(s);
        if (line.n == s.n && !last) return -1;
        if (ir_str_starts(line, QUERY)) return user;
        if (ir_str_starts(line, USER)) user = true;
        if (line.n == 0 || line.p[0] != '#') return 0;
        s = ir_str_skip(s, line.n + 1);
    }
    return 0;
}

/* Bytes of the record at the start of s; IR_NPOS: it needs more. */
static size_t record_length(struct ir_str s, bool last)
{
    size_t at = 0;
    bool head = true; /* still in the comments that begin the record */
    for (;;) {
        struct ir_str line = first_line(ir_str_skip(s, at));
        if (at + line.n >= s.n) return last ? s.n : IR_NPOS;
        at += line.n + 1;
        struct ir_str behind = ir_str_skip(s, at);
        if (head && behind.n > 0 && behind.p[0] == '#') continue;
        head = false;
        if (!ir_str_starts(behind, IR_S("# "))) {
            if (behind.n < 2 && !last) return IR_NPOS;
            continue;
        }
        int next =
            ir_str_starts(behind, TIME) || ir_str_starts(behind, USER) ? is_entry(behind, last) : 0;
        if (next < 0 || (!last && behind.n < USER.n)) return IR_NPOS;
        if (next > 0) return at;
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

/* "shop[shop] @ pc [192.0.2.7]  Id:     8": from the right, where the server writes numbers. */
static void user_line(struct ir_str s, struct ir_event *ev)
{
    size_t id = ir_str_rfind(s, IR_S("  Id:"));
    if (id != IR_NPOS) {
        ir_web_number(ev, IR_F_PROCESS_THREAD_ID, ir_str_trim(ir_str_skip(s, id + 5)));
        s = ir_str_head(s, id);
    }
    s = ir_str_trim(s);
    size_t at = ir_str_rfind(s, IR_S(" @ ")), open = ir_str_rchr(s, '[');
    if (at == IR_NPOS) return;
    if (open != IR_NPOS && open > at && s.p[s.n - 1] == ']') {
        ir_db_client(ev, ir_str_n(s.p + open + 1, s.n - open - 2));
        struct ir_str host = ir_str_trim(ir_str_n(s.p + at + 3, open - at - 3));
        if (s.n - open == 2) ir_db_client(ev, host);
    }
    struct ir_str user = ir_str_head(s, at);
    size_t priv = ir_str_rchr(user, '[');
    ir_db_user(ev, priv == IR_NPOS ? user : ir_str_head(user, priv), ir_str_n(NULL, 0));
}

/* "Query_time: 2.000000  Lock_time: …": pairs with blanks between */
static void pairs(struct ir_str s, struct ir_event *ev)
{
    while (s.n > 0) {
        struct ir_str key = ir_str_cut(&s, ':');
        s = ir_str_trim(s);
        struct ir_str value = ir_str_cut(&s, ' ');
        key = ir_str_trim(key);
        if (key.n == 0 || value.n == 0 || ir_str_chr(key, ' ') != IR_NPOS) return;
        ir_event_add_named(ev, key, IR_V_NUMBER, value);
        s = ir_str_trim(s);
    }
}

/* Lines between the comments and the statement. */
static bool preamble(struct ir_str line, struct ir_event *ev)
{
    struct ir_str set = IR_S("SET timestamp=");
    if (ir_str_starts(line, IR_S("use ")) && ir_str_ends(line, IR_S(";"))) {
        struct ir_str name = ir_str_n(line.p + 4, line.n - 5);
        if (ir_syslog_take(&name, IR_S("`"))) ir_syslog_drop_end(&name, IR_S("`"));
        ir_db_user(ev, ir_str_n(NULL, 0), name);
        return true;
    }
    if (!ir_str_starts(line, set)) return false;
    uint64_t sec;
    struct ir_str digits = ir_str_skip(line, set.n);
    size_t end = ir_str_chr(digits, ';');
    if (end == IR_NPOS || !ir_str_u64(ir_str_head(digits, end), &sec) || sec > 9000000000)
        return false;
    ir_event_time(ev, (int64_t)sec * 1000000000, IR_EV_ZONE_KNOWN);
    return true;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct ir_str rest = rec;
    bool user = false, query = false;
    while (rest.n > 0 && rest.p[0] == '#') {
        struct ir_str line = first_line(rest);
        rest = ir_str_skip(rest, line.n + 1);
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        if (ir_str_starts(line, TIME)) ir_stamp_iso(ir_str_skip(line, TIME.n), &p->clock, ev);
        if (ir_str_starts(line, USER) && !user) {
            user_line(ir_str_skip(line, USER.n), ev);
            user = true;
        } else if (!ir_str_starts(line, TIME)) {
            pairs(ir_str_trim(ir_str_skip(line, 1)), ev);
        }
        query = query || ir_str_starts(line, QUERY);
    }
    if (!user || !query) return IR_BAD;
    while (rest.n > 0 && preamble(first_line(rest), ev))
        rest = ir_str_skip(rest, first_line(rest).n + 1);
    ir_event_source(ev, IR_LS_MYSQL);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("slow-query"));
    if (rest.n > 0) ir_event_set(ev, IR_F_MESSAGE, rest);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    struct ir_str rest = head;
    for (int i = 0; i < 12 && rest.p != NULL; i++) {
        if ((ir_str_starts(rest, TIME) || ir_str_starts(rest, USER)) && is_entry(rest, true) > 0)
            return 95;
        ir_str_cut(&rest, '\n');
    }
    return 0;
}

const struct ir_format ir_format_mysql_slow = {
    .name = "mysql_slow",
    .title = N_("MySQL and MariaDB slow query log"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
