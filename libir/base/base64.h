/*
 * Base64, RFC 4648 section 4, with padding and without line ends.
 */
#ifndef IR_BASE_BASE64_H
#define IR_BASE_BASE64_H

#include "base/buf.h"

void ir_base64(struct ir_buf *out, struct ir_str bytes);
/* Appends the bytes; false when the text is not base64 of one spelling (digits that hold no bits
 * must be 'A'-like zeros), and then appends nothing. */
bool ir_base64_decode(struct ir_buf *out, struct ir_str text);

#endif
