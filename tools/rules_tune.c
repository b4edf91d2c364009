/*
 * ir rules tune: a false positive into a filter, and what else that would silence (run/tune.h,
 * run/silenced.h). What is printed is the filter itself, with the rest as its comments, so that it
 * can be kept as it is.
 */
#include "tune_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/charset.h"
#include "base/fs.h"
#include "base/io.h"
#include "run/sandbox.h"
#include "workspace.h"

#define FILE_BYTES  ((size_t)1 << 30) /* of findings */
#define FILTER_NAME "(the filter)"

#define AT(member) offsetof(struct tune_options, member)
static const struct opt tune_opts[] = {
    {"from", 0, OPT_LIST, AT(from), "FILE",
     N_("findings of ir scan --output jsonl (may be repeated)"), NULL},
    {"reason", 0, OPT_TEXT, AT(reason), "TEXT", N_("why this is no attack: stands in the filter"),
     NULL},
    {"author", 0, OPT_TEXT, AT(author), "NAME", N_("who says so (default: the user's name)"), NULL},
    {"field", 0, OPT_LIST, AT(fields), "NAME",
     N_("a field that the filter shall have, instead of those chosen (may be repeated)"), NULL},
    {"write", 'w', OPT_FLAG, AT(write), NULL,
     N_("write the filter into the workspace: scans use it from then on"), NULL},
    {"out", 'O', OPT_TEXT, AT(out), "FILE", N_("write the filter to this new file"), NULL},
#define BY(member) offsetof(struct tune_options, rules.member)
#include "rules.def"
#define IN(member) offsetof(struct tune_options, in.member)
#include "reading.def"
    OPT_END,
};

static void tune_defaults(void *options, const struct env *env)
{
    struct tune_options *o = options;
    reading_defaults(&o->in);
    o->author = env->user;
}

static int read_findings(struct tune_job *j)
{
    struct ir_buf text = IR_BUF(FILE_BYTES);
    bool many = false;
    int status = IR_EXIT_OK;
    for (size_t i = 0; i < j->o->from.n && status == IR_EXIT_OK; i++) {
        const char *path = j->o->from.v[i];
        struct ir_err err = {0};
        int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : ir_io_open(AT_FDCWD, path, 0);
        ssize_t n = fd < 0 ? fd : 1;
        ir_buf_clear(&text);
        while (n > 0 && ir_buf_reserve(&text, (size_t)1 << 20)) {
            n = ir_io_read(fd, text.p + text.n, (size_t)1 << 20);
            if (n > 0) text.n += (size_t)n;
        }
        if (fd >= 0) close(fd);
        if (n > 0) ir_fail(&err, IR_BAD, "larger than 1 GiB, or out of memory");
        if (n < 0) ir_fail(&err, IR_BAD, "%s", ir_errno_text((int)-n));
        if (n == 0) ir_told_add(&j->told, ir_buf_view(&text), &err);
        if (err.code == 0) continue;
        say_error(j->cmd, _("cannot read findings"), path, &err,
                  _("make them with ir scan --output jsonl"));
        status = IR_EXIT_FAILED;
    }
    ir_buf_free(&text);
    if (status != IR_EXIT_OK) return status;
    j->finding = ir_told_find(&j->told, ir_str_z(j->operands->v[0]), &many);
    if (j->finding != NULL) return IR_EXIT_OK;
    say(j->cmd,
        many ? _("%s: several findings begin so: give more of the id")
             : _("%s: no finding has this id: see \"id\" in ir scan --output jsonl"),
        j->operands->v[0]);
    return IR_EXIT_USAGE;
}

/* Logs to scan: as named, else those that findings of the file lie in. */
static int add_inputs(struct tune_job *j)
{
    struct ir_map roots = {0};
    bool ok = true;
    for (size_t i = 1; i < j->operands->n; i++)
        ok = ok && ir_map_put(&roots, ir_str_z(j->operands->v[i]), NULL) != NULL;
    for (size_t i = 0; j->operands->n == 1 && ok && i < j->told.n; i++)
        for (size_t k = 0; ok && k < j->told.v[i].norigins; k++)
            ok = ir_map_put(&roots, ir_tune_root(j->told.v[i].origin[k].path), NULL) != NULL;
    for (uint32_t i = 0; ok && i < roots.n; i++) {
        struct ir_err err = {0};
        const int rc = ir_scan_add_input(j->without, roots.items[i].key.p, &err);
        ir_scan_add_input(j->with, roots.items[i].key.p, NULL);
        if (rc < 0)
            say_error(j->cmd, _("cannot read"), roots.items[i].key.p, &err,
                      _("what the filter would silence there is not known"));
    }
    ir_map_free(&roots);
    if (!ok) say(j->cmd, _("out of memory"));
    return ok ? IR_EXIT_OK : IR_EXIT_FAILED;
}

