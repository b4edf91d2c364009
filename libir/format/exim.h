/*
 * Between exim.c (the main log) and syslog_exim.c (what the messages say).
 */
#ifndef IR_FORMAT_EXIM_H
#define IR_FORMAT_EXIM_H

#include "event/event.h"

/* The message behind stamp and pid: fields, event.action, event.outcome. */
void ir_exim_message(struct ir_event *ev, struct ir_str s);
/* "[123] " at the start of s: bytes taken. */
size_t ir_exim_pid(struct ir_str s, struct ir_str *ret_pid);

#endif
