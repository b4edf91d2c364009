/*
 * Fortinet's logs: FortiGate (traffic, utm, event with SSL-VPN and admin logins), and FortiMail,
 * FortiWeb, FortiDDoS, which write the same way. Not for their CEF output (cef.c).
 * Document: FortiOS Log Message Reference, "Log message format".
 *
 *     date=2026-11-22 time=10:02:03 devname="fw" devid="FG…" eventtime=17952… tz="+0900"
 * logid="0000000013" type="traffic" subtype="forward" … srcip=192.0.2.7 … or with commas between.
 *
 * Hostile: whoever tries to log in chooses user=, whoever browses url=, agent= and hostname=. They
 * are quoted and their quotes escaped (kv.h); device.h tells what happens with a key that stands
 * twice. The time is read from the first pairs only, before any of those.
 */
#include "base/map.h"
#include "base/time.h"
#include "format/device.h"

#define HEAD_PAIRS 24u
#define HEAD_BYTES 640u
#define ZONE_MAX   (INT64_C(15) * 3600 * IR_NS)

enum {
#define KEY(row, key, kind, field) FG_##row,
#include "format/fortigate_keys.def"
#undef KEY
    FG_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/fortigate_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/fortigate_keys.def"
#undef KEY
};
static const struct ir_device_table table = {rows, signs, FG_MAX, false};
_Static_assert(FG_MAX <= IR_DEVICE_ROWS_MAX, "too many keys");

/* FortiAuthenticator leaves the time to syslog, and ends with a sentence:
 * `category="Event" subcategory="Authentication" typeid=20001 … action="…" status="Failed" words`
 */
static bool is_authenticator(struct ir_str text)
{
    return ir_str_starts(text, IR_S("category=\"")) &&
           ir_str_find(ir_str_head(text, 160), IR_S(" typeid=")) != IR_NPOS;
}

/* A file begins with the date; FortiAnalyzer and FortiDDoS put their own numbers before it. */
static bool is(struct ir_str text)
{
    static const struct ir_str starts[] = {IR_S("date=20"), IR_S("devid="), IR_S("logver="),
                                           IR_S("itime="),  IR_S("id="),    IR_S("devname=")};
    if (is_authenticator(text)) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (!ir_str_starts(text, starts[i])) continue;
        struct ir_str head = ir_str_head(text, HEAD_BYTES);
        if (i > 0 && ir_str_find(head, IR_S("date=20")) == IR_NPOS) return false;
        return ir_str_find(head, IR_S("time=")) != IR_NPOS &&
               ir_str_find(head, IR_S("type=")) != IR_NPOS;
    }
    return false;
}

/* What separates the first pair from the second separates all. */
static const struct ir_kv_style *style_of(struct ir_str text)
{
    size_t eq = ir_str_chr(ir_str_head(text, 64), '=');
    for (size_t i = eq; eq != IR_NPOS && i < text.n && i < 64; i++) {
        if (text.p[i] == ',') return &ir_kv_commas;
        if (text.p[i] == ' ') return &ir_kv_blanks;
    }
    return &ir_kv_blanks;
}

struct head {
    struct ir_str date, time, tz, eventtime, type, subtype, id;
};

static void read_head(struct ir_str text, struct head *h)
{
    struct ir_kv kv = ir_kv_open(text, style_of(text));
    struct ir_kv_pair pair;
    *h = (struct head){0};
    for (unsigned i = 0; i < HEAD_PAIRS && ir_kv_next(&kv, &pair); i++) {
        struct ir_str *to = NULL;
        switch (ir_device_row(&table, pair.key)) {
        case FG_date: to = &h->date; break;
        case FG_time: to = &h->time; break;
        case FG_tz: to = &h->tz; break;
        case FG_eventtime: to = &h->eventtime; break;
        case FG_type: to = &h->type; break;
        case FG_subtype: to = &h->subtype; break;
        case FG_logid:
        case FG_log_id:
        case FG_devid:
        case FG_device_id:
        case FG_devname: to = &h->id; break;
        default: break;
        }
        if (to != NULL && to->p == NULL) *to = pair.value;
        if (h->subtype.p != NULL && h->type.p != NULL && h->eventtime.p != NULL && h->tz.p != NULL)
            break;
    }
}

