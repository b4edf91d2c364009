/*
 * ir case asset: machines, accounts and data that an incident concerns, and what became of them.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "case.h"
#include "casedb/scene.h"

struct asset_options {
    struct case_options c;
    const char *type, *address, *owner, *role, *state, *note;
};

#define AT(member) offsetof(struct asset_options, member)
static const struct opt write_opts[] = {
    CASE_WRITE_OPTS(struct asset_options),
    {"type", 0, OPT_TEXT, AT(type), "TEXT", N_("server, PC, account, data …"), NULL},
    {"address", 0, OPT_TEXT, AT(address), "TEXT", N_("its address"), NULL},
    {"owner", 0, OPT_TEXT, AT(owner), "NAME", N_("who answers for it"), NULL},
    {"role", 0, OPT_TEXT, AT(role), "TEXT", N_("victim, stepping stone, source, unaffected"), NULL},
    {"state", 0, OPT_TEXT, AT(state), "TEXT", N_("isolated, running, restored …"), NULL},
    {"note", 0, OPT_TEXT, AT(note), "TEXT", N_("anything else that should be known"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct asset_options), OPT_END};

static size_t given(const struct asset_options *o, struct ir_value v[6])
{
    static const char *const names[] = {"type", "address", "owner", "role", "state", "note"};
    const char *const said[] = {o->type, o->address, o->owner, o->role, o->state, o->note};
    size_t n = 0;
    for (size_t i = 0; i < 6; i++)
        if (said[i] != NULL) v[n++] = IR_V_Z(names[i], said[i]);
    return n;
}

extern const struct cmd cmd_case_asset, cmd_case_asset_add;

static int write_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct asset_options *o = options;
    const struct ir_str name = ir_utf8_trim(ir_str_z(operands->v[1]));
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct ir_value v[6];
    struct case_job j;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    const size_t n = given(o, v);
    if (status == IR_EXIT_OK)
        status = case_status(&j, cmd == &cmd_case_asset_add
                                     ? ir_asset_add(j.db, id, name, v, n, &j.err)
                                     : ir_asset_change(j.db, id, name, v, n, &j.err));
    if (status == IR_EXIT_OK) case_made(&j, no, 0, NULL, no);
    return case_close(&j, status);
}

static const struct case_column columns[] = {
    {"name", N_("name"), 16, CASE_TEXT},       {"type", N_("type"), 10, CASE_TEXT},
    {"address", N_("address"), 18, CASE_TEXT}, {"owner", N_("owner"), 14, CASE_TEXT},
    {"role", N_("role"), 12, CASE_TEXT},       {"state", N_("state"), 12, CASE_TEXT},
    {"note", N_("note"), 0, CASE_TEXT},        {"id", "", 0, CASE_ID},
};
static const struct case_list assets = {
    "SELECT name, type, address, owner, role, state, note, id FROM asset WHERE incident_id = ?1 "
    "ORDER BY name",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct asset_options *)options)->c, env, operands->v[0],
                        &assets);
}

#define ASSET_CMD(word, what, named, table, operand, function)                                     \
    const struct cmd cmd_case_asset_##word = {.name = "case asset " #word,                         \
                                              .operands = named,                                   \
                                              .brief = what,                                       \
                                              .opts = table,                                       \
                                              .size = sizeof(struct asset_options),                \
                                              .min_operands = operand,                             \
                                              .max_operands = operand,                             \
                                              .run = function}
ASSET_CMD(add, N_("Add an asset to a case"), "CASE NAME", write_opts, 2, write_run);
static ASSET_CMD(list, N_("List the assets of a case"), "CASE", list_opts, 1, list_run);
static ASSET_CMD(change, N_("Change what is known of an asset"), "CASE NAME", write_opts, 2,
                 write_run);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_asset_add, &cmd_case_asset_list,
                                         &cmd_case_asset_change, NULL};

const struct cmd cmd_case_asset = {
    .name = "case asset",
    .operands = "COMMAND",
    .brief = N_("Machines, accounts and data that a case concerns"),
    .opts = no_opts,
    .subs = subs,
};
