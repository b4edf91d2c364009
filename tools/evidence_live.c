/*
 * ir evidence live: the volatile state of this host into an exhibit, which is then sealed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/live.h"

#define BASE_MIB  16u /* what is made besides the files */
#define SHOWN_MAX 20u /* findings on the terminal; all are in the exhibit */

struct live_options {
    struct evidence_options ev;
    const char *profile, *programs;
    uint64_t max_size;
    struct opt_list except;
    bool secrets, networks, no_commands, dry_run;
};

#define AT(member) offsetof(struct live_options, member)
static const struct opt live_opts[] = {
    EVIDENCE_CASE_OPTS(struct live_options),
    EVIDENCE_ITEM_OPT(struct live_options),
    EVIDENCE_WHO_OPTS(struct live_options),
    {"profile", 0, OPT_CHOICE, AT(profile), "PROFILE",
     N_("quick: what is gone soon, under a minute; standard; full (default: standard)"),
     ir_live_profile_name},
    {"max-size", 0, OPT_NUMBER, AT(max_size), "MIB",
     N_("larger files are listed, not copied (default: 512; 0: no limit)"), NULL},
    {"networks", 0, OPT_FLAG, AT(networks), NULL, N_("copy from network file systems as well"),
     NULL},
    {"include-secrets", 0, OPT_FLAG, AT(secrets), NULL,
     N_("password hashes, private keys and values of environments as well"), NULL},
    {"except", 0, OPT_LIST, AT(except), "DIR",
     N_("a directory or file that is left out; may be repeated"), NULL},
    {"no-commands", 0, OPT_FLAG, AT(no_commands), NULL,
     N_("do not run programs of the host (package checks, packet filter)"), NULL},
    {"programs", 0, OPT_TEXT, AT(programs), "DIR",
     N_("run the programs in this directory, not those of the host, as far as it has them"), NULL},
    {"dry-run", 'n', OPT_FLAG, AT(dry_run), NULL,
     N_("show how much would be collected, and do nothing"), NULL},
    OPT_END,
};

static void defaults(void *options, const struct env *env)
{
    struct live_options *o = options;
    (void)env;
    o->profile = "standard";
    o->max_size = 512;
}

static enum ir_live_profile profile(const char *name)
{
    size_t i = 0;
    while (ir_live_profile_name(i + 1) != NULL && strcmp(name, ir_live_profile_name(i)) != 0)
        i++;
    return (enum ir_live_profile)i;
}

static void on_progress(void *user, const char *what)
{
    const struct evidence *e = user;
    if (e->env->err_tty) say(e->cmd, "%s", _(what));
}

/* What the events of the log tell; the record of 27037 asks for what the collection changed. */
static void details(struct ir_buf *b, const struct live_options *o, const struct ir_exhibit *x,
                    const struct ir_live_summary *s, int64_t start)
{
    const struct ir_exhibit_totals *t = ir_exhibit_totals(x);
    char from[IR_TIME_TEXT];
    ir_time_rfc3339(start, from);
    ir_buf_fmt(b,
               "\"method\":\"live, in order of volatility\",\"profile\":\"%s\",\"start\":\"%s\","
               "\"objects\":%" PRIu64 ",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64
               ",\"not_collected\":%" PRIu64 ",\"denied\":%" PRIu64 ",\"vanished\":%" PRIu64
               ",\"refused\":%" PRIu64 ",\"changed_while_read\":%" PRIu64
               ",\"differences\":%" PRIu64 ",\"notices\":%" PRIu64 ",\"secrets\":%s",
               o->profile, from, t->objects, t->files, t->bytes, t->not_taken, s->denied,
               s->vanished, s->refused, t->changed, s->differences, s->notices,
               o->secrets ? "true" : "false");
    ir_buf_str(b,
               IR_S(",\"list\":\"meta/files.jsonl\",\"not_collected_list\":\"meta/errors.jsonl\","
                    "\"unavoidable_changes\":\"this program ran on the host: memory, caches and "
                    "access times; the kernel may have loaded modules of sock_diag\""));
}

