/*
 * Time zones of stamps that name none.
 *
 *     struct ir_zone tokyo = {.offset_s = 9 * 3600};
 *     ns = ir_zone_utc(&tokyo, ns);      // what a clock on the wall showed, as if it were UTC
 *
 * No zone file is read here: whoever knows when summer time begins gives the changes (ascending).
 * A wall time that comes twice (the hour in which summer time ends) is taken as its first; one that
 * never was (the hour skipped) as if the change had happened.
 */
#ifndef IR_BASE_ZONE_H
#define IR_BASE_ZONE_H

#include "base/str.h"

struct ir_zone_change {
    int64_t at;       /* ns UTC */
    int32_t offset_s; /* seconds east of UTC from then on */
};

struct ir_zone {
    int32_t offset_s; /* before the first change */
    uint32_t n;
    const struct ir_zone_change *change; /* borrowed */
};

/* ns UTC of a wall time; zone NULL: UTC. Saturates. */
int64_t ir_zone_utc(const struct ir_zone *zone, int64_t wall_ns);

/* "+09:00", "-0330", "UTC", "Z", "JST", "Asia/Tokyo": names of zones that never change only. */
bool ir_zone_from_text(struct ir_str s, int32_t *ret_offset_s);

#endif
