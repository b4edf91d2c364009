/*
 * MariaDB's audit plugin (server_audit), also used with MySQL. Document: MariaDB "MariaDB Audit
 * Plugin - Log Format".
 *
 *     20261122 01:02:03,HOST,USER,CLIENT,CONNECTION,QUERY,OPERATION,DATABASE,OBJECT,CODE
 *
 * USER, DATABASE and OBJECT are the client's words. OBJECT (the statement) stands in quotes with
 * escapes, and CODE is the last; USER and DATABASE have no quotes and may hold what looks like the
 * rest of a log-in: two places that fit name nobody.
 */
#include "format/db.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define USER_MAX 512u

struct line {
    struct ir_civil at;
    struct ir_str host, user, client, connection, query, operation, database, object, code;
    bool unsure; /* a log-in that can be read in two ways: only result and time are certain */
};

static bool all_digits(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i])) return false;
    return s.n > 0;
}

static int number(const char *p, unsigned n)
{
    int v = 0;
    for (unsigned i = 0; i < n; i++)
        v = v * 10 + p[i] - '0';
    return v;
}

static bool stamp_at(struct ir_str s, struct ir_civil *c)
{
    static const char shape[] = "dddddddd dd:dd:dd";
    if (s.n != sizeof shape - 1) return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] == 'd' ? !ir_isdigit(s.p[i]) : s.p[i] != shape[i]) return false;
    *c = (struct ir_civil){.year = number(s.p, 4),
                           .month = number(s.p + 4, 2),
                           .day = number(s.p + 6, 2),
                           .hour = number(s.p + 9, 2),
                           .minute = number(s.p + 12, 2),
                           .second = number(s.p + 15, 2)};
    return true;
}

static bool is_operation(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '_') return false;
    return s.n >= 4 && s.n <= 32;
}

static bool is_client(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isalnum(s.p[i]) && memchr(".:-_%", s.p[i], 5) == NULL) return false;
    return true;
}

/* "USER,CLIENT,CONNECTION,QUERY,OPERATION,…" with the user ending at the first comma, from `from`
 * on, behind which the others fit. Where that is; IR_NPOS: nowhere. */
static size_t find_user(struct ir_str s, size_t from, struct line *l)
{
    for (size_t at = from; at < s.n && at < USER_MAX; at++) {
        if (s.p[at] != ',') continue;
        struct ir_str rest = ir_str_skip(s, at + 1);
        l->user = ir_str_head(s, at);
        l->client = ir_str_cut(&rest, ',');
        l->connection = ir_str_cut(&rest, ',');
        l->query = ir_str_cut(&rest, ',');
        l->operation = ir_str_cut(&rest, ',');
        if (!all_digits(l->connection) || !all_digits(l->query) || !is_operation(l->operation) ||
            !is_client(l->client))
            continue;
        l->database = rest.p != NULL ? ir_str_cut(&rest, ',') : ir_str_n(NULL, 0);
        size_t comma = ir_str_rchr(rest, ',');
        l->object = comma == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(rest, comma);
        l->code = comma == IR_NPOS ? rest : ir_str_skip(rest, comma + 1);
        return at;
    }
    return IR_NPOS;
}

static bool accept(struct ir_str rec, struct line *l)
{
    struct ir_str rest = rec;
    l->unsure = false;
    if (rec.n < 30 || !stamp_at(ir_str_cut(&rest, ','), &l->at)) return false;
    l->host = ir_str_cut(&rest, ',');
    size_t at = find_user(rest, 0, l);
    if (at == IR_NPOS) return false;
    /* statements stand in quotes, log-ins have none; who runs statements is a real account */
    bool quoted = l->object.n > 0 && l->object.p[l->object.n - 1] == '\'';
    struct line other = *l;
    if (!quoted && find_user(rest, at + 1, &other) != IR_NPOS) {
        *l = other;
        l->unsure = true;
    }
    return true;
}

static void outcome(const struct line *l, struct ir_event *ev)
{
    bool failed = ir_str_eq(l->operation, IR_S("FAILED_CONNECT"));
    bool connect = failed || ir_str_eq(l->operation, IR_S("CONNECT"));
    if (connect)
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("database_login"));
    else
        ir_event_set(ev, IR_F_EVENT_ACTION, l->operation);
    if (!failed && !all_digits(l->code)) return;
    bool good = !failed && ir_str_eq(l->code, IR_S("0"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, good ? IR_S("success") : IR_S("failure"));
    if (!connect) return;
    ir_web_word(ev, IR_F_EVENT_CATEGORY, IR_S("authentication"));
    ir_event_source(ev, IR_LS_AUTHENTICATION);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct line l;
    struct ir_str text;
    int64_t ns;
    if (!accept(rec, &l)) return IR_BAD;
    if (ir_clock_civil(&p->clock, &l.at, &ns))
        ir_event_time(ev, ns, 0);
    else
        ir_event_damage(ev, "a time stamp with an impossible date");
    ir_event_source(ev, IR_LS_MYSQL);
    ir_web_set(ev, IR_F_HOST_NAME, l.host);
    if (l.unsure) {
        ir_event_derive(ev, IR_F_TAGS, IR_S("log_injection"));
    } else {
        ir_db_user(ev, l.user, l.database);
        ir_db_client(ev, l.client);
    }
    ir_event_add_named(ev, IR_S("connectionid"), IR_V_NUMBER, l.connection);
    ir_event_add_named(ev, IR_S("queryid"), IR_V_NUMBER, l.query);
    ir_event_add_named(ev, IR_S("operation"), IR_V_STRING, l.operation);
    if (all_digits(l.code)) ir_event_add(ev, IR_F_ERROR_CODE, IR_V_NUMBER, l.code);
    if (ir_db_cell(&l.object, '\'', '\\', ev, &text) && text.n > 0)
        ir_event_set(ev, IR_F_MESSAGE, text);
    outcome(&l, ev);
    return IR_OK;
}

static bool mine(struct ir_str line)
{
    struct line l;
    return accept(line, &l);
}

static int bid(struct ir_str head)
{
    return ir_line_bid(head, mine, 94);
}

const struct ir_format ir_format_mysql_audit = {
    .name = "mysql_audit",
    .title = N_("MariaDB audit plugin"),
    .flags = IR_FMT_STRAYS,
    .bid = bid,
    .parse = parse,
};
