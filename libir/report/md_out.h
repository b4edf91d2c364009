/*
 * Foreign text in Markdown (CommonMark 0.31): nothing of it may become markup.
 */
#ifndef IR_REPORT_MD_OUT_H
#define IR_REPORT_MD_OUT_H

#include "base/buf.h"
#include "report/finding.h"

/* Text of a rule: any ASCII punctuation may be escaped by a backslash (section 2.4). */
void ir_md_text(struct ir_buf *out, struct ir_str raw);
/* Bytes of a log as a code span, cut to max bytes; in a table's cell even there a bar is escaped.
 */
void ir_md_code(struct ir_buf *out, struct ir_str raw, size_t max, bool cell);
/* The record and the lines around it, in a fenced block with line numbers. */
void ir_md_record(struct ir_buf *out, const struct ir_origin *o);

#endif