static void show_finding(const struct evidence *e, struct ir_str line)
{
    static const char *const about[] = {"name", "path", "module", "user", "variable", "point"};
    char title[256], text[512];
    struct ir_buf b = IR_BUF(1 << 14);
    uint64_t pid;
    ir_json_member(line, "title", title, sizeof title);
    ir_buf_str(&b, ir_str_z(_(title)));
    if (ir_json_member_u64(line, "pid", &pid)) ir_buf_fmt(&b, ": PID %" PRIu64, pid);
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        if (ir_json_member(line, about[i], text, sizeof text)) {
            ir_buf_str(&b, IR_S(": "));
            ir_visible(&b, ir_str_z(text), 200);
        }
    say(e->cmd, _("finding: %s"), b.p != NULL ? b.p : "");
    ir_buf_free(&b);
}

static void sum_up(const struct evidence *e, const struct ir_exhibit *x,
                   const struct ir_live_summary *s)
{
    const struct ir_exhibit_totals *t = ir_exhibit_totals(x);
    struct ir_str rest = ir_buf_view(&s->findings), line;
    uint64_t shown = 0, all = s->differences + s->notices;
    bool ended;
    while (shown < SHOWN_MAX && ir_str_line(&rest, &line, &ended)) {
        show_finding(e, line);
        shown++;
    }
    if (all > shown)
        say(e->cmd, _("%s: see meta/findings.jsonl"),
            EVIDENCE_COUNT(all - shown, "%s more finding", "%s more findings"));
    evidence_say_taken(e, t->objects, t->files, t->bytes);
    if (s->denied > 0)
        say(e->cmd, _("could not be read: %s; see meta/errors.jsonl"),
            EVIDENCE_COUNT(s->denied, "%s object", "%s objects"));
    if (s->vanished > 0)
        say(e->cmd, _("gone before being read: %s"),
            EVIDENCE_COUNT(s->vanished, "%s process or file", "%s processes or files"));
    if (s->refused > 0)
        say(e->cmd,
            _("left alone by choice (secrets, large files, network files, --except): %s; see "
              "meta/errors.jsonl"),
            EVIDENCE_COUNT(s->refused, "%s object", "%s objects"));
}

