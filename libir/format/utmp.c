/*
 * utmp, wtmp and btmp: who is, was, and tried to be logged in; binary records of glibc's struct
 * utmpx. Documents: utmp(5), glibc bits/utmpx.h. lastlog: see lastlog.c.
 *
 *     0     2    4    8       40    44      76         332   336      340     344      348 364
 *     +-----+----+----+-------+-----+-------+----------+-----+--------+-------+--------+---------+
 *     |type |    |pid |line 32|id 4 |user 32| host 256 |exit |session |tv_sec |tv_usec | addr 16 |
 * 20
 *     +-----+----+----+-------+-----+-------+----------+-----+--------+-------+--------+---------+
 *
 * so on most machines (384 bytes); on 64-bit ARM and others session, tv_sec and tv_usec have 8
 * bytes each (400). Both byte orders are met. Nothing says which: a record tells by its own values.
 * Users and hosts are the client's words. Tools that hide an intruder overwrite records with zeros
 * or cut bytes out: zeros are told, and the next good record is searched for. Whether a record of
 * a user is a log-in or a refused one only its file tells: see is_failure.
 */
#include <stdlib.h>

#include "base/ip.h"
#include "format/syslog.h"
#include "format/utmp.h"
#include "format/web_url.h"

#define SIZE_SHORT 384u
#define SIZE_LONG  400u
#define EARLIEST   631152000  /* 1990: no utmpx record is older */
#define LATEST     4294967295 /* tv_sec of 32 bits, read without sign */
#define RESYNC     (2 * SIZE_LONG)
#define ZEROS_MAX  ((size_t)16 * SIZE_LONG)
#define BID_MAX    16u

enum type { EMPTY, RUN_LVL, BOOT_TIME, NEW_TIME, OLD_TIME, INIT, LOGIN, USER, DEAD, ACCOUNTING };

struct layout {
    bool big, wide; /* byte order; 400 bytes */
};

/* What a parser learns of its file. */
struct file {
    struct layout layout; /* of the records before */
    bool refusals;        /* it holds refused log-ins, which are written to btmp only */
    bool sessions;        /* it holds what is never written to btmp */
};

struct record {
    enum type type;
    uint64_t pid, session, sec, usec, status, termination;
    struct ir_str line, id, user, host, addr;
};

uint64_t ir_utmp_int(const char *p, unsigned n, bool big)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[big ? i : n - 1 - i];
    return v;
}

struct ir_str ir_utmp_text(const char *p, size_t n)
{
    const char *nul = memchr(p, 0, n);
    return ir_str_n(p, nul ? (size_t)(nul - p) : n);
}

static size_t size_of(struct layout l)
{
    return l.wide ? SIZE_LONG : SIZE_SHORT;
}

static bool is_zero(struct ir_str s)
{
    return s.n > 0 && s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0;
}

static void decode(const char *p, struct layout l, struct record *r)
{
    const unsigned w = l.wide ? 8 : 4;
    const char *tail = p + 336;
    r->type = (enum type)ir_utmp_int(p, 2, l.big);
    r->pid = ir_utmp_int(p + 4, 4, l.big);
    r->line = ir_utmp_text(p + 8, 32);
    r->id = ir_utmp_text(p + 40, 4);
    r->user = ir_utmp_text(p + 44, 32);
    r->host = ir_utmp_text(p + 76, 256);
    r->termination = ir_utmp_int(p + 332, 2, l.big);
    r->status = ir_utmp_int(p + 334, 2, l.big);
    r->session = ir_utmp_int(tail, w, l.big);
    r->sec = ir_utmp_int(tail + w, w, l.big);
    r->usec = ir_utmp_int(tail + 2 * w, w, l.big);
    r->addr = ir_str_n(tail + 3 * w, 16);
}

/* The terminal's name, which no client chooses. */
static bool is_line(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7f) return false;
    return s.n > 0;
}

/* 0: no such record; 1: it has no time, or is all zeros, which any layout has; 2: with a time. */
static int plausible(struct ir_str s, struct layout l)
{
    struct record r;
    if (s.n < size_of(l)) return 0;
    decode(s.p, l, &r);
    if ((unsigned)r.type > ACCOUNTING || r.usec > 999999 || r.pid > INT32_MAX) return 0;
    if (r.sec == 0) return is_line(r.line) || is_zero(ir_str_head(s, size_of(l)));
    if (r.sec < EARLIEST || r.sec > LATEST) return 0;
    return is_line(r.line) || r.type == RUN_LVL || r.type == BOOT_TIME ? 2 : 1;
}

