/*
 * Sophos Firewall (XG, XGS, SFOS) as its syslog output writes it: traffic, web, IPS, antivirus,
 * and events with administrators' and VPN logins. Not for Sophos UTM 9 or Central.
 * Document: Sophos Firewall, "Syslog guide" (device standard format, and central reporting format).
 *
 *     device="SFW" date=2026-11-22 time=10:02:03 timezone="JST" device_name="XG" device_id=C…
 * log_id=0101… log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" …
 *     device_name="SFW" timestamp="2026-11-22T10:02:03+0900" device_model="XGS" …
 *
 * Hostile: user_name= of a failed login, url=, user_agent=, file names, mail subjects. They are
 * quoted; device.h tells what happens with a key that stands twice.
 */
#include "base/map.h"
#include "format/device.h"
#include "format/stamp.h"

#define HEAD_PAIRS 14u
#define HEAD_BYTES 640u

enum {
#define KEY(row, key, kind, field) SF_##row,
#include "format/sophos_keys.def"
#undef KEY
    SF_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/sophos_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/sophos_keys.def"
#undef KEY
};
static const struct ir_device_table table = {rows, signs, SF_MAX, false};
_Static_assert(SF_MAX <= IR_DEVICE_ROWS_MAX, "too many keys");

static bool is(struct ir_str text)
{
    if (!ir_str_starts(text, IR_S("device=\"")) && !ir_str_starts(text, IR_S("device_name=\"")))
        return false;
    return ir_str_find(ir_str_head(text, HEAD_BYTES), IR_S(" log_component=")) != IR_NPOS;
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    struct ir_kv kv = ir_kv_open(text, &ir_kv_blanks);
    struct ir_kv_pair pair;
    struct ir_str date = {NULL, 0}, time = {NULL, 0}, zone = {NULL, 0}, stamp = {NULL, 0};
    uint64_t kind = 1;
    (void)ret_head;
    for (unsigned i = 0; i < HEAD_PAIRS && ir_kv_next(&kv, &pair); i++) {
        switch (ir_device_row(&table, pair.key)) {
        case SF_date: date = pair.value; break;
        case SF_time: time = pair.value; break;
        case SF_timezone: zone = pair.value; break;
        case SF_timestamp: stamp = pair.value; break;
        case SF_log_type:
        case SF_log_component:
        case SF_log_subtype: kind = ir_hash(pair.value, kind); break;
        default: break;
        }
    }
    ev->kind = kind | 1;
    if (stamp.n > 0 && ir_device_stamp_text(ev, stamp, &p->clock)) return IR_OK;
    return ir_device_time(ev, date, time, &p->clock, zone) ? IR_OK : IR_BAD;
}

static bool has(struct ir_str s, const char *word)
{
    return ir_str_ifind(s, ir_str_z(word)) != IR_NPOS;
}

static bool is_vpn(struct ir_str component)
{
    return has(component, "VPN") || has(component, "IPSec") || has(component, "L2TP") ||
           has(component, "PPTP");
}

static bool is_console(struct ir_str component)
{
    return has(component, "GUI") || has(component, "CLI") || has(component, "SSH") ||
           has(component, "Console");
}

static void authentication(struct ir_event *ev, const struct ir_str *v)
{
    bool out = has(v[SF_status], "logout") || has(v[SF_message], "logged out");
    struct ir_str component = v[SF_log_component];
    if (is_vpn(component))
        ir_device_action(ev, out ? "vpn_logout" : "vpn_login");
    else if (is_console(component))
        ir_device_action(ev, out ? "admin_logout" : "admin_login");
    else
        ir_device_action(ev, out ? "user_logout" : "user_login");
    if (!out) ir_device_result(ev, v[SF_status]);
}

/* "User 'bob' was added by 'admin' from '192.0.2.7' using 'GUI'", with either quotes or none. */
static bool account(struct ir_event *ev, struct ir_str message)
{
    struct ir_str s = message;
    size_t was = ir_str_rfind(s, IR_S(" was added by "));
    if (was == IR_NPOS) was = ir_str_rfind(s, IR_S(" was created by "));
    bool user = ir_str_istarts(s, IR_S("User ")), admin = ir_str_istarts(s, IR_S("Administrator "));
    if (was == IR_NPOS || (!user && !admin)) return false;
    size_t from = user ? 5 : 14;
    if (was < from) return false;
    s = ir_str_trim(ir_str_n(s.p + from, was - from));
    if (s.n >= 2 && (s.p[0] == '\'' || s.p[0] == '"') && s.p[s.n - 1] == s.p[0])
        s = ir_str_n(s.p + 1, s.n - 2);
    ir_device_account(ev, s);
    return true;
}

