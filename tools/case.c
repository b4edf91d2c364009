/*
 * ir case: the group of commands about casework, and what they share. See case.h.
 */
#include "case.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/time.h"
#include "casedb/dbfile.h"
#include "workspace.h"

#define DATABASE "ir.db"
#define CHUNK    65536u

extern const struct cmd cmd_case_event, cmd_case_open, cmd_case_list, cmd_case_show,
    cmd_case_assign, cmd_case_task, cmd_case_act, cmd_case_note, cmd_case_phase, cmd_case_close,
    cmd_case_reopen, cmd_case_evidence, cmd_case_playbook, cmd_case_lesson, cmd_case_verify,
    cmd_case_report;
extern const struct cmd cmd_case_timeline, cmd_case_ioc, cmd_case_asset;

extern const struct cmd cmd_case_alerts, cmd_case_decide, cmd_case_undecided, cmd_case_criteria;
extern const struct cmd cmd_case_fact, cmd_case_first, cmd_case_duty;
extern const struct cmd cmd_case_link, cmd_case_merge;
extern const struct cmd cmd_case_contact, cmd_case_role, cmd_case_search;
extern const struct cmd cmd_case_backup, cmd_case_restore, cmd_case_export, cmd_case_import,
    cmd_case_stats, cmd_case_review, cmd_case_set;

static const struct opt no_opts[] = {OPT_END};
/* One a line: a new one would lay out all of them anew. */
/* clang-format off */
static const struct cmd *const subs[] = {
    &cmd_case_event,
    &cmd_case_alerts,
    &cmd_case_decide,
    &cmd_case_undecided,
    &cmd_case_criteria,
    &cmd_case_contact,
    &cmd_case_role,
    &cmd_case_search,
    &cmd_case_open,
    &cmd_case_list,
    &cmd_case_show,
    &cmd_case_assign,
    &cmd_case_set,
    &cmd_case_task,
    &cmd_case_act,
    &cmd_case_note,
    &cmd_case_phase,
    &cmd_case_close,
    &cmd_case_evidence,
    &cmd_case_playbook,
    &cmd_case_timeline,
    &cmd_case_ioc,
    &cmd_case_asset,
    &cmd_case_lesson,
    &cmd_case_link,
    &cmd_case_merge,
    &cmd_case_report,
    &cmd_case_reopen,
    &cmd_case_fact,
    &cmd_case_first,
    &cmd_case_duty,
    &cmd_case_verify,
    &cmd_case_backup,
    &cmd_case_restore,
    &cmd_case_export,
    &cmd_case_import,
    &cmd_case_stats,
    &cmd_case_review,
    NULL};
/* clang-format on */

const struct cmd cmd_case = {
    .name = "case",
    .operands = "COMMAND",
    .brief = N_("Record, assess, handle and report incidents"),
    .opts = no_opts,
    .home_zone = true,
    .subs = subs,
};

const char *choice_case_output(size_t i)
{
    static const char *const words[] = {"table", "jsonl", NULL};
    return words[i];
}

/* What was asked for cannot be, whichever file the cases are in. */
static bool is_of_the_asker(const struct case_job *j)
{
    static const char name[] = "/" DATABASE;
    return j->db != NULL && j->err.code == IR_BAD &&
           ir_str_ends(ir_str_z(j->err.input), ir_str_z(name));
}

int case_failed(struct case_job *j)
{
    const char *reason = ir_local(j->err.msg[0] ? j->err.msg : N_("unknown reason"));
    if (j->err.input[0] != '\0' && !is_of_the_asker(j))
        say(j->cmd, "%s: %s", j->err.input, reason);
    else
        say(j->cmd, "%s", reason);
    return j->err.code == IR_BAD ? IR_EXIT_USAGE : IR_EXIT_FAILED;
}

int case_without(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
                 const struct env *env)
{
    *j = (struct case_job){.cmd = cmd, .o = o, .env = env, .zone_s = env->zone_s};
    j->json = o->output != NULL && strcmp(o->output, "jsonl") == 0;
    return sink_open(&j->out, cmd, NULL, NULL);
}

