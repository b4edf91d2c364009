/*
 * What the commands that read all events share (search, timeline, stats; parse in part): their
 * options, the life of a reading, and what is said of it.
 *
 *     struct frob_options { struct events_options ev; … };
 *     static const struct opt frob_opts[] = { …, EVENTS_OPTS(struct frob_options), OPT_END };
 *     status = events_open(&job, cmd, &o->ev, operands, env);
 *     job.po.event = …; job.po.user = …;
 *     status = events_read(&job, operands);       // enters the sandbox
 *     return events_close(&job, status);          // also when events_open failed
 */
#ifndef IR_TOOLS_EVENTS_H
#define IR_TOOLS_EVENTS_H

#include "event/extra.h"
#include "formats_load.h"
#include "passwords.h"
#include "report/writer.h"
#include "run/scan.h"
#include "sink.h"
#include "where.h"
#include "zone.h"

struct events_options {
    struct opt_list format_files, geoip;
    const char *output, *format, *out, *password_file, *encoding, *zone;
    bool ask_password;
    int64_t reference_time, since, until;
};

#define EVENTS_AT(type, member) offsetof(type, ev.member)
#define EVENTS_OPTS(type)                                                                          \
    {"since", 0, OPT_TIME, EVENTS_AT(type, since), "TIME", N_("only events from this time on"),    \
     NULL},                                                                                        \
        {"until", 0, OPT_TIME, EVENTS_AT(type, until), "TIME", N_("only events up to this time"),  \
         NULL},                                                                                    \
        {"format",     'f',                                                                        \
         OPT_NAME,     EVENTS_AT(type, format),                                                    \
         "FORMAT",     N_("read every input as this format instead of recognising it"),            \
         choice_format},                                                                           \
        {"format-files",                                                                           \
         0,                                                                                        \
         OPT_LIST,                                                                                 \
         EVENTS_AT(type, format_files),                                                            \
         "PATH",                                                                                   \
         N_("also know the log formats that this file or directory describes (may be repeated)"),  \
         NULL},                                                                                    \
        {"geoip",  0,                                                                              \
         OPT_LIST, EVENTS_AT(type, geoip),                                                         \
         "FILE",   N_("tell countries by this GeoIP file (.mmdb; may be repeated)"),               \
         NULL},                                                                                    \
        {"encoding",     0,                                                                        \
         OPT_CHOICE,     EVENTS_AT(type, encoding),                                                \
         "ENCODING",     N_("read every input as this encoding instead of recognising it"),        \
         choice_encoding},                                                                         \
        {"out",    'O',                                                                            \
         OPT_TEXT, EVENTS_AT(type, out),                                                           \
         "FILE",   N_("write to this file instead of stdout"),                                     \
         NULL},                                                                                    \
        {"password-file",                                                                          \
         0,                                                                                        \
         OPT_TEXT,                                                                                 \
         EVENTS_AT(type, password_file),                                                           \
         "FILE",                                                                                   \
         N_("passwords to try on encrypted archives, one a line"),                                 \
         NULL},                                                                                    \
        {"ask-password",                                                                           \
         0,                                                                                        \
         OPT_FLAG,                                                                                 \
         EVENTS_AT(type, ask_password),                                                            \
         NULL,                                                                                     \
         N_("ask on the terminal for a password to try on encrypted archives"),                    \
         NULL},                                                                                    \
        ZONE_OPT(EVENTS_AT(type, zone)),                                                           \
    {                                                                                              \
        "reference-time", 0, OPT_TIME, EVENTS_AT(type, reference_time), "TIME",                    \
            N_("stands for now where a stamp has no year"), NULL                                   \
    }

struct events_job {
    const struct cmd *cmd;
    const struct events_options *o;
    struct sink sink;
    struct passwords passwords;
    struct formats formats;
    struct zone zone;
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
