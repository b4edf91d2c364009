/*
 * How far a long work on bytes is: how much, how fast, how much longer. A line on stderr that
 * overwrites itself, for terminals only, a few times a second at most.
 *
 *     struct meter m;
 *     meter_begin(&m, env);
 *     … meter_show(&m, files, bytes, of); …     // as often as wanted; of: 0 is unknown
 *     meter_end(&m);                            // the line is gone
 */
#ifndef IR_TOOLS_METER_H
#define IR_TOOLS_METER_H

#include "cmd.h"

struct meter {
    bool on, shown;
    int64_t start, next; /* ns of a clock that only goes forward */
};

void meter_begin(struct meter *m, const struct env *env);
void meter_show(struct meter *m, uint64_t files, uint64_t bytes, uint64_t of);
void meter_end(struct meter *m);

#endif
