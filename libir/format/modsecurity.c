/*
 * ModSecurity's audit log in one file (SecAuditLogType Serial, SecAuditLogFormat Native), of
 * versions 2 (Apache) and 3 (nginx). Documents: ModSecurity Reference Manual, SecAuditLogParts;
 * "ModSecurity 2 Data Formats". Its JSON is read by the tables of json_sources.def.
 *
 *     --5759e13c-A--                                    (version 3: ---hBn5xNOn---A--)
 *     [22/Nov/2026:01:02:03 +0900] ID 192.0.2.7 41234 198.51.100.1 443
 *     --5759e13c-B--                                    the request's head; C: its body
 *     GET /?id=1 HTTP/1.1
 *     --5759e13c-F--                                    the answer's head; E: its body
 *     --5759e13c-H--                                    what ModSecurity has to say
 *     Message: Access denied with code 403 (phase 2). … [id "942100"] [msg "…"]
 *     --5759e13c-Z--
 *
 * Hostile: bodies are logged as they came, over any number of lines, also such that look like the
 * next record. The letters between the dashes are drawn by ModSecurity for each record, so only
 * lines with those of the record's first line part it, and only its own Z ends it.
 */
#include "base/ip.h"
#include "format/records.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define RECORD_MAX   ((size_t)1 << 20) /* bodies of some 100 KiB are usual */
#define BOUNDARY_MAX 48u
#define START_MAX    (BOUNDARY_MAX + 3) /* a line end, and the first byte behind it */
/* Bytes of a record without an end that are passed over before the next one is looked for: so much
 * less than was searched in vain that records without an end, one after the other, cost little. */
#define UNENDED (RECORD_MAX / 32)

/* A line "--5759e13c-A--": where its letter is, behind dashes, letters and digits, dashes; 0: none.
 */
static size_t boundary(struct ir_str s)
{
    size_t i = 0;
    s = ir_str_head(s, BOUNDARY_MAX);
    while (i < s.n && s.p[i] == '-')
        i++;
    const size_t word = i;
    while (i < s.n && ir_isalnum(s.p[i]))
        i++;
    if (word < 2 || i == word || i >= s.n || s.p[i] != '-') return 0;
    while (i < s.n && s.p[i] == '-')
        i++;
    if (i + 3 > s.n || s.p[i] < 'A' || s.p[i] > 'Z' || s.p[i + 1] != '-' || s.p[i + 2] != '-')
        return 0;
    return i + 3 == s.n || s.p[i + 3] == '\n' || s.p[i + 3] == '\r' ? i : 0;
}

/* The boundary of part A, and the '[' before the time. */
static bool starts_record(struct ir_str s)
{
    size_t at = boundary(s);
    if (at == 0 || s.p[at] != 'A') return false;
    s = ir_str_skip(s, at + 3);
    if (s.n > 0 && s.p[0] == '\r') s = ir_str_skip(s, 1);
    return s.n > 1 && s.p[0] == '\n' && s.p[1] == '[';
}

/* Where the next record begins, at or behind `from`; all when there is none. */
static size_t next_start(struct ir_str s, size_t from, bool last)
{
    for (;;) {
        size_t at = ir_str_find(ir_str_skip(s, from), IR_S("\n--"));
        if (at == IR_NPOS) return last || s.n >= RECORD_MAX ? s.n : IR_NPOS;
        from += at + 1;
        if (!last && s.n - from < START_MAX) return s.n >= RECORD_MAX ? from : IR_NPOS;
        if (starts_record(ir_str_skip(s, from))) return from;
    }
}

/* "\n--5759e13c-", which begins each of the record's other boundaries, and `more` behind it. */
static struct ir_str own_boundary(struct ir_str rec, size_t letter, const char *more,
                                  char out[BOUNDARY_MAX + 8])
{
    const size_t n = strlen(more);
    out[0] = '\n';
    memcpy(out + 1, rec.p, letter);
    memcpy(out + 1 + letter, more, n);
    return ir_str_n(out, 1 + letter + n);
}

