/*
 * Records that are alike: the same bytes but for the stamp and some numbers (a pid, a port). An
 * attack writes the same lines again and again, so what the rules made of the first one of a block
 * is kept, and added again for each that is alike, without parsing it (internal to run/).
 *
 * Two records are alike when all bytes behind the stamp are equal except the digits of fields that
 * the format calls varying. What hits the one then hits the other, unless a rule looks at what may
 * differ: such a rule is not `blind`, and a record with one of its literals is always parsed.
 *
 *     ir_alike_begin(a, fmt, group);       // a block of that format, searched for that group
 *     e = ir_alike_find(a, hash, body);                       // an earlier record, or NULL
 *     ir_alike_open(a); …ir_alike_note(a, …) for each place that is added…; ir_alike_close(a, …);
 */
#ifndef IR_RUN_ALIKE_H
#define IR_RUN_ALIKE_H

#include "format/format.h"
#include "rules/match.h"
#include "run/scan_int.h"

#define IR_ALIKE_HOLES 4u

struct ir_alike_add { /* a place that was added to a run of the block's result */
    uint32_t run, ref, limit;
    uint64_t value;
};

struct ir_alike_record {
    uint64_t hash;
    struct ir_str body; /* what follows the stamp; a view into the block */
    struct ir_alike_hole {
        uint32_t at, n; /* digits in the body */
        uint32_t max;   /* the largest number that the format takes there */
    } hole[IR_ALIKE_HOLES];
    uint32_t nholes;
    uint32_t weight;
    uint32_t first, nadds; /* in the list of additions */
};

struct ir_alike; /* one a mapper */

struct ir_alike *ir_alike_new(const struct ir_scan *s);
void ir_alike_free(struct ir_alike *a);
/* For a block of fmt whose raw bytes were searched for g. False: this format has no varying fields,
 * a rule looks at them in every record, or memory is out: parse all. */
bool ir_alike_begin(struct ir_alike *a, const struct ir_format *fmt, const struct ir_group *g);
/* True when none of these hits belongs to a rule that looks at what varies. */
bool ir_alike_blind(const struct ir_alike *a, const struct ir_literal_hit *hits, size_t n);
const struct ir_alike_record *ir_alike_find(struct ir_alike *a, uint64_t hash, struct ir_str body);
/* False: so few were found that looking costs more than it saves. */
bool ir_alike_pays(struct ir_alike *a);
const struct ir_alike_add *ir_alike_adds(const struct ir_alike *a, const struct ir_alike_record *e);

/* Between open and close the additions of one record are noted; close keeps them when told so and
 * the event shows that only the varying fields lie where records may differ. */
void ir_alike_open(struct ir_alike *a);
void ir_alike_note(struct ir_alike *a, const struct ir_alike_add *add);
void ir_alike_close(struct ir_alike *a, const struct ir_event *ev, uint64_t hash,
                    struct ir_str body, bool keep);

#endif
