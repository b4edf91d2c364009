/*
 * ir evidence verify: proves a case, an exhibit or a file of it, or any BagIt bag; or says what is
 * wrong, where, and since when it may be so.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/json.h"
#include "base/utf8.h"
#include "evidence.h"
#include "evidence/bag.h"
#include "evidence/check.h"
#include "meter.h"

#define PROBLEMS(n) EVIDENCE_COUNT(n, "%s problem", "%s problems")
#define FILES(n)    EVIDENCE_COUNT(n, "%s file", "%s files")
#define BYTES(n)    EVIDENCE_COUNT(n, "%s byte", "%s bytes")

struct verify_options {
    struct evidence_options ev;
    const char *file;
    struct opt_list known;
    bool fast, json, record;
};

#define AT(member) offsetof(struct verify_options, member)
static const struct opt verify_opts[] = {
    EVIDENCE_CASE_OPTS(struct verify_options),
    EVIDENCE_ITEM_OPT(struct verify_options),
    {"fast", 0, OPT_FLAG, AT(fast), NULL, N_("names and numbers only, without reading the files"),
     NULL},
    {"file", 0, OPT_TEXT, AT(file), "PATH",
     N_("one file, below the exhibit (with --item) or the bag, and the lists that tell of it"),
     NULL},
    {"json", 0, OPT_FLAG, AT(json), NULL, N_("print JSON lines"), NULL},
    {"known", 0, OPT_LIST, AT(known), "FILE",
     N_("a receipt, or a copy of the log or of a checkpoint, that somebody keeps elsewhere: the "
        "log must hold all of it"),
     NULL},
    {"record", 0, OPT_FLAG, AT(record), NULL,
     N_("write the result into the custody log, signed as every event"), NULL},
    EVIDENCE_WHO_OPTS(struct verify_options),
    OPT_END,
};

struct verify {
    const struct cmd *cmd;
    const struct verify_options *o;
    const struct env *env;
    struct sink out;
    struct ir_buf compare; /* what is to be compared with paper */
    struct meter meter;
    int dir;            /* the case, or the bag */
    const char *item;   /* only this exhibit; "": all */
    const char *prefix; /* before the places of a bag: the exhibit, or "" */
    uint64_t problems, warnings, unclear, unreadable, files, bytes, exhibits;
    bool failed;
};

static void write_line(struct verify *v, const char *type, const char *place, const char *text)
{
    struct ir_buf *b = &v->out.buf, where = IR_BUF(1 << 20);
    ir_buf_str(&where, ir_str_z(v->prefix));
    if (*v->prefix != '\0' && strcmp(place, ".") != 0) ir_buf_chr(&where, '/');
    if (*v->prefix == '\0' || strcmp(place, ".") != 0) ir_buf_str(&where, ir_str_z(place));
    if (v->o->json) {
        ir_buf_fmt(b, "{\"type\":\"%s\",\"place\":", type);
        ir_json_write_str(b, ir_buf_view(&where));
        ir_buf_str(b, IR_S(",\"text\":"));
        ir_json_write_str(b, ir_str_z(text));
        ir_buf_str(b, IR_S("}\n"));
    } else {
        ir_visible(b, ir_buf_view(&where), 0);
        ir_buf_str(b, IR_S(": "));
        if (strcmp(type, "warning") == 0) ir_buf_str(b, ir_intl_str(N_("warning: ")));
        if (strcmp(type, "unclear") == 0) ir_buf_str(b, ir_intl_str(N_("unclear: ")));
        ir_visible(b, ir_str_z(ir_local(text)), 0);
        ir_buf_chr(b, '\n');
    }
    ir_buf_free(&where);
    meter_end(&v->meter);
    sink_drain(&v->out);
}

static void on_progress(void *user, uint64_t bytes, uint64_t of)
{
    struct verify *v = user;
    meter_show(&v->meter, 0, bytes, of);
}

static void on_problem(void *user, const char *place, const char *text)
{
    struct verify *v = user;
    v->problems++;
    write_line(v, "problem", place, text);
}

static void on_note(void *user, const char *place, const char *text)
{
    struct verify *v = user;
    v->warnings++;
    write_line(v, "warning", place, text);
}

static void on_unclear(void *user, const char *place, const char *text)
{
    struct verify *v = user;
    v->unclear++;
    write_line(v, "unclear", place, text);
}

