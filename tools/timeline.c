/*
 * ir timeline: all events of all inputs in one table, by time. What outgrows memory is sorted in a
 * temporary file that is opened before the sandbox.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "base/utf8.h"
#include "events.h"
#include "report/row.h"
#include "rules/query.h"
#include "run/sort.h"

#define TEXT_MAX ((size_t)32 << 10) /* bytes of a record that are kept */
#define CELL_MAX ((size_t)4 << 10)  /* of a field */

struct timeline_options {
    struct events_options ev;
    const char *filter;
};

#define AT(member) offsetof(struct timeline_options, member)
static const struct opt timeline_opts[] = {
    {"filter", 'F', OPT_TEXT, AT(filter), "EXPRESSION",
     N_("only events that fit, as in 'user:root AND NOT ip:192.0.2.0/24'"), NULL},
    {"output", 'o', OPT_CHOICE, AT(ev.output), "KIND",
     N_("table, jsonl, csv or timesketch-csv (default: table)"), choice_rows},
#define EV(member) offsetof(struct timeline_options, ev.member)
#include "events.def"
    OPT_END,
};

struct packed { /* a row in the sort, before the bytes of its texts */
    const char *format;
    uint64_t line;
    uint32_t col[IR_ROW_COLUMNS], text, stamp;
};

struct timeline_job {
    struct events_job job;
    const struct ir_row_writer *writer;
    struct ir_query *query;
    struct ir_sort *sort;
    struct ir_buf row;
    struct ir_map paths;
    const char *path; /* the last one, and its number */
    uint32_t input;
    uint64_t looked, events, untimed, cut; /* looked: at by the filter */
    struct ir_err err;
    bool failed;
};

static void timeline_defaults(void *options, const struct env *env)
{
    (void)env;
    events_defaults(&((struct timeline_options *)options)->ev, "table");
}

/* The caller's texts do not outlive the reading. */
static bool number_path(struct timeline_job *t, const char *path)
{
    bool fresh;
    if (path == t->path) return true;
    uint32_t *v = ir_map_put(&t->paths, ir_str_z(path), &fresh);
    if (v == NULL) return false;
    if (fresh) *v = t->paths.n - 1;
    t->input = *v;
    t->path = path;
    return true;
}

/* Whole characters, so that what is left is still UTF-8. */
static struct ir_str cut(struct timeline_job *t, struct ir_str s, size_t max)
{
    if (s.n <= max) return s;
    t->cut++;
    return ir_utf8_head(s, max);
}

static void pack(struct timeline_job *t, const struct ir_row *row)
{
    struct packed p = {.format = row->format, .line = row->line, .stamp = row->stamp};
    struct ir_str col[IR_ROW_COLUMNS], text = cut(t, row->text, TEXT_MAX);
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++) {
        col[i] = cut(t, row->col[i], CELL_MAX);
        p.col[i] = (uint32_t)col[i].n;
    }
    p.text = (uint32_t)text.n;
    ir_buf_clear(&t->row);
    ir_buf_add(&t->row, &p, sizeof p);
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++)
        ir_buf_str(&t->row, col[i]);
    ir_buf_str(&t->row, text);
}

static int on_event(void *user, const struct ir_event *ev, const char *path, const char *format)
{
    struct timeline_job *t = user;
    if (!events_in_time(&t->job, ev)) return 0;
    t->looked++;
    if (t->query != NULL && !ir_query_match(t->query, (struct ir_event *)(uintptr_t)ev)) return 0;
    struct ir_row row = {.path = path, .format = format, .text = ev->raw};
    ir_row_fill(&row, ev);
    pack(t, &row);
    t->failed = !number_path(t, path) || t->row.full;
    const struct ir_sort_key key = {.time = row.time,
                                    .offset = row.offset,
                                    .number = t->events++,
                                    .input = t->input,
                                    .untimed = !row.has_time};
    t->untimed += !row.has_time;
    if (t->failed)
        ir_fail(&t->err, IR_FATAL, "out of memory");
    else
        t->failed = ir_sort_add(t->sort, &key, ir_buf_view(&t->row), &t->err) != IR_OK;
    return t->failed ? 1 : 0;
}

static int on_row(void *user, const struct ir_sort_key *key, struct ir_str bytes)
{
    struct timeline_job *t = user;
    struct packed p;
    memcpy(&p, bytes.p, sizeof p);
    bytes = ir_str_skip(bytes, sizeof p);
    struct ir_row row = {.has_time = !key->untimed,
                         .time = key->time,
                         .path = t->paths.items[key->input].key.p,
                         .format = p.format,
                         .offset = key->offset,
                         .line = p.line,
                         .stamp = p.stamp};
    for (unsigned i = 0; i < IR_ROW_COLUMNS; i++) {
        row.col[i] = ir_str_head(bytes, p.col[i]);
        bytes = ir_str_skip(bytes, p.col[i]);
    }
    row.text = ir_str_head(bytes, p.text);
    t->writer->row(&t->job.sink.buf, &row, &t->job.write);
    return sink_drain(&t->job.sink) ? 0 : 1;
}

static const char *nearest_field(const char *name)
{
    const char *words[256];
    size_t n = 0;
    for (; n < 256 && ir_query_known(n) != NULL; n++)
        words[n] = ir_query_known(n);
    return opt_nearest(name, words, n);
}

