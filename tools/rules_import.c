/*
 * ir rules import and remove: public rule sets into the workspace, and out of it (run/import.h).
 */
#include "run/import.h"

#include "base/intl.h"
#include "base/utf8.h"
#include "report/page.h"
#include "rules_load.h"
#include "sink.h"
#include "where.h"
#include "workspace.h"

struct import_options {
    const char *name, *version;
    bool keep, dry_run, quiet;
};

#define AT(member) offsetof(struct import_options, member)
static const struct opt import_opts[] = {
    {"name", 0, OPT_TEXT, AT(name), "NAME",
     N_("what the set is called here (default: from the name of what is imported)"), NULL},
    {"version", 0, OPT_TEXT, AT(version), "TEXT",
     N_("its version (default: as a version file in it, or its name, tells)"), NULL},
    {"keep", 0, OPT_FLAG, AT(keep), NULL, N_("keep the version that is replaced, unused"), NULL},
    {"dry-run", 'n', OPT_FLAG, AT(dry_run), NULL, N_("check and compare only: write nothing"),
     NULL},
    {"quiet", 'q', OPT_FLAG, AT(quiet), NULL,
     N_("only rules that do not load, and the numbers at the end"), NULL},
    OPT_END,
};

/* What is said of rules of the set; of others it is not the time. */
static void notes(struct sink *out, const struct ir_import *im, bool quiet)
{
    const struct ir_rules *rs = ir_import_result(im)->rules;
    for (size_t i = 0; i < ir_rules_nfailures(rs) && sink_drain(out); i++)
        if (ir_import_is_ours(im, ir_rules_failure(rs, i)))
            rules_note(&out->buf, ir_rules_failure(rs, i), "error");
    for (size_t i = 0; !quiet && i < ir_rules_nwarnings(rs) && sink_drain(out); i++)
        if (ir_import_is_ours(im, ir_rules_warning(rs, i)))
            rules_note(&out->buf, ir_rules_warning(rs, i), "warning");
}

/* Of a first import everything is new. */
static void changes(struct sink *out, const struct ir_import_result *r)
{
    static const char *const words[] = {"added", "removed", "changed"};
    for (size_t i = 0; r->has_old && i < r->nchanges && sink_drain(out); i++) {
        ir_buf_fmt(&out->buf, "%s\t", words[r->change[i].what]);
        ir_visible(&out->buf, r->change[i].id, 0);
        ir_buf_chr(&out->buf, '\t');
        ir_visible(&out->buf, r->change[i].title, 0);
        ir_buf_chr(&out->buf, '\n');
    }
}

/* "sigma r2026-01-01" */
static const char *title(struct ir_buf *b, const struct ir_ruleset *set)
{
    ir_buf_clear(b);
    ir_visible(b, ir_str_z(set->name), 0);
    if (set->version[0] != '\0') ir_buf_chr(b, ' ');
    ir_visible(b, ir_str_z(set->version), 0);
    return b->p;
}

static void numbers(struct ir_buf *b, const struct ir_import_result *r)
{
    const struct ir_ruleset *set = &r->set;
    struct ir_buf name = IR_BUF(1 << 12);
    ir_buf_fmt(b, "%s: ", title(&name, set));
    ir_page_plural(b, set->files, "%s file", "%s files");
    ir_buf_str(b, IR_S(": "));
    ir_page_plural(b, set->rules, "%s rule loads", "%s rules load");
    if (set->filters > 0) ir_buf_str(b, ir_intl_str(N_(", ")));
    if (set->filters > 0) ir_page_plural(b, set->filters, "%s filter loads", "%s filters load");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, set->failed, "%s does not", "%s do not");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, set->warnings, "%s warning", "%s warnings");
    if (set->waiting > 0) ir_buf_str(b, ir_intl_str(N_(", ")));
    if (set->waiting > 0)
        ir_page_plural(b, set->waiting, "%s rule waits for values (--values)",
                       "%s rules wait for values (--values)");
    ir_buf_chr(b, '\n');
    ir_page_plural(b, set->passed_over, "%s other file passed over", "%s other files passed over");
    if (set->left_out > 0) ir_buf_str(b, ir_intl_str(N_(", ")));
    if (set->left_out > 0)
        ir_page_plural(b, set->left_out, "%s file left out: deprecated or unsupported",
                       "%s files left out: deprecated or unsupported");
    ir_buf_chr(b, '\n');
    if (r->has_old) {
        ir_buf_fmt(b, _("against %s: "), title(&name, &r->old));
        ir_page_plural(b, r->n[IR_IMPORT_ADDED], "%s rule added", "%s rules added");
        ir_buf_str(b, ir_intl_str(N_(", ")));
        ir_page_plural(b, r->n[IR_IMPORT_REMOVED], "%s removed", "%s removed");
        ir_buf_str(b, ir_intl_str(N_(", ")));
        ir_page_plural(b, r->n[IR_IMPORT_CHANGED], "%s changed", "%s changed");
        ir_buf_chr(b, '\n');
    }
    ir_buf_fmt(b, "SHA-256 %s\n", set->tree_sha256);
    ir_buf_free(&name);
}

