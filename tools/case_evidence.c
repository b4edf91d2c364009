/*
 * ir case evidence: the exhibits that belong to a case (5.28). What is known of them is read from
 * their custody log, whose chain is checked on the way; nothing is taken from what a user says.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "case.h"
#include "casedb/work.h"
#include "evidence/ledger.h"

struct link_options {
    struct case_options c;
    const char *dir, *of, *description;
};

#define AT(member) offsetof(struct link_options, member)
static const struct opt link_opts[] = {
    CASE_WRITE_OPTS(struct link_options),
    {"dir", 0, OPT_TEXT, AT(dir), "DIR",
     N_("where the cases of ir evidence lie (default: evidence/ of the workspace)"), NULL},
    {"of", 0, OPT_TEXT, AT(of), "NAME",
     N_("the case's name there (default: the number of this case)"), NULL},
    {"description", 0, OPT_TEXT, AT(description), "TEXT", N_("what it is, in a few words"), NULL},
    OPT_END,
};
static const struct opt list_opts[] = {CASE_READ_OPTS(struct link_options), OPT_END};

struct link_job {
    struct case_job j;
    const struct link_options *o;
    const char *id; /* of the case */
    char path[4096];
    unsigned linked;
};

/* "3" is the exhibit whose name ends in -03. */
static bool is_item(const struct ir_item *x, const char *said)
{
    char end[32];
    uint64_t n;
    if (strcmp(x->id, said) == 0) return true;
    if (!ir_str_u64(ir_str_z(said), &n)) return false;
    snprintf(end, sizeof end, "-%02llu", (unsigned long long)n);
    return ir_str_ends(ir_str_z(x->id), ir_str_z(end));
}

static int link_one(struct link_job *l, const struct ir_item *x)
{
    char path[4600], sealed[IR_CASEDB_TIME] = "";
    int64_t ns;
    bool zone;
    snprintf(path, sizeof path, "%s/%s", l->path, x->id);
    if (ir_time_parse_iso(ir_str_z(x->sealed_at), &ns, &zone) > 0) ir_casedb_time(ns, sealed);
    const struct ir_linked one = {.item = ir_str_z(x->id),
                                  .path = ir_str_z(path),
                                  .seal = ir_str_z(x->seal),
                                  .sealed_at = ir_str_z(sealed),
                                  .description = ir_str_z(l->o->description),
                                  .custody_seq = (int64_t)x->last};
    const int status = case_status(&l->j, ir_exhibit_link(l->j.db, l->id, &one, &l->j.err));
    if (status != IR_EXIT_OK) return status;
    const struct case_cell row[] = {
        {"item", N_("exhibit"), 20, one.item, 0, false, false},
        {"seal", N_("seal"), 64, x->seal[0] ? one.seal : ir_str_n(NULL, 0), 0, false, false},
        {"custody_seq", N_("custody line"), 0, {NULL, 0}, one.custody_seq, true, false},
    };
    case_row(&l->j, row, sizeof row / sizeof *row);
    l->linked++;
    return IR_EXIT_OK;
}

/* The exhibits that were named; without names all that are sealed. */
static int link_all(struct link_job *l, const struct ir_ledger *ledger,
                    const struct opt_list *operands)
{
    int status = IR_EXIT_OK;
    for (size_t k = 1; k < operands->n && status == IR_EXIT_OK; k++) {
        size_t i = 0;
        while (i < ledger->n && !is_item(&ledger->v[i], operands->v[k]))
            i++;
        if (i < ledger->n) {
            status = link_one(l, &ledger->v[i]);
            continue;
        }
        say(l->j.cmd, _("%s: the log tells of no such exhibit"), operands->v[k]);
        status = IR_EXIT_USAGE;
    }
    for (size_t i = 0; operands->n == 1 && i < ledger->n && status == IR_EXIT_OK; i++)
        if (ledger->v[i].seal[0] != '\0') status = link_one(l, &ledger->v[i]);
    if (status == IR_EXIT_OK && l->linked == 0) {
        say(l->j.cmd, _("%s: nothing is sealed there yet"), l->path);
        status = IR_EXIT_USAGE;
    }
    return status;
}

