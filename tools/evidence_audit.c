/*
 * ir evidence audit: files against lists of known ones.
 */
#include <inttypes.h>

#include "base/utf8.h"
#include "evidence.h"
#include "evidence/audit.h"
#include "evidence/jline.h"
#include "meter.h"

struct audit_options {
    struct opt_list known;
    const char *base, *output;
    uint64_t threads, memory;
    bool verbose, one_filesystem, networks;
};

static const char *choice_output(size_t i)
{
    static const char *const words[] = {"text", "jsonl", NULL};
    return words[i];
}

#define AT(member) offsetof(struct audit_options, member)
static const struct opt audit_opts[] = {
    {"known", 'k', OPT_LIST, AT(known), "LIST",
     N_("a list of known files: hashdeep, sha256sum, NSRL, …; may be repeated"), NULL},
    {"base", 'b', OPT_TEXT, AT(base), "DIR",
     N_("all names of the lists belong below DIR (default: relative ones below here)"), NULL},
    {"verbose", 'v', OPT_FLAG, AT(verbose), NULL, N_("list what is as it was, too"), NULL},
    {"output", 'o', OPT_CHOICE, AT(output), "FORMAT", N_("how the result is written"),
     choice_output},
    {"memory", 0, OPT_NUMBER, AT(memory), "MIB",
     N_("for comparing; with less the lists are read more often (default: 32)"), NULL},
    {"threads", 'j', OPT_NUMBER, AT(threads), "N", N_("worker threads (default: one a processor)"),
     NULL},
    {"one-file-system", 'x', OPT_FLAG, AT(one_filesystem), NULL,
     N_("stay on the file system of the first directory"), NULL},
    {"networks", 0, OPT_FLAG, AT(networks), NULL, N_("into network file systems as well"), NULL},
    OPT_END,
};

static void defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct audit_options *)options)->output = choice_output(0);
}

static const struct {
    const char *key, *text;
} verdicts[IR_AUDIT_VERDICTS] = {
    [IR_AUDIT_MATCHED] = {"matched", N_("matched")},
    [IR_AUDIT_KNOWN] = {"known", N_("known")},
    [IR_AUDIT_MOVED] = {"moved", N_("moved")},
    [IR_AUDIT_CHANGED] = {"changed", N_("changed")},
    [IR_AUDIT_NEW] = {"new", N_("new")},
    [IR_AUDIT_MISSING] = {"missing", N_("missing")},
    [IR_AUDIT_UNREADABLE] = {"unreadable", N_("unreadable")},
};

struct auditing {
    const struct cmd *cmd;
    struct sink out;
    struct meter meter;
    bool json, verbose;
};

static void write_json(struct ir_buf *b, const struct ir_audit_item *i)
{
    struct ir_jline l = ir_jline_open(b);
    ir_jline_text(&l, "type", IR_S("file"));
    ir_jline_text(&l, "verdict", ir_str_z(verdicts[i->verdict].key));
    ir_jline_bytes(&l, "path", i->path);
    ir_jline_bytes(&l, "moved_from", i->moved);
    if (i->list != NULL) {
        ir_jline_bytes(&l, "list", ir_str_z(i->list));
        ir_jline_number(&l, "line", i->line);
    }
    ir_jline_text(&l, "why", ir_str_z(i->why));
    ir_jline_close(&l);
}

static void write_text(struct ir_buf *b, const struct ir_audit_item *i)
{
    ir_buf_str(b, ir_intl_str(verdicts[i->verdict].text));
    ir_buf_str(b, IR_S(": "));
    ir_visible(b, i->path, 0);
    if (i->moved.n > 0) {
        ir_buf_str(b, ir_intl_str(N_(", was ")));
        ir_visible(b, i->moved, 0);
    }
    if (i->list != NULL) {
        ir_buf_str(b, IR_S(" ("));
        ir_visible(b, ir_str_z(i->list), 0);
        ir_buf_fmt(b, ":%" PRIu64 ")", i->line);
    }
    if (i->why != NULL) {
        ir_buf_str(b, IR_S(": "));
        ir_local_add(b, ir_str_z(i->why));
    }
    ir_buf_chr(b, '\n');
}