/* "name: text", with the name that was meant, where one can be thought of. */
static void say_field(const struct cmd *cmd, const struct ir_query_field *f, const char *text)
{
    const char *meant = f->instead;
    struct ir_str own = ir_str_skip(f->name, sizeof "ir.record." - 1);
    if (!f->known && ir_str_starts(f->name, IR_S("ir.record."))) meant = own.p;
    if (!f->known && meant == NULL) meant = nearest_field(f->name.p);
    if (meant != NULL)
        say(cmd, _("--filter: %s: %s: did you mean %s?"), f->name.p, text, meant);
    else
        say(cmd, "--filter: %s: %s", f->name.p, text);
}

/* Names that begin with "ir." are ours alone, so these are wrong in all logs. */
static int check_fields(const struct cmd *cmd, const struct ir_query *q)
{
    struct ir_query_field f;
    for (size_t i = 0; ir_query_field(q, i, &f); i++) {
        if (f.known || !ir_str_starts(f.name, IR_S("ir."))) continue;
        say_field(cmd, &f, _("there is no such field"));
        return IR_EXIT_USAGE;
    }
    return IR_EXIT_OK;
}

/* The others may be names of the logs' own. */
static void say_unseen(const struct timeline_job *t)
{
    struct ir_query_field f;
    for (size_t i = 0; t->looked > 0 && ir_query_field(t->query, i, &f); i++)
        if (!f.seen) say_field(t->job.cmd, &f, _("no record had this field"));
}

static int print_all(struct timeline_job *t, int status)
{
    if (t->writer->header != NULL) ir_buf_str(&t->job.sink.buf, ir_str_z(t->writer->header));
    if (!t->failed) t->failed = ir_sort_each(t->sort, on_row, t, &t->err) == IR_FATAL;
    sink_flush(&t->job.sink);
    if (t->failed) {
        say(t->job.cmd, _("cannot go on: %s"), ir_local(t->err.msg));
        return IR_EXIT_FAILED;
    }
    if (t->cut > 0)
        say(t->job.cmd, _("cut: %llu values longer than a table holds (%zu bytes of a record)"),
            (unsigned long long)t->cut, TEXT_MAX);
    const bool table = strcmp(t->writer->name, "table") == 0;
    if (table && t->untimed == 0)
        say(t->job.cmd, _("events: %llu of %llu records"), (unsigned long long)t->events,
            (unsigned long long)t->job.result.records);
    else if (table)
        say(t->job.cmd, _("events: %llu of %llu records, %llu without a time, at the end"),
            (unsigned long long)t->events, (unsigned long long)t->job.result.records,
            (unsigned long long)t->untimed);
    if (t->query != NULL) say_unseen(t);
    return status;
}

static int read_and_sort(struct timeline_job *t, const struct opt_list *operands)
{
    const int fd = ir_io_temporary();
    int status = IR_EXIT_FAILED;
    t->sort = ir_sort_new(fd);
    t->row = IR_BUF(IR_SORT_ROW_MAX);
    if (t->sort == NULL) {
        say(t->job.cmd, _("out of memory"));
    } else {
        t->job.po.event = on_event;
        t->job.po.user = t;
        t->job.po.sort_fd = fd;
        status = print_all(t, events_read(&t->job, operands));
    }
    ir_sort_free(t->sort);
    ir_buf_free(&t->row);
    ir_map_free(&t->paths);
    if (fd >= 0) close(fd);
    return status;
}

static int timeline_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                        const struct env *env)
{
    const struct timeline_options *o = options;
    struct timeline_job t = {.writer = ir_row_writer_by_name(o->ev.output)};
    struct ir_names *names = ir_names_new();
    struct ir_err err = {0};
    int status = IR_EXIT_FAILED;
    if (names == NULL) {
        say(cmd, _("out of memory"));
        return status;
    }
    if (o->filter != NULL) t.query = ir_query_new(names, ir_str_z(o->filter), &err);
    if (o->filter != NULL && t.query == NULL) {
        say(cmd, "--filter: %s", ir_local(err.msg));
        status = IR_EXIT_USAGE;
    } else if (t.query != NULL && check_fields(cmd, t.query) != IR_EXIT_OK) {
        status = IR_EXIT_USAGE;
    } else {
        status = events_open(&t.job, cmd, &o->ev, operands, env);
        if (status == IR_EXIT_OK) {
            t.job.po.names = names;
            if (t.query != NULL) t.job.po.asks |= ir_query_asks(t.query);
            t.job.po.known_fields = t.query == NULL || !ir_query_wants_all(t.query);
            status = read_and_sort(&t, operands);
        }
        status = events_close(&t.job, status);
    }
    ir_query_free(t.query);
    ir_names_free(names);
    return status;
}

const struct cmd cmd_timeline = {
    .name = "timeline",
    .operands = "PATH…",
    .brief = N_("Print all events of all logs in one table, by time"),
    .about =
        N_("PATH is a file, a directory with everything below it, a quoted glob, or - for stdin.\n"
           "Events without a time stand at the end. An EXPRESSION has terms such as user:root,\n"
           "ip:192.0.2.0/24, url.original:*/admin/*, status:>=500 or \"a text\" anywhere in the\n"
           "record, joined by AND, OR, NOT and parentheses.\n\n"
           "Exit status: 0, or 3 when some input was unreadable or damaged."),
    .opts = timeline_opts,
    .size = sizeof(struct timeline_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = timeline_defaults,
    .run = timeline_run,
};