static int install(const struct cmd *cmd, struct sink *out, struct ir_import *im, bool dry_run,
                   const char *home)
{
    const struct ir_import_result *r = ir_import_result(im);
    struct ir_err err = {0};
    int status = r->set.failed > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK;
    if (r->same) {
        ir_buf_str(&out->buf, ir_intl_str("already there: nothing was changed\n"));
        return status;
    }
    if (dry_run) {
        ir_buf_str(&out->buf, ir_intl_str("nothing was written (--dry-run)\n"));
        return status;
    }
    if (r->has_old && r->set.rules == 0 && r->set.filters == 0) { /* an update that blinds */
        sink_flush(out);
        say(cmd, _("not installed: nothing in %s loads"), r->set.name);
        return IR_EXIT_FAILED;
    }
    const int rc = ir_import_install(im, &err);
    if (rc == IR_OK || rc == IR_WARN) {
        struct ir_buf place = IR_BUF(1 << 16);
        ir_visible(&place, ir_str_z(home), 0);
        ir_buf_fmt(&place, "/rules/%s", r->set.name);
        ir_buf_fmt(&out->buf, _("installed in %s\n"), place.p);
        ir_buf_free(&place);
    }
    if (rc == IR_OK) return status;
    sink_flush(out);
    say(cmd, rc == IR_WARN ? "%s: %s" : _("not installed: %s: %s"), err.input, ir_local(err.msg));
    return IR_EXIT_FAILED;
}

static int import_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct import_options *o = options;
    const char *home = workspace_home(cmd, env);
    struct ir_buf own = IR_BUF(1 << 16);
    struct ir_import *im = NULL;
    struct ir_err err = {0};
    struct sink out;
    if (home == NULL) return IR_EXIT_FAILED;
    const bool has_own = default_rules(&own);
    const struct ir_import_options io = {.source = operands->v[0],
                                         .home = home,
                                         .name = o->name,
                                         .version = o->version,
                                         .own_rules = has_own ? own.p : NULL,
                                         .by = env->user,
                                         .program = "ir " IR_VERSION,
                                         .now = env->now,
                                         .keep = o->keep,
                                         .read_only = o->dry_run,
                                         .no_sandbox = env->no_sandbox};
    sink_open(&out, cmd, NULL, NULL);
    int status = IR_EXIT_FAILED;
    if (ir_import_read(&io, &im, &err) != IR_OK) {
        say(cmd, _("not imported: %s: %s"), err.input, ir_local(err.msg));
    } else {
        notes(&out, im, o->quiet);
        if (!o->quiet) changes(&out, ir_import_result(im));
        numbers(&out.buf, ir_import_result(im));
        status = install(cmd, &out, im, o->dry_run, home);
    }
    ir_import_free(im);
    ir_buf_free(&own);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_import = {
    .name = "rules import",
    .operands = "SOURCE",
    .brief = N_("Install or update a public rule set"),
    .about = N_(
        "SOURCE is an archive (zip, tar.gz, …) or a directory of Sigma rules. Scans use the set\n"
        "from then on. A set of the same name is replaced whole, or not at all.\n\n"
        "Exit status: 0, 3 when some rule does not load, 4 when nothing was installed."),
    .opts = import_opts,
    .size = sizeof(struct import_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = import_run,
};

static const struct opt no_opts[] = {OPT_END};

static int remove_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const char *home = workspace_home(cmd, env), *name = operands->v[0];
    struct ir_err err = {0};
    (void)options;
    if (home == NULL) return IR_EXIT_FAILED;
    const int rc = ir_ruleset_remove(home, name, &err);
    if (rc == IR_OK) return IR_EXIT_OK;
    if (rc == IR_END)
        say(cmd, _("no rule set is called %s: see ir rules list --sets"), name);
    else
        say(cmd, "%s: %s", name, ir_local(err.msg));
    return rc == IR_END ? IR_EXIT_USAGE : IR_EXIT_FAILED;
}

const struct cmd cmd_rules_remove = {
    .name = "rules remove",
    .operands = "NAME",
    .brief = N_("Take an imported rule set out"),
    .about = N_("NAME is one that ir rules list --sets prints."),
    .opts = no_opts,
    .min_operands = 1,
    .max_operands = 1,
    .run = remove_run,
};
