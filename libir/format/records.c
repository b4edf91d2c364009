/*
 * Records of several lines (see records.h).
 */
#include "format/records.h"

static bool is_end(char c)
{
    return c == '\n' || c == '\r';
}

struct ir_str ir_records_skip_blank(struct ir_str s)
{
    while (s.n > 0 && is_end(s.p[0]))
        s = ir_str_skip(s, 1);
    return s;
}

size_t ir_records_cut(struct ir_str data, bool last, ir_record_length_fn length)
{
    struct ir_str rest = data;
    size_t done = 0;
    if (last) return data.n;
    for (;;) {
        rest = ir_records_skip_blank(rest);
        size_t n = rest.n > 0 ? length(rest, false) : IR_NPOS;
        if (n == IR_NPOS) return done;
        rest = ir_str_skip(rest, n);
        done = data.n - rest.n;
    }
}

bool ir_records_next(struct ir_str *rest, struct ir_str *ret_rec, ir_record_length_fn length)
{
    struct ir_str s = ir_records_skip_blank(*rest);
    size_t n = s.n > 0 ? length(s, true) : 0;
    *ret_rec = ir_str_head(s, n);
    while (ret_rec->n > 0 && is_end(ret_rec->p[ret_rec->n - 1]))
        ret_rec->n--;
    *rest = ir_str_skip(s, n);
    return n > 0;
}
