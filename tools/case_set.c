/*
 * ir case set: puts right what a case is called and what it is. The trail keeps what it was before.
 */
#include "base/intl.h"
#include "case.h"
#include "case_kind.h"
#include "casedb/work.h"

struct set_options {
    struct case_options c;
    const char *title, *kind, *level, *tlp, *reason;
};

#define AT(member) offsetof(struct set_options, member)
static const struct opt opts[] = {
    CASE_WRITE_OPTS(struct set_options),
    {"title", 0, OPT_TEXT, AT(title), "TEXT", N_("what it is called"), NULL},
    {"kind", 'k', OPT_TEXT, AT(kind), "KIND",
     N_("malware, intrusion, destruction, tampering, leak, outage, phishing, lost_device, other"),
     NULL},
    {"level", 'l', OPT_TEXT, AT(level), "LEVEL", N_("how bad it is, by the criteria table"), NULL},
    {"tlp", 0, OPT_TEXT, AT(tlp), "TLP", N_("clear, green, amber, amber+strict or red"), NULL},
    {"reason", 'm', OPT_TEXT, AT(reason), "TEXT", N_("why: a level needs one"), NULL},
    OPT_END,
};

static int run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
               const struct env *env)
{
    const struct set_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], said[160], kind[CASE_KIND_TEXT], level[CASE_KIND_TEXT];
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = case_kind(&j, o->kind, kind);
    if (status == IR_EXIT_OK) status = case_level(&j, o->level, level);
    if (status == IR_EXIT_OK) {
        const struct ir_incident_change c = {ir_str_z(o->title), ir_str_z(kind), ir_str_z(level),
                                             ir_str_z(o->tlp), ir_str_z(o->reason)};
        status = case_status(&j, ir_incident_set(j.db, id, &c, &j.err));
    }
    if (status == IR_EXIT_OK) {
        snprintf(said, sizeof said, _("%s is changed"), no);
        case_made(&j, no, 0, id, said);
    }
    return case_close(&j, status);
}

extern const struct cmd cmd_case_set;
const struct cmd cmd_case_set = {
    .name = "case set",
    .operands = "CASE",
    .brief = N_("Put right what a case is called, its kind, level or TLP"),
    .opts = opts,
    .size = sizeof(struct set_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
