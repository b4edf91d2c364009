/*
 * What `ir scan` and `ir rules coverage` share: the rules of a scan, and its errors in words.
 */
#ifndef IR_TOOLS_SCAN_RULES_H
#define IR_TOOLS_SCAN_RULES_H

#include "opt.h"
#include "run/scan.h"

/* The rows of rules.def. */
struct rules_options {
    struct opt_list paths;
    bool no_defaults;
    const char *values;
};

#define SCAN_THREADS_MAX 1024

/* Says so; returns IR_EXIT_USAGE. */
int too_many_threads(const struct cmd *cmd, uint64_t threads);
/* Unless no_defaults the rules that come with ir, the imported sets and the filters of the
 * workspace; then the paths, each of which may be the name of an imported set; values: a file of
 * settings, may be NULL. only: what --rule names, which some rule must fit: a mistyped name must
 * not look like a clean log; may be NULL. Returns IR_EXIT_OK, or a status after having said why. */
int add_rules(const struct cmd *cmd, const struct env *env, struct ir_scan *scan,
              const struct rules_options *o, const struct opt_list *only);
/* After the scan: filters and settings that may do something else than they were written for, which
 * would show only in findings that are missing. */
void say_filters(const struct cmd *cmd, const struct ir_scan *scan);
/* A directory without rules: a mistyped name must not look like a clean log. */
void say_no_rules(const struct cmd *cmd, const char *path);
/* The error's own place, when it has one, else the path the user gave. */
void say_error(const struct cmd *cmd, const char *what, const char *path, const struct ir_err *err,
               const char *advice);

#endif
