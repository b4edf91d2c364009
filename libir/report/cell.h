/*
 * Cells of CSV files (RFC 4180) that people open in a spreadsheet.
 *
 * A log value such as `=HYPERLINK(…)` or `@SUM(…)` would run as a formula. A cell whose first
 * character, blanks aside, is = + - @ (ASCII or full-width: Japanese spreadsheets take these as
 * well), TAB or CR gets a leading apostrophe, which spreadsheets show as text. Control characters
 * are made visible, so that no cell holds a line end, unless the text is people's own.
 */
#ifndef IR_REPORT_CELL_H
#define IR_REPORT_CELL_H

#include "base/buf.h"
#include "report/finding.h"

/* A row: `bool first = true; ir_cell_…(out, &first, …); ir_cell_end(out);` */
void ir_cell_text(struct ir_buf *out, bool *first, struct ir_str s);
/* Keeps the ends of lines, for what people wrote: each line is guarded. */
void ir_cell_lines(struct ir_buf *out, bool *first, struct ir_str s);
void ir_cell_u64(struct ir_buf *out, bool *first, uint64_t n);
/* Empty when not known. */
void ir_cell_time(struct ir_buf *out, bool *first, bool known, int64_t ns);
/* "name=value; name=value" */
void ir_cell_entities(struct ir_buf *out, bool *first, const struct ir_finding *f);
/* The finding's tags joined by commas. */
void ir_cell_tags(struct ir_buf *out, bool *first, const struct ir_finding *f);
void ir_cell_end(struct ir_buf *out);

/* The value of the entity with this name, or empty. */
struct ir_str ir_finding_entity(const struct ir_finding *f, const char *name);

#endif
