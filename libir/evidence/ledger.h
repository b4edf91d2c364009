/*
 * What the custody log says of each exhibit now: sealed, taken out, handed over, disposed of; where
 * it is and who has it. Read anew from the log each time; nothing is kept beside it.
 *
 *     struct ir_ledger l;
 *     if (ir_ledger_read(custody, &l, &err) == IR_OK) item = ir_ledger_find(&l, "EV-1-01");
 *     ir_ledger_free(&l);
 */
#ifndef IR_EVIDENCE_LEDGER_H
#define IR_EVIDENCE_LEDGER_H

#include "evidence/custody.h"

#define IR_LEDGER_TEXT 256u

enum ir_item_state {
    IR_ITEM_OPEN,     /* being filled, or left open */
    IR_ITEM_STORED,   /* sealed, in somebody's keeping */
    IR_ITEM_OUT,      /* taken out for an examination */
    IR_ITEM_ON_WAY,   /* handed over, and not received yet */
    IR_ITEM_DISPOSED, /* disposed of; `erased` tells whether the copy is gone as well */
    IR_ITEM_STATE_MAX,
};

struct ir_item {
    char id[IR_LEDGER_TEXT];
    enum ir_item_state state;
    bool erased;
    uint64_t files, bytes;                              /* of the seal, or else of the collection */
    uint64_t first, last;                               /* lines of the log */
    uint64_t events;                                    /* that tell of it */
    char seal[IR_HASH_TEXT];                            /* "": not sealed */
    char sealed_at[64];                                 /* RFC 3339, UTC */
    char place[IR_LEDGER_TEXT], holder[IR_LEDGER_TEXT]; /* on the way: the means, and nobody */
    /* On the way, else "": who gave it away, who is to get it, and since when (RFC 3339, UTC). */
    char from[IR_LEDGER_TEXT], to[IR_LEDGER_TEXT], since[64];
};

struct ir_ledger {
    struct ir_item *v; /* in the order of the log */
    size_t n, cap;
};

int ir_ledger_read(const struct ir_custody *c, struct ir_ledger *ret_l, struct ir_err *err);
/* NULL: the log tells of no such exhibit. */
const struct ir_item *ir_ledger_find(const struct ir_ledger *l, const char *id);
void ir_ledger_free(struct ir_ledger *l);
/* "open", "stored", "out", "on-way", "disposed": for programs. */
const char *ir_item_state_name(enum ir_item_state state);

#endif
