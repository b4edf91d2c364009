/*
 * Foreign text in Markdown (CommonMark 0.31): nothing of it may become markup.
 */
#ifndef IR_REPORT_MD_OUT_H
#define IR_REPORT_MD_OUT_H

#include "base/buf.h"
#include "report/finding.h"

/* Text within a line: ASCII punctuation is escaped by a backslash (section 2.4) where it must be.
 */
void ir_md_text(struct ir_buf *out, struct ir_str raw);
/* Text that begins a line or an item: what would make it a list or a heading is escaped as well. */
void ir_md_line(struct ir_buf *out, struct ir_str raw);
/* Bytes of a log as a code span, cut to max bytes; in a table's cell even there a bar is escaped.
 */
void ir_md_code(struct ir_buf *out, struct ir_str raw, size_t max, bool cell);
/* The record and the lines around it, in a fenced block with line numbers. */
void ir_md_record(struct ir_buf *out, const struct ir_origin *o);

#endif
