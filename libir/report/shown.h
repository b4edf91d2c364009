/*
 * What a document has shown already: several rules find the same record, or neighbours of it, and
 * the same lines five times over make a report that nobody reads. The first finding shows them, the
 * others say where.
 */
#ifndef IR_REPORT_SHOWN_H
#define IR_REPORT_SHOWN_H

#include "report/finding.h"

#define IR_SHOWN_MAX 800u /* findings that are kept in mind; those after them show all */

struct ir_shown {
    struct ir_shown_place {
        const char *path;
        uint64_t offset;
        uint64_t first, last; /* lines in view; 0: not known */
        uint32_t number;      /* of the finding */
    } at[IR_SHOWN_MAX];
    uint32_t n;
};

enum ir_shown_what {
    IR_SHOWN_NEW,    /* not shown yet: it is noted as shown now */
    IR_SHOWN_AROUND, /* its lines stand around another record */
    IR_SHOWN_RECORD, /* the very record was shown */
};

/* *ret_number: of the finding that showed it, unless it is new. */
enum ir_shown_what ir_shown_before(struct ir_shown *s, const struct ir_origin *o, uint32_t number,
                                   uint32_t *ret_number);

#endif
