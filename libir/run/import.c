/*
 * A rule set from its source to its place. See import.h.
 *
 * The new version is written whole into a directory of its own, brought to disk, and exchanged for
 * the old one in one step of the kernel's: whoever looks, at any moment or after a crash, sees one
 * version or the other.
 */
#include "run/import.h"

#include "base/intl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/io.h"
#include "run/import_int.h"
#include "run/rulefiles.h"
#include "run/sandbox.h"

void ir_import_free(struct ir_import *im)
{
    if (im == NULL) return;
    ir_rules_free(im->rules);
    ir_rules_free(im->old);
    ir_names_free(im->fields);
    ir_inputs_free(im->in);
    ir_map_free(&im->names);
    ir_map_free(&im->ids);
    ir_map_free(&im->old_ids);
    ir_buf_free(&im->sums);
    ir_buf_free(&im->from_path);
    ir_arena_free(&im->texts);
    if (im->tmp_fd >= 0) close(im->tmp_fd);
    free(im->file);
    free(im->change);
    free(im);
}

const struct ir_import_result *ir_import_result(const struct ir_import *im)
{
    return &im->r;
}

static void fill_manifest(struct ir_import *im)
{
    struct ir_ruleset *set = &im->r.set;
    snprintf(set->source, sizeof set->source, "%s", im->source);
    snprintf(set->by, sizeof set->by, "%s", im->o.by);
    snprintf(set->program, sizeof set->program, "%s", im->o.program);
    ir_time_rfc3339(im->o.now, set->imported);
}

/* From here on hostile bytes are read. */
static int confine(struct ir_import *im, struct ir_err *err)
{
    const char *const dirs[] = {im->o.read_only ? NULL : im->o.home, NULL};
    int fd = im->o.read_only ? -1 : ir_fs_make_dirs(im->o.home, 0700); /* keys will lie there too */
    if (fd < 0 && !im->o.read_only) {
        ir_err_at(err, im->o.home, -1, 0);
        return ir_fail(err, IR_BAD, "the workspace cannot be made: %-s", ir_errno_text(-fd));
    }
    if (fd >= 0) close(fd);
    if (!im->o.no_sandbox) ir_sandbox_enter_making(dirs);
    return IR_OK;
}

int ir_import_read(const struct ir_import_options *o, struct ir_import **ret_im, struct ir_err *err)
{
    struct ir_import *im = calloc(1, sizeof *im);
    struct stat st;
    if (im == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    im->o = *o;
    im->source = o->source;
    im->from_path = IR_BUF((size_t)1 << 16);
    im->tmp_fd = -1;
    im->sums = IR_BUF(IR_RULE_FILE_MAX);
    im->in = ir_inputs_new();
    ir_err_at(err, o->source, -1, 0);
    int rc = im->in != NULL ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK && stat(o->source, &st) < 0)
        rc = ir_fail(err, IR_BAD, "%s", ir_errno_text(errno));
    im->archive = rc == IR_OK && !S_ISDIR(st.st_mode);
    if (im->archive) im->tmp_fd = ir_io_temporary();
    if (rc == IR_OK) rc = confine(im, err);
    if (rc == IR_OK) rc = ir_import_list(im, err);
    if (rc == IR_OK) rc = ir_import_check(im, err);
    if (rc == IR_OK) rc = ir_import_compare(im, err);
    if (rc == IR_OK) {
        fill_manifest(im);
        *ret_im = im;
    } else {
        ir_import_free(im);
    }
    return rc;
}

