/*
 * ir case event: reports of anybody, taken in one line. The receipt number is all that a reporter
 * needs; whether it is an incident is decided later (ir case decide).
 */
#include <sys/stat.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/mail.h"

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
static void take_mail(struct case_job *j, struct ir_mail *m, struct ir_str raw, struct ir_intake *r,
                      int64_t *noticed)
{
    struct ir_buf all = IR_BUF(IR_CASE_TEXT_MAX);
    ir_buf_str(&all, ir_buf_view(&m->subject));
    ir_buf_str(&all, IR_S("\n\n"));
    ir_buf_str(&all, ir_utf8_trim(ir_buf_view(&m->text)));
    ir_buf_free(&m->text);
    m->text = all;
    r->text = ir_utf8_trim(ir_buf_view(&m->text));
    while (r->text.n > 0 && (unsigned char)r->text.p[r->text.n - 1] <= ' ')
        r->text.n--;
    if (r->reporter.n == 0) r->reporter = ir_buf_view(&m->from);
    if (r->how.n == 0) r->how = IR_S("mail");
    case_tell_marks(j, raw, r->text);
    case_tell_marks(j, raw, r->reporter);
    if (m->has_date && *noticed == NOT_TOLD && m->date <= j->env->now) *noticed = m->date;
    if (m->others > 0)
        say(j->cmd,
            _("%u parts of the mail (attachments, HTML) were left out: keep the mail "
              "itself as evidence"),
            m->others);
}

/* Not read unasked: what is reported may come from anybody, and name any file. */
static void tell_file(const struct case_job *j, const char *text)
{
    struct stat st;
    if (stat(text, &st) == 0 && S_ISREG(st.st_mode))
        say(j->cmd,
            _("%1$.100s is a file, of which the name was recorded: ir case event add - <%1$.100s "
              "records what is in it"),
            text);
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
    if (status == IR_EXIT_OK)
        status = is_stdin ? case_read(&j, "-", &text) : case_text(&j, operands, 0, &text);
    const bool is_mail =
        status == IR_EXIT_OK && cs != NULL && ir_mail_read(cs, ir_buf_view(&text), &mail);
    if (status == IR_EXIT_OK && is_stdin && !is_mail) status = case_decode(&j, &text);
    if (status == IR_EXIT_OK) {
        struct ir_intake r = {ir_utf8_trim(ir_buf_view(&text)), ir_str_z(o->reporter),
                              ir_str_z(o->contact), ir_str_z(o->how), noticed};
        if (is_mail) take_mail(&j, &mail, ir_buf_view(&text), &r, &at);
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
    if (status == IR_EXIT_OK && operands->n == 1) tell_file(&j, operands->v[0]);
    ir_mail_free(&mail);
    ir_charset_free(cs);
    ir_buf_free(&text);
    return case_close(&j, status);
}

#define EVENTS                                                                                     \
    "SELECT e.no, e.recorded_at, coalesce(s.outcome, 'undecided'), e.reporter, "                   \
    "e.reporter_contact, e.how, e.noticed_at, CAST(round((julianday(e.recorded_at) - "             \
    "julianday(e.noticed_at)) * 86400) AS INTEGER), e.recorded_by, (SELECT no FROM incident "      \
    "WHERE id = e.incident_id), e.text, e.id FROM event e JOIN assessment s ON s.row = e.id AND "  \
    "s.tbl = 'event' "
static const struct case_column brief[] = {
    {"no", N_("number"), 13, CASE_TEXT},
    {"recorded_at", N_("recorded"), 25, CASE_TIME},
    {"outcome", N_("assessed as"), 14, CASE_TEXT},
    {"reporter", N_("reporter"), 14, CASE_TEXT},
    {"reporter_contact", "", 0, CASE_ID},
    {"how", "", 0, CASE_ID},
    {"noticed_at", "", 0, CASE_ID},
    {"record_s", N_("to record"), 9, CASE_SPAN},
    {"recorded_by", "", 0, CASE_ID},
    {"case", N_("case"), 13, CASE_TEXT},
    {"text", N_("what"), 0, CASE_TEXT},
    {"id", "", 0, CASE_ID},
};
static const struct case_column whole[] = {
    {"no", N_("number"), 13, CASE_TEXT},
    {"recorded_at", N_("recorded"), 25, CASE_TIME},
    {"outcome", N_("assessed as"), 14, CASE_TEXT},
    {"reporter", N_("reporter"), 14, CASE_TEXT},
    {"reporter_contact", N_("means"), 14, CASE_TEXT},
    {"how", N_("noticed by"), 10, CASE_TEXT},
    {"noticed_at", N_("noticed"), 25, CASE_TIME},
    {"record_s", N_("to record"), 9, CASE_SPAN},
    {"recorded_by", N_("recorded by"), 11, CASE_TEXT},
    {"case", N_("case"), 13, CASE_TEXT},
    {"text", N_("what"), 0, CASE_TEXT},
    {"id", "", 0, CASE_ID},
};
#define NCOLUMNS (sizeof whole / sizeof *whole)
_Static_assert(sizeof brief == sizeof whole, "of one statement");

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    static const struct case_list one = {EVENTS "WHERE e.id = ?1", whole, NCOLUMNS};
    static const struct case_list all = {EVENTS "ORDER BY e.no", brief, NCOLUMNS};
    static const struct case_list undecided = {EVENTS "WHERE s.outcome IS NULL ORDER BY e.no",
                                               brief, NCOLUMNS};
    const struct event_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK && operands->n > 0)
        status = case_find(&j, "event", operands->v[0], id, no);
    if (status == IR_EXIT_OK)
        status = operands->n > 0 ? case_print(&j, &one, id)
                                 : case_print(&j, o->undecided ? &undecided : &all, NULL);
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
