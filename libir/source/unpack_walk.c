/*
 * One archive's members into the temporary file. Every name, size and order is the archive's word:
 * names are shown, never opened; sizes are counted as they come out, never believed.
 */
#include "base/intl.h"
#include "base/utf8.h"
#include "source/unpack_int.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SHOWN 20u /* notes of a kind for one archive; the rest are counted */

enum tell {
    TELL_LINK,
    TELL_ODD,
    TELL_NAME,
    TELL_HEADER,
    TELL_TWICE,
    TELL_LOCKED,
    TELL_BROKEN,
    TELL_MAX
};

struct walk {
    struct ir_unpack *u;
    const struct ir_inputs_item *like;
    struct ir_archive *a;
    struct ir_members *m;
    struct ir_map names;
    struct ir_buf path;
    unsigned told[TELL_MAX];
};

static void stop(struct ir_unpack *u, const char *text)
{
    if (!u->stop) ir_list_note(u->in, u->root, IR_NOTE_DAMAGED, "%s", text);
    u->stop = true;
}

static bool disk_has_room(struct ir_unpack *u, uint64_t end)
{
    struct statvfs st;
    if (end < u->checked + u->step && u->checked > 0) return true;
    u->checked = end;
    if (fstatvfs(u->o->fd, &st) < 0 || st.f_blocks == 0) return true; /* memory tells nothing */
    return (uint64_t)st.f_bavail * st.f_frsize >= u->limit.keep_free + u->step;
}

/* What the members come from: of a pipe, what was read of it so far. */
static uint64_t root_size(const struct ir_unpack *u)
{
    struct stat st;
    if (u->root_size > 0 || u->root_fd < 0 || fstat(u->root_fd, &st) < 0) return u->root_size;
    return (uint64_t)st.st_size;
}

static bool within(struct ir_unpack *u, uint64_t end, uint64_t more)
{
    char text[200];
    if (end > u->limit.total) {
        stop(u, "the members of all archives together are larger than the limit: the rest of this "
                "one was not read");
    } else if (u->out + more > u->limit.ratio_after &&
               (u->out + more) / u->limit.ratio > root_size(u)) {
        snprintf(text, sizeof text,
                 N_("grows more than %u-fold, like a decompression bomb: reading stopped there"),
                 u->limit.ratio);
        stop(u, text);
    } else if (!disk_has_room(u, end)) {
        stop(u, "too little room on the disk of the temporary file (/var/tmp or /tmp): the rest of "
                "this archive was not read");
    }
    return !u->stop;
}

