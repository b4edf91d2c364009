/*
 * Reading format files. See formatfiles.h.
 */
#include "run/formatfiles.h"

#include <string.h>

#include "run/rulefiles.h"

static int load_one(struct ir_described_set *set, const char *path, struct ir_buf *text)
{
    struct ir_err err = {0};
    int rc = ir_rulefiles_read(path, text, &err);
    if (rc == IR_BAD) return ir_described_fail(set, path, 0, err.msg);
    return rc == IR_OK ? ir_described_add(set, path, ir_buf_view(text)) : rc;
}

int ir_formatfiles_load(struct ir_described_set *set, const char *path, size_t *ret_files,
                        struct ir_err *err)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    struct ir_inputs *in = ir_rulefiles_list(path, err);
    int rc = IR_OK;
    if (in == NULL) return IR_BAD;
    for (size_t i = 0; i < ir_inputs_notes(in) && rc == IR_OK; i++) {
        const struct ir_input_note *note = ir_inputs_note(in, i);
        if (note->kind == IR_NOTE_UNREADABLE)
            rc = ir_described_fail(set, note->path, 0, note->reason);
    }
    for (size_t i = 0; i < ir_inputs_count(in) && rc == IR_OK; i++) {
        const char *file = ir_inputs_get(in, i)->path;
        if (strcmp(file, path) != 0 && !ir_rulefiles_is_rules(ir_str_z(file))) continue;
        rc = load_one(set, file, &text);
        if (ret_files != NULL) ++*ret_files;
    }
    ir_buf_free(&text);
    ir_inputs_free(in);
    return rc == IR_OK ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
}
