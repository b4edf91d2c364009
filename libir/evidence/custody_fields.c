/*
 * Members of a line of the custody log: reading one of them, and writing those of an event's kind.
 */
#include "base/json.h"
#include "evidence/custody.h"

static bool copy_value(const struct ir_json_tok *t, char *out, size_t size)
{
    if (t->type != IR_JSON_STRING && t->type != IR_JSON_NUMBER && t->type != IR_JSON_TRUE &&
        t->type != IR_JSON_FALSE)
        return false;
    if (t->text.n >= size) return false;
    size_t n = t->text.n;
    if (t->escaped)
        n = ir_json_unescape(t->text, out);
    else if (n > 0)
        memcpy(out, t->text.p, n);
    out[n] = '\0';
    return true;
}

bool ir_custody_text(struct ir_str line, const char *path, char *out, size_t size)
{
    struct ir_str rest = ir_str_z(path), want = ir_str_cut(&rest, '.');
    struct ir_json j;
    struct ir_json_tok t;
    unsigned depth = 1;
    out[0] = '\0';
    ir_json_begin(&j, line);
    while (ir_json_next(&j, &t) == IR_OK) {
        if (t.type == IR_JSON_OBJECT_END && t.depth < depth && t.depth > 0) return false;
        if (t.type != IR_JSON_KEY || t.depth != depth || !ir_str_eq(t.text, want)) continue;
        if (ir_json_next(&j, &t) != IR_OK) return false;
        if (rest.p == NULL) return copy_value(&t, out, size);
        if (t.type != IR_JSON_OBJECT) return false;
        want = ir_str_cut(&rest, '.');
        depth++;
    }
    return false;
}

void ir_custody_detail(struct ir_buf *details, const char *key, const char *value)
{
    bool first = details->n == 0;
    if (value == NULL || *value == '\0') return;
    ir_json_write_key(details, &first, ir_str_z(key));
    ir_json_write_str(details, ir_str_z(value));
}

void ir_custody_detail_u64(struct ir_buf *details, const char *key, uint64_t value)
{
    bool first = details->n == 0;
    ir_json_write_key(details, &first, ir_str_z(key));
    ir_json_write_u64(details, value);
}