/* eventtime is exact and has no zone; one that is a day off is not the time of this record. */
static void take_eventtime(struct ir_event *ev, struct ir_str s)
{
    int64_t ns;
    if (!(ev->flags & IR_EV_TIME) || !ir_device_epoch(s, &ns)) return;
    if (ns - ev->time > ZONE_MAX || ev->time - ns > ZONE_MAX) return;
    ir_event_time(ev, ns, IR_EV_ZONE_KNOWN);
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    struct head h;
    (void)ret_head;
    if (is_authenticator(text)) return IR_OK;
    read_head(text, &h);
    if (h.type.n == 0 || h.id.p == NULL) return IR_BAD;
    if (!ir_device_time(ev, h.date, h.time, &p->clock, h.tz)) return IR_BAD;
    take_eventtime(ev, h.eventtime);
    ev->kind = ir_hash(h.subtype, ir_hash(h.type, 1)) | 1;
    return IR_OK;
}

/* "ssh(192.0.2.7)", "GUI(192.0.2.7)": where an administrator sits. */
static void add_ui(struct ir_event *ev, struct ir_str ui)
{
    size_t open = ir_str_chr(ui, '(');
    if (open == IR_NPOS || ui.p[ui.n - 1] != ')') return;
    if (ir_event_get(ev, IR_F_SOURCE_IP, 0).p != NULL) return;
    ir_device_set(ev, IR_DEV_IP, IR_F_SOURCE_IP, ir_str_n(ui.p + open + 1, ui.n - open - 2));
}

static void vpn(struct ir_event *ev, const struct ir_str *v)
{
    struct ir_str action = v[FG_action];
    bool ssl = ir_str_starts(v[FG_tunneltype], IR_S("ssl")) ||
               ir_str_istarts(v[FG_logdesc], IR_S("SSL VPN"));
    if (ir_str_eq(action, IR_S("ssl-login-fail"))) {
        ir_device_action(ev, "vpn_login");
        ir_device_outcome(ev, false);
    } else if (ssl && ir_str_eq(action, IR_S("tunnel-up"))) {
        ir_device_action(ev, "vpn_login");
        ir_device_outcome(ev, true);
    } else if (ssl && ir_str_eq(action, IR_S("tunnel-down"))) {
        ir_device_action(ev, "vpn_logout");
    } else if (ir_str_eq(action, IR_S("negotiate"))) {
        ir_device_action(ev, "vpn_negotiate");
        ir_device_result(ev, v[FG_status]);
    } else if (action.n > 0) {
        ir_event_derive(ev, IR_F_EVENT_ACTION, action);
    }
}

static void event(struct ir_event *ev, const struct ir_str *v)
{
    struct ir_str action = v[FG_action];
    bool user = ir_str_eq(v[FG_subtype], IR_S("user"));
    ir_event_source(ev, IR_LS_FORTIGATE_EVENT);
    ir_event_source(ev, IR_LS_FORTIOS_SSLVPND);
    if (ir_str_eq(v[FG_cfgpath], IR_S("system.admin")) && ir_str_eq(action, IR_S("Add"))) {
        ir_device_account(ev, v[FG_cfgobj]);
    } else if (v[FG_cfgpath].n > 0) {
        ir_device_action(ev, "config_change");
    } else if (ir_str_eq(v[FG_subtype], IR_S("vpn"))) {
        vpn(ev, v);
    } else if (ir_str_ieq(action, IR_S("login"))) {
        ir_device_action(ev, user ? "user_login" : "admin_login");
        ir_device_result(ev, v[FG_status]);
    } else if (ir_str_ieq(action, IR_S("logout"))) {
        ir_device_action(ev, user ? "user_logout" : "admin_logout");
    } else if (user && ir_str_starts(action, IR_S("auth")) &&
               !ir_str_ieq(action, IR_S("auth-logout"))) {
        ir_device_action(ev, "user_login");
        if (ir_str_eq(v[FG_status], IR_S("logon")))
            ir_device_outcome(ev, true);
        else
            ir_device_result(ev, v[FG_status]);
    } else if (action.n > 0) {
        ir_event_derive(ev, IR_F_EVENT_ACTION, action);
    }
    add_ui(ev, v[FG_ui]);
}

