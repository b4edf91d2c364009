/*
 * Messages of database servers: see db.h. Names of users and databases are the client's words and
 * may hold quotes and whatever the rest of a message looks like, so they are read from the end that
 * the server wrote. Documents: MySQL and MariaDB reference manuals (server errors), PostgreSQL
 * src/backend/libpq/auth.c, postmaster.c.
 */
#include "base/time.h"
#include "format/db.h"
#include "format/stamp.h"
#include "format/syslog.h"
#include "format/web_url.h"

static void set_new(struct ir_event *ev, uint32_t id, struct ir_str v)
{
    if (v.n > 0 && ir_event_first(ev, id, 0) == IR_NOFIELD) ir_event_set(ev, id, v);
}

void ir_db_client(struct ir_event *ev, struct ir_str host)
{
    struct ir_str port = {0};
    size_t open = ir_str_chr(host, '('), colon = ir_str_rchr(host, ':');
    if (host.n == 0 || host.p[0] == '[' || host.p[0] == '%' ||
        ir_event_first(ev, IR_F_SOURCE_IP, 0) != IR_NOFIELD)
        return; /* "[local]"; "%" of 'app'@'%' is whom an account lets in */
    if (open != IR_NPOS && host.p[host.n - 1] == ')') {
        port = ir_str_n(host.p + open + 1, host.n - open - 2);
        host = ir_str_head(host, open);
    } else if (colon != IR_NPOS && ir_str_chr(host, ':') == colon) {
        port = ir_str_skip(host, colon + 1);
        host = ir_str_head(host, colon);
    }
    ir_syslog_peer(ev, host);
    if (port.n > 0) ir_syslog_port(ev, port);
}

/* A prefix of the line may have told it already. */
static void client_port(struct ir_event *ev, struct ir_str port)
{
    if (ir_event_first(ev, IR_F_SOURCE_PORT, 0) == IR_NOFIELD) ir_syslog_port(ev, port);
}

static bool has_named(const struct ir_event *ev, struct ir_str name)
{
    const uint32_t id = ir_names_find(ev->names, name);
    for (uint32_t i = 0; i < ev->nfields; i++)
        if (id != IR_F_NONE ? ev->fields[i].id == id : ir_str_eq(ev->fields[i].name, name))
            return true;
    return false;
}

void ir_db_user(struct ir_event *ev, struct ir_str user, struct ir_str database)
{
    if (!ir_str_eq(user, IR_S("[unknown]"))) set_new(ev, IR_F_USER_NAME, user);
    if (database.n > 0 && !ir_str_eq(database, IR_S("[unknown]")) &&
        !has_named(ev, IR_S("db.name")))
        ir_event_add_named(ev, IR_S("db.name"), IR_V_STRING, database);
}

static void login(struct ir_event *ev, bool success)
{
    if (ir_event_first(ev, IR_F_EVENT_OUTCOME, 0) != IR_NOFIELD) return;
    ir_event_source(ev, IR_LS_AUTHENTICATION);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("database_login"));
    ir_web_word(ev, IR_F_EVENT_CATEGORY, IR_S("authentication"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, success ? IR_S("success") : IR_S("failure"));
}

/* 'USER'@'HOST' at the end of s. */
static bool user_at_host(struct ir_str s, struct ir_event *ev)
{
    size_t at = ir_str_rfind(s, IR_S("'@'"));
    if (at == IR_NPOS || at == 0 || s.p[0] != '\'' || s.p[s.n - 1] != '\'' || at + 3 > s.n - 1)
        return false;
    set_new(ev, IR_F_USER_NAME, ir_str_n(s.p + 1, at - 1));
    ir_db_client(ev, ir_str_n(s.p + at + 3, s.n - at - 4));
    return true;
}

/* "Access denied for user 'u'@'h' (using password: YES)", "… to database 'd'" */
static void access_denied(struct ir_str s, struct ir_event *ev)
{
    size_t tail = ir_str_rfind(s, IR_S(" (using password: "));
    if (tail == IR_NPOS) tail = ir_str_rfind(s, IR_S(" to database '"));
    login(ev, false);
    user_at_host(ir_str_trim(tail == IR_NPOS ? s : ir_str_head(s, tail)), ev);
}

