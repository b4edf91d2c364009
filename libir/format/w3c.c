/*
 * W3C extended logs of Microsoft IIS (web, FTP and SMTP service) and Pure-FTPd. Documents: W3C
 * working draft "Extended Log File Format" (WD-logfile-960323); Microsoft, "W3C Extended Log File
 * Format".
 *
 *     #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query … (lines with '#' may come again)
 *     2026-11-22 01:02:03 198.51.100.2 GET /a.aspx x=1 443 - 192.0.2.7 Mozilla/5.0+(X11) - 200 …
 *
 * Times are UTC. Columns are what the last #Fields line said; a file that was cut at its start is
 * read with IIS's usual columns when they fit.
 *
 * Hostile: stem, query, user, agent, referer, cookie. IIS writes blanks in them as '+', so columns
 * hold. A line with more or fewer words than columns is kept as damaged, without fields.
 *
 * The target is stem and query, joined; agents are read with blanks again. So each record is
 * parsed.
 */
#include <stdlib.h>

#include "base/ip.h"
#include "format/device.h"
#include "format/ftp_command.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define COLUMNS_MAX 64u
#define NAME_BYTES  2048u

enum column {
    OTHER,
    DATE,
    TIME,
    CLIENT,
    USER,
    SITE,
    COMPUTER,
    SERVER_IP,
    SERVER_PORT,
    METHOD,
    STEM,
    QUERY,
    STATUS,
    BYTES_OUT,
    BYTES_IN,
    VERSION,
    HOST,
    AGENT,
    REFERER,
    COLUMNS
};

static const struct {
    struct ir_str name, sigma; /* sigma: what Sigma's taxonomy calls it, when that differs */
    enum column column;
} known[] = {
    {IR_S("date"), {NULL, 0}, DATE},
    {IR_S("time"), {NULL, 0}, TIME},
    {IR_S("c-ip"), {NULL, 0}, CLIENT},
    {IR_S("cs-username"), {NULL, 0}, USER},
    {IR_S("s-sitename"), {NULL, 0}, SITE},
    {IR_S("s-computername"), {NULL, 0}, COMPUTER},
    {IR_S("s-ip"), {NULL, 0}, SERVER_IP},
    {IR_S("s-port"), {NULL, 0}, SERVER_PORT},
    {IR_S("cs-method"), {NULL, 0}, METHOD},
    {IR_S("cs-uri-stem"), {NULL, 0}, STEM},
    {IR_S("cs-uri"), {NULL, 0}, STEM}, /* HTTP.SYS: the whole target */
    {IR_S("cs-uri-query"), {NULL, 0}, QUERY},
    {IR_S("sc-status"), {NULL, 0}, STATUS},
    {IR_S("sc-bytes"), {NULL, 0}, BYTES_OUT},
    {IR_S("cs-bytes"), {NULL, 0}, BYTES_IN},
    {IR_S("cs-version"), {NULL, 0}, VERSION},
    {IR_S("cs-host"), {NULL, 0}, HOST},
    {IR_S("cs(User-Agent)"), IR_S("cs-user-agent"), AGENT},
    {IR_S("cs(Referer)"), IR_S("cs-referer"), REFERER},
    {IR_S("cs(Cookie)"), IR_S("cs-cookie"), OTHER},
};

/* What IIS writes when nobody changed it: 15 columns since IIS 8, 14 without the referer in IIS 7.
 */
static const char usual15[] =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "cs(Referer) sc-status sc-substatus sc-win32-status time-taken";
static const char usual14[] =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "sc-status sc-substatus sc-win32-status time-taken";

struct columns {
    uint32_t n;
    uint8_t column[COLUMNS_MAX];
    struct ir_str name[COLUMNS_MAX]; /* views of text */
    char date[12];                   /* of a #Date line, for logs without a date column */
    char text[NAME_BYTES];
};

struct row {
    struct ir_str word[COLUMNS_MAX];
    uint32_t n;
    struct ir_str part[COLUMNS]; /* by enum column; p == NULL where the log has none or '-' */
};

