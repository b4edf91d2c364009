/*
 * Daemons and devices that also write a file of their own, with a stamp of their own and the same
 * messages as by syslog: what such formats share. One file a format gives the head of its lines.
 */
#ifndef IR_FORMAT_OWN_FILE_H
#define IR_FORMAT_OWN_FILE_H

#include "format/syslog.h"

/* Of the first lines: how many the head takes, and how many of those `sure` knows too. */
struct ir_own_share {
    int lines, good, sure;
};
/* `accept` reads the head of a line: sets the time, and h->msg, tag and pid where the line has
 * them; false: not its line. */
struct ir_own_share ir_own_share(struct ir_str head,
                                 bool (*accept)(struct ir_str rec, struct ir_clock *clock,
                                                struct ir_event *ev, struct ir_syslog *h),
                                 bool (*sure)(struct ir_str msg));

/* What a line has in common with those by syslog: process, message, log sources `service` (0:
 * none) and Linux, when `computer`. */
void ir_own_fields(const struct ir_syslog *h, struct ir_event *ev, uint16_t service, bool computer);

#endif
