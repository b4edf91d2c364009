/*
 * ir evidence timestamp: RFC 3161 in two steps, request and attach; no network is ever used here.
 */
#include <fcntl.h>
#include <inttypes.h>

#include "base/intl.h"
#include "evidence.h"
#include "evidence/files.h"
#include "evidence/redact.h"
#include "evidence/stamp.h"

struct timestamp_options {
    struct evidence_options ev;
    const char *tsa, *ca;
};

#define AT(member) offsetof(struct timestamp_options, member)
static const struct opt timestamp_opts[] = {
    EVIDENCE_CASE_OPTS(struct timestamp_options),
    EVIDENCE_WHO_OPTS(struct timestamp_options),
    {"tsa", 0, OPT_TEXT, AT(tsa), "URL", N_("the authority, for the record and the hint"), NULL},
    {"ca", 0, OPT_TEXT, AT(ca), "FILE",
     N_("certificates (PEM) to trust; attach keeps them as custody/tsa/ca.pem"), NULL},
    OPT_END,
};

/* Without the password that an account at the authority may have. */
static void authority(const struct timestamp_options *o, struct ir_buf *details)
{
    struct ir_buf url = IR_BUF(1 << 13);
    if (o->tsa != NULL) ir_redact_url(ir_str_z(o->tsa), &url);
    ir_custody_detail(details, "tsa", url.p);
    ir_buf_free(&url);
}

