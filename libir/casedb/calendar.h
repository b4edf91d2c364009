/*
 * Calendars of closed days, and moments as people say them: what deadlines are counted with.
 *
 * Days are days since 1970-01-01 of the civil calendar. A calendar knows the years from its first
 * to its last day; nothing outside of them is ever shifted by guess.
 */
#ifndef IR_CASEDB_CALENDAR_H
#define IR_CASEDB_CALENDAR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/yaml.h"

#define IR_DATE_TEXT 16 /* "2026-04-30" */

struct ir_calendar {
    struct ir_str id;
    int32_t zone_s; /* of the authorities: on which day something was known */
    int64_t first, last;
    unsigned weekdays;   /* closed: bit 0 is Sunday */
    uint16_t yearly[16]; /* closed each year: month * 100 + day */
    size_t nyearly;
    const int64_t *closed; /* ascending */
    size_t nclosed;
};

/* A document of casefiles/holidays/; what it holds lives in the arena. */
int ir_calendar_read(struct ir_arena *arena, const struct ir_yaml *doc, struct ir_calendar *ret_c,
                     struct ir_err *err);
/* The first open day from `day` on. False: the calendar does not reach so far. */
bool ir_calendar_shift(const struct ir_calendar *c, int64_t day, int64_t *ret_day);

/* When something was known or sent. Of what was said without a zone, the date stands as said in
 * every calendar: April 1 is April 1. */
struct ir_moment {
    int64_t ns;  /* UTC */
    int64_t day; /* as said; when zoned, ask ir_moment_day */
    bool zoned;
};

/* "2026-04-01", "2026-04-01 09:30", "2026-03-31T16:00Z", "now"; zone_s: of times that name none;
 * and as they are written in Japan (base/written.h). False: err, which may be NULL, says why. */
bool ir_moment_parse(struct ir_str said, int64_t now, int32_t zone_s, struct ir_moment *ret_m,
                     struct ir_err *err);
/* The civil day in a zone. */
int64_t ir_moment_day(const struct ir_moment *m, int32_t zone_s);
/* How it stands in the database: "2026-04-01" or as ir_casedb_time; out: IR_CASEDB_TIME. */
void ir_moment_text(const struct ir_moment *m, char *out);

/* "2026-04-01", the whole text. */
bool ir_date_parse(struct ir_str s, int64_t *ret_day);
void ir_date_text(int64_t day, char out[IR_DATE_TEXT]);

#endif
