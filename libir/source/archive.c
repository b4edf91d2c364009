/*
 * libarchive's read side behind archive.h. Only the parser whose magic was seen is switched on, and
 * never a filter that would start a program. Names come as UTF-8 where the format has a character
 * set, so a UTF-8 locale is put on this thread while libarchive runs; the process has none.
 */
#include "source/archive.h"

#include "base/intl.h"
#include "source/archive_int.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define BUFFER ((size_t)256 << 10)
/* Headers that are no members, and empty parts, in a row: a parser that walks in circles. */
#define IDLE_MAX 10000u

struct ir_archive {
    struct archive *a;
    struct ir_archive_source src;
    char *buf;
    uint64_t pos; /* in the source */
    bool ended;   /* no more bytes from a stream */
    bool damaged; /* as source_err says */
    struct ir_err source_err;
    locale_t utf8, before;
};

/* What follows damage does not continue what stood before it. */
static void ended(struct ir_archive *x, int rc)
{
    x->ended = rc != IR_OK;
    x->damaged = rc < 0;
}

static la_ssize_t on_read(struct archive *a, void *user, const void **ret_p)
{
    struct ir_archive *x = user;
    struct ir_archive_source *src = &x->src;
    size_t n = 0;
    (void)a;
    *ret_p = x->buf;
    if (ir_reader_seekable(src->r)) {
        int rc = ir_reader_pread(src->r, x->buf, BUFFER, x->pos, &n);
        if (rc == IR_FATAL) return ARCHIVE_FATAL;
    } else if (x->pos == 0 && src->b != NULL) {
        struct ir_str head = {NULL, 0};
        ir_blocks_peek(src->b, &head, NULL);
        *ret_p = head.p;
        n = head.n;
        ended(x, ir_blocks_pending(src->b, &x->source_err));
    } else if (!x->ended) {
        int rc = ir_reader_read(src->r, x->buf, BUFFER, &n, &x->source_err);
        ended(x, rc);
    }
    x->pos += n;
    return (la_ssize_t)n;
}

static la_int64_t on_skip(struct archive *a, void *user, la_int64_t request)
{
    struct ir_archive *x = user;
    (void)a;
    if (!ir_reader_seekable(x->src.r) || request <= 0) return 0;
    const uint64_t left = ir_reader_size(x->src.r) - x->pos;
    const uint64_t n = (uint64_t)request < left ? (uint64_t)request : left;
    x->pos += n;
    return (la_int64_t)n;
}

static la_int64_t on_seek(struct archive *a, void *user, la_int64_t offset, int whence)
{
    struct ir_archive *x = user;
    const la_int64_t size = (la_int64_t)ir_reader_size(x->src.r);
    const la_int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (la_int64_t)x->pos : size;
    la_int64_t to;
    (void)a;
    if (__builtin_add_overflow(from, offset, &to) || to < 0) return ARCHIVE_FATAL;
    x->pos = (uint64_t)(to < size ? to : size);
    return (la_int64_t)x->pos;
}

static void support(struct archive *a, unsigned kind)
{
    const bool any = kind & IR_ARCHIVE_PACKED;
    if (any) {
        archive_read_support_filter_compress(a);
        archive_read_support_filter_lzma(a);
        archive_read_support_filter_lzip(a);
        archive_read_support_filter_lz4(a);
        archive_read_support_filter_uu(a);
        archive_read_support_filter_gzip(a); /* these four inside uuencode only */
        archive_read_support_filter_bzip2(a);
        archive_read_support_filter_xz(a);
        archive_read_support_filter_zstd(a);
        archive_read_support_format_raw(a);
        if (kind & IR_ARCHIVE_RAW) return;
    }
    if (any || kind & IR_ARCHIVE_TAR) archive_read_support_format_tar(a);
    if (any || kind & IR_ARCHIVE_CPIO) archive_read_support_format_cpio(a);
    if (any || kind & IR_ARCHIVE_AR) archive_read_support_format_ar(a);
    if (any) archive_read_support_format_zip_streamable(a);
    if (kind & IR_ARCHIVE_ZIP) archive_read_support_format_zip(a);
    if (kind & IR_ARCHIVE_7Z) archive_read_support_format_7zip(a);
    if (any || kind & IR_ARCHIVE_RAR) {
        archive_read_support_format_rar(a);
        archive_read_support_format_rar5(a);
    }
    if (any || kind & IR_ARCHIVE_ISO) archive_read_support_format_iso9660(a);
    if (any || kind & IR_ARCHIVE_CAB) archive_read_support_format_cab(a);
    if (any || kind & IR_ARCHIVE_LHA) archive_read_support_format_lha(a);
    /* tar files that were joined; and resource forks are files like others */
    archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
    archive_read_set_format_option(a, "tar", "mac-ext", NULL);
    archive_read_set_format_option(a, "zip", "mac-ext", NULL);
}