bool ir_unpack_store(struct ir_unpack *u, uint64_t base, uint64_t at, const char *p, size_t n)
{
    const uint64_t end = base + at + n; /* no overflow: at + n is within the member's limit */
    if (!within(u, end, n)) return false;
    for (size_t done = 0; p != NULL && done < n;) {
        ssize_t got = pwrite(u->o->fd, p + done, n - done, (off_t)(base + at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            char text[200];
            snprintf(text, sizeof text,
                     N_("the temporary file cannot be written (%-s): the rest of "
                        "this archive was not read"),
                     got < 0 ? ir_errno_text(errno) : N_("no room"));
            stop(u, text);
            return false;
        }
        done += (size_t)got;
    }
    if (end > u->used) u->used = end;
    u->out += n;
    return true;
}

/* Once for each member up to SHOWN; tell_rest says how many more there are. */
__attribute__((format(printf, 5, 6))) static void tell(struct walk *w, enum tell what,
                                                       enum ir_note_kind kind, const char *path,
                                                       const char *reason, ...)
{
    char text[400];
    va_list ap;
    if (w->told[what]++ >= SHOWN) return;
    va_start(ap, reason);
    vsnprintf(text, sizeof text, reason, ap);
    va_end(ap);
    ir_list_note(w->u->in, path, kind, "%s", text);
}

static void tell_rest(struct walk *w)
{
    static const struct {
        const char *what;
        enum ir_note_kind kind;
    } rest[TELL_MAX] = {
        [TELL_LINK] = {N_("links"), IR_NOTE_SKIPPED},
        [TELL_ODD] = {N_("devices and other things that are no files"), IR_NOTE_SKIPPED},
        [TELL_NAME] = {N_("names that lead out of the directory"), IR_NOTE_REMARK},
        [TELL_HEADER] = {N_("odd headers"), IR_NOTE_REMARK},
        [TELL_TWICE] = {N_("names that are there more than once"), IR_NOTE_REMARK},
        [TELL_LOCKED] = {N_("encrypted members that could not be read"), IR_NOTE_UNREADABLE},
        [TELL_BROKEN] = {N_("damaged members"), IR_NOTE_DAMAGED},
    };
    for (unsigned i = 0; i < TELL_MAX; i++)
        if (w->told[i] > SHOWN)
            ir_list_note(w->u->in, w->like->input.path, rest[i].kind, "and %u more %-s",
                         w->told[i] - SHOWN, rest[i].what);
}

/* "../x", "a/../../x", "/x", "\x", "C:x" */
static bool leads_out(struct ir_str name)
{
    if (name.n > 0 && (name.p[0] == '/' || name.p[0] == '\\')) return true;
    if (name.n > 1 && ir_isalpha(name.p[0]) && name.p[1] == ':') return true;
    for (size_t i = 0; i + 1 < name.n; i++)
        if (name.p[i] == '.' && name.p[i + 1] == '.' &&
            (i == 0 || name.p[i - 1] == '/' || name.p[i - 1] == '\\') &&
            (i + 2 == name.n || name.p[i + 2] == '/' || name.p[i + 2] == '\\'))
            return true;
    return false;
}

static void note_valid(void *user, const struct ir_mark *m, bool valid)
{
    (void)m;
    if (!valid) *(bool *)user = false;
}

/* Programs of Japanese Windows write names in Shift_JIS and do not say so. */
static void add_name(struct walk *w, struct ir_str name)
{
    static const enum ir_encoding tries[] = {IR_ENC_EUCJP, IR_ENC_CP932};
    const struct ir_charset *cs = w->u->in->charset;
    const size_t n = w->path.n;
    bool good = ir_utf8_valid(name);
    for (unsigned i = 0; !good && i < 2 && name.n < PATH_MAX; i++) {
        if (cs == NULL || !ir_charset_has(cs, tries[i])) continue;
        char text[3 * PATH_MAX + 4];
        struct ir_decoder d = {.cs = cs, .encoding = tries[i]};
        struct ir_decode_io io = {.raw = name.p,
                                  .nraw = name.n,
                                  .text = text,
                                  .ntext = sizeof text,
                                  .last = true,
                                  .run = note_valid,
                                  .user = &good};
        good = true;
        ir_decode(&d, &io);
        if (good) ir_buf_add(&w->path, text, sizeof text - io.ntext);
    }
    if (w->path.n == n) ir_buf_str(&w->path, name);
}

/* The member's path into w->path: one that no other member of this archive has. *ret_twice: it has
 * a number for that. False: memory. */
static bool make_path(struct walk *w, const struct ir_member *m, bool *ret_twice)
{
    struct ir_str name = m->name;
    bool fresh = false;
    while (ir_str_starts(name, IR_S("./")))
        name = ir_str_skip(name, 2);
    ir_buf_clear(&w->path);
    ir_buf_str(&w->path, ir_str_z(w->like->input.path));
    if (!m->whole) {
        ir_buf_chr(&w->path, '!');
        add_name(w, name);
    }
    *ret_twice = false;
    if (w->path.full || ir_map_put(&w->names, ir_buf_view(&w->path), &fresh) == NULL) return false;
    if (fresh) return true;
    *ret_twice = true;
    /* The name remembers its last number: an archive of one name, and of the names that we would
     * make of it, must not cost a search each time. */
    const uint32_t first = ir_map_find(&w->names, ir_buf_view(&w->path));
    const size_t n = w->path.n;
    uint32_t number = w->names.items[first].value;
    for (number = number < 2 ? 2 : number + 1; !fresh; number++) {
        w->path.n = n;
        ir_buf_fmt(&w->path, "#%u", number);
        if (w->path.full || ir_map_put(&w->names, ir_buf_view(&w->path), &fresh) == NULL)
            return false;
        w->names.items[first].value = number;
    }
    return true;
}

static struct ir_inputs_item *add(struct walk *w, const char *path)
{
    struct ir_members *m = w->m;
    if (m->n == m->cap) {
        const size_t cap = m->cap ? m->cap * 2 : 64;
        struct ir_inputs_item *v = realloc(m->v, cap * sizeof *v);
        if (v == NULL) return NULL;
        m->v = v;
        m->cap = cap;
    }
    const struct ir_str copy = ir_arena_dup(&w->u->in->text, ir_str_z(path));
    if (copy.p == NULL) return NULL;
    struct ir_inputs_item *it = &m->v[m->n++];
    *it = (struct ir_inputs_item){.dir_dev = w->like->dir_dev, .dir_ino = w->like->dir_ino};
    it->input = (struct ir_input){.path = copy.p,
                                  .mtime = w->like->input.mtime,
                                  .spool_fd = -1,
                                  .is_part = true,
                                  .fd = w->u->o->fd,
                                  .fd_at = w->u->used};
    return it;
}

/* Zeros that are not there cost no disk, but time when they are read. */
static int too_hollow(struct walk *w, uint64_t hole, struct ir_err *err)
{
    w->u->holes -= hole;
    return ir_fail(err, IR_BAD, "a sparse file with %llu empty bytes: it was read up to them",
                   (unsigned long long)hole);
}

/* The bytes of one member. *ret_size: how many there are. IR_OK: all of them; IR_FATAL: the archive
 * ends here; else damage of this member. */
static int store(struct walk *w, uint64_t base, uint64_t *ret_size, struct ir_err *err)
{
    struct ir_archive_part part;
    int rc, worst = IR_OK;
    while ((rc = ir_archive_data(w->a, &part, err)) == IR_OK || rc == IR_WARN) {
        if (rc == IR_WARN) worst = rc;
        if (part.n > w->u->limit.member || part.at > w->u->limit.member - part.n)
            return ir_fail(err, IR_BAD,
                           "larger than the limit for a member: the rest of it was not "
                           "read");
        const uint64_t hole = part.at > *ret_size ? part.at - *ret_size : 0;
        if ((w->u->holes += hole) > w->u->limit.holes) return too_hollow(w, hole, err);
        if (!ir_unpack_store(w->u, base, part.at, part.p, part.n)) return IR_FATAL;
        if (part.at + part.n > *ret_size) *ret_size = part.at + part.n;
    }
    if (rc != IR_END) return rc;
    if (part.at > *ret_size && part.at <= w->u->limit.member) { /* ends in a hole */
        const uint64_t hole = part.at - *ret_size;
        if ((w->u->holes += hole) > w->u->limit.holes) return too_hollow(w, hole, err);
        if (!ir_unpack_store(w->u, base, part.at - 1, "", 1)) return IR_FATAL;
        *ret_size = part.at;
    }
    return worst;
}

/* Where the member's own name begins in its path. */
static uint32_t name_at(const struct walk *w, const char *path)
{
    const size_t dir = strlen(w->like->input.path) + 1;
    const char *slash = strrchr(path + dir, '/');
    return (uint32_t)(slash != NULL ? (size_t)(slash - path) + 1 : dir);
}

static void tell_failure(struct walk *w, const char *path, bool some, const char *why)
{
    if (!ir_archive_encrypted(w->a)) {
        tell(w, TELL_BROKEN, IR_NOTE_DAMAGED, path,
             some ? N_("damaged: %-.200s") : N_("cannot be read: %-.200s"), why);
        return;
    }
    const bool word = ir_str_ifind(ir_str_z(why), IR_S("passphrase")) != IR_NPOS;
    tell(w, TELL_LOCKED, IR_NOTE_UNREADABLE, path, "encrypted: %-.150s (%-s)", why,
         word ? N_("passwords to try come from --password-file or --ask-password")
              : N_("unpack it by the program that made it"));
}

static int take_file(struct walk *w, const struct ir_member *m, struct ir_err *err)
{
    uint64_t size = 0;
    struct ir_inputs_item *it = add(w, w->path.p);
    if (it == NULL) {
        w->u->in->out_of_memory = true;
        return IR_FATAL;
    }
    const char *path = it->input.path;
    it->name_at = m->whole ? w->like->name_at : name_at(w, path);
    if (m->mtime != INT64_MIN) it->input.mtime = m->mtime;
    int rc = store(w, it->input.fd_at, &size, err);
    it->input.size = (int64_t)size;
    if (rc == IR_OK) return rc;
    it->input.damaged = true;
    if (!w->u->stop) tell_failure(w, path, size > 0, err->msg);
    if (size == 0) w->m->n--; /* nothing is there to be read */
    return rc == IR_FATAL ? IR_FATAL : IR_OK;
}

static int take(struct walk *w, const struct ir_member *m, struct ir_err *err)
{
    bool twice = false;
    if (++w->u->members > w->u->limit.members) {
        stop(w->u, "has more members than the limit: the rest was not read");
        return IR_FATAL;
    }
    if (m->type == IR_MEMBER_DIR) return IR_OK;
    if (!make_path(w, m, &twice)) {
        w->u->in->out_of_memory = true;
        return IR_FATAL;
    }
    const char *path = w->path.p;
    if (leads_out(m->name))
        tell(w, TELL_NAME, IR_NOTE_REMARK, path,
             "a name that leads out of the directory where it is unpacked");
    if (m->type == IR_MEMBER_SYMLINK)
        tell(w, TELL_LINK, IR_NOTE_SKIPPED, path, "a symbolic link to %.200s", m->link);
    else if (m->type == IR_MEMBER_LINK)
        tell(w, TELL_LINK, IR_NOTE_SKIPPED, path, "a hard link to %.200s", m->link);
    else if (m->type == IR_MEMBER_ODD)
        tell(w, TELL_ODD, IR_NOTE_SKIPPED, path, "%s", m->odd);
    if (m->type != IR_MEMBER_FILE) return IR_OK;
    if (twice)
        tell(w, TELL_TWICE, IR_NOTE_REMARK, path, "the archive has this name more than once");
    return take_file(w, m, err);
}

/* The archive ended where it should not have. */
static void cut_short(struct walk *w, const struct ir_err *err)
{
    const char *path = w->like->input.path;
    const bool locked = ir_archive_encrypted(w->a);
    if (w->u->stop || w->u->in->out_of_memory) return;
    const char *format = ir_archive_format(w->a);
    if (w->m->n == 0) {
        ir_list_note(w->u->in, path, IR_NOTE_UNREADABLE,
                     locked ? N_("%s archive, encrypted: %-.200s")
                            : N_("%s archive, damaged: %-.200s"),
                     format, err->msg);
        return;
    }
    ir_list_note(w->u->in, path, locked ? IR_NOTE_UNREADABLE : IR_NOTE_DAMAGED,
                 locked ? N_("%s archive, encrypted behind %.200s: %-.200s")
                        : N_("%s archive, damaged behind %.200s: %-.200s"),
                 format, w->m->v[w->m->n - 1].input.path, err->msg);
}

/* A header that makes no member; others follow. */
static int unusable(struct walk *w, const struct ir_err *err)
{
    tell(w, TELL_BROKEN, IR_NOTE_DAMAGED, w->like->input.path,
         "a member that cannot be read: %-.200s", err->msg);
    if (++w->u->members <= w->u->limit.members) return IR_OK;
    stop(w->u, "has more members than the limit: the rest was not read");
    return IR_FATAL;
}

int ir_unpack_walk(struct ir_unpack *u, const struct ir_inputs_item *like, struct ir_archive *a,
                   bool guess, struct ir_members *ret_m)
{
    struct walk w = {.u = u, .like = like, .a = a, .m = ret_m, .path = IR_BUF(1 << 20)};
    struct ir_member m;
    struct ir_err err = {.offset = -1};
    unsigned taken = 0;
    int rc;
    while ((rc = ir_archive_next(a, &m, &err)) == IR_OK || rc == IR_WARN || rc == IR_BAD) {
        taken++;
        if (rc == IR_BAD) {
            rc = unusable(&w, &err);
            if (rc == IR_FATAL) break;
            continue;
        }
        const bool odd = rc == IR_WARN;
        rc = take(&w, &m, &err);
        if (odd && w.path.n > 0)
            tell(&w, TELL_HEADER, IR_NOTE_REMARK, w.path.p, "its header is odd: %-.200s", err.msg);
        if (rc == IR_FATAL) break;
    }
    const bool none = rc == IR_FATAL && taken == 0 && guess;
    const char *damage = ir_archive_source_damage(a);
    if (rc == IR_FATAL && !none) {
        if (taken > 0 || err.msg[0] != '\0') cut_short(&w, &err);
    } else if (rc == IR_END && damage != NULL) {
        ir_list_note(u->in, like->input.path, IR_NOTE_DAMAGED, "%.400s", damage);
    } else if (rc == IR_END && ir_archive_whole(a, taken, &err) != IR_OK) {
        ir_list_note(u->in, like->input.path, IR_NOTE_DAMAGED, "%s archive, not whole: %-.200s",
                     ir_archive_format(a), err.msg);
    } else if (rc == IR_END && w.names.n == 0) {
        ir_list_note(u->in, like->input.path, IR_NOTE_REMARK, "an archive without a file");
    }
    tell_rest(&w);
    ir_map_free(&w.names);
    ir_buf_free(&w.path);
    return none ? IR_BAD : IR_OK;
}
