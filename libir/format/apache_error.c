/*
 * Apache's error log, 1.3 to 2.4. Not for what CGI scripts write there without a stamp: such lines
 * are refused. Document: Apache HTTP Server, core directive ErrorLogFormat and server/log.c.
 *
 *     [Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.7] text, referer: http://…
 *     [Sun Dec 04 04:47:44.123456 2005] [core:error] [pid 1:tid 2] (13)Permission denied: [client
 * 192.0.2.7:443] AH00035: text
 *
 * Apache escapes what comes from a client, but a blank or a bracket needs no escape. So everything
 * up to
 * "[client …]" is read from the left, and no "[client" further right counts. In front of it may
 * stand the text of a system error, which a client cannot choose.
 */
#include "base/ip.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define NOTE_MAX 200 /* bytes of "file.c(12): (13)Permission denied: " */

struct head {
    struct ir_str stamp, module, level;
    struct ir_str message; /* all behind the brackets of level and pid */
    struct ir_str pid, tid;
};

static bool take(struct ir_str *s, struct ir_str word)
{
    if (!ir_str_starts(*s, word)) return false;
    *s = ir_str_skip(*s, word.n);
    return true;
}

static struct ir_str take_digits(struct ir_str *s)
{
    size_t n = 0;
    while (n < s->n && ir_isdigit(s->p[n]))
        n++;
    struct ir_str digits = ir_str_head(*s, n);
    *s = ir_str_skip(*s, n);
    return digits;
}

/* "module:level]", ":level]" or "level]" at the start of *s. */
static bool take_level(struct ir_str *s, struct head *h)
{
    size_t n = 0, colon = IR_NPOS;
    for (; n < s->n && n < 48 && s->p[n] != ']'; n++) {
        char c = s->p[n];
        if (c == ':' && colon == IR_NPOS)
            colon = n;
        else if (!ir_isalnum(c) && c != '_' && c != '-')
            return false;
    }
    if (n == s->n || s->p[n] != ']') return false;
    struct ir_str word = ir_str_head(*s, n);
    h->module = ir_str_head(word, colon == IR_NPOS ? 0 : colon);
    h->level = colon == IR_NPOS ? word : ir_str_skip(word, colon + 1);
    *s = ir_str_skip(*s, n + 1);
    return h->level.n > 0;
}

/* "[pid 1:tid 2]" or "[pid 1]". */
static void take_pid(struct ir_str *s, struct head *h)
{
    struct ir_str t = *s;
    h->pid = h->tid = ir_str_n(NULL, 0);
    if (!take(&t, IR_S("[pid "))) return;
    struct ir_str pid = take_digits(&t), tid = {NULL, 0};
    if (take(&t, IR_S(":tid "))) tid = take_digits(&t);
    if (pid.n == 0 || !take(&t, IR_S("]"))) return;
    take(&t, IR_S(" "));
    h->pid = pid;
    h->tid = tid;
    *s = t;
}

static bool find_head(struct ir_str rec, struct head *h)
{
    struct ir_str s = rec;
    if (!take(&s, IR_S("["))) return false;
    size_t close = ir_str_chr(ir_str_head(s, 48), ']');
    if (close == IR_NPOS || close < 24 || !ir_isalpha(s.p[0])) return false;
    h->stamp = ir_str_head(s, close);
    s = ir_str_skip(s, close);
    if (!take(&s, IR_S("] [")) || !take_level(&s, h)) return false;
    take(&s, IR_S(" "));
    take_pid(&s, h);
    h->message = s;
    return true;
}

static bool take_stamp(const struct head *h, const struct ir_clock *clock, struct ir_event *ev)
{
    return ir_stamp_asctime(h->stamp, clock, ev) == h->stamp.n;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return find_head(rec, &h) && take_stamp(&h, &p->clock, ev) ? IR_OK : IR_BAD;
}