static int failed(struct ir_archive *x, int code, struct ir_err *err)
{
    const char *why = archive_error_string(x->a);
    if (x->damaged && code == IR_FATAL) why = x->source_err.msg;
    if (why == NULL && archive_errno(x->a) == ENOMEM) why = "out of memory";
    if (why == NULL) why = N_("the archive is damaged");
    return ir_fail(err, code, "%.*s", (int)strcspn(why, "\n"), why);
}

static int setup(struct ir_archive *x, struct ir_err *err)
{
    x->a = archive_read_new();
    x->buf = malloc(BUFFER);
    if (x->a == NULL || x->buf == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    support(x->a, x->src.kind);
    for (const char *const *k = x->src.keys; k != NULL && *k != NULL; k++)
        if (**k != '\0') archive_read_add_passphrase(x->a, *k);
    archive_read_set_callback_data(x->a, x);
    archive_read_set_read_callback(x->a, on_read);
    archive_read_set_skip_callback(x->a, on_skip);
    if (ir_reader_seekable(x->src.r)) archive_read_set_seek_callback(x->a, on_seek);
    return archive_read_open1(x->a) == ARCHIVE_OK ? IR_OK : failed(x, IR_FATAL, err);
}

/* The thread's locale is exchanged only while libarchive runs. */
static void enter(struct ir_archive *x)
{
    x->before = x->utf8 != (locale_t)0 ? uselocale(x->utf8) : (locale_t)0;
}

static void leave(struct ir_archive *x)
{
    if (x->before != (locale_t)0) uselocale(x->before);
}

int ir_archive_open(const struct ir_archive_source *src, struct ir_archive **ret_a,
                    struct ir_err *err)
{
    struct ir_archive *x = calloc(1, sizeof *x);
    if (x == NULL) return ir_fail(err, IR_FATAL, "out of memory");
    x->src = *src;
    x->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    enter(x);
    int rc = setup(x, err);
    leave(x);
    if (rc == IR_OK)
        *ret_a = x;
    else
        ir_archive_close(x);
    return rc;
}

static void fill_type(struct archive_entry *e, struct ir_member *m)
{
    const mode_t type = archive_entry_filetype(e) & S_IFMT;
    const bool data = archive_entry_size_is_set(e) && archive_entry_size(e) > 0;
    m->link = archive_entry_hardlink(e);
    m->type = IR_MEMBER_FILE;
    if (m->link != NULL) {
        if (!data) m->type = IR_MEMBER_LINK;
    } else if (type == S_IFLNK) {
        m->link = archive_entry_symlink(e);
        m->type = IR_MEMBER_SYMLINK;
    } else if (type == S_IFDIR) {
        m->type = IR_MEMBER_DIR;
    } else if (type != S_IFREG && type != 0) {
        m->type = IR_MEMBER_ODD;
        m->odd = type == S_IFIFO ? "a FIFO" : type == S_IFSOCK ? "a socket" : "a device";
    }
}

static int64_t mtime_of(struct archive_entry *e)
{
    return archive_entry_mtime_is_set(e) ? ir_input_time(archive_entry_mtime(e), 0) : INT64_MIN;
}

static int next(struct ir_archive *x, struct ir_member *ret_m, struct ir_err *err)
{
    struct archive_entry *e = NULL;
    for (unsigned idle = 0; idle < IDLE_MAX; idle++) {
        int rc = archive_read_next_header(x->a, &e);
        if (rc == ARCHIVE_RETRY) continue;
        if (rc == ARCHIVE_EOF) return IR_END;
        if (rc == ARCHIVE_FAILED) return failed(x, IR_BAD, err);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) return failed(x, IR_FATAL, err);
        const char *name = archive_entry_pathname(e);
        if (name == NULL) name = archive_entry_pathname_utf8(e);
        *ret_m = (struct ir_member){.name = ir_str_z(name != NULL ? name : ""),
                                    .mtime = mtime_of(e),
                                    .whole = archive_format(x->a) == ARCHIVE_FORMAT_RAW};
        fill_type(e, ret_m);
        return rc == ARCHIVE_OK ? IR_OK : failed(x, IR_WARN, err);
    }
    return ir_fail(err, IR_FATAL, "the archive leads nowhere");
}

