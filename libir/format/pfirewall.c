/*
 * The log of the Windows firewall (pfirewall.log). Document: Microsoft, "Windows Firewall with
 * Advanced Security: log file".
 *
 *     #Version: 1.5
 *     #Software: Microsoft Windows Firewall
 *     #Time Format: Local
 *     #Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags … path pid
 *
 *     2026-11-22 01:02:03 DROP TCP 192.0.2.7 198.51.100.2 4711 3389 52 S 1 0 8192 - - - RECEIVE 7
 *
 * Times are the machine's local ones, and no line says its zone. Columns are what the last #Fields
 * line said. All values are the kernel's; a packet's sender chooses addresses, ports and flags.
 */
#include <stdlib.h>

#include "base/ip.h"
#include "format/format.h"
#include "format/stamp.h"
#include "format/web_url.h"

#define COLUMNS_MAX 32u

enum column {
    OTHER,
    DATE,
    TIME,
    ACTION,
    PROTOCOL,
    SRC_IP,
    DST_IP,
    SRC_PORT,
    DST_PORT,
    SIZE,
    PATH,
    PID,
    FLAGS
};

static const struct {
    struct ir_str name;
    enum column column;
} known[] = {{IR_S("date"), DATE},         {IR_S("time"), TIME},         {IR_S("action"), ACTION},
             {IR_S("protocol"), PROTOCOL}, {IR_S("src-ip"), SRC_IP},     {IR_S("dst-ip"), DST_IP},
             {IR_S("src-port"), SRC_PORT}, {IR_S("dst-port"), DST_PORT}, {IR_S("size"), SIZE},
             {IR_S("path"), PATH},         {IR_S("pid"), PID},           {IR_S("tcpflags"), FLAGS}};

struct columns {
    uint8_t column[COLUMNS_MAX];
    unsigned n;
};

static struct ir_str word(struct ir_str *rest)
{
    while (rest->n > 0 && rest->p[0] == ' ')
        *rest = ir_str_skip(*rest, 1);
    return ir_str_cut(rest, ' ');
}

static void set_columns(struct columns *c, struct ir_str rest)
{
    c->n = 0;
    while (rest.p != NULL && rest.n > 0 && c->n < COLUMNS_MAX) {
        struct ir_str name = word(&rest);
        if (name.n == 0) continue;
        c->column[c->n] = OTHER;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (ir_str_eq(known[i].name, name)) c->column[c->n] = (uint8_t)known[i].column;
        c->n++;
    }
}

static int open_parser(struct ir_parser *p)
{
    struct columns *c = calloc(1, sizeof *c);
    if (c == NULL) return IR_FATAL;
    set_columns(c, IR_S("date time action protocol src-ip dst-ip src-port dst-port size tcpflags "
                        "tcpsyn tcpack tcpwin icmptype icmpcode info path pid"));
    p->state = c;
    return IR_OK;
}

static void close_parser(struct ir_parser *p)
{
    free(p->state);
}

static struct ir_str lower(struct ir_str s, struct ir_event *ev)
{
    char *out = ir_arena_alloc(ev->arena, s.n);
    if (out == NULL) return s;
    for (size_t i = 0; i < s.n; i++)
        out[i] = ir_lower(s.p[i]);
    return ir_str_n(out, s.n);
}

static void direction(struct ir_str path, struct ir_event *ev)
{
    const char *way = ir_str_eq(path, IR_S("RECEIVE"))   ? "inbound"
                      : ir_str_eq(path, IR_S("SEND"))    ? "outbound"
                      : ir_str_eq(path, IR_S("FORWARD")) ? "forward"
                                                         : NULL;
    if (way != NULL) ir_event_derive(ev, IR_F_NETWORK_DIRECTION, ir_str_z(way));
}

static void address(struct ir_event *ev, uint32_t id, struct ir_str v)
{
    struct ir_ip ip;
    if (ir_ip_parse(v, &ip)) ir_event_set(ev, id, v);
}

static void put(enum column column, struct ir_str v, struct ir_event *ev)
{
    if (v.n == 0 || ir_str_eq(v, IR_S("-"))) return;
    switch (column) {
    case ACTION:
        ir_event_set(ev, IR_F_EVENT_ACTION, v);
        if (ir_str_eq(v, IR_S("ALLOW")) || ir_str_eq(v, IR_S("DROP")))
            ir_web_word(ev, IR_F_EVENT_OUTCOME, v.p[0] == 'A' ? IR_S("success") : IR_S("failure"));
        break;
    case PROTOCOL: ir_event_derive(ev, IR_F_NETWORK_TRANSPORT, lower(v, ev)); break;
    case SRC_IP: address(ev, IR_F_SOURCE_IP, v); break;
    case DST_IP: address(ev, IR_F_DESTINATION_IP, v); break;
    case SRC_PORT: ir_web_number(ev, IR_F_SOURCE_PORT, v); break;
    case DST_PORT: ir_web_number(ev, IR_F_DESTINATION_PORT, v); break;
    case SIZE: ir_web_number(ev, IR_F_NETWORK_BYTES, v); break;
    case PATH: direction(v, ev); break;
    case PID: ir_web_number(ev, IR_F_PROCESS_PID, v); break;
    case FLAGS: ir_event_add_named(ev, IR_S("tcpflags"), IR_V_STRING, v); break;
    default: break;
    }
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct columns *c = p->state;
    if (c == NULL || rec.n == 0) return IR_BAD;
    if (rec.p[0] == '#') {
        if (ir_str_starts(rec, IR_S("#Fields: "))) set_columns(c, ir_str_skip(rec, 9));
        ir_event_set(ev, IR_F_MESSAGE, rec);
        return IR_OK;
    }
    if (rec.n < 24 || ir_stamp_iso(rec, &p->clock, ev) != 19 || rec.p[19] != ' ') return IR_BAD;
    ir_event_source(ev, IR_LS_WINDOWS_FIREWALL);
    ir_event_source(ev, IR_LS_FIREWALL);
    ir_event_source(ev, IR_LS_NETWORK_CONNECTION_21);
    struct ir_str rest = rec;
    unsigned n = 0;
    for (; n < c->n && rest.p != NULL && rest.n > 0; n++)
        put((enum column)c->column[n], word(&rest), ev);
    if (n != c->n || rest.n > 0) {
        ir_event_damage(ev, "more or fewer words than the header names");
        p->damaged++;
    }
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_str_find(ir_str_head(head, 512), IR_S("#Software: Microsoft Windows Firewall")) ==
                   IR_NPOS
               ? 0
               : 98;
}

const struct ir_format ir_format_pfirewall = {
    .name = "pfirewall",
    .title = N_("Windows firewall log (pfirewall.log)"),
    .flags = IR_FMT_HEADER,
    .bid = bid,
    .parse = parse,
    .open = open_parser,
    .close = close_parser,
};
