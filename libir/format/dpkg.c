/*
 * dpkg's log (/var/log/dpkg.log). Document: dpkg(1), option --log; dpkg's src/main/log.c.
 *
 *     2026-11-22 01:02:03 install nmap:amd64 <none> 7.93
 *     2026-11-22 01:02:03 status installed nmap:amd64 7.93
 *     2026-11-22 01:02:03 startup archives unpack
 *     2026-11-22 01:02:03 conffile /etc/x.conf keep
 *
 * Names come out of packages, whose makers choose them; none can hold a blank.
 */
#include "base/map.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

struct line {
    struct ir_str action, rest;
};

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct line *l)
{
    static const struct ir_str actions[] = {
        IR_S("status"),  IR_S("install"),  IR_S("upgrade"),   IR_S("remove"),   IR_S("purge"),
        IR_S("startup"), IR_S("conffile"), IR_S("configure"), IR_S("trigproc"), IR_S("disappear")};
    if (rec.n < 26 || rec.p[10] != ' ' || ir_stamp_iso(rec, clock, ev) != 19) return false;
    if (rec.p[19] != ' ') return false;
    l->rest = ir_str_skip(rec, 20);
    l->action = ir_str_cut(&l->rest, ' ');
    for (size_t i = 0; l->rest.n > 0 && i < sizeof actions / sizeof *actions; i++)
        if (ir_str_eq(l->action, actions[i])) return true;
    return false;
}

static void named(struct ir_event *ev, struct ir_str name, struct ir_str v)
{
    if (v.n > 0 && !ir_str_eq(v, IR_S("<none>"))) ir_event_add_named(ev, name, IR_V_STRING, v);
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct line l;
    if (!accept(rec, &p->clock, ev, &l)) return IR_BAD;
    ir_event_source(ev, IR_LS_LINUX_PACKAGES);
    ir_event_source(ev, IR_LS_LINUX);
    ir_event_set(ev, IR_F_EVENT_ACTION, l.action);
    ir_event_set(ev, IR_F_MESSAGE, ir_str_skip(rec, 20));
    struct ir_str rest = l.rest, state = {0};
    if (ir_str_eq(l.action, IR_S("startup"))) return IR_OK;
    if (ir_str_eq(l.action, IR_S("conffile"))) {
        ir_event_set(ev, IR_F_FILE_PATH, ir_str_cut(&rest, ' '));
        return IR_OK;
    }
    if (ir_str_eq(l.action, IR_S("status"))) state = ir_str_cut(&rest, ' ');
    struct ir_str package = ir_str_cut(&rest, ' '), arch = package;
    struct ir_str name = ir_str_cut(&arch, ':'), old = ir_str_cut(&rest, ' ');
    named(ev, IR_S("package.name"), name);
    named(ev, IR_S("package.architecture"), arch);
    named(ev, IR_S("package.status"), state);
    named(ev, IR_S("package.version"), rest.n > 0 && rest.p[0] != '<' ? rest : old);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct line l;
    if (!accept(rec, &p->clock, ev, &l)) return IR_BAD;
    ev->kind = ir_hash(l.action, 1);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 93);
}

static const uint16_t sources[] = {IR_LS_LINUX_PACKAGES, IR_LS_LINUX, 0};

const struct ir_format ir_format_dpkg = {
    .name = "dpkg",
    .title = N_("dpkg log of Debian and Ubuntu"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