int ir_archive_next(struct ir_archive *a, struct ir_member *ret_m, struct ir_err *err)
{
    enter(a);
    int rc = next(a, ret_m, err);
    leave(a);
    return rc;
}

static int data(struct ir_archive *x, struct ir_archive_part *part, struct ir_err *err)
{
    const void *p = NULL;
    la_int64_t at = 0;
    for (unsigned idle = 0; idle < IDLE_MAX; idle++) {
        size_t n = 0;
        int rc = archive_read_data_block(x->a, &p, &n, &at);
        *part = (struct ir_archive_part){p, n, at > 0 ? (uint64_t)at : 0};
        if (rc == ARCHIVE_EOF) return IR_END;
        if (rc == ARCHIVE_WARN) return failed(x, IR_WARN, err);
        if (rc == ARCHIVE_RETRY || (rc == ARCHIVE_OK && n == 0)) continue;
        if (rc == ARCHIVE_OK)
            return at < 0 ? ir_fail(err, IR_BAD, "a part before its start") : IR_OK;
        return failed(x, rc == ARCHIVE_FATAL ? IR_FATAL : IR_BAD, err);
    }
    return ir_fail(err, IR_FATAL, "the archive leads nowhere");
}

int ir_archive_data(struct ir_archive *a, struct ir_archive_part *ret_part, struct ir_err *err)
{
    enter(a);
    int rc = data(a, ret_part, err);
    leave(a);
    return rc;
}

bool ir_archive_encrypted(struct ir_archive *a)
{
    const char *why = archive_error_string(a->a);
    if (why == NULL) return false;
    const struct ir_str s = ir_str_z(why);
    return ir_str_ifind(s, IR_S("encrypt")) != IR_NPOS ||
           ir_str_ifind(s, IR_S("crypto")) != IR_NPOS ||
           ir_str_ifind(s, IR_S("passphrase")) != IR_NPOS ||
           ir_str_ifind(s, IR_S("decrypt")) != IR_NPOS;
}

const char *ir_archive_source_damage(const struct ir_archive *a)
{
    return a->damaged ? a->source_err.msg : NULL;
}

int ir_archive_whole(struct ir_archive *a, uint64_t members, struct ir_err *err)
{
    const unsigned kind = a->src.kind;
    if (archive_format(a->a) != ARCHIVE_FORMAT_ZIP || kind & IR_ARCHIVE_PACKED ||
        !ir_reader_seekable(a->src.r))
        return IR_OK;
    return ir_zip_check(a->src.r, !(kind & IR_ARCHIVE_GUESS), members, err);
}

uint64_t ir_archive_taken(const struct ir_archive *a)
{
    return a->pos;
}

const char *ir_archive_format(struct ir_archive *a)
{
    const char *name = archive_format_name(a->a);
    return name != NULL ? name : "archive";
}

void ir_archive_close(struct ir_archive *a)
{
    if (a == NULL) return;
    if (a->a != NULL) archive_read_free(a->a);
    if (a->utf8 != (locale_t)0) freelocale(a->utf8);
    free(a->buf);
    free(a);
}
