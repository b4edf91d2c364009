/*
 * Time texts: what is taken lies in the input, and our own output is read back as the same instant.
 */
#include <stdlib.h>

#include "base/time.h"
#include "base/written.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool cond)
{
    if (!cond) abort();
}

static void there_and_back(int64_t ns)
{
    char buf[IR_TIME_TEXT];
    int64_t again;
    bool zone;
    struct ir_str text = ir_str_n(buf, ir_time_rfc3339(ns, buf));
    struct ir_civil c;
    ir_time_to_civil(ns, 0, &c);
    if (c.year < 1678 || c.year > 2261) return;
    need(ir_time_parse_iso(text, &again, &zone) == text.n && again == ns && zone);
    need(ir_time_parse_user(text, 0, 3600, &again) && again == ns);
    text = ir_str_n(buf, ir_time_local(ns, (int32_t)(ns % 86400), buf));
    need(text.n == 25);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_str s = ir_str_n((const char *)data, size);
    int64_t ns, now = 0;
    bool zone;
    size_t n = ir_time_parse_iso(s, &ns, &zone);
    need(n <= size);
    if (n > 0) there_and_back(ns);
    if (ir_time_parse_user(s, 42, -3600, &ns)) there_and_back(ns);
    char iso[IR_TIME_TEXT];
    if (ir_written_time(s, iso, NULL) == IR_OK) need(ir_time_parse_user(ir_str_z(iso), 0, 0, &ns));
    if (ir_duration_parse(s, &ns)) need(ns >= 0);
    int month = ir_month_from_name(s);
    need(month >= 0 && month <= 12);
    if (size >= sizeof now) {
        memcpy(&now, data, sizeof now);
        there_and_back(now);
    }
    return 0;
}