static const struct layout layouts[] = {{false, false}, {true, false}, {false, true}, {true, true}};

/* Zeros say nothing of their size; the next record with a time does, when it is not far. */
static int zero_layout(struct ir_str s, struct layout *ret_l)
{
    size_t end = 0;
    struct ir_str near = ir_str_head(s, ZEROS_MAX);
    while (end < near.n && near.p[end] == 0)
        end++;
    *ret_l = layouts[0];
    for (size_t i = 0; end < near.n && i < sizeof layouts / sizeof *layouts; i++) {
        const size_t size = size_of(layouts[i]), at = end / size * size;
        if (at == 0 || plausible(ir_str_skip(s, at), layouts[i]) < 2) continue;
        *ret_l = layouts[i];
        break;
    }
    return s.n >= size_of(*ret_l) ? 2 : 0;
}

/* The layout of the record at the start of s, which the one behind it must not contradict. */
static int find_layout(struct ir_str s, struct layout *ret_l)
{
    int best = 0;
    if (s.n >= SIZE_SHORT && is_zero(ir_str_head(s, SIZE_SHORT))) return zero_layout(s, ret_l);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        int score = 2 * plausible(s, layouts[i]);
        struct ir_str behind = ir_str_skip(s, size_of(layouts[i]));
        if (score == 0) continue;
        score += behind.n < size_of(layouts[i]) ? 1 : plausible(behind, layouts[i]);
        if (score <= best) continue;
        best = score;
        *ret_l = layouts[i];
    }
    return best;
}

/* Bytes until the next record that has a time, after damage; at most all. */
static size_t resync(struct ir_str s)
{
    struct layout l;
    for (size_t at = 4; at < s.n && at < RESYNC; at += 4)
        if (find_layout(ir_str_skip(s, at), &l) >= 4) return at;
    return s.n < SIZE_SHORT ? s.n : SIZE_SHORT;
}

static size_t record_length(struct ir_str s)
{
    struct layout l;
    return find_layout(s, &l) > 0 ? size_of(l) : resync(s);
}

/* More than it gives away stays, so that a layout is never judged without its neighbour, and a
 * search for the next record sees enough. */
static size_t cut(struct ir_str data, bool last)
{
    size_t done = 0;
    if (last) return data.n;
    while (data.n - done > ZEROS_MAX + SIZE_LONG)
        done += record_length(ir_str_skip(data, done));
    return done;
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    if (rest->n == 0) return false;
    size_t n = record_length(*rest);
    *ret_rec = ir_str_head(*rest, n);
    *rest = ir_str_skip(*rest, n);
    return true;
}

static int bid(struct ir_str head)
{
    unsigned good = 0, timed = 0, used = 0;
    /* fields are padded with zeros; no text holds one */
    if (ir_str_chr(ir_str_head(head, SIZE_SHORT), '\0') == IR_NPOS) return 0;
    for (unsigned n = 0; n < BID_MAX && head.n >= SIZE_SHORT; n++) {
        struct layout l;
        int score = find_layout(head, &l);
        /* empty records are kept, but any binary file is full of them */
        const bool empty = is_zero(ir_str_head(head, SIZE_SHORT));
        used += !empty;
        good += !empty && score > 0;
        timed += score >= 4;
        head = ir_str_skip(head, record_length(head));
    }
    if (timed == 0) return 0;
    return good == used ? 97 : good * 2 > used ? 80 : 0;
}

bool ir_utmp_address(struct ir_str addr, struct ir_event *ev)
{
    struct ir_ip ip = {.v4 = is_zero(ir_str_skip(addr, 4))};
    if (is_zero(addr)) return false;
    if (ip.v4) {
        ip.b[10] = ip.b[11] = 0xff;
        memcpy(ip.b + 12, addr.p, 4);
    } else {
        memcpy(ip.b, addr.p, 16);
    }
    char *out = ir_arena_alloc(ev->arena, 48);
    if (out == NULL) return false;
    ir_event_derive(ev, IR_F_SOURCE_IP, ir_str_n(out, ir_ip_text(&ip, out)));
    return true;
}

