/*
 * Layers for the ATT&CK Navigator: a technique is coloured by the worst of the rules that name it,
 * its score is the sum of theirs, and its comment lists them. `ir scan` makes one of its findings
 * (navigator.c is that writer), `ir rules coverage` one of its rules.
 *
 *     static const struct ir_layer_key keys[] = {{"#d9d9d9", "no such log"}, {NULL, "can fire"}};
 *     struct ir_layer l = {.key = keys, .nkeys = 2, .arena = IR_ARENA(…)};
 *     ir_layer_add(&l, tags, ntags, &(struct ir_layer_mark){.key = 1, .score = 1, .text = title});
 *     ir_layer_write(&l, out, name, description);
 *     ir_layer_free(&l);
 */
#ifndef IR_REPORT_NAVIGATOR_H
#define IR_REPORT_NAVIGATOR_H

#include "base/arena.h"
#include "report/writer.h"

#define IR_LAYER_MEMORY_MAX ((size_t)64 << 20)

struct ir_layer_key {   /* what colours mean: of a technique's marks the last key wins */
    const char *colour; /* "#rrggbb"; NULL: by the score */
    const char *label;
};

struct ir_layer_mark { /* what one rule says of its techniques */
    unsigned key;
    uint64_t score;
    struct ir_str text; /* a line of the comment; copied */
};

struct ir_layer_row;

struct ir_layer {
    const struct ir_layer_key *key;
    unsigned nkeys;
    struct ir_arena arena; /* of the texts; its maximum is the caller's */
    struct ir_layer_row *row;
    size_t nrows, caprows;
    bool out_of_memory;
};

/* True when a tag names a technique; else the mark has no place in a layer. */
bool ir_layer_add(struct ir_layer *l, const struct ir_str *tags, size_t ntags,
                  const struct ir_layer_mark *m);
/* The layer as one JSON object; out->full when memory ran out. */
void ir_layer_write(struct ir_layer *l, struct ir_buf *out, const char *name, struct ir_str about);
void ir_layer_free(struct ir_layer *l);

#endif
