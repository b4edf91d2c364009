/*
 * ir evidence export: a sealed exhibit as a file of another program's format, encrypted to its
 * receiver on demand. The event `export` has the digests of what left the house.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "evidence.h"
#include "evidence/encrypt.h"
#include "evidence/export.h"

#define DETAILS_MAX ((size_t)1 << 16)

struct export_options {
    struct evidence_options ev;
    const char *format, *recipient;
};

#define AT(member) offsetof(struct export_options, member)
static const struct opt export_opts[] = {
    EVIDENCE_CASE_OPTS(struct export_options),
    EVIDENCE_ITEM_OPT(struct export_options),
    EVIDENCE_WHO_OPTS(struct export_options),
    {"format", 'f', OPT_CHOICE, AT(format), "FORMAT",
     N_("tar, the whole exhibit; bodyfile, dfxml, case: what is in it (default: tar)"),
     ir_export_format_name},
    {"recipient", 0, OPT_TEXT, AT(recipient), "KEY",
     N_("encrypt to this public key, by the program age"), NULL},
    OPT_END,
};

/* What becomes of the program `age` on the way: "" when it is not asked for. */
struct job {
    const struct export_options *o;
    const char *file; /* to write */
    int fd;
    char program[4096], program_sha256[IR_DIGEST_TEXT];
    struct ir_outlet out;
    struct ir_item item;
};

static void defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct export_options *)options)->format = ir_export_format_name(IR_EXPORT_TAR);
}

/* As a shell would find it; a relative directory of PATH is none of ours. */
static int find_age(const struct cmd *cmd, struct job *j)
{
    const char *path = getenv("PATH");
    struct ir_err err = {0};
    struct ir_str rest = ir_str_z(path != NULL ? path : "/usr/bin:/bin");
    uint64_t bytes;
    while (rest.p != NULL) {
        struct ir_str dir = ir_str_cut(&rest, ':');
        if (dir.n == 0 || dir.p[0] != '/') continue;
        int n = snprintf(j->program, sizeof j->program, "%.*s/age", (int)dir.n, dir.p);
        if (n < 0 || (size_t)n >= sizeof j->program) continue;
        int fd = access(j->program, X_OK) == 0 ? open(j->program, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0) continue;
        int rc = ir_encrypt_digest(fd, j->program_sha256, &bytes, &err);
        close(fd);
        if (rc == IR_OK) return IR_EXIT_OK;
    }
    say(cmd, _("--recipient: the program age is not installed: nothing was exported (on Debian: "
               "apt-get install age)"));
    return IR_EXIT_FAILED;
}

static enum ir_export_format format_of(const struct export_options *o)
{
    size_t i = 0;
    while (strcmp(o->format, ir_export_format_name(i)) != 0)
        i++;
    return (enum ir_export_format)i;
}

/* The collection of the exhibit, out of the log. */
struct collection {
    char actor[IR_LEDGER_TEXT], place[IR_LEDGER_TEXT], reason[1024], method[IR_LEDGER_TEXT];
    char start[64], end[64];
};

static void look_up(const struct evidence *e, struct collection *c)
{
    char text[IR_LEDGER_TEXT];
    *c = (struct collection){0};
    for (uint64_t i = 0; i < ir_custody_count(e->custody); i++) {
        const struct ir_str line = ir_custody_line(e->custody, i);
        if (!ir_custody_text(line, "item_id", text, sizeof text) || strcmp(text, e->item) != 0 ||
            !ir_custody_text(line, "event", text, sizeof text) ||
            (strcmp(text, "collect") != 0 && strcmp(text, "image") != 0))
            continue;
        ir_custody_text(line, "actor.name", c->actor, sizeof c->actor);
        ir_custody_text(line, "place", c->place, sizeof c->place);
        ir_custody_text(line, "reason", c->reason, sizeof c->reason);
        ir_custody_text(line, "method", c->method, sizeof c->method);
        ir_custody_text(line, "start", c->start, sizeof c->start);
        ir_custody_text(line, "time_utc", c->end, sizeof c->end);
    }
}

static int write_out(const struct evidence *e, struct job *j, struct ir_err *err)
{
    struct ir_carry_totals t;
    struct collection c;
    int64_t sealed = 0;
    bool zone;
    if (format_of(j->o) == IR_EXPORT_TAR) {
        if (ir_time_parse_iso(ir_str_z(j->item.sealed_at), &sealed, &zone) <= 0) sealed = 0;
        return ir_export_tar(e->case_fd, e->item, j->item.seal, sealed / IR_NS, &j->out, &t, err);
    }
    look_up(e, &c);
    const struct ir_export_facts f = {.case_id = e->case_id,
                                      .item = e->item,
                                      .seal = j->item.seal,
                                      .version = IR_VERSION,
                                      .actor = c.actor,
                                      .place = c.place,
                                      .reason = c.reason,
                                      .method = c.method,
                                      .start = c.start,
                                      .end = c.end};
    return ir_export_list(e->case_fd, format_of(j->o), &f, &j->out, err);
}

