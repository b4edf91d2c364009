/*
 * ir case search: words in everything the case database holds, in Japanese and English.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/index.h"
#include "casedb/search.h"

struct search_options {
    struct case_options c;
    bool rebuild;
};

static const struct opt search_opts[] = {
    CASE_WRITE_OPTS(struct search_options),
    {"rebuild", 0, OPT_FLAG, offsetof(struct search_options, rebuild), NULL,
     N_("make the index anew of the records, when ir case verify calls it damaged"), NULL},
    OPT_END,
};

static int print_hit(void *user, const struct ir_search_hit *h)
{
    struct case_job *j = user;
    const struct case_cell row[] = {
        {"case", N_("case"), 13, ir_str_z(h->incident), 0, false, false},
        {"table", N_("kind"), 10, ir_str_z(h->table), 0, false, false},
        {"no", N_("number"), 14, ir_str_z(h->no), 0, false, false},
        {"snippet", N_("what"), 0, h->snippet, 0, false, false},
        {"id", "", 0, ir_str_z(h->id), 0, false, true},
    };
    case_row(j, row, sizeof row / sizeof *row);
    return IR_OK;
}

/* The index is made of the records, so that nothing is lost with it. */
static int rebuild(struct case_job *j)
{
    uint64_t n = 0;
    int status = case_begin(j);
    if (status == IR_EXIT_OK) status = case_status(j, ir_index_rebuild(j->db, &n, &j->err));
    if (status == IR_EXIT_OK && ir_casedb_commit(j->db, &j->err) != IR_OK) status = case_failed(j);
    if (status == IR_EXIT_OK)
        say(j->cmd, _("the index was made anew of %llu records"), (unsigned long long)n);
    return status;
}

static int search_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct search_options *o = options;
    struct case_job j;
    if (operands->n == 0 && !o->rebuild) {
        say(cmd, "%s", _("no words to look for"));
        return IR_EXIT_USAGE;
    }
    int status = case_open(&j, cmd, &o->c, env, o->rebuild ? IR_CASEDB_WRITE : IR_CASEDB_READ);
    if (status == IR_EXIT_OK && o->rebuild) status = rebuild(&j);
    if (status == IR_EXIT_OK && operands->n > 0 &&
        ir_search(j.db, operands->v, operands->n, print_hit, &j, &j.err) < 0)
        status = case_failed(&j);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_search;
const struct cmd cmd_case_search = {
    .name = "case search",
    .operands = "[WORD…]",
    .brief = N_("Find words in cases, reports, alerts and all that belongs to them"),
    .about = N_("All words must be there. What stands in a word is text, never an operator."),
    .opts = search_opts,
    .size = sizeof(struct search_options),
    .max_operands = SIZE_MAX,
    .run = search_run,
};
