/*
 * UTF-8: validation, decoding, simple case folding, and making hostile bytes visible.
 */
#ifndef IR_BASE_UTF8_H
#define IR_BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

/* Decodes one code point at s (n >= 1). Returns its length in bytes (1..4) and the code point; an invalid
 * byte gives length 1 and *ret_cp = -1. Overlong forms, surrogates and > U+10FFFF are invalid. */
size_t ir_utf8_decode(struct ir_str s, int32_t *ret_cp);
/* Writes cp (0..0x10FFFF, not a surrogate) to out, returns 1..4. */
size_t ir_utf8_encode(uint32_t cp, char out[4]);
bool ir_utf8_valid(struct ir_str s);

/* Simple case folding (Unicode CaseFolding.txt status C and S, version named in the .c): the fold of cp. */
uint32_t ir_fold_cp(uint32_t cp);
/* True when folding would change nothing and no byte is >= 0x80. */
bool ir_fold_is_plain(struct ir_str s);
/* Folds s into out (room: 3 * s.n bytes); returns the length written. Invalid bytes are copied as they are. ASCII
 * fast path. */
size_t ir_fold(struct ir_str s, char *out);

/* Appends s for a terminal: C0, C1, DEL, bidi controls, zero-width and invalid bytes become visible
 * (\n as "\\n", others as "\\x1b" for bytes or "\\u202e" for code points). Printable UTF-8 stays.
 * `limit` columns, then "…" ; 0 = no limit. */
void ir_visible(struct ir_buf *out, struct ir_str s, size_t limit);
/* Columns that valid printable UTF-8 takes on a terminal (East Asian wide = 2, combining = 0). */
size_t ir_columns(struct ir_str s);

#endif
