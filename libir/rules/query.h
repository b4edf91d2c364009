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
/* What the events must be given before they are matched: bits of enum ir_extra. */
uint32_t ir_query_asks(const struct ir_query *q);

/* The fields that the terms name. A mistyped one fits nothing, which must not look like an answer;
 * but logs have names of their own, so that most of them are only known to be wrong in the end. */
struct ir_query_field {
    struct ir_str name;  /* as typed, without modifiers */
    bool known;          /* a name of ours: a field of event/fields.def, or a short one */
    bool seen;           /* some event that was matched had it */
    const char *instead; /* what the name means in other words, NULL: not known */
};
/* The i-th; false behind the last. */
bool ir_query_field(const struct ir_query *q, size_t i, struct ir_query_field *ret_f);
/* The i-th of all names that are known beforehand; NULL behind the last. */
const char *ir_query_known(size_t i);

#endif
