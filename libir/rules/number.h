/*
 * Decimal numbers in rules and events: whole ones are exact over the whole range of int64_t, all
 * others are doubles. Hexadecimal, "inf" and "nan" are text, not numbers.
 */
#ifndef IR_RULES_NUMBER_H
#define IR_RULES_NUMBER_H

#include "base/str.h"

struct ir_number {
    bool whole; /* i is the exact value */
    int64_t i;
    double d; /* always set */
};

/* The whole text (blanks around it aside) is a number: sign, digits, fraction, exponent. */
bool ir_number_parse(struct ir_str s, struct ir_number *ret_n);
/* <0, 0, >0 */
int ir_number_cmp(const struct ir_number *a, const struct ir_number *b);

#endif
