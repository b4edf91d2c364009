/*
 * What each log tells, for the review of logging: on how many of its records a user, an activity, a
 * time, a device and an address or protocol stand, from when to when it reaches, and the longest
 * time without a record. The members of a rotated set are one log. Of at most COVERAGE_MAX logs.
 *
 *     struct coverage c = {0};
 *     coverage_add(&c, ev, path);          // false: out of memory
 *     coverage_table(&c, out, top, &write) or coverage_jsonl(&c, out, i)
 *     coverage_free(&c);
 */
#ifndef IR_TOOLS_STATS_COVERAGE_H
#define IR_TOOLS_STATS_COVERAGE_H

#include "base/map.h"
#include "report/page.h"

#define COVERAGE_MAX 4096u

enum { COVERS_USER, COVERS_ACTIVITY, COVERS_TIME, COVERS_DEVICE, COVERS_ADDRESS, COVERS };

struct coverage_log {
    uint64_t n, with[COVERS];
    int64_t first, last, silence, silent_from; /* ns UTC, when timed */
    bool timed;
};

struct coverage {
    struct ir_map map; /* name of the log -> its place in log */
    struct coverage_log *log;
    uint32_t cap;
    char path[512]; /* of the record before; its log is `at` */
    uint32_t at;
    uint64_t others; /* records of logs beyond the limit */
};

bool coverage_add(struct coverage *c, const struct ir_event *ev, const char *path);
void coverage_table(const struct coverage *c, struct ir_buf *out, uint64_t top,
                    const struct ir_write_options *w);
void coverage_jsonl(const struct coverage *c, struct ir_buf *out, uint32_t log);
void coverage_free(struct coverage *c);

#endif