/* subtype → event.action, log source, and the key that names what was found. */
static void utm(struct ir_event *ev, const struct ir_str *v, struct ir_str kind)
{
    static const struct {
        struct ir_str subtype;
        const char *action;
        enum ir_logsource_id source;
        int name;
    } kinds[] = {
        {IR_S("virus"), "malware", IR_LS_ANTIVIRUS, FG_virus},
        {IR_S("webfilter"), "web_request", IR_LS_PROXY, FG_policyname},
        {IR_S("ips"), "intrusion", IR_LS_FIREWALL, FG_attack},
        {IR_S("anomaly"), "intrusion", IR_LS_FIREWALL, FG_attack},
        {IR_S("waf"), "intrusion", IR_LS_PROXY, FG_attack},
        {IR_S("attack"), "intrusion", IR_LS_FIREWALL, FG_attack},
        {IR_S("app-ctrl"), "application", IR_LS_FIREWALL, FG_policyname},
        {IR_S("dns"), "dns_query", IR_LS_DNS, FG_policyname},
        {IR_S("emailfilter"), "mail", IR_LS_NONE, FG_policyname},
        {IR_S("spam"), "mail", IR_LS_NONE, FG_policyname},
        {IR_S("statistics"), "mail", IR_LS_NONE, FG_policyname},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!ir_str_eq(kind, kinds[i].subtype)) continue;
        ir_device_action(ev, kinds[i].action);
        if (kinds[i].source != IR_LS_NONE) ir_event_source(ev, kinds[i].source);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, v[kinds[i].name]);
        break;
    }
    if (v[FG_action].n > 0) ir_device_verdict(ev, v[FG_action], false);
    struct ir_str url = v[FG_url].n > 0 ? v[FG_url] : v[FG_http_url];
    ir_device_url(ev, ir_device_plain(ev, url, &ir_kv_blanks));
}

static void authenticator(struct ir_event *ev, const struct ir_str *v)
{
    ir_device_vendor(ev, "Fortinet", "FortiAuthenticator");
    ir_event_source(ev, IR_LS_FORTINET);
    if (!ir_str_eq(v[FG_action], IR_S("Authentication"))) return;
    ir_device_action(ev, "user_login");
    ir_device_result(ev, v[FG_status]);
}

static void by_type(struct ir_event *ev, const struct ir_str *v)
{
    struct ir_str type = v[FG_type];
    if (v[FG_typeid].n > 0 && type.n == 0) {
        authenticator(ev, v);
        return;
    }
    bool gate = v[FG_logid].p != NULL ||
                (ir_str_starts(v[FG_devid], IR_S("FG")) && !ir_str_eq(type, IR_S("attack")));
    ir_device_vendor(ev, "Fortinet", gate ? "FortiGate" : "Fortinet");
    if (gate && ir_str_eq(type, IR_S("traffic"))) {
        ir_event_source(ev, IR_LS_FORTIGATE_TRAFFIC);
        ir_event_source(ev, IR_LS_FIREWALL);
        if (v[FG_action].n > 0) ir_device_verdict(ev, v[FG_action], true);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, v[FG_policyname]);
    } else if (gate && ir_str_eq(type, IR_S("event"))) {
        event(ev, v);
    } else if (gate) { /* up to FortiOS 4 the type is what later is utm's subtype */
        ir_event_source(ev, IR_LS_FORTIGATE_UTM);
        utm(ev, v, ir_str_eq(type, IR_S("utm")) ? v[FG_subtype] : type);
    } else {
        ir_event_source(ev, IR_LS_FORTINET);
        if (ir_str_eq(v[FG_action], IR_S("login"))) {
            ir_device_action(ev, "admin_login");
            ir_device_result(ev, v[FG_status]);
        } else {
            utm(ev, v, type);
        }
        add_ui(ev, v[FG_ui]);
    }
}

static void body(const struct ir_device_head *h, struct ir_str text, struct ir_event *ev)
{
    struct ir_kv_pairs pairs;
    struct ir_str val[FG_MAX];
    const struct ir_kv_style *style = style_of(text);
    (void)h;
    ir_kv_read(text, style, IR_KV_MAX, &pairs);
    const struct ir_device_found found = ir_device_keys(&table, &pairs, val);
    ir_device_fields(ev, &table, &pairs, style, val, &found);
    by_type(ev, val);
}

const struct ir_device ir_device_fortigate = {is, head, body};

static const struct ir_hint hints[] = {{"type=\"event\"", IR_LS_AUTHENTICATION},
                                       {"type=event", IR_LS_AUTHENTICATION},
                                       {"action=\"login\"", IR_LS_AUTHENTICATION},
                                       {"action=login", IR_LS_AUTHENTICATION},
                                       {"Authentication", IR_LS_AUTHENTICATION},
                                       {"system.admin", IR_LS_ACCOUNT_CHANGE},
                                       {NULL, IR_LS_NONE}};
static const uint16_t sources[] = {IR_LS_FORTIGATE_TRAFFIC,
                                   IR_LS_FORTIGATE_UTM,
                                   IR_LS_FORTIGATE_EVENT,
                                   IR_LS_FORTIOS_SSLVPND,
                                   IR_LS_FORTINET,
                                   IR_LS_FIREWALL,
                                   IR_LS_PROXY,
                                   IR_LS_ANTIVIRUS,
                                   IR_LS_DNS,
                                   0};

IR_DEVICE_FORMAT(fortigate, sources, hints, ir_device_derived,
                 "FortiGate and other Fortinet devices: traffic, UTM, events, SSL-VPN");