/* Steps over "core.c(4567): " and "(13)Permission denied: " when "[client " follows. */
static void skip_notes(struct ir_str *s)
{
    struct ir_str t = ir_str_head(*s, NOTE_MAX);
    size_t at = ir_str_find(t, IR_S(": [client "));
    if (at == IR_NPOS || ir_str_chr(ir_str_head(t, at), '[') != IR_NPOS) return;
    if (t.p[0] != '(' && ir_str_find(ir_str_head(t, at), IR_S(".c(")) == IR_NPOS) return;
    *s = ir_str_skip(*s, at + 2);
}

/* "[client A] " or "[remote A] ": the address, and *s behind it. */
static struct ir_str take_client(struct ir_str *s)
{
    struct ir_str none = {NULL, 0}, t = *s;
    if (!take(&t, IR_S("[client ")) && !take(&t, IR_S("[remote "))) return none;
    size_t n = ir_str_chr(t, ']');
    if (t.n > 0 && t.p[0] == '[') { /* "[client [2001:db8::1]:443]" */
        size_t inner = ir_str_chr(t, ']');
        struct ir_str rest = inner == IR_NPOS ? none : ir_str_skip(t, inner + 1);
        size_t outer = rest.p == NULL ? IR_NPOS : ir_str_chr(rest, ']');
        n = outer == IR_NPOS ? IR_NPOS : inner + 1 + outer;
    }
    if (n == IR_NPOS) return none;
    struct ir_str addr = ir_str_head(t, n);
    if (ir_str_chr(addr, ' ') != IR_NPOS) return none;
    *s = ir_str_skip(t, n + 1);
    take(s, IR_S(" "));
    return addr;
}

/* 2.4 writes every client with its port and an IPv6 address without brackets, so that
 * "2001:db8::1:5678" ends in a port. Messages of ModSecurity ("[:error]") and those before 2.4 have
 * no port. */
static void add_client(struct ir_event *ev, const struct head *h, struct ir_str addr)
{
    struct ir_ip ip;
    size_t colon = ir_str_rchr(addr, ':');
    bool v6 = addr.n > 0 && addr.p[0] != '[' && colon != IR_NPOS && ir_str_chr(addr, ':') != colon;
    if (v6 && h->module.n > 0 && h->pid.n > 0) {
        struct ir_str host = ir_str_head(addr, colon), port = ir_str_skip(addr, colon + 1);
        uint64_t v;
        if (ir_ip_parse(host, &ip) && ir_str_u64(port, &v) && v <= 65535) {
            ir_web_client(ev, host);
            ir_web_number(ev, IR_F_SOURCE_PORT, port);
            return;
        }
    }
    ir_web_client(ev, addr);
}

/* "AH01617: " at the start of *s. */
static struct ir_str take_code(struct ir_str *s)
{
    struct ir_str none = {NULL, 0}, t = *s;
    if (!take(&t, IR_S("AH"))) return none;
    struct ir_str digits = take_digits(&t);
    if (digits.n != 5 || !take(&t, IR_S(": "))) return none;
    struct ir_str code = ir_str_head(*s, 7);
    *s = t;
    return code;
}

/* The user of "user x: authentication failure for …", "user x not found: …", "Digest: user `x' in
 * realm …". Apache escapes quotes, so words with one are its own wherever they stand, and of a name
 * that may hold them the last; other words may also stand in the path behind them: then nobody is
 * named. */
static struct ir_str user_of(struct ir_str m)
{
    static const struct {
        const char *words;
        bool sure;
    } ends[] = {{": authentication failure for \"", true},
                {": authorization failure for \"", true},
                {"' in realm `", true},
                {"': password mismatch: ", true},
                {" not found: ", false},
                {" not found (", false},
                {": password mismatch: ", false}};
    struct ir_str none = {NULL, 0};
    take(&m, IR_S("Digest: "));
    if (!take(&m, IR_S("user "))) return none;
    bool ticked = take(&m, IR_S("`"));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const struct ir_str words = ir_str_z(ends[i].words);
        if (ticked != (words.p[0] == '\'')) continue;
        size_t at = ir_str_rfind(m, words);
        if (at == IR_NPOS) continue;
        return ends[i].sure || ir_str_find(m, words) == at ? ir_str_head(m, at) : none;
    }
    return none;
}

