/*
 * Between the files of export.h; nobody else's business. Each format has three functions: before
 * the objects, for each of them, and behind them.
 */
#ifndef IR_EVIDENCE_EXPORT_INT_H
#define IR_EVIDENCE_EXPORT_INT_H

#include "evidence/export.h"

struct ir_export_ops {
    void (*head)(struct ir_buf *b, const struct ir_export_facts *f); /* may be NULL */
    void (*object)(struct ir_buf *b, const struct ir_export_facts *f, const struct ir_object *o);
    void (*foot)(struct ir_buf *b, const struct ir_export_facts *f); /* may be NULL */
};

extern const struct ir_export_ops ir_export_dfxml, ir_export_case;

#endif
