/*
 * Palo Alto Networks firewalls (PAN-OS) as their syslog output writes it: TRAFFIC, THREAT, SYSTEM,
 * CONFIG, GLOBALPROTECT and AUTHENTICATION with all columns, other logs with the first seven. Not
 * for their CEF and LEEF output. Document: PAN-OS Administrator's Guide, "Syslog Field
 * Descriptions".
 *
 *     1,2026/11/22 10:02:03,0123456789,TRAFFIC,end,2561,2026/11/22 10:02:03,192.0.2.7,…
 *
 * Cells with commas are quoted, and quotes in them doubled. Stamps have no zone: they are taken as
 * the input's.
 *
 * Hostile: user names, URLs, agents, mail subjects; all are cells of their own. In SYSTEM's
 * description the device puts the user between its words: it is read from the end that the device
 * wrote.
 */
#include "base/map.h"
#include "format/csv_cells.h"
#include "format/device.h"

#define COLUMNS_MAX 80u
#define TYPE_MAX    16u

struct column {
    struct ir_str name;
    uint8_t kind;
    uint32_t field;
};
enum {
    PAN_traffic,
    PAN_threat,
    PAN_system,
    PAN_config,
    PAN_globalprotect,
    PAN_authentication,
    PAN_other
};
static const struct {
    uint8_t log;
    struct column column;
} columns[] = {
#define COLUMN(log, name, kind, field) {PAN_##log, {IR_S(name), kind, field}},
#include "format/paloalto_columns.def"
#undef COLUMN
};
#define NCOLUMNS (sizeof columns / sizeof *columns)

static const struct {
    struct ir_str type;
    unsigned log;
    enum ir_logsource_id source;
} types[] = {
    {IR_S("TRAFFIC"), PAN_traffic, IR_LS_PALOALTO_TRAFFIC},
    {IR_S("THREAT"), PAN_threat, IR_LS_PALOALTO_THREAT},
    {IR_S("SYSTEM"), PAN_system, IR_LS_PALOALTO_SYSTEM},
    {IR_S("CONFIG"), PAN_config, IR_LS_PALOALTO_CONFIG},
    {IR_S("GLOBALPROTECT"), PAN_globalprotect, IR_LS_PALOALTO_GLOBALPROTECT},
    {IR_S("AUTHENTICATION"), PAN_authentication, IR_LS_PALOALTO},
    {IR_S("USERID"), PAN_other, IR_LS_PALOALTO},
    {IR_S("HIPMATCH"), PAN_other, IR_LS_PALOALTO},
    {IR_S("DECRYPTION"), PAN_other, IR_LS_PALOALTO},
    {IR_S("CORRELATION"), PAN_other, IR_LS_PALOALTO},
};
#define NTYPES (sizeof types / sizeof *types)

/* The first cells, found without looking for quotes: the device never quotes them. */
struct head {
    struct ir_str receive, type, subtype, generated;
    unsigned number; /* in types */
};

static bool is_stamp(struct ir_str s)
{
    return s.n == 19 && s.p[4] == '/' && s.p[7] == '/' && s.p[10] == ' ' && s.p[13] == ':';
}

static bool read_head(struct ir_str text, struct head *h)
{
    size_t first = ir_str_chr(ir_str_head(text, 12), ',');
    if (first == IR_NPOS || text.n < first + 40) return false;
    text = ir_str_skip(text, first + 1);
    if (text.p[19] != ',' || text.p[0] != '2') return false;
    h->receive = ir_str_cut(&text, ',');
    if (!is_stamp(h->receive)) return false;
    ir_str_cut(&text, ',');
    h->type = ir_str_cut(&text, ',');
    if (h->type.n > TYPE_MAX || text.p == NULL) return false;
    h->subtype = ir_str_cut(&text, ',');
    ir_str_cut(&text, ',');
    h->generated = ir_str_cut(&text, ',');
    for (h->number = 0; h->number < NTYPES; h->number++)
        if (ir_str_eq(types[h->number].type, h->type)) return true;
    return false;
}

