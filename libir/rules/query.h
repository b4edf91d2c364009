/*
 * Filters that people type, compiled to the items that Sigma rules are made of.
 *
 *     program:sshd AND NOT user:root AND (ip:203.0.113.0/24 OR message:"invalid user")
 *
 * A term is field:value or a value alone, which is searched anywhere in the record. Values know
 * Sigma's wildcards * and ?, unless quoted; a network fits addresses; field:>=500 compares numbers;
 * Sigma's modifiers may follow the field's name (CommandLine|re:…). Terms side by side are joined
 * by AND. Letters' case does not matter in values. A term fits an event when it fits any of its
 * views.
 *
 *     struct ir_query *q = ir_query_new(names, text, &err);   // before names are shared
 *     if (ir_query_match(q, ev)) …
 */
#ifndef IR_RULES_QUERY_H
#define IR_RULES_QUERY_H

#include "base/err.h"
#include "event/event.h"

struct ir_query;

/* NULL: *err says what is wrong, and where. */
struct ir_query *ir_query_new(struct ir_names *names, struct ir_str text, struct ir_err *err);
void ir_query_free(struct ir_query *q);
bool ir_query_match(struct ir_query *q, struct ir_event *ev);
/* Terms without a field look at all values: events must keep them. */
bool ir_query_wants_all(const struct ir_query *q);

#endif
