/*
 * Between the files of `ir rules tune`: what it was asked for, and what became of it.
 */
#ifndef IR_TOOLS_TUNE_JOB_H
#define IR_TOOLS_TUNE_JOB_H

#include "reading.h"
#include "rules_load.h"
#include "run/silenced.h"
#include "run/tune.h"
#include "scan_rules.h"
#include "sink.h"

struct tune_options {
    struct rules_options rules;
    struct reading_options in;
    struct opt_list from, fields;
    const char *reason, *author, *out;
    bool write;
};

struct tune_job {
    const struct cmd *cmd;
    const struct tune_options *o;
    const struct opt_list *operands;
    const struct env *env;
    struct ir_told_list told;
    const struct ir_told *finding;
    struct reading in;
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
