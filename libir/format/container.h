/*
 * What a container printed, out of its runtime's log (CRI lines, Docker's JSON): given to the other
 * formats, so that a web server's lines are a web server's.
 */
#ifndef IR_FORMAT_CONTAINER_H
#define IR_FORMAT_CONTAINER_H

#include "format/format.h"

/* ev holds nothing yet. Fills it from the text by the format that knows it; whole: the text is not
 * part of a longer line. The event has a time only when the text's own stamp names its zone: else
 * the caller gives the runtime's. */
void ir_container_text(struct ir_parser *p, struct ir_str text, bool whole, struct ir_event *ev);

#endif
