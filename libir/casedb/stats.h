/*
 * Figures over all cases of a period (5.27: types, volumes and costs, 形態・規模・費用), and how
 * long things take: medians with how many they are of, as a company has few cases.
 *
 *     struct ir_period p = ir_period_year(2026, zone_s);
 *     rc = ir_stat_open(&q, db, IR_STAT_KIND, &p, &err);   … ir_query_next(&q, …) …
 *
 * Exercises and cases that were merged into another do not count.
 */
#ifndef IR_CASEDB_STATS_H
#define IR_CASEDB_STATS_H

#include "casedb/query.h"

struct ir_period {
    char from[IR_CASEDB_TIME], to[IR_CASEDB_TIME]; /* from <= t < to */
    int32_t zone_s;                                /* of times that were stated without one */
};

/* A civil year; 0: all that there is. */
struct ir_period ir_period_year(int year, int32_t zone_s);
struct ir_period ir_period_between(int64_t from, int64_t to, int32_t zone_s);

enum ir_stat {
    IR_STAT_KIND,  /* kind, cases, open, persons, assets, cost */
    IR_STAT_LEVEL, /* level, cases, open, persons, assets, cost */
    IR_STAT_CAUSE, /* cause, cases, ever, recurs ("yes" or null), numbers */
    IR_STAT_ALERT, /* outcome (null: none yet), alerts, percent, reasoned */
    IR_STAT_TIME,  /* metric, n, median_s, min_s, max_s (null: nothing to measure) */
    IR_STAT_MAX
};
/* The rows of a table above, its columns in that order. */
int ir_stat_open(struct ir_query *q, struct ir_casedb *db, enum ir_stat which,
                 const struct ir_period *p, struct ir_err *err);

/* The times of IR_STAT_TIME, in seconds:
 *   detect    what happened → the first record of it (MTTD)
 *   record    noticed → recorded (6.8)
 *   decide    recorded → first decision (5.25)
 *   contain   first record → the first act that contains
 *   preserve  first record → the first exhibit sealed
 *   report    aware → the first report of a duty sent
 *   recover   first record → recovered: the step behind it was entered, or the case closed
 * n: how many there were to measure; the others only when n > 0. All at once, as each costs as
 * much.
 */
#define IR_TIMES 7
struct ir_time_stat {
    char name[16];
    int64_t n, median_s, min_s, max_s;
};
int ir_stat_times(struct ir_casedb *db, const struct ir_period *p,
                  struct ir_time_stat ret_t[IR_TIMES], struct ir_err *err);
bool ir_stat_is_time(struct ir_str name);

#endif
