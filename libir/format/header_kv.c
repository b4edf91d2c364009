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

static void set(struct ir_event *ev, uint32_t field, struct ir_str part, bool escapes)
{
    struct ir_str text = ir_device_plain(ev, ir_str_trim(part), escapes ? &ir_kv_cef : NULL);
    if (text.n > 0) ir_event_set(ev, field, text);
}

void ir_header_fields(struct ir_event *ev, const struct ir_device_head *h)
{
    set(ev, IR_F_OBSERVER_VENDOR, h->vendor, h->escapes);
    set(ev, IR_F_OBSERVER_PRODUCT, h->product, h->escapes);
    set(ev, IR_F_OBSERVER_VERSION, h->version, h->escapes);
    set(ev, IR_F_EVENT_CODE, h->id, h->escapes);
    set(ev, IR_F_RULE_NAME, h->name, h->escapes);
    set(ev, IR_F_EVENT_SEVERITY, h->severity, h->escapes);
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

static const struct {
    struct ir_str vendor, cat;
    enum ir_logsource_id source;
} vendors[] = {
#define VENDOR(name, cat, source) {IR_S(name), IR_S(cat), IR_LS_##source},
#include "format/header_vendors.def"
#undef VENDOR
};
#define NVENDORS (sizeof vendors / sizeof *vendors)

/* Their first letters, in one look. */
static const char letters[] = {
#define VENDOR(name, cat, source) (name)[0] | 0x20,
#include "format/header_vendors.def"
#undef VENDOR
};

static void by_vendor(struct ir_event *ev, struct ir_str vendor, struct ir_str cat)
{
    if (vendor.n == 0) return;
    const char letter = ir_lower(vendor.p[0]), *at = letters;
    for (; (at = memchr(at, letter, (size_t)(letters + NVENDORS - at))) != NULL; at++) {
        const size_t i = (size_t)(at - letters);
        if (!ir_str_istarts(vendor, vendors[i].vendor)) continue;
        if (!ir_str_istarts(cat, vendors[i].cat)) continue;
        ir_event_source(ev, vendors[i].source);
        return;
    }
}

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
    by_vendor(ev, vendor, cat);
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
