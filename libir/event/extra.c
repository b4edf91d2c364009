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
    case IR_F_SOURCE_GEO_COUNTRY:
    case IR_F_SOURCE_AS_NUMBER:
    case IR_F_SOURCE_AS_ORG: return IR_X_SOURCE_GEO;
    case IR_F_DESTINATION_GEO_COUNTRY:
    case IR_F_DESTINATION_AS_NUMBER:
    case IR_F_DESTINATION_AS_ORG: return IR_X_DESTINATION_GEO;
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
    if (asks & IR_X_CLOCK) {
        ir_hours_clock(ev->time, zone_s, &hour, &weekday);
        ir_event_set(ev, IR_F_TIME_HOUR, ir_str_z(hours[hour]));
        ir_event_set(ev, IR_F_TIME_WEEKDAY, ir_str_z(ir_weekday_name(weekday)));
    }
    if ((asks & IR_X_OFF_HOURS) && x->hours != NULL)
        ir_event_set(ev, IR_F_TIME_OFF_HOURS,
                     ir_hours_off(x->hours, ev->time, zone_s) ? IR_S("true") : IR_S("false"));
}

bool ir_extra_place(const struct ir_extras *x, struct ir_geo_cache *cache, struct ir_str address,
                    struct ir_geo_place *ret_p)
{
    const struct ir_geo_place *found;
    struct ir_ip ip;
    if (!ir_extras_have_geo(x) || !ir_ip_parse(address, &ip)) return false;
    *ret_p = (struct ir_geo_place){.country = ""};
    if (x->geo != NULL && ir_geo_find(x->geo, cache, address, &found)) *ret_p = *found;
    for (size_t i = 0; i < x->nnets; i++) {
        if (!ir_cidr_has(&x->net[i].net, &ip)) continue;
        memcpy(ret_p->country, x->net[i].country, sizeof ret_p->country);
        break;
    }
    return true;
}

/* What the record says itself stays. */
static void put(struct ir_event *ev, uint32_t id, const char *text)
{
    const uint32_t at = ir_event_first(ev, id, ev->cur_view);
    if (*text == '\0' || (at != IR_NOFIELD && ev->fields[at].view == ev->cur_view)) return;
    const struct ir_str copy = ir_arena_dup(ev->arena, ir_str_z(text));
    if (copy.p != NULL) ir_event_set(ev, id, copy);
}

/* Of the address that each view has; most events have one view. */
static void fill_geo(struct ir_event *ev, const struct ir_extras *x, struct ir_geo_cache *cache,
                     uint32_t address, const uint32_t out[3])
{
    const uint32_t views = ev->nviews;
    struct ir_geo_place p;
    for (uint32_t v = 0; v < views; v++) {
        const uint32_t at = ir_event_first(ev, address, v);
        if (at == IR_NOFIELD || ev->fields[at].view != v) continue;
        if (!ir_extra_place(x, cache, ev->fields[at].val, &p)) continue;
        ev->cur_view = v;
        put(ev, out[0], p.country);
        put(ev, out[1], p.as_number);
        put(ev, out[2], p.as_org);
    }
}

void ir_extra_fill(struct ir_event *ev, const struct ir_extras *x, uint32_t asks,
                   struct ir_geo_cache *cache)
{
    static const uint32_t source[] = {IR_F_SOURCE_GEO_COUNTRY, IR_F_SOURCE_AS_NUMBER,
                                      IR_F_SOURCE_AS_ORG},
                          destination[] = {IR_F_DESTINATION_GEO_COUNTRY, IR_F_DESTINATION_AS_NUMBER,
                                           IR_F_DESTINATION_AS_ORG};
    const uint32_t view = ev->cur_view;
    asks &= ~ev->extras;
    if (asks == 0) return;
    ev->extras |= asks;
    ev->cur_view = 0; /* every view sees what the base has */
    if (asks & IR_X_TIME) fill_time(ev, x, asks);
    if (asks & IR_X_SOURCE_GEO) fill_geo(ev, x, cache, IR_F_SOURCE_IP, source);
    if (asks & IR_X_DESTINATION_GEO) fill_geo(ev, x, cache, IR_F_DESTINATION_IP, destination);
    ev->cur_view = view;
}
