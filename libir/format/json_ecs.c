/*
 * ECS names for records of the services in json_sources.def: who did what, from where, and whether
 * it worked. Values are those of the record; what a service logs of a request (agents, names,
 * paths) is the client's word. Document: Elastic Common Schema 8, and the services' own.
 */
#include "base/ip.h"
#include "base/json.h"
#include "format/db.h"
#include "format/json_sources.h"
#include "format/web_url.h"
#include "format/zeek.h"

struct ir_str ir_json_marks_get(const struct ir_json_marks *m, enum ir_json_mark mark,
                                struct ir_event *ev)
{
    if (!ir_json_marks_has(m, mark)) return ir_str_n("", 0);
    struct ir_str v = m->value[mark];
    if (!(m->escaped[mark / 64] >> (mark % 64) & 1)) return v;
    char *out = ir_arena_alloc(ev->arena, v.n + 1);
    if (out == NULL) {
        ev->flags |= IR_EV_TRUNCATED;
        return ir_str_n("", 0);
    }
    return ir_str_n(out, ir_json_unescape(v, out));
}

static bool absent(const struct ir_event *ev, uint32_t id)
{
    return ir_event_first(ev, id, 0) == IR_NOFIELD;
}

/* "192.0.2.7", "192.0.2.7:4711", "[2001:db8::7]:443", "::ffff:192.0.2.7"; services also name
 * themselves ("cloudtrail.amazonaws.com"). */
static void address(struct ir_event *ev, uint32_t id, struct ir_str v)
{
    struct ir_str host = v, port = {0};
    struct ir_ip ip;
    const bool source = id == IR_F_SOURCE_IP;
    if (!ir_ip_parse(v, &ip)) ir_web_hostport(v, &host, &port);
    if (ir_str_istarts(host, IR_S("::ffff:")) && ir_str_chr(host, '.') != IR_NPOS)
        host = ir_str_skip(host, 7);
    if (ir_ip_parse(host, &ip)) {
        ir_event_derive(ev, id, host);
        const uint32_t port_id = source ? IR_F_SOURCE_PORT : IR_F_DESTINATION_PORT;
        if (port.n > 0 && absent(ev, port_id)) ir_event_add(ev, port_id, IR_V_NUMBER, port);
    } else if (ir_str_chr(host, '.') != IR_NPOS) {
        ir_event_derive(ev, source ? IR_F_SOURCE_DOMAIN : IR_F_DESTINATION_DOMAIN, host);
    }
}

static void put(struct ir_event *ev, uint32_t id, struct ir_str v)
{
    uint64_t n;
    if (v.n == 0 || !absent(ev, id)) return;
    switch (id) {
    case IR_F_SOURCE_IP:
    case IR_F_DESTINATION_IP: address(ev, id, v); break;
    case IR_F_SOURCE_PORT:
    case IR_F_DESTINATION_PORT:
        if (ir_str_u64(v, &n) && n <= 65535) ir_event_add(ev, id, IR_V_NUMBER, v);
        break;
    case IR_F_HTTP_STATUS: ir_web_number(ev, id, v); break;
    case IR_F_EVENT_ACTION:
    case IR_F_EVENT_CODE: ir_web_word(ev, id, v); break;
    default: ir_event_derive(ev, id, v);
    }
}

static inline bool has_source(const struct ir_event *ev, uint16_t ls)
{
    for (unsigned i = 0; i < ev->views[0].nsources; i++)
        if (ev->views[0].sources[i] == ls) return true;
    return false;
}

static void fields(const struct ir_json_marks *m, struct ir_event *ev)
{
    static const struct {
        uint16_t ls, field, mark;
    } rows[] = {
#define ECS(ls, field, mark) {IR_LS_##ls, IR_F_##field, IR_JSON_MARK_##mark},
#include "format/json_sources.def"
#undef ECS
    };
    const size_t n = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n;) { /* rows of one source stand together */
        const uint16_t ls = rows[i].ls;
        const bool fits = has_source(ev, ls);
        for (; i < n && rows[i].ls == ls; i++) {
            enum ir_json_mark mark = (enum ir_json_mark)rows[i].mark;
            if (fits && ir_json_marks_has(m, mark))
                put(ev, rows[i].field, ir_json_marks_get(m, mark, ev));
        }
    }
}

static void outcome(const struct ir_json_marks *m, struct ir_event *ev)
{
    static const struct {
        uint16_t ls, mark;
        struct ir_str value, word;
    } rows[] = {
#define OUTCOME(ls, mark, value, word)                                                             \
    {IR_LS_##ls, IR_JSON_MARK_##mark, {value, sizeof value - 1}, {word, sizeof word - 1}},
#include "format/json_sources.def"
#undef OUTCOME
    };
    uint16_t ls = IR_LS_NONE;
    bool fits = false;
    if (!absent(ev, IR_F_EVENT_OUTCOME)) return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum ir_json_mark mark = (enum ir_json_mark)rows[i].mark;
        if (rows[i].ls != ls) fits = has_source(ev, ls = rows[i].ls);
        if (!fits) continue;
        if (mark != IR_JSON_MARK_NONE && (!ir_json_marks_has(m, mark) || m->value[mark].n == 0 ||
                                          !ir_json_fits(rows[i].value, m->value[mark])))
            continue;
        ir_web_word(ev, IR_F_EVENT_OUTCOME, rows[i].word);
        return;
    }
}

