/*
 * Fields that no log holds: the hour and weekday of a record, and whether nobody works then; the
 * country and network (AS) of its addresses. They are computed when a rule or an output asks, for
 * an event that is there already.
 *
 *     uint32_t asks = ir_extra_of(field_id);       // 0 for every field of a log
 *     ir_extra_fill(ev, &rules->extras, asks, cache);   // ir.time.hour, … are fields now
 *
 * The clock is that of the working hours' zone; a stamp that named no zone is the wall clock of who
 * logged, and is taken as it stands.
 */
#ifndef IR_EVENT_EXTRA_H
#define IR_EVENT_EXTRA_H

#include "base/geo.h"
#include "base/hours.h"
#include "event/event.h"

enum ir_extra { /* a bit each; what is computed together has one */
                IR_X_CLOCK = 1,
                IR_X_OFF_HOURS = 2,
                IR_X_TIME = IR_X_CLOCK | IR_X_OFF_HOURS,
                IR_X_SOURCE_GEO = 4,
                IR_X_DESTINATION_GEO = 8,
                IR_X_GEO = IR_X_SOURCE_GEO | IR_X_DESTINATION_GEO,
};

struct ir_extras {                /* what they are computed from: shared by threads */
    int32_t zone_s;               /* of the machine, for hours without a zone */
    const struct ir_hours *hours; /* NULL: not told */
    const struct ir_geo_net *net; /* countries that are known without a file; go first */
    size_t nnets;
    struct ir_geo *geo; /* NULL: no file */
};

/* True when countries can be told at all. */
static inline bool ir_extras_have_geo(const struct ir_extras *x)
{
    return x->geo != NULL || x->nnets > 0;
}

uint32_t ir_extra_of(uint32_t field);
/* Adds the fields of `asks` that the event does not have yet. cache: of the thread; it may be NULL
 * where no country can be told. */
void ir_extra_fill(struct ir_event *ev, const struct ir_extras *x, uint32_t asks,
                   struct ir_geo_cache *cache);
/* Country and network of one address; false: it is none, or nothing can be told. */
bool ir_extra_place(const struct ir_extras *x, struct ir_geo_cache *cache, struct ir_str address,
                    struct ir_geo_place *ret_p);

#endif
