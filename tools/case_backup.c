/*
 * ir case backup and restore: the whole casework in one file, and going back to it.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/intl.h"
#include "case.h"
#include "case_anchor.h"
#include "casedb/backup.h"
#include "casedb/dbfile.h"
#include "workspace.h"

struct backup_options {
    struct case_options c;
    const char *reason;
    bool force;
};

#define AT(member) offsetof(struct backup_options, member)
static const struct opt backup_opts[] = {CASE_READ_OPTS(struct backup_options), OPT_END};
static const struct opt restore_opts[] = {
    CASE_WRITE_OPTS(struct backup_options),
    {"force", 'f', OPT_FLAG, AT(force), NULL, N_("also give up changes that the backup lacks"),
     NULL},
    {"reason", 'r', OPT_TEXT, AT(reason), "TEXT", N_("why; --force needs it"), NULL},
    OPT_END,
};

static int backup_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct backup_options *o = options;
    struct ir_audit_head head;
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_casedb_backup(j.db, operands->v[0], &head, &j.err));
    if (status != IR_EXIT_OK) return case_close(&j, status);
    if (j.json) {
        const struct case_cell row[] = {{.key = "path", .text = ir_str_z(operands->v[0])},
                                        {.key = "changes", .n = head.seq, .number = true},
                                        {.key = "head", .text = ir_str_z(head.sha256)}};
        case_row(&j, row, 3);
    } else {
        ir_buf_fmt(&j.out.buf, _("whole, and written; head %1$lld:%2$s\n"), (long long)head.seq,
                   head.sha256);
    }
    return case_close(&j, status);
}

static void restored(struct case_job *j, const struct ir_restored *r)
{
    if (j->json) {
        const struct case_cell row[] = {
            {.key = "head", .text = ir_str_z(r->head.sha256)},
            {.key = "changes", .n = r->head.seq, .number = true},
            {.key = "lost", .n = r->lost, .number = true},
            {.key = "kept", .text = r->kept[0] != '\0' ? ir_str_z(r->kept) : ir_str_n(NULL, 0)}};
        case_row(j, row, 4);
    } else if (r->same) {
        ir_buf_str(&j->out.buf, ir_str_z(_("nothing to do: the database stands where it does\n")));
    } else {
        if (r->damaged)
            ir_buf_fmt(&j->out.buf,
                       _("restored: %lld changes; what the old database held besides cannot be "
                         "read\n"),
                       (long long)r->head.seq);
        else
            ir_buf_fmt(&j->out.buf, _("restored: %1$lld changes, %2$lld given up\n"),
                       (long long)r->head.seq, (long long)r->lost);
        if (r->kept[0] != '\0')
            ir_buf_fmt(&j->out.buf, _("the database as it was lies in %s\n"), r->kept);
    }
}

/* Where to, on a machine that may never have had a workspace. */
static int find_place(struct case_job *j, char path[IR_DBFILE_PATH])
{
    const char *home = workspace_home(j->cmd, j->env);
    if (home == NULL) return IR_EXIT_USAGE;
    const int dir = ir_fs_make_dirs(home, 0700);
    if (dir < 0) {
        say(j->cmd, _("cannot make %s: %s"), home, ir_errno_local(-dir));
        return IR_EXIT_FAILED;
    }
    close(dir);
    return case_status(j, ir_dbfile_beside(path, home, "/ir.db", &j->err));
}

/* ir_casedb_restore's result, as an exit status. */
static int restore(struct case_job *j, const char *path, const char *from,
                   const struct ir_restoring *how, struct ir_restored *r)
{
    const int rc = ir_casedb_restore(path, from, how, r, &j->err);
    if (rc == IR_OK) return IR_EXIT_OK;
    if (rc == IR_END) {
        say(j->cmd, _("%lld changes that the backup lacks would be lost: --force --reason TEXT"),
            (long long)r->lost);
        return IR_EXIT_USAGE;
    }
    const int status = case_failed(j);
    return rc == IR_BAD ? IR_EXIT_DAMAGED : status;
}

static int restore_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct backup_options *o = options;
    struct ir_restored r = {.same = true};
    struct case_job j;
    char path[IR_DBFILE_PATH];
    int claim = -1;
    int status = case_without(&j, cmd, &o->c, env);
    if (status == IR_EXIT_OK && (o->force != (o->reason != NULL && o->reason[0] != '\0'))) {
        say(cmd, _("--force and --reason go together"));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK) status = find_place(&j, path);
    if (status == IR_EXIT_OK) status = case_status(&j, ir_dbfile_claim(path, &claim, &j.err));
    const struct ir_restoring how = {.actor = o->c.actor != NULL ? o->c.actor : env->user,
                                     .now = env->now,
                                     .reason = o->force ? o->reason : NULL};
    if (status == IR_EXIT_OK) status = restore(&j, path, operands->v[0], &how, &r);
    const bool done = status == IR_EXIT_OK;
    if (done) restored(&j, &r);
    status = case_close(&j, status);
    if (done && !r.same) {
        const int told =
            anchor_restore(cmd, env, how.actor, how.reason != NULL ? how.reason : "a backup");
        if (status == IR_EXIT_OK) status = told;
    }
    if (claim >= 0) close(claim);
    return status;
}

extern const struct cmd cmd_case_backup, cmd_case_restore;
const struct cmd cmd_case_backup = {
    .name = "case backup",
    .operands = "FILE",
    .brief = N_("Write all cases into one new file, while others work on"),
    .about = N_("The file holds all that is in the workspace's ir.db, and is checked against its\n"
                "audit trail. It is readable by its owner only. Evidence is not in it."),
    .opts = backup_opts,
    .size = sizeof(struct backup_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = backup_run,
};

const struct cmd cmd_case_restore = {
    .name = "case restore",
    .operands = "FILE",
    .brief = N_("Go back to a backup, after it was checked"),
    .about = N_("The database as it was stays beside the new one, as ir.db.before-TIME. That it\n"
                "was restored is a change of the audit trail.\n"
                "Exit status: 3 when the backup is damaged or was tampered with."),
    .opts = restore_opts,
    .size = sizeof(struct backup_options),
    .min_operands = 1,
    .max_operands = 1,
    .run = restore_run,
};