/* The request covers the line that tells of it. */
static int request(struct evidence *e, const struct timestamp_options *o)
{
    struct ir_buf details = IR_BUF(1 << 14);
    struct ir_err err = {0};
    char name[IR_CHECKPOINT_NAME];
    uint64_t n = ir_custody_count(e->custody) + 1;
    ir_custody_detail_u64(&details, "checkpoint", n);
    authority(o, &details);
    int status = evidence_append(e, "timestamp-request", NULL, NULL, ir_buf_view(&details));
    ir_buf_free(&details);
    if (status == IR_EXIT_OK) status = evidence_commit(e);
    if (status != IR_EXIT_OK) return status;
    if (ir_stamp_request(e->custody, n, &err) != IR_OK) {
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    ir_checkpoint_name(n, name);
    printf("%s/custody/%s.tsq\n", e->path, name);
    say(e->cmd,
        _("carry this file to a machine with a network, have it stamped (curl -H 'Content-Type: "
          "application/timestamp-query' --data-binary @%s.tsq %s -o %s.tsr), and attach the "
          "answer"),
        name, o->tsa != NULL ? o->tsa : "URL", name);
    return IR_EXIT_OK;
}

/* --ca, or else what the case keeps. */
static int certificates(struct evidence *e, const char *ca, struct ir_buf *out)
{
    struct ir_err err = {0};
    int rc = ca != NULL ? ir_file_read(AT_FDCWD, ca, IR_STAMP_MAX, out, &err)
                        : ir_stamp_ca(e->custody, out, &err);
    if (rc == IR_OK) return IR_EXIT_OK;
    if (ca != NULL)
        say(e->cmd, "--ca: %s: %s", ca, ir_local(err.msg));
    else
        say(e->cmd, _("--ca is needed: the certificates of the time-stamp authority"));
    return IR_EXIT_USAGE;
}

static int attach(struct evidence *e, const struct timestamp_options *o, const char *path)
{
    struct ir_buf ca = IR_BUF(IR_STAMP_MAX + 1), answer = IR_BUF(IR_STAMP_MAX + 1),
                  details = IR_BUF(1 << 14);
    struct ir_err err = {0};
    struct ir_stamp s;
    char kept[IR_HASH_TEXT];
    int status = certificates(e, o->ca, &ca);
    if (status == IR_EXIT_OK) {
        int rc = ir_file_read(AT_FDCWD, path, IR_STAMP_MAX, &answer, &err);
        if (rc == IR_OK)
            rc = ir_stamp_attach(e->custody, ir_buf_view(&answer), ir_buf_view(&ca), &s, &err);
        if (rc == IR_OK) rc = ir_stamp_keep_ca(e->custody, ir_buf_view(&ca), kept, &err);
        if (rc != IR_OK) say(e->cmd, "%s: %s: %s", path, err.input, ir_local(err.msg));
        status = rc == IR_OK ? IR_EXIT_OK : rc == IR_BAD ? IR_EXIT_FINDINGS : IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK) {
        ir_custody_detail_u64(&details, "checkpoint", s.checkpoint);
        ir_custody_detail(&details, "time_stamped", s.time);
        ir_custody_detail(&details, "serial", s.serial);
        ir_custody_detail(&details, "policy", s.policy);
        ir_custody_detail(&details, "tsr_sha256", s.sha256);
        ir_custody_detail(&details, "ca_sha256", kept);
        authority(o, &details);
        status = evidence_append(e, "timestamp-attach", NULL, NULL, ir_buf_view(&details));
    }
    ir_buf_free(&details);
    ir_buf_free(&answer);
    ir_buf_free(&ca);
    return status;
}

/* Those that the log tells of, not those that lie there: one may have been taken away. */
static int verify(struct evidence *e, const struct timestamp_options *o)
{
    struct ir_buf ca = IR_BUF(IR_STAMP_MAX + 1);
    struct sink out;
    uint64_t good = 0;
    int status = certificates(e, o->ca, &ca);
    if (status == IR_EXIT_OK) {
        sink_open(&out, e->cmd, NULL, NULL);
        for (uint64_t seq = 1; seq <= ir_custody_count(e->custody); seq++) {
            char name[IR_CHECKPOINT_NAME];
            struct ir_err err = {0};
            struct ir_stamp s;
            int rc = ir_stamp_verify(e->custody, seq, ir_buf_view(&ca), &s, &err);
            if (rc == IR_END) continue;
            ir_checkpoint_name(s.checkpoint, name);
            if (rc == IR_OK) {
                ir_buf_fmt(&out.buf, "%s  %s  %s  %s\n", name, s.time, s.policy, s.serial);
                if (s.run_out) say(e->cmd, "custody/%s.tsr: %s", name, _(IR_STAMP_RUN_OUT));
                good++;
                continue;
            }
            ir_buf_fmt(&out.buf, "custody/%s: %s\n", err.input, ir_local(err.msg));
            status = IR_EXIT_FINDINGS;
        }
        if (good > 0)
            ir_buf_str(&out.buf, ir_intl_str(N_("Certificates were checked as of the time that "
                                                "each of these tells, not as of today.\n")));
        status = sink_close(&out, status);
    }
    ir_buf_free(&ca);
    return status;
}

static int run_timestamp(const struct cmd *cmd, const void *options,
                         const struct opt_list *operands, const struct env *env)
{
    const struct timestamp_options *o = options;
    const char *verb = operands->v[0];
    const bool looks = strcmp(verb, "verify") == 0, attaches = strcmp(verb, "attach") == 0;
    struct evidence e;
    if ((!looks && !attaches && strcmp(verb, "request") != 0) || (operands->n == 2) != attaches) {
        say(cmd, _("request, attach FILE, or verify"));
        return IR_EXIT_USAGE;
    }
    int status = evidence_open(&e, cmd, &o->ev, env, looks ? EVIDENCE_READ : EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    if (attaches)
        status = attach(&e, o, operands->v[1]);
    else
        status = (looks ? verify : request)(&e, o);
    return evidence_close(&e, status);
}

const struct cmd cmd_evidence_timestamp = {
    .name = "evidence timestamp",
    .operands = "request | attach FILE | verify",
    .brief = N_("Have a third party's time over the log (RFC 3161), without a network here"),
    .opts = timestamp_opts,
    .size = sizeof(struct timestamp_options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_timestamp,
};
