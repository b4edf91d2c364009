/*
 * Findings read back from what `ir scan --output jsonl` printed: as much of them as says what they
 * are about and where their records lie. The file may be anybody's by now, so it is read as
 * hostile.
 */
#ifndef IR_RUN_TOLD_H
#define IR_RUN_TOLD_H

#include "base/arena.h"
#include "base/err.h"
#include "report/finding.h"

struct ir_told_pair {
    struct ir_str name, value;
};

struct ir_told_origin {
    struct ir_str path; /* NUL-terminated */
    uint64_t offset;
};

struct ir_told {
    struct ir_str id, rule_id, title, type;
    struct ir_told_pair entity[IR_ENTITIES_MAX];
    size_t nentity;
    struct ir_told_origin *origin;
    size_t norigins;
    uint64_t count;
};

struct ir_told_list {
    struct ir_told *v;
    size_t n, cap;
    struct ir_arena texts;
};

#define IR_TOLD_ID_MIN 4u /* characters of an id that are enough to name it */

/* Adds the findings of a file's text. IR_OK; IR_BAD with err->line when a line is none of a scan's;
 * IR_FATAL: memory. */
int ir_told_add(struct ir_told_list *l, struct ir_str text, struct ir_err *err);
/* The finding with this id or the only one that begins so. *ret_many: several do. */
const struct ir_told *ir_told_find(const struct ir_told_list *l, struct ir_str id, bool *ret_many);
void ir_told_free(struct ir_told_list *l);

#endif
