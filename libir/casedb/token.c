/*
 * The tokens of a case's file. See token.h.
 */
#include "casedb/token.h"

#include <stdio.h>

#include "base/intl.h"

int ir_token_at(struct ir_tokens *in)
{
    const char *at = in->t.text.p != NULL ? in->t.text.p : in->text.p;
    int64_t line = 1;
    for (const char *p = in->text.p; p < at; p++)
        line += *p == '\n';
    ir_err_at(in->err, NULL, -1, line);
    return IR_BAD;
}

int ir_token_bad(struct ir_tokens *in, const char *what)
{
    ir_token_at(in);
    return ir_fail(in->err, IR_BAD, "%s", what);
}

int ir_token_next(struct ir_tokens *in)
{
    if (ir_json_next(&in->json, &in->t) == IR_OK) return IR_OK;
    in->t.text = ir_str_skip(in->text, in->json.pos < in->text.n ? in->json.pos : in->text.n);
    return ir_token_bad(in, N_("no JSON, or cut short"));
}

int ir_token_expect(struct ir_tokens *in, enum ir_json_type type)
{
    const int rc = ir_token_next(in);
    return rc != IR_OK || in->t.type == type
               ? rc
               : ir_token_bad(in, N_("something else was expected here"));
}

int ir_token_key(struct ir_tokens *in, const char *name)
{
    const int rc = ir_token_expect(in, IR_JSON_KEY);
    return rc != IR_OK || ir_str_eq(in->t.text, ir_str_z(name))
               ? rc
               : ir_token_bad(in, N_("another name was expected here"));
}

int ir_token_object(struct ir_tokens *in)
{
    const int rc = ir_token_next(in);
    if (rc != IR_OK || in->t.type == IR_JSON_OBJECT) return rc;
    return in->t.type == IR_JSON_ARRAY_END
               ? IR_END
               : ir_token_bad(in, N_("something else was expected here"));
}

int ir_token_value(struct ir_tokens *in, struct ir_value *v)
{
    v->kind = IR_VALUE_NULL;
    v->text = ir_str_n(NULL, 0);
    if (in->t.type == IR_JSON_NULL) return IR_OK;
    if (in->t.type == IR_JSON_NUMBER) {
        v->kind = IR_VALUE_INT;
        return ir_str_i64(in->t.text, &v->n) ? IR_OK : ir_token_bad(in, N_("no whole number"));
    }
    if (in->t.type != IR_JSON_STRING)
        return ir_token_bad(in, N_("a value of another kind was expected here"));
    if (in->t.text.n > 6 * IR_CASE_TEXT_MAX)
        return ir_token_bad(in, N_("longer than a field may be"));
    char *p = ir_arena_alloc(&in->arena, in->t.text.n);
    if (p == NULL) return ir_fail(in->err, IR_FATAL, "out of memory");
    v->kind = IR_VALUE_TEXT;
    v->text = ir_str_n(p, ir_json_unescape(in->t.text, p));
    if (v->text.n == 0 || in->t.bad_utf8 || memchr(p, '\0', v->text.n) != NULL)
        return ir_token_bad(in, N_("a text that no database of ir holds"));
    return IR_OK;
}

int ir_token_member(struct ir_tokens *in, const char *name, enum ir_value_kind kind,
                    struct ir_value *v)
{
    int rc = ir_token_key(in, name);
    if (rc == IR_OK) rc = ir_token_next(in);
    if (rc == IR_OK) rc = ir_token_value(in, v);
    return rc != IR_OK || v->kind == kind
               ? rc
               : ir_token_bad(in, N_("a value of another kind was expected here"));
}

int ir_token_keep(struct ir_tokens *in, struct ir_str s, char *out, size_t size)
{
    if (s.n >= size) return ir_token_bad(in, N_("longer than a field may be"));
    snprintf(out, size, "%.*s", IR_FMT(s));
    return IR_OK;
}
