/*
 * Lines and columns for a terminal, where a character may be two columns wide.
 */
#ifndef IR_BASE_WRAP_H
#define IR_BASE_WRAP_H

#include "base/buf.h"

/* Appends text in lines of at most `width` columns (0: no limit), those after the first behind
 * `indent` blanks; `column` says where the first begins. Breaks at blanks, and between wide
 * characters. A narrow word longer than the line stays whole, so that it can be copied. */
void ir_wrap(struct ir_buf *out, struct ir_str text, size_t column, size_t indent, size_t width);
/* Appends text and blanks up to `width` columns: what "%-*s" does for ASCII. */
void ir_pad(struct ir_buf *out, struct ir_str text, size_t width);

#endif
