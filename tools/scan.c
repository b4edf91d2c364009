/*
 * ir scan: logs through rules to findings. Options, files and the exit status live here; what a
 * scan does is in run/scan.h.
 */
#include <unistd.h>

#include "base/io.h"
#include "interrupt.h"
#include "progress.h"
#include "reading.h"
#include "report/page.h"
#include "scan_rules.h"
#include "sink.h"

struct scan_options {
    struct rules_options rules;
    struct reading_options in;
    struct opt_list only_rule, only_entity, only_path;
    bool no_anomaly, no_prefilter, no_progress;
    uint64_t threads, context;
    int64_t since, until;
    const char *output, *out, *colour;
    int min_level, alert_level;
};

#define AT(member) offsetof(struct scan_options, member)
static const struct opt scan_opts[] = {
#define BY(member) offsetof(struct scan_options, rules.member)
#include "rules.def"
    {"no-anomaly", 0, OPT_FLAG, AT(no_anomaly), NULL, N_("do not use anomaly detectors"), NULL},
#define IN(member) offsetof(struct scan_options, in.member)
#include "reading.def"
    {"output", 'o', OPT_CHOICE, AT(output), "FORMAT", N_("how findings are written"),
     choice_output},
    {"out", 'O', OPT_TEXT, AT(out), "FILE", N_("write findings to this file instead of stdout"),
     NULL},
    {"context", 'C', OPT_NUMBER, AT(context), "N",
     N_("show N lines before and after a finding's record, at most 50 (default 0; html, md: 3)"),
     NULL},
    {"min-level", 0, OPT_LEVEL, AT(min_level), "LEVEL",
     N_("leave out findings below this level (default informational: none)"), NULL},
    {"alert-level", 0, OPT_LEVEL, AT(alert_level), "LEVEL",
     N_("exit with status 1 when a finding has this level or a higher one (default medium)"), NULL},
    {"since", 0, OPT_TIME, AT(since), "TIME", N_("only records from this time on"), NULL},
    {"until", 0, OPT_TIME, AT(until), "TIME",
     N_("only records up to this time; a date alone means its first moment, midnight"), NULL},
    {"rule", 0, OPT_LIST, AT(only_rule), "TEXT",
     N_("only rules with this id or this text in the title (may be repeated)"), NULL},
    {"entity", 0, OPT_LIST, AT(only_entity), "NAME=VALUE",
     N_("only findings about this entity, as in source.ip=192.0.2.1 (may be repeated)"), NULL},
    {"path", 0, OPT_LIST, AT(only_path), "PATTERN",
     N_("only inputs whose path fits this shell pattern (may be repeated)"), NULL},
    {"threads", 'j', OPT_NUMBER, AT(threads), "N", N_("worker threads (default: one a processor)"),
     NULL},
    {"no-prefilter", 0, OPT_FLAG, AT(no_prefilter), NULL,
     N_("try every rule on every record: slow, for comparison only"), NULL},
    {"color", 0, OPT_CHOICE, AT(colour), "WHEN", N_("colours in the table (default auto)"),
     choice_colour},
    {"no-progress", 0, OPT_FLAG, AT(no_progress), NULL,
     N_("no progress line on a terminal's stderr"), NULL},
    OPT_END,
};

static void scan_defaults(void *options, const struct env *env)
{
    (void)env;
    struct scan_options *o = options;
    o->context = UINT64_MAX;
    reading_defaults(&o->in);
    o->since = INT64_MIN;
    o->until = INT64_MAX;
    o->min_level = IR_LEVEL_INFORMATIONAL;
    o->alert_level = IR_LEVEL_MEDIUM;
    o->output = "table";
    o->colour = "auto";
}

struct scan_job {
    const struct cmd *cmd;
    const struct scan_options *o;
    const struct env *env;
    const struct ir_writer *writer;
    struct ir_write_options wo;
    struct sink sink;
    struct progress progress;
    struct reading in;
    struct ir_scan *scan;
};

static int check_options(const struct scan_job *job)
{
    const struct scan_options *o = job->o;
    if (o->threads > SCAN_THREADS_MAX) return too_many_threads(job->cmd, o->threads);
    if (o->context != UINT64_MAX && o->context > IR_CONTEXT_MAX) {
        say(job->cmd, _("--context: %llu: at most %u"), (unsigned long long)o->context,
            IR_CONTEXT_MAX);
        return IR_EXIT_USAGE;
    }
    if (o->since > o->until) {
        say(job->cmd, _("--since: later than --until, nothing could be found: exchange the two"));
        return IR_EXIT_USAGE;
    }
    return IR_EXIT_OK;
}

