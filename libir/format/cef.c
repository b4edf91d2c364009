/*
 * ArcSight's Common Event Format, which most security products can write.
 * Document: Micro Focus Security ArcSight Common Event Format, version 25.
 *
 *     CEF:0|Vendor|Product|Version|Signature id|Name|Severity|src=192.0.2.7 msg=some words
 *
 * In the head '|' and '\' are escaped by a '\', in the extension '=' and '\'. Values there are not
 * quoted and hold blanks: one ends before the next ` key=`. "cs1=x cs1Label=Policy" is a field
 * "Policy" with the value x.
 *
 * Hostile: products that forget to escape '=' let whoever chooses a URL or a user name write pairs.
 * What stands twice is then not believed (device.h); what stands once cannot be told from the
 * product's own.
 */
#include "base/map.h"
#include "format/device_words.h"
#include "format/header_kv.h"

#define TIMES 5u

enum {
#define KEY(row, key, kind, field) CEF_##row,
#include "format/cef_keys.def"
#undef KEY
    CEF_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/cef_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/cef_keys.def"
#undef KEY
};
static const struct ir_device_table table = {rows, signs, CEF_MAX, false};

/* "CEF:0|" or "CEF: 0|". */
static bool is(struct ir_str text)
{
    if (!ir_str_starts(text, IR_S("CEF:")) || text.n < 7) return false;
    size_t i = text.p[4] == ' ' ? 5 : 4;
    return ir_isdigit(text.p[i]) && (text.p[i + 1] == '|' || text.p[i + 1] == '.');
}

static bool read_head(struct ir_str text, struct ir_device_head *c)
{
    struct ir_str version;
    c->escapes = ir_str_chr(text, '\\') != IR_NPOS;
    bool whole = ir_header_part(&text, &version) && ir_header_part(&text, &c->vendor) &&
                 ir_header_part(&text, &c->product) && ir_header_part(&text, &c->version) &&
                 ir_header_part(&text, &c->id) && ir_header_part(&text, &c->name);
    if (!whole) return false;
    if (!ir_header_part(&text, &c->severity)) { /* without an extension */
        c->severity = text;
        text = ir_str_n(text.p + text.n, 0);
    }
    c->pairs = text;
    c->style = ir_kv_cef;
    return true;
}

/* Where "KEY=" stands as a key. */
static size_t find_key(struct ir_str s, struct ir_str key)
{
    for (size_t from = 0; from < s.n;) {
        size_t at = ir_str_find(ir_str_skip(s, from), key);
        if (at == IR_NPOS) return IR_NPOS;
        at += from;
        if (at == 0 || s.p[at - 1] == ' ') return at;
        from = at + 1;
    }
    return IR_NPOS;
}

/* The receipt time, else Fortinet's own, else the end, else the start. A key that stands twice
 * tells no time. */
static void read_time(struct ir_parser *p, struct ir_str extension, struct ir_event *ev)
{
    static const struct ir_str keys[TIMES] = {IR_S("rt="), IR_S("FTNTFGTeventtime="), IR_S("end="),
                                              IR_S("start="), IR_S("art=")};
    for (unsigned i = 0; i < TIMES; i++) {
        size_t at = find_key(extension, keys[i]);
        if (at == IR_NPOS || find_key(ir_str_skip(extension, at + 1), keys[i]) != IR_NPOS) continue;
        struct ir_kv kv = ir_kv_open(ir_str_skip(extension, at), &ir_kv_cef);
        struct ir_kv_pair pair;
        if (ir_kv_next(&kv, &pair) && ir_device_stamp_text(ev, pair.value, &p->clock)) return;
    }
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    if (!read_head(text, ret_head)) return IR_BAD;
    ev->kind = ir_hash(ir_str_n(text.p, (size_t)(ret_head->name.p - text.p)), 1) | 1;
    read_time(p, ret_head->pairs, ev);
    return IR_OK;
}

/* The value of "KEY" for "KEYLabel" under the label's name; Fortinet's own keys without the prefix,
 * as the rules for FortiGate have them. */
