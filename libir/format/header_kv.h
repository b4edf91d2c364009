/*
 * What CEF and LEEF share: a head of texts between bars, in which "\|" is a bar, and what follows
 * from the names in it.
 */
#ifndef IR_FORMAT_HEADER_KV_H
#define IR_FORMAT_HEADER_KV_H

#include "format/device.h"

/* Takes the text up to the next bar off *rest; false when there is none. */
bool ir_header_part(struct ir_str *rest, struct ir_str *ret_part);
/* observer.*, event.code and what else the parts say; escapes are undone. */
void ir_header_fields(struct ir_event *ev, const struct ir_device_head *h);
/* Log sources by vendor, and by what the event has: addresses, a URL, a verdict (`act`). `cat` is
 * the vendor's category. What has an event.action already is no traffic. */
void ir_header_sources(struct ir_event *ev, struct ir_str vendor, struct ir_str cat,
                       struct ir_str act);
/* `derived`: any of these records may tell of a log-in in words of its own, so each is parsed, but
 * for those whose id or name (CEF has one) says that it is about something else. */
bool ir_header_derived(struct ir_str rec, bool named);
/* The log sources that ir_header_sources gives. */
extern const uint16_t ir_header_source_list[];

#endif
