/*
 * The file of a case, token by token in the one order in which ir writes it: what is not the token
 * that comes next there refuses the file, at its line. For unbundle.c.
 *
 *     struct ir_tokens in = {.err = err, .text = text, .arena = IR_ARENA(MAX)};
 *     ir_json_begin(&in.json, text);
 *     rc = ir_token_member(&in, "case", IR_VALUE_TEXT, &v);     // "case":"CASE-2026-001"
 *     ir_arena_free(&in.arena);
 *
 * All return IR_OK; IR_BAD with the line and the reason in *err; IR_FATAL when memory is out. Texts
 * live in the arena, which who reads row after row resets.
 */
#ifndef IR_CASEDB_TOKEN_H
#define IR_CASEDB_TOKEN_H

#include "base/arena.h"
#include "base/json.h"
#include "casedb/record.h"

struct ir_tokens {
    struct ir_err *err;
    struct ir_str text;
    struct ir_json json;
    struct ir_json_tok t; /* the token that was read last */
    struct ir_arena arena;
};

/* IR_BAD at the token: the reason is in *err, or is what. */
int ir_token_at(struct ir_tokens *in);
int ir_token_bad(struct ir_tokens *in, const char *what);

int ir_token_next(struct ir_tokens *in);
int ir_token_expect(struct ir_tokens *in, enum ir_json_type type);
int ir_token_key(struct ir_tokens *in, const char *name);
/* The begin of a list's next object. IR_END: the list ends. */
int ir_token_object(struct ir_tokens *in);
/* The token as a value: null, a whole number, or a text as the database could hold it. */
int ir_token_value(struct ir_tokens *in, struct ir_value *v);
/* A key and its value, of this kind. */
int ir_token_member(struct ir_tokens *in, const char *name, enum ir_value_kind kind,
                    struct ir_value *v);
/* A text that outlives the arena; IR_BAD: longer than size. */
int ir_token_keep(struct ir_tokens *in, struct ir_str s, char *out, size_t size);

#endif