static void add_labels(struct ir_event *ev, const struct ir_kv_pairs *pairs,
                       const struct ir_kv_style *style)
{
    for (unsigned i = 0; i < pairs->n; i++) {
        struct ir_str key = pairs->pair[i].key, label = pairs->pair[i].value;
        if (ir_str_starts(key, IR_S("FTNTFGT")) && key.n > 7)
            ir_device_native(ev, ir_str_skip(key, 7), label, style);
        if (!ir_str_ends(key, IR_S("Label")) || label.n == 0) continue;
        key.n -= 5;
        struct ir_str v = ir_kv_get(pairs, key);
        if (v.n > 0) ir_device_native(ev, label, v, style);
    }
}

/* MD5 and SHA-256 are told apart by their length. */
static void add_hash(struct ir_event *ev, struct ir_str hash)
{
    if (hash.n == 64) ir_event_set(ev, IR_F_FILE_HASH_SHA256, hash);
    if (hash.n == 32) ir_event_set(ev, IR_F_FILE_HASH_MD5, hash);
}

/* Log-ins, accounts and settings, by the names that the product wrote. */
static void happened(struct ir_event *ev, const struct ir_device_head *c, const struct ir_str *val)
{
    const struct ir_str names[] = {c->name,
                                   c->id,
                                   val[CEF_act],
                                   val[CEF_operation],
                                   val[CEF_cat],
                                   val[CEF_auth_status],
                                   val[CEF_PanOSEventID]};
    struct ir_device_words w = {
        names,         sizeof names / sizeof *names, c->vendor, c->product, val[CEF_outcome],
        val[CEF_duser]};
    if (w.outcome.n == 0) w.outcome = val[CEF_PanOSEventStatus];
    if (ir_str_eq(val[CEF_FTNTFGTcfgpath], IR_S("system.admin")) &&
        ir_str_ieq(val[CEF_act], IR_S("Add"))) {
        ir_device_account(ev, val[CEF_FTNTFGTcfgobj]);
        return;
    }
    if (ir_str_istarts(c->vendor, IR_S("Palo Alto")) && ir_str_eq(c->name, IR_S("SYSTEM")))
        ir_paloalto_system(ev, val[CEF_cat], val[CEF_msg]);
    if (ir_event_get(ev, IR_F_EVENT_ACTION, 0).p != NULL) return;
    if (!ir_device_words(ev, &w)) ir_device_result(ev, w.outcome);
}

static void body(const struct ir_device_head *h, struct ir_str text, struct ir_event *ev)
{
    const struct ir_kv_style *style = h->escapes ? &h->style : NULL;
    struct ir_kv_pairs pairs;
    struct ir_str val[CEF_MAX];
    (void)text;
    ir_header_fields(ev, h);
    ir_kv_read(h->pairs, &h->style, IR_KV_MAX, &pairs);
    const struct ir_device_found found = ir_device_keys(&table, &pairs, val);
    ir_device_fields(ev, &table, &pairs, style, val, &found);
    if (val[CEF_src].n == 0) ir_device_set(ev, IR_DEV_IP, IR_F_SOURCE_IP, val[CEF_c6a2]);
    if (val[CEF_dst].n == 0) ir_device_set(ev, IR_DEV_IP, IR_F_DESTINATION_IP, val[CEF_c6a3]);
    if (val[CEF_suser].n == 0) ir_device_set(ev, IR_DEV_TEXT, IR_F_USER_NAME, val[CEF_duser]);
    add_hash(ev, val[CEF_fileHash]);
    add_labels(ev, &pairs, style);
    ir_device_native(ev, IR_S("action"), val[CEF_act], style);
    happened(ev, h, val);
    ir_device_url(ev, ir_device_plain(ev, val[CEF_request], style));
    ir_header_sources(ev, h->vendor, val[CEF_cat].n > 0 ? val[CEF_cat] : h->name, val[CEF_act]);
}

const struct ir_device ir_device_cef = {is, head, body};

static bool derived(struct ir_str rec)
{
    return ir_header_derived(rec, true);
}

IR_DEVICE_FORMAT(cef, ir_header_source_list, NULL, derived,
                 "CEF: Common Event Format of security products");
