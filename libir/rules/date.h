/*
 * Parts of a date in a field's text, as written: no zone, no format conversion (Sigma modifiers
 * appendix, time modifiers).
 */
#ifndef IR_RULES_DATE_H
#define IR_RULES_DATE_H

#include "rules/ast.h"

/* False when the text does not begin like a date: ISO 8601 (yyyy-mm-dd, T or blank, hh:mm), or
 * seconds since 1970 (read as UTC). A date alone has neither hour nor minute. Week is the ISO 8601
 * week. */
bool ir_date_part_of(struct ir_str text, enum ir_date_part part, int64_t *ret_v);

#endif
