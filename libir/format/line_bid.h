/*
 * Bids of formats of lines: the share of an input's first lines that are the format's.
 */
#ifndef IR_FORMAT_LINE_BID_H
#define IR_FORMAT_LINE_BID_H

#include "format/format.h"

/* `best` when all of the first lines are the format's, less by their share. `mine` sees a line
 * without its end. */
int ir_line_bid(struct ir_str head, bool (*mine)(struct ir_str line), int best);
/* The same for a format with a `stamp`, which accepts just what the format does. */
int ir_stamp_bid(struct ir_str head,
                 int (*stamp)(struct ir_parser *p, struct ir_str rec, struct ir_event *ev),
                 int best);

#endif