static int load(struct tune_job *j)
{
    const struct tune_options *o = j->o;
    struct ir_scan_options so = ir_scan_defaults();
    int status = reading_open(&j->in, j->cmd, &o->in, &o->rules.paths, j->env);
    if (status != IR_EXIT_OK) return status;
    reading_to_scan(&j->in, &o->in, j->env, &so);
    so.no_sandbox = true; /* one that lasts for both is entered before */
    j->without = ir_scan_new(&so);
    j->with = ir_scan_new(&so);
    status = rules_load(&j->loaded, j->cmd, &o->rules.paths, !o->rules.no_defaults, o->rules.values,
                        j->env, j->in.formats.list);
    if (j->without == NULL || j->with == NULL) {
        say(j->cmd, _("out of memory"));
        return IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK && j->in.geo != NULL) ir_rules_set_geo(j->loaded.rules, j->in.geo);
    if (status == IR_EXIT_OK) status = add_rules(j->cmd, j->env, j->without, &o->rules, NULL);
    if (status == IR_EXIT_OK) status = add_rules(j->cmd, j->env, j->with, &o->rules, NULL);
    return status == IR_EXIT_OK ? add_inputs(j) : status;
}

/* HOME/filters/ID.yml, or what --out names. The directory is opened now: the sandbox knows it. */
static int open_target(struct tune_job *j)
{
    struct ir_buf dir = IR_BUF(1 << 16);
    j->dir = -1;
    if (j->o->out != NULL) {
        const char *slash = strrchr(j->o->out, '/');
        ir_buf_fmt(&dir, "%.*s", slash == NULL ? 1 : (int)(slash - j->o->out) + 1,
                   slash == NULL ? "." : j->o->out);
        ir_buf_fmt(&j->target, "%s", slash == NULL ? j->o->out : slash + 1);
        j->dir = open(dir.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (j->dir < 0) j->dir = -errno;
    } else if (j->o->write) {
        const char *home = workspace_home(j->cmd, j->env);
        if (home == NULL) return IR_EXIT_FAILED;
        int fd = ir_fs_make_dirs(home, 0700); /* keys will lie there too */
        if (fd >= 0) close(fd);
        ir_buf_fmt(&dir, "%s/filters", home);
        ir_buf_fmt(&j->target, "%s.yml", j->finding->id.p);
        j->dir = fd < 0 ? fd : ir_fs_make_dirs(dir.p, 0755);
    }
    const char *const dirs[] = {"/var/tmp", "/tmp", j->dir >= 0 ? dir.p : NULL, NULL};
    if (j->dir >= -1 && !j->env->no_sandbox) ir_sandbox_enter_making(dirs);
    if (j->dir < -1) say(j->cmd, _("cannot write: %s: %s"), dir.p, ir_errno_local(-j->dir));
    ir_buf_free(&dir);
    return j->dir < -1 ? IR_EXIT_FAILED : IR_EXIT_OK;
}

/* What the finding calls its rule is English, and whoever wrote the file may have changed it. */
static struct ir_str title_of(const struct tune_job *j)
{
    for (size_t i = 0; i < ir_rules_count(j->loaded.rules); i++) {
        const struct ir_rule_info *r = ir_rules_info(j->loaded.rules, i);
        if (ir_str_eq(r->id, j->finding->rule_id)) return ir_rule_title(r);
    }
    return j->finding->title;
}

static int make_filter(struct tune_job *j)
{
    const struct ir_tune_options to = {.rules = j->loaded.rules,
                                       .names = j->loaded.names,
                                       .finding = j->finding,
                                       .fields = j->o->fields.v,
                                       .reason = ir_str_z(j->o->reason),
                                       .author = ir_str_z(j->o->author),
                                       .formats = j->in.formats.list,
                                       .format = j->in.format,
                                       .encoding = j->in.encoding,
                                       .passwords = j->in.passwords.keys,
                                       .now = j->env->now,
                                       .zone = &j->in.zone.zone,
                                       .reference_time = j->o->in.reference_time,
                                       .zone_s = j->env->zone_s,
                                       .no_sandbox = true};
    struct ir_err err = {0};
    if (ir_tune(&to, &j->text, &j->r, &err) == IR_OK && !j->text.full) return IR_EXIT_OK;
    say(j->cmd, _("no filter was made of '%.*s': %s"), IR_FMT(ir_str_head(title_of(j), 200)),
        ir_local(err.msg[0] ? err.msg : N_("out of memory")));
    return IR_EXIT_FAILED;
}

static int compare(struct tune_job *j)
{
    struct ir_err err = {0};
    int rc = ir_scan_add_text(j->with, FILTER_NAME, ir_buf_view(&j->text));
    if (rc == IR_OK) rc = ir_scan_run(j->without, &err);
    if (rc == IR_OK || rc == IR_WARN) rc = ir_scan_run(j->with, &err);
    if (rc == IR_OK || rc == IR_WARN) rc = ir_silenced_compare(j->without, j->with, &j->s, &err);
    if (rc == IR_OK) return IR_EXIT_OK;
    say_error(j->cmd, _("cannot scan"), "", &err, _("no filter was made"));
    return IR_EXIT_FAILED;
}

static int write_filter(struct tune_job *j)
{
    if (j->dir < 0) {
        tune_remark(&j->out,
                    ir_str_z(_("nothing was written: --write puts this into the workspace, "
                               "--out FILE into a file")));
        return IR_EXIT_OK;
    }
    const int rc = ir_fs_publish(j->dir, j->target.p, ir_buf_view(&j->text), 0644);
    if (rc < 0) {
        say(j->cmd, _("cannot write: %s: %s"), j->target.p, ir_errno_local(-rc));
        return IR_EXIT_FAILED;
    }
    struct ir_buf b = IR_BUF(1 << 16), place = IR_BUF(1 << 16);
    if (j->o->out != NULL)
        ir_buf_fmt(&place, "%s", j->o->out);
    else
        ir_buf_fmt(&place, "%s/filters/%s", j->env->home, j->target.p);
    ir_buf_fmt(&b, _("written to %s"), place.p);
    tune_remark(&j->out, ir_buf_view(&b));
    ir_buf_free(&place);
    ir_buf_free(&b);
    return IR_EXIT_OK;
}

static int tune(struct tune_job *j)
{
    int status = read_findings(j);
    if (status == IR_EXIT_OK) status = load(j);
    if (status == IR_EXIT_OK) status = open_target(j);
    if (status == IR_EXIT_OK) status = make_filter(j);
    if (status == IR_EXIT_OK) status = compare(j);
    if (status != IR_EXIT_OK) return status;
    tune_tell(j);
    status = tune_judge(j);
    if (status != IR_EXIT_OK) return status;
    ir_buf_str(&j->out.buf, ir_buf_view(&j->text));
    return write_filter(j);
}

static int tune_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    struct tune_job j = {.cmd = cmd,
                         .o = options,
                         .operands = operands,
                         .env = env,
                         .text = IR_BUF((size_t)16 << 20),
                         .target = IR_BUF(1 << 16),
                         .dir = -1};
    if (j.o->from.n == 0 || j.o->reason == NULL || *j.o->reason == '\0') {
        say(cmd, j.o->from.n == 0
                     ? _("--from is missing: name the findings of ir scan --output jsonl")
                     : _("--reason is missing: say why this is no attack"));
        return IR_EXIT_USAGE;
    }
    /* iconv's tables are there before the sandbox forbids to load them */
    struct ir_charset *cs = ir_charset_new();
    sink_open(&j.out, cmd, NULL, NULL);
    const int status = tune(&j);
    const int ended = sink_close(&j.out, status);
    if (j.dir >= 0) close(j.dir);
    ir_charset_free(cs);
    ir_silenced_free(&j.s);
    ir_scan_free(j.without);
    ir_scan_free(j.with);
    rules_unload(&j.loaded);
    reading_close(&j.in);
    ir_told_free(&j.told);
    ir_buf_free(&j.text);
    ir_buf_free(&j.target);
    return ended;
}

const struct cmd cmd_rules_tune = {
    .name = "rules tune",
    .operands = "FINDING [PATH…]",
    .brief = N_("Turn a false positive into a filter, and show what else it silences"),
    .about = N_(
        "FINDING is the id of a finding in FILE, or its beginning. The logs that the findings lie\n"
        "in, or those of PATH, are scanned without and with the filter. Nothing is written\n"
        "without --write or --out.\n\n"
        "Exit status: 0, or 4 when no filter was made."),
    .opts = tune_opts,
    .size = sizeof(struct tune_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = tune_defaults,
    .run = tune_run,
};
