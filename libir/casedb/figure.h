/*
 * Figures that show whether a control is in operation: a closed set of questions to the database,
 * which data (casefiles/controls/) asks by their names.
 *
 *     struct ir_figures of = {db, &period, duties};
 *     rc = ir_figure(&of, IR_S("roles_held"), &f, &err);   // 2 of 3
 *
 * period.to stands for now. "review.KIND" counts reviews of a kind, "time.METRIC" is a median
 * (stats.h).
 */
#ifndef IR_CASEDB_FIGURE_H
#define IR_CASEDB_FIGURE_H

#include "casedb/duty.h"
#include "casedb/stats.h"

enum ir_figure_unit { IR_FIGURE_COUNT, IR_FIGURE_PERCENT, IR_FIGURE_SECONDS };

struct ir_figure {
    enum ir_figure_unit unit;
    bool known;                /* false: there was nothing to measure */
    int64_t value;             /* in the unit */
    int64_t of;                /* how many it is of; 0: of nothing */
    char last[IR_CASEDB_TIME]; /* the last one, a time or a date; "": none */
};

/* What is asked, and of which time. */
struct ir_figures {
    struct ir_casedb *db;
    const struct ir_period *period;
    const struct ir_duties *duties;
    struct ir_time_stat time[IR_TIMES]; /* measured when somebody asks for the first */
    bool timed;
    bool walked; /* all cases for their duties, when the first figure asks for it */
    int64_t late, late_of;
};

bool ir_figure_known(struct ir_str name);
/* The IR_TIMES times of the period, in of. */
int ir_figure_times(struct ir_figures *of, const struct ir_time_stat **ret_t, struct ir_err *err);
/* IR_BAD: no figure of this name. */
int ir_figure(struct ir_figures *of, struct ir_str name, struct ir_figure *ret_f,
              struct ir_err *err);

#endif