/* Held back until the end, where it can be found. */
static void on_compare(void *user, const char *what, const char *value)
{
    static const char *const words[] = {N_("seal"), N_("lines"), N_("last line"), N_("root"),
                                        N_("key")};
    struct verify *v = user;
    struct ir_buf *b = &v->compare;
    if (v->item[0] != '\0' && strncmp(what, "seal ", 5) == 0 && strcmp(what + 5, v->item) != 0)
        return;
    if (v->o->json) {
        ir_buf_str(b, IR_S("{\"type\":\"compare\",\"what\":"));
        ir_json_write_str(b, ir_str_z(what));
        ir_buf_fmt(b, ",\"value\":\"%s\"}\n", value);
    } else {
        ir_buf_str(b, IR_S("    "));
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strncmp(what, words[i], strlen(words[i])) == 0) {
                ir_buf_str(b, ir_intl_str(words[i]));
                what += strlen(words[i]);
            }
        ir_visible(b, ir_str_z(what), 0);
        ir_buf_fmt(b, "  %s\n", value);
    }
}

/* What was looked at, and how far back the last good word of the log lies. */
static void write_exhibit(struct verify *v, const struct ir_check_exhibit *x,
                          const struct ir_bag_totals *t)
{
    struct ir_buf *b = &v->out.buf;
    char when[IR_LEDGER_TEXT];
    if (v->o->json) {
        ir_buf_str(b, IR_S("{\"type\":\"exhibit\",\"item\":"));
        ir_json_write_str(b, ir_str_z(x->item));
        ir_buf_fmt(b, ",\"seal\":\"%s\",\"seal_line\":%" PRIu64 ",\"sealed\":", x->seal, x->line);
        ir_json_write_str(b, ir_str_z(x->sealed));
        ir_buf_str(b, IR_S(",\"last_proved\":"));
        ir_json_write_str(b, ir_str_z(x->proved));
        ir_buf_fmt(b,
                   ",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"problems\":%" PRIu64
                   ",\"warnings\":%" PRIu64 "}\n",
                   t->files, t->bytes, t->problems, t->warnings);
        return;
    }
    ir_visible(b, ir_str_z(x->item), 0);
    ir_buf_str(b, IR_S(": "));
    ir_buf_fmt(b, _("%s in %s with %s"), PROBLEMS(t->problems), FILES(t->files), BYTES(t->bytes));
    evidence_time(x->sealed, v->env, when);
    if (x->sealed[0] != '\0')
        ir_buf_fmt(b, _("; sealed %s (custody/log.jsonl:%" PRIu64 ")"), when, x->line);
    evidence_time(x->proved, v->env, when);
    if (x->proved[0] != '\0') ir_buf_fmt(b, _("; last proved %s"), when);
    ir_buf_chr(b, '\n');
}

/* One bag; dirfd is borrowed. file: of it, or NULL. */
static void check_bag(struct verify *v, int dirfd, const char *file, bool exhibit,
                      struct ir_bag_totals *t)
{
    const struct ir_check_report report = {on_problem, on_note, NULL, v, NULL, NULL};
    const struct ir_bag_options bo = {.mode = file != NULL ? IR_BAG_FILE
                                              : v->o->fast ? IR_BAG_FAST
                                                           : IR_BAG_WHOLE,
                                      .file = file,
                                      .exhibit = exhibit,
                                      .progress = on_progress,
                                      .user = v};
    meter_begin(&v->meter, v->env);
    struct ir_err err = {0};
    if (ir_bag_check(dirfd, &bo, &report, t, &err) != IR_OK) {
        say(v->cmd, "%s: %s", *v->prefix != '\0' ? v->prefix : ".", ir_local(err.msg));
        v->failed = true;
    }
    meter_end(&v->meter);
    v->files += t->files;
    v->bytes += t->bytes;
    v->unreadable += t->unreadable;
}

