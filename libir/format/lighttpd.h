/*
 * lighttpd's error messages inside other records (syslog). Implemented in lighttpd_error.c.
 */
#ifndef IR_FORMAT_LIGHTTPD_H
#define IR_FORMAT_LIGHTTPD_H

#include "event/event.h"

/* "(mod_auth.c.853) …": adds fields. False: no such message. */
bool ir_lighttpd_message(struct ir_event *ev, struct ir_str s);

#endif
