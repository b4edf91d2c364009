/*
 * JSON objects, a line each (see jline.h).
 */
#include "evidence/jline.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"

struct ir_jline ir_jline_open(struct ir_buf *b)
{
    ir_buf_chr(b, '{');
    return (struct ir_jline){b, true};
}

void ir_jline_close(struct ir_jline *l)
{
    ir_buf_str(l->b, IR_S("}\n"));
}

void ir_jline_key(struct ir_jline *l, const char *name)
{
    ir_json_write_key(l->b, &l->first, ir_str_z(name));
}

void ir_jline_base64(struct ir_buf *b, struct ir_str bytes)
{
    ir_buf_chr(b, '"');
    ir_base64(b, bytes);
    ir_buf_chr(b, '"');
}

void ir_jline_text(struct ir_jline *l, const char *name, struct ir_str v)
{
    if (v.n == 0) return;
    ir_jline_key(l, name);
    ir_json_write_str(l->b, v);
}

void ir_jline_bytes(struct ir_jline *l, const char *name, struct ir_str v)
{
    char name_raw[64];
    ir_jline_text(l, name, v);
    if (v.n == 0 || ir_utf8_valid(v)) return;
    snprintf(name_raw, sizeof name_raw, "%s_raw", name);
    ir_jline_key(l, name_raw);
    ir_jline_base64(l->b, v);
}

void ir_jline_number(struct ir_jline *l, const char *name, uint64_t v)
{
    ir_jline_key(l, name);
    ir_json_write_u64(l->b, v);
}

void ir_jline_signed(struct ir_jline *l, const char *name, int64_t v)
{
    ir_jline_key(l, name);
    ir_json_write_i64(l->b, v);
}

void ir_jline_flag(struct ir_jline *l, const char *name, bool v)
{
    if (v) ir_jline_raw(l, name, IR_S("true"));
}

void ir_jline_raw(struct ir_jline *l, const char *name, struct ir_str json)
{
    if (json.n == 0) return;
    ir_jline_key(l, name);
    ir_buf_str(l->b, json);
}

void ir_jline_time(struct ir_jline *l, const char *name, int64_t ns)
{
    char buf[IR_TIME_TEXT];
    ir_jline_text(l, name, ir_str_n(buf, ir_time_rfc3339(ns, buf)));
}
