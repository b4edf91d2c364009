/*
 * ir formats: the formats that ir knows; with files, what each format bids for them and which one
 * wins. For the question "why was my log not recognised".
 */
#include "base/io.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "formats_load.h"
#include "passwords.h"
#include "run/sandbox.h"
#include "sink.h"
#include "source/blocks.h"
#include "source/unpack.h"
#include "where.h"

#include <stdlib.h>
#include <unistd.h>

#define NAME_COLUMNS 15u /* of a format, and the blank behind it */

struct formats_options {
    struct opt_list format_files;
    const char *password_file, *encoding;
    bool ask_password;
};

#define AT(member) offsetof(struct formats_options, member)
static const struct opt formats_opts[] = {
    {"format-files", 0, OPT_LIST, AT(format_files), "PATH",
     N_("also know the log formats that this file or directory describes (may be repeated)"), NULL},
    {"encoding", 0, OPT_CHOICE, AT(encoding), "ENCODING",
     N_("read every input as this encoding instead of recognising it"), choice_encoding},
    {"password-file", 0, OPT_TEXT, AT(password_file), "FILE",
     N_("passwords to try on encrypted archives, one a line"), NULL},
    {"ask-password", 0, OPT_FLAG, AT(ask_password), NULL,
     N_("ask on the terminal for a password to try on encrypted archives"), NULL},
    OPT_END,
};

/* The catalogue has the titles of what is compiled in; a file brings its own. */
static const char *title(const struct formats *f, const struct ir_format *fmt)
{
    struct ir_described_info info;
    if (fmt->described == NULL) return _(fmt->title);
    for (size_t i = 0; ir_intl_is_ja() && i < ir_described_count(f->set); i++) {
        ir_described_get(f->set, i, &info);
        if (info.format == fmt && info.title_ja != NULL) return info.title_ja;
    }
    return fmt->title;
}

static void list(struct ir_buf *out, const struct formats *f, unsigned width)
{
    struct ir_buf text = IR_BUF(1 << 16);
    for (size_t i = 0; i < f->list->n; i++) {
        ir_buf_clear(&text);
        ir_visible(&text, ir_str_z(title(f, f->list->list[i])), 0);
        ir_buf_fmt(out, "%-14s ", f->list->list[i]->name);
        ir_wrap(out, ir_buf_view(&text), NAME_COLUMNS, NAME_COLUMNS, width);
        ir_buf_chr(out, '\n');
    }
    ir_buf_free(&text);
}

/* "auth.log: syslog (syslog 90, text 1)" */
static void show(struct ir_buf *out, const struct ir_formats *fs, const char *path,
                 enum ir_encoding e, struct ir_str head, int *bids)
{
    const struct ir_format *best = ir_formats_choose(fs, head, bids);
    bool any = false;
    ir_visible(out, ir_str_z(path), 0);
    ir_buf_fmt(out, ": %s", best->name);
    for (size_t i = 0; i < fs->n; i++) {
        if (bids[i] <= 0) continue;
        ir_buf_fmt(out, "%s%s %d", any ? ", " : " (", fs->list[i]->name, bids[i]);
        any = true;
    }
    ir_buf_str(out, any ? IR_S(")") : ir_intl_str(N_(" (no format bids)")));
    if (e != IR_ENC_UTF8) ir_buf_fmt(out, _(" in %s"), ir_encoding_name(e));
    ir_buf_chr(out, '\n');
}

static bool look(struct sink *out, const struct ir_formats *fs, struct ir_inputs *list, size_t i,
                 int *bids)
{
    const struct ir_input *in = ir_inputs_get(list, i);
    struct ir_blocks *b = NULL;
    struct ir_err err = {0};
    struct ir_str head = {NULL, 0};
    int rc = ir_inputs_open(list, i, &b, &err);
    if (rc == IR_OK) rc = ir_blocks_peek(b, &head, &err);
    bool good = rc == IR_OK || rc == IR_END;
    if (!good)
        say(out->cmd, _("cannot read: %s: %s: the choice is made from what came before"), in->path,
            ir_local(err.msg));
    if (good || head.n > 0)
        show(&out->buf, fs, in->path, b != NULL ? ir_blocks_encoding(b, NULL) : IR_ENC_UTF8, head,
             bids);
    ir_blocks_close(b);
    return good;
}

