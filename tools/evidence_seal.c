/*
 * What all commands that fill an exhibit do: its digests chosen, and in the end it is sealed, and
 * the log tells so.
 */
#include <inttypes.h>

#include "base/time.h"
#include "case_anchor.h"
#include "evidence.h"
#include "meter.h"

int evidence_algorithms(const struct cmd *cmd, const struct opt_list *also, unsigned *ret_set)
{
    *ret_set = IR_DIGESTS_EVIDENCE;
    for (size_t i = 0; i < also->n; i++) {
        struct ir_str rest = ir_str_z(also->v[i]);
        while (rest.p != NULL) {
            struct ir_str name = ir_str_cut(&rest, ',');
            enum ir_digest_alg a = ir_digest_by_name(name);
            if (a == IR_DIGEST_ALG_MAX) {
                say(cmd, _("--also: %s: md5, sha1, sha256 and sha512 are known"), also->v[i]);
                return IR_EXIT_USAGE;
            }
            *ret_set |= IR_DIGEST_BIT(a);
        }
    }
    return IR_EXIT_OK;
}

/* That it was tried and failed, and at which file, belongs to the record. */
static void tell_failure(struct evidence *e, struct ir_exhibit *x, const struct ir_err *err)
{
    struct ir_buf details = IR_BUF(1 << 14);
    ir_custody_detail(&details, "problem", err->msg);
    ir_custody_detail(&details, "problem_file", err->input);
    evidence_append(e, "seal-failed", ir_exhibit_item(x), NULL, ir_buf_view(&details));
    ir_buf_free(&details);
}

int evidence_seal(struct evidence *e, struct ir_exhibit *x)
{
    char hex[IR_DIGEST_TEXT], date[IR_TIME_TEXT], head[ANCHOR_TEXT];
    struct ir_err err = {0};
    struct ir_buf totals = IR_BUF(1 << 12);
    ir_time_rfc3339(e->env->now, date);
    date[10] = '\0';
    const struct ir_bag_info info[] = {
        {"Source-Organization", e->who.actor.organisation},
        {"Contact-Name", e->who.actor.name},
        {"Contact-Phone", e->who.actor.contact},
        {"External-Description", e->who.reason},
        {"Bagging-Date", date},
        {"External-Identifier", ir_exhibit_item(x)},
        {"Bag-Group-Identifier", ir_custody_case(e->custody)},
        {"Bag-Software-Agent", "ir " IR_VERSION},
    };
    struct meter meter;
    meter_begin(&meter, e->env);
    ir_exhibit_watch(x, meter_on, &meter);
    int rc = ir_exhibit_seal(x, info, sizeof info / sizeof *info, hex, &err);
    ir_exhibit_watch(x, NULL, NULL);
    meter_end(&meter);
    int status = IR_EXIT_OK;
    if (rc != IR_OK) {
        evidence_say(e, &err);
        tell_failure(e, x, &err);
        return rc == IR_BAD ? IR_EXIT_DAMAGED : IR_EXIT_FAILED;
    }
    const struct ir_exhibit_totals *t = ir_exhibit_totals(x);
    ir_buf_fmt(&totals, "\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"read_back\":true", t->files,
               t->bytes);
    if (anchor_head(e->env, head)) ir_custody_detail(&totals, ANCHOR_MEMBER, head);
    status = evidence_append(e, "seal", ir_exhibit_item(x), hex, ir_buf_view(&totals));
    ir_buf_free(&totals);
    if (status == IR_EXIT_OK) printf("%s  %s/%s\n", hex, e->path, ir_exhibit_item(x));
    return status;
}
