/*
 * ir formats check: whether files that describe log formats load, and what their samples give.
 */
#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "format/described.h"
#include "report/json_out.h"
#include "report/page.h"
#include "report/writer.h"
#include "run/formatfiles.h"
#include "run/sandbox.h"
#include "sink.h"

#define LINE_COLUMNS  100u
#define VALUE_COLUMNS 60u

struct check_options {
    bool quiet;
    const char *output;
};

static const char *choice_output_of_check(size_t i)
{
    static const char *const words[] = {"text", "jsonl", NULL};
    return words[i];
}

#define AT(member) offsetof(struct check_options, member)
static const struct opt check_opts[] = {
    {"quiet", 'q', OPT_FLAG, AT(quiet), NULL, N_("only what is wrong, and the count at the end"),
     NULL},
    {"output", 'o', OPT_CHOICE, AT(output), "FORMAT", N_("how the result is written"),
     choice_output_of_check},
    OPT_END,
};

static void check_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct check_options *)options)->output = "text";
}

struct checking {
    struct sink out;
    const struct check_options *o;
    const struct ir_described_set *set;
    struct ir_described_info info; /* of the format at work */
    bool json;
    size_t files, errors, warnings, samples, failed;
};

/* ---- as text */

static void put_place(struct ir_buf *b, const char *path, uint64_t line)
{
    ir_visible(b, ir_str_z(path), 0);
    if (line > 0) ir_buf_fmt(b, ":%llu", (unsigned long long)line);
    ir_buf_str(b, IR_S(": "));
}

static void put_fields(struct ir_buf *b, const struct ir_event *ev)
{
    char time[IR_TIME_TEXT] = "-";
    char source[128];
    if (ev->flags & IR_EV_TIME) ir_time_rfc3339(ev->time, time);
    ir_buf_fmt(b, "      %s", time);
    for (uint32_t i = 0; i < ev->nfields; i++) {
        const struct ir_field *f = &ev->fields[i];
        ir_buf_chr(b, ' ');
        ir_visible(b, f->id != IR_F_NONE ? ir_names_text(ev->names, f->id) : f->name, 0);
        ir_buf_chr(b, '=');
        ir_visible(b, f->val, VALUE_COLUMNS);
    }
    for (unsigned i = 0; i < ev->views[0].nsources; i++) {
        ir_logsource_text(ir_names_source(ev->names, ev->views[0].sources[i]), source,
                          sizeof source);
        ir_buf_str(b, i == 0 ? IR_S(" [") : IR_S(", "));
        ir_visible(b, ir_str_z(source), 0);
    }
    ir_buf_str(b, ev->views[0].nsources > 0 ? IR_S("]\n") : IR_S("\n"));
}

static void text_sample(struct checking *c, const struct ir_described_sample *s)
{
    struct ir_buf *b = &c->out.buf;
    if (s->reason == NULL && c->o->quiet) return;
    if (s->reason != NULL) {
        put_place(b, c->info.path, s->line);
        ir_buf_fmt(b, _("sample: %s"), ir_local(s->reason));
        ir_buf_chr(b, '\n');
    }
    ir_buf_str(b, s->miss ? IR_S("    - ") : IR_S("    + "));
    ir_visible(b, s->text, LINE_COLUMNS);
    ir_buf_chr(b, '\n');
    if (s->ev != NULL) put_fields(b, s->ev);
}

static void text_note(struct checking *c, const struct ir_described_note *n)
{
    struct ir_buf *b = &c->out.buf;
    put_place(b, n->path, n->line);
    ir_buf_fmt(b, "%s: ", n->warning ? _("warning") : _("error"));
    ir_visible(b, ir_str_z(ir_local(n->reason)), 0);
    ir_buf_chr(b, '\n');
}

static void text_format(struct checking *c)
{
    struct ir_buf *b = &c->out.buf;
    if (c->o->quiet) return;
    ir_visible(b, ir_str_z(c->info.format->name), 0);
    ir_buf_str(b, IR_S(" ("));
    ir_visible(b, ir_str_z(c->info.path), 0);
    ir_buf_str(b, IR_S("): "));
    ir_page_plural(b, c->info.npatterns, "%s pattern", "%s patterns");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, c->info.nsamples, "%s sample", "%s samples");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, c->info.nmisses, "%s near miss", "%s near misses");
    ir_buf_chr(b, '\n');
}

static void text_count(struct checking *c)
{
    struct ir_buf *b = &c->out.buf;
    ir_page_plural(b, c->files, "%s file", "%s files");
    ir_buf_str(b, IR_S(": "));
    ir_page_plural(b, ir_described_count(c->set), "%s format loads", "%s formats load");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, c->errors, "%s error", "%s errors");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, c->warnings, "%s warning", "%s warnings");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, c->failed, "%s sample failed", "%s samples failed");
    ir_buf_chr(b, '\n');
}

/* ---- as JSON lines */

static bool json_begin(struct checking *c, const char *kind)
{
    bool first = true;
    ir_buf_chr(&c->out.buf, '{');
    ir_out_text(&c->out.buf, &first, "ir.kind", ir_str_z(kind));
    return first;
}

static void json_end(struct checking *c)
{
    ir_buf_str(&c->out.buf, IR_S("}\n"));
}

