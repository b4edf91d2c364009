/*
 * Why a rule matches a record, or does not: for `ir rules explain`, and for samples that fail.
 *
 * The rules must be finished, and be of the same names table as the events: rules first, then
 * records. Only detection rules are explained; of a correlation the rules that it refers to.
 */
#ifndef IR_RUN_EXPLAIN_H
#define IR_RUN_EXPLAIN_H

#include "base/buf.h"
#include "format/format.h"
#include "rules/rules.h"

struct ir_explain_options {
    struct ir_rules *rules;
    struct ir_names *names;
    const uint32_t *rule; /* numbers of detection rules */
    size_t nrules;
    const char *input; /* a file, or "-" */
    uint64_t line;     /* only the record at this line; 0: all */
    uint64_t limit;    /* records that are told of; the others are only counted */
    bool best; /* tell of one record only, the one that comes nearest to a match (limit is not used)
                */
    const struct ir_formats *formats; /* as for a scan */
    const struct ir_format *format;
    int64_t reference_time, now;
    const struct ir_zone *zone; /* as for a scan */
    bool no_sandbox;
    int output_fd;
    /* Text in lines, control characters made visible. False: stop. */
    bool (*told)(void *user, struct ir_str text);
    void *user;
};

struct ir_explain_result {
    uint64_t records; /* looked at */
    uint64_t told;    /* of them told of */
    uint64_t matched; /* that some of the rules matches */
    uint64_t damaged, unreadable;
    char problem[1024]; /* the first thing that could not be read; may be empty */
};

/* IR_OK also when input was damaged; a negative class when nothing could be done. */
int ir_explain_run(const struct ir_explain_options *o, struct ir_explain_result *ret_r,
                   struct ir_err *err);

/* The detection rules behind rule i: itself, or what a correlation refers to, each once. Appends to
 * list (room for ir_rules_count numbers). Returns the new count. */
size_t ir_explain_parts(const struct ir_rules *rs, uint32_t i, uint32_t *list, size_t n);
/* Appends a line that says so when rule i is a correlation. */
void ir_explain_correlation(const struct ir_rules *rs, uint32_t i, struct ir_buf *out);

#endif