/* "Aborted connection 8 to db: 'd' user: 'u' host: 'h' (reason)" */
static void aborted(struct ir_str s, struct ir_event *ev)
{
    size_t user = ir_str_find(s, IR_S(" user: '")), host = ir_str_rfind(s, IR_S("' host: '"));
    size_t end = ir_str_rfind(s, IR_S("' ("));
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("connection-aborted"));
    if (user == IR_NPOS || host == IR_NPOS || end == IR_NPOS || host < user + 8 || end < host + 9)
        return;
    struct ir_str name = ir_str_n(s.p + user + 8, host - user - 8);
    if (!ir_str_eq(name, IR_S("unauthenticated"))) set_new(ev, IR_F_USER_NAME, name);
    ir_db_client(ev, ir_str_n(s.p + host + 9, end - host - 9));
}

void ir_mysql_message(struct ir_str msg, struct ir_event *ev)
{
    size_t at = ir_str_find(ir_str_head(msg, 64), IR_S("Access denied for user "));
    if (at != IR_NPOS) {
        access_denied(ir_str_skip(msg, at + sizeof "Access denied for user " - 1), ev);
    } else if (ir_str_starts(msg, IR_S("Aborted connection "))) {
        aborted(msg, ev);
    } else if (ir_str_find(ir_str_head(msg, 128), IR_S("ready for connections")) != IR_NPOS) {
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("service-started"));
    } else if (ir_str_find(ir_str_head(msg, 128), IR_S("Shutdown complete")) != IR_NPOS) {
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("service-stopped"));
    }
}

/* The text between the first '"' behind `lead` and the last '"' of s (or before `tail`). */
static struct ir_str quoted(struct ir_str s, struct ir_str lead, struct ir_str tail)
{
    size_t at = ir_str_find(s, lead);
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + lead.n);
    size_t end = tail.n > 0 ? ir_str_rfind(s, tail) : ir_str_rchr(s, '"');
    return end == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(s, end);
}

static struct ir_str word_at(struct ir_str s, size_t at, size_t key)
{
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, at + key);
    size_t end = ir_str_chr(s, ' ');
    return end == IR_NPOS ? s : ir_str_head(s, end);
}

/* Of the last KEY=, behind what a client chose; and of the first, before it. */
static struct ir_str word(struct ir_str s, struct ir_str key)
{
    return word_at(s, ir_str_rfind(s, key), key.n);
}

static struct ir_str first_word(struct ir_str s, struct ir_str key)
{
    return word_at(s, ir_str_find(s, key), key.n);
}

/* no pg_hba.conf entry for host "192.0.2.7", user "u", database "d", no encryption */
static void no_entry(struct ir_str s, struct ir_event *ev)
{
    struct ir_str host = quoted(s, IR_S(" host \""), IR_S("\", user \""));
    size_t again = ir_str_chr(host, '"'); /* a host holds none: a user's name looks like the rest */
    login(ev, false);
    ir_db_client(ev, again == IR_NPOS ? host : ir_str_head(host, again));
    ir_db_user(ev, quoted(s, IR_S("\", user \""), IR_S("\", database \"")),
               quoted(s, IR_S("\", database \""), ir_str_n("", 0)));
}

void ir_postgres_refused(struct ir_event *ev)
{
    login(ev, false);
}

void ir_postgres_authorized(struct ir_event *ev, struct ir_str user, struct ir_str database)
{
    login(ev, true);
    ir_db_user(ev, user, database);
}

void ir_postgres_received(struct ir_event *ev, struct ir_str host, struct ir_str port)
{
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("connection-received"));
    ir_db_client(ev, host);
    client_port(ev, port);
}

/* "password authentication failed for user "u"" and other refusals. */
static bool refused(struct ir_str one, struct ir_event *ev)
{
    if (ir_str_find(ir_str_head(one, 64), IR_S(" authentication failed for user \"")) != IR_NPOS) {
        login(ev, false);
        ir_db_user(ev, quoted(one, IR_S(" user \""), ir_str_n("", 0)), ir_str_n(NULL, 0));
    } else if (ir_str_starts(one, IR_S("no pg_hba.conf entry for ")) ||
               ir_str_starts(one, IR_S("pg_hba.conf rejects "))) {
        no_entry(one, ev);
    } else if (ir_str_starts(one, IR_S("role \"")) && ir_str_ends(one, IR_S("\" does not exist"))) {
        login(ev, false);
        ir_db_user(ev, quoted(one, IR_S("role \""), ir_str_n("", 0)), ir_str_n(NULL, 0));
    } else {
        return false;
    }
    return true;
}

