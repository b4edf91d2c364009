/*
 * PostgreSQL's log on stderr (postgresql-NN-main.log), with the usual forms of log_line_prefix.
 * Document: PostgreSQL manual, "Error Reporting and Logging". Its CSV form: postgres_csv.c.
 *
 *     2026-11-22 01:02:03.123 JST [4711] mori@shop FATAL:  password authentication failed …
 *     2026-11-22 01:02:03 UTC:192.0.2.7(4711):mori@shop:[99]:ERROR:  …      hosted servers
 *     192.0.2.7 2026-11-22 01:02:03.123 UTC [4711] mori@shop ERROR:  …
 *     2026-11-22 01:02:03 UTC [99]: [3-1] user=mori,db=shop,app=psql,client=192.0.2.7 LOG:  …
 *     	second line of a statement: the server writes a tab before it
 *
 * The names of user, database and application are the client's words. The level is the first word
 * of the server's own list with a colon and two blanks (postgres_words.c: lc_messages may be any
 * language); what is read of the prefix are parts whose shape leaves no doubt. The usual prefix has
 * no address: that of a "connection received" line of the same process is taken.
 */
#include "base/ip.h"
#include "format/db.h"
#include "format/line_bid.h"
#include "format/peers.h"
#include "format/syslog.h"
#include "format/web_url.h"

#define PREFIX_MAX 512u
#define LEAD_WORDS 2u
#define LEAD_MAX   64u

struct head {
    struct ir_str lead, prefix, level, english, msg; /* english: of a level in another language */
};

/* The stamp, with up to two words of the prefix before it ("%h %m", "[%p] %t"). Returns where it
 * ends; 0: none. */
static size_t stamp_at(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                       struct ir_str *ret_lead)
{
    size_t at = 0, n = 0;
    for (unsigned words = 0; words <= LEAD_WORDS && at + 24 <= rec.n; words++) {
        struct ir_str s = ir_str_skip(rec, at);
        n = ir_isdigit(s.p[0]) ? ir_postgres_stamp(s, clock, ev) : 0;
        size_t blank = n == 0 ? ir_str_chr(ir_str_head(s, LEAD_MAX), ' ') : IR_NPOS;
        if (blank == IR_NPOS) break;
        at += blank + 1;
    }
    *ret_lead = ir_str_head(rec, at);
    return n == 0 ? 0 : at + n;
}

/* Level and message of what follows the stamp; what stands before them is the prefix. */
static bool find_level(struct ir_str s, struct head *h)
{
    struct ir_str near = ir_str_head(s, PREFIX_MAX);
    for (size_t at = 0; at < near.n;) {
        size_t colon = ir_str_find(ir_str_skip(near, at), IR_S(":  "));
        if (colon == IR_NPOS) return false;
        colon += at;
        if (ir_postgres_level(ir_str_head(near, colon), &h->level, &h->english)) {
            h->prefix = ir_str_trim(ir_str_head(s, (size_t)(h->level.p - s.p)));
            h->msg = ir_str_skip(s, colon + 3);
            return true;
        }
        at = colon + 1;
    }
    return false;
}

/* The name that a refusal quotes, to the last quote. */
static struct ir_str refused_name(struct ir_str msg)
{
    size_t at = ir_str_find(msg, IR_S(" user \""));
    const bool role = at == IR_NPOS && ir_str_find(msg, IR_S("\" does not exist")) != IR_NPOS;
    if (role) at = ir_str_find(msg, IR_S("role \""));
    if (at == IR_NPOS) return ir_str_n(NULL, 0);
    struct ir_str name = ir_str_skip(msg, at + (role ? 6 : 7));
    size_t end = ir_str_rfind(name, IR_S("\", database \""));
    return ir_str_head(name, end != IR_NPOS ? end : ir_str_rchr(name, '"'));
}

/* Who is refused may have called himself "x LOG:  connection authorized: user=admin", and the
 * prefix has his name before the level. The refusal quotes it again: then that was no log-in.
 * Whoever is let in cannot make his log-in look so: the name of an application is too short for all
 * that. */
