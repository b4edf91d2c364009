/*
 * IBM's Log Event Extended Format, 1.0 and 2.0.
 * Document: IBM QRadar, "Log Event Extended Format (LEEF)".
 *
 *     LEEF:1.0|Vendor|Product|Version|EventID|key=value<tab>key=value
 *     LEEF:2.0|Vendor|Product|Version|EventID|^|key=value^key=value
 *
 * The separator of 2.0 is a character or its number ("x5E", "0x09"); without one it is the tab.
 *
 * Hostile: a value may not hold the separator, but not every product checks; a key that then stands
 * twice is not believed (device.h).
 */
#include "base/map.h"
#include "format/device_words.h"
#include "format/header_kv.h"

enum {
#define KEY(row, key, kind, field) LF_##row,
#include "format/leef_keys.def"
#undef KEY
    LF_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/leef_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/leef_keys.def"
#undef KEY
};
static const struct ir_device_table table = {rows, signs, LF_MAX, false};

static bool is(struct ir_str text)
{
    return ir_str_starts(text, IR_S("LEEF:1.0|")) || ir_str_starts(text, IR_S("LEEF:2.0|")) ||
           ir_str_starts(text, IR_S("LEEF:1|")) || ir_str_starts(text, IR_S("LEEF:2|"));
}

/* "^", "x5E", "0x5E"; false when the text is something else: an attribute already. */
static bool read_separator(struct ir_str s, char *ret_c)
{
    if (s.n == 1) {
        *ret_c = s.p[0];
        return true;
    }
    if (ir_str_istarts(s, IR_S("0x"))) s = ir_str_skip(s, 1);
    if (s.n < 2 || s.n > 3 || ir_lower(s.p[0]) != 'x') return false;
    int v = 0;
    for (size_t i = 1; i < s.n; i++) {
        if (ir_hexval(s.p[i]) < 0) return false;
        v = v * 16 + ir_hexval(s.p[i]);
    }
    *ret_c = (char)v;
    return v != 0;
}

/* A syslog daemon may have written tabs as "#011", or as blanks: then values end as in CEF. */
static void choose_separator(struct ir_device_head *l)
{
    if (ir_str_chr(l->pairs, '\t') != IR_NPOS) return;
    l->style = ir_kv_cef;
}

static bool read_head(struct ir_str text, struct ir_device_head *l)
{
    struct ir_str format, part, rest;
    l->style = (struct ir_kv_style){'\t', '\t', '=', 0};
    l->name = l->severity = ir_str_n(NULL, 0);
    l->escapes = ir_str_chr(text, '\\') != IR_NPOS;
    bool whole = ir_header_part(&text, &format) && ir_header_part(&text, &l->vendor) &&
                 ir_header_part(&text, &l->product) && ir_header_part(&text, &l->version) &&
                 ir_header_part(&text, &l->id);
    if (!whole) return false;
    rest = text;
    char c = '\t';
    if (format.p[5] == '2' && ir_header_part(&rest, &part) &&
        (part.n == 0 || read_separator(part, &c)))
        text = rest;
    l->pairs = text;
    l->style.sep = l->style.sep2 = c;
    if (c == '\t') choose_separator(l);
    return true;
}

/* devTime by any shape that we know; devTimeFormat is a pattern of Java's, of which the common ones
 * are these. */
static void read_time(struct ir_parser *p, const struct ir_device_head *l, struct ir_event *ev)
{
    struct ir_kv kv = ir_kv_open(l->pairs, &l->style);
    struct ir_kv_pair pair;
    while (ir_kv_next(&kv, &pair))
        if (ir_str_eq(pair.key, IR_S("devTime"))) {
            ir_device_stamp_text(ev, pair.value, &p->clock);
            return;
        }
}

static int head(struct ir_parser *p, struct ir_str text, struct ir_event *ev,
                struct ir_device_head *ret_head)
{
    struct ir_device_head *l = ret_head;
    if (!read_head(text, l)) return IR_BAD;
    ev->kind = ir_hash(ir_str_n(text.p, (size_t)(l->id.p + l->id.n - text.p)), 1) | 1;
    read_time(p, l, ev);
    return IR_OK;
}

static struct ir_str first_of(struct ir_str a, struct ir_str b)
{
    return a.n > 0 ? a : b;
}

/* Log-ins, accounts and settings, by the names that the product wrote. */
static void happened(struct ir_event *ev, const struct ir_device_head *l, const struct ir_str *val)
{
    const struct ir_str names[] = {l->id,       val[LF_action],     val[LF_act], val[LF_operation],
                                   val[LF_cat], val[LF_auth_status]};
    const struct ir_device_words w = {
        names,
        sizeof names / sizeof *names,
        l->vendor,
        l->product,
        first_of(val[LF_outcome], first_of(val[LF_result], val[LF_status])),
        ir_str_n(NULL, 0)};
    if (ir_str_istarts(l->vendor, IR_S("Palo Alto")) && ir_str_eq(val[LF_cat], IR_S("SYSTEM")))
        ir_paloalto_system(ev, l->id, val[LF_msg]);
    if (ir_event_get(ev, IR_F_EVENT_ACTION, 0).p != NULL) return;
    if (!ir_device_words(ev, &w)) ir_device_result(ev, w.outcome);
}

static void body(const struct ir_device_head *l, struct ir_str text, struct ir_event *ev)
{
    struct ir_kv_pairs pairs;
    struct ir_str val[LF_MAX];
    (void)text;
    ir_header_fields(ev, l);
    ir_kv_read(l->pairs, &l->style, IR_KV_MAX, &pairs);
    const struct ir_device_found found = ir_device_keys(&table, &pairs, val);
    ir_device_fields(ev, &table, &pairs, &l->style, val, &found);
    if (val[LF_src].n == 0) ir_device_set(ev, IR_DEV_IP, IR_F_SOURCE_IP, val[LF_identSrc]);
    happened(ev, l, val);
    ir_device_url(ev, first_of(val[LF_url], val[LF_request]));
    ir_header_sources(ev, l->vendor, first_of(val[LF_cat], l->id),
                      first_of(val[LF_action], val[LF_act]));
}

const struct ir_device ir_device_leef = {is, head, body};

static bool derived(struct ir_str rec)
{
    return ir_header_derived(rec, false);
}

IR_DEVICE_FORMAT(leef, ir_header_source_list, NULL, derived,
                 "LEEF 1.0 and 2.0: Log Event Extended Format");
