/*
 * ir case import: a case that another workspace exported as JSON, with its trail. See
 * casedb/bundle.h. The file is hostile.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/bundle.h"

struct import_options {
    struct case_options c;
};

static const struct opt import_opts[] = {CASE_WRITE_OPTS(struct import_options), OPT_END};

static int refused(struct case_job *j, const char *path, int rc)
{
    if (rc != IR_BAD || j->err.line <= 0) return case_failed(j);
    say(j->cmd, "%s:%lld: %s", path, (long long)j->err.line, ir_local(j->err.msg));
    return IR_EXIT_USAGE;
}

static void told(struct case_job *j, const struct ir_bundle_result *r)
{
    const struct case_cell row[] = {
        {.key = "case", .label = N_("case"), .columns = 16, .text = ir_str_z(r->no)},
        {.key = "rows", .label = N_("rows"), .columns = 8, .n = r->rows, .number = true},
        {.key = "changes", .label = N_("changes"), .n = r->changes, .number = true},
        {.key = "head", .text = ir_str_z(r->head), .only_json = true},
        {.key = "id", .text = ir_str_z(r->incident_id), .only_json = true},
    };
    if (j->json)
        case_row(j, row, sizeof row / sizeof *row);
    else if (r->same)
        ir_buf_fmt(&j->out.buf, _("%s is here already, with the same content\n"), r->no);
    else
        ir_buf_fmt(
            &j->out.buf,
            _("imported %1$s: %2$lld rows, %3$lld changes of its trail\n"
              "head there  %4$s\n"
              "(ask who sent it whether that is the head: a file that was made up has none)\n"),
            r->no, (long long)r->rows, (long long)r->changes, r->head);
}

static int import_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct import_options *o = options;
    struct ir_buf text = IR_BUF(IR_BUNDLE_MAX);
    struct ir_bundle_result r = {.rows = 0};
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_read(&j, operands->v[0], &text);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK) {
        j.err.line = 0;
        const int rc = ir_bundle_read(j.db, ir_buf_view(&text), &r, &j.err);
        if (rc != IR_OK) status = refused(&j, operands->v[0], rc);
    }
    if (status == IR_EXIT_OK) told(&j, &r);
    ir_buf_free(&text);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_import;
const struct cmd cmd_case_import = {
    .name = "case import",
    .operands = "FILE",
    .brief = N_("Take in a case that another workspace exported"),
    .about = N_("All of it or nothing: the file must be as ir case export wrote it, and no other\n"
                "row may stand in its way. The trail that tells how it came to be comes with it."),
    .opts = import_opts,
    .size = sizeof(struct import_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = import_run,
};