void ir_utmp_number(struct ir_event *ev, uint32_t id, struct ir_str name, uint64_t v)
{
    char *out = ir_arena_alloc(ev->arena, 24);
    if (out == NULL) return;
    char *p = out + 24;
    do
        *--p = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    struct ir_str text = ir_str_n(p, (size_t)(out + 24 - p));
    if (id != IR_F_NONE)
        ir_event_add(ev, id, IR_V_NUMBER, text);
    else
        ir_event_add_named(ev, name, IR_V_NUMBER, text);
}

void ir_utmp_peer(struct ir_event *ev, struct ir_str host)
{
    size_t blank = ir_str_find(host, IR_S(" via mosh"));
    if (blank != IR_NPOS) host = ir_str_head(host, blank);
    if (host.n == 0 || ir_str_starts(host, IR_S("tmux(")) || ir_str_starts(host, IR_S("mosh ")) ||
        host.p[0] == ':')
        return; /* where a terminal multiplexer runs, and X displays */
    if (ir_event_first(ev, IR_F_SOURCE_IP, 0) == IR_NOFIELD) {
        ir_syslog_peer(ev, host);
        return;
    }
    struct ir_ip ip;
    if (!ir_ip_parse(host, &ip)) ir_event_set(ev, IR_F_SOURCE_DOMAIN, host);
}

/* A user's name in such a record means a refused log-in: login(1) of util-linux and sshd write btmp
 * so. agetty waits at a terminal as the user LOGIN. */
static bool is_refusal(const struct record *r)
{
    return r->type == LOGIN && r->user.n > 0 && !ir_str_eq(r->user, IR_S("LOGIN"));
}

/* The login(1) of shadow writes btmp as it writes wtmp, with UNKNOWN for users that do not exist:
 * the same record is a log-in in one file and a refused one in the other. The file's name counts
 * until it holds what btmp never does. */
static bool is_failure(const struct file *f, const struct record *r)
{
    return is_refusal(r) || (r->type == USER && ((f->refusals && !f->sessions) ||
                                                 ir_str_eq(r->user, IR_S("UNKNOWN"))));
}

static bool is_btmp(struct ir_str path)
{
    size_t slash = ir_str_rchr(path, '/');
    if (slash != IR_NPOS) path = ir_str_skip(path, slash + 1);
    return ir_str_starts(path, IR_S("btmp"));
}

static void learn(struct file *f, struct ir_str path, const struct record *r)
{
    f->refusals = f->refusals || is_refusal(r) || is_btmp(path);
    f->sessions = f->sessions || (r->type >= RUN_LVL && r->type <= INIT) || r->type == DEAD;
}

/* ProFTPD leaves the type out; without a user it is the end, as old logwtmp(3) had it. */
static bool is_ftp(const struct record *r)
{
    return r->type == EMPTY && r->sec != 0 && ir_str_starts(r->line, IR_S("ftpd"));
}

static size_t put(char *out, size_t n, const char *label, struct ir_str v)
{
    size_t k = strlen(label);
    if (v.n == 0) return n;
    memcpy(out + n, label, k);
    memcpy(out + n + k, v.p, v.n);
    return n + k + v.n;
}

/* A line for people: the record itself is not text. */
static void message(const struct record *r, const char *action, struct ir_event *ev)
{
    char *out = ir_arena_alloc(ev->arena, 400); /* texts of 32 + 32 + 256 bytes, and the words */
    if (out == NULL) return;
    size_t n = put(out, 0, "", ir_str_z(action));
    n = put(out, n, " user=", r->user);
    n = put(out, n, " line=", r->line);
    n = put(out, n, " host=", r->host);
    ir_event_derive(ev, IR_F_MESSAGE, ir_str_n(out, n));
}

