/*
 * ir case role: who answers for the response (5.24), and who stands in.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/query.h"
#include "people.h"

struct role_options {
    struct case_options c;
    const char *means, *title, *hours;
    bool deputy, all;
};

#define AT(member) offsetof(struct role_options, member)
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct role_options),
    {"all", 0, OPT_FLAG, AT(all), NULL, N_("also those who hold a role no longer"), NULL},
    OPT_END,
};
static const struct opt set_opts[] = {
    CASE_WRITE_OPTS(struct role_options),
    {"deputy", 'd', OPT_FLAG, AT(deputy), NULL, N_("stands in for who holds the role"), NULL},
    {"means", 0, OPT_TEXT, AT(means), "TEXT", N_("telephone, mail address"), NULL},
    {"title", 0, OPT_TEXT, AT(title), "TEXT", N_("position in the company"), NULL},
    {"hours", 0, OPT_TEXT, AT(hours), "TEXT", N_("when the person can be reached"), NULL},
    OPT_END,
};
static const struct opt end_opts[] = {CASE_WRITE_OPTS(struct role_options), OPT_END};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct role_options *o = options;
    struct case_job j;
    struct ir_query q;
    char when[40];
    int missing = 0;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_query_open(&q, j.db,
                           "SELECT role, CASE deputy WHEN 1 THEN 'deputy' ELSE 'holder' END, "
                           "person, title, means, hours, ended_at, id FROM role WHERE ?1 OR "
                           "ended_at IS NULL ORDER BY CASE role WHEN 'chief' THEN 1 WHEN 'lead' "
                           "THEN 2 WHEN 'first' THEN 3 ELSE 4 END, role, deputy, rowid",
                           &j.err);
    if (rc == IR_OK) ir_query_int_arg(&q, 1, o->all);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        const struct case_cell row[] = {
            {"role", N_("role"), 10, ir_query_text(&q, 0), 0, false, false},
            {"as", N_("as"), 7, ir_query_text(&q, 1), 0, false, false},
            {"person", N_("person"), 16, ir_query_text(&q, 2), 0, false, false},
            {"title", N_("position"), 14, ir_query_text(&q, 3), 0, false, false},
            {"means", N_("means"), 24, ir_query_text(&q, 4), 0, false, false},
            {"hours", N_("hours"), 14, ir_query_text(&q, 5), 0, false, false},
            {"ended_at", N_("until"), 0, case_time(&j, ir_query_text(&q, 6), when), 0, false,
             false},
            {"id", "", 0, ir_query_text(&q, 7), 0, false, true},
        };
        case_row(&j, row, sizeof row / sizeof *row);
    }
    ir_query_close(&q);
    if (rc < 0) status = case_failed(&j);
    if (status == IR_EXIT_OK) missing = people_missing(&j);
    if (missing < 0) status = IR_EXIT_FAILED;
    status = case_close(&j, status);
    return status == IR_EXIT_OK && missing > 0 ? IR_EXIT_FINDINGS : status;
}

static void tell(struct case_job *j, struct ir_str role, const char *person)
{
    const struct case_cell row[] = {{"role", N_("role"), 10, role, 0, false, false},
                                    {"person", N_("person"), 0, ir_str_z(person), 0, false, false}};
    case_row(j, row, 2);
}

static int set_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct role_options *o = options;
    const struct ir_holder h = {.role = ir_str_z(operands->v[0]),
                                .person = ir_str_z(operands->v[1]),
                                .title = ir_str_z(o->title),
                                .means = ir_str_z(o->means),
                                .hours = ir_str_z(o->hours),
                                .deputy = o->deputy};
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK && ir_role_set(j.db, &h, &j.err) != IR_OK) status = case_failed(&j);
    if (status == IR_EXIT_OK) tell(&j, ir_role_name(h.role), operands->v[1]);
    return case_close(&j, status);
}

static int end_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct role_options *o = options;
    const struct ir_str role = ir_str_z(operands->v[0]);
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK && ir_role_end(j.db, role, ir_str_z(operands->v[1]), &j.err) != IR_OK)
        status = case_failed(&j);
    if (status == IR_EXIT_OK) tell(&j, ir_role_name(role), operands->v[1]);
    return case_close(&j, status);
}

static const struct cmd cmd_list = {
    .name = "case role list",
    .operands = "",
    .brief = N_("List who answers; exit status 1 when a role that must be held is not"),
    .opts = list_opts,
    .size = sizeof(struct role_options),
    .run = list_run,
};

static const struct cmd cmd_set = {
    .name = "case role set",
    .operands = "ROLE PERSON",
    .brief = N_("Name who holds a role, or a deputy"),
    .about = N_("ROLE is chief (最高責任者), lead (対応責任者), first (一次対応者), or any other."),
    .opts = set_opts,
    .size = sizeof(struct role_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = set_run,
};

static const struct cmd cmd_end = {
    .name = "case role end",
    .operands = "ROLE PERSON",
    .brief = N_("A person holds a role no longer"),
    .opts = end_opts,
    .size = sizeof(struct role_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = end_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_list, &cmd_set, &cmd_end, NULL};

extern const struct cmd cmd_case_role;
const struct cmd cmd_case_role = {
    .name = "case role",
    .operands = "COMMAND",
    .brief = N_("Who answers for the response, and who stands in"),
    .opts = no_opts,
    .subs = subs,
};
