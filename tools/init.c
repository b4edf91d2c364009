/*
 * ir init: makes the workspace, and says who the organisation is.
 */
#include <errno.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/intl.h"
#include "base/zone.h"
#include "case.h"
#include "casedb/query.h"
#include "lang.h"
#include "workspace.h"

struct init_options {
    struct case_options c;
    const char *organisation, *zone, *language;
    bool yes;
};

#define AT(member) offsetof(struct init_options, member)
static const struct opt init_opts[] = {
    {"yes", 'y', OPT_FLAG, AT(yes), NULL, N_("ask nothing: defaults for what is not given"), NULL},
    {"organisation", 0, OPT_TEXT, AT(organisation), "NAME", N_("the company's name"), NULL},
    {"zone", 0, OPT_TEXT, AT(zone), "ZONE", N_("its time zone (default +09:00)"), NULL},
    {"language", 0, OPT_TEXT, AT(language), "LANG", N_("of its reports: ja or en (default ja)"),
     NULL},
    {"actor", 'a', OPT_TEXT, AT(c.actor), "NAME",
     N_("who does this (default: the user who runs it)"), NULL},
    OPT_END,
};

static int put(struct case_job *j, const char *name, const char *value)
{
    if (value == NULL) return IR_EXIT_OK;
    return ir_setting_set(j->db, name, ir_str_z(value), &j->err) == IR_OK ? IR_EXIT_OK
                                                                          : case_failed(j);
}

/* Somebody must answer for a case: without a word, who sets this up (5.24). */
static int put_lead(struct case_job *j)
{
    const char *actor = j->o->actor != NULL ? j->o->actor : j->env->user;
    int64_t leads = 0;
    int rc =
        ir_query_number(j->db, "SELECT count(*) FROM role WHERE role = 'lead' AND ended_at IS NULL",
                        ir_str_n(NULL, 0), &leads, &j->err);
    const struct ir_value v[] = {IR_V_Z("role", "lead"), IR_V_INT("deputy", 0),
                                 IR_V_Z("person", actor)};
    if (rc == IR_OK && leads == 0)
        rc = ir_record_insert(j->db, "role", NULL, v, sizeof v / sizeof *v, NULL, &j->err);
    return rc == IR_OK ? IR_EXIT_OK : case_failed(j);
}

static int init_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct init_options *o = options;
    struct case_job j;
    int32_t zone_s;
    (void)operands;
    if (o->zone != NULL && !ir_zone_from_text(ir_str_z(o->zone), &zone_s)) {
        say(cmd, _("--zone: %s: write +09:00, UTC or JST"), o->zone);
        return IR_EXIT_USAGE;
    }
    const char *home = workspace_home(cmd, env);
    if (home == NULL) return IR_EXIT_USAGE;
    const int dir = ir_fs_make_dirs(home, 0700);
    if (dir < 0) {
        say(cmd, _("cannot make %s: %s"), home, ir_errno_local(-dir));
        return IR_EXIT_FAILED;
    }
    close(dir);
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_MAKE);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (status == IR_EXIT_OK) status = put(&j, "organisation", o->organisation);
    if (status == IR_EXIT_OK) status = put(&j, "zone", o->zone ? o->zone : "+09:00");
    if (status == IR_EXIT_OK) status = put(&j, "language", o->language ? o->language : "ja");
    if (status == IR_EXIT_OK) status = put_lead(&j);
    if (status == IR_EXIT_OK) ir_buf_fmt(&j.out.buf, _("the workspace is %s\n"), home);
    return case_close(&j, status);
}

extern const struct cmd cmd_init;
const struct cmd cmd_init = {
    .name = "init",
    .operands = "",
    .brief = N_("Make the workspace for cases, evidence and reviews"),
    .opts = init_opts,
    .size = sizeof(struct init_options),
    .run = init_run,
};
