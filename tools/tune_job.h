/*
 * Between the files of `ir rules tune`: what it was asked for, and what became of it.
 */
#ifndef IR_TOOLS_TUNE_JOB_H
#define IR_TOOLS_TUNE_JOB_H

#include "formats_load.h"
#include "passwords.h"
#include "rules_load.h"
#include "run/silenced.h"
#include "run/tune.h"
#include "sink.h"
#include "zone.h"

struct tune_options {
    struct opt_list from, fields, rules, format_files, geoip;
    const char *reason, *author, *out, *values, *format, *encoding, *password_file, *zone;
    int64_t reference_time;
    bool write, no_default_rules, ask_password;
};

struct tune_job {
    const struct cmd *cmd;
    const struct tune_options *o;
    const struct opt_list *operands;
    const struct env *env;
    struct ir_told_list told;
    const struct ir_told *finding;
    struct passwords passwords;
    struct ir_geo *geo;
    struct formats formats;
    const struct ir_format *format; /* that --format names */
    struct zone zone;
    struct rules_loaded loaded;
    struct ir_scan *without, *with;
    struct ir_buf text;   /* the filter */
    struct ir_buf target; /* the file to be written */
    int dir;              /* it lies in, -1: nothing is written */
    struct ir_tune_result r;
    struct ir_silenced s;
    struct sink out;
};

/* tune_tell.c: a line of a comment, made visible. */
void tune_remark(struct sink *out, struct ir_str text);
/* What the filter silences, as comments. */
void tune_tell(struct tune_job *j);
/* IR_EXIT_OK; a status after having said why there shall be no such filter: the finding is there
 * still, or nothing is left of a rule that found others as well. */
int tune_judge(struct tune_job *j);

#endif