static size_t record_length(struct ir_str s, bool last)
{
    char text[BOUNDARY_MAX + 8];
    if (!last && s.n < START_MAX) return IR_NPOS;
    if (!starts_record(s)) return next_start(s, 0, last);
    const struct ir_str end = own_boundary(s, boundary(s), "Z--", text);
    struct ir_str near = ir_str_head(s, RECORD_MAX);
    size_t at = ir_str_find(near, end);
    if (at == IR_NPOS) {
        if (!last && s.n < RECORD_MAX) return IR_NPOS;
        return next_start(s, near.n / (RECORD_MAX / UNENDED), last);
    }
    at += end.n;
    size_t nl = ir_str_chr(ir_str_head(ir_str_skip(s, at), 2), '\n');
    if (nl == IR_NPOS) return last || s.n - at >= 2 ? at : IR_NPOS;
    return at + nl + 1;
}

static size_t cut(struct ir_str data, bool last)
{
    return ir_records_cut(data, last, record_length);
}

static bool next(struct ir_str *rest, struct ir_str *ret_rec)
{
    return ir_records_next(rest, ret_rec, record_length);
}

static struct ir_str take_line(struct ir_str *rest)
{
    struct ir_str line = ir_str_cut(rest, '\n');
    if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
    return line;
}

/* "[22/Nov/2026:01:02:03 +0900] ID ADDRESS PORT ADDRESS PORT" */
static bool head(struct ir_parser *p, struct ir_str line, struct ir_event *ev)
{
    struct ir_str word[5];
    struct ir_ip ip;
    size_t close = ir_str_chr(line, ']');
    if (line.n == 0 || line.p[0] != '[' || close == IR_NPOS) return false;
    struct ir_str stamp = ir_str_n(line.p + 1, close - 1);
    if (ir_stamp_clf(stamp, &p->clock, ev) != stamp.n) {
        if (ir_stamp_shape(stamp) != stamp.n) return false;
        ir_event_damage(ev, "a time stamp with an impossible date");
    }
    line = ir_str_trim(ir_str_skip(line, close + 1));
    for (size_t i = 0; i < 5; i++)
        word[i] = ir_str_cut(&line, ' ');
    ir_web_set(ev, IR_F_EVENT_ID, word[0]);
    ir_web_client(ev, word[1]);
    ir_web_number(ev, IR_F_SOURCE_PORT, word[2]);
    if (ir_ip_parse(word[3], &ip)) ir_web_set(ev, IR_F_DESTINATION_IP, word[3]);
    ir_web_number(ev, IR_F_DESTINATION_PORT, word[4]);
    return true;
}

static void request(struct ir_str s, struct ir_event *ev)
{
    static const struct {
        struct ir_str name;
        uint32_t id;
    } headers[] = {{IR_S("User-Agent"), IR_F_USER_AGENT}, {IR_S("Referer"), IR_F_HTTP_REFERRER}};
    const unsigned flags = ir_web_request(ev, take_line(&s));
    if (flags & IR_WEB_PROXY) ir_event_source(ev, IR_LS_PROXY);
    while (s.n > 0) {
        struct ir_str value = take_line(&s), name = ir_str_cut(&value, ':'), host, port;
        if (value.p == NULL) continue;
        value = ir_str_trim(value);
        for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
            if (ir_str_ieq(name, headers[i].name) && ir_event_get(ev, headers[i].id, 0).p == NULL)
                ir_web_set(ev, headers[i].id, value);
        if (!ir_str_ieq(name, IR_S("Host")) || ir_event_get(ev, IR_F_URL_DOMAIN, 0).p != NULL)
            continue;
        ir_web_hostport(value, &host, &port);
        ir_web_set(ev, IR_F_URL_DOMAIN, host);
    }
}

/* "HTTP/1.1 403 Forbidden" */
static void answer(struct ir_str s, struct ir_event *ev)
{
    struct ir_str line = take_line(&s);
    ir_str_cut(&line, ' ');
    if (line.p != NULL) ir_web_status(ev, ir_str_cut(&line, ' '));
}

/* The text of ` [id "…"]`. Version 3 quotes what it matched as it came, which may hold the same:
 * then neither is taken. */
static void note(struct ir_str line, struct ir_str begin, uint32_t id, struct ir_event *ev)
{
    size_t at = ir_str_find(line, begin);
    if (at == IR_NPOS || at != ir_str_rfind(line, begin)) return;
    struct ir_str value = ir_str_skip(line, at + begin.n);
    size_t end = ir_web_quote(value, 0);
    if (end != IR_NPOS && ir_event_get(ev, id, 0).p == NULL)
        ir_web_set(ev, id, ir_str_head(value, end));
}

