/*
 * ir case note: what somebody wants to be remembered of a case, in any length.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/work.h"

struct note_options {
    struct case_options c;
};

static const struct opt add_opts[] = {CASE_WRITE_OPTS(struct note_options), OPT_END};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct note_options), OPT_END};

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct note_options *o = options;
    struct ir_buf text = IR_BUF(IR_CASE_TEXT_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT], made[IR_ID_TEXT], said[160];
    int64_t n = 0;
    struct case_job j;
    int status = case_start_text(&j, cmd, &o->c, env, operands, NULL, &text, id, no);
    if (status == IR_EXIT_OK)
        status = case_status(
            &j, ir_note_add(j.db, id, ir_utf8_trim(ir_buf_view(&text)), &n, made, &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s: note %2$lld"), no, (long long)n);
        case_made(&j, no, n, made, said);
    }
    ir_buf_free(&text);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"no", N_("number"), 6, CASE_NUMBER},
    {"at", N_("time"), 25, CASE_TIME},
    {"author", N_("author"), 14, CASE_TEXT},
    {"text", N_("note"), 0, CASE_TEXT},
    {"id", "", 0, CASE_ID},
};
static const struct case_list notes = {
    "SELECT no, at, author, text, id FROM note WHERE incident_id = ?1 ORDER BY no", columns,
    sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct note_options *)options)->c, env, operands->v[0],
                        &notes);
}

static const struct cmd cmd_case_note_add = {
    .name = "case note add",
    .operands = "CASE TEXT…",
    .brief = N_("Add a note to a case"),
    .about = N_("TEXT - reads the note from stdin."),
    .opts = add_opts,
    .size = sizeof(struct note_options),
    .min_operands = 2,
    .max_operands = SIZE_MAX,
    .run = add_run,
};

static const struct cmd cmd_case_note_list = {
    .name = "case note list",
    .operands = "CASE",
    .brief = N_("List the notes of a case"),
    .opts = list_opts,
    .size = sizeof(struct note_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_note_add, &cmd_case_note_list, NULL};

extern const struct cmd cmd_case_note;
const struct cmd cmd_case_note = {
    .name = "case note",
    .operands = "COMMAND",
    .brief = N_("The notes of a case"),
    .opts = no_opts,
    .subs = subs,
};