static const char *action_of(const struct record *r, bool failed)
{
    switch (r->type) {
    case EMPTY:
        if (!is_ftp(r)) return "utmp-empty-record";
        return r->user.n > 0 ? "logon" : "logoff";
    case RUN_LVL: return ir_str_eq(r->user, IR_S("shutdown")) ? "shutdown" : "runlevel";
    case BOOT_TIME: return "boot";
    case NEW_TIME:
    case OLD_TIME: return "clock-changed";
    case INIT: return "init-process";
    case LOGIN: return failed ? "logon" : "login-prompt";
    case USER: return "logon";
    case DEAD: return "logoff";
    default: return "accounting";
    }
}

static void native_fields(const struct record *r, struct ir_event *ev)
{
    if (!ev->want_all) return;
    ir_utmp_number(ev, IR_F_NONE, IR_S("ut_type"), r->type);
    ir_event_add_named(ev, IR_S("ut_line"), IR_V_STRING, r->line);
    ir_event_add_named(ev, IR_S("ut_id"), IR_V_STRING, r->id);
    ir_event_add_named(ev, IR_S("ut_user"), IR_V_STRING, r->user);
    ir_event_add_named(ev, IR_S("ut_host"), IR_V_STRING, r->host);
    ir_utmp_number(ev, IR_F_NONE, IR_S("ut_session"), r->session);
    ir_utmp_number(ev, IR_F_NONE, IR_S("ut_exit.e_termination"), r->termination);
    ir_utmp_number(ev, IR_F_NONE, IR_S("ut_exit.e_exit"), r->status);
}

/* A file has one layout. A record of many zeros can be read in two; then the one before decides. */
static bool choose_layout(struct ir_parser *p, struct ir_str rec, struct layout *ret_l)
{
    struct layout *known = &((struct file *)p->state)->layout;
    if (size_of(*known) == rec.n && plausible(rec, *known) > 0) {
        *ret_l = *known;
        return true;
    }
    if (is_zero(rec)) {
        *ret_l = (struct layout){.wide = rec.n == SIZE_LONG};
        return rec.n == SIZE_SHORT || rec.n == SIZE_LONG;
    }
    if (find_layout(rec, ret_l) == 0 || rec.n != size_of(*ret_l)) return false;
    *known = *ret_l;
    return true;
}

static int open_parser(struct ir_parser *p)
{
    p->state = calloc(1, sizeof(struct file));
    return p->state != NULL ? IR_OK : IR_FATAL;
}

static void close_parser(struct ir_parser *p)
{
    free(p->state);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct layout l;
    struct record r;
    if (!choose_layout(p, rec, &l)) return IR_BAD;
    decode(rec.p, l, &r);
    learn(p->state, p->path, &r);
    ev->verbatim = ev->raw_keywords = false;
    if (r.sec != 0)
        ir_event_time(ev, (int64_t)(r.sec * UINT64_C(1000000000) + r.usec * 1000),
                      IR_EV_ZONE_KNOWN);
    ir_event_source(ev, IR_LS_LINUX_UTMP);
    ir_event_source(ev, IR_LS_LINUX);
    const bool failed = is_failure(p->state, &r), ftp = is_ftp(&r);
    const char *action = action_of(&r, failed);
    ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(action));
    const bool logon = r.type == USER || failed || (ftp && r.user.n > 0);
    if (logon) {
        ir_web_word(ev, IR_F_EVENT_OUTCOME, failed ? IR_S("failure") : IR_S("success"));
        ir_web_word(ev, IR_F_EVENT_CATEGORY, IR_S("authentication"));
    }
    if (r.user.n > 0 && (logon || r.type > LOGIN)) ir_event_set(ev, IR_F_USER_NAME, r.user);
    if (r.line.n > 0 && (r.type >= INIT || ftp)) ir_event_set(ev, IR_F_PROCESS_TTY, r.line);
    if (r.pid > 0) ir_utmp_number(ev, IR_F_PROCESS_PID, IR_S(""), r.pid);
    message(&r, action, ev);
    ir_utmp_address(r.addr, ev);
    if (r.type >= INIT || ftp) ir_utmp_peer(ev, r.host);
    native_fields(&r, ev);
    return IR_OK;
}

const struct ir_format ir_format_utmp = {
    .name = "utmp",
    .title = N_("utmp, wtmp, btmp: logins of a Linux machine (binary)"),
    .flags = IR_FMT_DOCUMENTS | IR_FMT_HEADER, /* in order: see choose_layout */
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
    .open = open_parser,
    .close = close_parser,
};
