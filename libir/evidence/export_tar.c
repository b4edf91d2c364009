/*
 * A sealed exhibit as a tar archive in the pax interchange format, through libarchive. Owner, times
 * and modes of all entries are the same, so that each copy of an exhibit gives the same archive;
 * those of the collected files stand in meta/files.jsonl. Holes stay holes.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/export.h"

struct tar {
    struct archive *a;
    struct archive_entry *e;
    struct ir_outlet *out;
    const char *item;
    int64_t when;
    bool deaf; /* what libarchive still writes goes nowhere */
};

/* libarchive forgets its buffers after an error of ours, so it never learns of one. */
static la_ssize_t on_bytes(struct archive *a, void *user, const void *p, size_t n)
{
    struct tar *t = user;
    (void)a;
    if (!t->deaf && !ir_outlet_put(t->out, p, n)) t->deaf = true;
    return (la_ssize_t)n;
}

static int refused(struct tar *t, struct ir_err *err)
{
    const char *why = t->deaf ? ir_errno_text(-t->out->rc) : archive_error_string(t->a);
    return ir_fail(err, IR_FATAL, "cannot be archived: %s", why != NULL ? why : "out of memory");
}

static int entry(struct tar *t, const char *path, mode_t type, mode_t mode, int64_t size,
                 struct ir_err *err)
{
    char name[8500];
    snprintf(name, sizeof name, "%s/%s", t->item, path);
    archive_entry_clear(t->e);
    archive_entry_set_pathname(t->e, name);
    archive_entry_set_filetype(t->e, type);
    archive_entry_set_perm(t->e, mode);
    archive_entry_set_size(t->e, size);
    archive_entry_set_mtime(t->e, (time_t)t->when, 0);
    archive_entry_set_uid(t->e, 0);
    archive_entry_set_gid(t->e, 0);
    return t->e != NULL ? IR_OK : refused(t, err);
}

/* The areas that hold data. Where the medium knows no holes all is data, and none is noted. */
static void holes(struct tar *t, int fd, const struct stat *st)
{
    off_t at = 0, to;
    if ((uint64_t)st->st_blocks * 512 >= (uint64_t)st->st_size) return;
    while (at < st->st_size && (at = lseek(fd, at, SEEK_DATA)) >= 0) {
        to = lseek(fd, at, SEEK_HOLE);
        if (to <= at) break;
        if (at == 0 && to >= st->st_size) break;
        archive_entry_sparse_add_entry(t->e, at, to - at);
        at = to;
    }
    if (archive_entry_sparse_count(t->e) == 0 && at < 0)
        archive_entry_sparse_add_entry(t->e, st->st_size, 0); /* nothing but a hole */
    if (lseek(fd, 0, SEEK_SET) < 0) errno = 0;
}

static int on_begin(void *user, const char *path, int fd, const struct stat *st, struct ir_err *err)
{
    struct tar *t = user;
    int rc = entry(t, path, AE_IFREG, 0444, st->st_size, err);
    if (rc != IR_OK) return rc;
    holes(t, fd, st);
    return archive_write_header(t->a, t->e) >= ARCHIVE_WARN && !t->deaf ? IR_OK : refused(t, err);
}

static int on_data(void *user, const void *p, size_t n, struct ir_err *err)
{
    struct tar *t = user;
    /* a file that grew since: the rest is not taken, and its digest is another */
    return archive_write_data(t->a, p, n) >= 0 && !t->deaf ? IR_OK : refused(t, err);
}

/* An empty data/ is part of a bag, and tar would not make it. */
static int directories(struct tar *t, struct ir_err *err)
{
    static const char *const all[] = {"", "data/"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int rc = entry(t, all[i], AE_IFDIR, 0755, 0, err);
        if (rc == IR_OK && archive_write_header(t->a, t->e) < ARCHIVE_WARN) rc = refused(t, err);
        if (rc == IR_OK && t->deaf) rc = refused(t, err);
        if (rc != IR_OK) return rc;
    }
    return IR_OK;
}

static int write_all(int case_fd, const char *item, const char *seal, int64_t when,
                     struct ir_outlet *out, struct ir_carry_totals *ret_t, struct ir_err *err)
{
    struct tar t = {
        .a = archive_write_new(), .e = archive_entry_new(), .out = out, .item = item, .when = when};
    const struct ir_carry_sink sink = {.begin = on_begin, .data = on_data, .user = &t};
    const struct ir_carry_job job = {
        .case_fd = case_fd, .item = item, .seal = seal, .to_fd = -1, .sink = &sink};
    int rc = IR_OK;
    if (t.a == NULL || t.e == NULL)
        rc = ir_fail(err, IR_FATAL, "out of memory");
    else if (archive_write_set_format_pax(t.a) != ARCHIVE_OK ||
             archive_write_open(t.a, &t, NULL, on_bytes, NULL) != ARCHIVE_OK)
        rc = refused(&t, err);
    if (rc == IR_OK) rc = directories(&t, err);
    if (rc == IR_OK) rc = ir_carry(&job, ret_t, err);
    const bool whole = rc == IR_OK;
    t.deaf |= !whole; /* no end is written */
    if (t.a != NULL && (archive_write_close(t.a) != ARCHIVE_OK || t.deaf) && whole)
        rc = refused(&t, err);
    archive_entry_free(t.e);
    archive_write_free(t.a);
    return rc;
}

/* libarchive marks a name that it cannot take for UTF-8 (hdrcharset), at which GNU tar grumbles; in
 * the C locale that is each name which is not ASCII. */
int ir_export_tar(int case_fd, const char *item, const char *seal, int64_t when,
                  struct ir_outlet *out, struct ir_carry_totals *ret_t, struct ir_err *err)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
    int rc = write_all(case_fd, item, seal, when, out, ret_t, err);
    if (before != (locale_t)0) uselocale(before);
    if (utf8 != (locale_t)0) freelocale(utf8);
    return rc;
}
