/*
 * Container logs as Kubernetes' runtimes write them (/var/log/pods/…, /var/log/containers/…). What
 * the container said goes to the other formats. Document: Kubernetes CRI logging format
 * (kubelet/cri-logging.md). Docker's own files are JSON: see json_walk.c.
 *
 *     2026-11-22T01:02:03.123456789Z stdout F what the container said
 *     (time)                         (or stderr) (F full, P partial; more tags behind ':')
 *
 * Everything behind the tag is the container's, and mostly its clients'. A long line is cut into
 * pieces (P), and a client that knows where can begin a piece with a forged record: pieces of that
 * length stay plain text. The last piece cannot be told from a line.
 */
#include "format/container.h"
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

void ir_container_text(struct ir_parser *p, struct ir_str text, bool whole, struct ir_event *ev)
{
    const struct ir_clock clock = p->clock;
    while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
        text.n--;
    bool known = whole && ir_format_inner(p, text, ev) != NULL;
    p->clock = clock; /* the runtime's stamps have a year; the container's prove nothing */
    if (!known || !(ev->flags & IR_EV_ZONE_KNOWN)) {
        ev->flags &= ~(uint32_t)(IR_EV_TIME | IR_EV_ZONE_KNOWN | IR_EV_YEAR_INFERRED);
        ev->time = 0;
    }
    ev->keytext = text;
    if (ir_event_first(ev, IR_F_MESSAGE, 0) == IR_NOFIELD) ir_event_set(ev, IR_F_MESSAGE, text);
}

#define PIECE_MIN 4096u /* runtimes cut longer lines than this: a short P is flushed, not cut */

struct head {
    struct ir_str stamp, stream, tag, text;
};

static bool accept(struct ir_str rec, struct head *h)
{
    struct ir_str rest = rec;
    h->stamp = ir_str_cut(&rest, ' ');
    h->stream = ir_str_cut(&rest, ' ');
    h->tag = ir_str_cut(&rest, ' ');
    h->text = rest.p != NULL ? rest : ir_str_n(rec.p + rec.n, 0);
    if (h->stamp.n < 20 || h->stamp.p[4] != '-' || h->stamp.p[10] != 'T') return false;
    if (!ir_str_eq(h->stream, IR_S("stdout")) && !ir_str_eq(h->stream, IR_S("stderr")))
        return false;
    return h->tag.n > 0 && (h->tag.p[0] == 'F' || h->tag.p[0] == 'P') &&
           (h->tag.n == 1 || h->tag.p[1] == ':');
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    struct ir_event stamp = {0};
    if (!accept(rec, &h)) return IR_BAD;
    if (ir_stamp_iso(h.stamp, &p->clock, &stamp) != h.stamp.n) return IR_BAD;
    ir_container_text(p, h.text, h.tag.p[0] == 'F' || h.text.n < PIECE_MIN, ev);
    if (!(ev->flags & IR_EV_TIME)) ir_event_time(ev, stamp.time, stamp.flags & IR_EV_ZONE_KNOWN);
    ir_event_add_named(ev, IR_S("stream"), IR_V_STRING, h.stream);
    ir_event_add_named(ev, IR_S("logtag"), IR_V_STRING, h.tag);
    return IR_OK;
}

static bool mine(struct ir_str line)
{
    struct head h;
    return accept(line, &h);
}

static int bid(struct ir_str head)
{
    return ir_line_bid(head, mine, 96);
}

const struct ir_format ir_format_cri = {
    .name = "cri",
    .title = N_("Container logs of Kubernetes (CRI)"),
    .flags = IR_FMT_STRAYS,
    .bid = bid,
    .parse = parse,
};
