/*
 * ir case ioc: indicators of compromise of a case, also as people pass them on, defanged
 * (hxxp://, [.], (dot)). They are kept as they are meant; a list prints them for machines, so it is
 * not to be clicked on.
 */
#include "base/intl.h"
#include "case.h"
#include "casedb/scene.h"
#include "run/ioc.h"

#define IMPORT_MAX ((size_t)64 << 20)

struct ioc_options {
    struct case_options c;
    const char *note, *tlp, *from;
};

#define AT(member) offsetof(struct ioc_options, member)
#define IOC_OPTS                                                                                   \
    {"note", 0, OPT_TEXT, AT(note), "TEXT", N_("what it was used for"), NULL},                     \
    {                                                                                              \
        "tlp", 0, OPT_TEXT, AT(tlp), "TLP", N_("clear, green, amber, amber+strict or red"), NULL   \
    }
static const struct opt add_opts[] = {CASE_WRITE_OPTS(struct ioc_options), IOC_OPTS, OPT_END};
static const struct opt import_opts[] = {
    CASE_WRITE_OPTS(struct ioc_options),
    IOC_OPTS,
    {"from", 0, OPT_TEXT, AT(from), "FILE", N_("a list, one a line (default: stdin)"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct ioc_options), OPT_END};

#define TOLD_MAX 10u /* lines that are told one by one */

struct ioc_job {
    struct case_job j;
    const struct ioc_options *o;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    uint64_t added, same, bad;
};

/* A line that is none is told of by its number (0: it has none) and counted. */
static int take(struct ioc_job *k, struct ir_str line, uint64_t at)
{
    struct ir_arena arena = IR_ARENA((size_t)1 << 20);
    struct ir_ioc i;
    const char *why;
    int rc = ir_ioc_parse(&arena, line, &i, &why);
    if (rc < 0) {
        if (at > 0 && k->bad < TOLD_MAX)
            say(k->j.cmd, _("line %1$llu: %2$s"), (unsigned long long)at, _(why));
        else if (at == 0)
            say(k->j.cmd, "%.*s: %s", IR_FMT(ir_str_head(line, 80)), _(why));
        k->bad++;
    }
    if (rc == 0) {
        const struct ir_indicator one = {ir_str_z(ir_ioc_kind_name(&i)), i.text,
                                         ir_str_z(k->o->note), ir_str_z(k->o->tlp)};
        rc = ir_indicator_add(k->j.db, k->id, &one, &k->j.err);
        if (rc == IR_OK) k->added++;
        if (rc == IR_END) k->same++;
    } else {
        rc = IR_OK;
    }
    ir_arena_free(&arena);
    return rc < 0 ? rc : IR_OK;
}

static int finish(struct ioc_job *k, int status)
{
    if (status == IR_EXIT_OK) {
        const struct case_cell row[] = {
            {"added", N_("added"), 8, {NULL, 0}, (int64_t)k->added, true, false},
            {"same", N_("there already"), 14, {NULL, 0}, (int64_t)k->same, true, false},
            {"bad", N_("unusable"), 0, {NULL, 0}, (int64_t)k->bad, true, false},
        };
        case_row(&k->j, row, sizeof row / sizeof *row);
    }
    return case_close(&k->j, status);
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    struct ioc_job k = {.o = options};
    int status = case_start(&k.j, cmd, &k.o->c, env, operands->v[0], k.id, k.no);
    for (size_t i = 1; i < operands->n && status == IR_EXIT_OK; i++)
        status = case_status(&k.j, take(&k, ir_str_z(operands->v[i]), 0));
    if (status == IR_EXIT_OK && k.bad > 0) status = IR_EXIT_USAGE;
    return finish(&k, status);
}

static int import_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    struct ioc_job k = {.o = options};
    struct ir_buf text = IR_BUF(IMPORT_MAX);
    struct ir_str line;
    bool ended;
    const char *from = k.o->from != NULL ? k.o->from : "-";
    int status = case_start_text(&k.j, cmd, &k.o->c, env, operands, from, &text, k.id, k.no);
    struct ir_str rest = ir_buf_view(&text);
    for (uint64_t at = 1; status == IR_EXIT_OK && ir_str_line(&rest, &line, &ended); at++)
        status = case_status(&k.j, take(&k, line, at));
    if (k.bad > TOLD_MAX)
        say(cmd, _("%llu more lines are no indicators"), (unsigned long long)(k.bad - TOLD_MAX));
    status = finish(&k, status);
    ir_buf_free(&text);
    return status == IR_EXIT_OK && k.bad > 0 ? IR_EXIT_DAMAGED : status;
}

static const struct case_column columns[] = {
    {"type", N_("type"), 8, CASE_TEXT}, {"value", N_("indicator"), 40, CASE_TEXT},
    {"tlp", "TLP", 12, CASE_TEXT},      {"state", N_("state"), 8, CASE_TEXT},
    {"note", N_("note"), 0, CASE_TEXT}, {"id", "", 0, CASE_ID},
};
static const struct case_list iocs = {
    "SELECT type, value, tlp, state, note, id FROM ioc WHERE incident_id = ?1 ORDER BY type, value",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct ioc_options *)options)->c, env, operands->v[0], &iocs);
}

#define IOC_CMD(word, what, named, table, least, most)                                             \
    static const struct cmd cmd_case_ioc_##word = {.name = "case ioc " #word,                      \
                                                   .operands = named,                              \
                                                   .brief = what,                                  \
                                                   .opts = table,                                  \
                                                   .size = sizeof(struct ioc_options),             \
                                                   .min_operands = least,                          \
                                                   .max_operands = most,                           \
                                                   .run = word##_run}
IOC_CMD(add, N_("Add indicators of compromise, defanged or not"), "CASE INDICATOR…", add_opts, 2,
        SIZE_MAX);
IOC_CMD(list, N_("List the indicators of a case"), "CASE", list_opts, 1, 1);
IOC_CMD(import, N_("Take a list of indicators, one a line"), "CASE", import_opts, 1, 1);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_ioc_add, &cmd_case_ioc_list,
                                         &cmd_case_ioc_import, NULL};

extern const struct cmd cmd_case_ioc;
const struct cmd cmd_case_ioc = {
    .name = "case ioc",
    .operands = "COMMAND",
    .brief = N_("The indicators of compromise of a case"),
    .opts = no_opts,
    .subs = subs,
};
