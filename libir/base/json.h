/*
 * JSON, RFC 8259: a reader that walks tokens without building a tree, and a writer.
 *
 * The reader checks everything (grammar, numbers, UTF-8, escapes, nothing after the value) and is a
 * flat loop: depth is limited by IR_JSON_DEPTH_MAX and no memory is taken. Strings come as the raw
 * bytes between the quotes; ir_json_unescape makes text of them when `escaped` says it is needed.
 * The text need not end in NUL; a byte order mark before it is passed over. Keys may repeat and may
 * be empty.
 *
 * Bytes in a string that are not UTF-8 do not end the reading, they are told by `bad_utf8`: loggers
 * copy such bytes from requests, and a reader that gave up there would let an attacker hide his
 * record.
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
    IR_JSON_OBJECT,
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
    bool bad_utf8;      /* KEY, STRING: text holds bytes that are not UTF-8 (kept as they are) */
    unsigned depth;     /* containers around this token: 0 at the top */
};

struct ir_json {
    const char *start, *p, *end;
    unsigned depth;
    uint64_t is_object[IR_JSON_DEPTH_MAX / 64]; /* bit per open container */
    uint8_t expect;
    bool bad_utf8;     /* some token so far had bad_utf8 */
    size_t pos;        /* of the error, bytes from start (a byte order mark not counted) */
    const char *error; /* static text, set when next returns IR_BAD */
};

void ir_json_begin(struct ir_json *j, struct ir_str text);
/* IR_OK: *ret_t is the next token. IR_END: the one top-level value is complete and only blanks
 * follow. IR_BAD: not JSON; stays so. */
int ir_json_next(struct ir_json *j, struct ir_json_tok *ret_t);
/* Steps over the rest of the container whose opening token was just returned (its end token is
 * consumed). The same checks are made. IR_OK or IR_BAD. */
int ir_json_skip(struct ir_json *j);
/* Decodes escapes of a STRING or KEY token's text into out (room: text.n bytes; may be text.p
 * itself). Returns the length. Lone surrogates become U+FFFD; \u0000 becomes a NUL byte. */
size_t ir_json_unescape(struct ir_str text, char *out);

/* Of an object's text: the string member `key` at its top, unescaped, into out with a NUL. False,
 * and out empty, when there is none, when it is no string, or does not fit. */
bool ir_json_member(struct ir_str object, const char *key, char *out, size_t size);
/* The same for a number without sign, fraction and exponent. */
bool ir_json_member_u64(struct ir_str object, const char *key, uint64_t *ret_v);

/* Writer: appends to a buffer. Strings are always valid UTF-8 JSON, whatever the bytes:
 *   '"', '\\'                       \" and \\
 *   \b \f \n \r \t                 these short escapes
 *   all that ir_cp_hidden tells     \uhhhh or a surrogate pair (other controls, DEL, C1, U+2028/9,
 *                                   bidi and zero-width, …): reading gives them back
 *   each byte that is not UTF-8     U+FFFD, written as the character: the one thing that is lost
 * Everything else stays as it is, '<' and '/' too, so that the output can be searched with grep. */
void ir_json_write_str(struct ir_buf *b, struct ir_str s); /* with quotes */
/* A comma when needed, then "key": */
void ir_json_write_key(struct ir_buf *b, bool *first, struct ir_str key);
void ir_json_write_i64(struct ir_buf *b, int64_t v);
void ir_json_write_u64(struct ir_buf *b, uint64_t v);
/* JSON that somebody else may have changed, on one line and with strings as above. False: it is
 * none, and nothing is written. */
bool ir_json_write_again(struct ir_buf *b, struct ir_str text);

#endif