/* Any header that the administrator chose: "cs(Content-Type)" is Sigma's cs-content-type. */
static struct ir_str header_name(char *p, size_t n)
{
    if (n < 5 || memcmp(p, "cs(", 3) != 0 || p[n - 1] != ')') return ir_str_n(p, n);
    p[2] = '-';
    for (size_t i = 3; i + 1 < n; i++)
        p[i] = ir_lower(p[i]);
    return ir_str_n(p, n - 1);
}

/* The names are kept under Sigma's spelling; unknown ones in c->text. */
static void learn(struct columns *c, struct ir_str names)
{
    size_t used = 0;
    c->n = 0;
    while (names.p != NULL && c->n < COLUMNS_MAX) {
        struct ir_str name = ir_str_trim(ir_str_cut(&names, ' '));
        if (name.n == 0 || used + name.n > NAME_BYTES) continue;
        memcpy(c->text + used, name.p, name.n);
        struct ir_str kept = header_name(c->text + used, name.n);
        used += name.n;
        c->column[c->n] = OTHER;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            if (!ir_str_ieq(name, known[i].name)) continue;
            c->column[c->n] = (uint8_t)known[i].column;
            kept = known[i].sigma.n > 0 ? known[i].sigma : known[i].name;
        }
        c->name[c->n++] = kept;
    }
}

/* "#Fields: …" and "#Date: 2026-11-22 …" are learnt; other lines with '#' are stepped over. */
static bool is_header(struct ir_str rec)
{
    static const struct ir_str words[] = {
        IR_S("#Fields:"),     IR_S("#Date:"),     IR_S("#Software:"), IR_S("#Version:"),
        IR_S("#Start-Date:"), IR_S("#End-Date:"), IR_S("#Remark:")};
    for (size_t i = 0; rec.p[0] == '#' && i < sizeof words / sizeof *words; i++)
        if (ir_str_istarts(rec, words[i])) return true;
    return false;
}

static void read_header(struct columns *c, struct ir_str rec)
{
    if (c == NULL) return;
    if (ir_str_istarts(rec, IR_S("#Fields:"))) learn(c, ir_str_skip(rec, 8));
    if (!ir_str_istarts(rec, IR_S("#Date:"))) return;
    struct ir_str date = ir_str_head(ir_str_trim(ir_str_skip(rec, 6)), 10);
    if (date.n == 10) memcpy(c->date, date.p, 10);
}

static uint32_t split(struct ir_str rec, struct ir_str *word)
{
    uint32_t n = 0;
    while (rec.p != NULL) {
        struct ir_str w = ir_str_cut(&rec, ' ');
        if (w.n == 0) continue;
        if (n == COLUMNS_MAX) return 0;
        word[n++] = w;
    }
    return n;
}

static bool is_date(struct ir_str s)
{
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && ir_isdigit(s.p[0]) && ir_isdigit(s.p[9]);
}

/* Without a #Fields line: do the usual columns fit? */
static bool fits_usual(const struct ir_str *w, uint32_t n)
{
    struct ir_ip ip;
    return (n == 15 || n == 14) && is_date(w[0]) && w[1].n == 8 && ir_ip_parse(w[2], &ip) &&
           ir_ip_parse(w[8], &ip) && w[4].p[0] == '/';
}

static bool take_time(const struct columns *c, const struct row *r, struct ir_event *ev)
{
    char text[20];
    struct ir_clock utc = {0};
    struct ir_str date = r->part[DATE], time = r->part[TIME];
    if (date.p == NULL) date = ir_str_n(c->date, c->date[0] != '\0' ? 10 : 0);
    if (date.n != 10 || time.n != 8) return false;
    memcpy(text, date.p, 10);
    text[10] = ' ';
    memcpy(text + 11, time.p, 8);
    if (ir_stamp_slash(ir_str_n(text, 19), &utc, ev) != 19) return false;
    ev->flags |= IR_EV_ZONE_KNOWN; /* IIS logs UTC */
    return true;
}

