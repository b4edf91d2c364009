/*
 * A false positive turned into a filter, as narrow as the finding allows.
 *
 * The finding's records are read again where they lay, and its rule is tried on each. The filter
 * takes, of each record, the finding's entity and the values that the rule matched, together; so it
 * fits records that are alike in all of that. What the rule asks of every record anyway says
 * nothing and is left out, and a filter of nothing else is refused. Of a correlation it is the
 * rules that it counts that are filtered, each by the values that the correlation groups by.
 */
#ifndef IR_RUN_TUNE_H
#define IR_RUN_TUNE_H

#include "base/charset.h"
#include "format/format.h"
#include "rules/rules.h"
#include "run/told.h"

#define IR_TUNE_MAPS_MAX 50u /* different things that one filter may accept */

struct ir_tune_options {
    struct ir_rules *rules; /* finished, as the scan used them */
    struct ir_names *names;
    const struct ir_told *finding;
    const char *const *fields; /* NULL-terminated, the first NULL or none: chosen as above */
    struct ir_str reason, author;
    const struct ir_formats *formats; /* how its logs are read: as the scan did (run/scan.h) */
    const struct ir_format *format;
    enum ir_encoding encoding;
    const char *const *passwords;
    int64_t now, reference_time; /* ns UTC; INT64_MIN: not given */
    const struct ir_zone *zone;  /* as for a scan */
    int32_t zone_s;              /* of the date in the filter */
    bool no_sandbox;
};

struct ir_tune_result {
    uint64_t records; /* of the finding, that were read again */
    uint64_t missing; /* that were not there any more */
    uint64_t maps, filters;
};

/* Appends the filter's documents. IR_OK; IR_BAD with the reason when there is no such filter. */
int ir_tune(const struct ir_tune_options *o, struct ir_buf *out, struct ir_tune_result *ret_r,
            struct ir_err *err);

/* The file to name to a scan for an origin's path: without the members of archives. */
struct ir_str ir_tune_root(struct ir_str path);

#endif
