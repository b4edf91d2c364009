/*
 * Fields that no log holds: the hour and weekday of a record, and whether nobody works then. They
 * are computed when a rule or an output asks, for an event that is there already.
 *
 *     uint32_t asks = ir_extra_of(field_id);       // 0 for every field of a log
 *     ir_extra_fill(ev, &rules->extras, asks);     // ir.time.hour, … are fields now
 *
 * The clock is that of the working hours' zone; a stamp that named no zone is the wall clock of who
 * logged, and is taken as it stands.
 */
#ifndef IR_EVENT_EXTRA_H
#define IR_EVENT_EXTRA_H

#include "base/hours.h"
#include "event/event.h"

enum ir_extra { /* a bit each; what is computed together has one */
                IR_X_CLOCK = 1,
                IR_X_OFF_HOURS = 2,
                IR_X_TIME = IR_X_CLOCK | IR_X_OFF_HOURS,
};

struct ir_extras {                /* what they are computed from: immutable, shared by threads */
    int32_t zone_s;               /* of the machine, for hours without a zone */
    const struct ir_hours *hours; /* NULL: not told */
};

uint32_t ir_extra_of(uint32_t field);
/* Adds the fields of `asks` that the event does not have yet. */
void ir_extra_fill(struct ir_event *ev, const struct ir_extras *x, uint32_t asks);

#endif
