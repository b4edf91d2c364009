/*
 * ir case assign: who leads the response.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/work.h"

struct assign_options {
    struct case_options c;
};

static const struct opt opts[] = {CASE_WRITE_OPTS(struct assign_options), OPT_END};

static int run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
               const struct env *env)
{
    const struct assign_options *o = options;
    struct ir_buf said = IR_BUF(1 << 20);
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    const struct ir_str lead = ir_utf8_trim(ir_str_z(operands->v[1]));
    if (status == IR_EXIT_OK) status = case_status(&j, ir_incident_assign(j.db, id, lead, &j.err));
    if (status == IR_EXIT_OK) {
        struct ir_buf name = IR_BUF(1 << 20);
        ir_visible(&name, lead, 80);
        ir_buf_fmt(&said, _("%1$s is led by %2$s"), no, name.p);
        case_made(&j, no, 0, id, said.p);
        ir_buf_free(&name);
    }
    ir_buf_free(&said);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_assign;
const struct cmd cmd_case_assign = {
    .name = "case assign",
    .operands = "CASE NAME",
    .brief = N_("Say who leads the response"),
    .opts = opts,
    .size = sizeof(struct assign_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = run,
};
