/*
 * UTF-8: validation, decoding, simple case folding, and making hostile bytes visible.
 */
#ifndef IR_BASE_UTF8_H
#define IR_BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

/* Decodes one code point at s (n >= 1). Returns its length in bytes (1..4) and the code point; an
 * invalid byte gives length 1 and *ret_cp = -1. Overlong forms, surrogates and > U+10FFFF are
 * invalid. */
size_t ir_utf8_decode(struct ir_str s, int32_t *ret_cp);
/* Writes cp (0..0x10FFFF, not a surrogate) to out, returns 1..4. */
size_t ir_utf8_encode(uint32_t cp, char out[4]);
bool ir_utf8_valid(struct ir_str s);
/* Without blanks of every width (U+3000, which a Japanese keyboard gives) and line ends at its
 * ends; empty when nothing of it can be seen. */
struct ir_str ir_utf8_trim(struct ir_str s);
/* Digits, letters and signs of full width (U+FF01 to U+FF5E, U+3000, 〜), as a Japanese keyboard
 * gives them, in their plain form. False: longer than size - 1. */
bool ir_utf8_narrow(struct ir_str s, char *out, size_t size);
/* How many lines hold bytes that are not valid UTF-8. Quick where all is ASCII. */
uint64_t ir_utf8_bad_lines(struct ir_str s);

/* Simple case folding (Unicode CaseFolding.txt status C and S, version named in the .c): the fold
 * of cp. */
uint32_t ir_fold_cp(uint32_t cp);
/* True when folding would change nothing and no byte is >= 0x80. */
bool ir_fold_is_plain(struct ir_str s);
/* Folds s into out (room: 3 * s.n bytes); returns the length written. Invalid bytes are copied as
 * they are. ASCII fast path. */
size_t ir_fold(struct ir_str s, char *out);

/* True for code points that a reader cannot see or that change how others show: C0, DEL, C1, bidi
 * controls, zero-width characters and fillers, tags, noncharacters. Variation selectors and marks
 * are not hidden. */
bool ir_cp_hidden(uint32_t cp);
/* Appends s for a terminal: hidden code points and invalid bytes become visible, as \n, \t, \r,
 * \x1b (below 0x80, or an invalid byte), \u202e, \U000e0041. So do combining marks with nothing to
 * stand on, and those after the fourth on one character. Other UTF-8 stays, also the backslash.
 *
 * limit > 0: what is written takes at most so many columns; when s takes more, it is cut between
 * characters (or escapes) and ends in "…", which is counted. 0 = no limit. */
void ir_visible(struct ir_buf *out, struct ir_str s, size_t limit);
/* At most so many bytes of s, in whole characters; where there are none, bytes. */
struct ir_str ir_utf8_head(struct ir_str s, size_t max);
/* Columns on a terminal (East Asian wide = 2, combining and controls = 0, invalid bytes = 1). */
size_t ir_columns(struct ir_str s);

#endif
