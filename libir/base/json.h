/*
 * JSON, RFC 8259: a reader that walks tokens without building a tree, and a writer.
 *
 * The reader checks everything (grammar, numbers, UTF-8, escapes, nothing after the value) and is a flat
 * loop: depth is limited by IR_JSON_DEPTH_MAX and no memory is taken. Strings come as the raw bytes between
 * the quotes; ir_json_unescape makes text of them when `escaped` says it is needed.
 *
 *     struct ir_json j; struct ir_json_tok t; ir_json_begin(&j, text);
 *     while ((rc = ir_json_next(&j, &t)) == IR_OK) switch (t.type) { … }
 *     if (rc != IR_END) … j.error says what, j.pos says where
 */
#ifndef IR_BASE_JSON_H
#define IR_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define IR_JSON_DEPTH_MAX 512

enum ir_json_type {
    IR_JSON_OBJECT,     /* '{' */
    IR_JSON_OBJECT_END,
    IR_JSON_ARRAY,
    IR_JSON_ARRAY_END,
    IR_JSON_KEY, /* text: the raw key; the value's token follows */
    IR_JSON_STRING,
    IR_JSON_NUMBER, /* text as written */
    IR_JSON_TRUE,
    IR_JSON_FALSE,
    IR_JSON_NULL,
};

struct ir_json_tok {
    enum ir_json_type type;
    struct ir_str text; /* of KEY, STRING (between the quotes), NUMBER, and the literals */
    bool escaped;       /* KEY, STRING: text holds a backslash */
    unsigned depth;     /* containers around this token: 0 at the top */
};

struct ir_json {
    const char *start, *p, *end;
    unsigned depth;
    uint64_t is_object[IR_JSON_DEPTH_MAX / 64]; /* bit per open container */
    uint8_t expect;
    size_t pos;        /* of the error, bytes from start */
    const char *error; /* static text, set when next returns IR_BAD */
};

void ir_json_begin(struct ir_json *j, struct ir_str text);
/* IR_OK: *ret_t is the next token. IR_END: the one top-level value is complete and only blanks follow.
 * IR_BAD: not JSON; stays so. */
int ir_json_next(struct ir_json *j, struct ir_json_tok *ret_t);
/* Steps over the rest of the container whose opening token was just returned (its end token is consumed). */
int ir_json_skip(struct ir_json *j);
/* Decodes escapes of a STRING or KEY token's text into out (room: text.n bytes). Returns the length. Lone
 * surrogates become U+FFFD. */
size_t ir_json_unescape(struct ir_str text, char *out);

/* Writer: appends to a buffer. Strings are always valid UTF-8 JSON: control characters and '<', '>', '&',
 * U+2028/9 escaped as \u…; a byte that is not UTF-8 becomes \udc80..\udcff's stand-in U+FFFD, and
 * ir_json_write_bytes keeps such bytes recoverable by writing "\\xHH" text… see the .c for the exact form. */
void ir_json_write_str(struct ir_buf *b, struct ir_str s); /* with quotes */
void ir_json_write_key(struct ir_buf *b, bool *first, struct ir_str key); /* comma when needed, "key": */
void ir_json_write_i64(struct ir_buf *b, int64_t v);
void ir_json_write_u64(struct ir_buf *b, uint64_t v);

#endif
