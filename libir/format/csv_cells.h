/*
 * Cells of comma-separated text (RFC 4180): for CSV with a header (csv.c) and for devices that log
 * a fixed list of columns (paloalto.c).
 *
 *     struct ir_csv c = ir_csv_open(record, ',');
 *     while (ir_csv_next(&c, &cell)) …
 *
 * A cell that begins with a quote ends at a quote which is not doubled and before a separator or
 * the end; without such a quote it is a plain cell, so that one stray quote does not swallow the
 * record.
 */
#ifndef IR_FORMAT_CSV_CELLS_H
#define IR_FORMAT_CSV_CELLS_H

#include "base/arena.h"
#include "base/str.h"

struct ir_csv {
    struct ir_str rest;
    char sep;
    bool more;
    bool stray; /* a quote without an end was seen: no other is looked for */
};
struct ir_csv_cell {
    struct ir_str text; /* without its quotes */
    bool quoted, doubled;
};

static inline struct ir_csv ir_csv_open(struct ir_str record, char sep)
{
    return (struct ir_csv){record, sep, true, false};
}
bool ir_csv_next(struct ir_csv *c, struct ir_csv_cell *ret_cell);
/* "" → ". The view itself when memory is out. */
struct ir_str ir_csv_decode(struct ir_str text, struct ir_arena *arena);

#endif
