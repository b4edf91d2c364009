/*
 * ir rules: the group of commands about rules. Each is a file rules_<name>.c.
 */
#include "cmd.h"

extern const struct cmd cmd_rules_list, cmd_rules_check;

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_rules_list, &cmd_rules_check, NULL};

const struct cmd cmd_rules = {
    .name = "rules",
    .operands = "COMMAND",
    .brief = "List and check detection rules",
    .opts = no_opts,
    .subs = subs,
};
