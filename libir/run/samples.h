/*
 * Rule files against the samples that lie beside them: of NAME.yml each NAME.match.* must give a
 * finding of a rule of that file, and each NAME.nomatch.* none.
 *
 * Every sample gets a scan of its own, with the rules of its file and the rules that these refer to
 * (correlations), and with every settings.yml of the paths. The sandbox is entered once, before the
 * first sample is read: the scans themselves run with no_sandbox, under the filters that already
 * hold.
 */
#ifndef IR_RUN_SAMPLES_H
#define IR_RUN_SAMPLES_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct ir_sample_report {
    const char *rules;     /* the rule file */
    const char *sample;    /* NULL: it is about the rule file itself */
    struct ir_str reason;  /* raw bytes */
    struct ir_str explain; /* lines, made visible: the record that comes nearest; may be empty */
    bool without;          /* no failure: the rule file has no samples */
};

struct ir_samples_options {
    const char *values_path; /* may be NULL */
    const char *const
        *others; /* rule paths that correlations may refer to; NULL-ended, may be NULL */
    const struct ir_formats *formats; /* as for a scan */
    int64_t reference_time, now;
    bool no_sandbox;
    int output_fd;
    void (*report)(void *user, const struct ir_sample_report *r);
    void *user;
};

struct ir_samples_result {
    uint64_t rules;   /* in the files below the paths */
    uint64_t files;   /* rule files */
    uint64_t without; /* rule files without a sample */
    uint64_t samples, failed;
};

/* IR_OK, whatever failed among the samples; IR_BAD when a path cannot be read. */
int ir_samples_run(const char *const *paths, const struct ir_samples_options *o,
                   struct ir_samples_result *ret_r, struct ir_err *err);

#endif
