/*
 * --geoip. See geoip.h.
 */
#include "geoip.h"

#include "base/intl.h"
#include "sink.h"

int geoip_open(const struct cmd *cmd, const struct opt_list *paths, struct ir_geo **ret_g)
{
    struct ir_err err = {0};
    *ret_g = NULL;
    if (paths->n == 0) return IR_EXIT_OK;
    struct ir_geo *g = ir_geo_new();
    int rc = g != NULL ? IR_OK : ir_fail(&err, IR_FATAL, "out of memory");
    for (size_t i = 0; rc == IR_OK && i < paths->n; i++)
        rc = ir_geo_open(g, paths->v[i], &err);
    if (rc == IR_OK) {
        *ret_g = g;
        return IR_EXIT_OK;
    }
    say(cmd, _("cannot use --geoip: %s: %s"), err.input, ir_local(err.msg));
    ir_geo_free(g);
    return IR_EXIT_FAILED;
}

void geoip_tell(const struct cmd *cmd, const struct ir_geo *g)
{
    if (g != NULL && ir_geo_damaged(g) > 0)
        say(cmd, _("the GeoIP file is damaged: some countries could not be told"));
}
