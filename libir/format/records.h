/*
 * Records of several lines, one after the other with empty lines between: `cut` and `next` of the
 * formats that can tell how long the record at the start of a text is.
 */
#ifndef IR_FORMAT_RECORDS_H
#define IR_FORMAT_RECORDS_H

#include "base/str.h"

/* Bytes of the record at the start of s, which begins with no line end; IR_NPOS: it needs more.
 * `last`: no more will come, and s holds it all. */
typedef size_t (*ir_record_length_fn)(struct ir_str s, bool last);

/* Without the line ends it begins with. */
struct ir_str ir_records_skip_blank(struct ir_str s);
size_t ir_records_cut(struct ir_str data, bool last, ir_record_length_fn length);
/* The record without its line ends. */
bool ir_records_next(struct ir_str *rest, struct ir_str *ret_rec, ir_record_length_fn length);

#endif