static bool is(struct ir_str text)
{
    struct head h;
    return text.n > 40 && (ir_isdigit(text.p[0]) || text.p[0] == ',') && read_head(text, &h);
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    struct head h;
    struct ir_str none = {NULL, 0};
    (void)ret_head;
    if (!read_head(text, &h)) return IR_BAD;
    struct ir_str at = is_stamp(h.generated) ? h.generated : h.receive;
    if (!ir_device_time(ev, ir_str_head(at, 10), ir_str_skip(at, 11), &p->clock, none))
        return IR_BAD;
    ev->kind = ir_hash(h.subtype, ir_hash(h.type, 1)) | 1;
    return IR_OK;
}

/* "DOMAIN\user" stays as it is: rules know both. */
static void add_cell(struct ir_event *ev, const struct column *col, struct ir_str v)
{
    if (col->name.n == 0 || v.n == 0) return;
    if (col->kind != IR_DEV_NONE && ir_event_get(ev, col->field, 0).p == NULL)
        ir_device_set(ev, col->kind, col->field, v);
    ir_event_add_named(ev, col->name, IR_V_STRING, v);
}

struct cells {
    struct ir_str action, rule, misc, threat, eventid, text, status, result, stage, cmd, path,
        event, client;
};

static void keep(struct cells *c, struct ir_str name, struct ir_str v)
{
    const struct {
        struct ir_str name;
        struct ir_str *to;
    } wanted[] = {
        {IR_S("action"), &c->action},     {IR_S("rule"), &c->rule},
        {IR_S("misc"), &c->misc},         {IR_S("threatid"), &c->threat},
        {IR_S("eventid"), &c->eventid},   {IR_S("opaque"), &c->text},
        {IR_S("status"), &c->status},     {IR_S("result"), &c->result},
        {IR_S("stage"), &c->stage},       {IR_S("cmd"), &c->cmd},
        {IR_S("path"), &c->path},         {IR_S("event"), &c->event},
        {IR_S("clienttype"), &c->client},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (ir_str_eq(name, wanted[i].name)) *wanted[i].to = v;
}

static void read_cells(struct ir_str text, unsigned log, struct ir_event *ev, struct cells *c)
{
    struct ir_csv csv = ir_csv_open(text, ',');
    struct ir_csv_cell cell;
    size_t at = 0;
    while (at < NCOLUMNS && columns[at].log != log)
        at++;
    for (; at < NCOLUMNS && columns[at].log == log && ir_csv_next(&csv, &cell); at++) {
        struct ir_str v = cell.text;
        if (cell.doubled) {
            v = ir_csv_decode(v, ev->arena);
            ev->verbatim = false;
        }
        keep(c, columns[at].column.name, v);
        add_cell(ev, &columns[at].column, v);
    }
}

static bool has(struct ir_str s, const char *word)
{
    return ir_str_ifind(s, ir_str_z(word)) != IR_NPOS;
}

static void threat(struct ir_event *ev, struct ir_str subtype, const struct cells *c)
{
    ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, c->threat);
    ir_device_verdict(ev, c->action, false);
    if (ir_str_eq(subtype, IR_S("url"))) {
        ir_event_source(ev, IR_LS_PROXY);
        ir_device_action(ev, "web_request");
        ir_device_url(ev, c->misc);
        return;
    }
    bool virus = has(subtype, "virus") || has(subtype, "wildfire") || has(subtype, "spyware");
    if (virus) ir_event_source(ev, IR_LS_ANTIVIRUS);
    if (has(subtype, "virus") || has(subtype, "file") || has(subtype, "wildfire"))
        ir_device_set(ev, IR_DEV_TEXT, IR_F_FILE_NAME, c->misc);
    ir_event_source(ev, IR_LS_FIREWALL);
    ir_device_action(ev, virus ? "malware" : "intrusion");
}

