/*
 * ir case event: reports of anybody, taken in one line. The receipt number is all that a reporter
 * needs; whether it is an incident is decided later (ir case decide).
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/query.h"

struct event_options {
    struct case_options c;
    const char *reporter, *contact, *how;
    int64_t noticed;
};

#define AT(member) offsetof(struct event_options, member)
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct event_options),
    {"reporter", 0, OPT_TEXT, AT(reporter), "NAME", N_("who reported it, also from outside"), NULL},
    {"contact", 0, OPT_TEXT, AT(contact), "TEXT", N_("telephone or mail of the reporter"), NULL},
    {"how", 0, OPT_TEXT, AT(how), "TEXT",
     N_("how it was noticed: a person, monitoring, from outside, a review …"), NULL},
    {"noticed", 0, OPT_TIME, AT(noticed), "TIME", N_("when it was noticed (default: now)"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct event_options), OPT_END};

static void add_defaults(void *options, const struct env *env)
{
    ((struct event_options *)options)->noticed = env->now;
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct event_options *o = options;
    struct ir_buf text = IR_BUF(IR_CASE_TEXT_MAX);
    char no[IR_NO_TEXT], id[IR_ID_TEXT], noticed[IR_CASEDB_TIME];
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_text(&j, operands, 0, &text);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK) {
        ir_casedb_time(o->noticed, noticed);
        const struct ir_intake r = {ir_str_trim(ir_buf_view(&text)), ir_str_z(o->reporter),
                                    ir_str_z(o->contact), ir_str_z(o->how), noticed};
        if (ir_intake_add(j.db, &r, no, id, &j.err) != IR_OK) status = case_failed(&j);
    }
    if (status == IR_EXIT_OK && j.json) {
        const struct case_cell row[] = {{.key = "no", .text = ir_str_z(no)},
                                        {.key = "id", .text = ir_str_z(id)}};
        case_row(&j, row, 2);
    } else if (status == IR_EXIT_OK) {
        ir_buf_fmt(&j.out.buf, _("recorded as %s\n"), no);
    }
    ir_buf_free(&text);
    return case_close(&j, status);
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct event_options *o = options;
    struct case_job j;
    struct ir_query q;
    char when[40];
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_query_open(&q, j.db,
                           "SELECT e.no, e.recorded_at, coalesce(d.outcome, 'undecided'), "
                           "e.reporter, e.text, e.id FROM event e LEFT JOIN decision d ON d.id = "
                           "(SELECT id FROM decision WHERE event_id = e.id ORDER BY rowid DESC "
                           "LIMIT 1) ORDER BY e.no",
                           &j.err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        const struct case_cell row[] = {
            {"no", N_("number"), 13, ir_query_text(&q, 0), 0, false, false},
            {"recorded_at", N_("recorded"), 25, case_time(&j, ir_query_text(&q, 1), when), 0, false,
             false},
            {"outcome", N_("assessed as"), 14, ir_query_text(&q, 2), 0, false, false},
            {"reporter", N_("reporter"), 14, ir_query_text(&q, 3), 0, false, false},
            {"text", N_("what"), 0, ir_query_text(&q, 4), 0, false, false},
            {"id", "", 0, ir_query_text(&q, 5), 0, false, true},
        };
        case_row(&j, row, sizeof row / sizeof *row);
    }
    ir_query_close(&q);
    if (rc < 0) status = case_failed(&j);
    return case_close(&j, status);
}

const struct cmd cmd_case_event_add = {
    .name = "case event add",
    .operands = "TEXT…",
    .brief = N_("Take a report of something odd, and give a receipt number"),
    .about = N_("TEXT is what was noticed, in one line; - reads it (a mail, say) from stdin."),
    .opts = add_opts,
    .size = sizeof(struct event_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = add_defaults,
    .run = add_run,
};

static const struct cmd cmd_case_event_list = {
    .name = "case event list",
    .operands = "",
    .brief = N_("List the reports, and how they were assessed"),
    .opts = list_opts,
    .size = sizeof(struct event_options),
    .run = list_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_event_add, &cmd_case_event_list, NULL};

extern const struct cmd cmd_case_event;
const struct cmd cmd_case_event = {
    .name = "case event",
    .operands = "COMMAND",
    .brief = N_("Take reports of anybody, and list them"),
    .opts = no_opts,
    .subs = subs,
};
