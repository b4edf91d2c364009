/*
 * What Zeek's logs mean, in TSV (zeek.c) and in JSON: log sources by the log's path, ECS names of
 * columns, and the fields that take more than a name.
 */
#ifndef IR_FORMAT_ZEEK_H
#define IR_FORMAT_ZEEK_H

#include "event/event.h"

/* Adds the log sources of a log ("dns"). */
void ir_zeek_sources(struct ir_str path, struct ir_event *ev);
/* The ECS field of a column, or IR_F_NONE. */
uint32_t ir_zeek_field(struct ir_str path, struct ir_str column);
/* A value under its ECS name, in the shape that the field has. The first value of a field stays. */
void ir_zeek_put(struct ir_event *ev, uint32_t id, struct ir_str value);
/* event.outcome from ssh's auth_success, kerberos's, ntlm's success. */
void ir_zeek_outcome(struct ir_event *ev, bool success);
/* http's method, host and uri. */
void ir_zeek_request(struct ir_event *ev, struct ir_str method, struct ir_str host,
                     struct ir_str uri);

#endif
