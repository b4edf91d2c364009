/*
 * One JSON object to one event: every leaf becomes a field named by its dotted path, and the
 * wrappings that tools put around Windows events are seen through. Only the JSON formats include
 * this.
 */
#ifndef IR_FORMAT_JSON_WALK_H
#define IR_FORMAT_JSON_WALK_H

#include "format/format.h"

/* IR_OK: the event holds the record's fields, log sources and time; IR_EV_DAMAGED when the object
 * breaks off. IR_BAD: not an object, or nothing of it could be read. */
int ir_json_event(struct ir_parser *p, struct ir_str rec, struct ir_event *ev);

/* A copy of a refused record in which strings are made whole; p == NULL when there is nothing to
 * mend. */
struct ir_str ir_json_repair(struct ir_str text, struct ir_arena *arena);

/* {"Records":[{…},{…}],"next":"…"}: bytes before the first record at the start of s, and from the
 * ']' behind the last one to the end of the wrapper. 0: there is none. */
#define IR_JSON_WRAPPER_MAX 4096u /* bytes of members before the list, and behind it */
size_t ir_json_wrapper_open(struct ir_str s);
size_t ir_json_wrapper_close(struct ir_str s);

#endif
