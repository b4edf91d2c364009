/*
 * ir case link and merge: cases that belong together. A merge deletes nothing and moves no decision
 * of anybody's: it says what went over and what stayed, and with which command it can be taken up.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/merge.h"
#include "duties_load.h"

struct link_options {
    struct case_options c;
    const char *relation, *note, *reason;
};

static const char *choice_relation(size_t i)
{
    return ir_relation_at(i);
}

#define AT(member) offsetof(struct link_options, member)
static const struct opt link_opts[] = {
    CASE_WRITE_OPTS(struct link_options),
    {"relation", 'r', OPT_CHOICE, AT(relation), "WORD",
     N_("related (default), same_cause, part_of, follows or duplicate"), choice_relation},
    {"note", 0, OPT_TEXT, AT(note), "TEXT", N_("more about it"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct link_options), OPT_END};
static const struct opt merge_opts[] = {
    CASE_WRITE_OPTS(struct link_options),
    {"reason", 'm', OPT_TEXT, AT(reason), "TEXT", N_("why they are one (needed)"), NULL},
    OPT_END,
};

/* Both cases of the command; the transaction is begun. */
static int start(struct case_job *j, const struct cmd *cmd, const struct link_options *o,
                 const struct env *env, const struct opt_list *operands, char id[2][IR_ID_TEXT],
                 char no[2][IR_NO_TEXT])
{
    const int status = case_start(j, cmd, &o->c, env, operands->v[0], id[0], no[0]);
    return status == IR_EXIT_OK ? case_find(j, "incident", operands->v[1], id[1], no[1]) : status;
}

static int link_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct link_options *o = options;
    const char *relation = o->relation != NULL ? o->relation : ir_relation_at(0);
    char id[2][IR_ID_TEXT], no[2][IR_NO_TEXT], said[200];
    struct case_job j;
    int status = start(&j, cmd, o, env, operands, id, no);
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_incident_link(j.db, id[0], id[1], ir_str_z(relation),
                                                  ir_utf8_trim(ir_str_z(o->note)), &j.err));
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%1$s is linked with %2$s"), no[0], no[1]);
        case_made(&j, no[0], 0, NULL, said);
    }
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"relation", N_("relation"), 10, CASE_TEXT}, {"direction", N_("direction"), 9, CASE_TEXT},
    {"case", N_("case"), 13, CASE_TEXT},         {"phase", N_("phase"), 14, CASE_TEXT},
    {"title", N_("title"), 30, CASE_TEXT},       {"note", N_("note"), 0, CASE_TEXT},
};
static const struct case_list links = {
    "SELECT l.kind, iif(l.from_id = ?1, 'to', 'from'), i.no, i.phase, i.title, l.note FROM link l "
    "JOIN incident i ON i.id = iif(l.from_id = ?1, l.to_id, l.from_id) WHERE ?1 IN (l.from_id, "
    "l.to_id) ORDER BY i.no, l.rowid",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct link_options *)options)->c, env, operands->v[0],
                        &links);
}

static void on_lost(void *user, const struct ir_merge_duty *d)
{
    struct case_job *j = user;
    const struct case_cell row[] = {
        {"duty", N_("duty"), 18, d->duty, 0, false, false},
        {"due", N_("due in the one"), 26, ir_str_z(d->due), 0, false, false},
        {"due_into", N_("due in the other"), 0, ir_str_z(d->due_into), 0, false, false},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

struct merging {
    struct case_job j;
    const char *from, *into; /* numbers */
};

/* how empty: there is nothing to do. */
static void part(struct merging *m, const char *what, bool moved, int64_t n, const char *how)
{
    const struct case_cell row[] = {
        {"what", N_("what"), 12, ir_str_z(what), 0, false, false},
        {"n", N_("number"), 6, {NULL, 0}, n, true, false},
        {"case", N_("is in"), 13, ir_str_z(moved ? m->into : m->from), 0, false, false},
        {"how", N_("to take it up"), 0, ir_str_z(how), 0, false, false},
    };
    case_row(&m->j, row, sizeof row / sizeof *row);
}

static void on_left(void *user, const char *what, int64_t n)
{
    static const struct {
        const char *what, *command, *more;
        bool of; /* the ended case's number stands behind */
    } how[] = {
        {"exhibits", "ir case evidence link", " --of ", true},
        {"facts", "ir case fact set", " NAME=VALUE", false},
        {"tasks_open", "ir case task add", " TEXT", false},
        {"duties", "ir case duty decide", " DUTY needed|not_needed", false},
    };
    struct merging *m = user;
    char text[200] = "";
    for (size_t i = 0; i < sizeof how / sizeof *how; i++)
        if (strcmp(what, how[i].what) == 0)
            snprintf(text, sizeof text, "%s %s%s%s", how[i].command, m->into, how[i].more,
                     how[i].of ? m->from : "");
    part(m, what, false, n, text);
}

static int merge_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct link_options *o = options;
    char id[2][IR_ID_TEXT], no[2][IR_NO_TEXT];
    struct merging m = {.from = no[0], .into = no[1]};
    struct ir_duties *d = NULL;
    int64_t events = 0;
    int status = start(&m.j, cmd, o, env, operands, id, no);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    if (status != IR_EXIT_OK) return case_close(&m.j, status);
    const struct ir_merging how = {.from_id = id[0],
                                   .into_id = id[1],
                                   .reason = ir_utf8_trim(ir_str_z(o->reason)),
                                   .zone_s = m.j.zone_s,
                                   .lost = on_lost,
                                   .user = &m.j};
    const int rc = ir_incident_merge(m.j.db, d, &how, &events, &m.j.err);
    ir_duties_free(d);
    if (rc == IR_END) {
        say(cmd,
            _("not merged: clocks of %1$s would be lost. State its facts in %2$s (ir case duty "
              "aware, ir case fact set), or decide (ir case duty decide)"),
            no[0], no[1]);
        return case_close(&m.j, IR_EXIT_FINDINGS);
    }
    status = case_status(&m.j, rc);
    if (status == IR_EXIT_OK && events > 0) part(&m, "events", true, events, "");
    if (status == IR_EXIT_OK)
        status = case_status(&m.j, ir_merge_left(m.j.db, id[0], on_left, &m, &m.j.err));
    if (status == IR_EXIT_OK && m.j.rows == 0) case_made(&m.j, no[1], 0, NULL, _("merged"));
    return case_close(&m.j, status);
}

static const struct cmd cmd_case_link_list = {
    .name = "case link list",
    .operands = "CASE",
    .brief = N_("List the cases that a case is linked with"),
    .opts = list_opts,
    .size = sizeof(struct link_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};
static const struct cmd *const subs[] = {&cmd_case_link_list, NULL};

extern const struct cmd cmd_case_link, cmd_case_merge;
const struct cmd cmd_case_link = {
    .name = "case link",
    .operands = "CASE CASE",
    .brief = N_("Link two cases that have to do with each other"),
    .opts = link_opts,
    .size = sizeof(struct link_options),
    .min_operands = 2,
    .max_operands = 2,
    .subs = subs,
    .run = link_run,
};

const struct cmd cmd_case_merge = {
    .name = "case merge",
    .operands = "CASE INTO",
    .brief = N_("Close a case that turned out to be part of another"),
    .about =
        N_("Nothing is deleted: CASE is closed and points to INTO, its numbers stay valid. Its\n"
           "reports and alerts go over; what a person has to take up in INTO is listed. Exit\n"
           "status 1: not merged, as the clock of a duty would be lost."),
    .opts = merge_opts,
    .size = sizeof(struct link_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = merge_run,
};
