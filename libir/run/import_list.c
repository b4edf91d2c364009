/*
 * Which files of an archive or a directory make a rule set. Every name is the archive's word: it
 * becomes a path below the workspace only after ir_import_path_ok, and anything that an honest
 * release does not have (links, devices, names that lead out, damage) refuses the whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#include "base/intl.h"
#include "run/import_int.h"
#include "run/rulefiles.h"
#include "source/unpack.h"

/* Rules of 8 MB are many; release archives of whole source trees hold samples of some MB too. */
static const struct ir_unpack_limits limits = {
    .member = UINT64_C(64) << 20,
    .total = UINT64_C(1) << 30,
    .holes = UINT64_C(1) << 20,
    .ratio_after = UINT64_C(16) << 20,
    .ratio = 200,
    .depth = 2,
    .members = 100000,
    .keep_free = UINT64_C(64) << 20,
};

/* What stands behind the name of the archive or directory; empty: it is that itself. */
static struct ir_str below(const struct ir_import *im, const char *path)
{
    struct ir_str s = ir_str_skip(ir_str_z(path), strlen(im->o.source));
    while (s.n > 0 && (s.p[0] == '/' || s.p[0] == '!'))
        s = ir_str_skip(s, 1);
    while (ir_str_starts(s, IR_S("./")))
        s = ir_str_skip(s, 2);
    return s;
}

/* "." and ".." are no names. */
static bool is_hidden(struct ir_str path)
{
    while (path.p != NULL) {
        const struct ir_str part = ir_str_cut(&path, '/');
        if (ir_str_starts(part, IR_S(".")) && !ir_str_eq(part, IR_S(".")) &&
            !ir_str_eq(part, IR_S("..")))
            return true;
    }
    return false;
}

static struct ir_str last_part(struct ir_str path)
{
    const size_t slash = ir_str_rchr(path, '/');
    return slash == IR_NPOS ? path : ir_str_skip(path, slash + 1);
}

static bool is_licence(struct ir_str name)
{
    const struct ir_str last = last_part(name);
    return ir_str_istarts(last, IR_S("LICENSE")) || ir_str_istarts(last, IR_S("LICENCE")) ||
           ir_str_istarts(last, IR_S("COPYING"));
}

static bool is_version_file(struct ir_str name)
{
    return ir_str_ieq(name, IR_S("version")) || ir_str_ieq(name, IR_S("version.txt")) ||
           ir_str_ieq(name, IR_S("sigma_version.txt"));
}

/* The archive's own digest, in one read. */
static int digest_source(struct ir_import *im, struct ir_err *err)
{
    struct ir_buf bytes = IR_BUF((size_t)1 << 30);
    struct stat st;
    int fd = ir_io_open(AT_FDCWD, im->o.source, 0), rc = IR_OK;
    if (fd < 0) return ir_fail(err, IR_BAD, "cannot be opened: %-s", ir_errno_text(-fd));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        rc = ir_fail(err, IR_BAD, "neither an archive nor a directory");
    else if (st.st_size >= (off_t)bytes.max)
        rc = ir_fail(err, IR_BAD, "larger than 1 GiB: no archive of rules");
    else if (!ir_buf_reserve(&bytes, (size_t)st.st_size + 1))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    ssize_t n = rc == IR_OK ? ir_io_read_full(fd, bytes.p, (size_t)st.st_size) : 0;
    if (n < 0) rc = ir_fail(err, IR_BAD, "cannot be read: %-s", ir_errno_text((int)-n));
    if (rc == IR_OK && !ir_ruleset_digest(ir_str_n(bytes.p, (size_t)n), im->r.set.archive_sha256))
        rc = ir_fail(err, IR_FATAL, "out of memory");
    close(fd);
    ir_buf_free(&bytes);
    return rc;
}

