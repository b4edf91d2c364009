/*
 * A case report in Markdown (CommonMark 0.31 with the tables of GitHub's dialect). See casedoc.h.
 * Values are escaped by ir_md_text, and by ir_md_line where they begin a line.
 */
#include "report/casedoc.h"
#include "report/md_out.h"

/* Its lines, with what stands between two of them; those of a cell or a heading begin none. */
static void lines(struct ir_buf *out, struct ir_str s, const char *between, bool begins)
{
    struct ir_str one;
    bool ended, first = true;
    while (ir_str_line(&s, &one, &ended)) {
        one = ir_str_trim(one);
        if (one.n == 0) continue;
        if (!first) ir_buf_str(out, ir_str_z(between));
        if (begins)
            ir_md_line(out, one);
        else
            ir_md_text(out, one);
        first = false;
    }
}

static void row(struct ir_buf *out, const struct ir_str *cell, unsigned n)
{
    ir_buf_chr(out, '|');
    for (unsigned i = 0; i < n; i++) {
        ir_buf_chr(out, ' ');
        lines(out, cell[i], "<br>", false);
        ir_buf_str(out, IR_S(" |"));
    }
    ir_buf_chr(out, '\n');
}

static void table(struct ir_buf *out, const struct ir_doc_block *b)
{
    row(out, b->cell, b->ncolumns);
    ir_buf_chr(out, '|');
    for (unsigned i = 0; i < b->ncolumns; i++)
        ir_buf_str(out, IR_S(" --- |"));
    ir_buf_chr(out, '\n');
    for (size_t i = b->ncolumns; i < b->ncells; i += b->ncolumns)
        row(out, b->cell + i, b->ncolumns);
    ir_buf_chr(out, '\n');
}

static void block(struct ir_buf *out, const struct ir_doc_block *b)
{
    switch (b->kind) {
    case IR_DOC_HEADING:
        for (unsigned i = 0; i < b->level; i++)
            ir_buf_chr(out, '#');
        ir_buf_chr(out, ' ');
        lines(out, b->text, " ", false);
        ir_buf_str(out, IR_S("\n\n"));
        return;
    case IR_DOC_TEXT:
        if (ir_str_trim(b->text).n == 0) return;
        if (ir_str_eq(b->style, IR_S("box"))) ir_buf_str(out, IR_S("> "));
        lines(out, b->text, ir_str_eq(b->style, IR_S("box")) ? "\\\n> " : "\\\n", true);
        ir_buf_str(out, IR_S("\n\n"));
        return;
    case IR_DOC_TABLE: table(out, b); return;
    case IR_DOC_LIST:
        for (size_t i = 0; i < b->ncells; i++) {
            ir_buf_str(out, IR_S("- "));
            lines(out, b->cell[i], "\\\n  ", true);
            ir_buf_chr(out, '\n');
        }
        ir_buf_chr(out, '\n');
    }
}

static void banner(struct ir_buf *out, const struct ir_casedoc *d)
{
    if (d->letter && d->mark.n == 0) return; /* classification and number are for the house */
    ir_buf_str(out, IR_S("**"));
    ir_md_text(out, d->tlp);
    if (d->mark.n > 0) {
        ir_buf_str(out, IR_S(" · "));
        ir_md_text(out, d->mark);
    }
    ir_buf_str(out, IR_S("** · "));
    ir_md_text(out, d->number);
    ir_buf_str(out, IR_S(" · "));
    ir_md_text(out, d->as_of_shown);
    ir_buf_chr(out, '\n');
}

void ir_casedoc_md(struct ir_buf *out, const struct ir_casedoc *d)
{
    banner(out, d);
    ir_buf_str(out, out->n > 0 ? IR_S("\n# ") : IR_S("# "));
    lines(out, d->title, " ", false);
    ir_buf_str(out, IR_S("\n\n"));
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next)
        block(out, b);
    banner(out, d);
}