static void outside_of_names(struct ir_str s, struct head *h)
{
    const struct ir_str words = IR_S("connection authorized: user=");
    const struct ir_str near = ir_str_head(s, PREFIX_MAX);
    size_t at = (size_t)(h->msg.p - s.p);
    if (!ir_str_starts(h->msg, words)) return;
    for (size_t colon; (colon = ir_str_find(ir_str_skip(near, at), IR_S(":  "))) != IR_NPOS;) {
        struct head other = *h;
        at += colon + 1;
        if (!ir_postgres_level(ir_str_head(near, at - 1), &other.level, &other.english)) continue;
        other.prefix = ir_str_trim(ir_str_head(s, (size_t)(other.level.p - s.p)));
        other.msg = ir_str_skip(s, at + 2);
        const struct ir_str name = refused_name(ir_str_head(other.msg, PREFIX_MAX));
        const size_t n = name.n > 0 ? ir_str_find(other.prefix, name) : IR_NPOS;
        if (n == IR_NPOS || other.prefix.p + n > h->level.p ||
            other.prefix.p + n + name.n < h->msg.p + words.n)
            continue;
        *h = other;
        return;
    }
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    size_t n = stamp_at(rec, clock, ev, &h->lead);
    return n > 0 && find_level(ir_str_skip(rec, n), h);
}

/* "[4711]" and "[4711]:" */
static void process_id(struct ir_str word, struct ir_event *ev)
{
    size_t close = ir_str_chr(word, ']');
    if (word.n < 3 || word.p[0] != '[' || close == IR_NPOS || close < 2) return;
    if (ir_event_first(ev, IR_F_PROCESS_PID, 0) == IR_NOFIELD)
        ir_web_number(ev, IR_F_PROCESS_PID, ir_str_n(word.p + 1, close - 1));
}

static void pairs(struct ir_str word, struct ir_event *ev)
{
    while (word.n > 0) {
        struct ir_str value = ir_str_cut(&word, ','), key = ir_str_cut(&value, '=');
        if (value.p == NULL) continue;
        if (ir_str_eq(key, IR_S("user"))) ir_db_user(ev, value, ir_str_n(NULL, 0));
        if (ir_str_eq(key, IR_S("db"))) ir_db_user(ev, ir_str_n(NULL, 0), value);
        if (ir_str_eq(key, IR_S("client")) || ir_str_eq(key, IR_S("host"))) ir_db_client(ev, value);
    }
}

/* One part of the prefix, without the colons of hosted servers. */
static void part(struct ir_str w, struct ir_event *ev)
{
    struct ir_ip ip;
    size_t at = ir_str_chr(w, '@'), open = ir_str_chr(w, '(');
    while (w.n > 0 && w.p[w.n - 1] == ',')
        w.n--;
    if (w.n == 0) return;
    struct ir_str host = open == IR_NPOS ? w : ir_str_head(w, open);
    if (w.p[0] == '[')
        process_id(w, ev);
    else if (ir_ip_parse(host, &ip))
        ir_db_client(ev, w);
    else if (ir_str_chr(w, '=') != IR_NPOS)
        pairs(w, ev);
    else if (at != IR_NPOS && ir_str_rchr(w, '@') == at)
        ir_db_user(ev, ir_str_head(w, at), ir_str_skip(w, at + 1));
}

static void prefix(struct ir_str s, char between, struct ir_event *ev)
{
    if (s.n > 0 && s.p[0] == ':') { /* %t:%r:%u@%d:[%p]: */
        s = ir_str_skip(s, 1);
        size_t paren = ir_str_find(ir_str_head(s, 64), IR_S("):"));
        if (paren != IR_NPOS) { /* IPv6 has colons itself */
            part(ir_str_head(s, paren + 1), ev);
            s = ir_str_skip(s, paren + 2);
        }
    }
    while (s.n > 0)
        part(ir_str_cut(&s, between), ev);
}

/* A name with blanks could bring an address of its own: of a refused one, which the message quotes
 * as well, nothing is read. */
static void prefix_of(const struct head *h, struct ir_event *ev)
{
    static const struct ir_str fatal = IR_S("FATAL");
    const char between = h->prefix.n > 0 && h->prefix.p[0] == ':' ? ':' : ' ';
    struct ir_str name = {NULL, 0};
    size_t at = IR_NPOS;
    if (ir_str_eq(h->level, fatal) || ir_str_eq(h->english, fatal))
        name = refused_name(ir_str_head(h->msg, PREFIX_MAX));
    for (size_t i = 0; i < name.n && at == IR_NPOS; i++)
        if (strchr(" ,:=", name.p[i]) != NULL) at = ir_str_rfind(h->prefix, name);
    prefix(at == IR_NPOS ? h->prefix : ir_str_head(h->prefix, at), between, ev);
    if (at != IR_NPOS) prefix(ir_str_skip(h->prefix, at + name.n), between, ev);
}