static int refuse_notes(struct ir_import *im, struct ir_err *err)
{
    for (size_t i = 0; i < ir_inputs_notes(im->in); i++) {
        const struct ir_input_note *n = ir_inputs_note(im->in, i);
        if (is_hidden(below(im, n->path))) continue;
        ir_err_at(err, n->path, -1, 0);
        return ir_fail(err, IR_BAD, "%s", n->reason);
    }
    return IR_OK;
}

static int open_source(struct ir_import *im, struct ir_err *err)
{
    const struct ir_unpack_options uo = {.fd = im->tmp_fd, .limits = &limits};
    int rc = im->archive ? digest_source(im, err) : IR_OK;
    if (rc == IR_OK) rc = ir_inputs_add(im->in, im->o.source, err);
    if (rc == IR_OK && im->archive && ir_inputs_unpack(im->in, &uo) != IR_OK)
        rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK && ir_inputs_finish(im->in) != IR_OK)
        rc = ir_fail(err, IR_FATAL, "out of memory");
    if (rc == IR_OK) rc = refuse_notes(im, err);
    const struct ir_input *first = ir_inputs_get(im->in, 0);
    if (rc == IR_OK && im->archive && first != NULL && below(im, first->path).n == 0)
        rc = ir_fail(err, IR_BAD,
                     "not an archive: to use a rule file, name it to ir scan with --rules");
    return rc;
}

/* DIR/manifest.json and DIR/rules: an earlier version, or the set of another workspace. */
static void as_set(struct ir_import *im)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    ir_buf_fmt(&im->from_path, "%s/manifest.json", im->o.source);
    if (!im->from_path.full && ir_rulefiles_read(im->from_path.p, &text, NULL) == IR_OK &&
        ir_ruleset_parse(ir_buf_view(&text), &im->from)) {
        ir_buf_clear(&im->from_path);
        ir_buf_fmt(&im->from_path, "%s/rules", im->o.source);
        im->o.source = im->from_path.p;
        if (im->o.name == NULL) im->o.name = im->from.name;
        if (im->o.version == NULL) im->o.version = im->from.version;
    }
    ir_buf_free(&text);
}

/* The one directory that all names begin with. */
static void find_top(struct ir_import *im)
{
    struct ir_str top = {NULL, 0};
    for (size_t i = 0; im->archive && i < ir_inputs_count(im->in); i++) {
        const struct ir_str name = below(im, ir_inputs_get(im->in, i)->path);
        const size_t slash = ir_str_chr(name, '/');
        if (is_hidden(name) && slash == IR_NPOS) continue;
        if (slash == IR_NPOS || slash >= sizeof im->top) return;
        if (top.p == NULL) top = ir_str_head(name, slash);
        if (!ir_str_eq(top, ir_str_head(name, slash))) return;
    }
    memcpy(im->top, top.p != NULL ? top.p : "", top.n);
    im->top[top.n] = '\0';
}

int ir_import_bytes(const struct ir_input *in, struct ir_buf *text, struct ir_err *err)
{
    ir_buf_clear(text);
    ir_err_at(err, in->path, -1, 0);
    if (!in->is_part) return ir_rulefiles_read(in->path, text, err);
    if (in->size < 0 || (size_t)in->size > IR_RULE_FILE_MAX)
        return ir_fail(err, IR_BAD, "larger than 4 MiB, no rule file");
    if (!ir_buf_reserve(text, (size_t)in->size + 1)) return ir_fail(err, IR_FATAL, "out of memory");
    const ssize_t n = ir_io_pread_full(in->fd, text->p, (size_t)in->size, in->fd_at);
    if (n < 0) return ir_fail(err, IR_BAD, "cannot be read: %-s", ir_errno_text((int)-n));
    text->n = (size_t)n;
    return IR_OK;
}

