/*
 * The JSON reader on any bytes, and the writer on what it read: tokens lie in the text, skipping
 * agrees with reading, what is written can be read back and says the same.
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

/* Unescapes a string token, writes it, and reads that. */
static void there_and_back(const struct ir_json_tok *t)
{
    char *text = malloc(t->text.n + 1), *again = malloc(t->text.n * 6 + 3);
    struct ir_buf b = IR_BUF((size_t)1 << 24);
    if (text == NULL || again == NULL) abort();
    struct ir_str s = ir_str_n(text, ir_json_unescape(t->text, text));
    need(s.n <= t->text.n);
    need(t->bad_utf8 || ir_utf8_valid(s));
    need(t->escaped || ir_str_eq(s, t->text));
    ir_json_write_str(&b, s);
    need(!b.full && ir_utf8_valid(ir_buf_view(&b)));
    struct ir_json j;
    struct ir_json_tok u;
    ir_json_begin(&j, ir_buf_view(&b));
    need(ir_json_next(&j, &u) == IR_OK && u.type == IR_JSON_STRING && !u.bad_utf8);
    size_t n = ir_json_unescape(u.text, again);
    need(ir_json_next(&j, &u) == IR_END);
    need(t->bad_utf8 || ir_str_eq(s, ir_str_n(again, n)));
    ir_buf_free(&b);
    free(text);
    free(again);
}

static int walk(struct ir_str text)
{
    struct ir_json j;
    struct ir_json_tok t;
    unsigned open = 0;
    int rc;
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        need(t.text.p >= text.p && t.text.p + t.text.n <= text.p + text.n);
        if (t.type == IR_JSON_OBJECT_END || t.type == IR_JSON_ARRAY_END) open--;
        need(t.depth == open && open <= IR_JSON_DEPTH_MAX);
        if (t.type == IR_JSON_OBJECT || t.type == IR_JSON_ARRAY) open++;
        if (t.type == IR_JSON_STRING || t.type == IR_JSON_KEY) there_and_back(&t);
    }
    need(rc == IR_END || (j.error != NULL && j.pos <= text.n));
    need(ir_json_next(&j, &t) == rc);
    return rc;
}

/* The same text, with every second container stepped over. */
static int walk_skipping(struct ir_str text)
{
    struct ir_json j;
    struct ir_json_tok t;
    unsigned seen = 0;
    int rc;
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK)
        if ((t.type == IR_JSON_OBJECT || t.type == IR_JSON_ARRAY) && seen++ % 2 == 1)
            if ((rc = ir_json_skip(&j)) != IR_OK) break;
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str text = ir_str_n((const char *)data, size);
    need(walk(text) == walk_skipping(text));
    return 0;
}
