/*
 * ir rules: the group of commands about rules. Each is a file rules_<name>.c, like the commands of
 * commands.def, and a section of man/ir-rules.1. The rules themselves are Sigma's (rules/rules.h).
 */
#include "cmd.h"

extern const struct cmd cmd_rules_list, cmd_rules_check, cmd_rules_test, cmd_rules_explain,
    cmd_rules_coverage, cmd_rules_import, cmd_rules_remove, cmd_rules_tune;

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_rules_list,    &cmd_rules_check,    &cmd_rules_test,
                                         &cmd_rules_explain, &cmd_rules_coverage, &cmd_rules_import,
                                         &cmd_rules_remove,  &cmd_rules_tune,     NULL};

const struct cmd cmd_rules = {
    .name = "rules",
    .operands = "COMMAND",
    .brief = N_("List, check, test, explain, import and tune detection rules"),
    .opts = no_opts,
    .subs = subs,
};
