/*
 * HAProxy's lines inside other records (syslog). Implemented in haproxy.c.
 */
#ifndef IR_FORMAT_HAPROXY_H
#define IR_FORMAT_HAPROXY_H

#include "format/format.h"

/* IR_BAD: not such a line, and ev is as it was. The line's own stamp, which has a year, replaces a
 * time whose year was inferred. */
int ir_haproxy_body(struct ir_parser *p, struct ir_str body, struct ir_event *ev);

#endif
