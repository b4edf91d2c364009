/*
 * Time zones of stamps that name none: see zone.h.
 */
#include "base/zone.h"

#include "base/time.h"

static int64_t minus(int64_t ns, int32_t offset_s)
{
    int64_t utc;
    if (__builtin_sub_overflow(ns, offset_s * IR_NS, &utc))
        return offset_s > 0 ? INT64_MIN : INT64_MAX;
    return utc;
}

int64_t ir_zone_utc(const struct ir_zone *zone, int64_t wall_ns)
{
    if (zone == NULL) return wall_ns;
    uint32_t lo = 0, hi = zone->n; /* changes before lo have happened, those from hi on have not */
    int32_t offset_s = zone->offset_s;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        const int32_t before = mid > 0 ? zone->change[mid - 1].offset_s : zone->offset_s;
        if (minus(wall_ns, before) < zone->change[mid].at) {
            hi = mid;
        } else {
            lo = mid + 1;
            offset_s = zone->change[mid].offset_s;
        }
    }
    return minus(wall_ns, offset_s);
}

bool ir_zone_from_text(struct ir_str s, int32_t *ret_offset_s)
{
    static const struct {
        const char *name;
        int32_t offset_s;
    } names[] = {{"Z", 0},       {"UTC", 0},       {"GMT", 0},           {"Etc/UTC", 0},
                 {"JST", 32400}, {"Japan", 32400}, {"Asia/Tokyo", 32400}};
    uint64_t hour, minute;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_ieq(s, ir_str_z(names[i].name))) {
            *ret_offset_s = names[i].offset_s;
            return true;
        }
    const bool west = s.n > 0 && s.p[0] == '-';
    if (!west && (s.n == 0 || s.p[0] != '+')) return false;
    const size_t colon = s.n > 3 && s.p[3] == ':';
    if (s.n != 5 + colon || !ir_str_u64(ir_str_n(s.p + 1, 2), &hour) ||
        !ir_str_u64(ir_str_skip(s, 3 + colon), &minute) || hour > 14 || minute > 59)
        return false;
    *ret_offset_s = (int32_t)(hour * 60 + minute) * (west ? -60 : 60);
    return true;
}
