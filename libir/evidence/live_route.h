/*
 * An answer of rtnetlink as members of a JSON line.
 */
#ifndef IR_EVIDENCE_LIVE_ROUTE_H
#define IR_EVIDENCE_LIVE_ROUTE_H

#include "evidence/jline.h"
#include "evidence/netlink.h"

/* Adds what a link, address, route, neighbour or rule has. False: it is none of these, or cut. */
bool ir_route_message(const struct ir_netlink_message *m, struct ir_jline *j);

#endif
