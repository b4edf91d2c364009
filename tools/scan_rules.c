/*
 * The rules of a scan. See scan_rules.h.
 */
#include "scan_rules.h"

#include "sink.h"
#include "where.h"

int too_many_threads(const struct cmd *cmd, uint64_t threads)
{
    say(cmd, "--threads: %llu: too many: use at most %d", (unsigned long long)threads,
        SCAN_THREADS_MAX);
    return IR_EXIT_USAGE;
}

void say_error(const struct cmd *cmd, const char *what, const char *path, const struct ir_err *err,
               const char *advice)
{
    const char *input = err->input[0] ? err->input : path;
    const char *msg = err->msg[0] ? err->msg : "unknown reason";
    if (err->line > 0)
        say(cmd, "%s: %s:%lld: %s: %s", what, input, (long long)err->line, msg, advice);
    else
        say(cmd, "%s: %s: %s: %s", what, input, msg, advice);
}

int add_rules(const struct cmd *cmd, struct ir_scan *scan, const struct opt_list *paths,
              bool defaults)
{
    struct ir_buf own = IR_BUF(1 << 16);
    int status = IR_EXIT_OK;
    if (defaults && default_rules(&own)) {
        struct ir_err err = {0};
        if (ir_scan_add_rules(scan, own.p, &err) < 0) {
            say_error(cmd, "cannot read rules", own.p, &err,
                      "reinstall ir, or use --no-default-rules and --rules DIR");
            status = IR_EXIT_FAILED;
        }
    } else if (defaults) {
        say(cmd, "no default rules: share/ir/rules is not there: reinstall ir, or use "
                 "--no-default-rules and --rules DIR");
        status = paths->n > 0 ? IR_EXIT_OK : IR_EXIT_FAILED;
    }
    ir_buf_free(&own);
    for (size_t i = 0; i < paths->n && status == IR_EXIT_OK; i++) {
        struct ir_err err = {0};
        if (ir_scan_add_rules(scan, paths->v[i], &err) >= 0) continue;
        say_error(cmd, "cannot read rules", paths->v[i], &err,
                  "name a directory of Sigma rules with --rules");
        status = IR_EXIT_FAILED;
    }
    return status;
}