/* A slip must not look like a clean log. */
static int check_entities(const struct scan_job *job, const struct ir_scan *scan)
{
    const struct opt_list *want = &job->o->only_entity;
    for (size_t i = 0; i < want->n; i++) {
        struct ir_str value = ir_str_z(want->v[i]), name = ir_str_cut(&value, '=');
        const bool named = value.p != NULL;
        if ((named ? value.n : name.n) == 0 || (named && name.n == 0))
            say(job->cmd, _("--entity: '%s': wants NAME=VALUE, or a value alone"), want->v[i]);
        else if (named && !ir_scan_knows_entity(scan, name))
            say(job->cmd,
                _("--entity: '%.*s': no finding has such an entity; see those of a scan with"
                  " --output jsonl"),
                IR_FMT(name));
        else
            continue;
        return IR_EXIT_USAGE;
    }
    return IR_EXIT_OK;
}

static void set_up_writer(struct scan_job *job)
{
    const struct scan_options *o = job->o;
    bool always = strcmp(o->colour, "always") == 0;
    bool to_terminal = o->out == NULL && job->env->out_tty;
    bool allowed = to_terminal && !job->env->no_color && strcmp(o->colour, "auto") == 0;
    job->writer = ir_writer_by_name(ir_str_z(o->output));
    job->wo = (struct ir_write_options){
        .colour = always || allowed,
        .columns = to_terminal ? job->env->columns : 0,
        .zone_s = job->env->zone_s,
        .max_origins = 1,
        .now = job->env->now,
        .version = IR_VERSION,
    };
}

/* What cannot be taken is in the summary as well; programs' outputs hide that from the person who
 * types. */
static void add_inputs(const struct scan_job *job, struct ir_scan *scan,
                       const struct opt_list *paths)
{
    for (size_t i = 0; i < paths->n; i++) {
        struct ir_err err = {0};
        if (ir_scan_add_input(scan, paths->v[i], &err) < 0 && strcmp(job->o->output, "table") != 0)
            say_error(job->cmd, _("cannot read"), paths->v[i], &err,
                      _("check the path and who may read it"));
    }
}

/* The summary must reach a person: where the output has no room for it, or is out of sight, it goes
 * to stderr. */
static void summary_for_people(struct scan_job *job, const struct ir_summary *s)
{
    bool told = (job->writer->summary != NULL || job->writer->document != NULL) &&
                (job->o->out == NULL || !job->env->err_tty);
    if (told) return;
    struct ir_buf text = IR_BUF(1 << 24);
    struct ir_write_options wo = job->wo;
    wo.colour = job->env->err_tty && !job->env->no_color && strcmp(job->o->colour, "never") != 0;
    wo.columns = job->env->err_tty ? job->env->columns : 0;
    ir_page_summary(&text, s, &wo);
    ir_io_write_all(STDERR_FILENO, text.p, text.n);
    ir_buf_free(&text);
}

/* Findings first: a script must not miss an alert because a file was damaged. */
static int scan_status(const struct scan_options *o, const struct ir_summary *s)
{
    for (int l = o->alert_level; l < IR_LEVEL_MAX; l++)
        if (s->findings[l] > 0) return IR_EXIT_FINDINGS;
    return s->unreadable > 0 || s->damaged > 0 || s->lost > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK;
}

static void doc_finding(void *user, size_t i, struct ir_finding *ret_f)
{
    struct scan_job *job = user;
    ir_scan_finding(job->scan, i, ret_f);
}

static void doc_input(void *user, size_t i, struct ir_input_report *ret_in)
{
    struct scan_job *job = user;
    ir_scan_input(job->scan, i, ret_in);
}

static bool doc_drain(void *user)
{
    struct scan_job *job = user;
    return sink_drain(&job->sink);
}

static void write_document(struct scan_job *job, const struct ir_summary *s)
{
    const struct ir_document d = {.user = job,
                                  .nfindings = ir_scan_nfindings(job->scan),
                                  .ninputs = ir_scan_ninputs(job->scan),
                                  .finding = doc_finding,
                                  .input = doc_input,
                                  .summary = s,
                                  .times = ir_scan_times(job->scan),
                                  .drain = doc_drain};
    job->writer->document(&job->sink.buf, &d, &job->wo);
}

static void write_findings(struct scan_job *job)
{
    struct sink *out = &job->sink;
    if (job->writer->begin != NULL) job->writer->begin(&out->buf, &job->wo);
    for (size_t i = 0; i < ir_scan_nfindings(job->scan) && sink_drain(out); i++) {
        struct ir_finding f;
        ir_scan_finding(job->scan, i, &f);
        job->writer->finding(&out->buf, &f, &job->wo);
    }
}

