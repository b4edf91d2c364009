/*
 * Writers of case reports: the blocks of casedb/casedoc.h as a page for print and screen, as
 * Markdown (CommonMark with tables), CSV and as one JSON object. Nothing of a value becomes markup;
 * hidden characters are made visible in pages and Markdown, and escaped in JSON.
 */
#ifndef IR_REPORT_CASEDOC_H
#define IR_REPORT_CASEDOC_H

#include "base/buf.h"
#include "casedb/casedoc.h"

/* One page of its own: no script, nothing loaded, light and dark, A4 for print. */
void ir_casedoc_html(struct ir_buf *out, const struct ir_casedoc *d);
void ir_casedoc_md(struct ir_buf *out, const struct ir_casedoc *d);
/* Only its tables. */
void ir_casedoc_csv(struct ir_buf *out, const struct ir_casedoc *d);
void ir_casedoc_json(struct ir_buf *out, const struct ir_casedoc *d);

#endif