static int begin(struct evidence *e, struct ir_exhibit **ret_x)
{
    struct ir_err err = {0};
    if (e->item[0] == '\0') {
        say(e->cmd, _("--item is needed: the number of the exhibit"));
        return IR_EXIT_USAGE;
    }
    /* `resume` finds no paths to go on with: what is gone is gone, it seals what there is */
    if (ir_exhibit_create(e->case_fd, e->item, IR_DIGESTS_EVIDENCE, ret_x, &err) != IR_OK ||
        ir_exhibit_meta(*ret_x, "collect.json", IR_S("{\"paths_raw\":[],\"live\":true}\n"), &err) !=
            IR_OK) {
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    return evidence_append(e, "collect-begin", e->item, NULL,
                           IR_S("\"method\":\"live, in order of volatility\""));
}

/* As the walk will meet them. What is not there is a mistake in typing. */
static int real_paths(const struct cmd *cmd, const char *option, const struct opt_list *given,
                      struct opt_list *ret)
{
    for (size_t i = 0; i < given->n; i++) {
        char *whole = realpath(given->v[i], NULL);
        if (whole == NULL) {
            say(cmd, "--%s %s: %s", option, given->v[i], ir_errno_local(errno));
            return IR_EXIT_USAGE;
        }
        opt_list_add(ret, whole);
    }
    return IR_EXIT_OK;
}

static void free_paths(struct opt_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        free((char *)l->v[i]);
    free(l->v);
}

/* paths: what is excepted, then the directory of programs, if one was given. */
static struct ir_live_options options_of(const struct live_options *o, const struct opt_list *paths)
{
    const bool programs = paths->n > o->except.n;
    return (struct ir_live_options){.profile = profile(o->profile),
                                    .secrets = o->secrets,
                                    .networks = o->networks,
                                    .commands = !o->no_commands,
                                    .programs = programs ? paths->v[o->except.n] : NULL,
                                    .max_size = o->max_size << 20,
                                    .except = paths->v,
                                    .nexcept = paths->n - programs};
}

/* Before anything is written. fd: where it is to be, or -1. */
static void expect(const struct cmd *cmd, const struct ir_live_options *lo, int fd)
{
    struct statvfs fs;
    uint64_t mib = (ir_live_measure(lo) >> 20) + BASE_MIB, free_mib;
    bool known = fd >= 0 ? fstatvfs(fd, &fs) == 0 : statvfs("/", &fs) == 0;
    free_mib = known ? (uint64_t)fs.f_bavail * fs.f_frsize >> 20 : 0;
    /* a line of the timeline for each inode in use */
    if (known && lo->profile != IR_LIVE_QUICK) mib += (uint64_t)(fs.f_files - fs.f_ffree) >> 13;
    say(cmd, _("about %s MiB are expected; %s MiB are free"), EVIDENCE_NUMBER(mib),
        EVIDENCE_NUMBER(free_mib));
}

static int work(struct evidence *e, const struct live_options *o, struct ir_live_options lo,
                struct ir_exhibit *x)
{
    struct ir_live_summary s;
    struct ir_err err = {0};
    struct ir_buf b = IR_BUF(1 << 16);
    int status = IR_EXIT_OK;
    lo.progress = on_progress;
    lo.confine = evidence_confine(e);
    lo.user = e;
    expect(e->cmd, &lo, ir_exhibit_fd(x));
    if (ir_live_run(x, &lo, &s, &err) != IR_OK) {
        evidence_say(e, &err);
        status = IR_EXIT_FAILED;
    } else {
        details(&b, o, x, &s, e->env->now);
        status = evidence_append(e, "collect", e->item, NULL, ir_buf_view(&b));
        sum_up(e, x, &s);
    }
    if (status == IR_EXIT_OK) status = evidence_seal(e, x);
    if (status == IR_EXIT_OK && s.differences > 0) status = IR_EXIT_FINDINGS;
    if (status == IR_EXIT_OK && s.denied > 0) status = IR_EXIT_DAMAGED;
    ir_buf_free(&b);
    ir_buf_free(&s.findings);
    return status;
}

static int collect(const struct cmd *cmd, const struct live_options *o,
                   const struct ir_live_options *lo, const struct env *env)
{
    struct ir_exhibit *x = NULL;
    struct evidence e;
    int status = evidence_open(&e, cmd, &o->ev, env, EVIDENCE_MAKE);
    if (status != IR_EXIT_OK) return status;
    status = begin(&e, &x);
    if (status == IR_EXIT_OK) status = work(&e, o, *lo, x);
    ir_exhibit_close(x);
    return evidence_close(&e, status);
}

static int run_live(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct live_options *o = options;
    struct opt_list paths = {0};
    struct opt_list programs = {0};
    int status = real_paths(cmd, "except", &o->except, &paths);
    (void)operands;
    if (o->programs != NULL) opt_list_add(&programs, o->programs);
    if (status == IR_EXIT_OK) status = real_paths(cmd, "programs", &programs, &paths);
    const struct ir_live_options lo = options_of(o, &paths);
    if (status == IR_EXIT_OK && o->dry_run)
        expect(cmd, &lo, -1);
    else if (status == IR_EXIT_OK)
        status = collect(cmd, o, &lo, env);
    free_paths(&paths);
    free(programs.v);
    return status;
}

const struct cmd cmd_evidence_live = {
    .name = "evidence live",
    .operands = "",
    .brief = N_("Collect the volatile state of this host, and seal it"),
    .about =
        N_("In order of volatility, from the kernel itself and not from programs that may have "
           "been exchanged. Exit status 1: two ways of asking the kernel differ, as when "
           "something hides; 3: something could not be read."),
    .opts = live_opts,
    .size = sizeof(struct live_options),
    .defaults = defaults,
    .run = run_live,
};
