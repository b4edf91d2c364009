/*
 * ir parse: every record of the inputs as one JSON object a line. For other programs, and to see
 * what the rules see.
 */
#include "events.h"

struct parse_options {
    struct events_options ev; /* all of the events, so without since and until */
};

#define AT(member) offsetof(struct parse_options, ev.member)
static const struct opt parse_opts[] = {
    {"out", 'O', OPT_TEXT, AT(out), "FILE", N_("write to this file instead of stdout"), NULL},
#define IN(member) AT(in.member)
#include "reading.def"
    OPT_END,
};

static void parse_defaults(void *options, const struct env *env)
{
    (void)env;
    events_defaults(&((struct parse_options *)options)->ev, "jsonl");
}

static int on_event(void *user, const struct ir_event *ev, const char *path, const char *format)
{
    struct sink *out = user;
    ir_write_event(&out->buf, ev, path, format);
    return sink_drain(out) ? 0 : 1;
}

static int parse_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct parse_options *o = options;
    struct events_job job;
    int status = events_open(&job, cmd, &o->ev, operands, env);
    if (status == IR_EXIT_OK) {
        job.po.event = on_event;
        job.po.user = &job.sink;
        status = events_read(&job, operands);
    }
    return events_close(&job, status);
}

const struct cmd cmd_parse = {
    .name = "parse",
    .operands = "FILE…",
    .brief = N_("Print the records of logs as JSON lines"),
    .about = N_(
        "FILE is a file, a directory with everything below it, a quoted glob, or - for stdin;\n"
        "gz, xz, zst and bz2 are unpacked, and the members of archives (tar, zip, 7z, cpio, rar,\n"
        "iso, …) are read like files.\n\n"
        "What is skipped, damaged or unreadable is said on stderr.\n\n"
        "Exit status: 0, or 3 when some input was unreadable or damaged."),
    .opts = parse_opts,
    .size = sizeof(struct parse_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = parse_defaults,
    .run = parse_run,
};
