/*
 * Who had the exhibits of a case, from their custody logs, for reports: the lists "custody" (item,
 * seq, at, event, who, witness, place, details, clock) and "custody_unread" (item: an exhibit of
 * which no log can be told). A log is believed when its chain holds and it tells of the exhibit
 * with the seal that the case knows.
 */
#ifndef IR_TOOLS_CUSTODY_ROWS_H
#define IR_TOOLS_CUSTODY_ROWS_H

#include "case.h"
#include "casedb/casedoc.h"

enum { CUSTODY_LISTS = 2 };

/* Of one exhibit at most so many events are told, the first and the last; checks that found nothing
 * are left out before others. A row of its own tells how many are not shown. */
#define CUSTODY_FIRST 20u
#define CUSTODY_LAST  40u

struct custody_ask {
    const char *incident_id;
    const struct ir_templates *templates; /* for words */
    const char *lang;
    int64_t until; /* ns UTC; 0: all */
};

/* The lists live as long as the arena. A log that cannot be read is told of and is no failure. */
int custody_rows(struct case_job *j, const struct custody_ask *ask, struct ir_arena *arena,
                 struct ir_doc_given ret_lists[CUSTODY_LISTS]);

#endif