/* OpenCanary's numbers of services, for people. */
static void canary(const struct ir_json_marks *m, struct ir_event *ev)
{
    static const struct {
        const char *type, *action;
        bool login;
    } rows[] = {{"2000", "ftp-login", true},      {"3000", "http-request", false},
                {"3001", "http-login", true},     {"4000", "ssh-connection", false},
                {"4001", "ssh-version", false},   {"4002", "ssh-login", true},
                {"5000", "smb-file-open", false}, {"5001", "port-scan", false},
                {"6001", "telnet-login", true},   {"7001", "http-proxy-login", true},
                {"8001", "mysql-login", true},    {"9001", "mssql-login", true},
                {"9002", "mssql-login", true},    {"12001", "vnc-login", true},
                {"14001", "rdp-login", true},     {"17001", "redis-command", false},
                {"18001", "tcp-banner", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!ir_str_eq(m->value[IR_JSON_MARK_LOGTYPE], ir_str_z(rows[i].type))) continue;
        put(ev, IR_F_EVENT_ACTION, ir_str_z(rows[i].action));
        if (rows[i].login) ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
    }
}

static void request(const struct ir_json_marks *m, struct ir_event *ev, enum ir_json_mark method,
                    enum ir_json_mark host, enum ir_json_mark uri)
{
    ir_zeek_request(ev, ir_json_marks_get(m, method, ev), ir_json_marks_get(m, host, ev),
                    ir_json_marks_get(m, uri, ev));
}

/* ModSecurity's audit log. Version 3 does not say that it refused: it warned and answered so. */
static void modsecurity(const struct ir_json_marks *m, struct ir_event *ev)
{
    struct ir_str line = ir_json_marks_get(m, IR_JSON_MARK_MS_LINE, ev);
    struct ir_str status = ir_json_marks_get(m, IR_JSON_MARK_MS_STATUS, ev);
    const bool refused =
        ir_json_marks_has(m, IR_JSON_MARK_MS_INTERCEPTED)
            ? ir_str_eq(m->value[IR_JSON_MARK_MS_INTERCEPTED], IR_S("true"))
            : ir_json_marks_has(m, IR_JSON_MARK_MS_RULE) && ir_str_eq(status, IR_S("403")) &&
                  ir_str_ieq(ir_json_marks_get(m, IR_JSON_MARK_MS_ENGINE, ev), IR_S("Enabled"));
    if (line.n > 0 && !(ir_web_request(ev, line) & IR_WEB_HOST))
        ir_web_set(ev, IR_F_URL_DOMAIN, ir_json_marks_get(m, IR_JSON_MARK_MS_HOST, ev));
    if (line.n == 0)
        request(m, ev, IR_JSON_MARK_MS_METHOD, IR_JSON_MARK_MS_HOST, IR_JSON_MARK_MS_URI);
    ir_web_status(ev, status);
    put(ev, IR_F_EVENT_ACTION, refused ? IR_S("waf_denied") : IR_S("http_request"));
    if (refused && absent(ev, IR_F_EVENT_OUTCOME))
        ir_web_word(ev, IR_F_EVENT_OUTCOME, IR_S("failure"));
}

void ir_json_ecs(const struct ir_json_marks *m, struct ir_event *ev)
{
    fields(m, ev);
    outcome(m, ev);
    if (ir_json_marks_has(m, IR_JSON_MARK_GCP_HTTP_URL) && has_source(ev, IR_LS_GCP))
        request(m, ev, IR_JSON_MARK_GCP_HTTP_METHOD, IR_JSON_MARK_NONE, IR_JSON_MARK_GCP_HTTP_URL);
    if (ir_json_marks_has(m, IR_JSON_MARK_GCS_URI) && has_source(ev, IR_LS_GCP))
        request(m, ev, IR_JSON_MARK_GCS_METHOD, IR_JSON_MARK_GCS_HOST, IR_JSON_MARK_GCS_URI);
    if (has_source(ev, IR_LS_POSTGRESQL)) {
        ir_db_user(ev, ir_str_n(NULL, 0), ir_json_marks_get(m, IR_JSON_MARK_PG_DB, ev));
        ir_postgres_message(ir_json_marks_get(m, IR_JSON_MARK_PG_SEVERITY, ev),
                            ir_json_marks_get(m, IR_JSON_MARK_PG_MESSAGE, ev), ev);
    }
    if (has_source(ev, IR_LS_OPENCANARY)) canary(m, ev);
    if (has_source(ev, IR_LS_LINUX_MODSECURITY)) modsecurity(m, ev);
    if (has_source(ev, IR_LS_ZEEK_HTTP))
        request(m, ev, IR_JSON_MARK_ZEEK_METHOD, IR_JSON_MARK_ZEEK_HOST, IR_JSON_MARK_ZEEK_URI);
    if (has_source(ev, IR_LS_SURICATA) && ir_json_marks_has(m, IR_JSON_MARK_EVE_URL))
        request(m, ev, IR_JSON_MARK_EVE_METHOD, IR_JSON_MARK_EVE_HOST, IR_JSON_MARK_EVE_URL);
}