static void on_exhibit(void *user, const struct ir_check_exhibit *x)
{
    struct verify *v = user;
    struct ir_bag_totals t = {0};
    const char *file = v->o->file;
    size_t n = strlen(x->item);
    if (v->item[0] != '\0' && strcmp(v->item, x->item) != 0) return;
    if (file != NULL && v->item[0] == '\0') { /* EV-1-01/data/… */
        if (strncmp(file, x->item, n) != 0 || file[n] != '/') return;
        file += n + 1;
    }
    v->exhibits++;
    if (!x->whole) {
        write_exhibit(v, x, &t);
        return;
    }
    int fd = openat(v->dir, x->item, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        on_problem(v, x->item, ir_errno_text(errno));
        return;
    }
    v->prefix = x->item;
    check_bag(v, fd, file, true, &t);
    v->prefix = "";
    close(fd);
    write_exhibit(v, x, &t);
}

static void write_case(struct verify *v, const struct ir_check_totals *t)
{
    if (v->o->json)
        ir_buf_fmt(&v->out.buf,
                   "{\"type\":\"case\",\"lines\":%" PRIu64 ",\"checkpoints\":%" PRIu64
                   ",\"signatures\":%" PRIu64 ",\"exhibits\":%" PRIu64 ",\"files\":%" PRIu64
                   ",\"bytes\":%" PRIu64 ",\"problems\":%" PRIu64 ",\"warnings\":%" PRIu64
                   ",\"unclear\":%" PRIu64 "}\n",
                   t->lines, t->checkpoints, t->signatures, t->exhibits, v->files, v->bytes,
                   v->problems, v->warnings, v->unclear);
    else
        ir_buf_fmt(&v->out.buf, _("%s, %s, %s, %s: %s\n"),
                   EVIDENCE_COUNT(t->lines, "%s line", "%s lines"),
                   EVIDENCE_COUNT(t->checkpoints, "%s checkpoint", "%s checkpoints"),
                   EVIDENCE_COUNT(t->signatures, "%s signature", "%s signatures"),
                   EVIDENCE_COUNT(t->exhibits, "%s exhibit", "%s exhibits"), PROBLEMS(v->problems));
    if (!v->o->json && v->unclear > 0)
        ir_buf_fmt(&v->out.buf, _("What is there does not decide: %s\n"),
                   EVIDENCE_COUNT(v->unclear, "%s question", "%s questions"));
    if (!v->o->json && v->compare.n > 0)
        ir_buf_str(
            &v->out.buf,
            ir_intl_str(N_("Compare with paper (label, receipt); a log that was written anew "
                           "with other keys, or cut back, shows in nothing else:\n")));
    ir_buf_str(&v->out.buf, ir_buf_view(&v->compare));
}

static int verdict(const struct verify *v)
{
    if (v->failed) return IR_EXIT_FAILED;
    if (v->problems == 0) return v->unclear == 0 ? IR_EXIT_OK : IR_EXIT_DAMAGED;
    return v->problems == v->unreadable ? IR_EXIT_DAMAGED : IR_EXIT_FINDINGS;
}

/* The result into the log, in an opening of its own: a broken log takes nothing. */
static int record(const struct verify *v, const struct env *env, const struct evidence_options *ev)
{
    struct evidence e;
    struct ir_buf b = IR_BUF(1 << 16);
    int status = evidence_open(&e, v->cmd, ev, env, EVIDENCE_WRITE);
    if (status != IR_EXIT_OK) return status;
    ir_buf_fmt(&b,
               "\"mode\":\"%s\",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"problems\":%" PRIu64
               ",\"warnings\":%" PRIu64 ",\"unclear\":%" PRIu64,
               v->o->file != NULL ? "file"
               : v->o->fast       ? "fast"
                                  : "whole",
               v->files, v->bytes, v->problems, v->warnings, v->unclear);
    if (v->o->file != NULL) {
        ir_buf_str(&b, IR_S(",\"file\":"));
        ir_json_write_str(&b, ir_str_z(v->o->file));
    }
    status =
        evidence_append(&e, "verify", e.item[0] != '\0' ? e.item : NULL, NULL, ir_buf_view(&b));
    ir_buf_free(&b);
    return evidence_close(&e, status);
}

