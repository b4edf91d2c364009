/*
 * ir case first-response: the first-response record (18-4 初動記録票) as a form. Its fields are the
 * facts that the template first-response asks for, so that form and printed record cannot differ;
 * which of them are asked depends on what was said (an item that is secured, or one that is not).
 */
#include "base/intl.h"
#include "case_fact.h"
#include "casedb/casedoc.h"
#include "templates_load.h"

#define FORM    "first-response"
#define PREFIX  "first."
#define SECURED PREFIX "secured" /* decides which fields are asked */

struct first_options {
    struct case_options c;
    struct case_fact_how how;
    bool missing;
};

static const struct opt opts[] = {
    CASE_WRITE_OPTS(struct first_options),
    CASE_FACT_OPTS(struct first_options),
    {"missing", 'm', OPT_FLAG, offsetof(struct first_options, missing), NULL,
     N_("only the fields that are still empty"), NULL},
    OPT_END,
};

static bool is_field(struct ir_str name)
{
    return ir_str_starts(name, IR_S(PREFIX));
}

static void print_field(struct case_job *j, const struct ir_doc_fact *f)
{
    char when[40];
    const bool known = f->value.n > 0;
    const struct ir_str value = j->json || known ? f->value : ir_str_z(_("(not filled in)"));
    const struct case_cell row[] = {
        {"name", N_("field"), 15, ir_str_skip(f->name, strlen(PREFIX)), 0, false, false},
        {"label", N_("item"), 37, f->label, 0, false, false},
        {"value", N_("value"), 0, value, 0, false, false},
        {"confidence", "", 0, f->confidence, 0, false, true},
        {"evidence", "", 0, f->evidence, 0, false, true},
        {"stated_by", "", 0, f->stated_by, 0, false, true},
        {"stated_at", "", 0, case_time(j, f->stated_at, when), 0, false, true},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

/* The form as it stands now, printed unless it is only counted. */
static int form(struct case_job *j, const struct ir_templates *t, const char *id, bool print,
                bool missing, unsigned *ret_empty)
{
    struct ir_casedoc doc;
    const struct ir_casedoc_ask ask = {.templates = t,
                                       .kind = IR_S(FORM),
                                       .incident_id = id,
                                       .lang = ir_intl_is_ja() ? "ja" : "en",
                                       .zone_s = j->zone_s};
    const int rc = ir_casedoc_make(j->db, &ask, &doc, &j->err);
    *ret_empty = 0;
    for (size_t i = 0; rc == IR_OK && i < doc.nfacts; i++) {
        const bool empty = doc.fact[i].value.n == 0;
        if (!is_field(doc.fact[i].name)) continue;
        *ret_empty += empty;
        if (print && (empty || !missing)) print_field(j, &doc.fact[i]);
    }
    ir_casedoc_free(&doc);
    if (rc == IR_OK) return IR_EXIT_OK;
    return j->err.line > 0 ? templates_failed(j->cmd, &j->err) : case_failed(j);
}

/* The name may be said with or without "first.". */
static int set_one(struct case_job *j, const struct ir_templates *t, const char *id,
                   const struct case_fact_how *how, struct ir_str said)
{
    struct ir_buf whole = IR_BUF(IR_CASE_TEXT_MAX);
    struct ir_fact f;
    if (!is_field(said)) ir_buf_str(&whole, IR_S(PREFIX));
    ir_buf_str(&whole, said);
    int status = IR_EXIT_USAGE;
    if (whole.full)
        say(j->cmd, _("%.*s: longer than 16 MiB"), IR_FMT(ir_str_head(said, 40)));
    else if (ir_fact_parse(ir_buf_view(&whole), NULL, &f, &j->err) != IR_OK)
        status = case_failed(j);
    else if (!ir_templates_ask(t, f.name))
        say(j->cmd, _("%.*s: the form has no such field: ir case first-response CASE shows it"),
            IR_FMT(ir_str_skip(f.name, strlen(PREFIX))));
    else if (ir_str_eq(f.name, IR_S(SECURED)) && f.value.n > 0 &&
             !ir_str_eq(f.value, IR_S("yes")) && !ir_str_eq(f.value, IR_S("no")) &&
             !ir_str_eq(f.value, IR_S("unknown")))
        say(j->cmd, "%s",
            _("secured: say yes, no or unknown; the fields that follow depend on it"));
    else
        status = case_fact_state(j, NULL, id, &f, how);
    ir_buf_free(&whole);
    return status;
}

static int run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
               const struct env *env)
{
    const struct first_options *o = options;
    const bool setting = operands->n > 1;
    struct case_fact_how how = o->how;
    struct ir_buf exhibits = IR_BUF(IR_CASE_TEXT_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[200];
    struct ir_templates *t = NULL;
    unsigned empty = 0;
    struct case_job j;
    int status = setting ? case_start(&j, cmd, &o->c, env, operands->v[0], id, no)
                         : case_look(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = templates_load(cmd, env, &t);
    if (status == IR_EXIT_OK && setting) status = case_fact_evidence(&j, id, &how, &exhibits);
    for (size_t i = 1; i < operands->n && status == IR_EXIT_OK; i++)
        status = set_one(&j, t, id, &how, ir_str_z(operands->v[i]));
    if (status == IR_EXIT_OK) status = form(&j, t, id, !setting, o->missing, &empty);
    if (status == IR_EXIT_OK && setting) {
        snprintf(said, sizeof said, _("recorded; %u fields are still empty"), empty);
        case_made(&j, no, 0, id, said);
    }
    ir_buf_free(&exhibits);
    ir_templates_free(t);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_first;
const struct cmd cmd_case_first = {
    .name = "case first-response",
    .operands = "CASE [NAME=VALUE…]",
    .brief = N_("Fill the first-response record, or show what it lacks"),
    .about = N_("Without NAME=VALUE the form is shown. Which fields follow depends on secured=yes\n"
                "or secured=no. ir case report CASE first-response prints the record, also empty,\n"
                "to be filled by hand."),
    .opts = opts,
    .size = sizeof(struct first_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run,
};
