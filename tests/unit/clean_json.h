/*
 * Checks on written text, shared by the tests of the writers.
 */
#ifndef IR_TESTS_CLEAN_JSON_H
#define IR_TESTS_CLEAN_JSON_H

#include "base/json.h"
#include "tap.h"

static inline bool has(struct ir_str text, const char *part)
{
    bool found = ir_str_find(text, ir_str_z(part)) != IR_NPOS;
    if (!found) ir_tap_show("in  ", text);
    return found;
}

/* Reads the line as JSON and demands that no object repeats a key of the top two depths. */
static inline bool is_clean_json(struct ir_str text)
{
    struct ir_json j;
    struct ir_json_tok t;
    static struct ir_str keys[5000];
    size_t n = 0;
    int rc;
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.type != IR_JSON_KEY || t.depth != 1 || n == 5000) continue;
        for (size_t i = 0; i < n; i++)
            if (ir_str_eq(keys[i], t.text)) {
                ir_tap_show("twice", t.text);
                return false;
            }
        keys[n++] = t.text;
    }
    if (rc != IR_END) ir_tap_show(j.error ? j.error : "?", text);
    return rc == IR_END;
}

#endif