/* The text between two of the device's words: the first `open` and the last `close` behind it. */
static struct ir_str between(struct ir_str s, const char *open, const char *close)
{
    size_t from = ir_str_find(s, ir_str_z(open));
    if (from == IR_NPOS) return ir_str_n(NULL, 0);
    s = ir_str_skip(s, from + strlen(open));
    size_t to = ir_str_rfind(s, ir_str_z(close));
    return to == IR_NPOS ? ir_str_n(NULL, 0) : ir_str_head(s, to);
}

/* The address behind the last `word`, up to a comma, blank or the dot that ends the text. */
static void add_from(struct ir_event *ev, struct ir_str s, const char *word, bool last)
{
    size_t at = last ? ir_str_rfind(s, ir_str_z(word)) : ir_str_find(s, ir_str_z(word));
    if (at == IR_NPOS) return;
    s = ir_str_skip(s, at + strlen(word));
    size_t n = 0;
    while (n < s.n && (ir_isalnum(s.p[n]) || s.p[n] == '.' || s.p[n] == ':'))
        n++;
    while (n > 0 && s.p[n - 1] == '.')
        n--;
    ir_device_set(ev, IR_DEV_IP, IR_F_SOURCE_IP, ir_str_head(s, n));
}

/* "failed authentication for user 'bob'. Reason: … From: 203.0.113.9." and "GlobalProtect portal
 * user authentication failed. Login from: 203.0.113.9, …, User name: bob, Client OS version: …" and
 * "User admin logged in via Web from 203.0.113.9 using https" */
void ir_paloalto_system(struct ir_event *ev, struct ir_str eventid, struct ir_str text)
{
    struct ir_str user = {NULL, 0};
    bool gp = ir_str_istarts(eventid, IR_S("globalprotect"));
    bool bad = has(eventid, "fail"), good = has(eventid, "succ");
    if (gp && has(eventid, "auth")) {
        ir_device_action(ev, "vpn_login");
        ir_device_outcome(ev, !bad);
        add_from(ev, text, "Login from: ", false);
        user = between(text, "User name: ", ", Client OS version:");
        if (user.p == NULL) user = between(text, "User name: ", ", Reason:");
        if (user.p == NULL) user = between(text, "User name: ", ", Auth type:");
    } else if (gp && has(eventid, "logout")) {
        ir_device_action(ev, "vpn_logout");
        user = between(text, "User name: ", ", ");
    } else if (ir_str_istarts(eventid, IR_S("auth-")) && (bad || good)) {
        ir_device_action(ev, "user_login");
        ir_device_outcome(ev, good);
        user = between(text, "ser '", "'");
        size_t reason = ir_str_rfind(user, IR_S("'. Reason:"));
        if (reason != IR_NPOS) user = ir_str_head(user, reason);
        size_t quote = reason == IR_NPOS ? ir_str_chr(user, '\'') : IR_NPOS;
        if (quote != IR_NPOS) user = ir_str_head(user, quote);
        add_from(ev, text, "rom: ", true);
    } else if (has(text, " logged in via ") || has(text, " logged out via ")) {
        bool out = has(text, " logged out via ");
        ir_device_action(ev, out ? "admin_logout" : "admin_login");
        if (!out) ir_device_outcome(ev, true);
        user = between(text, "User ", out ? " logged out via " : " logged in via ");
        add_from(ev, text, " from ", true);
    }
    ir_device_set(ev, IR_DEV_TEXT, IR_F_USER_NAME, user);
}

/* "Admin", "GlobalProtect" or the portal for users: which client asked, and what became of it. */
static void authentication(struct ir_event *ev, const struct cells *c)
{
    bool good = has(c->event, "succ") || has(c->event, "allow") || has(c->event, "accept");
    bool bad = has(c->event, "fail") || has(c->event, "den") || has(c->event, "invalid") ||
               has(c->event, "reject") || has(c->event, "error") || has(c->event, "timeout");
    if (!good && !bad) return; /* one factor of several was asked for */
    ir_device_action(ev, has(c->client, "globalprotect") ? "vpn_login"
                         : has(c->client, "admin")       ? "admin_login"
                                                         : "user_login");
    ir_device_outcome(ev, !bad);
}

