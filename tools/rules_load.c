/*
 * Rule files for the `ir rules` commands. See rules_load.h.
 */
#include "rules_load.h"

#include "sink.h"
#include "source/reader.h"
#include "where.h"

#define RULE_FILE_MAX ((size_t)4 << 20) /* the largest file of SigmaHQ has 100 kB */

static bool is_yaml(const char *path)
{
    struct ir_str s = ir_str_z(path);
    return ir_str_ends(s, IR_S(".yml")) || ir_str_ends(s, IR_S(".yaml"));
}

/* The whole file; false when it is too large or cannot be read (*err says why). */
static bool read_file(const struct ir_input *in, struct ir_buf *text, struct ir_err *err)
{
    struct ir_reader *r = NULL;
    char part[16384];
    size_t n = 0;
    int rc = ir_reader_open(in, &r, err);
    ir_buf_clear(text);
    while (rc == IR_OK) {
        rc = ir_reader_read(r, part, sizeof part, &n, err);
        if (rc == IR_OK) ir_buf_add(text, part, n);
        if (text->full) rc = ir_fail(err, IR_BAD, "larger than 4 MiB, no rule file");
    }
    ir_reader_close(r);
    return rc == IR_END;
}

static int load_inputs(struct rules_loaded *l, const struct cmd *cmd, const struct ir_inputs *in)
{
    struct ir_buf text = IR_BUF(RULE_FILE_MAX);
    int status = IR_EXIT_OK;
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *note = ir_inputs_note(in, i);
        if (!note->unreadable) continue;
        say(cmd, "cannot read rules: %s: %s", note->path, note->reason);
        status = IR_EXIT_FAILED;
    }
    for (size_t i = 0; i < ir_inputs_count(in); i++) {
        const struct ir_input *file = ir_inputs_get(in, i);
        struct ir_err err = {0};
        if (!is_yaml(file->path)) continue;
        l->files++;
        if (!read_file(file, &text, &err)) {
            say(cmd, "cannot read rules: %s: %s", file->path, err.msg);
            status = IR_EXIT_FAILED;
        } else if (ir_rules_add(l->rules, file->path, ir_buf_view(&text)) == IR_FATAL) {
            say(cmd, "out of memory");
            status = IR_EXIT_FAILED;
            break;
        }
    }
    ir_buf_free(&text);
    return status;
}

int rules_load(struct rules_loaded *l, const struct cmd *cmd, const struct opt_list *paths)
{
    *l = (struct rules_loaded){.names = ir_names_new()};
    if (l->names != NULL) l->rules = ir_rules_new(l->names);
    struct ir_inputs *in = ir_inputs_new();
    struct ir_buf own = IR_BUF(1 << 16);
    struct ir_err err = {0};
    int status = IR_EXIT_FAILED;
    if (l->rules == NULL || in == NULL) {
        say(cmd, "out of memory");
        goto out;
    }
    if (paths->n == 0 && !default_rules(&own)) {
        say(cmd, "no default rules: share/ir/rules is not there: name a directory of rules");
        goto out;
    }
    if (paths->n == 0) ir_inputs_add(in, own.p, NULL);
    for (size_t i = 0; i < paths->n; i++)
        ir_inputs_add(in, paths->v[i], NULL); /* what cannot be taken is in the notes */
    if (ir_inputs_finish(in) < 0) {
        say(cmd, "out of memory");
        goto out;
    }
    status = load_inputs(l, cmd, in);
    if (ir_rules_finish(l->rules, &err) < 0) {
        say(cmd, "cannot load rules: %s: %s", err.input, err.msg);
        status = IR_EXIT_FAILED;
    }
out:
    ir_buf_free(&own);
    ir_inputs_free(in);
    return status;
}

void rules_unload(struct rules_loaded *l)
{
    ir_rules_free(l->rules);
    ir_names_free(l->names);
}
