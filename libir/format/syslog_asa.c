/*
 * Messages of Cisco's firewalls by their number: ASA, Firepower (FTD), PIX, FWSM. The rows are in
 * syslog_asa.def. Documents: Cisco ASA Series Syslog Messages; Cisco Secure Firewall Threat Defense
 * Syslog Messages (430001 to 430005 are "Key: value, " lists).
 *
 * Hostile: names at a VPN login, and what clients call themselves (722055); the phrases read names
 * up to the last place where the device's words follow. A list of 430003 has a URL, a user agent
 * and file names: a key counts only once, and the daemon writes the ends of the connection first.
 */
#include "format/syslog_cisco.h"

static const struct {
    uint32_t number;
    struct ir_phrase phrase;
} rows[] = {
#define ASA(number, text, action, says) {number, {text, action, IR_SAYS_##says}},
#include "format/syslog_asa.def"
#undef ASA
};
#define NROWS (sizeof rows / sizeof rows[0])

bool ir_syslog_is_asa(struct ir_str facility)
{
    return ir_str_eq(facility, IR_S("ASA")) || ir_str_eq(facility, IR_S("FTD")) ||
           ir_str_eq(facility, IR_S("PIX")) || ir_str_eq(facility, IR_S("FWSM"));
}

static size_t first_row(uint64_t number)
{
    size_t lo = 0, hi = NROWS;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (rows[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static const struct {
    struct ir_str key;
    char what; /* as in a phrase */
} keys[] = {{IR_S("SrcIP"), 'a'},           {IR_S("DstIP"), 'A'},
            {IR_S("SrcPort"), 'p'},         {IR_S("DstPort"), 'P'},
            {IR_S("Protocol"), 't'},        {IR_S("IngressInterface"), 'i'},
            {IR_S("EgressInterface"), 'o'}, {IR_S("User"), 'u'},
            {IR_S("FileName"), 'f'},        {IR_S("AccessControlRuleName"), 'r'},
            {IR_S("ThreatName"), 'r'},      {IR_S("Message"), 'r'}};
#define NKEYS (sizeof keys / sizeof keys[0])

/* What stands as User when nobody is known. */
static bool is_nobody(struct ir_str v)
{
    return ir_str_eq(v, IR_S("No Authentication Required")) || ir_str_eq(v, IR_S("Unknown")) ||
           ir_str_eq(v, IR_S("Failed Authentication")) || ir_str_eq(v, IR_S("Not Found"));
}

static void list_pair(struct ir_event *ev, struct ir_str key, struct ir_str v, uint32_t *seen)
{
    struct ir_parts one = {.n = 1};
    if (ir_str_eq(key, IR_S("URL"))) ir_event_set(ev, IR_F_URL_ORIGINAL, v);
    for (size_t i = 0; i < NKEYS; i++) {
        if (!ir_str_eq(key, keys[i].key) || (*seen >> i & 1)) continue;
        *seen |= UINT32_C(1) << i;
        if (keys[i].what == 'u' && is_nobody(v)) break;
        one.part[0].what = keys[i].what;
        one.part[0].v = v;
        ir_phrase_fields(ev, &one);
        return;
    }
    ir_event_add_named(ev, key, IR_V_STRING, v);
}

/* "EventPriority: Low, SrcIP: …, AccessControlRuleAction: Block" */
static void list(struct ir_event *ev, uint64_t number, struct ir_str s)
{
    uint32_t seen = 0;
    enum ir_says says = IR_SAYS_PACKET;
    bool acted = false;
    while (s.n > 0) {
        size_t comma = ir_str_find(s, IR_S(", "));
        struct ir_str pair = ir_str_head(s, comma);
        size_t colon = ir_str_find(pair, IR_S(": "));
        s = ir_str_skip(s, comma == IR_NPOS ? s.n : comma + 2);
        if (colon == IR_NPOS) continue;
        struct ir_str key = ir_str_head(pair, colon), v = ir_str_skip(pair, colon + 2);
        if (!acted && (ir_str_eq(key, IR_S("AccessControlRuleAction")) ||
                       ir_str_eq(key, IR_S("InlineResult")))) {
            acted = true;
            bool block = ir_str_istarts(v, IR_S("block")) || ir_str_istarts(v, IR_S("dropped"));
            if (block || ir_str_istarts(v, IR_S("allow")) || ir_str_istarts(v, IR_S("trust")))
                says = block ? IR_SAYS_BLOCK : IR_SAYS_ALLOW;
        }
        list_pair(ev, key, v, &seen);
    }
    ir_phrase_says(ev,
                   number == 430001        ? "intrusion"
                   : number >= 430004      ? "file_event"
                   : says == IR_SAYS_BLOCK ? "block"
                   : number == 430003      ? "connection_end"
                                           : "connection_start",
                   says);
}

void ir_syslog_asa(struct ir_str number, struct ir_str text, struct ir_event *ev)
{
    uint64_t v;
    struct ir_parts parts;
    ir_event_source(ev, IR_LS_CISCO_ASA);
    if (!ir_str_u64(number, &v)) return;
    if (v >= 430001 && v <= 430005) {
        list(ev, v, text);
        return;
    }
    if (v / 1000 == 400) v = 400000; /* one number an attack, one phrase for all */
    for (size_t i = first_row(v); i < NROWS && rows[i].number == v; i++) {
        const struct ir_phrase *r = &rows[i].phrase;
        if (!ir_phrase_fits(text, r->text, &parts)) continue;
        ir_phrase_fields(ev, &parts);
        ir_phrase_says(ev, r->action, r->says);
        if (r->says == IR_SAYS_COMMAND) ir_event_source(ev, IR_LS_CISCO_AAA);
        return;
    }
    if (v / 1000 != 713 && v / 1000 != 716 && v / 1000 != 722) return;
    static const struct ir_phrase vpn[] = {
        {"Group = %g, Username = %u, IP = %a, %x", "vpn", IR_SAYS_NOTHING},
        {"Group = %g, IP = %a, %x", "vpn", IR_SAYS_NOTHING},
        {"IP = %a, %x", "vpn", IR_SAYS_NOTHING},
        {"Group <%g> User <%u> IP <%a> %x", "vpn", IR_SAYS_NOTHING},
    };
    ir_phrase_any(ev, text, vpn, sizeof vpn / sizeof vpn[0]);
}
