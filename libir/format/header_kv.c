/*
 * The heads of CEF and LEEF, and which log sources their events belong to. See header_kv.h.
 */
#include "format/header_kv.h"

#include "format/device_words.h"

bool ir_header_part(struct ir_str *rest, struct ir_str *ret_part)
{
    for (size_t from = 0;;) {
        size_t bar = ir_str_chr(ir_str_skip(*rest, from), '|');
        if (bar == IR_NPOS) return false;
        bar += from;
        size_t slashes = 0; /* an odd number of them escapes the bar */
        while (slashes < bar && rest->p[bar - 1 - slashes] == '\\')
            slashes++;
        from = bar + 1;
        if (slashes % 2 != 0) continue;
        *ret_part = ir_str_head(*rest, bar);
        *rest = ir_str_skip(*rest, from);
        return true;
    }
}

void ir_header_set(struct ir_event *ev, uint32_t field, struct ir_str part)
{
    struct ir_str text = ir_device_plain(ev, ir_str_trim(part), &ir_kv_cef);
    if (text.n > 0) ir_event_set(ev, field, text);
}

void ir_header_vendor(struct ir_event *ev, struct ir_str vendor, struct ir_str product,
                      struct ir_str version)
{
    ir_header_set(ev, IR_F_OBSERVER_VENDOR, vendor);
    ir_header_set(ev, IR_F_OBSERVER_PRODUCT, product);
    ir_header_set(ev, IR_F_OBSERVER_VERSION, version);
}

const uint16_t ir_header_source_list[] = {IR_LS_FORTIGATE,
                                          IR_LS_FORTIGATE_TRAFFIC,
                                          IR_LS_FORTIGATE_UTM,
                                          IR_LS_FORTIGATE_EVENT,
                                          IR_LS_PALOALTO,
                                          IR_LS_PALOALTO_TRAFFIC,
                                          IR_LS_PALOALTO_THREAT,
                                          IR_LS_PALOALTO_SYSTEM,
                                          IR_LS_SONICWALL,
                                          IR_LS_PALOALTO_CONFIG,
                                          IR_LS_SOPHOS,
                                          IR_LS_PALOALTO_GLOBALPROTECT,
                                          IR_LS_FIREWALL,
                                          IR_LS_PROXY,
                                          IR_LS_ANTIVIRUS,
                                          IR_LS_WEBSERVER,
                                          0};

/* A vendor's name, and a word its category begins with ("" any). */
static const struct {
    struct ir_str vendor, cat;
    enum ir_logsource_id source;
} vendors[] = {
    {IR_S("Fortinet"), IR_S("traffic"), IR_LS_FORTIGATE_TRAFFIC},
    {IR_S("Fortinet"), IR_S("utm"), IR_LS_FORTIGATE_UTM},
    {IR_S("Fortinet"), IR_S("event"), IR_LS_FORTIGATE_EVENT},
    {IR_S("Fortinet"), IR_S(""), IR_LS_FORTIGATE},
    {IR_S("Palo Alto Networks"), IR_S("traffic"), IR_LS_PALOALTO_TRAFFIC},
    {IR_S("Palo Alto Networks"), IR_S("threat"), IR_LS_PALOALTO_THREAT},
    {IR_S("Palo Alto Networks"), IR_S("system"), IR_LS_PALOALTO_SYSTEM},
    {IR_S("Palo Alto Networks"), IR_S("config"), IR_LS_PALOALTO_CONFIG},
    {IR_S("Palo Alto Networks"), IR_S("globalprotect"), IR_LS_PALOALTO_GLOBALPROTECT},
    {IR_S("Palo Alto Networks"), IR_S(""), IR_LS_PALOALTO},
    {IR_S("SonicWall"), IR_S(""), IR_LS_SONICWALL},
    {IR_S("Sophos"), IR_S(""), IR_LS_SOPHOS},
    {IR_S("F5"), IR_S(""), IR_LS_WEBSERVER}, /* application firewalls: requests to our own sites */
    {IR_S("Imperva"), IR_S(""), IR_LS_WEBSERVER},
    {IR_S("Incapsula"), IR_S(""), IR_LS_WEBSERVER},
    {IR_S("Citrix"), IR_S(""), IR_LS_WEBSERVER},
    {IR_S("Barracuda"), IR_S(""), IR_LS_WEBSERVER},
    {IR_S("Akamai"), IR_S(""), IR_LS_WEBSERVER},
    {IR_S("Trend"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("Kaspersky"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("ESET"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("McAfee"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("Trellix"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("Symantec"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("Bitdefender"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("F-Secure"), IR_S(""), IR_LS_ANTIVIRUS},
    {IR_S("WithSecure"), IR_S(""), IR_LS_ANTIVIRUS},
};

bool ir_header_derived(struct ir_str rec, bool named)
{
    struct ir_str part, rest = rec;
    if (ir_device_derived(rec)) return true;
    for (unsigned i = 0; i < 4; i++)
        if (!ir_header_part(&rest, &part)) return true;
    for (unsigned i = 0; i < (named ? 2u : 1u) && ir_header_part(&rest, &part); i++)
        if (ir_device_words_other(part)) return false;
    return true;
}

void ir_header_sources(struct ir_event *ev, struct ir_str vendor, struct ir_str cat,
                       struct ir_str act)
{
    for (size_t i = 0; i < sizeof vendors / sizeof *vendors; i++) {
        if (vendor.n == 0 || ir_lower(vendor.p[0]) != ir_lower(vendors[i].vendor.p[0])) continue;
        if (!ir_str_istarts(vendor, vendors[i].vendor)) continue;
        if (!ir_str_istarts(cat, vendors[i].cat)) continue;
        ir_event_source(ev, vendors[i].source);
        break;
    }
    bool from = ir_event_get(ev, IR_F_SOURCE_IP, 0).p != NULL;
    bool to = ir_event_get(ev, IR_F_DESTINATION_IP, 0).p != NULL;
    bool port = ir_event_get(ev, IR_F_DESTINATION_PORT, 0).p != NULL;
    bool url = ir_event_get(ev, IR_F_URL_ORIGINAL, 0).p != NULL;
    bool told = ir_event_get(ev, IR_F_EVENT_ACTION, 0).p != NULL;
    if (!told && from && to && (port || act.n > 0)) ir_event_source(ev, IR_LS_FIREWALL);
    if (url) ir_event_source(ev, IR_LS_PROXY);
    if (act.n == 0) return;
    if (!ir_device_verdict(ev, act, !told && from && to) && !told)
        ir_event_derive(ev, IR_F_EVENT_ACTION, act);
}
