/*
 * Zones of stamps that name none: fixed ones, summer time, the hour that comes twice and the one
 * that never was, the ends of time.
 */
#include "base/zone.h"
#include "base/time.h"
#include "tap.h"

static int64_t at(const char *text)
{
    int64_t ns = 0;
    bool zone;
    if (ir_time_parse_iso(ir_str_z(text), &ns, &zone) == 0) ok(false, "a time: %s", text);
    return ns;
}

static void is_at(const struct ir_zone *z, const char *wall, const char *utc)
{
    char text[IR_TIME_TEXT];
    const int64_t ns = ir_zone_utc(z, at(wall));
    ir_time_local(ns, 0, text);
    ok(ns == at(utc), "%s is %s (%s)", wall, utc, text);
}

static void texts(void)
{
    static const struct {
        const char *text;
        int32_t zone_s;
    } good[] = {
        {"+09:00", 32400}, {"-0330", -12600}, {"JST", 32400}, {"utc", 0}, {"Asia/Tokyo", 32400}};
    int32_t z = 1;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(ir_zone_from_text(ir_str_z(good[i].text), &z), "%s", good[i].text);
        is_int(z, good[i].zone_s, "  %s", good[i].text);
    }
    static const char *const bad[] = {"",       "+",      "+9",         "09:00",
                                      "+15:00", "+09:60", "Mars/North", "+09:00x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!ir_zone_from_text(ir_str_z(bad[i]), &z), "no zone: '%s'", bad[i]);
}

int main(void)
{
    const struct ir_zone tokyo = {.offset_s = 9 * 3600}, west = {.offset_s = -5 * 3600};
    const struct ir_zone_change change[] = {{at("2026-03-29T01:00:00Z"), 7200},
                                            {at("2026-10-25T01:00:00Z"), 3600},
                                            {at("2027-03-28T01:00:00Z"), 7200}};
    const struct ir_zone berlin = {.offset_s = 3600, .n = 3, .change = change};
    is_at(NULL, "2026-11-22T01:02:03", "2026-11-22T01:02:03Z");
    is_at(&tokyo, "2026-11-22T01:02:03", "2026-11-21T16:02:03Z");
    is_at(&west, "2026-11-22T01:02:03", "2026-11-22T06:02:03Z");
    is_at(&berlin, "2026-01-10T12:00:00", "2026-01-10T11:00:00Z");
    is_at(&berlin, "2026-03-29T01:59:59", "2026-03-29T00:59:59Z");
    is_at(&berlin, "2026-03-29T03:00:00", "2026-03-29T01:00:00Z");
    is_at(&berlin, "2026-07-10T12:00:00", "2026-07-10T10:00:00Z");
    is_at(&berlin, "2026-10-25T01:59:59", "2026-10-24T23:59:59Z");
    is_at(&berlin, "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"); /* comes twice: the first */
    is_at(&berlin, "2026-10-25T03:00:00", "2026-10-25T02:00:00Z");
    is_at(&berlin, "2026-12-10T12:00:00", "2026-12-10T11:00:00Z");
    is_at(&berlin, "2027-06-10T12:00:00", "2027-06-10T10:00:00Z");
    /* the skipped hour: not lost, and near */
    const int64_t skipped = ir_zone_utc(&berlin, at("2026-03-29T02:30:00")), hour = 3600 * IR_NS;
    ok(skipped >= at("2026-03-29T01:00:00Z") - hour && skipped <= at("2026-03-29T01:00:00Z") + hour,
       "an hour that never was");
    ok(ir_zone_utc(&tokyo, INT64_MIN) == INT64_MIN, "the beginning of time");
    ok(ir_zone_utc(&west, INT64_MAX) == INT64_MAX, "the end of time");
    texts();
    return done();
}
