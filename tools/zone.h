/*
 * --zone: the zone of stamps that name none. Without it this machine's, for its own logs.
 *
 *     struct zone z;
 *     status = zone_open(&z, cmd, o->zone, env);   // before the sandbox: reads the zone's file
 *     so.zone = &z.zone; so.zone_name = z.name;
 *     zone_close(&z);
 */
#ifndef IR_TOOLS_ZONE_H
#define IR_TOOLS_ZONE_H

#include "base/zone.h"
#include "opt.h"

struct zone {
    struct ir_zone zone;
    struct ir_zone_change *changes; /* owned; NULL: there are none */
    char name[64];                  /* for people: "+09:00", "Europe/Berlin" */
};

#define ZONE_OPT(place)                                                                            \
    {                                                                                              \
        "zone", 0, OPT_TEXT, place, "ZONE",                                                        \
            N_("zone of times that name none: +09:00, UTC, Asia/Tokyo (default: this machine's)"), \
            NULL                                                                                   \
    }

/* text NULL: this machine's. IR_EXIT_OK, or a status after having said why. */
int zone_open(struct zone *z, const struct cmd *cmd, const char *text, const struct env *env);
void zone_close(struct zone *z);

#endif
