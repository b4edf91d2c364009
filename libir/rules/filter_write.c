/*
 * Filters written: Sigma filters specification 2.1.0; strings as YAML 1.1 and 1.2 both read them.
 *
 * Values come from logs: they are quoted always, so that none can end its string, become another
 * type or begin a key; and `*`, `?` and `\` are escaped, so that none fits more than itself.
 */
#include "rules/filter_write.h"

#include "base/utf8.h"

#define VALUE_MAX 4096u

static bool needs_escapes(struct ir_str s)
{
    for (int32_t cp; s.n > 0;) {
        const size_t n = ir_utf8_decode(s, &cp);
        if (cp < 0 || ir_cp_hidden((uint32_t)cp)) return true;
        s = ir_str_skip(s, n);
    }
    return false;
}

static void put_double(struct ir_buf *out, struct ir_str s)
{
    ir_buf_chr(out, '"');
    for (int32_t cp; s.n > 0;) {
        const size_t n = ir_utf8_decode(s, &cp);
        if (cp == '"' || cp == '\\')
            ir_buf_fmt(out, "\\%c", (char)cp);
        else if (ir_cp_hidden((uint32_t)cp))
            ir_buf_fmt(out, "\\U%08x", (unsigned)cp);
        else
            ir_buf_add(out, s.p, n);
        s = ir_str_skip(s, n);
    }
    ir_buf_chr(out, '"');
}

/* A scalar, always quoted. Must be UTF-8. */
static void put_text(struct ir_buf *out, struct ir_str s)
{
    if (needs_escapes(s)) {
        put_double(out, s);
        return;
    }
    ir_buf_chr(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'') ir_buf_chr(out, '\'');
        ir_buf_chr(out, s.p[i]);
    }
    ir_buf_chr(out, '\'');
}

/* So that the pattern fits this text only. */
static void escape(struct ir_buf *out, struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '\\') ir_buf_chr(out, '\\');
        ir_buf_chr(out, s.p[i]);
    }
}

static void put_key(struct ir_buf *out, const char *key, struct ir_str value)
{
    if (value.n == 0) return;
    ir_buf_fmt(out, "%s: ", key);
    put_text(out, value);
    ir_buf_chr(out, '\n');
}

static int check_value(const struct ir_filter_pair *p, struct ir_err *err)
{
    const struct ir_str f = ir_str_head(p->field, 80);
    if (p->value.n == 0)
        return ir_fail(err, IR_BAD, "%.*s is empty: choose other fields", IR_FMT(f));
    if (p->value.n > VALUE_MAX)
        return ir_fail(err, IR_BAD, "the value of %.*s is longer than 4 KiB: choose other fields",
                       IR_FMT(f));
    if (!ir_utf8_valid(p->value))
        return ir_fail(err, IR_BAD, "the value of %.*s is not UTF-8: choose other fields",
                       IR_FMT(f));
    return IR_OK;
}

static int put_map(struct ir_buf *out, const struct ir_filter_map *m, struct ir_err *err)
{
    struct ir_buf value = IR_BUF(2 * VALUE_MAX + 2);
    int rc =
        m->n > 0 ? IR_OK : ir_fail(err, IR_BAD, "a filter without a field would fit everything");
    for (size_t i = 0; i < m->n && rc == IR_OK; i++) {
        const struct ir_filter_pair *p = &m->pair[i];
        rc = check_value(p, err);
        ir_buf_clear(&value);
        escape(&value, p->value);
        ir_buf_str(out, i == 0 ? IR_S("        - ") : IR_S("          "));
        ir_buf_str(out, p->field);
        ir_buf_str(out, IR_S(": "));
        put_text(out, ir_buf_view(&value));
        ir_buf_chr(out, '\n');
    }
    ir_buf_free(&value);
    return rc;
}

int ir_filter_write(struct ir_buf *out, const struct ir_filter_text *t, struct ir_err *err)
{
    int rc = t->nmaps > 0 ? IR_OK
                          : ir_fail(err, IR_BAD, "a filter without a field would fit everything");
    if (out->n > 0) ir_buf_str(out, IR_S("---\n"));
    put_key(out, "title", t->title);
    put_key(out, "id", t->id);
    put_key(out, "description", t->reason);
    put_key(out, "author", t->author);
    put_key(out, "date", t->date);
    ir_buf_str(out, IR_S("logsource:\n"));
    put_key(out, "    category", t->logsource.category);
    put_key(out, "    product", t->logsource.product);
    put_key(out, "    service", t->logsource.service);
    ir_buf_str(out, IR_S("filter:\n    rules:\n        - "));
    put_text(out, t->rule);
    ir_buf_str(out, IR_S("\n    accepted:\n"));
    for (size_t i = 0; i < t->nmaps && rc == IR_OK; i++)
        rc = put_map(out, &t->map[i], err);
    ir_buf_str(out, IR_S("    condition: not accepted\n"));
    return rc;
}