static void globalprotect(struct ir_event *ev, const struct cells *c)
{
    bool out = has(c->eventid, "logout") || has(c->stage, "logout");
    bool in = has(c->eventid, "auth") || has(c->eventid, "connected") || has(c->stage, "login");
    if (!out && !in) return;
    ir_device_action(ev, out ? "vpn_logout" : "vpn_login");
    if (!out) ir_device_result(ev, c->status);
}

/* "config mgt-config users bob", set or cloned: an account of the firewall. */
static void config(struct ir_event *ev, const struct cells *c)
{
    size_t at = ir_str_find(c->path, IR_S("mgt-config users "));
    bool made = ir_str_eq(c->cmd, IR_S("set")) || ir_str_eq(c->cmd, IR_S("add")) ||
                ir_str_eq(c->cmd, IR_S("clone"));
    if (at != IR_NPOS && made && ir_str_eq(c->result, IR_S("Succeeded"))) {
        struct ir_str name = ir_str_trim(ir_str_skip(c->path, at + 17));
        ir_device_account(ev, ir_str_head(name, ir_str_chr(name, ' ')));
        return;
    }
    ir_device_action(ev, "config_change");
    ir_device_result(ev, c->result);
}

static void body(const struct ir_device_head *shared, struct ir_str text, struct ir_event *ev)
{
    struct head h;
    struct cells c;
    (void)shared;
    if (!read_head(text, &h)) return;
    memset(&c, 0, sizeof c);
    ir_device_vendor(ev, "Palo Alto Networks", "PAN-OS");
    ir_event_source(ev, types[h.number].source);
    read_cells(text, types[h.number].log, ev, &c);
    switch (types[h.number].log) {
    case PAN_traffic:
        ir_event_source(ev, IR_LS_FIREWALL);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, c.rule);
        ir_device_verdict(ev, c.action, true);
        break;
    case PAN_threat: threat(ev, h.subtype, &c); break;
    case PAN_system: ir_paloalto_system(ev, c.eventid, c.text); break;
    case PAN_authentication: authentication(ev, &c); break;
    case PAN_globalprotect: globalprotect(ev, &c); break;
    case PAN_config: config(ev, &c); break;
    default: break;
    }
}

const struct ir_device ir_device_paloalto = {is, head, body};

static const struct ir_hint hints[] = {{",SYSTEM,", IR_LS_AUTHENTICATION},
                                       {",GLOBALPROTECT,", IR_LS_AUTHENTICATION},
                                       {",AUTHENTICATION,", IR_LS_AUTHENTICATION},
                                       {",CONFIG,", IR_LS_ACCOUNT_CHANGE},
                                       {NULL, IR_LS_NONE}};
static const uint16_t sources[] = {IR_LS_PALOALTO,        IR_LS_PALOALTO_TRAFFIC,
                                   IR_LS_PALOALTO_THREAT, IR_LS_PALOALTO_SYSTEM,
                                   IR_LS_PALOALTO_CONFIG, IR_LS_PALOALTO_GLOBALPROTECT,
                                   IR_LS_FIREWALL,        IR_LS_PROXY,
                                   IR_LS_ANTIVIRUS,       0};

/* Doubled quotes, and escapes of a URL. */
static bool derived(struct ir_str rec)
{
    return ir_device_derived(rec) || ir_str_find(rec, IR_S("\"\"")) != IR_NPOS;
}

IR_DEVICE_FORMAT(paloalto, sources, hints, derived,
                 "Palo Alto Networks PAN-OS: traffic, threat, system, config, GlobalProtect");
