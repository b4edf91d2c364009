/*
 * Text for a terminal, shared by the table of findings and its summary: labelled lines that wrap
 * under their label, counts in words, colours. Every byte that came from outside goes through
 * ir_visible here.
 */
#ifndef IR_REPORT_PAGE_H
#define IR_REPORT_PAGE_H

#include "base/buf.h"
#include "report/writer.h"

#define IR_PAGE_INDENT 10u /* columns before the text of a labelled line */

enum ir_page_style { IR_PAGE_PLAIN, IR_PAGE_DIM, IR_PAGE_BOLD };

/* "  label   text", the label in the reader's language (mark it with N_()), wrapped at opt->columns
 * with the following lines under the text. text is made visible here. An empty label continues the
 * line above. */
void ir_page_line(struct ir_buf *out, const char *label, struct ir_str text,
                  const struct ir_write_options *opt);
/* The same on one line, cut with "…" at the width. */
void ir_page_cut(struct ir_buf *out, const char *label, struct ir_str text,
                 const struct ir_write_options *opt);
/* The level in capitals, or in the reader's word, and its colour. */
void ir_page_level(struct ir_buf *out, enum ir_level level, const struct ir_write_options *opt);
void ir_page_styled(struct ir_buf *out, const char *text, enum ir_page_style style,
                    const struct ir_write_options *opt);
/* "1,234,567" */
void ir_page_number(struct ir_buf *out, uint64_t n);
/* Texts as "%s record", "%s records", marked by being here: the number in the reader's form. */
void ir_page_plural(struct ir_buf *out, uint64_t n, const char *one, const char *many);
/* "12.3 MB" (powers of 1000, as file managers show) */
void ir_page_bytes(struct ir_buf *out, uint64_t n);
void ir_page_time(struct ir_buf *out, int64_t ns, const struct ir_write_options *opt);
/* "A to B", or "A" when both are the same. */
void ir_page_period(struct ir_buf *out, int64_t first, int64_t last,
                    const struct ir_write_options *opt);

/* table_summary.c: the summary in words; table.c's writer and `ir scan` (on stderr) use it. */
void ir_page_summary(struct ir_buf *out, const struct ir_summary *s,
                     const struct ir_write_options *opt);

#endif
