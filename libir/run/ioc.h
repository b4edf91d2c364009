/*
 * Indicators of compromise as people pass them on: one a line, often defanged (hxxp://, [.], (dot),
 * [:], [at]), with comments. The kind is told by the shape: hash (MD5, SHA-1, SHA-256, SHA-512),
 * URL, network, address, e-mail address, domain (with all that is below it).
 *
 * An indicator gives literals, one of which stands wherever the indicator does; ir_ioc_verify then
 * looks at what stands around: example.net is not found in example.network, 192.0.2.1 not in
 * 192.0.2.10.
 */
#ifndef IR_RUN_IOC_H
#define IR_RUN_IOC_H

#include "base/arena.h"
#include "base/ip.h"

#define IR_IOC_LITERALS 256u /* of one indicator */

enum ir_ioc_kind { IR_IOC_HASH, IR_IOC_URL, IR_IOC_NET, IR_IOC_EMAIL, IR_IOC_DOMAIN };

struct ir_ioc {
    enum ir_ioc_kind kind;
    struct ir_str text; /* refanged, lower case unless a URL's path */
    struct ir_cidr net; /* NET: an address is a network of one */
};

/* One line of a list. 0: *ret_i is filled, its text in the arena; 1: nothing there (blank or
 * comment); -1: not an indicator, *ret_why (a constant) says why. */
int ir_ioc_parse(struct ir_arena *a, struct ir_str line, struct ir_ioc *ret_i,
                 const char **ret_why);
const char *ir_ioc_kind_name(const struct ir_ioc *i);
/* Calls add for each literal (found without regard to case). False when add said so. */
bool ir_ioc_literals(const struct ir_ioc *i, bool (*add)(void *user, struct ir_str lit),
                     void *user);
/* A literal of the indicator stands in data at [at, end): does the indicator? */
bool ir_ioc_verify(const struct ir_ioc *i, struct ir_str data, size_t at, size_t end);

#endif
