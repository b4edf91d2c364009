/*
 * Fields of key=value text by names that programs commonly use. See generic.h. An address or a port
 * that is none never gets the field of one; what stands twice behind an outsider's text gets none.
 */
#include "format/generic.h"

#define PAIRS_MIN 3u

enum {
#define KEY(row, key, kind, field) GEN_##row,
#include "format/generic_keys.def"
#undef KEY
    GEN_MAX
};
static const struct ir_device_row rows[] = {
#define KEY(row, key, kind, field) {IR_S(key), kind, field},
#include "format/generic_keys.def"
#undef KEY
};
static const uint8_t signs[] = {
#define KEY(row, key, kind, field) IR_DEVICE_SIGN_OF(key),
#include "format/generic_keys.def"
#undef KEY
};
const struct ir_device_table ir_generic_keys = {rows, signs, GEN_MAX, true};
_Static_assert(GEN_MAX <= IR_DEVICE_ROWS_MAX, "too many keys");

void ir_generic_conclude(struct ir_event *ev, struct ir_str action, struct ir_str outcome,
                         struct ir_str url)
{
    bool from = ir_event_get(ev, IR_F_SOURCE_IP, 0).p != NULL;
    bool to = ir_event_get(ev, IR_F_DESTINATION_IP, 0).p != NULL;
    bool port = ir_event_get(ev, IR_F_DESTINATION_PORT, 0).p != NULL;
    if (outcome.n > 0) ir_device_result(ev, outcome);
    ir_device_url(ev, url);
    bool firewall = from && to && (port || action.n > 0);
    if (firewall) ir_event_source(ev, IR_LS_FIREWALL);
    if (action.n > 0 && !(firewall && ir_device_verdict(ev, action, true)))
        ir_event_derive(ev, IR_F_EVENT_ACTION, action);
}

void ir_generic_fields(struct ir_event *ev, const struct ir_kv_pairs *pairs,
                       const struct ir_kv_style *style)
{
    struct ir_str val[GEN_MAX];
    const struct ir_device_found found = ir_device_keys(&ir_generic_keys, pairs, val);
    ir_device_fields(ev, &ir_generic_keys, pairs, style, val, &found);
    struct ir_str url = val[GEN_url];
    if (url.n == 0) url = val[GEN_uri].n > 0 ? val[GEN_uri] : val[GEN_request_uri];
    url = ir_device_plain(ev, url, style);
    ir_generic_conclude(ev, val[GEN_action],
                        val[GEN_outcome].n > 0 ? val[GEN_outcome] : val[GEN_result], url);
}

bool ir_generic_message(struct ir_event *ev, struct ir_str text)
{
    struct ir_kv_pairs pairs;
    struct ir_str val[GEN_MAX];
    if (text.n < 8 || !ir_isalpha(text.p[0]) || ir_str_chr(text, '\\') != IR_NPOS) return false;
    size_t eq = ir_str_chr(ir_str_head(text, IR_KV_KEY_MAX), '=');
    if (eq == IR_NPOS || ir_str_chr(ir_str_head(text, eq), ' ') != IR_NPOS) return false;
    ir_kv_read(text, &ir_kv_blanks, IR_KV_MAX, &pairs);
    if (pairs.n < PAIRS_MIN) return false;
    for (unsigned i = 0; i < pairs.n; i++)
        if (pairs.pair[i].key.n == 0) return false;
    const struct ir_device_found found = ir_device_keys(&ir_generic_keys, &pairs, val);
    ir_device_fields(ev, &ir_generic_keys, &pairs, &ir_kv_blanks, val, &found);
    return true;
}
