/*
 * Field names and their numbers; log sources and theirs. The names of fields.def have fixed numbers
 * (IR_F_…); the rule loader adds the names that rules use, and then the table is frozen and shared
 * by all threads.
 *
 *     struct ir_names *n = ir_names_new();
 *     uint32_t id = ir_names_add(n, IR_S("CommandLine"));
 *     ir_names_find(n, key);   // id, or IR_F_NONE: nobody will ever ask for this field
 *
 * Names are compared byte by byte: Sigma's corpus has pairs that differ only in case.
 */
#ifndef IR_EVENT_NAMES_H
#define IR_EVENT_NAMES_H

#include "base/str.h"
#include "event/logsource.h"

enum ir_field_id {
    IR_F_NONE = 0,
#define FIELD(id, name) IR_F_##id,
#include "event/fields.def"
#undef FIELD
    IR_F_STATIC_MAX
};

struct ir_names;

struct ir_names *ir_names_new(void);
void ir_names_free(struct ir_names *n);
/* Returns the id, an old one when the name is known; IR_F_NONE when memory is out. Not after
 * sharing. */
uint32_t ir_names_add(struct ir_names *n, struct ir_str name);
uint32_t ir_names_find(const struct ir_names *n, struct ir_str name);
struct ir_str ir_names_text(const struct ir_names *n, uint32_t id);
/* Fields whose values parsers make up (event.action, event.outcome, …): no keyword is searched in
 * them, and their words need not stand in the record. */
bool ir_field_is_made_up(uint32_t id);
/* One more than the largest id. */
uint32_t ir_names_count(const struct ir_names *n);

/* The run's own log sources: the first has the id IR_LS_MAX. Borrowed; before sharing. */
void ir_names_own_sources(struct ir_names *n, const struct ir_logsource *own, size_t nown);
/* The triple of any id; all empty when there is none. */
struct ir_logsource ir_names_source(const struct ir_names *n, uint16_t id);

#endif