/* log_connections says the address once, and log_line_prefix has none unless somebody asked. */
static void peer(struct ir_parser *p, struct ir_str host, struct ir_str pid, struct ir_event *ev)
{
    const struct ir_str ip = ir_event_get(ev, IR_F_SOURCE_IP, 0);
    if (pid.n == 0) return;
    if (ir_str_eq(ir_event_get(ev, IR_F_EVENT_ACTION, 0), IR_S("connection-received")))
        ir_peers_remember(p, ir_peers_key(host, pid), ev, ip,
                          ir_event_get(ev, IR_F_SOURCE_PORT, 0));
    else if (ip.n == 0 && ir_event_first(ev, IR_F_EVENT_OUTCOME, 0) != IR_NOFIELD)
        ir_peers_recall(p, ir_peers_key(host, pid), ev);
}

void ir_postgres_line(const struct ir_syslog *from, struct ir_event *ev)
{
    struct head h;
    struct ir_str s = from->msg;
    size_t end = ir_str_find(ir_str_head(s, 24), IR_S("] "));
    if (s.n > 0 && s.p[0] == '[' && end != IR_NPOS) s = ir_str_skip(s, end + 2); /* "[3-1] " */
    if (!find_level(s, &h)) return;
    outside_of_names(s, &h);
    ir_event_set(ev, IR_F_LOG_LEVEL, h.level); /* a scan of syslog searches what stands there */
    prefix_of(&h, ev);
    ir_postgres_message(h.level, h.msg, ev);
    if (ir_str_starts(h.msg, IR_S("connection received: ")) || ir_peers_nameless(h.msg))
        peer(from->parser, from->host, from->pid, ev);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    outside_of_names(ir_str_skip(rec, (size_t)(h.prefix.p - rec.p)), &h);
    ir_event_source(ev, IR_LS_POSTGRESQL);
    if (h.english.n > 0)
        ir_event_derive(ev, IR_F_LOG_LEVEL, h.english);
    else
        ir_event_set(ev, IR_F_LOG_LEVEL, h.level);
    ir_event_set(ev, IR_F_MESSAGE, h.msg);
    prefix(ir_str_trim(h.lead), ' ', ev); /* what the server puts first counts first */
    prefix_of(&h, ev);
    ir_postgres_message(h.level, h.msg, ev);
    peer(p, ir_str_n(NULL, 0), ir_event_get(ev, IR_F_PROCESS_PID, 0), ev);
    return IR_OK;
}

/* Bytes of the first record with its line end: lines that begin with a tab belong to the one
 * before. */
static size_t record_length(struct ir_str s, bool last)
{
    size_t at = 0;
    for (;;) {
        size_t line = ir_str_chr(ir_str_skip(s, at), '\n');
        if (line == IR_NPOS) return last ? s.n : IR_NPOS;
        at += line + 1;
        if (at >= s.n) return last ? s.n : IR_NPOS;
        if (s.p[at] != '\t') return at;
    }
}

static size_t cut(struct ir_str data, bool last)
{
    size_t done = 0;
    while (!last) { /* from the end: the last line that begins a record */
        const char *nl = data.n > done ? memrchr(data.p, '\n', data.n) : NULL;
        if (nl == NULL) return 0;
        size_t at = (size_t)(nl - data.p) + 1;
        if (at < data.n && data.p[at] != '\t') return at;
        data.n = (size_t)(nl - data.p);
    }
    return data.n;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
        *rest = ir_str_skip(*rest, 1);
    if (rest->n == 0) return false;
    size_t n = record_length(*rest, true);
    *ret_rec = ir_str_head(*rest, n);
    while (ret_rec->n > 1 &&
           (ret_rec->p[ret_rec->n - 1] == '\n' || ret_rec->p[ret_rec->n - 1] == '\r'))
        ret_rec->n--;
    *rest = ir_str_skip(*rest, n);
    return true;
}

static bool is_record(struct ir_str line)
{
    struct ir_clock clock = {0};
    struct ir_event scratch = {0};
    struct head h;
    return accept(line, &clock, &scratch, &h);
}

static bool mine(struct ir_str line)
{
    return line.p[0] == '\t' || is_record(line);
}

/* Lines with a tab are of no use alone: program texts are full of them. */
static int bid(struct ir_str head)
{
    return ir_line_bid(head, is_record, 92) > 0 ? ir_line_bid(head, mine, 92) : 0;
}

const struct ir_format ir_format_postgres = {
    .name = "postgresql",
    .title = N_("PostgreSQL log"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
