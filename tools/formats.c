/*
 * ir formats: the formats that ir knows; with files, what each format bids for them and which one
 * wins. For the question "why was my log not recognised".
 */
#include "base/utf8.h"
#include "format/format.h"
#include "run/sandbox.h"
#include "sink.h"
#include "source/blocks.h"

#include <stdlib.h>

static const struct opt no_opts[] = {OPT_END};

static void list(struct ir_buf *out)
{
    for (size_t i = 0; ir_formats[i] != NULL; i++)
        ir_buf_fmt(out, "%-14s %s\n", ir_formats[i]->name, ir_formats[i]->title);
}

/* "auth.log: syslog (syslog 90, text 1)" */
static void show(struct ir_buf *out, const char *path, struct ir_str head, int *bids)
{
    const struct ir_format *best = ir_format_choose(head, bids);
    bool any = false;
    ir_visible(out, ir_str_z(path), 0);
    ir_buf_fmt(out, ": %s", best->name);
    for (size_t i = 0; ir_formats[i] != NULL; i++) {
        if (bids[i] <= 0) continue;
        ir_buf_fmt(out, "%s%s %d", any ? ", " : " (", ir_formats[i]->name, bids[i]);
        any = true;
    }
    ir_buf_str(out, any ? IR_S(")\n") : IR_S(" (no format bids)\n"));
}

static bool look(struct sink *out, const struct ir_input *in, int *bids)
{
    struct ir_blocks *b = NULL;
    struct ir_err err = {0};
    struct ir_str head = {NULL, 0};
    int rc = ir_blocks_open(in, &b, &err);
    if (rc == IR_OK) rc = ir_blocks_peek(b, &head, &err);
    bool good = rc == IR_OK || rc == IR_END;
    if (!good)
        say(out->cmd, "cannot read: %s: %s: the choice is made from what came before", in->path,
            err.msg);
    if (good || head.n > 0) show(&out->buf, in->path, head, bids);
    ir_blocks_close(b);
    return good;
}

static int look_at_all(struct sink *out, struct ir_inputs *in, const struct opt_list *paths,
                       const struct env *env)
{
    int status = IR_EXIT_OK;
    int *bids = calloc(ir_format_count() + 1, sizeof *bids);
    for (size_t i = 0; i < paths->n; i++)
        ir_inputs_add(in, paths->v[i], NULL); /* what cannot be taken is in the notes */
    if (bids == NULL || ir_inputs_finish(in) < 0) {
        say(out->cmd, "out of memory");
        free(bids);
        return IR_EXIT_FAILED;
    }
    if (!env->no_sandbox) ir_sandbox_enter(&out->fd, 1);
    for (size_t i = 0; i < ir_inputs_count(in) && sink_drain(out); i++)
        if (!look(out, ir_inputs_get(in, i), bids)) status = IR_EXIT_DAMAGED;
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *note = ir_inputs_note(in, i);
        say(out->cmd, "%s: %s: %s", note->unreadable ? "cannot read" : "skipped", note->path,
            note->reason);
        if (note->unreadable) status = IR_EXIT_DAMAGED;
    }
    free(bids);
    return status;
}

static int formats_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                       const struct env *env)
{
    (void)options;
    struct sink out;
    int status = IR_EXIT_OK;
    sink_open(&out, cmd, NULL, NULL);
    if (operands->n == 0) {
        list(&out.buf);
        return sink_close(&out, status);
    }
    struct ir_inputs *in = ir_inputs_new();
    if (in == NULL) {
        say(cmd, "out of memory");
        return sink_close(&out, IR_EXIT_FAILED);
    }
    status = look_at_all(&out, in, operands, env);
    ir_inputs_free(in);
    return sink_close(&out, status);
}

const struct cmd cmd_formats = {
    .name = "formats",
    .operands = "[FILE…]",
    .brief = "List the log formats, or show how files are recognised",
    .about = "For each FILE: the format that wins, and what every format bids (1 to 100).",
    .opts = no_opts,
    .max_operands = SIZE_MAX,
    .run = formats_run,
};
