/*
 * ir case fact: what is known of a case, one value a name. Facts are appended: an earlier value
 * stays in the history, and who stated it. Reports and duties are made of them.
 */
#include "case_fact.h"

#include "base/intl.h"
#include "casedb/duty_case.h"
#include "casedb/work.h"
#include "duties_load.h"
#include "templates_load.h"

struct fact_options {
    struct case_options c;
    struct case_fact_how how;
    bool anew, history;
};

#define AT(member) offsetof(struct fact_options, member)
static const struct opt set_opts[] = {
    CASE_WRITE_OPTS(struct fact_options),
    CASE_FACT_OPTS(struct fact_options),
    {"new", 0, OPT_FLAG, AT(anew), NULL, N_("take a name that looks like a mistyped one"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct fact_options),
    {"history", 0, OPT_FLAG, AT(history), NULL, N_("also the earlier values"), NULL},
    OPT_END,
};

/* A fact does not wait for what shows it to be sealed: what the case does not have is named all the
 * same, but not unseen, as reports to authorities bear it. */
int case_fact_evidence(struct case_job *j, const char *id, struct case_fact_how *how,
                       struct ir_buf *names)
{
    for (size_t i = 0; i < how->evidence.n; i++) {
        const char *const *item = &how->evidence.v[i];
        const int rc = ir_exhibits_named(j->db, id, item, 1, names, &j->err);
        if (rc == IR_OK) continue;
        if (rc != IR_BAD) return case_failed(j);
        say(j->cmd, _("%s (recorded as it was said)"), ir_local(j->err.msg));
        if (names->n > 0) ir_buf_str(names, IR_S(", "));
        ir_buf_str(names, ir_str_z(*item));
    }
    how->exhibits = ir_buf_view(names);
    return IR_EXIT_OK;
}

int case_fact_state(struct case_job *j, const struct ir_duties *d, const char *id,
                    struct ir_fact *f, const struct case_fact_how *how)
{
    f->confidence = ir_str_z(how->confidence);
    f->evidence = how->exhibits;
    return case_status(j, ir_fact_set(j->db, d, id, f, &j->err));
}

static int set_one(struct case_job *j, const struct ir_duties *d, const struct ir_templates *t,
                   const struct case_fact_how *how, bool anew, const char *id, const char *said)
{
    struct ir_fact f;
    if (ir_fact_parse(ir_str_z(said), d, &f, &j->err) != IR_OK) return case_failed(j);
    if (ir_str_eq(f.name, IR_S(IR_FACT_AWARE))) {
        say(j->cmd, _("%s is recorded by ir case duty aware, as clocks start with it"),
            IR_FACT_AWARE);
        return IR_EXIT_USAGE;
    }
    if (!anew && !ir_templates_ask(t, f.name) && !duties_known(j->cmd, d, f.name))
        return IR_EXIT_USAGE;
    return case_fact_state(j, d, id, &f, how);
}

struct told {
    struct case_job *j;
    const char *no;
};

static int tell_stale(void *user, const struct ir_duty_status *s)
{
    const struct told *w = user;
    if (s->stale && !s->worse)
        say(w->j->cmd, _("%.*s was decided on other facts: decide anew (ir case duty %s)"),
            IR_FMT(s->info->id), w->no);
    else if (s->stale)
        say(w->j->cmd,
            _("%.*s was found not needed when less was known: decide anew (ir case duty %s)"),
            IR_FMT(s->info->id), w->no);
    return IR_OK;
}

static int set_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct fact_options *o = options;
    struct case_fact_how how = o->how;
    struct ir_buf exhibits = IR_BUF(IR_CASE_TEXT_MAX);
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct ir_duties *d = NULL;
    struct ir_templates *t = NULL;
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    /* A template that is wrong keeps nobody from recording what he knows. */
    if (status == IR_EXIT_OK) templates_load(cmd, env, &t);
    if (status == IR_EXIT_OK) status = case_fact_evidence(&j, id, &how, &exhibits);
    for (size_t i = 1; i < operands->n && status == IR_EXIT_OK; i++)
        status = set_one(&j, d, t, &how, o->anew, id, operands->v[i]);
    struct told w = {&j, no};
    if (status == IR_EXIT_OK)
        status =
            case_status(&j, ir_duty_each(j.db, d, id, env->now, j.zone_s, tell_stale, &w, &j.err));
    if (status == IR_EXIT_OK) case_made(&j, no, 0, id, _("the facts are recorded"));
    ir_buf_free(&exhibits);
    ir_templates_free(t);
    ir_duties_free(d);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"name", N_("fact"), 20, CASE_TEXT},           {"value", N_("value"), 24, CASE_TEXT},
    {"confidence", N_("how sure"), 10, CASE_TEXT}, {"evidence", N_("evidence"), 14, CASE_TEXT},
    {"stated_by", N_("stated by"), 12, CASE_TEXT}, {"stated_at", N_("recorded"), 0, CASE_TIME},
};
#define NCOLUMNS (sizeof columns / sizeof *columns)
#define SELECT                                                                                     \
    "SELECT name, coalesce(value, 'unknown'), confidence, evidence, stated_by, stated_at FROM "    \
    "fact "

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    static const struct case_list latest = {
        SELECT "WHERE rowid IN (SELECT max(rowid) FROM fact WHERE incident_id = ?1 GROUP BY name) "
               "ORDER BY name",
        columns, NCOLUMNS};
    static const struct case_list all = {SELECT "WHERE incident_id = ?1 ORDER BY name, rowid",
                                         columns, NCOLUMNS};
    const struct fact_options *o = options;
    return case_list_of(cmd, &o->c, env, operands->v[0], o->history ? &all : &latest);
}

static const struct cmd cmd_case_fact_set = {
    .name = "case fact set",
    .operands = "CASE NAME=VALUE…",
    .brief = N_("State what is known; unknown is a value"),
    .about = N_("Where duties ask for it, VALUE is yes, no, unknown, a number or a range, "
                "500-1500: then its upper end counts."),
    .opts = set_opts,
    .size = sizeof(struct fact_options),
    .min_operands = 2,
    .max_operands = SIZE_MAX,
    .run = set_run,
};

static const struct cmd cmd_case_fact_list = {
    .name = "case fact list",
    .operands = "CASE",
    .brief = N_("List what is known of a case, and who stated it"),
    .opts = list_opts,
    .size = sizeof(struct fact_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_fact_set, &cmd_case_fact_list, NULL};

extern const struct cmd cmd_case_fact;
const struct cmd cmd_case_fact = {
    .name = "case fact",
    .operands = "COMMAND",
    .brief = N_("State facts of a case, and list them"),
    .opts = no_opts,
    .subs = subs,
};