static int add_file(struct ir_import *im, const struct ir_input *in, struct ir_str name,
                    struct ir_err *err)
{
    struct stat st;
    ir_err_at(err, in->path, -1, 0);
    if (!ir_import_path_ok(name))
        return ir_fail(err, IR_BAD,
                       "a name that a rule set may not have: too long or deep, or with "
                       "characters that cannot be seen");
    if (!in->is_part && (lstat(in->path, &st) < 0 || !S_ISREG(st.st_mode)))
        return ir_fail(err, IR_BAD, "a symbolic link: put the file itself there");
    if (im->nfiles == im->capfiles) {
        const size_t cap = im->capfiles ? im->capfiles * 2 : 1024;
        struct ir_import_file *p = realloc(im->file, cap * sizeof *p);
        if (p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
        im->file = p;
        im->capfiles = cap;
    }
    const struct ir_str copy = ir_arena_dup(&im->texts, name);
    if (copy.p == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    im->file[im->nfiles++] =
        (struct ir_import_file){.name = copy, .in = in, .rules = ir_rulefiles_is_rules(name)};
    return IR_OK;
}

static int take(struct ir_import *im, const struct ir_input *in, struct ir_buf *text,
                struct ir_err *err)
{
    const struct ir_str whole = below(im, in->path);
    const size_t top = strlen(im->top);
    const struct ir_str name = top > 0 ? ir_str_skip(whole, top + 1) : whole;
    const bool wanted = !is_hidden(name) && (ir_rulefiles_is_rules(name) || is_licence(name));
    if (im->archive && wanted && ir_str_chr(name, '!') != IR_NPOS) {
        ir_err_at(err, in->path, -1, 0);
        return ir_fail(err, IR_BAD, "rules in an archive in the archive: unpack it first");
    }
    if (wanted) return add_file(im, in, name, err);
    if (is_version_file(name) && im->r.set.version[0] == '\0' &&
        ir_import_bytes(in, text, err) == IR_OK)
        ir_import_version_file(ir_buf_view(text), im->r.set.version);
    im->r.set.passed_over++;
    return IR_OK;
}

/* What the user says, then a version file, then the directory in the archive, then its own name. */
static int name_set(struct ir_import *im, struct ir_err *err)
{
    struct ir_ruleset *set = &im->r.set;
    char name[2][IR_RULESET_NAME_MAX + 1], version[2][65];
    char *real = im->archive ? NULL : realpath(im->o.source, NULL);
    ir_import_names(ir_str_z(im->top), name[0], version[0]);
    ir_import_names(ir_str_z(real != NULL ? real : im->o.source), name[1], version[1]);
    free(real);
    if (strcmp(name[0], "rules") == 0) name[0][0] = '\0'; /* says nothing */
    const char *picked = im->o.name != NULL ? im->o.name : name[name[0][0] == '\0'];
    if (!ir_ruleset_name_ok(ir_str_z(picked)))
        return ir_fail(err, IR_BAD,
                       "'%.80s' cannot be the name of a rule set: give one with --name, "
                       "of small letters, digits and . _ + -",
                       picked);
    memcpy(set->name, picked, strlen(picked) + 1);
    const char *v = set->version[0] != '\0' ? set->version : version[version[0][0] == '\0'];
    if (im->o.version != NULL) v = im->o.version;
    if (strlen(v) >= sizeof set->version)
        return ir_fail(err, IR_BAD, "the version is longer than 64 bytes");
    memmove(set->version, v, strlen(v) + 1);
    return IR_OK;
}

int ir_import_list(struct ir_import *im, struct ir_err *err)
{
    struct ir_buf text = IR_BUF(IR_RULE_FILE_MAX + 2);
    ir_err_at(err, im->o.source, -1, 0);
    if (!im->archive) as_set(im);
    int rc = open_source(im, err);
    if (rc == IR_OK) find_top(im);
    for (size_t i = 0; rc == IR_OK && i < ir_inputs_count(im->in); i++)
        rc = take(im, ir_inputs_get(im->in, i), &text, err);
    ir_buf_free(&text);
    if (rc != IR_OK) return rc;
    ir_err_at(err, im->o.source, -1, 0);
    return name_set(im, err);
}
