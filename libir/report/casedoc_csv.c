/*
 * The tables of a report as CSV for a spreadsheet: the head of each, its rows, and between two
 * tables an empty line and the heading above. See casedoc.h. No cell begins a formula.
 */
#include "report/casedoc.h"
#include "report/cell.h"

static void row(struct ir_buf *out, const struct ir_str *cell, unsigned n)
{
    bool first = true;
    for (unsigned i = 0; i < n; i++)
        ir_cell_lines(out, &first, cell[i]);
    ir_cell_end(out);
}

void ir_casedoc_csv(struct ir_buf *out, const struct ir_casedoc *d)
{
    unsigned tables = 0, written = 0;
    const struct ir_doc_block *above = NULL;
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next)
        tables += b->kind == IR_DOC_TABLE;
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next) {
        if (b->kind == IR_DOC_HEADING) above = b;
        if (b->kind != IR_DOC_TABLE) continue;
        if (written++ > 0) ir_cell_end(out);
        if (tables > 1 && above != NULL) row(out, &above->text, 1);
        above = NULL;
        for (size_t i = 0; i < b->ncells; i += b->ncolumns)
            row(out, b->cell + i, b->ncolumns);
    }
}