static void admin(struct ir_event *ev, const struct ir_str *v)
{
    struct ir_str message = v[SF_message];
    if (account(ev, ir_device_plain(ev, message, &ir_kv_blanks))) return;
    bool login = has(message, "logged in") || has(message, "login") || has(message, "log in");
    bool out = has(message, "logged out");
    ir_device_action(ev, out ? "admin_logout" : login ? "admin_login" : "config_change");
    if (!out) ir_device_result(ev, v[SF_status]);
}

/* log_type="Event": who logged in where stands in log_component. */
static void event(struct ir_event *ev, const struct ir_str *v)
{
    bool vpn = is_vpn(v[SF_log_component]);
    if (ir_str_ieq(v[SF_log_subtype], IR_S("Authentication"))) {
        authentication(ev, v);
    } else if (ir_str_ieq(v[SF_log_subtype], IR_S("Admin"))) {
        admin(ev, v);
    } else if (vpn && ir_str_ieq(v[SF_status], IR_S("Established"))) {
        ir_device_action(ev, "vpn_login");
        ir_device_outcome(ev, true);
    } else if (vpn && ir_str_ieq(v[SF_status], IR_S("Terminated"))) {
        ir_device_action(ev, "vpn_logout");
    }
}

static void by_type(struct ir_event *ev, const struct ir_str *v)
{
    static const struct {
        struct ir_str type;
        const char *action;
        enum ir_logsource_id source;
        int name;
    } types[] = {
        {IR_S("Content Filtering"), "web_request", IR_LS_PROXY, SF_fw_rule_name},
        {IR_S("WAF"), "web_request", IR_LS_WEBSERVER, SF_fw_rule_name},
        {IR_S("IDP"), "intrusion", IR_LS_FIREWALL, SF_signature_msg},
        {IR_S("ATP"), "intrusion", IR_LS_FIREWALL, SF_signature_msg},
        {IR_S("Anti-Virus"), "malware", IR_LS_ANTIVIRUS, SF_virus},
        {IR_S("Anti Virus"), "malware", IR_LS_ANTIVIRUS, SF_virus},
        {IR_S("Sandbox"), "malware", IR_LS_ANTIVIRUS, SF_virus},
        {IR_S("Anti-Spam"), "mail", IR_LS_NONE, SF_fw_rule_name},
        {IR_S("Anti Spam"), "mail", IR_LS_NONE, SF_fw_rule_name},
    };
    struct ir_str type = v[SF_log_type];
    ir_device_vendor(ev, "Sophos", "Firewall");
    ir_event_source(ev, IR_LS_SOPHOS);
    if (ir_str_ieq(type, IR_S("Firewall"))) {
        ir_event_source(ev, IR_LS_FIREWALL);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, v[SF_fw_rule_name]);
        ir_device_verdict(ev, v[SF_log_subtype], true);
    } else if (ir_str_ieq(type, IR_S("Event"))) {
        event(ev, v);
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!ir_str_ieq(type, types[i].type)) continue;
        ir_device_action(ev, types[i].action);
        if (types[i].source != IR_LS_NONE) ir_event_source(ev, types[i].source);
        ir_device_set(ev, IR_DEV_TEXT, IR_F_RULE_NAME, v[types[i].name]);
        ir_device_verdict(ev, v[SF_log_subtype], false);
    }
    ir_device_url(ev, ir_device_plain(ev, v[SF_url], &ir_kv_blanks));
}

static void body(const struct ir_device_head *h, struct ir_str text, struct ir_event *ev)
{
    struct ir_kv_pairs pairs;
    struct ir_str val[SF_MAX];
    (void)h;
    ir_kv_read(text, &ir_kv_blanks, IR_KV_MAX, &pairs);
    const struct ir_device_found found = ir_device_keys(&table, &pairs, val);
    ir_device_fields(ev, &table, &pairs, &ir_kv_blanks, val, &found);
    by_type(ev, val);
}

const struct ir_device ir_device_sophos = {is, head, body};

static const struct ir_hint hints[] = {{"log_type=\"Event\"", IR_LS_AUTHENTICATION},
                                       {"log_type=Event", IR_LS_AUTHENTICATION},
                                       {" was added by ", IR_LS_ACCOUNT_CHANGE},
                                       {" was created by ", IR_LS_ACCOUNT_CHANGE},
                                       {NULL, IR_LS_NONE}};
static const uint16_t sources[] = {IR_LS_SOPHOS,    IR_LS_FIREWALL,  IR_LS_PROXY,
                                   IR_LS_WEBSERVER, IR_LS_ANTIVIRUS, 0};

IR_DEVICE_FORMAT(sophos, sources, hints, ir_device_derived,
                 "Sophos Firewall (XG, XGS): traffic, web, IPS, logins");
