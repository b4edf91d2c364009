/*
 * Log sources (Sigma's category / product / service triple) as small numbers.
 * Source: Sigma specification 2.1.0, appendix taxonomy.
 */
#ifndef IR_EVENT_LOGSOURCE_H
#define IR_EVENT_LOGSOURCE_H

#include "base/str.h"

enum ir_logsource_id {
    IR_LS_NONE = 0,
#define LOGSOURCE(id, category, product, service) IR_LS_##id,
#include "event/logsources.def"
#undef LOGSOURCE
    IR_LS_MAX
};

/* A text that stands in every record which is of this log source besides its format's own ones. */
struct ir_hint {
    const char *text; /* ASCII or UTF-8, exact case; NULL ends a list */
    uint16_t source;  /* enum ir_logsource_id */
};

/* Ids from IR_LS_MAX on belong to the run: log sources that described formats name and the
 * taxonomy has not. Their triples stand in struct ir_names. */
#define IR_LS_OWN_MAX 64u
#define IR_LS_LIMIT   ((unsigned)IR_LS_MAX + IR_LS_OWN_MAX)

struct ir_logsource {
    struct ir_str category, product, service; /* n == 0: not given */
};

/* The triple of an id of logsources.def; all empty for IR_LS_NONE and others. For the ids of events
 * and rules: ir_names_source. */
struct ir_logsource ir_logsource_get(enum ir_logsource_id id);
/* True when each attribute that `rule` gives is equal (ASCII case-insensitive) in `event`. */
bool ir_logsource_fits(struct ir_logsource rule, struct ir_logsource event);
/* "linux/sshd", "process_creation/linux", … for people. */
void ir_logsource_text(struct ir_logsource ls, char *buf, size_t cap);

#endif
