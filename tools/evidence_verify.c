/*
 * ir evidence verify: proves a case, or says what is wrong, where.
 */
#include <inttypes.h>

#include "base/intl.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/check.h"

struct verify_options {
    struct evidence_options ev;
};

static const struct opt verify_opts[] = {
    EVIDENCE_CASE_OPTS(struct verify_options),
    OPT_END,
};

static void on_problem(void *user, const char *place, const char *text)
{
    struct sink *out = user;
    ir_visible(&out->buf, ir_str_z(place), 0);
    ir_buf_str(&out->buf, IR_S(": "));
    ir_visible(&out->buf, ir_str_z(ir_local(text)), 0);
    ir_buf_chr(&out->buf, '\n');
    sink_drain(out);
}

static int run_verify(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct verify_options *o = options;
    struct ir_check_totals t;
    struct evidence e;
    struct sink out;
    struct ir_err err = {0};
    (void)operands;
    sink_open(&out, cmd, NULL, NULL);
    const struct ir_check_report report = {on_problem, on_problem, &out};
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_LOOK);
    if (status != IR_EXIT_OK) return sink_close(&out, status);
    ir_check_case(e.case_fd, NULL, &report, &t, &err);
    ir_buf_fmt(&out.buf,
               _("%" PRIu64 " lines, %" PRIu64 " checkpoints, %" PRIu64 " signatures, %" PRIu64
                 " exhibits: %" PRIu64 " problems\n"),
               t.lines, t.checkpoints, t.signatures, t.exhibits, t.problems);
    status = evidence_close(&e, t.problems > 0 ? IR_EXIT_FINDINGS : IR_EXIT_OK);
    return sink_close(&out, status);
}

const struct cmd cmd_evidence_verify = {
    .name = "evidence verify",
    .operands = "",
    .brief = N_("Prove a case: chain, checkpoints, signatures, exhibits"),
    .opts = verify_opts,
    .size = sizeof(struct verify_options),
    .run = run_verify,
};