static bool on_item(void *user, const struct ir_audit_item *i)
{
    struct auditing *g = user;
    if (!g->verbose && (i->verdict == IR_AUDIT_MATCHED || i->verdict == IR_AUDIT_KNOWN))
        return true;
    meter_end(&g->meter);
    if (g->json)
        write_json(&g->out.buf, i);
    else
        write_text(&g->out.buf, i);
    return sink_drain(&g->out);
}

static void on_note(void *user, const char *list, uint64_t line, const char *text)
{
    struct auditing *g = user;
    meter_end(&g->meter);
    say(g->cmd, "%s:%" PRIu64 ": %s", list, line, ir_local(text));
}

static void on_progress(void *user, uint64_t files, uint64_t bytes, uint64_t of)
{
    struct auditing *g = user;
    meter_show(&g->meter, files, bytes, of);
}

static void sum_up(struct auditing *g, const struct ir_audit_totals *t)
{
    struct ir_buf *b = &g->out.buf;
    for (unsigned v = 0; !g->json && v < IR_AUDIT_VERDICTS; v++) {
        if (v > 0) ir_buf_str(b, ir_intl_str(N_(", ")));
        ir_buf_fmt(b, _("%1$llu %2$s"), (unsigned long long)t->verdict[v],
                   ir_intl(verdicts[v].text));
    }
    if (!g->json) {
        ir_buf_chr(b, '\n');
        return;
    }
    struct ir_jline l = ir_jline_open(b);
    ir_jline_text(&l, "type", IR_S("summary"));
    ir_jline_number(&l, "entries", t->entries);
    for (unsigned v = 0; v < IR_AUDIT_VERDICTS; v++)
        ir_jline_number(&l, verdicts[v].key, t->verdict[v]);
    ir_jline_number(&l, "bad_lines", t->notes);
    ir_jline_close(&l);
}

static int verdict(const struct ir_audit_totals *t)
{
    if (t->verdict[IR_AUDIT_MOVED] + t->verdict[IR_AUDIT_CHANGED] + t->verdict[IR_AUDIT_NEW] +
            t->verdict[IR_AUDIT_MISSING] >
        0)
        return IR_EXIT_FINDINGS;
    return t->verdict[IR_AUDIT_UNREADABLE] + t->notes > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK;
}

static int run_audit(const struct cmd *cmd, const void *options, const struct opt_list *paths,
                     const struct env *env)
{
    const struct audit_options *o = options;
    struct auditing g = {.cmd = cmd, .verbose = o->verbose};
    struct ir_audit_totals t;
    struct ir_err err = {0};
    if (o->known.n == 0) {
        say(cmd, _("--known is needed: a list of known files"));
        return IR_EXIT_USAGE;
    }
    g.json = strcmp(o->output, "jsonl") == 0;
    sink_open(&g.out, cmd, NULL, NULL);
    meter_begin(&g.meter, env);
    const struct ir_audit_options ao = {.lists = o->known.v,
                                        .nlists = o->known.n,
                                        .base = o->base,
                                        .threads = (unsigned)o->threads,
                                        .one_filesystem = o->one_filesystem,
                                        .networks = o->networks,
                                        .memory = o->memory << 20,
                                        .item = on_item,
                                        .note = on_note,
                                        .progress = g.meter.on ? on_progress : NULL,
                                        .user = &g};
    int rc = ir_audit(paths->v, paths->n, &ao, &t, &err);
    meter_end(&g.meter);
    if (rc == IR_FATAL) {
        if (err.input[0] != '\0')
            say(cmd, "%s: %s", err.input, ir_local(err.msg));
        else
            say(cmd, "%s", ir_local(err.msg));
        return sink_close(&g.out, IR_EXIT_FAILED);
    }
    if (rc == IR_OK) sum_up(&g, &t);
    return sink_close(&g.out, verdict(&t));
}

const struct cmd cmd_evidence_audit = {
    .name = "evidence audit",
    .operands = "PATH…",
    .brief = N_("Compare files with lists of known ones"),
    .about = N_("Tells what changed, was moved, is new or missing. Exit status 1: something of "
                "these; 3: something could not be read or compared, and nothing else is wrong."),
    .opts = audit_opts,
    .size = sizeof(struct audit_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run_audit,
};
