/*
 * The tables of zeek.def: see zeek.h. Values are what clients and servers sent, as Zeek logged it.
 */
#include "base/ip.h"
#include "format/web_url.h"
#include "format/zeek.h"

void ir_zeek_sources(struct ir_str path, struct ir_event *ev)
{
    static const struct {
        struct ir_str path;
        enum ir_logsource_id ls;
    } rows[] = {
#define PATH(path, ls) {IR_S(path), IR_LS_##ls},
#include "format/zeek.def"
#undef PATH
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ir_str_eq(rows[i].path, path)) ir_event_source(ev, rows[i].ls);
    ir_event_source(ev, IR_LS_ZEEK);
}

uint32_t ir_zeek_field(struct ir_str path, struct ir_str column)
{
    static const struct {
        struct ir_str path, column;
        uint32_t id;
    } rows[] = {
#define COLUMN(path, column, field) {IR_S(path), IR_S(column), IR_F_##field},
#include "format/zeek.def"
#undef COLUMN
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ir_str_eq(rows[i].column, column) &&
            (rows[i].path.n == 0 || ir_str_eq(rows[i].path, path)))
            return rows[i].id;
    return IR_F_NONE;
}

void ir_zeek_put(struct ir_event *ev, uint32_t id, struct ir_str value)
{
    struct ir_ip ip;
    if (value.n == 0 || ir_event_first(ev, id, 0) != IR_NOFIELD) return;
    switch (id) {
    case IR_F_SOURCE_IP:
    case IR_F_DESTINATION_IP:
        if (ir_ip_parse(value, &ip)) ir_event_set(ev, id, value);
        break;
    case IR_F_SOURCE_PORT:
    case IR_F_DESTINATION_PORT:
    case IR_F_SOURCE_BYTES:
    case IR_F_HTTP_STATUS:
    case IR_F_HTTP_REQUEST_BYTES:
    case IR_F_HTTP_BODY_BYTES: ir_web_number(ev, id, value); break;
    default: ir_event_set(ev, id, value);
    }
}

void ir_zeek_outcome(struct ir_event *ev, bool success)
{
    if (ir_event_first(ev, IR_F_EVENT_OUTCOME, 0) == IR_NOFIELD)
        ir_web_word(ev, IR_F_EVENT_OUTCOME, success ? IR_S("success") : IR_S("failure"));
}

void ir_zeek_request(struct ir_event *ev, struct ir_str method, struct ir_str host,
                     struct ir_str uri)
{
    unsigned got = uri.n > 0 ? ir_web_target_fields(ev, method, uri) : 0;
    if (!(got & IR_WEB_HOST)) ir_web_set(ev, IR_F_URL_DOMAIN, host);
}
