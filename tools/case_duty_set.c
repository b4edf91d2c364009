/*
 * ir case duty aware, decide and sent: what named persons say of the duties of a case. The clocks
 * start with `aware`, and a duty is settled only by `decide` or `sent`.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/intl.h"
#include "base/io.h"
#include "case.h"
#include "casedb/duty_case.h"
#include "duties_load.h"

struct set_options {
    struct case_options c;
    const char *reason, *receipt, *file;
    int64_t at;
};

#define AT(member) offsetof(struct set_options, member)
static const struct opt aware_opts[] = {
    CASE_WRITE_OPTS(struct set_options),
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT",
     N_("why it was known only later than is recorded (needed then)"), NULL},
    OPT_END,
};
static const struct opt decide_opts[] = {
    CASE_WRITE_OPTS(struct set_options),
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT", N_("why (needed)"), NULL},
    OPT_END,
};
static const struct opt sent_opts[] = {
    CASE_WRITE_OPTS(struct set_options),
    {"receipt", 0, OPT_TEXT, AT(receipt), "NO", N_("receipt number of the authority"), NULL},
    {"file", 0, OPT_TEXT, AT(file), "FILE", N_("what was sent; its SHA-256 is kept"), NULL},
    {"at", 0, OPT_TIME, AT(at), "TIME", N_("when it was sent (default: now)"), NULL},
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT",
     N_("why there is neither receipt nor file, or why the time is corrected"), NULL},
    OPT_END,
};

/* Who is logged in is not who decides. */
static bool named(const struct cmd *cmd, const struct set_options *o)
{
    if (o->c.actor == NULL) say(cmd, _("name the person who says so: --actor NAME"));
    return o->c.actor != NULL;
}

static void as_recorded(void *options, const struct env *env)
{
    (void)env;
    ((struct set_options *)options)->at = INT64_MIN;
}

static int aware_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct set_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct ir_moment when;
    struct case_job j;
    if (!named(cmd, o)) return IR_EXIT_USAGE;
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK &&
        !ir_moment_parse(ir_str_z(operands->v[1]), env->now, j.zone_s, &when, &j.err)) {
        say(cmd, "%s: %s", operands->v[1], ir_local(j.err.msg));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK)
        status =
            case_status(&j, ir_duty_aware(j.db, id, &when, ir_str_z(o->reason), j.zone_s, &j.err));
    if (status == IR_EXIT_OK)
        case_made(&j, no, 0, id, _("recorded: the clocks of the duties run from this"));
    return case_close(&j, status);
}

/* A duty by its id, or by words of its name in the reader's language that no other has; *ret_id is
 * the rules'. Says which there are when it is none, or several. */
static int known_duty(struct case_job *j, const struct ir_duties *d, const char *said,
                      const char **ret_id)
{
    const char *words[IR_DUTIES_MAX];
    struct ir_buf several = IR_BUF(1 << 12);
    const size_t n = ir_duties_count(d);
    size_t found = 0;
    *ret_id = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct ir_duty_info *info = ir_duty_info(d, i);
        words[i] = info->id.p;
        if (strcmp(words[i], said) == 0) {
            *ret_id = words[i];
            ir_buf_free(&several);
            return IR_EXIT_OK;
        }
        if (ir_str_find_word(duties_text(&info->name), ir_str_z(said)) == IR_NPOS) continue;
        if (*ret_id != NULL && strcmp(*ret_id, words[i]) == 0) continue; /* another version */
        *ret_id = words[i];
        found++;
        ir_buf_fmt(&several, "%s%s (%.*s)", found > 1 ? ", " : "", words[i],
                   IR_FMT(duties_text(&info->name)));
    }
    const char *near = opt_nearest(said, words, n);
    if (found > 1)
        say(j->cmd, _("%1$s: several duties are called so: %2$s"), said, several.p);
    else if (found == 0 && near != NULL)
        say(j->cmd, _("no such duty: %s: did you mean %s?"), said, near);
    else if (found == 0)
        say(j->cmd, _("no such duty: %s: see ir case duty check"), said);
    ir_buf_free(&several);
    return found == 1 ? IR_EXIT_OK : IR_EXIT_USAGE;
}

/* Of a whole regime, "gdpr", or of "all": the duties that nobody decided, those that the rules rule
 * out only when they are not needed. "rest": those alone. */
struct regime {
    struct ir_str name, id[IR_DUTIES_MAX];
    size_t n;
    bool all, rest, needed;
};

static int waits(void *user, const struct ir_duty_status *s)
{
    struct regime *r = user;
    if (r->all || r->rest || ir_str_eq(s->info->regime, r->name))
        if ((!r->rest && ir_duty_waits(s) && !s->decided) || (!r->needed && ir_duty_ruled_out(s)))
            r->id[r->n++] = s->info->id;
    return IR_OK;
}

static int decide(struct case_job *j, const char *id, const char *said, bool needed,
                  const char *reason)
{
    struct regime r = {.name = ir_str_z(said),
                       .all = strcmp(said, "all") == 0,
                       .rest = strcmp(said, "rest") == 0,
                       .needed = needed};
    struct ir_duties *d = NULL;
    if (r.rest && needed) {
        say(j->cmd, _("the rest is what the rules do not call for: name the duty that is needed"));
        return IR_EXIT_USAGE;
    }
    int status = duties_load(j->cmd, j->env, NULL, &d);
    if (status == IR_EXIT_OK)
        status =
            case_status(j, ir_duty_each(j->db, d, id, j->env->now, j->zone_s, waits, &r, &j->err));
    if (status == IR_EXIT_OK && r.n == 0 && !r.all && !r.rest) {
        const char *duty;
        status = known_duty(j, d, said, &duty);
        r.id[r.n++] = ir_str_z(duty);
    }
    for (size_t i = 0; i < r.n && status == IR_EXIT_OK; i++)
        status = case_status(
            j, ir_duty_decide(j->db, d, id, r.id[i], needed, ir_str_z(reason), j->zone_s, &j->err));
    ir_duties_free(d);
    return status;
}