static int look_at_all(struct sink *out, struct ir_inputs *in, const struct opt_list *paths,
                       const struct formats_options *o, const struct ir_formats *fs,
                       const char *const *keys, const struct env *env)
{
    static const char *const kinds[] = {[IR_NOTE_SKIPPED] = N_("skipped"),
                                        [IR_NOTE_UNREADABLE] = N_("cannot read"),
                                        [IR_NOTE_DAMAGED] = N_("damaged"),
                                        [IR_NOTE_REMARK] = N_("note")};
    int status = IR_EXIT_OK;
    int *bids = calloc(fs->n + 1, sizeof *bids);
    const struct ir_unpack_options uo = {.fd = ir_io_temporary(), .keys = keys};
    const int writable[] = {out->fd, uo.fd};
    for (size_t i = 0; i < paths->n; i++)
        ir_inputs_add(in, paths->v[i], NULL); /* what cannot be taken is in the notes */
    const enum ir_encoding e =
        o->encoding ? ir_encoding_by_name(ir_str_z(o->encoding)) : IR_ENC_AUTO;
    if (ir_inputs_convert(in, e) != IR_OK) {
        say(out->cmd, "%s", _(IR_NO_CHARSET));
        status = IR_EXIT_FAILED;
    }
    if (!env->no_sandbox) ir_sandbox_enter(writable, 2);
    if (bids == NULL || ir_inputs_unpack(in, &uo) < 0 || ir_inputs_finish(in) < 0) {
        say(out->cmd, _("out of memory"));
        status = IR_EXIT_FAILED;
    }
    for (size_t i = 0; status != IR_EXIT_FAILED && i < ir_inputs_count(in) && sink_drain(out); i++)
        if (!look(out, fs, in, i, bids)) status = IR_EXIT_DAMAGED;
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *note = ir_inputs_note(in, i);
        say(out->cmd, "%s: %s: %s", _(kinds[note->kind]), note->path, ir_local(note->reason));
        if (status == IR_EXIT_OK &&
            (note->kind == IR_NOTE_UNREADABLE || note->kind == IR_NOTE_DAMAGED))
            status = IR_EXIT_DAMAGED;
    }
    if (uo.fd >= 0) close(uo.fd);
    free(bids);
    return status;
}

static int formats_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    const struct formats_options *o = options;
    struct sink out;
    struct formats formats;
    struct passwords passwords = {0};
    sink_open(&out, cmd, NULL, NULL);
    int status = formats_open(&formats, cmd, env, &o->format_files, NULL);
    if (status == IR_EXIT_OK && operands->n == 0) {
        list(&out.buf, &formats, env->out_tty ? env->columns : 0);
    } else if (status == IR_EXIT_OK) {
        struct ir_inputs *in = ir_inputs_new();
        status = passwords_get(&passwords, cmd, "password-file", o->password_file, o->ask_password);
        if (status == IR_EXIT_OK && in == NULL) {
            say(cmd, _("out of memory"));
            status = IR_EXIT_FAILED;
        }
        if (status == IR_EXIT_OK)
            status = look_at_all(&out, in, operands, o, formats.list, passwords.keys, env);
        ir_inputs_free(in);
    }
    passwords_free(&passwords);
    formats_close(&formats);
    return sink_close(&out, status);
}

extern const struct cmd cmd_formats_check;
static const struct cmd *const subs[] = {&cmd_formats_check, NULL};

const struct cmd cmd_formats = {
    .name = "formats",
    .operands = "[FILE…]",
    .subs = subs,
    .brief = N_("List the log formats, or show how files are recognised"),
    .about = N_("For each FILE: the format that wins, and what every format bids (1 to 100)."),
    .opts = formats_opts,
    .size = sizeof(struct formats_options),
    .max_operands = SIZE_MAX,
    .run = formats_run,
};
