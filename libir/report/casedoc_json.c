/*
 * A case report as one JSON object: facts with their names, and the blocks. See casedoc.h.
 */
#include "base/json.h"
#include "report/casedoc.h"

static void member(struct ir_buf *out, bool *first, const char *key, struct ir_str s)
{
    ir_json_write_key(out, first, ir_str_z(key));
    if (s.p == NULL)
        ir_buf_str(out, IR_S("null"));
    else
        ir_json_write_str(out, s);
}

static void cells(struct ir_buf *out, const struct ir_str *cell, size_t n)
{
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) ir_buf_chr(out, ',');
        ir_json_write_str(out, cell[i]);
    }
    ir_buf_chr(out, ']');
}

static void table(struct ir_buf *out, bool *first, const struct ir_doc_block *b)
{
    ir_json_write_key(out, first, IR_S("head"));
    cells(out, b->cell, b->ncolumns);
    ir_json_write_key(out, first, IR_S("rows"));
    ir_buf_chr(out, '[');
    for (size_t i = b->ncolumns; i < b->ncells; i += b->ncolumns) {
        if (i > b->ncolumns) ir_buf_chr(out, ',');
        cells(out, b->cell + i, b->ncolumns);
    }
    ir_buf_chr(out, ']');
}

static void block(struct ir_buf *out, const struct ir_doc_block *b)
{
    static const char *const types[] = {"heading", "text", "table", "list"};
    bool first = true;
    ir_buf_chr(out, '{');
    member(out, &first, "type", ir_str_z(types[b->kind]));
    if (b->kind == IR_DOC_TABLE) {
        table(out, &first, b);
    } else if (b->kind == IR_DOC_LIST) {
        ir_json_write_key(out, &first, IR_S("items"));
        cells(out, b->cell, b->ncells);
    } else {
        if (b->kind == IR_DOC_HEADING) {
            ir_json_write_key(out, &first, IR_S("level"));
            ir_json_write_u64(out, b->level);
        } else if (b->style.n > 0) {
            member(out, &first, "style", b->style);
        }
        member(out, &first, "text", b->text);
    }
    ir_buf_chr(out, '}');
}

static void facts(struct ir_buf *out, const struct ir_casedoc *d)
{
    for (size_t i = 0; i < d->nfacts; i++) {
        const struct ir_doc_fact *f = &d->fact[i];
        bool first = true;
        ir_buf_str(out, i > 0 ? IR_S(",\n{") : IR_S("\n{"));
        member(out, &first, "name", f->name);
        member(out, &first, "label", f->label);
        member(out, &first, "value", f->value);
        member(out, &first, "confidence", f->confidence);
        member(out, &first, "evidence", f->evidence);
        member(out, &first, "stated_by", f->stated_by);
        member(out, &first, "stated_at", f->stated_at);
        ir_buf_chr(out, '}');
    }
}

static void missing(struct ir_buf *out, const struct ir_casedoc *d)
{
    bool any = false;
    for (size_t i = 0; i < d->nfacts; i++) {
        if (d->fact[i].value.n > 0) continue;
        if (any) ir_buf_chr(out, ',');
        ir_json_write_str(out, d->fact[i].name);
        any = true;
    }
}

void ir_casedoc_json(struct ir_buf *out, const struct ir_casedoc *d)
{
    bool first = true;
    ir_buf_chr(out, '{');
    member(out, &first, "ir.kind", IR_S("case_report"));
    member(out, &first, "kind", d->kind);
    member(out, &first, "language", ir_str_z(d->lang));
    member(out, &first, "title", d->title);
    member(out, &first, "number", d->number);
    member(out, &first, "case", d->case_no);
    member(out, &first, "organisation", d->organisation);
    member(out, &first, "tlp", d->tlp);
    ir_json_write_key(out, &first, IR_S("exercise"));
    ir_buf_str(out, d->mark.n > 0 ? IR_S("true") : IR_S("false"));
    member(out, &first, "as_of", d->as_of);
    member(out, &first, "template_version", d->template_version);
    member(out, &first, "template_sha256", d->template_sha256);
    ir_json_write_key(out, &first, IR_S("audit_seq"));
    ir_json_write_i64(out, d->audit_seq);
    member(out, &first, "audit_sha256", d->audit_sha256);
    ir_json_write_key(out, &first, IR_S("missing"));
    ir_buf_chr(out, '[');
    missing(out, d);
    ir_buf_chr(out, ']');
    ir_json_write_key(out, &first, IR_S("facts"));
    ir_buf_chr(out, '[');
    facts(out, d);
    ir_buf_chr(out, ']');
    ir_json_write_key(out, &first, IR_S("blocks"));
    ir_buf_chr(out, '[');
    for (const struct ir_doc_block *b = d->blocks; b != NULL; b = b->next) {
        ir_buf_str(out, b == d->blocks ? IR_S("\n") : IR_S(",\n"));
        block(out, b);
    }
    ir_buf_str(out, IR_S("]}\n"));
}