static int decide_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct set_options *o = options;
    const struct ir_str said = ir_str_z(operands->v[2]);
    const bool needed = ir_str_eq(said, IR_S("needed")) || case_says("needed", said);
    char id[IR_ID_TEXT], no[IR_NO_TEXT];
    struct case_job j;
    if (!named(cmd, o)) return IR_EXIT_USAGE;
    if (!needed && !ir_str_eq(said, IR_S("not_needed")) && !case_says("not_needed", said)) {
        say(cmd, _("%s: say needed or not_needed"), operands->v[2]);
        return IR_EXIT_USAGE;
    }
    int status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = decide(&j, id, operands->v[1], needed, o->reason);
    if (status == IR_EXIT_OK) case_made(&j, no, 0, id, _("the decision is recorded"));
    return case_close(&j, status);
}

static int hash_file(const struct cmd *cmd, const char *path, char hex[IR_DIGEST_TEXT])
{
    static const size_t chunk = 1 << 16;
    struct ir_digest g;
    struct ir_digest_sum sum;
    struct ir_buf buf = IR_BUF(1 << 17);
    const int fd = ir_io_open(AT_FDCWD, path, 0);
    ssize_t n = fd;
    bool good = false;
    if (fd >= 0 && ir_buf_reserve(&buf, chunk) && ir_digest_open(&g, IR_DIGEST_BIT(IR_SHA256))) {
        ir_digest_begin(&g);
        while ((n = ir_io_read(fd, buf.p, chunk)) > 0)
            ir_digest_add(&g, buf.p, (size_t)n);
        good = ir_digest_end(&g, &sum) && n == 0;
        ir_digest_close(&g);
    }
    if (fd >= 0) close(fd);
    ir_buf_free(&buf);
    if (good)
        ir_digest_hex(&sum, IR_SHA256, hex);
    else
        say(cmd, _("%s: cannot be read: %s"), path, ir_errno_local(n < 0 ? (int)-n : ENOMEM));
    return good ? IR_EXIT_OK : IR_EXIT_FAILED;
}

static int sent_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct set_options *o = options;
    char id[IR_ID_TEXT], no[IR_NO_TEXT], hex[IR_DIGEST_TEXT] = "";
    struct ir_duties *d = NULL;
    const char *duty = NULL;
    struct case_job j;
    int status = o->file != NULL ? hash_file(cmd, o->file, hex) : IR_EXIT_OK;
    if (status != IR_EXIT_OK) return status;
    status = case_start(&j, cmd, &o->c, env, operands->v[0], id, no);
    if (status == IR_EXIT_OK) status = duties_load(cmd, env, NULL, &d);
    if (status == IR_EXIT_OK) status = known_duty(&j, d, operands->v[1], &duty);
    const struct ir_duty_sending s = {ir_str_z(o->receipt), ir_str_z(hex),
                                      ir_str_trim(ir_str_z(o->reason)), o->at};
    if (status == IR_EXIT_OK)
        status = case_status(&j, ir_duty_sent(j.db, d, id, ir_str_z(duty), &s, j.zone_s, &j.err));
    if (status == IR_EXIT_OK) case_made(&j, no, 0, id, _("recorded as sent"));
    ir_duties_free(d);
    return case_close(&j, status);
}

extern const struct cmd cmd_case_duty_aware, cmd_case_duty_decide, cmd_case_duty_sent;
const struct cmd cmd_case_duty_aware = {
    .name = "case duty aware",
    .operands = "CASE DATE",
    .brief = N_("Record since when somebody here knows: the clocks start"),
    .about = N_("DATE is a date (that day, in each calendar), a time, or now. Any department "
                "counts, and the earliest: a later DATE than is recorded needs --reason."),
    .opts = aware_opts,
    .size = sizeof(struct set_options),
    .min_operands = 2,
    .max_operands = 2,
    .run = aware_run,
};

const struct cmd cmd_case_duty_decide = {
    .name = "case duty decide",
    .operands = "CASE DUTY needed|not_needed",
    .brief = N_("Record that a named person decided about a duty"),
    .about =
        N_("DUTY is an id, such as appi.kakuho, a regime, such as gdpr, or all: what of it nobody "
           "decided. rest: only those that the rules do not call for; a case is closed when a "
           "person said that none of them applies."),
    .opts = decide_opts,
    .size = sizeof(struct set_options),
    .min_operands = 3,
    .max_operands = 3,
    .run = decide_run,
};

const struct cmd cmd_case_duty_sent = {
    .name = "case duty sent",
    .operands = "CASE DUTY",
    .brief = N_("Record that a report was sent"),
    .about = N_("With the receipt's number or the file that was sent, or a reason for neither; "
                "never before somebody here knew."),
    .opts = sent_opts,
    .size = sizeof(struct set_options),
    .min_operands = 2,
    .max_operands = 2,
    .defaults = as_recorded,
    .run = sent_run,
};
