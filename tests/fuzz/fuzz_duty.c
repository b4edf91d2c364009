/*
 * Rules of duties and calendars: any bytes as a file, then a moment and a fact's value out of the
 * same bytes, evaluated. Rule files may come from anywhere.
 */
#include "casedb/duty.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ir_str text = ir_str_n((const char *)data, size);
    struct ir_str value, rest = text;
    struct ir_err err = {0};
    struct ir_moment aware;
    struct ir_duties *d = ir_duties_new();
    if (d == NULL) return 0;
    value = ir_str_cut(&rest, '\n'); /* a comment for YAML when it begins with # */
    if (value.n > 0) value = ir_str_skip(value, 1);
    const bool known = ir_moment_parse(value, 0, 0, &aware, NULL);
    ir_duties_calendar(d, text, &err);
    ir_duties_add(d, text, &err);
    if (ir_duties_finish(d, &err) == IR_OK) {
        for (size_t i = 0; i < ir_duties_count(d); i++) {
            struct ir_duty_result r;
            const struct ir_duty_asks *a = ir_duties_fact(d, i);
            const struct ir_duty_fact fact = {a != NULL ? a->name : IR_S("x"), value};
            ir_duty_evaluate(d, i, &fact, 1, known ? &aware : NULL, NULL, &r);
        }
    }
    ir_duties_free(d);
    return 0;
}
