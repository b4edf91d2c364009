/*
 * ir evidence: the group of commands about evidence, and what they share (see evidence.h).
 */
#include "evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "base/utf8.h"
#include "evidence/files.h"
#include "evidence/howto.h"
#include "evidence/redact.h"
#include "run/sandbox.h"
#include "workspace.h"

#define COMMAND_MAX ((size_t)1 << 16)

extern const struct cmd cmd_evidence_collect, cmd_evidence_resume, cmd_evidence_seal,
    cmd_evidence_verify, cmd_evidence_keys;
extern const struct cmd cmd_evidence_list, cmd_evidence_show, cmd_evidence_log,
    cmd_evidence_add_note, cmd_evidence_amend, cmd_evidence_checkout, cmd_evidence_checkin,
    cmd_evidence_transfer, cmd_evidence_dispose, cmd_evidence_timestamp, cmd_evidence_receipt,
    cmd_evidence_receive, cmd_evidence_copy, cmd_evidence_label, cmd_evidence_hash,
    cmd_evidence_audit, cmd_evidence_live, cmd_evidence_image, cmd_evidence_export;

static const struct opt no_opts[] = {OPT_END};
/* One a line: a new one would lay out all of them anew. */
/* clang-format off */
static const struct cmd *const subs[] = {
    &cmd_evidence_collect,
    &cmd_evidence_live,
    &cmd_evidence_image,
    &cmd_evidence_resume,
    &cmd_evidence_seal,
    &cmd_evidence_verify,
    &cmd_evidence_keys,
    &cmd_evidence_list,
    &cmd_evidence_show,
    &cmd_evidence_log,
    &cmd_evidence_add_note,
    &cmd_evidence_amend,
    &cmd_evidence_checkout,
    &cmd_evidence_checkin,
    &cmd_evidence_transfer,
    &cmd_evidence_dispose,
    &cmd_evidence_timestamp,
    &cmd_evidence_receipt,
    &cmd_evidence_receive,
    &cmd_evidence_copy,
    &cmd_evidence_label,
    &cmd_evidence_export,
    &cmd_evidence_hash,
    &cmd_evidence_audit,
    NULL};
/* clang-format on */

const struct cmd cmd_evidence = {
    .name = "evidence",
    .operands = "COMMAND",
    .brief = N_("Preserve, seal, hand over and prove evidence"),
    .opts = no_opts,
    .subs = subs,
};

void evidence_say(const struct evidence *e, const struct ir_err *err)
{
    if (err->input[0] != '\0' && err->line > 0)
        say(e->cmd, "%s: %s:%" PRId64 ": %s", e->path, err->input, err->line, ir_local(err->msg));
    else if (err->input[0] != '\0')
        say(e->cmd, "%s: %s: %s", e->path, err->input, ir_local(err->msg));
    else
        say(e->cmd, "%s: %s", e->path, ir_local(err->msg));
}

/* A name that is one component, visible, and means the same everywhere. */
static bool name_ok(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > 200 || name[0] == '.' || name[0] == '-' || strcmp(name, "custody") == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] <= ' ' || strchr("/\\:*?\"<>|=%", name[i]) != NULL ||
            name[i] == 0x7f)
            return false;
    return true;
}

/* A number is the exhibit of that number of the case: CASE-2026-001 and 3 give EV-2026-001-03. */
static int item_name(struct evidence *e)
{
    const char *item = e->o->item, *of = e->case_id;
    uint64_t n;
    e->item[0] = '\0';
    if (item == NULL) return IR_EXIT_OK;
    if (strncmp(of, "CASE-", 5) == 0) of += 5;
    if (ir_str_u64(ir_str_z(item), &n))
        snprintf(e->item, sizeof e->item, "EV-%s-%02" PRIu64, of, n);
    else
        snprintf(e->item, sizeof e->item, "%s", item);
    if (name_ok(e->item)) return IR_EXIT_OK;
    say(e->cmd, _("--item: %s: a number, or a name without blanks, slashes and the like"), item);
    return IR_EXIT_USAGE;
}