static int read_ledger(struct link_job *l, const char *name, struct ir_ledger *ret_l)
{
    static const struct ir_custody_tool tool = {"ir", IR_VERSION, NULL};
    struct ir_err err = {0};
    struct ir_custody *c;
    const char *home = l->j.env->home;
    const int n = l->o->dir != NULL
                      ? snprintf(l->path, sizeof l->path, "%s/%s", l->o->dir, name)
                      : snprintf(l->path, sizeof l->path, "%s/evidence/%s", home, name);
    if (n < 0 || (size_t)n >= sizeof l->path || name[0] == '.' || strchr(name, '/') != NULL) {
        say(l->j.cmd, _("--of: %.60s: a name without slashes"), name);
        return IR_EXIT_USAGE;
    }
    const int fd = open(l->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        say(l->j.cmd, _("%s: no evidence there yet: ir evidence collect --case %s"), l->path, name);
        return IR_EXIT_USAGE;
    }
    int status = IR_EXIT_OK;
    if (ir_custody_open(fd, name, IR_CUSTODY_READ, &tool, &c, &err) == IR_OK) {
        if (ir_ledger_read(c, ret_l, &err) != IR_OK) status = IR_EXIT_FAILED;
        ir_custody_close(c);
    } else {
        status = IR_EXIT_DAMAGED;
    }
    if (status != IR_EXIT_OK) say(l->j.cmd, "%s: %s", l->path, ir_local(err.msg));
    close(fd);
    return status;
}

static int link_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct link_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct ir_ledger ledger = {0};
    struct link_job l = {.o = o, .id = id};
    int status = case_start(&l.j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = read_ledger(&l, o->of != NULL ? o->of : no, &ledger);
    if (status == IR_EXIT_OK) status = link_all(&l, &ledger, operands);
    ir_ledger_free(&ledger);
    return case_close(&l.j, status);
}

static const struct case_column columns[] = {
    {"item", N_("exhibit"), 20, CASE_TEXT},
    {"sealed_at", N_("sealed"), 25, CASE_TIME},
    {"custody_seq", N_("custody line"), 12, CASE_NUMBER},
    {"seal", N_("seal"), 64, CASE_TEXT},
    {"description", N_("what"), 0, CASE_TEXT},
    {"path", "", 0, CASE_ID},
    {"id", "", 0, CASE_ID},
};
static const struct case_list exhibits = {
    "SELECT item, sealed_at, custody_seq, seal, description, path, id FROM exhibit "
    "WHERE incident_id = ?1 ORDER BY item",
    columns, sizeof columns / sizeof *columns};

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    return case_list_of(cmd, &((const struct link_options *)options)->c, env, operands->v[0],
                        &exhibits);
}

static const struct cmd cmd_case_evidence_link = {
    .name = "case evidence link",
    .operands = "CASE [ITEM…]",
    .brief = N_("Link exhibits to a case"),
    .about = N_("ITEM is an exhibit's number or name; without any, all that are sealed. Seal and\n"
                "place in the custody log are read from that log."),
    .opts = link_opts,
    .size = sizeof(struct link_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = link_run,
};

static const struct cmd cmd_case_evidence_list = {
    .name = "case evidence list",
    .operands = "CASE",
    .brief = N_("List the exhibits of a case"),
    .opts = list_opts,
    .size = sizeof(struct link_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = list_run,
};

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_case_evidence_link, &cmd_case_evidence_list, NULL};

extern const struct cmd cmd_case_evidence;
const struct cmd cmd_case_evidence = {
    .name = "case evidence",
    .operands = "COMMAND",
    .brief = N_("The exhibits that belong to a case"),
    .opts = no_opts,
    .subs = subs,
};
