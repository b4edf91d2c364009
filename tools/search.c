/*
 * ir search: the records that hold a text, fit a regular expression or name an indicator of
 * compromise.
 */
#include "run/search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "events.h"
#include "report/row.h"

#define IOCS_MAX ((size_t)64 << 20) /* bytes of a list of indicators */
#define SAY_MAX  10u                /* lines of a list that are named as no indicator */

struct search_options {
    struct events_options ev;
    bool regex, ignore_case;
    struct opt_list patterns, iocs;
};

#define AT(member) offsetof(struct search_options, member)
static const struct opt search_opts[] = {
    {"pattern", 'e', OPT_LIST, AT(patterns), "PATTERN",
     N_("look for this; may be repeated; then all arguments are paths"), NULL},
    {"regex", 'r', OPT_FLAG, AT(regex), NULL, N_("patterns are regular expressions (PCRE2)"), NULL},
    {"ignore-case", 'i', OPT_FLAG, AT(ignore_case), NULL,
     N_("capitals and small letters are alike"), NULL},
    {"iocs", 'I', OPT_LIST, AT(iocs), "FILE",
     N_("look for the indicators of this list; may be repeated; then all arguments are paths"),
     NULL},
    {"output", 'o', OPT_CHOICE, AT(ev.output), "KIND",
     N_("table, jsonl, csv or timesketch-csv (default: table)"), choice_rows},
#define EV(member) offsetof(struct search_options, ev.member)
#include "events.def"
    OPT_END,
};

struct search_job {
    struct events_job job;
    struct ir_search *se;
    const struct ir_row_writer *writer;
    uint64_t found;
};

static void search_defaults(void *options, const struct env *env)
{
    (void)env;
    events_defaults(&((struct search_options *)options)->ev, "table");
}

static bool on_block(void *user, struct ir_str data)
{
    return ir_search_block(((struct search_job *)user)->se, data);
}

static bool on_record(void *user, struct ir_str rec)
{
    return ir_search_record(((struct search_job *)user)->se, rec);
}

static int on_event(void *user, const struct ir_event *ev, const char *path, const char *format)
{
    struct search_job *s = user;
    if (!events_in_time(&s->job, ev)) return 0;
    struct ir_row row = {.path = path, .format = format, .text = ev->raw};
    ir_row_fill(&row, ev);
    row.match = ir_search_found(s->se);
    s->writer->row(&s->job.sink.buf, &row, &s->job.write);
    s->found++;
    return sink_drain(&s->job.sink) ? 0 : 1;
}

/* The whole file; NULL after having said why not. */
static char *read_list(const struct cmd *cmd, const char *path, size_t *ret_n)
{
    int fd = ir_io_open(AT_FDCWD, path, 0);
    char *text = fd >= 0 ? malloc(IOCS_MAX + 1) : NULL;
    ssize_t n = text != NULL ? ir_io_read_full(fd, text, IOCS_MAX + 1) : fd >= 0 ? -ENOMEM : fd;
    if (fd >= 0) close(fd);
    if (n < 0 || (size_t)n > IOCS_MAX) {
        say(cmd, _("cannot read the list: %s: %s"), path,
            n < 0 ? ir_errno_local((int)-n) : _("larger than 64 MiB"));
        free(text);
        return NULL;
    }
    *ret_n = (size_t)n;
    return text;
}

static bool add_list(const struct cmd *cmd, struct ir_search *se, const char *path)
{
    size_t n, line = 0, bad = 0, good = 0;
    char *text = read_list(cmd, path, &n);
    if (text == NULL) return false;
    struct ir_str rest = ir_str_n(text, n), s;
    struct ir_err err = {0};
    for (bool ended; ir_str_line(&rest, &s, &ended);) {
        line++;
        int rc = ir_search_ioc(se, s, &err);
        good += rc == IR_OK;
        if (rc == IR_BAD && ++bad <= SAY_MAX)
            say(cmd, _("%s:%zu: left out: %s"), path, line, ir_local(err.msg));
    }
    free(text);
    if (bad > SAY_MAX) say(cmd, _("%s: %zu more lines left out"), path, bad - SAY_MAX);
    if (good == 0) say(cmd, _("%s: no indicator: one stands on a line, as in 192.0.2[.]7"), path);
    return good > 0;
}