/* The cases that lie there, for who does not know their numbers. */
static void no_case(const struct evidence *e)
{
    struct ir_buf found = IR_BUF(1 << 10);
    char dir[IR_LEDGER_TEXT], path[2 * IR_LEDGER_TEXT + 300];
    if (e->o->output != NULL)
        snprintf(dir, sizeof dir, "%s", e->o->output);
    else
        snprintf(dir, sizeof dir, "%s/evidence", e->env->home != NULL ? e->env->home : "");
    DIR *d = opendir(dir);
    for (struct dirent *f; d != NULL && (f = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s/custody/log.jsonl", dir, f->d_name);
        if (!name_ok(f->d_name) || access(path, F_OK) != 0) continue;
        if (found.n > 0) ir_buf_chr(&found, ' ');
        ir_visible(&found, ir_str_z(f->d_name), 0);
    }
    if (d != NULL) closedir(d);
    if (found.n > 0)
        say(e->cmd, _("--case is needed: the number of the case; in %s there are: %s"), dir,
            found.p);
    else
        say(e->cmd, _("--case is needed: the number of the case"));
    ir_buf_free(&found);
}

static bool case_dir(struct evidence *e, const char *home, const char *name)
{
    const char *base = home != NULL ? home : e->o->output;
    const int n =
        snprintf(e->path, sizeof e->path, "%s%s/%s", base, home != NULL ? "/evidence" : "", name);
    snprintf(e->case_id, sizeof e->case_id, "%s", name);
    return n >= 0 && (size_t)n < sizeof e->path;
}

/* A case of the workspace is found by what the casework calls it, too: "1" is CASE-2026-001. */
static int case_path(struct evidence *e)
{
    const struct evidence_options *o = e->o;
    if (o->case_id == NULL || *o->case_id == '\0') {
        no_case(e);
        return IR_EXIT_USAGE;
    }
    if (!name_ok(o->case_id)) {
        say(e->cmd, _("--case: %s: a name without blanks, slashes and the like"), o->case_id);
        return IR_EXIT_USAGE;
    }
    const char *home = o->output == NULL ? workspace_home(e->cmd, e->env) : NULL;
    if (o->output == NULL && home == NULL) return IR_EXIT_USAGE;
    const bool fits = case_dir(e, home, o->case_id);
    char no[IR_NO_TEXT] = "";
    if (fits && home != NULL && access(e->path, F_OK) != 0) evidence_case_no(home, o->case_id, no);
    if (fits && (no[0] == '\0' || case_dir(e, home, no))) return IR_EXIT_OK;
    say(e->cmd, _("the path of the case is too long"));
    return IR_EXIT_USAGE;
}

/* Each directory on the way that is not there. */
static bool make_path(char *path)
{
    for (char *p = path + 1;; p++) {
        char c = *p;
        if (c != '/' && c != '\0') continue;
        *p = '\0';
        bool good = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = c;
        if (!good || c == '\0') return good;
    }
}

static int open_case(struct evidence *e, enum evidence_mode mode)
{
    struct ir_err err = {0};
    const struct ir_custody_tool tool = {"ir", IR_VERSION, e->build.p};
    if (mode == EVIDENCE_MAKE && !make_path(e->path)) {
        say(e->cmd, _("%s cannot be made: %s"), e->path, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    e->case_fd = open(e->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (e->case_fd < 0) {
        say(e->cmd, _("%s: no such case: %s"), e->path, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    if (mode == EVIDENCE_LOOK) return IR_EXIT_OK;
    bool reads = mode == EVIDENCE_READ;
    int rc =
        ir_custody_open(e->case_fd, e->case_id, reads ? IR_CUSTODY_READ_NOW : IR_CUSTODY_WRITE_NOW,
                        &tool, &e->custody, &err);
    if (rc == IR_WARN) {
        say(e->cmd, _("%s: another process writes to this case: waiting until it is done"),
            e->path);
        rc = ir_custody_open(e->case_fd, e->case_id, reads ? IR_CUSTODY_READ : IR_CUSTODY_WRITE,
                             &tool, &e->custody, &err);
    }
    if (rc != IR_OK) {
        evidence_say(e, &err);
        return IR_EXIT_FAILED;
    }
    if (!reads) ir_files_drop_parts(e->case_fd);
    e->lines = ir_custody_count(e->custody);
    return IR_EXIT_OK;
}

/* The digest of the program that runs: the record says which one made it. */
static void own_digest(struct ir_buf *out)
{
    struct ir_digest d;
    struct ir_digest_sum sum;
    char buf[1 << 15], hex[IR_DIGEST_TEXT];
    int fd = ir_io_open(AT_FDCWD, "/proc/self/exe", 0);
    ssize_t n = -1;
    if (fd < 0) return;
    if (ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256))) {
        ir_digest_begin(&d);
        while ((n = ir_io_read(fd, buf, sizeof buf)) > 0)
            ir_digest_add(&d, buf, (size_t)n);
        if (n == 0 && ir_digest_end(&d, &sum)) {
            ir_digest_hex(&sum, IR_SHA256, hex);
            ir_buf_str(out, ir_str_z(hex));
        }
        ir_digest_close(&d);
    }
    close(fd);
}

/* The command line as it was given, without what is or may be a secret. One that is too long to be
 * told says so. */
static void own_command(struct ir_buf *out)
{
    struct ir_buf argv = IR_BUF(COMMAND_MAX + 1);
    int fd = ir_io_open(AT_FDCWD, "/proc/self/cmdline", 0);
    ssize_t n = fd >= 0 && ir_buf_reserve(&argv, COMMAND_MAX)
                    ? ir_io_read_full(fd, argv.p, COMMAND_MAX)
                    : 0;
    if (fd >= 0) close(fd);
    if (n > 0) ir_redact_command(ir_str_n(argv.p, (size_t)n), out);
    if ((size_t)n == COMMAND_MAX) ir_buf_str(out, IR_S(" …"));
    ir_buf_free(&argv);
}

int evidence_open(struct evidence *e, const struct cmd *cmd, const struct evidence_options *o,
                  const struct env *env, enum evidence_mode mode)
{
    *e = (struct evidence){.cmd = cmd, .env = env, .o = o, .case_fd = -1, .keys_fd = -1};
    e->command_text = IR_BUF(2 * COMMAND_MAX);
    e->build = IR_BUF(1 << 8);
    int status = case_path(e);
    if (status == IR_EXIT_OK) status = item_name(e);
    if (status == IR_EXIT_OK && mode >= EVIDENCE_WRITE) {
        own_digest(&e->build);
        own_command(&e->command_text);
        e->role = mode == EVIDENCE_RECEIVE ? IR_SIGN_RECEIVER : IR_SIGN_EXAMINER;
        status = evidence_ask(e);
    }
    if (status == IR_EXIT_OK) status = open_case(e, mode);
    if (status != IR_EXIT_OK) evidence_close(e, status);
    return status;
}

const char *(*evidence_confine(const struct evidence *e))(const int *writable, unsigned n)
{
    return e->env->no_sandbox ? NULL : ir_sandbox_enter;
}

int evidence_append(struct evidence *e, const char *event, const char *item, const char *seal,
                    struct ir_str details)
{
    struct ir_err err = {0};
    const struct ir_custody_event ev = {.event = event,
                                        .item = item,
                                        .root_item = item,
                                        .seal = seal,
                                        .who = &e->who,
                                        .clock = &e->clock,
                                        .command = e->command_text.p,
                                        .details = details};
    if (ir_custody_append(e->custody, &ev, NULL, &err) == IR_OK) return IR_EXIT_OK;
    evidence_say(e, &err);
    return IR_EXIT_FAILED;
}

int evidence_commit(struct evidence *e)
{
    struct ir_err err = {0};
    if (e->custody == NULL || ir_custody_count(e->custody) == e->lines) return IR_EXIT_OK;
    e->lines = ir_custody_count(e->custody);
    int rc = ir_checkpoint_write(e->custody, e->signers, e->nsigners, &err);
    if (rc == IR_OK) rc = ir_howto_write(e->case_fd, &err);
    if (rc == IR_OK) return IR_EXIT_OK;
    evidence_say(e, &err);
    return IR_EXIT_FAILED;
}

bool evidence_signs(const struct evidence *e, uint64_t seq)
{
    static const char *const members[] = {"actor.key_id", "witness.key_id"};
    const char *const now[] = {e->who.actor.key, e->who.witness.key};
    const struct ir_str line = ir_custody_line(e->custody, seq - 1);
    char then[IR_HASH_TEXT + 1];
    for (size_t i = 0; i < 2; i++) {
        ir_custody_text(line, members[i], then, sizeof then);
        if (strcmp(then, now[i] != NULL ? now[i] : "") != 0) return false;
    }
    return true;
}

int evidence_recommit(struct evidence *e)
{
    struct ir_err err = {0};
    if (!ir_checkpoint_is_there(e->custody, ir_custody_count(e->custody))) {
        int status = IR_EXIT_OK;
        if (!evidence_signs(e, ir_custody_count(e->custody)))
            status = evidence_append(e, "resume", e->item[0] != '\0' ? e->item : NULL, NULL,
                                     ir_str_n("", 0));
        e->lines = 0;
        return status == IR_EXIT_OK ? evidence_commit(e) : status;
    }
    if (ir_howto_write(e->case_fd, &err) == IR_OK) return IR_EXIT_OK;
    evidence_say(e, &err);
    return IR_EXIT_FAILED;
}

int evidence_close(struct evidence *e, int status)
{
    int committed = evidence_commit(e);
    if (committed != IR_EXIT_OK) status = committed;
    ir_custody_close(e->custody);
    if (e->case_fd >= 0) close(e->case_fd);
    evidence_forget(e);
    ir_buf_free(&e->command_text);
    ir_buf_free(&e->build);
    e->custody = NULL;
    e->case_fd = -1;
    return status;
}