static void connection(struct ir_str one, struct ir_event *ev)
{
    if (ir_str_starts(one, IR_S("connection received: "))) {
        ir_postgres_received(ev, word(one, IR_S(" host=")), word(one, IR_S(" port=")));
    } else if (ir_str_starts(one, IR_S("connection authorized: "))) {
        /* the application's name stands behind them */
        ir_postgres_authorized(ev, first_word(one, IR_S(" user=")),
                               first_word(one, IR_S(" database=")));
    } else if (ir_str_starts(one, IR_S("disconnection: "))) {
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("disconnection"));
        ir_db_user(ev, word(one, IR_S(" user=")), word(one, IR_S(" database=")));
        ir_db_client(ev, word(one, IR_S(" host=")));
        client_port(ev, word(one, IR_S(" port=")));
    } else if (ir_str_starts(one, IR_S("AUDIT: "))) {
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("audit"));
    } else {
        ir_postgres_translated(one, ev);
    }
}

/* A client chooses the text of its statements, and of the errors and notices that they raise. */
void ir_postgres_message(struct ir_str level, struct ir_str msg, struct ir_event *ev)
{
    struct ir_str word, english = {NULL, 0};
    const struct ir_str one = ir_str_head(msg, 1024);
    const bool known = ir_postgres_level(level, &word, &english);
    if (english.n > 0) level = english;
    const bool log = known && ir_str_eq(level, IR_S("LOG"));
    if (known && !log && !ir_str_eq(level, IR_S("FATAL"))) return;
    if (log || !refused(one, ev)) connection(one, ev);
}

size_t ir_postgres_stamp(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev)
{
    struct ir_clock c = *clock;
    struct ir_zone named = {0};
    size_t end = 0, n = s.n > 19 && s.p[10] == ' ' ? ir_stamp_iso(s, &c, ev) : 0;
    if (n == 0) return 0;
    if (n >= s.n || s.p[n] != ' ') return n;
    struct ir_str rest = ir_str_skip(s, n + 1);
    while (end < rest.n && end < 6 &&
           (ir_isalnum(rest.p[end]) || rest.p[end] == '+' || rest.p[end] == '-'))
        end++;
    if (end < 2 || ir_isdigit(rest.p[0])) return n; /* a zone is a word in capitals, or +09 */
    for (size_t i = 0; i < end; i++)
        if (rest.p[i] >= 'a') return n;
    if (ir_syslog_zone(ir_str_head(rest, end), &named.offset_s)) {
        c.zone = &named;
        ir_stamp_iso(s, &c, ev);
        ev->flags |= IR_EV_ZONE_KNOWN;
    }
    return n + 1 + end;
}

static struct ir_str without_doubles(struct ir_str s, char quote, char escape, struct ir_event *ev)
{
    char *out = ir_arena_alloc(ev->arena, s.n);
    size_t n = 0;
    if (out == NULL) return s;
    for (size_t i = 0; i < s.n; i++) {
        bool pair = i + 1 < s.n &&
                    ((s.p[i] == quote && s.p[i + 1] == quote) || (escape != 0 && s.p[i] == escape));
        if (pair) i++;
        out[n++] = s.p[i];
    }
    ev->verbatim = false;
    return ir_str_n(out, n);
}

bool ir_db_cell(struct ir_str *rest, char quote, char escape, struct ir_event *ev,
                struct ir_str *ret_cell)
{
    if (rest->p == NULL) return false;
    if (rest->n == 0 || rest->p[0] != quote) {
        *ret_cell = ir_str_cut(rest, ',');
        return true;
    }
    size_t i = 1;
    bool doubled = false;
    for (; i < rest->n; i++) {
        bool esc = escape != 0 && rest->p[i] == escape && i + 1 < rest->n;
        bool two = rest->p[i] == quote && i + 1 < rest->n && rest->p[i + 1] == quote;
        if (rest->p[i] == quote && !two) break;
        if (!esc && !two) continue;
        doubled = true;
        i++;
    }
    *ret_cell = ir_str_n(rest->p + 1, (i < rest->n ? i : rest->n) - 1);
    if (doubled && ev != NULL) *ret_cell = without_doubles(*ret_cell, quote, escape, ev);
    *rest = ir_str_skip(*rest, i + 1);
    if (rest->n > 0 && rest->p[0] == ',')
        *rest = ir_str_skip(*rest, 1);
    else
        *rest = ir_str_n(NULL, 0);
    return true;
}
