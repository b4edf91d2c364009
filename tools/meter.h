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
    uint64_t of;         /* what there is to do, for who does not know; 0: unknown */
    uint64_t first;      /* bytes at the first look: a work that goes on begins there */
    int64_t start, next; /* ns of a clock that only goes forward */
};

void meter_begin(struct meter *m, const struct env *env);
void meter_show(struct meter *m, uint64_t files, uint64_t bytes, uint64_t of);
/* The same for callbacks of the library: user is the struct meter. */
void meter_on(void *user, uint64_t files, uint64_t bytes, uint64_t of);
void meter_end(struct meter *m);

#endif