/* The words of a data line under their columns, and its time. IR_BAD: none. */
static int read_row(struct columns *c, struct ir_str rec, struct ir_event *ev, struct row *r)
{
    r->n = split(rec, r->word);
    if (c == NULL || r->n < 3) return IR_BAD;
    if (c->n == 0) {
        if (!fits_usual(r->word, r->n)) return IR_BAD;
        learn(c, ir_str_z(r->n == 15 ? usual15 : usual14));
    }
    memset(r->part, 0, sizeof r->part);
    for (uint32_t i = 0; i < r->n && i < c->n; i++)
        if (c->column[i] != OTHER && !ir_str_eq(r->word[i], IR_S("-")))
            r->part[c->column[i]] = r->word[i];
    if (!take_time(c, r, ev)) return IR_BAD;
    if (r->n != c->n) ir_event_damage(ev, "a line with other columns than #Fields says");
    return IR_OK;
}

static bool is_blank(struct ir_str rec)
{
    return ir_str_trim(rec).n == 0 || rec.p[0] == '\0'; /* IIS leaves NULs when it dies */
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct row r;
    if (rec.n > 0 && is_header(rec)) {
        read_header(p->state, rec);
        return IR_OK;
    }
    return is_blank(rec) ? IR_BAD : read_row(p->state, rec, ev, &r);
}

/* '+' stands for a blank. */
static void set_plus(struct ir_event *ev, uint32_t id, struct ir_str val)
{
    char *out = val.n > 0 ? ir_arena_alloc(ev->arena, val.n) : NULL;
    if (out == NULL) return;
    for (size_t i = 0; i < val.n; i++)
        out[i] = val.p[i] == '+' ? ' ' : val.p[i];
    ir_event_derive(ev, id, ir_str_n(out, val.n));
}

static struct ir_str join_target(struct ir_event *ev, struct ir_str stem, struct ir_str query)
{
    if (query.n == 0) return stem;
    char *out = ir_arena_alloc(ev->arena, stem.n + 1 + query.n);
    if (out == NULL) return stem;
    memcpy(out, stem.p, stem.n);
    out[stem.n] = '?';
    memcpy(out + stem.n + 1, query.p, query.n);
    ev->verbatim = false;
    return ir_str_n(out, stem.n + 1 + query.n);
}

static bool is_other_service(struct ir_str site)
{
    return ir_str_istarts(site, IR_S("MSFTPSVC")) || ir_str_istarts(site, IR_S("FTPSVC")) ||
           ir_str_istarts(site, IR_S("SMTPSVC"));
}

/* The service by its name, or else by the columns: a web service has some that the others have not.
 * By its command alone a web client could be taken for one of FTP. */
static bool is_web(const struct columns *c, const struct row *r)
{
    bool web = ir_str_istarts(r->part[SITE], IR_S("W3SVC"));
    for (uint32_t i = 0; i < c->n; i++)
        web = web || c->column[i] == QUERY || c->column[i] == AGENT || c->column[i] == VERSION ||
              c->column[i] == HOST;
    return web && !is_other_service(r->part[SITE]);
}

/* False: what it is must be the web's. */
static bool ftp_fields(struct ir_event *ev, const struct row *r)
{
    if (!ir_ftp_command(ev, r->part[METHOD], r->part[STATUS]) && !is_other_service(r->part[SITE]))
        return false;
    if (!ir_str_eq(r->part[STEM], IR_S("***"))) /* a password */
        ir_web_set(ev, IR_F_FILE_PATH, r->part[STEM]);
    return true;
}

static void web_fields(struct ir_event *ev, const struct row *r)
{
    struct ir_str host, port;
    ir_event_source(ev, IR_LS_WEBSERVER);
    ir_event_source(ev, IR_LS_WEBSERVER_IIS);
    unsigned flags =
        ir_web_target_fields(ev, r->part[METHOD], join_target(ev, r->part[STEM], r->part[QUERY]));
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    if (r->part[HOST].n > 0 && !(flags & IR_WEB_HOST)) {
        ir_web_hostport(r->part[HOST], &host, &port);
        ir_web_set(ev, IR_F_URL_DOMAIN, host);
    }
    struct ir_str version = r->part[VERSION];
    if (ir_str_istarts(version, IR_S("HTTP/"))) version = ir_str_skip(version, 5);
    ir_web_set(ev, IR_F_HTTP_VERSION, version);
    ir_web_status(ev, r->part[STATUS]);
    ir_web_number(ev, IR_F_HTTP_BODY_BYTES, r->part[BYTES_OUT]);
    ir_web_number(ev, IR_F_HTTP_REQUEST_BYTES, r->part[BYTES_IN]);
    set_plus(ev, IR_F_USER_AGENT, r->part[AGENT]);
    set_plus(ev, IR_F_HTTP_REFERRER, r->part[REFERER]);
    ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("http_request"));
}

