/*
 * ir case open and list: a case begins, and which there are.
 */
#include "base/intl.h"
#include "case.h"
#include "case_kind.h"

struct open_options {
    struct case_options c;
    struct opt_list events;
    const char *kind, *level, *lead, *tlp;
    bool exercise;
};

#define AT(member) offsetof(struct open_options, member)
static const struct opt open_opts[] = {
    CASE_WRITE_OPTS(struct open_options),
    {"event", 'e', OPT_LIST, AT(events), "NUMBER",
     N_("a report that it is about (may be repeated)"), NULL},
    {"kind", 'k', OPT_TEXT, AT(kind), "KIND",
     N_("malware, intrusion, destruction, tampering, leak, outage, phishing, lost_device, other"),
     NULL},
    {"level", 'l', OPT_TEXT, AT(level), "LEVEL", N_("how bad it is, by the criteria table"), NULL},
    {"lead", 0, OPT_TEXT, AT(lead), "NAME", N_("who leads the response"), NULL},
    {"tlp", 0, OPT_TEXT, AT(tlp), "TLP", N_("clear, green, amber, amber+strict or red"), NULL},
    {"exercise", 0, OPT_FLAG, AT(exercise), NULL, N_("this is an exercise"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct open_options), OPT_END};

static int take_events(struct case_job *j, const struct open_options *o, const char *incident)
{
    const struct ir_value v = IR_V_Z("incident_id", incident);
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    int status = IR_EXIT_OK;
    for (size_t i = 0; i < o->events.n && status == IR_EXIT_OK; i++) {
        status = case_find(j, "event", o->events.v[i], id, no);
        if (status == IR_EXIT_OK && ir_record_update(j->db, "event", id, &v, 1, &j->err) != IR_OK)
            status = case_failed(j);
    }
    return status;
}

static int open_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct open_options *o = options;
    struct ir_buf title = IR_BUF(1 << 16);
    char no[IR_NO_TEXT] = "", id[IR_ID_TEXT] = "", kind[CASE_KIND_TEXT], level[CASE_KIND_TEXT];
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_kind(&j, o->kind, kind);
    if (status == IR_EXIT_OK) status = case_level(&j, o->level, level);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    status = case_begin(&j);
    case_words(operands, 0, &title);
    const struct ir_incident_opening in = {.title = ir_buf_view(&title),
                                           .kind = ir_str_z(kind),
                                           .level = ir_str_z(level),
                                           .lead = ir_str_z(o->lead),
                                           .tlp = ir_str_z(o->tlp),
                                           .exercise = o->exercise};
    if (status == IR_EXIT_OK && ir_incident_open(j.db, &in, no, id, &j.err) != IR_OK)
        status = case_failed(&j);
    if (status == IR_EXIT_OK) status = take_events(&j, o, id);
    if (status == IR_EXIT_OK && j.json) {
        const struct case_cell row[] = {{.key = "no", .text = ir_str_z(no)},
                                        {.key = "id", .text = ir_str_z(id)}};
        case_row(&j, row, 2);
    } else if (status == IR_EXIT_OK) {
        ir_buf_fmt(&j.out.buf, _("opened as %s\n"), no);
    }
    ir_buf_free(&title);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"no", N_("number"), 13, CASE_TEXT},
    {"opened_at", N_("opened"), 25, CASE_TIME},
    {"phase", N_("phase"), 14, CASE_TEXT},
    {"level", N_("level"), 6, CASE_TEXT},
    {"lead", N_("lead"), 14, CASE_TEXT},
    {"title", N_("title"), 0, CASE_TEXT},
    {"id", "", 0, CASE_ID},
};
static const struct case_list cases = {
    "SELECT no, opened_at, phase, level, lead, title, id FROM incident ORDER BY no", columns,
    sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct open_options *o = options;
    struct case_job j;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK) status = case_print(&j, &cases, NULL);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_open, cmd_case_list;
const struct cmd cmd_case_open = {
    .name = "case open",
    .operands = "TITLE…",
    .brief = N_("Open a case"),
    .opts = open_opts,
    .size = sizeof(struct open_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = open_run,
};

const struct cmd cmd_case_list = {
    .name = "case list",
    .operands = "",
    .brief = N_("List the cases"),
    .opts = list_opts,
    .size = sizeof(struct open_options),
    .run = list_run,
};