static const struct sort {
    const char *begin, *has; /* begin may be NULL */
    const char *action;
} sorts[] = {
    {"user ", "authentication failure", "http_auth_failed"},
    {"user ", "authorization failure", "http_auth_failed"},
    {"user ", "not found", "http_auth_failed"},
    {"user `", "", "http_auth_failed"},
    {"Digest: user `", "", "http_auth_failed"},
    {"user ", "password mismatch", "http_auth_failed"},
    {"client used wrong authentication scheme", "", "http_auth_failed"},
    {"client denied by server configuration", "", "access_forbidden"},
    {"Directory index forbidden by", "", "access_forbidden"},
    {"Cannot serve directory", "", "access_forbidden"},
    {"attempt to invoke directory as script", "", "access_forbidden"},
    {"File does not exist", "", "file_not_found"},
    {"script ", "not found or unable to stat", "file_not_found"},
    {"script not found or unable to stat", "", "file_not_found"},
    {NULL, "Primary script unknown", "file_not_found"},
    {"ModSecurity: Access denied", "", "waf_denied"},
    {"Invalid ", " request", "bad_request"},
    {"invalid URI path (", "", "bad_request"}, /* a path that leaves the root */
    {"request failed: ", "", "bad_request"},
    {"Filename is forbidden", "", "bad_request"},
    {"SSL handshake failed", "", "ssl_handshake_failed"},
    {"SSL Library Error", "handshake", "ssl_handshake_failed"},
    {NULL, "ignoring function definition attempt", "shellshock_attempt"},
};

static void add_sort(struct ir_event *ev, struct ir_str text)
{
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        const struct sort *k = &sorts[i];
        if (k->begin != NULL && !ir_str_starts(text, ir_str_z(k->begin))) continue;
        if (ir_str_find(text, ir_str_z(k->has)) == IR_NPOS) continue;
        ir_web_word(ev, IR_F_EVENT_ACTION, ir_str_z(k->action));
        ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
        return;
    }
}

static void add_fields(const struct head *h, struct ir_event *ev)
{
    struct ir_str text = h->message;
    ir_event_source(ev, IR_LS_APACHE_ERROR);
    ir_event_set(ev, IR_F_LOG_LEVEL, h->level);
    if (h->module.n > 0) ir_event_set(ev, IR_F_EVENT_PROVIDER, h->module);
    ir_web_number(ev, IR_F_PROCESS_PID, h->pid);
    ir_web_number(ev, IR_F_PROCESS_THREAD_ID, h->tid);
    skip_notes(&text);
    struct ir_str client = take_client(&text);
    if (client.p != NULL) add_client(ev, h, client);
    take_client(&text); /* ModSecurity repeats it */
    size_t referer = ir_str_rfind(text, IR_S(", referer: "));
    if (referer != IR_NPOS) {
        ir_web_set(ev, IR_F_HTTP_REFERRER, ir_str_skip(text, referer + 11));
        text = ir_str_head(text, referer);
    }
    struct ir_str code = take_code(&text);
    if (code.p != NULL) ir_event_set(ev, IR_F_EVENT_CODE, code);
    struct ir_str user = user_of(text);
    if (user.p != NULL) ir_web_set(ev, IR_F_USER_NAME, user);
    add_sort(ev, text);
    ir_event_set(ev, IR_F_MESSAGE, h->message);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!find_head(rec, &h) || !take_stamp(&h, &p->clock, ev)) return IR_BAD;
    add_fields(&h, ev);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 95);
}

static const uint16_t sources[] = {IR_LS_APACHE_ERROR, 0};

const struct ir_format ir_format_apache_error = {
    .name = "apache_error",
    .title = N_("Error log of Apache"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