static void add_fields(const struct columns *c, const struct row *r, struct ir_event *ev)
{
    struct ir_str user = r->part[USER];
    ir_web_client(ev, r->part[CLIENT]);
    size_t slash = ir_str_chr(user, '\\');
    if (user.n > 0 && slash != IR_NPOS) {
        ir_web_set(ev, IR_F_USER_DOMAIN, ir_str_head(user, slash));
        user = ir_str_skip(user, slash + 1);
    }
    ir_web_set(ev, IR_F_USER_NAME, user);
    ir_web_set(ev, IR_F_HOST_NAME, r->part[COMPUTER]);
    ir_web_set(ev, IR_F_DESTINATION_IP, r->part[SERVER_IP]);
    if ((is_web(c, r) || !ftp_fields(ev, r)) && r->part[STEM].n > 0) web_fields(ev, r);
    if (r->part[SERVER_PORT].n > 0 && ir_event_get(ev, IR_F_DESTINATION_PORT, 0).p == NULL)
        ir_web_number(ev, IR_F_DESTINATION_PORT, r->part[SERVER_PORT]);
    for (uint32_t i = 0; i < r->n && i < c->n; i++)
        if (!ir_str_eq(r->word[i], IR_S("-")))
            ir_event_add_named(ev, c->name[i], IR_V_STRING, r->word[i]);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct row r;
    const struct columns *c = p->state;
    if (rec.n > 0 && is_header(rec)) {
        read_header(p->state, rec);
        ir_event_set(ev, IR_F_MESSAGE, rec);
        ir_web_word(ev, IR_F_EVENT_ACTION, IR_S("log_header"));
        return IR_OK;
    }
    if (is_blank(rec) || read_row(p->state, rec, ev, &r) != IR_OK) return IR_BAD;
    ir_event_set(ev, IR_F_MESSAGE, rec);
    if (r.n == c->n)
        add_fields(c, &r, ev);
    else
        p->damaged++;
    return IR_OK;
}

static int open_columns(struct ir_parser *p)
{
    p->state = calloc(1, sizeof(struct columns));
    return p->state != NULL ? IR_OK : IR_FATAL;
}

static void close_columns(struct ir_parser *p)
{
    free(p->state);
    p->state = NULL;
}

static bool derived(struct ir_str rec)
{
    (void)rec;
    return true;
}

/* #Fields with columns that only IIS's services write; or lines with the usual columns. */
static int bid(struct ir_str head)
{
    int lines = 0, fit = 0;
    if (ir_str_starts(head, IR_S("\xef\xbb\xbf"))) head = ir_str_skip(head, 3);
    while (head.p != NULL && lines < 12) {
        struct ir_str w[COLUMNS_MAX], line = ir_str_cut(&head, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        if (line.n == 0) continue;
        lines++;
        if (ir_str_istarts(line, IR_S("#Fields:")))
            return ir_str_find(line, IR_S(" cs-method")) != IR_NPOS ||
                           ir_str_find(line, IR_S(" c-ip")) != IR_NPOS
                       ? 95
                       : 0;
        uint32_t n = split(line, w);
        fit += n > 0 && fits_usual(w, n);
    }
    return fit > 0 && fit * 2 >= lines ? 90 : 0;
}

static const struct ir_hint hints[] = {{"PASS", IR_LS_AUTHENTICATION}, {NULL, IR_LS_NONE}};
static const uint16_t sources[] = {IR_LS_WEBSERVER, IR_LS_WEBSERVER_IIS, IR_LS_PROXY, 0};

const struct ir_format ir_format_w3c = {
    .name = "iis",
    .title = N_("W3C extended log of Microsoft IIS (web, FTP, SMTP)"),
    .flags = IR_FMT_VERBATIM | IR_FMT_HEADER | IR_FMT_STAMP_FIRST,
    .sources = sources,
    .more = ir_device_more,
    .hints = hints,
    .bid = bid,
    .parse = parse,
    .derived = derived,
    .stamp = stamp,
    .open = open_columns,
    .close = close_columns,
};