static bool add_pattern(const struct cmd *cmd, const struct search_options *o, struct ir_search *se,
                        const char *pattern)
{
    struct ir_err err = {0};
    struct ir_str s = ir_str_z(pattern);
    int rc = o->regex ? ir_search_regex(se, s, &err) : ir_search_text(se, s, &err);
    if (rc != IR_OK) say(cmd, "%s: %s", pattern, ir_local(err.msg));
    return rc == IR_OK;
}

/* Everything that is looked for; the operands that are left are paths. */
static bool prepare(const struct cmd *cmd, const struct search_options *o, struct ir_search *se,
                    struct opt_list *paths)
{
    struct ir_err err = {0};
    for (size_t i = 0; i < o->patterns.n; i++)
        if (!add_pattern(cmd, o, se, o->patterns.v[i])) return false;
    for (size_t i = 0; i < o->iocs.n; i++)
        if (!add_list(cmd, se, o->iocs.v[i])) return false;
    if (o->patterns.n + o->iocs.n == 0) {
        if (!add_pattern(cmd, o, se, paths->v[0])) return false;
        paths->v++;
        paths->n--;
    }
    if (paths->n == 0) {
        say(cmd, _("nothing to search: name a file or directory behind the pattern"));
        return false;
    }
    if (ir_search_finish(se, &err) == IR_OK) return true;
    say(cmd, "%s", ir_local(err.msg));
    return false;
}

static int conclude(struct search_job *s, const struct search_options *o, int status)
{
    const uint64_t undecided = ir_search_undecided(s->se);
    if (strcmp(s->writer->name, "table") == 0)
        say(s->job.cmd, _("found: %llu of %llu records"), (unsigned long long)s->found,
            (unsigned long long)s->job.result.records);
    if (undecided >= IR_SEARCH_GIVE_UP) {
        say(s->job.cmd,
            _("the regular expression costs too much: it gave up on %u records and was not tried "
              "on "
              "those that followed: use a simpler one"),
            IR_SEARCH_GIVE_UP);
        return IR_EXIT_FAILED;
    }
    if (undecided > 0) {
        say(s->job.cmd, _("the regular expression gave up on %llu records, which may fit"),
            (unsigned long long)undecided);
        if (status == IR_EXIT_OK) status = IR_EXIT_DAMAGED;
    }
    return o->iocs.n > 0 && s->found > 0 && status != IR_EXIT_FAILED ? IR_EXIT_FINDINGS : status;
}

static int search_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct search_options *o = options;
    struct opt_list paths = *operands;
    struct search_job s = {.se = ir_search_new(o->ignore_case)};
    if (s.se == NULL) {
        say(cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    if (!prepare(cmd, o, s.se, &paths)) {
        ir_search_free(s.se);
        return IR_EXIT_USAGE;
    }
    s.writer = ir_row_writer_by_name(o->ev.output);
    int status = events_open(&s.job, cmd, &o->ev, &paths, env);
    if (status == IR_EXIT_OK) {
        s.job.po.event = on_event;
        s.job.po.block = on_block;
        s.job.po.wanted = on_record;
        s.job.po.known_fields = true;
        s.job.po.user = &s;
        if (s.writer->header != NULL) ir_buf_str(&s.job.sink.buf, ir_str_z(s.writer->header));
        status = events_read(&s.job, &paths);
        sink_flush(&s.job.sink);
        status = conclude(&s, o, status);
    }
    ir_search_free(s.se);
    return events_close(&s.job, status);
}

const struct cmd cmd_search = {
    .name = "search",
    .operands = "PATTERN PATH…",
    .brief = N_("Find records by text, regular expression or indicators"),
    .about = N_(
        "PATTERN is searched in each record as it is logged. With --pattern or --iocs all\n"
        "arguments are paths: a file, a directory with everything below it, a quoted glob, or -\n"
        "for stdin. A list of indicators has one a line: hash, domain (with all below it),\n"
        "address, network, URL or e-mail address, also defanged (hxxp://, [.], (dot), [:]).\n\n"
        "Exit status: 1 when an indicator of a list was found; else 3 when some input was\n"
        "unreadable or damaged; else 0."),
    .opts = search_opts,
    .size = sizeof(struct search_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = search_defaults,
    .run = search_run,
};
