/*
 * Plain text: the format of lines that no other format knows. It finds a time somewhere in the line
 * and keeps the whole line as the message, so that keyword rules and time lines still see it. Not
 * for guessing fields: a wrong field is worse than none.
 */
#include "format/format.h"
#include "format/stamp.h"

static int bid(struct ir_str head)
{
    (void)head;
    return 0; /* the registry takes it when nobody else bids */
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    /* inside another format's file a line without its head is the rest of a message: anybody's
     * words, in which a time means nothing unless the line begins with it */
    bool alone = p->fmt == NULL || !(p->fmt->flags & IR_FMT_STAMP_FIRST);
    bool timed = alone ? ir_stamp_search(rec, &p->clock, ev) : ir_stamp_leads(rec, &p->clock, ev);
    if (!timed) ev->flags |= IR_EV_UNRECOGNISED;
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    if (!ir_stamp_search(rec, &p->clock, ev)) ev->flags |= IR_EV_UNRECOGNISED;
    return IR_OK;
}

const struct ir_format ir_format_text = {
    .name = "text",
    .title = N_("Plain text with a time stamp somewhere"),
    .flags = IR_FMT_YEARLESS | IR_FMT_VERBATIM | IR_FMT_FALLBACK,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
