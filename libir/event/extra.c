/*
 * Computed fields. See extra.h.
 */
#include "event/extra.h"

uint32_t ir_extra_of(uint32_t field)
{
    switch (field) {
    case IR_F_TIME_HOUR:
    case IR_F_TIME_WEEKDAY: return IR_X_CLOCK;
    case IR_F_TIME_OFF_HOURS: return IR_X_OFF_HOURS;
    default: return 0;
    }
}

static void fill_time(struct ir_event *ev, const struct ir_extras *x, uint32_t asks)
{
    static const char *const hours[24] = {"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",
                                          "8",  "9",  "10", "11", "12", "13", "14", "15",
                                          "16", "17", "18", "19", "20", "21", "22", "23"};
    const bool own = x->hours != NULL && x->hours->has_zone;
    int32_t zone_s = own ? x->hours->zone_s : x->zone_s;
    int hour, weekday;
    if (!(ev->flags & IR_EV_TIME)) return;
    if (!(ev->flags & IR_EV_ZONE_KNOWN)) zone_s = 0;
    if (asks & IR_X_CLOCK) {
        ir_hours_clock(ev->time, zone_s, &hour, &weekday);
        ir_event_set(ev, IR_F_TIME_HOUR, ir_str_z(hours[hour]));
        ir_event_set(ev, IR_F_TIME_WEEKDAY, ir_str_z(ir_weekday_name(weekday)));
    }
    if ((asks & IR_X_OFF_HOURS) && x->hours != NULL)
        ir_event_set(ev, IR_F_TIME_OFF_HOURS,
                     ir_hours_off(x->hours, ev->time, zone_s) ? IR_S("true") : IR_S("false"));
}

void ir_extra_fill(struct ir_event *ev, const struct ir_extras *x, uint32_t asks)
{
    const uint32_t view = ev->cur_view;
    asks &= ~ev->extras;
    if (asks == 0) return;
    ev->extras |= asks;
    ev->cur_view = 0; /* every view sees what the base has */
    if (asks & IR_X_TIME) fill_time(ev, x, asks);
    ev->cur_view = view;
}