int case_open(struct case_job *j, const struct cmd *cmd, const struct case_options *o,
              const struct env *env, enum ir_casedb_mode mode)
{
    char path[4096];
    case_without(j, cmd, o, env);
    const char *home = workspace_home(cmd, env);
    if (home == NULL) return IR_EXIT_USAGE;
    const int n = snprintf(path, sizeof path, "%s/" DATABASE, home);
    if (n < 0 || (size_t)n >= sizeof path) {
        say(cmd, _("the path of the workspace is too long"));
        return IR_EXIT_USAGE;
    }
    /* A report must not begin a database of its own there. */
    if (mode != IR_CASEDB_MAKE && ir_dbfile_is_empty(path)) {
        say(cmd,
            _("%s: empty: what was in it is lost, or ir init did not come to its end; ir case "
              "restore FILE takes a backup, ir init begins anew"),
            path);
        return IR_EXIT_FAILED;
    }
    const int rc = ir_casedb_open(path, mode, &j->db, &j->err);
    if (rc == IR_END) {
        say(cmd, _("%s: no workspace yet: ir init makes it"), home);
        return IR_EXIT_USAGE;
    }
    return rc == IR_OK ? IR_EXIT_OK : case_failed(j);
}

int case_begin(struct case_job *j)
{
    const char *actor = j->o->actor != NULL ? j->o->actor : j->env->user;
    return ir_casedb_begin(j->db, actor, j->env->now, &j->err) == IR_OK ? IR_EXIT_OK
                                                                        : case_failed(j);
}

int case_close(struct case_job *j, int status)
{
    bool recorded = false;
    if (j->db != NULL && ir_casedb_changing(j->db)) {
        if (status != IR_EXIT_OK)
            ir_casedb_rollback(j->db);
        else if (ir_casedb_commit(j->db, &j->err) != IR_OK)
            status = case_failed(j);
        else
            recorded = true;
    }
    ir_casedb_close(j->db);
    if (status == IR_EXIT_FAILED) ir_buf_clear(&j->out.buf); /* it did not happen */
    status = sink_close(&j->out, status);
    /* Who was not told the number would do it once more. */
    if (recorded && status == IR_EXIT_FAILED)
        say(j->cmd, _("it is recorded all the same: look at the list before you do it again"));
    return status;
}

int case_find(struct case_job *j, const char *table, const char *said, char id[IR_ID_TEXT],
              char no[IR_NO_TEXT])
{
    return ir_number_find(j->db, table, said, id, no, &j->err) == IR_OK ? IR_EXIT_OK
                                                                        : case_failed(j);
}

int case_read(struct case_job *j, const char *path, struct ir_buf *text)
{
    const int fd =
        strcmp(path, "-") == 0 ? STDIN_FILENO : ir_io_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? fd : 1;
    while (n > 0 && ir_buf_reserve(text, CHUNK)) {
        n = ir_io_read(fd, text->p + text->n, CHUNK);
        if (n > 0) text->n += (size_t)n;
    }
    if (fd > STDIN_FILENO) close(fd);
    if (n < 0) {
        say(j->cmd, _("cannot read %s: %s"), path, ir_errno_local((int)-n));
        return IR_EXIT_FAILED;
    }
    if (text->full)
        say(j->cmd, _("%s: longer than %llu MiB"), path, (unsigned long long)(text->max >> 20));
    else if (text->p != NULL)
        text->p[text->n] = '\0';
    return text->full ? IR_EXIT_USAGE : IR_EXIT_OK;
}

struct ir_str case_time(const struct case_job *j, struct ir_str utc, char buf[40])
{
    int64_t ns;
    bool zone;
    if (j->json || utc.n == 0 || ir_time_parse_iso(utc, &ns, &zone) == 0) return utc;
    char text[IR_TIME_TEXT];
    ir_time_local(ns, j->zone_s, text);
    snprintf(buf, 40, "%.39s", text);
    return ir_str_z(buf);
}
