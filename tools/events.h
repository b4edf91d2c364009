/*
 * What the commands that read all events share (search, timeline, stats; parse in part): their
 * options, the life of a reading, and what is said of it.
 *
 *     struct frob_options { struct events_options ev; … };
 *     static const struct opt frob_opts[] = {
 *     #define EV(member) offsetof(struct frob_options, ev.member)
 *     #include "events.def"
 *         OPT_END };
 *     status = events_open(&job, cmd, &o->ev, operands, env);
 *     job.po.event = …; job.po.user = …;
 *     status = events_read(&job, operands);       // enters the sandbox
 *     return events_close(&job, status);          // also when events_open failed
 */
#ifndef IR_TOOLS_EVENTS_H
#define IR_TOOLS_EVENTS_H

#include "event/extra.h"
#include "reading.h"
#include "report/writer.h"
#include "run/scan.h"
#include "sink.h"

struct events_options {
    struct reading_options in;
    const char *output, *out;
    int64_t since, until;
};

struct events_job {
    const struct cmd *cmd;
    const struct events_options *o;
    struct sink sink;
    struct reading in;
    struct ir_extras extras;
    struct ir_write_options write;
    struct ir_parse_options po;
    struct ir_parse_result result;
};

void events_defaults(struct events_options *o, const char *output);
int events_open(struct events_job *job, const struct cmd *cmd, const struct events_options *o,
                const struct opt_list *inputs, const struct env *env);
/* Says what went wrong; returns IR_EXIT_OK, IR_EXIT_DAMAGED or IR_EXIT_FAILED. */
int events_read(struct events_job *job, const struct opt_list *inputs);
int events_close(struct events_job *job, int status);
/* False: --since or --until leaves the event out. One without time is in. */
bool events_in_time(const struct events_job *job, const struct ir_event *ev);

void say_problems(const struct cmd *cmd, const struct ir_parse_result *r);
/* "table", "jsonl", "csv", "timesketch-csv" */
const char *choice_rows(size_t i);

#endif
