/*
 * --geoip FILE…: opened before the sandbox, closed by the command.
 */
#ifndef IR_TOOLS_GEOIP_H
#define IR_TOOLS_GEOIP_H

#include "base/geo.h"
#include "opt.h"

/* *ret_g: NULL when there are no paths. Returns IR_EXIT_OK, or a status after having said why. */
int geoip_open(const struct cmd *cmd, const struct opt_list *paths, struct ir_geo **ret_g);

/* After the reading; g may be NULL. */
void geoip_tell(const struct cmd *cmd, const struct ir_geo *g);

#endif