static int write_files(struct ir_import *im, int dir)
{
    struct ir_buf path = IR_BUF(4096), text = IR_BUF(IR_RULE_FILE_MAX + 2);
    char hex[65];
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < im->nfiles; i++) {
        ir_buf_clear(&path);
        ir_buf_str(&path, IR_S("rules/"));
        ir_buf_str(&path, im->file[i].name);
        if (ir_import_bytes(im->file[i].in, &text, NULL) != IR_OK) rc = -EIO;
        /* a directory may have been written to since it was checked */
        if (rc == 0 &&
            (!ir_ruleset_digest(ir_buf_view(&text), hex) || strcmp(hex, im->file[i].sha256) != 0))
            rc = -ESTALE;
        if (rc == 0) rc = ir_fs_write_new(dir, path.p, ir_buf_view(&text), 0644);
    }
    ir_buf_clear(&text);
    ir_ruleset_manifest(&im->r.set, &text);
    if (rc == 0) rc = ir_fs_write_new(dir, "SHA256SUMS", ir_buf_view(&im->sums), 0644);
    if (rc == 0) rc = ir_fs_write_new(dir, "manifest.json", ir_buf_view(&text), 0644);
    if (rc == 0 && syncfs(dir) < 0) rc = -errno;
    ir_buf_free(&path);
    ir_buf_free(&text);
    return rc;
}

/* The replaced version lies under `fresh` now. */
static int put_away(const struct ir_import *im, int dir, const char *fresh)
{
    char name[160];
    const char *tree = im->r.old.tree_sha256[0] ? im->r.old.tree_sha256 : "damaged";
    if (!im->o.keep) return ir_fs_remove_tree(dir, fresh);
    snprintf(name, sizeof name, ".old/%s-%.12s", im->r.old.name, tree);
    int rc = mkdirat(dir, ".old", 0755) == 0 || errno == EEXIST ? 0 : -errno;
    if (rc == 0) rc = ir_fs_remove_tree(dir, name);
    return rc == 0 && renameat(dir, fresh, dir, name) < 0 ? -errno : rc;
}

static int exchange(struct ir_import *im, int dir, const char *fresh, struct ir_err *err)
{
    const unsigned how = im->r.has_old ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (renameat2(dir, fresh, dir, im->r.set.name, how) < 0) {
        const int e = errno;
        ir_fs_remove_tree(dir, fresh);
        if (im->r.has_old && (e == EINVAL || e == ENOSYS))
            return ir_fail(err, IR_BAD,
                           "this file system cannot exchange directories in one step: take the old "
                           "version out first, with ir rules remove %s",
                           im->r.set.name);
        return ir_fail(err, IR_BAD, "cannot be put in its place: %-s", ir_errno_text(e));
    }
    const int rc = im->r.has_old ? put_away(im, dir, fresh) : 0;
    if (fsync(dir) < 0 || rc < 0)
        return ir_fail(err, IR_WARN, "installed, but the old version could not be put away: %-s",
                       ir_errno_text(rc < 0 ? -rc : errno));
    return IR_OK;
}

int ir_import_install(struct ir_import *im, struct ir_err *err)
{
    struct ir_buf path = IR_BUF((size_t)1 << 16);
    static const char fresh[] = ".new";
    ir_ruleset_path(&path, im->o.home, NULL);
    ir_err_at(err, path.p, -1, 0);
    int dir = path.full ? -ENAMETOOLONG : ir_fs_make_dirs(path.p, 0755), sub = -1, rc = IR_OK;
    if (dir < 0) {
        rc = ir_fail(err, IR_BAD, "cannot be made: %-s", ir_errno_text(-dir));
    } else if (flock(dir, LOCK_EX | LOCK_NB) < 0) {
        rc = ir_fail(err, IR_BAD, "another import is at work here: wait until it is done");
    } else { /* one that was killed may have left its beginning */
        int n = ir_fs_remove_tree(dir, fresh);
        if (n == 0 && mkdirat(dir, fresh, 0755) < 0) n = -errno;
        if (n == 0) sub = openat(dir, fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (n == 0) n = sub < 0 ? -errno : write_files(im, sub);
        if (n < 0) ir_fs_remove_tree(dir, fresh);
        rc = n < 0 ? ir_fail(err, IR_BAD, "cannot be written: %-s", ir_errno_text(-n))
                   : exchange(im, dir, fresh, err);
    }
    if (sub >= 0) close(sub);
    if (dir >= 0) close(dir);
    ir_buf_free(&path);
    return rc;
}
