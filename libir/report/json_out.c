/*
 * Members of JSON objects.
 */
#include "report/json_out.h"

#include "base/json.h"
#include "base/time.h"

void ir_out_text(struct ir_buf *out, bool *first, const char *key, struct ir_str s)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_json_write_str(out, s);
}

void ir_out_u64(struct ir_buf *out, bool *first, const char *key, uint64_t n)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_json_write_u64(out, n);
}

void ir_out_raw(struct ir_buf *out, bool *first, const char *key, const char *literal)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_str(out, ir_str_z(literal));
}

void ir_out_time(struct ir_buf *out, bool *first, const char *key, bool known, int64_t ns)
{
    char text[IR_TIME_TEXT];
    ir_json_write_key(out, first, ir_str_z(key));
    if (known)
        ir_json_write_str(out, ir_str_n(text, ir_time_rfc3339(ns, text)));
    else
        ir_buf_str(out, IR_S("null"));
}

uint64_t ir_out_ms(double seconds)
{
    return seconds > 0 && seconds < 1e12 ? (uint64_t)(seconds * 1000 + 0.5) : 0;
}

void ir_out_seconds(struct ir_buf *out, bool *first, const char *key, double s)
{
    uint64_t ms = ir_out_ms(s);
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_fmt(out, "%llu.%03llu", (unsigned long long)(ms / 1000),
               (unsigned long long)(ms % 1000));
}

void ir_out_list(struct ir_buf *out, bool *first, const char *key, const struct ir_str *v, size_t n)
{
    ir_json_write_key(out, first, ir_str_z(key));
    ir_buf_chr(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) ir_buf_chr(out, ',');
        ir_json_write_str(out, v[i]);
    }
    ir_buf_chr(out, ']');
}
