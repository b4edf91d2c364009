/*
 * key=value text of programs that nobody described: which names mean an address, a user, a URL
 * (generic_keys.def). Shared by kv, logfmt, csv, and syslog messages that are nothing but pairs.
 */
#ifndef IR_FORMAT_GENERIC_H
#define IR_FORMAT_GENERIC_H

#include "format/device.h"

/* All pairs under their names, ECS fields by the names that are known. */
void ir_generic_fields(struct ir_event *ev, const struct ir_kv_pairs *pairs,
                       const struct ir_kv_style *style);
/* What follows from the fields: event.outcome, url.*, the log source firewall for an event with two
 * addresses and a port or an action. */
void ir_generic_conclude(struct ir_event *ev, struct ir_str action, struct ir_str outcome,
                         struct ir_str url);
/* The message of an unknown program: taken when it is at least three pairs and nothing else, none
 * of them with an escape. Fields that are views of the text, no log source. */
bool ir_generic_message(struct ir_event *ev, struct ir_str text);

#endif