static int verify_case(struct verify *v, const struct env *env, const struct evidence_options *ev)
{
    const struct ir_check_report report = {on_problem, on_note,    on_exhibit,
                                           v,          on_compare, on_unclear};
    struct ir_check_known known = {.files = v->o->known.v, .n = v->o->known.n};
    struct ir_check_totals t;
    struct evidence e;
    struct ir_err err = {0};
    int status = evidence_open(&e, v->cmd, ev, env, EVIDENCE_LOOK);
    if (status != IR_EXIT_OK) return status;
    v->dir = e.case_fd;
    v->item = e.item;
    evidence_known(env, e.case_fd, &known);
    ir_check_case(e.case_fd, &known, &report, &t, &err);
    if (v->exhibits == 0 && (e.item[0] != '\0' || v->o->file != NULL)) {
        say(v->cmd, _("%s: there is no such exhibit in the case"),
            e.item[0] != '\0' ? e.item : v->o->file);
        return evidence_close(&e, IR_EXIT_USAGE);
    }
    write_case(v, &t);
    status = evidence_close(&e, verdict(v));
    int written = v->o->record ? record(v, env, ev) : IR_EXIT_OK;
    return written != IR_EXIT_OK ? written : status;
}

static int verify_bag(struct verify *v, const char *path)
{
    struct ir_bag_totals t;
    if (v->o->record || v->o->ev.item != NULL || v->o->known.n > 0) {
        say(v->cmd, _("--record, --item and --known are for a case, not for a bag"));
        return IR_EXIT_USAGE;
    }
    check_bag(v, v->dir, v->o->file, false, &t);
    if (v->o->json)
        ir_buf_fmt(&v->out.buf,
                   "{\"type\":\"bag\",\"version\":\"%s\",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64
                   ",\"problems\":%" PRIu64 ",\"warnings\":%" PRIu64 "}\n",
                   t.version, t.files, t.bytes, t.problems, t.warnings);
    else {
        ir_visible(&v->out.buf, ir_str_z(path), 0);
        ir_buf_fmt(&v->out.buf, _(": BagIt %s, %s with %s: %s, %s\n"),
                   t.version[0] != '\0' ? t.version : "?", FILES(t.files), BYTES(t.bytes),
                   PROBLEMS(t.problems), EVIDENCE_COUNT(t.warnings, "%s warning", "%s warnings"));
    }
    return verdict(v);
}

/* PATH is a case when custody/ is in it, else a bag. */
static int verify_path(struct verify *v, const char *path, const struct env *env)
{
    struct evidence_options ev = v->o->ev;
    struct stat st;
    char *whole = realpath(path, NULL), *slash = whole != NULL ? strrchr(whole, '/') : NULL;
    int status;
    v->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (v->dir < 0 || slash == NULL) {
        say(v->cmd, "%s: %s", path, ir_errno_local(errno));
        status = IR_EXIT_DAMAGED;
    } else if (ev.case_id != NULL || ev.output != NULL) {
        say(v->cmd, _("give a path or --case, not both"));
        status = IR_EXIT_USAGE;
    } else if (fstatat(v->dir, "custody", &st, AT_SYMLINK_NOFOLLOW) == 0) {
        close(v->dir);
        v->dir = -1;
        *slash = '\0';
        ev.output = whole;
        ev.case_id = slash + 1;
        status = verify_case(v, env, &ev);
        free(whole);
        return status;
    } else {
        status = verify_bag(v, path);
    }
    if (v->dir >= 0) close(v->dir);
    free(whole);
    return status;
}

static int run_verify(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    struct verify v = {.compare = IR_BUF(1 << 24),
                       .cmd = cmd,
                       .o = options,
                       .env = env,
                       .dir = -1,
                       .item = "",
                       .prefix = ""};
    if (v.o->fast && v.o->file != NULL) {
        say(cmd, _("--fast reads no file, so it does not go with --file"));
        return IR_EXIT_USAGE;
    }
    sink_open(&v.out, cmd, NULL, NULL);
    int status =
        operands->n > 0 ? verify_path(&v, operands->v[0], env) : verify_case(&v, env, &v.o->ev);
    ir_buf_free(&v.compare);
    return sink_close(&v.out, status);
}

const struct cmd cmd_evidence_verify = {
    .name = "evidence verify",
    .operands = "[PATH]",
    .brief = N_("Prove a case, an exhibit or a file of it, or any BagIt bag"),
    .about = N_("PATH is a BagIt bag of anybody, or a case. Exit status 1: something is wrong; 3: "
                "something could not be read, or cannot be told from what is there, and nothing "
                "else is wrong."),
    .opts = verify_opts,
    .size = sizeof(struct verify_options),
    .max_operands = 1,
    .run = run_verify,
};
