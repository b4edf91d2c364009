/*
 * What both Timesketch files say of a finding. See timesketch.h.
 */
#include "report/timesketch.h"

#include <stdio.h>

#include "base/time.h"

int64_t ir_ts_microseconds(const struct ir_finding *f)
{
    if (!f->has_time) return 0;
    int64_t us = f->time / 1000;
    return f->time % 1000 < 0 ? us - 1 : us; /* before 1970: down, as the calendar does */
}

size_t ir_ts_datetime(const struct ir_finding *f, char buf[IR_TS_TIME_TEXT])
{
    struct ir_civil c;
    ir_time_to_civil(f->has_time ? f->time : 0, 0, &c);
    int n = snprintf(buf, IR_TS_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00", c.year,
                     c.month, c.day, c.hour, c.minute, c.second, c.nano / 1000);
    if (n < 0) return 0;
    return n < IR_TS_TIME_TEXT ? (size_t)n : IR_TS_TIME_TEXT - 1;
}

const char *ir_ts_description(const struct ir_finding *f)
{
    if (!f->has_time) return "Not a time";
    return f->count > 1 ? "First Seen" : "Event Logged";
}

void ir_ts_message(struct ir_buf *out, const struct ir_finding *f)
{
    ir_buf_fmt(out, "[%s] ", ir_level_name(f->level));
    ir_buf_str(out, f->title);
    if (f->why.n > 0) {
        ir_buf_add(out, ": ", 2);
        ir_buf_str(out, f->why);
    }
    if (f->count > 1) ir_buf_fmt(out, " (%llu times)", (unsigned long long)f->count);
}
