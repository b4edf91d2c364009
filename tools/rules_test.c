/*
 * ir rules test: rules against the samples beside them (run/samples.h).
 */
#include "base/utf8.h"
#include "formats_load.h"
#include "report/page.h"
#include "run/samples.h"
#include "sink.h"
#include "where.h"

struct test_options {
    struct opt_list rules;
    const char *values;
    int64_t reference_time;
    bool require_samples, quiet;
};

#define AT(member) offsetof(struct test_options, member)
static const struct opt test_opts[] = {
    {"quiet", 'q', OPT_FLAG, AT(quiet), NULL, N_("only what fails, and the count at the end"),
     NULL},
    {"require-samples", 0, OPT_FLAG, AT(require_samples), NULL,
     N_("a rule file without samples is a failure"), NULL},
    {"rules", 'r', OPT_LIST, AT(rules), "DIR",
     N_("rules elsewhere that correlations may refer to (may be repeated)"), NULL},
    {"values", 0, OPT_TEXT, AT(values), "FILE", N_("values for the placeholders of rules (YAML)"),
     NULL},
    {"reference-time", 0, OPT_TIME, AT(reference_time), "TIME",
     N_("stands for now where a stamp has no year"), NULL},
    OPT_END,
};

static void test_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct test_options *)options)->reference_time = INT64_MIN;
}

struct told {
    struct sink *out;
    const struct test_options *o;
};

/* A reason of the library in the reader's language. */
static void said(struct ir_buf *b, struct ir_str reason)
{
    struct ir_buf text = IR_BUF(1 << 16);
    ir_local_add(&text, reason);
    ir_visible(b, ir_buf_view(&text), 0);
    ir_buf_free(&text);
}

static void on_report(void *user, const struct ir_sample_report *r)
{
    const struct told *t = user;
    struct ir_buf *b = &t->out->buf;
    if (r->without && t->o->quiet && !t->o->require_samples) return;
    ir_visible(b, ir_str_z(r->rules), 0);
    if (r->without) {
        ir_buf_str(b, ir_intl_str(t->o->require_samples ? N_(": failed: no samples\n")
                                                        : N_(": no samples\n")));
    } else {
        ir_buf_str(b, ir_intl_str(N_(": failed: ")));
        if (r->sample != NULL) ir_visible(b, ir_str_z(r->sample), 0);
        if (r->sample != NULL) ir_buf_str(b, IR_S(": "));
        said(b, r->reason);
        ir_buf_chr(b, '\n');
    }
    for (struct ir_str rest = r->explain; rest.n > 0;) {
        ir_buf_str(b, IR_S("    "));
        ir_buf_str(b, ir_str_cut(&rest, '\n'));
        ir_buf_chr(b, '\n');
    }
    sink_drain(t->out);
}

static void count(struct ir_buf *b, const struct ir_samples_result *r, uint64_t failed)
{
    ir_page_plural(b, r->rules, "%s rule", "%s rules");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, r->samples, "%s sample", "%s samples");
    ir_buf_str(b, ir_intl_str(N_(", ")));
    ir_page_plural(b, failed, "%s failed", "%s failed");
    if (r->without > 0) {
        ir_buf_str(b, ir_intl_str(N_(", ")));
        ir_page_plural(b, r->without, "%s rule file without samples",
                       "%s rule files without samples");
    }
    ir_buf_chr(b, '\n');
}

static int test_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct test_options *o = options;
    struct ir_buf own = IR_BUF(1 << 16);
    struct ir_samples_result r;
    struct ir_err err = {0};
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    struct told t = {&out, o};
    struct formats formats;
    if (operands->n == 0 && !default_rules(&own)) {
        say(cmd,
            _("no default rules: share/ir/rules is not there: reinstall ir, or name a directory "
              "of rules"));
        ir_buf_free(&own);
        return sink_close(&out, IR_EXIT_FAILED);
    }
    const char *const defaults[] = {own.p, NULL};
    int status = formats_open(&formats, cmd, env, NULL, operands);
    struct ir_samples_options so = {.formats = formats.list,
                                    .values_path = o->values,
                                    .others = o->rules.v,
                                    .reference_time = o->reference_time,
                                    .now = env->now,
                                    .no_sandbox = env->no_sandbox,
                                    .output_fd = out.fd,
                                    .report = on_report,
                                    .user = &t};
    if (status != IR_EXIT_OK) {
        /* said already */
    } else if (ir_samples_run(operands->n > 0 ? operands->v : defaults, &so, &r, &err) != IR_OK) {
        sink_flush(&out);
        say(cmd, _("cannot test: %s%s%s"), err.input, err.input[0] ? ": " : "", ir_local(err.msg));
        status = IR_EXIT_FAILED;
    } else {
        uint64_t failed = r.failed + (o->require_samples ? r.without : 0);
        count(&out.buf, &r, failed);
        if (failed > 0) status = IR_EXIT_FINDINGS;
    }
    formats_close(&formats);
    ir_buf_free(&own);
    return sink_close(&out, status);
}

const struct cmd cmd_rules_test = {
    .name = "rules test",
    .operands = "[PATH…]",
    .brief = N_("Run rules on the samples beside them"),
    .about =
        N_("PATH is a rule file or a directory of them; without any, the rules that come with ir.\n"
           "Of a rule file NAME.yml each NAME.match.* must be reported by a rule of the file, and\n"
           "each NAME.nomatch.* by none.\n\n"
           "Exit status: 0 when all samples pass, 1 when some fail."),
    .opts = test_opts,
    .size = sizeof(struct test_options),
    .max_operands = SIZE_MAX,
    .defaults = test_defaults,
    .run = test_run,
};