static void json_sample(struct checking *c, const struct ir_described_sample *s)
{
    struct ir_buf *b = &c->out.buf;
    bool first = json_begin(c, "sample");
    ir_out_text(b, &first, "format", ir_str_z(c->info.format->name));
    ir_out_text(b, &first, "path", ir_str_z(c->info.path));
    ir_out_u64(b, &first, "line", s->line);
    ir_out_text(b, &first, "kind", s->miss ? IR_S("miss") : IR_S("line"));
    ir_out_text(b, &first, "result", s->reason != NULL ? IR_S("failed") : IR_S("passed"));
    if (s->reason != NULL) ir_out_text(b, &first, "reason", ir_str_z(s->reason));
    if (s->ev != NULL) {
        ir_json_write_key(b, &first, IR_S("event"));
        ir_write_event(b, s->ev, c->info.path, c->info.format->name);
        if (b->n > 0 && b->p[b->n - 1] == '\n') b->n--;
    }
    json_end(c);
}

static void json_note(struct checking *c, const struct ir_described_note *n)
{
    bool first = json_begin(c, n->warning ? "warning" : "error");
    ir_out_text(&c->out.buf, &first, "path", ir_str_z(n->path));
    ir_out_u64(&c->out.buf, &first, "line", n->line);
    ir_out_text(&c->out.buf, &first, "reason", ir_str_z(n->reason));
    json_end(c);
}

static void json_format(struct checking *c)
{
    struct ir_buf *b = &c->out.buf;
    bool first = json_begin(c, "format");
    ir_out_text(b, &first, "name", ir_str_z(c->info.format->name));
    ir_out_text(b, &first, "title", ir_str_z(c->info.format->title));
    ir_out_text(b, &first, "path", ir_str_z(c->info.path));
    ir_out_u64(b, &first, "line", c->info.line);
    ir_out_u64(b, &first, "patterns", c->info.npatterns);
    json_end(c);
}

static void json_count(struct checking *c)
{
    struct ir_buf *b = &c->out.buf;
    bool first = json_begin(c, "summary");
    ir_out_u64(b, &first, "files", c->files);
    ir_out_u64(b, &first, "formats", ir_described_count(c->set));
    ir_out_u64(b, &first, "errors", c->errors);
    ir_out_u64(b, &first, "warnings", c->warnings);
    ir_out_u64(b, &first, "samples", c->samples);
    ir_out_u64(b, &first, "failed", c->failed);
    json_end(c);
}

/* ---- the check */

static void on_sample(void *user, const struct ir_described_sample *s)
{
    struct checking *c = user;
    c->samples++;
    c->failed += s->reason != NULL;
    if (c->json)
        json_sample(c, s);
    else
        text_sample(c, s);
}

static void tell_notes(struct checking *c)
{
    for (size_t i = 0; i < ir_described_notes(c->set) && sink_drain(&c->out); i++) {
        const struct ir_described_note *n = ir_described_note(c->set, i);
        c->errors += !n->warning;
        c->warnings += n->warning;
        if (c->json)
            json_note(c, n);
        else
            text_note(c, n);
    }
}

static int check_set(struct checking *c, const struct env *env)
{
    if (!env->no_sandbox) ir_sandbox_enter(&c->out.fd, 1);
    tell_notes(c);
    for (size_t i = 0; i < ir_described_count(c->set) && sink_drain(&c->out); i++) {
        ir_described_get(c->set, i, &c->info);
        if (c->json)
            json_format(c);
        else
            text_format(c);
        if (ir_described_try(c->set, i, env->now, on_sample, c) != IR_OK) return IR_EXIT_FAILED;
    }
    if (c->json)
        json_count(c);
    else
        text_count(c);
    if (c->errors > 0) return IR_EXIT_DAMAGED;
    return c->failed > 0 ? IR_EXIT_FINDINGS : IR_EXIT_OK;
}

static int check_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    struct checking c = {.o = options};
    struct ir_described_set *set = ir_described_new();
    struct ir_err err = {0};
    int status = IR_EXIT_OK, rc = set != NULL ? IR_OK : IR_FATAL;
    c.json = strcmp(c.o->output, "jsonl") == 0;
    c.set = set;
    sink_open(&c.out, cmd, NULL, NULL);
    for (size_t i = 0; i < operands->n && rc != IR_FATAL; i++) {
        rc = ir_formatfiles_load(set, operands->v[i], &c.files, &err);
        if (rc == IR_OK) continue;
        say(cmd, _("cannot read formats: %s: %s"), operands->v[i], ir_local(err.msg));
        status = IR_EXIT_DAMAGED;
    }
    if (rc != IR_FATAL && ir_described_finish(set) == IR_OK) {
        rc = check_set(&c, env);
        if (status == IR_EXIT_OK || rc == IR_EXIT_FAILED) status = rc;
    } else {
        status = IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_FAILED) say(cmd, _("out of memory"));
    status = sink_close(&c.out, status);
    ir_described_free(set);
    return status;
}

const struct cmd cmd_formats_check = {
    .name = "formats check",
    .operands = "PATH…",
    .brief = N_("Check files that describe log formats, and run their samples"),
    .about = N_(
        "PATH is a format file or a directory of them: see ir-format-files(5). Shown are what is\n"
        "wrong, what deserves a word, and the fields that each sample gives.\n\n"
        "Exit status: 0; 1 when a sample fails; 3 when a file cannot be read or a format does not\n"
        "load."),
    .opts = check_opts,
    .size = sizeof(struct check_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = check_defaults,
    .run = check_run,
};
