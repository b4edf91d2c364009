/*
 * ir case event: reports of anybody, taken in one line. The receipt number is all that a reporter
 * needs; whether it is an incident is decided later (ir case decide).
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/mail.h"
#include "casedb/query.h"

struct event_options {
    struct case_options c;
    const char *reporter, *contact, *how;
    int64_t noticed;
    bool undecided;
};

#define NOT_TOLD INT64_MIN

#define AT(member) offsetof(struct event_options, member)
static const struct opt add_opts[] = {
    CASE_WRITE_OPTS(struct event_options),
    {"reporter", 0, OPT_TEXT, AT(reporter), "NAME",
     N_("who reported it, also from outside (default: the sender of the mail)"), NULL},
    {"contact", 0, OPT_TEXT, AT(contact), "TEXT", N_("telephone or mail of the reporter"), NULL},
    {"how", 0, OPT_TEXT, AT(how), "TEXT",
     N_("how it was noticed: a person, monitoring, from outside, a review …"), NULL},
    {"noticed", 0, OPT_TIME, AT(noticed), "TIME",
     N_("when it was noticed (default: the date of the mail, or now)"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct event_options),
    {"undecided", 'u', OPT_FLAG, AT(undecided), NULL, N_("only what nobody has assessed"), NULL},
    OPT_END,
};
static const struct opt show_opts[] = {CASE_READ_OPTS(struct event_options), OPT_END};

static void add_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct event_options *)options)->noticed = NOT_TOLD;
}

/* What a mail says of itself, where nothing else was told; its text instead of its bytes. */
static void take_mail(struct case_job *j, struct ir_mail *m, struct ir_intake *r, int64_t *noticed)
{
    struct ir_buf all = IR_BUF(IR_CASE_TEXT_MAX);
    ir_buf_str(&all, ir_buf_view(&m->subject));
    ir_buf_str(&all, IR_S("\n\n"));
    ir_buf_str(&all, ir_str_trim(ir_buf_view(&m->text)));
    ir_buf_free(&m->text);
    m->text = all;
    r->text = ir_str_trim(ir_buf_view(&m->text));
    while (r->text.n > 0 && (unsigned char)r->text.p[r->text.n - 1] <= ' ')
        r->text.n--;
    if (r->reporter.n == 0) r->reporter = ir_buf_view(&m->from);
    if (r->how.n == 0) r->how = IR_S("mail");
    if (m->has_date && *noticed == NOT_TOLD && m->date <= j->env->now) *noticed = m->date;
    if (m->others > 0)
        say(j->cmd,
            _("%u parts of the mail (attachments, HTML) were left out: keep the mail "
              "itself as evidence"),
            m->others);
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct event_options *o = options;
    const bool is_stdin = operands->n == 1 && strcmp(operands->v[0], "-") == 0;
    struct ir_buf text = IR_BUF(IR_CASE_TEXT_MAX);
    char no[IR_NO_TEXT], id[IR_ID_TEXT], noticed[IR_CASEDB_TIME];
    struct ir_charset *cs = is_stdin ? ir_charset_new() : NULL;
    struct ir_mail mail = {.others = 0};
    int64_t at = o->noticed;
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_text(&j, operands, 0, &text);
    if (status == IR_EXIT_OK) {
        struct ir_intake r = {ir_str_trim(ir_buf_view(&text)), ir_str_z(o->reporter),
                              ir_str_z(o->contact), ir_str_z(o->how), noticed};
        if (cs != NULL && ir_mail_read(cs, ir_buf_view(&text), &mail))
            take_mail(&j, &mail, &r, &at);
        ir_casedb_time(at != NOT_TOLD ? at : env->now, noticed);
        status = case_begin(&j);
        if (status == IR_EXIT_OK && ir_intake_add(j.db, &r, no, id, &j.err) != IR_OK)
            status = case_failed(&j);
    }
    if (status == IR_EXIT_OK && j.json) {
        const struct case_cell row[] = {{.key = "no", .text = ir_str_z(no)},
                                        {.key = "id", .text = ir_str_z(id)}};
        case_row(&j, row, 2);
    } else if (status == IR_EXIT_OK) {
        ir_buf_fmt(&j.out.buf, _("recorded as %s\n"), no);
    }
    ir_mail_free(&mail);
    ir_charset_free(cs);
    ir_buf_free(&text);
    return case_close(&j, status);
}

