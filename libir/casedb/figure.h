/*
 * Figures that show whether a control is in operation: a closed set of questions to the database,
 * which data (casefiles/controls/) asks by their names.
 *
 *     rc = ir_figure(db, IR_S("roles_held"), &period, &f, &err);   // 2 of 3
 *
 * period.to stands for now. "review.KIND" counts reviews of a kind, "time.METRIC" is a median
 * (stats.h).
 */
#ifndef IR_CASEDB_FIGURE_H
#define IR_CASEDB_FIGURE_H

#include "casedb/stats.h"

enum ir_figure_unit { IR_FIGURE_COUNT, IR_FIGURE_PERCENT, IR_FIGURE_SECONDS };

struct ir_figure {
    enum ir_figure_unit unit;
    bool known;                /* false: there was nothing to measure */
    int64_t value;             /* in the unit */
    int64_t of;                /* how many it is of; 0: of nothing */
    char last[IR_CASEDB_TIME]; /* the last one, a time or a date; "": none */
};

bool ir_figure_known(struct ir_str name);
/* IR_BAD: no figure of this name. */
int ir_figure(struct ir_casedb *db, struct ir_str name, const struct ir_period *p,
              struct ir_figure *ret_f, struct ir_err *err);

#endif
