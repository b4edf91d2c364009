/*
 * How else JSON writers spell a text. A person looks for C:\Temp, a URL or a name in kanji; the
 * record holds C:\\Temp, https:\/\/ or \u5c71\u7530, and a search of its bytes would find nothing.
 */
#ifndef IR_RUN_SPELLING_H
#define IR_RUN_SPELLING_H

#include <stdbool.h>

#include "base/str.h"

/* Calls add for each spelling that is not the text itself, five at most. False: add said so, or
 * there is no memory. Not for bytes that JSON writes as \n, \t or \u00xx. */
bool ir_json_spellings(struct ir_str text, bool (*add)(void *user, struct ir_str spelling),
                       void *user);

#endif
