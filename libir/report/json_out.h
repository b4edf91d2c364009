/*
 * Members of JSON objects, for the writers of this layer: "key":value with the comma where it
 * belongs.
 *
 *     bool first = true;
 *     ir_buf_chr(out, '{'); ir_out_text(out, &first, "id", id); ir_buf_chr(out, '}');
 */
#ifndef IR_REPORT_JSON_OUT_H
#define IR_REPORT_JSON_OUT_H

#include "base/buf.h"

void ir_out_text(struct ir_buf *out, bool *first, const char *key, struct ir_str s);
void ir_out_u64(struct ir_buf *out, bool *first, const char *key, uint64_t n);
/* literal is JSON already: true, false, null. */
void ir_out_raw(struct ir_buf *out, bool *first, const char *key, const char *literal);
/* RFC 3339 in UTC, or null. */
void ir_out_time(struct ir_buf *out, bool *first, const char *key, bool known, int64_t ns);
/* With three decimals, whatever the locale. */
void ir_out_seconds(struct ir_buf *out, bool *first, const char *key, double s);
void ir_out_list(struct ir_buf *out, bool *first, const char *key, const struct ir_str *v,
                 size_t n);

/* Milliseconds of a duration that may be nonsense (NaN, negative, huge): 0 then. */
uint64_t ir_out_ms(double seconds);

#endif