/* One line of part H: the first that refuses tells why, else the first that warns. */
static bool is_denial(struct ir_str line)
{
    return ir_str_starts(line, IR_S("Message: Access denied")) ||
           ir_str_starts(line, IR_S("ModSecurity: Access denied"));
}

static bool is_message(struct ir_str line)
{
    return ir_str_starts(line, IR_S("Message: ")) || ir_str_starts(line, IR_S("ModSecurity: "));
}

static void verdict(struct ir_str s, struct ir_event *ev)
{
    struct ir_str rest = s, told = {NULL, 0};
    bool denied = false;
    while (rest.n > 0 && !denied) {
        struct ir_str line = take_line(&rest);
        denied = is_denial(line);
        if (denied || (told.p == NULL && is_message(line))) told = line;
    }
    ir_web_word(ev, IR_F_EVENT_ACTION, denied ? IR_S("waf_denied") : IR_S("http_request"));
    if (denied && ir_event_get(ev, IR_F_EVENT_OUTCOME, 0).p == NULL)
        ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
    if (told.p == NULL) return;
    ir_event_set(ev, IR_F_EVENT_REASON, told);
    note(told, IR_S(" [id \""), IR_F_RULE_ID, ev);
    note(told, IR_S(" [msg \""), IR_F_RULE_NAME, ev);
    note(told, IR_S(" [severity \""), IR_F_EVENT_SEVERITY, ev);
}

/* The part at the start of *rest, up to the record's next boundary, whose letter is *ret_next; 0
 * when there is none. *rest begins with the line end before the part, and will so again. */
static struct ir_str take_part(struct ir_str *rest, struct ir_str border, char *ret_next)
{
    const struct ir_str all = *rest;
    size_t at = 0, end = all.n;
    *ret_next = 0;
    *rest = ir_str_n(NULL, 0);
    for (; *ret_next == 0; at++) {
        size_t step = ir_str_find(ir_str_skip(all, at), border);
        if (step == IR_NPOS) break;
        at += step;
        const struct ir_str line = ir_str_skip(all, at + 1);
        const size_t letter = boundary(line), nl = ir_str_chr(line, '\n');
        if (letter + 1 != border.n) continue;
        *ret_next = line.p[letter];
        if (nl != IR_NPOS) *rest = ir_str_skip(line, nl);
        end = at;
    }
    return ir_str_skip(ir_str_head(all, end), 1);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    char text[BOUNDARY_MAX + 8], letter = 'A', behind;
    struct ir_str rest = rec, notes = {"", 0};
    if (!starts_record(rec)) return IR_BAD;
    const struct ir_str border = own_boundary(rec, boundary(rec), "", text);
    take_line(&rest);
    if (!head(p, take_line(&rest), ev)) return IR_BAD;
    if (rest.p != NULL) rest = ir_str_n(rest.p - 1, rest.n + 1);
    ir_event_source(ev, IR_LS_WEBSERVER);
    ir_event_source(ev, IR_LS_LINUX_MODSECURITY);
    ir_event_source(ev, IR_LS_LINUX);
    for (; letter != 'Z' && letter != 0; letter = behind) {
        struct ir_str part = take_part(&rest, border, &behind);
        if (letter == 'B') request(part, ev);
        if (letter == 'C')
            ir_event_add_named(ev, IR_S("http.request.body.content"), IR_V_STRING, part);
        if (letter == 'F') answer(part, ev);
        if (letter == 'H') notes = part;
    }
    verdict(notes, ev);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    if (letter == 0) ir_event_damage(ev, "a record without its end");
    return IR_OK;
}

static int bid(struct ir_str start)
{
    start = ir_records_skip_blank(start);
    if (starts_record(start)) return 97;
    /* a rotated log may begin within a record */
    return starts_record(ir_str_skip(start, next_start(start, 0, true))) ? 90 : 0;
}

const struct ir_format ir_format_modsecurity = {
    .name = "modsecurity",
    .title = N_("Audit log of ModSecurity (serial, native)"),
    .flags = IR_FMT_DOCUMENTS,
    .bid = bid,
    .cut = cut,
    .next = next,
    .parse = parse,
};
