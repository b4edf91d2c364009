/*
 * ir formats: the formats that ir knows; with files, what each format bids for them and which one
 * wins. For the question "why was my log not recognised".
 */
#include "base/io.h"
#include "base/utf8.h"
#include "format/format.h"
#include "passwords.h"
#include "run/sandbox.h"
#include "sink.h"
#include "source/blocks.h"
#include "source/unpack.h"
#include "where.h"

#include <stdlib.h>
#include <unistd.h>

struct formats_options {
    const char *password_file, *encoding;
    bool ask_password;
};

#define AT(member) offsetof(struct formats_options, member)
static const struct opt formats_opts[] = {
    {"encoding", 0, OPT_CHOICE, AT(encoding), "ENCODING",
     N_("read every input as this encoding instead of recognising it"), choice_encoding},
    {"password-file", 0, OPT_TEXT, AT(password_file), "FILE",
     N_("passwords to try on encrypted archives, one a line"), NULL},
    {"ask-password", 0, OPT_FLAG, AT(ask_password), NULL,
     N_("ask on the terminal for a password to try on encrypted archives"), NULL},
    OPT_END,
};

static void list(struct ir_buf *out)
{
    for (size_t i = 0; i < ir_formats_builtin.n; i++)
        ir_buf_fmt(out, "%-14s %s\n", ir_formats_builtin.list[i]->name,
                   _(ir_formats_builtin.list[i]->title));
}

/* "auth.log: syslog (syslog 90, text 1)" */
static void show(struct ir_buf *out, const char *path, enum ir_encoding e, struct ir_str head,
                 int *bids)
{
    const struct ir_format *best = ir_formats_choose(NULL, head, bids);
    bool any = false;
    ir_visible(out, ir_str_z(path), 0);
    ir_buf_fmt(out, ": %s", best->name);
    for (size_t i = 0; i < ir_formats_builtin.n; i++) {
        if (bids[i] <= 0) continue;
        ir_buf_fmt(out, "%s%s %d", any ? ", " : " (", ir_formats_builtin.list[i]->name, bids[i]);
        any = true;
    }
    ir_buf_str(out, any ? IR_S(")") : ir_intl_str(N_(" (no format bids)")));
    if (e != IR_ENC_UTF8) ir_buf_fmt(out, _(" in %s"), ir_encoding_name(e));
    ir_buf_chr(out, '\n');
}

static bool look(struct sink *out, struct ir_inputs *list, size_t i, int *bids)
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
        show(&out->buf, in->path, b != NULL ? ir_blocks_encoding(b, NULL) : IR_ENC_UTF8, head,
             bids);
    ir_blocks_close(b);
    return good;
}

static int look_at_all(struct sink *out, struct ir_inputs *in, const struct opt_list *paths,
                       const struct formats_options *o, const char *const *keys,
                       const struct env *env)
{
    static const char *const kinds[] = {[IR_NOTE_SKIPPED] = N_("skipped"),
                                        [IR_NOTE_UNREADABLE] = N_("cannot read"),
                                        [IR_NOTE_DAMAGED] = N_("damaged"),
                                        [IR_NOTE_REMARK] = N_("note")};
    int status = IR_EXIT_OK;
    int *bids = calloc(ir_formats_builtin.n + 1, sizeof *bids);
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
        if (!look(out, in, i, bids)) status = IR_EXIT_DAMAGED;
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
    int status = IR_EXIT_OK;
    sink_open(&out, cmd, NULL, NULL);
    if (operands->n == 0) {
        list(&out.buf);
        return sink_close(&out, status);
    }
    struct passwords passwords;
    status = passwords_get(&passwords, cmd, o->password_file, o->ask_password);
    if (status != IR_EXIT_OK) return sink_close(&out, status);
    struct ir_inputs *in = ir_inputs_new();
    if (in == NULL) {
        say(cmd, _("out of memory"));
        passwords_free(&passwords);
        return sink_close(&out, IR_EXIT_FAILED);
    }
    status = look_at_all(&out, in, operands, o, passwords.keys, env);
    ir_inputs_free(in);
    passwords_free(&passwords);
    return sink_close(&out, status);
}

const struct cmd cmd_formats = {
    .name = "formats",
    .operands = "[FILE…]",
    .brief = N_("List the log formats, or show how files are recognised"),
    .about = N_("For each FILE: the format that wins, and what every format bids (1 to 100)."),
    .opts = formats_opts,
    .size = sizeof(struct formats_options),
    .max_operands = SIZE_MAX,
    .run = formats_run,
};