/* Plain: straight to the file. Encrypted: through age. */
static int produce(const struct evidence *e, struct job *j, struct ir_err *err)
{
    struct ir_encrypt x = {.fd = j->fd};
    bool encrypted = j->o->recipient != NULL;
    int rc = IR_OK, closed;
    if (encrypted) rc = ir_encrypt_begin(&x, j->program, j->o->recipient, j->fd, err);
    if (rc != IR_OK) return rc;
    rc = ir_outlet_open(&j->out, x.fd, err);
    if (rc == IR_OK) {
        struct ir_err second = {0};
        rc = write_out(e, j, err);
        closed = ir_outlet_close(&j->out, &second);
        if (closed != IR_OK && rc != IR_BAD) rc = closed, *err = second;
    }
    if (encrypted) {
        struct ir_err second = {0};
        closed = ir_encrypt_end(&x, &second);
        if (closed != IR_OK && rc != IR_BAD) rc = closed, *err = second;
    }
    if (rc == IR_OK && fsync(j->fd) != 0 && errno != EINVAL) {
        ir_err_at(err, j->file, -1, 0);
        rc = ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(errno));
    }
    return rc;
}

static int record(struct evidence *e, const struct job *j)
{
    struct ir_buf details = IR_BUF(DETAILS_MAX);
    struct ir_err err = {0};
    char sha256[IR_DIGEST_TEXT];
    uint64_t bytes = j->out.bytes;
    const char *slash = strrchr(j->file, '/');
    snprintf(sha256, sizeof sha256, "%s", j->out.sha256);
    ir_custody_detail(&details, "format", j->o->format);
    ir_custody_detail(&details, "file", slash != NULL ? slash + 1 : j->file);
    if (j->o->recipient != NULL) {
        if (ir_encrypt_digest(j->fd, sha256, &bytes, &err) != IR_OK) {
            evidence_say(e, &err);
            ir_buf_free(&details);
            return IR_EXIT_FAILED;
        }
        ir_custody_detail(&details, "encrypted_to", j->o->recipient);
        ir_custody_detail(&details, "encrypted_by", j->program);
        ir_custody_detail(&details, "encrypted_by_sha256", j->program_sha256);
        ir_custody_detail_u64(&details, "plain_bytes", j->out.bytes);
        ir_custody_detail(&details, "plain_sha256", j->out.sha256);
    }
    ir_custody_detail_u64(&details, "bytes", bytes);
    ir_custody_detail(&details, "sha256", sha256);
    int status = evidence_append(e, "export", e->item, j->item.seal, ir_buf_view(&details));
    ir_buf_free(&details);
    if (status == IR_EXIT_OK)
        say(e->cmd, _("%s: %s, SHA-256 %s"), j->file, EVIDENCE_COUNT(bytes, "%s byte", "%s bytes"),
            sha256);
    return status;
}

static int export(struct evidence *e, struct job *j)
{
    struct ir_err err = {0};
    j->fd = open(j->file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (j->fd < 0) {
        say(e->cmd, _("%s: cannot be made: %s"), j->file, ir_errno_local(errno));
        return IR_EXIT_FAILED;
    }
    int rc = produce(e, j, &err), status;
    if (rc != IR_OK) {
        evidence_say(e, &err);
        status = rc == IR_BAD ? IR_EXIT_DAMAGED : IR_EXIT_FAILED;
    } else {
        status = record(e, j);
    }
    if (status != IR_EXIT_OK && unlink(j->file) != 0) errno = 0;
    close(j->fd);
    return status;
}

static int run_export(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    struct job j = {.o = options, .file = operands->v[0]};
    struct evidence e;
    int status = IR_EXIT_OK;
    if (j.o->recipient != NULL && !ir_encrypt_recipient_ok(j.o->recipient)) {
        say(cmd, _("--recipient: %s: no public key of age: age1 and 58 more characters"),
            j.o->recipient);
        return IR_EXIT_USAGE;
    }
    if (j.o->recipient != NULL) status = find_age(cmd, &j);
    if (status == IR_EXIT_OK) status = evidence_open(&e, cmd, &j.o->ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    status =
        evidence_item(&e, 1u << IR_ITEM_STORED | 1u << IR_ITEM_OUT | 1u << IR_ITEM_ON_WAY, &j.item);
    if (status == IR_EXIT_OK) status = export(&e, &j);
    return evidence_close(&e, status);
}

const struct cmd cmd_evidence_export = {
    .name = "evidence export",
    .operands = "FILE",
    .brief = N_("Write a sealed exhibit for other programs, encrypted on demand"),
    .about = N_("What is exported is checked against the seal meanwhile. FILE must not be there; "
                "its digest goes into the custody log. Exit status 3: the exhibit is not what was "
                "sealed, and nothing was exported."),
    .opts = export_opts,
    .size = sizeof(struct export_options),
    .min_operands = 1,
    .max_operands = 1,
    .defaults = defaults,
    .run = run_export,
};