/* id NULL: all. */
static int print_events(struct case_job *j, const char *id, bool undecided)
{
    struct ir_query q;
    char when[40], noticed[40];
    const bool brief = id == NULL;
    int rc = ir_query_open(&q, j->db,
                           "SELECT e.no, e.recorded_at, coalesce(s.outcome, 'undecided'), "
                           "e.reporter, e.text, e.id, e.reporter_contact, e.how, e.noticed_at, "
                           "e.recorded_by, CAST(round((julianday(e.recorded_at) - "
                           "julianday(e.noticed_at)) * 86400) AS INTEGER), (SELECT no FROM "
                           "incident WHERE id = e.incident_id) FROM event e JOIN assessment s ON "
                           "s.row = e.id AND s.tbl = 'event' WHERE (?1 IS NULL OR e.id = ?1) AND "
                           "(NOT ?2 OR s.outcome IS NULL) ORDER BY e.no",
                           &j->err);
    if (rc == IR_OK) {
        ir_query_text_arg(&q, 1, ir_str_z(id));
        ir_query_int_arg(&q, 2, undecided);
    }
    while (rc == IR_OK && (rc = ir_query_next(&q, &j->err)) == IR_OK) {
        const struct case_cell row[] = {
            {"no", N_("number"), 13, ir_query_text(&q, 0), 0, false, false},
            {"recorded_at", N_("recorded"), 25, case_time(j, ir_query_text(&q, 1), when), 0, false,
             false},
            {"outcome", N_("assessed as"), 14, ir_query_text(&q, 2), 0, false, false},
            {"reporter", N_("reporter"), 14, ir_query_text(&q, 3), 0, false, false},
            {"reporter_contact", N_("means"), 14, ir_query_text(&q, 6), 0, false, brief},
            {"how", N_("noticed by"), 10, ir_query_text(&q, 7), 0, false, brief},
            {"noticed_at", N_("noticed"), 25, case_time(j, ir_query_text(&q, 8), noticed), 0, false,
             brief},
            {"record_s", N_("seconds to record"), 17, {NULL, 0}, ir_query_int(&q, 10), true, brief},
            {"recorded_by", N_("recorded by"), 11, ir_query_text(&q, 9), 0, false, brief},
            {"case", N_("case"), 13, ir_query_text(&q, 11), 0, false, brief},
            {"text", N_("what"), 0, ir_query_text(&q, 4), 0, false, false},
            {"id", "", 0, ir_query_text(&q, 5), 0, false, true},
        };
        case_row(j, row, sizeof row / sizeof *row);
    }
    ir_query_close(&q);
    return rc < 0 ? case_failed(j) : IR_EXIT_OK;
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct event_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK && operands->n > 0)
        status = case_find(&j, "event", operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = print_events(&j, operands->n > 0 ? id : NULL, o->undecided);
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

static const struct cmd cmd_case_event_show = {
    .name = "case event show",
    .operands = "NUMBER",
    .brief = N_("Show all of a report"),
    .opts = show_opts,
    .size = sizeof(struct event_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_event_add, &cmd_case_event_list,
                                         &cmd_case_event_show, NULL};

extern const struct cmd cmd_case_event;
const struct cmd cmd_case_event = {
    .name = "case event",
    .operands = "COMMAND",
    .brief = N_("Take reports of anybody, and list them"),
    .opts = no_opts,
    .subs = subs,
};
