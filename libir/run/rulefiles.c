/*
 * Reading files of rules and of settings. Rules take their values when they are loaded: all
 * settings are read before the first rule.
 */
#include "run/rulefiles.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "source/input.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool ir_rulefiles_is_settings(const char *path)
{
    return strcmp(base_name(path), "settings.yml") == 0 ||
           ir_str_ends(ir_str_z(path), IR_S(".settings.yml"));
}

bool ir_rulefiles_is_rules(struct ir_str path)
{
    return ir_str_ends(path, IR_S(".yml")) || ir_str_ends(path, IR_S(".yaml"));
}

bool ir_rulefiles_is_format(const char *root, const char *path)
{
    struct ir_str dir = ir_str_z(root), s = ir_str_z(path);
    while (dir.n > 1 && dir.p[dir.n - 1] == '/')
        dir.n--;
    if (!ir_str_starts(s, dir)) return false;
    s = ir_str_skip(s, dir.n);
    while (s.n > 0 && s.p[0] == '/')
        s = ir_str_skip(s, 1);
    return ir_str_starts(s, IR_S("formats/"));
}

static bool is_rules(const char *root, const char *path)
{
    return !ir_rulefiles_is_settings(path) && !ir_rulefiles_is_format(root, path) &&
           ir_rulefiles_is_rules(ir_str_z(path));
}

int ir_rulefiles_read(const char *path, struct ir_buf *text, struct ir_err *err)
{
    struct stat st;
    ir_buf_clear(text);
    ir_err_at(err, path, -1, 0);
    int fd = ir_io_open(AT_FDCWD, path, 0);
    if (fd < 0) return ir_fail(err, IR_BAD, "cannot be opened: %-s", ir_errno_text(-fd));
    int rc = IR_OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        rc = ir_fail(err, IR_BAD, "not a regular file");
    else if (st.st_size < 0 || (size_t)st.st_size > IR_RULE_FILE_MAX)
        rc = ir_fail(err, IR_BAD, "larger than 4 MiB, no rule file");
    else if (!ir_buf_reserve(text, (size_t)st.st_size + 1))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK) {
        ssize_t n = ir_io_read_full(fd, text->p, (size_t)st.st_size);
        if (n < 0)
            rc = ir_fail(err, IR_BAD, "cannot be read: %-s", ir_errno_text((int)-n));
        else
            text->n = (size_t)n;
    }
    close(fd);
    return rc;
}

int ir_rulefiles_values(struct ir_rules *rs, const char *path, struct ir_err *err)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    int rc = ir_rulefiles_read(path, &text, err);
    if (rc == IR_OK) rc = ir_rules_values(rs, path, ir_buf_view(&text), err);
    ir_buf_free(&text);
    return rc;
}

static int load_one(struct ir_rules *rs, const char *path, struct ir_buf *text)
{
    struct ir_err err = {0};
    int rc = ir_rulefiles_read(path, text, &err);
    if (rc == IR_BAD) {
        ir_rules_fail(rs, path, 0, err.msg);
        return IR_OK;
    }
    return rc == IR_OK ? ir_rules_add(rs, path, ir_buf_view(text)) : rc;
}

static int load_list(struct ir_rules *rs, const char *root, const struct ir_inputs *in,
                     size_t *ret_files, struct ir_err *err)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    int rc = IR_OK;
    for (size_t i = 0; i < ir_inputs_count(in) && rc != IR_FATAL; i++) {
        const char *path = ir_inputs_get(in, i)->path;
        if (!is_rules(root, path)) continue;
        rc = load_one(rs, path, &text);
        if (ret_files != NULL) ++*ret_files;
    }
    ir_buf_free(&text);
    return rc == IR_FATAL ? ir_fail(err, IR_FATAL, "out of memory while loading rules") : IR_OK;
}

struct ir_inputs *ir_rulefiles_list(const char *path, struct ir_err *err)
{
    struct ir_inputs *in = ir_inputs_new();
    ir_err_at(err, path, -1, 0);
    if (in == NULL) {
        ir_fail(err, IR_FATAL, "out of memory");
        return NULL;
    }
    if (ir_inputs_add(in, path, err) == IR_OK && ir_inputs_finish(in) == IR_OK) return in;
    ir_inputs_free(in);
    return NULL;
}

int ir_rulefiles_settings(struct ir_rules *rs, const char *path)
{
    struct ir_inputs *in = ir_rulefiles_list(path, NULL); /* loading its rules says why */
    int rc = IR_OK;
    for (size_t i = 0; in != NULL && i < ir_inputs_count(in) && rc != IR_FATAL; i++) {
        struct ir_err e = {0};
        const char *file = ir_inputs_get(in, i)->path;
        if (strcmp(base_name(file), "settings.yml") == 0 &&
            (rc = ir_rulefiles_values(rs, file, &e)) == IR_BAD)
            ir_rules_fail(rs, file, (uint64_t)(e.line > 0 ? e.line : 0), e.msg);
    }
    ir_inputs_free(in);
    return rc == IR_FATAL ? rc : IR_OK;
}

int ir_rulefiles_load(struct ir_rules *rs, const char *path, size_t *ret_files, struct ir_err *err)
{
    struct ir_inputs *in = ir_rulefiles_list(path, err);
    if (in == NULL) return IR_BAD;
    for (size_t i = 0; i < ir_inputs_notes(in); i++) {
        const struct ir_input_note *note = ir_inputs_note(in, i);
        if (note->kind == IR_NOTE_UNREADABLE) ir_rules_fail(rs, note->path, 0, note->reason);
    }
    int rc = load_list(rs, path, in, ret_files, err);
    ir_inputs_free(in);
    return rc;
}