static int write_result(struct scan_job *job, struct ir_scan *scan)
{
    struct ir_summary s;
    struct sink *out = &job->sink;
    job->scan = scan;
    if (job->writer->finding != NULL) write_findings(job);
    ir_scan_summary(scan, &s);
    s.since = job->o->since;
    s.until = job->o->until;
    s.has_window = s.since != INT64_MIN || s.until != INT64_MAX;
    if (job->writer->document != NULL) write_document(job, &s);
    if (job->writer->summary != NULL) job->writer->summary(&out->buf, &s, &job->wo);
    sink_flush(out);
    if (s.inputs + s.unreadable == 0 && job->o->only_path.n > 0)
        say(job->cmd,
            _("--path: no input fits: the pattern is for the whole path, as in '*/auth.log'"));
    else if (s.inputs + s.unreadable == 0 && strcmp(job->o->output, "table") != 0)
        say(job->cmd, _("nothing was read: no file is there"));
    summary_for_people(job, &s);
    return scan_status(job->o, &s);
}

static struct ir_scan_options engine_options(struct scan_job *job)
{
    const struct scan_options *o = job->o;
    struct ir_scan_options so = ir_scan_defaults();
    reading_to_scan(&job->in, &o->in, job->env, &so);
    so.threads = (unsigned)o->threads;
    so.no_prefilter = o->no_prefilter;
    so.min_level = (enum ir_level)o->min_level;
    so.since = o->since;
    so.until = o->until;
    so.only_rules = o->only_rule.v;
    so.only_entity = o->only_entity.v;
    so.only_path = o->only_path.v;
    so.context = o->context == UINT64_MAX ? job->writer->context : (unsigned)o->context;
    so.output_fd = job->sink.fd;
    so.no_sandbox = job->env->no_sandbox;
    if (job->env->progress && !o->no_progress) {
        so.progress = progress_show;
        so.user = &job->progress;
    }
    return so;
}

/* Everything is open; what is read next runs in the sandbox. */
static int scan_inputs(struct scan_job *job, const struct opt_list *operands)
{
    const struct cmd *cmd = job->cmd;
    struct ir_err err = {0};
    struct ir_scan_options so = engine_options(job);
    struct ir_scan *scan = ir_scan_new(&so);
    if (scan == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    int status = add_rules(cmd, job->env, scan, &job->o->rules, &job->o->only_rule);
    if (status == IR_EXIT_OK) status = check_entities(job, scan);
    if (status == IR_EXIT_OK) {
        add_inputs(job, scan, operands);
        interrupt_begin();
        int rc = ir_scan_run(scan, &err);
        interrupt_end();
        progress_erase(&job->progress);
        if (rc < 0 && rc != IR_WARN) {
            say_error(cmd, _("cannot scan"), "", &err, _("nothing was reported"));
            status = IR_EXIT_FAILED;
        } else {
            say_filters(cmd, scan);
            status = write_result(job, scan);
        }
    }
    ir_scan_free(scan);
    return status;
}

static int scan_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    struct scan_job job = {.cmd = cmd, .o = options, .env = env};
    job.progress.columns = env->columns;
    int status = check_options(&job);
    if (status != IR_EXIT_OK) return status;
    set_up_writer(&job);
    status = reading_open(&job.in, cmd, &job.o->in, &job.o->rules.paths, env);
    if (status == IR_EXIT_OK) status = sink_open(&job.sink, cmd, job.o->out, operands);
    if (status == IR_EXIT_OK) status = sink_close(&job.sink, scan_inputs(&job, operands));
    reading_close(&job.in);
    return status;
}

const struct cmd cmd_scan = {
    .name = "scan",
    .operands = "PATH…",
    .brief = N_("Look for signs of an attack in logs"),
    .about = N_(
        "PATH is a file, a directory with everything below it, a quoted glob, or - for stdin;\n"
        "gz, xz, zst and bz2 are unpacked, and the members of archives (tar, zip, 7z, cpio, rar,\n"
        "iso, …) are read like files. TIME is 2026-11-22, 2026-11-22T10:00:00+09:00,\n"
        "@SECONDS or now; LEVEL is informational, low, medium, high or critical.\n\n"
        "Exit status: 1 when a finding reached the alert level, even when some input was\n"
        "damaged; else 3 when some input was unreadable or damaged, or when correlations lost\n"
        "events; else 0."),
    .opts = scan_opts,
    .size = sizeof(struct scan_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = scan_defaults,
    .run = scan_run,
};
